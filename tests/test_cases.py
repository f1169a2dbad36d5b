"""Cases that an officer can write: tests/cases/*.yaml, arithmetic on paper against the shipped indicators and frameworks.

    - name: a class of exactly the limit is not oversized
      day: 2025-09-01                     # the day on which the standards are read
      given: {classes: [{class: E1, school: East, stage: primary, pupils: 46}]}
      expect:                             # values at the indicator's decimals; [school, stage], a stage or "county"; or "no data"
        class_size.oversized_share: {[East, primary]: 100.0}
      verdicts:                           # optional, by a framework
        quality-balance-2017: {class_size.oversized_share: {[East, primary]: missed}}

A school that a case names and does not describe is an ordinary rural public primary school (junior where it has only junior rows,
nine-year where it has both) whose pupils are not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from junheng.documents import parse_yaml
from junheng.indicators import evaluate, shipped_catalogue
from junheng.model import County, schema
from tests.indicators.small import CODE, rules, small

FOLDER = Path(__file__).parent / "cases"
NO_DATA = "no data"


def plain(text: str) -> str:
    """Turn the keys [East, primary] into East|primary, which plain YAML can hold."""
    return re.sub(r"\[([^\]\[,]+), ([^\]\[,]+)\]:", r"\1|\2:", text)


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in parse_yaml(plain(path.read_text(encoding="utf-8")), path.name).data:
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def completed(given: dict[str, list[dict[str, Any]]]) -> County:
    """Return the County of a case: every school that is named has a row in schools, and every stage of it one in enrolment."""
    tables = {name: [{**_usual(name), **row} for row in rows] for name, rows in given.items()}
    stages = _stages(tables)
    described = tables.setdefault("schools", [])
    known = {row["school"] for row in described} | {row["campus"] for row in tables.get("campuses", [])}
    described += [
        {**_usual("schools"), "school": code, "name": code, "kind": _kind(found)} for code, found in stages.items() if code not in known
    ]
    enrolment = tables.setdefault("enrolment", [])
    sent = {(row["school"], row["stage"]) for row in enrolment}
    unsent = [(code, stage) for code, found in stages.items() for stage in found if (code, stage) not in sent]
    enrolment += [{**_usual("enrolment"), "school": code, "stage": stage, "pupils": None} for code, stage in unsent]
    return small(**tables)


def _usual(table: str) -> dict[str, Any]:
    """Return what a row has when the case does not say otherwise."""
    usual = {
        "schools": {"name": "…", "ownership": "public", "urban_rural": "220"},
        "enrolment": {"grade": "all", "sex": "all"},
    }
    return usual.get(table, {"county": CODE} if "county" in schema().tables[table].names else {})


def _stages(tables: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, None]]:
    """Return the stages that each school is named with, in the order of the case."""
    found: dict[str, dict[str, None]] = {}
    for name, rows in tables.items():
        for row in rows if "school" in schema().tables[name].names and name not in ("schools", "campuses") else ():
            found.setdefault(row["school"], {}).update({row["stage"]: None} if "stage" in row else {})
    return found


def _kind(stages: dict[str, None]) -> str:
    return {frozenset({"junior"}): "junior", frozenset({"primary", "junior"}): "nine_year", frozenset({"preschool"}): "kindergarten"}.get(
        frozenset(stages), "primary"
    )


def unit(key: str) -> tuple[str | None, str | None]:
    """Return school and stage of a key: "East|primary", "primary", "East", or "county"."""
    school, bar, stage = key.partition("|")
    if bar:
        return school, stage
    if key == "county":
        return None, None
    return (None, key) if key in ("preschool", "primary", "junior", "senior") else (key, None)


@pytest.mark.parametrize("case", list(cases()))
def test_case(case: dict[str, Any]):
    county, book, catalogue = completed(case["given"]), rules(case["day"]), shipped_catalogue()
    wanted = case.get("expect", {})
    card = evaluate(county, None, book, also=list(wanted))
    for name, units in wanted.items():
        found = {(row["school"], row["stage"]): row["value"] for row in card.of(name).iter_rows(named=True)}
        for key, expected in units.items():
            value = found[unit(key)]
            shown = NO_DATA if value is None else round(value, catalogue[name].decimals)
            assert shown == (expected if expected == NO_DATA else float(expected)), (name, key)
    for framework, items in case.get("verdicts", {}).items():
        judged = evaluate(county, book.framework(framework), book)
        for name, units in items.items():
            verdicts = {(row["school"], row["stage"]): row["verdict"] for row in judged.of(name).iter_rows(named=True)}
            assert {key: verdicts[unit(key)] for key in units} == units, name


def test_there_are_cases():
    assert len(list(cases())) >= 10
