"""Places in GCJ-02 and BD-09 become WGS 84 as they come in, and say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from junheng.model import check
from junheng.model.chinese_coordinates import Degrees, bd09_of_wgs84, gcj02_of_wgs84, metres_moved
from junheng.store.returns.load import Import, read_returns
from junheng.store.templates.forms import template_forms
from tests.store.returns.workbooks import write_rows

TRUE = Degrees(np.array([101.1]), np.array([38.2]))
HEAD = ["节点编号", "经度", "纬度", "坐标来源"]


def imported(tmp_path: Path, *rows: list[object]) -> Import:
    path = write_rows(tmp_path / "节点.xlsx", [["填报表：道路节点"], HEAD, *rows])
    return read_returns([path], "620725", 2025, forms=template_forms("620725"))


@pytest.mark.parametrize(("drawn", "word", "mark"), [(gcj02_of_wgs84, "gcj02", "from_gcj02"), (bd09_of_wgs84, "bd09", "from_bd09")])
def test_marked_places_are_turned_into_wgs84_to_a_tenth_of_a_metre(tmp_path: Path, drawn: object, word: str, mark: str) -> None:
    lon, lat = (float(axis[0]) for axis in drawn(*TRUE))  # type: ignore[operator]
    result = imported(tmp_path, ["N1", lon, lat, word], ["N2", lon, lat, "wgs84"], ["N3", lon, lat, None])
    rows = {row["node"]: row for row in result.county.tables["road_nodes"].to_dicts()}
    east, north = metres_moved(TRUE, Degrees(np.array([float(rows["N1"]["lon"])]), np.array([float(rows["N1"]["lat"])])))
    assert np.hypot(east, north)[0] < 0.1
    assert rows["N1"]["coordinates"] == mark
    assert [float(rows["N2"]["lon"]), float(rows["N3"]["lon"])] == [pytest.approx(lon, abs=1e-6)] * 2
    (said,) = [one for one in result.findings if one.rule == "returns.coordinates_converted"]
    assert said.count == 1


def test_a_place_outside_the_country_is_not_turned_and_is_told(tmp_path: Path) -> None:
    county = imported(tmp_path, ["N1", 2.35, 48.85, "gcj02"]).county
    told = {one.rule for one in check(county)}
    assert "model.coordinates_not_converted" in told
