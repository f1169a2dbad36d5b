"""Which p sites: tiny cases against all choices, larger ones against the engine, and every bound recomputed from its prices."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.median import Chosen, bound_at, choose_sites, regions
from junheng.planning.median import choose as steps
from junheng.planning.median.case import Case, nearest
from junheng.planning.solve import Limits, Program, Progress, Solved, Watch, solve


def certify(answer: Chosen, cost: np.ndarray, p: int) -> None:
    """Check an answer without knowing how it was found."""
    assert len(np.unique(answer.sites)) == p
    assert answer.objective == cost[:, answer.sites].min(axis=1).sum()
    assert answer.bound <= answer.objective
    # the bound of the prices, by its definition: what any p sites can save at most of the sum of the prices
    saved = np.minimum(cost - answer.price[:, None], 0).sum(axis=0)
    assert answer.bound_by_prices <= answer.price.sum() + np.sort(saved)[:p].sum() + 1e-3
    assert answer.bound_by_prices <= answer.objective
    assert answer.bound >= answer.bound_by_prices


def plane(seed: int, clients: int, sites: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    way = np.linalg.norm(draw.uniform(0, 100, (clients, 1, 2)) - draw.uniform(0, 100, (1, sites, 2)), axis=2)
    return np.asarray(np.rint(way * draw.integers(1, 30, (clients, 1))), dtype=np.int64)


def best_of_all(cost: np.ndarray, p: int) -> int:
    return min(int(cost[:, list(choice)].min(axis=1).sum()) for choice in itertools.combinations(range(cost.shape[1]), p))


def test_two_schools_for_four_villages() -> None:
    # villages at 0, 1, 10 and 11 km with 5, 1, 1 and 5 children; a school may stand in each: 0 and 11 km, and two children go 1 km
    at, children = np.array([0, 1, 10, 11]), np.array([5, 1, 1, 5])
    answer = choose_sites(np.abs(at[:, None] - at) * children[:, None], 2)
    assert (answer.sites.tolist(), answer.objective, answer.bound, answer.gap) == ([0, 3], 2, 2, 0)


@pytest.mark.parametrize("seed", range(30))
def test_the_choice_is_the_best_of_all(seed: int) -> None:
    cost, p = plane(seed, 14, 9), 1 + seed % 8
    answer = choose_sites(cost, p)
    certify(answer, cost, p)
    assert answer.objective == answer.bound == best_of_all(cost, p)


@pytest.mark.parametrize("seed", range(15))
def test_costs_that_are_no_distances_are_proven_too(seed: int) -> None:
    # random numbers leave a wide gap between the relaxation and the best choice, so the search has to close it
    cost, p = np.random.default_rng(seed).integers(0, 100, (25, 12)), 2 + seed % 4
    answer = choose_sites(cost, p)
    certify(answer, cost, p)
    assert answer.objective == answer.bound == best_of_all(cost, p)
    assert (answer.proof == "prices") == (answer.bound_by_prices > answer.objective - 1)


def by_engine(cost: np.ndarray, p: int) -> float:
    sites = cost.shape[1]
    client, site = np.divmod(np.arange(cost.size), sites)
    program = Program()
    is_open = program.variables(Text("", "open"), sites, upper=1, whole=True)
    goes = program.variables(Text("", "goes"), cost.size, upper=1)
    program.rule(Text("", "everyone goes somewhere"), goes.sum_by(client) == 1)
    program.rule(Text("", "only to open sites"), goes - is_open[site] <= 0)
    program.rule(Text("", "so many"), is_open.sum() == p)
    program.cost(Text("", "travel"), goes * cost.ravel(), unit="metres")
    answer = solve(program, Limits(gap=0.0))
    assert isinstance(answer, Solved)
    return answer.objective


@pytest.mark.parametrize(("seed", "p"), [(1, 4), (2, 7), (3, 12), (4, 20)])
def test_the_engine_finds_nothing_better(seed: int, p: int) -> None:
    cost = plane(seed, 60, 60)
    answer = choose_sites(cost, p)
    certify(answer, cost, p)
    assert answer.bound == answer.objective == pytest.approx(by_engine(cost, p))


@pytest.fixture(scope="module")
def wide() -> np.ndarray:
    """Return costs whose gap neither prices nor a few nodes close."""
    return np.random.default_rng(2).integers(100, 1000, (50, 30))


def test_search_and_engine_agree_on_what_prices_leave(wide: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for pairs, nodes in ((0, 60), (100_000, 1)):  # all by search; one node, then the engine
        monkeypatch.setattr(steps, "_ENGINE_PAIRS", pairs)
        monkeypatch.setattr(steps, "_TREE_NODES", nodes)
        answer = choose_sites(wide, 6)
        certify(answer, wide, 6)
        found[answer.proof] = (answer.objective, answer.bound)
    assert set(found) == {"search", "engine"}
    assert found["search"] == found["engine"]
    assert found["search"][0] == found["search"][1] == pytest.approx(by_engine(wide, 6))


def test_out_of_work_it_says_how_far_it_may_be_off(wide: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_ENGINE_PAIRS", 0)
    monkeypatch.setattr(steps, "_MERGE_NODES", 1)
    answer = choose_sites(wide, 6, limits=Limits(gap=0.0, nodes=2))
    certify(answer, wide, 6)
    assert answer.gap > 0
    assert answer.bound <= by_engine(wide, 6) <= answer.objective


@pytest.mark.parametrize("seed", range(5))
def test_no_choice_costs_less_than_regions_say_and_what_they_settle_is_in_every_better_one(seed: int) -> None:
    cost, p = plane(seed, 30, 12), 4
    value = {choice: int(cost[:, list(choice)].min(axis=1).sum()) for choice in itertools.combinations(range(12), p)}
    best = min(value.values())
    draw = np.random.default_rng(seed)
    case = Case(cost.astype(np.float64), p, nearest(cost.astype(np.float64), 12), draw)
    case.improve(draw.permutation(12)[:p], np.zeros(0, dtype=np.int64))
    home, status = draw.permutation(np.arange(12) % 3), np.zeros(12, dtype=np.int8)
    for price in (np.median(cost, axis=1), draw.uniform(0, cost.max(), 30)):
        whole, cheapest = regions.raised(case, home, status, np.asarray(price, dtype=np.float64))
        divided = regions.Regions(case, home, status, whole, cheapest, steps._part)
        bound, chosen, served = divided.bound(0.0)
        assert bound <= best + 1e-6
        assert len(np.unique(chosen)) == p
        assert ((served == 1).all()) <= (bound == pytest.approx(value[tuple(sorted(chosen.tolist()))]))
        after = divided.settled(status)
        better = [set(choice) for choice, total in value.items() if total < case.objective]
        assert all(not choice & set(np.flatnonzero(after < 0).tolist()) for choice in better)
        assert all(choice >= set(np.flatnonzero(after > 0).tolist()) for choice in better)


def test_regions_that_grow_prove_what_the_relaxation_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed, proof in ((1, "search"), (6, "regions"), (7, "regions"), (9, "regions")):
        cost = plane(seed, 200, 60)
        with monkeypatch.context() as now:
            now.setattr(regions, "_FIRST_SIZE", 2)
            now.setattr(regions, "_LEAST_REGIONS", 1)
            now.setattr(steps, "_MERGE_NODES", 0)
            for target in (steps, regions):
                now.setattr(target, "FEW_PAIRS", 0)
            answer = choose_sites(cost, 10)
        certify(answer, cost, 10)
        assert answer.proof == proof
        assert answer.objective - answer.bound_by_prices > 20
        assert answer.objective == answer.bound == choose_sites(cost, 10).objective  # which is proven without regions


def test_a_gap_that_is_allowed_ends_the_work(wide: np.ndarray) -> None:
    rough, exact = choose_sites(wide, 6, limits=Limits(gap=0.2)), choose_sites(wide, 6)
    certify(rough, wide, 6)
    assert rough.gap <= 0.2
    assert rough.nodes < exact.nodes


def test_what_is_told_of_the_bound_never_falls(wide: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_TREE_NODES", 1)
    seen: list[Progress] = []
    answer = choose_sites(wide, 6, watch=Watch(progress=seen.append))
    assert answer.proof == "engine"
    assert [each.bound for each in seen] == sorted(each.bound for each in seen)


def test_who_looks_on_sees_it_and_can_stop_it(wide: np.ndarray) -> None:
    seen: list[Progress] = []
    answer = choose_sites(wide, 6, watch=Watch(progress=seen.append, cancelled=lambda: True))
    certify(answer, wide, 6)
    assert answer.gap > 0
    assert seen
    assert all(each.bound <= (each.best or 0) for each in seen)


def test_the_same_input_and_seed_give_the_same_choice(wide: np.ndarray) -> None:
    one, two = choose_sites(wide, 5, seed=3), choose_sites(wide, 5, seed=3)
    assert (one.sites == two.sites).all()
    assert (one.price == two.price).all()
    assert (one.objective, one.bound, one.nodes) == (two.objective, two.bound, two.nodes)


@pytest.mark.parametrize(("clients", "sites", "p"), [(0, 3, 2), (1, 1, 1), (1, 5, 2), (5, 5, 5), (6, 3, 1), (3, 40, 20)])
def test_edges_of_the_problem(clients: int, sites: int, p: int) -> None:
    cost = plane(1, clients, sites)
    answer = choose_sites(cost, p)
    certify(answer, cost, p)
    assert answer.objective == answer.bound == (best_of_all(cost, p) if sites < 10 else cost.min(axis=1).sum())


def test_equal_costs_and_nobody_to_serve_do_no_harm() -> None:
    for cost in (np.full((7, 6), 5), np.zeros((7, 6)), np.where(np.eye(6) > 0, 0, 1)):
        answer = choose_sites(cost, 3)
        certify(answer, cost, 3)
        assert answer.bound == answer.objective == cost[:, :3].min(axis=1).sum()


@pytest.mark.parametrize(
    ("cost", "p", "message"),
    [
        ([[1, 2]], 0, "0 sites cannot be chosen"),
        ([[1, 2]], 3, "3 sites cannot be chosen"),
        ([[1, -2]], 1, "negative or not whole"),
        ([[1, 2.5]], 1, "negative or not whole"),
        ([[1, float("nan")]], 1, "negative or not whole"),
        ([[10**11, 10**11]], 1, "larger unit"),
    ],
)
def test_what_cannot_be_meant_is_refused(cost: list[list[float]], p: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        choose_sites(cost, p)


def test_prices_can_be_checked_by_hand() -> None:
    # clients pay 3 and 4; the first site is 2 and 1 cheaper than that, the second 3 and 0: 7 - 3 for one site, 7 - 6 for two
    cost, price = [[1, 0], [3, 4]], [3, 4]
    assert bound_at(cost, 1, price) == 4
    assert bound_at(cost, 2, price) == 1
