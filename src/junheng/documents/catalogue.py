"""The sentences of every finding, as data: findings/<package>.csv, Chinese and English side by side."""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple, cast

from junheng.documents.resources import package_files
from junheng.errors import Finding, Place, Severity, Text


class FindingRule(NamedTuple):
    """One kind of finding: its usual severity and its two sentences, with {placeholders}."""

    rule: str
    severity: Severity
    expected: Text
    remedy: Text


@cache
def catalogue() -> dict[str, FindingRule]:
    """Return every finding rule by id, from the catalogues that ship with the package."""
    rules: dict[str, FindingRule] = {}
    for file in package_files("junheng.documents", "findings/*.csv"):
        for row in csv.DictReader(file.text.splitlines()):
            if row["rule"] in rules or not row["rule"].startswith(file.name[9:-4] + "."):
                raise ValueError(f"{file.name}: rule {row['rule']} is repeated or belongs to another catalogue")
            rules[row["rule"]] = FindingRule(
                row["rule"],
                cast("Severity", row["severity"]),
                Text(row["expected_zh"], row["expected_en"]),
                Text(row["remedy_zh"], row["remedy_en"]),
            )
    return rules


def finding(
    rule: str,
    place: Place,
    found: str | Text,
    *,
    severity: Severity | None = None,
    source: str = "",
    count: int = 1,
    **values: object,
) -> Finding:
    """Return a Finding whose sentences come from the catalogue; `values` fill the {placeholders}.

    A value may be a Text, and then speaks each language. An unknown rule is a KeyError: a mistake of ours, not the user's.
    """
    known = catalogue()[rule]
    return Finding(
        rule=rule,
        severity=severity or known.severity,
        place=place,
        found=found if isinstance(found, Text) else Text(found, found),
        expected=_filled(known.expected, values),
        remedy=_filled(known.remedy, values),
        source=source,
        count=count,
    )


def _filled(text: Text, values: dict[str, object]) -> Text:
    def words(lang: str) -> dict[str, object]:
        return {name: value.of(lang) if isinstance(value, Text) else value for name, value in values.items()}

    return Text(text.zh.format(**words("zh")), text.en.format(**words("en")))
