"""Schools that will close or open in the years ahead, and where their pupils go or come from.

The rules. Pupils of a closing school go on in the schools of its zone that have the same grade, in proportion to their pupils there;
where there is none, to all schools of the county. A new school takes its places in the first grade of a stage from the schools of its zone
in proportion, never more than half of them; its further grades fill as its pupils grow up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from junheng.projection.forecast import Floats, Ints, Rolls
from junheng.projection.shrink import TINY, grouped

MOST_TAKEN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A school that opens: its zone, first school year, and the pupils whom the first grade of a stage can take each year."""

    school: str
    zone: str
    year: int
    intake: Mapping[str, float]  # stage -> pupils


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is decided of the years ahead: closings, openings, and how many of a stage's leavers the next stage takes."""

    closings: Mapping[str, int] = field(default_factory=dict)  # school -> first school year without it
    openings: Sequence[Opening] = ()
    newcomers: Mapping[str, float] = field(default_factory=dict)  # stage -> for each leaver of the stage before; else as in the past


def opened(rolls: Rolls, openings: Sequence[Opening]) -> Rolls:
    """Return the rolls with a column of zeros for each school that is not there yet."""
    new = [opening for opening in openings if opening.school not in rolls.schools]
    if not new:
        return rolls
    zones = tuple(dict.fromkeys([*rolls.zones, *(opening.zone for opening in new)]))
    empty = np.where(np.isnan(rolls.pupils).all(axis=1, keepdims=True), np.nan, np.zeros((1, len(new), len(rolls.grades))))
    return Rolls(
        years=rolls.years,
        schools=(*rolls.schools, *(opening.school for opening in new)),
        grades=rolls.grades,
        pupils=np.concatenate([rolls.pupils, empty], axis=1),
        zones=zones,
        zone=np.concatenate([rolls.zone, np.array([zones.index(opening.zone) for opening in new], np.intp)]),
    )


def spread(pupils: Floats, closing: NDArray[np.bool_], zone: Ints, zones: int) -> Floats:
    """Return the pupils (U, G) of a year with those of closing schools (U,) in the schools that stay: not one is lost."""
    leaving = np.where(closing[:, None], pupils, 0.0)
    staying = np.where(closing[:, None], 0.0, pupils)
    at_home = grouped(staying.T, zone, zones).T
    released = grouped(leaving.T, zone, zones).T
    near = staying * np.where(at_home > 0, released / np.maximum(at_home, TINY), 0.0)[zone]
    homeless = np.where(at_home > 0, 0.0, released).sum(axis=0)
    every = staying.sum(axis=0)
    far = staying * np.where(every > 0, homeless / np.maximum(every, TINY), 0.0)
    result: Floats = staying + near + far
    return result


def admitted(pupils: Floats, school: int, grade: int, places: float, zone: Ints) -> Floats:
    """Return the pupils (U, G) of a year with a new school's first grade filled from the schools of its zone."""
    own = zone == zone[school]
    own = own & (np.arange(len(zone)) != school)
    there = float(pupils[own, grade].sum())
    if there <= 0:
        own, there = np.arange(len(zone)) != school, float(np.delete(pupils[:, grade], school).sum())
    taken = min(places, MOST_TAKEN * there)
    result = pupils.copy()
    result[own, grade] *= 1 - taken / there if there > 0 else 1.0
    result[school, grade] += taken
    return result
