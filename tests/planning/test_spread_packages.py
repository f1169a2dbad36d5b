"""Schools seen as a whole while pupils move: no plan is cheaper than the bound, no package than the one that is priced."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.solve import Limits, Program, Solved, Unproven, Variables, Watch
from junheng.planning.spread import squared
from junheng.planning.spread_master import Master
from junheng.planning.spread_moving import limit_moving_spread
from junheng.planning.spread_packages import Item, Own, Packages, Prices, Table
from junheng.planning.spread_plan import Search
from junheng.planning.spread_pupils import pupils_at
from junheng.planning.spread_search import solve_spread

SCHOOLS, SHARE, NEAR, LIMIT = 3, 0.2, 0.8, Fraction(3, 10)
MOVED, LENT, DESKS = 1, 2, 4  # the most along a way, and at a school
HALL, DESK, PUPIL = 7.0, 2.0, 1.5
TEACHERS_PER, HALL_PER, DESKS_PER = 0.25, 0.5, 1.0


class Asked(NamedTuple):
    """A question of three schools in a row: teachers are lent, halls built in one piece, desks bought; pupils go to the next school."""

    program: Program
    packages: Packages
    lent: Variables
    built: Variables
    desks: Variables
    pupils: np.ndarray
    has: np.ndarray  # (3 items, schools)


def named(words: str) -> Text:
    return Text(words, words)


def asked(seed: int) -> Asked:
    draw = np.random.default_rng(seed)
    pupils = draw.integers(10, 17, SCHOOLS)
    has = np.stack((draw.integers(2, 7, SCHOOLS), draw.integers(3, 9, SCHOOLS), draw.integers(8, 18, SCHOOLS))).astype(float)
    program = Program(unit="yuan")
    giver, taker = np.array([0, 1, 1, 2]), np.array([1, 0, 2, 1])
    moved = program.variables(named("moved"), 4, upper=float(MOVED), whole=True)
    program.cost(named("moved"), moved, unit="pupils", weight=PUPIL)
    weight = program.variables(named("pupils over today's"), SCHOOLS, lower=1 - SHARE, upper=1 + SHARE)
    came = moved.sum_by(taker, SCHOOLS) - moved.sum_by(giver, SCHOOLS)
    program.definition(named("pupils"), weight == came * (1 / pupils) + 1.0)
    lent = program.variables(named("lent"), 4, upper=float(LENT), whole=True)
    program.cost(named("lent"), lent, unit="teachers", weight=1.0)
    teachers = lent.sum_by(taker, SCHOOLS) - lent.sum_by(giver, SCHOOLS) + has[0]
    begun = program.variables(named("begun"), SCHOOLS, upper=1.0, whole=True)
    built = program.variables(named("built"), SCHOOLS, upper=5.0, whole=True)
    program.cost(named("begun"), begun, unit="items", weight=HALL)
    program.cost(named("built"), built, unit="m2", weight=0.5)
    program.definition(named("begun"), built - begun * 5.0 <= 0)
    program.definition(named("begun"), built - begun * 2.0 >= 0)
    desks = program.variables(named("desks"), SCHOOLS, upper=float(DESKS), whole=True)
    program.cost(named("desks"), desks, unit="desks", weight=DESK)
    amounts = (teachers, built + has[1], desks + has[2])
    met = [program.variables(named("met"), SCHOOLS, upper=1.0, whole=True) for _ in amounts]
    program.rule(named("two of three"), met[0] + met[1] + met[2] >= 2.0)
    for amount, one, per in zip(amounts, met, (TEACHERS_PER, HALL_PER, DESKS_PER), strict=True):
        each = amount * (1 / (per * pupils)) - weight
        program.rule(named("near"), each + weight * (1 - NEAR) >= 0.0)
        program.rule(named("met"), each - one >= -1.0)
    spreads = [limit_moving_spread(program, named("cv"), amounts[k], (pupils.astype(float), weight), float(LIMIT), 1.0) for k in (0, 2)]
    owns = (None, Own(base=has[1], unit=0.5, most=5.0, begin=HALL, least=2.0, begun=begun), Own(base=has[2], unit=DESK, most=float(DESKS)))
    items = tuple(
        Item(amount=amount, need=per * pupils, near=NEAR, met=one, is_whole=True, own=own, spread=spread)
        for amount, one, per, own, spread in zip(
            amounts, met, (TEACHERS_PER, HALL_PER, DESKS_PER), owns, (spreads[0], None, spreads[1]), strict=True
        )
    )
    packages = Packages(
        items=items, misses=1, pupils=pupils, weight=weight, share=SHARE, moved=moved, giver=giver, taker=taker
    )  # fmt: skip
    return Asked(program, packages, lent, built, desks, pupils, has)


@cache
def cheapest(seed: int) -> float | None:
    """Return the cost of the cheapest lawful plan: every plan is tried."""
    of = asked(seed)
    best: float | None = None
    for net in product(range(-MOVED, MOVED + 1), repeat=2):
        came = np.array([net[0], net[1] - net[0], -net[1]])
        pupils = of.pupils + came
        if (np.abs(came) > SHARE * of.pupils + 1e-9).any():
            continue
        weights = [Fraction(int(each)) for each in pupils]
        for lent in product(range(-LENT, LENT + 1), repeat=2):
            teachers = of.has[0] + np.array([lent[0], lent[1] - lent[0], -lent[1]])
            if (teachers < 0).any() or not within(teachers, weights):
                continue
            for desks in product(range(DESKS + 1), repeat=SCHOOLS):
                held = of.has[2] + np.array(desks)
                if not within(held, weights):
                    continue
                halls = sum_of_halls(of, pupils, (teachers, held))
                if halls is None:
                    continue
                cost = PUPIL * np.abs(net).sum() + np.abs(lent).sum() + DESK * sum(desks) + halls
                best = cost if best is None else min(best, cost)
    return best


def within(amount: np.ndarray, weights: list[Fraction]) -> bool:
    return squared([Fraction(int(each)) for each in amount], weights) <= LIMIT**2


def sum_of_halls(of: Asked, pupils: np.ndarray, held: tuple[np.ndarray, np.ndarray]) -> float | None:
    """Return the cheapest halls with so many teachers and desks; None where some school cannot meet two of three."""
    total = 0.0
    for school in range(SCHOOLS):
        shares = [held[0][school] / (TEACHERS_PER * pupils[school]), held[1][school] / (DESKS_PER * pupils[school])]
        costs = []
        for built in (0, 2, 3, 4, 5):
            all_three = [*shares, (of.has[1][school] + built) / (HALL_PER * pupils[school])]
            if min(all_three) >= NEAR - 1e-9 and sum(each >= 1 - 1e-9 for each in all_three) >= 2:
                costs.append((HALL if built else 0.0) + 0.5 * built)
        if not costs:
            return None
        total += min(costs)
    return total


@pytest.mark.parametrize("seed", [1, 3, 5, 8])
def test_no_plan_is_cheaper_than_the_bound_and_the_plan_found_is_one_of_them(seed: int) -> None:
    of, best = asked(seed), cheapest(seed)
    answer = solve_spread(of.program, [item.spread for item in of.packages.items if item.spread], Limits(gap=0.01), packages=of.packages)
    assert isinstance(answer, Solved | Unproven)
    if best is None:
        assert answer.values is None
        return
    assert answer.bound <= best + 1e-6
    if answer.values is not None:
        assert answer.objective is not None
        assert answer.objective >= best - 1e-6
        assert of.program.arrays().rows.excess(np.asarray(answer.values)).max() < 1e-6
    if isinstance(answer, Solved):
        assert answer.objective <= best * 1.01 + 1e-6


@pytest.mark.parametrize("seed", [1, 3])
def test_any_prices_give_a_bound_below_the_plan_whose_means_lie_in_the_ranges(seed: int) -> None:
    """Prices drawn at random: the least of packages and the rest, with the parabola at the plan's own means, is at most its cost."""
    of = asked(seed)
    spreads = [item.spread for item in of.packages.items if item.spread]
    answer = solve_spread(of.program, spreads, Limits(gap=0.01), packages=of.packages)
    assert answer.values is not None
    search = Search(of.program, tuple(spreads), Limits(), None, 0, Watch())
    master = Master(search.arrays, of.packages, search._run, 0)
    master.hold([(0.0, 10.0)] * len(spreads))
    means = [float(np.asarray(answer.values)[spread.mean.columns[0]]) for spread in spreads]
    draw = np.random.default_rng(seed)
    for _ in range(20):
        found = master.at(draw.normal(0, 5, master.rows))
        bound = master.within(found, [(mean, mean) for mean in means])
        assert bound <= answer.objective + 1e-6
        group = pupils_at(master, found, search.arrays, np.inf, 0.0, search._run, 0)
        assert bound + group.gain <= answer.objective + 1e-5


