"""Pupils to schools: every plan is checked by its prices, and tiny ones by trying all."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.pupils_to_schools import Overfull, Sent, send_pupils
from junheng.planning.solve import Impossible, Program, Solved, solve


def certify(answer: Sent | Overfull, cost: np.ndarray, pupils: np.ndarray, places: np.ndarray) -> None:
    """Prove an answer without knowing how it was found."""
    if isinstance(answer, Overfull):
        elsewhere = np.setdiff1d(np.arange(len(places)), answer.schools)
        assert (cost[np.ix_(answer.blocks, elsewhere)] >= UNREACHABLE).all()
        assert answer.pupils == pupils[answer.blocks].sum()
        assert answer.places == places[answer.schools].sum()
        assert answer.pupils > answer.places
        return
    assert (answer.pupils > 0).all()
    assert (np.bincount(answer.block, answer.pupils, len(pupils)) == pupils).all()
    assert (np.bincount(answer.school, answer.pupils, len(places)) <= places).all()
    ways = cost[answer.block, answer.school]
    assert (ways < UNREACHABLE).all()
    assert answer.travel == (answer.pupils * ways).sum()
    # no plan costs less than what the prices add up to, since no child is cheaper than its block's price
    assert (answer.school_price >= 0).all()
    reach = cost < UNREACHABLE
    assert (answer.block_price[:, None] <= cost + answer.school_price)[reach & (pupils > 0)[:, None]].all()
    assert pupils @ answer.block_price - places @ answer.school_price == answer.travel


def drawn(seed: int, blocks: int, schools: int, *, reach: float = 0.7, room: float = 1.1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    cost = draw.integers(0, 30, (blocks, schools))
    cost[draw.random(cost.shape) > reach] = UNREACHABLE
    pupils = draw.integers(0, 9, blocks)
    places = np.ceil(draw.uniform(0.2, 1.8, schools) * room * pupils.sum() / schools).astype(np.int64)
    return cost, pupils, places


def test_the_nearest_school_is_full_so_those_go_on_who_lose_least() -> None:
    # East (100 places) is nearest for both; Hill would lose 30 minutes by going to West, Ford only 10: 60 of Ford's go to West
    answer = send_pupils([[10, 20], [30, 60]], [100, 60], [100, 100])
    assert isinstance(answer, Sent)
    assert list(zip(answer.block, answer.school, answer.pupils, strict=True)) == [(0, 0, 40), (0, 1, 60), (1, 0, 60)]
    assert answer.travel == 40 * 10 + 60 * 20 + 60 * 30
    assert answer.school_price.tolist() == [10, 0]  # one more place at East saves one child of Ford 10 minutes
    assert answer.block_price.tolist() == [20, 40]


@pytest.mark.parametrize("seed", range(60))
def test_prices_prove_every_answer(seed: int) -> None:
    cost, pupils, places = drawn(seed, 3 + seed, 2 + seed // 4, reach=0.5 + 0.01 * (seed % 50), room=0.9 + 0.01 * (seed % 40))
    certify(send_pupils(cost, pupils, places), cost, pupils, places)


def test_many_blocks_are_proven_too() -> None:
    draw = np.random.default_rng(3)
    at, school = draw.uniform(0, 1000, (1500, 1, 2)), draw.uniform(0, 1000, (1, 40, 2))
    cost = np.rint(np.linalg.norm(at - school, axis=2)).astype(np.int64)
    pupils = draw.integers(0, 60, 1500)
    places = np.full(40, pupils.sum() // 40 + 1)
    answer = send_pupils(cost, pupils, places)
    certify(answer, cost, pupils, places)
    assert isinstance(answer, Sent)
    assert len(answer.block) <= 1500 + 40  # at the optimum few blocks are split


@pytest.mark.parametrize("seed", range(25))
def test_tiny_cases_agree_with_trying_every_plan(seed: int) -> None:
    draw = np.random.default_rng(seed)
    cost, places = draw.integers(0, 9, (4, 3)), draw.integers(0, 4, 3)
    plans = list(itertools.product(range(3), repeat=4))  # one pupil a block
    lawful = [plan for plan in plans if (np.bincount(plan, minlength=3) <= places).all()]
    answer = send_pupils(cost, np.ones(4), places)
    if not lawful:
        assert isinstance(answer, Overfull)
        assert (answer.pupils, answer.places) == (4, places.sum())
        return
    assert isinstance(answer, Sent)
    assert answer.travel == min(sum(cost[block, school] for block, school in enumerate(plan)) for plan in lawful)


@pytest.mark.parametrize("seed", range(15))
def test_the_engine_of_linear_programs_agrees(seed: int) -> None:
    cost, pupils, places = drawn(seed, 30, 6, room=1.0 + 0.02 * seed)
    block, school = np.nonzero(cost < UNREACHABLE)
    program = Program()
    goes = program.variables(Text("", "pupils"), len(block))
    program.rule(Text("", "everyone"), goes.sum_by(block, len(pupils)) == pupils)
    program.rule(Text("", "room"), goes.sum_by(school, len(places)) <= places)
    program.cost(Text("", "travel"), goes * cost[block, school], unit="minutes")
    answer, other = send_pupils(cost, pupils, places), solve(program)
    assert isinstance(answer, Sent) == isinstance(other, Solved)
    assert isinstance(answer, Overfull) == isinstance(other, Impossible)
    if isinstance(answer, Sent) and isinstance(other, Solved):
        assert answer.travel == pytest.approx(other.objective)


@pytest.mark.parametrize("seed", range(20))
def test_any_prices_to_begin_with_lead_to_the_same_travel(seed: int) -> None:
    cost, pupils, places = drawn(seed, 40, 7, room=1.2)
    alone = send_pupils(cost, pupils, places)
    begun = send_pupils(cost, pupils, places, prices=np.random.default_rng(seed).integers(0, 40, 7))
    certify(begun, cost, pupils, places)
    assert isinstance(begun, Sent) == isinstance(alone, Sent)
    if isinstance(begun, Sent) and isinstance(alone, Sent):
        assert begun.travel == alone.travel
        after = send_pupils(cost, pupils, places, prices=alone.school_price)
        assert isinstance(after, Sent)
        assert after.ways <= alone.ways + len(places)


def test_the_same_input_gives_the_same_plan() -> None:
    cost, pupils, places = drawn(5, 200, 12)
    one, two = send_pupils(cost, pupils, places), send_pupils(cost, pupils, places)
    assert isinstance(one, Sent)
    assert isinstance(two, Sent)
    assert all((getattr(one, name) == getattr(two, name)).all() for name in ("block", "school", "pupils", "block_price", "school_price"))


def test_a_block_that_reaches_no_school_is_named() -> None:
    answer = send_pupils([[5, 6], [UNREACHABLE, UNREACHABLE], [UNREACHABLE, UNREACHABLE]], [10, 7, 0], [50, 50])
    assert isinstance(answer, Overfull)
    assert (answer.blocks.tolist(), answer.schools.tolist(), answer.pupils, answer.places) == ([1], [], 7, 0)


def test_empty_counties_have_an_empty_plan() -> None:
    for shape in ((0, 0), (0, 3), (2, 0)):
        answer = send_pupils(np.zeros(shape), np.zeros(shape[0]), np.zeros(shape[1]))
        assert isinstance(answer, Sent)
        assert (len(answer.block), answer.travel) == (0, 0)


def test_a_single_school_takes_all_or_is_too_small() -> None:
    assert isinstance(send_pupils([[4], [5]], [10, 20], [30]), Sent)
    small = send_pupils([[4], [5]], [10, 20], [29])
    assert isinstance(small, Overfull)
    assert (small.blocks.tolist(), small.schools.tolist(), small.pupils, small.places) == ([0, 1], [0], 30, 29)


@pytest.mark.parametrize(
    ("cost", "pupils", "places", "message"),
    [
        ([[1, 2]], [1, 2], [3, 4], "does not fit 2 blocks"),
        ([[1, -2]], [1], [3, 4], "cost: -2 is below 0"),
        ([[1, 2]], [-1], [3, 4], "pupils: -1 is below 0"),
        ([[1, 2.5]], [1], [3, 4], "cost: 2.5 is no whole number"),
        ([[1, 2]], [1], [3, float("nan")], "places: nan is no whole number"),
        ([[1, 1 << 39]], [1 << 40], [3, 1 << 41], "beyond 62 bits"),
    ],
)
def test_what_cannot_be_meant_is_refused(cost: list[list[float]], pupils: list[float], places: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        send_pupils(cost, pupils, places)
