"""A roster's YAML file to a Roster: everything that is wrong with it is found in one reading, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from junheng.coverage.condition import faults
from junheng.coverage.roster import (
    COLUMN_KINDS,
    LEVELS,
    PERIODS,
    RHYTHMS,
    SOURCES,
    Amounts,
    Due,
    Least,
    Outside,
    Roster,
    Source,
    SourceColumn,
)
from junheng.documents import Document
from junheng.errors import Finding, Text
from junheng.matching import shipped_rules
from junheng.model import units
from junheng.standards.section import Section

_NEEDED = ("title", "about", "of", "claim", "owner", "due_days", "rhythm", "names", "should", "did", "match")
_MORE = ("serves", "subject", "shows", "groups", "least", "amounts", "once", "wrong", "outside", "kind", "given", "source", "whole")
_SOURCE = ("title", "columns", "where", "verified", "proven", "each", "group", "states")
_LEAST = ("amount", "standard", "unit", "factor", "total", "day", "per", "length")
_DUE = ("when", "column", "standard", "unit", "by", "times", "share")


def read_roster(document: Document, name: str, findings: list[Finding]) -> Roster | None:
    """Return the roster of a file whose name makes it `name`; None, beside findings, when it cannot be used."""
    before = len(findings)
    top = Section(document, (), findings)
    top.keys(_NEEDED, _MORE)
    match = top.below("match") if "match" in top.data else None
    rule = _match(match) if match else ""
    roster = Roster(
        id=name,
        title=top.text("title"),
        about=top.text("about"),
        of=top.text("of"),
        claim=top.text("claim"),
        owner=top.string("owner"),
        due_days=whole(top, "due_days"),
        rhythm=top.one_of("rhythm", RHYTHMS, "coverage.unknown_word"),
        names=top.one_of("names", LEVELS, "coverage.unknown_word"),
        serves=top.names("serves"),
        should=_source(top.below("should"), rule) if "should" in top.data else _NOTHING,
        did=tuple(_source(one, rule) for one in top.sections("did")),
        keys=match.names("keys") if match else (),
        rule=rule,
        register=(match.string("register") if match else "") or "did",
        subject=top.string("subject"),
        shows=top.names("shows"),
        groups=top.string("groups"),
        least=_least(top.below("least")) if "least" in top.data else Least(),
        amounts=_amounts(top.below("amounts")) if "amounts" in top.data else None,
        once=_once(top),
        wrong=truth(top, "wrong"),
        outside=tuple(_outside(one) for one in top.sections("outside")),
        kind=top.string("kind") or "missing_line",
        given={str(key): str(value) for key, value in (top.below("given").data if "given" in top.data else {}).items()},
        source=top.string("source"),
        whole=top.text_or_none("whole"),
        file=document.file,
    )
    return None if len(findings) > before else roster


_NOTHING = Source(sort="list", name="", title=Text("", ""), columns={}, where={}, each={})


def whole(section: Section, key: str, default: int = 0) -> int:
    """Return a whole number, 0 or more, or what stands for an absent one."""
    value = section.data.get(key, default)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    section.refuse("coverage.not_a_count", (key,), str(value))
    return default


def truth(section: Section, key: str) -> bool:
    """Return true or false; false when the key is absent."""
    value = section.data.get(key, False)
    if not isinstance(value, bool):
        section.refuse("coverage.not_yes_or_no", (key,), str(value))
    return value is True


def _match(section: Section) -> str:
    section.keys((), ("keys", "rule", "register"))
    if ("keys" in section.data) == ("rule" in section.data):
        section.refuse("coverage.match_by_one", (), Text("keys与rule二者择一", "keys or rule, one of them"))
    if "register" in section.data:
        section.one_of("register", ("should", "did"), "coverage.unknown_word")
    return section.one_of("rule", list(shipped_rules()), "coverage.unknown_word") if "rule" in section.data else ""


def _source(section: Section, rule: str) -> Source:
    sorts = [sort for sort in SOURCES if sort in section.data]
    section.keys((), (*SOURCES, *_SOURCE))
    if len(sorts) != 1:
        section.refuse("coverage.source_of_one", (), "、".join(sorts) or Text("没有来源", "no source"), sources="、".join(SOURCES))
    sort = sorts[0] if sorts else "list"
    name = section.string(sort) if sorts else ""
    columns = section.below("columns") if "columns" in section.data else None
    given = {str(key): _column(columns.below(key), str(key), sort) for key in columns.data} if columns else {}
    return Source(
        sort=sort,
        name=name,
        title=section.text_or_none("title") or Text(name, name),
        columns=_by_rule(rule, sort, given) | given,
        where=_test(section, "where"),
        verified=_test(section, "verified") if "verified" in section.data else None,
        proven=truth(section, "proven"),
        each=_each(section),
        group=section.names("group"),
        states=section.names("states"),
        line=section.document.line(*section.path),
    )


def _by_rule(rule: str, sort: str, given: Mapping[str, SourceColumn]) -> dict[str, SourceColumn]:
    """Return the columns by which a match rule compares persons: every list of a roster with such a rule may have them."""
    if not rule or sort != "list":
        return {}
    own = {heading for column in given.values() for heading in column.headings}  # what the roster names itself is not the rule's
    return {
        one.name: SourceColumn(headings=tuple(word for word in one.headings if word not in own), label=one.title)
        for one in shipped_rules()[rule].columns
        if one.name not in given
    }


def _column(section: Section, name: str, sort: str) -> SourceColumn:
    section.keys((), ("kind", "from", "headings", "label"))
    kind = section.one_of("kind", COLUMN_KINDS, "coverage.unknown_word") if "kind" in section.data else "text"
    headings, source = section.names("headings"), section.string("from")
    if sort == "list" and not headings and not source:
        section.refuse("coverage.no_headings", (), name)
    label = headings[0] if headings else source or name
    return SourceColumn(kind=kind, source=source, headings=headings, label=section.text_or_none("label") or Text(label, name))


def _test(section: Section, key: str) -> Mapping[str, object]:
    if key not in section.data:
        return {}
    test = section.below(key)
    for column, found in faults(test.data):
        test.refuse("coverage.bad_condition", (column,), found)
    return dict(test.data)


def _each(section: Section) -> dict[str, tuple[str, ...]]:
    below = section.below("each") if "each" in section.data else None
    return {str(key): below.names(str(key)) for key in below.data} if below else {}


def _number(section: Section, key: str, default: int) -> Decimal:
    return (section.number(key) if key in section.data else None) or Decimal(default)


def _least(section: Section) -> Least:
    section.keys((), _LEAST)
    if "standard" in section.data and "unit" not in section.data:
        section.refuse("coverage.standard_without_unit", ("standard",), section.string("standard"))
    per = section.one_of("per", PERIODS, "coverage.unknown_word") if "per" in section.data else ""
    if per and "day" not in section.data:
        section.refuse("coverage.period_without_day", ("per",), per)
    return Least(
        amount=_number(section, "amount", 1),
        standard=section.string("standard"),
        unit=section.string("unit"),
        factor=_number(section, "factor", 1),
        total=section.string("total"),
        day=section.string("day"),
        per=per,
        length=whole(section, "length", 1),
    )


def _amounts(section: Section) -> Amounts:
    section.keys(("unit", "due", "paid", "label"))
    return Amounts(
        unit=section.one_of("unit", list(units()), "coverage.unknown_word"),
        due=tuple(_due(one) for one in section.sections("due")),
        paid=section.string("paid"),
        label=section.text("label"),
    )


def _due(section: Section) -> Due:
    section.keys((), _DUE)
    if ("column" in section.data) == ("standard" in section.data):
        section.refuse("coverage.due_of_one", (), Text("column与standard二者择一", "column or standard, one of them"))
    if "standard" in section.data and "unit" not in section.data:
        section.refuse("coverage.standard_without_unit", ("standard",), section.string("standard"))
    return Due(
        when=_test(section, "when"),
        column=section.string("column"),
        standard=section.string("standard"),
        unit=section.string("unit"),
        by=section.string("by"),
        times=section.names("times"),
        share=_number(section, "share", 1),
    )


def _outside(section: Section) -> Outside:
    section.keys(("is", "when", "title"))
    return Outside(id=section.string("is"), when=_test(section, "when"), title=section.text("title"))


def _once(top: Section) -> tuple[str, ...] | None:
    value: Any = top.data.get("once")
    if value is None or isinstance(value, bool):
        return () if value else None
    return top.names("once")


def tests_of(roster: Roster) -> Iterable[tuple[str, Mapping[str, object], Source]]:
    """Yield every condition of a roster: where it stands, itself, and the source whose columns it names."""
    yield "should.where", roster.should.where, roster.should
    for number, source in enumerate(roster.did):
        yield f"did.{number}.where", source.where, source
        yield f"did.{number}.verified", source.verified or {}, source
    for one in roster.outside:
        yield "outside", one.when, roster.should
    for due in roster.amounts.due if roster.amounts else ():
        yield "amounts.due", due.when, roster.should
