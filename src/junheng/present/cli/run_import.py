"""The commands new, templates, import and check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command, counts_in_words, exit_code
from junheng.workflow import Text
from junheng.workflow.importing import check_year, counted
from junheng.workflow.importing import import_returns as read_and_write
from junheng.workflow.start import new_authority, write_templates
from junheng.workflow.views import ImportResult

_MOST_FILES = 12
_MOST_NAMES = 20


def new(terminal: Terminal, folder: Path, code: str, name: str, year: int | None) -> int:
    """Start a folder for an authority and say what to do next."""
    written = new_authority(folder, code, name, year)
    terminal.title(Text(f"已建立 {name} 的数据文件夹", f"A folder for {name}"))
    for path in written:
        terminal.say(Text(f"  {path}", f"  {path}"))
    *_, returns = written
    terminal.next(
        (command("import", folder), Text(f"先把手里的报表放入 {returns}", f"after you have put the returns you hold into {returns}")),
        (command("templates", folder), Text("为手里还没有的数据生成填报模板", "workbooks to fill in for what you do not hold yet")),
    )
    terminal.data({"written": written})
    return DONE


def templates(terminal: Terminal, folder: Path, year: int | None, out: Path | None) -> int:
    """Write the workbook templates and list them."""
    with terminal.progress() as step:
        written = write_templates(folder, year, out, step)
    terminal.title(Text("已生成填报模板", "Templates"))
    for path in written[:_MOST_FILES]:
        terminal.say(Text(f"  {path}", f"  {path}"))
    count = len(written)
    if written[_MOST_FILES:]:
        terminal.say(Text(f"  ……共{count}个文件", f"  … {count} files in all"))
    terminal.next(
        (
            command("import", folder),
            Text("填好后放入 returns/年份，再读入", "after the filled-in workbooks have been put into returns/YEAR"),
        )
    )
    terminal.data({"written": written})
    return DONE


def import_returns(terminal: Terminal, folder: Path, files: Sequence[Path], year: int | None, write: bool) -> int:
    """Read returns, print what came in, what was refused and who has not sent."""
    with terminal.progress() as step:
        result = read_and_write(folder, year, files, write=write, progress=step)
    show_import(terminal, result)
    _said_written(terminal, result, write)
    terminal.next(
        (command("check", folder, "--year", str(result.year)), Text("核查全年数据", "check the whole year")),
        (command("assess", folder, "--year", str(result.year)), Text("测算与判定", "measure and judge")),
    )
    terminal.data(result)
    return exit_code(result.findings)


def _said_written(terminal: Terminal, result: ImportResult, write: bool) -> None:
    if result.written:
        if any(finding.severity == "error" for finding in result.findings):
            again = Text(
                "退回的内容没有载入；改正后放回原处再读入一次即可，已载入的不会重复。",
                "What was refused is not loaded: correct it, put it back and import again; nothing is loaded twice.",
            )
            terminal.say(again)
    elif not write:
        terminal.say(Text("只核查，没有写入。", "A rehearsal: nothing was written."))
    else:
        terminal.say(Text("没有可写入的变动，数据保持原样。", "There was nothing to write: the data are as they were."))


def show_import(terminal: Terminal, result: ImportResult) -> None:
    """Print an import: files, tables, totals, who has not sent, findings, and what was written."""
    terminal.title(Text(f"读入报表：{result.county} {result.year}学年", f"Returns of {result.county}, {result.year}"))
    _files(terminal, result)
    terminal.table(
        Text("有变动的数据表", "Tables that changed"),
        (Text("表", "Table"), Text("行数", "Rows"), Text("有变动的行", "Changed")),
        [(f"{title.of(terminal.lang)} ({table})", str(rows), str(changed)) for table, title, rows, changed in result.tables if changed],
        right=(1, 2),
    )
    _totals(terminal, result)
    if result.not_sent:
        names = "、".join(name or code for code, name in result.not_sent[:_MOST_NAMES])
        more = Text("等", " …") if result.not_sent[_MOST_NAMES:] else Text("", "")
        count = len(result.not_sent)
        terminal.say(Text(f"\n尚未报送{count}所：{names}{more.zh}", f"\nNot sent yet, {count} schools: {names}{more.en}"))
    if result.findings:
        terminal.heading(Text(f"发现的问题（{counts_in_words(counted(result.findings)).zh}）", "Findings"))
    terminal.findings(result.findings)
    for path in result.written:
        terminal.say(Text(f"\n已写入 {path}", f"\nWritten: {path}"))


def _files(terminal: Terminal, result: ImportResult) -> None:
    """Print the files: all of a few, of many those that were not read whole."""
    count = len(result.files)
    terminal.say(
        Text(
            f"{count}个文件，读入{result.loaded}格，退回{result.refused}格。",
            f"{count} files, {result.loaded} cells loaded, {result.refused} refused.",
        )
    )
    many = bool(result.files[_MOST_FILES:])
    rows = [
        (file, _forms(forms).of(terminal.lang), str(loaded), str(refused))
        for file, forms, loaded, refused in result.files
        if not many or refused or not forms
    ]
    columns = (Text("文件", "File"), Text("识别为", "Recognised as"), Text("读入格数", "Loaded"), Text("退回格数", "Refused"))
    terminal.table(Text("未能全部读入的文件", "Files not read whole") if many else Text("文件", "Files"), columns, rows, right=(2, 3))


def _forms(forms: Sequence[str]) -> Text:
    if not forms:
        return Text("未识别", "not recognised")
    first, count = forms[0], len(forms)
    return Text(f"{first}等{count}种表", f"{first} and others, {count} forms") if forms[1:] else Text(first, first)


def _totals(terminal: Terminal, result: ImportResult) -> None:
    unequal = [total for total in result.totals if not total[-1]]
    agreed = len([total for total in result.totals if total[-1]])
    terminal.table(
        Text("与文件自己的合计行不一致", "Not equal to the file's own totals"),
        (Text("文件", "File"), Text("项目", "Item"), Text("文件合计", "In the file"), Text("读入合计", "Loaded")),
        [(file, label.of(terminal.lang), stated, loaded) for file, label, stated, loaded, _ in unequal],
        right=(2, 3),
    )
    if agreed:
        terminal.say(Text(f"\n另有{agreed}项合计与文件一致。" if unequal else f"\n{agreed}项合计与文件一致。", f"\n{agreed} totals agree."))


def check(terminal: Terminal, folder: Path, year: int | None, *, every: bool = False) -> int:
    """Check a school year and print what is found, one line a cause or each by itself; exit code 1 when there is an error."""
    with terminal.progress() as step:
        findings = check_year(folder, year, progress=step)
    counts = counted(findings)
    words = counts_in_words(counts)
    terminal.title(Text(f"核查：{words.zh}", f"Check: {words.en}"))
    if not findings:
        terminal.say(Text("没有发现问题。", "Nothing was found."))
    if every:
        terminal.each_finding(findings)
    else:
        terminal.findings(findings, most=len(findings))
    steps = [(command("assess", folder), Text("测算与判定", "measure and judge"))]
    if findings and not every:
        steps.insert(0, (command("check", folder, "--all"), Text("逐条列出", "every finding on its own line")))
    terminal.next(*steps)
    terminal.data({"counts": counts, "findings": findings})
    return exit_code(findings)
