"""Should minus did: where each line stands, what was done twice or for nobody on the list. What cannot be told is not missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from junheng.coverage.condition import meets
from junheng.coverage.owed import amounts_due, times_done
from junheng.coverage.roster import COVERED, OPEN, STANDINGS, Roster, Source
from junheng.documents import finding
from junheng.errors import Finding, Place

ROW, KEY = "row", "line"
Number = Mapping[tuple[str, str], float]  # standards by name and case, resolved beforehand
RESERVED = frozenset(
    ("row", "line", "standing", "times", "amount", "wanted", "due", "paid", "reason", "proof", "lines", "proven", "by_source", "by_row")
)
_SEPARATOR = "\x1f"
LINKS = {"row": pl.Int64(), "source": pl.Int64(), "did_row": pl.Int64(), "outcome": pl.String()}
EXCUSED = {KEY: pl.String(), "reason": pl.String(), "until": pl.Date()}


@dataclass(frozen=True, slots=True)
class Side:
    """The lines of one source. frame: `row` (0-based, unique) and its columns; numbers: of each row its number in the file."""

    frame: pl.DataFrame
    place: Place
    numbers: tuple[int, ...] = ()

    def number(self, row: int) -> int:
        """Return the number of a row as the user's program shows it."""
        return self.numbers[row] if row < len(self.numbers) else row + 1


@dataclass(frozen=True, slots=True)
class Counts:
    """How many lines stand how. should = the sum of all standings."""

    should: int
    missing: int
    short: int
    untold: int
    undecided: int
    excused: int
    claimed: int
    verified: int
    doubled: int
    wrong: int
    over: int

    @property
    def open(self) -> int:
        """Return how many lines somebody must act on."""
        return self.missing + self.short

    @property
    def exceptions(self) -> int:
        """Return how many lines keep anybody from saying that all are covered; what is only said, and what is excused, are such."""
        return self.open + self.untold + self.undecided + self.excused + self.claimed + self.doubled + self.wrong + self.over


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of it.

    lines: row, line (its key), standing, times, amount, wanted, due, paid, reason, by_source and by_row (the did line that shows it, null
    for none), of_group, of_school and the columns that the rule shows.
    doubled: row, source, did_row of what was done once too often. wrong: source, did_row, why (an outside id, or ""), paid.
    appeared, closed: keys of lines that are open and were not, or were and are not, since the run before.
    """

    roster: Roster
    day: date
    lines: pl.DataFrame
    doubled: pl.DataFrame
    wrong: pl.DataFrame
    counts: Counts
    appeared: tuple[str, ...]
    closed: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Return whether the list of exceptions is empty: only then may a text say that all are covered."""
        return self.counts.should > 0 and self.counts.exceptions == 0

    def of(self, *standings: str) -> pl.DataFrame:
        """Return the lines with one of the standings."""
        return self.lines.filter(pl.col("standing").is_in(standings))


def keyed(keys: Sequence[str]) -> pl.Expr:
    """Return the key of each line, null where a part is missing."""
    parts = [pl.col(name).cast(pl.String) for name in keys]
    return pl.concat_str(parts, separator=_SEPARATOR, ignore_nulls=False) if parts else pl.lit(None, pl.String)


def reconcile(
    should: Side,
    did: Sequence[Side],
    roster: Roster,
    *,
    today: date,
    links: pl.DataFrame | None = None,
    identities: pl.Series | None = None,
    excused: pl.DataFrame | None = None,
    window: tuple[date, date] | None = None,
    numbers: Number | None = None,
    previous: Mapping[str, str] | None = None,
) -> Reconciliation:
    """Return where each line of `should` stands against the lines that were `did`.

    links: which lines are the same, where a match rule says so (LINKS); identities: the key of each should row then, null where it cannot
    be told; excused: EXCUSED; window: the period that counts; numbers: standards that the rule names; previous: standing by key.
    """
    whole = should.frame.with_columns(_line_keys(should.frame, roster, identities).alias(KEY))
    listed = whole.filter(meets(roster.should.where, today))
    sides = [_with_proof(side, source, today) for side, source in zip(did, roster.did, strict=True)]
    found = links if links is not None else _links(whole, sides, roster)
    listed, twice = _once_listed(listed, by_rule=links is not None)
    same = found.filter(pl.col("outcome") == "same").join(listed.select(ROW), on=ROW, how="semi")
    done = times_done(same, sides, roster, window)
    lines = _joined(listed, done, amounts_due(listed, roster, numbers or {}, today), roster, numbers or {})
    lines = lines.join(_shown_by(same, sides), on=ROW, how="left", maintain_order="left")
    asked = found.filter(pl.col("outcome") == "ask")[ROW].unique()
    lines = lines.with_columns(_standing(asked, twice)).pipe(_excuse, excused, today)
    doubled = _doubled(same, sides, roster)
    wrong = _wrong(whole, listed, found, sides, roster, today)
    counts = _counts(lines, doubled, wrong)
    appeared, closed = _since(lines, previous)
    findings = tuple(_told(should, lines, twice))
    return Reconciliation(roster, today, _columns(lines, roster), doubled, wrong, counts, appeared, closed, findings)


