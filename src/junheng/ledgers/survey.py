"""Surveys: a form as data, and how many are asked and where."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil

from junheng.documents import Document, PackageFile, package_files, parse_yaml
from junheng.errors import Finding, StandardsError, Text
from junheng.model import units
from junheng.standards.section import Section

BY = ("grade", "class", "day")  # what beside school and group an answer may say of itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: a scale and from which answer on people are satisfied, yes or no, a number, or a fact of the register."""

    name: str
    label: Text
    answers: int = 0
    satisfied_from: int = 0
    fact: str = ""
    unit: str = ""  # of a number
    most: int = 0  # a number above this is none
    limit: str = ""  # standard by grade, which the mean of the numbers is held against


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What schools have put up of the same matter, class by class and day by day: held against the limit and against the answers."""

    title: Text
    question: str
    slack: int  # by how much the answers' median may be above what was put up
    fewest: int  # answers of a class from which it is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What schools have to meet a need that the survey asks for: places as they are, rooms that take more, staff."""

    title: Text
    question: str
    places: Mapping[str, Text]
    rooms: Text
    room_holds: int
    staff: Text
    staff_each: int  # children of one adult
    fewest: int  # answers of a school from which its own share is used
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One form: whom it asks, how many, which questions, and which standard the result is held against."""

    name: str
    title: Text
    asks: Text
    share: str  # standard: per mille of residents; "" when so many are asked at each school
    least: int
    each: int  # at each school
    a_class: int  # at most so many in one class, 0: any; classes are drawn by a seed
    groups: Mapping[str, tuple[Text, str]]  # label, and the standard of its least share in percent or ""
    questions: Mapping[str, Question]
    passes: str  # standard: percent satisfied, "" without one
    seconds_a_question: int
    by: tuple[str, ...] = ()  # of BY
    board: Board | None = None
    supply: Supply | None = None
    serves: tuple[str, ...] = ()


def read_survey(document: Document, name: str, findings: list[Finding]) -> Survey:
    """Return the survey of a file; what is wrong is added to `findings`."""
    top = Section(document, (), findings)
    top.keys(("title", "asks", "sample", "groups", "questions", "seconds_a_question"), ("passes", "by", "board", "supply", "serves"))
    sample, groups, questions = top.below("sample"), top.below("groups"), top.below("questions")
    sample.keys(("each", "source") if "each" in sample.data else ("share", "least", "least_source"), ("a_class",))
    asked = {str(key): _question(questions.below(str(key)), str(key)) for key in questions.data}
    for word in top.names("by"):
        if word not in BY:
            top.refuse("ledgers.unknown_type", ("by",), word, allowed=", ".join(BY), close="")
    return Survey(
        name=name,
        title=top.text("title"),
        asks=top.text("asks"),
        share=sample.string("share"),
        least=_whole(sample, "least"),
        each=_whole(sample, "each"),
        a_class=_whole(sample, "a_class"),
        groups={str(key): _group(groups.below(str(key))) for key in groups.data},
        questions=asked,
        passes=top.string("passes"),
        seconds_a_question=_whole(top, "seconds_a_question"),
        by=top.names("by"),
        board=_board(top.below("board"), asked) if "board" in top.data else None,
        supply=_supply(top.below("supply"), asked) if "supply" in top.data else None,
        serves=top.names("serves"),
    )


def _board(section: Section, asked: Mapping[str, Question]) -> Board:
    section.keys(("title", "question", "slack", "fewest"))
    return Board(
        title=section.text("title"),
        question=section.one_of("question", list(asked), "ledgers.unknown_type"),
        slack=_whole(section, "slack"),
        fewest=_whole(section, "fewest"),
    )


def _supply(section: Section, asked: Mapping[str, Question]) -> Supply:
    section.keys(("title", "question", "places", "rooms", "room_holds", "staff", "staff_each", "fewest", "source"))
    places = section.below("places")
    return Supply(
        title=section.text("title"),
        question=section.one_of("question", list(asked), "ledgers.unknown_type"),
        places={str(key): places.text(str(key)) for key in places.data},
        rooms=section.text("rooms"),
        room_holds=_whole(section, "room_holds"),
        staff=section.text("staff"),
        staff_each=max(1, _whole(section, "staff_each")),
        fewest=_whole(section, "fewest"),
        source=section.string("source"),
    )


def _whole(section: Section, key: str) -> int:
    value = section.data.get(key, 0)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    section.refuse("ledgers.not_a_count", (key,), str(value))
    return 0


def _group(section: Section) -> tuple[Text, str]:
    section.keys(("label",), ("share",))
    return section.text("label"), section.string("share")


def _question(section: Section, name: str) -> Question:
    section.keys(("label",), ("answers", "satisfied_from", "fact", "counts", "unit", "most", "limit"))
    answers, satisfied, most = _whole(section, "answers"), _whole(section, "satisfied_from"), _whole(section, "most")
    if not section.string("fact") and not most and not 0 < satisfied <= answers:
        section.refuse("ledgers.not_a_scale", ("satisfied_from",), str(satisfied), answers=answers)
    return Question(
        name=name,
        label=section.text("label"),
        answers=answers,
        satisfied_from=satisfied,
        fact=section.string("fact"),
        unit=section.one_of("unit", list(units()), "standards.unknown_unit"),
        most=most,
        limit=section.string("limit"),
    )


@cache
def _files() -> tuple[PackageFile, ...]:
    return tuple(package_files("junheng.ledgers", "surveys/*.yaml"))


def read_surveys(own: Iterable[PackageFile] = ()) -> Mapping[str, Survey]:
    """Return the surveys by name: an authority's files ledgers/surveys/*.yaml over those that ship. Raises StandardsError."""
    findings: list[Finding] = []
    made = {}
    for file in (*_files(), *own):
        name = file.name.rpartition("/")[2].removesuffix(".yaml")
        made[name] = read_survey(parse_yaml(file.text, file.name), name, findings)
    if findings:
        raise StandardsError(findings)
    return made


# -- whom to ask ------------------------------------------------------------------------------------------------------


def sample_size(residents: int, per_mille: float, least: int) -> int:
    """Return how many are asked: the standard's share of the residents, and never fewer than its least number."""
    return max(ceil(residents * per_mille / 1000), least)


def quotas(wanted: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Return how many are asked in each stratum: in proportion to its size, whole numbers by largest remainder, at most all of it."""
    total = sum(sizes.values())
    if not total:
        return dict.fromkeys(sizes, 0)
    exact = {name: min(wanted, total) * size / total for name, size in sizes.items()}
    found = {name: int(value) for name, value in exact.items()}
    left = min(wanted, total) - sum(found.values())
    for name in sorted(exact, key=lambda name: (found[name] - exact[name], name))[:left]:
        found[name] += 1
    return found


def drawn(seed: str, school: str, classes: Iterable[str], asked: int, a_class: int) -> list[str]:
    """Return the classes of a school in which people are asked: as few as hold `asked` at `a_class` each, by sha256(seed:school:class).

    Announced seed, same list, same draw, on any machine.
    """
    order = sorted(set(classes), key=lambda one: hashlib.sha256(f"{seed}:{school}:{one}".encode()).hexdigest())
    return sorted(order[: ceil(asked / a_class)]) if a_class else []
