"""How a forecast is made, in a dozen numbers; chosen on early origins of real rolls, see docs/decisions/0013."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Memories are factors a year (1: all years alike); weights count pupils; what fades is multiplied by its factor each year ahead."""

    grade_memory: float = 0.9  # of the county's ratio of each grade
    year_memory: float = 0.4  # of what the last years had in common beyond these ratios
    year_weight: float = 0.8
    year_fades: float = 0.5
    unit_memory: float = 0.85  # of what a school or zone has in common over all grades
    unit_weight: float = 300.0
    zone_weight: float = 3000.0
    unit_fades: float = 0.9
    cell_memory: float = 0.9  # of a single grade of a school
    cell_weight: float = 1000.0
    share_memory: float = 0.5  # of a school's share of the children who enter, or who come up from another stage
    entry_memory: float = 0.6  # of the county's ratio of entrants to children
    smooth: float = 0.15  # how far the last count leans on what the year before it made one expect
    whole: float = 1.0  # how far the schools are brought to the county forecast as a whole


DEFAULT = Method()
