"""Blocks that go whole to one of p sites: against every plan of small counties, and in what cannot be."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from junheng.planning import whole_blocks
from junheng.planning.whole_blocks import choose_whole


def drawn(seed: int, blocks: int = 7, sites: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    at, there = draw.uniform(0, 100, (blocks, 2)), draw.uniform(0, 100, (sites, 2))
    way = np.rint(np.linalg.norm(at[:, None] - there[None], axis=2)).astype(np.int64)
    pupils = draw.integers(1, 20, blocks)
    return way, pupils, np.rint(pupils.sum() * draw.uniform(0.4, 0.8, sites)).astype(np.int64)


def least(way: np.ndarray, pupils: np.ndarray, places: np.ndarray, p: int, stay: int = 0) -> float:
    """Return the cost of the best of all plans, inf where there is none."""
    best = np.inf
    for more in combinations(range(stay, len(places)), p - stay):
        sites = (*range(stay), *more)
        for goes in product(sites, repeat=len(pupils)):
            at = np.array(goes)
            if (np.bincount(at, pupils, len(places)) <= places).all():
                best = min(best, way[np.arange(len(pupils)), at].sum())
    return float(best)


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_of_a_small_county_is_better(seed: int) -> None:
    way, pupils, places = drawn(seed)
    best, found = least(way, pupils, places, 2), choose_whole(way, pupils, places, 2)
    if np.isinf(best):
        assert found is None
        return
    assert found is not None
    assert found.objective == best == found.bound
    assert found.bound_by_prices <= best + 1e-6
    assert (np.bincount(found.goes, pupils, len(places)) <= places).all()
    assert way[np.arange(len(pupils)), found.goes].sum() == best
    assert np.isin(found.goes, found.sites).all()
    assert len(found.sites) == 2


@pytest.mark.parametrize("engine_pairs", [0, 1000])
@pytest.mark.parametrize(("seed", "stay", "p"), [(0, 1, 2), (1, 2, 2), (2, 1, 2), (4, 1, 3), (6, 3, 3)])
def test_sites_that_stay_are_open_in_any_case(seed: int, stay: int, p: int, engine_pairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_blocks, "_ENGINE_PAIRS", engine_pairs)  # both ways to the end: the search, and the engine
    way, pupils, places = drawn(seed, blocks=6)
    way[:, 0] += 60  # nobody would pick it
    best, found = least(way, pupils, places, p, stay), choose_whole(way, pupils, places, p, stay=stay)
    assert found is not None
    assert found.objective == best == found.bound
    assert set(range(stay)) <= set(found.sites.tolist())


def test_the_bound_of_the_prices_can_be_counted_again() -> None:
    way, pupils, places = drawn(5, blocks=9)
    found = choose_whole(way, pupils, places, 2)
    assert found is not None
    worth = []
    for site in range(len(places)):
        gains = [
            sum(found.price[i] - way[i, site] for i in chosen)
            for many in range(len(pupils) + 1)
            for chosen in combinations(range(len(pupils)), many)
            if sum(pupils[i] for i in chosen) <= places[site]
        ]
        worth.append(-max(gains))
    assert found.price.sum() + sum(sorted(worth)[:2]) == pytest.approx(found.bound_by_prices, abs=1e-6)


def test_the_same_question_has_the_same_answer_and_too_few_places_have_none() -> None:
    way, pupils, places = drawn(3, blocks=30, sites=8)
    first, second = (choose_whole(way, pupils, places, 3, seed=4) for _ in range(2))
    assert first is not None
    assert second is not None
    assert (first.goes == second.goes).all()
    assert first.bound == second.bound
    assert choose_whole(way, pupils, np.full(8, 1), 3) is None


def test_shapes_that_do_not_fit_are_refused() -> None:
    way, pupils, places = drawn(1)
    with pytest.raises(ValueError, match="p is not between"):
        choose_whole(way, pupils, places, 6)
    with pytest.raises(ValueError, match="fit"):
        choose_whole(way.T, pupils, places, 2)
