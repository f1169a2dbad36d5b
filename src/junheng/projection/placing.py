"""Where seats stand among the schools and zones of a forecast: under the code under which the forecast has their pupils."""

from __future__ import annotations

import polars as pl

from junheng.model import County
from junheng.projection.forecast import Forecast
from junheng.projection.seats import Seats


def placed(forecast: Forecast, seats: Seats, county: County) -> pl.DataFrame:
    """Return the rows of seats of the forecast's stages with `unit` (index of the school) and `zone_at` (of its zone), null for neither.

    A campus stands with its school, a school that merges or takes a new code with its successor: there the forecast has their pupils.
    The zone is the school's in the forecast, else the township that is known, else the county where that is a zone.
    """
    units = {code: index for index, code in enumerate(forecast.schools)}
    zones = {code: index for index, code in enumerate(forecast.zones)}
    follows = dict(seats.rows.filter(pl.col("successor").is_not_null()).select("school", "successor").unique().iter_rows())
    where: dict[str, tuple[int | None, int | None]] = {}
    for school, main, zone in seats.rows.select("school", "main", "zone").unique(maintain_order=True).iter_rows():
        names = (school, main, follows.get(school), follows.get(main))
        unit = next((units[name] for name in names if name in units), None)
        home = int(forecast.zone[unit]) if unit is not None else zones.get(zone, zones.get(county.code))
        where[school] = (unit, home)
    table = pl.DataFrame(
        [(school, *found) for school, found in where.items()],
        schema={"school": pl.String, "unit": pl.Int64, "zone_at": pl.Int64},
        orient="row",
    )
    return seats.rows.filter(pl.col("stage").is_in(list(forecast.stages))).join(table, on="school")
