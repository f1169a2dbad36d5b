"""How many pupils live in each village in the years ahead: the county's forecast with its band, shared out by the children there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model import County, schema
from junheng.planning.demand import pupils_by_village
from junheng.projection.assumptions import Assumptions
from junheng.projection.forecast import LEVELS, Forecast
from junheng.projection.predict import SEED
from junheng.projection.programme import programme
from junheng.workflow.foresee_forecast import outlook
from junheng.workflow.foresee_inputs import gather

TABLE = "future_pupils"
DRAWS = 500
READERS = frozenset({"catchments", "school_places", "sites"})  # planners that plan with pupils ahead
_STAGES = ("primary", "junior")
_SCENARIOS = {"low": LEVELS[0], "middle": None, "high": LEVELS[-1]}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FuturePupils:
    """Rows of the table future_pupils, and what was doubtful in making them."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...]


def future_pupils(
    folder: Path, year: int | None = None, *, years: int = 5, draws: int = DRAWS, seed: int | None = None, as_of: date | None = None
) -> FuturePupils:
    """Return pupils by village, stage, grade, year and scenario, in the authority's first scenario of assumptions.

    The middle is the forecast's middle path of each grade of the county; low and high are that path times the ratio of the ends of the
    80 % band of the stage to it, in the village's township, or in the county where the township has no school of the stage. Of a grade
    every village has the share that it has of today's children who will then be of its age; children not yet born live as the youngest
    who are. Deterministic for a seed. Raises as `gather` does.
    """
    inputs = gather(folder, year, as_of)
    assumptions = next(iter(inputs.scenarios.values()))
    worked = outlook(
        inputs,
        assumptions,
        programme(inputs.county, inputs.rules, inputs.as_of),
        horizon=years,
        draws=draws,
        seed=SEED if seed is None else seed,
    )
    shares, findings = _shares(inputs.county, assumptions, years)
    townships = inputs.county.tables["villages"].select("village", pl.col("district").alias("township")).unique("village", keep="first")
    homes = shares.join(townships, on="village", how="left")
    rows = [part for one in worked.forecasts for part in _of_chain(one, homes)]
    types = schema().dtypes(TABLE)
    frame = pl.concat(rows) if rows else pl.DataFrame(schema=types)
    order = ["village", "stage", "year", "scenario", "grade"]
    return FuturePupils(
        frame=frame.select(pl.col(name).cast(kind) for name, kind in types.items()).sort(order),
        findings=(*worked.findings, *findings),
    )


def with_future_pupils(folder: Path, county: County, planner: str, *, years: int, as_of: date) -> County:
    """Return the county with pupils ahead for a planner that plans with them; as it is for others, or where they are given."""
    if planner not in READERS or years < 1 or county.tables[TABLE].height:
        return county
    foreseen = future_pupils(folder, county.year, years=years, as_of=as_of)
    return replace(county, tables={**county.tables, TABLE: foreseen.frame})


