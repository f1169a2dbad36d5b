"""A plan as a county writes it: parts in levels of its own naming, and measures with owner, day, target and what each is bound to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from junheng.errors import Text

DueKind = Literal["day", "period", "recurrence", "open"]
NO_NOTE = Text("", "")
Comparator = Literal["at_least", "at_most", "equals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Until when: the phrase of the document as it stands, the day it was given, and who fixed that day."""

    phrase: str
    kind: DueKind  # open: nobody has said when
    first: date | None = None
    last: date | None = None
    recurrence: str = ""  # RRULE of what comes again
    fixed_by: str = ""  # who gave the day where the phrase does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the figure must come to, in the unit of what it is bound to."""

    comparator: Comparator
    value: Decimal
    unit: str

    def reached(self, value: Fraction) -> bool:
        """Return whether a value reaches the target, exactly."""
        bound = Fraction(self.value)
        return {"at_least": value >= bound, "at_most": value <= bound, "equals": value == bound}[self.comparator]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a measure's progress is computed from: a kind of binding.py, what of that kind, and how it is narrowed."""

    kind: str
    target: str
    options: Mapping[str, str]
    where: Mapping[str, str]  # of records: field -> value


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the plan, at a level as the county names it: 统领, 体系, 行动."""

    id: str
    level: str
    title: Text
    under: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing that was decided: who does it with whom, until when, of what how much, and what shows it."""

    id: str
    title: Text
    under: tuple[str, ...]  # parts of its plan; several: it serves them all and counts once
    task: str = ""  # the same word in several plans: one task, which counts once
    owner: str = ""
    helpers: tuple[str, ...] = ()
    due: Due | None = None
    numerator: str = ""
    denominator: str = ""
    target: Target | None = None
    path: Mapping[int, Decimal]  # of a plan of several years: what each year is to reach
    binding: Binding | None = None
    serves: tuple[str, ...] = ()  # rows of the list of capabilities
    source_line: int | None = None  # of the document
    words: str = ""  # of the document; only in a draft
    questions: tuple[str, ...] = ()  # of a draft: what a person must still say
    note: Text = NO_NOTE
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One plan."""

    id: str  # name of its file
    title: Text
    document: str  # in which it was decided
    year: int | None  # of which it speaks: phrases are dated by it
    draft: bool  # drafted from a text, and confirmed by nobody yet
    levels: tuple[str, ...]
    parts: tuple[Part, ...]
    measures: tuple[Measure, ...]
    file: str

    def task_of(self, measure: Measure) -> str:
        """Return what a measure counts as: its task, which other plans may share, or itself."""
        return measure.task or f"{self.id}/{measure.id}"
