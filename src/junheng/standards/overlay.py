"""One shelf over another: what a narrower jurisdiction may change, and where it is laxer than what it lies on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.standards.library import Library
from junheng.standards.parameter import Comparator, DatedValue, Parameter, Terms, amount

_KEPT = ("unit", "comparator", "by")


def contradictions(shelves: Sequence[Library]) -> Iterator[Finding]:
    """Find parameters of a narrower shelf that change the unit, the comparator or the choice of the wider shelf's parameter."""
    for above, below in _pairs(shelves):
        for key in _KEPT:
            written, expected = getattr(below, key), getattr(above, key)
            if written != expected:
                place = Place(file=below.file, row=1, key=(below.id, key))
                yield finding(
                    "standards.overlay_changes_more", place, f"{key}: {written}", expected=expected, jurisdiction=above.jurisdiction
                )


def laxer(shelves: Sequence[Library], day: date) -> Iterator[Finding]:
    """Find values and easements of a narrower shelf that ask less than the wider shelf does on the same day."""
    for above, below in _pairs(shelves):
        for selector in below.values:
            wide, narrow = above.on(selector, day), below.on(selector, day)
            if wide and narrow:
                yield from _compared(above, below, selector, wide, narrow)
        yield from _eased(above, below, day)


def _pairs(shelves: Sequence[Library]) -> Iterator[tuple[Parameter, Parameter]]:
    """Return each parameter of a shelf with the same parameter of the nearest wider shelf that has it."""
    for position, shelf in enumerate(shelves):
        for name, below in shelf.parameters.items():
            above = next((wider.parameters[name] for wider in reversed(shelves[:position]) if name in wider.parameters), None)
            if above:
                yield above, below


def _compared(above: Parameter, below: Parameter, selector: str, wide: DatedValue, narrow: DatedValue) -> Iterator[Finding]:
    rule = _rule(above.comparator, wide.value, narrow.value)
    if rule:
        place = Place(file=below.file, row=below.lines[selector], key=(below.id, selector))
        words, value = amount(narrow.value, below.unit), amount(wide.value, above.unit)
        words = Text(f"{words.zh}（{below.jurisdiction}，{narrow.source}）", f"{words.en} ({below.jurisdiction}, {narrow.source})")
        yield finding(rule, place, words, source=narrow.source, value=value, jurisdiction=above.jurisdiction, document=wide.source)


def _rule(comparator: Comparator, wide: Decimal, narrow: Decimal) -> str:
    if comparator == "equals":
        return "standards.overlay_differs" if narrow != wide else ""
    less = narrow < wide if comparator in ("at_least", "above") else narrow > wide
    return "standards.overlay_laxer" if less else ""


def _eased(above: Parameter, below: Parameter, day: date) -> Iterator[Finding]:
    """Find easements that the wider shelf does not give on the day: new ones, and ended ones made to last."""
    given = {(terms.id, terms.selector) for terms in above.terms if _covers(terms, day)}
    for terms in below.terms:
        if _covers(terms, day) and (terms.id, terms.selector) not in given:
            place = Place(file=below.file, row=below.lines.get(terms.selector, 1), key=(below.id, terms.selector, terms.id))
            known = [item for item in above.terms if (item.id, item.selector) == (terms.id, terms.selector)]
            wide = f"{known[0].until} ({known[0].source})" if known else "—"
            found = f"{terms.id} – {terms.until} ({below.jurisdiction}, {terms.source})"
            yield finding("standards.overlay_eases", place, found, source=terms.source, wide=wide, jurisdiction=above.jurisdiction)


def _covers(terms: Terms, day: date) -> bool:
    return terms.since <= day and (terms.until is None or day <= terms.until)
