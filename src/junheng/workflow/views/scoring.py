"""Scores as an officer sees them: forms, sheets that were read, results side by side without an order, and how far raters agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from junheng.errors import Finding, Text
from junheng.workflow.views.figures import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFormLine:
    """One form in the list: what it costs to fill in, and whether its weights were agreed."""

    id: str
    title: Text
    about: Text
    serves: tuple[str, ...]
    items: int
    minutes: int
    held_only: bool
    own: bool  # an authority's own


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreItemHead:
    """One item at the head of a column."""

    label: Text
    group: Text
    weight: str
    other: str  # the weight of the what-if, "" without one
    share: str  # of all weights, "12.5%"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCell:
    """What one item came to: "2.5", "未评", "" where it does not apply; the number, and the grade's word, where there is one."""

    shown: str
    value: float | None
    word: Text
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBeside:
    """Scores that stand beside the result and do not count: of a school or department of itself."""

    label: Text
    result: str
    cells: tuple[str, ...]  # by item


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One unit in one round: its items, its result, and what that hangs on."""

    unit: str
    name: str
    round: str
    day: date | None
    cells: tuple[ScoreCell, ...]
    missing: tuple[Text, ...]
    result: str  # "2.4", "1.8—2.6" while items are missing, "—"
    value: float | None
    changed: str  # under changed weights: "2.2—2.6"
    other: str  # under the weights of the what-if, "" without one
    grade: Text
    firm: Text  # whether the grade hangs on the weights
    hangs: bool
    beside: tuple[ScoreBeside, ...]
    change: Text  # since the round before
    raters: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreAgreement:
    """How far raters agree on one item, or on the whole form."""

    label: Text
    alpha: str
    rated_twice: int
    stands: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRater:
    """By how much one rater, known by a code, scores above or below the others on the same things."""

    code: str
    sheets: int
    apart: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSubject:
    """What was seen in one subject: lessons, mean of each item, share of lessons by way of teaching."""

    label: Text
    things: int
    means: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreAppeal:
    """One appeal or correction that is kept: what was said, what was decided, both values."""

    key: str
    unit: str
    state: Text
    was: str
    now: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReport:
    """What a form's sheets came to. Lines stand in the order of the register, never by result."""

    id: str
    title: Text
    about: Text
    name: Text
    day: date
    scale: Text
    weights: Text  # when and by whom they were agreed
    change: str  # "30%"
    sheets: int
    units: int
    items: tuple[ScoreItemHead, ...]
    beside: tuple[Text, ...]  # whose scores stand beside the result
    lines: tuple[ScoreLine, ...]
    agreement: tuple[ScoreAgreement, ...]
    raters: tuple[ScoreRater, ...]
    marks: tuple[Text, ...]
    subjects: tuple[ScoreSubject, ...]
    appeals: tuple[ScoreAppeal, ...]
    days_for_appeal: int
    what_if: Text  # the other weights, "" without them
    held: tuple[tuple[Text, Text], ...]  # items from what is held: item, whence
    minutes: int  # that filling in took
    too_few: Text  # units with too few things for a result of their own
    sparse: bool  # each unit has items of its own
    public: bool  # may be put up: items in words, without result and order
    undecided: int
    hanging: int  # grades that other weights would change
    findings: tuple[Finding, ...]
