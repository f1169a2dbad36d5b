"""Zones of several levels (primary, junior, senior) over the same blocks, so that few children part from their mates when they move up.

A zone's main way up is where most of its pupils go; the others are parted from them. Levels are drawn one after the other, each with what
it costs to part beside its own cost. On small maps they are then improved in turn, and are all one program (coupled.py), which bounds what
parting costs, too. On large ones seams are moved that several levels share (seams.py), and the bound is the sum of what each level alone
cannot fall below: parting costs nothing or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.case import District, Drawn, TooFull, Unconnected, broken, loads
from junheng.planning.districting.choose import draw
from junheng.planning.districting.coupled import coupled
from junheng.planning.districting.seams import seams_moved
from junheng.planning.districting.start import empty_cost, improved, joined, mended, relaxed, rounded
from junheng.planning.kernels.districting import UNREACHABLE
from junheng.planning.pupils_to_schools import Overfull
from junheng.planning.solve import Limits, Progress, Watch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUNDS = 3  # times that every level is improved in turn
_STEPS, _MOST_STEPS = 1500, 15_000_000  # moves tried, times blocks
_WARM = 0.2
_WHOLE = 12_000  # pairs of block and zone of all levels, up to which they are one program
_NODES, _PROOF_NODES = 1, 5000
_ROUNDING = 1.0 - 1e-7  # of what the engine proves
_FINE = 5e-4  # gap of one level, the others staying


class Level(NamedTuple):
    """One level of the plan."""

    zone: Ints  # (blocks,)
    own: int  # its cost without parting
    bound: float  # no plan of this level costs less, parting or not
    prices: Ints  # (zones,) of a place


class Together(NamedTuple):
    """A plan of all levels, lowest first."""

    levels: tuple[Level, ...]
    parted: tuple[int, ...]  # pupils who part from most of their mates on the way up, by lower level
    coupled: float = -np.inf  # no plan of all levels costs less, parting counted; -inf where that is not known

    def total(self, apart: Sequence[int]) -> int:
        """Return the cost of all levels and of parting. apart: what a pupil who parts weighs, by lower level."""
        return sum(level.own for level in self.levels) + _sum(apart, self.parted)

    @property
    def bound(self) -> float:
        """Return what no plan of all levels falls below."""
        return max(self.coupled, sum(level.bound for level in self.levels))


def is_one_program(pairs: int) -> bool:
    """Return whether so many pairs of block and zone, of all levels, are few enough for one program."""
    return pairs <= _WHOLE


def ways_up(lower: Ints, upper: Ints, pupils: Ints) -> Ints:
    """Return how many pupils go from each lower zone to each upper one: (lower zones, upper zones)."""
    many = np.zeros((int(lower.max(initial=-1)) + 1, int(upper.max(initial=-1)) + 1), dtype=np.int64)
    np.add.at(many, (lower, upper), pupils)
    return many


def parted(lower: Ints, upper: Ints, pupils: Ints) -> int:
    """Return how many pupils do not go where most of their zone go."""
    many = ways_up(lower, upper, pupils)
    return int(many.sum() - many.max(axis=1, initial=0).sum())


def together(
    levels: Sequence[District],
    apart: Sequence[int],
    limits: Limits,
    seed: int,
    watch: Watch,
    drawn: Sequence[Drawn] = (),
    today: Sequence[Ints | None] = (),
    proven: bool = True,
) -> Together | TooFull | Unconnected:
    """Return a plan of all levels, or why one of them has none.

    levels: lowest first, over the same blocks; apart: what a pupil who parts from most of the zone weighs, by lower level;
    drawn: plans of levels that are drawn already, lowest first; today: plans to go on from as well, lawful or not, for each level;
    proven: False for a plan without a bound that sees parting.
    """
    plan: list[Level] = []
    for place, district in enumerate(levels):
        own = drawn[place] if place < len(drawn) else None
        level = _begun(levels, plan, district, apart, limits, seed, watch, own)
        if isinstance(level, TooFull | Unconnected):
            return level
        plan.append(level)
        _tell(plan, watch)
    bound = -np.inf
    if any(apart) and len(plan) > 1:
        is_small = is_one_program(sum(district.each.size for district in levels))
        if is_small or not _by_seams(levels, plan, apart, seed, watch):
            _in_turn(levels, plan, apart, seed, watch, today)
        if is_small:
            bound = _at_once(levels, plan, apart, limits, seed, watch, proven=proven)
    return Together(tuple(plan), tuple(_parted(levels, plan)), bound)


def _by_seams(levels: Sequence[District], plan: list[Level], apart: Sequence[int], seed: int, watch: Watch) -> bool:
    """Move seams that several levels share; return whether that led to another plan."""
    zones = seams_moved(levels, [level.zone for level in plan], [level.prices for level in plan], apart, seed, watch)
    if any(map(_unlawful, levels, zones)) or all((zone == level.zone).all() for zone, level in zip(zones, plan, strict=True)):
        return False
    plan[:] = [level._replace(zone=zone, own=district.total(zone)) for level, zone, district in zip(plan, zones, levels, strict=True)]
    _tell(plan, watch)
    return True


def _at_once(
    levels: Sequence[District], plan: list[Level], apart: Sequence[int], limits: Limits, seed: int, watch: Watch, *, proven: bool
) -> float:
    """Let the engine improve each level but the highest while the others stay, and then all at once; return what it proves of these.

    The highest by itself gains little: its zones are large and few, and it takes longest.
    """
    prices, last = [level.prices for level in plan], len(plan) - 1
    steps = [([place == free for place in range(len(plan))], replace(limits, gap=_FINE, nodes=_NODES)) for free in range(last)]
    if proven:
        steps.append(([True] * len(plan), replace(limits, nodes=min(limits.nodes or _PROOF_NODES, _PROOF_NODES))))
    bound = -np.inf
    for free, work in steps:
        if watch.cancelled and watch.cancelled():
            break
        found = coupled(levels, [level.zone for level in plan], prices, apart, work, seed, watch, free)
        other = [
            level._replace(zone=zone, own=district.total(zone)) for level, zone, district in zip(plan, found.zones, levels, strict=True)
        ]
        if _total(levels, other, apart) < _total(levels, plan, apart) and not any(map(_unlawful, levels, found.zones)):
            plan[:] = other
        bound = found.bound * _ROUNDING if all(free) else bound
        _tell(plan, watch)
    return bound


def _unlawful(district: District, zone: Ints) -> bool:
    load = loads(district, zone)
    return bool((load > district.high).any() or (load < district.low).any() or len(broken(district, zone)))


def _in_turn(
    levels: Sequence[District], plan: list[Level], apart: Sequence[int], seed: int, watch: Watch, today: Sequence[Ints | None]
) -> None:
    """Improve every level in turn, from today's plans first."""
    turns: list[Sequence[Ints | None]] = [today, *([None] * len(plan) for _ in range(_ROUNDS))]
    for turn, begins in enumerate(turns):
        before = _total(levels, plan, apart)
        for place, begin in enumerate(begins):
            if watch.cancelled and watch.cancelled():
                return
            if turn == 0 and begin is None:
                continue
            start = None if begin is None else joined(_weighed(levels, plan, place, apart), begin, plan[place].prices)
            plan[place] = _improved(levels, plan, place, apart, seed + turn, start)
            _tell(plan, watch)
        if turn and _total(levels, plan, apart) >= before:
            return


