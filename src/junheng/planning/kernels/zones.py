"""Zones by annealing: schools move to a neighbouring zone with those that hang on them, or two zones are drawn anew along a random tree.

Each zone keeps the seat that costs least. A school belongs to its zone lawfully when a neighbour of it that lies nearer to the seat is in
the zone, too: zones are then connected. One school at a time gets nowhere where bridges and pendants leave few ways; to draw two zones anew
(recombination: DeFord, Duchin, Solomon, Harvard Data Science Review 3.1, 2021) does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Words = NDArray[np.uint64]
Met = tuple[Words, Ints, Words, Words, Ints]  # see anneal

_TOO_DEAR = 1e12
_EVEN, _BALANCED = 1e-9, 1e-6
_PAIR = 2.0
_COLD = 0.02  # of the heat at first, what is left at the end
_WALK = 60  # steps of a random walk for each school that it is to meet
_LEHMER, _PRIME = 48271, 2147483647
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
def _drawn(state: Ints) -> float:
    """Draw a number from 0 to 1 (Lehmer's generator: 31 bits are enough to anneal with)."""
    state[0] = state[0] * _LEHMER % _PRIME
    return float(state[0] - 1) / _PRIME


@compiled
def _all_broken(zone: Ints, couples: tuple[Ints, Ints, Ints]) -> float:
    """Return how many pairs are broken, each as so many schools out of balance."""
    broken = 0.0
    for school in range(len(zone)):
        broken += _broken(school, zone[school], zone, couples) / 2
    return broken


@compiled
def _out(zone: Ints, count: Ints, load: Floats, pupils: Floats, room: Floats, staff: Floats, couples: tuple[Ints, Ints, Ints]) -> float:
    """Return by how many schools a plan is out of balance; a pair that is broken and an inspector too many count, too.

    staff: inspectors of a zone of so many schools (schools + 1,), then how many there are.
    """
    each, out, people = pupils.sum() / len(zone) + _EVEN, _all_broken(zone, couples), 0.0
    for which in range(len(count)):
        out += _excess(count[which], load[which], room, each)
        people += staff[count[which]]
    return float(out + max(0.0, people - staff[-1]))


@compiled
def _met(which: int, zone: Ints, seat: int, met: Met) -> None:
    """Write a zone down unless it was met lately; the last ones stay."""
    found, seats, known, keys, times = met
    key = keys[seat] * np.uint64(3)
    for school in range(len(zone)):
        if zone[school] == which:
            key += keys[school]
    slot = int(key >> np.uint64(1)) % len(known)
    if known[slot] == key:
        return
    known[slot], k = key, times[0] % len(seats)
    times[0] += 1
    seats[k] = seat
    found[k] = 0
    for school in range(len(zone)):
        if zone[school] == which:
            found[k, school // 64] |= np.uint64(1) << np.uint64(school % 64)


@compiled
def _settled(
    pair: tuple[int, int],
    before: Ints,
    out: float,
    pressure: tuple[float, float, float],
    way: tuple[Floats, Floats, Ints, Ints],
    pupils: Floats,
    limits: tuple[Floats, Floats],
    plan: tuple[Ints, Ints, Floats, Ints, Floats],
    couples: tuple[Ints, Ints, Ints],
    met: Met,
) -> float:
    """Keep two zones as they have been changed where that is lawful and cheap enough, else take it back; return how far out the plan is.

    before: (schools,) the zones as they were; pressure: heat, price of a school too many, chance; limits: room and staff.
    """
    cost, far, start, neighbour = way
    zone, seats, each, count, load = plan
    one, other = pair
    heat, price, chance = pressure
    seat_one, cost_one = _best_seat(cost, far, start, neighbour, zone, one)
    seat_other, cost_other = -1, _TOO_DEAR
    if seat_one >= 0:
        seat_other, cost_other = _best_seat(cost, far, start, neighbour, zone, other)
    if seat_other < 0:
        zone[:] = before
        return out
    kept = (count[one], count[other], load[one], load[other])
    count[one], count[other], load[one], load[other] = 0, 0, 0.0, 0.0
    for school in range(len(zone)):
        if zone[school] == one or zone[school] == other:
            count[zone[school]] += 1
            load[zone[school]] += pupils[school]
    after = _out(zone, count, load, pupils, limits[0], limits[1], couples)
    gain = each[one] + each[other] - cost_one - cost_other + price * (out - after)
    if gain < 0 and chance >= np.exp(gain / heat):
        zone[:] = before
        count[one], count[other], load[one], load[other] = kept
        return out
    seats[one], seats[other], each[one], each[other] = seat_one, seat_other, cost_one, cost_other
    for which in pair:
        if _excess(count[which], load[which], limits[0], 1.0) <= 0:
            _met(which, zone, seats[which], met)
    return after


@compiled
def _follow(far: Floats, start: Ints, neighbour: Ints, zone: Ints, seat: int, new: int) -> None:
    """Put those of a seat's zone that are no longer joined to it into the new zone; far: (schools,) from the seat."""
    old, changed = zone[seat], True
    while changed:
        changed = False
        for school in range(len(zone)):
            if zone[school] != old or school == seat:
                continue
            found = False
            for k in range(start[school], start[school + 1]):
                if zone[neighbour[k]] == old and far[neighbour[k]] < far[school]:
                    found = True
                    break
            if not found:
                zone[school], changed = new, True


@compiled
def _tree(start: Ints, neighbour: Ints, inside: Mask, first: int, state: Ints, order: Ints, up: Ints) -> int:
    """Draw a random tree over the schools inside by a walk (Aldous, Broder); return how many it reaches.

    Written: order, the schools as they are met; up, the place in it of the one each hangs on.
    """
    place = np.full(len(inside), -1, np.int64)
    members = inside.sum()
    order[0], place[first], reached, at = first, 0, 1, first
    for _ in range(_WALK * members):
        if reached == members:
            break
        beside = start[at + 1] - start[at]
        near = neighbour[start[at] + int(_drawn(state) * beside)]
        if not inside[near]:
            continue
        if place[near] < 0:
            place[near], order[reached], up[reached] = reached, near, place[at]
            reached += 1
        at = near
    return reached


@compiled
def _recombined(pair: tuple[int, int], first: int, zone: Ints, way: tuple[Ints, Ints], pupils: Floats, room: Floats, state: Ints) -> bool:
    """Draw two zones anew: cut a random tree over both where the parts are least out of balance, of several such cuts one at random."""
    inside = (zone == pair[0]) | (zone == pair[1])
    schools = len(zone)
    order, up = np.zeros(schools, np.int64), np.zeros(schools, np.int64)
    reached = _tree(way[0], way[1], inside, first, state, order, up)
    if reached < inside.sum() or reached < 2:
        return False
    many, load, each = np.ones(reached), np.zeros(reached), pupils.sum() / schools + _EVEN
    for k in range(reached):
        load[k] = pupils[order[k]]
    for k in range(reached - 1, 0, -1):
        many[up[k]] += many[k]
        load[up[k]] += load[k]
    best, least, alike = 1, np.inf, 0
    for k in range(1, reached):
        out = _excess(many[k], load[k], room, each) + _excess(reached - many[k], load[0] - load[k], room, each)
        alike = alike + 1 if out == least else 1
        if out < least or (out == least and _drawn(state) * alike < 1.0):
            best, least = k, out
    cut = np.zeros(reached, np.bool_)
    for k in range(reached):
        cut[k] = k == best or (k > best and cut[up[k]])
        zone[order[k]] = pair[1] if cut[k] else pair[0]
    return True


@compiled
def _stepped(
    out: float,
    school: int,
    new: int,
    redraws: bool,
    pressure: tuple[float, float, float],
    way: tuple[Floats, Floats, Ints, Ints],
    pupils: Floats,
    limits: tuple[Floats, Floats],
    plan: tuple[Ints, Ints, Floats, Ints, Floats],
    couples: tuple[Ints, Ints, Ints],
    state: Ints,
    met: Met,
) -> float:
    """Change two zones, or leave them; return how far out of balance the plan then is."""
    far, start, neighbour = way[1], way[2], way[3]
    zone, seats = plan[0], plan[1]
    old, before = zone[school], zone.copy()
    if redraws:
        if not _recombined((old, new), school, zone, (start, neighbour), pupils, limits[0], state):
            return out
    else:
        zone[school] = new
        if seats[old] != school:
            _follow(far[seats[old]], start, neighbour, zone, seats[old], new)
    return _settled((old, new), before, out, pressure, way, pupils, limits, plan, couples, met)


@compiled
def anneal(
    cost: Floats,
    far: Floats,
    start: Ints,
    neighbour: Ints,
    pupils: Floats,
    room: Floats,
    staff: Floats,
    zone: Ints,
    seats: Ints,
    steps: int,
    seed: int,
    strict: float,
    redrawn: float,
    best: Ints,
    couples: tuple[Ints, Ints, Ints],
    met: Met,
) -> float:
    """Return what the best balanced plan costs that was found, inf for none, and write the seat of each school to `best`.

    cost: (seats, schools); far: (seats, schools) along neighbours; start, neighbour: neighbours of school s are those from start[s] to
    start[s + 1]; room: least and most schools and pupils of a zone; staff: inspectors that a zone of so many schools needs (schools + 1,),
    then how many there are; zone: (schools,) to begin with, changed; seats: (zones,), changed; seed: 1 or more, below 2^31 - 1; strict: how
    many times as dear balance is as it is usually; redrawn: the share of steps that draw two zones anew; couples:
    where the partners of each school begin (schools + 1,), partners, 1 for together, -1 for apart; met: balanced zones on the way: schools
    as bits (room, words), seats (room,), a table of those known (any size), a drawn number for each school, how many there were (1,).
    """
    schools, zones, state = len(zone), len(seats), np.full(1, seed, np.int64)
    each, count, load = np.zeros(zones), np.zeros(zones, np.int64), np.zeros(zones)
    if not _first(cost, far, start, neighbour, zone, seats, each):
        return np.inf
    for school in range(schools):
        count[zone[school]] += 1
        load[zone[school]] += pupils[school]
    out = _out(zone, count, load, pupils, room, staff, couples)
    warm, least = max(1.0, each.sum() / schools), np.inf
    plan, way = (zone, seats, each, count, load), (cost, far, start, neighbour)
    for step in range(steps):
        done = step / steps
        if out < _BALANCED and each.sum() < least - _EVEN:
            least = each.sum()
            best[:] = seats[zone]
        school = int(_drawn(state) * schools)
        beside = start[school + 1] - start[school]
        new = zone[neighbour[start[school] + int(_drawn(state) * beside)]] if beside else zone[school]
        if zone[school] != new and count[zone[school]] > 1:
            pressure = (warm * _COLD**done, strict * warm * (_PRICE + _DEARER * done), _drawn(state))
            redraws = _drawn(state) < redrawn
            out = _stepped(out, school, new, redraws, pressure, way, pupils, (room, staff), plan, couples, state, met)
    return float(least)
