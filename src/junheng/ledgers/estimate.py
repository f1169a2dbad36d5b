"""What answers say, with their error: a school weighs what it is in the county, however many of its people answered. Nobody is ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import polars as pl

from junheng.ledgers.survey import Question

_TWO_SIDED_95 = 1.959963984540054  # of the normal distribution


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share in percent, or a mean, with the half-width of its 95 % interval, and how many answers it rests on.

    No half-width with fewer than two answers in a stratum; neither without an answer.
    """

    value: float | None
    half_width: float | None
    answers: int


def satisfaction(answers: pl.DataFrame, question: Question, sizes: Mapping[str, int]) -> Estimate:
    """Return the weighted share, in percent, of those who are satisfied (or say yes).

    answers: columns school and the question's (whole numbers, null where not answered). sizes: pupils of each school.
    """
    said = answers.select("school", (pl.col(question.name) >= question.satisfied_from).cast(pl.Float64).alias("value") * 100)
    return stratified(said, sizes)


def mean(answers: pl.DataFrame, question: Question, sizes: Mapping[str, int]) -> Estimate:
    """Return the weighted mean of a number. answers, sizes: as in `satisfaction`."""
    return stratified(answers.select("school", pl.col(question.name).cast(pl.Float64).alias("value")), sizes)


def share_above(answers: pl.DataFrame, question: Question, limit: float, sizes: Mapping[str, int]) -> Estimate:
    """Return the weighted share, in percent, of those whose number is above a limit."""
    above = (pl.col(question.name) > limit).cast(pl.Float64).alias("value") * 100
    return stratified(answers.select("school", above), sizes)


def stratified(said: pl.DataFrame, sizes: Mapping[str, int]) -> Estimate:
    """Return the mean of `value` over a county of which each school is a stratum of `sizes` people.

    said: columns school, value (null where not answered). Error of a stratified sample without replacement: sum over strata of
    (N_h / N)^2 s_h^2 / n_h (1 - n_h / N_h) (Cochran, Sampling Techniques, 5.3). Only schools with answers speak.
    """
    given = said.drop_nulls("value").filter(pl.col("school").is_in([school for school, size in sizes.items() if size]))
    grouped = given.group_by("school").agg(
        pl.col("value").mean().alias("mean"), pl.col("value").var().alias("variance"), pl.len().alias("count")
    )
    rows = [(sizes[school], average, spread, count) for school, average, spread, count in grouped.sort("school").iter_rows()]
    total = sum(size for size, *_ in rows)
    if not total:
        return Estimate(None, None, 0)
    value = sum(size * average for size, average, _, _ in rows) / total
    number = sum(count for *_, count in rows)
    if any(count < 2 for *_, count in rows):
        return Estimate(value, None, number)
    variance = sum((size / total) ** 2 * spread / count * max(0.0, 1 - count / size) for size, _, spread, count in rows)
    return Estimate(value, _TWO_SIDED_95 * sqrt(variance), number)


def wilson(yes: int, number: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (0..1) of which `yes` of `number` were seen (Wilson 1927): it stays within 0 and 1."""
    if not number:
        return 0.0, 1.0
    share, square = yes / number, _TWO_SIDED_95**2
    middle = (share + square / (2 * number)) / (1 + square / number)
    half = _TWO_SIDED_95 * sqrt(share * (1 - share) / number + square / (4 * number**2)) / (1 + square / number)
    return max(0.0, middle - half), min(1.0, middle + half)


def by_group(answers: pl.DataFrame, groups: Sequence[str]) -> dict[str, int]:
    """Return how many of each group answered."""
    counted = dict(answers.group_by("group").len().iter_rows())
    return {group: int(counted.get(group, 0)) for group in groups}
