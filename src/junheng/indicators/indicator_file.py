"""Indicators from their files: shipped ones and a county's own go through this one reader, with every finding of every file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, cast

from junheng import standards
from junheng.documents import Document, PackageFile, finding, package_files, parse_yaml_into
from junheng.errors import Finding, StandardsError, Text
from junheng.indicators.dimension import Measure, fits, measure_of_unit
from junheng.indicators.expression import Node, replaced
from junheng.indicators.indicator import LEVELS, STATISTICS, Better, Between, Catalogue, Fragment, Indicator
from junheng.indicators.language import LimitKind, declared_unit, listed, near, read, scope_of
from junheng.indicators.relation import Relation, relations
from junheng.indicators.sql import Problem
from junheng.model import units

_REQUIRED = ("title", "unit", "per", "source")
_KEYS = (*_REQUIRED, "better", "decimals", "note")
_FORMULA = ("from", "filter", "of_which", "concerns", "numerator", "denominator", "scale", "weight", "missing")
_STATISTIC = ("statistic", "of", "between")
_BETTER = ("higher", "lower", "neither")
_SCALES = (1, 10, 100, 1000, 10000)


@cache
def shipped_catalogue() -> Catalogue:
    """Return the indicators that ship with the package, by id, over the limits of the nation's shelf."""
    files = package_files("junheng.indicators", "cn/**/*.yaml")
    return read_catalogue(files, "cn")


def limit_kinds(*shelves: standards.Library) -> Mapping[str, LimitKind]:
    """Return what fragments must know of the parameters of these shelves."""
    return {name: LimitKind(parameter.unit, parameter.by) for shelf in shelves for name, parameter in shelf.parameters.items()}


def read_catalogue(
    files: Iterable[PackageFile],
    jurisdiction: str,
    above: Catalogue | None = None,
    shelves: Sequence[standards.Library] | None = None,
) -> Catalogue:
    """Return the indicators of `files` by id, together with those `above` (the shipped ones, for a county's own).

    `shelves` hold the parameters that a formula may name in {braces} and the documents that may be cited: the nation's when none are given.
    Raises StandardsError with every finding: each names file, line, what was found, what was expected, and what to do.
    """
    findings: list[Finding] = []
    shelves = (standards.shipped(),) if shelves is None else shelves
    limits, sources = limit_kinds(*shelves), {key: None for shelf in shelves for key in shelf.sources}
    known: dict[str, Indicator] = dict(above or {})
    broken: set[str] = set()
    for file in files:
        document = _parsed(file, findings)
        for name in document.data if document and isinstance(document.data, dict) else ():
            entry = _Entry(document, str(name), limits, sources, jurisdiction)
            if name in known:
                entry.refuse("indicators.repeated", (), str(name))
            indicator = entry.indicator()
            findings += entry.findings
            broken |= {str(name)} if entry.findings or not indicator else set()
            if indicator:
                known[indicator.id] = indicator
    findings += [problem for name in known if name not in (above or {}) for problem in _members(known[name], known, broken)]
    if findings:
        raise StandardsError(findings)
    return known


def _parsed(file: PackageFile, findings: list[Finding]) -> Document | None:
    document = parse_yaml_into(file, findings)
    if document and not isinstance(document.data, dict):
        findings.append(finding("indicators.not_a_mapping", document.place(), str(document.data)))
    return document


