"""A program that falls apart once its yes-or-no decisions are taken: the part without other whole numbers is left to linear programs.

Teachers move along thousands of ways and keep coefficients of their own; rooms and grounds do not see them, but for the decisions which
items a school meets. That part costs at least z + r (m - m*), where m are the decisions, z its cost at m* and r its reduced costs there
(Benders 1962); the main program keeps such cuts in place of it and becomes small. Its tangents are those of spread.py, so a cut holds for
ever, and whatever bound the main program has is one of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import Outcome
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import compressed, pieces
from junheng.planning.spread import Spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_LEAST = 1e-9
_RELAXED, _ROUNDS = 60, 12
_GAPS = (0.01, 0.002)  # of the first rounds, for plans to begin with
_WORTH = 500  # columns of a part below which it stays in the main program


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Apart:
    """The part that is left to linear programs, and the main program, both over all columns; the main one has one more, the part's cost."""

    columns: Mask  # (columns,) of the part
    links: Ints  # decisions that both know
    main: Arrays
    part: Arrays
    main_spreads: tuple[Spread, ...]
    part_spreads: tuple[Spread, ...]

    def of_main(self, rows: Rows) -> Rows:
        """Return those of some rows that touch nothing of the part."""
        start, column, _ = rows.entries
        row = np.repeat(np.arange(len(rows)), np.diff(start))
        touched = np.unique(row[self.columns[column]])
        return rows.chosen(np.setdiff1d(np.arange(len(rows)), touched))

    def cut(self, cost: float, reduced: Floats, decided: Floats) -> Rows:
        """Return the row that says what the part costs at least: cost and reduced costs of its program at decisions."""
        slope = reduced[self.links]
        some = np.flatnonzero(np.abs(slope) > _LEAST)
        column = np.append(self.links[some], len(self.columns))
        entries = compressed(np.zeros(len(column), dtype=np.int64), column, np.append(-slope[some], 1.0), (1, len(self.columns) + 1))
        return Rows(np.array([cost - float(slope @ decided)]), np.array([np.inf]), entries)


def apart(arrays: Arrays, spreads: Sequence[Spread], early: Mask, decisions: Ints) -> Apart | None:
    """Return the parts of a program; None where nothing large without whole numbers of `early` hangs on the decisions alone."""
    count = len(arrays.cost)
    columns = _of_part(arrays, early, decisions)
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
        whole=np.zeros(count, dtype=np.bool_),
        rows=arrays.rows.chosen(np.flatnonzero(mine)),
    )
    main = Arrays(
        cost=np.append(np.where(columns, 0.0, arrays.cost), 1.0),
        offset=arrays.offset,
        lower=np.append(np.where(columns, 0.0, arrays.lower), 0.0),
        upper=np.append(np.where(columns, 0.0, arrays.upper), np.inf),
        whole=np.append(early & ~columns, False),
        rows=arrays.rows.chosen(np.flatnonzero(~mine)),
    )
    return Apart(
        columns=columns,
        links=links,
        main=main,
        part=part,
        main_spreads=tuple(spread for spread in spreads if spread not in inside),
        part_spreads=tuple(inside),
    )


def _of_part(arrays: Arrays, early: Mask, decisions: Ints) -> Mask:
    """Return the columns of pieces that hang on the rest by decisions only and have no whole numbers of their own."""
    start, column, _ = arrays.rows.entries
    count, rows = len(arrays.cost), len(arrays.rows)
    decides = np.zeros(count, dtype=np.bool_)
    decides[decisions] = True
    row = np.repeat(np.arange(rows), np.diff(start))
    inner = ~decides[column]
    piece = pieces(row[inner], column[inner] + rows, rows + count)[rows:]
    whole = np.unique(piece[early])
    size = np.bincount(piece)
    large = np.flatnonzero(size >= _WORTH)
    return np.isin(piece, np.setdiff1d(large, whole)) & ~decides


class Found(NamedTuple):
    """What one round of the main program brought."""

    bound: float  # no plan costs less
    values: Floats | None  # (columns,) the main program's plan with the part's cheapest answer to it; numbers of the part need not be whole


