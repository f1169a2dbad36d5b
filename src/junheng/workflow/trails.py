"""The trails of the figures of an assessment: formula, inputs, steps, source cells and standard, ready to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from junheng.errors import Text
from junheng.indicators import Catalogue, Indicator, Tracer, Trail
from junheng.workflow.items import figure, figure_id
from junheng.workflow.judged import Judged, stage_label
from junheng.workflow.limits import unit_label
from junheng.workflow.numbers import plainly
from junheng.workflow.views import Explanation, Figure, Input, Item, Limit, Part, SourceCell, Spread, Unit, Verdict

_NONE = "-"
MOST_CELLS = 60  # of one figure on a page; the command `explain` lists more

# The words of the indicator language; columns are named by their labels.
_WORDS: Mapping[str, Text] = {
    "sum": Text("合计", "sum"),
    "count": Text("计数", "count"),
    "min": Text("最小值", "min"),
    "max": Text("最大值", "max"),
    "avg": Text("平均", "mean"),
    "ceil": Text("进一取整", "round up"),
    "floor": Text("舍去取整", "round down"),
    "greatest": Text("取大", "greatest"),
    "least": Text("取小", "least"),
    "abs": Text("绝对值", "absolute value"),
    "case": Text("", ""),
    "when": Text("若", "if"),
    "then": Text("则取", "then"),
    "else": Text("，否则取", ", else"),
    "end": Text("", ""),
    "where": Text("，只计", ", where"),
    "and": Text("且", "and"),
    "or": Text("或", "or"),
    "not": Text("非", "not"),
    "in": Text("属于", "in"),
    "is": Text("为", "is"),
    "null": Text("空", "empty"),
    "distinct": Text("不重复", "distinct"),
    "weighted_cv": Text("按学生数加权的校际差异系数", "coefficient of variation between schools, weighted by pupils"),
    "weighted_mean": Text("加权均值", "weighted mean"),
    "of": Text("：", "of"),
}


class Trails:
    """Makes the trails of one assessment's figures."""

    def __init__(self, judged: Judged) -> None:
        """Keep the assessment's material; the tracer indexes rows and origins once."""
        self.judged = judged
        self.tracer = Tracer(judged.county, judged.rules, judged.card)

    def explanation(
        self,
        shown: Figure,
        place: Text,
        indicator: str,
        stage: str | None,
        school: str | None,
        limit: Limit | None = None,
        verdict: Verdict | None = None,
        most_cells: int = MOST_CELLS,
    ) -> Explanation:
        """Return the trail of one figure."""
        trail = self.tracer.explain(indicator, school=school, stage=stage, most_cells=most_cells)
        return Explanation(
            figure=shown,
            place=place,
            formula=trail.filled,
            words=words(trail.indicator, self.judged.card.catalogue),
            inputs=tuple(
                Input(name=entry.column, label=entry.label, shown=_shown(entry.value), unit=unit_label(entry.unit or "1"))
                for entry in trail.inputs
            ),
            steps=(*trail.steps, *self._schools(trail), *((shown.absent,) if shown.absent.zh else ())),
            cells=tuple(
                SourceCell(
                    table=cell.table,
                    key=cell.key,
                    column=cell.column,
                    label=cell.label,
                    shown=_shown(cell.value),
                    file=cell.file,
                    sheet=cell.sheet,
                    cell=cell.cell,
                )
                for cell in trail.cells
            ),
            cells_left_out=trail.cells_left_out,
            limit=limit,
            verdict=verdict,
        )

    def _schools(self, trail: Trail) -> Iterator[Text]:
        """Say of how many schools a statistic is made, and which of them have no value."""
        if trail.schools:
            unknown = [self.judged.school_name(school) for school, value in trail.schools if value is None]
            zh, en = f"由{len(trail.schools)}个数值得出", f"made of {len(trail.schools)} values"
            if unknown:
                zh, en = f"{zh}，其中无数据：{'、'.join(unknown)}", f"{en}; without data: {', '.join(unknown)}"
            yield Text(zh, en)

    @cached_property
    def _county(self) -> Text:
        return Text("全县", "the county")

    def of_units(self, units: Iterable[Unit]) -> Iterator[Explanation]:
        """Yield the trail of every figure of every judged school's stage."""
        for unit in units:
            place = Text(f"{unit.name}（{unit.stage_label.zh}）", f"{unit.name} ({unit.stage_label.en})")
            for item in unit.items:
                if item.figure:
                    yield self.explanation(item.figure, place, item.indicator, unit.stage, unit.school, item.limit, item.verdict)

    def of_items(self, items: Iterable[Item]) -> Iterator[Explanation]:
        """Yield the trail of every figure of the county or of a stage; items gathered from schools have none of their own."""
        for item in items:
            if item.figure and item.figure.id:
                yield self._of_item(item)
            for shown in item.information:
                yield self.explanation(shown, self._county, shown.id.partition("/")[0], None, None)
            for name, shown in item.failing_figures:
                yield self._of_failing(item, name, shown)

    def _of_item(self, item: Item) -> Explanation:
        assert item.figure
        indicator, stage, school = item.figure.id.split("/")
        place = item.stage_label if item.stage else self._county
        if school != _NONE:
            place = Text(self.judged.school_name(school), self.judged.school_name(school))
        return self.explanation(item.figure, place, indicator, _level(stage), _level(school), item.limit, item.verdict)

    def _of_failing(self, item: Item, name: str, shown: Figure) -> Explanation:
        indicator, stage, school = shown.id.split("/")
        verdict: Verdict = "missed" if shown.value is not None else "no_data"
        return self.explanation(shown, Text(name, name), indicator, _level(stage), _level(school), item.limit, verdict)

    def of_spreads(self, spreads: Iterable[Spread]) -> Iterator[Explanation]:
        """Yield the trail of every coefficient of variation, and of the mean it is taken around."""
        for spread in spreads:
            indicator = spread.cv.id.partition("/")[0]
            yield self.explanation(spread.cv, spread.stage_label, indicator, spread.stage, None, spread.limit, spread.verdict)
            if spread.mean.id:
                yield self.explanation(spread.mean, spread.stage_label, spread.mean.id.partition("/")[0], spread.stage, None)


