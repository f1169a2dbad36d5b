"""Views of profiles: figures beside those of the year before, by school in the order of codes; no sum, no rank."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.errors import Finding, Text


@dataclass(frozen=True, slots=True)
class ProfileName:
    """One profile that can be asked for."""

    id: str
    title: Text
    about: Text


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One figure of a school (or of the county: school ""), as it is shown; "" where it is not known."""

    school: str
    name: str
    stage: Text
    section: Text
    indicator: str
    title: Text
    unit: Text
    before: str
    now: str
    change: str
    chance: bool  # the change is no larger than samples of this size differ
    reason: Text  # why nothing is shown
    value: float | None
    value_before: float | None
    decimals: int


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two schools and what their profiles have in common, in per cent."""

    one: str
    one_name: str
    other: str
    other_name: str
    shown: str
    alike: bool


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """One profile in a school year."""

    name: Text
    title: Text
    about: Text
    of: str
    year: int
    year_before: int | None  # None where the folder holds none
    day: str
    lines: tuple[ProfileLine, ...]
    pairs: tuple[AlikePair, ...]
    alike_from: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class InspectorLine:
    """What one inspector did, by the number of his appointment."""

    code: str
    post: str
    until: str
    schools: int
    visits: int
    unannounced: int
    missed: int
    filed: int
    in_time: int
    grounded: int
    plain: int
    redo: int
    unread: int  # filed, and nobody said how good the report is
    found: int
    closed: int
    relapsed: int


@dataclass(frozen=True, slots=True)
class InspectorSheet:
    """What the inspectors did in twelve months, in the order of their numbers."""

    name: Text
    since: str
    until: str
    within: str  # days in which a report is to be filed
    lines: tuple[InspectorLine, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """One senior school: leavers, how many reached the mark, how many would at the county's rates by band of entry, the difference.

    Shown texts are "" where there are too few leavers or a figure is missing.
    """

    school: str
    name: str
    leavers: str
    reached: str
    expected: str
    difference: str  # percentage points
    low: str
    high: str
    chance: bool  # the difference may be chance
    withheld: Text


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Progress from entry to exit in a school year, by school in the order of codes; for those who may see it."""

    name: Text
    year: int
    least: str
    bands: tuple[tuple[Text, str, str], ...]  # band, leavers, share in per cent
    lines: tuple[ProgressLine, ...]
    findings: tuple[Finding, ...]
