"""Write the errors that stand in where a county has no history of its own: measured on the real rolls of the other benchmarks.

PYTHONPATH=src .venv/bin/python benchmarks/forecast_pool.py --data DIR > src/junheng/projection/pooled_errors.csv
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from forecast_data import Task, eau_claire, new_zealand, new_zealand_schools, nobody

from junheng.documents import write_csv
from junheng.projection.forecast import Floats
from junheng.projection.measured import HORIZONS, PARTS, Errors, hindsight, measured
from junheng.projection.method import DEFAULT

OF_DISTRICT, OF_REGIONS, OF_SCHOOLS = "ecasd-wi 1998-2024", "nz-regions 1996-2016", "nz-schools 2000-2017"


def main() -> None:
    """Measure and print the table."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--data", type=Path, required=True)
    options = ask.parse_args()
    district, born = eau_claire(options.data / "ecasd_wi")
    regions, children, _ = new_zealand(options.data / "nz_rolls")
    schools = new_zealand_schools(options.data / "nz_rolls")
    every = []
    for rolls, at in ((district, born), (regions, children), (schools, nobody)):
        last = len(rolls.years) - 1
        every.append(measured(rolls, hindsight(rolls, at, last, HORIZONS, DEFAULT), last))
    rows = [row for part in PARTS for row in graded(part, *every[:2])] + [row for part in PARTS for row in whole(part, every[2])]
    print(write_csv(["counts", "part", "horizon", "variance", "source"], rows), end="")


def elsewhere(title: str, every: list[Task]) -> Errors:
    """Return the errors on which a task may lean: measured in the other country, so that no outcome of its own is seen."""
    there = next(task for task in every if task.title[:2] != title[:2])
    rolls = there.rolls
    if title.endswith("totals"):
        pupils = rolls.pupils.sum(axis=2, keepdims=True)
        rolls = replace(rolls, pupils=pupils, grades=(("all", "all"),))
    last = len(rolls.years) - 1
    found = measured(rolls, hindsight(rolls, there.entrants_at, last, HORIZONS, DEFAULT), last)
    return Errors(**{part: curve(getattr(found, part)) for part in PARTS}, origins=np.zeros(HORIZONS))


def graded(part: str, district: Errors, regions: Errors) -> list[list[str]]:
    """Return rows of counts by grade: of the county, the geometric mean of both places; below, each from where it was measured."""
    one, two = curve(getattr(district, part)), curve(getattr(regions, part))
    if part in ("county", "grade", "entry"):
        return rows_of("grades", part, np.sqrt(np.maximum(one, 1e-6) * np.maximum(two, 1e-6)), f"{OF_DISTRICT}; {OF_REGIONS}")
    return rows_of("grades", part, two, OF_REGIONS) if part == "zone" else rows_of("grades", part, one, OF_DISTRICT)


def whole(part: str, schools: Errors) -> list[list[str]]:
    """Return rows of counts that are not split by grade."""
    return rows_of("whole", part, curve(getattr(schools, part)), OF_SCHOOLS)


def curve(values: Floats) -> Floats:
    """Return variances that never fall with the horizon, those not measured taken from their neighbours; 0 where none was."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values))
    return np.maximum.accumulate(np.interp(np.arange(len(values)), np.flatnonzero(known), values[known]))


def rows_of(counts: str, part: str, values: Floats, source: str) -> list[list[str]]:
    """Return a row a horizon."""
    return [[counts, part, str(h + 1), f"{value:.6f}", source] for h, value in enumerate(values)]


if __name__ == "__main__":
    main()
