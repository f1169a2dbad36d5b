"""The brief of a plan as a file that an officer can read and change: brief.yaml.

planner: supervision_zones
year: 2025
options:
  zones: {value: 8, unit: items}
pins:
  - {what: schools.school, code: "2162000001", to: "2162000002"}
forbids: []
seed: 0
limits: {gap: 0.0001, slack: 0.000001, threads: 1}
inputs: {county: …, standards: …, code: …}       # digests: what it was worked out from
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from junheng.documents import Document, finding, parse_yaml, write_yaml
from junheng.errors import DataError, Finding, Place, Text
from junheng.model import County
from junheng.planning.declaration import Declaration, check_brief
from junheng.planning.proposal import Brief, Inputs, Pin
from junheng.planning.registry import planner, planner_names
from junheng.planning.solve.engine import Limits

FILE = "brief.yaml"
_KEYS = ("planner", "year", "options", "pins", "forbids", "seed", "limits", "inputs")
_PIN = ("what", "code", "to")
_INPUTS = ("county", "standards", "code")
_LIMITS: Mapping[str, type] = {"gap": float, "slack": float, "seconds": float, "nodes": int, "iterations": int, "threads": int}


class Asked(NamedTuple):
    """What brief.yaml says."""

    brief: Brief
    year: int  # the school year of the County that was looked at
    inputs: Inputs | None  # None: written by hand and not yet worked out


def write_brief(asked: Asked) -> str:
    """Return brief.yaml; every option that the brief sets stands with its unit."""
    brief, offered = asked.brief, planner(asked.brief.planner).declaration.options
    limits = {name: getattr(brief.limits, name) for name in _LIMITS if getattr(brief.limits, name) is not None}
    data: dict[str, Any] = {
        "planner": brief.planner,
        "year": asked.year,
        "options": {name: {"value": value, "unit": offered[name].unit} for name, value in brief.options.items()},
        "pins": [dict(zip(_PIN, (*pin.what, pin.to), strict=True)) for pin in brief.pins],
        "forbids": [dict(zip(_PIN, (*pin.what, pin.to), strict=True)) for pin in brief.forbids],
        "seed": brief.seed,
        "limits": limits,
    }
    if asked.inputs:
        data["inputs"] = {name: getattr(asked.inputs, name) for name in _INPUTS}
    return write_yaml(data)


def read_brief(text: str, file: str, county: County | None = None) -> Asked:
    """Return what brief.yaml asks; pins are looked up in `county` where one is given.

    Raises DataError with every finding: unknown keys, planner, options, units and codes, a pin that is forbidden.
    """
    document = parse_yaml(text, file)
    findings = list(_shape(document))
    if findings:
        raise DataError(findings)
    declaration = planner(document.data["planner"]).declaration
    findings = list(_units(document, declaration))
    asked = _asked(document.data)
    findings += [_placed(one, document) for one in check_brief(asked.brief, declaration, county)]
    if findings:
        raise DataError(findings)
    return asked


def _shape(document: Document) -> Iterator[Finding]:
    data = document.data
    if not isinstance(data, dict):
        yield finding("store.plan_brief_lacks", Place(file=document.file), Text("不是任务书", "no brief"), key="planner")
        return
    for key in data:
        if key not in _KEYS:
            yield finding("store.plan_unknown_key", document.place(key), str(key), keys=", ".join(_KEYS))
    for key, kind in (("planner", str), ("year", int)):
        if not isinstance(data.get(key), kind):
            yield finding("store.plan_brief_lacks", document.place(key), str(data.get(key, "")) or Text("没有", "nothing"), key=key)
    named = data.get("planner")
    if isinstance(named, str) and named not in planner_names():
        yield finding("planning.unknown_planner", document.place("planner"), named, planners=", ".join(planner_names()))
    yield from _nested(document)


def _nested(document: Document) -> Iterator[Finding]:
    """Yield what is of another shape below the first level: options by name, pins as lists, limits that are numbers."""
    data = document.data
    for name, option in _items(data.get("options")):
        if not (isinstance(option, dict) and set(option) == {"value", "unit"}):
            yield finding("store.plan_option_form", document.place("options", name), str(option))
    for key in ("pins", "forbids"):
        for number, pin in enumerate(data.get(key) or ()):
            if not (isinstance(pin, dict) and set(pin) == set(_PIN)):
                yield finding("store.plan_pin_form", document.place(key, number), str(pin))
    yield from _limits(document)
    inputs = data.get("inputs")
    if inputs is not None and not (isinstance(inputs, dict) and set(inputs) == set(_INPUTS)):
        yield finding("store.plan_inputs", document.place("inputs"), str(inputs))


def _limits(document: Document) -> Iterator[Finding]:
    for name, limit in _items(document.data.get("limits")):
        if name not in _LIMITS:
            yield finding("store.plan_unknown_key", document.place("limits", name), name, keys=", ".join(_LIMITS))
        elif isinstance(limit, bool) or not isinstance(limit, int | Decimal) or limit < 0:
            yield finding("store.plan_limit", document.place("limits", name), str(limit))


def _items(part: Any) -> Iterable[tuple[str, Any]]:
    return part.items() if isinstance(part, dict) else ()


def _units(document: Document, declaration: Declaration) -> Iterator[Finding]:
    for name, option in _items(document.data.get("options")):
        offered = declaration.options.get(name)
        if offered and option["unit"] != offered.unit:
            yield finding("store.plan_unit", document.place("options", name), str(option["unit"]), unit=offered.unit)


def _asked(data: Mapping[str, Any]) -> Asked:
    limits = {name: _LIMITS[name](value) for name, value in (data.get("limits") or {}).items()}
    inputs = data.get("inputs")
    brief = Brief(
        planner=data["planner"],
        options={name: option["value"] for name, option in (data.get("options") or {}).items()},
        pins=_pins(data.get("pins")),
        forbids=_pins(data.get("forbids")),
        limits=Limits(**limits),
        seed=int(data.get("seed") or 0),
    )
    return Asked(brief, data["year"], Inputs(**inputs) if inputs else None)


def _pins(rows: list[dict[str, Any]] | None) -> tuple[Pin, ...]:
    return tuple(Pin((str(row["what"]), str(row["code"])), str(row["to"])) for row in rows or ())


def _placed(one: Finding, document: Document) -> Finding:
    """Return a finding of the brief with the line of the file on which its cause stands."""
    column, keys = one.place.column, one.place.key
    path: tuple[str | int, ...] = ("options", column)
    for part in ("pins", "forbids") if keys else ():
        rows = document.data.get(part) or ()
        path = next(((part, n) for n, row in enumerate(rows) if (row["what"], str(row["code"])) == (column, keys[0])), path)
    return replace(one, place=replace(one.place, file=document.file, row=document.line(*path)))
