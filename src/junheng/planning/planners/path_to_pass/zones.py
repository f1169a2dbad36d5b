"""Villages at a border that could go to the next catchment: which, how many pupils of which schools in which year, and why others stay.

What one pupil more asks of a school must be told by its own pupils alone, or the bound would not hold. So schools of several stages, those
that lack an item or cannot pass, and small teaching points (whose pupils decide whether they are judged) keep their catchments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.errors import DataError, Text
from junheng.model.county import County
from junheng.planning.demand import pupils_by_village
from junheng.planning.planners.path_to_pass.effects import Unit
from junheng.planning.planners.path_to_pass.question import Question
from junheng.planning.planners.path_to_pass.zone_map import Neighbours, is_whole, neighbours, zones
from junheng.projection.ages import largest_remainder
from junheng.standards.rulebook import Rulebook

WHY = {
    "stays.several_stages": Text(
        "学校有几个学段，用地、校舍由各学段分摊，需要多少不只看本学段学生", "a school of several stages: they share its ground and rooms"
    ),
    "stays.lacks_data": Text("学校缺数据，不能判定", "an item of a school was not returned"),
    "stays.cannot_pass": Text("学校用现有措施达不了标，不得变差", "a school cannot pass by any measure, and gets no worse"),
    "stays.small_point": Text("教学点：学生多少决定是否单独测算", "a teaching point: how many pupils it has decides whether it is judged"),
    "stays.not_judged": Text("学校不在测算范围，或需要多少不只看本校学生", "a school is not judged, or not by its own pupils alone"),
    "stays.in_two": Text("一所学校在两个相邻学区都招生", "a school takes pupils of both catchments"),
    "stays.home": Text("学校所在的村居", "the village of a school"),
    "stays.pupils_unknown": Text("村居学生数不知道或为0", "no pupils, or their number is not known"),
    "stays.in_pieces": Text("改划后学区不连片", "a catchment would be in pieces"),
    "stays.too_many": Text("学生超过学校允许增减的比例", "more pupils than a school may gain or lose"),
    "stays.no_forecast": Text("两边学校有一所没有以后年份的学生预测", "pupils in later years are foreseen for one of the schools only"),
}


class Way(NamedTuple):
    """A village, whole, from one catchment to another."""

    village: str
    stage: str
    here: str  # its catchment
    zone: str  # to which it goes
    pupils: int  # of today
    gives: tuple[str, ...]  # schools and sites of the one, and of the other
    takes: tuple[str, ...]
    unit_of: Mapping[str, Unit]  # as which they are judged
    held: Mapping[int, Mapping[Unit, int]]  # by year: pupils when nothing moves
    moved: Mapping[int, Mapping[str, int]]  # by year: who come to each school or site, less who go

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what tells it apart: the stage, the village, where it goes."""
        return self.stage, self.village, self.zone

    @property
    def units(self) -> tuple[Unit, ...]:
        """Return the schools whose pupils become others."""
        return tuple(dict.fromkeys(self.unit_of[site] for site in (*self.gives, *self.takes)))

    def flow(self, year: int) -> dict[Unit, int]:
        """Return how many come to each school as it is judged, less who go, in a year."""
        made: dict[Unit, int] = {}
        for site, many in self.moved[year].items():
            made[self.unit_of[site]] = made.get(self.unit_of[site], 0) + many
        return made


class Stays(NamedTuple):
    """A catchment that keeps its borders, or a village at the border of two others that stays, and why."""

    stage: str
    zone: str
    village: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Borders:
    """The villages that may go, and what stays."""

    ways: tuple[Way, ...]
    stays: tuple[Stays, ...]


def borders(county: County, rules: Rulebook, question: Question, share: float) -> Borders:
    """Return the villages that could go. share: the most of a school's pupils that leave it or come to it, in any year asked for."""
    near = neighbours(county, rules)
    grounds = [_Ground(county, question, stage, share) for stage in sorted({unit[1] for unit in question.judged.units})]
    found = [one for ground in grounds for one in ground.found(near)]
    closed = [one for ground in grounds for one in ground.closed()]
    return Borders(
        ways=tuple(one for one in found if isinstance(one, Way)), stays=(*closed, *(one for one in found if isinstance(one, Stays)))
    )