def _of_chain(forecast: Forecast, shares: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the rows of each stage of one chain of stages. shares: village, township, stage, grade, year, share."""
    for place, stage in enumerate(forecast.stages):
        if stage not in _STAGES:
            continue
        grades = [k for k, (of, _) in enumerate(forecast.grades) if of == stage]
        middle = forecast.middle[:, :, grades].sum(axis=1, dtype=np.float64)  # (H, grades)
        rows = [
            (stage, forecast.grades[k][1], year, float(middle[h, order]))
            for h, year in enumerate(forecast.years)
            for order, k in enumerate(grades)
        ]
        names = {"stage": pl.String, "grade": pl.String, "year": pl.Int64, "total": pl.Float64}
        joined = pl.DataFrame(rows, schema=names, orient="row").join(shares, on=["stage", "grade", "year"])
        ends = _ends(forecast, place, grades)
        known = set(ends["zone"])
        of_zone = pl.when(pl.col("township").is_in(known)).then("township").otherwise(pl.lit("")).alias("zone")
        wide = joined.with_columns(of_zone).join(ends, on=["zone", "year"])
        many = (pl.col("total") * pl.col("share") * pl.col("ratio")).round(2).alias("pupils")
        yield wide.select("village", "stage", "grade", "year", "scenario", many)


def _ends(forecast: Forecast, place: int, grades: list[int]) -> pl.DataFrame:
    """Return zone, year, scenario, ratio: what an end of the band is of the middle path, in each township and ("") in the county."""
    draws, middle = forecast.draws[:, :, :, place], forecast.middle[:, :, grades].sum(axis=2, dtype=np.float64)  # (D, H, U), (H, U)
    zones = {"": np.ones(len(forecast.schools), dtype=np.bool_)}
    zones |= {code: forecast.zone == z for z, code in enumerate(forecast.zones) if code}
    rows = []
    for zone, its in zones.items():
        path = middle[:, its].sum(axis=1)
        if zone and not (path > 0).all():  # no school of the stage: the county's band holds there
            continue
        total = draws[:, :, its].sum(axis=2, dtype=np.float64)
        for scenario, level in _SCENARIOS.items():
            end = path if level is None else np.quantile(total, level, axis=0)
            ratio = end / np.maximum(path, 1e-9)
            ratio = np.minimum(ratio, 1.0) if scenario == "low" else np.maximum(ratio, 1.0)  # the middle path lies within the band
            rows += [(zone, year, scenario, float(part)) for year, part in zip(forecast.years, ratio, strict=True)]
    names = {"zone": pl.String, "year": pl.Int64, "scenario": pl.String, "ratio": pl.Float64}
    return pl.DataFrame(rows, schema=names, orient="row")


def _shares(county: County, assumptions: Assumptions, years: int) -> tuple[pl.DataFrame, list[Finding]]:
    """Return village, stage, grade, year, share: of the pupils of a grade and year, those who live in the village."""
    if county.tables["village_population"].height:
        return _by_age(county, assumptions, years), []
    return _by_grade(county, years)


def _by_age(county: County, assumptions: Assumptions, years: int) -> pl.DataFrame:
    people = county.tables["village_population"].group_by("village", "age").agg(pl.col("persons").sum())
    youngest = min(people["age"].to_list())
    grades = []
    for stage in _STAGES:
        first = round(assumptions.number("entry_age", stage))
        start = round(assumptions.number("entry_age", _STAGES[0]))
        for order in range(round(assumptions.number("stage_years", stage))):
            grades += [
                (stage, str(first - start + order + 1), county.year + h, max(youngest, first + order - h)) for h in range(1, years + 1)
            ]
    wanted = pl.DataFrame(grades, schema={"stage": pl.String, "grade": pl.String, "year": pl.Int64, "age": pl.Int64}, orient="row")
    joined = wanted.join(people.with_columns(pl.col("age").cast(pl.Int64)), on="age")
    return _shared(joined, "persons")


def _by_grade(county: County, years: int) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the shares of today's pupils of each grade where residents are not known by age."""
    parts: list[pl.DataFrame] = []
    findings: list[Finding] = []
    for stage in _STAGES:
        told = pupils_by_village(county, stage)
        findings += told.findings
        ahead = pl.DataFrame({"year": list(range(county.year + 1, county.year + years + 1))}, schema={"year": pl.Int64})
        parts.append(told.frame.with_columns(pl.lit(stage).alias("stage")).join(ahead, how="cross"))
    rows = pl.concat(parts).filter(pl.col("pupils").is_not_null())
    if not rows.height:
        found = Text("没有分村居的人口或学生数", "neither residents nor pupils by village")
        findings.append(finding("workflow.no_pupils_by_village", Place(table="village_population"), found))
    return _shared(rows, "pupils"), findings


def _shared(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    key = ["stage", "grade", "year"]
    whole = pl.col(column).sum().over(key)
    return rows.select("village", *key, pl.when(whole > 0).then(pl.col(column) / whole).otherwise(0.0).alias("share"))