class _Entry:
    """One indicator under reading: what is wrong with it is collected, and reading goes on."""

    def __init__(
        self, document: Document | None, name: str, limits: Mapping[str, LimitKind], sources: Mapping[str, None], jurisdiction: str
    ) -> None:
        assert document is not None
        self.sources = sources
        self.document, self.name, self.limits, self.jurisdiction = document, name, limits, jurisdiction
        data = document.data[name]
        self.findings: list[Finding] = []
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.refuse("indicators.not_a_mapping", (), str(data))

    def refuse(self, rule: str, at: tuple[str, ...], found: str | Text, **values: Any) -> None:
        self.findings.append(finding(rule, self.document.place(self.name, *at), found, **values))

    def indicator(self) -> Indicator | None:
        self._keys()
        relation = self._relation()
        parts = {key: self._fragment(key, relation) for key in ("numerator", "denominator", "weight", "filter", "of_which")}
        scale, missing = self._scale(), self._missing(relation)
        unit = self._unit()
        self._source()
        self._declared(parts, scale, unit, relation)
        if self.findings:
            return None
        data = self.data
        return Indicator(
            id=self.name,
            title=Text(**data["title"]),
            unit=unit,
            better=cast("Better", data.get("better", "neither")),
            per=tuple(data["per"]),
            source_table=relation.name if relation else "",
            numerator=parts["numerator"],
            denominator=parts["denominator"],
            weight=parts["weight"],
            filter=_both(parts["filter"], parts["of_which"]),
            asked_of=parts["filter"],
            of_which=parts["of_which"],
            concerns=Text(**data["concerns"]) if "concerns" in data else None,
            scale=scale,
            missing="skip" if missing == "skip" else "strict",
            none_where_empty=tuple(missing) if isinstance(missing, list) else (),
            statistic=data.get("statistic", ""),
            of=_list(data.get("of", [])),
            between=Between(**data["between"]) if "between" in data else None,
            decimals=data.get("decimals", 2),
            source=data["source"],
            note=Text(**data["note"]) if "note" in data else None,
            jurisdiction=self.jurisdiction,
            place=self.document.place(self.name),
        )

    def _keys(self) -> None:
        statistic = "statistic" in self.data
        own = ["statistic", "of"] if statistic else ["from", "numerator"]
        own += ["between"] if self.data.get("statistic") == "ratio" else []
        own += ["of_which", "concerns"] if not statistic and {"of_which", "concerns"} & set(self.data) else []
        known = (*_KEYS, *(_STATISTIC if statistic else _FORMULA))
        for key in (*_REQUIRED, *own):
            if key not in self.data:
                self.refuse("indicators.missing_key", (), Text(f"没有{key}", f"no {key}"), key=key)
        for key in self.data:
            if key not in known:
                self.refuse(
                    "indicators.unknown_key", (str(key),), str(key), keys=", ".join(known), near=near(str(key), dict.fromkeys(known))
                )
        for key, fits_ in _CHECKS.items():
            if key in self.data and not fits_(self.data[key]):
                self.refuse(f"indicators.bad_{key}", (key,), str(self.data[key]))

    def _relation(self) -> Relation | None:
        name = str(self.data.get("from"))
        if "from" in self.data and name not in relations():
            known = relations()
            self.refuse("indicators.unknown_relation", ("from",), name, relations=", ".join(known), near=near(name, known))
        relation, per = relations().get(name), self.data.get("per")
        for level in per if relation and isinstance(per, list) else ():
            if level in LEVELS and relation and level not in relation.columns:
                self.refuse("indicators.per_without_column", ("per",), str(level), relation=relation.name)
        return relation

    def _fragment(self, key: str, relation: Relation | None) -> Fragment | None:
        if key not in self.data or relation is None:
            return None
        text = self.data[key]
        if not isinstance(text, str):  # 2017-04-19 would be read as a sum
            self.refuse("indicators.sql_syntax", (key,), str(text))
            return None
        node, problems = read(text, relation, self.limits, aggregate=key not in ("filter", "of_which"))
        self._report(problems, key)
        return Fragment(text, node) if node and not problems else None

    def _report(self, problems: Iterable[Problem], *keys: str) -> None:
        for problem in problems:
            self.refuse(problem.rule, keys, problem.found, **problem.values)

    def _unit(self) -> str:
        unit = str(self.data.get("unit", ""))
        if "unit" in self.data and unit not in units():
            self.refuse("indicators.unknown_unit", ("unit",), unit, near=near(unit, units()))
        return unit

    def _source(self) -> None:
        document = str(self.data.get("source", "")).partition("#")[0]
        if document and document not in self.sources:
            self.refuse("indicators.unknown_source", ("source",), document, near=near(document, self.sources))

    def _scale(self) -> int:
        scale = self.data.get("scale", 1)
        return scale if scale in _SCALES else 1

    def _missing(self, relation: Relation | None) -> str | list[str]:
        missing = self.data.get("missing", "strict")
        columns = missing if isinstance(missing, list) else []
        for name in columns:
            if relation and str(name) not in relation.columns:
                hint = near(str(name), relation.columns)
                names = listed(str(name), relation.columns)
                self.refuse("indicators.unknown_column", ("missing",), str(name), relation=relation.name, columns=names, near=hint)
        return cast("str | list[str]", missing)

    def _declared(self, parts: Mapping[str, Fragment | None], scale: int, unit: str, relation: Relation | None) -> None:
        numerator, denominator = parts["numerator"], parts["denominator"]
        if relation and numerator and unit in units() and (denominator or "denominator" not in self.data):
            under = denominator.node if denominator else None
            self._report(declared_unit(numerator.node, under, scale, unit, scope_of(relation, self.limits)), "unit")


