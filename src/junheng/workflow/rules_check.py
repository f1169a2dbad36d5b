"""Do the rules of an authority hold together? Its own standards, indicators and frameworks, without any data."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.errors import Finding, StandardsError
from junheng.indicators import evaluate
from junheng.model import county
from junheng.workflow.office import Office

_OVERLAYS = ("standards.overlay_laxer", "standards.overlay_differs", "standards.overlay_eases")


def rules_findings(office: Office, year: int) -> tuple[Finding, ...]:
    """Return what is wrong with the rules that a year would be judged by, and where the authority's own ask less than those above."""
    return tuple(dict.fromkeys(_findings(office, year)))


def _findings(office: Office, year: int) -> Iterator[Finding]:
    try:
        rules, _ = office.rules(year), office.catalogue
    except StandardsError as error:
        yield from error.findings
        return
    yield from (one for one in rules.findings if one.rule in _OVERLAYS)
    for name in office.frameworks(None):
        try:
            evaluate(county(office.authority.code, year, {}), rules.framework(name), rules, catalogue=office.catalogue)
        except StandardsError as error:
            yield from error.findings
