"""A parameter's file to a Parameter: everything that is wrong with it is found in one reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from junheng.documents import Document
from junheng.errors import Finding, Text
from junheng.model import allowed, units
from junheng.standards.parameter import ALL, CODED, SIGNS, Comparator, DatedValue, Parameter, Review, Source, Terms
from junheng.standards.section import NAME, Section

_REQUIRED = ("title", "jurisdiction", "unit", "holds_when", "reviewed", "values")
_OPTIONAL = ("id", "by", "labels", "concessions", "note")
_VALUE = ("value", "source", "confidence")
_VALUE_OPTIONAL = ("reviewed", "note", "check_again")
_TERMS = ("title", "when", "since", "until", "duty", "source", "confidence")
_TERMS_OPTIONAL = ("values", "indicator", "note")

# The last word of an id says which side is allowed; a file that says the opposite is a slip.
_SIDES: Mapping[str, tuple[str, ...]] = {"minimum": ("at_least", "above"), "maximum": ("at_most", "below")}


class Shelf(NamedTuple):
    """What a file is read against: the shelf's jurisdiction and the documents that may be cited."""

    jurisdiction: str
    sources: Mapping[str, Source]


def read_parameter(document: Document, name: str, shelf: Shelf, findings: list[Finding]) -> Parameter | None:
    """Return the parameter of a file whose path makes it `name`; None, beside findings, when it cannot be used."""
    before = len(findings)
    top = Section(document, (), findings)
    top.keys(_REQUIRED, _OPTIONAL)
    check_identity(top, name, shelf.jurisdiction)
    unit = top.one_of("unit", list(units()), "standards.unknown_unit")
    comparator = _comparator(top, name)
    by = top.string("by") or "none"
    reviewed = top.reviewed()
    values = _values(top, by, unit, shelf.sources, reviewed)
    terms = _all_terms(top, unit, values, shelf.sources)
    title, note, labels = top.text("title"), top.text_or_none("note"), _labels(top, by, values)
    if len(findings) > before or comparator is None:
        return None
    return Parameter(
        id=name,
        title=title,
        jurisdiction=shelf.jurisdiction,
        unit=unit,
        by=by,
        labels=labels,
        comparator=comparator,
        values=values,
        terms=terms,
        reviewed=reviewed,
        note=note,
        file=document.file,
        lines={selector: document.line("values", selector) for selector in values},
    )


def check_identity(top: Section, name: str, jurisdiction: str) -> None:
    """Report a file whose `id` or `jurisdiction` is not the one of its folder."""
    if not all(NAME.fullmatch(part) for part in name.replace("-", "_").split(".")):
        top.refuse("standards.path_is_not_a_name", (), name)
    written = top.data.get("id", name)
    if written != name:
        top.refuse("standards.path_is_not_id", ("id",), str(written), name=name)
    found = top.data.get("jurisdiction", jurisdiction)
    if found != jurisdiction:
        top.refuse("standards.another_jurisdiction", ("jurisdiction",), str(found), jurisdiction=jurisdiction)


def _comparator(top: Section, name: str) -> Comparator | None:
    written = top.data.get("holds_when")
    words = written.split() if isinstance(written, str) else []
    comparator = SIGNS.get(words[1]) if len(words) == 3 and (words[0], words[2]) == ("value", "limit") else None
    if comparator is None:
        if "holds_when" in top.data:
            top.refuse("standards.unknown_comparator", ("holds_when",), str(written), signs=" ".join(SIGNS))
        return None
    sides = _SIDES.get(name.rpartition(".")[2])
    if sides and comparator not in sides:
        top.refuse("standards.comparator_contradiction", ("holds_when",), str(written), name=name)
    return comparator


def _values(top: Section, by: str, unit: str, sources: Mapping[str, Source], reviewed: Review | None) -> dict[str, dict[date, DatedValue]]:
    if "values" not in top.data:
        return {}
    below = top.below("values")
    if not below.data:
        top.refuse("standards.no_value", ("values",), Text("没有数值", "no value"))
    values = {}
    for selector in below.data:
        _check_selector(below, str(selector), by)
        values[str(selector)] = _dated(below.below(str(selector)), unit, sources, reviewed)
    return values