def _both(asked: Fragment | None, of_which: Fragment | None) -> Fragment | None:
    """Return the one filter of the rows that could enter and of the condition that narrows them."""
    if asked is None or of_which is None:
        return asked or of_which
    text = " and ".join(f"({part.text})" if part.node.op == "or" else part.text for part in (asked, of_which))
    return Fragment(text, Node("and", (asked.node, of_which.node)))


def _list(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _two_languages(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"zh", "en"} and all(isinstance(text, str) and text for text in value.values())


def _words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(word, str) for word in value)


def _is_code(value: Any) -> bool:
    """Return whether a value is one coded word: it is written into the statement between quotes."""
    return isinstance(value, str) and bool(re.fullmatch(r"\w+", value))


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "title": _two_languages,
    "note": _two_languages,
    "concerns": _two_languages,
    "per": lambda value: isinstance(value, list) and value in ([], ["school"], ["stage"], ["school", "stage"]),
    "source": lambda value: isinstance(value, str) and bool(value),
    "better": lambda value: value in _BETTER,
    "decimals": lambda value: type(value) is int and 0 <= value <= 6,
    "scale": lambda value: type(value) is int and value in _SCALES,
    "missing": lambda value: value in ("strict", "skip") or _words(value),
    "statistic": lambda value: value in STATISTICS,
    "of": lambda value: isinstance(value, str) or _words(value),
    "between": lambda value: isinstance(value, dict) and set(value) == {"column", "over", "under"} and all(map(_is_code, value.values())),
}


# ── what a statistic is made of ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _members(indicator: Indicator, known: Catalogue, broken: set[str]) -> Iterator[Finding]:
    """Check the indicators a statistic names: they are there, of the right grain, and in a unit that fits."""
    for name in indicator.of:
        place, member = indicator.place, known.get(name)
        if member is None:
            if name not in broken:
                close = get_close_matches(name, list(known), n=1)
                hint = Text(f"是否指{close[0]}？", f"Did you mean {close[0]}? ") if close else Text("", "")
                yield finding("indicators.unknown_indicator", place, name, near=hint)
            continue
        if not _grain_fits(indicator, member):
            yield finding("indicators.statistic_grain", place, f"{name}: [{', '.join(member.per)}]", per=", ".join(indicator.per))
        if not fits(_unit_of_statistic(indicator, member), measure_of_unit(indicator.unit)):
            yield finding("indicators.unit_mismatch", place, member.unit, unit=indicator.unit)
        if indicator.between and indicator.between.column not in (member.relation.columns if member.source_table else ()):
            columns = listed(indicator.between.column, member.relation.columns)
            yield finding(
                "indicators.unknown_column",
                place,
                indicator.between.column,
                relation=member.source_table,
                columns=columns,
                near=Text("", ""),
            )


def _grain_fits(indicator: Indicator, member: Indicator) -> bool:
    if indicator.statistic == "mean":
        return member.per == indicator.per and bool(member.statistic)
    return not member.statistic and "school" in member.per and member.per == ("school", *indicator.per)


def _unit_of_statistic(indicator: Indicator, member: Indicator) -> Measure:
    if indicator.statistic in ("weighted_cv", "ratio"):
        return Measure(factor=measure_of_unit(indicator.unit).factor)
    return measure_of_unit(member.unit)


def none_where_empty(indicator: Indicator, node: Node) -> Node:
    """Return the tree as it is run: columns whose empty cells count as none are read as 0 there."""

    def change(found: Node) -> Node | None:
        if found.op == "column" and found.text in indicator.none_where_empty:
            return Node("raw", (), f"coalesce({found.text}, 0)")
        return None

    return replaced(node, change) if indicator.none_where_empty else node
