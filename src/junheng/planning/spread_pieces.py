"""The cheapest plan within limits of spread while pupils move: plans by the tangent of the square of the mean, a bound by its chord.

1. Plans. Near the means of a relaxation everything that keeps the tangent keeps the limit: the engine is asked for whole numbers there,
   and what it finds is mended in parts until every limit holds.
2. Ranges. A piece at the end of a mean's range, with a chord of its own, of which the relaxation costs more than the best plan is cut
   off; so the ranges close in on the means of good plans and the chords on the square.
3. A bound. The engine is asked within the chords. What it finds there gives means for another plan; where the chords are what keeps the
   bound low, the range that is off by most is split, and both pieces are asked. The bound is the least of all pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import Outcome
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import times
from junheng.planning.spread import Spread, first_tangents
from junheng.planning.spread_moving import MovingSpread, Range
from junheng.planning.spread_states import stacked

Floats = NDArray[np.float64]
Run = Callable[[HighsSession, float], Outcome]  # runs a session to a gap, within what work is left
Box = tuple[Range, ...]  # of the means of the limits of moving pupils

_ROUNDS, _FLAT = 60, 1e-7  # of a relaxation that is solved anew; a round that brings less of the cost is the last
_CENTRED, _AT = 8, 1e-4  # times that means are taken anew, and a change that is none
_TIGHT = 1e-2  # tangents of the relaxation nearer than this go into the engine
_PART, _LEAST, _PASSES = 0.25, 2e-3, 2  # of a range that is looked at in one go, that is worth it; times that all ranges are
_FINE = 0.05  # of a range: smaller pieces are not looked at
_MENDED = 6
_OFF = 1e-9  # of the square of a mean: a chord that is off by less is as good as the square
_SLOPES = (0.1, 0.3, 1.0, 3.0, 9.0)


@dataclass
class Pieces:
    """A program with limits of moving pupils, and what has been learned of it."""

    arrays: Arrays
    spreads: tuple[Spread, ...]
    run: Run
    seed: int
    added: list[Rows] = field(default_factory=list)  # tangents: they hold for ever

    def __post_init__(self) -> None:
        """Take the first tangents."""
        self.columns = len(self.arrays.cost)
        self.moving = tuple(spread for spread in self.spreads if isinstance(spread, MovingSpread))
        self.added = [rows for rows in first_tangents(self.spreads, self.columns) if len(rows)]

    def means(self, values: Floats) -> Floats:
        """Return the means of the limits of moving pupils."""
        return np.array([float(values[one.mean.columns[0]]) for one in self.moving])

    def whole(self) -> Box:
        """Return the box of all plans."""
        means = [int(one.mean.columns[0]) for one in self.moving]
        return tuple((float(self.arrays.lower[mean]), float(self.arrays.upper[mean])) for mean in means)

    def split(self, box: Box, values: Floats | None) -> tuple[Box, ...]:
        """Return a box in two, where the chord of a limit that values break is off by most; none where values keep every limit.

        Where the tangents that the values broke, which are kept by now, are off by more, it is the same box again.
        """
        if values is None:
            return ()
        means = self.means(values)
        off = [
            0.0 if one.is_kept(values) or not np.isfinite(high) else (mean - low) * (high - mean)
            for one, mean, (low, high) in zip(self.moving, means, box, strict=True)
        ]
        short = max([0.0, *(self._short(one, values) for one in self.spreads)])
        place = int(np.argmax(off))
        if max(short, off[place]) <= _OFF:
            return ()
        if short > off[place]:
            return (box,)
        low, high = box[place]
        middle = float(np.clip(means[place], low + _PART * (high - low), high - _PART * (high - low)))
        return tuple((*box[:place], piece, *box[place + 1 :]) for piece in ((low, middle), (middle, high)))

    def _short(self, one: Spread, values: Floats) -> float:
        """Return by how much the squares of a limit are lower than they must be; 0 where the limit is kept."""
        if one.is_kept(values):
            return 0.0
        each, part = values[one.value.columns], values[one.part.columns]
        over = values[one.weight.columns] if isinstance(one, MovingSpread) else np.full(len(each), float(values[one.mean.columns[0]]))
        return float(one.shares @ np.maximum(0.0, each**2 / over - part))

    def relaxed(self, box: Box | None = None) -> tuple[HighsSession, Outcome]:
        """Solve the relaxation, within the chords of a box if there is one."""
        session = HighsSession(self.arrays.relaxed(), seed=self.seed, presolve=False, light=True)
        for rows in self.added:
            session.add_rows(rows)
        if box is not None:
            self._within(session, box)
        return session, self.settled(session)

    def _within(self, session: HighsSession, box: Box) -> None:
        for one, between in zip(self.moving, box, strict=True):
            self._hold(session, one, between)
            if np.isfinite(between[1]):
                session.add_rows(one.above(between, self.columns))

    def _hold(self, session: HighsSession, one: MovingSpread, between: Range) -> None:
        session.bound_columns(one.mean.columns, np.array([between[0]]), np.array([between[1]]))

    def settled(self, session: HighsSession, enough: float = np.inf) -> Outcome:
        """Solve a relaxation anew until it breaks no tangent, or costs enough."""
        outcome, before = self.run(session, 0.0), -np.inf
        for _ in range(_ROUNDS):
            if outcome.status != "optimal" or outcome.values is None or outcome.bound >= enough:
                break
            if outcome.bound - before <= _FLAT * abs(outcome.bound):
                break
            rows = self._broken(outcome.values)
            if not len(rows):
                break
            before = outcome.bound
            session.add_rows(rows)
            outcome = self.run(session, 0.0)
        return outcome

    def _broken(self, values: Floats) -> Rows:
        rows = stacked([spread.broken(values, self.columns) for spread in self.spreads])
        if len(rows):
            self.added.append(rows)
        return rows

    def centred(self, values: Floats) -> Floats:
        """Return a cheapest plan in parts that is its own centre: where the tangent at its means is what keeps the limits."""
        for _ in range(_CENTRED):
            session = HighsSession(self.arrays.relaxed(), seed=self.seed, presolve=False, light=True)
            for rows in (*self.added, *self._safe(values)):
                session.add_rows(rows)
            outcome = self.settled(session)
            if outcome.status != "optimal" or outcome.values is None:
                return values
            moved = np.abs(self.means(outcome.values) / np.maximum(self.means(values), _AT) - 1).max()
            values = outcome.values
            if moved < _AT:
                break
        return values

    def _safe(self, values: Floats) -> list[Rows]:
        return [one.below(mean, self.columns) for one, mean in zip(self.moving, self.means(values), strict=True)]

    def planned(self, near: Floats, wanted: float, start: Floats | None) -> Floats | None:
        """Return a plan in whole numbers near the means of some values, within every limit; None where none is found."""
        rows = stacked([self.arrays.rows, *(tight(each, near) for each in self.added), *self._safe(near)])
        session = HighsSession(replace(self.arrays, rows=rows), seed=self.seed)
        if start is not None:
            session.start_from(start)
        for _ in range(_MENDED):
            outcome = self.run(session, wanted)
            if outcome.values is None:
                return None
            broken = self._broken(outcome.values)
            if not len(broken):
                return outcome.values
            found = self._mended(outcome.values)
            if found is not None:
                return found
            session.add_rows(broken)
        return None

    def _mended(self, values: Floats) -> Floats | None:
        """Keep every whole number and find what comes in parts again, within every limit."""
        whole = np.flatnonzero(self.arrays.whole)
        lower, upper = self.arrays.lower.copy(), self.arrays.upper.copy()
        lower[whole] = upper[whole] = np.rint(values[whole])
        rows = stacked([self.arrays.rows, *(tight(each, values) for each in self.added), *self._safe(values)])
        fixed = replace(self.arrays.relaxed(), lower=lower, upper=upper, rows=rows)
        outcome = self.settled(HighsSession(fixed, seed=self.seed, presolve=False, light=True))
        if outcome.status != "optimal" or outcome.values is None:
            return None
        return outcome.values if all(spread.is_kept(outcome.values) for spread in self.spreads) else None

    def bounded(self, box: Box, wanted: float, near: Floats) -> Outcome:
        """Ask the engine within the chords of a box; its bound is one for every plan of which the means lie there."""
        lower, upper = self.arrays.lower.copy(), self.arrays.upper.copy()
        for one, (low, high) in zip(self.moving, box, strict=True):
            lower[one.mean.columns], upper[one.mean.columns] = low, high
        chords = [one.above(between, self.columns) for one, between in zip(self.moving, box, strict=True) if np.isfinite(between[1])]
        rows = stacked([self.arrays.rows, *(tight(each, near) for each in self.added), *chords])
        outcome = self.run(HighsSession(replace(self.arrays, lower=lower, upper=upper, rows=rows), seed=self.seed), wanted)
        if outcome.values is not None:
            self._broken(outcome.values)
        return outcome

    def narrowed(self, box: Box, most: float) -> Box | None:
        """Cut off of the ranges what costs `most` at least, as the relaxation sees it; None where nothing is left."""
        found = self._by_cost(box, most)
        if found is None:
            return None
        held = list(found)
        session, outcome = self.relaxed(tuple(held))
        if outcome.status == "infeasible" or (outcome.status == "optimal" and outcome.bound >= most):
            return None
        for _ in range(_PASSES):
            before = list(held)
            if not self._round(session, held, outcome.values, most):
                return None
            outcome = self.settled(session)
            if outcome.status == "infeasible":
                return None
            if max(_width(old) - _width(new) for old, new in zip(before, held, strict=True)) < _LEAST:
                break
        return tuple(held)

    def _round(self, session: HighsSession, held: list[Range], values: Floats | None, most: float) -> bool:
        """Cut at both ends of the range of each limit that binds; False where nothing is left of one."""
        for place, one in enumerate(self.moving):
            if values is not None and self._is_loose(one, values):
                continue  # a limit that does not bind is none the better known for a narrow range
            for side in (0, 1):
                held[place] = self._shaved(held, place, side, most)
                if held[place][0] > held[place][1]:
                    return False
            self._hold(session, one, held[place])
            session.add_rows(one.above(held[place], self.columns))
        return True

    @staticmethod
    def _is_loose(one: MovingSpread, values: Floats) -> bool:
        return one.coefficient(values) < one.limit * (1 - 1e-6)

    def _by_cost(self, box: Box, most: float) -> Box | None:
        """Narrow ranges by the least of cost + slope times the mean: a line below what a plan of any mean costs."""
        session, outcome = self.relaxed(box)
        if outcome.status == "infeasible":
            return None
        held = list(box)
        for place, one in enumerate(self.moving):
            for sign in (1.0, -1.0):
                for slope in sign * max(abs(most), 1.0) * np.array(_SLOPES):
                    session.cost_columns(one.mean.columns, np.array([slope]))
                    outcome = self.run(session, 0.0)
                    if outcome.status != "optimal":
                        continue
                    low, high = held[place]
                    end = (outcome.bound - most) / slope
                    held[place] = (max(low, end), high) if sign > 0 else (low, min(high, end))
            session.cost_columns(one.mean.columns, np.zeros(1))
        return None if any(low > high for low, high in held) else tuple(held)

    def _shaved(self, box: Sequence[Range], place: int, side: int, most: float) -> Range:
        """Cut pieces off one end of one range as long as the relaxation within their own chords costs `most` at least."""
        low, high = box[place]
        part = _PART
        while high - low > _LEAST * low and part > _FINE:
            cut = (high - low) * part
            piece = (low, low + cut) if side == 0 else (high - cut, high)
            session, _ = self._asked(box, place, piece)
            outcome = self.settled(session, most)
            if outcome.status == "infeasible" or (outcome.status == "optimal" and outcome.bound >= most):
                low, high = (piece[1], high) if side == 0 else (low, piece[0])
            else:
                part /= 2
        return low, high

    def _asked(self, box: Sequence[Range], place: int, piece: Range) -> tuple[HighsSession, Box]:
        within = tuple(piece if k == place else between for k, between in enumerate(box))
        session = HighsSession(self.arrays.relaxed(), seed=self.seed, presolve=False, light=True)
        for rows in self.added:
            session.add_rows(rows)
        self._within(session, within)
        return session, within


def _width(between: Range) -> float:
    return between[1] - between[0]


def tight(rows: Rows, values: Floats) -> Rows:
    """Return those of some rows that are tight or nearly so at values."""
    if not len(rows):
        return rows
    return rows.chosen(np.flatnonzero(times(rows.entries, values) - rows.lower < _TIGHT * np.maximum(1.0, np.abs(rows.lower))))
