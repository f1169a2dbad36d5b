"""What a school can have in each of its states, so that a limit on how much schools differ sees no half-begun thing.

Once it is decided which items a school meets and what it begins, each item of it lies in an interval (or on a grid of whole things), and
items no longer see each other. So the packages of a school, of which there are very many, need not be listed: their convex hull is that
of the states of each item, held together by the decisions, with a weight w, a part u of the value and a part t of its square each:

    sum w = 1,   sum u = the value,   low w <= u <= high w,   t >= 2 q u - q^2 w  (all q; on a grid the chord of two neighbours),
    sum p t <= (1 + c^2) ((low + high) T - low high),   low <= T <= high: the chord of T^2 over a range that the mean keeps to.

The square is that of a lawful package and of nothing between two of them. Only the chord gives way, by ((high - low) / 2)^2 at most, and
the range narrows as plans are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.sparse import Compressed, compressed
from junheng.planning.spread import Spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Range = tuple[float, float]

_MOST = 4  # decisions of one item at one school; where there are more, its states are not told apart
_EPS, _BROKEN, _SEEN = 1e-9, 1e-6, 1e-6
_GRID = (1.0, 1.4)  # times the least value of a state: the first tangents


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class States:
    """The states of the units of one limit."""

    spread: Spread
    unit: Ints  # (states,)
    low: Floats  # (states,) the least value in it
    high: Floats  # (states,) the most, inf where there is none
    step: Floats  # (states,) between two values on a grid; 0: any value
    anchor: Floats  # (states,) a value on the grid
    on: tuple[Ints, Ints]  # (pairs,) a state and a column that is 1 in it
    decided: tuple[Ints, Ints]  # (pairs,) a unit and a column that tells its states apart

    @property
    def width(self) -> int:
        """Return how many columns they add."""
        return 3 * len(self.unit)


class _State(NamedTuple):
    low: float
    high: float
    on: tuple[int, ...]


def states_of(arrays: Arrays, spread: Spread, decisions: Mask) -> States:
    """Return the states of every unit as the rows of a program tell them. decisions: (columns,) those of yes or no."""
    book = _Book(arrays, spread, decisions)
    unit: list[int] = []
    found: list[_State] = []
    grids: list[tuple[float, float]] = []
    decided: list[tuple[int, int]] = []
    for place in range(len(spread.shares)):
        columns, states, grid = book.unit(place)
        unit += [place] * len(states)
        grids += [grid] * len(states)
        found += states
        decided += [(place, column) for column in columns]
    on = [(k, column) for k, state in enumerate(found) for column in state.on]
    return States(
        spread=spread,
        unit=np.array(unit, dtype=np.int64),
        low=np.array([state.low for state in found], dtype=np.float64),
        high=np.array([state.high for state in found], dtype=np.float64),
        step=np.array([step for step, _ in grids], dtype=np.float64),
        anchor=np.array([anchor for _, anchor in grids], dtype=np.float64),
        on=_pairs(on),
        decided=_pairs(decided),
    )


def _pairs(of: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    both = np.array(of, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


class _Row(NamedTuple):
    lower: float
    upper: float
    columns: list[int]
    values: list[float]


class _Book:
    """The rows of a program by the columns they touch."""

    def __init__(self, arrays: Arrays, spread: Spread, decisions: Mask) -> None:
        self._arrays, self._spread, self._decisions = arrays, spread, decisions
        start, column, _ = arrays.rows.entries
        row = np.repeat(np.arange(len(arrays.rows)), np.diff(start))
        order = np.argsort(column, kind="stable")
        self._row_of, self._first = row[order], np.searchsorted(column[order], np.arange(len(arrays.cost) + 1))
        shared = np.zeros(len(arrays.rows), dtype=np.bool_)
        shared[self._rows_with(int(spread.mean.columns[0]))] = True
        self._shared = shared
        self._known: dict[int, _Row] = {}

    def _rows_with(self, column: int) -> list[int]:
        return [int(each) for each in self._row_of[self._first[column] : self._first[column + 1]]]

    def _row(self, place: int) -> _Row:
        if place not in self._known:
            start, column, value = self._arrays.rows.entries
            part = slice(start[place], start[place + 1])
            lower, upper = float(self._arrays.rows.lower[place]), float(self._arrays.rows.upper[place])
            self._known[place] = _Row(lower, upper, column[part].tolist(), value[part].tolist())
        return self._known[place]

    def unit(self, place: int) -> tuple[list[int], list[_State], tuple[float, float]]:
        """Return the decisions of a unit, its states, and the grid of its values."""
        value = int(self._spread.value.columns[place])
        places = [row for row in self._rows_with(value) if not self._shared[row]]
        if len(places) != 1 or self._row(places[0]).lower != self._row(places[0]).upper:
            return [], [_State(0.0, np.inf, ())], (0.0, 0.0)
        definition = self._row(places[0])
        scale = definition.values[definition.columns.index(value)]
        constant = definition.lower / scale
        parts = {c: -v / scale for c, v in zip(definition.columns, definition.values, strict=True) if c != value}
        rows, decided = self._own(places[0], parts)
        grid = self._grid(parts, constant)
        told = []
        for chosen in product((0, 1), repeat=len(decided)):
            between = self._between(parts, constant, rows, dict(zip(decided, chosen, strict=True)))
            between = None if between is None else _on_grid(between, *grid)
            if between is not None:
                told.append(_State(*between, tuple(column for column, is_on in zip(decided, chosen, strict=True) if is_on)))
        return decided, told or [_State(0.0, np.inf, ())], grid

    def _own(self, definition: int, parts: dict[int, float]) -> tuple[list[_Row], list[int]]:
        """Return the rows that bind what a value is made of and decisions only, and these decisions; too many are left aside."""
        near = sorted({row for column in parts for row in self._rows_with(column)} - {definition})
        rows = [self._row(row) for row in near]
        rows = [row for row in rows if all(column in parts or self._decisions[column] for column in row.columns)]
        decided = sorted({column for row in rows for column in row.columns if column not in parts})
        if len(decided) > _MOST:
            return [row for row in rows if all(column in parts for column in row.columns)], []
        among = sorted({row for column in decided for row in self._rows_with(column)})
        rows += [row for row in map(self._row, among) if all(column in decided for column in row.columns)]
        return rows, decided

    def _between(self, parts: dict[int, float], constant: float, rows: list[_Row], chosen: dict[int, int]) -> Range | None:
        """Return the least and the most that a value can be when decisions are as chosen; None where they cannot be so."""
        low = {column: float(self._arrays.lower[column]) for column in parts}
        high = {column: float(self._arrays.upper[column]) for column in parts}
        along: list[Range] = []
        for row in rows:
            fixed = sum(v * chosen[c] for c, v in zip(row.columns, row.values, strict=True) if c in chosen)
            free = [(c, v) for c, v in zip(row.columns, row.values, strict=True) if c not in chosen]
            below, above = row.lower - fixed, row.upper - fixed
            if not free and (below > _EPS or above < -_EPS):
                return None
            if len(free) == 1:
                column, v = free[0]
                ends = sorted((below / v, above / v))
                low[column], high[column] = max(low[column], ends[0]), min(high[column], ends[1])
            elif free and (times := _along(free, parts)):
                ends = sorted((below / times, above / times))
                along.append((ends[0] + constant, ends[1] + constant))
        if any(low[column] > high[column] + _EPS for column in parts):
            return None
        sides = [(v * low[c], v * high[c]) if v > 0 else (v * high[c], v * low[c]) for c, v in parts.items() if v]
        along.append((constant + sum(a for a, _ in sides), constant + sum(b for _, b in sides)))
        least, most = max(0.0, *(a for a, _ in along)), min(b for _, b in along)
        return None if least > most + _EPS * max(1.0, most) else (least, max(least, most))

    def _grid(self, parts: dict[int, float], constant: float) -> tuple[float, float]:
        steps = {abs(v) for v in parts.values()}
        is_grid = len(steps) == 1 and all(self._arrays.whole[column] for column in parts)
        return (steps.pop(), constant) if is_grid else (0.0, 0.0)


def _on_grid(between: Range, step: float, anchor: float) -> Range | None:
    """Return the least and the most values of a range on a grid; None where it holds none."""
    if not step:
        return between
    low = anchor + np.ceil((between[0] - anchor) / step - _SEEN) * step
    high = anchor + np.floor((between[1] - anchor) / step + _SEEN) * step if np.isfinite(between[1]) else np.inf
    return (max(0.0, float(low)), float(high)) if low <= high + _EPS else None


def _along(free: list[tuple[int, float]], parts: dict[int, float]) -> float:
    """Return by what a row is a multiple of a value; 0 where it is none."""
    if {column for column, _ in free} != set(parts):
        return 0.0
    ratios = [v / parts[column] for column, v in free if parts[column]]
    alike = len(ratios) == len(free) and max(ratios) - min(ratios) <= _EPS * max(abs(max(ratios)), abs(min(ratios)))
    return ratios[0] if alike else 0.0


@dataclass
class Lift:
    """A program with the states of some limits beside it, and what was learned of them."""

    arrays: Arrays
    states: tuple[States, ...]
    kept: list[Rows] = field(default_factory=list)  # tangents of states: they hold whatever the ranges
    must: list[Rows] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Lay the columns out: those of the program, then weights, values and squares of each limit's states."""
        ends = np.cumsum([len(self.arrays.cost), *(each.width for each in self.states)])
        self._first = ends[:-1].astype(np.int64)
        self.columns = int(ends[-1])

    def _columns(self, place: int) -> tuple[Ints, Ints, Ints]:
        count, first = len(self.states[place].unit), self._first[place]
        each = np.arange(count, dtype=np.int64)
        return first + each, first + count + each, first + 2 * count + each

    def lifted(self, ranges: Sequence[Range]) -> Arrays:
        """Return the program with the states, for means within ranges; the last rows are the chords."""
        made = self.arrays
        more = self.columns - len(made.cost)
        none = np.zeros(more)
        high = np.full(more, np.inf)
        lower, upper = np.append(made.lower, none), np.append(made.upper, high)
        for each, (low, most) in zip(self.states, ranges, strict=True):
            mean = each.spread.mean.columns
            lower[mean], upper[mean] = np.maximum(lower[mean], low), np.minimum(upper[mean], most)
        rows = [made.rows, *(one for k in range(len(self.states)) for one in self._held(k))]
        rows += [self.chord(k, between) for k, between in enumerate(ranges)]
        return Arrays(
            cost=np.append(made.cost, none),
            offset=made.offset,
            lower=lower,
            upper=upper,
            whole=np.append(made.whole, np.zeros(more, dtype=np.bool_)),
            rows=stacked(rows),
        )

    def _held(self, place: int) -> Iterator[Rows]:
        """Yield the rows that hold states, values and decisions together."""
        of = self.states[place]
        weight, value, _ = self._columns(place)
        units = len(of.spread.shares)
        one = np.ones(len(of.unit))
        yield self._rows((of.unit, weight, one), units, 1.0, 1.0)
        every = np.arange(units)
        row = np.concatenate((of.unit, every))
        column = np.concatenate((value, of.spread.value.columns))
        yield self._rows((row, column, np.concatenate((one, -np.ones(units)))), units, 0.0, 0.0)
        both, count = np.tile(np.arange(len(of.unit)), 2), len(of.unit)
        yield self._rows((both, np.concatenate((value, weight)), np.concatenate((one, -of.low))), count, 0.0, np.inf)
        closed = np.flatnonzero(np.isfinite(of.high))
        both = np.tile(np.arange(len(closed)), 2)
        column = np.concatenate((value[closed], weight[closed]))
        yield self._rows((both, column, np.concatenate((one[closed], -of.high[closed]))), len(closed), -np.inf, 0.0)
        yield self._decided(of, weight)
        for times in _GRID:
            yield self._tangents(place, times * np.maximum(of.low, _SEEN), np.arange(len(of.unit)))

    def _decided(self, of: States, weight: Ints) -> Rows:
        unit, column = of.decided
        place = {(int(u), int(c)): k for k, (u, c) in enumerate(zip(unit, column, strict=True))}
        state, on = of.on
        row = np.array([place[int(of.unit[s]), int(c)] for s, c in zip(state, on, strict=True)], dtype=np.int64)
        rows, columns = np.concatenate((row, np.arange(len(unit)))), np.concatenate((weight[state], column))
        return self._rows((rows, columns, np.concatenate((np.ones(len(row)), -np.ones(len(unit))))), len(unit), 0.0, 0.0)

    def chord(self, place: int, between: Range) -> Rows:
        """Return the row that keeps one limit while the mean is within a range."""
        of = self.states[place]
        _, _, part = self._columns(place)
        low, high = between
        factor = 1.0 + of.spread.limit**2
        column = np.append(part, of.spread.mean.columns)
        value = np.append(of.spread.shares[of.unit], -factor * (low + high))
        return self._rows((np.zeros(len(column), dtype=np.int64), column, value), 1, -np.inf, -factor * low * high)

    def _tangents(self, place: int, at: Floats, which: Ints) -> Rows:
        """Return what the squares of some states are at least, by tangents; on a grid by the chord of the two values next to it."""
        of = self.states[place]
        weight, value, part = self._columns(place)
        step, anchor = of.step[which], of.anchor[which]
        safe = np.where(step > 0, step, 1.0)
        below = np.where(step > 0, anchor + np.floor((at - anchor) / safe + _SEEN) * safe, at)
        above = below + step
        row, count = np.tile(np.arange(len(which)), 3), len(which)
        column = np.concatenate((part[which], value[which], weight[which]))
        return self._rows((row, column, np.concatenate((np.ones(count), -(below + above), below * above))), count, 0.0, np.inf)

    def broken(self, values: Floats) -> Rows:
        """Return the tangents that a plan of the lifted program breaks."""
        found = []
        for place, of in enumerate(self.states):
            weight, value, _ = (values[columns] for columns in self._columns(place))
            at = np.where(weight > _SEEN, value / np.maximum(weight, _SEEN), 0.0)
            rows = self._tangents(place, at, np.arange(len(of.unit)))
            short = np.flatnonzero((rows.excess(values) > _BROKEN) & (weight > _SEEN))
            found.append(rows.chosen(short))
        return stacked(found)

    @property
    def size(self) -> int:
        """Return how many times tangents were kept."""
        return len(self.kept) + len(self.must)

    def keep(self, rows: Rows, *, must: bool = False) -> None:
        """Keep tangents for the next time that the program is lifted; must: a plan in whole numbers broke them."""
        if len(rows):
            (self.must if must else self.kept).append(rows)

    def values(self, plan: Floats) -> Floats:
        """Return a plan of the program with its states: each unit in the state that its decisions name."""
        made = np.append(plan, np.zeros(self.columns - len(plan)))
        for place, of in enumerate(self.states):
            weight, value, part = self._columns(place)
            wrong = np.zeros(len(of.unit))
            told = {(int(s), int(c)) for s, c in zip(*of.on, strict=True)}
            by_unit: dict[int, list[int]] = {}
            for unit, column in zip(*of.decided, strict=True):
                by_unit.setdefault(int(unit), []).append(int(column))
            for state, unit in enumerate(of.unit.tolist()):
                wrong[state] = sum(abs(float(plan[c]) - ((state, c) in told)) for c in by_unit.get(unit, ()))
            right = wrong < 0.5
            now = plan[of.spread.value.columns][of.unit]
            made[weight[right]], made[value[right]], made[part[right]] = 1.0, now[right], now[right] ** 2
        return made

    def _rows(self, entries: tuple[Ints, Ints, Floats], count: int, lower: float, upper: float) -> Rows:
        row, column, value = entries
        return Rows(np.full(count, lower), np.full(count, upper), compressed(row, column, value, (count, self.columns)))


def stacked(parts: Sequence[Rows]) -> Rows:
    """Return rows one after the other."""
    entries = [part.entries for part in parts]
    sizes = np.cumsum([0, *(len(each.value) for each in entries)])
    starts = (each.start[1:] + size for each, size in zip(entries, sizes, strict=False))
    none = np.zeros(0, dtype=np.int32)
    start = np.concatenate([np.zeros(1, dtype=np.int32), *starts]).astype(np.int32)
    column = np.concatenate([none, *(each.column for each in entries)])
    value = np.concatenate([np.zeros(0), *(each.value for each in entries)])
    lower = np.concatenate([np.zeros(0), *(part.lower for part in parts)])
    upper = np.concatenate([np.zeros(0), *(part.upper for part in parts)])
    return Rows(lower, upper, Compressed(start, column, value))
