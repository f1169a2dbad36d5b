"""How a forecast is made, in a dozen numbers: method.csv, chosen on early origins of real rolls, see docs/decisions/0018."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.documents import package_files, parse_csv


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Memories are weights a year back, leans multiply the measured noise, what fades is raised to its factor each year ahead."""

    grade_memory: float  # of the county's ratio of each grade
    unit_memory: float  # of what a school or zone has in common over all grades
    unit_lean: float  # how much more they lean on the county than the spread between them asks for
    unit_fades: float
    cell_memory: float  # of a single grade of a school
    cell_lean: float
    zone_memory: float  # of a zone's ratio of entrants to children
    share_memory: float  # of a school's share of the children who enter, or who come up from another stage
    usual_memory: float  # of the share of the county's pupils of a grade that is usual for a school
    pull: float  # times the measured strength with which schools return to it
    entry_memory: float  # of the county's ratio of entrants to children
    trend_memory: float  # of that ratio where it is moving
    trend_fades: float  # what is left of its trend with every year ahead
    trend_proof: float  # of the mean's error on the county's own years, what a trend's may be at most to be taken
    smooth: float  # how far the last count leans on what the year before made one expect
    passing: float  # how many times its usual change a county's total is believed to change in a year


def shipped() -> Method:
    """Return the method that ships with the package."""
    (file,) = package_files("junheng.projection", "method.csv")
    return Method(**{row.values["number"]: float(row.values["value"]) for row in parse_csv(file.text, file.name)})


DEFAULT = shipped()
