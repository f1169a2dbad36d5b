"""Zone boundaries as a measure: villages at a border go to the school of the next catchment where that costs less than what it saves.

Boundaries and measures are found by turns. One program knows both (model.py, with the weights of schools as columns); it says which
villages go, and its bound is one for every plan with such moves. The county with these villages moved is then asked as any other, so
that what is bought and where teachers go is for the pupils whom the judge counts there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Infeasible, Place, Text
from junheng.model.change import Change, apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.choose import late_columns
from junheng.planning.planners.path_to_pass.kept import of_years
from junheng.planning.planners.path_to_pass.model import Going, model
from junheng.planning.planners.path_to_pass.question import STAGES, Question
from junheng.planning.planners.path_to_pass.zones import Way, changes, torn, ways, zones
from junheng.planning.proposal import Brief, Proposal, Step
from junheng.planning.solve import Amount, Impossible, Watch
from junheng.planning.spread_search import solve_spread
from junheng.standards.rulebook import Rulebook

_AGAIN = 4
_SCHEMA = {"village": pl.String, "stage": pl.String, "from": pl.String, "to": pl.String, "pupils": pl.Int64, "yuan": pl.Float64}
_PUPILS = Text("改划的学生", "pupils of another school")
_ZONES = "order.zones"
_HOW = Text(
    "学区可以改划时，均值的平方在其范围内用弦代替，只会放宽，下界对允许的一切改划都成立。",
    "Where catchments may change the square of a mean is its chord over the mean's range, which only gives way: the bound is one for every"
    " change of catchments that the brief allows.",
)
Plan = Callable[[County, Brief], Proposal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rezoned:
    """Villages that go, and what no plan with such moves costs less than."""

    ways: tuple[Way, ...]
    bound: float
    yuan: int  # that one pupil weighs
    today: Question

    @property
    def cost(self) -> float:
        """Return what the pupils who go weigh together, in yuan."""
        return float(sum(way.pupils for way in self.ways) * self.yuan)


def with_zones(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, watch: Watch, plan: Plan) -> Proposal:
    """Return the cheaper of the plans with and without other boundaries. plan: the plan of a county whose boundaries stay.

    Raises DataError where boundaries and later years are asked for together, and as the plan itself does.
    """
    share = float(declaration.value(brief, "zone_moves")) / 100
    if not share:
        return plan(county, brief)
    later = [name for name in ("years", "keep") if int(declaration.value(brief, name))]
    if later:
        raise DataError(finding("planning.zones_of_this_year_only", Place(column=later[0]), str(declaration.value(brief, later[0]))))
    stays = _tried(plan, county, brief)
    found = rezoned(county, rules, brief, declaration, watch)
    told = tuple(changes(county, found.ways))
    after = apply(county, [change for _, each in told for change in each])
    goes = _tried(plan, after, replace(brief, beside=False)) if found.ways and not brief.pins else None
    if isinstance(goes, Proposal) and not _is_worse(rules, declaration, brief, (county, after)):
        goes = _joined(brief, found, goes, tuple(_steps(county, told)), stays if isinstance(stays, Proposal) else None)
        if not isinstance(stays, Proposal) or goes.objective < stays.objective:
            return goes
    if not isinstance(stays, Proposal):
        raise stays
    return _bounded(replace(stays, tables={**stays.tables, "rezoned": _table(replace(found, ways=()))}), found.bound)


def _tried(plan: Plan, county: County, brief: Brief) -> Proposal | Infeasible:
    try:
        return plan(county, brief)
    except Infeasible as error:
        return error


def rezoned(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, watch: Watch) -> Rezoned:
    """Return the villages that go. What would leave a catchment in pieces is left out and sought again; the bound is the first, of all."""
    question = of_years(county, rules, brief, declaration).sought
    share, yuan = float(declaration.value(brief, "zone_moves")) / 100, int(declaration.value(brief, "zone_yuan"))
    open_ways, bound = ways(county, rules, question, share), None
    none = Rezoned(ways=(), bound=-np.inf, yuan=yuan, today=question)
    for _ in range(_AGAIN):
        made = model(question, None, Going(ways=open_ways, share=share, yuan=yuan))
        answer = solve_spread(made.program, made.spreads, brief.limits, late=late_columns(made), seed=brief.seed, watch=watch)
        if isinstance(answer, Impossible):
            return replace(none, bound=bound if bound is not None else np.inf)
        bound = answer.bound if bound is None else bound
        if answer.values is None or made.goes is None:
            return replace(none, bound=bound)
        chosen = tuple(way for way, goes in zip(open_ways, answer.of(made.goes), strict=True) if goes > 0.5)
        apart = torn(county, rules, chosen)
        if not apart:
            return replace(none, ways=chosen, bound=bound)
        open_ways = tuple(way for way in open_ways if way.village not in apart)
    return replace(none, bound=bound if bound is not None else -np.inf)


def _is_worse(rules: Rulebook, declaration: Declaration, brief: Brief, counties: tuple[County, County]) -> bool:
    """Return whether something cannot pass after the villages went that could before."""
    before, after = (_left(rules, declaration, brief, county) for county in counties)
    return not (after.left_out <= before.left_out and after.spreads_out <= before.spreads_out)


def _left(rules: Rulebook, declaration: Declaration, brief: Brief, county: County) -> Question:
    return of_years(county, rules, brief, declaration).sought


def _steps(county: County, told: Sequence[tuple[Way, tuple[Change, ...]]]) -> Iterator[Step]:
    names, village = _names(county, "schools", "school"), _names(county, "villages", "village")
    enrolled = {stage: _sums(county, stage) for stage in {way.giver[1] for way, _ in told}}
    for way, changed in told:
        giver, taker = (names.get(unit[0]) or unit[0] for unit in (way.giver, way.taker))
        here = village.get(way.village) or way.village
        before = [enrolled[unit[1]].get(unit[0], 0) for unit in (way.giver, way.taker)]
        enrolled[way.giver[1]][way.giver[0]] -= way.pupils
        enrolled[way.taker[1]][way.taker[0]] = before[1] + way.pupils
        stage = STAGES.get(way.giver[1], Text(way.giver[1], way.giver[1]))
        title = Text(f"{here}{way.pupils}名{stage.zh}学生改划至{taker}", f"{here}, {way.pupils} pupils ({stage.en}) go to {taker}")
        zh = f"{here}与{taker}学区相邻，整村改划；{giver}由{before[0]}人变为{before[0] - way.pupils}人"
        en = f"{here} borders the catchment of {taker} and goes whole; {giver} from {before[0]} pupils to {before[0] - way.pupils}"
        zh += f"，{taker}由{before[1]}人变为{before[1] + way.pupils}人，生均差距缩小，少花钱达标。"
        en += f", {taker} from {before[1]} to {before[1] + way.pupils}: what schools have for each pupil is nearer, and passing costs less."
        yield Step(title=title, reason=Text(zh, en), changes=changed, yuan=Decimal(0), pupils=way.pupils, year=county.year)


def _names(county: County, table: str, key: str) -> dict[str, str]:
    return dict(county.tables[table].select(key, "name").iter_rows())


def _sums(county: County, stage: str) -> dict[str, int]:
    rows = county.tables["enrolment"].filter(pl.col("stage") == stage).group_by("school").agg(pl.col("pupils").sum())
    return dict(rows.iter_rows())


def _table(found: Rezoned) -> pl.DataFrame:
    rows = [(way.village, way.giver[1], way.giver[0], way.taker[0], way.pupils, float(way.pupils * found.yuan)) for way in found.ways]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _joined(brief: Brief, found: Rezoned, goes: Proposal, steps: tuple[Step, ...], stays: Proposal | None) -> Proposal:
    """Return the plan of the county with the villages moved as one of the county as it is."""
    amount = Amount(_PUPILS, float(sum(way.pupils for way in found.ways)), "pupils", float(found.yuan))
    objective = goes.objective + found.cost
    tables = dict(goes.tables) | {"rezoned": _table(found), "values": _since_today(found, goes.tables["values"])}
    tables["front"] = goes.tables["front"].head(0)  # plans beside the cheapest are told only where boundaries stay
    tables["order"] = _order(found, goes.tables["order"], None if stays is None else stays.tables["order"])
    if stays is not None:
        before = {(row["stage"], row["item"]): row["before"] for row in stays.tables["spreads"].iter_rows(named=True)}
        spreads = goes.tables["spreads"]
        told = [before.get(key) for key in spreads.select("stage", "item").iter_rows()]
        tables["spreads"] = spreads.with_columns(pl.Series("before", told, dtype=pl.Float64))
    certificate = goes.certificate
    made = replace(
        goes,
        brief=brief,
        steps=(*steps, *goes.steps),
        objective=objective,
        amounts=(*goes.amounts, amount),
        tables=tables,
        words={**goes.words, _ZONES: Text("先做：改划学区", "First: other catchments")},
    )
    if certificate is not None:
        numbers: Mapping[str, float] = {**certificate.numbers, "objective": objective}
        how = Text(f"{certificate.how.zh}{_HOW.zh}", f"{certificate.how.en} {_HOW.en}")
        made = replace(made, certificate=replace(certificate, how=how, numbers=numbers))
    return _bounded(made, found.bound)


def _since_today(found: Rezoned, values: pl.DataFrame) -> pl.DataFrame:
    """Return the items before and after, "before" being today, when no village had gone."""
    cells = found.today.judged.cells
    before = []
    for school, stage, item, told in values.select("school", "stage", "item", "before").iter_rows():
        cell = cells.get(((school, stage), item))
        before.append(told if cell is None or not cell.need else float(cell.counted * cell.limit / cell.need))
    return values.with_columns(pl.Series("before", before, dtype=pl.Float64))


def _order(found: Rezoned, goes: pl.DataFrame, stays: pl.DataFrame | None) -> pl.DataFrame:
    """Return what comes first: the villages that go, then the rest; how it stands today is that of the county as it is."""
    moved = goes.head(1).with_columns(phase=pl.lit(_ZONES), steps=pl.lit(len(found.ways), dtype=pl.Int64))
    return pl.concat([*([] if stays is None else [stays.head(1)]), moved, goes.slice(1)])


def _bounded(made: Proposal, bound: float) -> Proposal:
    """Return a proposal with the bound of all plans, those with other boundaries, too."""
    held = min(bound, made.objective)
    if made.certificate is None:
        return replace(made, bound=held)
    numbers = {**made.certificate.numbers, "bound": held}
    return replace(made, bound=held, certificate=replace(made.certificate, numbers=numbers))


def zone_faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> Iterator[Text]:
    """Yield what is wrong with the villages that go: not whole, not at the border, too many pupils, a catchment in pieces."""
    told = proposal.tables.get("rezoned")
    moved = [change for change in proposal.changes if getattr(change, "table", "") == "catchment_villages"]
    listed = told.height if told is not None else 0
    if len(moved) != listed:
        yield Text(f"改划村居应为{len(moved)}个", f"{len(moved)} villages go")
    if told is None or not listed:
        return
    question = of_years(county, rules, replace(proposal.brief, pins=(), forbids=()), declaration).sought
    lawful = {(way.village, way.giver, way.taker[0]): way for way in ways(county, rules, question, _share(proposal, declaration))}
    chosen = []
    for row in told.iter_rows(named=True):
        way = lawful.get((row["village"], (row["from"], row["stage"]), row["to"]))
        if way is None or way.pupils != row["pupils"]:
            yield Text(f"不能改划：{row['village']}", f"may not go: {row['village']}")
        else:
            chosen.append(way)
    for village in sorted(torn(county, rules, chosen)):
        yield Text(f"改划后学区不连片：{village}", f"leaves a catchment in pieces: {village}")
    yield from _too_many(county, proposal, declaration, chosen)


def _share(proposal: Proposal, declaration: Declaration) -> float:
    return float(declaration.value(proposal.brief, "zone_moves")) / 100


def _too_many(county: County, proposal: Proposal, declaration: Declaration, chosen: Sequence[Way]) -> Iterator[Text]:
    """Yield the schools of which more pupils leave or come, on balance, than the brief allows, and those whose numbers do not add up."""
    after = apply(county, proposal.changes)
    for stage in sorted({way.giver[1] for way in chosen}):
        before, now, zone = _sums(county, stage), _sums(after, stage), zones(after, stage)
        for way in chosen:
            if way.giver[1] == stage and zone.get(way.village) != way.zone:
                yield Text(f"学区未改：{way.village}", f"the catchment of {way.village} has not changed")
        for school in sorted({unit[0] for way in chosen for unit in (way.giver, way.taker) if unit[1] == stage}):
            came = sum(
                (way.taker[0] == school) * way.pupils - (way.giver[0] == school) * way.pupils for way in chosen if way.giver[1] == stage
            )
            if now[school] - before[school] != came or abs(came) > _share(proposal, declaration) * before[school] + 1e-9:
                yield Text(f"改划人数不符：{school}", f"the pupils who go do not add up: {school}")
