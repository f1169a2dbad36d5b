"""From a County and a brief to the numbers of the question: blocks of villages, zones of schools, ways, places, today's zones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.model.period import statistics_day
from junheng.planning.declaration import Declaration
from junheng.planning.demand import pupils_by_village
from junheng.planning.districting import UNREACHABLE, District
from junheng.planning.planners.catchments.grouped import groups
from junheng.planning.planners.catchments.reach import Reach, refuse_out_of_reach, strange_pins
from junheng.planning.planners.catchments.shares import Share, read
from junheng.planning.planners.catchments.siblings import parted
from junheng.planning.planners.catchments.siblings import read as read_siblings
from junheng.planning.planners.catchments.years import Ahead
from junheng.planning.proposal import Brief, Pin
from junheng.planning.travel import adjacency_without_barriers, school_points, travel, village_points
from junheng.projection.class_limits import class_limit
from junheng.projection.programme import programme
from junheng.projection.seats import seats
from junheng.standards.rulebook import Rulebook

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Villages and schools in code order; zones in the order of their first school; blocks are villages that stay together."""

    stage: str
    year: int  # the school year of `pupils` and `places`
    villages: tuple[str, ...]
    pupils: Ints  # (villages,)
    entering: Ints  # (villages,) of them in the first grade; -1 where grades are not known
    today: tuple[str, ...]  # (villages,) zone, "" for none
    edges: Ints  # (edges, 2) neighbouring villages
    schools: tuple[str, ...]
    school_village: Ints  # (schools,) the village in which it stands
    school_zone: Ints  # (schools,) place of its zone
    zones: tuple[str, ...]
    places: Ints  # (zones,)
    metres: Ints  # (villages, zones) to the zone's nearest school, UNREACHABLE where one cannot or may not go
    block: Ints  # (villages,)
    change: int  # metres that a pupil who changes weighs
    high: Ints  # (zones,)
    low: Ints  # (zones,)
    rule: str
    kept: Mask  # (blocks,) pinned
    lengths: Floats  # (edges,) metres
    remarks: tuple[Finding, ...] = ()  # about ways, said with the plan
    village_names: tuple[str, ...] = ()
    zone_names: tuple[str, ...] = ()  # the schools of each
    share: Share | None = None  # to be alike in all zones
    elders: Ints | None = None  # (villages, zones) younger children whose elder is in the zone; None: nobody counted them
    apart: int = 0  # metres that a younger child weighs who is parted from the elder
    stays: bool = True  # those enrolled stay where they are
    rooms: tuple[int | None, ...] = ()  # (zones,) rooms of their schools; None: not known
    limit: int | None = None  # pupils of a class at most
    ahead: tuple[Ahead, ...] = field(default=())  # the years after the first that the plan must hold for

    @property
    def moves(self) -> Mask:
        """Return whether a village in a zone changes its zone: (villages, zones). One that is in none today does not."""
        today = np.array(self.today, dtype=object)
        moves: Mask = (today[:, None] != np.array(self.zones, dtype=object)[None]) & (today != "")[:, None]
        return moves

    def parted(self, zone: Ints) -> Ints | None:
        """Return how many younger children of each village a plan parts from their elder; None: not known. zone: (villages,)."""
        return None if self.elders is None else parted(self.elders, zone)

    @property
    def first(self) -> Ahead:
        """Return the first year as those after it."""
        return Ahead(year=self.year, pupils=self.pupils, places=self.places, allowed=self.high, high=self.high, low=self.low)

    def district(self) -> District:
        """Return the question without names."""
        blocks = int(self.block.max(initial=-1)) + 1
        weight = np.maximum(self.pupils, 1)
        total = np.bincount(self.block, weights=weight, minlength=blocks)
        each = np.zeros((blocks, len(self.zones)))
        np.add.at(each, self.block, weight[:, None] * np.minimum(self.metres + self.change * self.moves, UNREACHABLE).astype(np.float64))
        if self.apart and self.elders is not None:
            away = self.elders.sum(axis=1, keepdims=True) - self.elders
            np.add.at(each, self.block, (self.apart * away).astype(np.float64))
        out = np.zeros(each.shape, dtype=np.bool_)
        np.logical_or.at(out, self.block, self.metres >= UNREACHABLE)
        mean = np.where(out, UNREACHABLE, np.rint(each / np.maximum(total, 1)[:, None])).astype(np.int64)
        ends = self.block[self.edges]
        between = ends[:, 0] != ends[:, 1]
        roots = tuple(np.unique(self.block[self.school_village[self.school_zone == j]]) for j in range(len(self.zones)))
        return District(
            each=mean,
            pupils=np.bincount(self.block, weights=self.pupils, minlength=blocks).astype(np.int64),
            high=self.high,
            low=self.low,
            edges=ends[between],
            metres=self.lengths[between],
            roots=roots,
            rule=self.rule,
            kept=self.kept,
        )


