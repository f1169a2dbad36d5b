"""Records and obligations as values to show: labels, words, sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from junheng.errors import Text
from junheng.ledgers import Kind, Obligation, Record, Value, obligations
from junheng.workflow.ledger_room import Room
from junheng.workflow.views.ledgers import LedgerChange, LedgerLine, LedgerMove, LedgerRecord, LedgerStep, Owed

_ACTS = {
    "opened": Text("登记", "opened"),
    "imported": Text("导入", "imported"),
    "evidence": Text("附佐证", "proof attached"),
}


def owed_of(room: Room, kind: Kind, records: Sequence[Record]) -> list[Owed]:
    """Return what the records of a kind owe on the room's day; of a kind that the authority does not keep, nothing is missing."""
    if not records:
        return []
    found = obligations(kind, records, room.today, room.ledgers.calendar, room.standard, room.subjects)
    return [_owed(room, kind, one) for one in found]


def _owed(room: Room, kind: Kind, one: Obligation) -> Owed:
    subject = room.subject_name(kind, one.subject)
    named = one.named if one.key else ""
    return Owed(
        kind=kind.id,
        title=kind.title,
        key=one.key,
        rule=one.rule,
        label=one.label,
        standing=one.standing,
        due=one.due,
        days=one.days,
        said=said(one),
        office=one.office,
        person=one.person,
        subject=subject,
        named=named,
        told=tuple(room.ledgers.roles[role] for role in one.told),
    )


def said(one: Obligation) -> Text:
    """Return how late or how near an obligation is."""
    day = f"{one.due.month}月{one.due.day}日"
    if one.standing == "due":
        return Text(f"{day}到期" if one.days else "今天到期", f"due {one.due}" if one.days else "due today")
    words = {"overdue": ("逾期", "overdue"), "missing": ("缺", "missing for"), "stale": ("超过", "stale for")}[one.standing]
    return Text(f"{words[0]}{one.days}天", f"{words[1]} {one.days} days")


def shown(room: Room, kind: Kind, field: str, value: Value) -> str:
    """Return a value in words."""
    if value is None:
        return ""
    known = kind.fields[field]
    if isinstance(value, bool):
        return "是" if value else "否"
    if known.type == "choice" and value in known.allowed:
        return known.allowed[str(value)].zh
    if known.type == "link":
        return room.name_of(known.link, str(value))
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def line_of(room: Room, kind: Kind, record: Record, owed: Iterable[Owed]) -> LedgerLine:
    """Return a record as a line of a list."""
    worst = next(iter(owed), None)
    values = record.values
    return LedgerLine(
        key=record.key,
        named=_word(values.get(kind.named)),
        state=kind.states[record.state].label,
        ended=kind.states[record.state].end,
        subject=room.subject_name(kind, _word(values.get(kind.about_field))),
        office=_word(values.get(kind.office)),
        person=_word(values.get(kind.doer)),
        since=record.entered(),
        owed=f"{worst.label.zh} {worst.said.zh}" if worst else "",
        standing=worst.standing if worst else None,
    )


def _word(value: Value) -> str:
    return "" if value is None else str(value)


def record_view(room: Room, kind: Kind, record: Record) -> LedgerRecord:
    """Return a record opened: values, acts, corrections, proofs, and what can be done next."""
    roles = room.ledgers.roles
    return LedgerRecord(
        kind=kind.id,
        title=kind.title,
        key=record.key,
        named=_word(record.values.get(kind.named)),
        state=kind.states[record.state].label,
        values=tuple((field.label, shown(room, kind, name, record.values.get(name)), field.level) for name, field in kind.fields.items()),
        steps=tuple(
            LedgerStep(
                at=step.at,
                label=_ACTS.get(step.move) or kind.moves[step.move].label,
                state=kind.states[step.state].label,
                person=step.hand.person,
                office=step.hand.office,
                role=roles.get(step.hand.role, Text(step.hand.role, step.hand.role)),
                note=step.note,
            )
            for step in record.steps
        ),
        changes=tuple(
            LedgerChange(
                at=one.at,
                label=kind.fields[one.field].label,
                was=shown(room, kind, one.field, one.was),
                now=shown(room, kind, one.field, one.now),
                person=one.hand.person,
                reason=one.reason,
            )
            for one in record.corrections
        ),
        proofs=tuple((one.name, one.until.isoformat() if one.until else "") for one in record.evidence),
        moves=tuple(
            LedgerMove(
                name=move.name,
                label=move.label,
                to=kind.states[move.to].label,
                roles=tuple(roles[role] for role in move.by),
                needs=tuple(kind.fields[name].label for name in move.needs),
                evidence=move.evidence,
            )
            for move in kind.moves.values()
            if record.state in move.start
        ),
        owed=tuple(one for one in owed_of(room, kind, [record]) if one.key),
    )
