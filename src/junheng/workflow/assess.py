"""How does the county stand? One county in one school year, judged by one framework, as one view."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from junheng.documents import finding, package_path
from junheng.errors import DataError, Finding, Place, Text
from junheng.indicators import Catalogue, evaluate
from junheng.model import County, check, digest
from junheng.standards import Framework, Rulebook
from junheng.store import folder_findings
from junheng.workflow.facts import basic_facts, fact_lines
from junheng.workflow.forms import Judged as FormData
from junheng.workflow.forms import forms
from junheng.workflow.information import information, shown_indicators
from junheng.workflow.items import concession_of
from junheng.workflow.judged import NO_TEXT, Judged, stage_label
from junheng.workflow.limits import source_view
from junheng.workflow.listing import standard_in_use
from junheng.workflow.map_view import map_of
from junheng.workflow.office import Office
from junheng.workflow.parts import eligibility, parts, vetoes
from junheng.workflow.remarks import without_limits
from junheng.workflow.spreads import mean_of, spreads
from junheng.workflow.trails import explanations
from junheng.workflow.units import units
from junheng.workflow.views import Assessment, Concession, Digests, Source

Step = Callable[[Text, int, int], None]

_DOUBLED = ("model.repeated_key", "model.two_schools_with_one_code")
_STEPS = (Text("读取数据", "Reading"), Text("核查", "Checking"), Text("测算与判定", "Measuring and judging"), Text("整理来历", "Tracing"))


def assess(folder: Path, year: int | None = None, framework: str | None = None, *, progress: Step | None = None) -> Assessment:
    """Return how the county stands in a school year (the latest when None), on that year's statistics day.

    framework: the first that the authority names when None.
    Raises StoreError, DataError or StandardsError when folder, tables or standards cannot be read or do not fit each other.
    """
    told = progress or _silent
    told(_STEPS[0], 0, len(_STEPS))
    office = Office(folder)
    year = office.year(year)
    rules, catalogue = office.rules(year), office.catalogue  # a mistake in the rules is said before the tables are read
    chosen = rules.framework(office.frameworks(framework)[0])
    county, previous = office.county(year), office.previous(year)
    told(_STEPS[1], 1, len(_STEPS))
    findings = (*check(county, previous), *folder_findings(folder, year))
    _refuse_doubled(findings)
    told(_STEPS[2], 2, len(_STEPS))
    judged = _judged(county, rules, chosen, catalogue)
    told(_STEPS[3], 3, len(_STEPS))
    view = _view(office, judged, findings)
    told(_STEPS[3], len(_STEPS), len(_STEPS))
    return view


def assess_county(office: Office, county: County, framework: str) -> Assessment:
    """Return how a County stands that is not read from the folder, e.g. the outcome of a proposal; without trails and findings.

    Raises StandardsError for an unknown framework.
    """
    rules = office.rules(county.year)
    return _view(office, _judged(county, rules, rules.framework(framework), office.catalogue), (), traced=False)


def _judged(county: County, rules: Rulebook, chosen: Framework, catalogue: Catalogue) -> Judged:
    also = (*_behind_coefficients(chosen, catalogue), *_counted_instead(chosen, rules), *shown_indicators(chosen, catalogue))
    return Judged(county, rules, chosen, evaluate(county, chosen, rules, also=also, catalogue=catalogue))


def _behind_coefficients(framework: Framework, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the school indicators behind the framework's coefficients, and their means: shown even where nobody is judged by them."""
    asked = (catalogue.get(item.indicator or "") for part in framework.parts for item in part.requirements)
    members = [name for indicator in asked if indicator and indicator.statistic == "weighted_cv" for name in indicator.of]
    means = [name for member in members if (name := mean_of(member, catalogue))]
    return tuple(dict.fromkeys((*members, *means)))


def _counted_instead(framework: Framework, rules: Rulebook) -> tuple[str, ...]:
    """Return the indicators that concessions in force count instead of the framework's own."""
    concessions = (one for parameter in framework.parameters for one in rules.concessions(parameter))
    return tuple(dict.fromkeys(one.indicator for one in concessions if one.indicator))


def _refuse_doubled(findings: tuple[Finding, ...]) -> None:
    """Refuse to judge tables in which a key stands twice: whatever is summed over them would count somebody twice."""
    doubled = [finding for finding in findings if finding.rule in _DOUBLED]
    if doubled:
        raise DataError(doubled)