def _check_selector(values: Section, selector: str, by: str) -> None:
    if by == "none":
        known = [ALL]
    elif by in CODED:
        known = list(allowed(CODED[by]))
    else:
        return
    if selector not in known:
        values.refuse("standards.unknown_selector", (selector,), selector, by=by, known=", ".join(known))


def _labels(top: Section, by: str, values: Mapping[str, object]) -> dict[str, Text]:
    """Return the selectors in words; those that no coded list explains must have one, or a Chinese page would show an identifier."""
    below = top.below("labels") if "labels" in top.data else None
    labels = {str(key): below.text(str(key)) for key in below.data} if below else {}
    for selector in values:
        if by != "none" and by not in CODED and not selector.isdecimal() and selector not in labels:
            top.refuse("standards.no_label", ("values", selector), selector)
    return labels


def _dated(section: Section, unit: str, sources: Mapping[str, Source], reviewed: Review | None) -> dict[date, DatedValue]:
    found = {}
    for key in section.data:
        if not isinstance(key, date):
            section.refuse("standards.not_a_date", (str(key),), str(key))
            continue
        below = section.below(str(key))
        below.keys(_VALUE, _VALUE_OPTIONAL)
        number = below.number("value", unit)
        value = (
            below.source("source", sources),
            below.confidence(),
            below.reviewed(reviewed),
            below.text_or_none("note"),
            below.day("check_again"),
        )
        if number is not None:
            source, confidence, seen, note, again = value
            found[key] = DatedValue(
                value=number, since=key, source=source, confidence=confidence, reviewed=seen, note=note, check_again=again
            )
    if not section.data:
        section.refuse("standards.no_value", (), Text("没有数值", "no value"))
    return dict(sorted(found.items()))


def _all_terms(
    top: Section, unit: str, values: Mapping[str, Mapping[date, DatedValue]], sources: Mapping[str, Source]
) -> tuple[Terms, ...]:
    if "concessions" not in top.data:
        return ()
    below = top.below("concessions")
    return tuple(term for name in below.data for term in _terms(below.below(str(name)), str(name), unit, values, sources))


def _terms(
    section: Section, name: str, unit: str, values: Mapping[str, Mapping[date, DatedValue]], sources: Mapping[str, Source]
) -> list[Terms]:
    section.keys(_TERMS, _TERMS_OPTIONAL)
    title, duty, note = section.text("title"), section.text("duty"), section.text_or_none("note")
    when, since, until = section.string("when"), section.needed_day("since"), section.day("until")
    source, confidence = section.source("source", sources), section.confidence()
    indicator = section.string("indicator") or None
    if until is None and note is None and section.data.get("until", "") is None:
        section.refuse("standards.concession_without_end", ("until",), Text("空，且没有说明", "null, and no note"))
    if since and until and until < since:
        section.refuse("standards.concession_ends_before_it_begins", ("until",), until.isoformat())
    relaxed = section.below("values") if "values" in section.data else None
    if relaxed is None and indicator is None:
        section.refuse("standards.missing_key", (), Text("没有values，也没有indicator", "neither values nor indicator"), key="values")
    if relaxed and not relaxed.data:
        section.refuse("standards.no_value", ("values",), Text("没有数值", "no value"))
    selectors = list(relaxed.data) if relaxed else list(values)
    found = []
    for selector in selectors:
        if selector not in values and relaxed:
            relaxed.refuse("standards.unknown_selector", (str(selector),), str(selector), by="values", known=", ".join(values))
        value = relaxed.number(str(selector), unit) if relaxed else None
        if since:
            found.append(
                Terms(
                    id=name,
                    title=title,
                    selector=str(selector),
                    value=value,
                    indicator=indicator,
                    when=when,
                    since=since,
                    until=until,
                    duty=duty,
                    source=source,
                    confidence=confidence,
                    note=note,
                    line=section.document.line(*section.path, "when"),
                )
            )
    return found
