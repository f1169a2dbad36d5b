"""Ranges of means narrowed for plans that cost at most so much: piece by piece from the ends, by chords and by parabolas.

A piece at the end of a range has a chord of its own; where the program within it costs too much, no plan has its mean there. Where it does
not, its prices still give parabolas (spread_master.py), of which each cuts off the means where it is high.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from junheng.planning.spread_master import Master
from junheng.planning.spread_moving import Range

Floats = NDArray[np.float64]

_LINES = (1e-3, 1e-2, 0.03, 0.1, 0.2, 0.4, 0.8, 1.6)  # of the most: costs of one more of a mean
_SQUARES = (0.5, 1.0, 2.0)  # times the price of squares where the limit binds
_INSIDE = (0.14, 0.4)  # of the way from the end of a range to its middle: where a parabola is highest
_STEPS, _WORTH = 30, 0.02  # parabolas at one end; the part of the range that one must cut off
_PIECES = (0.8, 0.6, 0.35, 0.14)  # of the way from an end to the middle
_ROUNDS, _NEAR = 8, 2e-4
_PASSES = 4
_WIDE = 0.05  # of a mean: a range that loses next to nothing when it is so wide is left alone


class Narrowing:
    """Ranges of the means of plans that cost less than `most`."""

    def __init__(self, master: Master, hints: Floats, middle: Floats, most: float) -> None:
        """hints: by item, what squares are worth where the limits bind; middle: means of a good plan."""
        self._master, self._middle, self._most = master, middle, most
        self._hint = np.array([float(hints[k]) for k in master.limited])
        self.ranges: list[Range] = [(0.0, np.inf)] * len(master.limited)

    def lost(self, turn: int) -> float:
        """Return by how much a bound is the lower for the range of a mean."""
        low, high = self.ranges[turn]
        if not self._hint[turn]:
            return 0.0
        return float(self._hint[turn] * self._master.factor[turn] * (high - self._middle[turn]) * (self._middle[turn] - low))

    def passes(self, allowed: float) -> Iterator[None]:
        """Narrow until each range loses no more than is allowed, or nothing more is found; yield each time that all were looked at."""
        self._master.hold(self.ranges)
        self._master.settle(_NEAR, rounds=_ROUNDS)
        worth = self._hint * self._master.factor * self._middle**2
        order = [int(turn) for turn in np.argsort(-worth) if worth[turn] * _WIDE**2 > allowed / 10]
        for turn in order:
            self._lines(turn)
        for _ in range(_PASSES):
            before = list(self.ranges)
            for turn in order:
                for side in (1, 0):
                    self._side(turn, side, allowed)
            self._master.hold(self.ranges)
            yield
            if all(self.lost(turn) <= allowed for turn in order) or before == self.ranges:
                break

    def _others(self, turn: int) -> float:
        found = self._master.best
        if found is None:  # the work ran out
            return -np.inf
        return float(sum(self._master.added(found.prices, place, each) for place, each in enumerate(self.ranges) if place != turn))

    def _lines(self, turn: int) -> None:
        """Find above which mean a plan costs too much whatever its squares."""
        found, (low, high) = self._master.best, self.ranges[turn]
        if found is None or np.isfinite(high) or not np.isfinite(self._others(turn)):
            return
        told, middle = self._master.alone(found, turn), float(self._middle[turn])
        most = self._most - self._others(turn)
        for share in _LINES:
            slope = share * abs(self._most) / middle
            rest = told(0.0, slope)
            if np.isfinite(rest):
                high = min(high, max(middle, (most - rest) / slope))
        self.ranges[turn] = (low, high)

    def _side(self, turn: int, side: int, allowed: float) -> None:
        """Cut off what can be at one end of one range."""
        middle = float(self._middle[turn])
        for part in _PIECES:
            while self.lost(turn) > allowed:
                end = self.ranges[turn][side]
                if not np.isfinite(end) or abs(end - middle) < 1e-4 * middle:
                    return
                inner = end + part * (middle - end)
                if not self._is_dear(turn, (min(end, inner), max(end, inner))):
                    break
                self._put(turn, side, inner)
            end = self.ranges[turn][side]
            cut = self._curved(turn, end)
            if abs(cut - end) > _WORTH * abs(middle - end):
                self._put(turn, side, cut)

    def _put(self, turn: int, side: int, end: float) -> None:
        low, high = self.ranges[turn]
        self.ranges[turn] = (low, end) if side else (end, high)

    def _is_dear(self, turn: int, piece: Range) -> bool:
        self._master.hold([piece if place == turn else each for place, each in enumerate(self.ranges)])
        self._master.settle(_NEAR, self._most, _ROUNDS)
        return self._master.bound >= self._most

    def _curved(self, turn: int, end: float) -> float:
        """Return the end of a range, moved towards its middle as far as parabolas cost too much."""
        found, middle = self._master.best, float(self._middle[turn])
        others = self._others(turn)
        if found is None or not np.isfinite(others) or not self._hint[turn]:
            return end
        told, most = self._master.alone(found, turn), self._most - others
        whole = abs(end - middle)
        for _ in range(_STEPS):
            nearest = self._once(told, turn, end, most)
            if abs(nearest - end) < _WORTH * whole:
                return nearest
            end = nearest
        return end

    def _once(self, told: Callable[[float, float], float], turn: int, end: float, most: float) -> float:
        middle, factor = float(self._middle[turn]), float(self._master.factor[turn])
        nearest = end
        for square in (float(self._hint[turn]) * each for each in _SQUARES):
            for inside in _INSIDE:
                top, curve = end + inside * (middle - end), square * factor
                over = told(square, 2 * curve * top) + curve * top**2 - most
                reach = (max(over, 0.0) / curve) ** 0.5
                if over > 0 and reach >= abs(top - end):
                    new = top + float(np.sign(middle - end)) * reach
                    new = min(new, middle) if middle > end else max(new, middle)
                    nearest = new if abs(new - middle) < abs(nearest - middle) else nearest
        return nearest
