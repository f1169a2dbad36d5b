"""Counties for the planners: drawn from a seed, with villages, schools, pupils and zones, small enough to look at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np

from junheng.model.county import County
from junheng.standards.library import shipped
from junheng.standards.rulebook import Rulebook
from tests.model.made import CODE, Row, made

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
        places=[
            *({"school": code, "stage": "primary", "places": 100} for code in codes),
            *({"school": code, "stage": "preschool", "places": 30 * schools} for code in codes[:1]),
        ],
        place_options=[
            {"school": code, "stage": "primary", "fate": "extend", "places": 45, "most": 3, "yuan": 900_000, "yuan_year": 60_000}
            for code in codes
        ],
        villages=[
            {"village": _village(k), "name": f"第{k + 1}村", "lon": _degrees(at[k, 0]), "lat": _degrees(at[k, 1])} for k in range(schools)
        ],
        village_pupils=[
            {"village": _village(k), "stage": stage, "grade": "all", "year": 2025, "pupils": least + k % (least // 2)}
            for k in range(schools)
            for stage, least in (("primary", 60), ("preschool", 20))
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


def gardens(schools: int, seed: int = 1, *, zones: int = 0) -> County:
    """Return a county of kindergartens: half of them private, every third with too little of something, one on an estate not inclusive."""
    draw = np.random.default_rng(seed)
    tables: dict[str, list[Row]] = {name: [] for name in ("schools", "enrolment", "classes", "staff", "places", "premises", "equipment")}
    for k in range(schools):
        code, key = f"1162{k + 1:06d}", {"school": f"1162{k + 1:06d}", "stage": "preschool"}
        private, poor = k % 2 == 1, k % 3 == 0
        sizes = {"k1": 22, "k2": 26, "k3": 38 if poor else int(draw.integers(30, 36))}
        base: Row = {"school": code, "name": f"第{k + 1}幼儿园", "kind": "kindergarten", "ownership": "private" if private else "public"}
        own: Row = {"inclusive": k % 4 == 1 if private else None, "estate_kindergarten": k == 3, "built_year": 2014 + k % 6}
        tables["schools"].append({**base, **own})
        tables["enrolment"].append({**key, "grade": "all", "sex": "all", "pupils": sum(sizes.values())})
        tables["classes"] += [{**key, "class": grade, "grade": grade, "pupils": size} for grade, size in sizes.items()]
        teachers = 5 if poor else int(draw.integers(6, 8))
        counts: Row = {"staff": teachers + 7, "teachers": teachers, "established": teachers, "certified": teachers - poor, "carers": 3}
        others: Row = {"contracted": 0, "heads": 1, "certified_heads": 1, "bachelors": 1, "colleges": teachers - 1, "trained": teachers}
        tables["staff"].append({**key, **counts, **others})
        tables["places"].append({**key, "places": 120, "rooms": 4 - k % 2})
        area = Decimal(int(draw.integers(780, 800) if poor else draw.integers(820, 900)))
        rooms: Row = {"site_area_m2": 2400, "floor_area_m2": area + 200, "activity_area_m2": area, "outdoor_area_m2": area // 2}
        tables["premises"].append({"school": code, **rooms})
        tables["equipment"].append({"school": code, "books": int(draw.integers(200, 260) if poor else draw.integers(300, 400))})
    facts: Row = {
        "county": CODE,
        "children_3_5": schools * 100,
        "preschool_established_pay_yuan": 90000,
        "preschool_contracted_pay_yuan": 66000,
    }
    return made(2025, CODE, **tables, county_facts=[facts] if schools else [])
