"""The map shows villages where their boundaries are known, and never counts a village whose children were not counted."""

import json

import polars as pl

from junheng.model import county
from junheng.workflow.map_view import map_of

SQUARE = json.dumps({"type": "Polygon", "coordinates": [[[100.0, 38.0], [100.1, 38.0], [100.1, 38.1], [100.0, 38.0]]]})
TWO = json.dumps({"type": "MultiPolygon", "coordinates": [[[[100, 38], [101, 38], [101, 39]]], [[[102, 38], [103, 38], [103, 39]]]]})


def villages(*rows):
    names = ("village", "name", "district", "geometry")
    return pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows])


def test_a_village_shows_its_children_of_school_age():
    people = pl.DataFrame({"village": ["v1"] * 3, "age": [5, 6, 14], "sex": ["all"] * 3, "persons": [9, 4, 3]})
    drawn = map_of(county("620001", 2025, {"villages": villages(("v1", "东村", "d1", SQUARE)), "village_population": people}))
    assert [(area.name, area.value, area.shown) for area in drawn.areas] == [("东村", 7, "7")]  # 4 aged six + 3 aged fourteen


def test_a_village_with_an_uncounted_age_has_no_number():
    people = pl.DataFrame({"village": ["v1", "v1"], "age": [6, 7], "sex": ["all", "all"], "persons": [4, None]})
    drawn = map_of(county("620001", 2025, {"villages": villages(("v1", "东村", None, SQUARE)), "village_population": people}))
    assert drawn.areas[0].value is None
    assert drawn.areas[0].shown == ""


def test_townships_stand_in_for_villages_without_boundaries():
    districts = pl.DataFrame({"district": ["d1"], "name": ["北乡"], "geometry": [TWO]})
    drawn = map_of(county("620001", 2025, {"villages": villages(("v1", "东村", "d1", None)), "districts": districts}))
    assert [(area.name, len(area.rings)) for area in drawn.areas] == [("北乡", 2)]


def test_a_county_without_boundaries_has_an_empty_map():
    assert map_of(county("620001", 2025)).areas == ()


def test_a_point_at_the_village_is_not_passed_off_as_the_school():
    schools = pl.DataFrame({"school": ["1"], "name": ["甲"], "kind": ["primary"], "coordinates": ["village_point"]})
    assert "代表点" in map_of(county("620001", 2025, {"schools": schools})).note.zh
