"""Pupils to schools at least travel, exact, with the prices that prove it.

A plan is proven by prices: a school's price is what one more place there would save; a block's is the least of way plus price over the
schools it can reach. Pupils times block prices, less places times school prices, is a bound that every plan respects, and the plan
returned meets it to the last metre. Whoever doubts it adds up two columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from junheng.planning.kernels.transport import UNREACHABLE, transport

Ints = NDArray[np.int64]

_LARGEST = 2.0**62


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sent:
    """Who goes where, at least travel; entries are sorted by block, then school."""

    block: Ints  # (entries,)
    school: Ints  # (entries,)
    pupils: Ints  # (entries,) more than none
    travel: int  # pupils times cost, summed
    block_price: Ints  # (blocks,) 0 for a block without pupils
    school_price: Ints  # (schools,) none below 0; 0 where places are left
    ways: int  # shortest paths that were needed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overfull:
    """Proven impossible: the children of these blocks can reach no other schools than these, which have fewer places."""

    blocks: Ints
    schools: Ints
    pupils: int
    places: int


def send_pupils(cost: ArrayLike, pupils: ArrayLike, places: ArrayLike, *, prices: ArrayLike | None = None) -> Sent | Overfull:
    """Send the pupils of every block to schools, splitting blocks where that is cheaper, and fill no school beyond its places.

    cost: (blocks, schools) whole numbers, 0 or more, in any one unit; UNREACHABLE or more where a block's children cannot go;
    pupils: (blocks,); places: (schools,); prices: (schools,) of an earlier answer, which spare most of the work when little has changed.
    The same input gives the same plan.
    Raises ValueError for shapes that do not fit, numbers that are negative or not whole, and sums beyond 62 bits.
    """
    way, children, room = whole("cost", cost), whole("pupils", pupils), whole("places", places)
    _check(way, children, room)
    stranded = np.flatnonzero((children > 0) & (way.min(axis=1, initial=UNREACHABLE) >= UNREACHABLE))
    if len(stranded):
        return Overfull(blocks=stranded, schools=np.zeros(0, dtype=np.int64), pupils=int(children[stranded].sum()), places=0)
    price = np.zeros(len(room) + 1, dtype=np.int64)
    if prices is not None:
        price[:-1] = np.maximum(np.asarray(prices, dtype=np.int64), 0)
    flow = np.zeros(way.shape, dtype=np.int64)
    ways, seen = transport(way, children, room, price, flow)
    if seen.any():
        return _overfull(way, children, room, seen[:-1]) if prices is None else send_pupils(way, children, room)
    block, school = np.nonzero(flow)
    sent = flow[block, school]
    school_price = np.maximum(price[:-1] - price[-1], 0)
    block_price = np.zeros(len(children), dtype=np.int64)
    block_price[block] = way[block, school] + school_price[school]
    return Sent(
        block=block,
        school=school,
        pupils=sent,
        travel=int((sent * way[block, school]).sum()),
        block_price=block_price,
        school_price=school_price,
        ways=ways,
    )


def _overfull(way: Ints, children: Ints, room: Ints, seen: NDArray[np.bool_]) -> Overfull:
    confined = (children > 0) & ~((way < UNREACHABLE) & ~seen).any(axis=1)
    blocks, schools = np.flatnonzero(confined), np.flatnonzero(seen)
    return Overfull(blocks=blocks, schools=schools, pupils=int(children[blocks].sum()), places=int(room[schools].sum()))


def whole(name: str, given: ArrayLike) -> Ints:
    """Return numbers as whole ones. Raises ValueError, with the name, for one that is not."""
    numbers = np.asarray(given)
    with np.errstate(invalid="ignore"):  # a value that is no number is refused below
        integers = np.ascontiguousarray(numbers, dtype=np.int64)
    if numbers.dtype.kind == "f" and (integers != numbers).any():
        raise ValueError(f"{name}: {numbers[integers != numbers].flat[0]} is no whole number")
    return integers


def _check(way: Ints, children: Ints, room: Ints) -> None:
    if way.ndim != 2 or way.shape != (len(children), len(room)):
        raise ValueError(f"cost {way.shape} does not fit {len(children)} blocks and {len(room)} schools")
    for name, given in (("cost", way), ("pupils", children), ("places", room)):
        if given.size and given.min() < 0:
            raise ValueError(f"{name}: {given.min()} is below 0")
    largest = min(int(way.max(initial=0)), UNREACHABLE)
    if largest == UNREACHABLE:
        largest = int(way[way < UNREACHABLE].max(initial=0))
    if float(children.sum() + room.sum() + 1) * float(largest + 1) * (len(room) + 1) > _LARGEST:
        raise ValueError("pupils times cost is beyond 62 bits: count the cost in a larger unit")
