"""Whether answers of a survey can be what people said by themselves: alike beyond chance, too fast, or against the register.

What is found is told to the county, to be looked into: it is no verdict on a school, and takes no answer out of the count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

import polars as pl

from junheng.errors import Text

_UNLIKELY = 1e-4  # chance below which answers alike are told
_FEWEST = 8  # answers of a school from which alike means anything
_SLACK = 0.1  # a stated number this far from the register's is no slip of memory
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is to be looked into at a school: the test, how many of how many answers, and what stands behind it."""

    school: str
    test: str
    count: int
    of: int
    said: Text


def alike(answers: pl.DataFrame, questions: Sequence[str], by: str = "") -> list[Doubt]:
    """Return schools where more people gave the very same answers than chance explains.

    The chance of the commonest set of answers is taken from all other schools, among people of the same `by` (a grade: what is usual
    differs between grades). P(at least so many) is the binomial tail, times the sets among which the commonest was picked.
    """
    whole = answers.drop_nulls([*questions, *([by] if by else [])]).with_columns(
        pl.concat_str([pl.col(name).cast(pl.String) for name in questions], separator="|").alias("_all"),
        (pl.col(by) if by else pl.lit("")).alias("_by"),
    )
    found: list[Doubt] = []
    for school in whole["school"].unique().sort().to_list():
        own, others = whole.filter(pl.col("school") == school), whole.filter(pl.col("school") != school)
        if own.height < _FEWEST or not others.height:
            continue
        sets = own.group_by("_all").len().sort(["len", "_all"], descending=[True, False])
        word, count = sets.row(0)
        chance = _chance(own, others, str(word))
        if sets.height * at_least(int(count), own.height, chance) < _UNLIKELY:
            said = Text(
                f"{count}份答卷各题完全相同，其他学校同样作答的占{100 * chance:.0f}%", f"{count} the same; elsewhere {100 * chance:.0f} %"
            )
            found.append(Doubt(school, "alike", int(count), own.height, said))
    return found


def _chance(own: pl.DataFrame, others: pl.DataFrame, word: str) -> float:
    """Return the chance of a set of answers elsewhere, each part of the school (a grade) weighing what it has answered."""
    parts = own.group_by("_by").len().sort("_by")
    elsewhere = dict(others.group_by("_by").len().iter_rows())
    same = dict(others.filter(pl.col("_all") == word).group_by("_by").len().iter_rows())
    return float(sum(number / own.height * (same.get(part, 0) + 1) / (elsewhere.get(part, 0) + 2) for part, number in parts.iter_rows()))


def at_least(count: int, number: int, chance: float) -> float:
    """Return the probability of at least `count` of `number` when each has `chance` (0 < chance < 1)."""
    return min(1.0, sum(exp(_log_choose(number, k) + k * log(chance) + (number - k) * log(1 - chance)) for k in range(count, number + 1)))


def _log_choose(number: int, k: int) -> float:
    return lgamma(number + 1) - lgamma(k + 1) - lgamma(number - k + 1)


def too_fast(answers: pl.DataFrame, least_seconds: int) -> list[Doubt]:
    """Return schools where answers took fewer seconds than it takes to read the questions. answers: columns school and seconds."""
    timed = answers.drop_nulls("seconds")
    counts = timed.group_by("school").agg((pl.col("seconds") < least_seconds).sum().alias("fast"), pl.len().alias("all")).sort("school")
    return [
        Doubt(school, "too_fast", fast, number, Text(f"{fast}份不足{least_seconds}秒", f"{fast} under {least_seconds} seconds"))
        for school, fast, number in counts.iter_rows()
        if fast
    ]


def against_register(answers: pl.DataFrame, question: str, register: Mapping[str, tuple[float, float]], label: Text) -> list[Doubt]:
    """Return schools where more than half state a number that no class there has.

    answers: columns school and the question's number. register: the least and the largest number of each school.
    """
    found: list[Doubt] = []
    for (school,), own in sorted(answers.drop_nulls(question).group_by("school"), key=lambda item: str(item[0])):
        if school not in register:
            continue
        low, high = register[str(school)]
        wrong = own.filter((pl.col(question) < low * (1 - _SLACK)) | (pl.col(question) > high * (1 + _SLACK))).height
        if wrong > _HALF * own.height:
            middle = float(own.select(pl.col(question).median()).item())
            told = Text(f"{low:.0f}至{high:.0f}", f"{low:.0f} to {high:.0f}") if low < high else Text(*[f"{low:.0f}"] * 2)
            said = Text(f"{label.zh}：多数答{middle:.0f}，在册为{told.zh}", f"{label.en}: {middle:.0f}, register {told.en}")
            found.append(Doubt(str(school), "against_register", wrong, own.height, said))
    return found
