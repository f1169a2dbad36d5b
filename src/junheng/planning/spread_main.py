"""The main program of a search for a plan within limits of spread: its relaxation, the ranges of its means, its plans.

What is known of it grows: tangents of the limits, cuts of the part that is left to linear programs (spread_blocks.py), and, once it is
said what a plan may cost at most, the states of every school (spread_states.py), which hold for plans that cost no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import Outcome
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import compressed, times
from junheng.planning.spread import Spread, first_tangents
from junheng.planning.spread_blocks import Apart, Part, Run
from junheng.planning.spread_states import Lift, Range, stacked, states_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_ROUNDS, _ASKED, _AGAIN, _MENDED = 100, 15, 8, 25
_NEAR = 0.95  # a coefficient at this share of its limit in the relaxation gets its states
_SLOPES = (0.3, 1.0, 3.0, 9.0, 27.0, 81.0)  # of a cost along a mean: times the cost of a plan
_SLACK = 1e-6  # of the mean's range
_TIGHT = 1e-2  # tangents of the relaxation nearer than this go into the engine
_LEARNED = 2e-5  # of the cost: what the part must cost more than the main program knows to be worth a cut
_INNER = 0.7  # of the decisions asked about before, in those asked about next
_RISEN = 1e-7  # of the cost: a round that brings less is the last, once the limits are kept but for rounding
_WHOLE, _COUNTED = 1e-6, 1e-3


@dataclass
class Main:
    """A program over all columns, of which a part may be left to linear programs; then it has one more column, the part's cost."""

    arrays: Arrays
    spreads: tuple[Spread, ...]
    decisions: Mask
    run: Run
    seed: int
    how: Apart | None = None
    part: Part | None = None
    added: list[Rows] = field(default_factory=list)
    must: list[Rows] = field(default_factory=list)  # those that plans in whole numbers broke, which the relaxation need not touch
    cuts: list[Rows] = field(default_factory=list)  # of the part
    relaxed: Outcome | None = None
    lift: Lift | None = None
    ranges: list[Range] = field(default_factory=list)
    plain: HighsSession | None = None  # the relaxation without states, and with them
    sharp: HighsSession | None = None
    sharp_plan: Floats | None = None
    asked: Floats | None = None  # the decisions about which the part was asked
    enough: float = np.inf  # a bound with which the search ends
    narrow: float = 0.0  # ranges of this share of the mean need not be made narrower
    most: float = np.inf  # what is held of ranges and totals holds for plans that cost at most so much

    def __post_init__(self) -> None:
        """Add to the program how many there are together of what costs the same each: that is a whole number, too."""
        self.first = len(self.arrays.cost)
        self.alike = _alike(self.arrays)
        self.arrays = _with_totals(self.arrays, self.alike)
        self.decisions = np.append(self.decisions, np.zeros(len(self.alike), dtype=np.bool_))

    def forget(self) -> None:
        """Take back what holds only for plans that cost at most so much."""
        self.lift, self.sharp, self.sharp_plan, self.most = None, None, None, np.inf
        self.arrays.lower[self.first :], self.arrays.upper[self.first :] = -np.inf, np.inf

    @property
    def size(self) -> int:
        """Return how much has been learned."""
        return sum(len(each) for each in (self.added, self.must, self.cuts)) + (0 if self.lift is None else self.lift.size)

    def settle(self) -> Outcome:
        """Solve the relaxation until it keeps every limit."""
        session = HighsSession(self.arrays.relaxed(), seed=self.seed, presolve=False, light=True)
        grid = [rows for rows in first_tangents(self.spreads, len(self.arrays.cost)) if len(rows)]
        for rows in grid:
            session.add_rows(rows)
        self.added, self.plain = grid, session
        self.relaxed = self._settled(session)
        return self.relaxed

    def _settled(self, session: HighsSession, asked: int = _ASKED) -> Outcome:
        """Solve a relaxation anew until it keeps every limit and the part, asked so often at most, says nothing new."""
        outcome, before = self.run(session, 0.0), -np.inf
        for _ in range(_ROUNDS):
            if outcome.status != "optimal" or outcome.values is None or outcome.objective is None:
                break
            rows = self._learned(outcome.values)
            is_flat = self.sharp is not None and outcome.objective - before <= _RISEN * abs(outcome.objective)
            if not len(rows) or is_flat:
                asked -= 1
                rows = self._of_part(outcome) if asked >= 0 else rows.chosen(np.zeros(0, dtype=np.int64))
            if not len(rows):
                break
            if session is self.sharp and outcome.objective >= self.enough:
                break
            before = outcome.objective
            session.add_rows(rows)
            outcome = self.run(session, 0.0)
        return outcome

    def seen(self, values: Floats) -> None:
        """Keep what a plan of the engine breaks for the next time that it is asked. values: of the program, or of the lifted one."""
        rows = stacked([spread.broken(values, len(self.arrays.cost)) for spread in self.spreads])
        if len(rows):
            self.must.append(rows)
        if self.lift is not None and len(values) > len(self.arrays.cost):
            self.lift.keep(self.lift.broken(values), must=True)

    def _learned(self, values: Floats) -> Rows:
        """Return, and keep, the tangents that values of a relaxation break."""
        plain = [spread.broken(values, len(self.arrays.cost)) for spread in self.spreads]
        self.added += [rows for rows in plain if len(rows)]
        if self.lift is None or len(values) == len(self.arrays.cost):
            return stacked(plain)
        rows = self.lift.broken(values)
        self.lift.keep(rows)
        return stacked([*plain, rows])

    def _of_part(self, outcome: Outcome) -> Rows:
        """Return, and keep, the cut that the part gives to the decisions of a relaxation; none where it says nothing new.

        It is asked near the mean of what was asked before: cuts from there hold for more decisions (in-out, Ben-Ameur and Neto 2007).
        """
        if self.part is None or self.how is None or outcome.values is None:
            return stacked([])
        decided = np.clip(outcome.values[self.how.links], 0, 1)
        self.asked = decided if self.asked is None else _INNER * self.asked + (1 - _INNER) * decided
        for at in (self.asked, decided):
            cut = self.part.answer(at).cut
            if cut is not None and float(cut.excess(outcome.values).max()) > _LEARNED * abs(outcome.objective or 0.0):
                self.cuts.append(cut)
                return cut
        return stacked([])

    def sharpen(self, most: float) -> float:
        """Narrow the ranges of the means for plans that cost at most so much; return what such a plan costs at least."""
        if most > self.most:
            self.forget()
        self.most = most
        self.lift = self.lift or self._begun()
        if self.lift is None:
            return -np.inf
        if not self._narrow(most):
            return most
        if not all(np.isfinite(high) for _, high in self.ranges):
            self.forget()
            return -np.inf
        return min(most, self._sharpened(most))

    def _sharpened(self, most: float) -> float:
        """Solve the relaxation with states; return what a plan that costs at most so much costs at least."""
        assert self.lift is not None
        self.sharp = HighsSession(self.lift.lifted(self.ranges).relaxed(), seed=self.seed, presolve=False, light=True)
        for rows in (*self.added, *self.must, *self.cuts, *self.lift.kept, *self.lift.must):
            self.sharp.add_rows(rows)
        outcome = self._settled(self.sharp)
        if outcome.status != "optimal" or outcome.values is None:
            return most if outcome.status == "infeasible" else -np.inf
        self.sharp_plan = outcome.values
        return outcome.bound if outcome.bound >= min(most, self.enough) else max(outcome.bound, self._counted(most))

    def _counted(self, most: float) -> float:
        """Tell totals that are no whole number up or down; return what a plan costs at least that does not cost more than `most`."""
        assert self.sharp_plan is not None
        least = -np.inf
        for place in range(self.first, len(self.arrays.cost)):
            now = float(self.sharp_plan[place])
            if abs(now - np.rint(now)) < _COUNTED:
                continue
            sides = ((self.arrays.lower[place], np.floor(now)), (np.ceil(now), self.arrays.upper[place]))
            found = [self._counted_within(place, side, most) for side in sides]
            least = max(least, min(found))
            held = [side for side, bound in zip(sides, found, strict=True) if bound < most]
            if not held:
                return most
            self._hold(place, (held[0][0], held[-1][1]))
            self.arrays.lower[place], self.arrays.upper[place] = held[0][0], held[-1][1]
        return least

    def _counted_within(self, place: int, side: Range, most: float) -> float:
        assert self.sharp is not None
        self._hold(place, side)
        outcome = self._settled(self.sharp, 0)
        if outcome.status == "optimal" and outcome.bound < most:
            self.sharp_plan = outcome.values
        return {"optimal": outcome.bound, "infeasible": np.inf}.get(outcome.status, -np.inf)

    def _hold(self, place: int, side: Range) -> None:
        assert self.sharp is not None
        self.sharp.bound_columns(np.array([place]), np.array([side[0]]), np.array([side[1]]))

    def _begun(self) -> Lift | None:
        """Find the states of the limits that bind; None where none does."""
        values = None if self.relaxed is None else self.relaxed.values
        near = [] if values is None else [one for one in self.spreads if one.coefficient(values) >= _NEAR * one.limit]
        if not near:
            return None
        self.ranges = [(0.0, np.inf)] * len(near)
        self.sharp = self.plain
        return Lift(self.arrays, tuple(states_of(self.arrays, one, self.decisions) for one in near))

    def _narrow(self, most: float) -> bool:
        """Narrow the range of each mean in plans that cost at most so much; False where there is none.

        The least of cost + slope T is a line below what a plan of any mean T costs; where the line is above `most` there is no plan.
        Slopes are tried from flat to steep, each a short way from the one before.
        """
        assert self.lift is not None
        assert self.sharp is not None
        for place, of in enumerate(self.lift.states):
            mean = of.spread.mean.columns
            for sign in (1.0, -1.0):
                for slope in sign * abs(most) * np.array(_SLOPES):
                    low, high = self.ranges[place]
                    if high - low < self.narrow * low:
                        break
                    self.sharp.cost_columns(mean, np.array([slope]))
                    outcome = self.run(self.sharp, 0.0)
                    if outcome.status == "infeasible":
                        return False
                    end = (outcome.bound - most) / slope if outcome.status == "optimal" else -sign * np.inf
                    self.ranges[place] = (max(low, end - _SLACK), high) if sign > 0 else (low, min(high, end + _SLACK))
                    if self.ranges[place] == (low, high):
                        break
            self.sharp.cost_columns(mean, np.zeros(1))
        return all(low <= high for low, high in self.ranges)

    def searched(self, whole: Mask, wanted: float, start: Floats | None, *, near: bool = False) -> Outcome:
        """Ask the engine for a plan in whole numbers and for a bound.

        near: only among plans that decide as the relaxation does where that is not undecided; the bound is then none.
        """
        base = self.arrays if self.lift is None else self.lift.lifted(self.ranges)
        chosen = np.zeros(len(base.cost), dtype=np.bool_)
        chosen[: len(self.arrays.cost)] = np.append(whole, np.ones(len(self.arrays.cost) - len(whole), dtype=np.bool_))
        plan = self.sharp_plan if self.sharp_plan is not None else None if self.relaxed is None else self.relaxed.values
        base = replace(base, whole=chosen)
        if near and plan is not None:
            decided = plan[: len(self.arrays.cost)]
            sure = np.flatnonzero(self.decisions & (np.abs(decided - np.rint(decided)) < _WHOLE))
            base.lower[sure] = base.upper[sure] = np.rint(plan[sure])
        session = HighsSession(base, seed=self.seed)
        for rows in (*self.added, *(self.lift.kept if self.lift else ())):
            session.add_rows(_tight(rows, plan))
        for rows in (*self.cuts, *self.must, *(self.lift.must if self.lift else ())):
            session.add_rows(rows)
        if start is not None:
            session.start_from(start if self.lift is None else self.lift.values(start))
        return self.run(session, wanted)

    def plan(self, values: Floats, kept: Ints, wanted: float) -> Floats | None:
        """Keep some whole numbers of values and find the others again, within every limit; None where that gives no plan.

        Return a plan of the whole: (columns,) without the part's cost, the part in whole numbers too.
        """
        fixed = np.rint(values[kept])
        lower, upper = self.arrays.lower.copy(), self.arrays.upper.copy()
        lower[kept] = upper[kept] = fixed
        if self.how is not None:
            lower[self.first - 1] = upper[self.first - 1] = 0.0
        found = self._plan(lower, upper, values, wanted) if self._is_counted(values, wanted) else None
        if found is None:
            lower[self.first :], upper[self.first :] = -np.inf, np.inf
            found = self._plan(lower, upper, values, wanted)
        return None if found is None else self._joined(found, wanted)

    def _is_counted(self, values: Floats, wanted: float) -> bool:
        """Return whether what is known of totals helps to find the others: where one thing more costs more than the gap allows."""
        is_held = np.isfinite(self.arrays.upper[self.first :]) | np.isfinite(self.arrays.lower[self.first :])
        one = [float(self.arrays.cost[each[0]]) for each, held in zip(self.alike, is_held, strict=True) if held]
        return bool(one) and max(one) > wanted * abs(float(self.arrays.cost @ values[: len(self.arrays.cost)]))

    def _plan(self, lower: Floats, upper: Floats, values: Floats, wanted: float) -> Floats | None:
        rows = stacked([self.arrays.rows, *(_tight(each, values) for each in (*self.added, *self.must))])
        session = HighsSession(replace(self.arrays, lower=lower, upper=upper, rows=rows), seed=self.seed)
        for _ in range(_AGAIN):
            outcome = self.run(session, wanted)
            if outcome.values is None:
                return None
            broken = stacked([spread.broken(outcome.values, len(self.arrays.cost)) for spread in self.spreads])
            if not len(broken):
                return outcome.values
            self.must.append(broken)
            found = self._mended(lower, upper, outcome.values)
            if found is not None:
                return found
            session.add_rows(broken)
        return None

    def _mended(self, lower: Floats, upper: Floats, values: Floats) -> Floats | None:
        """Keep every whole number and find what comes in parts again, within every limit."""
        whole = np.flatnonzero(self.arrays.whole)
        low, high = lower.copy(), upper.copy()
        low[whole] = high[whole] = np.rint(values[whole])
        rows = stacked([self.arrays.rows, *(_tight(each, values) for each in (*self.added, *self.must))])
        session = HighsSession(replace(self.arrays.relaxed(), lower=low, upper=high, rows=rows), seed=self.seed, presolve=False, light=True)
        for _ in range(_MENDED):
            outcome = self.run(session, 0.0)
            if outcome.status != "optimal" or outcome.values is None:
                return None
            broken = stacked([spread.broken(outcome.values, len(self.arrays.cost)) for spread in self.spreads])
            if not len(broken):
                return outcome.values
            self.must.append(broken)
            session.add_rows(broken)
        return None

    def _joined(self, values: Floats, wanted: float) -> Floats | None:
        if self.part is None or self.how is None:
            return values[: self.first]
        told = self.part.whole(np.rint(values[self.how.links]), wanted)
        if told.cut is not None:
            self.cuts.append(told.cut)
        return None if told.values is None else np.where(self.how.columns, told.values, values[: len(self.how.columns)])

    def with_cost(self, plan: Floats, cost: Floats) -> Floats:
        """Return a plan of the whole as one of this program. cost: (columns,) of the whole."""
        if self.how is not None:
            plan = np.append(np.where(self.how.columns, 0.0, plan), float(cost[self.how.columns] @ plan[self.how.columns]))
        return np.append(plan, [plan[each].sum() for each in self.alike])


