"""From a County and a brief to the numbers of the question: what each school has, needs and can take, and what everything costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.measure_names import known_measures
from junheng.planning.planners.path_to_pass.drift import losses, then
from junheng.planning.planners.path_to_pass.effects import Measured, Unit, measured
from junheng.planning.planners.path_to_pass.measures import Measure, Tables, read_measures, room, stock, tables_of
from junheng.planning.proposal import Brief
from junheng.standards.rulebook import Rulebook

_WAN = 10_000
Target = tuple[str, ...]  # a school and a stage, or a school


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """What the planner is asked, in numbers."""

    county: County  # with the pupils of the year in which it must pass, and without those who retire by then
    today: County
    measures: tuple[Measure, ...]
    judged: Measured
    names: dict[str, str]
    targets: dict[str, tuple[Target, ...]]  # by measure
    most: dict[tuple[str, Target], int]  # portions, by measure and target
    gives: dict[tuple[str, Target], int]  # teachers that may leave, by measure and target
    tables: Tables
    leave: Decimal  # a share of a school's teachers
    reserve: Decimal  # of pupils
    disturbance: int  # yuan that one moved teacher weighs
    budget: Decimal  # yuan a year
    years: int
    at: int  # the school year in which it must pass
    spare: Decimal = Decimal(0)  # yuan of the budget that whole things leave over
    least: Mapping[tuple[str, Target], int] = field(default_factory=dict)  # portions that are pinned, by measure and target
    left_out: frozenset[Unit] = frozenset()  # what cannot pass at any price: it gets no worse
    spreads_out: frozenset[tuple[str, str]] = frozenset()  # stage, requirement: coefficients that no measure brings to their limit
    later: tuple[Question, ...] = ()  # the same in the years after, in which it must still pass with the same amounts

    @property
    def every(self) -> tuple[Question, ...]:
        """Return the question of every year in which it must pass; what is bought and who goes are those of the first."""
        return (self, *self.later)

    def changed(self, change: Callable[[Question], Question]) -> Question:
        """Return the question with the same change made in every year."""
        return replace(change(self), later=tuple(change(each) for each in self.later))


def ask(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, *, soon: bool = True) -> Question:
    """Return the question.

    soon: only with measures that are done by the year asked for. Raises DataError for what cannot be planned with.
    """

    def said(name: str) -> Decimal:
        return Decimal(str(declaration.value(brief, name)))

    years = int(said("years"))
    findings = [*_costs(county), *_limits(county), *_stock(county), *_taught(county), *_ahead(county, years)]
    if findings:
        raise DataError(findings)
    due = county.year + years
    ahead = then(county, due, losses(county, rules, due, said("replaced") / 100)) if years else county
    measures = tuple(each for each in read_measures(county, rules) if not (years and soon) or each.lead_years <= years)
    framework = rules.framework(str(declaration.value(brief, "framework")))
    judged = measured(ahead, framework, rules, measures)
    tables = tables_of(ahead)
    targets = {each.id: _targets(each, judged) for each in measures}
    limits = {(row["measure"], row["school"]): row["most"] for row in county.tables["site_limits"].iter_rows(named=True)}
    leave = said("leave") / 100
    return Question(
        county=ahead,
        today=county,
        measures=measures,
        judged=judged,
        names=dict(
            [
                *county.tables["campuses"].select("campus", "name").iter_rows(),
                *county.tables["schools"].select("school", "name").iter_rows(),
            ]
        ),
        targets=targets,
        most={(each.id, at): _most(each, at, tables, limits) for each in measures for at in targets[each.id]},
        gives={(each.id, at): _gives(each, at, tables, leave) for each in measures if each.kind == "move" for at in targets[each.id]},
        tables=tables,
        leave=leave,
        reserve=said("reserve") / 100,
        disturbance=int(said("disturbance")),
        budget=said("budget") * 10_000,
        years=years,
        at=due,
    )


def with_later_years(question: Question, rules: Rulebook, years: int, replaced: Decimal) -> Question:
    """Return the question that asks for as many years more, each with its pupils and teachers. Raises DataError for unknown pupils."""
    today = question.today
    due = range(today.year + question.years + 1, today.year + question.years + years + 1)
    findings = [one for year in due for one in _ahead(today, year - today.year)]
    if findings:
        raise DataError(findings)
    framework = question.judged.framework

    def of(year: int) -> Question:
        county = then(today, year, losses(today, rules, year, replaced))
        judged = measured(county, framework, rules, question.measures)
        return replace(question, county=county, judged=judged, tables=tables_of(county), at=year)

    return replace(question, later=tuple(of(year) for year in due))


def _targets(measure: Measure, judged: Measured) -> tuple[Target, ...]:
    """Return where a measure changes something that counts."""
    units = {unit for (unit, _), cell in judged.cells.items() if measure.id in cell.adds or measure.id in cell.adds_own}
    return tuple(sorted(units if measure.per == "stage" else {(unit[0],) for unit in units}))


def _most(measure: Measure, at: Target, tables: Tables, limits: dict[tuple[str, str], Decimal]) -> int:
    if (measure.id, at[0]) in limits:
        return int(limits[measure.id, at[0]] // measure.grain)
    if measure.kind == "move":
        return 1000
    found = [1_000_000 if measure.most is None else measure.most]
    if measure.room:
        found.append(room(tables, measure, at))
    if measure.share_of:
        found.append(math.ceil(stock(tables, measure.share_of, at) * measure.share))
    found += [stock(tables, where, at) for where in measure.takes]
    most = min(found)
    return most if most >= measure.least else 0


def _gives(measure: Measure, at: Target, tables: Tables, leave: Decimal) -> int:
    return min([most_leaving(tables, at, leave), *(stock(tables, where, at) for where in measure.takes)])


def most_leaving(tables: Tables, at: Target, leave: Decimal) -> int:
    """Return how many teachers may leave a school in a year: a share of them, one at least where any may."""
    return max(int(stock(tables, "staff.teachers", at) * leave), 1 if leave else 0)


def _costs(county: County) -> Iterator[Finding]:
    known = known_measures()
    for row in county.tables["measure_costs"].iter_rows(named=True):
        place = Place(table="measure_costs", key=(row["measure"],), column="yuan")
        if row["measure"] not in known:
            yield finding("planning.unknown_measure", place, row["measure"], measures=", ".join(sorted(known)))
        if row["yuan"] is None:
            yield finding("planning.measure_without_price", place, Text("没有单价", "no price"))


def _limits(county: County) -> Iterator[Finding]:
    known = known_measures()
    for row in county.tables["site_limits"].iter_rows(named=True):
        place = Place(table="site_limits", key=(row["school"], row["measure"]))
        if row["measure"] not in known:
            yield finding("planning.unknown_measure", place, row["measure"], measures=", ".join(sorted(known)))


def _stock(county: County) -> Iterator[Finding]:
    for name in ("staff", "staff_subjects", "premises", "equipment"):
        frame = county.tables[name]
        counted = [column for column, kind in frame.schema.items() if kind.is_numeric()]
        for row in frame.filter(pl.any_horizontal(pl.col(column) < 0 for column in counted)).iter_rows(named=True):
            below = next(column for column in counted if row[column] is not None and row[column] < 0)
            key = (row["school"], row["stage"]) if "stage" in row else (row["school"],)
            yield finding("planning.negative_stock", Place(table=name, key=key, column=below), str(row[below]))


def _taught(county: County) -> Iterator[Finding]:
    """Yield the schools that have pupils and, as far as all their rows say, no teacher; a number that is not there is not none."""
    pupils = county.tables["enrolment"].group_by("school").agg(pl.col("pupils").sum())
    teachers = county.tables["staff"].group_by("school").agg(pl.col("teachers").max(), pl.col("teachers").null_count().alias("unknown"))
    none = teachers.filter((pl.col("teachers") == 0) & (pl.col("unknown") == 0)).join(pupils, on="school").filter(pl.col("pupils") > 0)
    for school, many in none.sort("school").select("school", "pupils").iter_rows():
        yield finding("planning.pupils_without_teachers", Place(table="staff", key=(school,), column="teachers"), "0", pupils=many)


def _ahead(county: County, years: int) -> Iterator[Finding]:
    if years and not county.tables["school_pupils_ahead"].filter(pl.col("year") == county.year + years).height:
        place = Place(table="school_pupils_ahead", column="year")
        yield finding("planning.no_pupils_ahead_by_school", place, str(county.year + years), year=county.year + years)


STAGES = {
    "primary": Text("小学", "primary"),
    "junior": Text("初中", "junior"),
    "senior": Text("高中", "senior"),
    "preschool": Text("学前", "preschool"),
}


def percent(share: float | Decimal) -> str:
    """Return a share as whole percent, rounded down: it is never more than it says."""
    exact = share if isinstance(share, Decimal) else Decimal(repr(share))
    return f"{math.floor(exact * 100)}%"


def yuan_words(yuan: float) -> Text:
    """Return money as it is read: from ten thousand yuan on in units of ten thousand."""
    if abs(yuan) < _WAN:
        return Text(f"{yuan:,.0f}元", f"{yuan:,.0f} yuan")
    many = f"{yuan / _WAN:,.2f}".rstrip("0").rstrip(".")
    return Text(f"{many}万元", f"{many} ten thousand yuan")


def unit_name(question: Question, unit: Unit | Target) -> str:
    """Return the name of a school, or its code where it has none, and its stage where there is one."""
    stage = "".join(f"（{STAGES[one].zh if one in STAGES else one}）" for one in unit[1:])
    return f"{question.names.get(unit[0]) or unit[0]}{stage}"
