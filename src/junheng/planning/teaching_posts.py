"""Posts due to schools by the ratios of pupils to staff, with floors for small schools and what boarding and special schools add.

due = ⌈pupils / ratio⌉, in a primary school below the small-school size no less than ⌈staff per class × classes⌉;
      + ⌊boarders / boarders for one more post⌋; special schools ⌈pupils / their own ratio⌉
"""

from __future__ import annotations

import polars as pl

from junheng.model.county import County
from junheng.planning.teaching import classes_by_grade, sites
from junheng.projection.staffing import PER_CLASS, RATIO, SMALL
from junheng.standards.rulebook import Rulebook

BOARDERS = "assumed.staffing.boarders_per_post"
SPECIAL = "assumed.staffing.special_pupils_per_staff"
KINDERGARTEN = "preschool.pupils_per_staff.maximum"
_PLACE = {"11": "city", "12": "town"}


def pupils_by_stage(county: County) -> pl.DataFrame:
    """Return school, stage, pupils, boarders; of a total and its parts the total counts."""
    rows = county.tables["enrolment"].select("school", "stage", "grade", "sex", "pupils", "boarders")
    for part, key in (("sex", ["school", "stage", "grade"]), ("grade", ["school", "stage"])):
        told = (pl.col(part) == "all").any()
        sums = [
            pl.when(told).then(pl.col(name).filter(pl.col(part) == "all").sum()).otherwise(pl.col(name).sum()).alias(name)
            for name in ("pupils", "boarders")
        ]
        rows = rows.group_by(key).agg(sums)
    return rows.sort("school", "stage")


def posts_due(county: County, rules: Rulebook) -> pl.DataFrame:
    """Return school, stage, pupils, classes, by_pupils, by_classes, boarding, due (whole posts; null where no ratio is known).

    Private schools are left out: they have no posts of the county.
    """
    classes = classes_by_grade(county).group_by("school", "stage").agg(pl.col("classes").sum())
    where = sites(county).filter(~pl.col("private")).with_columns(
        pl.col("urban_rural").str.slice(0, 2).replace_strict(_PLACE, default="rural").fill_null("rural").alias("place")
    )  # fmt: skip
    units = pupils_by_stage(county).join(where.select("school", "main", "place"), on="school")
    joined = units.join(classes, on=["school", "stage"], how="left").join(_ratios(rules), on=["stage", "place"], how="left")
    per_class, small, boarders = (_value(rules, name) for name in (PER_CLASS, SMALL, BOARDERS))
    is_small = (pl.col("stage") == "primary") & (pl.col("pupils") < small)
    made = joined.with_columns(
        (pl.col("pupils") / pl.col("ratio")).ceil().alias("by_pupils"),
        pl.when(is_small).then((pl.col("classes") * per_class).ceil()).otherwise(0.0).alias("by_classes"),
        (pl.col("boarders").fill_null(0) / boarders).floor().alias("boarding"),
    )
    due = (pl.max_horizontal("by_pupils", "by_classes") + pl.col("boarding")).alias("due")
    whole = ["by_pupils", "by_classes", "boarding", "due"]
    made = made.with_columns(pl.when(pl.col("by_pupils").is_null()).then(None).otherwise(due).alias("due"))
    kept = made.select("school", "main", "stage", "pupils", "classes", *(pl.col(name).cast(pl.Int64) for name in whole))
    return kept.sort("school", "stage")


def _ratios(rules: Rulebook) -> pl.DataFrame:
    rows = [
        (stage, place, float(one.value))
        for place in ("city", "town", "rural")
        for stage, one in rules.standings(RATIO.format(place=place)).items()
    ]
    for stage, name in (("special", SPECIAL), ("preschool", KINDERGARTEN)):
        if name in rules.parameters and rules.standings(name):
            rows += [(stage, place, _value(rules, name)) for place in ("city", "town", "rural")]
    return pl.DataFrame(rows, schema={"stage": pl.String, "place": pl.String, "ratio": pl.Float64}, orient="row")


def _value(rules: Rulebook, name: str) -> float:
    return float(rules.standing(name).value)
