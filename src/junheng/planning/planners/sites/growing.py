"""Two or three new schools beside those that stay: every first one is worked out, and from it every second one, as far as that may help.

What places save is submodular: a site never saves more beside others than it saves alone (Shapley 1962: sources of a transport problem
are substitutes). So what a set may still gain is at most the sum of what its further sites gain now, and most sets need no look.
"""

from __future__ import annotations

import numpy as np

from junheng.planning.few_sites import SiteValues, site_values
from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.planners.sites.question import Floats, Ints, Question
from junheng.planning.solve import Watch

Sites = tuple[int, ...]


class Growing:
    """The search: values of all sets looked at, and what every other set comes to."""

    def __init__(self, question: Question, gap: float, tables: int, most: float, watch: Watch) -> None:
        """Lay out. tables: of sites that may be worked out; most: every set below it is looked at, beside the best."""
        self.question, self.gap, self.left, self.most, self.watch = question, gap, tables, most, watch
        self.sets: dict[Sites, float] = {}
        self.beyond = np.inf
        known = question.way[question.way < UNREACHABLE]
        self.dear = (int(known.max(initial=0)) + 1) * (question.way.shape[1] + 3)  # of a child without a place
        self.known: dict[Sites, tuple[float, Floats]] = {}

    @property
    def best(self) -> float:
        """Return the least value of a set in which everybody has a place."""
        return min(self.sets.values(), default=np.inf)

    @property
    def goal(self) -> float:
        """Return what a set must fall below to be worth a look."""
        return max(self.best * (1.0 - self.gap), self.most) if np.isfinite(self.best) else np.inf

    def run(self) -> None:
        """Go: greedily first, exchange single sites, then look at all that may be better."""
        start = self._start()
        free = self._rest(start, self._all())
        self._exchange(self._greedy(start, free), free)
        self._below(start, free)

    def _start(self) -> Sites:
        return tuple(sorted(self.question.must))

    def _beside(self, asked: Question, new: Sites, fixed: Floats | Ints) -> SiteValues:
        """Return what a question comes to with the sites, and with each candidate beside: who finds no place costs dear. fixed: of each."""
        columns, many = asked.columns(new), len(asked.schools)
        lacking = np.full((len(asked.blocks), 1), self.dear, dtype=np.int64)
        return site_values(
            np.column_stack((asked.way[:, columns], lacking)),
            asked.pupils,
            np.append(asked.room[columns], asked.pupils.sum()),
            asked.way[:, many:],
            asked.room[many:],
            fixed,
        )

    def _table(self, new: Sites) -> tuple[float, Floats]:
        """Return what the sites come to, and what they come to with each candidate beside; remember sets in which all have a place."""
        if new in self.known:
            return self.known[new]
        self.left -= 1
        asked = self.question
        told = self._beside(asked, new, asked.fixed)
        fixed = float(asked.fixed[list(new)].sum())
        return self._known(new, told.without + fixed, told.total + fixed)

    def _known(self, new: Sites, value: float, total: Floats) -> tuple[float, Floats]:
        """Keep what was worked out, and return it."""
        self.known[new] = value, total
        self._remember(new, value)
        for site in self._rest(new, self._all()) if len(new) < self.question.count else ():
            self._remember(tuple(sorted((*new, int(site)))), float(total[site]))
        return value, total

    def _all(self) -> Ints:
        return self.question.open_to()

    def _rest(self, new: Sites, free: Ints) -> Ints:
        """Return the free ones that may still be added."""
        return np.setdiff1d(free, np.array(new, dtype=np.int64))

    def _promise(self, free: Ints, gain: Floats, missing: int) -> float:
        """Return what some of the free ones gain at most, the best first."""
        return float(gain[:missing].sum())

    def _remember(self, new: Sites, value: float) -> None:
        if value < self.dear or (np.isfinite(value) and not self._lacks(new)):
            self.sets[new] = value

    def _lacks(self, new: Sites) -> bool:
        """Return whether somebody has no place; only asked where the value alone does not say so."""
        return self._lacks_in(self.question, new)

    def _lacks_in(self, asked: Question, new: Sites) -> bool:
        columns, nowhere = asked.columns(new), np.zeros((len(asked.blocks), 0), dtype=np.int64)
        none = np.zeros(0, dtype=np.int64)
        told = site_values(asked.way[:, columns], asked.pupils, asked.room[columns], nowhere, none, np.zeros(0))
        return not np.isfinite(told.without)

    def _greedy(self, new: Sites, free: Ints) -> Sites:
        while len(new) < self.question.count and len(free):
            _, total = self._table(new)
            rest = self._rest(new, free)
            if not len(rest):
                break
            new = tuple(sorted((*new, int(rest[total[rest].argmin()]))))
        return new

    def _exchange(self, new: Sites, free: Ints) -> None:
        is_better = True
        while is_better and self.left > 0:
            is_better = False
            for site in set(new) - set(self._start()):
                rest = tuple(one for one in new if one != site)
                _, total = self._table(rest)
                others = self._rest(rest, free)
                other = int(others[total[others].argmin()])
                if other != site and total[other] < total[site]:
                    new, is_better = tuple(sorted((*rest, other))), True
                    break

    def _below(self, new: Sites, free: Ints) -> None:
        """Look at the sets with these sites and some of the free ones; those of which the bound is too high are only counted."""
        missing = self.question.count - len(new)
        value, total = self._table(new)
        if missing <= 1:
            return
        free = self._rest(new, free)
        gain = np.maximum(value - total[free], 0.0)
        order = np.argsort(-gain, kind="stable")
        free, gain = free[order], gain[order]
        for k, site in enumerate(free.tolist()):
            bound = value - self._promise(free[k:], gain[k:], missing)
            if bound >= self.goal or self.left <= 0 or (self.watch.cancelled and self.watch.cancelled()):
                self.beyond = min(self.beyond, bound)
                return
            self._below(tuple(sorted((*new, site))), free[k + 1 :])
