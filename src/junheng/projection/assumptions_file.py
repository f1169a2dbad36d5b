"""Scenario files (YAML): every mistake is a finding with its line; an unknown key is told with the nearest known one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from junheng.documents import Document, PackageFile, finding, package_files, parse_yaml_into
from junheng.errors import Finding, StandardsError, Text
from junheng.model import allowed
from junheng.projection.assumptions import ALL, ONE, PACKAGE, Assumption, Assumptions, Kind, kinds
from junheng.standards import Source
from junheng.standards.section import CONFIDENCE, Section, close_word
from junheng.standards.sources_file import read_sources

SOURCES = "sources.yaml"
_ASSUMED = "A"
_REQUIRED = ("unit", "source", "confidence", "reviewed")
_OPTIONAL = ("title", "note")
_KEY = re.compile(r"-?\d{1,4}")
_PAIR = re.compile(r"[^>]+>[^>]+")
_LISTS = {"sex": "sex", "stage": "stage", "type": "housing_type"}


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What the files being read may name: documents, and scenarios already read."""

    sources: Mapping[str, Source]
    above: Mapping[str, Assumptions]


@cache
def shipped_assumptions() -> Mapping[str, Assumptions]:
    """Return the scenarios that ship, the middle one first."""
    made = read_assumptions(package_files(PACKAGE, "cn/*.yaml"), {})
    return {name: made[name] for name in sorted(made, key=lambda name: (name != "middle", name))}


def read_assumptions(files: Iterable[PackageFile], above: Mapping[str, Assumptions] | None = None) -> Mapping[str, Assumptions]:
    """Return the scenarios of an authority's files `assumptions/*.yaml` (a file `sources.yaml` lists its documents), by file name.

    A file may say `extends: low`: it then holds everything of that scenario that it does not say itself, whether that one ships or
    lies beside it. above: what may be extended; the shipped scenarios when None. A scenario named as one of those takes its place.
    Raises StandardsError with every finding of every file: file, line, and for an unknown key the nearest known one.
    """
    made, findings, _ = sound_assumptions(files, above)
    if findings:
        raise StandardsError(findings)
    return made


def sound_assumptions(
    files: Iterable[PackageFile], above: Mapping[str, Assumptions] | None = None
) -> tuple[Mapping[str, Assumptions], tuple[Finding, ...], tuple[str, ...]]:
    """Return the scenarios of the files without a mistake, every finding of the others, and the names of those left out.

    As read_assumptions reads them. Left out with a file is what extends it: it must not rest on a shipped scenario of the same name.
    """
    known = shipped_assumptions() if above is None else above
    findings: list[Finding] = []
    ordered = sorted(files)
    documents = {PurePosixPath(file.name).name: parsed for file in ordered if (parsed := parse_yaml_into(file, findings))}
    left_out = [name for file in ordered if (name := PurePosixPath(file.name).name) not in documents]
    sources = {key: one for scenario in known.values() for key, one in _sources_of(scenario)}
    if SOURCES in documents:
        sources |= read_sources(documents.pop(SOURCES), findings)
    made: dict[str, Assumptions] = {}
    in_order = _in_order(documents, findings)
    left_out += [name for name in documents if name.removesuffix(".yaml") not in in_order]
    for name in in_order:
        document, mistakes = documents[f"{name}.yaml"], list[Finding]()
        one = _scenario(name, document, _Shelf(sources, {**known, **made}), mistakes)
        findings += mistakes
        base = f"{_extended(document)}.yaml"
        if mistakes or (base in left_out and base != f"{name}.yaml"):
            left_out.append(f"{name}.yaml")
        else:
            made[name] = one
    scenarios = {**{name: one for name, one in known.items() if name not in made}, **made} if above is None else made
    return scenarios, tuple(findings), tuple(left_out)


def _sources_of(scenario: Assumptions) -> Iterator[tuple[str, Source]]:
    return ((one.document.key, one.document) for one in scenario.items.values())


def _in_order(documents: Mapping[str, Document], findings: list[Finding]) -> list[str]:
    """Return the scenarios so that each comes after the one that it extends; a circle is a finding."""
    waiting = {name.removesuffix(".yaml"): _extended(document) for name, document in documents.items()}
    ordered: list[str] = []
    while ready := [name for name, base in waiting.items() if base not in waiting or base == name]:
        ordered += sorted(ready)
        waiting = {name: base for name, base in waiting.items() if name not in ready}
    for name, base in waiting.items():
        findings.append(finding("projection.scenarios_in_a_circle", documents[f"{name}.yaml"].place("extends"), base))
    return ordered


def _extended(document: Document) -> str:
    return str(document.data.get("extends", "")) if isinstance(document.data, dict) else ""


