"""The seven indicators and their coefficients as a competent analyst writes them in pandas: read once, then county by county.

What is needed is read once and grouped by county; within a county everything is vectorised (merge, groupby, arithmetic on columns). The
rules are those of the shipped definitions: campuses merged, small points, special and vocational schools left out, all-through schools
split by weights, missing is not zero, coefficients weighted by pupils.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from junheng.standards import Rulebook

COLUMNS = {
    "schools": ["county", "school", "kind"],
    "campuses": ["county", "campus", "school"],
    "enrolment": ["county", "school", "stage", "pupils"],
    "staff": ["county", "school", "stage", "doctors", "masters", "bachelors", "colleges", "backbone"],
    "staff_subjects": ["county", "school", "stage", "pe", "music", "fine_art", "arts"],
    "premises": ["county", "school", "teaching_area_m2", "indoor_sports_area_m2", "sports_ground_area_m2", "multimedia_rooms"],
    "equipment": ["county", "school", "teaching_equipment_yuan"],
}
SEVEN = (
    "teachers.above_degree_per_100",
    "teachers.backbone_per_100",
    "teachers.pe_arts_per_100",
    "conditions.teaching_area",
    "conditions.sports_area",
    "conditions.equipment_value",
    "conditions.multimedia_rooms_per_100",
)


class Limits(NamedTuple):
    """What the rules say, as floats: weights of stages, the least size of a point, and each indicator's limit by stage."""

    all_through: Mapping[str, float]
    complete_secondary: Mapping[str, float]
    point: float
    least: Mapping[str, Mapping[str, float]]
    near: Mapping[str, float]


def limits_of(book: Rulebook) -> Limits:
    """Return the limits of the seven indicators from a rulebook."""

    def by_stage(name: str) -> dict[str, float]:
        return {stage: float(standing.value) for stage, standing in book.standings(name).items()}

    resources = next(part for part in book.framework("quality-balance-2017").parts if part.id == "resources")
    least = {item.indicator: by_stage(item.parameter) for item in resources.requirements if item.indicator and item.parameter}
    near = {item.indicator: float(item.near) for item in resources.requirements if item.indicator and item.near is not None}
    point = by_stage("scope.teaching_point.minimum")["all"]
    return Limits(by_stage("split.all_through.weight"), by_stage("split.complete_secondary.weight"), point, least, near)


def seven(folder: Path, limits: Limits) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the values (county, school, stage, seven columns, seven verdicts) and the coefficients (county, stage, seven columns)."""
    tables = {name: dict(iter(_read(folder, name, columns).groupby("county"))) for name, columns in COLUMNS.items()}
    values, spreads = [], []
    for county in sorted(tables["schools"]):
        found = _county({name: table.get(county) for name, table in tables.items()}, limits)
        values.append(found)
        spreads.append(_spread(county, found))
    return pd.concat(values, ignore_index=True), pd.concat(spreads, ignore_index=True)


def _read(folder: Path, name: str, columns: list[str]) -> pd.DataFrame:
    frame = pd.read_parquet(folder / name, columns=columns)
    for column in frame.columns:  # decimals arrive as Python objects
        if column not in ("county", "school", "stage", "kind", "campus"):
            frame[column] = frame[column].astype("float64")
    return frame


def _county(tables: dict[str, Any], limits: Limits) -> pd.DataFrame:
    sites = dict(zip(tables["campuses"]["campus"], tables["campuses"]["school"], strict=True)) if tables["campuses"] is not None else {}

    def merged(name: str, *keys: str) -> pd.DataFrame:
        frame = tables[name].drop(columns="county")
        frame["school"] = frame["school"].replace(sites) if sites else frame["school"]
        return frame.groupby(list(keys), as_index=False).agg(lambda column: column.sum(skipna=False)) if sites else frame

    enrolment = tables["enrolment"].assign(school=tables["enrolment"]["school"].replace(sites)) if sites else tables["enrolment"]
    groups = enrolment.groupby(["school", "stage"])["pupils"]
    pupils = groups.sum().where(groups.count() == groups.size()).rename("pupils").reset_index()
    units = pupils.merge(tables["schools"], on="school", how="left")
    units = _split(units[units["pupils"].isna() | (units["pupils"] > 0)], limits)
    units = units[units["stage"].isin(["primary", "junior"]) & ~units["kind"].isin(["special", "vocational"])]
    units = units[~((units["kind"] == "teaching_point") & (units["compulsory"] < limits.point))]
    for name in ("staff", "staff_subjects"):
        units = units.merge(merged(name, "school", "stage"), on=["school", "stage"], how="left")
    for name in ("premises", "equipment"):
        units = units.merge(merged(name, "school"), on="school", how="left")
    return _judged(_measured(units), limits)


def _split(units: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Add each stage's weight, the school's weighted pupils and its compulsory pupils."""
    by_school = units.groupby("school")
    stages = by_school["stage"].transform("size")
    secondary = (~units["stage"].isin(["junior", "senior"])).groupby(units["school"]).transform("sum") == 0
    through, complete = units["stage"].map(limits.all_through), units["stage"].map(limits.complete_secondary)
    weight = pd.Series(np.where(stages == 1, 1.0, np.where(secondary, complete, through)), index=units.index)
    compulsory = units["pupils"].where(units["stage"].isin(["primary", "junior"]), 0)
    return units.assign(
        stage_weight=weight,
        weighted=(units["pupils"] * weight).groupby(units["school"]).transform(lambda column: column.sum(skipna=False)),
        compulsory=compulsory.groupby(units["school"]).transform(lambda column: column.sum(skipna=False)),
    )


def _measured(u: pd.DataFrame) -> pd.DataFrame:
    degree = u["doctors"] + u["masters"] + u["bachelors"]
    shared = u["stage_weight"] / u["weighted"]
    values = (
        degree.where(u["stage"] != "primary", degree + u["colleges"]) / u["pupils"] * 100,
        u["backbone"] / u["pupils"] * 100,
        (u["pe"] + u["music"] + u["fine_art"] + u["arts"]) / u["pupils"] * 100,
        (u["teaching_area_m2"] - u["indoor_sports_area_m2"]) * shared,
        (u["sports_ground_area_m2"] + u["indoor_sports_area_m2"]) * shared,
        u["teaching_equipment_yuan"] * shared,
        u["multimedia_rooms"] * shared * 100,
    )
    return u[["county", "school", "stage", "pupils"]].assign(**dict(zip(SEVEN, values, strict=True)))


def _judged(values: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    for name in SEVEN:
        least = values["stage"].map(limits.least[name])
        words = np.where(values[name] >= least, "met", np.where(values[name] >= least * limits.near[name], "near", "missed"))
        values[f"{name}.verdict"] = np.where(values[name].isna(), "no_data", words)
    return values


def _spread(county: str, values: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for stage, units in values.groupby("stage"):
        weight = units["pupils"].to_numpy()
        row: dict[str, object] = {"county": county, "stage": stage}
        for name in SEVEN:
            points = units[name].to_numpy()
            mean = (weight * points).sum() / weight.sum()
            row[f"{name}.cv"] = np.sqrt((weight * (points - mean) ** 2).sum() / weight.sum()) / mean
        rows.append(row)
    return pd.DataFrame(rows)