def test_the_priced_package_is_the_cheapest_of_all_packages() -> None:
    """At drawn prices every package of every number of pupils is tried."""
    of = asked(3)
    draw = np.random.default_rng(0)
    most = np.full((3, SCHOOLS), 9.0)
    table = Table(of.packages, most, np.full(4, float(MOVED)))
    pooled = np.stack((draw.normal(0, 1, SCHOOLS), np.zeros(SCHOOLS), np.zeros(SCHOOLS)))
    prices = Prices(draw.normal(0, 1, SCHOOLS), pooled, np.array([30.0, 0, 9]), np.array([20.0, 0, 7]))
    cost, left, _ = table.priced(prices)
    for row in range(len(table.school)):
        school, pupils = table.school[row], table.pupils[row]
        found = [
            packed_cost(of, table, row, prices, (teachers, halls, desks))
            for teachers, halls, desks in product(range(10), (0, 2, 3, 4, 5), range(DESKS + 1))
            if meets(of, school, pupils, (teachers, halls, desks))
        ]
        assert cost[row] == pytest.approx(min(found)) if found else cost[row] > 1e9
        assert left[row].sum() <= 1


def meets(of: Asked, school: int, pupils: float, held: tuple[int, int, int]) -> bool:
    amounts = (held[0], of.has[1][school] + held[1], of.has[2][school] + held[2])
    shares = [amount / (per * pupils) for amount, per in zip(amounts, (TEACHERS_PER, HALL_PER, DESKS_PER), strict=True)]
    return min(shares) >= NEAR - 1e-9 and sum(each >= 1 - 1e-9 for each in shares) >= 2


def packed_cost(of: Asked, table: Table, row: int, prices: Prices, held: tuple[int, int, int]) -> float:
    school, total, pupils = table.school[row], float(of.pupils.sum()), table.pupils[row]
    amounts = (held[0], of.has[1][school] + held[1], of.has[2][school] + held[2])
    cost = prices.pupil[school] * pupils + prices.pooled[0][school] * held[0] + (HALL + 0.5 * held[1] if held[1] else 0.0) + DESK * held[2]
    for k in range(3):
        cost += prices.square[k] * amounts[k] ** 2 / (pupils * total) - prices.mean[k] * amounts[k] / total
    return float(cost)
