"""The `junheng` command: its commands and their options. The only module that touches typer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.exceptions import TyperException

from junheng.present.cli import (
    run_assess,
    run_compare,
    run_demo,
    run_docs,
    run_explain,
    run_foresee,
    run_import,
    run_outlook,
    run_standards,
    usage,
)
from junheng.present.cli.terminal import COULD_NOT, INTERRUPTED, Terminal, program
from junheng.workflow import JunhengError, Text, program_failed, system_refused
from junheng.workflow.views import ReferencePage, Section

app = typer.Typer(
    name="junheng",
    help="均衡：县级教育数据的读入、核查、评估与成文。 / Read, check, assess and write down a county's education data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
standards_app = typer.Typer(help="查看标准及其来源。 / The standards and their sources.", no_args_is_help=True)
app.add_typer(standards_app, name="standards")


def _day(text: str | date) -> date:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("not a date") from None


Folder = Annotated[Path, typer.Argument(help="教育局数据文件夹（含 junheng.toml） / the authority's folder")]
Year = Annotated[
    int | None,
    typer.Option(
        "--year", "-y", min=1900, max=2999, help="学年起始年份，默认最近一年 / school year by its September; the latest by default"
    ),
]
Framework = Annotated[
    str | None,
    typer.Option("--framework", "-f", help="认定体系，默认按 junheng.toml / framework; those of junheng.toml by default"),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="输出文件夹 / where to write")]
Horizon = Annotated[int, typer.Option("--horizon", min=1, max=30, help="预测年数 / years ahead")]
Draws = Annotated[int, typer.Option("--draws", min=100, max=20000, help="模拟次数 / draws of which the bands are made")]
Seed = Annotated[int | None, typer.Option("--seed", help="随机种子，默认固定 / seed; always the same by default")]
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        parser=_day,
        metavar="DATE",
        help="按哪一天判断项目进度，默认今天（不晚于该学年末） / day on which projects are judged; today by default, within the year",
    ),
]
Lang = Annotated[Literal["zh", "en"], typer.Option("--lang", envvar="JUNHENG_LANG", help="界面语言 zh 或 en / language, zh or en")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


@app.command()
def new(
    folder: Folder,
    code: Annotated[str, typer.Option("--code", help="6位区划代码 / 6-digit division code")],
    name: Annotated[str, typer.Option("--name", help="县（区）名称 / name of the county")],
    year: Annotated[
        int | None,
        typer.Option("--year", "-y", min=1900, max=2999, help="第一个学年，默认本学年 / the first school year; this one by default"),
    ] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """新建数据文件夹。 / Start a folder for an authority."""
    raise typer.Exit(run_import.new(Terminal(lang, as_json), folder, code, name, year))


@app.command()
def templates(folder: Folder, year: Year = None, out: Out = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """生成填报模板。 / Write the workbook templates for schools to fill in."""
    raise typer.Exit(run_import.templates(Terminal(lang, as_json), folder, year, out))


@app.command("import")
def import_(
    folder: Folder,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="报表文件或文件夹，默认 returns/年份 下全部 / returns or folders of them; all of returns/YEAR by default"),
    ] = None,
    year: Year = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核查不写入 / check only, write nothing")] = False,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """读入学校和科室报来的表格。 / Read the returns as they were sent."""
    raise typer.Exit(run_import.import_returns(Terminal(lang, as_json), folder, files or [], year, not dry_run))


@app.command()
def check(
    folder: Folder,
    year: Year = None,
    every: Annotated[bool, typer.Option("--all", help="逐条列出，不合并同类 / every finding on its own line")] = False,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """核查一个学年的数据。 / Check the tables of a school year."""
    raise typer.Exit(run_import.check(Terminal(lang, as_json), folder, year, every=every))


@app.command()
def assess(folder: Folder, year: Year = None, framework: Framework = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """按认定体系评估。 / Judge a school year by a framework."""
    raise typer.Exit(run_assess.assess(Terminal(lang, as_json), folder, year, framework))


@app.command()
def compare(
    folder: Folder,
    other: Annotated[
        Path | None, typer.Option("--with", help="另一县的文件夹，默认同一文件夹 / another authority's folder; the same one by default")
    ] = None,
    year: Year = None,
    before: Annotated[int | None, typer.Option("--before", help="对比年份 / the year to compare with")] = None,
    framework: Framework = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """两年或两县对比。 / Two years, or two counties, side by side."""
    raise typer.Exit(run_compare.compare(Terminal(lang, as_json), folder, other or folder, year, before, framework))


@app.command()
def explain(
    folder: Folder,
    figure: Annotated[str, typer.Argument(help="数字的编号，如 conditions.teaching_area/primary/2162000001 / the figure's id")],
    year: Year = None,
    framework: Framework = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """一个数字的来历：公式、数据、单元格、标准。 / How a figure comes about: formula, inputs, cells, standard."""
    raise typer.Exit(run_explain.explain(Terminal(lang, as_json), folder, figure, year, framework))


@app.command()
def report(
    folder: Folder, year: Year = None, framework: Framework = None, out: Out = None, lang: Lang = "zh", as_json: Json = False
) -> None:
    """写出表册、自评报告、学校一页纸、县报告和网页。 / Write the forms, the self-assessment, the school sheets, the report and the page."""
    raise typer.Exit(run_assess.report(Terminal(lang, as_json), folder, year, framework, out))


@app.command("foresee")
def foresee_(
    folder: Folder,
    year: Year = None,
    horizon: Horizon = 15,
    draws: Draws = 2000,
    seed: Seed = None,
    backtest: Annotated[
        bool, typer.Option("--backtest/--no-backtest", help="是否用过去的数据检验 / whether to test forecasts on the past")
    ] = True,
    judge: Annotated[
        int | None, typer.Option("--judge", min=1900, max=2999, help="用认定体系判定这一预测年份 / judge this year ahead by the frameworks")
    ] = None,
    as_of: AsOf = None,
    out: Out = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """预测学生、学位和教师，给出区间与预警。 / Foresee pupils, places and teachers, with bands and warnings."""
    asked = run_foresee.Asked(year=year, horizon=horizon, draws=draws, seed=seed, backtest=backtest, judge=judge, as_of=as_of)
    raise typer.Exit(run_foresee.forecast(Terminal(lang, as_json), folder, asked, out))


@app.command()
def seats(
    folder: Folder,
    area: Annotated[
        str, typer.Option("--area", help="乡镇、学校的名称或代码，列出逐年情况 / name or code of a township or school, year by year")
    ] = "",
    stage: Annotated[str, typer.Option("--stage", help="学段，如 primary 或 小学 / a stage, such as primary")] = "",
    year: Year = None,
    horizon: Horizon = 15,
    draws: Draws = 2000,
    as_of: AsOf = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """学位供需、建设项目进度和承诺的落实。 / Need against places, the programme of projects, and promises."""
    asked = run_foresee.Asked(year=year, horizon=horizon, draws=draws, seed=None, backtest=False, as_of=as_of)
    raise typer.Exit(run_foresee.seats(Terminal(lang, as_json), folder, asked, area, stage))


@app.command()
def outlook(
    folder: Folder,
    until: Annotated[int, typer.Option("--until", min=1900, max=2999, help="推算到哪一年 / the last year")] = 2035,
    out: Out = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """只有两次人口数时，推算学龄人口和学位需求。 / Children of school age from two counts of persons, and the seats they need."""
    raise typer.Exit(run_outlook.outlook(Terminal(lang, as_json), folder, until, out))


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="输出文件夹 / where to write")] = Path("out/demo"),
    only: Annotated[Literal["qinghe", "tainan"] | None, typer.Option("--only", help="qinghe 或 tainan / one of the examples")] = None,
    lang: Lang = "zh",
) -> None:
    """用两个例子走一遍：虚构的清河县和真实的台南市。 / Run the whole way on two examples."""
    raise typer.Exit(run_demo.demo(Terminal(lang), out, only or ""))


@app.command()
def docs(
    out: Annotated[Path, typer.Option("--out", "-o", help="输出文件夹 / where to write")] = Path("docs/reference"),
    check_only: Annotated[bool, typer.Option("--check", help="只核对是否最新 / only check that the pages are current")] = False,
    lang: Lang = "zh",
) -> None:
    """由数据生成参考文档。 / Write the reference pages from the data."""
    raise typer.Exit(run_docs.docs(Terminal(lang), commands_page(), out, check_only))


@standards_app.command("list")
def standards_list(
    word: Annotated[str, typer.Argument(help="只列名称或编号含此词的 / only those whose name or id holds this word")] = "",
    folder: Annotated[Path | None, typer.Option("--folder", help="含本县标准 / with the authority's own")] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """列出全部标准值。 / List every value."""
    raise typer.Exit(run_standards.listed(Terminal(lang, as_json), folder, word))


@standards_app.command("show")
def standards_show(
    standard: Annotated[str, typer.Argument(help="标准编号，如 class_size.maximum / id of the standard")],
    folder: Annotated[Path | None, typer.Option("--folder", help="含本县标准 / with the authority's own")] = None,
    day: Annotated[
        date | None,
        typer.Option(
            "--day", parser=_day, metavar="DATE", help="标出这一天生效的取值，默认今天 / the day on which values hold; today by default"
        ),
    ] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """一个标准的全部取值与出处。 / All values of one standard with their sources."""
    raise typer.Exit(run_standards.shown(Terminal(lang, as_json), folder, standard, day))


@standards_app.command("stale")
def standards_stale(
    folder: Annotated[Path | None, typer.Option("--folder", help="含本县标准 / with the authority's own")] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """需要复核的标准。 / Values that should be looked at again."""
    raise typer.Exit(run_standards.stale(Terminal(lang, as_json), folder))


def commands_page() -> ReferencePage:
    """Return the reference page of the commands, from the commands themselves."""
    whole = typer.main.get_command(app)
    sections = tuple(_command_section(name, command) for name, command in _commands("junheng", whole))
    text = Text(
        "每个命令的参数。退出码：0 完成；1 已完成，但数据有错误；2 用法有误；3 未能完成；130 被中断。达标与否不影响退出码。"
        "结果在标准输出，进度和出错说明在标准错误；加 `--json` 时标准输出只有 JSON，出错时其中是 `findings` 或 `usage`。",
        "The parameters of each command. Exit codes: 0 done; 1 done, with errors in the data; 2 wrong call; 3 could not be done; "
        "130 interrupted. A verdict does not change the exit code. Results go to standard output, progress and errors to standard error; "
        "with `--json` standard output holds JSON only, in case of an error with `findings` or `usage`.",
    )
    return ReferencePage(name="commands", title=Text("命令", "Commands"), text=text, sections=sections)


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", {})
    if not below:
        yield name, command
    for word, one in below.items():
        yield from _commands(f"{name} {word}", one)


def _command_section(name: str, command: Any) -> Section:
    columns = (Text("参数", "Parameter"), Text("默认", "Default"), Text("说明", "Meaning"))
    rows = tuple(
        ("`" + (", ".join(one.opts) if one.param_type_name == "option" else one.name.upper()) + "`", _default(one.default), one.help or "")
        for one in command.params
        if one.name != "help"
    )
    return Section(title=Text(f"`{name}`", f"`{name}`"), text=Text(command.help or "", ""), columns=columns, rows=rows)


def _default(value: object) -> str:
    return "" if value in (None, "", False) or callable(value) or not isinstance(value, str | int | Path) else f"`{value}`"


def run() -> None:
    """Run the command line and leave with its exit code; whatever goes wrong is told in words, never as a traceback."""
    sys.exit(called(sys.argv[1:]))


def called(words: list[str]) -> int:
    """Run one call; return its exit code: 0 done, 1 errors in the data, 2 wrong call, 3 could not be done, 130 interrupted."""
    terminal = usage.terminal_of(words)
    try:
        code = int(app(words, standalone_mode=False, prog_name=program()) or 0)
    except typer.Abort:
        code = INTERRUPTED
    except TyperException as error:
        return usage.explained(terminal, error)
    except Exception as error:
        return _told(terminal, error)
    if code == INTERRUPTED:
        terminal.interrupted()
    return code


def _told(terminal: Terminal, error: Exception) -> int:
    """Say what stopped the work: our own findings, what the system refused, or a fault that nobody foresaw."""
    if isinstance(error, JunhengError):
        return terminal.failed(error.findings)
    if isinstance(error, BrokenPipeError):  # the reader of a pipe has seen enough
        usage.close_quietly()
        return COULD_NOT
    if isinstance(error, OSError):
        spoken = terminal if error.filename else Terminal(terminal.lang)  # without a name it is the output itself that failed
        return spoken.failed([system_refused(error)])
    if os.environ.get("JUNHENG_TRACE"):
        raise error
    return terminal.failed([program_failed(error)])