def _begun(
    levels: Sequence[District],
    plan: list[Level],
    district: District,
    apart: Sequence[int],
    limits: Limits,
    seed: int,
    watch: Watch,
    drawn: Drawn | None,
) -> Level | TooFull | Unconnected:
    """Draw a level, the lower ones given; where most of a lower zone go is first taken from pupils sent at least cost."""
    quiet = Watch(cancelled=watch.cancelled)
    if drawn is not None or not plan:
        level = drawn or draw(district, limits, seed, quiet)
        return level if not isinstance(level, Drawn) else Level(level.zone, district.total(level.zone), level.bound, level.prices)
    sent = relaxed(district)
    if isinstance(sent, Overfull):
        return TooFull(shortage=sent, out=0, zone=None)
    guess = [*plan, Level(rounded(district, sent), 0, 0.0, sent.school_price)]
    answer = draw(_weighed(levels, guess, len(plan), apart), limits, seed, quiet)
    if not isinstance(answer, Drawn):
        return answer
    bound = float(sent.travel + empty_cost(district))
    own = district.total(answer.zone)
    return Level(answer.zone, own, min(float(own), bound if any(apart) else max(bound, answer.bound)), sent.school_price)


def _weighed(levels: Sequence[District], plan: Sequence[Level], place: int, apart: Sequence[int]) -> District:
    """Return the question of one level with what parting costs, main ways up being those of the plan."""
    district, zone = levels[place], plan[place].zone
    zones = district.each.shape[1]
    more = np.zeros(district.each.shape)
    if place:
        lower, pupils = plan[place - 1].zone, levels[place - 1].pupils
        main = _main(lower, zone, pupils)
        more += apart[place - 1] * (np.arange(zones)[None] != main[lower][:, None]) * pupils[:, None]
    if place + 1 < len(plan):
        upper, pupils = plan[place + 1].zone, district.pupils
        main = np.full(zones, -1, dtype=np.int64)
        known = _main(zone, upper, pupils)
        main[: len(known)] = known
        more += apart[place] * (main[None] != upper[:, None]) * pupils[:, None]
    heft = np.maximum(district.pupils, 1)[:, None]
    each = np.where(district.each < UNREACHABLE, district.each + np.rint(more / heft).astype(np.int64), UNREACHABLE)
    weighed = replace(district, each=each)
    weighed.__dict__["order"] = district.order  # ways do not change: worked out once
    return weighed


