"""The register of teachers of Qinghe by code: every school's counts of staff, split into invented persons whose columns add up to them.

Ages, titles and degrees go together (who is older holds the higher title, who is younger the higher degree), men are fewer in primary
schools, many who teach in the country live in the county seat, some are married to one another.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from . import positions
from .draw import between, draw, whole
from .invented_people import Inventor
from .roster import Row, Site

YEAR = 2025
WOMEN = {"preschool": 0.97, "primary": 0.71, "junior": 0.57, "senior": 0.53, "special": 0.75}
BANDS = ((22, 24), (25, 29), (30, 34), (35, 39), (40, 44), (45, 49), (50, 54), (55, 59), (60, 60))
TITLES = ("full_senior", "senior", "middle", "junior", "none")
DEGREES = (
    ("doctors", "doctor"),
    ("masters", "master"),
    ("bachelors", "bachelor"),
    ("colleges", "college"),
    ("below_college", "below_college"),
)
SECOND = {
    "chinese": "morality",
    "mathematics": "science",
    "english": "practice",
    "morality": "history",
    "science": "it",
    "physics": "science",
    "chemistry": "biology",
    "biology": "geography",
    "history": "morality",
    "geography": "history",
    "music": "fine_art",
    "fine_art": "music",
    "pe": "labour",
    "it": "mathematics",
}
LOAD = {"preschool": 15.0, "primary": 14.5, "junior": 12.0, "senior": 11.0, "special": 13.0}
MOTHERS = 14  # the band 22 to 35 in which children are small
HUSBANDS_NEAR = 5  # years by which the ages of a couple differ at most


def tables(counts: Mapping[str, Sequence[Row]], sites: Mapping[str, Site], villages: Sequence[Any]) -> dict[str, list[Row]]:
    """Return `teachers` and `teacher_wishes`; counts: the rows of the four tables of staff."""
    by = {name: {(str(row["school"]), str(row["stage"])): row for row in counts[name]} for name in counts}
    near = _near(sites, villages)
    persons: list[dict[str, Any]] = []
    for key, row in by["staff"].items():
        persons += _unit(key, row, {name: by[name][key] for name in by}, near[key[0]], sites[key[0]])
    for number, person in enumerate(persons):
        person["teacher"] = f"T{number + 1:05d}"
    _couples(persons)
    _away(persons, sites)
    positions.give(persons)
    return {"teachers": persons, "teacher_wishes": _wishes(persons, sites)}


def _near(sites: Mapping[str, Site], villages: Sequence[Any]) -> dict[str, tuple[list[str], list[str]]]:
    """Return by school the villages of its township and those of the county seat."""
    seat = [village.code for village in villages if village.district in {site.district for site in sites.values() if site.seat}]
    return {
        code: ([village.code for village in villages if village.district == site.district] or seat, seat) for code, site in sites.items()
    }


def _unit(key: tuple[str, str], staff: Row, its: Mapping[str, Row], near: tuple[list[str], list[str]], site: Site) -> list[dict[str, Any]]:
    school, stage = key
    many = int(str(staff["teachers"]))
    ages = _listed(its["staff_ages"], many)
    subjects = _listed(its["staff_subjects"], many)
    titles = _listed(its["staff_titles"], many)
    persons: list[dict[str, Any]] = []
    for k in range(many):
        low, high = BANDS[ages[k]]
        age = low + int(draw("age", *key, k) * (high - low + 1))
        month = 1 + int(draw("month", *key, k) * 8)  # born before September: the age on the first of September is this
        persons.append({"school": school, "stage": stage, "born": date(YEAR - age, month, 1), "age": age})
    _deal(persons, "title", [TITLES[t] for t in titles], lambda p, k: -p["age"] + between(-6, 6, "title", *key, k))
    names = [name for column, name in DEGREES for _ in range(int(str(staff[column])))]
    _deal(persons, "degree", names, lambda p, k: p["age"] + between(-8, 8, "degree", *key, k))
    columns = [name for name in its["staff_subjects"] if name not in ("school", "stage")]
    _deal(persons, "subject", [columns[s] for s in subjects], lambda _, k: draw("subject", *key, k))
    rank = {title: place for place, title in enumerate(TITLES)}
    _mark(persons, "backbone", int(str(staff["backbone"])), lambda p, k: (rank[p["title"]] > 2, draw("backbone", *key, k)))
    _mark(persons, "contracted", int(str(staff["contracted"])), lambda p, _: p["age"])
    _mark(persons, "trained", int(str(staff["trained"])), lambda _, k: draw("trained", *key, k))
    _mark(persons, "certified", int(str(staff["certified"])), lambda p, _: -p["age"])
    return [_person(person, k, near, site) for k, person in enumerate(persons)]


def _listed(row: Row, many: int) -> list[int]:
    """Return the place of each counted person's column, in the order of the columns."""
    counted = [int(str(value)) for name, value in row.items() if name not in ("school", "stage")]
    places = [place for place, number in enumerate(counted) for _ in range(number)]
    return (places + [len(counted) - 1] * many)[:many]


def _deal(persons: list[dict[str, Any]], column: str, values: Sequence[str], order: Any) -> None:
    """Give the values, in their order, to the persons in theirs."""
    ranked = sorted(range(len(persons)), key=lambda k: (order(persons[k], k), k))
    for k, value in zip(ranked, values, strict=True):
        persons[k][column] = value


