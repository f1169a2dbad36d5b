"""The commands standards list, show and stale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from junheng.present.cli.terminal import DONE, WRONG_CALL, Terminal
from junheng.present.wording import COMPARATOR_SIGNS
from junheng.workflow import Text, list_standards
from junheng.workflow.views import StandardRow

_COLUMNS = (
    Text("标准", "Standard"),
    Text("适用", "For"),
    Text("取值", "Value"),
    Text("自", "Since"),
    Text("文件", "Document"),
    Text("可信度", "Confidence"),
    Text("与原文核对", "Checked"),
)


def listed(terminal: Terminal, folder: Path | None, standard: str, day: date | None = None) -> int:
    """Print the values of all standards, or of one; exit code 2 when there is no such standard."""
    rows = list_standards(folder, standard=standard, day=day)
    if not rows:
        terminal.say(Text(f"没有标准 {standard}。", f"There is no standard {standard}."))
        return WRONG_CALL
    terminal.table(Text("标准", "Standards"), _COLUMNS, [_cells(terminal, row) for row in rows], right=(2,))
    terminal.data(rows)
    return DONE


def stale(terminal: Terminal, folder: Path | None) -> int:
    """Print the values that should be looked at again, with the reason."""
    rows = [row for row in list_standards(folder) if row.stale.zh]
    columns = (*_COLUMNS, Text("原因", "Why"))
    terminal.table(Text("需要复核的标准", "Look at these again"), columns, _with_reason(terminal, rows), right=(2,))
    terminal.data(rows)
    return DONE


def _with_reason(terminal: Terminal, rows: Sequence[StandardRow]) -> list[tuple[str, ...]]:
    return [(*_cells(terminal, row), row.stale.of(terminal.lang)) for row in rows]


def _cells(terminal: Terminal, row: StandardRow) -> tuple[str, ...]:
    lang = terminal.lang
    checked = row.source.reviewed or Text("未核对", "not yet").of(lang)
    since = row.source.day.isoformat() if row.source.day else ""
    value = f"{COMPARATOR_SIGNS[row.comparator]} {row.shown} {row.unit.of(lang)}".strip()
    document = row.source.number or row.source.title.of(lang)
    return (f"{row.title.of(lang)} ({row.id})", row.selector.of(lang), value, since, document, row.source.confidence, checked)
