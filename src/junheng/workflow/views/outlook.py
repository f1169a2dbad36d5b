"""What two censuses tell of an area without a word about its schools: children of school age ahead, and the seats they will need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from junheng.errors import Finding, Text
from junheng.workflow.views.figures import Source
from junheng.workflow.views.foresight import Assumption, Series
from junheng.workflow.views.judgement import Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookYear:
    """One stage in one year; "" where no standard says how many."""

    year: int
    children_shown: str  # of the middle scenario
    children80_shown: str  # its 80 % band; the count itself in the base year
    low_shown: str  # middle of the low scenario
    high_shown: str
    seats: float
    seats_shown: str
    seats80_shown: str
    change_shown: str  # seats against the base year: "−23 %"
    classes_shown: str  # fewest classes at the class limit
    staff_shown: str  # fewest staff (teachers in kindergartens) at the standard's ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookStage:
    """One stage of schooling: its children, and what they need."""

    stage: str
    stage_label: Text
    ages: str  # "6–11"
    ratio_shown: str  # entry ratio at the start and end: "100 %"
    class_limit_shown: str
    staff_ratio_shown: str
    series: Series
    years: tuple[OutlookYear, ...]  # the years that tables show


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookZone:
    """One county of a prefecture: children of two stages in the years that tables show."""

    zone: str
    name: str
    children: tuple[tuple[str, ...], ...]  # by stage as in Outlook.zone_stages, then by year
    change_shown: tuple[str, ...]  # by stage, from the base year to the last


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortLine:
    """One cohort, counted twice."""

    name: str  # the area, or a county of it
    cohort: Text  # "2010年0–4岁 → 2020年10–14岁"
    before_shown: str
    after_shown: str
    ratio_shown: str
    elsewhere_shown: str  # the same ratio for the nation
    yearly_shown: str  # net migration in ‰ a year; "" where it cannot be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Everything that `outlook` answers for one authority."""

    county: str
    county_name: Text
    year: int  # of the later count
    before: int  # of the earlier one
    until: int
    day: date  # of the later count's school year: what the paper is dated by
    shown_years: tuple[int, ...]
    headlines: tuple[Text, ...]
    stages: tuple[OutlookStage, ...]
    zone_stages: tuple[Text, ...]
    zones: tuple[OutlookZone, ...]  # empty where the area is one county
    cohorts: tuple[CohortLine, ...]
    scenarios: tuple[tuple[Text, Text], ...]  # title and what it supposes
    assumptions: tuple[Assumption, ...]  # on which the figures rest most
    standards: tuple[Source, ...]
    limits: tuple[Text, ...]
    method: tuple[Text, ...]
    findings: tuple[Finding, ...]
    digests: Digests
