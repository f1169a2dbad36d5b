"""A list to records of a kind: every cell that does not fit is a finding at its cell; nothing is loaded of a list with an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.ledgers import Field, Hand, Kind, Record, Step, Value
from junheng.ledgers.record import value_findings
from junheng.store.ledgers import ListRow, read_list_file
from junheng.store.ledgers.cells import Links, value_of
from junheng.store.ledgers.list_file import ListCell
from junheng.workflow.ledger_phrases import value_or_phrase

KEY, STATE, SINCE = "编号", "状态", "状态日期"
_KEY_FIELD = Text("编号", "Number")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list gave: records, the keys that the list itself states, and how many rows it has."""

    records: tuple[Record, ...]
    stated: frozenset[str]
    rows: int


def headings(kind: Kind) -> dict[str, str]:
    """Return the heading of each field on a list: its label, with its unit where it has one."""
    from junheng.model import units

    words = {name: units()[field.unit].label.zh if field.unit else "" for name, field in kind.fields.items()}
    return {name: f"{field.label.zh}（{words[name]}）" if words[name] else field.label.zh for name, field in kind.fields.items()}


def read_records(kind: Kind, path: Path, links: Links, at: datetime, hand: Hand, findings: list[Finding]) -> Reading:
    """Return the records of a list as they stand at `at`; links: codes by name. What is wrong is added to `findings`.

    Raises StoreError when the file cannot be read.
    """
    columns = {KEY: KEY, STATE: STATE, SINCE: SINCE} | headings(kind)
    rows = read_list_file(path, list(columns.values()), findings)
    made: list[Record] = []
    stated: set[str] = set()
    for row in rows:
        before = len(findings)
        values = {name: _value(kind.fields[name], row, columns[name], links, findings) for name in kind.fields}
        key = _text(row, KEY)
        stated |= {key} if key else set()
        record = _record(kind, key or f"{kind.prefix}-{path.stem}-{row.number}", values, row, at, hand, findings)
        _unfit(kind, record, row, columns, findings, before)
        made.append(record)
    findings += _twice(kind, made, path)
    return Reading(tuple(made), frozenset(stated), len(rows))


def _text(row: ListRow, heading: str) -> str:
    cell = row.cells.get(heading)
    return "" if cell is None or cell.value is None else str(cell.value).strip()


def _value(field: Field, row: ListRow, heading: str, links: Links, findings: list[Finding]) -> Value:
    cell = row.cells.get(heading)
    return None if cell is None else value_or_phrase(field, cell, links, findings)


def _record(kind: Kind, key: str, values: Mapping[str, Value], row: ListRow, at: datetime, hand: Hand, findings: list[Finding]) -> Record:
    word = _text(row, STATE)
    states = {state.label.zh: name for name, state in kind.states.items()} | {name: name for name in kind.states}
    state = states.get(word, "") if word else kind.start
    if not state:
        known = Text("、".join(one.label.zh for one in kind.states.values()), ", ".join(kind.states))
        findings.append(finding("ledgers.value_unfit", row.cells[STATE].place, word, form=known))
    since = _since(row, findings) or _first_day(kind, values) or at.date()
    moment = min(datetime.combine(since, time(12), at.tzinfo), at)
    return Record(
        kind=kind.id, key=key, state=state or kind.start, values=values, steps=(Step(moment, "imported", state or kind.start, hand),)
    )


def _since(row: ListRow, findings: list[Finding]) -> date | None:
    cell = row.cells.get(SINCE)
    if cell is None:
        return None
    day = value_of(_DAY, cell, {}, findings)
    return day if isinstance(day, date) else None


_DAY = Field(name="since", label=Text(SINCE, "Since"), type="date", allowed={}, needed_by=_KEY_FIELD)


def _first_day(kind: Kind, values: Mapping[str, Value]) -> date | None:
    """Return the first required date: on that day the record was, as far as the list says, opened."""
    days = (values.get(name) for name, field in kind.fields.items() if field.type == "date" and field.required)
    return next((day for day in days if isinstance(day, date)), None)


def _unfit(kind: Kind, record: Record, row: ListRow, columns: Mapping[str, str], findings: list[Finding], before: int) -> None:
    """Add what is missing, at the cell where it should stand; a cell that was refused already is not called missing too."""
    refused = {one.place.cell for one in findings[before:]}
    for one in value_findings(kind, record.key, record.values):
        cell = row.cells.get(columns[one.place.column])
        place = cell.place if cell else _row_place(row, columns[one.place.column])
        if place.cell == "" or place.cell not in refused:
            findings.append(replace(one, place=place))


def _row_place(row: ListRow, heading: str) -> Place:
    file = next((cell.place for cell in row.cells.values()), Place())
    return Place(file=file.file, sheet=file.sheet, row=row.number, column=heading, label=Text(heading, heading))


def _twice(kind: Kind, records: Sequence[Record], path: Path) -> list[Finding]:
    keys = [record.key for record in records]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    return [finding("ledgers.number_twice", Place(file=path.name, key=(key,), title=kind.title), key) for key in twice]


def same_matter(kind: Kind, record: Record) -> tuple[Value, ...]:
    """Return by what a record without a number is known again: what it is about, its name, and the days that it must have."""
    days = [name for name, field in kind.fields.items() if field.type == "date" and field.required]
    return tuple(record.values.get(name) for name in (kind.about_field, kind.named, *days) if name)


__all__ = ["KEY", "SINCE", "STATE", "ListCell", "Reading", "headings", "read_records", "same_matter"]
