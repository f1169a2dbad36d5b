"""Groups of schools: what no grouping falls below.

With a price on every school that is to be helped, each lead chooses its own best set; between which loads all of them lie is decided
for all leads at once, over every pair of a smallest and a largest load. That proves more than a program that mixes sets of unlike loads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NONE = 1e15
_FULL = 1e14  # from here on there is no set


class Sets(NamedTuple):
    """For each lead the schools that it may help, as arrays: l leads, e pairs one lead after the other."""

    start: Ints  # (l + 1,)
    school: Ints  # (e,)
    need: Ints  # (w,) hundredths of a teacher, more than 0 or 0


class Window(NamedTuple):
    """Between which loads the smallest load of a lead lies, and the largest, in hundredths of a teacher; neither above a lowest largest."""

    low_least: int
    low_most: int
    high_least: int
    high_most: int


class Weights(NamedTuple):
    """What the sum of groups comes to beside their sets: a number, and for each hundredth of the smallest load and of the largest."""

    apart: float
    low: float
    high: float


class Least(NamedTuple):
    """The least sum over windows, the smallest and the largest load there, and the windows that come to less than was asked."""

    value: float
    low: int
    high: int
    left: Window  # high_most is -1 where there is none


@compiled
def _best_sets(sets: Sets, cost: Floats, lead: int, value: Floats, took: Mask) -> None:
    """Write the least cost of a set of one lead for each number of schools and load: (most + 1, loads), and which school was added."""
    first, last = sets.start[lead], sets.start[lead + 1]
    most, loads, top = value.shape[0] - 1, value.shape[1], 0
    value[:, :] = _NONE
    value[0, 0] = 0.0
    took[: last - first, :, :] = False
    for e in range(first, last):
        need = sets.need[sets.school[e]]
        top = min(loads - 1, top + need)
        for many in range(min(most, e - first + 1), 0, -1):
            for load in range(need, top + 1):
                through = value[many - 1, load - need] + cost[e]
                if through < value[many, load]:
                    value[many, load] = through
                    took[e - first, many, load] = True


@compiled
def _set_of(sets: Sets, lead: int, took: Mask, many: int, load: int, found: Ints) -> None:
    """Write the schools of one lead's set, read back from its last school to its first; -1 after them."""
    found[:], place = -1, 0
    for e in range(sets.start[lead + 1] - sets.start[lead] - 1, -1, -1):
        if many > 0 and took[e, many, load]:
            school = sets.school[sets.start[lead] + e]
            found[place] = school
            place += 1
            many -= 1
            load -= sets.need[school]


@compiled
def _leasts(sets: Sets, cost: Floats, lows: int, least: Floats, found: Ints) -> None:
    """Write for each lead and load the least cost of a set of one school or more, and of each number of schools the best set.

    cost: (e,) of each pair less its school's price; lows: the least load of the sets found; least: (l, loads); found: (l, most, most).
    """
    leads, loads, most = least.shape[0], least.shape[1], found.shape[1]
    longest = max(1, np.diff(sets.start).max())
    value, took = np.empty((most + 1, loads)), np.empty((longest, most + 1, loads), np.bool_)
    for j in range(leads):
        _best_sets(sets, cost, j, value, took)
        least[j, :] = value[1, :]
        for many in range(1, most + 1):
            best = lows
            for load in range(loads):
                least[j, load] = min(least[j, load], value[many, load])
                if load > lows and value[many, load] < value[many, best]:
                    best = load
            found[j, many - 1, :] = -1
            if value[many, best] < _FULL:
                _set_of(sets, j, took, many, best, found[j, many - 1])


def best_sets(sets: Sets, cost: Floats, most: int, loads: tuple[int, int]) -> tuple[Floats, Ints]:
    """Return for each lead the least cost of a set by load, (l, loads), and its best sets of 1 to `most` schools: (l, most, most).

    cost: (e,) of each pair less its school's price; loads: the smallest and the largest of the sets, in hundredths of a teacher. Sets
    end with -1 where they have fewer schools.
    """
    leads = len(sets.start) - 1
    least, found = np.empty((leads, loads[1] + 1)), np.empty((leads, most, most), dtype=np.int64)
    _leasts(sets, cost, loads[0], least, found)
    return least, found


