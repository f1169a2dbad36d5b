"""Which schools are open: against all choices, against the engine, and the bound recomputed from its prices."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.pupils_to_schools import Overfull, Sent, send_pupils
from junheng.planning.siting import Opened, open_sites
from junheng.planning.solve import Limits, Program, Progress, Solved, Watch, solve

EXACT = Limits(gap=0.0)
Numbers = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def drawn(seed: int, blocks: int, sites: int, *, room: float = 2.0) -> Numbers:
    draw = np.random.default_rng(seed)
    way = np.linalg.norm(draw.uniform(0, 60, (blocks, 1, 2)) - draw.uniform(0, 60, (1, sites, 2)), axis=2)
    pupils = draw.integers(0, 30, blocks)
    places = np.ceil(draw.uniform(0.5, 1.5, sites) * room * pupils.sum() / sites)
    return np.rint(way).astype(np.int64), pupils, places.astype(np.int64), draw.integers(0, 40 * blocks, sites)


def bound_at(numbers: Numbers, price: np.ndarray, kept: tuple[int, ...] = (), barred: tuple[int, ...] = ()) -> float:
    """Return what prices prove, by the definition: each site takes those from whom most is left; sites are picked until all have room."""
    way, pupils, places, fixed = numbers
    worth = fixed.astype(float)
    for site, room in enumerate(places):
        left = price - way[:, site]
        for block in np.argsort(-left):
            many = min(room, pupils[block])
            worth[site] -= many * max(left[block], 0.0)
            room -= many
    total, lacking = float(pupils @ price), float(pupils.sum())
    by_worth = [int(site) for site in np.argsort(worth / np.maximum(places, 1e-9)) if site not in kept]
    for site in (*kept, *by_worth):  # the relaxed covering knapsack: by worth for each place
        is_whole = site in kept or (worth[site] < 0 and site not in barred)
        part = 1.0 if is_whole else 0.0 if site in barred else min(1.0, max(lacking, 0.0) / max(places[site], 1e-9))
        total, lacking = total + part * worth[site], lacking - part * places[site]
    return total


def certify(answer: Opened | Overfull, numbers: Numbers, gap: float, kept: tuple[int, ...] = (), barred: tuple[int, ...] = ()) -> Opened:
    assert isinstance(answer, Opened)
    way, pupils, places, fixed = numbers
    sent = answer.sent
    assert (np.bincount(sent.block, sent.pupils, len(pupils)) == pupils).all()
    assert (np.bincount(sent.school, sent.pupils, len(places)) <= places).all()
    assert set(sent.school) <= set(answer.sites)
    assert answer.travel == (sent.pupils * way[sent.block, sent.school]).sum()
    assert answer.fixed == fixed[answer.sites].sum()
    assert answer.objective == answer.fixed + answer.travel
    assert answer.bound <= answer.objective
    assert answer.gap <= gap
    assert answer.bound_by_prices <= min(bound_at(numbers, answer.price, kept, barred), answer.objective) + 1e-3
    return answer


def best_of_all(numbers: Numbers, kept: tuple[int, ...] = (), barred: tuple[int, ...] = ()) -> float:
    way, pupils, places, fixed = numbers
    best = np.inf
    for choice in itertools.product((False, True), repeat=len(places)):
        sites = np.flatnonzero(choice)
        if set(kept) <= set(sites) and not set(barred) & set(sites):
            sent = send_pupils(way[:, sites], pupils, places[sites])
            best = min(best, sent.travel + fixed[sites].sum()) if isinstance(sent, Sent) else best
    return float(best)


def test_a_second_school_pays_when_the_way_costs_more_than_it() -> None:
    # 100 children at each of two villages, 10 apart: one school costs 1000 in travel, a second one 900, so both stay; at 1100 one does
    way, pupils, places = [[0, 10], [10, 0]], [100, 100], [200, 200]
    both, one = open_sites(way, pupils, places, [900, 900]), open_sites(way, pupils, places, [1100, 1100])
    assert isinstance(both, Opened)
    assert isinstance(one, Opened)
    assert (both.sites.tolist(), both.objective, both.travel) == ([0, 1], 1800, 0)
    assert (len(one.sites), one.objective, one.travel) == (1, 2100, 1000)


@pytest.mark.parametrize("seed", range(25))
def test_the_choice_is_the_best_of_all(seed: int) -> None:
    numbers = drawn(seed, 12, 6, room=1.2 + 0.1 * seed)
    answer = certify(open_sites(*numbers, limits=EXACT), numbers, 0.0)
    assert answer.objective == answer.bound == best_of_all(numbers)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_kept_and_barred_is_respected(seed: int) -> None:
    numbers = drawn(seed, 10, 6, room=3.0)
    answer = certify(open_sites(*numbers, kept=[0, 1], barred=[5], limits=EXACT), numbers, 0.0, (0, 1), (5,))
    assert {0, 1} <= set(answer.sites)
    assert 5 not in answer.sites
    assert answer.objective == best_of_all(numbers, (0, 1), (5,))


def by_engine(numbers: Numbers) -> float:
    way, pupils, places, fixed = numbers
    block, site = np.divmod(np.arange(way.size), len(places))
    program = Program()
    is_open = program.variables(Text("", "open"), len(places), upper=1, whole=True)
    goes = program.variables(Text("", "pupils"), way.size)
    program.rule(Text("", "everyone has a place"), goes.sum_by(block) == pupils)
    program.rule(Text("", "no school is overfull"), goes.sum_by(site) - is_open * places <= 0)
    program.definition(Text("", "a closed school has no pupils"), goes - is_open[site] * pupils[block] <= 0)
    program.cost(Text("", "open"), is_open * fixed, unit="yuan")
    program.cost(Text("", "travel"), goes * way.ravel(), unit="yuan")
    answer = solve(program, EXACT)
    assert isinstance(answer, Solved)
    return answer.objective


@pytest.mark.parametrize("seed", range(5))
def test_the_engine_finds_nothing_better(seed: int) -> None:
    numbers = drawn(seed, 50, 12, room=1.5 + 0.5 * seed)
    answer = certify(open_sites(*numbers, limits=EXACT), numbers, 0.0)
    assert answer.objective == answer.bound == pytest.approx(by_engine(numbers))


def test_a_gap_that_is_allowed_ends_the_work() -> None:
    numbers = drawn(3, 120, 25)
    exact, rough = open_sites(*numbers, limits=EXACT), open_sites(*numbers, limits=Limits(gap=0.05))
    assert certify(rough, numbers, 0.05).nodes <= certify(exact, numbers, 0.0).nodes
    assert isinstance(exact, Opened)
    assert isinstance(rough, Opened)
    assert rough.bound <= exact.objective <= rough.objective


def test_out_of_work_it_says_how_far_it_may_be_off() -> None:
    numbers = drawn(4, 120, 25)
    exact, short = open_sites(*numbers, limits=EXACT), open_sites(*numbers, limits=Limits(gap=0.0, nodes=1))
    assert isinstance(exact, Opened)
    assert exact.nodes > 1
    assert certify(short, numbers, 1.0).gap > 0
    assert isinstance(short, Opened)
    assert short.bound <= exact.objective <= short.objective


def test_who_looks_on_sees_it_and_can_stop_it() -> None:
    seen: list[Progress] = []
    answer = open_sites(*drawn(4, 120, 25), limits=EXACT, watch=Watch(progress=seen.append, cancelled=lambda: True))
    assert isinstance(answer, Opened)
    assert answer.gap > 0
    assert all(each.bound <= (each.best or 0) for each in seen)
    assert seen


def test_the_same_input_gives_the_same_answer() -> None:
    one, two = open_sites(*drawn(5, 80, 15)), open_sites(*drawn(5, 80, 15))
    assert isinstance(one, Opened)
    assert isinstance(two, Opened)
    assert (one.sites == two.sites).all()
    assert (one.objective, one.bound, one.nodes) == (two.objective, two.bound, two.nodes)


def test_too_few_places_are_proven_with_the_blocks_and_the_sites() -> None:
    # block 1 reaches site 1 only, which is barred from helping by its 5 places
    answer = open_sites([[1, 9, 9], [UNREACHABLE, 1, UNREACHABLE]], [3, 6], [50, 5, 50], [1, 1, 1])
    assert isinstance(answer, Overfull)
    assert (answer.blocks.tolist(), answer.schools.tolist(), answer.pupils, answer.places) == ([1], [1], 6, 5)
    barred = open_sites([[1, 9, 9]], [60], [50, 5, 50], [1, 1, 1], barred=[0])
    assert isinstance(barred, Overfull)
    assert (barred.schools.tolist(), barred.pupils, barred.places) == ([1, 2], 60, 55)


def test_edges_of_the_question() -> None:
    nobody = open_sites(np.zeros((0, 3)), [], [1, 2, 3], [5, 5, 5])
    assert isinstance(nobody, Opened)
    assert (nobody.sites.tolist(), nobody.objective, nobody.bound) == ([], 0, 0)
    single = open_sites([[4], [5]], [10, 20], [30], [7])
    assert isinstance(single, Opened)
    assert (single.sites.tolist(), single.objective, single.bound) == ([0], 147, 147)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fixed": [1]}, "do not fit"),
        ({"fixed": [1, -1]}, "below 0"),
        ({"places": [-1, 5]}, "places: -1 is below 0"),
        ({"kept": [1], "barred": [1]}, "both kept and barred"),
        ({"fixed": [10**10, 10**10]}, "larger unit"),
        ({"way": [[1, 2.5]]}, "way: 2.5 is no whole number"),
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict[str, object], message: str) -> None:
    numbers = {"way": [[1, 2]], "pupils": [3], "places": [5, 5], "fixed": [1, 1], **change}
    with pytest.raises(ValueError, match=message):
        open_sites(**numbers)  # type: ignore[arg-type]  # some are meant to be wrong