def _alike(arrays: Arrays) -> list[Ints]:
    """Return the columns of whole numbers by their cost, where several cost the same: of rooms at 60 each so many are needed in all."""
    whole = np.flatnonzero(arrays.whole & (arrays.cost > 0))
    key = np.stack((arrays.cost[whole], arrays.upper[whole] <= 1), axis=1)
    _, group, size = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    return [whole[group.ravel() == k] for k in range(len(size)) if size[k] > 1]


def _with_totals(arrays: Arrays, totals: list[Ints]) -> Arrays:
    """Return a program with a whole number more for each group of columns: how much they are together, on which the engine may branch."""
    count, more = len(arrays.cost), len(totals)
    column = np.concatenate([np.zeros(0, dtype=np.int64), *(np.append(each, count + k) for k, each in enumerate(totals))])
    value = np.concatenate([np.zeros(0), *(np.append(np.ones(len(each)), -1.0) for each in totals)])
    row = np.repeat(np.arange(more), [len(each) + 1 for each in totals])
    sums = Rows(np.zeros(more), np.zeros(more), compressed(row, column, value, (more, count + more)))
    return Arrays(
        cost=np.append(arrays.cost, np.zeros(more)),
        offset=arrays.offset,
        lower=np.append(arrays.lower, np.full(more, -np.inf)),
        upper=np.append(arrays.upper, np.full(more, np.inf)),
        whole=np.append(arrays.whole, np.ones(more, dtype=np.bool_)),
        rows=stacked([arrays.rows, sums]),
    )


def _tight(rows: Rows, values: Floats | None) -> Rows:
    """Return those of some rows that are tight or nearly so at values, and all without values."""
    if values is None or not len(rows):
        return rows
    if len(rows.entries.column) and int(rows.entries.column.max()) >= len(values):
        return rows
    return rows.chosen(np.flatnonzero(times(rows.entries, values) - rows.lower < _TIGHT * np.maximum(1.0, np.abs(rows.lower))))
