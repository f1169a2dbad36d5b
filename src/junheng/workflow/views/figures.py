"""One number and what it is held against: figure, limit, source, concession, shortfall, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from junheng.errors import Text

Verdict = Literal["met", "met_by_concession", "near", "partly", "missed", "no_data", "needs_evidence", "not_applicable"]
Whole = Literal["met", "missed", "not_decided", "not_applicable"]  # the last of a part only, of which nothing applies

NOTHING = Text("", "")


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
    shown: str  # the limit that is applied: relaxed, or the ordinary one where the concession changes what is counted
    counted: str = ""  # the figure counted under the concession; "" where the limit itself is relaxed
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
    absent: Text = NOTHING  # where it is known that there are none, on what that rests: "39 schools sent, no … among them"


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
