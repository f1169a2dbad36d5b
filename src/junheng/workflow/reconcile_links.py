"""Which lines of two lists of persons are the same, for a roster that compares by a match rule; what somebody decided holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from junheng.coverage import LINKS, Roster, Side
from junheng.errors import Finding
from junheng.matching import Links, MatchRule, Normal, link, match_rule, normalise, shipped_model
from junheng.matching.model import Model
from junheng.workflow.reconcile_reading import ROW

Directory = dict[str, tuple[str, ...]]
Decisions = Callable[[pl.DataFrame], pl.DataFrame | None]  # pairs with left_id and right_id -> what was decided of them
_SEPARATOR = "\x1f"
_KEPT = ("outcome", "left_id", "right_id", "because")
QUESTIONS = {name: pl.Int64() for name in (ROW, "source", "did_row")} | {name: pl.String() for name in _KEPT[1:]}


@dataclass(frozen=True, slots=True)
class PersonLinks:
    """Pairs as `reconcile` takes them, those that a person must decide, the key of each should line, and what was found in the lists."""

    pairs: pl.DataFrame
    questions: pl.DataFrame  # row, source, did_row, left_id, right_id, because: of the pairs that are asked about
    identities: pl.Series
    findings: tuple[Finding, ...]


def person_links(should: Side, did: Sequence[Side], roster: Roster, decisions: Decisions) -> PersonLinks:
    """Return which did lines are which should lines, by the weights that ship: small lists are not enough to train on."""
    rule = match_rule(roster.rule)
    model = shipped_model(rule)
    assert model is not None  # a rule ships with its model: tests/matching looks at each
    findings: list[Finding] = []
    people = _People(should, rule, findings)
    pairs, questions = [people.shared_numbers()], [pl.DataFrame(schema=QUESTIONS)]
    for at, side in enumerate(did):
        others = _People(side, rule, findings)
        met = _met(people, others, rule, model, decisions, register=roster.register, again=roster.once is not None)
        met = met.with_columns(pl.lit(at, pl.Int64).alias("source"))
        pairs.append(met.select(list(LINKS)))
        questions.append(met.filter(pl.col("outcome") == "ask").select(list(QUESTIONS)))
    return PersonLinks(pl.concat(pairs), pl.concat(questions), people.identities, tuple(findings))


class _People:
    """The persons of a side: each once, with the rows on which he stands."""

    def __init__(self, side: Side, rule: MatchRule, findings: list[Finding]) -> None:
        names = [column.name for column in rule.columns if column.name in side.frame.columns]
        raw = side.frame.select(pl.col(name).cast(pl.String) for name in names)
        self.normal = normalise(raw, rule, place=side.place)
        findings += self.normal.findings
        told = self.normal.frame.select(
            ROW, pl.concat_str([pl.col(name).fill_null("") for name in rule.identity], separator=_SEPARATOR).alias("who")
        )
        self.rows = side.frame.select(pl.col(ROW).cast(pl.Int64)).join(told.with_columns(pl.col(ROW).cast(pl.Int64)), on=ROW, how="left")
        self.identities = self.rows["who"]
        first = self.rows.drop_nulls("who").group_by("who", maintain_order=True).agg(pl.col(ROW).first().alias("first"))
        self.rows = self.rows.join(first, on="who", how="left", maintain_order="left")
        self.once = _kept(self.normal, first["first"])

    def shared_numbers(self) -> pl.DataFrame:
        """Return the rows whose ID number stands with another name too, as pairs that are asked about: nothing is concluded of them."""
        frame = self.normal.frame
        if "id_number" not in frame.columns:
            return pl.DataFrame(schema=LINKS)
        shared = frame.filter(pl.col("id_number").is_not_null() & (pl.col("name").n_unique().over("id_number") > 1))
        asked = shared.select(pl.col(ROW).cast(pl.Int64), source=pl.lit(0, pl.Int64), did_row=pl.lit(-1, pl.Int64), outcome=pl.lit("ask"))
        return asked.select(list(LINKS))

    def spread(self, pairs: pl.DataFrame, side: str, row: str) -> pl.DataFrame:
        """Return pairs with every row on which the person of a pair stands."""
        rows = self.rows.select(pl.col("first").alias(side), pl.col(ROW).alias(row))
        return pairs.join(rows, on=side, how="inner", maintain_order="left")


def _kept(normal: Normal, rows: pl.Series) -> Normal:
    frame = normal.frame.filter(pl.col(ROW).cast(pl.Int64).is_in(rows.implode()))
    return replace(normal, frame=frame)


def _met(
    people: _People, others: _People, rule: MatchRule, model: Model, decisions: Decisions, *, register: str, again: bool
) -> pl.DataFrame:
    pairs = _linked(people.once, others.once, rule, model, decisions, register)
    if again:  # who stands twice, spelt in two ways, is met by the second line too
        taken = pairs.filter(pl.col("outcome") != "different")["other"]
        left = others.once.frame.filter(~pl.col(ROW).cast(pl.Int64).is_in(taken.implode()))
        if left.height and taken.len():
            second = _linked(people.once, replace(others.once, frame=left), rule, model, decisions, register)
            pairs = pl.concat([pairs, second.filter(pl.col("outcome") != "different")])
    return others.spread(people.spread(pairs, "one", ROW), "other", "did_row")


def _linked(one: Normal, other: Normal, rule: MatchRule, model: Model, decisions: Decisions, register: str) -> pl.DataFrame:
    left, right = (one, other) if register == "should" else (other, one)
    found: Links = link(left, right, rule, model)
    decided = decisions(found.pairs)
    if decided is not None and decided.height:
        found = link(left, right, rule, model, decisions=decided)
    names = {"left": "one", "right": "other"} if register == "should" else {"left": "other", "right": "one"}
    columns = [pl.col(name).cast(pl.Int64).alias(to) for name, to in names.items()]
    return found.pairs.select(*columns, *_KEPT).select("one", "other", *_KEPT)
