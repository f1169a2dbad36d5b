"""Decide what a comparison left open, by the returned workbook or pair by pair; decisions are kept and can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.matching import MatchRule, because, decision_lines, explain, in_words, match_rule
from junheng.store.match_book import Answer, read_answers
from junheng.store.match_folder import DECIDED, add_decisions, read_decisions, read_pairs
from junheng.workflow.views.matching import MatchDecided, MatchExplained, MatchQuestion, MatchReason

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
        for row in _undecided(pairs, folder / DECIDED).sort("left_line", "right_line").iter_rows(named=True)
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


def decide_pair(
    folder: Path, pair: str, decision: str, *, by: str, reason: str, today: date, decisions: Path | None = None
) -> MatchDecided:
    """Keep one decision: "same", "different", or "open" to take one back. Raises DataError for an unknown pair."""
    answer = Answer(pair, decision, by, reason, Place(file=folder.name))
    return _kept(folder, [answer], [], by, today, decisions)


def decide_by_workbook(folder: Path, book: Path, *, by: str, today: date, decisions: Path | None = None) -> MatchDecided:
    """Keep the decisions of a returned workbook. by: who answers for lines that name nobody.

    Nothing is kept when a line cannot be read or is of another comparison: all such lines are told. Raises DataError then.
    """
    answers, findings = read_answers(book)
    return _kept(folder, answers, findings, by, today, decisions)


def _kept(
    folder: Path, answers: Sequence[Answer], findings: Sequence[Finding], by: str, today: date, decisions: Path | None
) -> MatchDecided:
    pairs, _ = read_pairs(folder)
    path = decisions or folder / DECIDED
    rows = {row["pair"]: row for row in pairs.iter_rows(named=True)}
    unknown = [finding("matching.pair_unknown", answer.place, answer.pair) for answer in answers if answer.pair not in rows]
    if findings or unknown:
        raise DataError([*findings, *unknown])
    held = _last(read_decisions(path))
    new = [answer for answer in answers if held.get(_ids(rows[answer.pair])) != answer.decision]
    lines = [(*_ids(rows[answer.pair]), answer.decision, answer.by or by, today.isoformat(), answer.reason) for answer in new]
    if lines:
        add_decisions(path, decision_lines(lines))
    counted = Counter(answer.decision for answer in new)
    still = _undecided(pairs, path).height
    return MatchDecided(counted["same"], counted["different"], counted[OPEN], still, path.as_posix(), ())


def _last(decisions: pl.DataFrame) -> dict[tuple[str, str], str]:
    return {(row["left_id"], row["right_id"]): row["decision"] for row in decisions.iter_rows(named=True)}


def _ids(row: dict[str, str]) -> tuple[str, str]:
    return row["left_id"], row["right_id"]


def _undecided(pairs: pl.DataFrame, path: Path) -> pl.DataFrame:
    held = _last(read_decisions(path))
    asked = pairs.filter(pl.col("outcome") == "ask")
    open_ = [held.get(ids, OPEN) == OPEN for ids in asked.select("left_id", "right_id").iter_rows()]
    return asked.filter(pl.Series(open_, dtype=pl.Boolean))


def _row(pairs: pl.DataFrame, pair: str, place: Place) -> dict[str, object]:
    found = pairs.filter(pl.col("pair") == pair)
    if not found.height:
        raise DataError(finding("matching.pair_unknown", place, pair))
    return found.row(0, named=True)
