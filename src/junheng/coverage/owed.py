"""How often and how much was done for each line, and how much is due to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from junheng.coverage.condition import meets
from junheng.coverage.roster import Due, Roster

_DONE = {"row": pl.Int64(), "times": pl.Int64(), "amount": pl.Float64(), "proven": pl.Float64(), "paid": pl.Float64(), "lines": pl.Int64()}


def times_done(same: pl.DataFrame, sides: Sequence[pl.DataFrame], roster: Roster, window: tuple[date, date] | None) -> pl.DataFrame:
    """Return for each row that was met: lines (at all), times and amount within the window, proven (of the amount), paid.

    same: pairs (row, source, did_row); sides: the did lines that count, with `proof`.
    """
    parts = [_measured(same.filter(pl.col("source") == at), side, roster, window) for at, side in enumerate(sides)]
    whole = pl.concat([pl.DataFrame(schema=_MEASURED), *parts])
    return (
        whole.group_by("row", maintain_order=True)
        .agg(
            pl.col("within").cast(pl.Int64).sum().alias("times"),
            pl.col("amount").filter("within").sum(),
            pl.col("amount").filter(pl.col("within") & pl.col("proof")).sum().alias("proven"),
            pl.col("paid").sum(),
            pl.len().cast(pl.Int64).alias("lines"),
        )
        .select(list(_DONE))
    )


_MEASURED = {"row": pl.Int64(), "within": pl.Boolean(), "proof": pl.Boolean(), "amount": pl.Float64(), "paid": pl.Float64()}


def _measured(pairs: pl.DataFrame, side: pl.DataFrame, roster: Roster, window: tuple[date, date] | None) -> pl.DataFrame:
    least = roster.least
    within = pl.col(least.day).is_between(*window).fill_null(False) if least.day and window else pl.lit(True)
    amount = pl.col(least.total).cast(pl.Float64, strict=False).fill_null(0.0) if least.total else pl.lit(1.0)
    paid = pl.col(roster.amounts.paid).cast(pl.Float64, strict=False) if roster.amounts else pl.lit(None, pl.Float64)
    held = side.select(
        pl.col("row").cast(pl.Int64).alias("did_row"), within.alias("within"), "proof", amount.alias("amount"), paid.alias("paid")
    )
    return pairs.join(held, on="did_row").select(list(_MEASURED))


def amounts_due(listed: pl.DataFrame, roster: Roster, numbers: Mapping[tuple[str, str], float], today: date) -> pl.DataFrame:
    """Return row and due: null where no amount is looked at, nan where it cannot be told."""
    due = pl.lit(None, pl.Float64)
    if roster.amounts:
        due = pl.lit(float("nan"))
        for one in reversed(roster.amounts.due):
            due = pl.when(meets(one.when, today)).then(_due(one, numbers)).otherwise(due)
    return listed.select("row", due.alias("due"))


def _due(one: Due, numbers: Mapping[tuple[str, str], float]) -> pl.Expr:
    if one.column:
        amount = pl.col(one.column).cast(pl.Float64, strict=False)
    elif one.by:
        cases = {case: value for (name, case), value in numbers.items() if name == one.standard}
        amount = pl.col(one.by).cast(pl.String).replace_strict(cases, default=None, return_dtype=pl.Float64)
    else:
        amount = pl.lit(numbers.get((one.standard, ""), float("nan")))
    for name in one.times:
        amount = amount * pl.col(name).cast(pl.Float64, strict=False)
    return (amount * float(one.share)).fill_null(float("nan"))
