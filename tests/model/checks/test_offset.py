"""Schools that are all moved in the direction of GCJ-02 or BD-09 are asked about; scattered schools are not."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from junheng.model.chinese_coordinates import bd09_of_wgs84, gcj02_of_wgs84
from junheng.model.county import County
from tests.model.made import Row, found, made

MANY = 30
METRE = 1 / 111_320


def county(system: str, scatter: float, mark: str | None = None, many: int = MANY) -> County:
    draw = np.random.default_rng(3)
    lon, lat = 101.0 + draw.uniform(0, 0.3, many), 38.0 + draw.uniform(0, 0.3, many)
    villages: list[Row] = [
        {"village": f"6207251000{k:02d}", "name": f"村{k}", "lon": Decimal(f"{lon[k]:.6f}"), "lat": Decimal(f"{lat[k]:.6f}")}
        for k in range(many)
    ]
    at = lon + draw.normal(0, scatter * METRE, many), lat + draw.normal(0, scatter * METRE, many)
    at = {"wgs84": lambda *_: at, "gcj02": gcj02_of_wgs84, "bd09": bd09_of_wgs84, "north": lambda x, y: (x, y + 500 * METRE)}[system](*at)
    schools: list[Row] = [
        {
            "school": f"21620000{k:02d}",
            "name": f"校{k}",
            "kind": "primary",
            "village": villages[k]["village"],
            "coordinates": mark,
            "lon": Decimal(f"{at[0][k]:.6f}"),
            "lat": Decimal(f"{at[1][k]:.6f}"),
        }
        for k in range(many)
    ]
    return made(villages=villages, schools=schools)


@pytest.mark.parametrize(("system", "name"), [("gcj02", "GCJ-02"), ("bd09", "BD-09")])
@pytest.mark.parametrize("mark", [None, "wgs84"])
def test_unmarked_places_of_another_system_are_found(system: str, name: str, mark: str | None) -> None:
    (one,) = found(county(system, 300, mark), "coordinates_offset")
    assert name in one.found.en
    assert name in one.remedy.zh


@pytest.mark.parametrize(
    "sound",
    [
        county("wgs84", 300),
        county("wgs84", 2000),
        county("north", 300),  # moved together, but not as a map system moves
        county("gcj02", 300, "village_point"),
        county("gcj02", 300, many=5),
    ],
    ids=["near", "scattered", "another way", "not surveyed", "few"],
)
def test_sound_or_unsure_places_are_left_alone(sound: County) -> None:
    assert found(sound, "coordinates_offset") == []
