"""The people who work in the schools of Qinghe, as counts: degrees, subjects, ages and titles add up to the teachers."""

import csv
from dataclasses import dataclass
from pathlib import Path

from making.draw import between, draw, shares, whole
from making.roster import Row, Site, Unit

PUPILS_PER_TEACHER = {"senior": 12.6, "special": 3.4}
SHAPES = Path(__file__).resolve().parents[1] / "source" / "subjects.csv"
SUBJECTS: dict[str, dict[str, float]] = {
    row.pop("stage"): {name: float(part) for name, part in row.items()} for row in csv.DictReader(SHAPES.open(encoding="utf-8"))
}  # stage -> subject -> weight; PE, music and art are decided for each school
AGES = ("age_to_24", "age_25_29", "age_30_34", "age_35_39", "age_40_44", "age_45_49", "age_50_54", "age_55_59", "age_from_60")
AGE_SHAPE = {
    "town": (3, 12, 17, 18, 16, 14, 13, 7, 0),
    "rural": (6, 17, 15, 10, 10, 13, 18, 11, 0),
    "kindergarten": (14, 26, 24, 17, 10, 6, 3, 0, 0),
}
TITLES = ("title_full_senior", "title_senior", "title_middle", "title_junior", "title_none")
TITLE_SHAPE = {
    "preschool": (0, 2, 14, 52, 32),
    "primary": (0.3, 17, 42, 34, 6.7),
    "junior": (0.5, 24, 41, 29, 5.5),
    "senior": (1, 30, 38, 26, 5),
    "special": (0, 18, 40, 34, 8),
}
# doctors, masters, bachelors, colleges, below college
DEGREES = ("doctors", "masters", "bachelors", "colleges", "below_college")
DEGREE_SHAPE = {
    ("preschool", "town"): (0, 0, 42, 53, 5),
    ("preschool", "rural"): (0, 0, 26, 65, 9),
    ("primary", "town"): (0, 2.2, 76, 20.6, 1.2),
    ("primary", "rural"): (0, 0.5, 60, 35.5, 4),
    ("junior", "town"): (0, 4, 90, 6, 0),
    ("junior", "rural"): (0, 1, 86, 13, 0),
    ("senior", "town"): (0, 11, 88, 1, 0),
    ("special", "town"): (0, 2, 72, 26, 0),
}


@dataclass
class Team:
    """What is decided about the staff of a unit before it is split; plants set these."""

    teachers: int
    above: int | None = None  # teachers above the required degree; None: by the usual shape
    backbone: int = 0
    pe_arts: int = 0
    visiting: int = 0
    visiting_pe_arts: int = 0
    trained: int | None = None
    certified: int | None = None


