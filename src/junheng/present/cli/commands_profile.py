"""Commands about what schools are like: profiles, progress from entry to exit, the sheet of inspectors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, By, Exit, Folder, Json, Lang, OfficeName, Option, Purpose, Today, Year, app
from junheng.present.cli.terminal import Terminal

Book = Annotated[Path | None, Option("--out", "-o", help="另存为工作簿 .xlsx / write a workbook")]


@app.command()
def profile(
    folder: Folder,
    name: Annotated[str, Argument(help="画像编号；不写则列出 / a profile; all are listed without")] = "",
    school: Annotated[str, Option("--school", help="只看一所学校（标识码） / one school, by its code")] = "",
    year: Year = None,
    out: Book = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """学校或全县画像：几个方面各看各的，与上年比，不排名。 / A profile: several sides, against its own past, no ranking."""
    from junheng.present.cli import run_profile

    raise Exit(run_profile.profile(Terminal(lang, as_json), folder, name, school, year, out))


@app.command()
def progress(
    folder: Folder,
    out: Annotated[Path, Option("--out", "-o", help="工作簿 .xlsx，不得在数据文件夹内 / a workbook, outside the folder")],
    by: By,
    office: OfficeName,
    purpose: Purpose,
    year: Year = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """高中入口到出口的进步（限定范围，不公开、不排名）。 / Progress from entry to exit: restricted, no ranking."""
    from junheng.present.cli import run_profile

    asked = run_profile.Asking(by, office, purpose)
    raise Exit(run_profile.progress(Terminal(lang, as_json), folder, out, asked, year))


@app.command()
def inspectors(
    folder: Folder,
    today: Today = None,
    out: Book = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """优秀督学候选人工作情况表：按聘任编号，不排名。 / What each inspector did, by number of appointment; no ranking."""
    from junheng.present.cli import run_profile

    raise Exit(run_profile.inspectors(Terminal(lang, as_json), folder, today, out))
