"""A cell of a list to the value of a field: words to codes, Excel's days to days; what does not fit is a finding at its cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from junheng.documents import finding
from junheng.documents.chinese_text import fold
from junheng.errors import Finding, Text
from junheng.ledgers.kind import Field
from junheng.ledgers.record import Value, form_of
from junheng.store.ledgers.list_file import ListCell
from junheng.store.returns import scalars

Links = Mapping[str, Mapping[str, str]]  # link -> folded name or code -> code
_YES_NO = {"是": True, "否": False, "有": True, "无": False, "√": True, "×": False, "yes": True, "no": False}


def value_of(field: Field, cell: ListCell, links: Links, findings: list[Finding]) -> Value:
    """Return the value that a cell states for a field; None, beside a finding, when it states none that fits."""
    raw = cell.value
    if raw is None or (isinstance(raw, str) and scalars.word_outcome(raw) is not None and field.type != "choice"):
        return None
    value = _typed(field, raw, links)
    if value is None:
        shown = raw.isoformat() if isinstance(raw, date) else f"{raw:.15g}" if isinstance(raw, float) else str(raw)
        findings.append(finding("ledgers.value_unfit", cell.place, Text(shown, shown), form=form_of(field)))
    return value


def _typed(field: Field, raw: str | float | bool | date, links: Links) -> Value:
    if field.type == "date":
        return _day(raw)
    if field.type in ("integer", "decimal"):
        return _number(field, raw)
    if field.type == "boolean":
        return raw if isinstance(raw, bool) else _YES_NO.get(fold(_text(raw)))
    if field.type == "choice":
        words = {fold(word): code for code, label in field.allowed.items() for word in (code, label.zh, label.en)}
        return words.get(fold(_text(raw)))
    if field.type == "link":
        return links.get(field.link, {}).get(fold(_text(raw))) if field.link in links else _text(raw)
    return _text(raw)


def _text(raw: object) -> str:
    return f"{raw:.15g}" if isinstance(raw, float) else str(raw)


def _day(raw: object) -> date | None:
    if isinstance(raw, date):
        return raw
    found = scalars.day_of_number(raw, False) if isinstance(raw, float) else scalars.day(str(raw))
    return date.fromordinal(int(found.value)) if found.outcome == "value" else None


def _number(field: Field, raw: object) -> int | float | None:
    found = raw if isinstance(raw, float) else None
    if isinstance(raw, str):
        scalar = scalars.number(raw, field.unit)
        found = scalar.value if scalar.outcome == "value" else None
    if found is None or isinstance(raw, bool):
        return None
    if found == int(found):
        return int(found)
    return None if field.type == "integer" else found
