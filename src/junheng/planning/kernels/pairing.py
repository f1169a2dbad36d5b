"""Groups of schools: a good grouping by exchange."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NONE = 1e15
_HOPELESS = 20.0  # times the heat: what is worse by more is never taken


@compiled
def _random(state: Ints, below: int) -> int:
    """Return the next whole number from 0 to below - 1 of a stream of its own."""
    state[0] = (state[0] * 1103515245 + 12345) & 0x7FFFFFFF
    return int((state[0] >> 8) % below)


class Groups(NamedTuple):
    """A question of groups: w schools, l leads, s subjects."""

    cost: Floats  # (w, l)
    can: Mask  # (w, l)
    need: Floats  # (w,)
    lacking: Floats  # (w, s)
    spare: Floats  # (l, s)
    most: int  # schools of a lead
    balance: float
    help: float


@compiled
def _unmet(groups: Groups, lacking: Floats, lead: int) -> float:
    """Return what a lead cannot help of what its group lacks."""
    total = 0.0
    for s in range(groups.spare.shape[1]):
        total += max(0.0, lacking[lead, s] - groups.spare[lead, s])
    return total


@compiled
def _spread(load: Floats, fewer: int, more: int, moved: float) -> float:
    """Return the difference between the largest load and the smallest when a load is moved from one lead to another."""
    low, high = _NONE, -_NONE
    for j in range(load.shape[0]):
        here = load[j]
        if j == fewer:
            here -= moved
        elif j == more:
            here += moved
        low, high = min(low, here), max(high, here)
    return float(high - low)


class _State(NamedTuple):
    """Groups as they stand."""

    lead: Ints  # (w,)
    many: Ints  # (l,)
    load: Floats  # (l,)
    lacking: Floats  # (l, s)
    unmet: Floats  # (l,)
    members: Ints  # (l, most) the schools of each lead, the first `many` of a row
    place: Ints  # (w,) of each school among the members of its lead


@compiled
def _put(groups: Groups, state: _State, school: int, lead: int, sign: int) -> None:
    """Put a school into a group (sign 1) or take it out (-1); what the group cannot be helped with is left to be counted."""
    if sign > 0:
        state.members[lead, state.many[lead]] = school
        state.place[school] = state.many[lead]
    else:
        last = state.members[lead, state.many[lead] - 1]
        state.members[lead, state.place[school]] = last
        state.place[last] = state.place[school]
    state.many[lead] += sign
    state.load[lead] += sign * groups.need[school]
    for s in range(groups.spare.shape[1]):
        state.lacking[lead, s] += sign * groups.lacking[school, s]


@compiled
def _exchange(groups: Groups, state: _State, school: int, other: int, lead: int) -> None:
    """Let a school go to another lead, and the other school (-1: none) come in its place."""
    before = state.lead[school]
    _put(groups, state, school, before, -1)
    if other >= 0:
        _put(groups, state, other, lead, -1)
        _put(groups, state, other, before, 1)
        state.lead[other] = before
    _put(groups, state, school, lead, 1)
    state.lead[school] = lead
    state.unmet[before], state.unmet[lead] = _unmet(groups, state.lacking, before), _unmet(groups, state.lacking, lead)


@compiled
def _help_grows(groups: Groups, state: _State, school: int, other: int, lead: int) -> float:
    """Return by how much what cannot be helped would grow by an exchange."""
    before = state.lead[school]
    grows = -state.unmet[before] - state.unmet[lead]
    for s in range(groups.spare.shape[1]):
        moved = groups.lacking[school, s]
        if other >= 0:
            moved -= groups.lacking[other, s]
        grows += max(0.0, state.lacking[before, s] - moved - groups.spare[before, s])
        grows += max(0.0, state.lacking[lead, s] + moved - groups.spare[lead, s])
    return float(grows)


@compiled
def _grows(groups: Groups, state: _State, school: int, other: int, lead: int) -> float:
    """Return by how much way and help would grow by an exchange."""
    before = state.lead[school]
    change = groups.cost[school, lead] - groups.cost[school, before]
    if other >= 0:
        change += groups.cost[other, before] - groups.cost[other, lead]
    if groups.help > 0.0:
        change += groups.help * _help_grows(groups, state, school, other, lead)
    return float(change)


@compiled
def _may(groups: Groups, state: _State, fixed: Mask, school: int, other: int, lead: int) -> bool:
    """Return whether an exchange keeps the rules; the school may go to the lead by itself."""
    before = state.lead[school]
    if before == lead:
        return False
    if other >= 0:
        return not fixed[other] and bool(groups.can[other, before])
    return bool(state.many[lead] < groups.most and state.many[before] > 1)


@compiled
def _near(can: Mask) -> tuple[Ints, Ints]:
    """Return the leads that each school may go to, one school after the other, and where each school's begin: (w + 1,)."""
    schools, leads = can.shape
    start, near = np.zeros(schools + 1, np.int64), np.empty(can.sum(), np.int64)
    for i in range(schools):
        start[i + 1] = start[i]
        for j in range(leads):
            if can[i, j]:
                near[start[i + 1]] = j
                start[i + 1] += 1
    return near, start


