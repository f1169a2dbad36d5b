"""Standards as an officer asks for them: all that hold, one with its history, or those that should be looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.standards import Rulebook, history_rows, shipped, standing_rows
from junheng.standards.listing import Row, selector_label
from junheng.workflow.judged import Judged
from junheng.workflow.limits import concession_view, source_view
from junheng.workflow.office import Office
from junheng.workflow.views import Concession, StandardRow

_AGAIN = Text("文件本身预告了新的取值", "the document itself announces a newer value")
_NONE = Text("", "")


def list_standards(folder: Path | None = None, *, standard: str = "", day: date | None = None) -> tuple[StandardRow, ...]:
    """Return the values that hold on `day` (today when None), or the whole history of one standard.

    folder: an authority's, for its own shelves; the nation's alone without one. Raises DataError, naming the nearest ids, when
    there is no such standard.
    """
    on = day or date.today()  # noqa: DTZ011 - an officer's today is the local one
    rules = Office(folder).rules_on(on) if folder else Rulebook((shipped(),), on)
    if standard and standard not in rules.parameters:
        near = [name for name in rules.parameters if standard in name][:5] or get_close_matches(standard, rules.parameters, 5, 0.3)
        raise DataError(finding("workflow.no_such_standard", Place(), standard, near="、".join(near or list(rules.parameters)[:3])))
    rows = history_rows(rules, standard) if standard else standing_rows(rules)
    return tuple(_view(row, on) for row in rows)


def list_concessions(folder: Path | None, standard: str, *, day: date | None = None) -> tuple[tuple[Text, Concession], ...]:
    """Return the easements of one standard that had begun by `day`, those that have ended too, each with whom it is for: 小学."""
    on = day or date.today()  # noqa: DTZ011 - an officer's today is the local one
    rules = Office(folder).rules_on(on) if folder else Rulebook((shipped(),), on)
    owner = rules.parameters[standard]
    every = (*rules.concessions(standard), *rules.expired_concessions(standard))
    return tuple((selector_label(owner, one.selector), concession_view(one, on)) for one in every)


def standard_in_use(judged: Judged) -> Iterator[StandardRow]:
    """Yield every standard that an assessment rests on, as it holds on the day of its rules."""
    for name in judged.used_parameters:
        yield from (_view(row, judged.rules_day) for row in history_rows(judged.rules, name) if row.holds)


def _view(row: Row, on: date) -> StandardRow:
    return StandardRow(
        id=row.parameter,
        title=row.title,
        selector=row.label,
        shown=row.shown,
        unit=row.unit,
        comparator=row.comparator,
        holds=row.holds,
        source=source_view(row.document, row.source, since=row.since, confidence=row.confidence, where=row.jurisdiction),
        confidence=row.confidence_words,
        note=row.note or _NONE,
        stale=_AGAIN if row.holds and row.check_again and row.check_again < on else _NONE,
    )