@compiled
def _from_below(least: Floats, window: Window) -> Floats:
    """Return for each lead and smallest load the least cost up to the lowest largest load: (l, smallest loads)."""
    leads, lows = least.shape[0], window.low_most - window.low_least + 1
    inner = np.empty((leads, lows))
    for j in range(leads):
        best = _NONE
        for load in range(window.low_most + 1, window.high_least + 1):
            best = min(best, least[j, load])
        for low in range(window.low_most, window.low_least - 1, -1):
            best = min(best, least[j, low])
            inner[j, low - window.low_least] = best
    return inner


@compiled
def _windows(least: Floats, weights: Weights, window: Window, below: float) -> tuple[float, int, int, int, int, int, int]:
    leads, begun = least.shape[0], _from_below(least, window)
    best, at_low, at_high = _NONE, window.low_least, window.high_least
    left = (window.low_most, window.low_least, window.high_most, -1)
    for low in range(window.low_least, window.low_most + 1):
        inner, total, lacking = begun[:, low - window.low_least].copy(), 0.0, 0
        for j in range(leads):
            lacking += inner[j] >= _FULL
            total += 0.0 if inner[j] >= _FULL else inner[j]
        for high in range(window.high_least, window.high_most + 1):
            for j in range(leads):
                if least[j, high] < inner[j]:
                    lacking -= inner[j] >= _FULL
                    total += least[j, high] - (0.0 if inner[j] >= _FULL else inner[j])
                    inner[j] = least[j, high]
            value = weights.apart + total + weights.low * low + weights.high * high
            if lacking == 0 and value < best:
                best, at_low, at_high = value, low, high
            if lacking == 0 and value < below:
                left = (min(left[0], low), max(left[1], low), min(left[2], high), max(left[3], high))
    return best, at_low, at_high, left[0], left[1], left[2], left[3]


def windows(least: Floats, weights: Weights, window: Window, below: float) -> Least:
    """Return the least over all windows of what the leads' best sets cost with the weights, and the windows that cost less than `below`."""
    found = _windows(least, weights, window, below)
    return Least(found[0], found[1], found[2], Window(*found[3:]))


@compiled
def _evaluated(
    sets: Sets, cost: Floats, most: int, weights: Weights, window: Window, below: float, count: Ints, chosen: Mask
) -> tuple[float, int, int, int, int, int, int]:
    leads, loads = sets.start.shape[0] - 1, window.high_most + 1
    longest = max(1, np.diff(sets.start).max())
    value, least = np.empty((leads, most + 1, loads)), np.empty((leads, loads))
    took = np.empty((leads, longest, most + 1, loads), np.bool_)
    for j in range(leads):
        _best_sets(sets, cost, j, value[j], took[j])
        for load in range(loads):
            least[j, load] = value[j, 1:, load].min()
    found = _windows(least, weights, window, below)
    count[:], chosen[:] = 0, False
    one = np.empty(most, np.int64)
    for j in range(leads if found[0] < _FULL else 0):
        load = found[1] + int(np.argmin(least[j, found[1] : found[2] + 1]))
        _set_of(sets, j, took[j], 1 + int(np.argmin(value[j, 1:, load])), load, one)
        for school in one[one >= 0]:
            count[school] += 1
            chosen[school, j] = True
    return found


def evaluate(sets: Sets, cost: Floats, most: int, weights: Weights, window: Window, below: float, count: Ints, chosen: Mask) -> Least:
    """Return the least over all windows of what the leads' best sets cost with the weights, and the windows that cost less than `below`.

    cost: (e,) of each pair less its school's price; most: schools of a lead. Written to: how often each school is helped (w,), and by
    whom (w, l), in the best window.
    """
    found = _evaluated(sets, cost, most, weights, window, below, count, chosen)
    return Least(found[0], found[1], found[2], Window(*found[3:]))
