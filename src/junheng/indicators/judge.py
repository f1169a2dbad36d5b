"""The one judge: from the verdicts of items to the verdict of a school's stage, of a part, and of the whole. Never a score.

An item is met, met_by_concession, near, partly, missed, no_data, needs_evidence or not_applicable. A unit (a school's stage, a school, a
stage or the county) is judged by its part's rule; a part is met when all its units are; the whole is not_decided while anything is open,
unless something is already missed. What is not applicable counts neither for nor against; a unit or a part of which nothing applies is not
applicable itself, never met. Conditions for applying (eligibility) are judged but do not enter the whole.
"""

from __future__ import annotations

import polars as pl

from junheng.standards import Framework, Passes

VERDICTS = ("met", "met_by_concession", "near", "partly", "missed", "no_data", "needs_evidence", "not_applicable")
WHOLE = ("met", "missed", "not_decided")
UNIT = ("county", "part", "school", "stage")
COUNTS = ("met", "near", "partly", "missed", "no_data", "needs_evidence", "not_applicable")

_OPEN = pl.col("no_data") + pl.col("needs_evidence")


def units(items: pl.DataFrame, framework: Framework) -> pl.DataFrame:
    """Return one row a unit and part: how many items stand where (met includes met_by_concession), and the unit's verdict."""
    verdict = pl.col("verdict").cast(pl.String)
    counts = [(verdict == name).sum().cast(pl.Int64).alias(name) for name in COUNTS[1:]]
    met = verdict.is_in(["met", "met_by_concession"]).sum().cast(pl.Int64).alias("met")
    conceded = (verdict == "met_by_concession").sum().cast(pl.Int64).alias("by_concession")
    judged = items.filter(pl.col("verdict").is_not_null())
    counted = judged.group_by(UNIT).agg(met, *counts, conceded, pl.len().cast(pl.Int64).alias("of"))
    rules = pl.coalesce(
        *[pl.when(pl.col("part") == part.id).then(_unit_rule(part.passes)) for part in framework.all_parts],
        pl.lit(None, dtype=pl.String),
    )
    verdicts = pl.when(pl.col("not_applicable") == pl.col("of")).then(pl.lit("not_applicable")).otherwise(rules)
    return counted.with_columns(verdicts.alias("verdict")).sort(UNIT, nulls_last=False)


def _unit_rule(passes: Passes) -> pl.Expr:
    """Return the verdict of a unit: enough items met and the others near, or all met."""
    if passes.met is None:
        lost = pl.col("missed") + pl.col("near")
        failed = (lost if passes.others == "partly" else lost + pl.col("partly")) > 0
        return _three(failed, _OPEN > 0)
    failed = pl.col("met") + _OPEN < passes.met
    if passes.others == "near":
        failed |= pl.col("missed") + pl.col("partly") > 0
    return _three(failed, _OPEN > 0)


def _three(failed: pl.Expr, still_open: pl.Expr) -> pl.Expr:
    return pl.when(failed).then(pl.lit("missed")).when(still_open).then(pl.lit("not_decided")).otherwise(pl.lit("met"))


def parts(unit_rows: pl.DataFrame, framework: Framework, counties: tuple[str, ...]) -> pl.DataFrame:
    """Return one row a county and part, in the framework's order: units met, missed and open, and the part's verdict.

    A part without a single unit is not decided; one whose units are all not applicable is not applicable.
    """
    order = {part.id: position for position, part in enumerate(framework.all_parts)}
    every = pl.DataFrame({"county": counties}, schema={"county": pl.String()}).join(
        pl.DataFrame({"part": list(order), "order": list(order.values())}, schema={"part": pl.String(), "order": pl.Int64()}), how="cross"
    )
    verdict = pl.col("verdict")
    counted = unit_rows.group_by("county", "part").agg(
        *[
            (verdict == word).sum().cast(pl.Int64).alias(name)
            for word, name in zip(WHOLE, ("units_met", "units_missed", "units_open"), strict=True)
        ],
        (verdict == "not_applicable").any().alias("none"),
    )
    numbers = ["units_met", "units_missed", "units_open"]
    joined = every.join(counted, on=["county", "part"], how="left").with_columns(
        pl.col(numbers).fill_null(0), pl.col("none").fill_null(False)
    )
    nothing = pl.sum_horizontal(numbers) == 0
    verdicts = _three(pl.col("units_missed") > 0, (pl.col("units_open") > 0) | nothing)
    worded = pl.when(nothing & pl.col("none")).then(pl.lit("not_applicable")).otherwise(verdicts)
    return joined.with_columns(worded.alias("verdict")).sort("county", "order").drop("order", "none")


def whole(part_rows: pl.DataFrame, vetoes: pl.DataFrame, framework: Framework) -> pl.DataFrame:
    """Return one row a county: missed as soon as a part is missed or a veto occurred, not_decided while one is open or not checked."""
    counted = part_rows.filter(pl.col("part").is_in([part.id for part in framework.parts]))
    verdict = pl.col("verdict")
    undecided = (verdict == "not_decided").any() | (verdict == "not_applicable").all()
    by_part = counted.group_by("county").agg((verdict == "missed").any().alias("failed"), undecided.alias("open"))
    by_veto = vetoes.group_by("county").agg(
        (pl.col("verdict") == "occurred").any().alias("vetoed"), (pl.col("verdict") == "not_checked").any().alias("unchecked")
    )
    joined = by_part.join(by_veto, on="county", how="left").with_columns(pl.col("vetoed", "unchecked").fill_null(False))
    failed, still_open = pl.col("failed") | pl.col("vetoed"), pl.col("open") | pl.col("unchecked")
    return joined.select("county", _three(failed, still_open).alias("verdict")).sort("county")