def _line_keys(frame: pl.DataFrame, roster: Roster, identities: pl.Series | None) -> pl.Series:
    return identities if identities is not None else frame.select(keyed(roster.keys).alias(KEY)).to_series()


def _with_proof(side: Side, source: Source, today: date) -> pl.DataFrame:
    """Return the did lines that count, with `proof`: whether each is proven or only said."""
    proof = pl.lit(True) if source.proven else pl.lit(False) if source.verified is None else meets(source.verified, today)
    return side.frame.filter(meets(source.where, today)).with_columns(proof.alias("proof"))


def _links(whole: pl.DataFrame, sides: Sequence[pl.DataFrame], roster: Roster) -> pl.DataFrame:
    """Return the pairs of lines that share their keys."""
    left = whole.select(pl.col(ROW).cast(pl.Int64), KEY).drop_nulls(KEY)
    pairs = [
        left.join(side.select(pl.col(ROW).cast(pl.Int64).alias("did_row"), keyed(roster.keys).alias(KEY)), on=KEY).select(
            ROW, pl.lit(at, pl.Int64).alias("source"), "did_row", pl.lit("same").alias("outcome")
        )
        for at, side in enumerate(sides)
    ]
    return pl.concat([pl.DataFrame(schema=LINKS), *pairs])


def _once_listed(listed: pl.DataFrame, *, by_rule: bool) -> tuple[pl.DataFrame, pl.Series]:
    """Leave out lines that stand twice word for word; return the rows of those that share a key and differ: one ID and two people."""
    others = [name for name in listed.columns if name not in (ROW, KEY)]
    once = listed.unique([KEY, *others], keep="first", maintain_order=True) if others else listed
    once = pl.concat([once.filter(pl.col(KEY).is_not_null()), listed.filter(pl.col(KEY).is_null())]).sort(ROW)
    shared = once.filter(pl.col(KEY).is_not_null() & (pl.len().over(KEY) > 1))
    return once, shared[ROW] if not by_rule else shared[ROW].clear()


def _joined(listed: pl.DataFrame, done: pl.DataFrame, due: pl.DataFrame, roster: Roster, numbers: Number) -> pl.DataFrame:
    least = roster.least
    wanted = numbers.get((least.standard, ""), float("nan")) * float(least.factor) if least.standard else float(least.amount)
    lines = listed.join(done, on=ROW, how="left", maintain_order="left").join(due, on=ROW, how="left", maintain_order="left")
    filled = [pl.col(name).fill_null(0) for name in ("times", "amount", "lines", "proven")]
    return lines.with_columns(*filled, pl.lit(wanted).alias("wanted"), pl.lit("").alias("reason"))


