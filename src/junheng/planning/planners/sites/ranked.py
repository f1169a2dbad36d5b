"""Choices of sites, cheapest first, with what every other choice is proven to come to: the engine that fits the question finds them.

One new one: every site is worked out (`few_sites`). Several beside schools that stay: site by site (`growing`). Without limits of places:
p-median (`median`). Service points with places: sites that cost something to open (`siting`), at the price of opening at which the number
asked for is opened; what that leaves open is gone through.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from junheng.planning.few_sites import SiteValues, site_values
from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.median import choose_sites
from junheng.planning.planners.sites.growing import Growing
from junheng.planning.planners.sites.question import Floats, Ints, Question
from junheng.planning.pupils_to_schools import Overfull
from junheng.planning.siting import Opened, choices_found, open_sites
from junheng.planning.solve import Limits, Watch

Sites = tuple[int, ...]  # candidates, ascending
_NODES = 200
_TABLES = 500
_CROSSINGS = 30
_FAR = 4
_LARGEST = 5e9  # of what all sites cost together: the engine counts to 10^10


@dataclass(eq=False)
class Ranking:
    """What choices of sites come to, in grains, villages divided and no new school held to a least load unless `exact`."""

    engine: str
    sets: dict[Sites, float] = field(default_factory=dict)
    beyond: float = np.inf  # every choice that is not among them comes to this or more
    table: SiteValues | None = None
    price: Floats | None = None  # (B,) of one pupil

    @property
    def ordered(self) -> list[tuple[float, Sites]]:
        """Return the choices that are possible, cheapest first; of equals the one with fewer sites."""
        return sorted(
            ((value, new) for new, value in self.sets.items() if np.isfinite(value)), key=lambda item: (item[0], len(item[1]), item[1])
        )


def ranked(question: Question, limits: Limits, watch: Watch, most: float = 0.0) -> Ranking:
    """Return the choices of at most `count` sites. most: look for every choice that comes to less, beside the best."""
    if question.schools and question.count == 1:
        return _each(question)
    if not question.is_limited and not question.fixed.any():
        return _nearest(question, limits, watch)
    if question.schools:
        grown = Growing(question, limits.gap, limits.nodes or _TABLES, most, watch)
        grown.run()
        return Ranking("few_sites", grown.sets, beyond=grown.beyond)
    return _Priced(question, limits, watch).ranking(most)


def _each(question: Question) -> Ranking:
    """Work out every site on its own."""
    many = len(question.schools)
    may = np.array(question.must, dtype=np.int64) if question.must else question.open_to()
    column = many + may
    few = np.full(len(may), min(question.least, int(question.room[column].min(initial=question.least))), dtype=np.int64)
    told = site_values(
        question.way[:, :many],
        question.pupils,
        question.room[:many],
        question.way[:, column],
        question.room[column],
        question.fixed[may],
        site_least=few,
    )
    every, load = np.full(len(question.candidates), np.inf), np.zeros(len(question.candidates), dtype=np.int64)
    every[may], load[may] = told.total, told.load
    sets: dict[Sites, float] = {(int(site),): float(every[site]) for site in may}
    if not question.must:
        sets[()] = told.without
    return Ranking("few_sites", sets, table=SiteValues(total=every, without=told.without, best=int(every.argmin()), load=load))


def _nearest(question: Question, limits: Limits, watch: Watch) -> Ranking:
    """Send everybody to the nearest: the schools that stay, and sites that must be, are one client's only choice."""
    standing = question.columns(question.must)
    free = np.setdiff1d(question.open_to(), np.array(question.must, dtype=np.int64))
    left = question.count - len(question.must)
    known = question.way[question.way < UNREACHABLE]
    far = (int(known.max(initial=0)) + 1) * _FAR
    way = np.minimum(question.way, far)
    cost = (way[:, len(question.schools) + free] * question.pupils[:, None]).astype(np.float64)
    if not len(standing):
        return _of_median(question, cost, left, free, (limits, watch), far)
    base = (way[:, standing].min(axis=1) * question.pupils).astype(np.float64)
    if left <= 0 or not len(free):
        return Ranking("median", {question.must: float(base.sum())} if base.max(initial=0) < far else {})
    last = np.append(np.full(len(free), base.sum() + 1.0), 0.0)  # a client who keeps what stands in every choice
    return _of_median(question, np.vstack((np.column_stack((cost, base)), last)), left + 1, free, (limits, watch), far)


