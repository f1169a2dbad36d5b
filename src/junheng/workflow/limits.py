"""Limits as views: a value with its unit, comparator and document, ready to be shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from junheng.errors import Text
from junheng.model import units
from junheng.standards import Concession as StandingConcession
from junheng.standards import Review, Standing, value_text
from junheng.standards import Source as Document
from junheng.workflow.views import Concession, Limit, Source


def unit_label(unit: str) -> Text:
    """Return a unit's label; a pure number has none."""
    return units()[unit].label


def limit(standing: Standing, near: Decimal | None = None, value: Decimal | None = None) -> Limit:
    """Return a standing value as a Limit; `near` is the factor of the floor, `value` replaces the number (a relaxed limit)."""
    number = standing.value if value is None else value
    floor = None if near is None else number * near
    return Limit(
        parameter=standing.parameter,
        comparator=standing.comparator,
        value=float(number),
        shown=value_text(number, standing.unit),
        unit=unit_label(standing.unit),
        near=None if floor is None else float(floor),
        near_shown="" if floor is None else value_text(floor, standing.unit),
        source=standing_source(standing),
    )


def standing_source(standing: Standing) -> Source:
    """Return the document behind a standing value."""
    return source_view(
        standing.document,
        standing.source,
        since=standing.since,
        confidence=standing.confidence,
        reviewed=standing.reviewed,
        where=standing.jurisdiction,
    )


def source_view(
    document: Document, key: str, *, since: date | None, confidence: str, reviewed: Review | None = None, where: str = ""
) -> Source:
    """Return a document as a view; `key` is "document#item"."""
    return Source(
        key=key,
        title=document.title,
        number=document.number,
        item=key.partition("#")[2],
        day=since,
        confidence=confidence,
        reviewed=f"{reviewed.on} {reviewed.by}" if reviewed else "",
        jurisdiction=where,
    )


def concession_view(concession: StandingConcession, day: date) -> Concession:
    """Return an easement as a view, with whether it is in force on `day`."""
    return Concession(
        id=concession.id,
        title=concession.title,
        shown=value_text(concession.value, concession.unit),
        unit=unit_label(concession.unit),
        until=concession.until,
        in_force=concession.until is None or day <= concession.until,
        duty=concession.duty,
        source=source_view(
            concession.document, concession.source, since=concession.since, confidence=concession.confidence, where=concession.jurisdiction
        ),
    )
