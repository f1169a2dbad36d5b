"""The school years that a plan must hold for: pupils by village and places by school in each of them, and how full each catchment is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ahead:
    """One school year after the first of the plan."""

    year: int
    pupils: Ints  # (villages,)
    places: Ints  # (zones,)
    allowed: Ints  # (zones,) pupils at the most, as the brief says
    high: Ints  # (zones,) the same, and more where places are too few
    low: Ints  # (zones,)
    least: int = 0  # pupils beyond what the brief allows that any plan has in this year

    def loads(self, zone: Ints) -> Ints:
        """Return the pupils of each catchment: (zones,). zone: (villages,)."""
        return np.bincount(zone, weights=self.pupils, minlength=len(self.places)).astype(np.int64)


def years_table(every: tuple[Ahead, ...], zone: Ints) -> pl.DataFrame:
    """Return how each year stands. zone: (villages,)."""
    return pl.DataFrame([_year_row(each, each.loads(zone)) for each in every])


def _year_row(ahead: Ahead, load: Ints) -> dict[str, object]:
    over = np.maximum(load - ahead.allowed, 0)
    filled = 100.0 * load / np.maximum(ahead.places, 1)
    return {
        "year": str(ahead.year),
        "pupils": int(load.sum()),
        "places": int(ahead.places.sum()),
        "overfull": int((over > 0).sum()),
        "beyond": int(over.sum()),
        "least_beyond": ahead.least,
        "fullest": float(filled[ahead.places > 0].max(initial=0.0)),
    }


def zones_by_year(every: tuple[Ahead, ...], zone: Ints, names: tuple[str, ...], schools: list[str]) -> pl.DataFrame:
    """Return pupils, places and how full each catchment is in every year, catchment after catchment."""
    loads = [each.loads(zone) for each in every]
    rows = [
        {
            "zone": name,
            "schools": schools[j],
            "year": str(each.year),
            "pupils": int(load[j]),
            "places": int(each.places[j]),
            "filled": 100.0 * int(load[j]) / int(each.places[j]) if each.places[j] else None,
            "beyond": max(0, int(load[j] - each.allowed[j])),
        }
        for j, name in enumerate(names)
        for each, load in zip(every, loads, strict=True)
    ]
    return pl.DataFrame(rows, schema_overrides={"filled": pl.Float64})


def years_told(every: tuple[Ahead, ...], zone: Ints) -> Text | None:
    """Say how many years the plan holds for, and in which places are too few. None for one year in which they do."""
    over = [(each.year, int(np.maximum(each.loads(zone) - each.allowed, 0).sum())) for each in every]
    first, last = every[0].year, every[-1].year
    if first == last:
        many, least = over[0][1], every[0].least
        zh = f"超出允许数的学生{many}名（任何方案至少{least}名）"
        en = f"{many} pupils are beyond what is allowed ({least} at the least in any plan)"
        return Text(zh, en) if many else None
    lacking = [(year, many) for year, many in over if many]
    if not lacking:
        return Text(f"{first}至{last}各学年都不超过允许数", f"no catchment is beyond what is allowed in any year from {first} to {last}")
    zh, en = "、".join(f"{year}年{many}名" for year, many in lacking), ", ".join(f"{many} in {year}" for year, many in lacking)
    return Text(
        f"按{first}至{last}各学年同时核对，超出允许数的学生：{zh}",
        f"every year from {first} to {last} is counted; pupils beyond what is allowed: {en}",
    )
