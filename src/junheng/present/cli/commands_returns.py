"""Commands about what a county holds: a new folder, templates, returns as they came, their check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, Exit, Folder, Json, Lang, Option, Out, Year, app
from junheng.present.cli.terminal import Terminal


@app.command()
def new(
    folder: Folder,
    code: Annotated[str, Option("--code", help="6位区划代码 / 6-digit division code")],
    name: Annotated[str, Option("--name", help="县（区）名称 / name of the county")],
    year: Annotated[
        int | None,
        Option("--year", "-y", min=1900, max=2999, help="第一个学年，默认本学年 / the first school year; this one by default"),
    ] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """新建数据文件夹。 / Start a folder for an authority."""
    from junheng.present.cli import run_import

    raise Exit(run_import.new(Terminal(lang, as_json), folder, code, name, year))


@app.command()
def templates(folder: Folder, year: Year = None, out: Out = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """生成填报模板。 / Write the workbook templates for schools to fill in."""
    from junheng.present.cli import run_import

    raise Exit(run_import.templates(Terminal(lang, as_json), folder, year, out))


@app.command("import")
def import_(
    folder: Folder,
    files: Annotated[
        list[Path] | None,
        Argument(help="报表文件或文件夹，默认 returns/年份 下全部 / returns or folders of them; all of returns/YEAR by default"),
    ] = None,
    year: Year = None,
    dry_run: Annotated[bool, Option("--dry-run", help="只核查不写入 / check only, write nothing")] = False,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """读入学校和科室报来的表格。 / Read the returns as they were sent."""
    from junheng.present.cli import run_import

    raise Exit(run_import.import_returns(Terminal(lang, as_json), folder, files or [], year, not dry_run))


@app.command()
def check(
    folder: Folder,
    year: Year = None,
    every: Annotated[bool, Option("--all", help="逐条列出，不合并同类 / every finding on its own line")] = False,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """核查一个学年的数据。 / Check the tables of a school year."""
    from junheng.present.cli import run_import

    raise Exit(run_import.check(Terminal(lang, as_json), folder, year, every=every))
