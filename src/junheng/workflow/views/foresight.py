"""What is coming: pupils, seats and teachers in the years ahead, with bands, and how far such forecasts have been right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from junheng.errors import Finding, Text
from junheng.workflow.views.figures import Figure, Source, Verdict
from junheng.workflow.views.judgement import Digests, Map
from junheng.workflow.views.sheets import Sheet

AreaKind = Literal["county", "district", "school"]
Level = Literal["none", "watch", "warning", "alarm", "surplus", "unknown"]  # 无、关注、预警、告急、富余、无法判断
Lateness = Literal["done", "on_time", "late", "undated", "not_due"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A predictive distribution at one point: its middle and the ends of the 50 % and 80 % bands, as values and as texts.

    The middle (中值) is the path on which schools add up to townships and these to the county: near the median of the draws,
    not equal to it.
    """

    low80: float
    low50: float
    middle: float
    high50: float
    high80: float
    shown: str  # the middle: "1,234"
    shown80: str  # "1,180–1,290"
    shown50: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPoint:
    """One school year of a series: what was counted, or what is foreseen."""

    year: int
    known: float | None  # counted pupils; None in a year ahead or not returned
    known_shown: str
    band: Band | None  # None in a known year


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Pupils (or entrants, or children) of one area and stage over known and foreseen years, in one scenario."""

    id: str  # scenario/what/area/stage/grade
    title: Text
    area: str  # code; the county's own for the county
    area_kind: AreaKind
    stage: str
    stage_label: Text
    grade: str  # "" for the whole stage
    unit: Text
    points: tuple[SeriesPoint, ...]
    note: Text  # "" or e.g. that the errors are pooled


@dataclass(frozen=True, slots=True, kw_only=True)
class PyramidBar:
    """One age of the population pyramid in one year."""

    age: int
    male: float
    female: float
    shown_male: str
    shown_female: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pyramid:
    """Population by single age and sex in one year: known or foreseen."""

    year: int
    known: bool
    bars: tuple[PyramidBar, ...]
    note: Text  # e.g. split from five-year groups, by which method


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """Need against seats of one area and stage in one year."""

    area: str
    area_name: str
    area_kind: AreaKind
    stage: str
    stage_label: Text
    year: int
    need: Band | None  # None: not known
    seats: int | None  # None: some seats of the area are unknown; missing is not zero
    seats_shown: str
    balance_shown: str  # seats - middle of the need, signed
    balance: float | None
    shortage_probability: float | None  # 0..1
    shortage_probability_shown: str  # "37 %"
    shortage_shown: str  # mean of the shortage over all draws: "45"
    level: Level
    reason: Text  # which rule gave the level, in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Notable:
    """One school to look at in a year ahead: oversized classes or school appearing or gone, falling under 100 pupils, closing."""

    kind: str  # large_class_appears, large_class_gone, large_school_appears, large_school_gone, small_school, no_entrants
    school: str
    name: str
    stage: str
    stage_label: Text
    year: int
    sentence: Text  # ready to print, with its numbers
    probability: float | None
    probability_shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLine:
    """One project of the programme: seats, steps, and whether it is late."""

    project: str
    name: str
    kind: Text
    school: str
    school_name: str
    stage: str
    stage_label: Text
    seats: int | None
    seats_shown: str
    yuan_shown: str
    steps: tuple[tuple[Text, date | None, date | None, Lateness], ...]  # (立项…投用, planned, actual, how it stands)
    in_use: date | None  # the day on which its seats are counted on
    counted_from: int | None  # the school year from which its seats are counted; None: never, for want of a date
    lateness: Lateness
    days_late: int
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A promised total of new seats, opened into the projects that make it up."""

    promise: str
    title: str
    document: str
    due: date | None
    promised: int
    delivered: int
    unreturned: int  # of these: should stand in the returns of the schools, and do not
    under_way: int  # seats of its projects that are not yet in use and not late
    late: int
    unnamed: int  # promised, and in no project at all
    projects: tuple[str, ...]
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherLine:
    """Teachers needed in one year by stage (subject "" for all) beside those who stay after retirements."""

    stage: str
    stage_label: Text
    subject: str
    subject_label: Text
    year: int
    need_shown: str
    need80_shown: str
    need: float | None
    staying: float | None
    staying_shown: str
    retiring_shown: str  # in that year
    to_hire: float | None
    to_hire_shown: str
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRow:
    """How forecasts made in the past turned out, at one horizon, beside two baselines."""

    level: AreaKind
    area: str  # code, of a single township; "" for all areas of the level together
    area_name: str
    stage: str
    stage_label: Text
    grade: str  # "" for the whole stage
    horizon: int  # years ahead
    forecasts: int  # how many were compared
    mape_shown: str  # ours: mean absolute percentage error; no percentage is printed of one single forecast
    bias_shown: str  # mean signed percentage error
    cover50_shown: str  # share of outcomes inside the 50 % band; of one forecast "1/1" or "0/1"
    cover80_shown: str
    wis_shown: str  # weighted interval score, in pupils
    last_value_mape_shown: str
    three_year_mape_shown: str
    last_value_wis_shown: str
    three_year_wis_shown: str
    mape: float | None
    three_year_mape: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The record of past forecasts that stands beside the forecast."""

    basis: Literal["own", "pooled"]  # own: of this county's own data; pooled: too short a history, errors of other places
    calibration: Text  # whose errors the bands rest on and how far they held, where a simple way was nearer: beside the bands; no full stop
    sentence: Text  # how it was done and on which years
    rows: tuple[ErrorRow, ...]
    published: tuple[tuple[Text, Text], ...]  # errors that others publish: (who, what), for orientation


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterLine:
    """Children of a stage's entry age in one year: as foreseen at the origin, and as births counted since imply."""

    stage: str
    stage_label: Text
    age: int
    year: int
    foreseen: Band
    born: float
    born_shown: str
    whole: bool  # every month of those births was counted; else some were stretched from others
    error_shown: str  # foreseen against births, "+3.1%"
    inside: bool  # births lie within the 80 % band of the county
    zones_inside: int  # of how many townships they lie within theirs
    zones: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What came after a forecast from a past year: births counted since against the children it would have foreseen."""

    sentence: Text
    lines: tuple[LaterLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One named assumption of a scenario."""

    id: str
    title: Text
    shown: str
    unit: Text
    source: Source | None
    note: Text  # e.g. recalled, to be supplied by the user


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named set of assumptions; the first one is what the pages open with."""

    id: str
    title: Text
    assumptions: tuple[Assumption, ...]
    series: tuple[Series, ...]
    pyramids: tuple[Pyramid, ...]
    seats: tuple[SeatLine, ...]
    notable: tuple[Notable, ...]
    teachers: tuple[TeacherLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outturn:
    """One framework before today's county and before a projected year: how many items stand where when only the pupils change."""

    framework: str
    title: Text
    year: int
    projected_year: int
    counts: tuple[tuple[Verdict, int, int], ...]  # verdict, items today, items in the projected year
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """Everything that `foresee` answers, for one county from one school year."""

    county: str
    county_name: Text
    year: int  # the last school year that is known
    horizons: tuple[int, ...]  # 3, 6, 9, 15 years, as far as the data carry
    as_of: date
    scenarios: tuple[Scenario, ...]
    brief: tuple[Text, ...]  # the headlines in some eight short lines, one a stage first
    headlines: tuple[Text, ...]  # ready to read out; every one from a figure of the first scenario
    figures: tuple[Figure, ...]  # the handful of figures behind the headlines
    projects: tuple[ProjectLine, ...]
    promises: tuple[PromiseLine, ...]
    backtest: Backtest
    map: Map  # areas with shapes; SeatLine.area joins to its areas
    notice: Text  # text of the public notice 学位预警公告, plain paragraphs separated by newlines; "" when no level asks for one
    limits: tuple[Text, ...]  # what these data cannot say
    method: tuple[Text, ...]  # how it is worked out, in paragraphs
    sheets: tuple[Sheet, ...]  # the workbook of all numbers
    findings: tuple[Finding, ...]
    digests: Digests
    sources: tuple[Source, ...]
    later: Later | None = None  # where the folder holds births of after the origin
    outturns: tuple[Outturn, ...] = ()  # the authority's frameworks before a projected year, where one was asked for
