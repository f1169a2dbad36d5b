"""Errors measured on the past: forecasts made at every earlier origin, and how far they were from what was counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np

from junheng.projection.cohort import known, path
from junheng.projection.forecast import Entrants, Floats, Ints, Rolls
from junheng.projection.history import chain
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
    cell: Floats  # of a single grade of a school beyond the school
    count: Floats  # noise of small counts: variance in pupils for each pupil expected
    origins: Floats  # how many origins stand behind them

    def total(self, level: str, horizon: int) -> float:
        """Return the variance of a large unit at a level (county, zone, school) at a horizon, counts apart."""
        parts = {"county": ("county",), "zone": ("county", "zone"), "school": ("county", "zone", "school")}[level]
        return float(sum(getattr(self, part)[min(horizon, HORIZONS) - 1] for part in parts))


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
        later = np.concatenate([entrants.known[origin + 1 :], entrants.ahead.mean(axis=0, dtype=np.float64)])
        return Entrants(zones=entrants.zones, known=entrants.known[: origin + 1], ahead=later[None].astype(np.float32))

    return at


def measured(rolls: Rolls, paths: Paths, until: int) -> Errors:
    """Return the variances of the errors of all paths whose outcome was known at year index `until`; nan where there is none."""
    parts = {part: np.full(HORIZONS, np.nan) for part in PARTS}
    origins = np.zeros(HORIZONS)
    for h in range(1, HORIZONS + 1):
        pairs = [(paths[t][h - 1], rolls.pupils[t + h], rolls.pupils[t]) for t in paths if t + h <= until and len(paths[t]) >= h]
        pairs = [pair for pair in pairs if np.isfinite(pair[1]).any()]
        origins[h - 1] = len(pairs)
        if pairs:
            for part, value in _variances(rolls, pairs, h).items():
                parts[part][h - 1] = value
    return Errors(**parts, origins=origins)


def _variances(rolls: Rolls, pairs: list[tuple[Floats, Floats, Floats]], h: int) -> dict[str, float]:
    """Return the variance of each part at h years ahead; pairs: (forecast, counted, at the origin), each (U, G)."""
    inside, entered = cohorts(rolls, h)
    found: dict[str, list[Floats]] = {part: [] for part in (*PARTS, "sizes", "squares", "zone_sizes", "school_sizes")}
    for forecast, counted, origin in pairs:
        ok = np.isfinite(counted) & (forecast > 0) & (np.nansum(counted, axis=1) > 0)[:, None] & (np.nansum(origin, axis=1) > 0)[:, None]
        expected, came = np.where(ok, forecast, 0.0), np.where(ok, counted, 0.0)
        grades = inside if inside.any() else entered
        county = _log(came[:, grades].sum(), expected[:, grades].sum())
        single = _log(came.sum(axis=0), expected.sum(axis=0)) - county
        zone = _log(grouped(came.sum(axis=1), rolls.zone, len(rolls.zones)), grouped(expected.sum(axis=1), rolls.zone, len(rolls.zones)))
        zone_error = zone - _log(came.sum(), expected.sum())
        of_zone = zone_error[rolls.zone] if len(rolls.zones) > 1 else 0.0
        school = _log(came.sum(axis=1), expected.sum(axis=1)) - _log(came.sum(), expected.sum()) - of_zone
        cell = _log(came, expected) - (county + single)[None] - (school + of_zone)[:, None]
        found["county"].append(np.atleast_1d(county))
        found["grade"].append(single[inside])
        found["entry"].append(single[entered])
        found["zone"].append(zone_error[np.isfinite(zone_error)])
        there = expected.sum(axis=1) > 0
        found["school"].append(school[there])
        found["school_sizes"].append(expected.sum(axis=1)[there])
        found["squares"].append(cell[ok])
        found["sizes"].append(expected[ok])
    return _parts({name: np.concatenate(values) if values else np.zeros(0) for name, values in found.items()}, len(rolls.grades))


def cohorts(rolls: Rolls, h: int) -> tuple[Ints, Ints]:
    """Return (G,) masks: grades that pupils already in school reach in h years, and those whose pupils enter within them."""
    links = chain(rolls.grades)
    reached = np.arange(len(rolls.grades))
    outside = np.zeros(len(rolls.grades), bool)
    for _ in range(h):
        outside |= links.entry[reached]
        reached = links.source[reached]
    return ~outside, outside


def _log(came: Floats, expected: Floats) -> Floats:
    """Return log errors, half a pupil added to both so that an empty class is an error like any other; 0 where nothing was expected."""
    return np.where(np.asarray(expected) > 0, np.log((came + 0.5) / (np.asarray(expected) + 0.5)), 0.0)


def robust(errors: Floats) -> float:
    """Return the variance of a normal distribution with the same middle 80 % of absolute errors: a single bad year does not rule."""
    return float((np.quantile(np.abs(errors), 0.8) / 1.2816) ** 2) if errors.size else float("nan")


def _parts(found: dict[str, Floats], grades: int) -> dict[str, float]:
    noise, cell = _noise(found["squares"], found["sizes"]) if grades > 1 else _noise(found["school"], found["school_sizes"])
    school = _beyond(found, noise)
    return {
        "county": float(np.mean(found["county"] ** 2)),
        "grade": robust(found["grade"]),
        "entry": robust(found["entry"]),
        "zone": robust(found["zone"]),
        "school": school if grades > 1 else cell,
        "cell": cell if grades > 1 else 0.0,
        "count": noise,
    }


def _beyond(found: dict[str, Floats], noise: float) -> float:
    """Return the variance of schools beyond what their counts explain."""
    return max(float(robust(found["school"]) - noise * np.mean(1 / found["school_sizes"])), 0.0) if found["school"].size else float("nan")


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
