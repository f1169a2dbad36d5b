"""Plans as an officer sees them: the tree, each measure with its figure, list or document, what is claimed, verified, behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from junheng.errors import Finding, Text

Form = Literal["figure", "list", "document"]
Standing = Literal["verified", "claimed", "under_way", "behind", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """One thing that stands between a measure and its target."""

    what: str
    where: str
    owner: str
    due: str
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """One measure as it stands."""

    id: str
    task: str  # what it counts as
    title: Text
    plan: Text
    shared: tuple[Text, ...]  # other plans that it serves
    owner: str
    helpers: tuple[str, ...]
    due: str  # "2024-12-31", "每天", "期限待定"
    phrase: str
    fixed_by: str
    late: str  # "逾期69天", "还有30天", ""
    overdue: bool
    standing: Standing
    form: Form
    bound: Text  # "指标 class_size.oversized_share"
    binding: str  # kind of the binding
    shown: str  # the figure, the count of the list, the document
    sentence: Text  # one statement of fact; why it is not known
    basis: Text
    numerator: str
    denominator: str
    claimed: str
    verified: str
    whole: str
    target: str
    path: str  # what the path asks for by now
    complete: bool  # nothing and nobody is left out
    gaps: tuple[GapLine, ...]
    gaps_left_out: int
    gaps_all: int
    command: str
    serves: tuple[str, ...]
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One part of a plan with its measures below it."""

    id: str
    level: str
    title: Text
    depth: int
    measures: tuple[str, ...]  # ids of those directly in it
    counts: Mapping[Standing, int]  # of all below it
    all: int
    behind: bool
    sentence: Text  # "5项：核实2、推进1、滞后2"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One plan."""

    id: str
    title: Text
    document: str
    draft: bool
    structure: Text  # "1个统领、2个体系、4个行动"
    headline: Text  # which of the ten is behind
    parts: tuple[PartLine, ...]
    measures: tuple[MeasureLine, ...]
    counts: Mapping[Standing, int]
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansStatus:
    """Every plan of an authority as it stands on a day."""

    name: Text
    day: date
    year: int
    plans: tuple[PlanLine, ...]
    tasks: int  # distinct ones
    counts: Mapping[Standing, int]  # of distinct tasks
    sentence: Text
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact under a sentence of a report: its number, what it says, on which data, how it is opened."""

    number: int
    measure: str
    says: str
    basis: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSentence:
    """One sentence of a report and the facts that it rests on."""

    text: str
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """One section of a report."""

    title: str
    sentences: tuple[ReportSentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkReport:
    """The draft of a year-end work report: nothing stands in it that does not rest on a fact."""

    title: str
    subtitle: str
    day: date
    sections: tuple[ReportSection, ...]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityLine:
    """One thing that counties' documents ask for, and what serves it."""

    id: str
    title: Text
    kinds: tuple[str, ...]
    served: bool
    by: tuple[Text, ...]  # "清单比对 disabled-placed"
    reason: Text  # why it is not served, or what is lacking
    measures: tuple[str, ...]  # of the plans asked for, that rest on it: plan/measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Rows of the list of capabilities that are served."""

    rows: tuple[CapabilityLine, ...]
    served: int
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One measure of a draft, for the screen."""

    id: str
    line: int
    words: str
    kind: str
    numbers: str
    due: str
    coverage: str
    capabilities: str
    bound: str
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """What was read from a policy text."""

    file: str
    written: str
    encoding: str
    year: int | None
    actions: tuple[str, ...]
    lines: tuple[DraftLine, ...]
    aside: tuple[tuple[int, str, Text], ...]
    questions: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPlan:
    """One plan file that can be used."""

    id: str
    title: Text
    structure: Text
    measures: int
    draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansChecked:
    """What a check of plan files found."""

    plans: tuple[CheckedPlan, ...]
    findings: tuple[Finding, ...]
