"""Everything a presenter may see: values only, already worked out, labelled, rounded and sourced.

Presenters hold no arithmetic: where a number is to be printed its `shown` text stands beside it, and where it is to be drawn or
sorted its `value` does. Lists are in the order in which they are to be shown. Verdict and kind words are ids; present/wording.py
holds their texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from junheng.errors import Finding, Text

Verdict = Literal["met", "met_by_concession", "near", "partly", "missed", "no_data", "needs_evidence"]
Whole = Literal["met", "missed", "not_decided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The document behind a limit: key, title, number, item, day, how sure we are of the value, and who has checked it."""

    key: str  # e.g. "moe-2017-6#resources-1"
    title: Text
    number: str  # document number, e.g. 教督〔2017〕6号
    item: str
    day: date | None  # since when the value holds
    confidence: str  # tag of the value: O, O*, L or M, and the number of sources
    reviewed: str  # "" until a named person has compared the value with the original, then who and when
    jurisdiction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A standard's value as it is applied."""

    parameter: str
    comparator: Literal["at_least", "at_most", "above", "below", "equals"]
    value: float
    shown: str  # "4.2"
    unit: Text
    near: float | None  # the floor of an item that may be near, e.g. 85 % of the value
    near_shown: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Concession:
    """A relaxed limit that applies, or would apply but for its end."""

    id: str
    title: Text
    shown: str  # the relaxed value
    unit: Text
    until: date | None
    in_force: bool
    duty: Text  # what the authority owes in return
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number: value for drawing and sorting, shown at its declared precision, exact for who wants to recompute it."""

    id: str  # opens the trail: framework/indicator/stage/school; "-" stands for a level that does not apply
    label: Text
    value: float | None  # None: no data
    shown: str  # "" when there is no data
    exact: str  # e.g. "137 / 3265 × 100 = 4.196018…"
    unit: Text
    missing: int = 0  # rows whose inputs are missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """How much of the numerator is lacking: to the limit, and to the floor (85 %) where there is one."""

    to_limit: str  # "2.3", in `unit`; "" when met
    to_floor: str
    unit: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What proves an item that has no number."""

    conclusion: str
    document: str
    day: date | None
    office: str


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
class Cell:
    """One cell of a sheet: a value Excel can compute with, the decimals it is printed at, and its colour's reason."""

    value: str | int | float | bool | date | None
    decimals: int | None = None
    verdict: Verdict | None = None
    text: bool = False  # long digit strings: written as text
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading cell of a sheet, with its span."""

    text: Text
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A printed table: form 表Ⅰ–Ⅵ, or a list to take away. `headings` are rows of spanning cells from left to right."""

    id: str
    name: Text  # of the worksheet, at most 31 characters
    title: Text
    subtitle: Text
    headings: tuple[tuple[Heading, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]  # in characters, one a column
    notes: tuple[Text, ...] = ()
    landscape: bool = True


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
    not_sent: tuple[tuple[str, str], ...] = ()  # (code, name) of schools of which no return has come in


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
class Compared:
    """One figure in two assessments."""

    label: Text
    place: Text
    before: Figure | None
    after: Figure | None
    before_verdict: Verdict | None
    after_verdict: Verdict | None
    change: str  # "+0.12"; "" when one side has no data
    turn: Literal["gained", "lost", "same", "new", "gone", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two years or two counties side by side."""

    before: Text
    after: Text
    rows: tuple[Compared, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardRow:
    """One value of a standard, for the list of standards."""

    id: str
    title: Text
    selector: Text  # in words: 小学; empty when there is one value for all
    shown: str
    unit: Text
    comparator: str
    holds: bool  # whether it is the value that holds on the day
    source: Source
    confidence: Text  # what the source's confidence tag means
    note: Text
    stale: Text  # empty unless there is reason to look again


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came in, what was refused, who has not sent."""

    county: str
    year: int
    files: tuple[tuple[str, str, int, int], ...]  # (file, form recognised or "", cells loaded, cells refused)
    tables: tuple[tuple[str, Text, int, int], ...]  # (table, title, rows, rows changed)
    totals: tuple[tuple[str, Text, str, str, bool], ...]  # (file, label, total in the file, total loaded, equal)
    not_sent: tuple[tuple[str, str], ...]  # (code, name)
    findings: tuple[Finding, ...]
    written: tuple[str, ...]  # files written; empty when nothing was


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of a reference page: a heading, a sentence, and a table."""

    title: Text
    text: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePage:
    """One generated page of the reference."""

    name: str  # of the file, without ending
    title: Text
    text: Text
    sections: tuple[Section, ...]
