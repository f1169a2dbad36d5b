"""How a forecast is made, in a dozen numbers; chosen on early origins of real rolls, see docs/decisions/0013."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Memories are factors a year (1: all years alike); weights count pupils; what fades is multiplied by its factor each year ahead."""

    grade_memory: float = 1.0  # of the county's ratio of each grade
    unit_memory: float = 0.85  # of what a school or zone has in common over all grades
    unit_lean: float = 30.0  # how much more they lean on the county than the spread between them asks for
    unit_fades: float = 0.8
    cell_memory: float = 0.93  # of a single grade of a school
    cell_lean: float = 0.4
    zone_memory: float = 0.64  # of a zone's ratio of entrants to children
    share_memory: float = 0.7  # of a school's share of the children who enter, or who come up from another stage
    usual_memory: float = 0.6  # of the share of the county's pupils of a grade that is usual for a school
    pull: float = 0.6  # times the measured strength with which schools return to it
    entry_memory: float = 0.78  # of the county's ratio of entrants to children
    smooth: float = 0.13  # how far the last count leans on what the year before it made one expect
    passing: float = 3.0  # how many times its usual change a county's total is believed to change in a year
    whole: float = 1.0  # how far the schools are brought to the county forecast as a whole


DEFAULT = Method()
