"""A program that falls apart once its yes-or-no decisions are taken: the part without other whole numbers is left to linear programs.

Teachers move along thousands of ways and keep coefficients of their own; rooms and grounds do not see them, but for the decisions which
items a school meets. That part costs at least z + r (m - m*), where m are the decisions, z its cost at m* and r its reduced costs there
(Benders 1962); the main program keeps such cuts in place of it and becomes small. Where decisions leave the part no answer, the proof of
that is the cut (Farkas). Its tangents are those of spread.py, so a cut holds for ever, and whatever bound the main program has is one of
the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import Outcome
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import compressed, pieces
from junheng.planning.spread import Spread
from junheng.planning.spread_states import stacked

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Run = Callable[[HighsSession, float], Outcome]  # runs a session to a gap, within what work is left

_LEAST = 1e-9
_ROUNDS = 60
_WORTH = 500  # columns of a part below which it stays in the main program
_KERNEL = 2  # times the rows: columns of least reduced cost among which whole numbers are sought first


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Apart:
    """The part that is left to linear programs, and the main program, both over all columns; the main one has one more, the part's cost."""

    columns: Mask  # (columns,) of the part
    links: Ints  # decisions that both know
    main: Arrays
    part: Arrays
    main_spreads: tuple[Spread, ...]
    part_spreads: tuple[Spread, ...]


def apart(arrays: Arrays, spreads: Sequence[Spread], early: Mask, decisions: Ints) -> Apart | None:
    """Return the parts of a program; None where nothing large without whole numbers of `early` hangs on the decisions alone."""
    count = len(arrays.cost)
    columns = _of_part(arrays, spreads, early, decisions)
    if columns.sum() < _WORTH or (arrays.cost[columns] < 0).any() or (arrays.lower[columns] < 0).any():
        return None
    start, column, _ = arrays.rows.entries
    row = np.repeat(np.arange(len(arrays.rows)), np.diff(start))
    mine = np.zeros(len(arrays.rows), dtype=np.bool_)
    mine[row[columns[column]]] = True
    links = np.unique(column[mine[row] & ~columns[column]]).astype(np.int64)
    inside = [spread for spread in spreads if columns[spread.value.columns].all()]
    if not np.isin(links, decisions).all() or not len(links):
        return None
    seen = columns.copy()
    seen[links] = True
    part = replace(
        arrays,
        cost=np.where(columns, arrays.cost, 0.0),
        offset=0.0,
        lower=np.where(seen, arrays.lower, 0.0),
        upper=np.where(seen, arrays.upper, 0.0),
        whole=arrays.whole & columns,
        rows=arrays.rows.chosen(np.flatnonzero(mine)),
    )
    main = Arrays(
        cost=np.append(np.where(columns, 0.0, arrays.cost), 1.0),
        offset=arrays.offset,
        lower=np.append(np.where(columns, 0.0, arrays.lower), 0.0),
        upper=np.append(np.where(columns, 0.0, arrays.upper), np.inf),
        whole=np.append(arrays.whole & ~columns, False),
        rows=arrays.rows.chosen(np.flatnonzero(~mine)),
    )
    assert len(main.cost) == count + 1
    return Apart(
        columns=columns,
        links=links,
        main=main,
        part=part,
        main_spreads=tuple(spread for spread in spreads if spread not in inside),
        part_spreads=tuple(inside),
    )


def _of_part(arrays: Arrays, spreads: Sequence[Spread], early: Mask, decisions: Ints) -> Mask:
    """Return the columns of pieces that hang on the rest by decisions only and have no whole numbers of their own.

    What only a coefficient holds together is no piece worth leaving: schools that buy for themselves have states (spread_states.py).
    """
    start, column, _ = arrays.rows.entries
    count, rows = len(arrays.cost), len(arrays.rows)
    decides = np.zeros(count, dtype=np.bool_)
    decides[decisions] = True
    row = np.repeat(np.arange(rows), np.diff(start))
    inner = ~decides[column]
    piece = pieces(row[inner], column[inner] + rows, rows + count)[rows:]
    whole = np.unique(piece[early])
    shared = np.zeros(rows, dtype=np.bool_)
    for spread in spreads:
        shared[row[column == spread.mean.columns[0]]] = True
    inner &= ~shared[row]
    smaller = pieces(row[inner], column[inner] + rows, rows + count)[rows:]
    large = np.unique(piece[np.bincount(smaller)[smaller] >= _WORTH])
    return np.isin(piece, np.setdiff1d(large, whole)) & ~decides


class Told(NamedTuple):
    """What the part says to decisions."""

    cost: float  # inf: it has no answer
    values: Floats | None  # (columns,)
    cut: Rows | None  # what it costs at least, or which decisions leave it no answer


