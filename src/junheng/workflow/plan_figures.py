"""Measures that are answered by a figure: indicators, whole frameworks, surveys, forecasts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from junheng.actions.plan import Binding, Measure, Target
from junheng.actions.progress import Answer, Gap, not_known
from junheng.errors import Text
from junheng.workflow.judged import stage_label, stage_order
from junheng.workflow.limits import unit_label
from junheng.workflow.numbers import plainly, rounded
from junheng.workflow.plan_desk import PlanDesk
from junheng.workflow.views import Assessment, Item, Limit
from junheng.workflow.views.foresight import SeatLine

_COMPARED = {
    "at_least": Text("不低于", "at least"),
    "at_most": Text("不高于", "at most"),
    "above": Text("高于", "above"),
    "below": Text("低于", "below"),
    "equals": Text("等于", "equal to"),
}
_FEW = 6  # values that can stand side by side; more of them are counted
_SHORT = ("watch", "warning", "alarm")
_AHEAD = 3


def basis(desk: PlanDesk) -> Text:
    """Return on which data a figure rests."""
    return Text(f"{desk.year}学年上报数据", f"returns of {desk.year}")


def of_indicator(desk: PlanDesk, measure: Measure, binding: Binding) -> Answer:
    """Return the figure of an indicator, held against the plan's own target, or else against the framework that asks for it."""
    stage = binding.options.get("stage", "")
    if measure.target is not None:
        return _by_target(desk, binding.target, stage, measure.target)
    items = [item for one in desk.frameworks for item in _items(one, binding.target, stage)]
    if items:
        return _by_items(desk, items, binding)
    units = [(unit.name, item) for one in desk.frameworks for unit in one.units if unit.judged for item in unit.items]
    mine = [(name, item) for name, item in units if item.indicator == binding.target and stage in ("", item.stage)]
    return _by_school(desk, mine, binding) if mine else _shown_only(desk, binding.target, stage)


def _items(assessment: Assessment, indicator: str, stage: str) -> Iterable[Item]:
    found = (item for part in assessment.parts for item in part.items)
    return (item for item in found if item.indicator == indicator and stage in ("", item.stage))


def _command(name: str, item: Item | None = None) -> str:
    return f"explain {item.figure.id}" if item and item.figure else f"explain {name}"


def limit_words(limit: Limit | None) -> Text:
    """Return what a figure is held against: （标准：不高于0.50）."""
    if limit is None:
        return Text("", "")
    words = _COMPARED[limit.comparator]
    return Text(f"（标准：{words.zh}{limit.shown}{limit.unit.zh}）", f" (standard: {words.en} {limit.shown}{_spaced(limit.unit.en)})")


def _spaced(word: str) -> str:
    return word if word in ("", "%") else f" {word}"


def _by_items(desk: PlanDesk, items: Sequence[Item], binding: Binding) -> Answer:
    unknown = [item for item in items if item.verdict in ("no_data", "needs_evidence")]
    missed = [item for item in items if item.verdict in ("missed", "near", "partly")]
    label = items[0].figure.label if items[0].figure else items[0].title
    parts = [_part(item, alone=len(items) == 1) for item in items]
    shown = "；".join(part.zh for part, _ in parts)
    said = Text(f"{label.zh}{shown}{parts[0][1].zh}", f"{label.en}: {'; '.join(part.en for part, _ in parts)}{parts[0][1].en}")
    gaps = [gap for item in items for gap in _failing(item)]
    if unknown and not missed:
        names = "、".join(item.stage_label.zh for item in unknown if item.stage) or label.zh
        reason = Text(f"{said.zh}；{names}数据不全", f"{said.en}; data are missing")
        return not_known("figure", reason, _command(binding.target, items[0]))
    return Answer(
        form="figure",
        met=not missed,
        shown=shown,
        sentence=said,
        basis=basis(desk),
        value=_value(items[0]) if len(items) == 1 else None,
        exceptions=tuple(gaps),
        command=_command(binding.target, items[0]),
    )


def _part(item: Item, *, alone: bool) -> tuple[Text, Text]:
    """Return the figure of one item with its stage, and its limit."""
    figure = item.figure
    shown = f"{figure.shown}{figure.unit.zh if '/' not in figure.shown else ''}" if figure and figure.shown else "无数据"
    english = f"{figure.shown}{_spaced(figure.unit.en) if '/' not in figure.shown else ''}" if figure and figure.shown else "no data"
    stage = Text("", "") if alone or not item.stage else item.stage_label
    limit = limit_words(item.limit) if figure and "/" not in figure.shown else Text("", "")
    return Text(f"{stage.zh}{shown}", f"{stage.en} {english}".strip()), limit


def _value(item: Item) -> Decimal | None:
    value = item.figure.value if item.figure else None
    return None if value is None else Decimal(repr(value))


