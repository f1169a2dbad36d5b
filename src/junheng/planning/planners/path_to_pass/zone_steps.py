"""A plan with villages that go as an officer reads it: each village a step, pupils of each school before and after, what stays and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import polars as pl

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.choose import Chosen
from junheng.planning.planners.path_to_pass.joint import Joint
from junheng.planning.planners.path_to_pass.nearest import Asked
from junheng.planning.planners.path_to_pass.planned import Planned
from junheng.planning.planners.path_to_pass.proof import standing
from junheng.planning.planners.path_to_pass.question import STAGES, Question
from junheng.planning.planners.path_to_pass.zone_changes import Told, changes
from junheng.planning.planners.path_to_pass.zone_map import zones
from junheng.planning.planners.path_to_pass.zone_pins import WORDS as PINS
from junheng.planning.planners.path_to_pass.zones import WHY, Borders, Way, by_stage, schools_of
from junheng.planning.proposal import Alternative, Proposal, Step
from junheng.planning.solve import Amount

_REZONED = {"village": pl.String, "stage": pl.String, "from": pl.String, "to": pl.String, "pupils": pl.Int64, "yuan": pl.Float64}
_PUPILS = {"school": pl.String, "stage": pl.String, "year": pl.Int64, "before": pl.Int64, "after": pl.Int64}
_VILLAGES = {"village": pl.String, "before": pl.String, "after": pl.String}
_STAYS = {"stage": pl.String, "zone": pl.String, "village": pl.String, "why": pl.String}
_MOVED = Text("改划的学生", "pupils of another school")
_FIRST = "order.zones"
WORDS = {_FIRST: Text("先做：改划学区", "First: other catchments"), **WHY, **PINS}
_HOW = Text(
    "学区可以改划时，均值的平方在其范围内用弦代替，只会放宽，下界对允许的一切改划都成立。",
    "Where catchments may change the square of a mean is its chord over the mean's range, which only gives way: the bound is one for every"
    " change of catchments that the brief allows.",
)


def as_one(asked: Asked, plan: Planned, ways: tuple[Way, ...], today: Question, yuan: int, bound: float) -> Proposal:
    """Return the plan of the county with villages moved as one of the county as it is. today: the question of the county as it is."""
    goes, pupils = plan.proposal, sum(way.pupils for way in ways)
    objective = goes.objective + float(pupils * yuan)
    held = min(bound, objective)
    tables = {**goes.tables, **_villages(asked, ways), "rezoned": _rezoned(ways, yuan), "zone_pupils": _pupils(today, ways)}
    certificate = goes.certificate
    if ways:
        tables |= {"values": _since_today(today, goes), "order": _order(today, ways, goes), "spreads": _spreads_since(today, goes)}
    if certificate is not None:
        how = Text(f"{certificate.how.zh}{_HOW.zh}", f"{certificate.how.en} {_HOW.en}")
        certificate = replace(certificate, how=how, numbers={**certificate.numbers, "objective": objective, "bound": held})
    amounts = (*goes.amounts, Amount(_MOVED, float(pupils), "pupils", float(yuan))) if ways else goes.amounts
    return replace(
        goes,
        brief=asked.brief,
        steps=(*_steps(asked, ways), *goes.steps),
        objective=objective,
        bound=held,
        amounts=amounts,
        headline=_headline(goes.headline, ways),
        tables=tables,
        certificate=certificate,
        words={**goes.words, **WORDS},
    )


def _headline(goes: Text | None, ways: Sequence[Way]) -> Text | None:
    """Return what a leader is told first, with the villages that go."""
    if goes is None or not ways:
        return goes
    villages, pupils = len({way.village for way in ways}), sum(way.pupils for way in ways)
    return Text(
        f"{goes.zh}，改划{villages}个村居、学生{pupils}人", f"{goes.en}; {villages} village(s), {pupils} pupils, go to other schools"
    )


def with_moves(asked: Asked, other: Alternative, found: Joint, yuan: int, bound: float) -> Alternative:
    """Return another plan of the county with villages moved, with these moves before it."""
    pupils = sum(way.pupils for way in found.ways)
    objective = other.objective + found.cost(yuan)
    amounts = (*other.amounts, Amount(_MOVED, float(pupils), "pupils", float(yuan))) if pupils else other.amounts
    return replace(
        other, steps=(*_steps(asked, found.ways), *other.steps), objective=objective, bound=min(bound, objective), amounts=amounts
    )


def _steps(asked: Asked, ways: Sequence[Way]) -> Iterator[Step]:
    county = asked.county
    village = dict(county.tables["villages"].select("village", "name").iter_rows())
    names = dict(county.tables["schools"].select("school", "name").iter_rows())
    names |= dict(county.tables["campuses"].select("campus", "name").iter_rows())
    for told in changes(county, ways):
        giver, taker = (_named(sites, names) for sites in (told.way.gives, told.way.takes))
        yield _step(told, village.get(told.way.village) or told.way.village, giver, taker, county.year)


def _named(sites: Sequence[str], names: dict[str, str]) -> Text:
    said = [names.get(site) or site for site in sites]
    return Text("、".join(said), " and ".join(said))


def _step(told: Told, here: str, giver: Text, taker: Text, year: int) -> Step:
    way, (before, after) = told.way, (told.before, told.after)
    stage = STAGES.get(way.stage, Text(way.stage, way.stage))
    title = Text(f"{here}{way.pupils}名{stage.zh}学生改划至{taker.zh}", f"{here}, {way.pupils} pupils ({stage.en}) go to {taker.en}")
    zh = f"{here}与{taker.zh}学区相邻，整村改划；{giver.zh}由{before[0]}人变为{after[0]}人，{taker.zh}由{before[1]}人变为{after[1]}人"
    zh += "，各校生均条件更接近，达标更省钱。"
    en = f"{here} borders the catchment of {taker.en} and goes whole; {giver.en} from {before[0]} pupils to {after[0]}"
    en += f", {taker.en} from {before[1]} to {after[1]}: what schools have for each pupil is nearer, and passing costs less."
    return Step(title=title, reason=Text(zh, en), changes=told.changes, yuan=Decimal(0), pupils=way.pupils, year=year)


def _rezoned(ways: Sequence[Way], yuan: int) -> pl.DataFrame:
    rows = [
        (way.village, way.stage, _side(way.here, way.gives), _side(way.zone, way.takes), way.pupils, float(way.pupils * yuan))
        for way in ways
    ]
    return pl.DataFrame(rows, schema=_REZONED, orient="row")


def _villages(asked: Asked, ways: Sequence[Way]) -> dict[str, pl.DataFrame]:
    """Return the catchment of every village before and after, for the stages in which one goes."""
    made = {}
    for stage, gone in by_stage(ways).items():
        named = {zone: _side(zone, sites) for zone, sites in schools_of(asked.county, stage).items()}
        went = {way.village: way.zone for way in gone}
        rows = [
            (village, named.get(zone, zone), named.get(went.get(village, zone), zone))
            for village, zone in sorted(zones(asked.county, stage).items())
        ]
        made[f"{stage}_villages"] = pl.DataFrame(rows, schema=_VILLAGES, orient="row")
    return made


def _side(zone: str, sites: Sequence[str]) -> str:
    """Return the school of a catchment; of several the catchment's own code."""
    return sites[0] if len(sites) == 1 else zone


