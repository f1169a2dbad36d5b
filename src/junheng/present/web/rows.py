"""What the template lays out of one assessment: columns of the schools' table, drawings, findings by cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from junheng.present import basis, charts, wording
from junheng.present.structure import Structure, structure_of
from junheng.present.web.packing import Pack
from junheng.present.web.template import Ready, ready
from junheng.workflow import Finding, Text
from junheng.workflow.views import Assessment, Concession, Figure, Item, Spread, Unit

FEW = 40  # schools whose circles need no more than a low strip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One requirement as a column: the number the framework prints, its title, and its limits by stage."""

    id: str
    number: str
    title: Text
    limits: tuple[tuple[Text, Text], ...]  # (stage, "≥ 4.2㎡")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Findings of one rule. What all of them say alike is said once; None: each says its own."""

    severity: str
    rule: str
    found: Text | None
    expected: Text | None
    remedy: Text | None
    source: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One coefficient of variation with its drawing."""

    number: int  # place in Assessment.spreads
    spread: Spread
    drawing: Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One assessment as the template shows it."""

    number: int
    of: Assessment
    columns: tuple[Column, ...]
    rows: tuple[tuple[Unit, tuple[Item | None, ...]], ...]
    map: Ready
    areas_from: int | None  # the sheet whose areas this one shows too
    shades: tuple[charts.Shade, ...]
    unplaced: tuple[str, ...]  # schools that the map cannot show
    counts: dict[str, Ready]  # by part
    stages: tuple[tuple[Text, tuple[Panel, ...], Ready], ...]
    causes: tuple[Cause, ...]
    grounds: tuple[basis.Ground, ...]
    verdicts: Mapping[str, Text]
    wholes: Mapping[str, Text]
    structure: Structure
    silent: tuple[str, ...]  # schools that sent nothing, or of which no indicator has a value
    pack: Pack

    def trail(self, figure: Figure | None) -> int:
        """Return the place of a figure's trail, -1 when there is none."""
        return self.pack.trail(self.of, figure)

    def school_name(self, code: str) -> str:
        """Return a school's name; the code itself where it is not among the units, as with a kindergarten."""
        return next((unit.name for unit in self.of.units if unit.school == code), code)

    def requirement_title(self, requirement: str) -> Text:
        """Return the title of a requirement, of schools or of the county; its id where it is not listed."""
        titles = {item.requirement: item.title for part in self.of.parts for item in part.items}
        titles.update({column.id: column.title for column in self.columns})
        return titles.get(requirement, Text(requirement, requirement))

    def eased(self, item: Item) -> tuple[tuple[str, Concession], ...]:
        """Return the concessions by which an item is met: of one that is gathered from schools, each school with its own."""
        if not wording.is_count(item.figure):
            return (("", item.concession),) if item.concession else ()
        return tuple((school, one) for school, key, one in self.of.concessions if key in (item.requirement, item.title.zh))

    def stages_of_schools(self) -> dict[str, Text]:
        """Return the stages of the units with their labels."""
        return {unit.stage: unit.stage_label for unit in self.of.units}

    def choices(self, field: str) -> tuple[Text, ...]:
        """Return what the units' `field` holds, each once, in order of first use."""
        values = (getattr(unit, field) for unit in self.of.units)
        texts = (value if isinstance(value, Text) else Text(value, value) for value in values)
        return tuple(dict.fromkeys(text for text in texts if text.zh))


def columns_of(assessment: Assessment) -> tuple[Column, ...]:
    """Return the requirements that are judged school by school, in the order in which they first appear."""
    first: dict[str, Item] = {}
    limits: dict[str, dict[Text, dict[Text, None]]] = {}
    for unit in assessment.units:
        for item in unit.items:
            first.setdefault(item.requirement, item)
            if item.limit:
                by_stage = limits.setdefault(item.requirement, {}).setdefault(unit.stage_label, {})
                by_stage.setdefault(wording.with_unit(wording.limit_short(item.limit), item.limit.unit))
    return tuple(
        Column(
            id=key,
            number=item.number,
            title=item.title,
            limits=tuple((stage, wording.joined(words, "；", "; ")) for stage, words in limits.get(key, {}).items()),
        )
        for key, item in first.items()
    )


def sheet_of(number: int, assessment: Assessment, lang: str, pack: Pack, areas_from: int | None) -> Sheet:
    """Return what the template shows of an assessment."""
    columns = columns_of(assessment)
    units = assessment.units
    return Sheet(
        number=number,
        of=assessment,
        columns=columns,
        rows=tuple((unit, _aligned(unit, columns)) for unit in units),
        map=ready(charts.map_svg(assessment.map, units, lang, areas=areas_from is None)),
        areas_from=areas_from,
        shades=charts.shades(assessment.map.areas),
        unplaced=_unplaced(assessment),
        counts={part.id: ready(charts.counts_svg(part.counts, lang, names=wording.verdicts_of(assessment))) for part in assessment.parts},
        stages=_stages(assessment, lang),
        causes=causes_of(basis.findings_of(assessment)),
        grounds=basis.grounds_of(assessment),
        verdicts=wording.verdicts_of(assessment),
        wholes=wording.wholes_of(assessment),
        structure=structure_of(assessment),
        silent=tuple(dict.fromkeys([*(name or code for code, name in assessment.not_sent), *_without_values(units)])),
        pack=pack,
    )


def _unplaced(assessment: Assessment) -> tuple[str, ...]:
    drawn = charts.on_map(assessment.map, assessment.units)
    return tuple(dict.fromkeys(unit.name for number, unit in enumerate(assessment.units) if number not in drawn))


def _without_values(units: Iterable[Unit]) -> list[str]:
    return [unit.name for unit in units if unit.of and unit.no_data == unit.of]


def _aligned(unit: Unit, columns: Iterable[Column]) -> tuple[Item | None, ...]:
    items = {item.requirement: item for item in unit.items}
    return tuple(items.get(column.id) for column in columns)


def _stages(assessment: Assessment, lang: str) -> tuple[tuple[Text, tuple[Panel, ...], Ready], ...]:
    groups: dict[Text, list[Panel]] = {}
    for number, spread in enumerate(assessment.spreads):
        height = 160 if len(spread.points) <= FEW else 220
        panel = Panel(number=number, spread=spread, drawing=ready(charts.strip_svg(spread, lang, height=height)))
        groups.setdefault(spread.stage_label, []).append(panel)
    return tuple(
        (stage, tuple(panels), ready(charts.bars_svg([_bar(panel.spread) for panel in panels], lang))) for stage, panels in groups.items()
    )


def _bar(spread: Spread) -> charts.Bar:
    shown = wording.figure_words(spread.cv)
    limit = spread.limit.value if spread.limit else None
    return charts.Bar(label=spread.title, value=spread.cv.value, shown=shown, limit=limit, verdict=spread.verdict)


def causes_of(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    """Return findings by severity and rule."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for severity in wording.SEVERITIES:
        for finding in findings:
            if finding.severity == severity:
                groups.setdefault((severity, finding.rule), []).append(finding)
    return tuple(
        Cause(
            severity=severity,
            rule=rule,
            found=_alike(finding.found for finding in group),
            expected=_alike(finding.expected for finding in group),
            remedy=_alike(finding.remedy for finding in group),
            source=group[0].source,
            findings=tuple(group),
        )
        for (severity, rule), group in groups.items()
    )


def _alike(texts: Iterable[Text]) -> Text | None:
    found = set(texts)
    return found.pop() if len(found) == 1 else None
