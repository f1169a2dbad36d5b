"""Rules as files: matching/rules/*.yaml and an authority's own, checked when they are read, every mistake with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from junheng.documents import Document, finding, package_files, parse_yaml
from junheng.documents.resources import PackageFile
from junheng.errors import DataError, Finding, Place, Text
from junheng.matching.condition import KIND_KEYS, ConditionError, condition_sql, keys_of
from junheng.matching.rule import DIFFERENT, MISSING, Column, Comparison, Guard, Level, MatchRule

_PARTS = "title question columns needs identity compare block expected same_when ask_when one_to_one"
_MORE = ("guards", "train_on", "same_anyway", "certain", "alone")  # what a rule may leave out
_TOP = frozenset((*_PARTS.split(), *_MORE))
_KEY_LINES = ("block", "train_on", "same_anyway", "alone")
_OUTCOMES = ("ask", "different")


@cache
def shipped_rules() -> Mapping[str, MatchRule]:
    """Return the rules that ship with the package, by name."""
    files = package_files("junheng.matching", "rules/*.yaml")
    return {name: read_rule(file) for file in files if "." not in (name := file.name.removeprefix("rules/").removesuffix(".yaml"))}


def match_rule(name: str) -> MatchRule:
    """Return a shipped rule by name. Raises DataError, naming those there are."""
    known = shipped_rules()
    if name not in known:
        raise DataError(finding("matching.unknown_rule", Place(), name, rules=", ".join(known)))
    return known[name]


def read_rule(file: PackageFile) -> MatchRule:
    """Return the rule that a YAML text states. Raises DataError with every mistake and its line."""
    document = parse_yaml(file.text, file.name)
    if not isinstance(document.data, dict):
        raise DataError(finding("matching.rule_key", document.place(), Text("空文件", "an empty file"), keys=", ".join(sorted(_TOP))))
    reader = _Reader(document)
    findings = reader.check()
    if findings:
        raise DataError(findings)
    return reader.rule(file)


class _Reader:
    """One file: what is wrong with it, and the rule."""

    def __init__(self, document: Document) -> None:
        self.document, self.data = document, document.data
        columns: Mapping[str, Any] = self.data.get("columns") or {}
        self.kinds = {name: str(spec.get("kind")) for name, spec in columns.items()}
        self.keys = keys_of(self.kinds)
        self.findings: list[Finding] = []

    def check(self) -> list[Finding]:
        self._check_parts()
        for index, spec in enumerate(self.data.get("compare") or ()):
            self._check_comparison(index, spec)
        self._check_keys()
        self._check_guards()
        return self.findings

    def _check_parts(self) -> None:
        known = ", ".join(sorted(_TOP))
        for name in self.data.keys() - _TOP:
            self._say("matching.rule_key", str(name), name, keys=known)
        for name in sorted(_TOP - self.data.keys() - {*_MORE}):
            self._say("matching.rule_key", Text(f"缺{name}", f"no {name}"), keys=known)
        for name, kind in self.kinds.items():
            if kind not in KIND_KEYS:
                self._say("matching.column_kind", kind, "columns", name, kinds=", ".join(KIND_KEYS))

    def _check_keys(self) -> None:
        for part in _KEY_LINES:
            for index, keys in enumerate(self.data.get(part) or ()):
                for key in keys:
                    self._known_key(str(key), part, index)
        for index, key in enumerate(self.data.get("certain") or ()):
            self._known_key(str(key), "certain", index)
        for part in ("needs", "identity"):
            for index, name in enumerate(self.data.get(part) or ()):
                if name not in self.kinds:
                    self._say("matching.unknown_key", str(name), part, index, keys=", ".join(self.kinds))

    def _check_comparison(self, index: int, spec: Mapping[str, Any]) -> None:
        self._known_key(str(spec.get("missing")), "compare", index, "missing")
        for number, level in enumerate(spec.get("levels") or ()):
            try:
                condition_sql(str(level.get("when")), self.keys)
            except ConditionError as error:
                self._say("matching.condition", str(error), "compare", index, "levels", number, "when")

    def _check_guards(self) -> None:
        degrees = {str(spec.get("field")): self._degrees(spec) for spec in self.data.get("compare") or ()}
        for index, guard in enumerate(self.data.get("guards") or ()):
            if guard.get("at_most") not in _OUTCOMES:
                self._say("matching.guard", str(guard.get("at_most")), "guards", index, "at_most", known=", ".join(_OUTCOMES))
            for field, asked in (guard.get("when") or {}).items():
                for degree in asked:
                    if degree not in degrees.get(field, ()):
                        self._say(
                            "matching.guard", f"{field}: {degree}", "guards", index, "when", known=", ".join(degrees.get(field, degrees))
                        )

    @staticmethod
    def _degrees(spec: Mapping[str, Any]) -> tuple[str, ...]:
        return (*(str(level.get("is")) for level in spec.get("levels") or ()), MISSING, DIFFERENT)

    def _known_key(self, key: str, *at: str | int) -> None:
        if key not in self.keys:
            self._say("matching.unknown_key", key, *at, keys=", ".join(self.keys))

    def _say(self, rule: str, found: str | Text, *at: str | int, **values: str) -> None:
        self.findings.append(finding(rule, self.document.place(*at), found, severity=None, source="", count=1, **values))

    def rule(self, file: PackageFile) -> MatchRule:
        data = self.data
        return MatchRule(
            id=file.name.removeprefix("rules/").removesuffix(".yaml"),
            title=Text(**data["title"]),
            question=Text(**data["question"]),
            columns=tuple(self._column(name, spec) for name, spec in data["columns"].items()),
            needs=tuple(data["needs"]),
            identity=tuple(data["identity"]),
            compare=tuple(self._comparison(spec) for spec in data["compare"]),
            certain=tuple(data.get("certain") or ()),
            alone=tuple(tuple(keys) for keys in data.get("alone") or ()),
            block=tuple(tuple(keys) for keys in data["block"]),
            train_on=tuple(tuple(keys) for keys in data.get("train_on") or ()),
            same_anyway=tuple(tuple(keys) for keys in data.get("same_anyway") or ()),
            expected=float(data["expected"]),
            same_probability=float(data["same_when"]["probability_at_least"]),
            ahead_by=float(data["same_when"].get("ahead_by", Decimal(0))),
            ask_probability=float(data["ask_when"]["probability_at_least"]),
            one_to_one=bool(data["one_to_one"]),
            guards=tuple(_guard(spec) for spec in data.get("guards") or ()),
            digest=hashlib.sha256(file.text.encode()).hexdigest(),
        )

    @staticmethod
    def _column(name: str, spec: Mapping[str, Any]) -> Column:
        headings = tuple(str(heading) for heading in spec.get("headings") or ())
        return Column(name, spec["kind"], Text(**spec["title"]), headings, str(spec.get("from") or ""))

    def _comparison(self, spec: Mapping[str, Any]) -> Comparison:
        levels = tuple(
            Level(str(one["is"]), condition_sql(str(one["when"]), self.keys), Text(one["zh"], one["en"]), str(one.get("frequency") or ""))
            for one in spec["levels"]
        )
        return Comparison(str(spec["field"]), str(spec["missing"]), levels)


def _guard(spec: Mapping[str, Any]) -> Guard:
    when = {str(field): tuple(str(degree) for degree in asked) for field, asked in (spec.get("when") or {}).items()}
    return Guard(
        str(spec["is"]),
        when,
        str(spec.get("both_valid") or ""),
        spec["at_most"],
        str(spec.get("at_least") or ""),
        Text(spec["zh"], spec["en"]),
    )