def _shown_by(same: pl.DataFrame, sides: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return for each line the did line that shows best that it is covered: a proven one before one that is only said."""
    proof = [
        side.select(pl.lit(at, pl.Int64).alias("source"), pl.col(ROW).cast(pl.Int64).alias("did_row"), "proof")
        for at, side in enumerate(sides)
    ]
    told = same.join(pl.concat(proof), on=["source", "did_row"]).sort(
        [ROW, "proof", "source", "did_row"], descending=[False, True, False, False]
    )
    return told.group_by(ROW).first().select(ROW, pl.col("source").alias("by_source"), pl.col("did_row").alias("by_row"))


def _standing(asked: pl.Series, twice: pl.Series) -> pl.Expr:
    """Say where a line stands, the doubts first: what cannot be told is not missing."""
    owed = pl.col("due").is_not_null() & (pl.col("paid").fill_null(0.0) < pl.col("due") - 0.005)
    enough = (pl.col("amount") >= pl.col("wanted")) & ~owed
    return (
        pl.when(pl.col(KEY).is_null() | pl.col("due").is_nan().fill_null(False) | pl.col("wanted").is_nan())
        .then(pl.lit("untold"))
        .when(pl.col(ROW).is_in(twice.implode()) | ((pl.col("lines") == 0) & pl.col(ROW).is_in(asked.implode())))
        .then(pl.lit("undecided"))
        .when(enough & (pl.col("proven") >= pl.col("wanted")))
        .then(pl.lit("verified"))
        .when(enough)
        .then(pl.lit("claimed"))
        .when(pl.col("lines") > 0)
        .then(pl.lit("short"))
        .otherwise(pl.lit("missing"))
        .alias("standing")
    )


def _excuse(lines: pl.DataFrame, excused: pl.DataFrame | None, today: date) -> pl.DataFrame:
    """Lines that are open and excused, with a reason and to a day that is not past, are told apart."""
    if excused is None or not excused.height:
        return lines
    valid = excused.filter(pl.col("until").is_null() | (pl.col("until") >= today)).unique(KEY, keep="last")
    joined = lines.join(valid.select(KEY, pl.col("reason").alias("#reason")), on=KEY, how="left", maintain_order="left")
    holds = pl.col("#reason").is_not_null() & pl.col("standing").is_in(OPEN)
    return joined.with_columns(
        pl.when(holds).then(pl.lit("excused")).otherwise("standing").alias("standing"),
        pl.when(holds).then("#reason").otherwise("reason").alias("reason"),
    ).drop("#reason")


def _doubled(same: pl.DataFrame, sides: Sequence[pl.DataFrame], roster: Roster) -> pl.DataFrame:
    """Return the second and later did lines of one should line, within what makes a did line one of a kind."""
    empty = pl.DataFrame(schema={ROW: pl.Int64(), "source": pl.Int64(), "did_row": pl.Int64()})
    if roster.once is None:
        return empty
    found = [empty]
    for at, side in enumerate(sides):
        own = same.filter(pl.col("source") == at).join(side.rename({ROW: "did_row"}), on="did_row")
        later = own.sort("did_row").filter(pl.int_range(pl.len()).over(ROW, *roster.once) > 0)
        found.append(later.select(ROW, "source", "did_row"))
    return pl.concat(found)


def _wrong(
    whole: pl.DataFrame, listed: pl.DataFrame, found: pl.DataFrame, sides: Sequence[pl.DataFrame], roster: Roster, today: date
) -> pl.DataFrame:
    """Return the did lines of nobody on the should list, with the reason where the list tells it (left the school, …)."""
    schema = {"source": pl.Int64(), "did_row": pl.Int64(), "why": pl.String()}
    if not roster.wrong:
        return pl.DataFrame(schema=schema)
    why = pl.lit("")
    for one in reversed(roster.outside):
        why = pl.when(meets(one.when, today)).then(pl.lit(one.id)).otherwise(why)
    reasons = whole.join(listed.select(ROW), on=ROW, how="anti").select(pl.col(ROW).cast(pl.Int64), why.alias("why"))
    inside = found.filter(pl.col("outcome") != "different").join(listed.select(pl.col(ROW).cast(pl.Int64)), on=ROW, how="semi")
    lost = [
        side.select(pl.lit(at, pl.Int64).alias("source"), pl.col(ROW).cast(pl.Int64).alias("did_row")).join(
            inside, on=["source", "did_row"], how="anti"
        )
        for at, side in enumerate(sides)
    ]
    pairs = found.filter(pl.col("outcome") == "same").join(reasons, on=ROW).select("source", "did_row", "why").unique(["source", "did_row"])
    told = pl.concat(lost).join(pairs, on=["source", "did_row"], how="left", maintain_order="left")
    return told.with_columns(pl.col("why").fill_null(""))


def _counts(lines: pl.DataFrame, doubled: pl.DataFrame, wrong: pl.DataFrame) -> Counts:
    by = {name: lines.filter(pl.col("standing") == name).height for name in STANDINGS}
    over = lines.filter(pl.col("due").is_not_null() & (pl.col("paid").fill_null(0.0) > pl.col("due") + 0.005)).height
    return Counts(lines.height, **by, doubled=doubled.height, wrong=wrong.height, over=over)


def _since(lines: pl.DataFrame, previous: Mapping[str, str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if previous is None:
        return (), ()
    now = dict(lines.drop_nulls(KEY).select(KEY, "standing").iter_rows())
    appeared = tuple(key for key, standing in now.items() if standing in OPEN and previous.get(key) not in OPEN)
    closed = tuple(key for key, was in previous.items() if was in OPEN and now.get(key) in COVERED)
    return appeared, closed


def _columns(lines: pl.DataFrame, roster: Roster) -> pl.DataFrame:
    fixed = [ROW, KEY, "standing", "times", "amount", "wanted", "due", "paid", "reason", "by_source", "by_row"]
    group = pl.col(roster.groups).cast(pl.String) if roster.groups else pl.lit("")
    subject = pl.col(roster.subject).cast(pl.String) if roster.subject else pl.lit("")
    shown = [name for name in roster.shows if name not in fixed]
    return lines.select(*fixed, group.alias("of_group"), subject.alias("of_school"), *(pl.col(name).cast(pl.String) for name in shown))


def _told(should: Side, lines: pl.DataFrame, twice: pl.Series) -> list[Finding]:
    """Return what is doubtful of the should list: lines without a key, two lines with one."""
    found = []
    place = should.place
    for rule, rows in (
        ("coverage.line_without_key", lines.filter(pl.col(KEY).is_null())[ROW].to_list()),
        ("coverage.key_twice", twice.to_list()),
    ):
        if rows:
            at = Place(file=place.file, sheet=place.sheet, table=place.table, title=place.title, row=should.number(rows[0]))
            names = "、".join(str(should.number(row)) for row in rows[:5])
            found.append(finding(rule, at, names, count=len(rows)))
    if not lines.height:
        found.append(finding("coverage.nobody_listed", place, "0"))
    return found
