"""A date that somebody wrote as a phrase (年底前, 尽快, 力争“十四五”期间): the finding asks who fixes the day."""

from __future__ import annotations

from junheng.actions.language.deadlines import deadlines
from junheng.documents import finding
from junheng.errors import Finding, Text
from junheng.ledgers import Field, Value
from junheng.store.ledgers.cells import Links, value_of
from junheng.store.ledgers.list_file import ListCell


def value_or_phrase(field: Field, cell: ListCell, links: Links, findings: list[Finding]) -> Value:
    """Return the value of a cell, as `value_of` does; a phrase in place of a day is told as such, with the day that it may mean."""
    told: list[Finding] = []
    value = value_of(field, cell, links, told)
    if told and field.type == "date" and isinstance(cell.value, str):
        found = deadlines(cell.value, None)
        if found:
            last = next((one.last for one in found if one.last), None)
            hint = Text(f"（按字面最迟为{last}）", f" (at the latest {last} by its words)") if last else Text("", "")
            told = [finding("ledgers.phrase_not_a_day", cell.place, cell.value, label=field.label, hint=hint)]
    findings += told
    return value