class _Ground:
    """One stage: its catchments, schools and pupils by year."""

    def __init__(self, county: County, question: Question, stage: str, share: float) -> None:
        self.county, self.question, self.stage, self.share = county, question, stage, share
        self.asked = (question.today.year, *(each.at for each in question.every))
        self.zone = zones(county, stage)
        self.unit_of = _units(county, stage)
        self.schools = schools_of(county, stage)
        self.pupils, self.ahead = _enrolled(county, stage), _ahead(county, stage)
        self.years = tuple(sorted({county.year, *self.asked, *(year for year, _ in self.ahead)}))
        self.village = _by_village(county, stage, county.year)
        self.village_ahead = {year: _by_village(county, stage, year) for year in self.years if year > county.year}
        self.why = {zone: self._closed(sites) for zone, sites in self.schools.items()}

    def closed(self) -> Iterator[Stays]:
        """Yield the catchments of which no border moves."""
        for zone in sorted(set(self.zone.values()) & set(self.why)):
            if self.why[zone]:
                yield Stays(self.stage, zone, None, self.why[zone])

    def found(self, near: Neighbours) -> Iterator[Way | Stays]:
        """Yield each village at a border of two catchments whose borders may move, with where it may go or why it stays."""
        home = set(self.county.tables["schools"]["village"].drop_nulls().to_list())
        for village in sorted(self.zone):
            here = self.zone[village]
            beside = {self.zone[other] for other in near.get(village, ()) if other in self.zone} - {here}
            for there in sorted(zone for zone in beside if self.why.get(zone) == self.why.get(here) == ""):
                if village in home or not self.village.get(village):
                    yield Stays(self.stage, here, village, "stays.home" if village in home else "stays.pupils_unknown")
                    break
                way = self._way(village, here, there)
                why = self._stays(way, near)
                yield Stays(self.stage, here, village, why) if why else way

    def _closed(self, sites: Sequence[str]) -> str:
        """Return why a catchment keeps its borders; "" where it need not."""
        reasons = [self._not_alone(self.unit_of.get(site, (site, self.stage))) for site in sites]
        return next((why for why in reasons if why), "")

    def _not_alone(self, unit: Unit) -> str:
        """Return why needs and weights of a school are not told by its own pupils alone, in one of the years."""
        kind = self.county.tables["schools"].filter(pl.col("school") == unit[0])["kind"].to_list()
        if kind == ["teaching_point"]:
            return "stays.small_point"
        if unit in self.question.left_out:
            return "stays.cannot_pass"
        if sum(1 for other in self.question.judged.units if other[0] == unit[0]) > 1:
            return "stays.several_stages"
        for year in self.question.every:
            cells = [year.judged.cells.get((unit, item)) for item in year.judged.schools_items]
            if unit not in year.judged.units:
                return "stays.not_judged"
            if any(cell is None for cell in cells):
                return "stays.lacks_data"
            own = self._of_unit(unit, year.at)
            if any(cell is not None and cell.weight != own for cell in cells) or not own:
                return "stays.not_judged"
        return ""

    def _held(self, site: str, year: int) -> int:
        """Return the pupils of a site in a year; those of today where none are foreseen."""
        return self.ahead.get((year, site), self.pupils.get(site, 0))

    def _way(self, village: str, here: str, there: str) -> Way:
        gives, takes = self.schools[here], self.schools[there]
        moved = {}
        for year in self.years:
            many = self._of_village(village, gives, year)
            here_now, there_now = ([self._held(site, year) for site in sites] for sites in (gives, takes))
            left, came = (shared(each, min(many, sum(here_now))) for each in (here_now, there_now))
            moved[year] = dict(zip(gives, (-each for each in left), strict=True)) | dict(zip(takes, came, strict=True))
        units = {site: self.unit_of[site] for site in (*gives, *takes)}
        held = {year: {unit: self._of_unit(unit, year) for unit in units.values()} for year in self.years}
        return Way(village, self.stage, here, there, self.village[village], gives, takes, units, held, moved)

    def _of_village(self, village: str, gives: Sequence[str], year: int) -> int:
        """Return the pupils of a village in a year: as returned or foreseen, or the part of its schools' pupils that it is today."""
        known = self.village_ahead.get(year, self.village)
        if village in known:
            return known[village]
        now, then = (sum(self._held(site, when) for site in gives) for when in (self.county.year, year))
        return int(self.village[village] * then / now + 0.5) if now else 0

    def _stays(self, way: Way, near: Neighbours) -> str:
        if set(way.gives) & set(way.takes):
            return "stays.in_two"
        if not is_whole(near, self.zone, {way.village: way.zone}):
            return "stays.in_pieces"
        if any(len({(year, site) in self.ahead for site in (*way.gives, *way.takes)}) > 1 for year in self.asked[1:]):
            return "stays.no_forecast"
        few = all(abs(many) <= self.share * way.held[year][unit] for year in self.asked for unit, many in way.flow(year).items())
        return "" if few else "stays.too_many"

    def _of_unit(self, unit: Unit, year: int) -> int:
        return sum(self._held(site, year) for site, of in self.unit_of.items() if of == unit)


