"""A kindergarten that is built, as rows of the County: all that the judge looks at, and nothing that is not planned."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl

from junheng.model.change import AddRow
from junheng.model.county import County
from junheng.planning.planners.path_to_inclusive.gardens import KIND, STAGE, Garden
from junheng.planning.planners.path_to_inclusive.measures import NEW_CLASS, read_measures
from junheng.planning.planners.path_to_inclusive.outlook import evened

_PREMISES = {"floor": "floor_area_m2", "outdoor": "outdoor_area_m2", "activity": "activity_area_m2"}
_NOBODY = ("teachers", "certified", "carers", "colleges", "bachelors", "established", "contracted")


def opened(county: County, garden: Garden, classes: int, children: int, year: int, size: int) -> Iterator[AddRow]:
    """Yield the rows of a public kindergarten with its head, that opens with classes of the youngest grade. size: children of a class."""
    site, code = garden.site, garden.school
    key: dict[str, Any] = {"school": code, "stage": STAGE}
    area = {"site_area_m2": site.area} if site and site.area is not None else {}
    own: dict[str, Any] = {"name": garden.name, "kind": KIND, "ownership": "public", "estate_kindergarten": False, "built_year": year}
    yield AddRow("schools", {"school": code, **own, **_founder(county), **(dict(site.place) if site else {})})
    yield AddRow("enrolment", {**key, "grade": "k1", "sex": "all", "pupils": children})
    for k, many in enumerate(evened(children, classes), start=1):
        yield AddRow("classes", {**key, "class": f"小({k})", "grade": "k1", "pupils": many})
    yield AddRow("staff", {**key, **dict.fromkeys(_NOBODY, 0), "staff": 1, "heads": 1, "certified_heads": 1})
    yield AddRow("places", {**key, "places": classes * size, "rooms": classes})
    each = next(measure for measure in read_measures(county) if measure.id == NEW_CLASS).adds
    rooms = {column: Decimal(str(each[name])) * classes for name, column in _PREMISES.items()}
    yield AddRow("premises", {"school": code, **area, **rooms})
    yield AddRow("equipment", {"school": code, "books": 0})


def _founder(county: County) -> dict[str, str]:
    """Return who founds public kindergartens here as a rule."""
    rows = county.tables["schools"].filter((pl.col("ownership") == "public") & (pl.col("kind") == KIND) & pl.col("founder").is_not_null())
    if not rows.height:
        return {}
    counts = rows["founder"].value_counts(sort=True).sort(["count", "founder"], descending=[True, False])
    return {"founder": str(counts["founder"][0])}
