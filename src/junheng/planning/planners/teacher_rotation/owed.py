"""Places that somebody must fill, for those who go home after a term take a school below a standard that it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from junheng.planning.planners.teacher_rotation.case import Case, Ints
from junheng.planning.planners.teacher_rotation.keeping import KINDS, Keeping, Key, kinds
from junheng.planning.planners.teacher_rotation.places import Places


def owed(case: Case, keeping: Keeping, known: Places, row: Ints, arrived: Sequence[tuple[Ints, Ints]]) -> Case:
    """Return the case with those who must come where a school is left short, as far as there is anybody who could.

    row: of the register, of the teachers of the case; arrived: rows and units of those who are settled to come.
    """
    register, who, units, many, names = known.register.rows(named=True), [], [], [], []
    for key, short in keeping.owed.items():
        of = np.array([(main, stage) == key[:2] for main, stage in known.mains], dtype=np.bool_)
        come = sum(
            bool(of[unit]) and key[2] in kinds(register[k]) for rows, to in arrived for k, unit in zip(rows.tolist(), to, strict=True)
        )
        able = np.array([key[2] in kinds(register[k]) for k in row.tolist()], dtype=np.bool_)
        could = len(np.unique(case.arc_teacher[of[case.arc_unit] & able[case.arc_teacher]]))
        if (wanted := min(short - come, could)) > 0:
            who.append(able)
            units.append(of)
            many.append(wanted)
            names.append(f"{named(known, key)}{KINDS[key[2]].zh}")
    if not many:
        return case
    return replace(case, owed=np.array(many), owed_who=np.stack(who), owed_unit=np.stack(units), owed_names=tuple(names))


def without(case: Case, many: int) -> Case:
    """Return the case with so many places less that must be filled, the last first."""
    rest = len(case.owed) - many
    kept = {name: getattr(case, name)[:rest] for name in ("owed", "owed_who", "owed_unit", "owed_names")}
    return replace(case, **kept)


def named(known: Places, key: Key) -> str:
    """Return the name of the school that is counted."""
    unit = known.unit_of.get((key[0], key[1]), -1)
    return known.names[unit] if unit >= 0 else key[0]
