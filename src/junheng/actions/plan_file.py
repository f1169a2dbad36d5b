"""A plan's YAML file to a Plan: everything that is wrong with it is found in one reading, with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import cast

from junheng.actions.binding import KINDS, Known
from junheng.actions.language.deadlines import Deadline, deadlines
from junheng.actions.plan import Binding, Comparator, Due, DueKind, Measure, Part, Plan, Target
from junheng.actions.plan_rules import check_plan
from junheng.documents import PackageFile, parse_yaml_into
from junheng.errors import Finding, Text
from junheng.standards.section import Section

_PLAN = ("title", "levels", "parts", "measures")
_PLAN_OPTIONAL = ("document", "year", "draft", "note", "lines_set_aside", "claims")
_PART = ("id", "level", "title")
_MEASURE = ("id", "title", "under")
_MEASURE_OPTIONAL = (
    *("task", "owner", "helpers", "due", "numerator", "denominator", "target", "path", "binding", "serves"),
    *("source", "questions", "note"),
)
_COMPARATORS = ("at_least", "at_most", "equals")


def read_plan_file(file: PackageFile, known: Known, findings: list[Finding]) -> Plan | None:
    """Return the plan of a file; None, beside findings, when it cannot be used. `known`: what measures can be bound to."""
    before = len(findings)
    document = parse_yaml_into(file, findings)
    if document is None:
        return None
    top = Section(document, (), findings)
    top.keys(_PLAN, _PLAN_OPTIONAL)
    year = top.data.get("year")
    if year is not None and (not isinstance(year, int) or isinstance(year, bool)):
        top.refuse("actions.not_a_year", ("year",), str(year))
        year = None
    plan = Plan(
        id=PurePosixPath(file.name).stem,
        title=_text(top, "title"),
        document=top.string("document"),
        year=year,
        draft=top.data.get("draft") is True,
        levels=top.names("levels"),
        parts=tuple(_part(one) for one in top.sections("parts")),
        measures=tuple(_measure(one, year, known) for one in top.sections("measures")),
        file=file.name,
    )
    if not any(one.severity == "error" for one in findings[before:]):
        check_plan(plan, findings)
    return None if any(one.severity == "error" for one in findings[before:]) else plan


def _text(section: Section, key: str) -> Text:
    """Return a text: in Chinese alone, or in Chinese and English."""
    value = section.data.get(key)
    if isinstance(value, str) and value:
        return Text(value, value)
    return section.text(key)


def _part(section: Section) -> Part:
    section.keys(_PART, ("under",))
    return Part(
        id=section.label("id"),
        level=section.string("level"),
        title=_text(section, "title"),
        under=section.label("under"),
        line=section.document.line(*section.path),
    )


def _measure(section: Section, year: int | None, known: Known) -> Measure:
    section.keys(_MEASURE, _MEASURE_OPTIONAL)
    source = section.below("source") if "source" in section.data else None
    if source:
        source.keys(("line",), ("words",))
    return Measure(
        id=section.label("id"),
        title=_text(section, "title"),
        under=_labels(section, "under"),
        task=section.label("task"),
        owner=section.string("owner"),
        helpers=section.names("helpers"),
        due=_due(section.below("due"), year) if "due" in section.data else None,
        numerator=section.string("numerator"),
        denominator=section.string("denominator"),
        target=_target(section.below("target")) if "target" in section.data else None,
        path=_path(section),
        binding=_binding(section, known) if "binding" in section.data else None,
        serves=section.names("serves"),
        source_line=_line(source),
        words=source.string("words") if source else "",
        questions=section.names("questions"),
        note=_text(section, "note") if "note" in section.data else Text("", ""),
        line=section.document.line(*section.path),
    )


def _labels(section: Section, key: str) -> tuple[str, ...]:
    value = section.data.get(key)
    return (str(value),) if isinstance(value, int) and not isinstance(value, bool) else section.names(key)


def _line(source: Section | None) -> int | None:
    value = source.data.get("line") if source else None
    return value if isinstance(value, int) else None


def _due(section: Section, year: int | None) -> Due:
    """Return until when: the days that are given, else what the phrase says; a phrase that says no day stays open."""
    section.keys((), ("phrase", "on", "from", "every", "fixed_by"))
    phrase, fixed_by = section.string("phrase"), section.string("fixed_by")
    given, first, every = section.day("on"), section.day("from"), section.string("every")
    said = read_phrase(phrase, year)
    if given and first and given < first:
        section.refuse("actions.ends_before_it_begins", ("on",), given.isoformat())
    if given and said and said.last and said.last != given and not fixed_by:
        section.refuse("actions.day_is_not_the_phrase", ("on",), given.isoformat(), phrase=phrase, said=said.last.isoformat())
    if every:
        return Due(phrase=phrase, kind="recurrence", first=first, last=given, recurrence=every, fixed_by=fixed_by)
    if given:
        return Due(phrase=phrase, kind="period" if first else "day", first=first, last=given, fixed_by=fixed_by)
    if said is None:
        return Due(phrase=phrase, kind="open", fixed_by=fixed_by)
    kind = cast("DueKind", said.kind)  # the kinds of a deadline phrase are those of a day
    return Due(phrase=phrase, kind=kind, first=said.first, last=said.last, recurrence=said.recurrence, fixed_by=fixed_by)


def read_phrase(phrase: str, year: int | None) -> Deadline | None:
    """Return what a phrase says about time: the first of its readings that says when, else the first; None where it says nothing."""
    found = deadlines(f"{phrase}，", year)  # a year alone is read where something follows it
    return next((one for one in found if one.settled), found[0] if found else None)


def _target(section: Section) -> Target | None:
    section.keys((), (*_COMPARATORS, "unit"))
    said = [name for name in _COMPARATORS if name in section.data]
    if len(said) != 1:
        section.refuse("actions.target_not_one", (), "、".join(said) or Text("没有", "none"))
        return None
    value = section.number(said[0])
    if value is None:
        return None
    return Target(comparator=cast("Comparator", said[0]), value=value, unit=section.string("unit"))


def _path(section: Section) -> Mapping[int, Decimal]:
    if "path" not in section.data:
        return {}
    below = section.below("path")
    found = {}
    for key in below.data:
        value = below.number(str(key))
        if not str(key).isdecimal() or len(str(key)) != 4:
            below.refuse("actions.not_a_year", (str(key),), str(key))
        elif value is not None:
            found[int(str(key))] = value
    return found


def _binding(section: Section, known: Known) -> Binding | None:
    below = section.below("binding")
    kinds = [key for key in below.data if key in KINDS]
    if len(kinds) != 1:
        words = "、".join(str(key) for key in below.data) or Text("空", "nothing")
        below.refuse("actions.unknown_binding", (), words, known="、".join(f"{name}（{one.title.zh}）" for name, one in KINDS.items()))
        return None
    (kind,) = kinds
    rule = KINDS[kind]
    below.keys((kind,), (*rule.options, *(("where",) if rule.where else ())))
    target = ",".join(below.names(kind)) if isinstance(below.data[kind], list) else below.label(kind)
    if rule.registry and target and target not in known.get(kind, {}):
        nearest = _nearest(target, known.get(kind, {}))
        below.refuse("actions.unknown_target", (kind,), target, kind=rule.title, close=nearest)
    where = below.below("where") if "where" in below.data else None
    options = {name: below.label(name) for name in rule.options if name in below.data}
    chosen = {str(key): where.label(str(key)) for key in where.data} if where else {}
    return Binding(kind=kind, target=target, options=options, where=chosen)


def _nearest(word: str, known: Mapping[str, Text]) -> Text:
    near = get_close_matches(word, list(known), n=3, cutoff=0.4)
    named = [f"{one}（{known[one].zh}）" for one in near]
    return Text("、".join(named) or "见 plan bindings", ", ".join(near) or "see plan bindings")
