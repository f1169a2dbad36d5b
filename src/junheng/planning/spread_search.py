"""The cheapest plan that keeps limits on how much schools may differ; where pupils move, with a bound for wherever they go.

Pupils that stay: spread_plan.py. Where whole villages move, boxes of the means of the limits, each with a bound of its own
(spread_pieces.py). Where pupils move one by one, every school is seen as a whole:

1. The linear program of packages is solved with the limits' tangents at its own means (spread_master.py).
2. At its prices whole pupils are chosen for each group of schools (spread_pupils.py); with these settled, a plan is found as where
   nobody moves.
3. The ranges of the means of cheaper plans are narrowed (spread_ranges.py). Within them the program of packages and the groups give the
   bound; whoever is outside costs as much as was asked there. What the groups choose now is the next plan, if one is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve import Answer, Impossible, Limits, Program, Variables, Watch
from junheng.planning.solve.engine import NOBODY, USUAL
from junheng.planning.spread import Spread
from junheng.planning.spread_master import Master
from junheng.planning.spread_moving import MovingSpread
from junheng.planning.spread_packages import Packages
from junheng.planning.spread_pieces import Box, Pieces
from junheng.planning.spread_plan import GAPS, ROUNDS, SHARE, Search
from junheng.planning.spread_pupils import Pupils, completed, pupils_at, settled
from junheng.planning.spread_ranges import Narrowing

Floats = NDArray[np.float64]

_PLANNED = 0.4  # of the time that the first plan may take where pupils move
_CUT = 0.5  # of the gap: boxes that cost the best plan less so much need not be looked into
_CENTRED, _STILL = 6, 1e-3  # times that means are taken anew, and a change that is none
_KEEP = 0.008  # of the bound: what a school may pay for other pupils in the first plan
_APART, _PLAIN = 0.3, 0.7  # of the gap: how far from the best the choice of pupils may be, and a plan once they are settled
_OUTSIDE, _RANGE = 0.75, 0.1  # of the gap: how far from the best plan one outside the ranges may be, what a range may lose
_AGAIN = 4


def solve_spread(
    program: Program,
    spreads: Sequence[Spread],
    limits: Limits = USUAL,
    *,
    late: Variables | None = None,
    seed: int = 0,
    start: Floats | None = None,
    watch: Watch = NOBODY,
    packages: Packages | None = None,
) -> Answer:
    """Return the cheapest plan that keeps every limit, or the proof that there is none, or what is known when the limits are reached.

    late: whole numbers of which a fraction changes the cost little. start: (columns,) a plan that keeps every rule. packages: what the
    program says of schools of which the pupils move one by one, where it is of that kind: the search is then far shorter.
    """
    if packages is not None:
        return _Packed(program, tuple(spreads), limits, late, seed, watch, of=packages).run(start)
    is_moving = any(isinstance(spread, MovingSpread) for spread in spreads)
    return (_Moving if is_moving else Search)(program, tuple(spreads), limits, late, seed, watch).run(start)


class _Moving(Search):
    """The same where pupils move: boxes of the means of the limits, each with a bound of its own (spread_pieces.py)."""

    def run(self, start: Floats | None) -> Answer:
        if start is not None and self._is_kept(start):
            self._keep(start)
        pieces = Pieces(self.arrays, self.spreads, self._run, self.seed)
        _, outcome = pieces.relaxed()
        if outcome.status == "infeasible":
            return self._impossible()
        if outcome.status != "optimal" or outcome.values is None:
            return self._answer()
        self._bounded(outcome.bound, np.inf)
        near = pieces.centred(outcome.values)
        given = self.limits
        if given.seconds is not None:  # the bound needs time, too
            self.limits = replace(given, seconds=_PLANNED * given.seconds)
        self._planned(pieces, near, GAPS[0])
        self.limits = given
        is_cut = self._boxes(pieces, outcome.bound, near)
        return self._impossible() if is_cut and self.values is None else self._answer()

    def _boxes(self, pieces: Pieces, bound: float, near: Floats) -> bool:
        """Ask box by box, that of the least bound first; return whether every box was seen to hold no plan."""
        boxes: list[tuple[float, Box]] = [(bound, pieces.whole())]
        is_empty = True
        done = np.inf  # the least of what the boxes cost that need not be asked again
        for _ in range(ROUNDS):
            self._bounded(min([done, *(least for least, _ in boxes)]), self.best)
            if not boxes or self._is_near():
                return is_empty and not boxes
            if self.limits.seconds is not None and self.seconds >= self.limits.seconds:
                return False
            boxes.sort(key=lambda each: each[0])
            least, box = boxes.pop(0)
            cut = self.best - _CUT * self._allowed()
            narrow = pieces.narrowed(box, cut) if np.isfinite(cut) else box
            outcome = None if narrow is None else pieces.bounded(narrow, self.limits.gap * SHARE, near)
            if narrow is None or outcome is None or outcome.status == "infeasible":
                done = min(done, cut)
                continue
            if outcome.values is not None:
                self._planned(pieces, outcome.values, self.limits.gap * SHARE)
            held = max(least, min(outcome.bound, cut))
            parts = pieces.split(narrow, outcome.values) if held < self.best - self._allowed() and outcome.status == "optimal" else ()
            is_empty &= bool(parts)
            boxes += [(held, each) for each in parts]
            done = done if parts else min(done, held)
            if outcome.status != "optimal":
                self._bounded(min([done, *(each for each, _ in boxes)]), self.best)
                return False
        return False

    def _allowed(self) -> float:
        """Return how far the bound may be from the best plan."""
        return 0.0 if self.values is None else max(self.limits.gap * abs(self.best), self.limits.slack)

    def _planned(self, pieces: Pieces, near: Floats, wanted: float) -> None:
        plan = pieces.planned(near, wanted, self.values)
        if plan is not None and self._is_kept(plan):
            self._keep(plan)
        self._tell()


@dataclass
class _Packed(_Moving):
    """The same where pupils move one by one and every school is seen as a whole (spread_packages.py)."""

    of: Packages | None = None
    tried: dict[bytes, int] = field(default_factory=dict)

    def run(self, start: Floats | None) -> Answer:
        assert self.of is not None
        if start is not None and self._is_kept(start):
            self._keep(start)
        master = Master(self.arrays, self.of, self._run, self.seed)
        middle = self._centred(master)
        if middle is not None and master.best is not None:
            self._plan(self._pupils(master, _KEEP * abs(master.bound)))
            self._narrowed(master, middle)
        return self._answer() if self._is_near() or self._is_over() else super().run(None)

    def _narrowed(self, master: Master, middle: Floats) -> None:
        """Narrow the ranges of the means again and again, each time nearer to the best plan."""
        if self.values is None or master.best is None:
            return
        hints = master.best.prices.square
        for turn in range(_AGAIN):
            outside = self.best * (1 - _OUTSIDE * self.limits.gap / 2**turn)
            narrowing = Narrowing(master, hints, middle, outside)
            for _ in narrowing.passes(_RANGE * self.limits.gap * self.best / 2**turn):
                master.settle(_STILL)
                self._bounded(min(outside, master.bound), self.best)
            if not self._is_near():
                self._seen(master, outside)
            if self._is_near() or self._is_over():
                break

    def _pupils(self, master: Master, keep: float) -> Pupils:
        assert master.best is not None
        allowed = _APART * self.limits.gap * abs(master.bound)
        return pupils_at(master, master.best, self.arrays, keep, allowed, self._run, self.seed)

    def _is_over(self) -> bool:
        return self.limits.seconds is not None and self.seconds >= self.limits.seconds

    def _centred(self, master: Master) -> Floats | None:
        """Return the means of a cheapest plan in packages that is its own centre."""
        master.hold([(0.0, np.inf)] * len(master.limited))
        outcome = master.settle(_STILL)
        self._bounded(master.bound, np.inf)
        for _ in range(_CENTRED):
            if outcome.status != "optimal" or outcome.values is None:
                return None
            middle = master.means(outcome.values)
            master.near(middle)
            outcome = master.settle(_STILL / 2)
            if outcome.values is None or np.abs(master.means(outcome.values) - middle).max() < _STILL:
                break
        return None if outcome.values is None else master.means(outcome.values)

    def _seen(self, master: Master, outside: float) -> None:
        """Take the bound of plans whose means lie within the ranges; others cost `outside` at least."""
        master.settle(_STILL / 10)
        if master.best is None:
            return
        keep = max(0.0, self.best - master.bound)
        told = self._pupils(master, keep)
        self._bounded(min(outside, master.bound + min(keep, told.gain)), self.best)
        if not self._is_near():
            self._plan(told)

    def _plan(self, told: Pupils) -> None:
        """Find the cheapest plan for pupils who go so."""
        assert self.of is not None
        if told.moved is None:
            return
        times = self.tried[told.moved.tobytes()] = self.tried.get(told.moved.tobytes(), 0) + 1
        asked = settled(self.program, self.spreads, self.of, told.moved)
        left = None if self.limits.seconds is None else max(0.0, self.limits.seconds - self.seconds)
        limits = replace(self.limits, gap=_PLAIN * self.limits.gap / 2 ** (times - 1), seconds=left)
        watch = Watch(cancelled=self.watch.cancelled)
        search = Search(self.program, asked.spreads, limits, self.late, self.seed, watch, is_part=True, given=asked.arrays)
        found = search.run(None)
        self.nodes, self.seconds = self.nodes + search.nodes, self.seconds + search.seconds
        if not isinstance(found, Impossible) and found.values is not None:
            values = completed(self.of, np.asarray(found.values), asked.columns)
            if self._is_kept(values):
                self._keep(values)
                self._tell()
