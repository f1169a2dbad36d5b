"""A proposal as it is shown: what was asked, the steps, what they cost, how far from the best, and the county before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from junheng.errors import Finding, Text
from junheng.workflow.views.answers import Compared
from junheng.workflow.views.figures import NOTHING, Verdict, Whole
from junheng.workflow.views.judgement import Area, Digests

Outcome = Literal["solved", "best_so_far", "infeasible", "nothing"]  # the last: out of time without any plan


class Line(NamedTuple):
    """A label and what stands beside it."""

    label: Text
    shown: Text


class ChangeLine(NamedTuple):
    """One cell, or one row, that a step changes."""

    table: Text
    place: Text  # code and name of the row
    column: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step as it is read out."""

    number: int
    title: Text
    reason: Text
    year: int
    yuan_shown: str  # "" where it is not known
    pupils_shown: str
    teachers_shown: str
    changes: tuple[ChangeLine, ...]
    is_priced: bool = True  # False: no step of the plan has a cost, so that none lacks one


class AmountLine(NamedTuple):
    """One part of the objective in its own unit, and what it weighs."""

    title: Text
    shown: str
    unit: Text
    weight_shown: str
    weighs_shown: str  # in the objective's unit
    value: float


class PriceLine(NamedTuple):
    """What a rule costs."""

    rule: Text
    sentence: Text  # "放宽1所，目标值减少 120 校·米"
    saves_shown: str
    proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlan:
    """Another good proposal beside the first one."""

    title: Text
    reason: Text
    objective_shown: str
    dearer_shown: str  # "+3.2%" against the proposal, as the brief counts
    gap: Text
    amounts: tuple[str, ...]  # in the order of Proposed.amounts; "" where it has no such part
    differ: Text  # "与本方案有5处不同"
    steps: tuple[Line, ...]  # title and reason


class GridCell(NamedTuple):
    """One cell of a result table: what is read, and the number where it is one."""

    shown: Text
    value: int | float | None


class GridColumn(NamedTuple):
    """One column of a result table."""

    title: Text
    unit: Text
    numeric: bool
    letters: int = 0  # how wide the longest cell is: a Chinese character is two letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table that the planner worked out."""

    id: str
    title: Text
    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[GridCell, ...], ...]
    paper: str = "annex"  # in Word: annex, body, notice and letters (documents), steps (for the list), top (first rows), workbook


class Place(NamedTuple):
    """One place of a map: where it stands, and its colour today and under the proposal ("" for none)."""

    code: str
    name: str
    lon: float | None
    lat: float | None
    before: str
    after: str
    before_value: float | None
    after_value: float | None


class Barrier(NamedTuple):
    """A line on a map that parts what lies to its sides."""

    kind: str  # river, railway or trunk_road
    name: Text
    points: tuple[tuple[float, float], ...]  # longitude and latitude


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMap:
    """A map before and after; `areas` are what is coloured for villages, and the ground below the points for schools."""

    id: str
    title: Text
    places: Literal["schools", "villages"]
    kind: Literal["category", "amount"]
    areas: tuple[Area, ...]
    marks: tuple[Place, ...]
    names: tuple[tuple[str, Text], ...]  # of each category: code and what it is called
    changed: int
    sentence: Text  # "14所学校中有5所改变"
    is_grouped: bool = True  # whether places of one colour belong together, as the schools of a zone do
    lines: tuple[Barrier, ...] = ()  # rivers, railways and trunk roads
    crossings: tuple[tuple[float, float], ...] = ()  # bridges and the like over them


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPair:
    """One framework before the county as it is and as the proposal makes it, by the same judge."""

    framework: str
    title: Text
    applies: bool
    before: Whole
    after: Whole
    counts: tuple[tuple[Verdict, int, int], ...]  # verdict, items today, items after
    turned: tuple[Compared, ...]  # whose verdict is another
    moved: tuple[Compared, ...]  # whose figure is another, the verdict the same
    sentence: Text
    map: PlaceMap | None = None  # schools in the colour of their conclusion; None where it judges no schools


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Everything that `propose` answers."""

    county: str
    county_name: Text
    year: int
    day: date
    planner: str
    title: Text
    question: Text
    outcome: Outcome
    headline: Text  # one sentence: what is proposed, or why not
    brief: tuple[Text, ...]  # the two pages' few sentences
    gap: Text  # 与理论最优最多相差 0.3 %
    objective: Line | None  # its name, and its value with unit
    bound_shown: str
    asked: tuple[Line, ...]
    amounts: tuple[AmountLine, ...]
    steps: tuple[StepLine, ...]
    yuan_shown: str  # of all steps; "" where one is not known
    prices: tuple[PriceLine, ...]
    alternatives: tuple[OtherPlan, ...]
    tables: tuple[Grid, ...]
    maps: tuple[PlaceMap, ...]
    judged: tuple[JudgedPair, ...]
    certificate: tuple[Line, ...]
    proof: Text  # how the certificate proves the bound
    proofs: tuple[Grid, ...]
    findings: tuple[Finding, ...]
    digests: Digests
    plan: str = ""  # the folder in which it is kept
    kinds: tuple[Line, ...] = ()  # of steps: kind, and how many with whom they concern and what they cost
    largest: tuple[StepLine, ...] = ()  # the steps to tell where not all can be told: those that cost or concern most
    note: Text = NOTHING  # e.g. that the standards are not in force there


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced:
    """Why this one and not that one: what it costs to force the other."""

    question: Text
    sentence: Text
    objective: Line
    forced: Line | None  # None: it cannot be
    price_shown: str
    least_shown: str  # the price is at least this, as far as is proven
    most_shown: str
    amounts: tuple[tuple[Text, str, str, str], ...]  # part, as proposed, when forced, difference
    findings: tuple[Finding, ...]  # the rules in conflict when it cannot be
    moves: tuple[ChangeLine, ...] = ()  # what is elsewhere: before as proposed, after when forced
    no_longer: tuple[Text, ...] = ()  # steps that the other choice does without
    instead: tuple[Text, ...] = ()  # steps that it has in their place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansCompared:
    """Two plans of one county side by side."""

    first: Text
    second: Text
    lines: tuple[tuple[Text, str, str, str], ...]  # what, first, second, difference
    only_first: tuple[ChangeLine, ...]
    only_second: tuple[ChangeLine, ...]
    both: int  # changes that are the same
    judged: tuple[JudgedPair, ...]  # before: under the first plan, after: under the second
    notes: tuple[Text, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerLine:
    """One planner in the list of planners."""

    name: str
    title: Text
    question: Text
    options: tuple[tuple[str, Text, str, Text, str], ...]  # name, title, default, unit, bounds
    pins: tuple[tuple[str, str], ...]  # what may be pinned, to what
    changes: tuple[str, ...]
    tables: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A plan that was adopted."""

    plan: str
    title: Text
    sentence: Text
    note: Text  # that no table is changed yet, and how it is
    steps: tuple[Line, ...]
    log: tuple[tuple[str, Text, str, str, str], ...]  # day, what, person, office, document
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A plan that was written into the tables of its year, or taken back from them."""

    plan: str
    folder: str  # the authority's
    title: Text
    sentence: Text
    note: Text  # what of the plan is not written
    tables: tuple[tuple[Text, int, int, int], ...]  # table, rows that came, rows that went, values set
    log: tuple[tuple[str, Text, str, str, str], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An alternative that was kept as a plan of its own."""

    plan: str
    of: str  # the plan beside which it stood
    title: Text
    reason: Text
    steps: tuple[Line, ...]