def found_apart(
    how: Apart, added: Sequence[Rows], settled: Floats, run: Callable[[HighsSession, float], Outcome], wanted: float, seed: int
) -> Iterator[Found]:
    """Yield bounds and plans of the main program with the part's cost as cuts, until a round learns nothing.

    added: tangents of the whole; settled: (columns,) the relaxation's plan; run: runs a session to a gap, within what work is left.
    """
    part = _Part(how, [each for each in added if len(each)], run, seed)
    rows = [how.main.rows, *(how.of_main(each) for each in added)]
    first = part.answer(settled[how.links])
    if first is None:
        return
    cuts = [first[1]]
    relaxed = HighsSession(how.main.relaxed(), seed=seed, presolve=False)
    for each in (*rows[1:], *cuts):
        relaxed.add_rows(each)
    for _ in range(_RELAXED):
        outcome = run(relaxed, 0.0)
        told = part.answer(np.clip(outcome.values[how.links], 0, 1)) if outcome.values is not None else None
        if outcome.values is None or told is None:
            return
        tangents = _broken(how, outcome.values)
        rows += tangents
        learned = told[0].objective or 0.0
        if not tangents and learned - outcome.values[-1] <= wanted / 10 * abs(outcome.objective or 0.0):
            break
        cuts.append(told[1])
        for each in (*tangents, told[1]):
            relaxed.add_rows(each)
    yield from _whole(how, (rows, cuts), part, run, (wanted, seed))


def _whole(
    how: Apart,
    rows: tuple[list[Rows], list[Rows]],
    part: _Part,
    run: Callable[[HighsSession, float], Outcome],
    asked: tuple[float, int],
) -> Iterator[Found]:
    wanted, seed = asked
    session = HighsSession(replace(how.main, rows=rows[0][0]), seed=seed)
    for each in (*rows[0][1:], *rows[1]):
        session.add_rows(each)
    for turn in range(_ROUNDS):
        outcome = run(session, max(wanted, _GAPS[turn] if turn < len(_GAPS) else 0.0))
        told = part.answer(np.rint(outcome.values[how.links])) if outcome.values is not None else None
        if outcome.values is None or told is None or told[0].values is None:
            yield Found(outcome.bound, None)
            return
        yield Found(outcome.bound, np.where(how.columns, told[0].values, outcome.values[:-1]))
        if outcome.status == "stopped":
            return
        broken = _broken(how, outcome.values)
        for each in (*broken, told[1]):
            session.add_rows(each)
        if not broken:
            session.start_from(np.append(outcome.values[:-1], max(outcome.values[-1], told[0].objective or 0.0)))


def _broken(how: Apart, values: Floats) -> list[Rows]:
    found = [spread.broken(values, len(values)) for spread in how.main_spreads]
    return [rows for rows in found if len(rows)]


class _Part:
    """The linear program of the part, asked at decisions."""

    def __init__(self, how: Apart, added: Sequence[Rows], run: Callable[[HighsSession, float], Outcome], seed: int) -> None:
        self._how, self._run = how, run
        self._session = HighsSession(how.part, seed=seed, presolve=False)
        for rows in added:
            start, column, _ = rows.entries
            row = np.repeat(np.arange(len(rows)), np.diff(start))
            self._session.add_rows(rows.chosen(np.setdiff1d(np.arange(len(rows)), np.unique(row[~how.columns[column]]))))

    def answer(self, decided: Floats) -> tuple[Outcome, Rows] | None:
        """Return the part's cheapest answer to decisions and the cut it gives; None where there is none."""
        how = self._how
        self._session.bound_columns(how.links, decided, decided)
        for _ in range(_RELAXED):
            outcome = self._run(self._session, 0.0)
            if outcome.status != "optimal" or outcome.values is None:
                return None
            broken = [spread.broken(outcome.values, len(outcome.values)) for spread in how.part_spreads]
            if not sum(len(rows) for rows in broken):
                break
            for rows in broken:
                self._session.add_rows(rows)
        return None if outcome.reduced is None else (outcome, how.cut(outcome.objective or 0.0, outcome.reduced, decided))
