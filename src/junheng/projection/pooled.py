"""Errors of other places, for a county whose own history is too short to measure them."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np

from junheng.documents import finding, package_files, parse_csv
from junheng.errors import Finding, Place, Text
from junheng.projection.forecast import Floats, Rolls
from junheng.projection.history import WHOLE
from junheng.projection.measured import HORIZONS, LEAST_ORIGINS, PARTS, WIDTH, Errors

LEAN = 1.0  # origins: how many of its own a county needs for its errors to count as much as those of other places
EACH = 2.0  # degrees of freedom that an origin brings: more than one, for several cohorts are measured at it; far fewer than all of them
OF_COUNTY = ("county", "grade", "entry")  # one unit: few origins are few errors; schools and zones are many at each


@cache
def pooled_errors(whole: bool = False) -> Errors:
    """Return the errors measured elsewhere; `whole`: for counts that are not split by grade."""
    (file,) = package_files("junheng.projection", "pooled_errors.csv")
    curves = {part: np.zeros(HORIZONS) for part in PARTS}
    for row in parse_csv(file.text, file.name):
        if row.values["counts"] == ("whole" if whole else "grades"):
            curves[row.values["part"]][int(row.values["horizon"]) - 1] = float(row.values["variance"])
    return Errors(**curves, origins=np.zeros(HORIZONS))


def own_or_pooled(
    own: Errors, rolls: Rolls, elsewhere: Errors | None = None
) -> tuple[Literal["own", "pooled"], Errors, tuple[Finding, ...]]:
    """Return whether errors are the county's own, the errors with those of other places mixed in, and a finding where they are not own.

    The fewer origins stand behind an own error, the more it leans on the error elsewhere: the pooled ones unless others are given.
    """
    other = elsewhere or pooled_errors(all(grade == WHOLE for _, grade in rolls.grades))
    mixed = {part: _mixed(getattr(own, part), getattr(other, part), own.origins) for part in PARTS}
    mixed |= {part: mixed[part] * widened(EACH * (own.origins + LEAN)) for part in OF_COUNTY}
    errors = Errors(**mixed, origins=own.origins)
    if own.origins[0] >= LEAST_ORIGINS:
        return "own", errors, ()
    years = Text(f"{len(rolls.years)}个学年的在校生数", f"enrolment of {len(rolls.years)} school years")
    return "pooled", errors, (finding("projection.pooled_errors", Place(table="enrolment"), years, least=LEAST_ORIGINS + 3),)


def widened(freedom: Floats) -> Floats:
    """Return by how much a variance estimated from so few errors is too small for a band: (t / z)² at the end of an 80 % band.

    Source: Abramowitz and Stegun 1964, Handbook of Mathematical Functions, 26.7.5 (t as a series in 1/freedom).
    """
    z = WIDTH
    terms = ((z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384)
    t = z + sum(term / freedom ** (power + 1) for power, term in enumerate(terms))
    return np.asarray((t / z) ** 2, np.float64)


def _mixed(mine: Floats, theirs: Floats, origins: Floats) -> Floats:
    """Return one part's variances by horizon: the own ones as far as origins carry them, else those elsewhere brought to the own level."""
    known = np.isfinite(mine) & (origins > 0) & (theirs > 0)
    trust = origins / (origins + LEAN)
    level = 1.0
    if known.any():
        ratio = np.log(np.maximum(mine[known], 1e-7) / theirs[known])
        level = float(np.exp(np.average(ratio, weights=origins[known]) * trust[0]))
    mixed: Floats = np.where(known, trust * np.nan_to_num(mine) + (1 - trust) * theirs * level, theirs * level)
    return mixed
