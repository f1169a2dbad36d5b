"""Sites where each block goes whole to one school: against every plan of small counties, and in what cannot be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.pupils_to_schools import Overfull, Sent, send_pupils
from junheng.planning.siting import Opened, choices_below, open_sites
from junheng.planning.solve import Limits
from junheng.planning.whole_schools import WholePlaces
from junheng.planning.whole_sites import OpenedWhole, open_whole

EXACT = Limits(gap=0.0)
Numbers = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def drawn(seed: int, blocks: int = 7, sites: int = 4, room: float = 2.0) -> Numbers:
    draw = np.random.default_rng(seed)
    way = np.rint(np.linalg.norm(draw.uniform(0, 60, (blocks, 1, 2)) - draw.uniform(0, 60, (1, sites, 2)), axis=2)).astype(np.int64)
    pupils = draw.integers(1, 30, blocks)
    places = np.ceil(draw.uniform(0.6, 1.4, sites) * room * pupils.sum() / sites).astype(np.int64)
    return way, pupils, places, draw.integers(0, 30 * blocks, sites)


def cost(numbers: Numbers, goes: np.ndarray) -> float:
    way, pupils, places, fixed = numbers
    if (np.bincount(goes, pupils, len(places)) > places).any():
        return np.inf
    return float((pupils * way[np.arange(len(pupils)), goes]).sum() + fixed[np.unique(goes)].sum())


def best_of_all(numbers: Numbers) -> float:
    return min(cost(numbers, np.array(goes)) for goes in product(range(len(numbers[2])), repeat=len(numbers[1])))


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_of_a_small_county_is_better_than_the_bound_says(seed: int) -> None:
    numbers = drawn(seed, room=1.6 + 0.1 * seed)
    best, found = best_of_all(numbers), open_whole(*numbers, limits=EXACT)
    if np.isinf(best):
        assert found is None or isinstance(found, Overfull)
        return
    assert isinstance(found, OpenedWhole)
    assert found.bound <= best <= found.objective
    assert found.divided.objective <= best
    assert cost(numbers, found.goes) <= found.objective
    assert np.isin(found.goes, found.sites).all()
    assert found.objective == found.fixed + found.travel


def test_most_small_counties_are_solved_to_the_last_unit() -> None:
    found = [open_whole(*drawn(seed, room=2.6), limits=EXACT) for seed in range(10)]
    best = [best_of_all(drawn(seed, room=2.6)) for seed in range(10)]
    exact = [isinstance(one, OpenedWhole) and one.gap == 0.0 and one.objective == least for one, least in zip(found, best, strict=True)]
    assert sum(exact) >= 8


@pytest.mark.parametrize("seed", range(6))
def test_a_county_of_many_blocks_comes_within_the_gap_asked(seed: int) -> None:
    numbers = drawn(seed, blocks=120, sites=8, room=2.5)
    found = open_whole(*numbers, limits=Limits(gap=0.02))
    assert isinstance(found, OpenedWhole)
    assert found.gap <= 0.02
    assert cost(numbers, found.goes) == found.objective
    assert found.bound >= found.divided.bound


@pytest.mark.parametrize("seed", range(6))
def test_every_choice_below_a_number_is_found(seed: int) -> None:
    numbers = drawn(seed, blocks=10, sites=6, room=2.2)
    way, pupils, places, fixed = numbers
    start = open_sites(*numbers, limits=EXACT)
    assert isinstance(start, Opened)
    most, expected = start.objective * 1.15, set()
    for choice in product((False, True), repeat=len(places)):
        sites = np.flatnonzero(choice)
        sent = send_pupils(way[:, sites], pupils, places[sites])
        if isinstance(sent, Sent) and sent.travel + fixed[sites].sum() < most:
            expected.add(tuple(sites.tolist()))
    assert {tuple(sites.tolist()) for _, sites in choices_below(*numbers, start, most)} == expected


@pytest.mark.parametrize("seed", range(8))
def test_at_given_schools_the_bound_holds_and_the_plan_costs_what_it_says(seed: int) -> None:
    way, pupils, places, _ = drawn(seed, blocks=8, sites=3, room=1.3)
    sent = send_pupils(way, pupils, places)
    assert isinstance(sent, Sent)
    at = WholePlaces(way, pupils, places, sent)
    at.improve(0.0, lambda: False)
    free = (way, pupils, places, np.zeros(3, dtype=np.int64))
    best = best_of_all(free) - sent.travel
    assert best <= at.above + 1e-6
    if np.isfinite(at.above):
        assert cost(free, at.goes) - sent.travel == pytest.approx(at.above)
    for most in (1.0, 20.0, 200.0, 2000.0):
        assert at.bound(most) <= min(most, best) + 1e-6


def test_who_can_reach_no_school_is_told_and_blocks_too_large_have_no_plan() -> None:
    stranded = open_whole([[UNREACHABLE, UNREACHABLE], [1, 2]], [5, 5], [20, 20], [1, 1])
    assert isinstance(stranded, Overfull)
    assert stranded.blocks.tolist() == [0]
    assert open_whole([[1, 2], [2, 1]], [15, 5], [10, 10], [1, 1]) is None  # 15 fit into no school of 10, divided they would
    empty = open_whole([[3, 9], [9, 3]], [0, 4], [5, 5], [7, 2])
    assert isinstance(empty, OpenedWhole)
    assert (empty.sites.tolist(), empty.objective, empty.goes[1]) == ([1], 14, 1)


def test_the_same_question_has_the_same_answer() -> None:
    numbers = drawn(4, blocks=60, sites=8)
    one, two = (open_whole(*numbers, limits=Limits(gap=0.01), seed=2) for _ in range(2))
    assert isinstance(one, OpenedWhole)
    assert isinstance(two, OpenedWhole)
    assert (one.goes == two.goes).all()
    assert (one.bound, one.objective) == (two.bound, two.objective)
