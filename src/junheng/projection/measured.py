"""Errors measured on the past: forecasts made at every earlier origin, and how far they were from what was counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from junheng.projection.cohort import path
from junheng.projection.forecast import Entrants, Floats, Rolls
from junheng.projection.history import chain
from junheng.projection.known import known
from junheng.projection.method import Method
from junheng.projection.shrink import grouped

HORIZONS = 10  # years ahead to which errors are measured; beyond, their variance grows by the same amount a year
LEAST_YEARS = 3  # a forecast needs two steps from year to year before it says anything
LEAST_ORIGINS = 3  # with fewer origins the errors are those of other places


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Errors:
    """Variances of relative errors by years ahead, each (HORIZONS,), in parts that add up; `count` is in pupils for each pupil."""

    county: Floats  # what all grades and schools have in common
    grade: Floats  # of a single cohort of the county beyond that
    entry: Floats  # of those who enter (or come up to another stage) beyond that
    zone: Floats  # of a zone beyond the county
    school: Floats  # of a school beyond its zone
    cell: Floats  # of a single cohort of a school beyond the school
    intake: Floats  # of those who enter a school beyond all that
    count: Floats  # noise of small counts: variance in pupils for each pupil expected
    origins: Floats  # how many origins stand behind them

    def total(self, level: str, horizon: int) -> float:
        """Return the variance of a large unit at a level (county, zone, school) at a horizon, counts apart."""
        parts = {"county": ("county",), "zone": ("county", "zone"), "school": ("county", "zone", "school")}[level]
        return float(sum(getattr(self, part)[min(horizon, HORIZONS) - 1] for part in parts))


INSIDE, WIDTH = 0.8, 1.2816  # the middle 80 % of a normal distribution reaches so many standard deviations on either side
GREEN = 3  # one origin in so many, the earliest: forecasts from so short a history say little of today's
SCALES = np.geomspace(0.05, 5.0, 60)
INTAKES = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 60)])
BELOW = ("zone", "school", "cell", "intake", "count")

Paths = Mapping[int, Floats]  # origin index -> (H, U, G)
PARTS = tuple(field.name for field in fields(Errors))[:-1]


def hindsight(rolls: Rolls, entrants_at: Callable[[int], Entrants | None], until: int, horizon: int, method: Method) -> dict[int, Floats]:
    """Return the middle paths of every earlier origin (year index) up to `until`, each from what was known then."""
    origins = [t for t in range(LEAST_YEARS - 1, until) if np.isfinite(rolls.pupils[t]).any()]
    return {t: path(known(rolls, entrants_at(t), t, horizon), horizon, method) for t in origins}


def as_it_came(entrants: Entrants | None) -> Callable[[int], Entrants | None]:
    """Return, for each earlier origin, the children who then stood before entry, as they were later counted: they were born already."""

    def at(origin: int) -> Entrants | None:
        if entrants is None:
            return None
        later = np.concatenate([entrants.known[origin + 1 :], entrants.middle()])
        return Entrants(zones=entrants.zones, known=entrants.known[: origin + 1], ahead=later[None].astype(np.float32))

    return at


def measured(rolls: Rolls, paths: Paths, until: int) -> Errors:
    """Return the variances of the errors of all paths whose outcome was known at year index `until`; nan where there is none."""
    parts = {part: np.full(HORIZONS, np.nan) for part in PARTS}
    origins = np.zeros(HORIZONS)
    for h in range(1, HORIZONS + 1):
        ended = [t for t in sorted(paths) if t + h <= until and len(paths[t]) >= h]
        found = (Past.of(rolls, paths[t][h - 1], t, h) for t in ended[len(ended) // GREEN :])
        past = [one for one in found if one is not None]
        origins[h - 1] = len(past)
        if past:
            for part, value in _variances(past).items():
                parts[part][h - 1] = value
    return Errors(**parts, origins=origins)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Past:
    """The errors of one past forecast at one horizon, as logs, level by level; and how many pupils were expected."""

    inside: NDArray[np.bool_]  # (G,) cohorts that were in school at the origin
    county: Floats  # () of all these cohorts, or of all grades where none was
    single: Floats  # (G,) of a grade of the county beyond that
    zone: Floats  # (Z,) beyond the county's
    school: Floats  # (U,) beyond the zone's
    cell: Floats  # (U, G) beyond all these; nan where nothing was expected or counted
    expected: Floats  # (U, G)
    below: Floats  # (U,) zone and school together

    @classmethod
    def of(cls, rolls: Rolls, forecast: Floats, origin: int, h: int) -> Self | None:
        """Return the errors of a forecast (U, G); None where its year was not counted. Schools closed since then are not errors."""
        counted = rolls.pupils[origin + h]
        there = (np.nan_to_num(counted).sum(axis=1) > 0) & (np.nan_to_num(rolls.pupils[origin]).sum(axis=1) > 0)
        ok = np.isfinite(counted) & (forecast > 0) & there[:, None]
        if not ok.any():
            return None
        expected, came = np.where(ok, forecast, 0.0), np.where(ok, counted, 0.0)
        inside = cohorts(rolls, h)
        grades = inside if inside.any() else ~inside
        county = _log(came[:, grades].sum(), expected[:, grades].sum())
        single = _log(came.sum(axis=0), expected.sum(axis=0)) - county
        whole = _log(came.sum(), expected.sum())
        zones = (grouped(values.sum(axis=1), rolls.zone, len(rolls.zones)) for values in (came, expected))
        zone = _log(*zones) - whole if len(rolls.zones) > 1 else np.zeros(1)
        school = _log(came.sum(axis=1), expected.sum(axis=1)) - whole - zone[rolls.zone]
        cell = _log(came, expected) - (county + single)[None] - (school + zone[rolls.zone])[:, None]
        return cls(
            inside=inside,
            county=county,
            single=single,
            zone=zone,
            school=school,
            cell=np.where(ok, cell, np.nan),
            expected=expected,
            below=school + zone[rolls.zone],
        )


def cohorts(rolls: Rolls, h: int) -> NDArray[np.bool_]:
    """Return (G,) which grades are reached in h years by pupils who are in school already."""
    links = chain(rolls.grades)
    reached, inside = np.arange(len(rolls.grades)), np.ones(len(rolls.grades), bool)
    for _ in range(h):
        inside &= ~links.entry[reached]
        reached = links.source[reached]
    return inside


def _log(came: Floats, expected: Floats) -> Floats:
    """Return log errors, half a pupil added to both so that an empty class is an error like any other; 0 where nothing was expected."""
    return np.where(np.asarray(expected) > 0, np.log((came + 0.5) / (np.asarray(expected) + 0.5)), 0.0)


def robust(errors: Floats) -> float:
    """Return the variance of a normal distribution with the same middle 80 % of absolute errors: a single bad year does not rule."""
    return float((np.quantile(np.abs(errors), INSIDE) / WIDTH) ** 2) if errors.size else float("nan")


def _variances(past: list[Past]) -> dict[str, float]:
    """Return the variance of each part, the parts below the county together as wide as the errors of single grades were."""
    inside, expected = past[0].inside, np.stack([one.expected for one in past])
    county = robust(np.array([one.county for one in past]))
    single = np.stack([one.single for one in past])
    zone = np.concatenate([one.zone[one.zone != 0] for one in past])
    sizes = expected.sum(axis=2)
    school, cell = np.stack([one.school for one in past]), np.stack([one.cell for one in past])
    whole = expected.shape[2] == 1
    known = np.isfinite(cell)
    cohort, entered = known & inside, known & ~inside
    if whole:
        count, beyond = _noise(school[sizes > 0], sizes[sizes > 0])
        parts = {"school": beyond, "cell": 0.0, "intake": float("nan"), "count": count}
    else:
        count, beyond = _noise(cell[cohort if cohort.any() else entered], expected[cohort if cohort.any() else entered])
        shared = robust(school[sizes > 0]) - count * float(np.mean(1 / sizes[sizes > 0]))
        intake = robust(cell[entered]) - count * float(np.mean(1 / expected[entered])) if entered.any() else float("nan")
        parts = {"school": max(shared, 0.0), "cell": beyond, "intake": np.maximum(intake, 0.0), "count": count}
    upper = {
        "county": county,
        "grade": robust(single[:, inside].ravel()) if not whole else 0.0,
        "entry": robust(single[:, ~inside].ravel()),
        "zone": robust(zone) if zone.size else 0.0,
    }
    return _calibrated({**upper, **parts}, past)


def _calibrated(parts: dict[str, float], past: list[Past]) -> dict[str, float]:
    """Return the parts with those below the county scaled so that the errors of single grades of schools are as wide as all together.

    Each part is measured by itself, and heavy tails in several of them would otherwise count several times. Cohorts in school
    come first; what entrants need beyond that is their intake.
    """
    inside, entered = past[0].inside, ~past[0].inside
    error, expected = _of_cells(past, inside if inside.any() else entered)
    upper = parts["county"] + (parts["grade"] if inside.any() else parts["entry"])
    lower = parts["zone"] + parts["school"] + (parts["cell"] if inside.any() else parts["intake"]) + parts["count"] / expected
    scale = _nearest([upper + each * lower for each in SCALES], error, SCALES)
    scaled = {part: value * scale if part in BELOW else value for part, value in parts.items()}
    if inside.any() and entered.any():
        error, expected = _of_cells(past, entered)
        others = scaled["county"] + scaled["entry"] + scaled["zone"] + scaled["school"] + scaled["count"] / expected
        scaled["intake"] = _nearest([others + each for each in INTAKES], error, INTAKES)
    return scaled


def _of_cells(past: list[Past], grades: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the errors of single grades of schools, without sign, and how many pupils were expected there."""
    errors, expected = [], []
    for one in past:
        known = np.isfinite(one.cell) & grades
        errors.append((one.cell + (one.county + one.single)[None] + one.below[:, None])[known])
        expected.append(one.expected[known])
    return np.abs(np.concatenate(errors)), np.maximum(np.concatenate(expected), 1.0)


def _nearest(variances: list[Floats], errors: Floats, tried: Floats) -> float:
    """Return the one of those tried with which the share of errors inside the outer band is nearest to what it should be, or 0."""
    if not errors.size:
        return 0.0
    shares = np.array([np.mean(errors <= WIDTH * np.sqrt(variance)) for variance in variances])
    return float(tried[int(np.argmin(np.abs(shares - INSIDE)))])


def _noise(errors: Floats, sizes: Floats) -> tuple[float, float]:
    """Return (count, cell): squared errors as count/size + cell, from the robust variances of ten classes of size."""
    if errors.size < 10:
        return 1.0, 0.0
    order = np.array_split(np.argsort(sizes, kind="stable"), 10)
    square = np.array([robust(errors[part]) for part in order])
    inverse = np.array([np.mean(1 / sizes[part]) for part in order])
    weight = 1 / np.maximum(square, 1e-6)
    design = np.stack([inverse, np.ones_like(inverse)], axis=1) * weight[:, None]
    count, cell = np.linalg.lstsq(design, square * weight, rcond=None)[0]
    if cell < 0:
        return float(np.mean(square) / np.mean(inverse)), 0.0
    if count < 0:
        return 0.0, float(np.mean(square))
    return float(count), float(cell)
