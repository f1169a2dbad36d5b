"""A framework's file to a Framework: parts, requirements, vetoes, each named parameter looked up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, cast

from junheng.documents import Document
from junheng.errors import Finding, Text
from junheng.model import allowed
from junheng.standards.framework import OTHERS, Framework, InForce, Level, Part, Passes, Requirement, Veto
from junheng.standards.parameter import COMPARATORS, Comparator, Parameter
from junheng.standards.parameter_file import Shelf, check_identity
from junheng.standards.section import Section, close_word

_REQUIRED = ("title", "jurisdiction", "source", "confidence", "reviewed", "in_force", "parts")
_OPTIONAL = ("id", "eligibility", "vetoes", "notes")
_PART = ("title", "requirements")
_PART_OPTIONAL = ("each", "stages", "passes", "source", "confidence")
_ITEM = ("number", "title")
_LIMITS = (*COMPARATORS, "near", "must_apply", "partly")
_ITEM_OPTIONAL = ("id", "each", "stages", "indicator", *_LIMITS, "evidence", "shows", "source", "confidence", "note")
_LEVELS = ("school", "stage")


class Given(NamedTuple):
    """What a requirement inherits from its part, and a part from its framework."""

    framework: str
    source: str
    confidence: str
    each: tuple[Level, ...] = ()
    stages: tuple[str, ...] = ()


def read_framework(
    document: Document, name: str, shelf: Shelf, parameters: Mapping[str, Parameter | None], findings: list[Finding]
) -> Framework | None:
    """Return the framework of a file; None, beside findings, when it cannot be used.

    `parameters` holds every parameter that may be named: the shelf's own and those of the shelves above it.
    """
    before = len(findings)
    top = Section(document, (), findings)
    top.keys(_REQUIRED, _OPTIONAL)
    check_identity(top, name, shelf.jurisdiction)
    given = Given(name, top.source("source", shelf.sources), top.confidence())
    in_force = _in_force(top)
    reader = _Reader(shelf, parameters)
    parts = tuple(reader.part(section, key, given) for key, section in _named(top, "parts"))
    eligibility = reader.part(top.below("eligibility"), "eligibility", given) if "eligibility" in top.data else None
    vetoes = tuple(reader.veto(section, given) for section in top.sections("vetoes"))
    title, notes, reviewed = top.text("title"), tuple(_note(section) for section in top.sections("notes")), top.reviewed()
    _check_repeated(top, [item.id for part in parts for item in part.requirements])
    if len(findings) > before or in_force is None:
        return None
    return Framework(
        id=name,
        title=title,
        source=given.source,
        confidence=given.confidence,
        reviewed=reviewed,
        in_force=in_force,
        jurisdiction=shelf.jurisdiction,
        parts=parts,
        eligibility=eligibility,
        vetoes=vetoes,
        notes=notes,
        file=document.file,
    )


def _named(top: Section, key: str) -> list[tuple[str, Section]]:
    if key not in top.data:
        return []
    below = top.below(key)
    if not below.data:
        top.refuse("standards.no_value", (key,), Text("没有内容", "nothing"))
    return [(str(name), below.below(str(name))) for name in below.data]


def _note(section: Section) -> Text:
    section.keys(("zh", "en"))
    return Text(section.string("zh"), section.string("en"))


def _in_force(top: Section) -> InForce | None:
    if "in_force" not in top.data:
        return None
    below = top.below("in_force")
    below.keys(("since",), ("until",))
    since = below.needed_day("since")
    return InForce(since, below.day("until")) if since else None


def _check_repeated(top: Section, ids: list[str]) -> None:
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        top.refuse("standards.repeated_requirement", ("parts",), name)


class _Reader:
    """Reads parts and requirements against one shelf and the parameters that may be named."""

    def __init__(self, shelf: Shelf, parameters: Mapping[str, Parameter | None]) -> None:
        self.shelf = shelf
        self.parameters = parameters

    def part(self, section: Section, name: str, given: Given) -> Part:
        """Return one part; its requirements inherit what they do not say themselves."""
        section.keys(_PART, _PART_OPTIONAL)
        below = self._inherited(section, given)
        if section.data.get("requirements") == []:
            section.refuse("standards.no_value", ("requirements",), Text("没有条目", "no requirement"))
        items = tuple(self.requirement(item, below) for item in section.sections("requirements"))
        numbers = len({item.number for item in items})
        return Part(
            id=name,
            title=section.text("title"),
            each=below.each,
            stages=below.stages,
            requirements=items,
            passes=_passes(section, numbers),
        )

    def _inherited(self, section: Section, given: Given) -> Given:
        """Return what holds at this level: what is written here, or what is given from above."""
        each = section.names("each") if "each" in section.data else given.each
        stages = section.names("stages") if "stages" in section.data else given.stages
        for key, words, known in (("each", each, _LEVELS), ("stages", stages, tuple(allowed("stage")))):
            for word in words:
                if word not in known:
                    section.refuse("standards.unknown_selector", (key,), word, by=key, known=", ".join(known))
        return Given(
            given.framework,
            section.source("source", self.shelf.sources, given.source),
            section.confidence(given.confidence),
            cast("tuple[Level, ...]", each),
            stages,
        )

    def requirement(self, section: Section, given: Given) -> Requirement:
        """Return one requirement."""
        section.keys(_ITEM, _ITEM_OPTIONAL)
        here = self._inherited(section, given)
        number = section.label("number")
        indicator, evidence = section.string("indicator") or None, section.data.get("evidence") is True
        comparator, parameter = self._limit(section)
        if evidence == bool(indicator) or bool(indicator) != bool(parameter):
            section.refuse("standards.requirement_is_incomplete", (), _said(indicator, parameter, evidence))
        shows = section.names("shows") if "shows" in section.data else ()
        if shows and not evidence:
            section.refuse("standards.shows_without_evidence", ("shows",), ", ".join(shows))
        partly = section.string("partly") or None
        self._check_parameter(section, "partly", partly, comparator)
        return Requirement(
            id=section.string("id") or indicator or f"{here.framework}.{number}",
            number=number,
            title=section.text("title"),
            each=here.each,
            stages=here.stages,
            indicator=indicator,
            comparator=comparator,
            parameter=parameter,
            near=_factor(section),
            must_apply=section.data.get("must_apply") is True,
            partly=partly,
            evidence=evidence,
            shows=shows,
            source=here.source,
            confidence=here.confidence,
            note=section.text_or_none("note"),
            line=section.document.line(*section.path),
        )

    def _limit(self, section: Section) -> tuple[Comparator | None, str | None]:
        written = [key for key in COMPARATORS if key in section.data]
        if len(written) > 1:
            section.refuse("standards.two_comparators", (written[1],), ", ".join(written))
        if not written:
            return None, None
        comparator = written[0]
        parameter = section.string(comparator)
        self._check_parameter(section, comparator, parameter, comparator)
        return comparator, parameter

    def _check_parameter(self, section: Section, key: str, name: str | None, comparator: Comparator | None) -> None:
        if not name:
            return
        parameter = self.parameters.get(name)
        if name not in self.parameters:
            section.refuse("standards.unknown_parameter", (key,), name, close=close_word(name, list(self.parameters)))
        elif parameter and parameter.comparator != comparator:
            found = Text(f"{comparator}（{name}写的是{parameter.comparator}）", f"{comparator} where {name} says {parameter.comparator}")
            section.refuse("standards.framework_contradiction", (key,), found)

    def veto(self, section: Section, given: Given) -> Veto:
        """Return one veto."""
        section.keys(("id", "title"), ("source", "confidence"))
        return Veto(
            section.string("id"),
            section.text("title"),
            section.source("source", self.shelf.sources, given.source),
            section.confidence(given.confidence),
        )


def _passes(section: Section, numbers: int) -> Passes:
    """Return the pass rule; without one, or with `met: null`, all must be met. `of` must be the count of the numbered items."""
    if "passes" not in section.data:
        return Passes(None, numbers, None)
    below = section.below("passes")
    below.keys(("met", "of"), ("others",))
    met = None if below.data.get("met", 0) is None else below.number("met")
    others = below.data.get("others")
    if below.number("of") != numbers or (met or 0) > numbers or others not in (None, *OTHERS):
        section.refuse("standards.pass_rule", ("passes",), str(below.data), numbers=numbers, others=", ".join(OTHERS))
    return Passes(None if met is None else int(met), numbers, others if others in OTHERS else None)


def _factor(section: Section) -> Decimal | None:
    near = section.number("near")
    if near is not None and not 0 < near <= 1:
        section.refuse("standards.near_is_a_factor", ("near",), str(near))
    return near


def _said(indicator: str | None, parameter: str | None, evidence: bool) -> Text:
    words = ", ".join(f"{key}: {value}" for key, value in (("indicator", indicator), ("limit", parameter), ("evidence", evidence)) if value)
    return Text(words or "三者皆无", words or "none of them")