class Part:
    """The linear program of the part, asked at decisions."""

    def __init__(self, how: Apart, run: Run, seed: int) -> None:
        self._how, self._run, self._seed = how, run, seed
        self._session = HighsSession(how.part.relaxed(), seed=seed, presolve=False, light=True)
        self._rows = [how.part.rows]
        self._reduced: Floats | None = None

    def answer(self, decided: Floats) -> Told:
        """Return the part's cheapest answer to decisions, not whole, and the cut it gives."""
        links = self._how.links
        self._session.bound_columns(links, decided, decided)
        for _ in range(_ROUNDS):
            outcome = self._run(self._session, 0.0)
            if outcome.status != "optimal" or outcome.values is None or outcome.reduced is None:
                return Told(np.inf, None, self._no_answer(outcome.ray, decided))
            if not self._cut_off(outcome.values, [self._session]):
                break
        reduced, cost = np.asarray(outcome.reduced), outcome.objective or 0.0
        self._reduced = reduced
        return Told(cost, outcome.values, self._cut(cost, reduced[links], decided))

    def whole(self, decided: Floats, wanted: float) -> Told:
        """Return a cheap answer to decisions in whole numbers; wanted: the gap at which one is good enough."""
        told = self.answer(decided)
        if told.values is None or not self._how.part.whole.any() or self._is_whole(told.values):
            return told
        found = self._among(self._kernel(told.values), decided, wanted)
        if found is None or found[0] > told.cost + 2 * wanted * abs(told.cost):
            found = self._among(None, decided, wanted) or found
        return told._replace(cost=np.inf, values=None) if found is None else told._replace(cost=found[0], values=found[1])

    def _among(self, kept: Mask | None, decided: Floats, wanted: float) -> tuple[float, Floats] | None:
        """Return the cheapest answer in whole numbers among some columns, or all."""
        part, links = self._how.part, self._how.links
        lower, upper = part.lower.copy(), part.upper.copy()
        if kept is not None:
            upper = np.where(kept | (lower > 0), upper, lower)
        lower[links] = upper[links] = decided
        session = HighsSession(replace(part, lower=lower, upper=upper, rows=stacked(self._rows)), seed=self._seed)
        for _ in range(_ROUNDS):
            outcome = self._run(session, wanted)
            if outcome.values is None or outcome.objective is None:
                return None
            if not self._cut_off(outcome.values, [session, self._session]):
                return outcome.objective, outcome.values
        return None

    def _kernel(self, values: Floats) -> Mask:
        """Return the columns in use and those of least reduced cost."""
        assert self._reduced is not None
        free = np.flatnonzero(self._how.columns)
        many = min(len(free) - 1, _KERNEL * len(self._how.part.rows))
        most = float(np.partition(self._reduced[free], many)[many])
        return (values > _LEAST) | (self._reduced <= most) | ~self._how.part.whole

    def _is_whole(self, values: Floats) -> bool:
        each = values[self._how.part.whole]
        return bool((np.abs(each - np.rint(each)) < 1e-6).all())

    def _cut_off(self, values: Floats, sessions: Sequence[HighsSession]) -> bool:
        """Add the tangents that values break; return whether there are any."""
        rows = stacked([spread.broken(values, len(values)) for spread in self._how.part_spreads])
        if not len(rows):
            return False
        self._rows.append(rows)
        for session in sessions:
            session.add_rows(rows)
        return True

    def _cut(self, cost: float, slope: Floats, decided: Floats) -> Rows:
        some = np.flatnonzero(np.abs(slope) > _LEAST)
        return self._row(
            np.append(self._how.links[some], len(self._how.columns)), np.append(-slope[some], 1.0), cost - float(slope @ decided)
        )

    def _no_answer(self, ray: Floats | None, decided: Floats) -> Rows | None:
        """Return the row by which decisions must differ from these, of which a ray proves that they leave no answer."""
        if ray is None:
            return None
        part, links = self._how.part, self._how.links
        rows = stacked(self._rows)
        start, column, value = rows.entries
        for sign in (1.0, -1.0):
            y = sign * ray
            ends = np.where(y > 0, rows.lower, rows.upper)
            used = np.abs(y) > _LEAST
            if not np.isfinite(ends[used]).all():
                continue
            needed = float(y[used] @ ends[used])
            each = np.asarray(
                np.bincount(column, weights=value * np.repeat(np.where(used, y, 0.0), np.diff(start)), minlength=len(part.cost)),
                dtype=np.float64,
            )
            each[np.abs(each) <= _LEAST] = 0.0
            most = np.where(each > 0, each * np.where(each > 0, part.upper, 0), each * np.where(each < 0, part.lower, 0))
            most[links] = 0.0
            if np.isfinite(most).all() and needed - most.sum() > each[links] @ decided + _LEAST:
                some = np.flatnonzero(each[links])
                return self._row(links[some], each[links][some], needed - float(most.sum()))
        return None

    def _row(self, columns: Ints, values: Floats, least: float) -> Rows:
        entries = compressed(np.zeros(len(columns), dtype=np.int64), columns, values, (1, len(self._how.columns) + 1))
        return Rows(np.array([least]), np.array([np.inf]), entries)
