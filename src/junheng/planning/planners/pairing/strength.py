"""Which schools are strong and which need help, and why: items of the standard missed, backbone teachers, subjects lacking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.indicators import evaluate
from junheng.model.county import County
from junheng.standards.rulebook import Rulebook

FRAMEWORK = "quality-balance-2017"
CHOICES = ("standard", "backbone", "both")
Floats = NDArray[np.float64]


class Standing(NamedTuple):
    """How a school stands: why it is strong or needs help."""

    missed: tuple[Text, ...]  # items of the standard
    shares: tuple[float, float]  # of its teachers: lacking by subject, backbone
    usual: tuple[float, float]  # the same in the county
    strong: bool


def missed_items(county: County, rules: Rulebook, stage: str) -> Mapping[str, tuple[Text, ...]]:
    """Return the items of the standard that each school misses at a stage, by the judge; what has no data is not missed."""
    framework = rules.frameworks.get(FRAMEWORK)
    counted = [part for part in framework.parts if part.each == ("school", "stage")] if framework else []
    if framework is None or not counted:
        return {}
    card = evaluate(county, replace(framework, parts=tuple(counted), eligibility=None, vetoes=()), rules)
    rows = card.items.filter((pl.col("stage") == stage) & (pl.col("verdict") == "missed") & pl.col("school").is_not_null())
    titles = {item.id: item.title for part in counted for item in part.requirements}
    found: dict[str, tuple[Text, ...]] = {}
    for school, item in rows.select("school", "requirement").unique().sort("school", "requirement").iter_rows():
        found[school] = (*found.get(school, ()), titles[item])
    return found


def standings(schools: pl.DataFrame, lacking: Floats, missed: Mapping[str, tuple[Text, ...]], by: str) -> dict[str, Standing]:
    """Return how each school stands. schools: main, backbone, teachers; lacking: (schools,) teachers by subject; by: one of `CHOICES`.

    standard: whoever misses an item of the standard, or lacks a larger share of its teachers by subject than the county does, needs help;
    backbone: whoever has a smaller share of backbone teachers than the county; both: either.
    """
    teachers = schools["teachers"].fill_null(0).to_numpy().astype(np.float64)
    backbone = schools["backbone"].fill_null(0).to_numpy().astype(np.float64)
    everyone = max(1.0, float(teachers.sum()))
    even, usual, found = float(backbone.sum()) / everyone, float(lacking.sum()) / everyone, {}
    for k, main in enumerate(schools["main"].to_list()):
        strong, short = backbone[k] >= even * teachers[k], lacking[k] > usual * teachers[k] + 1e-9
        able = not missed.get(main) and not short
        is_strong = {"standard": able, "backbone": strong, "both": able and strong}[by]
        shares = (float(lacking[k] / max(1.0, teachers[k])), float(backbone[k] / max(1.0, teachers[k])))
        found[main] = Standing(missed.get(main, ()), shares, (usual, even), bool(is_strong))
    return found