def schools_of(county: County, stage: str) -> dict[str, tuple[str, ...]]:
    """Return the schools and sites of each catchment."""
    rows = county.tables["catchments"].filter(pl.col("stage") == stage).group_by("zone").agg(pl.col("school").sort())
    return {zone: tuple(schools) for zone, schools in rows.iter_rows()}


def _units(county: County, stage: str) -> dict[str, Unit]:
    """Return the school as which each school and site is judged."""
    made = {school: (school, stage) for school in county.tables["schools"]["school"].to_list()}
    for site, school, counted in county.tables["campuses"].select("campus", "school", "counted").iter_rows():
        made[site] = (site if counted else school, stage)
    return made


def _enrolled(county: County, stage: str) -> dict[str, int]:
    rows = county.tables["enrolment"].filter(pl.col("stage") == stage).group_by("school").agg(pl.col("pupils").sum())
    return dict(rows.iter_rows())


def _ahead(county: County, stage: str) -> dict[tuple[int, str], int]:
    rows = county.tables["school_pupils_ahead"].filter((pl.col("stage") == stage) & (pl.col("year") > county.year))
    return {(year, school): pupils for year, school, pupils in rows.select("year", "school", "pupils").drop_nulls().iter_rows()}


def _by_village(county: County, stage: str, year: int) -> dict[str, int]:
    """Return the pupils of each village; of a later year only where they are returned or foreseen."""
    told = (county.tables[name] for name in ("village_pupils", "future_pupils"))
    if year != county.year and not any(rows.filter((pl.col("stage") == stage) & (pl.col("year") == year)).height for rows in told):
        return {}
    try:
        frame = pupils_by_village(county, stage, year).frame
    except DataError:
        return {}
    known = frame.group_by("village").agg(pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum()).alias("pupils"))
    return {village: int(many) for village, many in known.drop_nulls().iter_rows()}


def shared(parts: Sequence[int], total: int) -> list[int]:
    """Return a whole number shared in proportion, by largest remainder."""
    if not sum(parts):
        return [0] * len(parts)
    made = largest_remainder(np.array([parts], dtype=np.float64), np.array([float(total)]))[0]
    return [int(each) for each in made]


def by_stage(chosen: Iterable[Way]) -> dict[str, list[Way]]:
    """Return ways by their stage."""
    made: dict[str, list[Way]] = {}
    for way in chosen:
        made.setdefault(way.stage, []).append(way)
    return made
