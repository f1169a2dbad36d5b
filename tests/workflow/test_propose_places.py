"""Places that are wrong beyond doubt are refused before anything is planned with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from junheng.errors import DataError
from junheng.workflow.propose import _sound
from tests.model.made import Row, made

VILLAGE: Row = {"village": "620725000001", "name": "第1村", "lon": 100, "lat": 38}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{**VILLAGE, "lon": 38, "lat": 100}], "填反"),
        ([{**VILLAGE, "lon": 0, "lat": 0}], "实测坐标"),
        ([VILLAGE, VILLAGE], "主键"),
    ],
)
def test_wrong_places_stop_planners_of_ways_and_no_others(tmp_path: Path, rows: list[Row], said: str) -> None:
    county = made(villages=rows)
    with pytest.raises(DataError) as error:
        _sound(tmp_path, county, "catchments")
    assert any(said in f"{one.expected.zh}{one.remedy.zh}" for one in error.value.findings)
    _sound(tmp_path, county, "teacher_rotation")
    _sound(tmp_path, made(villages=[VILLAGE]), "catchments")


def test_a_river_that_cannot_be_read_and_an_inspector_entered_twice_stop_whom_they_concern(tmp_path: Path) -> None:
    county = made(villages=[VILLAGE], barriers=[{"barrier": "R", "kind": "river", "geometry": '{"type":"LineStr'}])
    with pytest.raises(DataError):
        _sound(tmp_path, county, "catchments")
    twice = made(villages=[VILLAGE], inspectors=[{"inspector": "督学01"}, {"inspector": "督学01"}])
    with pytest.raises(DataError):
        _sound(tmp_path, twice, "supervision_zones")
    _sound(tmp_path, twice, "catchments")
    _sound(tmp_path, made(villages=[{**VILLAGE, "geometry": "abc"}]), "catchments")  # it is not drawn, and no way hangs on it
