"""The commands assess, compare, explain and report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal
from junheng.present.documents import write_all
from junheng.present.wording import VERDICTS, WHOLES
from junheng.workflow import Text, assess_all
from junheng.workflow import assess as judged
from junheng.workflow import compare as side_by_side
from junheng.workflow import explain as trail_of
from junheng.workflow.views import Assessment, Comparison, Explanation, Item, Limit, Spread

_MOST_CELLS = 30


def assess(terminal: Terminal, folder: Path, year: int | None, framework: str | None) -> int:
    """Judge a school year and print the scorecard."""
    with terminal.progress() as step:
        assessment = judged(folder, year, framework, progress=step)
    show_assessment(terminal, assessment)
    terminal.data(assessment)
    return DONE


def show_assessment(terminal: Terminal, assessment: Assessment) -> None:
    """Print the verdict, its parts, the schools that miss, what makes the gap and what passes only by concession."""
    lang = terminal.lang
    name, title = assessment.name, assessment.title
    terminal.title(Text(f"{name.zh} {assessment.year}学年 · {title.zh}", f"{name.en} {assessment.year} · {title.en}"))
    if assessment.note.zh:
        terminal.say(assessment.note)
    whole = WHOLES[assessment.verdict]
    terminal.say(Text(f"结论：{whole.zh}", f"Verdict: {whole.en}"))
    _parts(terminal, assessment)
    _units(terminal, assessment)
    _spreads(terminal, assessment)
    rows = [
        (
            school,
            number,
            use.title.of(lang),
            use.until.isoformat() if use.until else "—",
            Text("有效", "in force").of(lang) if use.in_force else Text("已过期", "expired").of(lang),
        )
        for school, number, use in assessment.concessions
    ]
    if rows:
        columns = (Text("学校", "School"), Text("条目", "Item"), Text("放宽条款", "Concession"), Text("截止", "Until"), Text("", ""))
        terminal.table(Text("仅靠放宽条款达标", "Met only by concession"), columns, rows)
    terminal.findings([one for one in assessment.findings if one.severity != "note"], most=10)


def _parts(terminal: Terminal, assessment: Assessment) -> None:
    lang = terminal.lang
    rows = []
    for part in assessment.parts:
        if part.items:
            stands = "，".join(f"{VERDICTS[verdict].of(lang)} {count}" for verdict, count in part.counts.items() if count)
        else:
            words = Text(
                f"达到 {part.units_met}，未达到 {part.units_missed}，待定 {part.units_open}",
                f"{part.units_met} met, {part.units_missed} missed, {part.units_open} open",
            )
            stands = words.of(lang)
        rows.append((part.title.of(lang), part.rule.of(lang), stands, WHOLES[part.verdict].of(lang)))
    columns = (Text("部分", "Part"), Text("规则", "Rule"), Text("情况", "Stands"), Text("结论", "Verdict"))
    terminal.table(Text("各部分", "Parts"), columns, rows)


def _units(terminal: Terminal, assessment: Assessment) -> None:
    lang = terminal.lang
    rows = [
        (
            unit.name,
            unit.stage_label.of(lang),
            f"{unit.met}/{unit.of}",
            "；".join(_short(terminal, item) for item in unit.items if item.verdict in ("missed", "near")),
        )
        for unit in assessment.units
        if unit.judged and unit.verdict == "missed"
    ]
    if rows:
        columns = (Text("学校", "School"), Text("学段", "Stage"), Text("达标项", "Met"), Text("差在哪里", "What is lacking"))
        terminal.table(Text("未达到的学校", "Schools that miss"), columns, rows)


def _short(terminal: Terminal, item: Item) -> str:
    lang = terminal.lang
    lack = Text("", "")
    if item.short is not None and item.short.to_limit:
        unit = item.short.unit
        lack = Text(f"，差{item.short.to_limit}{unit.zh}", f", {item.short.to_limit} {unit.en} short")
    value = item.figure.shown if item.figure else ""
    limit = item.limit.shown if item.limit else ""
    return f"{item.title.of(lang)} {value}/{limit}{lack.of(lang)}"


def _spreads(terminal: Terminal, assessment: Assessment) -> None:
    lang = terminal.lang
    rows = [_spread(terminal, spread) for spread in assessment.spreads]
    if rows:
        columns = (
            Text("指标", "Indicator"),
            Text("学段", "Stage"),
            Text("差异系数", "CV"),
            Text("限值", "Limit"),
            Text("结论", "Verdict"),
            Text("差距主要来自", "Made by"),
        )
        terminal.table(Text("校际差异系数", "Spread between schools"), columns, rows, right=(2, 3))
    if any(not spread.cv.shown for spread in assessment.spreads):
        reason = Text("有学校缺数据的指标不计算差异系数。", "Where a school has no data the coefficient is not known.")
        terminal.say(Text(reason.of(lang), reason.of(lang)))


def _spread(terminal: Terminal, spread: Spread) -> tuple[str, ...]:
    lang = terminal.lang
    makers = "、".join(f"{point.name} {point.share_shown}%" for point in spread.points[:2] if point.share_shown)
    limit = spread.limit.shown if spread.limit else ""
    word = VERDICTS[spread.verdict].of(lang)
    return (spread.title.of(lang), spread.stage_label.of(lang), spread.cv.shown or "—", limit, word, makers)


def compare(terminal: Terminal, folder: Path, other: Path, year: int | None, before: int | None, framework: str | None) -> int:
    """Print two assessments side by side: another year of the same authority, or another authority."""
    with terminal.progress() as step:
        comparison = side_by_side(folder, other, year, before, framework, progress=step)
    _show_comparison(terminal, comparison)
    terminal.data(comparison)
    return DONE


def _show_comparison(terminal: Terminal, comparison: Comparison) -> None:
    lang = terminal.lang
    first, second = comparison.before, comparison.after
    terminal.title(Text(f"{first.zh} → {second.zh}", f"{first.en} → {second.en}"))
    rows = [
        (
            row.place.of(lang),
            row.label.of(lang),
            row.before.shown if row.before and row.before.shown else "—",
            row.after.shown if row.after and row.after.shown else "—",
            row.change,
            VERDICTS[row.before_verdict].of(lang) if row.before_verdict else "",
            VERDICTS[row.after_verdict].of(lang) if row.after_verdict else "",
        )
        for row in comparison.rows
        if row.turn != "same"
    ]
    columns = (
        Text("对象", "Place"),
        Text("指标", "Indicator"),
        first,
        second,
        Text("变化", "Change"),
        Text("前", "Before"),
        Text("后", "After"),
    )
    terminal.table(Text("结论有变化的项目", "Items whose verdict has changed"), columns, rows, right=(2, 3, 4))
    for note in comparison.notes:
        terminal.say(note)


def explain(terminal: Terminal, folder: Path, figure: str, year: int | None, framework: str | None) -> int:
    """Print the trail of one figure."""
    trail = trail_of(folder, figure, year, framework)
    show_explanation(terminal, trail)
    terminal.data(trail)
    return DONE


def show_explanation(terminal: Terminal, trail: Explanation) -> None:
    """Print a trail: value, formula, inputs, steps, cells and standard."""
    lang = terminal.lang
    figure = trail.figure
    value = figure.shown or Text("无数据", "no data").of(lang)
    terminal.title(Text(f"{trail.place.zh}：{figure.label.zh}", f"{trail.place.en}: {figure.label.en}"))
    terminal.say(Text(f"{value} {figure.unit.zh}　（{figure.exact}）", f"{value} {figure.unit.en}  ({figure.exact})"))
    if trail.verdict:
        word = VERDICTS[trail.verdict]
        terminal.say(Text(f"结论：{word.zh}", f"Verdict: {word.en}"))
    terminal.say(Text(f"公式：{trail.words.zh}", f"Formula: {trail.words.en}"))
    terminal.say(Text(f"  {trail.formula}", f"  {trail.formula}"))
    for step in trail.steps:
        terminal.say(Text(f"  · {step.zh}", f"  · {step.en}"))
    terminal.table(
        Text("输入", "Inputs"),
        (Text("项目", "Input"), Text("数值", "Value"), Text("单位", "Unit")),
        [(f"{entry.label.of(lang)} ({entry.name})", entry.shown, entry.unit.of(lang)) for entry in trail.inputs],
        right=(1,),
    )
    terminal.table(
        Text("原始单元格", "Source cells"),
        (
            Text("表", "Table"),
            Text("主键", "Key"),
            Text("列", "Column"),
            Text("值", "Value"),
            Text("文件", "File"),
            Text("工作表", "Sheet"),
            Text("单元格", "Cell"),
        ),
        [(cell.table, cell.key, cell.label.of(lang), cell.shown, cell.file, cell.sheet, cell.cell) for cell in trail.cells[:_MOST_CELLS]],
        right=(3,),
    )
    if trail.limit:
        _standard(terminal, trail.limit)


def _standard(terminal: Terminal, limit: Limit) -> None:
    source = limit.source
    checked = Text(source.reviewed, source.reviewed) if source.reviewed else Text("尚未与原文核对", "not yet checked against the original")
    first = Text(f"标准：{limit.shown} {limit.unit.zh}，{source.number}", f"Standard: {limit.shown} {limit.unit.en}, {source.number}")
    terminal.say(
        Text(
            f"{first.zh}《{source.title.zh}》{source.item}，可信度 {source.confidence}，{checked.zh}",
            f"{first.en} {source.title.en} {source.item}, confidence {source.confidence}, {checked.en}",
        )
    )


def report(terminal: Terminal, folder: Path, year: int | None, framework: str | None, out: Path | None) -> int:
    """Write every document of a school year and list the files."""
    with terminal.progress() as step:
        assessments = assess_all(folder, year, framework, progress=step)
        written = write_all(assessments, out or folder / "out" / str(assessments[0].year), terminal.lang, step)
    show_written(terminal, written)
    terminal.data({"written": [path for path, _ in written]})
    return DONE


def show_written(terminal: Terminal, written: Sequence[tuple[str, Text]]) -> None:
    """Print the files that were written, each with what it is."""
    terminal.title(Text("已写出", "Written"))
    for path, what in written:
        terminal.say(Text(f"  {path}　{what.zh}", f"  {path}  {what.en}"))
