"""The prices of a seat: whatever multipliers, pairs and rules over three schools, the search finds what trying every zone finds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from junheng.planning.planners.supervision_zones.master import Couples, Priced, Prices, Zones
from junheng.planning.planners.supervision_zones.question import ask
from junheng.planning.proposal import Brief
from junheng.planning.registry import planner
from tests.planning.counties import RULES, drawn
from tests.planning.test_supervision_zones import is_joined

SCHOOLS = 8


def every_zone(zones: Zones, couples: Couples, prices: Prices) -> dict[tuple[int, tuple[int, ...]], float]:
    """Return what each lawful zone of each seat costs at prices."""
    question, found = zones.question, {}
    few, many = question.load(zones.zones)
    for inside in itertools.chain(*(itertools.combinations(range(SCHOOLS), size) for size in range(zones.size[0], zones.size[1] + 1))):
        if not few <= question.pupils[list(inside)].sum() <= many:
            continue
        if any(
            (one in inside) != (other in inside) if kind > 0 else {one, other} <= {*inside}
            for one, other, kind in zip(*couples, strict=True)
        ):
            continue
        two = sum(dear for three, dear in zip(zones.threes.tolist(), prices.threes, strict=True) if len({*three} & {*inside}) > 1)
        for seat in inside:
            if is_joined(question, seat, inside):
                cost = question.cost[seat, list(inside)].sum() - prices.school[list(inside)].sum()
                found[seat, inside] = float(cost + two + prices.staffed * zones.staff[len(inside)])
    return found


@pytest.mark.parametrize("seed", range(5))
def test_the_search_of_a_seat_finds_what_trying_every_zone_finds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    declaration = planner("supervision_zones").declaration
    question = ask(drawn(SCHOOLS, seed, zones=2), RULES, Brief(planner="supervision_zones", options={"pupils_within": 60}), declaration)
    zones = Zones(question, 2, np.ones((SCHOOLS, SCHOOLS), dtype=np.bool_))
    zones.threes = np.array(list(itertools.combinations(range(SCHOOLS), 3)))[draw.permutation(56)[:20]]
    pairs = draw.permutation(SCHOOLS)[:4]
    for couples in (Couples(*np.zeros((3, 0), dtype=np.int64)), Couples(pairs[[0, 2]], pairs[[1, 3]], np.array([1, -1]))):
        lists = zones.lists(couples)
        for _ in range(3):  # multipliers of the question before are those to begin with
            scale = question.cost.mean()
            prices = Prices(draw.uniform(0, 3 * scale, SCHOOLS), 0.0, draw.uniform(0, 3 * scale, 20) * (draw.random(20) < 0.7))
            zones.tolls.joint[:] += draw.uniform(0, scale, (SCHOOLS, SCHOOLS)) * (draw.random((SCHOOLS, SCHOOLS)) < 0.3)
            zones.tolls.even = draw.random((SCHOOLS, 20))
            true = every_zone(zones, couples, prices)
            assert true
            known, inside, seat, cost = zones.priced(lists, couples, prices, 1e9, 10**6, 3)
            for place in range(SCHOOLS):
                best = min((value for (at, _), value in true.items() if at == place), default=1e9)
                assert known.value[place] == pytest.approx(best, abs=1e-4 * scale)
            for members, at, paid in zip(inside, seat, cost, strict=True):
                told = paid - prices.school[members].sum() + zones.besides(members[None], prices)[0]
                assert told == pytest.approx(true[int(at), tuple(np.flatnonzero(members).tolist())])
            values = sorted(true.values())
            mark = (values[len(values) // 2 - 1] + values[len(values) // 2]) / 2
            found = zones.listed(lists, couples, Priced(0.0, np.full(SCHOOLS, 1e9), 0.0, prices), mark, 2000, 10**6)
            assert found is not None
            listed = sorted((int(at), tuple(np.flatnonzero(members).tolist())) for members, at in zip(*found, strict=True))
            assert listed == sorted(zone for zone, value in true.items() if value < mark)