def _of_median(question: Question, cost: Floats, p: int, free: Ints, how: tuple[Limits, Watch], far: int) -> Ranking:
    chosen = choose_sites(cost, p, limits=Limits(gap=how[0].gap, nodes=how[0].nodes or _NODES), watch=how[1])
    new = tuple(sorted({*question.must, *(int(free[k]) for k in chosen.sites if k < len(free))}))
    near = question.way[:, question.columns(new)].min(axis=1)
    if (near >= far).any():
        return Ranking("median")
    price = chosen.price[: len(question.blocks)] / np.maximum(question.pupils, 1)
    return Ranking("median", {new: float((near * question.pupils).sum())}, beyond=chosen.bound, price=price)


class _Priced:
    """Sites that cost the same to open, beside what they cost: the price at which the number asked for is opened."""

    def __init__(self, question: Question, limits: Limits, watch: Watch) -> None:
        """Lay out: the schools that stay are kept at no cost."""
        self.question, self.limits, self.watch = question, limits, watch
        self.kept = question.columns(question.must)
        self.barred = len(question.schools) + np.array(question.never, dtype=np.int64)
        self.sets: dict[Sites, float] = {}
        self.best: tuple[float, int, Opened] | None = None  # the bound that it proves, the price, and the answer

    def fixed(self, price: int) -> Ints:
        """Return what opening costs at a price."""
        return np.concatenate((np.zeros(len(self.question.schools), dtype=np.int64), self.question.fixed + price))

    def at(self, price: int) -> Opened | Overfull:
        """Open sites at a price, and remember the choice and the bound."""
        limits = Limits(gap=self.limits.gap / 2, nodes=self.limits.nodes or _NODES)
        asked = self.question
        told = open_sites(
            asked.way, asked.pupils, asked.room, self.fixed(price), kept=self.kept, barred=self.barred, limits=limits, watch=self.watch
        )
        if isinstance(told, Opened):
            new = self.named(told.sites)
            if len(new) <= asked.count:
                self.sets[new] = min(self.sets.get(new, np.inf), told.objective - price * len(new))
            proven = told.bound - price * asked.count
            if self.best is None or proven > self.best[0]:
                self.best = proven, price, told
        return told

    def named(self, sites: Ints) -> Sites:
        """Return the candidates among columns."""
        return tuple(int(site) - len(self.question.schools) for site in sites if site >= len(self.question.schools))

    def ranking(self, most: float) -> Ranking:
        """Return the choices found, and the bound of the others."""
        first = self.at(0)
        if isinstance(first, Overfull) or self.best is None:
            return Ranking("siting")
        if len(self.named(first.sites)) > self.question.count:
            self.cross(first)
        proven, price, answer = self.best
        known = min(self.sets.values(), default=np.inf)
        beyond = proven
        aim = max(most, known if known * (1.0 - self.limits.gap) > proven else 0.0)
        if np.isfinite(aim) and aim > proven:
            beyond = self.rest(price, answer, aim)
        return Ranking("siting", self.sets, beyond=beyond, price=answer.price)

    def cross(self, many: Opened) -> None:
        """Find the price between too many sites and too few: where the two lines of what they come to meet, until nothing lies below."""
        count = self.question.count
        high = self.few(many)
        if high is None:
            return
        few, low = self.line(high), self.line(many)
        for _ in range(_CROSSINGS):
            if few[0] == count or few[0] >= low[0]:
                return
            price = int((few[1] - low[1]) // (low[0] - few[0]))
            told = self.at(price)
            if isinstance(told, Overfull):
                return
            now = self.line(told)
            if now[0] in (few[0], low[0]):
                return
            few, low = (now, low) if now[0] <= count else (few, now)

    def few(self, many: Opened) -> Opened | None:
        """Return an answer with no more sites than asked for, at a price that is doubled until it is one."""
        price = max(1, int(self.line(many)[1]) // self.question.count)
        while price * len(self.question.candidates) < _LARGEST:
            told = self.at(price)
            if isinstance(told, Opened) and len(self.named(told.sites)) <= self.question.count:
                return told
            price *= 2
        return None

    def line(self, told: Opened) -> tuple[int, float]:
        """Return the number of new sites of an answer, and what it comes to without the price."""
        new = self.named(told.sites)
        return len(new), float(told.travel + self.question.fixed[list(new)].sum())

    def rest(self, price: int, answer: Opened, most: float) -> float:
        """Go through the choices that may come to less than `most`, and return what all others come to."""
        count = self.question.count
        asked = self.question
        found, beyond = choices_found(
            asked.way,
            asked.pupils,
            asked.room,
            self.fixed(price),
            answer,
            most + price * count,
            kept=self.kept,
            barred=self.barred,
            nodes=self.limits.nodes or _NODES,
            watch=self.watch,
        )
        for value, sites in found:
            new = self.named(sites)
            if len(new) <= count:
                self.sets[new] = min(self.sets.get(new, np.inf), value - price * len(new))
        return beyond - price * count