def _level(text: str) -> str | None:
    return None if text == _NONE else text


def explanations(
    judged: Judged, units: Iterable[Unit], parts: Iterable[Part], conditions: Iterable[Item], spreads: Iterable[Spread]
) -> Mapping[str, Explanation]:
    """Return the trail of each figure that is shown, by its id."""
    trails = Trails(judged)
    items = [*conditions, *(item for part in parts for item in part.items)]
    every = (*trails.of_units(units), *trails.of_items(items), *trails.of_spreads(spreads))
    return {trail.figure.id: trail for trail in every}


def one_explanation(judged: Judged, indicator: str, stage: str | None, school: str | None, most_cells: int) -> Explanation | None:
    """Return the trail of any figure of the scorecard; None when the scorecard has no such figure."""
    rows = judged.card.of(indicator, judged.county.code).to_dicts()
    row = next((row for row in rows if (row["stage"], row["school"]) == (stage, school)), None)
    if row is None:
        return None
    name, label = judged.school_name(school), stage_label(stage)
    place = Text("·".join(part for part in (name, label.zh) if part), ", ".join(part for part in (name, label.en) if part))
    shown = figure(judged.card.catalogue[indicator], row)
    return Trails(judged).explanation(shown, place, indicator, stage, school, verdict=row["verdict"], most_cells=most_cells)


def figure_ids(judged: Judged) -> tuple[str, ...]:
    """Return the ids of every figure of the scorecard."""
    rows = judged.card.items.filter(judged.card.items["indicator"].is_not_null()).select("indicator", "stage", "school")
    return tuple(dict.fromkeys(figure_id(*row) for row in rows.iter_rows()))


def words(indicator: Indicator, catalogue: Catalogue) -> Text:
    """Return a formula with its columns called by their labels and the language's words in Chinese or English."""
    labels = dict(_WORDS)
    if indicator.source_table:
        labels |= {name: column.label for name, column in indicator.relation.columns.items()}
    labels |= {name: catalogue[name].title for name in indicator.of}
    return Text(_in_words(indicator.formula, labels, "zh"), _in_words(indicator.formula, labels, "en"))


def _in_words(formula: str, labels: Mapping[str, Text], lang: str) -> str:
    def word(match: re.Match[str]) -> str:
        text = match[0]
        return text if text[0] in "'{" else labels[text].of(lang) if text in labels else text

    spoken = re.sub(r"'[^']*'|\{[^}]*\}|[a-z_][a-z0-9_]*(\.[a-z0-9_.]+)?", word, formula)
    return re.sub(r" {2,}", " ", spoken.replace(" / ", " ÷ ").replace(" * ", " × ")).strip()


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return plainly(value)
    return value.isoformat() if isinstance(value, date) else str(value)
