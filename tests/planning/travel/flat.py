"""Counties laid out in metres, so that ways can be worked out on paper."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np

from junheng.planning.travel.points import EARTH
from tests.model.made import Row

LON, LAT = 100.0, 0.5  # near the equator degrees of longitude and of latitude are alike to a few parts in 100,000
DEGREE = EARTH * np.pi / 180


def place(east: float, north: float) -> dict[str, Decimal]:
    return {"lon": Decimal(f"{LON + east / DEGREE:.6f}"), "lat": Decimal(f"{LAT + north / DEGREE:.6f}")}


def village(code: str, east: float, north: float) -> Row:
    return {"village": code, "name": code, **place(east, north)}


def school(code: str, east: float, north: float) -> Row:
    return {"school": code, "name": code, "kind": "primary", **place(east, north)}


def line(*places: tuple[float, float]) -> str:
    points = [[float(place(*at)["lon"]), float(place(*at)["lat"])] for at in places]
    return json.dumps({"type": "LineString", "coordinates": points})


def node(code: str, east: float, north: float) -> Row:
    return {"node": code, **place(east, north)}


def road(code: str, from_node: str, to_node: str, metres: float | None, kind: str = "county", **more: object) -> Row:
    return {"road": code, "from_node": from_node, "to_node": to_node, "kind": kind, "metres": metres and Decimal(metres), **more}
