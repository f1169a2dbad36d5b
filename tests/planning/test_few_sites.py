"""One new school among many sites: every value against a program of its own."""

from __future__ import annotations

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.few_sites import site_values
from junheng.planning.solve import Program, Solved, solve


def by_program(way: np.ndarray, pupils: np.ndarray, most: np.ndarray, least: np.ndarray) -> float:
    """Return the least travel by the engine, inf where bounds cannot be kept."""
    blocks, schools = way.shape
    program = Program()
    goes = program.variables(Text("x", "x"), blocks * schools)
    block, school = np.repeat(np.arange(blocks), schools), np.tile(np.arange(schools), blocks)
    program.rule(Text("a", "a"), goes.sum_by(block) == pupils)
    program.rule(Text("b", "b"), goes.sum_by(school) <= most)
    program.rule(Text("c", "c"), goes.sum_by(school) >= least)
    program.cost(Text("d", "d"), goes * way.reshape(-1), unit="m")
    answer = solve(program)
    return answer.objective if isinstance(answer, Solved) else np.inf


@pytest.mark.parametrize("seed", range(4))
def test_every_site_has_its_exact_value(seed: int) -> None:
    draw = np.random.default_rng(seed)
    way, sites = draw.integers(1, 100, (25, 4)), draw.integers(1, 100, (25, 6))
    pupils = draw.integers(0, 20, 25)
    places = np.full(4, int(pupils.sum() * 0.24) + 1)
    least = (places * draw.uniform(0, 0.9, 4)).astype(int)
    room, few = np.full(6, int(pupils.sum() * 0.3)), np.full(6, int(pupils.sum() * 0.15))
    fixed = draw.integers(0, 500, 6)
    found = site_values(way, pupils, places, sites, room, fixed, least=least, site_least=few)
    for k in range(6):
        truth = by_program(np.column_stack((way, sites[:, k])), pupils, np.append(places, room[k]), np.append(least, few[k])) + fixed[k]
        assert found.total[k] == pytest.approx(truth)
        if np.isfinite(truth):
            assert few[k] <= found.load[k] <= room[k]
    assert found.without == pytest.approx(by_program(way, pupils, places, least))
    assert found.total[found.best] == found.total.min() if np.isfinite(found.total.min()) else found.best == -1


def test_a_least_load_above_the_places_is_refused() -> None:
    with pytest.raises(ValueError, match="least load"):
        site_values(np.ones((2, 1), int), [1, 1], [5], np.ones((2, 1), int), [1], [0], site_least=[2])
