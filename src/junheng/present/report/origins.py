"""The list of source cells: from which cell of which file each value that entered a figure was read, and how far that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Literal

from junheng.present.report.grid import Entry, sheet
from junheng.present.wording import said
from junheng.workflow import Text
from junheng.workflow.views import Assessment, Cell, Explanation, Sheet, SourceCell

MOST_ROWS = 20_000
SHEET = Text("取数来源", "Source cells")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d+)?")


def traced(assessment: Assessment) -> Literal["none", "some", "all"]:
    """Return of how many of the values that entered the figures the cell of a file is known."""
    known = {bool(cell.file and cell.cell) for trail in assessment.explanations.values() for cell in trail.cells}
    return "some" if len(known) == 2 else "all" if True in known else "none"


def origins(assessment: Assessment, lang: str) -> Sheet:
    """Return the values that entered each figure, a line each, with table, key, column, and the cell of the file where it is known."""
    columns = (
        (Text("数值编号", "Figure"), 40),
        (Text("学校", "School"), 26),
        (Text("学段", "Stage"), 7),
        (Text("指标", "Indicator"), 36),
        (Text("数据表", "Table"), 16),
        (Text("记录", "Key"), 26),
        (Text("字段", "Column"), 24),
        (Text("数值", "Value"), 10),
        (Text("文件", "File"), 34),
        (Text("工作表", "Sheet"), 14),
        (Text("单元格", "Cell"), 8),
    )
    names = {unit.school: unit.name for unit in assessment.units}
    stages = {item.stage: item.stage_label for part in assessment.parts for item in part.items if item.stage}
    stages |= {unit.stage: unit.stage_label for unit in assessment.units}
    every = chain.from_iterable(_rows(trail, names, stages) for trail in assessment.explanations.values())
    rows = list(islice(every, MOST_ROWS))
    return sheet(assessment, SHEET, SHEET, columns, rows, lang, tuple(_notes(assessment, bool(next(every, None)))))


def _rows(trail: Explanation, names: dict[str, str], stages: dict[str, Text]) -> Iterator[tuple[Entry, ...]]:
    *_, stage, school = ["", "", *trail.figure.id.split("/")]
    whose = names.get(school, "" if school == "-" else school)
    lead = (trail.figure.id, whose, stages.get(stage, Text("", "")), trail.figure.label)
    return ((*lead, *_cell(cell)) for cell in trail.cells)


def _cell(cell: SourceCell) -> tuple[Entry, ...]:
    plain = _NUMBER.fullmatch(cell.shown)
    value = Cell(value=float(cell.shown) if "." in cell.shown else int(cell.shown)) if plain else Cell(value=cell.shown, text=True)
    return (cell.table, cell.key.replace("|", " · "), cell.label, value, cell.file, cell.sheet, cell.cell)


def _notes(assessment: Assessment, full: bool) -> Iterator[Text]:
    known = {
        "none": Text(
            "各数值读自本单位的数据表，没有原始报表的单元格可列。",
            "The values come from the county's own tables; no cell of a file is known.",
        ),
        "some": Text(
            "文件一栏为空的数值读自本单位的数据表，没有记录原始报表的单元格。",
            "Where no file is named the value comes from the county's own tables.",
        ),
        "all": Text("所列数值均注明原始报表的单元格。", "Each value listed names the cell of the file it was read from."),
    }
    yield known[traced(assessment)]
    if any(trail.cells_left_out for trail in assessment.explanations.values()):
        yield Text(
            "由很多单元格汇总的数值只列出一部分，其余用 explain 命令查看。",
            "Of a figure made of very many cells some are listed; see the command explain.",
        )
    if full:
        yield said("本表只列前{n}行。", "Only the first {n} rows are listed.", n=MOST_ROWS)
