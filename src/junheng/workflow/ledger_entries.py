"""A record as the store keeps it, and back: field values as they are, what was done as plain lists beside them.

Who did it and why are sealed like names; days, moves and states stay readable, so that what is owed can be worked out without a name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from junheng.ledgers import Correction, Evidence, Hand, Kind, Record, Step, Value
from junheng.store.entry import LEVELS, MASKED, Entry, Level
from junheng.store.entry import Evidence as KeptEvidence
from junheng.store.entry import Value as Kept

STEPS, HANDS, CORRECTIONS = "_steps", "_hands", "_corrections"
_SEPARATOR = "|"


def entry_of(kind: Kind, record: Record, version: int = 0, files: Mapping[str, KeptEvidence] | None = None) -> Entry:
    """Return a record as an entry. `files`: what the store keeps of the proofs, by digest."""
    values: dict[str, Kept] = {name: _kept(value) for name, value in record.values.items() if name in kind.fields}
    values[STEPS] = [_step_text(one) for one in record.steps]
    values[HANDS] = [json.dumps([one.hand.person, one.note], ensure_ascii=False) for one in record.steps]
    levels: dict[str, Level] = {name: _level(level) for name, level in kind.levels().items() if name in values}
    levels[HANDS] = "L3"
    if record.corrections:
        values[CORRECTIONS] = [_correction_text(one) for one in record.corrections]
        levels[CORRECTIONS] = "L4" if "L4" in levels.values() else "L3"
    known = files or {}
    return Entry(
        kind=kind.id,
        key=record.key,
        state=record.state,
        values=values,
        levels=levels,
        evidence=tuple(known[one.digest] for one in record.evidence if one.digest in known),
        version=version,
    )


def _step_text(one: Step) -> str:
    office = one.hand.office.replace(_SEPARATOR, "/")
    return _SEPARATOR.join((one.at.isoformat(), one.move, one.state, office, one.hand.role))


def _level(level: str) -> Level:
    return next((one for one in LEVELS if one == level), "L2")


def _kept(value: Value) -> Kept:
    return value.isoformat() if isinstance(value, date) else value


def _correction_text(one: Correction) -> str:
    hand = one.hand
    parts = [one.at.isoformat(), one.field, _kept(one.was), _kept(one.now), hand.person, hand.office, hand.role, one.reason]
    return json.dumps(parts, ensure_ascii=False)


def record_of(kind: Kind, entry: Entry) -> Record:
    """Return an entry as a record; masked fields stay masked, and then nobody's name is known."""
    values = {name: _value(field.type, entry.values.get(name)) for name, field in kind.fields.items()}
    hands = _list(entry.values.get(HANDS))
    steps = tuple(_step(text, hands[at] if at < len(hands) else "") for at, text in enumerate(_list(entry.values.get(STEPS))))
    corrections = tuple(_correction(kind, text) for text in _list(entry.values.get(CORRECTIONS)))
    proofs = tuple(Evidence(one.title, one.digest, date.min, one.expires) for one in entry.evidence)
    return Record(kind=kind.id, key=entry.key, state=entry.state, values=values, steps=steps, corrections=corrections, evidence=proofs)


def _list(value: Kept) -> list[str]:
    return [str(one) for one in value] if isinstance(value, Sequence) and not isinstance(value, str) else []


def _value(type_: str, value: Kept) -> Value:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return None
    if type_ == "date" and isinstance(value, str) and value != MASKED:
        return date.fromisoformat(value)
    return value


def _step(text: str, hand: str) -> Step:
    at, move, state, office, role = text.split(_SEPARATOR)
    person, note = json.loads(hand) if hand else (MASKED, "")
    return Step(datetime.fromisoformat(at), move, state, Hand(person, office, role), note)


def _correction(kind: Kind, text: str) -> Correction:
    at, field, was, now, person, office, role, reason = json.loads(text)
    type_ = kind.fields[field].type if field in kind.fields else "text"
    return Correction(datetime.fromisoformat(at), field, _value(type_, was), _value(type_, now), Hand(person, office, role), reason)
