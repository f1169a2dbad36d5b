"""A record and what may be done with it: opened, moved, corrected, proven, looked at again. Each act gives a new record, or findings.

Nothing is taken back in silence: a correction keeps both values, a move is a step with day and person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.ledgers.kind import Field, Kind, Move

Value = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose act it was: a person, of an office or school, in a role."""

    person: str
    office: str = ""
    role: str = "office"


@dataclass(frozen=True, slots=True)
class Step:
    """One act on a record: opened, moved, re-checked, or proven."""

    at: datetime
    move: str  # the move's name; "opened", "imported", "evidence", "corrected"
    state: str  # after the act
    hand: Hand
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that was changed after it had been written: both are kept."""

    at: datetime
    field: str
    was: Value
    now: Value
    hand: Hand
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proof: what it is, the hash of the file that holds it, and until when it holds."""

    name: str
    digest: str
    taken: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a kind."""

    kind: str
    key: str
    state: str
    values: Mapping[str, Value]
    steps: tuple[Step, ...]
    corrections: tuple[Correction, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def entered(self) -> date:
        """Return the day on which the record came into its present state."""
        days = [step.at.date() for step in self.steps]
        at = len(self.steps) - 1
        while at > 0 and self.steps[at - 1].state == self.state:
            at -= 1
        return days[at]

    def last_act(self) -> datetime:
        """Return when anything was last done with it."""
        return max((*(step.at for step in self.steps), *(one.at for one in self.corrections)))

    def hands(self, move: str) -> set[str]:
        """Return the persons who made a move."""
        return {step.hand.person for step in self.steps if step.move == move}


def open_record(kind: Kind, key: str, values: Mapping[str, Value], hand: Hand, at: datetime) -> Record:
    """Return a new record in its first state.

    Raises DataError with every finding: a field that there is not, a value that does not fit, a required one that is missing.
    """
    findings = list(value_findings(kind, key, values))
    if findings:
        raise DataError(findings)
    kept = {name: values.get(name) for name in kind.fields}
    return Record(kind=kind.id, key=key, state=kind.start, values=kept, steps=(Step(at, "opened", kind.start, hand),))


def value_findings(kind: Kind, key: str, values: Mapping[str, Value]) -> list[Finding]:
    """Return what is wrong with the values of a record."""
    place = _place(kind, key)
    found = [
        finding("ledgers.no_such_value", place(name), name, known="、".join(one.label.zh for one in kind.fields.values()))
        for name in values
        if name not in kind.fields
    ]
    for field in kind.fields.values():
        value = values.get(field.name)
        if value is None and field.required:
            found.append(finding("ledgers.value_missing", place(field.name), Text("空", "nothing"), label=field.label))
        elif value is not None and not fits(field, value):
            found.append(finding("ledgers.value_unfit", place(field.name), str(value), form=form_of(field)))
    return found


def fits(field: Field, value: Value) -> bool:
    """Return whether a value has the form of its field."""
    if field.type == "choice":
        return value in field.allowed
    whole = isinstance(value, int) and not isinstance(value, bool)
    return {
        "integer": whole,
        "decimal": whole or isinstance(value, float),
        "date": isinstance(value, date),
        "boolean": isinstance(value, bool),
    }.get(field.type, isinstance(value, str) and bool(value.strip()))


def form_of(field: Field) -> Text:
    """Return in words what a field takes."""
    if field.type == "choice":
        return Text("、".join(one.zh for one in field.allowed.values()), ", ".join(field.allowed))
    forms = {
        "integer": Text("整数", "a whole number"),
        "decimal": Text("数字", "a number"),
        "date": Text("日期，如2025-09-01", "a date such as 2025-09-01"),
        "boolean": Text("是或否", "yes or no"),
        "link": Text("已登记的代码", "a registered code"),
    }
    return forms.get(field.type, Text("文字", "a text"))


def move(
    kind: Kind, record: Record, name: str, hand: Hand, at: datetime, values: Mapping[str, Value] | None = None, note: str = ""
) -> Record:
    """Return the record after a move, with the values that the move brought.

    Raises DataError, with every finding, when there is no such move from the state, the role may not make it, it is in the hands of
    whoever did what it closes, something that it needs is missing, or the clock stands before the last act.
    """
    way = kind.moves.get(name)
    if way is None or record.state not in way.start:
        known = "、".join(f"{one.name}（{one.label.zh}）" for one in kind.moves.values() if record.state in one.start)
        state = kind.states[record.state].label
        raise DataError(finding("ledgers.no_such_move_from", _place(kind, record.key)(""), name, state=state, known=known or "—"))
    brought = {**record.values, **(values or {})}
    findings = [*_who(kind, record, way, hand), *_needs(kind, record, way, brought), *clock_findings(record, at)]
    findings += value_findings(kind, record.key, brought)
    if findings:
        raise DataError(findings)
    changed = tuple(
        Correction(at, field, record.values.get(field), value, hand, kind.moves[name].label.zh)
        for field, value in (values or {}).items()
        if record.values.get(field) not in (None, value)
    )
    step = Step(at, name, way.to, hand, note)
    return replace(record, state=way.to, values=brought, steps=(*record.steps, step), corrections=(*record.corrections, *changed))


def _who(kind: Kind, record: Record, way: Move, hand: Hand) -> list[Finding]:
    place, found = _place(kind, record.key)(""), []
    if hand.role not in way.by:
        found.append(finding("ledgers.role_may_not", place, hand.role, roles="、".join(way.by), label=way.label))
    apart = set().union(*(record.hands(other) for other in way.apart_from)) if way.apart_from else set()
    doer = record.values.get(kind.doer) if kind.doer and kind.states[way.to].end else None
    if hand.person in apart or (doer is not None and hand.person == doer):
        found.append(finding("ledgers.doer_closes_own", place, hand.person, label=way.label))
    if not hand.person.strip():
        found.append(finding("ledgers.no_person", place, Text("没有姓名", "no name")))
    return found


def _needs(kind: Kind, record: Record, way: Move, values: Mapping[str, Value]) -> list[Finding]:
    place = _place(kind, record.key)
    nothing = Text("空", "nothing")
    found = [
        finding("ledgers.value_missing", place(name), nothing, label=kind.fields[name].label)
        for name in way.needs
        if values.get(name) is None
    ]
    if way.evidence and not record.evidence:
        found.append(finding("ledgers.evidence_missing", place(""), Text("没有佐证", "no proof"), label=way.label))
    return found


def clock_findings(record: Record, at: datetime) -> list[Finding]:
    """Return a finding when an act would stand before the last one: the clock was set back, or a day was mistyped."""
    last = record.last_act()
    if at >= last:
        return []
    return [finding("ledgers.clock_set_back", Place(key=(record.kind, record.key)), at.isoformat(), last=last.isoformat())]


def correct(kind: Kind, record: Record, field: str, value: Value, hand: Hand, at: datetime, reason: str) -> Record:
    """Return the record with one value corrected; the old one is kept beside it, with who changed it and why.

    Raises DataError for a field that there is not, a value that does not fit, no reason, or a clock set back.
    """
    findings = value_findings(kind, record.key, {**record.values, field: value}) + clock_findings(record, at)
    if not reason.strip():
        findings.append(finding("ledgers.no_reason", _place(kind, record.key)(field), Text("没有理由", "no reason")))
    if findings:
        raise DataError(findings)
    made = Correction(at, field, record.values.get(field), value, hand, reason)
    return replace(record, values={**record.values, field: value}, corrections=(*record.corrections, made))


def attach(record: Record, proof: Evidence, hand: Hand, at: datetime) -> Record:
    """Return the record with one more proof. Raises DataError for a clock set back."""
    findings = clock_findings(record, at)
    if findings:
        raise DataError(findings)
    step = Step(at, "evidence", record.state, hand, proof.name)
    return replace(record, evidence=(*record.evidence, proof), steps=(*record.steps, step))


def _place(kind: Kind, key: str) -> _Places:
    return _Places(kind, key)


class _Places:
    """The place of a field of a record, in the reader's words."""

    def __init__(self, kind: Kind, key: str) -> None:
        self.kind, self.key = kind, key

    def __call__(self, field: str) -> Place:
        label = self.kind.fields[field].label if field in self.kind.fields else Text(field, field)
        return Place(table=self.kind.id, title=self.kind.title, key=(self.key,), column=field, label=label)