def ask(
    county: County, rules: Rulebook, brief: Brief, declaration: Declaration, *, stage: str = "", lower: tuple[str, ...] | None = None
) -> Question | None:
    """Return the question; None where there is no village or no school of the stage.

    Raises DataError with all that cannot be used, Infeasible where the brief leaves a village no catchment to go to.
    stage: where the brief asks for several, pins being those of its schools; lower: (villages,) catchments of the stage below whose
    villages stay together; None: today's, where the brief wants that.
    """
    stage, several = stage or str(declaration.value(brief, "stage")), bool(stage)
    schools = _schools(county, stage, private=bool(declaration.value(brief, "private")))
    if not schools.height or not county.tables["villages"].height:
        return None
    year = int(cast("int", declaration.value(brief, "year"))) or county.year
    if year != county.year:
        schools = schools.drop("places").join(_places_of(county, rules, stage, year), on="school", how="left").sort("school")
    frame = _villages(county, stage, year)
    villages = tuple(frame["village"].to_list())
    stands, strays = _stands(county, schools, villages)
    errors = [*_unknown(frame, schools), *strays]
    if errors:
        raise DataError(errors)
    today = catchments_of(county, stage, villages)
    edges = _edges(county, rules, villages)
    if lower is None and declaration.value(brief, "feeders") and stage != "primary" and not several:
        lower = catchments_of(county, "primary", villages)
    block, zone_of, names = _together(county, stage, lower, villages, schools["school"].to_list(), stands)
    codes = tuple(schools["school"].to_list())
    ways, remarks = _ways(county, rules, villages, codes)
    way = np.full((len(villages), len(names)), np.inf)
    for k, zone in enumerate(zone_of):
        way[:, zone] = np.minimum(way[:, zone], ways[:, k])
    places = np.bincount(zone_of, weights=schools["places"].to_numpy(), minlength=len(names)).astype(np.int64)
    if several:
        brief = replace(brief, pins=_of_these(brief.pins, codes), forbids=_of_these(brief.forbids, codes))
    errors = [*strange_pins(brief, codes)]
    if errors:
        raise DataError(errors)
    farthest = float(cast("float", declaration.value(brief, "farthest")))
    reach = Reach(way=way, brief=brief, farthest=farthest, villages=villages, schools=codes, school_zone=zone_of, school_village=stands)
    pupils = frame["n"].to_numpy().astype(np.int64)
    at = dict(zip(codes, zone_of.tolist(), strict=True))
    first = _of_year(year, pupils, places, declaration, brief)
    question = Question(
        stage=stage,
        year=year,
        villages=villages,
        pupils=pupils,
        entering=frame["first"].fill_null(-1).to_numpy().astype(np.int64),
        today=today,
        edges=edges,
        schools=codes,
        school_village=stands,
        school_zone=zone_of,
        zones=names,
        places=places,
        metres=reach.metres(),
        block=block,
        change=_metres(declaration, brief, "change"),
        high=first.high,
        low=first.low,
        rule=str(declaration.value(brief, "joined")),
        kept=np.zeros(int(block.max(initial=-1)) + 1, dtype=np.bool_),
        lengths=_lengths(county, villages, edges),
        remarks=remarks,
        village_names=_called(frame["name"].to_list(), villages),
        zone_names=_zone_names(_called(schools["name"].to_list(), codes), zone_of),
        share=read(county, brief, declaration, stage, villages, pupils),
        elders=read_siblings(county, stage, villages, pupils, at, len(names)),
        apart=_metres(declaration, brief, "siblings"),
        stays=bool(declaration.value(brief, "stays")),
        rooms=_rooms(county, rules, stage, year, at, len(names)),
        limit=class_limit(rules, stage),
        ahead=tuple(_ahead(county, rules, brief, declaration, stage, year, schools["school"].to_list(), zone_of)),
    )
    refuse_out_of_reach(question, reach)
    return question


def _rooms(county: County, rules: Rulebook, stage: str, year: int, zone_of: dict[str, int], zones: int) -> tuple[int | None, ...]:
    """Return the rooms of each zone in a school year; None where a school's are not known."""
    rows = seats(county, rules, programme(county, rules, rules.day), (year,)).rows.filter(pl.col("stage") == stage)
    rooms = dict(rows.select("school", "rooms").iter_rows())
    of = [[rooms.get(school) for school, place in zone_of.items() if place == j] for j in range(zones)]
    return tuple(None if None in each else sum(many for many in each if many is not None) for each in of)


