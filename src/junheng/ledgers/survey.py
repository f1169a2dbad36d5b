"""Surveys: a form as data, how many are asked and where, and what the answers say with their error. No school is ranked by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt

import polars as pl

from junheng.documents import Document, PackageFile, package_files, parse_yaml
from junheng.errors import Finding, StandardsError, Text
from junheng.standards.section import Section

_TWO_SIDED_95 = 1.959963984540054  # of the normal distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: how many answers it has, from which one people are satisfied, or which fact of the register it asks for."""

    name: str
    label: Text
    answers: int = 0
    satisfied_from: int = 0
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One form: whom it asks, how many, which questions, and which standard the result is held against."""

    name: str
    title: Text
    asks: Text
    share: str  # standard: per mille of residents
    least: int
    groups: Mapping[str, tuple[Text, str]]  # label, and the standard of its least share in percent or ""
    questions: Mapping[str, Question]
    passes: str  # standard: percent satisfied
    seconds_a_question: int


def read_survey(document: Document, name: str, findings: list[Finding]) -> Survey:
    """Return the survey of a file; what is wrong is added to `findings`."""
    top = Section(document, (), findings)
    top.keys(("title", "asks", "sample", "groups", "questions", "passes", "seconds_a_question"))
    sample, groups, questions = top.below("sample"), top.below("groups"), top.below("questions")
    sample.keys(("share", "least", "least_source"))
    return Survey(
        name=name,
        title=top.text("title"),
        asks=top.text("asks"),
        share=sample.string("share"),
        least=_whole(sample, "least"),
        groups={str(key): _group(groups.below(str(key))) for key in groups.data},
        questions={str(key): _question(questions.below(str(key)), str(key)) for key in questions.data},
        passes=top.string("passes"),
        seconds_a_question=_whole(top, "seconds_a_question"),
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
    section.keys(("label",), ("answers", "satisfied_from", "fact", "counts"))
    answers, satisfied = _whole(section, "answers"), _whole(section, "satisfied_from")
    if not section.string("fact") and not 0 < satisfied <= answers:
        section.refuse("ledgers.not_a_scale", ("satisfied_from",), str(satisfied), answers=answers)
    return Question(name=name, label=section.text("label"), answers=answers, satisfied_from=satisfied, fact=section.string("fact"))


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


# -- what the answers say ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share in percent with the half-width of its 95 % interval (None with fewer than two answers in a stratum), and how many said so."""

    percent: float | None
    half_width: float | None
    answers: int


def satisfaction(answers: pl.DataFrame, question: Question, sizes: Mapping[str, int]) -> Estimate:
    """Return the weighted share of those who are satisfied.

    answers: columns school and the question's (whole numbers, null where not answered). sizes: pupils of each school: a school weighs
    what it is in the county, however many of its people answered. Error of a stratified sample, with the finite-population correction.
    Only schools with answers speak; a question that nobody answered has no share.
    """
    given = answers.drop_nulls(question.name).filter(pl.col("school").is_in(list(sizes)))
    grouped = given.group_by("school").agg(
        (pl.col(question.name) >= question.satisfied_from).mean().alias("share"), pl.len().alias("count")
    )
    rows = [(sizes[school], share, count) for school, share, count in grouped.sort("school").iter_rows()]
    total = sum(size for size, _, _ in rows)
    if not total:
        return Estimate(None, None, 0)
    mean = sum(size * share for size, share, _ in rows) / total
    number = sum(count for _, _, count in rows)
    if any(count < 2 for _, _, count in rows):
        return Estimate(100 * mean, None, number)
    variance = sum((size / total) ** 2 * share * (1 - share) / (count - 1) * max(0.0, 1 - count / size) for size, share, count in rows)
    return Estimate(100 * mean, 100 * _TWO_SIDED_95 * sqrt(variance), number)


def by_group(answers: pl.DataFrame, groups: Sequence[str]) -> dict[str, int]:
    """Return how many of each group answered."""
    counted = dict(answers.group_by("group").len().iter_rows())
    return {group: int(counted.get(group, 0)) for group in groups}