def _failing(item: Item) -> list[Gap]:
    if item.verdict not in ("missed", "near", "partly"):
        return []
    named = [Gap(what=item.title.zh, where=name, note=Text(one.shown, one.shown)) for name, one in item.failing_figures]
    named = named or [Gap(what=item.title.zh, where=name) for name in item.failing]
    shown = item.figure.shown if item.figure else ""
    return named or [Gap(what=_named(item), note=Text(shown, shown))]


def _named(item: Item) -> str:
    return f"{item.title.zh}（{item.stage_label.zh}）" if item.stage else item.title.zh


def _by_school(desk: PlanDesk, mine: Sequence[tuple[str, Item]], binding: Binding) -> Answer:
    """Return how many schools reach what is asked of each school."""
    known = [(name, item) for name, item in mine if item.verdict not in ("no_data", "needs_evidence", "not_applicable")]
    missed = [(name, item) for name, item in known if item.verdict not in ("met", "met_by_concession")]
    lacking = [(name, item) for name, item in mine if item.verdict in ("no_data", "needs_evidence")]
    title = mine[0][1].title
    met = len(known) - len(missed)
    shown = f"{met}/{len(known)}"
    silent = Text(f"，另有{len(lacking)}个没有数据", f"; {len(lacking)} without data") if lacking else Text("", "")
    gaps = [_gap(name, item) for name, item in (*missed, *lacking)]
    sentence = Text(
        f"“{title.zh}”{len(known)}个校·学段中{met}个达到{silent.zh}",
        f"{met} of {len(known)} schools and stages meet “{title.en}”{silent.en}",
    )
    return Answer(
        form="list",
        met=False if missed else (None if lacking else True),
        shown=shown,
        sentence=sentence,
        basis=basis(desk),
        value=Decimal(met),
        verified=Decimal(met),
        whole=Decimal(len(known)),
        exceptions=tuple(gaps),
        command=_command(binding.target),
    )


def _gap(name: str, item: Item) -> Gap:
    shown = item.figure.shown if item.figure and item.figure.shown else ""
    note = Text(f"{shown}{limit_words(item.limit).zh}", f"{shown}{limit_words(item.limit).en}") if shown else Text("没有数据", "no data")
    return Gap(what=item.title.zh, where=f"{name}（{item.stage_label.zh}）" if item.stage else name, note=note)


def _rows(desk: PlanDesk, name: str, stage: str) -> list[dict[str, Any]]:
    rows = [row for row in desk.measured(name).to_dicts() if stage in ("", row["stage"] or "")]
    return sorted(rows, key=lambda row: stage_order(row["stage"] or ""))


def _exact(row: dict[str, Any], scale: Decimal) -> Fraction | None:
    if row["value"] is None:
        return None
    above, under = row["numerator"], row["denominator"]
    if above is None or not under:
        return Fraction(repr(row["value"]))
    return Fraction(above) / Fraction(under) * Fraction(scale)


def _by_target(desk: PlanDesk, name: str, stage: str, target: Target) -> Answer:
    """Return the figure of an indicator against the plan's own target, compared exactly."""
    indicator = desk.office.catalogue[name]
    rows = _rows(desk, name, stage)
    found = [(row, _exact(row, Decimal(indicator.scale))) for row in rows]
    values = [(row, value) for row, value in found if value is not None]
    if not found or len(values) < len(found):
        return not_known("figure", Text(f"{indicator.title.zh}的数据不全", f"data of {indicator.title.en} are missing"), _command(name))
    missed = [(row, value) for row, value in values if not target.reached(value)]
    unit = unit_label(indicator.unit)
    if len(values) > _FEW:
        return _of_many(desk, name, target, values)
    shown = [_one(row, value, indicator.decimals, unit, alone=len(values) == 1) for row, value in values]
    words = _COMPARED[target.comparator]
    bound = plainly(target.value)
    asked = Text(f"（目标：{words.zh}{bound}{unit.zh}）", f" (target: {words.en} {bound}{_spaced(unit.en)})")
    joined = "；".join(one.zh for one in shown)
    return Answer(
        form="figure",
        met=not missed,
        shown=joined,
        sentence=Text(f"{indicator.title.zh}{joined}{asked.zh}", f"{indicator.title.en}: {shown[0].en}{asked.en}"),
        basis=basis(desk),
        value=rounded(values[0][1], indicator.decimals + 4) if len(values) == 1 else None,
        exceptions=tuple(
            Gap(what=f"{indicator.title.zh}{stage_label(row['stage']).zh if row['stage'] else ''}", note=one)
            for (row, value), one in zip(values, shown, strict=True)
            if not target.reached(value)
        ),
        command=_command(name),
    )


