"""The commands take-alternative, adopt and apply-plan: what becomes of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from junheng.present.cli.terminal import Terminal, command, exit_code
from junheng.workflow import Text
from junheng.workflow.propose_adopted import adopt, apply_plan, take
from junheng.workflow.views.proposals import Line

_MOST_STEPS = 30


def taken(terminal: Terminal, place: Path, number: int, name: str) -> int:
    """Keep an alternative of a plan as a plan of its own and print its steps."""
    view = take(place, number, name=name)
    terminal.title(view.title)
    terminal.say(view.reason)
    _steps(terminal, view.steps)
    terminal.next(
        (command("compare-plans", view.of, view.plan), Text("与建议方案对比", "hold it against the proposal")),
        (command("adopt", view.plan, "--by", "…", "--office", "…"), Text("采用这个方案", "adopt this plan")),
    )
    terminal.data(view)
    return exit_code(())


def adopted(terminal: Terminal, place: Path, by: tuple[str, str], day: date | None, document: str) -> int:
    """Adopt a plan in somebody's name and print what is in its log and what is to be done."""
    person, office = by
    view = adopt(place, person, office, day=day, document=document)
    terminal.title(view.title)
    terminal.say(Text(f"{view.sentence.zh}。", f"{view.sentence.en}."))
    terminal.each_finding(view.findings)
    _steps(terminal, view.steps)
    _log(terminal, view.log)
    terminal.say(view.note)
    terminal.next((command("apply-plan", place, "--by", "…", "--office", "…"), Text("写入数据表", "write it into the tables")))
    terminal.data(view)
    return exit_code(view.findings)


def applied(terminal: Terminal, place: Path, by: tuple[str, str], day: date | None, *, undo: bool) -> int:
    """Write an adopted plan into the tables of its year, or take it back, and print what was written."""
    person, office = by
    view = apply_plan(place, person, office, day=day, undo=undo)
    terminal.title(view.title)
    terminal.say(Text(f"{view.sentence.zh}。", f"{view.sentence.en}."))
    if view.note.zh:
        terminal.say(view.note)
    terminal.each_finding(view.findings)
    columns = (Text("表", "Table"), Text("新增行", "Rows added"), Text("删除行", "Rows removed"), Text("改值", "Values set"))
    rows = [(title.of(terminal.lang), *map(str, counts)) for title, *counts in view.tables]
    terminal.table(Text("写入的表", "Tables written"), columns, rows, right=(1, 2, 3))
    _log(terminal, view.log)
    steps = [(command("check", view.folder), Text("核查数据", "check the tables"))]
    if not undo:
        undone = command("apply-plan", place, "--undo", "--by", "…", "--office", "…")
        steps.append((undone, Text("撤销写入", "take it back")))
    terminal.next(*steps)
    terminal.data(view)
    return exit_code(view.findings)


def _steps(terminal: Terminal, steps: Sequence[Line]) -> None:
    lang = terminal.lang
    rows = [(line.label.of(lang), line.shown.of(lang)) for line in steps[:_MOST_STEPS]]
    terminal.table(Text("步骤", "Steps"), (Text("做什么", "What"), Text("理由", "Reason")), rows)
    count = len(steps)
    if steps[_MOST_STEPS:]:
        terminal.say(Text(f"……共{count}步，全部见方案文件夹。", f"… {count} in all: see the plan's folder."))


def _log(terminal: Terminal, log: Sequence[tuple[str, Text, str, str, str]]) -> None:
    columns = (Text("日期", "Day"), Text("事项", "What"), Text("姓名", "Person"), Text("单位", "Office"), Text("文件", "Document"))
    rows = [(day, what.of(terminal.lang), *rest) for day, what, *rest in log]
    terminal.table(Text("记录", "Log"), columns, rows, whole=(0,))
