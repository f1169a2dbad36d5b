"""The commands new, templates, import and check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, exit_code
from junheng.workflow import Text, check_year, counted, new_authority, write_templates
from junheng.workflow import import_returns as read_and_write
from junheng.workflow.views import ImportResult


def new(terminal: Terminal, folder: Path, code: str, name: str) -> int:
    """Start a folder for an authority and say what to do next."""
    written = new_authority(folder, code, name)
    terminal.title(Text(f"已建立 {name} 的数据文件夹", f"A folder for {name}"))
    for path in written:
        terminal.say(Text(f"  {path}", f"  {path}"))
    terminal.say(
        Text(
            f"下一步：junheng templates {folder} 生成模板，或把现有报表放入 {folder}/returns/年份/ 后运行 junheng import {folder}。",
            f"Next: junheng templates {folder}, or put the returns you hold into {folder}/returns/YEAR/ and run junheng import {folder}.",
        )
    )
    terminal.data({"written": written})
    return DONE


def templates(terminal: Terminal, folder: Path, year: int | None, out: Path | None) -> int:
    """Write the workbook templates and list them."""
    with terminal.progress() as step:
        written = write_templates(folder, year, out, step)
    terminal.title(Text("已生成填报模板", "Templates"))
    for path in written:
        terminal.say(Text(f"  {path}", f"  {path}"))
    terminal.data({"written": written})
    return DONE


def import_returns(terminal: Terminal, folder: Path, files: Sequence[Path], year: int | None, write: bool) -> int:
    """Read returns, print what came in, what was refused and who has not sent."""
    with terminal.progress() as step:
        result = read_and_write(folder, year, files, write=write, progress=step)
    show_import(terminal, result)
    terminal.data(result)
    return exit_code(result.findings)


def show_import(terminal: Terminal, result: ImportResult) -> None:
    """Print an import: files, tables, totals, who has not sent, findings."""
    terminal.title(Text(f"读入报表：{result.county} {result.year}学年", f"Returns of {result.county}, {result.year}"))
    terminal.table(
        Text("文件", "Files"),
        (Text("文件", "File"), Text("识别为", "Recognised as"), Text("读入格数", "Cells loaded"), Text("退回格数", "Refused")),
        [(file, form or "—", str(loaded), str(refused)) for file, form, loaded, refused in result.files],
        right=(2, 3),
    )
    terminal.table(
        Text("数据表", "Tables"),
        (Text("表", "Table"), Text("行数", "Rows"), Text("有变动的行", "Changed")),
        [(f"{title.of(terminal.lang)} ({table})", str(rows), str(changed)) for table, title, rows, changed in result.tables],
        right=(1, 2),
    )
    if result.totals:
        terminal.table(
            Text("与文件合计行核对", "Against the file's own totals"),
            (Text("文件", "File"), Text("项目", "Item"), Text("文件合计", "In the file"), Text("读入合计", "Loaded"), Text("", "")),
            [
                (file, label.of(terminal.lang), stated, loaded, "✓" if equal else "✗")
                for file, label, stated, loaded, equal in result.totals
            ],
            right=(2, 3),
        )
    if result.not_sent:
        names = "、".join(name or code for code, name in result.not_sent[:20])
        more = Text("等", " …") if result.not_sent[20:] else Text("", "")
        count = len(result.not_sent)
        terminal.say(Text(f"尚未报送：{count}所——{names}{more.zh}", f"Not sent yet: {count} schools: {names}{more.en}"))
    terminal.findings(result.findings)
    for path in result.written:
        terminal.say(Text(f"已写入 {path}", f"Written: {path}"))


def check(terminal: Terminal, folder: Path, year: int | None) -> int:
    """Check a school year and print every finding; exit code 1 when there is an error."""
    findings = check_year(folder, year)
    counts = counted(findings)
    terminal.title(
        Text(
            f"核查：错误{counts['error']}条，提醒{counts['warning']}条，说明{counts['note']}条",
            f"Check: {counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes",
        )
    )
    terminal.findings(findings)
    terminal.data({"counts": counts, "findings": findings})
    return exit_code(findings)
