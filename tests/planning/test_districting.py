"""Blocks to schools in joined zones: held against every plan there is, where there are few blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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
from junheng.planning.districting.along import along
from junheng.planning.districting.branching import Branching
from junheng.planning.districting.case import broken
from junheng.planning.districting.separated import Separating, pairs, reaching, worthwhile
from junheng.planning.districting.separated import cheapest as cheapest_pairs
from junheng.planning.districting.start import relaxed
from junheng.planning.kernels.districting_covers import cover
from junheng.planning.kernels.districting_cuts import separators
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


def every_plan(district: District) -> Iterator[np.ndarray]:
    """Give every lawful plan there is, the cheapest first."""
    zones = len(district.roots)
    plans = np.array(list(product(range(zones), repeat=len(district.pupils) - zones)))
    for j, root in sorted(enumerate(district.roots), key=lambda each: int(each[1][0])):
        plans = np.insert(plans, int(root[0]), j, axis=1)
    load = np.stack([(district.pupils * (plans == j)).sum(axis=1) for j in range(zones)], axis=1)
    plans = plans[((load <= district.high) & (load >= district.low)).all(axis=1)]
    cost = district.cost[np.arange(len(district.pupils))[None], plans].sum(axis=1)
    return (plan for plan in plans[np.argsort(cost)] if not len(broken(district, plan)))


def cheapest(district: District) -> int:
    """Return what the best of all lawful plans costs."""
    return district.total(next(every_plan(district)))


def three_schools(seed: int, rule: str) -> District:
    """Return a grid of twelve blocks, some with many pupils, three schools, hardly more places than pupils, and as many at least."""
    two, chance = grid(4, 3, seed, rule), np.random.default_rng(seed)
    pupils = chance.choice([1, 2, 3, 7, 11], 12)
    return replace(
        two,
        each=chance.integers(0, 60, (12, 3)),
        pupils=pupils,
        high=np.full(3, pupils.sum() // 3 + 4),
        low=np.full(3, pupils.sum() // 3 - 5),
        roots=(np.array([0]), np.array([6]), np.array([11])),
    )


def program_of(district: District, plan: np.ndarray, many: int = 99) -> Separating:
    """Return the program over the cheapest pairs of each block."""
    may = pairs(district, plan)
    return Separating(district, may, cheapest_pairs(district.cost.astype(np.float64), may, plan, min(many, may.shape[1])))


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


@pytest.mark.parametrize("rule", [CLOSER, EXACT])
@pytest.mark.parametrize("seed", range(6))
def test_with_three_schools_and_tight_places_the_answer_is_the_cheapest_of_all_plans(rule: str, seed: int) -> None:
    district = three_schools(seed, rule)
    true = next(every_plan(district), None)
    answer = draw(district, NEAR, 0, Watch())
    if true is None:
        assert isinstance(answer, TooFull)
    else:
        assert isinstance(answer, Drawn)
        assert answer.objective == district.total(true)
        assert answer.bound_exact <= answer.bound + 1e-6
        assert answer.bound <= district.total(true)


@pytest.mark.parametrize("rule", [CLOSER, EXACT])
def test_rows_that_divided_blocks_break_hold_for_every_plan(rule: str) -> None:
    district, chance = three_schools(3, rule), np.random.default_rng(7)
    may = np.ones((12, 3), dtype=np.bool_)
    on = (district.order, *district.beside, *district.root_lists)
    plans = [np.eye(3)[plan] for plan in every_plan(district)]
    assert plans
    found = 0
    for _ in range(40):
        share = chance.dirichlet(np.full(3, 0.4), 12)
        for j, root in enumerate(district.roots):
            share[root] = np.eye(3)[j]
        block, value = np.tile(np.arange(12), 3), share.T.ravel()
        heads, starts, members = separators(block, value, np.array([0, 12, 24, 36]), may, on, rule == CLOSER, 1e-3)
        for k, head in enumerate(heads.tolist()):
            own, j = members[starts[k] : starts[k + 1]], head // 12
            assert share[block[head], j] > share[own, j].sum()
            assert all(plan[block[head], j] <= plan[own, j].sum() for plan in plans)
            found += 1
    assert found > 40


@pytest.mark.parametrize("seed", range(8))
def test_what_does_not_fit_together_is_counted_as_every_choice_of_blocks_allows(seed: int) -> None:
    chance = np.random.default_rng(seed)
    weight, places = chance.integers(1, 9, 11), 20
    choices = np.array([choice for choice in product((0, 1), repeat=11) if (weight * choice).sum() <= places])
    found = 0
    for _ in range(60):
        value = np.clip(chance.choice([0.0, 0.0, 1.0, 0.5, 0.8], 11), 0, 1)
        value *= min(1.0, places / (value * weight).sum())
        value[chance.integers(11)] = 0.0
        count, most, over = cover(weight, value, places)
        if over > 0:
            assert (choices @ count).max() <= most
            assert over == pytest.approx((count * value).sum() - most)
            found += 1
    assert found


def test_cases_prove_a_goal_that_no_plan_reaches_and_find_a_plan_where_one_does() -> None:
    district = three_schools(3, EXACT)
    best = cheapest(district)
    for goal, hoped in ((best - 1.0, []), (best + 1.0, [best])):
        program = program_of(district, next(every_plan(district)))
        found: list[int] = []

        def offer(plan: np.ndarray, found: list[int] = found) -> bool:
            found.append(district.total(plan))
            return True

        search = Branching(program, EXACT, lambda found=found, goal=goal: min([goal, *found]), offer)  # type: ignore[misc]
        assert search.bound(1000, lambda: False) == min(goal, best)
        assert found == hoped


@pytest.mark.parametrize("rule", [CLOSER, EXACT])
def test_every_plan_cheaper_than_a_goal_has_pairs_worth_looking_at_only_and_keeps_the_rows_known(rule: str) -> None:
    fewer = 0
    for seed in (1, 2, 3):
        district = three_schools(seed, rule)
        plans = list(every_plan(district))
        program = program_of(district, plans[0])
        program.solve(rule, np.inf, 30)
        proven, own = program.proven(), np.arange(len(district.pupils))
        for goal in {float(district.total(plan)) + 0.5 for plan in plans[:: max(1, len(plans) // 6)]}:
            may = worthwhile(district, proven, goal, rule)
            assert all(may[own, plan].all() for plan in plans if district.total(plan) < goal)
            fewer += int(reaching(district, proven[0] + proven[1] < goal, rule).sum() - may.sum())
        known = program.known()
        for plan in plans[:300]:
            used = np.bincount(known.of, weights=known.value * (plan[known.block] == known.zone), minlength=len(known.most))
            assert (used <= known.most + 1e-9).all()
    assert fewer > 0  # the ways of blocks rule out more than blocks by themselves do


def test_an_order_along_a_plan_allows_that_plan_and_none_in_pieces() -> None:
    district = grid(3, 3, 4, EXACT)
    district = replace(district, metres=np.random.default_rng(4).choice([1.0, 9.0], len(district.edges)))
    bent = [plan for plan in every_plan(district) if len(broken(replace(district, rule=CLOSER), plan))]
    assert bent
    for plan in bent[:5]:
        turned = along(district, plan, np.zeros(district.each.shape))
        assert not len(broken(turned, plan))
        assert all(not len(lost(district, other)) for other in every_plan(turned))


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
    program = program_of(district, plan, many=2)
    assert program.solve(EXACT, np.inf, 20)
    sent = relaxed(district)
    assert isinstance(sent, Sent)
    assert sent.travel - 1 <= program.proven()[0] <= cheapest(district)


def test_pairs_left_out_of_the_program_do_not_raise_its_bound() -> None:
    district = grid(4, 3, 2, EXACT)
    program = program_of(district, np.array([0] * 6 + [1] * 6), many=1)
    assert not program.solve(EXACT, np.inf, 20) or program.proven()[0] <= cheapest(district)


def test_the_least_beyond_places_is_what_a_cut_says() -> None:
    district = grid(4, 3, 1, room=0.9)
    proof = least_beyond(district)
    assert proof is not None
    assert proof.total == district.pupils.sum() - district.high.sum()
    assert (room_with_least_beyond(district) - district.high).sum() == proof.total