def _of_many(desk: PlanDesk, name: str, target: Target, values: Sequence[tuple[dict[str, Any], Fraction]]) -> Answer:
    """Return how many schools reach the plan's own target."""
    indicator = desk.office.catalogue[name]
    unit = unit_label(indicator.unit)
    names = dict(desk.county.tables["schools"].select("school", "name").iter_rows())
    missed = [(row, value) for row, value in values if not target.reached(value)]
    met, words = len(values) - len(missed), _COMPARED[target.comparator]
    bound = f"{plainly(target.value)}{unit.zh}"
    gaps = [
        Gap(what=indicator.title.zh, where=names.get(row["school"], ""), note=_one(row, value, indicator.decimals, unit, alone=False))
        for row, value in missed
    ]
    return Answer(
        form="list",
        met=not missed,
        shown=f"{met}/{len(values)}",
        sentence=Text(
            f"{len(values)}个校·学段中{met}个的{indicator.title.zh}{words.zh}{bound}",
            f"{met} of {len(values)} schools and stages: {indicator.title.en} {words.en} {plainly(target.value)}{_spaced(unit.en)}",
        ),
        basis=basis(desk),
        value=Decimal(met),
        verified=Decimal(met),
        whole=Decimal(len(values)),
        exceptions=tuple(gaps),
        command=_command(name),
    )


def _one(row: dict[str, Any], value: Fraction, decimals: int, unit: Text, *, alone: bool) -> Text:
    number = format(rounded(value, decimals), "f")
    stage = stage_label(row["stage"]) if row["stage"] and not alone else Text("", "")
    return Text(f"{stage.zh}{number}{unit.zh}", f"{stage.en} {number}{_spaced(unit.en)}".strip())


def _shown_only(desk: PlanDesk, name: str, stage: str) -> Answer:
    """Return a figure that nothing is held against: it is shown, and whether it is enough nobody has said."""
    indicator = desk.office.catalogue[name]
    rows = [row for row in _rows(desk, name, stage) if row["value"] is not None]
    if not rows:
        return not_known("figure", Text(f"没有{indicator.title.zh}的数据", f"no data of {indicator.title.en}"), _command(name))
    unit, alone = unit_label(indicator.unit), len(rows) == 1
    parts = [_one(row, Fraction(repr(row["value"])), indicator.decimals, unit, alone=alone) for row in rows[:_FEW]]
    shown = "；".join(part.zh for part in parts)
    reason = Text(f"{indicator.title.zh}{shown}；计划没有写明目标，无法判断是否达到", f"{indicator.title.en}: {parts[0].en}; no target")
    return Answer(
        form="figure",
        met=None,
        shown=shown,
        sentence=reason,
        basis=basis(desk),
        value=Decimal(repr(rows[0]["value"])) if alone else None,
        command=_command(name),
    )


def of_framework(desk: PlanDesk, binding: Binding) -> Answer:
    """Return how the county stands before a whole framework, or one part of it: items met of items, and those that are not."""
    judged = desk.judged(binding.target)
    part = binding.options.get("part", "")
    items = [item for one in judged.parts if part in ("", one.id) for item in one.items]
    items = items or [item for unit in judged.units if unit.judged for item in unit.items]
    counted = [item for item in items if item.verdict != "not_applicable"]
    met = [item for item in counted if item.verdict in ("met", "met_by_concession")]
    missed = [item for item in counted if item.verdict in ("missed", "near", "partly")]
    open_ = [item for item in counted if item.verdict in ("no_data", "needs_evidence")]
    silent = Text(f"，{len(open_)}项没有数据或材料", f", {len(open_)} without data or proof") if open_ else Text("", "")
    sentence = Text(
        f"按“{judged.title.zh}”，{len(counted)}项中{len(met)}项达到，{len(missed)}项未达到{silent.zh}",
        f"by “{judged.title.en}” {len(met)} of {len(counted)} items are met, {len(missed)} are not{silent.en}",
    )
    gaps = [Gap(what=_named(item), note=_why(item)) for item in (*missed, *open_)]
    return Answer(
        form="list",
        met=False if missed else (None if open_ else True),
        shown=f"{len(met)}/{len(counted)}",
        sentence=sentence,
        basis=basis(desk),
        value=Decimal(len(met)),
        verified=Decimal(len(met)),
        whole=Decimal(len(counted)),
        exceptions=tuple(gaps),
        command=f"assess --framework {binding.target}",
    )


def _why(item: Item) -> Text:
    if item.verdict == "no_data":
        return Text("没有数据", "no data")
    if item.verdict == "needs_evidence":
        return Text("待提交材料", "proof is awaited")
    shown = item.figure.shown if item.figure else ""
    return Text(f"{shown}{limit_words(item.limit).zh}", f"{shown}{limit_words(item.limit).en}")


