"""How many pupils each school will have in the years ahead: the counties that the forecast projects, as rows of school_pupils_ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from junheng.errors import Finding
from junheng.model import County, schema
from junheng.projection.predict import SEED
from junheng.projection.programme import programme
from junheng.workflow.foresee_forecast import outlook
from junheng.workflow.foresee_inputs import gather
from junheng.workflow.foresee_judged import projected

TABLE = "school_pupils_ahead"
DRAWS = 200
COMPULSORY = ("primary", "junior")
READERS = {
    "path_to_pass": COMPULSORY,
    "path_to_inclusive": ("preschool",),
}  # planners that plan with pupils of each school ahead, and of which


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SchoolPupilsAhead:
    """Rows of the table school_pupils_ahead, and what was doubtful in making them."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...]


def school_pupils_ahead(
    folder: Path,
    year: int | None = None,
    *,
    years: int = 5,
    draws: int = DRAWS,
    seed: int | None = None,
    as_of: date | None = None,
    stages: tuple[str, ...] = COMPULSORY,
) -> SchoolPupilsAhead:
    """Return pupils by school, stage and year, on the middle path of the authority's first scenario of assumptions.

    Schools that the programme opens or closes come and go with it. Deterministic for a seed. Raises as `gather` does.
    """
    inputs = gather(folder, year, as_of)
    assumptions = next(iter(inputs.scenarios.values()))
    plan = programme(inputs.county, inputs.rules, inputs.as_of)
    worked = outlook(inputs, assumptions, plan, horizon=years, draws=draws, seed=SEED if seed is None else seed)
    types = schema().dtypes(TABLE)
    rows = [
        _of_year(projected(inputs, worked, ahead).tables["enrolment"], ahead, stages)
        for ahead in range(inputs.year + 1, inputs.year + years + 1)
    ]
    frame = pl.concat(rows) if rows else pl.DataFrame(schema=types)
    whole = frame.select(pl.col(name).cast(kind) for name, kind in types.items()).sort("school", "stage", "year")
    return SchoolPupilsAhead(frame=whole, findings=worked.findings)


def with_school_pupils_ahead(folder: Path, county: County, planner: str, *, years: int, as_of: date) -> County:
    """Return the county with pupils by school ahead for a planner that plans with them; as it is for others, or where they are given."""
    if planner not in READERS or not years or county.tables[TABLE].height:
        return county
    foreseen = school_pupils_ahead(folder, county.year, as_of=as_of, stages=READERS[planner])
    return replace(county, tables={**county.tables, TABLE: foreseen.frame})


def _of_year(enrolment: pl.DataFrame, year: int, stages: tuple[str, ...]) -> pl.DataFrame:
    """Return the pupils of each school and stage; of a total and its parts the total counts, and one unknown part leaves it unknown."""
    rows = enrolment.filter(pl.col("stage").is_in(stages))
    for part, key in (("sex", ["school", "stage", "grade"]), ("grade", ["school", "stage"])):
        told = (pl.col(part) == "all").any()
        whole = pl.col("pupils").filter(pl.col(part) == "all").first()
        parts = pl.when(pl.col("pupils").is_null().any()).then(None).otherwise(pl.col("pupils").sum())
        rows = rows.group_by(key).agg(pl.when(told).then(whole).otherwise(parts).alias("pupils"))
    return rows.filter(pl.col("pupils").is_not_null()).with_columns(pl.lit(year).alias("year"))
