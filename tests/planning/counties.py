"""Counties for the planners: drawn from a seed, with villages, schools, pupils and zones, small enough to look at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np

from junheng.model.county import County
from junheng.standards.library import shipped
from junheng.standards.rulebook import Rulebook
from tests.model.made import Row, made

RULES = Rulebook((shipped("cn"),), date(2025, 9, 1))


def school_code(index: int) -> str:
    return f"2162{index + 1:06d}"


def _village(index: int) -> str:
    return f"6207250{index + 1:05d}"


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")


def drawn(schools: int, seed: int = 1, *, zones: int = 0, inspectors: int | None = None) -> County:
    """Return a county; zones: today's, drawn without regard to where schools are."""
    draw = np.random.default_rng(seed)
    at = np.array([100.0, 38.0]) + draw.uniform(0, 0.3, (schools, 2))
    codes = [school_code(index) for index in range(schools)]
    rows: list[Row] = [
        {"school": code, "name": f"第{k + 1}小学", "kind": "primary", "lon": _degrees(at[k, 0]), "lat": _degrees(at[k, 1])}
        for k, code in enumerate(codes)
    ]
    pupils: list[Row] = [
        {"school": code, "stage": "primary", "grade": "all", "sex": "all", "pupils": int(draw.integers(90, 130))} for code in codes
    ]
    staff, subjects, premises, equipment = _resources(codes, seed)
    return made(
        teachers=_register(staff, subjects),
        classes=[{"school": code, "stage": "primary", "class": str(g), "grade": str(g), "pupils": 30} for code in codes for g in (1, 2, 3)],
        staff=staff,
        staff_subjects=subjects,
        posts=[
            {"school": row["school"], "approved": int(str(row["teachers"])) + k % 3, "held": row["teachers"]} for k, row in enumerate(staff)
        ],
        premises=premises,
        equipment=equipment,
        schools=rows,
        enrolment=pupils,
        places=[{"school": code, "stage": "primary", "places": 100} for code in codes],
        place_options=[
            {"school": code, "stage": "primary", "fate": "extend", "places": 45, "most": 3, "yuan": 900_000, "yuan_year": 60_000}
            for code in codes
        ],
        villages=[
            {"village": _village(k), "name": f"第{k + 1}村", "lon": _degrees(at[k, 0]), "lat": _degrees(at[k, 1])} for k in range(schools)
        ],
        village_pupils=[
            {"village": _village(k), "stage": "primary", "grade": "all", "year": 2025, "pupils": 60 + k % 30} for k in range(schools)
        ],
        adjacency=[{"village_a": _village(k), "village_b": _village(k + 1)} for k in range(schools - 1)],
        supervision_zones=[{"zone": str(k + 1), "seat": codes[k], "inspectors": inspectors} for k in range(zones)],
        zone_schools=[{"school": code, "zone": str(int(draw.integers(zones)) + 1)} for code in codes] if zones else [],
    )


def _register(staff: list[Row], subjects: list[Row]) -> list[Row]:
    """Return the teachers of the counts, by code: half of them long at their school."""
    rows: list[Row] = []
    for place, (counted, by_subject) in enumerate(zip(staff, subjects, strict=True)):
        many, chinese = int(str(counted["teachers"])), int(str(by_subject["chinese"]))
        for k in range(many):
            rows.append(
                {
                    "teacher": f"T{len(rows):04d}",
                    "school": counted["school"],
                    "stage": "primary",
                    "subject": "chinese" if k < chinese else "pe",
                    "sex": "female" if k % 3 else "male",
                    "born": date(1975 + k % 20, 5, 1),
                    "title": "middle",
                    "degree": "bachelor",
                    "certificate": True,
                    "trained": True,
                    "backbone": "county" if k < int(str(counted["backbone"])) else "none",
                    "full_time": True,
                    "established": True,
                    "since": 2010 + 6 * (k % 3),
                    "home": _village(place),
                    "exemption": "none",
                }
            )
    return rows


def _resources(codes: list[str], seed: int) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    """Return teachers, premises and equipment of which some schools have too little."""
    draw = np.random.default_rng(seed + 100)
    staff: list[Row] = []
    subjects: list[Row] = []
    premises: list[Row] = []
    equipment: list[Row] = []
    for code in codes:
        many, pe, backbone = (int(draw.integers(*between)) for between in ((6, 10), (1, 3), (1, 4)))
        bachelors = many - int(draw.integers(0, 2))
        degrees = {"bachelors": bachelors, "colleges": many - bachelors, "doctors": 0, "masters": 0, "below_college": 0}
        posts = {"staff": many + 1, "teachers": many, "established": many, "contracted": 0, "certified": many, "trained": many}
        staff.append({"school": code, "stage": "primary", **posts, **degrees, "backbone": backbone})
        subjects.append({"school": code, "stage": "primary", "chinese": many - pe, "pe": pe, "music": 0, "fine_art": 0, "arts": 0})
        teaching, ground = (Decimal(int(draw.integers(*between))) for between in ((450, 700), (800, 1200)))
        rooms = {"teaching_area_m2": teaching, "indoor_sports_area_m2": 0, "floor_area_m2": teaching + 300, "site_area_m2": 6000}
        premises.append({"school": code, **rooms, "sports_ground_area_m2": ground, "multimedia_rooms": int(draw.integers(2, 5))})
        equipment.append({"school": code, "teaching_equipment_yuan": int(draw.integers(180, 300)) * 1000})
    return staff, subjects, premises, equipment
