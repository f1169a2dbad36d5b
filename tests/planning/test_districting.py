"""Blocks to schools in joined zones: held against every plan there is, where there are few blocks."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from junheng.planning.districting import (
    CLOSER,
    EXACT,
    UNREACHABLE,
    District,
    Drawn,
    TooFull,
    Unconnected,
    draw,
    least_beyond,
    loads,
    lost,
    room_with_least_beyond,
    what_if,
)
from junheng.planning.districting.case import broken
from junheng.planning.districting.separated import Separating
from junheng.planning.districting.start import relaxed
from junheng.planning.pupils_to_schools import Sent
from junheng.planning.solve import Limits, Watch

NEAR = Limits(gap=1e-6)


def grid(wide: int, high: int, seed: int, rule: str = CLOSER, room: float = 1.25) -> District:
    """Return a grid of blocks with two schools in opposite corners; half of the blocks belong to the wrong one today."""
    draw_ = np.random.default_rng(seed)
    number = np.arange(wide * high).reshape(high, wide)
    edges = np.concatenate([np.c_[number[:, :-1].ravel(), number[:, 1:].ravel()], np.c_[number[:-1].ravel(), number[1:].ravel()]])
    pupils = draw_.integers(1, 9, wide * high)
    steps = (
        np.abs(np.arange(high)[:, None] - np.array([0, high - 1]))[:, None]
        + np.abs(np.arange(wide)[:, None] - np.array([0, wide - 1]))[None]
    )
    each = 10 * steps.reshape(-1, 2) + draw_.integers(0, 40, (wide * high, 2))
    places = np.full(2, int(np.ceil(room * pupils.sum() / 2)))
    return District(
        each=each.astype(np.int64),
        pupils=pupils.astype(np.int64),
        high=places,
        low=np.zeros(2, dtype=np.int64),
        edges=edges.astype(np.int64),
        metres=np.ones(len(edges)),
        roots=(np.array([0]), np.array([wide * high - 1])),
        rule=rule,
    )


def cheapest(district: District) -> int:
    """Return what the best of all lawful plans costs."""
    blocks = len(district.pupils)
    best = 10**9
    for inner in product((0, 1), repeat=blocks - 2):
        zone = np.array([0, *inner, 1])
        if district.total(zone) < best and (loads(district, zone) <= district.high).all() and not len(broken(district, zone)):
            best = district.total(zone)
    return best


@pytest.mark.parametrize("rule", [CLOSER, EXACT])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_plan_of_all_plans_is_cheaper(rule: str, seed: int) -> None:
    district = grid(4, 3, seed, rule)
    answer = draw(district, NEAR, 0, Watch())
    assert isinstance(answer, Drawn)
    true = cheapest(district)
    assert answer.objective == true == district.total(answer.zone)
    assert answer.bound_exact <= true + 1e-6
    assert answer.bound <= true + 1e-6
    assert not len(broken(district, answer.zone))


def test_a_plan_is_joined_within_places_and_the_same_again() -> None:
    district = grid(9, 8, 4)
    first, second = (draw(district, Limits(gap=1e-2), 3, Watch()) for _ in range(2))
    assert isinstance(first, Drawn)
    assert isinstance(second, Drawn)
    assert (first.zone == second.zone).all()
    assert not len(lost(district, first.zone))
    assert (loads(district, first.zone) <= district.high).all()
    assert first.gap <= 1e-2


def test_too_few_places_are_proven_with_the_schools_that_are_full() -> None:
    answer = draw(grid(4, 3, 1, room=0.9), NEAR, 0, Watch())
    assert isinstance(answer, TooFull)
    assert answer.shortage is not None
    assert answer.shortage.pupils > answer.shortage.places


def test_an_island_is_named() -> None:
    district = grid(3, 3, 1)
    alone = (district.edges != 4).all(axis=1)
    cut = District(
        each=district.each,
        pupils=district.pupils,
        high=district.high,
        low=district.low,
        edges=district.edges[alone],
        metres=district.metres[alone],
        roots=district.roots,
    )
    answer = draw(cut, NEAR, 0, Watch())
    assert isinstance(answer, Unconnected)
    assert answer.blocks.tolist() == [4]


def test_today_stays_where_it_is_near_enough() -> None:
    district = grid(6, 5, 2)
    best = draw(district, NEAR, 0, Watch())
    assert isinstance(best, Drawn)
    again = draw(district, Limits(gap=0.02), 9, Watch(), best.zone)
    assert isinstance(again, Drawn)
    assert (again.zone == best.zone).all()


def test_one_block_with_more_pupils_is_mended_from_the_old_plan() -> None:
    district = grid(8, 8, 5, room=1.4)
    best = draw(district, Limits(gap=1e-2), 0, Watch())
    assert isinstance(best, Drawn)
    pupils = district.pupils.copy()
    pupils[20] += 5
    more = District(
        each=district.each,
        pupils=pupils,
        high=district.high,
        low=district.low,
        edges=district.edges,
        metres=district.metres,
        roots=district.roots,
    )
    zone, out, bound = what_if(more, best.zone, best.prices)
    assert out == 0
    assert bound <= more.total(zone)
    assert not len(broken(more, zone))


def test_a_pair_that_is_forbidden_is_not_used() -> None:
    district = grid(4, 4, 6)
    each = district.each.copy()
    each[1, 0] = UNREACHABLE
    barred = District(
        each=each,
        pupils=district.pupils,
        high=district.high + 50,
        low=district.low,
        edges=district.edges,
        metres=district.metres,
        roots=district.roots,
    )
    answer = draw(barred, NEAR, 0, Watch())
    assert isinstance(answer, Drawn)
    assert answer.zone[1] == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bound_with_pieces_cut_off_lies_below_every_plan(seed: int) -> None:
    district = grid(4, 3, seed, EXACT)
    plan = np.array([0] * 6 + [1] * 6)
    found = Separating(district, district.cost.astype(np.float64), plan, 2).bound(
        rule_of_nearer=False, goal=np.inf, rounds=20, watch=Watch()
    )
    assert found is not None
    sent = relaxed(district)
    assert isinstance(sent, Sent)
    assert sent.travel - 1 <= found.bound <= cheapest(district)


def test_pairs_left_out_of_the_program_do_not_raise_its_bound() -> None:
    district = grid(4, 3, 2, EXACT)
    plan = np.array([0] * 6 + [1] * 6)
    few = Separating(district, district.cost.astype(np.float64), plan, 1).bound(rule_of_nearer=False, goal=np.inf, rounds=20, watch=Watch())
    assert few is None or few.bound <= cheapest(district)


def test_the_least_beyond_places_is_what_a_cut_says() -> None:
    district = grid(4, 3, 1, room=0.9)
    proof = least_beyond(district)
    assert proof is not None
    assert proof.total == district.pupils.sum() - district.high.sum()
    assert (room_with_least_beyond(district) - district.high).sum() == proof.total
