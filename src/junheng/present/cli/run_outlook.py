"""The command outlook."""

from __future__ import annotations

from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal
from junheng.workflow import Text
from junheng.workflow.outlook import outlook as look_ahead
from junheng.workflow.views.outlook import Outlook

FILE = "outlook.pdf"


def outlook(terminal: Terminal, folder: Path, until: int, out: Path | None) -> int:
    """Project children of school age from two counts, print them and write the two pages."""
    from junheng.present.report.outlook import write_outlook  # the libraries behind it are not loaded for other commands

    with terminal.progress() as step:
        made = look_ahead(folder, until=until, progress=step)
        target = out or folder / "out" / str(made.year)
        target.mkdir(parents=True, exist_ok=True)
        write_outlook(made, target / FILE)
    _show(terminal, made)
    terminal.findings(made.findings)
    terminal.next((str(target / FILE), Text("打印的两页报告", "the two pages to print")))
    terminal.data(made)
    return DONE


def _show(terminal: Terminal, made: Outlook) -> None:
    years = f"{made.year}–{made.until}"
    terminal.title(Text(f"{made.county_name.zh} {years}年学龄人口", f"{made.county_name.en}: children {years}"))
    columns = (Text("年份", "Year"), Text("学龄人口", "Children"), Text("八成区间", "80 % band"), Text("需学位", "Seats needed"))
    for stage in made.stages:
        rows = [(str(one.year), one.children_shown, one.children80_shown or "—", one.seats_shown) for one in stage.years]
        label = stage.stage_label
        heading = Text(f"{label.zh}（{stage.ages}岁）", f"{label.en} (aged {stage.ages})")
        terminal.table(heading, columns, rows, right=range(1, len(columns)), whole=(0,))
    for line in (*made.headlines, *made.limits):
        terminal.say(line)
