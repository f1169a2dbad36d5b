"""The commands of teachers: lists of need and supply, letters to those who are moved."""

from __future__ import annotations

from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command
from junheng.present.teaching_documents import write_teaching
from junheng.workflow import Text
from junheng.workflow.teachers import teaching_board, write_letters


def board(terminal: Terminal, folder: Path, year: int | None, out: Path | None) -> int:
    """Print need and supply by subject; write the workbook where a folder is named."""
    made = teaching_board(folder, year)
    terminal.title(Text(f"{made.name.zh} {made.year}学年教师", f"{made.name.en}: teachers of {made.year}"))
    first = made.lists[0]
    heads = tuple(label for label, _ in first.columns)
    rows = [tuple("" if cell is None else str(cell) for cell in row) for row in first.rows]
    terminal.table(first.title, heads, rows, right=(2, 3, 4, 5))
    terminal.say(first.note)
    terminal.findings(made.findings)
    if out:
        path = write_teaching(made, out, terminal.lang)
        terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.next(
        (command("propose", folder, "teacher_posts"), Text("编制调剂", "share out posts")),
        (command("propose", folder, "teacher_rotation"), Text("交流轮岗", "rotation")),
    )
    terminal.data(made)
    return DONE


def letters(terminal: Terminal, plan: Path, names: Path, template: Path, out: Path) -> int:
    """Write a letter for each teacher whom a plan moves."""
    made = write_letters(plan, names, template, out)
    terminal.say(Text(f"已写{len(made.files)}份通知到 {out}", f"{len(made.files)} letters written to {out}"))
    if made.without_name:
        codes = "、".join(made.without_name)
        terminal.say(Text(f"姓名表中没有：{codes}", f"without a name: {codes}"))
    terminal.data({"letters": len(made.files), "without_name": made.without_name})
    return DONE