def _main(lower: Ints, upper: Ints, pupils: Ints) -> Ints:
    """Return where most of each lower zone go: by pupils, and by blocks where there are none. (lower zones,)."""
    many: Ints = (ways_up(lower, upper, pupils) * (len(lower) + 1) + ways_up(lower, upper, np.ones_like(pupils))).argmax(axis=1)
    return many


def _improved(
    levels: Sequence[District], plan: list[Level], place: int, apart: Sequence[int], seed: int, begin: Ints | None = None
) -> Level:
    """Improve one level, the others given, from its own plan or from another; keep it as it is where that gains nothing."""
    now, weighed = plan[place], _weighed(levels, plan, place, apart)
    steps = min(_STEPS * len(now.zone), _MOST_STEPS)
    zone, _, out = improved(weighed, now.zone if begin is None else begin, now.prices, steps, seed, warm=_WARM)
    if out:
        zone, out = mended(weighed, zone, now.prices, seed)
    other = now._replace(zone=zone, own=levels[place].total(zone))
    trial = [*plan[:place], other, *plan[place + 1 :]]
    if _unlawful(weighed, zone) or _total(levels, trial, apart) >= _total(levels, plan, apart):
        return now
    return other


def _parted(levels: Sequence[District], plan: Sequence[Level]) -> list[int]:
    pairs = zip(plan, plan[1:], levels, strict=False)
    return [parted(lower.zone, upper.zone, district.pupils) for lower, upper, district in pairs]


def _total(levels: Sequence[District], plan: Sequence[Level], apart: Sequence[int]) -> int:
    return sum(level.own for level in plan) + _sum(apart, _parted(levels, plan))


def _sum(apart: Sequence[int], many: Sequence[int]) -> int:
    return sum(each * pupils for each, pupils in zip(apart, many, strict=False))


def _tell(plan: Sequence[Level], watch: Watch) -> None:
    if watch.progress:
        watch.progress(Progress(float(sum(level.own for level in plan)), sum(level.bound for level in plan), len(plan)))