@compiled
def _begun(groups: Groups, lead: Ints) -> tuple[_State, float]:
    """Return groups as arrays, and what way and help come to."""
    schools, leads = groups.cost.shape
    many, unmet = np.zeros(leads, np.int64), np.zeros(leads)
    members, place = np.empty((leads, max(groups.most, 1)), np.int64), np.empty(schools, np.int64)
    state = _State(lead.copy(), many, np.zeros(leads), np.zeros(groups.spare.shape), unmet, members, place)
    total = 0.0
    for i in range(schools):
        _put(groups, state, i, lead[i], 1)
        total += groups.cost[i, lead[i]]
    for j in range(leads):
        state.unmet[j] = _unmet(groups, state.lacking, j)
        total += groups.help * state.unmet[j]
    return state, total


@compiled
def anneal(groups: Groups, lead: Ints, fixed: Mask, rounds: int, heat: float, seed: int) -> tuple[float, Ints]:
    """Return the least cost met and its leads.

    One school goes to another lead, or two schools change places; what makes it worse is taken less and less often.
    lead: (w,) groups that keep every rule; fixed: (w,) schools that stay where they are; heat: of the first exchanges, in cost.
    """
    free, (near, start) = np.flatnonzero(~fixed), _near(groups.can)
    state, total = _begun(groups, lead)
    spread = _spread(state.load, -1, -1, 0.0)
    best, kept = total + groups.balance * spread, lead.copy()
    stream = np.array([seed * 2654435761 % 2147483647 + 1])
    for turn in range(rounds if free.shape[0] > 0 else 0):
        warm = heat * (1.0 - turn / rounds) ** 2 + 1e-9
        school, other = free[_random(stream, free.shape[0])], -1
        to = near[start[school] + _random(stream, start[school + 1] - start[school])]
        if turn % 3 > 0:
            other = state.members[to, _random(stream, state.many[to])]
        if not _may(groups, state, fixed, school, other, to):
            continue
        change = _grows(groups, state, school, other, to)
        if change - groups.balance * spread > _HOPELESS * warm:  # even with loads all alike
            continue
        moved = groups.need[school] - (groups.need[other] if other >= 0 else 0.0)
        wider = _spread(state.load, state.lead[school], to, moved)
        worse = change + groups.balance * (wider - spread)
        if worse > 0.0 and _random(stream, 1 << 20) >= np.exp(-worse / warm) * (1 << 20):
            continue
        _exchange(groups, state, school, other, to)
        total, spread = total + change, wider
        if total + groups.balance * spread < best - 1e-9:
            best = total + groups.balance * spread
            kept[:] = state.lead
    return best, kept
