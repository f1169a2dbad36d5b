"""Other good zones, so that there is a choice: fewest schools that change hands, least way, most even. Searched for, not proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.planners.supervision_zones.choose import Zoned
from junheng.planning.planners.supervision_zones.question import Question
from junheng.planning.planners.supervision_zones.start import plan
from junheng.planning.solve import Watch

Ints = NDArray[np.int64]

_DEAR = 1000  # times as much for a change as the brief says
_EVEN = ((0.5, 1), (0.5, 0), (0.75, 0))  # of the room for pupils that the brief leaves, and fewer schools of room: the first with a plan


class Other(NamedTuple):
    """A plan that keeps every rule of the brief and puts another aim first."""

    title: Text
    reason: Text
    seats: Ints
    objective: float  # as the brief counts


def others(question: Question, zoned: Zoned, seed: int, watch: Watch) -> Iterator[Other]:
    """Yield up to three plans that differ from the proposal and from each other."""
    zones, known = len(np.unique(zoned.seats)), [_partition(zoned.seats)]
    has_zones = bool(question.moved.any())
    even = [replace(question, within=question.within * room, spread=max(0, question.spread - fewer)) for room, fewer in _EVEN]
    for title, asked in (
        (_CHANGE, [replace(question, change=max(1, question.change) * _DEAR)] if has_zones else []),
        (_WAY, [replace(question, change=0)] if has_zones and question.change else []),
        (_BALANCE, even),
    ):
        seats = next((seats for seats in (plan(other, zones, seed, watch=watch).seats for other in asked) if seats is not None), None)
        if seats is None or _partition(seats) in known:
            continue
        known.append(_partition(seats))
        yield Other(title, _reason(question, zoned.seats, seats), seats, float(question.cost[seats, np.arange(len(seats))].sum()))


def _partition(seats: Ints) -> frozenset[frozenset[int]]:
    return frozenset(frozenset(np.flatnonzero(seats == seat).tolist()) for seat in np.unique(seats))


def _reason(question: Question, first: Ints, second: Ints) -> Text:
    school = np.arange(len(first))
    ways = [float(question.way[seats, school].sum()) / 1000 for seats in (first, second)]
    moved = [int(question.moved[seats, school].sum()) for seats in (first, second)]
    apart = [_apart(question, seats) for seats in (first, second)]
    return Text(
        f"路程合计{ways[1]:.1f}公里（本方案{ways[0]:.1f}），变动{moved[1]}所（本方案{moved[0]}），"
        f"各区学生数离平均数最多{apart[1]:.1%}（本方案{apart[0]:.1%}）。",
        f"{ways[1]:.1f} km in all (proposal: {ways[0]:.1f}), {moved[1]} schools change (proposal: {moved[0]}), "
        f"pupils of a zone at most {apart[1]:.1%} from the average (proposal: {apart[0]:.1%}).",
    )


def _apart(question: Question, seats: Ints) -> float:
    """Return how far the pupils of a zone are from the average at most, as a share of it."""
    loads = np.array([question.pupils[seats == seat].sum() for seat in np.unique(seats)], dtype=np.float64)
    return float(np.abs(loads / loads.mean() - 1.0).max()) if loads.sum() else 0.0


_CHANGE = Text("变动最少", "least change")
_WAY = Text("路程最短", "least way")
_BALANCE = Text("学生数更均衡", "more even in pupils")
