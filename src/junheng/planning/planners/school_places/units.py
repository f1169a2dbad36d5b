"""The schools and sites of the question, the places they have in every year, and what may be done at each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.planning.planners.school_places.question import CLOSE, EXTEND, OPEN, POINT, SHRINK, Choice, Ints, Unit
from junheng.projection.programme import programme
from junheng.projection.seats import Seats, seats
from junheng.standards.rulebook import Rulebook

_ANY_GRADE = 99


def provision(county: County, rules: Rulebook, years: Sequence[int]) -> Seats:
    """Return the places of every school in today's year and in those ahead, with everything that is decided already."""
    return seats(county, rules, programme(county, rules, rules.day), (county.year, *years))


def read_units(
    county: County, rules: Rulebook, stages: Sequence[str], years: Sequence[int], point_grades: int
) -> tuple[tuple[Unit, ...], Ints, list[Text]]:
    """Return units, their places (units, years) without any step, and remarks. Raises DataError for what is not known of them."""
    if not any(county.tables[name].height for name in ("places", "enrolment")):
        return (), np.zeros((0, len(years)), dtype=np.int64), []
    rows = provision(county, rules, years).rows.filter(pl.col("stage").is_in(list(stages)))
    known, notes, points = _known(county), list[Text](), _points(county)
    units: list[Unit] = []
    base: list[list[int]] = []
    findings: list[Finding] = []
    for (code, stage), part in rows.group_by("school", "stage", maintain_order=True):
        of_years = dict(part.select("year", "places").iter_rows())
        place = known.get(str(code))
        if place is None:
            notes.append(Text(f"{code}的地点不明，其学位未计入。", f"Where {code} lies is not known; its places do not count."))
            continue
        findings += list(_lacking(place, of_years, str(stage)))
        unit = _unit(county, str(stage), place, point_grades)
        if unit.code in points:
            unit = unit._replace(top=min(unit.top, point_grades), is_point=True)
        units.append(unit)
        most = unit.pupils if place["private"] else np.iinfo(np.int64).max
        base.append([min(of_years.get(year) or 0, most) for year in years])
    for site in _sites(county, stages):
        units.append(site)
        base.append([0] * len(years))
    if findings:
        raise DataError(findings)
    order = sorted(range(len(units)), key=lambda k: (units[k].code, units[k].stage))
    table = np.array([base[k] for k in order], dtype=np.int64).reshape(len(units), len(years))
    return tuple(units[k] for k in order), table, notes


def _points(county: County) -> set[str]:
    """Return the schools of which it is decided that they become teaching points."""
    return set(county.tables["school_changes"].filter((pl.col("kind") == POINT) & (pl.col("year") > county.year))["school"])


def _known(county: County) -> dict[str, dict[str, Any]]:
    """Return what is known of every school, campus, and decided project on a site, by code."""
    coordinates = (pl.col("lon").cast(pl.Float64), pl.col("lat").cast(pl.Float64))
    schools = county.tables["schools"].with_columns(*coordinates)
    private = (pl.col("ownership") == "private").fill_null(value=False)
    own = schools.select(
        "school", "name", "kind", "district", "boarding", "lon", "lat", private.alias("private"), pl.col("school").alias("main")
    )
    homes = own.select(pl.col("school").alias("main"), "kind", "district", "boarding", "private")
    campuses = (
        county.tables["campuses"]
        .with_columns(*coordinates)
        .select(pl.col("campus").alias("school"), "name", pl.col("school").alias("main"), "lon", "lat")
    )
    parts = campuses.join(homes, on="main", how="left").select(own.columns)
    sites = county.tables["sites"].with_columns(*coordinates).filter(pl.col("project").is_not_null())
    built = sites.select(
        pl.col("project").alias("school"),
        "name",
        pl.lit("").alias("kind"),
        "district",
        "boarding",
        "lon",
        "lat",
        pl.lit(value=False).alias("private"),
        pl.col("project").alias("main"),
    )
    every = pl.concat([own, parts, built]).unique("school", keep="first", maintain_order=True)
    return {row["school"]: row for row in every.iter_rows(named=True)}


def _lacking(place: Mapping[str, Any], of_years: Mapping[int, int | None], stage: str) -> Iterator[Finding]:
    at = Place(table="schools", key=(place["school"],), name=place["name"] or "")
    if place["lon"] is None or place["lat"] is None:
        yield finding("planning.school_without_coordinates", at, Text("没有经纬度", "no longitude and latitude"))
    if any(places is None for places in of_years.values()):
        where = Place(table="places", column="places", key=(place["school"], stage), name=place["name"] or "")
        yield finding("planning.places_not_known", where, Text("教室数和学位数均未报送", "neither rooms nor places were returned"))


def _unit(county: County, stage: str, place: Mapping[str, Any], point_grades: int) -> Unit:
    here = county.tables["enrolment"].filter((pl.col("school") == place["school"]) & (pl.col("stage") == stage))
    grades = [int(grade) for grade, pupils in here.select("grade", "pupils").iter_rows() if grade.isdigit() and pupils]
    is_point = place["kind"] == "teaching_point"
    return Unit(
        code=place["school"],
        stage=stage,
        name=place["name"] or place["school"],
        school=place["main"],
        is_site=False,
        boards=bool(place["boarding"]),
        top=max(grades, default=_ANY_GRADE) if is_point else _ANY_GRADE,
        pupils=int(here["pupils"].sum() or 0),
        above=sum(
            pupils or 0 for grade, pupils in here.select("grade", "pupils").iter_rows() if grade.isdigit() and int(grade) > point_grades
        ),
        lon=place["lon"] if place["lon"] is not None else np.nan,
        lat=place["lat"] if place["lat"] is not None else np.nan,
        district=place["district"] or "",
        is_point=is_point,
    )


