"""Limits on how much schools may differ while pupils move: the plan is lawful in fractions, the bound below every lawful plan."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.solve import Limits, Program, Solved, Variables
from junheng.planning.spread import squared
from junheng.planning.spread_moving import MovingSpread, limit_moving_spread
from junheng.planning.spread_search import solve_spread

MOST, MOVED = 3, 2  # rooms bought at a school, pupils moved along a way


def named(words: str) -> Text:
    return Text(words, words)


def question(
    has: np.ndarray, pupils: np.ndarray, cost: tuple[np.ndarray, float], limit: float
) -> tuple[Program, Variables, Variables, MovingSpread]:
    """Return three schools in a row: rooms can be bought, pupils can go to the next school."""
    program = Program(unit="yuan")
    bought = program.variables(named("bought"), 3, upper=float(MOST), whole=True)
    program.cost(named("bought"), bought * cost[0], unit="yuan")
    moved = program.variables(named("moved"), 2, upper=float(MOVED), whole=True)
    program.cost(named("moved"), moved, unit="pupils", weight=cost[1])
    came = moved.sum_by(np.array([1, 2]), 3) - moved.sum_by(np.array([0, 1]), 3)
    weight = program.variables(named("pupils over today's"), 3, lower=0.1, upper=3.0)
    program.definition(named("pupils"), weight == came * (1 / pupils) + 1.0)
    most = float((has.sum() + 3 * MOST) / pupils.sum())
    spread = limit_moving_spread(program, named("coefficient"), bought + has, (pupils, weight), limit, 1.0, (0.0, most))
    return program, bought, moved, spread


def lawful(has: np.ndarray, pupils: np.ndarray, cost: tuple[np.ndarray, float], limit: Fraction) -> list[float]:
    """Return what each lawful plan costs: every plan is tried."""
    found = []
    for more in product(range(MOST + 1), repeat=3):
        for first, second in product(range(MOVED + 1), repeat=2):
            weight = [pupils[0] - first, pupils[1] + first - second, pupils[2] + second]
            amount = [Fraction(int(a + b)) for a, b in zip(has, more, strict=True)]
            if squared(amount, [Fraction(int(each)) for each in weight]) <= limit**2:
                found.append(float(cost[0] @ np.array(more) + cost[1] * (first + second)))
    return found


@pytest.mark.parametrize("seed", [0, 1, 3, 4, 5, 6])
def test_the_bound_is_below_the_cheapest_of_all_plans_and_the_plan_is_lawful(seed: int) -> None:
    draw = np.random.default_rng(seed)
    has, pupils = draw.integers(1, 7, 3).astype(float), draw.integers(6, 20, 3).astype(float)
    cost, limit = (draw.integers(2, 9, 3).astype(float), float(draw.integers(1, 4))), Fraction(331, 1000)
    plans = lawful(has, pupils, cost, limit)
    program, bought, moved, spread = question(has, pupils, cost, float(limit))
    answer = solve_spread(program, [spread], Limits(gap=1e-3))
    if not plans:
        assert not isinstance(answer, Solved)
        return
    assert isinstance(answer, Solved)
    assert answer.bound <= min(plans) + 1e-6
    assert answer.objective == pytest.approx(min(plans), rel=1e-3)
    first, second = (round(each) for each in answer.of(moved))
    weight = [Fraction(int(each)) for each in (pupils[0] - first, pupils[1] + first - second, pupils[2] + second)]
    amount = [Fraction(int(a) + round(b)) for a, b in zip(has, answer.of(bought), strict=True)]
    assert squared(amount, weight) <= limit**2


def test_moving_pupils_may_do_what_nothing_else_can() -> None:
    """A school with one room for 12 pupils beside one with six for 12: two pupils on their way bring the coefficient below its limit."""
    has, pupils, cost = np.array([4.0, 7.0, 6.0]), np.array([12.0, 12.0, 12.0]), (np.array([50.0, 50.0, 50.0]), 1.0)
    plans = lawful(has, pupils, cost, Fraction(1, 6))
    program, _, moved, spread = question(has, pupils, cost, 1 / 6)
    answer = solve_spread(program, [spread], Limits(gap=1e-3))
    assert isinstance(answer, Solved)
    assert answer.objective == pytest.approx(min(plans))
    assert answer.of(moved).sum() > 0


def test_the_chord_lies_above_and_the_tangent_below_the_square() -> None:
    """What the limit allows to the last is kept by the chord at every mean of its range, and by the tangent at its own mean only."""
    has, pupils = np.array([3.0, 5.0, 2.0]), np.array([10.0, 12.0, 9.0])
    program, _, _, spread = question(has, pupils, (np.ones(3), 1.0), 0.3)
    values = np.zeros(program.columns)
    for mean in (0.3, 0.4, 0.45, 0.6):
        values[spread.mean.columns] = mean
        values[spread.part.columns] = (1 + 0.3**2) * mean**2 * (1 - 1e-5)
        assert spread.above((0.3, 0.6), program.columns).excess(values).max() < 1e-12
        assert (spread.below(0.45, program.columns).excess(values).max() == 0) == (mean == 0.45)
