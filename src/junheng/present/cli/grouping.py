"""Findings by their cause: what is wrong in the same way at many places is told once, with the places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from junheng.workflow import Finding, Text

_ORDER = ("error", "warning", "note")
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings of one rule about one column: never empty, in the order in which they were found."""

    findings: tuple[Finding, ...]

    @property
    def others(self) -> Text:
        """Return the places after the first, by name where they have one, at most six of them."""
        names = list(dict.fromkeys(_name(finding) for finding in self.findings[1:]))
        shown, more = [name for name in names[:_MOST_NAMES] if name], names[_MOST_NAMES:]
        return Text(f"{'、'.join(shown)}{'等' if more else ''}", f"{', '.join(shown)}{' …' if more else ''}")


def causes(findings: Iterable[Finding]) -> Sequence[Cause]:
    """Return findings by severity, rule and column; errors first, else in the order in which each cause was first found."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        place = finding.place
        key = (finding.severity, finding.rule, place.table, place.column, "" if place.table else place.file)
        found.setdefault(key, []).append(finding)
    ordered = sorted(found.items(), key=lambda entry: _ORDER.index(entry[0][0]))
    return [Cause(tuple(group)) for _, group in ordered]


def _name(finding: Finding) -> str:
    place = finding.place
    row = f"{place.row}" if place.row else ""
    return place.name or place.cell or row or "|".join(place.key) or place.file
