"""The command explain."""

from __future__ import annotations

from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal
from junheng.present.wording import VERDICTS, confidence_words, figure_words, limit_words, reviewed_words, source_words
from junheng.workflow import Text
from junheng.workflow.explain import explain as trail_of
from junheng.workflow.views import Explanation, Limit, SourceCell

_MOST_CELLS = 30


def explain(terminal: Terminal, folder: Path, figure: str, year: int | None, framework: str | None) -> int:
    """Print the trail of one figure."""
    with terminal.progress() as step:
        step(Text("测算", "Measuring"), 0, 1)
        trail = trail_of(folder, figure, year, framework)
        step(Text("测算", "Measuring"), 1, 1)
    show_explanation(terminal, trail)
    terminal.data(trail)
    return DONE


def show_explanation(terminal: Terminal, trail: Explanation) -> None:
    """Print a trail: value, verdict, standard, formula, steps, inputs and cells."""
    lang = terminal.lang
    figure = trail.figure
    terminal.title(Text(f"{trail.place.zh}：{figure.label.zh}", f"{trail.place.en}: {figure.label.en}"))
    value = figure_words(figure)
    exact = f" = {figure.exact}" if figure.exact else ""
    terminal.say(Text(f"数值  {value.zh}{exact}", f"Value     {value.en}{exact}"))
    if trail.verdict:
        word = VERDICTS[trail.verdict]
        terminal.say(Text(f"结论  {word.zh}", f"Verdict   {word.en}"))
    if trail.limit:
        _standard(terminal, trail.limit)
    terminal.say(Text(f"公式  {trail.words.zh}", f"Formula   {trail.words.en}"))
    terminal.say(Text(f"      {trail.formula}", f"          {trail.formula}"))
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
        (Text("值", "Value"), Text("列", "Column"), Text("主键", "Key"), Text("来源", "Where from")),
        [(cell.shown, cell.label.of(lang), cell.key, _where(cell).of(lang)) for cell in trail.cells[:_MOST_CELLS]],
        right=(0,),
    )
    if trail.cells[_MOST_CELLS:] or trail.cells_left_out:
        terminal.say(Text("……其余单元格用 --json 查看。", "… more cells: see --json."))


def _where(cell: SourceCell) -> Text:
    """Return the file, sheet and cell of a value; of one that no file is noted for, its table."""
    if not cell.file:
        return Text(f"数据表 {cell.table}", f"table {cell.table}")
    sheet = f" [{cell.sheet}]" if cell.sheet else ""
    return Text(f"{cell.file}{sheet} {cell.cell}", f"{cell.file}{sheet} {cell.cell}")


def _standard(terminal: Terminal, limit: Limit) -> None:
    words, source = limit_words(limit), source_words(limit.source)
    sure, checked = confidence_words(limit.source.confidence), reviewed_words(limit.source)
    terminal.say(Text(f"标准  {words.zh}：{source.zh}", f"Standard  {words.en}: {source.en}"))
    terminal.say(Text(f"      {sure.zh}；{checked.zh}", f"          {sure.en}; {checked.en}"))