def _scenario(name: str, document: Document, shelf: _Shelf, findings: list[Finding]) -> Assumptions:
    top = Section(document, (), findings)
    top.keys(("title", "note"), ("extends", *kinds()))
    items: dict[str, Assumption] = {}
    if "extends" in top.data:
        items |= _inherited(top, shelf)
    for kind in kinds().values():
        if kind.id in top.data:
            made = _assumption(top.below(kind.id), kind, name, shelf)
            items |= {kind.id: made} if made else {}
    return Assumptions(scenario=name, title=top.text("title"), note=top.text("note"), items=items)


def _inherited(top: Section, shelf: _Shelf) -> Mapping[str, Assumption]:
    base = top.string("extends")
    if base in shelf.above:
        return shelf.above[base].items
    known = ", ".join(shelf.above) or "—"
    top.refuse("projection.no_such_scenario", ("extends",), base, known=known, close=close_word(base, list(shelf.above)))
    return {}


def _assumption(section: Section, kind: Kind, scenario: str, shelf: _Shelf) -> Assumption | None:
    values_key = "value" if kind.by == kind.key == "none" else "values"
    section.keys((*_REQUIRED, values_key), _OPTIONAL)
    if section.string("unit") not in ("", kind.unit):
        section.refuse("projection.assumed_in_another_unit", ("unit",), section.string("unit"), unit=kind.unit)
    source = section.source("source", shelf.sources)
    values = dict(_values(section, kind, values_key))
    document = shelf.sources.get(source.partition("#")[0])
    if not document or not values:
        return None
    place = section.document.place(*section.path)
    return Assumption(
        id=kind.id,
        title=section.text_or_none("title") or kind.label,
        unit=kind.unit,
        values=values,
        source=source,
        document=document,
        confidence=_confidence(section),
        reviewed=section.reviewed(),
        note=section.text_or_none("note"),
        scenario=scenario,
        file=place.file,
        line=place.row or 1,
    )


def _confidence(section: Section) -> str:
    value = section.string("confidence")
    if value and value != _ASSUMED and not CONFIDENCE.fullmatch(value):
        section.refuse("projection.unknown_confidence", ("confidence",), value)
    return value


def _values(section: Section, kind: Kind, key: str) -> Iterator[tuple[str, Mapping[int, float]]]:
    if key == "value":
        number = _number(section, kind, key)
        if number is not None:
            yield ALL, {ONE: number}
        return
    if key not in section.data:
        return
    table = section.below(key)
    if kind.by == "none":
        yield ALL, _keyed(table, kind)
        return
    for selector in table.data:
        if not _known_selector(kind, str(selector)):
            _refuse_selector(table, kind, str(selector))
        elif kind.key == "none":
            number = _number(table, kind, str(selector))
            yield str(selector), {} if number is None else {ONE: number}
        else:
            yield str(selector), _keyed(table.below(str(selector)), kind)


def _keyed(table: Section, kind: Kind) -> Mapping[int, float]:
    made: dict[int, float] = {}
    for key in table.data:
        if not _KEY.fullmatch(str(key)):
            table.refuse("projection.key_is_a_number", (str(key),), str(key), key=_KEYS[kind.key])
            continue
        number = _number(table, kind, str(key))
        if number is not None:
            made[int(str(key))] = number
    return made


_KEYS = {"year": Text("四位年份", "a year"), "age": Text("年龄", "an age"), "elapsed": Text("竣工后第几年", "years after completion")}


def _number(section: Section, kind: Kind, key: str) -> float | None:
    value: Any = section.data.get(key)
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        shown = Text("空", "nothing") if value is None else str(value)
        section.refuse("projection.value_is_a_number", (key,), shown)
        return None
    if not kind.least <= float(value) <= kind.most:
        limits = f"{kind.least:g}–{kind.most:g}"
        section.refuse("projection.value_out_of_bounds", (key,), str(value), limits=limits, unit=kind.unit)
        return None
    return float(value)


def _known_selector(kind: Kind, selector: str) -> bool:
    if kind.by in _LISTS:
        return selector in allowed(_LISTS[kind.by])
    return kind.by == "zone" or bool(_PAIR.fullmatch(selector))


def _refuse_selector(table: Section, kind: Kind, selector: str) -> None:
    known = tuple(allowed(_LISTS[kind.by])) if kind.by in _LISTS else ("from>to",)
    table.refuse("projection.unknown_selector", (selector,), selector, known=", ".join(known), close=close_word(selector, known))


def with_values(base: Assumptions, name: str, values: Mapping[str, Mapping[int, float]], note: Text, source: Source) -> Assumptions:
    """Return the scenario with an assumption measured from the county's own data in the place of the one in the file."""
    kind = kinds()[name]
    measured = Assumption(
        id=name,
        title=kind.label,
        unit=kind.unit,
        values=values,
        source=source.key,
        document=source,
        confidence=_ASSUMED,
        reviewed=None,
        note=note,
        scenario=base.scenario,
        file="",
        line=0,
    )
    return replace(base, items={**base.items, name: measured})
