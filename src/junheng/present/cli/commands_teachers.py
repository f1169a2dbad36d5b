"""Commands about teachers: teachers, teacher-letters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, AsOf, Exit, Folder, Json, Lang, Option, Out, Year, app
from junheng.present.cli.terminal import Terminal


@app.command()
def teachers(folder: Folder, year: Year = None, as_of: AsOf = None, out: Out = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """教师编制、供需、结构、退休与五年补充、中高级岗位、干部梯次。 / Posts due, need and supply, hiring ahead, titles, leaders."""
    from junheng.present.cli import run_teachers

    raise Exit(run_teachers.board(Terminal(lang, as_json), folder, year, as_of, out))


@app.command("teacher-letters")
def teacher_letters(
    plan: Annotated[Path, Argument(help="交流轮岗方案文件夹 / folder of a rotation plan")],
    names: Annotated[Path, Option("--names", help="教师编号、姓名两列的CSV / a CSV of codes and names")],
    template: Annotated[Path, Option("--template", help="通知模板（docx） / template of the letter")],
    out: Annotated[Path, Option("--out", "-o", help="输出文件夹 / where to write")],
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """按方案给每位教师写调动通知草稿；姓名只出现在通知里。 / Draft a letter for each teacher a plan moves; names stand only there."""
    from junheng.present.cli import run_teachers

    raise Exit(run_teachers.letters(Terminal(lang, as_json), plan, names, template, out))
