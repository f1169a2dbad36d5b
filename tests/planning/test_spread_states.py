"""The states of schools: every package that is lawful has one, and what the relaxation with states costs no plan falls below."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.solve import Limits, Program, Solved, Variables, Watch
from junheng.planning.solve.highs import HighsSession
from junheng.planning.spread import Spread, limit_spread
from junheng.planning.spread_search import solve_spread
from junheng.planning.spread_states import Lift, states_of

UNITS, LIMIT = 3, 0.35
SIZES = (0, *range(5, 13))  # tens, where anything is begun


def question(seed: int) -> tuple[Program, Variables, Variables, Spread, np.ndarray]:
    """Return schools that build from five tens to twelve at a fixed cost, and must have so much where they meet the item."""
    draw = np.random.default_rng(seed)
    has, weight = draw.integers(20, 60, UNITS).astype(float), draw.integers(20, 90, UNITS).astype(float)
    program = Program(unit="yuan")
    words = Text("规模", "size")
    met = program.variables(words, UNITS, upper=1, whole=True)
    begun = program.variables(words, UNITS, upper=1, whole=True)
    tens = program.variables(words, UNITS, upper=12.0, whole=True)
    program.definition(words, tens - begun * 12.0 <= 0)
    program.definition(words, tens - begun * 5.0 >= 0)
    program.rule(words, tens * 10.0 + has - met * 40.0 >= 20.0)
    program.rule(words, met.sum() >= 2.0)
    program.cost(words, begun * draw.integers(20, 200, UNITS).astype(float), unit="yuan")
    program.cost(words, tens * (10.0 * draw.integers(1, 4, UNITS)), unit="yuan")
    return program, begun, tens, limit_spread(program, words, tens * 10.0 + has, weight, LIMIT, 1.0), has


def plans(seed: int) -> list[tuple[float, np.ndarray]]:
    """Return every lawful plan with its cost: (columns of the program,)."""
    program, begun, tens, spread, has = question(seed)
    arrays, found = program.arrays(), []
    for sizes, met in product(product(SIZES, repeat=UNITS), product((0, 1), repeat=UNITS)):
        values = np.zeros(program.columns)
        values[tens.columns], values[begun.columns] = sizes, np.array(sizes) > 0
        values[:UNITS] = met
        enough = 10.0 * np.array(sizes) + has >= 20.0 + 40.0 * np.array(met)
        if sum(met) < 2 or not enough.all():
            continue
        values[spread.value.columns] = (10.0 * np.array(sizes) + has) / _weights(seed)
        values[spread.mean.columns] = spread.shares @ values[spread.value.columns]
        if spread.is_kept(values):
            found.append((float(arrays.cost @ values), values))
    return found


def _weights(seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    draw.integers(20, 60, UNITS)
    return draw.integers(20, 90, UNITS).astype(float)


def lifted(seed: int) -> Lift:
    program, begun, _, spread, _ = question(seed)
    decisions = np.zeros(program.columns, dtype=np.bool_)
    decisions[:UNITS] = decisions[begun.columns] = True
    arrays = program.arrays()
    return Lift(arrays, (states_of(arrays, spread, decisions),))


@pytest.mark.parametrize("seed", range(3))
def test_every_lawful_plan_has_its_states_and_keeps_every_row(seed: int) -> None:
    found, lift = plans(seed), lifted(seed)
    states = lift.states[0]
    for _, plan in found[:: max(1, len(found) // 40)]:
        mean = float(plan[states.spread.mean.columns[0]])
        arrays = lift.lifted([(0.8 * mean, 1.3 * mean)])
        values = lift.values(plan)
        part = states.spread.part.columns
        values[part] = plan[states.spread.value.columns] ** 2 / mean
        assert arrays.rows.excess(values).max() < 1e-6
        assert (values >= arrays.lower - 1e-9).all()
        assert (values <= arrays.upper + 1e-9).all()
        assert not len(lift.broken(values))


@pytest.mark.parametrize("seed", range(3))
def test_the_relaxation_with_states_costs_no_more_than_the_cheapest_plan_and_no_less_than_without(seed: int) -> None:
    found, lift = plans(seed), lifted(seed)
    least = min(cost for cost, _ in found)
    means = [float(plan[lift.states[0].spread.mean.columns[0]]) for cost, plan in found if cost <= least]
    arrays = lift.lifted([(min(means) - 1e-6, max(means) + 1e-6)])
    session = HighsSession(arrays.relaxed(), presolve=False)
    outcome = session.run(Limits(gap=0.0), Watch())
    for _ in range(40):
        assert outcome.values is not None
        rows = lift.broken(outcome.values)
        if not len(rows):
            break
        session.add_rows(rows)
        outcome = session.run(Limits(gap=0.0), Watch())
    plain = HighsSession(lift.arrays.relaxed()).run(Limits(gap=0.0), Watch())
    assert outcome.objective is not None
    assert plain.objective is not None
    assert plain.objective - 1e-6 <= outcome.objective <= least + 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_the_answer_is_the_cheapest_of_all_plans(seed: int) -> None:
    program, _, _, spread, _ = question(seed)
    answer = solve_spread(program, [spread], Limits(gap=0.0))
    assert isinstance(answer, Solved)
    assert answer.objective == pytest.approx(min(cost for cost, _ in plans(seed)))


def test_the_states_of_a_school_are_told_by_its_rows() -> None:
    lift = lifted(1)
    states = lift.states[0]
    assert set(np.bincount(states.unit).tolist()) <= {2, 3, 4}
    assert (states.step > 0).all()
    assert (states.low <= states.high).all()
