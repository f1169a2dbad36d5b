"""A kind's YAML file to a Kind: everything that is wrong with it is found in one reading, with file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from junheng.documents import Document
from junheng.errors import Finding, Text
from junheng.ledgers.kind import LEVELS, TYPES, Days, Deadline, Duty, Escalation, Field, Keep, Kind, Move, Paper, Recheck, State
from junheng.ledgers.kind_rules import check_kind, used_by
from junheng.ledgers.recurrence import rule_fault
from junheng.model import units
from junheng.standards.section import Section

_REQUIRED = ("title", "about", "prefix", "named", "fields", "start", "states", "moves")
_OPTIONAL = (
    *("subject", "doer", "office", "deadlines", "duties", "papers", "recheck", "keep", "stale_after", "evidence_months"),
    *("serves", "counts", "minutes", "planned"),
)
_FIELD = ("label", "type", "needed_by")
_FIELD_OPTIONAL = ("unit", "required", "level", "allowed", "link", "note", "source")
_MOVE_OPTIONAL = ("needs", "evidence", "apart_from", "recheck")
_DEADLINE_OPTIONAL = ("warn", "escalate")
_DUTY_OPTIONAL = ("where", "given", "times", "only", "owes", "grace", "source")


def read_kind(document: Document, name: str, roles: Mapping[str, Text], findings: list[Finding]) -> Kind | None:
    """Return the kind of a file whose name makes it `name`; None, beside findings, when it cannot be used."""
    before = len(findings)
    top = Section(document, (), findings)
    top.keys(_REQUIRED, _OPTIONAL)
    reader = _Reader(top, roles)
    kind = Kind(
        id=name,
        title=top.text("title"),
        about=top.text("about"),
        prefix=top.string("prefix"),
        fields={key: reader.field(one, key) for key, one in _each(top, "fields")},
        states={key: _state(one, key) for key, one in _each(top, "states")},
        start=top.string("start"),
        moves={key: reader.move(one, key) for key, one in _each(top, "moves")},
        deadlines={key: reader.deadline(one, key) for key, one in _each(top, "deadlines")},
        duties={key: reader.duty(one, key) for key, one in _each(top, "duties")},
        papers={key: reader.paper(one, key) for key, one in _each(top, "papers")},
        named=top.string("named"),
        about_field=top.string("subject"),
        doer=top.string("doer"),
        office=top.string("office"),
        stale_after=whole(top, "stale_after"),
        evidence_months=whole(top, "evidence_months"),
        recheck=_recheck(top),
        keep=_keep(top),
        serves=top.names("serves"),
        counts=top.names("counts"),
        planned=top.string("planned"),
        minutes=whole(top, "minutes") or 0,
        file=document.file,
    )
    if len(findings) > before:
        return None
    used = used_by(kind)
    kind = with_uses(kind, used)
    check_kind(kind, document, findings)
    return None if any(one.severity == "error" for one in findings[before:]) else kind


def with_uses(kind: Kind, used: Mapping[str, Sequence[str]]) -> Kind:
    """Return the kind with the rules that read each field written beside it."""
    fields = {name: replace(field, used_by=tuple(used.get(name, ()))) for name, field in kind.fields.items()}
    return replace(kind, fields=fields)


def _each(top: Section, key: str) -> list[tuple[str, Section]]:
    below = top.below(key) if key in top.data else None
    return [(str(name), below.below(str(name))) for name in below.data] if below else []


def whole(section: Section, key: str) -> int | None:
    """Return a whole number, 0 or more; None when the key is absent or wrong."""
    value = section.data.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    section.refuse("ledgers.not_a_count", (key,), str(value))
    return None


def _truth(section: Section, key: str) -> bool:
    value = section.data.get(key, False)
    if not isinstance(value, bool):
        section.refuse("ledgers.not_yes_or_no", (key,), str(value))
    return value is True


def _state(section: Section, name: str) -> State:
    section.keys(("label",), ("end",))
    return State(name=name, label=section.text("label"), end=_truth(section, "end"))


def _recheck(top: Section) -> Recheck | None:
    if "recheck" not in top.data:
        return None
    section = top.below("recheck")
    section.keys(("state", "after_months", "share", "least"), ("source",))
    share = section.number("share") or Decimal(0)
    return Recheck(
        state=section.string("state"),
        after_months=whole(section, "after_months") or 0,
        share=share,
        least=whole(section, "least") or 0,
        source=section.string("source"),
    )


def _keep(top: Section) -> Keep | None:
    if "keep" not in top.data:
        return None
    section = top.below("keep")
    section.keys(("years", "source"), ())
    return Keep(years=whole(section, "years") or 0, source=section.string("source"))


class _Reader:
    """Reads the parts that may name a role."""

    def __init__(self, top: Section, roles: Mapping[str, Text]) -> None:
        self.top, self.roles = top, roles

    def _role(self, section: Section, key: str, default: str = "") -> str:
        if key not in section.data and default:
            return default
        return section.one_of(key, list(self.roles), "ledgers.unknown_role")

    def _roles(self, section: Section, key: str) -> tuple[str, ...]:
        words = section.names(key)
        for word in words:
            if word not in self.roles:
                section.refuse("ledgers.unknown_role", (key,), word, allowed=", ".join(self.roles), close="")
        return words

    def field(self, section: Section, name: str) -> Field:
        section.keys(_FIELD, _FIELD_OPTIONAL)
        kind = section.one_of("type", TYPES, "ledgers.unknown_type")
        level = section.one_of("level", LEVELS, "ledgers.unknown_level") or "L2"
        allowed = dict(_labels(section))
        if (kind == "choice") != bool(allowed):
            section.refuse("ledgers.choice_without_values", (), Text(f"类型{kind}", f"type {kind}"))
        if (kind == "link") != bool(section.string("link")):
            section.refuse("ledgers.link_without_table", (), Text(f"类型{kind}", f"type {kind}"))
        if kind == "person" and level < "L3":
            section.refuse("ledgers.person_not_protected", ("level",), level)
        return Field(
            name=name,
            label=section.text("label"),
            type=kind,
            unit=section.one_of("unit", list(units()), "standards.unknown_unit"),
            required=_truth(section, "required"),
            level=level,
            allowed=allowed,
            link=section.string("link"),
            needed_by=section.text("needed_by"),
            note=section.text_or_none("note"),
            source=section.string("source"),
            line=section.document.line(*section.path),
        )

    def move(self, section: Section, name: str) -> Move:
        section.keys(("label", "from", "to", "by"), _MOVE_OPTIONAL)
        recheck = section.string("recheck")
        if recheck not in ("", "held", "relapsed"):
            section.refuse("ledgers.unknown_recheck", ("recheck",), recheck)
        return Move(
            name=name,
            label=section.text("label"),
            start=section.names("from"),
            to=section.string("to"),
            by=self._roles(section, "by"),
            needs=section.names("needs"),
            evidence=_truth(section, "evidence"),
            apart_from=section.names("apart_from"),
            recheck=recheck,
        )

    def deadline(self, section: Section, name: str) -> Deadline:
        section.keys(("label", "while", "counted_from", "days", "owes"), _DEADLINE_OPTIONAL)
        warn = whole(section, "warn")
        return Deadline(
            name=name,
            label=section.text("label"),
            running=section.names("while"),
            counted_from=section.string("counted_from"),
            days=_days(section.below("days")),
            owes=self._role(section, "owes"),
            warn=7 if warn is None else warn,
            escalate=tuple(self._escalation(one) for one in section.sections("escalate")),
            line=section.document.line(*section.path),
        )

    def _escalation(self, section: Section) -> Escalation:
        section.keys(("after", "to"))
        return Escalation(after=whole(section, "after") or 0, to=self._role(section, "to"))

    def duty(self, section: Section, name: str) -> Duty:
        section.keys(("label", "rule", "since", "each", "day"), _DUTY_OPTIONAL)
        fault = rule_fault(section.string("rule"))
        if fault:
            section.refuse("ledgers.bad_recurrence", ("rule",), fault)
        since = section.needed_day("since")
        where = section.below("where") if "where" in section.data else None
        given = section.below("given") if "given" in section.data else None
        return Duty(
            name=name,
            label=section.text("label"),
            rule=section.string("rule"),
            since=since.isoformat() if since else "",
            each=section.string("each"),
            where={str(key): where.names(str(key)) for key in where.data} if where else {},
            day_field=section.string("day"),
            given={str(key): given.string(str(key)) for key in given.data} if given else {},
            times=1 if "times" not in section.data else whole(section, "times") or 1,
            only=section.one_of("only", ("any", "term"), "ledgers.unknown_calendar") or "any",
            owes=self._role(section, "owes", "office"),
            grace=whole(section, "grace") or 0,
            source=section.string("source"),
            line=section.document.line(*section.path),
        )

    def paper(self, section: Section, name: str) -> Paper:
        section.keys(("title", "paragraphs", "signed"), ("to", "states", "public"))
        return Paper(
            name=name,
            title=section.string("title"),
            addressee=section.string("to"),
            paragraphs=section.names("paragraphs"),
            signed_by=section.string("signed"),
            states=section.names("states"),
            public=_truth(section, "public"),
        )


def _labels(section: Section) -> list[tuple[str, Text]]:
    below = section.below("allowed") if "allowed" in section.data else None
    return [(str(key), below.text(str(key))) for key in below.data] if below else []


def _days(section: Section) -> Days:
    section.keys((), ("value", "field", "standard", "working", "source", "confidence"))
    ways = [key for key in ("value", "field", "standard") if key in section.data]
    if len(ways) != 1:
        section.refuse("ledgers.days_not_said", (), "、".join(ways) or Text("没有", "none of them"))
    if ways == ["value"] and section.data.get("value") and "source" not in section.data:
        section.refuse("standards.missing_key", (), Text("没有source", "no source"), key="source")
    return Days(
        value=whole(section, "value") or 0,
        field=section.string("field"),
        standard=section.string("standard"),
        working=_truth(section, "working"),
        source=section.string("source"),
        confidence=section.confidence() if "confidence" in section.data else "",
    )
