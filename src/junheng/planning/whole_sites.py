"""Which sites are open when each block goes whole to one school, with places and costs: proven to the gap asked.

Divided blocks give a bound (`planning.siting`), and their best choice of sites, with few blocks divided, a plan (`planning.whole_schools`).
Where that is not near enough, every choice that comes, blocks divided, to less than the bound asked is looked at: the engine says what
whole blocks cost more there, or finds a better plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from junheng.planning.pupils_to_schools import Overfull, Sent, send_pupils, whole
from junheng.planning.siting import Opened, choices_below, open_sites
from junheng.planning.solve.engine import NOBODY, USUAL, Limits, Progress, Watch, gap
from junheng.planning.solve.timer import Timer
from junheng.planning.whole_schools import WholePlaces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUNDING = 1e-3
_AIMS = (1.6, 1.15, 0.8)  # of the gap asked, above divided blocks: plans are sought that far, and the bound is raised by the rest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenedWhole:
    """The open sites, the one school of each block, and how far from the best possible that may be."""

    sites: Ints  # open, ascending
    goes: Ints  # (blocks,) the site of each
    objective: int  # the cost of being open, and travel
    bound: float
    fixed: int
    travel: int
    divided: Opened  # the same question, blocks divided: its bound holds here, too
    choices: int  # of sites that were looked at with whole blocks

    @property
    def gap(self) -> float:
        """Return (objective - bound) / objective."""
        return gap(float(self.objective), self.bound)


def open_whole(
    way: ArrayLike,
    pupils: ArrayLike,
    places: ArrayLike,
    fixed: ArrayLike,
    *,
    kept: ArrayLike = (),
    barred: ArrayLike = (),
    seed: int = 0,
    limits: Limits = USUAL,
    watch: Watch = NOBODY,
) -> OpenedWhole | Overfull | None:
    """Choose the open sites and one school for each block so that what both cost is least; None when no plan was found.

    As `open_sites`: way (blocks, sites) for one pupil, UNREACHABLE where none can go; pupils (blocks,); places, fixed (sites,); limits:
    gap, nodes and seconds. Overfull: proven impossible, even with blocks divided. Deterministic for a seed and limits of work.
    Raises ValueError as `open_sites` does.
    """
    timed = Timer(limits).watched(watch)
    exact = Limits(gap=0.0, nodes=limits.nodes)
    divided = open_sites(way, pupils, places, fixed, kept=kept, barred=barred, limits=exact, watch=Watch(cancelled=timed.cancelled))
    if isinstance(divided, Overfull):
        return divided
    case = _Case(whole("way", way), whole("pupils", pupils), whole("places", places), whole("fixed", fixed), limits, seed)
    case.bound, told = divided.bound, watch.progress or (lambda _: None)
    for aim in _AIMS:
        case.look(divided.sites, divided.bound / (1.0 - aim * limits.gap), lambda: bool(timed.cancelled and timed.cancelled()))
        if case.bound < case.goal < np.inf and not (timed.cancelled and timed.cancelled()):
            case.prove(divided, np.asarray(kept, dtype=np.int64), np.asarray(barred, dtype=np.int64), timed)
        told(Progress(case.objective if np.isfinite(case.objective) else None, min(case.bound, case.objective), divided.nodes))
        if case.bound >= case.goal or np.isinf(case.objective) or (timed.cancelled and timed.cancelled()):
            break
    return case.answer(divided)


@dataclass(eq=False)
class _Case:
    """One question, its best plan, and the choices of sites that were looked at."""

    way: Ints
    pupils: Ints
    places: Ints
    fixed: Ints
    limits: Limits
    seed: int
    objective: float = np.inf
    bound: float = -np.inf
    looked: int = 0
    sites: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    goes: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def goal(self) -> float:
        """Return the bound that leaves no room for a plan better by more than the gap allowed."""
        return min(self.objective - 1.0 + _ROUNDING, self.objective * (1.0 - self.limits.gap))

    def look(self, sites: Ints, enough: float, stop: Callable[[], bool]) -> None:
        """Look for a plan at these sites that comes to no more than `enough`."""
        at = self._at(sites)
        if at is not None:
            at.improve(enough - at.sent.travel - float(self.fixed[sites].sum()), stop)
            self._keep(sites, at)

    def prove(self, divided: Opened, kept: Ints, barred: Ints, watch: Watch) -> None:
        """Look at every choice that divided blocks leave below the goal, and raise the bound to what then holds."""
        goal = self.goal
        below = choices_below(self.way, self.pupils, self.places, self.fixed, divided, goal, kept=kept, barred=barred)
        lowest = goal
        for value, sites in below:
            if watch.cancelled and watch.cancelled():
                lowest = min(lowest, value)
                break
            at = self._at(sites)
            if at is not None:
                lowest = min(lowest, value + at.bound(goal - value))
                self._keep(sites, at)
        self.bound = max(self.bound, lowest)

    def answer(self, divided: Opened) -> OpenedWhole | None:
        """Return the best plan."""
        if not np.isfinite(self.objective):
            return None
        bound, fixed = max(self.bound, divided.bound), int(self.fixed[self.sites].sum())
        return OpenedWhole(
            sites=self.sites,
            goes=self.goes,
            objective=round(self.objective),
            bound=self.objective if bound > self.objective - 1.0 + _ROUNDING / 2 else bound,
            fixed=fixed,
            travel=round(self.objective) - fixed,
            divided=divided,
            choices=self.looked,
        )

    def _at(self, sites: Ints) -> WholePlaces | None:
        self.looked += 1
        sent = send_pupils(self.way[:, sites], self.pupils, self.places[sites])
        return WholePlaces(self.way[:, sites], self.pupils, self.places[sites], sent, self.seed) if isinstance(sent, Sent) else None

    def _keep(self, sites: Ints, at: WholePlaces) -> None:
        if not np.isfinite(at.above):
            return
        goes = sites[at.goes]
        cost = float((self.pupils * self.way[np.arange(len(goes)), goes]).sum() + self.fixed[sites].sum())
        if cost < self.objective:
            self.objective, self.sites, self.goes = cost, sites, goes
