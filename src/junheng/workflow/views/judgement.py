"""A judged county: items, schools, spreads, parts, the map, and the trail of each figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from junheng.errors import Finding, Text
from junheng.workflow.views.answers import StandardRow
from junheng.workflow.views.figures import NOTHING, Concession, Evidence, Figure, Limit, Shortfall, Source, Verdict, Whole
from junheng.workflow.views.sheets import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One requirement, judged for one unit (a school's stage, a stage, or the county)."""

    requirement: str
    number: str  # as the framework prints it
    title: Text
    indicator: str  # "" for an item with no number
    stage: str  # "" when the item is not by stage
    stage_label: Text
    figure: Figure | None
    limit: Limit | None
    verdict: Verdict
    concession: Concession | None
    short: Shortfall | None
    evidence: Evidence | None
    failing: tuple[str, ...] = ()  # of an item judged school by school: names of the schools that miss it
    failing_figures: tuple[tuple[str, Figure], ...] = ()  # the same schools with their figures, each of which opens its trail
    information: tuple[Figure, ...] = ()  # of an evidence item: what the data say on it, for information; the verdict rests on the evidence
    note: Text = NOTHING  # what must be said for the verdict to be understood, e.g. that the standard has no limit for this kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One stage of one school, as it is judged (all-through schools appear once a stage)."""

    school: str
    name: str
    kind: Text
    stage: str
    stage_label: Text
    district: str
    urban_rural: Text
    ownership: Text
    founder: str
    pupils: int | None
    lon: float | None
    lat: float | None
    items: tuple[Item, ...]
    met: int
    near: int
    missed: int
    no_data: int
    of: int
    verdict: Whole
    judged: bool  # False: excluded from the seven (a point under 50 pupils, special, vocational), with the reason
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadPoint:
    """One school in the distribution behind a coefficient of variation."""

    school: str
    name: str
    pupils: float
    value: float
    shown: str
    share: float  # of the squared CV, 0..1
    share_shown: str  # "12.3"
    side: Literal["above", "below", "at"]  # of the county mean
    short: Shortfall | None  # to the limit of the school's own requirement
    urban_rural: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A coefficient of variation between schools, and which schools make it. `points` stand by share, largest first."""

    indicator: str
    title: Text
    unit: Text
    stage: str
    stage_label: Text
    cv: Figure
    mean: Figure
    limit: Limit | None
    verdict: Verdict
    school_limit: float | None  # the limit of the indicator itself, for a line in the chart
    school_floor: float | None
    points: tuple[SpreadPoint, ...]
    missing: tuple[str, ...]  # names of schools without a value: the CV is then unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a framework: its items (county level or by stage) and how many stand where."""

    id: str
    title: Text
    rule: Text  # "至少6项达标，其余不低于85%"
    verdict: Whole
    items: tuple[Item, ...]  # empty for a part judged school by school (see Assessment.units)
    counts: Mapping[Verdict, int]
    units_met: int = 0  # for a part judged school by school
    units_missed: int = 0
    units_open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """One matter that alone decides against recognition."""

    id: str
    title: Text
    occurred: bool | None  # None: not checked
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A polygon of the map: rings of (lon, lat), WGS 84; outer rings and holes are filled by the even-odd rule."""

    id: str
    name: str
    district: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    value: float | None  # what the area may be coloured by: children of school age
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """What the map draws: areas (villages or townships); schools are drawn from Assessment.units."""

    areas: tuple[Area, ...]
    value_label: Text  # what Area.value is, with unit
    note: Text  # on the coordinates, e.g. that points stand at the village, not at the school


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """What makes a page reproducible."""

    county: str
    standards: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of a formula: the table's column, its label, the sum that entered, and its unit."""

    name: str
    label: Text
    shown: str
    unit: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCell:
    """One value of the County that entered a figure, and the cell it was read from ("" where it was not read from a file)."""

    table: str
    key: str
    column: str
    label: Text
    shown: str
    file: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The trail of one figure: formula, inputs, rows and cells, standard."""

    figure: Figure
    place: Text  # "清河县 · 某小学 · 小学"
    formula: str  # the text that was run
    words: Text  # the formula in words
    inputs: tuple[Input, ...]
    steps: tuple[Text, ...]  # merging of sites, splitting of all-through schools, concession …
    cells: tuple[SourceCell, ...]
    cells_left_out: int  # how many more cells there are than are listed
    limit: Limit | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """A figure that is shown and not judged: what the county's schools, classes, teachers and pupils look like."""

    stage: str  # "" for the whole county
    stage_label: Text
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One county in one school year, judged by one framework on one day."""

    county: str
    name: Text
    year: int
    day: date  # the statistics day, on which the standards are read
    framework: str
    title: Text
    source: Source
    applies: bool  # False: the standard is not in force there; the page must say so
    note: Text  # e.g. the plain statement of that
    verdict: Whole
    eligibility: tuple[Item, ...]
    parts: tuple[Part, ...]
    units: tuple[Unit, ...]
    spreads: tuple[Spread, ...]
    vetoes: tuple[Veto, ...]
    concessions: tuple[tuple[str, str, Concession], ...]  # (school or "", requirement, concession) of all that pass only by one
    findings: tuple[Finding, ...]  # of the data and of the standards
    facts: tuple[tuple[Text, str, Text], ...]  # (label, shown, unit): schools, pupils, teachers … of the county
    sheets: tuple[Sheet, ...]  # 表Ⅰ–Ⅵ
    map: Map
    explanations: Mapping[str, Explanation]  # by Figure.id
    digests: Digests
    standards: tuple[StandardRow, ...] = ()  # every standard the verdicts rest on, those inside formulas included
    information: tuple[Information, ...] = ()  # structure: shown, not judged
    not_sent: tuple[tuple[str, str], ...] = ()  # (code, name) of schools of which no return has come in
