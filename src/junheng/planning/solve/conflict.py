"""Why there is no plan: a smallest set of rules that cannot hold together, and what it would take to let them give way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.solve.answers import Impossible, Relaxation
from junheng.planning.solve.arrays import Arrays
from junheng.planning.solve.engine import NOBODY, Engine, Limits, Outcome, Watch
from junheng.planning.solve.timer import Timer

Rows = NDArray[np.int64]
_NONE = np.zeros(0, dtype=np.int64)
_MOST_ASKED = 1000  # questions; what is not asked counts as needed for the conflict
_LEAST = 1e-9  # a rule that gives way by less than this is kept
_MARGIN = 1e-7  # added to what a rule gives way by, so that rounding does not bring the conflict back


def explain(
    engine: Engine, arrays: Arrays, rules: Rows, name: Callable[[int], Text], limits: Limits, seed: int, watch: Watch = NOBODY
) -> Impossible:
    """Return the conflict of an infeasible program.

    rules: the rows that may be named and relaxed; the others are definitions. Irreducible by QuickXplain (Junker 2004), first
    among the rows of the engine's infeasibility ray, then, where only whole numbers make it impossible, among all rules.
    """
    question = _Question(engine, arrays, rules, limits, seed, watch)
    conflict = question.smallest()
    alone = tuple(question.giving_way(row, name) for row in conflict)
    return Impossible(conflict=alone, together=question.together(name), is_smallest=not question.is_undecided)


class _Question:
    """An infeasible program that is asked about parts of itself."""

    def __init__(self, engine: Engine, arrays: Arrays, rules: Rows, limits: Limits, seed: int, watch: Watch) -> None:
        self._engine, self._arrays, self._rules, self._seed, self._watch = engine, arrays, rules, seed, watch
        self._timer, self._asked = Timer(limits), 0
        self._definitions = np.setdiff1d(np.arange(len(arrays.rows)), rules)
        self.is_undecided = False

    def smallest(self) -> list[int]:
        """Return the rows of an irreducible conflict."""
        candidates = self._rules
        relaxed = self._arrays.relaxed()
        outcome = self._solve(relaxed.with_rows(np.arange(len(self._arrays.rows))), presolve=False)
        if outcome.status == "infeasible":
            blamed = np.flatnonzero(np.abs(outcome.ray) > _LEAST) if outcome.ray is not None else candidates
            within = np.intersect1d(candidates, blamed)
            # the ray speaks of rows and of bounds; it is believed only where its rows are seen to conflict
            if len(within) and self._conflict(relaxed, within):
                candidates = within
            candidates = _quickxplain(lambda rows: self._conflict(relaxed, rows), candidates)
        if self._arrays.whole.any():
            candidates = _quickxplain(lambda rows: self._conflict(self._arrays, rows), candidates)
        return [int(row) for row in np.sort(candidates)]

    def giving_way(self, row: int, name: Callable[[int], Text]) -> Relaxation:
        """Return by how little one rule alone must give way, and what the best plan then costs."""
        elastic = self._solve(self._arrays.elastic(np.array([row])), exact=True)
        if elastic.objective is None:
            self.is_undecided |= elastic.status != "infeasible"
            return Relaxation(name(row), None, None)
        by = float(elastic.objective)
        after = self._solve(self._arrays.loosened(row, by + _MARGIN * max(1.0, by)))
        return Relaxation(name(row), by, after.objective)

    def together(self, name: Callable[[int], Text]) -> tuple[Relaxation, ...]:
        """Return the rules that give way when the sum of giving way is least."""
        elastic = self._solve(self._arrays.elastic(self._rules), exact=True)
        if elastic.values is None:
            return ()
        short, over = np.split(elastic.values[len(self._arrays.cost) :], 2)
        by = short + over
        return tuple(Relaxation(name(int(self._rules[k])), float(by[k]), None) for k in np.flatnonzero(by > _MARGIN))

    def _conflict(self, arrays: Arrays, rows: Rows) -> bool:
        """Return whether the rows cannot hold together with the definitions; what is not decided counts as holding."""
        self._asked += 1
        if self._timer.is_over or self._asked > _MOST_ASKED:
            self.is_undecided = True
            return False
        outcome = self._solve(arrays.with_rows(np.sort(np.concatenate((self._definitions, rows)))))
        self.is_undecided |= outcome.status == "stopped" and outcome.values is None
        return outcome.status == "infeasible"

    def _solve(self, arrays: Arrays, *, presolve: bool = True, exact: bool = False) -> Outcome:
        session = self._engine(arrays, seed=self._seed, presolve=presolve)
        limits = self._timer.left
        return session.run(replace(limits, gap=0.0) if exact else limits, Watch(cancelled=self._watch.cancelled))


def _quickxplain(conflict: Callable[[Rows], bool], candidates: Rows) -> Rows:
    """Return a subset of the candidates that still conflicts and of which no part does.

    conflict(all candidates) is true. Asks about k log(n / k) times for k rows out of n.
    """
    if conflict(_NONE):
        return _NONE

    def search(background: Rows, grown: bool, rest: Rows) -> Rows:
        if grown and conflict(background):
            return _NONE
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        first, second = rest[:half], rest[half:]
        from_second = search(np.concatenate((background, first)), True, second)
        from_first = search(np.concatenate((background, from_second)), len(from_second) > 0, first)
        return np.concatenate((from_first, from_second))

    return search(_NONE, False, candidates) if len(candidates) else candidates
