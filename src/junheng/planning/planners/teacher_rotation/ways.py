"""Every way that somebody could go: to schools of the stage within reach, in the first subject or, where it is lacking, the second."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from junheng.planning.planners.teacher_rotation.case import Floats, Ints, Mask
from junheng.planning.planners.teacher_rotation.places import Places
from junheng.planning.proposal import Brief


class Ways(NamedTuple):
    """Ways in the order of teachers, units and subjects, the first subject before the second."""

    teacher: Ints  # (a,) place among those who may go
    unit: Ints  # (a,)
    subject: Ints  # (a,)
    must: Ints  # (p,) those that are pinned


def second_subjects(known: Places) -> Ints:
    """Return the second subject of each row of the register: (rows,) -1 where there is none, or it is the first once more."""
    pairs = zip(known.register["subject"].to_list(), known.register["second_subject"].to_list(), strict=True)
    return np.array([known.subject_of.get(second or "", -1) if second != first else -1 for first, second in pairs], dtype=np.int64)


def ways(
    known: Places, who: tuple[Ints, Ints], subject: tuple[Ints, Ints], far: Floats, keeps: frozenset[str], brief: Brief, lacks: Mask
) -> Ways:
    """Return the ways of those who may go.

    who: row of the register and unit of each, (n,) each; subject: first and second of each, -1: none; far: (n,) km; lacks: (u × s,).
    """
    row, at = who
    codes = known.register["teacher"].gather(row).to_list()
    can = (known.km[row] <= far[:, None]) & (known.stage[None] == known.stage[at][:, None])
    can &= known.main[None] != known.main[at][:, None]
    can[[code in keeps for code in codes]] = False
    pinned = _brief(known, (row, at), codes, brief, can)
    teacher, unit = (np.asarray(each, dtype=np.int64) for each in np.nonzero(can))
    second = subject[1][teacher]
    fills = np.flatnonzero((second >= 0) & lacks[unit * len(known.subject_of) + second])
    both = np.concatenate((teacher, teacher[fills])), np.concatenate((unit, unit[fills]))
    teaches = np.concatenate((subject[0][teacher], second[fills]))
    order = np.lexsort((np.concatenate((np.zeros(len(teacher)), np.ones(len(fills)))), both[1], both[0]))
    teacher, unit = both[0][order], both[1][order]
    must = np.flatnonzero(pinned[teacher, unit])
    return Ways(teacher, unit, teaches[order], must)


def _brief(known: Places, who: tuple[Ints, Ints], codes: list[str], brief: Brief, can: Mask) -> Mask:
    """Open the pinned ways, close the forbidden ones; return which are pinned: (n, u)."""
    row, at = who
    place, pinned = {code: n for n, code in enumerate(codes)}, np.zeros(can.shape, dtype=np.bool_)
    for is_pin, pins in ((True, brief.pins), (False, brief.forbids)):
        for pin in pins:
            n = place.get(pin.what[1])
            if n is None:
                continue
            unit = known.unit_of.get((pin.to, known.register["stage"][int(row[n])]))
            if unit is not None and unit != at[n]:
                can[n, unit] = is_pin
                pinned[n, unit] = is_pin
    return pinned
