"""Plans over several years, made better step by step: what is open when, with how many modules, and the cheapest ways in every year.

Given what is open and how large it is, each year is a question of pupils to schools (`send_pupils`), exact, with a price for a place at
every school. These prices say beforehand what a module more can save at most, and one less must cost at least, so few steps are tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.pupils_to_schools import Sent, send_pupils

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_LITTLE = 1e-6  # of the cost: less is no gain
_REPAIRS = 40  # modules added at most to make room after a step


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sites:
    """What can be done at m sites over T years. Costs of modules and openings are those of the whole time that is left."""

    places: Ints  # (m,) when open, without modules
    exists: Mask  # (m,) open before the first year: it may close, once; others may open, once
    fixed: Floats  # (m, T) for being open in a year
    opening: Floats  # (m, T) for opening in a year a site that does not exist
    module: Floats  # (m, T) for a module built in a year
    module_places: int
    most: int  # modules a year


class State(NamedTuple):
    """What is open, and the modules built by each year: (m, T) each; nothing is built where it is closed."""

    is_open: Mask
    modules: Ints


class _Year(NamedTuple):
    travel: float  # inf where places do not suffice
    worth: Ints  # (m,) what a place more at each school would save
    short: Ints  # schools to which those without a place are confined


@dataclass(eq=False)
class Search:
    """One question, with the years that were worked out already. way: (blocks, m) whole; pupils: (T, blocks) whole."""

    way: Ints
    pupils: Ints
    sites: Sites
    most_years: int  # so many years may be worked out
    years: int = 0
    _known: dict[tuple[int, bytes], _Year] = field(default_factory=dict)
    _prices: dict[int, Ints] = field(default_factory=dict)

    def room(self, state: State) -> Ints:
        """Return the places of each site and year: (m, T)."""
        grown = self.sites.places[:, None] + self.sites.module_places * state.modules
        return np.asarray(np.where(state.is_open, grown, 0), dtype=np.int64)

    def year(self, t: int, room: Ints) -> _Year:
        """Return what a year comes to with the places given: (m,)."""
        key = (t, room.tobytes())
        if key not in self._known:
            self.years += 1
            sent = send_pupils(self.way, self.pupils[t], room, prices=self._prices.get(t))
            if isinstance(sent, Sent):
                self._prices[t] = sent.school_price
                self._known[key] = _Year(float(sent.travel), sent.school_price, np.zeros(0, dtype=np.int64))
            else:
                self._known[key] = _Year(np.inf, np.zeros(len(room), dtype=np.int64), sent.schools)
        return self._known[key]

    def building(self, state: State) -> float:
        """Return what a plan costs without ways."""
        sites = self.sites
        gained = np.diff(state.modules, axis=1, prepend=0)
        opened = np.diff(state.is_open.astype(np.int64), axis=1, prepend=0) > 0
        opened &= ~sites.exists[:, None]
        parts = (sites.fixed * state.is_open, sites.module * gained, sites.opening * opened)
        return float(sum(part.sum() for part in parts))

    def value(self, state: State) -> float:
        """Return what a plan costs, inf where places do not suffice in a year."""
        room = self.room(state)
        total = self.building(state)
        for t in range(room.shape[1]):
            total += self.year(t, np.ascontiguousarray(room[:, t])).travel
            if not np.isfinite(total):
                break
        return total

    def repaired(self, state: State) -> State | None:
        """Return the plan with modules added where places do not suffice, None where that does not help."""
        for _ in range(_REPAIRS):
            room = self.room(state)
            lacking = [t for t in range(room.shape[1]) if not np.isfinite(self.year(t, np.ascontiguousarray(room[:, t])).travel)]
            if not lacking:
                return state
            t = lacking[0]
            short = self.year(t, np.ascontiguousarray(room[:, t])).short
            more = self._more_room(state, [int(j) for j in short], t)
            if more is None:
                return None
            state = more
        return None

    def _more_room(self, state: State, short: list[int], t: int) -> State | None:
        """Return the plan with one module more at one of the schools that lack places, or with one more of them open."""
        able = [j for j in short if state.is_open[j, t] and self._may_add(state, j, t)]
        if able:
            best = min(able, key=lambda j: (self.sites.module[j, t], -self._near(j, t), j))
            modules = state.modules.copy()
            modules[best, t:] += 1
            return State(state.is_open, modules)
        shut = [j for j in short if not state.is_open[j, t]]
        if not shut:
            return None
        best = max(shut, key=lambda j: (self._near(j, t), -j))
        years = state.is_open.shape[1]
        return self._with_course(state, best, years if self.sites.exists[best] else years - t)

    def _near(self, site: int, t: int) -> float:
        """Return the pupils to whom a site is the nearest."""
        mine = self.way.argmin(axis=1) == site
        return float(self.pupils[t, mine].sum())

    def _may_add(self, state: State, site: int, t: int) -> bool:
        before = state.modules[site, t - 1] if t else 0
        return bool(state.modules[site, t] - before < self.sites.most)

    def improve(self, state: State, doubtful: Ints) -> tuple[float, State]:
        """Take steps that make a plan cheaper as long as there are any and work is left."""
        value = self.value(state)
        is_better = True
        while is_better and self.years < self.most_years:
            is_better = False
            for other in self._steps(state, value, doubtful):
                made = self.repaired(other)
                if made is None:
                    continue
                now = self.value(made)
                if now < value - _LITTLE * abs(value):
                    value, state, is_better = now, made, True
                    break
                if self.years >= self.most_years:
                    break
        return value, state

    def _steps(self, state: State, value: float, doubtful: Ints) -> Iterator[State]:
        yield from self._modules(state)
        yield from self._courses(state, doubtful)
        yield from self._exchanges(state, doubtful)

    def _modules(self, state: State) -> Iterator[State]:
        """Yield plans with a module more or less from a year on, those that may save most first."""
        room, sites = self.room(state), self.sites
        worth = np.column_stack([self.year(t, np.ascontiguousarray(room[:, t])).worth for t in range(room.shape[1])])
        ahead = (worth * state.is_open)[:, ::-1].cumsum(axis=1)[:, ::-1] * float(sites.module_places)
        gained = np.diff(state.modules, axis=1, prepend=0)
        found: list[tuple[float, int, int, int]] = []
        count, years = ahead.shape
        for j in range(count):
            for t in range(years):
                if state.is_open[j, t] and gained[j, t] < sites.most and ahead[j, t] > sites.module[j, t]:
                    found.append((sites.module[j, t] - ahead[j, t], j, t, 1))
                if gained[j, t] > 0 and ahead[j, t] < sites.module[j, t]:
                    found.append((ahead[j, t] - sites.module[j, t], j, t, -1))
                if gained[j, t] > 0 and t + 1 < years and gained[j, t + 1] < sites.most and state.is_open[j, t + 1]:
                    found.append((sites.module[j, t + 1] - sites.module[j, t], j, t, 0))
        for _, j, t, sign in sorted(found):
            modules = state.modules.copy()
            if sign:
                modules[j, t:] += sign
            else:
                modules[j, t] -= 1
            yield State(state.is_open, modules)

    def _courses(self, state: State, doubtful: Ints) -> Iterator[State]:
        """Yield plans in which a doubtful site opens or closes in another year, or not at all."""
        years = state.is_open.shape[1]
        for j in doubtful:
            now = int(state.is_open[j].sum())
            for many in range(years + 1):
                if many != now:
                    yield self._with_course(state, int(j), many)

    def _with_course(self, state: State, site: int, many: int) -> State:
        """Return the plan with a site open in so many years: the first ones where it exists, the last ones where it does not."""
        is_open, modules, years = state.is_open.copy(), state.modules.copy(), state.is_open.shape[1]
        is_open[site] = np.arange(years) < many if self.sites.exists[site] else np.arange(years) >= years - many
        kept = np.where(is_open[site], modules[site], 0)
        kept = np.maximum.accumulate(kept)
        modules[site] = np.where(is_open[site], kept, kept if self.sites.exists[site] else 0)
        gained = np.diff(modules[site], prepend=0)
        modules[site] = np.cumsum(np.minimum(gained, self.sites.most))
        return State(is_open, modules)

    def _exchanges(self, state: State, doubtful: Ints) -> Iterator[State]:
        """Yield plans in which one doubtful site is closed and another open instead."""
        years = state.is_open.shape[1]
        for gone in doubtful:
            for come in doubtful:
                if gone != come and state.is_open[gone].any() and not state.is_open[come].all():
                    yield self._with_course(self._with_course(state, int(gone), 0), int(come), years)


def sound(is_open: Mask, modules: Ints, sites: Sites) -> State:
    """Return the nearest plan in which what opens stays open, what closes stays closed, and no year builds more than it can."""
    kept = np.where(sites.exists[:, None], np.logical_and.accumulate(is_open, axis=1), np.logical_or.accumulate(is_open, axis=1))
    grown = np.maximum.accumulate(np.where(kept, modules, 0), axis=1)
    built = np.minimum(np.diff(grown, axis=1, prepend=0), sites.most) * kept
    return State(kept, np.cumsum(built, axis=1).astype(np.int64))
