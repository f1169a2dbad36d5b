"""Who can reach what: the norm of the way for daily pupils, boarding from the grade that may, and grades that the same schools take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.planning.planners.school_places.demand import Demand
from junheng.planning.planners.school_places.question import POINT, Block, Choice, Floats, Mask, Unit, Ways
from junheng.planning.pupils_to_schools import Sent, send_pupils

_UNREACHABLE = 1 << 40
_PARTS = 10  # pupils are counted in tenths: expected ones are no whole numbers


def reach(
    demand: Demand,
    units: Sequence[Unit],
    choices: Sequence[Choice],
    metres: Floats,
    norm: Mapping[str, float],
    boarding: tuple[int, float],
    point: int,
) -> tuple[list[Block], list[list[int]], list[tuple[int, int, float, bool]]]:
    """Return blocks, the rows of the demand in each, and the pairs (block, unit, km, boards).

    metres: (places, units); norm: stage -> metres; boarding: lowest grade, farthest metres; point: highest grade of a school that
    becomes a teaching point. Grades of a place that can go to the same schools, now and after such changes, are one block.
    """
    becoming = {choice.unit for choice in choices if choice.fate == POINT}
    grouped: dict[tuple[int, str, tuple[int, ...], tuple[int, ...], bool, bool], list[int]] = {}
    for k, (place, stage, grade) in enumerate(demand.rows):
        number, may_board = (int(grade) if grade.isdigit() else 0), grade.isdigit() and int(grade) >= boarding[0]
        right = [j for j, unit in enumerate(units) if unit.stage == stage and number <= unit.top]
        daily = tuple(j for j in right if metres[place, j] <= norm[stage])
        away = tuple(j for j in right if may_board and units[j].boards and norm[stage] < metres[place, j] <= boarding[1])
        leaves = number > point and any(j in becoming for j in daily)
        grouped.setdefault((place, stage, daily, away, may_board, leaves), []).append(k)
    blocks: list[Block] = []
    members: list[list[int]] = []
    pairs: list[tuple[int, int, float, bool]] = []
    for (place, stage, daily, away, may_board, _), rows in sorted(grouped.items(), key=lambda item: (item[0][0], item[0][1], item[1])):
        code, name = demand.places[place][:2]
        block = len(blocks)
        blocks.append(Block(code, name, stage, tuple(demand.rows[k][2] for k in rows), may_board))
        members.append(rows)
        pairs += [(block, j, metres[place, j] / 1000, False) for j in daily]
        pairs += [(block, j, metres[place, j] / 1000, True) for j in away]
    return blocks, members, pairs


def ways(pairs: Sequence[tuple[int, int, float, bool]], beyond: Mask, flow: Floats) -> Ways:
    """Return the pairs as arrays. flow: (blocks, units) the share of each block that goes to a unit today."""
    block, unit, km, boards = (np.array([pair[k] for pair in pairs]) for k in range(4))
    blocks, units = block.astype(np.int64), unit.astype(np.int64)
    return Ways(
        block=blocks,
        unit=units,
        km=km.astype(np.float64),
        boards=boards.astype(np.bool_),
        beyond=beyond,
        today=flow[blocks, units] if len(blocks) else np.zeros(0),
    )


def stranded(blocks: Sequence[Block], pairs: Sequence[tuple[int, int, float, bool]], pupils: Floats) -> list[int]:
    """Return the blocks with children that can go nowhere, whatever is built. pupils: (blocks,) the most in any year."""
    served = {pair[0] for pair in pairs}
    return [k for k in range(len(blocks)) if k not in served and pupils[k] > 0]


def nearest(
    lost: Sequence[int], blocks: Sequence[Block], units: Sequence[Unit], metres: Floats, place_of: Sequence[int]
) -> Iterator[tuple[int, int, float, bool]]:
    """Yield for each block without a school its nearest one that teaches its grades."""
    for k in lost:
        right = [j for j, unit in enumerate(units) if unit.stage == blocks[k].stage and not unit.is_site and blocks[k].top <= unit.top]
        right = [j for j in right if np.isfinite(metres[place_of[k], j])]
        if right:
            best = min(right, key=lambda j: (metres[place_of[k], j], j))
            yield k, best, metres[place_of[k], best] / 1000, False


def out_of_reach(
    lost: Sequence[int], blocks: Sequence[Block], units: Sequence[Unit], metres: Floats, place_of: Sequence[int], norm: Mapping[str, float]
) -> Iterator[Finding]:
    """Yield the finding of each block that no school or site within the norm can take, with the nearest one."""
    for k in lost:
        block = blocks[k]
        near = list(nearest([k], blocks, units, metres, place_of))
        zh = f"{near[0][2]:.1f}公里外的{units[near[0][1]].name}最近" if near else "没有可到的学校"
        en = f"the nearest, {units[near[0][1]].name}, is {near[0][2]:.1f} km away" if near else "no school can be reached"
        place = Place(table="villages", key=(block.place,), name=block.name)
        found = Text(f"{block.label.zh}的孩子：{zh}", f"children of {block.label.en}: {en}")
        yield finding("planning.no_school_in_reach", place, found, km=f"{norm[block.stage] / 1000:.1f}", stage=block.stage)


def today(blocks: Sequence[Block], units: Sequence[Unit], pupils: Floats, metres: Floats, place_of: Sequence[int]) -> Floats:
    """Return which share of each block goes to which unit today: (blocks, units).

    Who goes where is not returned; what is known is how many are at each school and where children live. Of all flows that agree with
    both, the one of the shortest ways is taken. pupils: (blocks,) of the first year, made as many as are at the schools today.
    """
    flow = np.zeros((len(blocks), len(units)))
    for stage in sorted({unit.stage for unit in units}):
        mine = np.array([k for k, block in enumerate(blocks) if block.stage == stage], dtype=np.int64)
        there = np.array([j for j, unit in enumerate(units) if unit.stage == stage], dtype=np.int64)
        room = np.array([units[j].pupils for j in there], dtype=np.int64)
        if not room.sum() or not len(mine):
            continue
        many = np.rint(pupils[mine] * _PARTS).astype(np.int64)
        room = np.ceil(room * (many.sum() / room.sum())).astype(np.int64) + 1
        way = metres[np.array(place_of)[mine]][:, there]
        tops = np.array([units[j].top for j in there])
        allowed = np.isfinite(way) & (np.array([blocks[k].top for k in mine])[:, None] <= tops[None]) & (room > 1)[None]
        cost = np.where(allowed, np.rint(np.where(np.isfinite(way), way, 0.0)), _UNREACHABLE).astype(np.int64)
        sent = send_pupils(cost, np.where(allowed.any(axis=1), many, 0), room)
        if isinstance(sent, Sent):
            flow[mine[sent.block], there[sent.school]] = sent.pupils / np.maximum(many, 1)[sent.block]
    return flow