def _mark(persons: list[dict[str, Any]], column: str, many: int, order: Any) -> None:
    ranked = sorted(range(len(persons)), key=lambda k: (order(persons[k], k), k))
    for place, k in enumerate(ranked):
        persons[k][column] = place < many


def _person(person: dict[str, Any], k: int, near: tuple[list[str], list[str]], site: Site) -> dict[str, Any]:
    name = (person["school"], person["stage"], k)
    age, stage = person.pop("age"), person["stage"]
    is_woman = draw("sex", *name) < WOMEN[stage]
    years = int(between(0, min(age - 21, 28), "years", *name) * (0.55 if site.area == "rural" else 1.0))
    outside = between(1, 6, "outside", *name) if draw("teaches outside", *name) < (0.45 if site.area == "rural" else 0.15) else 0.0
    level = draw("level", *name)
    pool = near[1] if site.area == "rural" and draw("commutes", *name) < 0.45 else near[0]
    exempt, mother = draw("exempt", *name), is_woman and 24 <= age <= 24 + MOTHERS
    kept = "pregnancy" if mother and exempt < 0.06 else "illness" if exempt > 0.985 else "key_project" if exempt > 0.975 else "none"
    return {
        "school": person["school"],
        "stage": stage,
        "subject": person["subject"],
        "second_subject": SECOND.get(person["subject"]) if draw("second", *name) < 0.5 else None,
        "sex": "female" if is_woman else "male",
        "born": person["born"].isoformat(),
        "title": person["title"],
        "degree": person["degree"],
        "certificate": person["certified"],
        "certificate_subject": person["subject"] if draw("certificate", *name) < 0.86 else SECOND.get(person["subject"], "chinese"),
        "trained": person["trained"],
        "backbone": ("county" if level < 0.7 else "city" if level < 0.93 else "province") if person["backbone"] else "none",
        "full_time": True,
        "established": not person["contracted"],
        "since": YEAR - years,
        "lessons": float(whole(LOAD[stage] + between(-3, 3.5, "lessons", *name) + (2 if site.area == "rural" else 0))),
        "lessons_outside": float(whole(outside)),
        "home": pool[int(draw("home", *name) * len(pool))],
        "carer": draw("carer", *name) < 0.05,
        "exemption": kept,
    }


def _couples(persons: list[dict[str, Any]]) -> None:
    """Marry about one in fourteen: a man and a woman near in age who live in one township; they share a home."""
    free: dict[str, list[dict[str, Any]]] = {}
    for person in persons:
        if person["stage"] in ("primary", "junior") and draw("couple", person["teacher"]) < 0.16:
            free.setdefault(str(person["home"])[:9], []).append(person)
    for some in free.values():
        men, women = ([p for p in some if p["sex"] == sex] for sex in ("male", "female"))
        for man in men:
            born = int(man["born"][:4])
            wife = next((p for p in women if abs(int(p["born"][:4]) - born) <= HUSBANDS_NEAR), None)
            if wife:
                women.remove(wife)
                man["partner"], wife["partner"], wife["home"] = wife["teacher"], man["teacher"], man["home"]


def _away(persons: list[dict[str, Any]], sites: Mapping[str, Site]) -> None:
    """Let a few be on exchange: their post is kept at another school, to which they may return."""
    by_stage: dict[str, list[str]] = {}
    for person in persons:
        schools = by_stage.setdefault(person["stage"], [])
        if person["school"] not in schools and not sites[person["school"]].private and not sites[person["school"]].campus_of:
            schools.append(person["school"])
    for person in persons:
        came = YEAR - int(person["since"])
        if person["stage"] in ("primary", "junior") and person["established"] and came <= 2 and draw("away", person["teacher"]) < 0.12:
            others = [school for school in by_stage[person["stage"]] if school != person["school"]]
            person["origin"] = others[int(draw("origin", person["teacher"]) * len(others))]
            person["return_year"] = person["since"] + 2


def _wishes(persons: list[dict[str, Any]], sites: Mapping[str, Site]) -> list[Row]:
    schools = {
        stage: sorted({p["school"] for p in persons if p["stage"] == stage and not sites[p["school"]].private})
        for stage in ("primary", "junior")
    }
    rows: list[Row] = []
    for person in persons:
        teacher = person["teacher"]
        if person["stage"] not in schools or not person["established"] or draw("wish", teacher) > 0.06:
            continue
        others = [school for school in schools[person["stage"]] if school != person["school"]]
        chosen = sorted(others, key=lambda school: draw("wish", teacher, school))[: 1 + int(draw("wishes", teacher) * 3)]
        rows += [{"teacher": teacher, "rank": place + 1, "school": school} for place, school in enumerate(chosen)]
    return rows


def lesson_plan(plan: Path) -> list[Row]:
    """Return the county's lesson plan from its seed."""
    return [dict(row) for row in csv.DictReader(io.StringIO(plan.read_text(encoding="utf-8")))]


def write_names(folder: Path, persons: Sequence[Row]) -> Path:
    """Write invented names beside the codes: a list that never becomes a table of the County."""
    random = np.random.default_rng(YEAR)
    inventor = Inventor(random, 1)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["教师编号", "姓名"])
    writer.writerows([person["teacher"], inventor.surname() + inventor.given()] for person in persons)
    path = folder / "教师姓名.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path
