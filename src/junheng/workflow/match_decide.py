"""Decide what a comparison left open, by the returned workbook or pair by pair; decisions are kept and can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.matching import MatchRule, because, explain, in_words, match_rule
from junheng.store.authority import FILE
from junheng.store.entry import Actor
from junheng.store.match_book import Answer, read_answers
from junheng.store.match_folder import DECIDED, read_pairs
from junheng.workflow.match_records import Deciding, Keeping, moved
from junheng.workflow.views.matching import MatchDecided, MatchExplained, MatchMoved, MatchQuestion, MatchReason

OPEN = "open"  # a decision taken back


def open_questions(folder: Path) -> tuple[MatchQuestion, ...]:
    """Return the pairs of a comparison that nobody has decided, by the numbers of their lines; no names."""
    pairs, about = read_pairs(folder)
    rule = match_rule(str(about["rule"]))
    return tuple(
        MatchQuestion(
            pair=row["pair"],
            left_line=str(row["left_line"]),
            right_line=str(row["right_line"]),
            because=because(row["because"], rule),
            reasons=_reasons(row, rule),
            weight=f"{row['weight']:+.1f}",
        )
        for row in _undecided(pairs, _keeping(folder, about, None)).sort("left_line", "right_line").iter_rows(named=True)
    )


def _reasons(row: Mapping[str, Any], rule: MatchRule) -> Text:
    told = explain(row, rule)
    return Text(in_words(told, "zh"), in_words(told, "en"))


def explain_pair(folder: Path, pair: str) -> MatchExplained:
    """Return why a pair has its outcome, field by field. Raises DataError for a pair that no block brought together."""
    pairs, about = read_pairs(folder)
    rule = match_rule(str(about["rule"]))
    row = _row(pairs, pair, Place(file=folder.name))
    told = explain(row, rule)
    odds = 2.0 ** min(told.weight, 60.0)
    return MatchExplained(
        pair=pair,
        outcome=told.outcome,
        because=told.because,
        before=f"{told.before:+.1f}",
        reasons=tuple(MatchReason(one.title, one.words, f"{one.bits:+.1f}") for one in told.reasons),
        weight=f"{told.weight:+.1f}",
        probability=f"{odds / (1 + odds):.6f}",
    )


def _keeping(folder: Path, about: Mapping[str, Any], decisions: Path | None) -> Keeping:
    """Return where decisions of a comparison are kept: a file when it is named, else as the comparison says."""
    authority = _authority(folder, about) if decisions is None else None
    return Keeping(authority, decisions or folder / DECIDED)


def _authority(folder: Path, about: Mapping[str, Any], given: Path | None = None) -> Path | None:
    """Return the authority's folder that is given or stands in the comparison, None for none. Raises DataError when it is not there."""
    named = given or (Path(str(about["authority"])) if about.get("authority") else None)
    if named is not None and not (named / FILE).is_file():
        raise DataError(finding("matching.no_authority", Place(file=folder.as_posix()), named.as_posix()))
    return named


def decide_pair(
    folder: Path, pair: str, decision: str, *, by: str, office: str, reason: str, at: datetime, decisions: Path | None = None
) -> MatchDecided:
    """Keep one decision: "same", "different", or "open" to take one back. by, office: who decides, named in the audit.

    Raises DataError for an unknown pair, or when nobody is named.
    """
    answer = Answer(pair, decision, by, reason, Place(file=folder.name))
    return _kept(folder, [answer], [], Actor(by, office), at, decisions)


def decide_by_workbook(folder: Path, book: Path, *, by: str, office: str, at: datetime, decisions: Path | None = None) -> MatchDecided:
    """Keep the decisions of a returned workbook. by, office: who hands it in and answers for lines that name nobody.

    Nothing is kept when a line cannot be read or is of another comparison: all such lines are told. Raises DataError then.
    """
    answers, findings = read_answers(book)
    return _kept(folder, answers, findings, Actor(by, office), at, decisions)


def move_decisions(
    folder: Path, *, by: str, office: str, at: datetime, authority: Path | None = None, decisions: Path | None = None
) -> MatchMoved:
    """Take decisions that lie in a file into the record of an authority. Raises DataError when no authority is known."""
    _, about = read_pairs(folder)
    named = _authority(folder, about, authority)
    if named is None:
        raise DataError(finding("matching.no_authority", Place(file=folder.as_posix()), str(about.get("left", ""))))
    deciding = Deciding(Actor(by, office), f"人工判定转入：{about['left']}与{about['right']}", at)
    changes, file = moved(folder, named, deciding, decisions)
    return MatchMoved(changes, named.as_posix(), file.as_posix())


def _kept(
    folder: Path, answers: Sequence[Answer], findings: Sequence[Finding], actor: Actor, at: datetime, decisions: Path | None
) -> MatchDecided:
    pairs, about = read_pairs(folder)
    keeping = _keeping(folder, about, decisions)
    rows = {row["pair"]: row for row in pairs.iter_rows(named=True)}
    unknown = [finding("matching.pair_unknown", answer.place, answer.pair) for answer in answers if answer.pair not in rows]
    if findings or unknown:
        raise DataError([*findings, *unknown])
    held = _last(keeping.decided(pairs.select("left_id", "right_id")))
    new = [answer for answer in answers if held.get(_ids(rows[answer.pair])) != answer.decision]
    day = at.date().isoformat()
    lines = [(*_ids(rows[answer.pair]), answer.decision, answer.by or actor.person, day, answer.reason) for answer in new]
    if lines:
        keeping.keep(lines, Deciding(actor, f"人工判定：{about['left']}与{about['right']}", at))
    counted = Counter(answer.decision for answer in new)
    still = _undecided(pairs, keeping).height
    return MatchDecided(
        counted["same"], counted["different"], counted[OPEN], still, keeping.place, keeping.authority is not None, keeping.beside()
    )


def _last(decisions: pl.DataFrame) -> dict[tuple[str, str], str]:
    return {(row["left_id"], row["right_id"]): row["decision"] for row in decisions.iter_rows(named=True)}


def _ids(row: dict[str, str]) -> tuple[str, str]:
    return row["left_id"], row["right_id"]


def _undecided(pairs: pl.DataFrame, keeping: Keeping) -> pl.DataFrame:
    held = _last(keeping.decided(pairs.select("left_id", "right_id")))
    asked = pairs.filter((pl.col("outcome") == "ask") | (pl.col("because") == "decided"))  # decided then, and perhaps taken back since
    open_ = [held.get(ids, OPEN) == OPEN for ids in asked.select("left_id", "right_id").iter_rows()]
    return asked.filter(pl.Series(open_, dtype=pl.Boolean))


def _row(pairs: pl.DataFrame, pair: str, place: Place) -> dict[str, object]:
    found = pairs.filter(pl.col("pair") == pair)
    if not found.height:
        raise DataError(finding("matching.pair_unknown", place, pair))
    return found.row(0, named=True)