def _metres(declaration: Declaration, brief: Brief, name: str) -> int:
    return round(1000 * Decimal(str(declaration.value(brief, name))))


def _of_year(year: int, pupils: Ints, places: Ints, declaration: Declaration, brief: Brief) -> Ahead:
    over, full = (Decimal(str(declaration.value(brief, name))) for name in ("over", "least_full"))
    high = np.array([int(p * (100 + over) / 100) for p in places.tolist()], dtype=np.int64)
    low = np.array([int(-(-p * full // 100)) for p in places.tolist()], dtype=np.int64)
    return Ahead(year=year, pupils=pupils, places=places, allowed=high, high=high, low=low)


def _ahead(
    county: County, rules: Rulebook, brief: Brief, declaration: Declaration, stage: str, first: int, codes: list[str], zone_of: Ints
) -> Iterator[Ahead]:
    """Yield the years after the first. Raises DataError with all that is not known of them."""
    years = range(first + 1, first + int(cast("int", declaration.value(brief, "years"))))
    errors: list[Finding] = []
    for year in years:
        frame, schools = _villages(county, stage, year), pl.DataFrame({"school": codes}, schema={"school": pl.String})
        names = county.tables["schools"].select("school", "name")
        schools = schools.join(_places_of(county, rules, stage, year), on="school", how="left").join(names, on="school", how="left")
        errors += _unknown(frame, schools.sort("school"))
        if errors:
            continue
        places = np.bincount(zone_of, weights=schools.sort("school")["places"].to_numpy(), minlength=int(zone_of.max()) + 1)
        yield _of_year(year, frame["n"].to_numpy().astype(np.int64), places.astype(np.int64), declaration, brief)
    if errors:
        raise DataError(errors)


def _called(names: list[str | None], codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name or code for name, code in zip(names, codes, strict=True))


def _zone_names(schools: tuple[str, ...], zone_of: Ints) -> tuple[str, ...]:
    return tuple("、".join(schools[k] for k in np.flatnonzero(zone_of == zone)) for zone in range(int(zone_of.max()) + 1))


def _villages(county: County, stage: str, year: int) -> pl.DataFrame:
    """Return each village once, in code order, with its pupils: null as soon as those of one grade are not known."""
    known = pl.when(pl.col("pupils").is_null().any()).then(None).otherwise(pl.col("pupils").sum())
    demand = pupils_by_village(county, stage, year).frame
    grades = sorted((grade for grade in demand["grade"].unique().to_list() if grade.isdigit()), key=int)
    first = pl.col("pupils").filter(pl.col("grade") == (grades[0] if grades else "")).sum()
    sums = demand.group_by("village").agg(known.alias("n"), (first if grades else pl.lit(None, pl.Int64)).alias("first"))
    villages = county.tables["villages"].select("village", "name").unique("village").sort("village")
    return villages.join(sums, on="village", how="left", maintain_order="left")


def _places_of(county: County, rules: Rulebook, stage: str, year: int) -> pl.DataFrame:
    """Return the places of each school in a later year: those of today with the programme of building and closing."""
    rows = seats(county, rules, programme(county, rules, statistics_day(county.year)), [year]).rows
    rows = rows.filter((pl.col("stage") == stage) & (pl.col("year") == year))
    known = pl.when(pl.col("places").is_null().any()).then(None).otherwise(pl.col("places").sum())
    return rows.group_by(pl.col("main").alias("school")).agg(known.cast(pl.Int64).alias("places"))


def _schools(county: County, stage: str, *, private: bool) -> pl.DataFrame:
    places = county.tables["places"].filter(pl.col("stage") == stage)
    campuses = county.tables["campuses"].select(pl.col("campus"), pl.col("school").alias("main"))
    places = places.join(campuses, left_on="school", right_on="campus", how="left")
    places = places.with_columns(pl.coalesce("main", "school").alias("school"))
    known = pl.when(pl.col("places").is_null().any()).then(None).otherwise(pl.col("places").sum())
    schools = places.group_by("school").agg(known.alias("places")).join(county.tables["schools"], on="school")
    if not private:
        schools = schools.filter(pl.col("ownership").fill_null("public") != "private")
    return schools.select("school", "name", "village", "lon", "lat", "places").sort("school")


def _unknown(villages: pl.DataFrame, schools: pl.DataFrame) -> Iterator[Finding]:
    for code, name in villages.filter(pl.col("n").is_null()).select("village", "name").iter_rows():
        yield finding("planning.village_without_pupils", Place(table="villages", key=(code,), name=name or ""), _NONE)
    for code, name in schools.filter(pl.col("places").is_null()).select("school", "name").iter_rows():
        yield finding("planning.places_not_known", Place(table="places", key=(code,), name=name or ""), _NONE)


_NONE = Text("未填", "not entered")
_TOLD = ("planning.travel_cell_missing", "planning.roads_in_pieces")


def _stands(county: County, schools: pl.DataFrame, villages: tuple[str, ...]) -> tuple[Ints, list[Finding]]:
    """Return the village in which each school stands: as entered, else the one whose point is nearest."""
    place = {code: k for k, code in enumerate(villages)}
    points = village_points(county, villages)
    stands, findings = [], []
    for code, name, village, lon, lat in schools.select("school", "name", "village", "lon", "lat").iter_rows():
        if village in place:
            stands.append(place[village])
        elif lon is not None and lat is not None and points.known.any():
            square = ((points.lon - float(lon)) * np.cos(np.radians(float(lat)))) ** 2 + (points.lat - float(lat)) ** 2
            stands.append(int(np.nanargmin(square)))
        else:
            stands.append(0)
            findings.append(finding("planning.school_outside_every_village", Place(table="schools", key=(code,), name=name or ""), _NONE))
    return np.array(stands, dtype=np.int64), findings


def catchments_of(county: County, stage: str, villages: tuple[str, ...]) -> tuple[str, ...]:
    """Return today's catchment of each village, "" for none: (villages,)."""
    rows = county.tables["catchment_villages"].filter(pl.col("stage") == stage)
    known = dict(rows.select("village", "zone").iter_rows())
    return tuple(str(known.get(village) or "") for village in villages)


def _edges(county: County, rules: Rulebook, villages: tuple[str, ...]) -> Ints:
    place = {code: k for k, code in enumerate(villages)}
    pairs = adjacency_without_barriers(county, rules).select("village_a", "village_b").iter_rows()
    known = [(place[a], place[b]) for a, b in pairs if a in place and b in place]
    return np.array(known, dtype=np.int64).reshape(-1, 2)


def _lengths(county: County, villages: tuple[str, ...], edges: Ints) -> Floats:
    points = village_points(county, villages)
    middle = np.cos(np.radians(np.nanmean(points.lat))) if points.known.any() else 1.0
    at = np.column_stack((points.lon * middle, points.lat)) * 111_195.0  # metres of a degree of a meridian
    lengths: Floats = np.nan_to_num(np.linalg.norm(at[edges[:, 0]] - at[edges[:, 1]], axis=1), nan=1.0)
    return lengths


def _together(
    county: County, stage: str, lower: tuple[str, ...] | None, villages: tuple[str, ...], schools: list[str], stands: Ints
) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Return the block of each village, the zone of each school, and the names of zones.

    Schools share a zone where they do today, and where they stand in one block: a block is in one zone.
    """
    block = np.arange(len(villages))
    if lower is not None:
        first: dict[str, int] = {}
        label = [first.setdefault(zone, k) if zone else k for k, zone in enumerate(lower)]
        block = np.unique(np.array(label), return_inverse=True)[1]
    rows = county.tables["catchments"].filter(pl.col("stage") == stage)
    today = dict(rows.select("school", "zone").iter_rows())
    zone_of = groups([(f"block {block[stands[k]]}", today.get(code) and f"zone {today[code]}") for k, code in enumerate(schools)])
    names = []
    for zone in range(int(zone_of.max()) + 1):
        inside = [schools[k] for k in np.flatnonzero(zone_of == zone)]
        names.append(cast("str", next((today[code] for code in inside if today.get(code)), inside[0])))
    return block.astype(np.int64), zone_of, tuple(names)


def _ways(county: County, rules: Rulebook, villages: tuple[str, ...], schools: tuple[str, ...]) -> tuple[Floats, tuple[Finding, ...]]:
    """Return ways and what is said about them. Raises DataError for cells that are wrong: they are put right before anybody is sent."""
    found = travel(county, rules, village_points(county, villages), school_points(county, schools), mode="walk")
    errors = [each for each in found.findings if each.severity == "error" and each.place.table == "travel_times"]
    if errors:
        raise DataError(errors)
    return found.way, tuple(each for each in found.findings if each.rule in _TOLD)


def _of_these(pins: tuple[Pin, ...], codes: tuple[str, ...]) -> tuple[Pin, ...]:
    return tuple(pin for pin in pins if pin.to in codes)
