"""What is left for the engine: some blocks, the pairs of block and zone that may still matter, and the rows that keep zones joined."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.districting.case import CLOSER, District, lost
from junheng.planning.solve import Program, Progress, Terms, Variables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Residual(NamedTuple):
    """A program over some pairs: pair k is block[k] in zone[k]; all other blocks stay."""

    program: Program
    inside: Variables
    block: Ints
    zone: Ints

    def values(self, plan: Ints) -> Floats:
        """Return a plan as values of the program."""
        here: Floats = (plan[self.block] == self.zone).astype(np.float64)
        return here

    def plan(self, values: Floats, stay: Ints) -> Ints:
        """Return the plan of values. stay: the zones of the blocks that are not in the program."""
        taken = values[self.inside.columns] > 0.5
        zone = stay.copy()
        zone[self.block[taken]] = self.zone[taken]
        return zone


class Known(NamedTuple):
    """Rows that every plan keeps: the sum of values of pairs of block and zone is at most so much."""

    of: Ints  # the row of each entry
    block: Ints
    zone: Ints
    value: Floats
    most: Floats  # (rows,)


def residual(district: District, keep: Mask, plan: Ints, free: Mask, rule: str, known: Known | None = None) -> Residual:
    """Return the program.

    keep: (blocks, zones) pairs that may matter; plan: where blocks that are not free stay; free: (blocks,); known: rows that the rules
    imply, of which the engine would find but some.
    """
    program = Program(unit="cost")
    inside, block, zone, column = enter(program, district, keep, plan, free, rule)
    if known is not None:
        _tell(program, inside, column, known, plan, free)
    program.cost(Text("", ""), inside * district.cost[block, zone].astype(np.float64), unit="cost")
    return Residual(program, inside, block, zone)


def enter(program: Program, district: District, keep: Mask, plan: Ints, free: Mask, rule: str) -> tuple[Variables, Ints, Ints, Ints]:
    """Enter the variables and rules of some pairs; return the variables, their blocks and zones, and where each pair is, -1 for none."""
    zones = keep.shape[1]
    keep = keep & free[:, None]
    keep[district.fixed] = False
    keep[district.fixed & free, plan[district.fixed & free]] = True
    may = keep.copy()
    may[np.flatnonzero(~free), plan[~free]] = True
    needs, of, near = _ways(district, keep, may, rule)
    block, zone = np.nonzero(keep)
    inside = program.variables(Text("", ""), len(block), upper=1, whole=True)
    column = np.full(keep.shape, -1, dtype=np.int64)
    column[block, zone] = np.arange(len(block))
    own, position = np.unique(block, return_inverse=True)
    program.rule(Text("", ""), inside.sum_by(position, len(own)) == 1)
    stay = np.bincount(plan[~free], weights=district.pupils[~free], minlength=zones)
    load = (inside * district.pupils[block].astype(np.float64)).sum_by(zone, zones)
    program.rule(Text("", ""), load <= district.high - stay)
    if (district.low > 0).any():
        program.rule(Text("", ""), load >= district.low - stay)
    _join(program, inside, column, (needs, of, near), plan, free)
    return inside, block, zone, column


def _ways(district: District, keep: Mask, may: Mask, rule: str) -> tuple[tuple[Ints, Ints], Ints, Ints]:
    """Return the pairs that need a neighbour, and which neighbours help which of them; pairs that nobody helps are struck out."""
    start, beside = district.beside
    root = np.zeros(keep.shape, dtype=np.bool_)
    for j, own in enumerate(district.roots):
        root[own, j] = True
    while True:
        block, zone = np.nonzero(keep & ~root)
        count = start[block + 1] - start[block]
        of = np.repeat(np.arange(len(block)), count)
        near = beside[np.arange(count.sum()) + np.repeat(start[block] - (np.cumsum(count) - count), count)]
        helps = may[near, zone[of]]
        if rule == CLOSER:
            helps &= district.order[near, zone[of]] < district.order[block[of], zone[of]]
        of, near = of[helps], near[helps]
        dead = np.bincount(of, minlength=len(block)) == 0
        dead &= ~district.fixed[block]
        if not dead.any():
            return (block, zone), of, near
        keep[block[dead], zone[dead]] = may[block[dead], zone[dead]] = False


def _join(program: Program, inside: Variables, column: Ints, ways: tuple[tuple[Ints, Ints], Ints, Ints], plan: Ints, free: Mask) -> None:
    """Add that a block in a zone has a neighbour there; not where one of them stays there anyway."""
    (block, zone), of, near = ways
    sure = np.zeros(len(block), dtype=np.bool_)
    sure[of[~free[near] & (plan[near] == zone[of])]] = True
    need = np.flatnonzero(~sure & (np.bincount(of, minlength=len(block)) > 0))
    row = np.full(len(block), -1, dtype=np.int64)
    row[need] = np.arange(len(need))
    use = row[of] >= 0
    of, near = of[use], near[use]
    helpers = inside[column[near, zone[of]]].sum_by(row[of], len(need)) if len(of) else _nothing(len(need))
    if len(need):
        program.definition(Text("", ""), inside[column[block[need], zone[need]]] - helpers <= 0)


def _tell(program: Program, inside: Variables, column: Ints, known: Known, plan: Ints, free: Mask) -> None:
    """Add rows that are known to hold, as far as they are about blocks that may move."""
    stays = ~free[known.block] & (plan[known.block] == known.zone)
    most = known.most - np.bincount(known.of[stays], weights=known.value[stays], minlength=len(known.most))
    place = column[known.block, known.zone]
    there = place >= 0
    which, of = np.unique(known.of[there], return_inverse=True)
    if len(which):
        terms = Terms(of, inside.columns[place[there]], known.value[there], np.zeros(len(which)))
        program.definition(Text("", ""), terms <= most[which])


def _nothing(size: int) -> Terms:
    none = np.zeros(0, dtype=np.int64)
    return Terms(none, none, np.zeros(0), np.zeros(size))


_NAMED = 6  # blocks of a piece that get a row of their own
_LOOKS = 200  # plans that are looked at; what is not cut by then stays uncut, and the bound holds all the same


class Separators:
    """Rows that a plan in pieces breaks: a block of a piece is in the zone only if a block around the piece is."""

    def __init__(self, district: District, made: Residual, stay: Ints) -> None:
        """Look at plans of `made`; stay: the zones of blocks that are not in it."""
        self._district, self._made, self._stay, self._looks = district, made, stay, 0
        self._place = {pair: k for k, pair in enumerate(zip(made.block.tolist(), made.zone.tolist(), strict=True))}

    def __call__(self, values: Floats) -> None:
        """Add the rows that a plan breaks."""
        self._looks += 1
        plan = self._made.plan(values, self._stay)
        bad = set(lost(self._district, plan).tolist()) if self._looks <= _LOOKS else set()
        while bad:
            piece = self._piece(bad, plan)
            bad -= piece
            self._cut(piece, int(plan[next(iter(piece))]))

    def _piece(self, bad: set[int], plan: Ints) -> set[int]:
        front = [min(bad)]
        piece = set(front)
        while front:
            here = front.pop()
            near = {block for block in self._near(here) if block in bad and plan[block] == plan[here]} - piece
            piece |= near
            front += sorted(near)
        return piece

    def _near(self, block: int) -> list[int]:
        start, beside = self._district.beside
        near: list[int] = beside[start[block] : start[block + 1]].tolist()
        return near

    def _cut(self, piece: set[int], zone: int) -> None:
        around = sorted({near for block in piece for near in self._near(block)} - piece)
        inside, place = self._made.inside, self._place
        gates = [place[block, zone] for block in around if (block, zone) in place]
        for block in sorted(piece)[:_NAMED]:
            if (block, zone) in place:
                here = inside[[place[block, zone]]]
                others = inside[gates].sum() if gates else _nothing(1)
                self._made.program.definition(Text("", ""), here - others <= 0)


class Hope:
    """Stops the engine where its bound, the first rows cut, is still below what gives hope of a proof."""

    def __init__(self, stopped: Callable[[], bool], least: float) -> None:
        """least: the bound below which it is stopped; stopped: whether somebody said stop."""
        self._stopped, self._least, self._is_low = stopped, least, False

    def look(self, now: Progress) -> None:
        """Take notice of where the engine stands."""
        self._is_low = now.nodes > 0 and now.bound < self._least

    def is_lost(self) -> bool:
        """Return whether to stop."""
        return self._is_low or self._stopped()
