"""A part of the windows as a program in whole numbers: whether a grouping comes below an aim there."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from junheng.planning.kernels.pairing_sets import Window
from junheng.planning.planners.pairing.question import Floats, Ints, Mask
from junheng.planning.solve import Limits, Watch
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import Compressed

_NODES = 400  # of the search, at most


class Found(NamedTuple):
    """What the engine says: there is none, a grouping, or neither within its limits."""

    status: Literal["none", "found", "unknown"]
    lead: Ints | None  # (w,)


def below(cost: Floats, can: Mask, need: Ints, most: int, weight: float, part: tuple[Window, float], seed: int, watch: Watch) -> Found:
    """Return a grouping of a window whose sum is below an aim, or the word that there is none.

    cost, can: (w, l); need: (w,) hundredths; most: schools of a lead; weight: of one hundredth between the largest load and the smallest;
    part: the window, and what way, change and difference are to stay below.
    """
    window, aim = part
    school, lead = (np.asarray(each, dtype=np.int64) for each in np.nonzero(can))
    schools, leads, pairs = len(need), can.shape[1], len(school)
    every = np.arange(leads)
    entry = np.arange(pairs)
    # rows: one lead for each school, how many each lead helps, its load, its load less the largest, its load less the smallest, the sum
    first = schools + leads * np.arange(5)
    row = [school, *(first[k] + lead for k in range(4)), np.full(pairs, first[4])]
    column = [entry] * 6
    value = [np.ones(pairs), np.ones(pairs), *([need[school].astype(np.float64)] * 3), cost[school, lead]]
    for k, place in ((2, pairs), (3, pairs + 1)):
        row.append(first[k] + every)
        column.append(np.full(leads, place))
        value.append(-np.ones(leads))
    row.append(np.full(2, first[4]))
    column.append(np.array([pairs, pairs + 1]))
    value.append(np.array([weight, -weight]))
    rows, columns, values = (np.concatenate(one) for one in (row, column, value))
    order = np.lexsort((columns, rows))
    start = np.searchsorted(rows[order], np.arange(first[4] + 2)).astype(np.int32)
    entries = Compressed(start, columns[order].astype(np.int32), values[order].astype(np.float64))
    none, one, free = np.zeros(leads), np.ones(leads), np.full(leads, np.inf)
    lower = np.concatenate((np.ones(schools), one, window.low_least * one, -free, none, [-np.inf]))
    upper = np.concatenate((np.ones(schools), most * one, window.high_most * one, none, free, [aim]))
    arrays = Arrays(
        cost=np.concatenate((cost[school, lead], [weight, -weight])),
        offset=0.0,
        lower=np.concatenate((np.zeros(pairs), [window.high_least, window.low_least])),
        upper=np.concatenate((np.ones(pairs), [window.high_most, window.low_most])),
        whole=np.concatenate((np.ones(pairs, dtype=np.bool_), np.zeros(2, dtype=np.bool_))),
        rows=Rows(lower, upper, entries),
    )
    found = HighsSession(arrays, seed=seed, prove=True).run(Limits(gap=1e-6, nodes=_NODES), watch)
    if found.status == "infeasible":
        return Found("none", None)
    if found.values is None:
        return Found("unknown", None)
    chosen = np.zeros(can.shape)
    chosen[school, lead] = found.values[:pairs]
    return Found("found", np.asarray(chosen.argmax(axis=1), dtype=np.int64))
