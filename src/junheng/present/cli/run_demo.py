"""The command demo: the whole way, on a fictitious county where every output is full and on a real city as it was published."""

from __future__ import annotations

from pathlib import Path

from junheng.present.cli.run_assess import foreseen, show_assessment, show_written, write_both
from junheng.present.cli.run_foresee import show_foresight
from junheng.present.cli.run_import import show_import
from junheng.present.cli.terminal import DONE, Terminal, command
from junheng.workflow import Text
from junheng.workflow.assess import assess_all
from junheng.workflow.examples import EXAMPLES, copy_example
from junheng.workflow.importing import import_returns, years_received

# Fewer than a forecast is usually made of, so that the demonstration is quick; the page says how many. Where the standards are not in
# force `report` writes the forecast too: as an example only, so the demonstration leaves it out.
_DRAWS = 400


def demo(terminal: Terminal, out: Path, only: str) -> int:
    """Copy the examples, read their returns, judge them and write every document. Raises StoreError where there is none to copy."""
    for name in EXAMPLES:
        if only in ("", name):
            copy_example(name, out / name)
            _one(terminal, out / name)
    terminal.next(
        (
            "dashboard.html",
            Text("用浏览器打开上面列出的网页，不需要网络", "open the pages listed above in a browser; nothing needs a network"),
        ),
        (command("new", "某县", "--code", "620725", "--name", "某县"), Text("换成自己的县", "the same with a county of your own")),
    )
    return DONE


def _one(terminal: Terminal, folder: Path) -> None:
    year = 0
    for year in years_received(folder):
        with terminal.progress() as step:
            result = import_returns(folder, year, (), write=True, progress=step)
        show_import(terminal, result)
    with terminal.progress() as step:
        assessments = assess_all(folder, year, progress=step)
        found = foreseen(folder, assessments[0].year, step, _DRAWS) if assessments[0].applies else None
        written = write_both(assessments, found, folder / "out" / str(year), terminal.lang, step)
    for assessment in assessments:
        show_assessment(terminal, assessment)
    if found:
        show_foresight(terminal, found)
    show_written(terminal, written)
