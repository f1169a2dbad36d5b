"""Kindergartens as the County tells of them: children, classes, staff, rooms, ground; what is not known stays not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import polars as pl

from junheng.errors import Text
from junheng.model.county import County
from junheng.standards.rulebook import Rulebook

STAGE, KIND = "preschool", "kindergarten"
_PREMISES = {"site": "site_area_m2", "floor": "floor_area_m2", "outdoor": "outdoor_area_m2", "activity": "activity_area_m2"}
_STAFF = ("staff", "teachers", "certified", "heads", "certified_heads", "carers", "colleges", "established")
_CHOICES = {
    "outdoor": "preschool.outdoor_area",
    "activity": "preschool.activity_area",
    "floor": "preschool.floor_area",
    "books": "preschool.books",
}
QUANTITIES = {
    "pupils": Text("幼儿", "children"),
    "classes": Text("班", "classes"),
    "staff": Text("教职工", "staff"),
    "teachers": Text("专任教师", "teachers"),
    "carers": Text("保育员", "carers"),
    "outdoor": Text("户外活动场地", "outdoor ground"),
    "activity": Text("幼儿活动用房", "activity rooms"),
    "floor": Text("园舍建筑面积", "floor area"),
    "books": Text("图书", "books"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a public kindergarten could be built, and what is known of it; None: as the measure assumes."""

    key: tuple[str, str]  # what a pin names it by: a column as table.column, and the code
    kind: Literal["project", "plot", "village"]
    name: str
    place: Mapping[str, Any]  # columns of the table of schools: village, district, lon, lat, coordinates
    area: Decimal | None  # m² of the plot
    classes: int  # at most
    fixed: Decimal | None  # yuan, whatever its size
    yuan: Decimal | None  # of a class
    lead: int | None  # school years until it is in use
    why: Text
    at_home: int | None  # children of the township who are in no kindergarten of it: no more come; None: not asked

    @property
    def district(self) -> str:
        """Return the township, "" where it is not known."""
        return str(self.place.get("district") or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Garden:
    """One kindergarten; one that is not built yet has a site."""

    school: str
    name: str
    is_public: bool
    is_inclusive: bool
    is_estate: bool
    built: int | None
    grades: Mapping[str, tuple[tuple[str, int], ...]]  # the classes of a grade with their children
    has: Mapping[str, float | None]  # pupils, classes, staff, teachers, …, floor, outdoor, activity, books, rooms (spare)
    site: Site | None = None

    def known(self, name: str) -> float:
        """Return a quantity, 0 where it is not known: what is not known can be neither used nor given away."""
        return self.has.get(name) or 0.0


class Condition(NamedTuple):
    """What a kindergarten must have: any of the lists, of which every sum of quantities is at least 0."""

    id: str
    indicator: str
    kind: str  # premises | staffed
    title: Text
    asked: Text
    any_of: tuple[tuple[Mapping[str, float], ...], ...]

    def needs(self) -> frozenset[str]:
        """Return the quantities it looks at."""
        return frozenset(name for each in self.any_of for sums in each for name in sums)

    def holds(self, has: Mapping[str, float | None]) -> bool | None:
        """Return whether quantities meet it, in exact decimals; None where one is not known."""
        if any(has.get(name) is None for name in self.needs()):
            return None
        return any(all(_exactly(sums, has) >= 0 for sums in each) for each in self.any_of)


def _exactly(sums: Mapping[str, float], has: Mapping[str, float | None]) -> Decimal:
    """Return a sum of quantities in decimals: what is just enough is enough."""
    return sum((Decimal(repr(factor)) * Decimal(repr(has[name] or 0)) for name, factor in sums.items()), Decimal(0))


def gardens(county: County) -> tuple[Garden, ...]:
    """Return the kindergartens that have children, in the order of their codes."""
    of = {name: dict(_rows(county, name)) for name in ("premises", "equipment")}
    staff = {row["school"]: row for row in county.tables["staff"].filter(pl.col("stage") == STAGE).iter_rows(named=True)}
    places = {row["school"]: row for row in county.tables["places"].filter(pl.col("stage") == STAGE).iter_rows(named=True)}
    children = county.tables["enrolment"].filter(pl.col("stage") == STAGE)
    pupils = {
        school: None if lacking else int(many or 0)
        for school, many, lacking in children.group_by("school")
        .agg(pl.col("pupils").sum(), pl.col("pupils").is_null().any().alias("lacking"))
        .iter_rows()
    }
    classes_of = county.tables["classes"].filter(pl.col("stage") == STAGE).sort("class").partition_by("school", as_dict=True)
    made = []
    for row in county.tables["schools"].filter(pl.col("kind") == KIND).sort("school").iter_rows(named=True):
        school = row["school"]
        grades = _grades(classes_of.get((school,)))
        classes = sum(len(each) for each in grades.values()) or None
        has: dict[str, float | None] = {"pupils": pupils.get(school), "classes": classes}
        has |= {name: _number(staff.get(school, {}).get(name)) for name in _STAFF}
        has |= {name: _number(of["premises"].get(school, {}).get(column)) for name, column in _PREMISES.items()}
        has["books"] = _number(of["equipment"].get(school, {}).get("books"))
        rooms = places.get(school, {}).get("rooms")
        has["rooms"] = None if rooms is None or classes is None else float(rooms - classes)
        made.append(
            Garden(
                school=school,
                name=row["name"] or "",
                is_public=row["ownership"] == "public",
                is_inclusive=bool(row["inclusive"]),
                is_estate=bool(row["estate_kindergarten"]),
                built=row["built_year"],
                grades=grades,
                has=has,
            )
        )
    return tuple(made)


def _rows(county: County, table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in county.tables[table].iter_rows(named=True):
        yield row["school"], row


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _grades(rows: pl.DataFrame | None) -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for row in rows.iter_rows(named=True) if rows is not None else ():
        if row["grade"] and row["pupils"] is not None:
            found.setdefault(row["grade"], []).append((row["class"], row["pupils"]))
    return {grade: tuple(each) for grade, each in sorted(found.items())}


def conditions(rules: Rulebook) -> tuple[Condition, ...]:
    """Return what every kindergarten must have, with the limits of the rulebook."""

    def limit(name: str) -> float:
        return float(rules.standing(name).value)

    def each_child(name: str, of: str) -> Condition:
        least = limit(f"{of}.minimum")
        asked = Text(f"{least:g}", f"{least:g}")
        return Condition(f"garden.{name}", f"{of}_share", "premises", QUANTITIES[name], asked, (({name: 1.0, "pupils": -least},),))

    staff = limit("kindergarten.pupils_per_staff.maximum")
    enough = Text(f"每名教职工至多{staff:g}名幼儿", f"at most {staff:g} children to a member of staff")
    two, carer = limit("kindergarten.teachers_per_class.minimum"), limit("kindergarten.carers_per_class.minimum")
    three = limit("kindergarten.teachers_without_carer_per_class.minimum")
    zh, en = f"每班{two:g}教{carer:g}保或{three:g}教", f"{two:g} teachers and {carer:g} carer, or {three:g} teachers, to a class"
    with_carer = ({"teachers": 1.0, "classes": -two}, {"carers": 1.0, "classes": -carer})
    without = ({"teachers": 1.0, "classes": -three},)
    return (
        *(each_child(name, of) for name, of in _CHOICES.items()),
        Condition(
            "garden.staff", "preschool.staffed_share", "staffed", Text("教职工", "staff"), enough, (({"staff": staff, "pupils": -1.0},),)
        ),
        Condition(
            "garden.class_staff",
            "preschool.class_staffed_share",
            "staffed",
            Text("班级配备", "staff of classes"),
            Text(zh, en),
            (with_carer, without),
        ),
    )
