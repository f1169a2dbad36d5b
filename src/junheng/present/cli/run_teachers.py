"""The commands of teachers: the chapter on posts, need and hiring, letters to those who are moved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from junheng.present.cli.run_assess import show_written
from junheng.present.cli.terminal import DONE, Terminal, command, exit_code
from junheng.present.contents import enter
from junheng.present.wording_teaching import cell_words, is_numeric
from junheng.workflow import Text
from junheng.workflow.teachers import teaching_board
from junheng.workflow.teachers_letters import write_letters
from junheng.workflow.views.teaching import TeachingBoard, TeachingList

_PRINTED = ("subjects", "plan")


def board(terminal: Terminal, folder: Path, year: int | None, as_of: date | None, out: Path | None) -> int:
    """Print what the chapter says with need by subject and posts to fill; write every document where a folder is named."""
    made = teaching_board(folder, year, as_of=as_of)
    terminal.title(Text(f"{made.name.zh} {made.year}学年教师", f"{made.name.en}: teachers of {made.year}"))
    for section in made.sections:
        for line in section.sentences:
            terminal.say(line)
    for one in (one for one in made.lists if one.id in _PRINTED):
        _print(terminal, one)
    terminal.findings(made.findings)
    if out:
        _write(terminal, made, out)
    terminal.next(
        (command("teachers", folder, "--out", "out"), Text("写出网页、Word、两页摘要和工作簿", "write page, Word, two pages and workbook")),
        (command("propose", folder, "teacher_posts"), Text("编制调剂", "share out posts")),
        (command("propose", folder, "teacher_rotation"), Text("交流轮岗", "rotation")),
    )
    terminal.data(made)
    return exit_code(made.findings)


def _print(terminal: Terminal, one: TeachingList) -> None:
    heads = tuple(label for label, _ in one.columns)
    rows = [tuple(cell_words(cell, terminal.lang) for cell in row) for row in one.rows]
    right = tuple(place for place, _ in enumerate(heads) if all(is_numeric(row[place]) for row in one.rows))
    terminal.table(one.title, heads, rows, right=right)
    terminal.say(one.note)


def _write(terminal: Terminal, made: TeachingBoard, out: Path) -> None:
    from junheng.present.teaching_documents import write_teaching  # the libraries behind it are not loaded for other commands

    with terminal.progress() as step:
        written = write_teaching(made, out, terminal.lang, step)
    enter(out, "teachers", written, terminal.lang)
    show_written(terminal, written)


def letters(terminal: Terminal, plan: Path, names: Path, template: Path, out: Path) -> int:
    """Write a letter for each teacher whom a plan moves; the terminal names codes alone."""
    made = write_letters(plan, names, template, out)
    terminal.say(Text(f"已写{len(made.files)}份通知到 {out}", f"{len(made.files)} letters written to {out}"))
    if made.without_name:
        codes = "、".join(made.without_name)
        terminal.say(Text(f"姓名表中没有：{codes}", f"without a name: {codes}"))
    terminal.data({"letters": len(made.files), "without_name": made.without_name})
    return DONE
