"""A small county with seats and projects, for the tests of seats, programme, warning and staffing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from junheng.model import County
from junheng.standards import Rulebook, shipped
from tests.model.made import made

EAST, WEST, HILL = "2162000001", "2162000002", "2162000003"
TOWN, VALE = "620725100", "620725101"
AS_OF = date(2026, 3, 1)

Row = Mapping[str, object]


def nation(day: date = date(2025, 9, 1)) -> Rulebook:
    return Rulebook((shipped("cn"),), day)


def school(code: str, district: str = TOWN, **more: object) -> Row:
    return {"school": code, "name": f"学校{code[-1]}", "kind": "primary", "district": district, **more}


def places(code: str, rooms: int | None, declared: int | None = None, stage: str = "primary") -> Row:
    return {"school": code, "stage": stage, "rooms": rooms, "places": declared}


def project(code: str = "P1", seats: int | None = 270, **more: object) -> Row:
    return {"project": code, "name": f"项目{code}", "kind": "extend", "stage": "primary", "school": EAST, "places": seats, **more}


def step(name: str, planned: date | None = None, actual: date | None = None, code: str = "P1") -> Row:
    return {"project": code, "step": name, "planned": planned, "actual": actual}


def opens(day: date, code: str = "P1") -> Row:
    return step("in_use", planned=day, code=code)


def small(**tables: Sequence[Row]) -> County:
    """Return two townships, and the schools East and West in one and Hill in the other; tables given replace these."""
    standing: dict[str, Sequence[Row]] = {
        "districts": [{"district": TOWN, "name": "城关"}, {"district": VALE, "name": "谷地"}],
        "schools": [school(EAST), school(WEST), school(HILL, VALE)],
        "places": [places(EAST, 12), places(WEST, 6), places(HILL, 4)],
    }
    return made(**{**standing, **tables})
