"""What schools put up, held against the limit and against what pupils say: which classes are over by week, where boards differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from junheng.errors import Text
from junheng.ledgers.integrity import Doubt
from junheng.ledgers.survey import Board


class Posted(NamedTuple):
    """What a school put up of one class on one day."""

    school: str
    grade: str
    group: str  # the class
    day: date
    number: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A class that was over the limit in a week: on how many of the days that were put up, and the largest number."""

    week: date  # its Monday
    school: str
    grade: str
    group: str
    days: int
    of: int
    most: float
    limit: float


def over_limit(posted: list[Posted], limits: Mapping[str, float]) -> list[Over]:
    """Return the classes over their grade's limit, week by week. A grade without a limit is not told."""
    weeks: dict[tuple[date, str, str, str], list[float]] = {}
    for one in posted:
        if one.grade in limits:
            monday = one.day - timedelta(days=one.day.weekday())
            weeks.setdefault((monday, one.school, one.grade, one.group), []).append(one.number)
    found = []
    for (week, school, grade, group), numbers in sorted(weeks.items()):
        days = sum(number > limits[grade] for number in numbers)
        if days:
            found.append(
                Over(week=week, school=school, grade=grade, group=group, days=days, of=len(numbers), most=max(numbers), limit=limits[grade])
            )
    return found


def against_board(answers: pl.DataFrame, board: Board, posted: list[Posted], label: Text) -> list[Doubt]:
    """Return schools where pupils of a grade say clearly more than what was put up: the medians differ by more than the board's slack.

    answers: columns school, grade and the board's question. Told by school, with the grades in words.
    """
    shown = pl.DataFrame([(one.school, one.grade, one.number) for one in posted], schema=["school", "grade", "posted"], orient="row")
    if not shown.height:
        return []
    said = (
        answers.drop_nulls([board.question, "grade"])
        .group_by("school", "grade")
        .agg(pl.col(board.question).median().alias("said"), pl.len().alias("number"))
        .filter(pl.col("number") >= board.fewest)
    )
    both = said.join(shown.group_by("school", "grade").agg(pl.col("posted").median()), on=["school", "grade"]).sort("school", "grade")
    apart = both.filter(pl.col("said") > pl.col("posted") + board.slack)
    return [
        Doubt(
            str(school),
            "against_board",
            int(number),
            int(number),
            Text(
                f"{grade}年级：多数学生答{said:.0f}，公示{posted:.0f}（{label.zh}）",
                f"grade {grade}: pupils say {said:.0f}, put up {posted:.0f} ({label.en})",
            ),
        )
        for school, grade, said, number, posted in apart.select("school", "grade", "said", "number", "posted").iter_rows()
    ]