def _pupils(today: Question, ways: Sequence[Way]) -> pl.DataFrame:
    """Return the pupils of schools that give or take villages, in every year that was asked for, before and after."""
    years = sorted({today.today.year, *(year.at for year in today.every)})
    units = sorted({unit for way in ways for unit in way.units})
    rows = []
    for year in years:
        for unit in units:
            before = next((way.held[year][unit] for way in ways if unit in way.units), 0)
            after = before + sum(way.flow(year).get(unit, 0) for way in ways)
            rows.append((*unit, year, before, after))
    return pl.DataFrame(rows, schema=_PUPILS, orient="row")


def stays_tables(found: Borders) -> dict[str, pl.DataFrame]:
    """Return the catchments and villages that stay, with the reason, and how many there are of each."""
    rows = pl.DataFrame([(one.stage, one.zone, one.village, one.why) for one in found.stays], schema=_STAYS, orient="row")
    whole = pl.col("zone").filter(pl.col("village").is_null()).n_unique().cast(pl.Int64)
    many = rows.group_by("why", "stage").agg(
        whole.alias("zones"), pl.col("village").drop_nulls().n_unique().cast(pl.Int64).alias("villages")
    )
    return {"zones_stay": rows, "zones_why": many.sort("why", "stage")}


def _since_today(today: Question, goes: Proposal) -> pl.DataFrame:
    """Return the items before and after, "before" being today, when no village had gone."""
    cells, values = today.judged.cells, goes.tables["values"]
    before = []
    for school, stage, item, told in values.select("school", "stage", "item", "before").iter_rows():
        cell = cells.get(((school, stage), item))
        before.append(told if cell is None or not cell.need else float(cell.counted * cell.limit / cell.need))
    return values.with_columns(pl.Series("before", before, dtype=pl.Float64))


def _spreads_since(today: Question, goes: Proposal) -> pl.DataFrame:
    spreads = goes.tables["spreads"]
    told = [today.judged.spreads[stage, item][2] for stage, item in spreads.select("stage", "item").iter_rows()]
    return spreads.with_columns(pl.Series("before", told, dtype=pl.Float64))


def _order(today: Question, ways: Sequence[Way], goes: Proposal) -> pl.DataFrame:
    """Return what comes first: the villages that go, then the rest; how it stands today is that of the county as it is."""
    nothing = Chosen(adds={}, leaves={}, objective=0.0, bound=0.0, amounts=())
    table = goes.tables["order"]
    schools, coefficients = standing(today, nothing)
    now = table.head(1).with_columns(schools=pl.lit(schools, dtype=pl.Int64), coefficients=pl.lit(coefficients, dtype=pl.Int64))
    moved = table.head(1).with_columns(phase=pl.lit(_FIRST), steps=pl.lit(len(ways), dtype=pl.Int64))
    return pl.concat([now, moved, table.slice(1)])