def _sites(county: County, stages: Sequence[str]) -> Iterator[Unit]:
    free = county.tables["sites"].filter(pl.col("project").is_null() & pl.col("stage").is_in(list(stages)))
    for row in free.sort("site", "stage").iter_rows(named=True):
        if row["lon"] is None or row["lat"] is None:
            at = Place(table="sites", key=(row["site"], row["stage"]), name=row["name"] or "")
            raise DataError([finding("planning.place_without_coordinates", at, Text("没有经纬度", "no longitude and latitude"))])
        yield Unit(
            code=row["site"],
            stage=row["stage"],
            name=row["name"] or row["site"],
            school=row["site"],
            is_site=True,
            boards=bool(row["boarding"]),
            top=_ANY_GRADE,
            pupils=0,
            above=0,
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            district=row["district"] or "",
        )


def read_choices(county: County, units: Sequence[Unit], base: Ints, class_size: Mapping[str, int]) -> tuple[Choice, ...]:
    """Return what may be done. Raises DataError for costs that are not known: missing is not zero."""
    index = {(unit.code, unit.stage): k for k, unit in enumerate(units)}
    stages: dict[str, set[str]] = {}
    for unit in units:
        stages.setdefault(unit.code, set()).add(unit.stage)
    findings: list[Finding] = []
    choices: list[Choice] = []
    for row in county.tables["place_options"].sort("school", "stage", "fate").iter_rows(named=True):
        at = index.get((row["school"], row["stage"]))
        if at is None or row["fate"] not in (EXTEND, SHRINK, POINT, CLOSE):
            continue
        findings += list(_unclear(row, len(stages[row["school"]])))
        if not _done(units[at], base[at], row["fate"]):
            choices.append(_choice(at, row))
    for row in county.tables["sites"].filter(pl.col("project").is_null()).sort("site", "stage").iter_rows(named=True):
        at = index.get((row["site"], row["stage"]))
        if at is not None:
            findings += list(_unpriced(row))
            choices.append(_opening(at, row, class_size[row["stage"]]))
    if findings:
        raise DataError(findings)
    return tuple(choices)


def _done(unit: Unit, places: Ints, fate: str) -> bool:
    return not places[-1] or (fate == POINT and unit.top != _ANY_GRADE)


def _unclear(row: Mapping[str, Any], stages: int) -> Iterator[Finding]:
    place = Place(table="place_options", key=(row["school"], row["stage"], row["fate"]))
    needed = ("places", "most", "yuan") if row["fate"] == EXTEND else ("places", "most") if row["fate"] == SHRINK else ("yuan",)
    for column in needed:
        if row[column] is None:
            yield finding("planning.option_without_cost", place, column)
    if row["fate"] == CLOSE and stages > 1:
        yield finding("planning.closing_one_stage", place, Text("一贯制学校只列了一个学段", "one stage of an all-through school"))


def _unpriced(row: Mapping[str, Any]) -> Iterator[Finding]:
    place = Place(table="sites", key=(row["site"], row["stage"]), name=row["name"] or "")
    for column in ("places", "yuan_fixed", "yuan_per_place"):
        if row[column] is None:
            yield finding("planning.option_without_cost", place, column)


def _choice(at: int, row: Mapping[str, Any]) -> Choice:
    lead = int(row["lead_years"] or 1)
    once = row["fate"] in (POINT, CLOSE)
    return Choice(
        unit=at,
        fate=row["fate"],
        places=0 if once else int(row["places"] or 0),
        most=1 if once else int(row["most"] or 0),
        yuan=float(row["yuan"] or 0),
        yuan_year=float(row["yuan_year"] or 0),
        fixed=0.0,
        fixed_year=0.0,
        first=lead - 1,
        lead=lead,
    )


def _opening(at: int, row: Mapping[str, Any], size: int) -> Choice:
    """Return the opening of a site: places are built by classes, as many as there is room for."""
    lead = int(row["lead_years"] or 1)
    places = int(row["places"] or 0)
    return Choice(
        unit=at,
        fate=OPEN,
        places=size,
        most=places // size,
        yuan=float(row["yuan_per_place"] or 0) * size,
        yuan_year=0.0,
        fixed=float(row["yuan_fixed"] or 0),
        fixed_year=float(row["yuan_year"] or 0),
        first=lead - 1,
        lead=lead,
    )


def one_way_only(choices: Sequence[Choice], units: Sequence[Unit], pinned: Mapping[tuple[str, str], bool]) -> list[Choice]:
    """Return the choices without shrinking a school that is pinned to be extended, and without extending one pinned to be shrunk.

    Else a pin to extend would be met by giving up places first and building as many again.
    """
    against = {
        (code, EXTEND if fate == SHRINK else SHRINK) for (code, fate), wanted in pinned.items() if wanted and fate in (EXTEND, SHRINK)
    }
    return [one for one in choices if (units[one.unit].code, one.fate) not in against or pinned.get((units[one.unit].code, one.fate))]
