"""What is asked, as numbers: who lives where, the schools that stay, the sites that may be chosen, and what every way costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.kernels.transport import UNREACHABLE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SCHOOL, POINT, SERVICE = "school", "point", "service"
_KM = 1000.0


class Block(NamedTuple):
    """A village with children."""

    code: str
    name: str


class School(NamedTuple):
    """A school that stays, at the places that it has in the year of opening."""

    code: str
    name: str


class Candidate(NamedTuple):
    """Where a new one may be: a plot of the table of sites, or a village."""

    code: str
    name: str
    village: str
    district: str
    lon: float
    lat: float
    yuan: float | None  # None: not known, which is not nothing
    is_plot: bool
    yuan_year: float | None = None
    lead: int = 0  # school years from the decision to the first use; 0: as the brief says


class Year(NamedTuple):
    """A school year after the first of a plan."""

    year: int
    pupils: Ints  # (B,)
    room: Ints  # (E + C,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Everything that is asked; columns are the E schools first, then the C candidates. Costs are whole, in `grain` metres of one pupil."""

    stage: str
    kind: str
    opening: int  # the school year in which the new ones open
    blocks: tuple[Block, ...]
    pupils: Ints  # (B,)
    schools: tuple[School, ...]
    candidates: tuple[Candidate, ...]
    metres: Floats  # (B, E + C) one way, a multiple of grain; inf where nobody can go
    way: Ints  # (B, E + C) metres and what is added beyond the norm, in grains
    room: Ints  # (E + C,) places; the new ones' are their capacity
    least: int  # pupils of a new one
    fixed: Ints  # (C,) what a new one costs, in grains of one pupil
    count: int  # new ones at most, those decided already taken off
    must: tuple[int, ...]  # candidates
    never: tuple[int, ...]
    is_whole: bool
    is_limited: bool  # whether places count
    norm: float  # metres
    beyond: float  # km that a child beyond the norm counts more
    yuan_weight: float  # km of one pupil for 10,000 yuan
    reserve: float  # share of the places of schools kept free
    grain: int
    source: Text  # which the candidates are
    notes: tuple[Text, ...]
    later: tuple[Year, ...] = ()  # the years after that of opening for which the plan must hold
    since: tuple[int, ...] = ()  # of each candidate: how many years after the first it can open at the earliest
    running: tuple[int, ...] = ()  # of each candidate: what a year in which it is open costs, in grains of one pupil
    most_in: tuple[int, ...] = ()  # of each year: how many may open in it

    @property
    def years(self) -> int:
        """Return for how many years the plan must hold."""
        return 1 + len(self.later)

    def at(self, year: int) -> Question:
        """Return the question of one year alone, counted from the first."""
        if not year:
            return self.asked(later=())
        one = self.later[year - 1]
        return self.asked(later=(), opening=one.year, pupils=one.pupils, room=one.room)

    def own(self, site: int, year: int) -> int:
        """Return what a candidate costs in all that opens in a year, counted from the first, in grains."""
        return int(self.fixed[site]) + (self.running[site] * (self.years - year) if self.running else 0)

    @property
    def existing(self) -> Ints:
        """Return the columns of the schools that stay."""
        return np.arange(len(self.schools))

    def columns(self, new: tuple[int, ...]) -> Ints:
        """Return the columns of the schools that stay and of some candidates."""
        return np.concatenate((self.existing, len(self.schools) + np.array(new, dtype=np.int64)))

    def cost(self, flow: Ints, new: tuple[int, ...]) -> int:
        """Return what a plan costs, in grains. flow: (B, E + C)."""
        return int((flow * np.where(flow > 0, self.way, 0)).sum()) + int(self.fixed[list(new)].sum())

    def km(self, grains: float) -> float:
        """Return a cost in kilometres of one pupil."""
        return grains * self.grain / _KM

    def open_to(self) -> Ints:
        """Return the candidates that may be chosen."""
        return np.setdiff1d(np.arange(len(self.candidates)), np.array(self.never, dtype=np.int64))

    def asked(self, **changed: object) -> Question:
        """Return the same question with something changed."""
        return replace(self, **changed)  # type: ignore[arg-type]


def bound_at(question: Question, price: Floats) -> float:
    """Return the bound, in grains, that prices of one pupil of each village prove, for whoever wants to check it.

    Everybody pays the price of his village; a school gives back what its best pupils, as many as it has places, are cheaper than their
    prices; of the new ones only as many count as may be opened, those that give back most. No plan costs less. Where villages go whole,
    a school gives back what the best villages that fit into it whole are cheaper.
    """
    gain = np.where(question.way < UNREACHABLE, np.minimum(question.way - price[:, None], 0.0), 0.0)
    filled = _packed if question.is_whole else _filled
    back = np.array([filled(gain[:, j], question.pupils, int(question.room[j])) for j in range(gain.shape[1])])
    many = len(question.schools)
    new = back[many:] + question.fixed
    must = np.array(question.must, dtype=np.int64)
    free = np.setdiff1d(question.open_to(), must)
    best = np.sort(np.minimum(new[free], 0.0))[: max(0, question.count - len(must))]
    return float((question.pupils * price).sum() + back[:many].sum() + new[must].sum() + best.sum())


def _filled(gain: Floats, pupils: Ints, room: int) -> float:
    order = np.argsort(gain, kind="stable")
    before = np.cumsum(pupils[order]) - pupils[order]
    return float((gain[order] * np.clip(room - before, 0, pupils[order])).sum())


def _packed(gain: Floats, pupils: Ints, room: int) -> float:
    """Return what the best villages that fit in whole give back: a knapsack."""
    best = np.zeros(room + 1)
    for village in np.flatnonzero((gain < 0.0) & (pupils <= room) & (pupils > 0)):
        size = int(pupils[village])
        best[size:] = np.minimum(best[size:], best[:-size] + gain[village] * size)
    return float(best[-1] + (gain * (pupils == 0)).sum())