def team(unit: Unit, site: Site, weak: frozenset[str]) -> Team:
    """Return the usual team of a unit: more teachers per pupil where classes are small."""
    teachers = _teachers(unit, site)
    pupils = unit.total
    rural = site.area == "rural"
    if unit.stage not in {"primary", "junior"} or site.kind == "special":
        return Team(teachers, backbone=whole(teachers * between(0.08, 0.16, "backbone", unit.code)), pe_arts=whole(teachers * 0.09))
    spare = between(1.03, 1.45, "backbone", unit.code, unit.stage)
    backbone = _at_least(pupils * 0.01 * spare) if "backbone" not in weak else _near(pupils * 0.01)
    backbone = min(backbone + (1 if rural and draw("backbone+", unit.code) < 0.4 else 0), max(1, teachers // 2))
    more = between(1.02, 1.30, "pe", unit.code, unit.stage)
    pe_arts = _at_least(pupils * 0.009 * more) if "pe_arts" not in weak else _near(pupils * 0.009)
    pe_arts += 1 if 100 <= pupils < 400 and draw("pe+", unit.code) < 0.6 else 0
    visiting = 1 if rural and pupils < 150 and draw("visiting", unit.code) < 0.5 else 0
    return Team(teachers, backbone=backbone, pe_arts=min(pe_arts, teachers - 1), visiting=visiting, visiting_pe_arts=0)


def earlier(its: Team, code: str) -> int:
    """Return how many teachers fewer the team had a year before."""
    return int(draw("fewer", code) * 3) if its.teachers > 30 else 0


def _at_least(value: float) -> int:
    return -int(-value // 1)


def _near(limit: float) -> int:
    """Return the largest whole number below the limit but at least 85 % of it, or the limit met when there is none."""
    below = _at_least(limit) - 1
    return below if below >= 0.85 * limit else below + 1


def _teachers(unit: Unit, site: Site) -> int:
    pupils, classes = unit.total, unit.class_count
    if unit.stage == "preschool":
        return whole(classes * between(2.0, 2.2, "teachers", unit.code))
    if unit.stage == "primary":
        by_pupils = pupils / between(16.2, 17.8, "teachers", unit.code)
        by_classes = classes * between(*((1.7, 2.25) if classes > 5 else (1.15, 1.8)), "per class", unit.code)
        return max(2, whole(by_pupils), min(whole(by_classes), pupils // 4))
    if unit.stage == "junior":
        by_pupils = pupils / between(11.8, 12.9, "teachers", unit.code)
        return max(whole(by_pupils), whole(classes * 3.3) + 2)
    return whole(pupils / (16.5 if site.kind == "vocational" else PUPILS_PER_TEACHER[unit.stage]))


def staff_row(unit: Unit, site: Site, its: Team) -> Row:
    """Return the row of `staff`."""
    teachers = its.teachers
    preschool = unit.stage == "preschool"
    degrees = _degrees(unit, site, its)
    carers = unit.class_count if preschool else 0
    others = _others(unit, site, teachers, carers)
    contracted = _contracted(unit, site, teachers)
    campus = bool(site.campus_of)
    heads = 0 if site.kind == "teaching_point" or campus or _second_stage(unit, site) else max(1, whole(unit.total / 700))
    row: Row = {"school": unit.code, "stage": unit.stage, "staff": teachers + carers + others, "teachers": teachers}
    row |= {"established": teachers - contracted, "contracted": contracted, **degrees, "backbone": its.backbone}
    row |= {
        "certified": teachers if its.certified is None else its.certified,
        "trained": teachers if its.trained is None else its.trained,
        "part_time": whole(teachers * between(0, 0.03, "part", unit.code)),
        "visiting": max(its.visiting, its.visiting_pe_arts),
        "visiting_pe_arts": its.visiting_pe_arts,
        "heads": heads,
        "certified_heads": heads,
        "carers": carers,
    }
    return row


def _second_stage(unit: Unit, site: Site) -> bool:
    """Return whether the heads of an all-through school are already counted at its lower stage."""
    lower = {"junior": ("primary",), "senior": ("primary", "junior")}.get(unit.stage, ())
    return any(site.row[stage] for stage in lower)


def _others(unit: Unit, site: Site, teachers: int, carers: int) -> int:
    if unit.stage == "preschool":
        needed = -(-unit.total // 6.9) - teachers - carers
        return max(2, int(needed) if draw("staffed", unit.code) > 0.06 else 2)
    if site.kind == "teaching_point":
        return 0
    return whole(teachers * (0.10 if unit.stage in {"senior", "special"} else 0.06) + (1 if teachers > 8 else 0))


def _contracted(unit: Unit, site: Site, teachers: int) -> int:
    if site.private:
        return teachers
    share = between(0.30, 0.50, "contracted", unit.code) if unit.stage == "preschool" else between(0, 0.06, "contracted", unit.code)
    return whole(teachers * share)


def _degrees(unit: Unit, site: Site, its: Team) -> dict[str, int]:
    shape = DEGREE_SHAPE.get((unit.stage, site.area)) or DEGREE_SHAPE[unit.stage, "town"]
    tilted = [part * between(0.8, 1.2, "degree", unit.code, unit.stage, i) for i, part in enumerate(shape)]
    if its.above is None:
        return dict(zip(DEGREES, shares(its.teachers, tilted), strict=True))
    first = 4 if unit.stage == "primary" else 3  # the degrees above the required one
    high = [*shares(its.above, tilted[:first]), *([0] * (5 - first))]
    low = shares(its.teachers - its.above, tilted[first:]) if first == 3 else [its.teachers - its.above]
    return dict(zip(DEGREES, [*high[:first], *low], strict=True))


def subject_row(unit: Unit, its: Team) -> Row:
    """Return the row of `staff_subjects`: PE, music and art as decided, the rest by the timetable's shape."""
    shape = SUBJECTS[unit.stage]
    pe_arts = its.pe_arts if unit.stage != "preschool" else 0
    weights = [part * between(0.9, 1.1, "subject", unit.code, name) for name, part in shape.items()]
    rest = shares(its.teachers - pe_arts, weights)
    pe, music, fine_art = shares(pe_arts, [0.5, 0.26, 0.24])
    row: Row = {"school": unit.code, "stage": unit.stage, **dict(zip(shape, rest, strict=True))}
    return row | {"pe": pe, "music": music, "fine_art": fine_art}


def age_row(unit: Unit, site: Site, its: Team) -> Row:
    """Return the row of `staff_ages`."""
    shape = AGE_SHAPE["kindergarten" if unit.stage == "preschool" else "town" if site.seat else "rural"]
    weights = [part * between(0.75, 1.25, "age", unit.code, unit.stage, i) for i, part in enumerate(shape)]
    return {"school": unit.code, "stage": unit.stage} | dict(zip(AGES, shares(its.teachers, weights), strict=True))


def title_row(unit: Unit, its: Team) -> Row:
    """Return the row of `staff_titles`."""
    weights = [part * between(0.8, 1.2, "title", unit.code, unit.stage, i) for i, part in enumerate(TITLE_SHAPE[unit.stage])]
    return {"school": unit.code, "stage": unit.stage} | dict(zip(TITLES, shares(its.teachers, weights), strict=True))
