"""Where pupils go, as whole numbers, when everything else has its price; and the program in which pupils stay where they then are.

At prices a school costs so much with each number of pupils, in steps, for a room more is a whole room. Which numbers are best together,
given the ways that pupils can go, is a small program for each group of schools joined by ways. The linear program of packages sees the
convex hull of each school alone; this one sees whole groups, so its bound is higher, and what it chooses is a lawful choice of pupils.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.solve import Program
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.highs import HighsSession
from junheng.planning.solve.program import value_of
from junheng.planning.sparse import compressed, pieces
from junheng.planning.spread import Spread, limit_spread
from junheng.planning.spread_master import Master, Priced, Run
from junheng.planning.spread_packages import Item, Packages

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_EPS = 1e-9
_NAMED = Text("学生既定时", "with pupils settled")


class Pupils(NamedTuple):
    """Where pupils go, and by how much a bound rises that sees groups of schools as a whole."""

    moved: Floats | None  # (ways,) None: some group has no answer at all
    gain: float  # inf where a group has no answer: no plan costs so little


def pupils_at(master: Master, found: Priced, arrays: Arrays, keep: float, allowed: float, run: Run, seed: int) -> Pupils:
    """Return the best pupils at prices.

    keep: packages that cost more than the best of their school by so much are left out, so that the gain holds for plans that cost less
    than the bound without groups and `keep`. allowed: how far from the best the answer may be.
    """
    of, table = master.of, master.table
    least = table.least(found.cost)
    rows = np.flatnonzero(found.cost - least[table.school] <= keep)
    group = pieces(of.giver, of.taker, len(of.pupils))
    moved: Floats | None = np.zeros(len(of.moved))
    gain = 0.0
    paid = found.way
    most = arrays.upper[of.moved.columns]
    pupil = found.prices.pupil
    for one in np.unique(group):
        ways = np.flatnonzero(group[of.giver] == one)
        if not len(ways):
            continue
        mine = rows[group[table.school[rows]] == one]
        cost = found.cost[mine] - pupil[table.school[mine]] * table.pupils[mine]
        members = np.flatnonzero(group == one)
        alone = float(least[members].sum() - (pupil * of.pupils)[members].sum())
        alone += float(np.minimum(0.0, (paid - pupil[of.taker] + pupil[of.giver])[ways] * most[ways]).sum())
        asked = _group(of, (table.school[mine], table.pupils[mine]), cost, ways, (paid[ways], most[ways]))
        outcome = run(HighsSession(asked, seed=seed), allowed * len(members) / len(of.pupils) / max(1.0, abs(alone)))
        if outcome.status == "infeasible":
            return Pupils(None, np.inf)
        gain += max(0.0, outcome.bound - alone) if np.isfinite(outcome.bound) else 0.0
        if outcome.values is None or moved is None:
            moved = None
            continue
        moved[ways] = np.rint(outcome.values[: len(ways)])
    return Pupils(moved, gain)


def _group(of: Packages, row: tuple[Ints, Floats], cost: Floats, ways: Ints, way: tuple[Floats, Floats]) -> Arrays:
    """Return the program of a group: one number of pupils for each school, and ways that bring it about."""
    school, pupils = row
    members, place = np.unique(school, return_inverse=True)
    members = np.unique(np.concatenate((members, of.giver[ways], of.taker[ways])))
    place = np.searchsorted(members, school)
    count, many = len(ways), len(school)
    each, chosen = np.arange(count), count + np.arange(many)
    rows = (np.searchsorted(members, of.taker[ways]), np.searchsorted(members, of.giver[ways]), place, len(members) + place)
    values = (np.ones(count), -np.ones(count), -pupils, np.ones(many))
    entries = compressed(
        np.concatenate(rows), np.concatenate((each, each, chosen, chosen)), np.concatenate(values), (2 * len(members), count + many)
    )
    ends = np.concatenate((-of.pupils[members].astype(np.float64), np.ones(len(members))))
    return Arrays(
        cost=np.concatenate((way[0], cost)),
        offset=0.0,
        lower=np.zeros(count + many),
        upper=np.concatenate((way[1], np.ones(many))),
        whole=np.arange(count + many) >= count,
        rows=Rows(ends, ends, entries),
    )


class Settled(NamedTuple):
    """The program with pupils settled."""

    arrays: Arrays
    spreads: tuple[Spread, ...]
    columns: int  # of the program itself, which come first


def settled(program: Program, spreads: Sequence[Spread], of: Packages, moved: Floats) -> Settled:
    """Return the program in which so many pupils go along each way; thresholds are rounded up to what whole things reach."""
    came = np.bincount(of.taker, moved, len(of.pupils)) - np.bincount(of.giver, moved, len(of.pupils))
    pupils = of.pupils + came
    made = deepcopy(program)
    for item in of.items:
        _levels(made, item, pupils / of.pupils)
    limited = [item for item in of.items if item.spread is not None]
    fixed = [limit_spread(made, _NAMED, item.amount, pupils, item.spread.limit, item.typical) for item in limited if item.spread]
    arrays = made.arrays()
    gone = np.concatenate([column for spread in spreads for column in (spread.value.columns, spread.part.columns, spread.mean.columns)])
    known = np.zeros(len(arrays.cost))
    known[of.moved.columns], known[of.weight.columns] = moved, pupils / of.pupils
    is_known = np.zeros(len(arrays.cost), dtype=np.bool_)
    is_known[np.concatenate((of.moved.columns, of.weight.columns))] = True
    return Settled(_without(arrays, is_known, known, gone), tuple(fixed), program.columns)


def _levels(made: Program, item: Item, weight: Floats) -> None:
    full = item.need * weight
    low = item.near * full
    if item.is_whole:
        low, full = np.ceil(low - _EPS), np.ceil(full - _EPS)
    own = item.own
    if own is not None and own.begun is not None:
        must = np.where(own.base < low, np.maximum(low - own.base, own.least), 0.0)
        may = np.where(own.base < full, np.maximum(full - own.base, own.least), 0.0)
        made.definition(_NAMED, own.begun - item.met * ((may > 0) & (must == 0)).astype(np.float64) >= (must > 0).astype(np.float64))
        low, full = own.base + must, own.base + may
    made.definition(_NAMED, item.amount - item.met * (full - low) >= low)


def _without(arrays: Arrays, is_known: NDArray[np.bool_], known: Floats, gone: Ints) -> Arrays:
    """Return a program with some columns known, and without others and the rows that touch them."""
    start, column, value = arrays.rows.entries
    row = np.repeat(np.arange(len(arrays.rows)), np.diff(start))
    is_gone = np.zeros(len(arrays.cost), dtype=np.bool_)
    is_gone[gone] = True
    dropped = np.bincount(row, is_gone[column], len(arrays.rows)) > 0
    has = np.bincount(row, ~is_known[column], len(arrays.rows)) > 0
    told = np.bincount(row, value * np.where(is_known[column], known[column], 0.0), len(arrays.rows))
    kept = np.flatnonzero(~dropped & has)
    number = np.full(len(arrays.rows), -1)
    number[kept] = np.arange(len(kept))
    inside = (number[row] >= 0) & ~is_known[column]
    entries = compressed(number[row[inside]], column[inside], value[inside], (len(kept), len(arrays.cost)))
    low, high = arrays.lower.copy(), arrays.upper.copy()
    low[is_known] = high[is_known] = known[is_known]
    low[gone] = high[gone] = 0.0
    rows = Rows((arrays.rows.lower - told)[kept], (arrays.rows.upper - told)[kept], entries)
    return replace(arrays, lower=low, upper=high, whole=arrays.whole & ~is_known, rows=rows)


def completed(of: Packages, values: Floats, columns: int) -> Floats:
    """Return a plan of the program of settled pupils as one of the whole: with its relative values, their squares and means."""
    made = values[:columns].copy()
    weight = made[of.weight.columns]
    for item in of.items:
        spread = item.spread
        if spread is None:
            continue
        value = value_of(item.amount, made) / (of.pupils * item.typical)
        made[spread.value.columns], made[spread.part.columns] = value, value**2 / weight
        made[spread.mean.columns] = float(spread.shares @ value)
    return made
