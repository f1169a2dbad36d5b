"""The list of documents (sources.yaml): every value cites one of them by its key."""

from __future__ import annotations

from junheng.documents import Document
from junheng.errors import Finding
from junheng.standards.parameter import Source
from junheng.standards.section import Section

_REQUIRED = ("title", "number", "issuer", "issued", "in_force", "seen")
_OPTIONAL = ("remembered",)
_CONFIRMABLE = ("title", "number", "issuer", "issued", "in_force")


def read_sources(document: Document, findings: list[Finding]) -> dict[str, Source]:
    """Return the documents of a list by key; a null number or date means that it is not known."""
    top = Section(document, (), findings)
    return {str(key): _source(top.below(str(key)), str(key)) for key in top.data}


def _source(section: Section, key: str) -> Source:
    section.keys(_REQUIRED, _OPTIONAL)
    remembered = section.names("remembered")
    for word in remembered:
        if word not in _CONFIRMABLE:
            section.refuse("standards.unknown_key", ("remembered",), word, known=", ".join(_CONFIRMABLE), close="")
    return Source(
        key=key,
        title=section.text("title"),
        number="" if section.data.get("number") is None else section.string("number"),
        issuer=section.text("issuer"),
        issued=section.day("issued"),
        in_force=section.day("in_force"),
        seen=section.text("seen"),
        remembered=remembered,
    )
