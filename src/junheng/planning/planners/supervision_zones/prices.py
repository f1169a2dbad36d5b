"""A bound on every plan from prices: what a school pays to be in a zone, and what a seat pays for each pupil of its zone.

At given prices each seat takes the schools that are worth most to it, between the least and the most of a zone; the best seats are picked.
Connections are left out, so the bound holds whatever "connected" means. Whoever doubts it evaluates `value_at` once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUNDS, _PATIENCE, _SHORTER, _SHORTEST = 3000, 20, 0.8, 1e-3
_STEADY = 0.7  # how much of the last direction stays
_HOPED = 1.02  # times the bound so far, where no plan is known
_BARRED = 1e8  # what no way costs
_OWN = -1e15  # a seat is in its own zone
_ROUNDING = 1e-6


class Limits(NamedTuple):
    """Zones, and the least and most schools and pupils of each."""

    zones: int
    schools: tuple[int, int]
    pupils: tuple[float, float]


class Prices(NamedTuple):
    """A bound, and what proves it."""

    bound: float
    school: Floats  # (schools,)
    load: Floats  # (seats,) of one average school's pupils
    forced: Floats  # (seats, schools) the bound if that school were in that seat's zone


class _Worth(NamedTuple):
    value: float
    seats: Ints  # picked
    of_seat: Floats  # (seats,) what each costs
    order: Ints  # (seats, most) schools by what they cost the seat
    is_taken: NDArray[np.bool_]  # (seats, most)
    cost: Floats  # (seats, schools) at the prices
    edge: Floats  # (seats,) what one more school may cost before it changes nothing


def value_at(cost: Floats, pupils: Floats, limits: Limits, school: Floats, load: Floats) -> float:
    """Return the bound that prices prove. cost: (seats, schools); pupils: (schools,); school, load: prices."""
    return _worth(cost, pupils / _mean(pupils), _scaled(limits, pupils), school, load).value


def ascend(cost: Floats, pupils: Floats, limits: Limits, aim: float | None = None, stopped: Callable[[], bool] | None = None) -> Prices:
    """Return prices that prove a high bound; aim: what a plan costs that is known; stopped: asked between rounds.

    The same input gives the same prices.
    """
    weight, limits = pupils / _mean(pupils), _scaled(limits, pupils)
    school = np.sort(cost, axis=0)[min(2, len(cost) - 1)] + 1.0
    school[school >= _BARRED] = 0.0
    load, best, stalled, step = np.zeros(len(cost)), None, 0, 1.0
    up, shift = np.zeros(len(cost)), np.zeros(len(cost))
    dearest = float(np.where(cost < _BARRED, cost, 0.0).max(axis=0).sum())  # of any plan: a bound above it proves that there is none
    for _ in range(_ROUNDS):
        now = _worth(cost, weight, limits, school, load)
        if best is None or now.value > best[0].value + _ROUNDING:
            best, stalled = (now, school, load), 0
        else:
            stalled += 1
        if stalled >= _PATIENCE:
            step, stalled = step * _SHORTER, 0
            _, school, load = best
        now_up, now_shift = _direction(now, weight, limits, load)
        up, shift = now_up + _STEADY * up, now_shift + _STEADY * shift
        size = float(up @ up + shift @ shift)
        if step < _SHORTEST or size == 0 or best[0].value > dearest or (stopped and stopped()):
            break
        lacking = (_HOPED * best[0].value if aim is None else aim) - now.value
        way = step * min(max(1.0, lacking), abs(best[0].value) + 1.0) / size  # far below the best a step says little
        school, load = school + way * up, load + way * shift
    if best is None:
        raise ValueError("no round was allowed")
    worth, school, load = best
    return Prices(worth.value, school, load, _forced(worth, limits))


def _mean(pupils: Floats) -> float:
    return float(pupils.mean()) or 1.0


def _scaled(limits: Limits, pupils: Floats) -> Limits:
    mean = _mean(pupils)
    return Limits(limits.zones, limits.schools, (limits.pupils[0] / mean, limits.pupils[1] / mean))


def _worth(cost: Floats, weight: Floats, limits: Limits, school: Floats, load: Floats) -> _Worth:
    least, most = limits.schools
    seat = np.arange(len(cost))
    at_prices = cost - school + load[:, None] * weight
    own = at_prices[seat, seat].copy()
    at_prices[seat, seat] = _OWN
    order = np.argsort(at_prices, axis=1, kind="stable")[:, :most]
    values = np.take_along_axis(at_prices, order, axis=1)
    values[:, 0] = own
    is_taken = np.ones(values.shape, dtype=np.bool_)
    is_taken[:, least:] = values[:, least:] < 0
    of_seat = (values * is_taken).sum(axis=1) - np.where(load > 0, load * limits.pupils[1], load * limits.pupils[0])
    seats = np.argsort(of_seat, kind="stable")[: limits.zones]
    count = is_taken.sum(axis=1)
    last = values[seat, count - 1]
    edge = np.where(count == most, last, np.where(count <= least, np.maximum(last, 0.0), 0.0))
    return _Worth(float(school.sum() + of_seat[seats].sum()), seats, of_seat, order, is_taken, at_prices, edge)


def _direction(now: _Worth, weight: Floats, limits: Limits, load: Floats) -> tuple[Floats, Floats]:
    """Return where the prices go up: a school in no zone pays more, one in two pays less; so do pupils beyond the limits."""
    inside = np.zeros(now.cost.shape)
    for seat in now.seats:
        inside[seat, now.order[seat][now.is_taken[seat]]] = 1.0
    has = (inside @ weight)[now.seats]
    price = load[now.seats]
    aim = np.where(price > 0, limits.pupils[1], np.where(price < 0, limits.pupils[0], np.clip(has, *limits.pupils)))
    shift = np.zeros(len(load))
    shift[now.seats] = has - aim
    return 1.0 - inside.sum(axis=0), shift


def _forced(worth: _Worth, limits: Limits) -> Floats:
    last = np.sort(worth.of_seat)[limits.zones - 1]
    seat = np.maximum(0.0, worth.of_seat - last)
    school = np.where(worth.cost <= _OWN, 0.0, np.maximum(0.0, worth.cost - worth.edge[:, None]))
    forced: Floats = worth.value + seat[:, None] + school
    return forced
