"""Children of school age by stage, and the seats, classes and staff that they need by the standards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from junheng.documents import package_files, parse_csv
from junheng.projection.assumptions import Assumptions
from junheng.projection.forecast import LEVELS, Floats
from junheng.projection.population import PopulationPath
from junheng.standards import Rulebook, Standing

STAGES = ("preschool", "primary", "junior", "senior")
_PERCENT = 100.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SchoolAge:
    """Children of the ages of each stage. S stages, H years ahead with the start's year first, Z zones, Q quantiles at LEVELS."""

    stages: tuple[str, ...]  # (S,)
    ages: tuple[tuple[int, int], ...]  # (S,) first and last age
    years: tuple[int, ...]  # (H + 1,)
    zones: tuple[str, ...]  # (Z,)
    middle: Floats  # (S, H + 1, Z)
    bands: Floats  # (Q, S, H + 1) of the whole area: of sums, so not sums of bands
    zone_bands: Floats  # (Q, S, H + 1, Z)
    ratio: Floats  # (S, H + 1) enrolled ÷ children, as the scenario assumes

    @property
    def seats(self) -> Floats:
        """Return the seats needed in the whole area, (S, H + 1): one for each child who enrols."""
        return np.asarray(self.middle.sum(axis=2) * self.ratio)

    @property
    def seat_bands(self) -> Floats:
        """Return the bands of the seats needed, (Q, S, H + 1); the ratio of entry itself is not drawn."""
        return self.bands * self.ratio[None]


def stage_ages(assumptions: Assumptions) -> tuple[tuple[int, int], ...]:
    """Return the first and last age of each stage, from the scenario's ages of entry and years of study."""
    first = [round(assumptions.number("entry_age", stage)) for stage in STAGES]
    years = [round(assumptions.number("stage_years", stage)) for stage in STAGES]
    return tuple((age, age + many - 1) for age, many in zip(first, years, strict=True))


def ages_drawn(assumptions: Assumptions) -> tuple[int, ...]:
    """Return every age of every stage: those of which project_population must draw."""
    ages = stage_ages(assumptions)
    return tuple(range(ages[0][0], ages[-1][1] + 1))


def school_age(path: PopulationPath, assumptions: Assumptions) -> SchoolAge:
    """Return the children of each stage from the start of a path to its end. The path must hold draws of ages_drawn()."""
    spans = stage_ages(assumptions)
    years = (path.start.year, *path.years)
    persons = np.concatenate([path.start.persons[None], path.middle]).sum(axis=3)
    middle = np.stack([persons[:, :, first : last + 1].sum(axis=2) for first, last in spans])
    drawn = np.stack([_drawn(path, first, last) for first, last in spans])  # (S, D, H, Z)
    bands = np.quantile(drawn.sum(axis=3), LEVELS, axis=1)
    zones = np.quantile(drawn, LEVELS, axis=1)
    known = np.broadcast_to(middle[:, :1].sum(axis=2), (len(LEVELS), len(spans), 1))
    known_zones = np.broadcast_to(middle[:, :1], (len(LEVELS), len(spans), 1, len(path.start.zones)))
    return SchoolAge(
        stages=STAGES,
        ages=spans,
        years=years,
        zones=path.start.zones,
        middle=middle,
        bands=np.concatenate([known, bands], axis=2),
        zone_bands=np.concatenate([known_zones, zones], axis=2),
        ratio=np.stack([assumptions.curve("entry_ratio", years, stage) for stage in STAGES]) / _PERCENT,
    )


def _drawn(path: PopulationPath, first: int, last: int) -> Floats:
    places = [path.ages.index(age) for age in range(first, last + 1)]
    return np.asarray(path.draws[..., places].sum(axis=-1), dtype=np.float64)


def staff_ratio(rulebook: Rulebook, stage: str) -> Standing | None:
    """Return how many children one member of staff (a teacher in kindergartens) stands for by the standard, None where none does."""
    parameter, selector = _ratios()[stage]
    return rulebook.standings(parameter).get(selector) if parameter in rulebook.parameters else None


@cache
def _ratios() -> dict[str, tuple[str, str]]:
    file = package_files("junheng.projection", "staff_ratios.csv")[0]
    return {row.values["stage"]: (row.values["parameter"], row.values["selector"]) for row in parse_csv(file.text, file.name)}


def whole_units(children: Sequence[float] | Floats, limit: float) -> Floats:
    """Return the fewest classes (or posts) of at most `limit` children each; nan stays unknown."""
    return np.ceil(np.asarray(children, dtype=np.float64) / limit - 1e-9)
