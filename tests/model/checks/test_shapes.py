"""Boundaries and rivers that cannot be read or lie elsewhere, crossings far from theirs, one village under two codes."""

from __future__ import annotations

import json

import pytest

from tests.model.made import Row, found, made, rules

A, B = "620725100001", "620725100002"
SQUARE = [[101.0, 38.2], [101.1, 38.2], [101.1, 38.3], [101.0, 38.2]]


def shape(kind: str, coordinates: object) -> str:
    return json.dumps({"type": kind, "coordinates": coordinates})


def river(geometry: str) -> Row:
    return {"barrier": "R", "kind": "river", "geometry": geometry}


@pytest.mark.parametrize(
    ("geometry", "told"),
    [
        (shape("LineString", [[101, 38.2], [101.2, 38.2]]), set()),
        (shape("MultiLineString", [[[101, 38.2], [101.2, 38.2]], [[101.2, 38.2], [101.2, 38.3]]]), set()),
        (shape("LineString", [[101, 38.2], [101.2, 38.2]])[:40], {"shape_unreadable"}),
        (shape("LineString", [[101, 38.2]]), {"shape_unreadable"}),
        (shape("Polygon", [SQUARE]), {"shape_unreadable"}),
        ("{}", {"shape_unreadable"}),
        (shape("LineString", [[38.2, 101], [38.2, 101.2]]), {"coordinates_exchanged"}),
        (shape("LineString", [[0, 0], [0.1, 0]]), {"coordinates_nowhere"}),
        (shape("LineString", [[111, 38.2], [111.2, 38.2]]), {"coordinates_far_off"}),
    ],
)
def test_a_river_is_a_line_in_the_county(geometry: str, told: set[str]) -> None:
    county = made(villages=[{"village": A, "name": "甲村", "lon": 101.1, "lat": 38.2}], barriers=[river(geometry)])
    assert rules(county) == {"barrier_without_crossing"} | told


@pytest.mark.parametrize(("lat", "told"), [(38.202, False), (38.215, True)])  # 222 m and 1,668 m from the line
def test_a_crossing_lies_on_what_it_crosses(lat: float, told: bool) -> None:
    line = shape("LineString", [[101, 38.2], [101.2, 38.2]])
    county = made(barriers=[river(line)], crossings=[{"crossing": "B", "barrier": "R", "lon": 101.15, "lat": lat}])
    off = found(county, "crossing_off_its_barrier")
    assert [one.found.zh for one in off] == (["距阻隔R 1,668米"] if told else [])


def test_a_boundary_is_a_polygon() -> None:
    good, bad = shape("Polygon", [SQUARE]), shape("Polygon", [SQUARE[:2]])
    (one,) = found(made(villages=[village(A, geometry=good), village(B, geometry=bad)]), "shape_unreadable")
    assert (one.place.key, one.place.column, one.severity) == ((B,), "geometry", "error")


def village(code: str, **more: object) -> Row:
    return {"village": code, "name": f"村{code}", "district": "620725100", **more}


@pytest.mark.parametrize(
    ("alike", "told"),
    [
        ({}, set()),
        ({"geometry": shape("Polygon", [SQUARE])}, {"village_twice"}),
        ({"lon": 101.1, "lat": 38.2, "name": "甲村"}, {"village_twice"}),
        ({"lon": 101.1, "lat": 38.2}, {"villages_alike"}),
        ({"name": "甲村"}, {"villages_alike"}),
    ],
)
def test_one_village_under_two_codes_is_found(alike: dict[str, object], told: set[str]) -> None:
    county = made(villages=[village(A, **alike), village(B, **alike)])
    assert rules(county) & {"village_twice", "villages_alike"} == told
    assert all(A in one.found.zh and B in one.found.zh for rule in told for one in found(county, rule))
