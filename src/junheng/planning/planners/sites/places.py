"""The schools that stay, with their places in the year of opening, and the candidates for a new one."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.model.county import County
from junheng.planning.planners.sites.question import Candidate, Ints, School
from junheng.projection.programme import programme
from junheng.projection.seats import seats
from junheng.standards.rulebook import Rulebook

Spot = tuple[str, float, float]  # code, lon, lat
_PLACED = (pl.col("lon").cast(pl.Float64), pl.col("lat").cast(pl.Float64))
Stay = tuple[tuple[School, ...], Ints, list[Spot], tuple[Text, ...]]  # schools, places, where, remarks


def schools(county: County, rules: Rulebook, stage: str, year: int, grades: int) -> Stay:
    """Return the schools of a stage, their places in a year with everything that is decided, where they are, and remarks.

    Private schools of compulsory stages count with the pupils they have, kindergartens with all their places. grades: where only the
    lower ones are asked for, those above keep their places. Raises DataError for places or coordinates that are not known.
    """
    if not any(county.tables[name].height for name in ("places", "enrolment")):
        return (), np.zeros(0, dtype=np.int64), [], ()
    rows = seats(county, rules, programme(county, rules, rules.day), (county.year, year)).rows
    rows = rows.filter((pl.col("stage") == stage) & (pl.col("year") == year)).sort("school")
    known, pupils = _located(county), _pupils(county, stage, grades)
    stay: list[School] = []
    room: list[int] = []
    at: list[Spot] = []
    notes: list[Text] = []
    findings = []
    for code, places in rows.select("school", "places").iter_rows():
        one = known.get(code)
        here = Place(table="schools", key=(code,), name=(one or {}).get("name") or "")
        if one is None:
            notes.append(Text(f"{code}的地点不明，其学位未计入。", f"Where {code} lies is not known; its places do not count."))
        elif places is None:
            where = Place(table="places", column="places", key=(code, stage), name=here.name)
            findings.append(
                finding("planning.places_not_known", where, Text("教室数和学位数均未报送", "neither rooms nor places were returned"))
            )
        elif one["lon"] is None or one["lat"] is None:
            findings.append(finding("planning.school_without_coordinates", here, Text("没有经纬度", "no longitude and latitude")))
        elif places:
            every, above = pupils.get(code, (0, 0))
            most = min(places, every) if one["private"] and stage != "preschool" else places
            stay.append(School(code, one["name"] or code))
            room.append(max(0, most - above))
            at.append((code, one["lon"], one["lat"]))
    if findings:
        raise DataError(findings)
    return tuple(stay), np.array(room, dtype=np.int64), at, tuple(notes)


def schools_over(
    county: County, rules: Rulebook, stage: str, years: range, grades: int
) -> tuple[tuple[School, ...], list[Ints], list[Spot], tuple[Text, ...]]:
    """Return the schools that are open in one of the years, the places of each in every year, where they are, and remarks.

    Raises as `schools` does.
    """
    every = [schools(county, rules, stage, year, grades) for year in years]
    known = {one.code: (one, spot) for stay, _, at, _ in every for one, spot in zip(stay, at, strict=True)}
    order = sorted(known)
    rooms = []
    for stay, room, _, _ in every:
        held = {one.code: int(places) for one, places in zip(stay, room, strict=True)}
        rooms.append(np.array([held.get(code, 0) for code in order], dtype=np.int64))
    notes = tuple(dict.fromkeys(note for *_, told in every for note in told))
    return tuple(known[code][0] for code in order), rooms, [known[code][1] for code in order], notes


def _pupils(county: County, stage: str, grades: int) -> dict[str, tuple[int, int]]:
    """Return the pupils of each school, and those of them above the grades asked for (none where all are)."""
    upper = pl.col("grade").str.contains(r"^\d+$") & (pl.col("grade").cast(pl.Int64, strict=False) > (grades or 99))
    rows = county.tables["enrolment"].filter(pl.col("stage") == stage).group_by("school")
    summed = rows.agg(pl.col("pupils").sum().alias("every"), pl.col("pupils").filter(upper).sum().alias("above"))
    return {code: (int(every or 0), int(above or 0)) for code, every, above in summed.select("school", "every", "above").iter_rows()}


def _located(county: County) -> dict[str, dict[str, Any]]:
    """Return name, place and ownership of every school, campus, and project decided on a site, by code."""
    private = (pl.col("ownership") == "private").fill_null(value=False).alias("private")
    own = county.tables["schools"].select("school", "name", *_PLACED, private)
    campuses = county.tables["campuses"].select(pl.col("campus").alias("code"), "name", *_PLACED, "school")
    parts = campuses.join(own.select("school", "private"), on="school", how="left").select(
        pl.col("code").alias("school"), "name", "lon", "lat", pl.col("private").fill_null(value=False)
    )
    plots = county.tables["sites"].filter(pl.col("project").is_not_null())
    built = plots.select(pl.col("project").alias("school"), "name", *_PLACED, pl.lit(value=False).alias("private"))
    every = pl.concat([own, parts, built]).unique("school", keep="first", maintain_order=True)
    return {row["school"]: row for row in every.iter_rows(named=True)}


def decided(county: County, rules: Rulebook, stage: str, year: int) -> int:
    """Return how many sites of a stage are decided already to open in a year."""
    plots = set(county.tables["sites"].filter((pl.col("stage") == stage) & pl.col("project").is_not_null())["project"])
    return sum(one.project in plots and one.counted_from == year for one in programme(county, rules, rules.day).projects)


def candidates(county: County, stage: str, source: str, usual: int, wanted: int) -> tuple[tuple[Candidate, ...], Ints, Text]:
    """Return the candidates, their places, and which they are, for the remarks.

    source: sites, villages, or auto: the table of sites where it has free ones of the stage, else every village. usual: the places of a
    new school at a village; wanted: those that the brief asks for, 0 where a plot takes as many as it can.
    """
    plots = county.tables["sites"].filter((pl.col("stage") == stage) & pl.col("project").is_null()).sort("site")
    if source == "sites" or (source == "auto" and plots.height):
        found = _plots(plots, wanted)
        zh = f"候选地点：备选用地表中该学段未定项目的{len(found[0])}块用地"
        return *found, Text(f"{zh}。", f"Candidates: the {len(found[0])} free plots of the stage in the table of sites.")
    rows = county.tables["villages"].with_columns(*_PLACED).unique("village", keep="first").sort("village")
    rows = rows.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    free = tuple(
        Candidate(row["village"], row["name"] or row["village"], row["village"], row["district"] or "", row["lon"], row["lat"], None, False)
        for row in rows.iter_rows(named=True)
    )
    zh = f"候选地点：全部{len(free)}个村居（以村居坐标为点），每处{usual}个学位；造价未知，不计入"
    told = Text(f"{zh}。", f"Candidates: all {len(free)} villages (at their points), {usual} places each; what they cost is not known.")
    return free, np.full(len(free), usual, dtype=np.int64), told


def _plots(rows: pl.DataFrame, wanted: int) -> tuple[tuple[Candidate, ...], Ints]:
    """Return the free plots with their places. Raises DataError for one whose place or size is not known."""
    free: list[Candidate] = []
    sizes: list[int] = []
    findings = []
    for row in rows.iter_rows(named=True):
        here = Place(table="sites", key=(row["site"], row["stage"]), name=row["name"] or "")
        if row["lon"] is None or row["lat"] is None:
            findings.append(finding("planning.place_without_coordinates", here, Text("没有经纬度", "no longitude and latitude")))
            continue
        if row["places"] is None:
            findings.append(finding("planning.option_without_cost", here, "places"))
            continue
        size = min(wanted or int(row["places"]), int(row["places"]))
        priced = row["yuan_fixed"] is not None and row["yuan_per_place"] is not None
        yuan = float(row["yuan_fixed"]) + float(row["yuan_per_place"]) * size if priced else None
        name = row["name"] or row["site"]
        place = (row["village"] or "", row["district"] or "", float(row["lon"]), float(row["lat"]))
        running = None if row["yuan_year"] is None else float(row["yuan_year"])
        free.append(Candidate(row["site"], name, *place, yuan, True, running, int(row["lead_years"] or 0)))
        sizes.append(size)
    if findings:
        raise DataError(findings)
    return tuple(free), np.array(sizes, dtype=np.int64)
