"""Limits on how much schools may differ: the cheapest plan is that of trying every plan, and its coefficient is checked in fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.solve import Impossible, Limits, Program, Solved, Variables
from junheng.planning.spread import Spread, limit_spread, squared
from junheng.planning.spread_search import solve_spread

PUPILS = np.array([45.0, 37.0, 89.0, 76.0, 55.0])
BOOKS = np.array([279.0, 137.0, 935.0, 160.0, 402.0])


def question(has: np.ndarray, weight: np.ndarray, limit: float, most: int, cost: np.ndarray) -> tuple[Program, Variables, Spread]:
    program = Program(unit="yuan")
    bought = program.variables(Text("购置", "bought"), len(has), upper=float(most), whole=True)
    program.cost(Text("费用", "cost"), bought * cost, unit="yuan")
    spread = limit_spread(program, Text("差异系数", "coefficient"), bought + has, weight, limit, float(has.sum() / weight.sum()))
    return program, bought, spread


def test_the_coefficient_of_the_circulated_example() -> None:
    exact = squared([Fraction(int(each)) for each in BOOKS], [Fraction(int(each)) for each in PUPILS])
    assert round(float(exact) ** 0.5, 4) == 0.5153


def test_the_whole_county_may_be_bought_for_and_the_mean_grows_with_it() -> None:
    program, bought, spread = question(BOOKS, PUPILS, 0.5, 2000, np.ones(5))
    answer = solve_spread(program, [spread])
    assert isinstance(answer, Solved)
    after = [Fraction(int(has + round(more))) for has, more in zip(BOOKS, answer.of(bought), strict=True)]
    assert squared(after, [Fraction(int(each)) for each in PUPILS]) <= Fraction(1, 4)
    assert answer.objective == pytest.approx(_fewest(BOOKS, PUPILS, Fraction(1, 2), 60), rel=1e-4)


def _fewest(has: np.ndarray, weight: np.ndarray, limit: Fraction, most: int) -> int:
    """Return the fewest books, bought for the school with fewest a pupil, that keep the limit: greedy is best while one school lags."""
    worst = int(np.argmin(has / weight))
    for more in range(most + 1):
        after = [Fraction(int(each)) + (more if place == worst else 0) for place, each in enumerate(has)]
        if squared(after, [Fraction(int(each)) for each in weight]) <= limit**2:
            return more
    raise AssertionError("not within so many")


@pytest.mark.parametrize("seed", range(6))
def test_it_is_as_cheap_as_the_cheapest_of_all_plans(seed: int) -> None:
    draw = np.random.default_rng(seed)
    has, weight = draw.integers(1, 6, 3).astype(float), draw.integers(20, 90, 3).astype(float)
    cost, limit = draw.integers(1, 9, 3).astype(float), 0.3
    program, _, spread = question(has, weight, limit, 5, cost)
    answer = solve_spread(program, [spread], Limits(gap=0.0))
    lawful = []
    for more in product(range(6), repeat=3):
        after = [Fraction(int(each)) + extra for each, extra in zip(has, more, strict=True)]
        if squared(after, [Fraction(int(each)) for each in weight]) <= Fraction(3, 10) ** 2:
            lawful.append(float(np.dot(cost, more)))
    if not lawful:
        assert isinstance(answer, Impossible)
        return
    assert isinstance(answer, Solved)
    assert answer.objective == pytest.approx(min(lawful))
    assert answer.bound <= min(lawful) + 1e-6
    assert spread.coefficient(answer.values) <= limit


def test_a_limit_that_nothing_can_reach_is_named() -> None:
    program, _, spread = question(np.array([1.0, 90.0]), np.array([50.0, 50.0]), 0.1, 3, np.ones(2))
    answer = solve_spread(program, [spread])
    assert isinstance(answer, Impossible)
    assert "coefficient" in {each.rule.en for each in answer.conflict}


@pytest.mark.parametrize("seed", range(8))
def test_what_is_begun_at_a_fixed_cost_is_as_cheap_as_the_cheapest_of_all_plans(seed: int) -> None:
    """States over ranges of a guess of the cost cut off no plan that is cheaper, and a guess too low is taken back."""
    draw = np.random.default_rng(seed)
    has, weight = draw.integers(20, 60, 4).astype(float), draw.integers(20, 90, 4).astype(float)
    fixed, each, limit = draw.integers(20, 200, 4).astype(float), draw.integers(1, 4, 4).astype(float), Fraction(1, 4)
    sizes = [0, *range(5, 13)]
    program = Program(unit="yuan")
    begun = program.variables(Text("动工", "begun"), 4, upper=1, whole=True)
    tens = program.variables(Text("规模", "size"), 4, upper=12.0, whole=True)
    program.definition(Text("动工", "begun"), tens - begun * 12.0 <= 0)
    program.definition(Text("动工", "begun"), tens - begun * 5.0 >= 0)
    program.cost(Text("起步", "start"), begun * fixed, unit="yuan")
    program.cost(Text("规模", "size"), tens * (10 * each), unit="yuan")
    spread = limit_spread(program, Text("差异系数", "coefficient"), tens * 10.0 + has, weight, float(limit), 1.0)
    answer = solve_spread(program, [spread], Limits(gap=0.0))
    lawful = []
    for more in product(sizes, repeat=4):
        after = [Fraction(int(one)) + 10 * extra for one, extra in zip(has, more, strict=True)]
        if squared(after, [Fraction(int(one)) for one in weight]) <= limit**2:
            lawful.append(float(sum(f * (m > 0) + 10 * e * m for f, e, m in zip(fixed, each, more, strict=True))))
    if not lawful:
        assert isinstance(answer, Impossible)
        return
    assert isinstance(answer, Solved)
    assert answer.objective == pytest.approx(min(lawful))
    assert answer.bound <= min(lawful) + 1e-6
