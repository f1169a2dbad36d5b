"""From a County and a brief to the numbers of the question: schools, ways between them, neighbours, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.supervision_zones.pins import SEAT, contradictions
from junheng.planning.planners.supervision_zones.travelled import travelled
from junheng.planning.proposal import Brief
from junheng.standards.rulebook import Rulebook

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_METRES_A_DEGREE = 111_195.0  # of a meridian, on a sphere of 6,371 km
_FAR = 1e9
_MOST_INSPECTORS = "supervision.inspectors_per_zone.maximum"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Schools in code order; ways and costs are by seat, then school."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    pupils: Ints  # (schools,)
    today: tuple[str, ...]  # (schools,) zone, "" for none
    edges: NDArray[np.bool_]  # (schools, schools) neighbours
    metres: Ints  # (schools, schools) along neighbours; UNREACHABLE where they are not joined; says which neighbour is nearer
    way: Ints  # (seats, schools) metres that an inspector travels; UNREACHABLE where he cannot get there
    moved: Mask  # (seats, schools) the school is not in the seat's zone today
    change: int  # metres that one moved school weighs
    allowed: Mask  # (seats, schools)
    together: tuple[tuple[int, int], ...]
    apart: tuple[tuple[int, int], ...]
    spread: int
    within: float  # a share
    most_schools: int
    least_inspectors: int
    most_inspectors: int | None  # of a zone, where a document says so
    schools_an_inspector: int
    inspectors: int | None  # in all; None: no limit is known
    farthest: float  # km; 0: no limit
    seats: tuple[int, ...] = ()  # schools that are the seat of their zone, as pinned
    no_seats: tuple[int, ...] = ()  # and those that are none, as forbidden
    apart_by_barriers: tuple[tuple[int, int], ...] = ()  # who would be neighbours but for rivers and railways
    source: str = "straight"  # of the ways: "supplied", "roads" or "straight"
    remarks: tuple[Finding, ...] = ()  # about ways, said with the plan

    @property
    def cost(self) -> Floats:
        """Return what a school under a seat costs, in metres: (seats, schools); 10^9 where it may not be."""
        return np.where(self.allowed, self.way + self.change * self.moved, _FAR).astype(np.float64)

    @property
    def groups(self) -> list[list[int]]:
        """Return the schools that pins hold together, each group once."""
        groups: list[set[int]] = []
        for pair in self.together:
            touched = [group for group in groups if group & set(pair)]
            groups = [group for group in groups if group not in touched] + [set(pair).union(*touched)]
        return [sorted(group) for group in groups]

    def size(self, zones: int) -> tuple[int, int]:
        """Return the least and the most schools of a zone."""
        schools = len(self.codes)
        return max(1, schools // zones - self.spread), min(self.most_schools, -(-schools // zones) + self.spread)

    def load(self, zones: int) -> tuple[float, float]:
        """Return the least and the most pupils of a zone."""
        mean = float(self.pupils.sum()) / zones
        return mean * (1 - self.within), mean * (1 + self.within)

    def staff(self, schools: int) -> int:
        """Return the inspectors that a zone of so many schools needs at least."""
        return max(self.least_inspectors, -(-schools // self.schools_an_inspector))


def ask(county: County, rules: Rulebook, brief: Brief, declaration: Declaration) -> Question:
    """Return the question. Raises DataError with every school whose place or pupils are not known, or with wrong cells of ways."""
    schools = _schools(county, kindergartens=bool(declaration.value(brief, "kindergartens")))
    names = dict(schools.select("school", "name").iter_rows())
    findings = [*_lacking(schools), *_elsewhere(schools, brief), *contradictions(brief, names)]
    if findings:
        raise DataError(findings)
    detour, farthest = (float(declaration.value(brief, name)) for name in ("detour", "farthest"))
    codes, today = tuple(schools["school"].to_list()), tuple(schools["zone"].fill_null("").to_list())
    barriers = bool(declaration.value(brief, "barriers"))
    ways = travelled(county, rules, schools, _metres(schools), detour, barriers=barriers)
    known = np.array(today)
    place = {code: index for index, code in enumerate(codes)}
    seats, no_seats = (tuple(place[pin.what[1]] for pin in pins if pin.to == SEAT) for pins in (brief.pins, brief.forbids))
    may_be = _can_be_seat(schools, special=bool(declaration.value(brief, "special_seats")))
    near = ways.way <= (farthest * 1000 if farthest else _FAR - 1)
    return Question(
        codes=codes,
        names=tuple(schools["name"].fill_null("").to_list()),
        pupils=schools["pupils"].to_numpy().astype(np.int64),
        today=today,
        edges=ways.edges,
        metres=ways.along,
        way=ways.way,
        moved=(known[None, :] != known[:, None]) & (known != "")[None, :],
        change=round(1000 * Decimal(str(declaration.value(brief, "change")))),
        allowed=near & _of_pinned_seats(may_be, seats, no_seats),
        together=tuple((place[pin.what[1]], place[pin.to]) for pin in brief.pins if pin.to != SEAT),
        apart=tuple((place[pin.what[1]], place[pin.to]) for pin in brief.forbids if pin.to != SEAT),
        seats=seats,
        no_seats=no_seats,
        spread=int(declaration.value(brief, "spread")),
        within=float(declaration.value(brief, "pupils_within")) / 100,
        most_schools=int(rules.number("supervision.schools_per_zone.maximum", unit="schools/zone")),
        least_inspectors=int(rules.number("supervision.inspectors_per_zone.minimum", unit="persons/zone")),
        most_inspectors=int(rules.number(_MOST_INSPECTORS, unit="persons/zone")) if _MOST_INSPECTORS in rules.parameters else None,
        schools_an_inspector=int(rules.number("supervision.schools_per_inspector.maximum", unit="schools/inspector")),
        inspectors=_inspectors(county, int(declaration.value(brief, "inspectors"))),
        farthest=farthest,
        apart_by_barriers=ways.apart,
        source=ways.source,
        remarks=ways.remarks,
    )


def candidates(question: Question, asked: int) -> tuple[int, ...]:
    """Return the numbers of zones to try, in their order: the one asked for; else today's, then the fewest."""
    schools = len(question.codes)
    if asked or not schools:
        return (asked,)
    fewest = range(max(1, -(-schools // question.most_schools)), schools + 1)
    today = len(set(question.today) - {""})
    return tuple(dict.fromkeys([*([today] if today else []), *fewest]))


def _schools(county: County, *, kindergartens: bool) -> pl.DataFrame:
    schools = county.tables["schools"].select("school", "name", "kind", "village", "lon", "lat")
    if not kindergartens:
        schools = schools.filter(pl.col("kind") != "kindergarten")
    joined = schools.join(_pupils(county), on="school", how="left").join(county.tables["zone_schools"], on="school", how="left")
    return joined.sort("school")


def _pupils(county: County) -> pl.DataFrame:
    """Return the pupils of each school, of all stages; of a total and its parts the total counts."""
    campuses = county.tables["campuses"].select(pl.col("campus").alias("school"), pl.col("school").alias("main"))
    rows = county.tables["enrolment"].join(campuses, on="school", how="left").with_columns(pl.coalesce("main", "school").alias("of"))
    for part, key in (("sex", ["of", "school", "stage", "grade"]), ("grade", ["of", "school", "stage"])):
        whole = pl.col("pupils").filter(pl.col(part) == "all").sum()
        told = (pl.col(part) == "all").any()
        rows = rows.group_by(key).agg(pl.when(told).then(whole).otherwise(pl.col("pupils").sum()).alias("pupils"))
    return rows.group_by(pl.col("of").alias("school")).agg(pl.col("pupils").sum())


def _can_be_seat(schools: pl.DataFrame, *, special: bool) -> Mask:
    """Return which schools may be the seat of a zone, where there is anything else: all but teaching points, which have no office.

    Nor special schools, unless they may: they are few, serve the whole county, and have no other schools of their kind around them.
    """
    without = ["teaching_point"] if special else ["teaching_point", "special"]
    others = (~schools["kind"].is_in(without)).fill_null(value=True).to_numpy()
    return others if others.any() else np.ones(len(others), dtype=np.bool_)


def _of_pinned_seats(may_be: Mask, seats: tuple[int, ...], no_seats: tuple[int, ...]) -> Mask:
    """Return which schools may be under which seats by pins: a pinned seat, of whatever kind, is under itself alone. (seats, schools)."""
    may_be = may_be.copy()
    may_be[[*seats]] = True
    may_be[[*no_seats]] = False
    allowed = np.repeat(may_be[:, None], len(may_be), axis=1)
    for seat in seats:
        allowed[:, seat] = False
        allowed[seat, seat] = True
    return allowed


def _lacking(schools: pl.DataFrame) -> Iterator[Finding]:
    for row in schools.iter_rows(named=True):
        place = Place(table="schools", key=(row["school"],), name=row["name"] or "")
        if row["lon"] is None or row["lat"] is None:
            yield finding("planning.school_without_coordinates", place, Text("没有经纬度", "no longitude and latitude"))
        if row["pupils"] is None:
            yield finding("planning.school_without_pupils", place, Text("没有在校生数", "no pupils returned"))


def _elsewhere(schools: pl.DataFrame, brief: Brief) -> Iterator[Finding]:
    planned = set(schools["school"].to_list())
    for pin in (*brief.pins, *brief.forbids):
        for code in (pin.what[1], pin.to):
            if code not in planned and code != SEAT:
                yield finding("planning.pin_of_school_not_planned", Place(table="schools", key=(code,)), code)


def _metres(schools: pl.DataFrame) -> Floats:
    """Return places on a plane, in metres: (schools, 2); a county is small enough for it."""
    lon, lat = (schools[name].cast(pl.Float64).to_numpy() for name in ("lon", "lat"))
    middle = np.cos(np.radians(lat.mean())) if len(lat) else 1.0
    return np.column_stack((lon * middle, lat)) * _METRES_A_DEGREE


def _inspectors(county: County, asked: int) -> int | None:
    """Return how many inspectors there are: as asked, else those entered one by one, else what the zones of today have together."""
    told, by_code = county.tables["supervision_zones"]["inspectors"], county.tables["inspectors"].height
    return asked or by_code or (int(told.sum()) if told.len() and not told.has_nulls() else None)