def assess_all(
    folder: Path, year: int | None = None, framework: str | None = None, *, progress: Step | None = None
) -> tuple[Assessment, ...]:
    """Return how the county stands by the framework asked for, or by each that the authority names. Raises as `assess` does."""
    return tuple(assess(folder, year, name, progress=progress) for name in Office(folder).frameworks(framework))


def _silent(_text: Text, _done: int, _total: int) -> None:
    """Report progress to nobody."""


def _view(office: Office, judged: Judged, findings: tuple[Finding, ...], *, traced: bool = True) -> Assessment:
    its_units = units(judged)
    its_parts = parts(judged)
    its_spreads = spreads(judged)
    conditions = eligibility(judged)
    chosen = judged.framework
    form_data = FormData(
        name=office.name,
        year=judged.county.year,
        facts=basic_facts(judged),
        units=its_units,
        spreads=its_spreads,
        parts={part.id: part for part in its_parts},
    )
    return Assessment(
        county=judged.county.code,
        name=office.name,
        year=judged.county.year,
        day=judged.day,
        framework=chosen.id,
        title=chosen.title,
        source=_source(judged),
        applies=office.authority.compare_on is None,
        note=_not_in_force(judged.rules_day) if office.authority.compare_on else NO_TEXT,
        verdict=judged.card.whole["verdict"][0],
        eligibility=conditions,
        parts=its_parts,
        units=its_units,
        spreads=its_spreads,
        vetoes=vetoes(judged),
        concessions=tuple(_concessions(judged)),
        findings=(*findings, *_of_standards(judged), *without_limits(judged)),
        facts=fact_lines(judged),
        sheets=forms(chosen.id, form_data),
        map=map_of(judged.county),
        explanations=explanations(judged, its_units, its_parts, conditions, its_spreads) if traced else {},
        not_sent=_not_sent(judged),
        standards=tuple(standard_in_use(judged)),
        information=information(judged),
        digests=Digests(county=digest(judged.county), standards=judged.rules.digest, code=code_digest()),
    )


def _not_in_force(day: date) -> Text:
    return Text(
        f"所用标准不在当地施行，仅以{day}的标准作测算示例：有数据的照算，没有数据的标为无数据。",
        f"These standards are not in force there; those of {day} show the arithmetic on what the returns hold. The rest is no data.",
    )


def _source(judged: Judged) -> Source:
    chosen = judged.framework
    document = judged.rules.sources[chosen.source.partition("#")[0]]
    return source_view(
        document,
        chosen.source,
        since=chosen.in_force.since,
        confidence=chosen.confidence,
        reviewed=chosen.reviewed,
        where=chosen.jurisdiction,
    )


def _concessions(judged: Judged) -> Iterator[tuple[str, str, Concession]]:
    """Yield (school, item, concession) for everything that is met only by an easement, school by school."""
    requirements = {requirement.id: requirement for part in judged.framework.parts for requirement in part.requirements}
    items = judged.card.items
    rows = items.filter(items["verdict"].cast(pl.String) == "met_by_concession").to_dicts()
    for row in rows:
        requirement = requirements.get(row["requirement"] or "")
        concession = concession_of(judged, requirement, row) if requirement else None
        if requirement and concession:
            stage = f"（{stage_label(row['stage']).zh}）" if row["stage"] else ""
            yield f"{judged.school_name(row['school'])}{stage}", requirement.title.zh, concession


def _of_standards(judged: Judged) -> Iterator[Finding]:
    """Yield what is worth knowing about the standards in use: laxer overlays, stale values, and easements that have ended."""
    used = judged.used_parameters
    yield from (one for one in judged.rules.findings if not one.place.key or one.place.key[0] in used)
    for parameter in used:
        ended = {item.id: item for item in judged.rules.expired_concessions(parameter)}
        for item in ended.values():
            place = Place(key=(parameter, item.id))
            yield finding("workflow.concession_expired", place, item.title, source=item.source, until=item.until, day=judged.rules_day)


def _not_sent(judged: Judged) -> tuple[tuple[str, str], ...]:
    """Return the judged schools of which not a single figure of the seven is known."""
    items = judged.card.items.filter(judged.card.items["school"].is_not_null())
    known: dict[str, bool] = {}
    for school, value in items.select("school", "value").iter_rows():
        known[school] = known.get(school, False) or value is not None
    return tuple((school, judged.school_name(school)) for school, some in sorted(known.items()) if not some)


@cache
def code_digest() -> str:
    """Return the identity of the running code and of the data that ship with it."""
    root = package_path("junheng")
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".yaml", ".sql", ".csv") and path.is_file():
            whole.update(path.relative_to(root).as_posix().encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()