def of_survey(desk: PlanDesk, measure: Measure, binding: Binding) -> Answer:
    """Return what a survey found: the share and how many answered; fewer answers than the standard asks are told by its own item."""
    answer = of_indicator(desk, measure, binding)
    rows = desk.measured(binding.target).to_dicts()
    asked = rows[0]["denominator"] if len(rows) == 1 else None
    if answer.met is None or asked is None:
        return answer
    said = Text(f"{answer.sentence.zh}，有效回答{plainly(asked)}份", f"{answer.sentence.en}, {plainly(asked)} answers")
    return replace(answer, sentence=said, verified=rows[0]["numerator"], whole=asked)


# -- forecasts --------------------------------------------------------------------------------------------------------


def of_forecast(desk: PlanDesk, binding: Binding) -> Answer:
    """Return what is foreseen some years ahead: places less pupils with the areas that may be short, pupils, or teachers."""
    ahead = int(binding.options.get("ahead", str(_AHEAD)))
    year = desk.year + ahead
    stage = binding.options.get("stage", "")
    if binding.target == "seats":
        return _seats(desk, stage, year)
    return _pupils(desk, stage, year) if binding.target == "pupils" else _teachers(desk, stage, year)


def _seats(desk: PlanDesk, stage: str, year: int) -> Answer:
    lines = [one for one in desk.foresight.scenarios[0].seats if one.year == year and stage in ("", one.stage)]
    county = [one for one in lines if one.area_kind == "county"]
    areas = [one for one in lines if one.area_kind == "district"]
    if not county or any(one.balance is None for one in county):
        return not_known("list", Text(f"{year}年的学位余缺无法测算", f"places of {year} cannot be worked out"), "foresee")
    short = [one for one in areas if one.level in _SHORT]
    balance = "；".join(f"{one.stage_label.zh}{one.balance_shown}" for one in county)
    sentence = Text(
        f"{year}年全县学位余缺：{balance}；可能不足的乡镇学段{len(short)}个",
        f"places less pupils in {year}: {balance}; {len(short)} townships and stages may be short",
    )
    return Answer(
        form="list",
        met=not short,
        shown=balance,
        sentence=sentence,
        basis=_foreseen(desk),
        exceptions=tuple(_short(one) for one in short),
        command="foresee",
    )


def _foreseen(desk: PlanDesk) -> Text:
    title = desk.foresight.scenarios[0].title
    return Text(f"{desk.year}学年起的预测（{title.zh}）", f"forecast from {desk.year}, {title.en}")


def _short(line: SeatLine) -> Gap:
    return Gap(what=f"{line.stage_label.zh}学位{line.balance_shown}", where=line.area_name, note=line.reason)


def _pupils(desk: PlanDesk, stage: str, year: int) -> Answer:
    series = [one for one in desk.foresight.scenarios[0].series if one.area_kind == "county" and not one.grade]
    points = [(one, point) for one in series if "/pupils/" in one.id and stage in ("", one.stage) for point in one.points]
    known = [(one, point.band) for one, point in points if point.year == year and point.band]
    if not known:
        return not_known("figure", Text(f"没有{year}年在校生的预测", f"no forecast of pupils for {year}"), "foresee")
    short = "；".join(f"{one.stage_label.zh}{band.shown}人" for one, band in known if band)
    shown = "；".join(f"{one.stage_label.zh}{band.shown}人（80%区间{band.shown80}）" for one, band in known if band)
    english = "; ".join(f"{one.stage_label.en} {band.shown} (80 %: {band.shown80})" for one, band in known if band)
    return Answer(
        form="figure",
        met=True,
        shown=short,
        sentence=Text(f"预计{year}年在校生：{shown}", f"pupils foreseen in {year}: {english}"),
        basis=_foreseen(desk),
        command="foresee",
    )


def _teachers(desk: PlanDesk, stage: str, year: int) -> Answer:
    lines = [one for one in desk.foresight.scenarios[0].teachers if one.year <= year and not one.subject and stage in ("", one.stage)]
    known = [one for one in lines if one.year == year and one.to_hire_shown]
    if not known:
        return not_known("figure", Text(f"没有{year}年的教师需求测算", f"teachers needed in {year} are not worked out"), "foresee")
    short = "；".join(f"{one.stage_label.zh}补{one.to_hire_shown}人" for one in known)
    shown = "；".join(f"{one.stage_label.zh}需{one.need_shown}人、应补充{one.to_hire_shown}人" for one in known)
    english = "; ".join(f"{one.stage_label.en} {one.need_shown} needed, {one.to_hire_shown} to hire" for one in known)
    return Answer(
        form="figure",
        met=True,
        shown=short,
        sentence=Text(f"预计{year}年教师需求：{shown}", f"teachers in {year}: {english}"),
        basis=_foreseen(desk),
        command="foresee",
    )
