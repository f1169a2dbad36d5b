"""Why there is no plan: a smallest set of rules that cannot hold together, and what it would take to let them give way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.solve.answers import GivingWay, Impossible, Relaxation
from junheng.planning.solve.arrays import Arrays
from junheng.planning.solve.engine import NOBODY, Engine, Limits, Outcome, Watch
from junheng.planning.solve.program import RuleKind
from junheng.planning.solve.timer import Timer

Rows = NDArray[np.int64]
_NONE = np.zeros(0, dtype=np.int64)
_MOST_ASKED = 1000  # questions; what is not asked counts as needed for the conflict
_LEAST = 1e-9  # a rule that gives way by less than this is kept
_MOST_KINDS = 8  # of rules that stem from no option: by how little each gives way is asked of so many
_MOST_ALONE = 4  # rules of a longer conflict are not asked one by one: what its kinds take is told
_SHOWN = 3  # sentences of a kind
_MARGIN = 1e-7  # added to what a rule gives way by, so that rounding does not bring the conflict back


class Named(NamedTuple):
    """What the rules of a program are called, and of what kind each is; both by row."""

    text: Callable[[int], Text]
    kind: Callable[[int], RuleKind]


def explain(
    engine: Engine,
    arrays: Arrays,
    rules: Rows,
    name: Callable[[int], Text],
    limits: Limits,
    seed: int,
    watch: Watch = NOBODY,
    kind_of: Callable[[int], RuleKind] | None = None,
) -> Impossible:
    """Return the conflict of an infeasible program.

    rules: the rows that may be named and relaxed; the others are definitions. kind_of: a rule by its row; None: each is its own.
    Irreducible by QuickXplain (Junker 2004), first among the rows of the engine's infeasibility ray, then, where only whole numbers
    make it impossible, among all rules. What the officer set is blamed first: rules that stem from options are asked first how
    little they must give way, and are kept in the conflict before others.
    """
    question = _Question(engine, arrays, rules, limits, seed, watch)
    named = Named(name, kind_of or (lambda row: RuleKind(name(row).en, "", "")))
    kinds = _by_kind(rules, named)
    if not question.is_seen():  # what proved it lies beyond these rows, as tangents that were found on the way
        return Impossible(
            conflict=(), together=(), kinds=tuple(_told(kind, rows, rows, {}, named) for kind, rows in kinds.items()), is_smallest=False
        )
    taken = {kind: question.giving_way(rows) for kind, rows in kinds.items() if kind.option}
    conflict = question.smallest(np.concatenate([_NONE, *(rows for kind, rows in kinds.items() if kind.option)]))
    told = _by_kind(np.array(conflict, dtype=np.int64), named)
    for kind in [one for one in told if not one.option][:_MOST_KINDS]:
        taken[kind] = question.giving_way(kinds[kind])
    few = len(conflict) <= _MOST_ALONE
    alone = (question.giving_way(np.array([row])) if few else (None, None) for row in conflict)
    return Impossible(
        conflict=tuple(_relaxation(row, gives, named) for row, gives in zip(conflict, alone, strict=True)),
        together=question.together(named) if few or all(by in (None, np.inf) for by, _ in taken.values()) else (),
        kinds=tuple(_told(kind, told.get(kind, _NONE), rows, taken, named) for kind, rows in kinds.items() if _matters(kind, told, taken)),
        is_smallest=not question.is_undecided,
    )


def _by_kind(rows: Rows, named: Named) -> dict[RuleKind, Rows]:
    """Return the rows by kind, those that stem from options first."""
    found: dict[RuleKind, list[int]] = {}
    for row in rows.tolist():
        found.setdefault(named.kind(row), []).append(row)
    order = sorted(found, key=lambda kind: not kind.option)
    return {kind: np.array(found[kind], dtype=np.int64) for kind in order}


def _matters(kind: RuleKind, told: dict[RuleKind, Rows], taken: dict[RuleKind, tuple[float | None, float | None]]) -> bool:
    """Return whether a kind is part of the conflict, or would end it by giving way."""
    return kind in told or taken.get(kind, (None, None))[0] not in (None, np.inf)


def _told(kind: RuleKind, mine: Rows, rows: Rows, taken: dict[RuleKind, tuple[float | None, float | None]], named: Named) -> GivingWay:
    shown = mine if len(mine) else rows
    by, objective = taken.get(kind, (None, None))
    return GivingWay(tuple(named.text(int(row)) for row in shown[:_SHOWN]), len(shown), by, objective, kind.unit, kind.option)


def _relaxation(row: int, gives: tuple[float | None, float | None], named: Named) -> Relaxation:
    kind = named.kind(row)
    by, objective = gives
    return Relaxation(named.text(row), None if by == np.inf else by, objective, kind.name, kind.unit, kind.option)


class _Question:
    """An infeasible program that is asked about parts of itself."""

    def __init__(self, engine: Engine, arrays: Arrays, rules: Rows, limits: Limits, seed: int, watch: Watch) -> None:
        self._engine, self._arrays, self._rules, self._seed, self._watch = engine, arrays, rules, seed, watch
        self._timer, self._asked = Timer(limits), 0
        self._definitions = np.setdiff1d(np.arange(len(arrays.rows)), rules)
        self.is_undecided = False

    def is_seen(self) -> bool:
        """Return whether the rules are seen to conflict."""
        return self._conflict(self._arrays.relaxed(), self._rules) or (
            bool(self._arrays.whole.any()) and self._conflict(self._arrays, self._rules)
        )

    def smallest(self, first: Rows) -> list[int]:
        """Return the rows of an irreducible conflict, of several one with the rows `first`."""
        candidates = np.concatenate((first, np.setdiff1d(self._rules, first)))
        relaxed = self._arrays.relaxed()
        outcome = self._solve(relaxed.with_rows(np.arange(len(self._arrays.rows))), presolve=False)
        if outcome.status == "infeasible":
            blamed = np.flatnonzero(np.abs(outcome.ray) > _LEAST) if outcome.ray is not None else candidates
            within = candidates[np.isin(candidates, blamed)]
            # the ray speaks of rows and of bounds; it is believed only where its rows are seen to conflict
            if len(within) and self._conflict(relaxed, within):
                candidates = within
            candidates = _quickxplain(lambda rows: self._conflict(relaxed, rows), candidates)
        if self._arrays.whole.any():
            candidates = _quickxplain(lambda rows: self._conflict(self._arrays, rows), candidates)
        return [int(row) for row in np.sort(candidates)]

    def giving_way(self, rows: Rows) -> tuple[float | None, float | None]:
        """Return by how little in sum some rules alone must give way (inf: no way suffices), and what the best plan then costs."""
        elastic = self._solve(self._arrays.elastic(rows), exact=len(rows) == 1)
        if elastic.status == "infeasible":
            return np.inf, None
        if elastic.objective is None or elastic.values is None or elastic.objective <= _LEAST:  # at 0 the rows are not all of the proof
            self.is_undecided = True
            return None, None
        short, over = np.split(elastic.values[len(self._arrays.cost) :], 2)
        by = short + over
        arrays = self._arrays
        for row, gives in zip(rows.tolist(), by.tolist(), strict=True):
            arrays = arrays.loosened(row, gives + _MARGIN * max(1.0, gives)) if gives > _LEAST else arrays
        return float(by.sum()), self._solve(arrays).objective if self._arrays.cost.any() else None

    def together(self, named: Named) -> tuple[Relaxation, ...]:
        """Return the rules that give way when the sum of giving way is least."""
        elastic = self._solve(self._arrays.elastic(self._rules), exact=True)
        if elastic.values is None:
            return ()
        short, over = np.split(elastic.values[len(self._arrays.cost) :], 2)
        by = short + over
        return tuple(_relaxation(int(self._rules[k]), (float(by[k]), None), named) for k in np.flatnonzero(by > _MARGIN))

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
