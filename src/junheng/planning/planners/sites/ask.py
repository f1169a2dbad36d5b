"""From a County and a brief to the question: everything that is wrong with them is told together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, StandardsError, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.demand import pupils_by_village
from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.planners.sites.places import candidates, decided, schools_over
from junheng.planning.planners.sites.question import POINT, SERVICE, Block, Candidate, Floats, Ints, Question, Year
from junheng.planning.proposal import Brief
from junheng.planning.travel import site_points, travel, village_points
from junheng.projection.class_limits import class_limit
from junheng.standards.rulebook import Rulebook

_GRAINS = (1, 10, 100, 1000)  # metres
_LARGEST = 2e9  # of a cost in grains: the engines count to 10^10
_TEN_THOUSAND, _METRES = 10_000.0, 1000.0
_SMALLEST = {
    "preschool": "planning.kindergarten.classes",
    "primary": "planning.rural.classes.primary",
    "junior": "planning.rural.classes.junior",
}
_POINT = "planning.rural.classes.incomplete_primary"


class _Said(NamedTuple):
    """What the brief says."""

    stage: str
    kind: str
    most: int  # new ones
    source: str
    places: int
    grades: int
    opening: int
    lead: int
    years: int
    in_year: int
    year: int  # of the children, where the plan holds for one year
    norm_km: float
    beyond: float
    mode: str
    reserve: float
    least: float
    yuan_weight: float
    is_limited: bool
    is_whole: bool

    @property
    def openings(self) -> range:
        """Return the school years of the plan, that of opening first."""
        return range(self.opening, self.opening + self.years)

    @property
    def of_children(self) -> tuple[int, ...]:
        """Return the school years whose children are looked at."""
        return tuple(self.openings) if self.years > 1 else (self.year,)


def ask(county: County, rules: Rulebook, brief: Brief, declaration: Declaration) -> Question:
    """Return the question. Raises DataError with everything in the county or the brief that cannot be planned with."""
    said = _said(county, brief, declaration)
    if not county.tables["villages"].height:
        return _nothing(said)
    blocks, by_year, spots, notes = _children(county, said)
    if not blocks:
        return _nothing(said)
    pupils, many = by_year[0], int(max(each.sum() for each in by_year))
    stay, rooms, at, told = (
        ((), [np.zeros(0, dtype=np.int64)], [], ())
        if said.kind == SERVICE
        else schools_over(county, rules, said.stage, said.openings, said.grades)
    )
    usual = said.places or _usual(rules, said, many)
    free, sizes, source = candidates(county, said.stage, _source(said), usual, said.places)
    rooms = [
        np.concatenate((np.floor(room * (1.0 - said.reserve)).astype(np.int64), sizes))
        if said.is_limited
        else np.full(len(stay) + len(free), many, dtype=np.int64)
        for room in rooms
    ]
    metres = _metres(county, rules, said, (blocks, spots), (*at, *((one.code, one.lon, one.lat) for one in free)))
    norm = said.norm_km * _METRES or float(rules.number("assumed.service_radius.maximum", stage=said.stage, unit="m"))
    grain = _grain(metres, np.sum(by_year, axis=0), len(free) if said.most > 1 or said.kind == SERVICE else 1)
    rounded = np.where(np.isfinite(metres), np.rint(metres / grain) * grain, np.inf)
    added = np.rint(said.beyond * _METRES / grain)
    way = np.where(np.isfinite(rounded), np.where(np.isfinite(rounded), rounded, 0.0) / grain + added * (rounded > norm), UNREACHABLE)
    is_whole = said.is_whole and said.is_limited
    if is_whole:  # a village that is larger than a school cannot go there
        way = np.where(pupils[:, None] > rooms[0][None], float(UNREACHABLE), way)
    taken = [0 if said.kind == SERVICE else decided(county, rules, said.stage, year) for year in said.openings]
    must, never, wrong = _pins(brief, free)
    if wrong:
        raise DataError(wrong)

    def grains(yuan: float | None) -> int:
        return round(0.0 if yuan is None else yuan / _TEN_THOUSAND * said.yuan_weight * _METRES / grain)

    return Question(
        stage=said.stage,
        kind=said.kind,
        opening=said.opening,
        blocks=blocks,
        pupils=pupils,
        schools=stay,
        candidates=free,
        metres=rounded,
        way=way.astype(np.int64),
        room=rooms[0],
        least=int(np.ceil(said.least * int(sizes.min(initial=usual)))) if said.is_limited and said.kind != SERVICE else 0,
        fixed=np.array([grains(one.yuan) for one in free], dtype=np.int64),
        count=max(len(must), min(said.most - sum(taken), len(free) - len(never)), 0),
        must=must,
        never=never,
        is_whole=is_whole,
        is_limited=said.is_limited,
        norm=norm,
        beyond=float(added * grain / _METRES),
        yuan_weight=said.yuan_weight,
        reserve=said.reserve,
        grain=grain,
        source=source,
        notes=(*notes, *told, source, *_remarks(sum(taken), said)),
        later=tuple(Year(*each) for each in list(zip(said.openings, by_year, rooms, strict=True))[1:]),
        since=tuple(min(max(one.lead - said.lead, 0), said.years - 1) for one in free) if said.years > 1 else (),
        running=tuple(grains(one.yuan_year) for one in free) if said.years > 1 else (),
        most_in=tuple(max((said.in_year or said.most) - gone, 0) for gone in taken) if said.years > 1 else (),
    )


def _said(county: County, brief: Brief, declaration: Declaration) -> _Said:
    def value(name: str) -> float:
        return float(declaration.value(brief, name))

    stage, kind = str(declaration.value(brief, "stage")), str(declaration.value(brief, "kind"))
    opening, years = county.year + int(value("lead")), int(value("years"))
    if years > 1 and (kind == SERVICE or bool(declaration.value(brief, "whole_villages"))):
        raise DataError(finding("planning.sites_of_one_year", Place(column="years"), str(years)))
    return _Said(
        stage="primary" if kind == POINT else stage,
        kind=kind,
        most=int(value("count")),
        source=str(declaration.value(brief, "candidates")),
        places=int(value("places")),
        grades=int(value("point_grades")) if kind == POINT else 0,
        opening=opening,
        lead=int(value("lead")),
        years=years,
        in_year=int(value("in_year")) if years > 1 else 0,
        year=opening if declaration.value(brief, "children") == "opening" else county.year,
        norm_km=value("norm_km"),
        beyond=value("beyond"),
        mode=str(declaration.value(brief, "mode")),
        reserve=value("reserve") / 100,
        least=value("least") / 100,
        yuan_weight=value("yuan_weight"),
        is_limited=bool(declaration.value(brief, "capacity")),
        is_whole=bool(declaration.value(brief, "whole_villages")),
    )


def _children(county: County, said: _Said) -> tuple[tuple[Block, ...], list[Ints], list[tuple[float, float]], list[Text]]:
    """Return villages with children, their numbers in each year, and places, and remarks. Raises DataError for those without a place."""
    notes: dict[Text, None] = {}
    known = pl.DataFrame(schema={"village": pl.String})
    for year in said.of_children:
        told = pupils_by_village(county, said.stage, year)
        rows = _lower(told.frame, said) if said.grades else told.frame
        summed = rows.group_by("village").agg(pl.col("pupils").sum().alias(str(year)), pl.col("pupils").null_count().alias("unknown"))
        summed = summed.filter((pl.col("unknown") == 0) & (pl.col(str(year)) > 0)).drop("unknown")
        known = known.join(summed, on="village", how="full", coalesce=True)
        notes |= dict.fromkeys(Text(f"{one.found.zh}。{one.remedy.zh}", f"{one.found.en}. {one.remedy.en}") for one in told.findings)
    names = county.tables["villages"].select("village", "name", pl.col("lon", "lat").cast(pl.Float64)).unique("village", keep="first")
    placed = known.fill_null(0).join(names, on="village").sort("village")
    lost = placed.filter(pl.col("lon").is_null() | pl.col("lat").is_null())
    if lost.height:
        none = Text("没有经纬度", "no longitude and latitude")
        raise DataError(
            [
                finding("planning.place_without_coordinates", Place(table="villages", key=(code,), name=name or ""), none)
                for code, name in lost.select("village", "name").iter_rows()
            ]
        )
    return (
        tuple(Block(code, name or code) for code, name in placed.select("village", "name").iter_rows()),
        [placed[str(year)].to_numpy().astype(np.int64) for year in said.of_children],
        list(placed.select("lon", "lat").iter_rows()),
        list(notes),
    )


def _lower(rows: pl.DataFrame, said: _Said) -> pl.DataFrame:
    """Return the grades that a teaching point has. Raises DataError where pupils are not split by grade."""
    whole = rows.filter(~pl.col("grade").str.contains(r"^\d+$"))
    if whole.height:
        place = Place(table="village_pupils", column="grade", key=(said.stage, str(said.year)))
        raise DataError(finding("planning.pupils_not_by_grade", place, Text("学生数没有分年级", "pupils are not split by grade")))
    return rows.filter(pl.col("grade").cast(pl.Int64) <= said.grades)


def _source(said: _Said) -> str:
    """Return where candidates come from: plots are for whole schools, so points stand in villages unless plots are asked for."""
    return "villages" if said.kind == SERVICE or (said.kind == POINT and said.source == "auto") else said.source


def _usual(rules: Rulebook, said: _Said, everyone: int) -> int:
    """Return the places of the smallest new school that the building standard knows; a service point takes everybody."""
    if said.kind == SERVICE:
        return everyone
    size = class_limit(rules, said.stage)
    if size is None:
        raise StandardsError(finding("planning.no_class_limit", Place(key=("class_size.maximum",)), said.stage))
    return size * int(rules.number(_POINT if said.kind == POINT else _SMALLEST[said.stage], unit="classes", size="size_1"))


def _metres(
    county: County,
    rules: Rulebook,
    said: _Said,
    homes: tuple[tuple[Block, ...], list[tuple[float, float]]],
    there: tuple[tuple[str, float, float], ...],
) -> Floats:
    """Return the ways from villages to schools and candidates in metres, all measured alike."""
    if not there:
        return np.zeros((len(homes[0]), 0))
    origins = village_points(county, [block.code for block in homes[0]])
    ends = site_points([one[0] for one in there], np.array([one[1] for one in there]), np.array([one[2] for one in there]))
    return np.asarray(travel(county, rules, origins, ends, mode="walk" if said.mode == "walk" else "bus").way, dtype=np.float64)


def _grain(metres: Floats, pupils: Ints, many: int) -> int:
    """Return the metres in which ways are counted: one where the sums allow it. many: sites whose opening is priced."""
    if not metres.size:
        return 1
    finite = np.where(np.isfinite(metres), metres, 0.0)
    total = max(float((finite.max(axis=1) * pupils).sum()), float((finite.mean(axis=1) * pupils).sum()) * many / 2)
    return next((grain for grain in _GRAINS if total / grain <= _LARGEST), _GRAINS[-1])


def _pins(brief: Brief, free: tuple[Candidate, ...]) -> tuple[tuple[int, ...], tuple[int, ...], list[Finding]]:
    at = {one.code: k for k, one in enumerate(free)} | {one.village: k for k, one in enumerate(free) if not one.is_plot}
    wrong = [
        finding("planning.pin_of_no_candidate", Place(column=pin.what[0], key=(pin.what[1],)), pin.what[1])
        for pin in (*brief.pins, *brief.forbids)
        if pin.what[1] not in at
    ]
    must, never = (tuple(sorted(at[pin.what[1]] for pin in pins if pin.what[1] in at)) for pins in (brief.pins, brief.forbids))
    return must, never, wrong


def _remarks(taken: int, said: _Said) -> Iterator[Text]:
    if taken:
        when = f"{said.opening}年" if said.years == 1 else f"{said.opening}至{said.openings[-1]}年"
        when_en = str(said.opening) if said.years == 1 else f"{said.opening} to {said.openings[-1]}"
        zh = f"{when}投用的新建学校已定{taken}所，计入新建所数"
        yield Text(f"{zh}。", f"{taken} new schools of {when_en} are decided already and count among those asked for.")
    if said.years > 1:
        zh = f"{said.opening}至{said.openings[-1]}各学年的学位都要够；总路程是各学年合计"
        en = f"Places suffice in every school year from {said.opening} to {said.openings[-1]}; ways are those of all years together"
        yield Text(f"{zh}。", f"{en}.")
    if said.is_whole and said.is_limited and said.most == 1:
        yield Text(
            "“各候选地点的得失”按村居可以拆分计算：整村就读只会更多，所以是下界。",
            "The table of what candidates are worth divides villages: whole ones come to no less.",
        )


def _nothing(said: _Said) -> Question:
    """Return the question of a county without villages or children."""
    none = np.zeros(0, dtype=np.int64)
    return Question(
        stage=said.stage,
        kind=said.kind,
        opening=said.opening,
        blocks=(),
        pupils=none,
        schools=(),
        candidates=(),
        metres=np.zeros((0, 0)),
        way=np.zeros((0, 0), dtype=np.int64),
        room=none,
        least=0,
        fixed=none,
        count=0,
        must=(),
        never=(),
        is_whole=False,
        is_limited=False,
        norm=0.0,
        beyond=0.0,
        yuan_weight=0.0,
        reserve=0.0,
        grain=1,
        source=Text("", ""),
        notes=(),
    )
