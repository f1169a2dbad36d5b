"""Zones by annealing: one school after another moves to a neighbouring zone, and each zone keeps the seat that costs least.

A school belongs to its zone lawfully when a neighbour of it that lies nearer to the seat is in the zone, too: zones are then connected.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TOO_DEAR = 1e12
_EVEN, _BALANCED = 1e-9, 1e-6
_PAIR = 2.0
_COLD = 0.02  # of the heat at first, what is left at the end
_PRICE, _DEARER = 0.7, 2.8  # of a school too many, at first and how much more at the end, in usual ways to a seat


@compiled
def _is_joined(far: Floats, start: Ints, neighbour: Ints, zone: Ints, seat: int) -> bool:
    """Return whether each school of the seat's zone has a neighbour there that is nearer to the seat; far: (schools,) from it."""
    for school in range(len(zone)):
        if zone[school] != zone[seat] or school == seat:
            continue
        found = False
        for k in range(start[school], start[school + 1]):
            if zone[neighbour[k]] == zone[seat] and far[neighbour[k]] < far[school]:
                found = True
                break
        if not found:
            return False
    return True


@compiled
def _sum_below(cost: Floats, zone: Ints, which: int, most: float) -> float:
    total = 0.0
    for school in range(len(zone)):
        if zone[school] == which:
            total += cost[school]
            if total >= most:
                break
    return total


@compiled
def _best_seat(cost: Floats, far: Floats, start: Ints, neighbour: Ints, zone: Ints, which: int) -> tuple[int, float]:
    """Return the seat of a zone and what the zone then costs; -1 where none joins all of its schools."""
    best, least = -1, _TOO_DEAR
    for seat in range(len(zone)):
        if zone[seat] == which:
            total = _sum_below(cost[seat], zone, which, least)
            if total < least and _is_joined(far[seat], start, neighbour, zone, seat):
                best, least = seat, total
    return best, least


@compiled
def _excess(count: int, load: float, room: Floats, each: float) -> float:
    """Return by how many schools a zone is out of balance; room: least and most schools, least and most pupils; each: pupils a school."""
    out = max(0.0, count - room[1]) + max(0.0, room[0] - count)
    out += (max(0.0, load - room[3]) + max(0.0, room[2] - load)) / each
    return float(out)


@compiled
def _broken(school: int, which: int, zone: Ints, couples: tuple[Ints, Ints, Ints]) -> float:
    """Return how many pairs a school breaks in a zone, each as so many schools out of balance."""
    start, partner, kind = couples
    broken = 0.0
    for k in range(start[school], start[school + 1]):
        if (zone[partner[k]] == which) != (kind[k] > 0):
            broken += _PAIR
    return broken


@compiled
def _first(cost: Floats, far: Floats, start: Ints, neighbour: Ints, zone: Ints, seats: Ints, each: Floats) -> bool:
    """Write the seats of the zones to begin with and what each costs; False where a zone is in pieces."""
    for which in range(len(seats)):
        seat, total = _best_seat(cost, far, start, neighbour, zone, which)
        if seat < 0:
            return False
        seats[which], each[which] = seat, total
    return True


@compiled
def _tried(
    school: int,
    new: int,
    heat: float,
    price: float,
    chance: float,
    way: tuple[Floats, Floats, Ints, Ints],
    pupils: Floats,
    room: Floats,
    plan: tuple[Ints, Ints, Floats, Ints, Floats],
    couples: tuple[Ints, Ints, Ints],
) -> float:
    """Move a school to another zone where that is lawful and cheap enough; return by how much less the plan is out of balance."""
    cost, far, start, neighbour = way
    zone, seats, each, count, load = plan
    old, a_school = zone[school], pupils.sum() / len(zone) + _EVEN
    before = _excess(count[old], load[old], room, a_school) + _excess(count[new], load[new], room, a_school)
    after = _excess(count[old] - 1, load[old] - pupils[school], room, a_school)
    after += _excess(count[new] + 1, load[new] + pupils[school], room, a_school)
    before += _broken(school, old, zone, couples)
    after += _broken(school, new, zone, couples)
    zone[school] = new
    seat_old, cost_old = _best_seat(cost, far, start, neighbour, zone, old)
    seat_new, cost_new = _best_seat(cost, far, start, neighbour, zone, new)
    gain = each[old] + each[new] - cost_old - cost_new + price * (before - after)
    if seat_old < 0 or seat_new < 0 or (gain < 0 and chance >= np.exp(gain / heat)):
        zone[school] = old
        return 0.0
    count[old] -= 1
    count[new] += 1
    load[old] -= pupils[school]
    load[new] += pupils[school]
    seats[old], seats[new], each[old], each[new] = seat_old, seat_new, cost_old, cost_new
    return before - after


@compiled
def anneal(
    cost: Floats,
    far: Floats,
    start: Ints,
    neighbour: Ints,
    pupils: Floats,
    room: Floats,
    zone: Ints,
    seats: Ints,
    draws: Floats,
    best: Ints,
    couples: tuple[Ints, Ints, Ints],
) -> float:
    """Return what the best balanced plan costs that was found, inf for none, and write the seat of each school to `best`.

    cost: (seats, schools); far: (seats, schools) along neighbours; start, neighbour: neighbours of school s are those from start[s] to
    start[s + 1]; room: least and most schools and pupils of a zone; zone: (schools,) to begin with, changed; seats: (zones,), changed;
    draws: (steps, 3) from 0 to 1; couples: where the partners of each school begin (schools + 1,), partners, 1 for together, -1 for apart.
    """
    schools, zones, steps = len(zone), len(seats), len(draws)
    each, count, load = np.zeros(zones), np.zeros(zones, np.int64), np.zeros(zones)
    if not _first(cost, far, start, neighbour, zone, seats, each):
        return np.inf
    for school in range(schools):
        count[zone[school]] += 1
        load[zone[school]] += pupils[school]
    out = 0.0
    for which in range(zones):
        out += _excess(count[which], load[which], room, pupils.sum() / schools + _EVEN)
    for school in range(schools):
        out += _broken(school, zone[school], zone, couples) / 2
    warm, least = max(1.0, each.sum() / schools), np.inf
    for step in range(steps):
        done = step / steps
        if out < _BALANCED and each.sum() < least - _EVEN:
            least = each.sum()
            best[:] = seats[zone]
        school = int(draws[step, 0] * schools)
        beside = start[school + 1] - start[school]
        new = zone[neighbour[start[school] + int(draws[step, 1] * beside)]] if beside else zone[school]
        if zone[school] != new and count[zone[school]] > 1:
            heat, price = warm * _COLD**done, warm * (_PRICE + _DEARER * done)
            plan = (zone, seats, each, count, load)
            out -= _tried(school, new, heat, price, draws[step, 2], (cost, far, start, neighbour), pupils, room, plan, couples)
    return least
