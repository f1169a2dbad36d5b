"""Rolls made by hand for the tests of forecasts: small enough for paper, or drawn from a known process."""

from __future__ import annotations

import numpy as np
import polars as pl

from junheng.model.county import County, county
from junheng.projection.forecast import Entrants, Floats, Rolls

PRIMARY = tuple(("primary", str(grade)) for grade in range(1, 7))
NINE = (*PRIMARY, *(("junior", str(grade)) for grade in range(7, 10)))


def rolls(pupils: object, grades: tuple[tuple[str, str], ...], zone: tuple[int, ...] = (), first: int = 2015) -> Rolls:
    """Return rolls of schools A, B, … from (T, U, G)."""
    array = np.asarray(pupils, float)
    zones = zone or (0,) * array.shape[1]
    return Rolls(
        years=tuple(range(first, first + len(array))),
        schools=tuple(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:26][index] if array.shape[1] <= 26 else f"S{index:03d}" for index in range(array.shape[1])
        ),
        grades=grades,
        pupils=array,
        zones=tuple(f"Z{index}" for index in range(max(zones) + 1)),
        zone=np.array(zones, np.intp),
    )


def children(known: object, ahead: object, zones: tuple[str, ...] = ("Z0",)) -> Entrants:
    """Return entrants of one draw from (T, Z) and (H, Z)."""
    return Entrants(zones=zones, known=np.asarray(known, float), ahead=np.asarray(ahead, np.float32)[None])


def returned(
    year: int, pupils: dict[str, dict[str, int | None]], changes: list[dict[str, object]] | None = None, district: str | None = "T1"
) -> County:
    """Return a County whose schools have pupils by grade; a school with no grades is listed and not counted."""
    rows = [
        {"school": school, "stage": "primary" if int(grade) <= 6 else "junior", "grade": grade, "sex": "all", "pupils": count}
        for school, grades in pupils.items()
        for grade, count in grades.items()
    ]
    tables = {
        "schools": pl.DataFrame([{"school": school, "name": school, "kind": "primary", "district": district} for school in pupils]),
        "enrolment": pl.DataFrame(
            rows, schema={"school": pl.String, "stage": pl.String, "grade": pl.String, "sex": pl.String, "pupils": pl.Int64}
        ),
    }
    if changes:
        tables["school_changes"] = pl.DataFrame(changes)
    return county("999999", year, tables)


def lived(seed: int, years: int, schools: int, shock: float = 0.02, births: float = 60.0) -> tuple[Rolls, Floats]:
    """Return rolls of six grades drawn from a known process, and the children of each year: a calibration's ground.

    Each year all schools share a shock of progression, every class is a Poisson count of what came up.
    """
    rng = np.random.default_rng(seed)
    size = rng.lognormal(0.0, 0.4, schools)
    born = births * np.exp(np.cumsum(rng.normal(0, 0.04, years)))
    pupils = np.zeros((years, schools, 6))
    pupils[0] = rng.poisson(births * size[:, None], (schools, 6))
    for t in range(1, years):
        common = np.exp(rng.normal(0, shock))
        pupils[t, :, 1:] = rng.poisson(pupils[t - 1, :, :-1] * common)
        pupils[t, :, 0] = rng.poisson(born[t] * size)
    return rolls(pupils, PRIMARY, tuple(index % 3 for index in range(schools))), born * size.sum()
