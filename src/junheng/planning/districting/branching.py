"""The proof that no plan is cheaper than a goal: doubtful blocks are put into a zone and out of it, and both cases are looked at.

Every case is a linear program with separators, which are cut anew in it and hold everywhere. Cases of the lowest bound come first, so
what is left when the work runs out is a bound, too.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.separated import Separating

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_ROUNDS = 12  # times that rows are added in a case
_TRIED = 8  # gates of which both cases are tried, and half as many large blocks
_ITERATIONS = 25  # of the simplex method in a try
_BROKEN = 3e-2  # by how much a row is broken before it is added in a case
_WHOLE = 1e-6
_ROUNDING = 1.0 - 1e-7


class _Case(NamedTuple):
    bound: float
    number: int  # of two cases with the same bound the older comes first
    lower: Floats
    upper: Floats
    place: Any  # where the simplex method stood


class Branching:
    """A search over cases; `goal` is what the bound has to reach, `offer` takes plans and may lower the goal."""

    def __init__(self, program: Separating, rule: str, goal: Callable[[], float], offer: Callable[[Ints], bool]) -> None:
        """program: solved at the root."""
        self._program, self._rule, self._goal, self._offer = program, rule, goal, offer
        columns = len(program.block)
        self._open, self._made = [_Case(-np.inf, 0, np.zeros(columns), np.full(columns, np.inf), None)], 0
        self.looks, self.last_goal = 0, goal()

    def bound(self, looks: int, stop: Callable[[], bool]) -> float:
        """Go on for so many looks at linear programs; return what no plan falls below, the goal at the most."""
        last, self.last_goal = self.looks + looks, self._goal()
        while self._open and self._open[0].bound < self._goal() and self.looks < last and not stop():
            for bound, lower, upper, place in self._divided(heapq.heappop(self._open)):
                self._made += 1
                heapq.heappush(self._open, _Case(bound, self._made, lower, upper, place))
        return min(self._goal(), self._open[0].bound) if self._open else self._goal()

    def narrow(self, may: Mask) -> None:
        """Leave pairs out that no plan cheaper than the goal can have. may: (blocks, zones) the others."""
        out = ~may[self._program.block, self._program.zone]
        self._open = [case._replace(upper=np.where(out, 0.0, case.upper)) for case in self._open if not (case.lower[out] > 0).any()]
        heapq.heapify(self._open)

    def _divided(self, case: _Case) -> list[tuple[float, Floats, Floats, Any]]:
        """Solve a case, and return the two that it is divided into; none where no plan in it is cheaper than the goal."""
        session, program = self._program.session, self._program
        lower, upper = case.lower.copy(), case.upper.copy()
        session.bound_columns(np.arange(len(lower)), lower, upper)
        if case.place is not None:
            session.go_back(case.place)
        while self._solved():
            self._settle(lower, upper)
            doubtful = self._doubtful()
            if not len(doubtful):
                if program.separate(self._rule, _BROKEN):
                    continue
                self._offer(program.plan())
                break
            pair, gains = self._tried(doubtful, lower, upper)
            ahead = [value for value in (0, 1) if gains[value] < np.inf]
            if len(ahead) == 1:
                lower[pair] = upper[pair] = ahead[0]
                session.bound_columns(np.array([pair]), lower[[pair]], upper[[pair]])
                continue
            return [(gains[value], *self._with(pair, value, lower, upper), session.place()) for value in ahead]
        return []

    def _solved(self) -> bool:
        """Return whether a plan in the case may be cheaper than the goal."""
        before = self._program.cuts
        lawful = self._program.solve(self._rule, self._goal() / _ROUNDING, _ROUNDS, _BROKEN)
        self.looks += 1 + (self._program.cuts > before)
        return lawful and self._program.objective * _ROUNDING < self._goal()

    def _settle(self, lower: Floats, upper: Floats) -> None:
        """Rule out the pairs that would cost too much."""
        program = self._program
        more = program.more_with_ways(self._rule, upper > 0)
        out = np.flatnonzero((more * _ROUNDING >= self._goal() - program.objective * _ROUNDING) & (upper > lower))
        out = out[program.values[out] < _WHOLE]
        upper[out] = 0.0
        if len(out):
            program.session.bound_columns(out, lower[out], upper[out])

    def _doubtful(self) -> Ints:
        """Return pairs that are divided, those first of which much depends: gates, at which ways are paid for, then large blocks.

        A gate may have few pupils: what hangs on it are all those behind it.
        """
        program = self._program
        apart = np.minimum(program.values, 1.0 - program.values)
        apart[apart <= _WHOLE] = 0.0
        at_gate: Ints = np.argsort(-apart * program.paid_for_ways(), kind="stable")[:_TRIED]
        large: Ints = np.argsort(-apart * np.sqrt(program.district.pupils[program.block] + 1.0), kind="stable")[: _TRIED // 2]
        first = np.r_[at_gate, large[~np.isin(large, at_gate)]]
        found: Ints = first[apart[first] > 0]
        return found

    def _tried(self, doubtful: Ints, lower: Floats, upper: Floats) -> tuple[int, tuple[float, float]]:
        """Try both cases of some pairs a little; return the pair that tells most, with the bounds of its cases, inf where one is out."""
        session, base, place = self._program.session, self._program.objective, self._program.session.place()
        best, most = (int(doubtful[0]), (base * _ROUNDING, base * _ROUNDING)), -1.0
        for pair in doubtful.tolist():
            (out, less), (into, more) = self._try(pair, 0.0, base), self._try(pair, 1.0, base)
            session.bound_columns(np.array([pair]), lower[[pair]], upper[[pair]])
            session.go_back(place)
            gain = max(less - base, 1.0) * max(more - base, 1.0)
            if gain > most:
                best, most = (pair, (out, into)), gain
            if gain == np.inf:
                break
        return best

    def _try(self, pair: int, value: float, base: float) -> tuple[float, float]:
        """Return the bound of a case, inf where no plan in it is cheaper than the goal, and what it seems to come to."""
        session = self._program.session
        session.bound_columns(np.array([pair]), np.array([value]), np.array([value]))
        status, objective = session.look(_ITERATIONS)
        self.looks += 1
        if status == "infeasible" or (status == "optimal" and objective * _ROUNDING >= self._goal()):
            return np.inf, np.inf
        return max(objective * _ROUNDING, base * _ROUNDING) if status == "optimal" else base * _ROUNDING, max(objective, base)

    def _with(self, pair: int, value: int, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        lower, upper = lower.copy(), upper.copy()
        if value:
            upper[self._program.block == self._program.block[pair]] = 0.0
        lower[pair] = upper[pair] = value
        return lower, upper
