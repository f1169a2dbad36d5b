"""What the page's script needs, as compact JSON: each text, source, limit and cell once, named by its place in a list.

A text is a string, or [Chinese, English] where they differ. -1 stands for "none". The cells of a trail are runs: first place, how many, …
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Sequence
from itertools import count, islice

from junheng.present import wording
from junheng.workflow import Text
from junheng.workflow.views import Assessment, Explanation, Figure, Input, Item, Limit, Source, SourceCell, Spread, SpreadPoint, Unit

NONE = -1


def _runs(places: Sequence[int]) -> list[int]:
    """Return places as runs [first, how many, first, how many, …]: cells that are first met together stand together."""
    runs: list[list[int]] = []
    following: Iterator[int] = count()
    for place in places:
        if not runs or place != next(following):
            runs.append([])
            following = islice(count(place), 1, None)
        runs[-1].append(place)
    return [part for run in runs for part in (run[0], len(run))]


class Pack:
    """Collects what several assessments hold in common."""

    def __init__(self) -> None:
        """Start empty."""
        self._places: dict[str, dict[Hashable, int]] = {}
        self._lists: dict[str, list[object]] = {name: [] for name in ("texts", "sources", "limits", "inputs", "cells", "trails")}
        self._trails: dict[int, dict[str, int]] = {}

    def _keep(self, name: str, key: Hashable, packed: object) -> int:
        places = self._places.setdefault(name, {})
        if key not in places:
            places[key] = len(places)
            self._lists[name].append(packed)
        return places[key]

    def text(self, text: Text | str) -> int:
        """Return the place of a text."""
        both = Text(text, text) if isinstance(text, str) else text
        return self._keep("texts", both, both.zh if both.zh == both.en else [both.zh, both.en])

    def source(self, source: Source) -> int:
        """Return the place of a source: its line, item, confidence and review."""
        words: tuple[Text | str, ...] = (
            wording.source_words(source),
            source.item,
            wording.grade(source.confidence),
            wording.confidence_words(source.confidence),
            wording.reviewed_words(source),
            wording.jurisdiction_words(source.jurisdiction),
        )
        return self._keep("sources", words, [*(self.text(word) for word in words), int(bool(source.reviewed))])

    def limit(self, limit: Limit | None) -> int:
        """Return the place of a limit: its words, floor, parameter and source."""
        if limit is None:
            return NONE
        floor = wording.with_unit(limit.near_shown, limit.unit) if limit.near_shown else ""
        words: tuple[Text | str, ...] = (wording.limit_words(limit), floor, limit.parameter)
        packed = (*(self.text(word) for word in words), self.source(limit.source))
        return self._keep("limits", packed, packed)

    def cell(self, cell: SourceCell) -> int:
        """Return the place of a source cell."""
        words = (cell.table, cell.key, cell.column, cell.label, cell.shown, cell.file, cell.sheet, cell.cell)
        packed = tuple(self.text(word) for word in words)
        return self._keep("cells", packed, packed)

    def trail(self, assessment: Assessment, figure: Figure | None) -> int:
        """Return the place of a figure's trail; NONE when there is none to open."""
        if figure is None or figure.id not in assessment.explanations:
            return NONE
        known = self._trails.setdefault(id(assessment), {})
        if figure.id not in known:
            known[figure.id] = len(self._lists["trails"])
            self._lists["trails"].append(self._explanation(assessment.explanations[figure.id]))
        return known[figure.id]

    def _input(self, part: Input) -> int:
        """Return the place of what stands in a formula: field, label, value; a school's trails share theirs."""
        packed = (self.text(part.name), self.text(part.label), self.text(wording.with_unit(part.shown, part.unit)))
        return self._keep("inputs", packed, packed)

    def _explanation(self, trail: Explanation) -> list[object]:
        figure = trail.figure
        start, slash, last = figure.id.rpartition("/")
        return [
            self.text(figure.label),
            self.text(trail.place),
            self.text(wording.figure_words(figure)),
            self.text(figure.exact),
            self.text(trail.words),
            self.text(trail.formula),
            [self._input(part) for part in trail.inputs],
            [self.text(step) for step in trail.steps],
            _runs([self.cell(cell) for cell in trail.cells]),
            trail.cells_left_out,
            self.limit(trail.limit),
            trail.verdict or "",
            figure.missing,
            self.text(f"{start}{slash}"),
            self.text(last),
        ]

    def item(self, assessment: Assessment, item: Item | None) -> list[object] | None:
        """Return one requirement of a school's stage: value, verdict, limit, shortfall, concession, trail."""
        if item is None:
            return None
        concession = wording.concession_words(item.concession) if item.concession else wording.NOTHING
        return [
            self.text(wording.figure_words(item.figure)),
            item.verdict,
            self.limit(item.limit),
            self.text(wording.shortfall_words(item.short)),
            self.text(concession),
            self.trail(assessment, item.figure),
        ]

    def unit(self, assessment: Assessment, unit: Unit, requirements: Sequence[str]) -> list[object]:
        """Return one stage of a school; its items stand in the order of `requirements`, null where one does not apply."""
        items = {item.requirement: item for item in unit.items}
        pupils = "" if unit.pupils is None else str(unit.pupils)
        facts = (unit.kind, unit.stage_label, unit.district, unit.urban_rural, unit.ownership)
        return [
            self.text(unit.name),
            unit.school,
            unit.stage,
            [self.text(fact) for fact in facts],
            self.text(wording.with_unit(pupils, Text("人", "pupils"))),
            unit.verdict if unit.judged else "not_judged",
            self.text(unit.reason),
            [self.item(assessment, items.get(requirement)) for requirement in requirements],
        ]

    def spread(self, assessment: Assessment, spread: Spread) -> list[object]:
        """Return the schools behind a coefficient of variation."""
        unit_of = {(unit.school, unit.stage): number for number, unit in enumerate(assessment.units)}
        return [self._point(spread, point, unit_of.get((point.school, spread.stage), NONE)) for point in spread.points]

    def _point(self, spread: Spread, point: SpreadPoint, unit: int) -> list[object]:
        return [
            self.text(point.name),
            f"{point.pupils:.10g}",
            self.text(wording.with_unit(point.shown, spread.unit)),
            point.share_shown,
            point.side,
            self.text(wording.shortfall_words(point.short)),
            unit,
        ]

    def assessment(self, assessment: Assessment, requirements: Sequence[tuple[str, Text]]) -> dict[str, object]:
        """Return what the script needs of one assessment; `requirements`: id and title of the table's columns."""
        ids = [requirement for requirement, _ in requirements]
        return {
            "verdicts": {**wording.wholes_of(assessment), **wording.verdicts_of(assessment), "not_judged": wording.NOT_JUDGED},
            "columns": [self.text(title) for _, title in requirements],
            "units": [self.unit(assessment, unit, ids) for unit in assessment.units],
            "spreads": [self.spread(assessment, spread) for spread in assessment.spreads],
            "areaLabel": self.text(assessment.map.value_label),
            "areas": [[self.text(area.name), self.text(area.district), area.shown] for area in assessment.map.areas],
        }

    def json(self, **more: object) -> str:
        """Return everything as JSON that can stand inside a script element: no "<" in it."""
        text = json.dumps({**self._lists, **more}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.replace("<", "\\u003c")
