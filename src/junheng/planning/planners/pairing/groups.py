"""Large questions of groups: a grouping by exchange, and a bound from prices on the schools, each lead choosing its best set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from junheng.planning.kernels.pairing import Groups, Sets, Window, anneal, evaluate
from junheng.planning.planners.pairing.question import Floats, Ints, Mask, Question
from junheng.planning.solve import Limits, Progress, Watch
from junheng.planning.solve.engine import gap

_HUNDREDTHS, _LOADS = 100, 4_000  # what needs are counted in, and the largest load of a lead that is looked at
_TURNS, _MOST_TURNS = 500, 3_000_000  # exchanges tried for each pair, and at most: many short streams find more than a long one
_HEAT, _STREAMS, _MORE = 0.11, 3, 8  # first heat in mean ways, streams to begin with, and as many more while the gap is too wide
_STAGES = ((24, 90, 0.14, 0.01), (36, 50, 0.01, 0.001))  # pairs of a lead, rounds, lengths in mean ways
_NODE, _NODES = (32, 40, 0.008, 0.0005), 40  # the same for a part of the windows, and parts at most
_KEEP = 0.7  # of the last direction
_FRESH = 10  # rounds after which the cheapest pairs are chosen anew
_PINNED = 1e5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A grouping and what no grouping falls below."""

    lead: Ints  # (w,)
    objective: float
    bound: float


def fits(question: Question) -> bool:
    """Return whether needs are whole hundredths and loads small enough for this way of looking at them."""
    need = question.need * _HUNDREDTHS
    loads = np.sort(need)[-question.partners :].sum()
    return bool(np.abs(need - np.rint(need)).max(initial=0.0) < 1e-6 and loads <= _LOADS and question.balance > 0)


def grouped(question: Question, begun: Ints, floor: float, limits: Limits, seed: int, watch: Watch) -> Found:
    """Return the best grouping found and its bound.

    begun: (w,) leads that keep every rule; floor: no grouping costs less before the difference between the groups is counted.
    """
    objective, lead = _best(question, begun, seed, range(_STREAMS))
    search = _Search(question, floor, objective)
    search.climb_all()
    for part in range(_NODES):
        if watch.progress:
            watch.progress(Progress(objective, search.bound, part))
        if gap(objective, search.bound) <= limits.gap or (watch.cancelled and watch.cancelled()):
            break
        objective, lead = min((objective, lead), _best(question, begun, seed, _more(part)), key=lambda one: one[0])
        if gap(objective, search.bound) > limits.gap and not search.split():
            break
    return Found(lead=lead, objective=objective, bound=min(search.bound, objective))


def exchanged(question: Question, begun: Ints, seed: int) -> Ints:
    """Return the best grouping that exchange finds, from leads that keep every rule: (w,)."""
    return _best(question, begun, seed, range(_STREAMS))[1]


def _more(part: int) -> range:
    """Return the streams that are tried before a part of the windows is parted."""
    return range(_STREAMS + part, _STREAMS + min(part + 1, _MORE))


def _best(question: Question, begun: Ints, seed: int, streams: range) -> tuple[float, Ints]:
    """Return the best that some streams of exchange find; nothing found costs infinitely much."""
    found = [_annealed(question, begun, seed + stream) for stream in streams]
    return min(found, key=lambda one: one[0]) if found else (float("inf"), begun)


def _annealed(question: Question, begun: Ints, seed: int) -> tuple[float, Ints]:
    groups = Groups(
        question.cost,
        np.logical_and(question.can, ~question.far),
        question.need,
        question.lacking,
        question.spare,
        question.partners,
        question.balance,
        question.help,
    )
    turns = min(_MOST_TURNS, _TURNS * question.km.size)
    heat = _HEAT * float(question.km[question.can].mean())
    return anneal(groups, begun, np.atleast_1d(question.must.any(axis=1)), turns, heat, seed + 1)


class _Part(NamedTuple):
    """Some of the windows, what is proven for them, the prices that prove it, and the loads of the best window under these."""

    bound: float
    window: Window
    price: Floats  # (w,)
    share: Floats  # (l, s)
    low: int
    high: int


