"""Surveys as an officer sees them: whom to ask, what the answers say with their error, what is doubtful, what is over, what is lacking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from junheng.errors import Finding, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyQuota:
    """How many are asked at one school."""

    school: str
    code: str
    pupils: int
    asked: int
    classes: tuple[str, ...]  # drawn by the seed; () where the form does not say how many in a class


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPlan:
    """Whom a survey asks."""

    id: str
    title: Text
    name: Text
    residents: int | None
    wanted: int
    why: Text
    seed: str  # of the draw of classes, announced
    groups: tuple[tuple[Text, str], ...]  # with the least share of each
    quotas: tuple[SurveyQuota, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyShare:
    """What one question gave, with the error, and how that stands against the standard."""

    label: Text
    part: Text  # a grade, or nothing
    shown: str
    band: str
    answers: int
    limit: str
    above: str  # of a number: share of answers above the limit
    stands: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDoubt:
    """What is to be looked into before the answers are believed."""

    school: str
    test: Text
    count: int
    of: int
    said: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyOver:
    """A class over the limit in a week, by what its school put up."""

    week: date
    school: str
    grade: str
    group: str
    days: str  # "3/5"
    most: str
    limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPlaces:
    """How one school's need is met, and what is lacking."""

    school: str
    pupils: int
    need: int
    band: str
    own: Text  # by its own answers, or the county's share
    by: tuple[int | None, ...]  # places used, by sort; None: not stated
    rooms: str
    seats_missing: int | None
    staff_missing: int | None
    plan: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyWave:
    """One wave: when it was out, how many were asked and answered."""

    key: str
    state: Text
    opened: date | None
    closes: date | None
    asked: int | None
    answered: int | None
    rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResult:
    """What the answers of a survey say."""

    id: str
    title: Text
    asks: Text
    name: Text
    day: date
    answers: int
    asked: int | None  # by the plan
    rate: str  # answered of asked
    silent: tuple[str, ...]  # schools that were to be asked and gave no answer
    schools: int
    limit: str
    groups: tuple[tuple[Text, int], ...]
    shares: tuple[SurveyShare, ...]
    doubts: tuple[SurveyDoubt, ...]
    board: Text  # what was put up, "" where the survey has no board
    boards: int  # lines of boards that were read
    over: tuple[SurveyOver, ...]
    supply: Text
    supplies: tuple[Text, ...]  # sorts of places
    places: tuple[SurveyPlaces, ...]
    lacking: Text  # sums of what is lacking
    waves: tuple[SurveyWave, ...]
    findings: tuple[Finding, ...]
