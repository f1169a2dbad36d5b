"""The command demo: the whole way, on a fictitious county where every output is full and on a real city as it was published."""

from __future__ import annotations

import shutil
from pathlib import Path

from junheng.present.cli.run_assess import show_assessment, show_written
from junheng.present.cli.run_import import show_import
from junheng.present.cli.terminal import DONE, WRONG_CALL, Terminal
from junheng.present.documents import write_all
from junheng.workflow import Text, assess_all, import_returns, years_received
from junheng.workflow.examples import EXAMPLES, examples_folder


def demo(terminal: Terminal, out: Path, only: str) -> int:
    """Copy the examples, read their returns, judge them and write every document; exit code 2 when there are none to copy."""
    source = examples_folder()
    wanted = [name for name in EXAMPLES if only in ("", name)]
    if source is None or not wanted:
        terminal.say(Text("没有找到例子：请在源代码文件夹中运行。", "No examples here: run this in a checkout of the source."))
        return WRONG_CALL
    for name in wanted:
        _one(terminal, source / name, out / name)
    terminal.say(
        Text("用浏览器打开 dashboard.html 即可查看；全部文件不需网络。", "Open dashboard.html in a browser; nothing needs a network.")
    )
    return DONE


def _one(terminal: Terminal, source: Path, folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__", "generate*.py", "source"))
    year = 0
    for year in years_received(folder):
        with terminal.progress() as step:
            result = import_returns(folder, year, (), write=True, progress=step)
        show_import(terminal, result)
    with terminal.progress() as step:
        assessments = assess_all(folder, year, progress=step)
        written = write_all(assessments, folder / "out" / str(year), terminal.lang, step)
    for assessment in assessments:
        show_assessment(terminal, assessment)
    show_written(terminal, written)