class _Search:
    """The windows of smallest and largest load in parts: the one of least bound is parted further, and its prices climb again."""

    def __init__(self, question: Question, floor: float, objective: float) -> None:
        self.question = question
        pinned: Mask = np.atleast_1d(question.must.any(axis=1))
        self.can: Mask = np.logical_and(np.logical_and(question.can, ~question.far), question.must | ~pinned[:, None])
        self.need = np.rint(question.need * _HUNDREDTHS).astype(np.int64)
        mean = int(self.need.sum() // len(question.leads))
        widest = int(np.ceil((objective - floor) / question.balance * _HUNDREDTHS)) + 1
        most = max(mean + 1, min(mean + widest, int(np.sort(self.need)[-question.partners :].sum())))
        self.beyond = floor + question.balance * widest / _HUNDREDTHS  # what a wider window costs at least
        self.scale = float(question.km[question.can].mean())
        near = np.sort(np.where(self.can, question.cost, np.inf), axis=1)
        second = near[:, min(1, near.shape[1] - 1)]
        price = np.where(np.isfinite(second), second, near[:, 0])
        window = Window(max(0, mean - widest), mean, mean, most)
        self.parts = [_Part(-np.inf, window, price, np.zeros(question.spare.shape), mean, mean)]

    @property
    def bound(self) -> float:
        """Return what no grouping falls below."""
        return min(self.beyond, *(part.bound for part in self.parts))

    def climb_all(self) -> None:
        """Let the prices climb over all windows at once."""
        part = self.parts.pop()
        for stage in _STAGES:
            part = self._climbed(part, stage)
        self.parts.append(part)

    def split(self) -> bool:
        """Part the windows of the least bound in two; return whether there was something to part."""
        part = min(self.parts, key=lambda one: one.bound)
        if part.bound > self.beyond:
            return False
        halves = [half for half in _halves(part) if half != part.window]
        if not halves:
            return False
        self.parts.remove(part)
        for half in halves:
            climbed = self._climbed(part._replace(window=half), _NODE)
            self.parts.append(climbed._replace(bound=max(climbed.bound, part.bound)))
        return True

    def _cost(self, price: Floats, share: Floats) -> Floats:
        """Return way, change and help of each pair less the school's price: (w, l)."""
        asked = self.question
        cost = asked.cost + asked.help * (asked.lacking @ share.T) - _PINNED * asked.must
        return np.asarray(cost - price[:, None])

    def _value(self, can: Mask, part: _Part) -> tuple[_Part, Ints, Mask]:
        """Return the part with what its prices prove over the pairs given, how often each school was taken, and the pairs."""
        asked = self.question
        lead, school = (np.asarray(each, dtype=np.int64) for each in np.nonzero(can.T))
        sets = Sets(np.searchsorted(lead, np.arange(len(asked.leads) + 1)).astype(np.int64), school, self.need)
        count, chosen = np.zeros(len(asked.weak), dtype=np.int64), np.zeros(len(lead), dtype=np.bool_)
        cost = self._cost(part.price, part.share)[school, lead]
        value, low, high = evaluate(sets, cost, asked.partners, asked.balance / _HUNDREDTHS, part.window, count, chosen)
        value += part.price.sum() - asked.help * float((part.share * asked.spare).sum()) + _PINNED * float(asked.must.sum())
        pairs = np.zeros(can.shape, dtype=np.bool_)
        pairs[school[chosen], lead[chosen]] = True
        return part._replace(bound=float(value), low=low, high=high), count, pairs

    def _climbed(self, part: _Part, stage: tuple[int, int, float, float]) -> _Part:
        """Return the part after rounds of prices that look at the cheapest pairs of each lead only, and its value over all pairs."""
        many, rounds, first, last = stage
        asked, can = self.question, self.can
        going, helping = np.zeros(len(part.price)), np.zeros(part.share.shape)
        for turn in range(rounds):
            if turn % _FRESH == 0:
                can = self._near(part, many)
            _, count, pairs = self._value(can, part)
            going = (1.0 - count) + _KEEP * going
            helping = (pairs.T @ asked.lacking - asked.spare) + _KEEP * helping
            length = first * (last / first) ** (turn / rounds) * self.scale * np.sqrt(len(part.price))
            step = length / max(1e-9, float(np.linalg.norm(going)))
            share = np.clip(part.share + step / max(1.0, asked.help) * helping, 0.0, 1.0) if asked.help > 0 else part.share
            part = part._replace(price=part.price + step * going, share=share)
        return self._value(self.can, part)[0]

    def _near(self, part: _Part, many: int) -> Mask:
        """Return the cheapest pairs of each lead, and those that are pinned."""
        cost = np.where(self.can, self._cost(part.price, part.share), np.inf).T
        if many >= cost.shape[1]:
            return self.can
        keep = np.zeros(cost.shape, dtype=np.bool_)
        np.put_along_axis(keep, np.argpartition(cost, many, axis=1)[:, :many], True, axis=1)
        return np.asarray((keep.T | self.question.must) & self.can)


def _halves(part: _Part) -> tuple[Window, Window]:
    """Return the windows in two halves, parted where they are widest: the smallest load or the largest."""
    window = part.window
    if window.low_most - window.low_least >= window.high_most - window.high_least:
        middle = (window.low_least + window.low_most) // 2
        return window._replace(low_most=middle), window._replace(low_least=min(middle + 1, window.low_most))
    middle = (window.high_least + window.high_most) // 2
    return window._replace(high_most=middle), window._replace(high_least=min(middle + 1, window.high_most))
