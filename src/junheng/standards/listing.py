"""Standards as plain rows: what a command line or a page lists, with how sure we are of each value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from junheng.documents import package_files, parse_csv
from junheng.errors import Text
from junheng.model import allowed, units
from junheng.standards.parameter import ALL, CODED, Comparator, DatedValue, Parameter, Review, Source, value_text
from junheng.standards.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dated value of one standard for one selector, in words."""

    parameter: str
    title: Text
    selector: str
    label: Text  # the selector in words: 小学; empty when there is one value for all
    shown: str  # the value without its unit
    unit: Text
    comparator: Comparator
    since: date
    holds: bool  # whether it is the value that holds on the rulebook's day
    jurisdiction: str
    source: str
    document: Source
    confidence: str
    confidence_words: Text
    reviewed: str  # "" until a named person has compared it with the original, then the day and the name
    note: Text | None
    check_again: date | None
    file: str
    line: int


def standing_rows(rules: Rulebook, prefix: str = "") -> tuple[Row, ...]:
    """Return the value that holds on the day for each standard whose id starts with `prefix`, and each selector."""
    names = [name for name in rules.parameters if name.startswith(prefix)]
    return tuple(row for name in names for row in history_rows(rules, name) if row.holds)


def history_rows(rules: Rulebook, parameter: str) -> tuple[Row, ...]:
    """Return every dated value of one standard on every shelf, the widest jurisdiction and the oldest first.

    Raises StandardsError when there is no such standard.
    """
    standings = rules.standings(parameter)
    holding = {(item.jurisdiction, selector, item.since) for selector, item in standings.items()}
    owners = [shelf.parameters[parameter] for shelf in rules.shelves if parameter in shelf.parameters]
    return tuple(
        _row(rules, owner, selector, value, (owner.jurisdiction, selector, value.since) in holding)
        for owner, selector, value in _dated(owners)
    )


def _dated(owners: list[Parameter]) -> Iterator[tuple[Parameter, str, DatedValue]]:
    for owner in owners:
        for selector, values in owner.values.items():
            for value in values.values():
                yield owner, selector, value


def _row(rules: Rulebook, owner: Parameter, selector: str, value: DatedValue, holds: bool) -> Row:
    return Row(
        parameter=owner.id,
        title=owner.title,
        selector=selector,
        label=selector_label(owner, selector),
        shown=value_text(value.value, owner.unit),
        unit=units()[owner.unit].label,
        comparator=owner.comparator,
        since=value.since,
        holds=holds,
        jurisdiction=owner.jurisdiction,
        source=value.source,
        document=rules.sources[value.source.partition("#")[0]],
        confidence=value.confidence,
        confidence_words=confidence_words(value.confidence),
        reviewed=reviewed_words(value.reviewed),
        note=value.note or owner.note,
        check_again=value.check_again,
        file=owner.file,
        line=owner.lines[selector],
    )


def selector_label(parameter: Parameter, selector: str) -> Text:
    """Return a selector in words: 小学 for primary; nothing when there is one value for all."""
    if selector == ALL:
        return Text("", "")
    labels = allowed(CODED[parameter.by]) if parameter.by in CODED else parameter.labels
    return labels.get(selector, Text(selector, selector))


def reviewed_words(review: Review | None) -> str:
    """Return who compared a value with the original text and when; "" when nobody has."""
    return f"{review.on} {review.by}" if review else ""


def confidence_words(tag: str) -> Text:
    """Return what a confidence tag means: "O S3" is an official national text, seen in 3 independent sources."""
    kind, _, sources = tag.partition(" S")
    label = _confidence()[kind]
    if not sources:
        return label
    plural = "" if sources == "1" else "s"
    return Text(f"{label.zh}，见于{sources}个独立来源", f"{label.en}, seen in {sources} independent source{plural}")


@cache
def _confidence() -> dict[str, Text]:
    file = package_files("junheng.standards", "confidence.csv")[0]
    return {row.values["tag"]: Text(row.values["label_zh"], row.values["label_en"]) for row in parse_csv(file.text, file.name)}
