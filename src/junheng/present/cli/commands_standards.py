"""Commands about the standards: list, show, stale."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, Exit, Json, Lang, Option, day, group
from junheng.present.cli.terminal import Terminal

standards_app = group("standards", "查看标准及其来源。 / The standards and their sources.")


@standards_app.command("list")
def standards_list(
    word: Annotated[str, Argument(help="只列名称或编号含此词的 / only those whose name or id holds this word")] = "",
    folder: Annotated[Path | None, Option("--folder", help="含本县标准 / with the authority's own")] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """列出全部标准值。 / List every value."""
    from junheng.present.cli import run_standards

    raise Exit(run_standards.listed(Terminal(lang, as_json), folder, word))


@standards_app.command("show")
def standards_show(
    standard: Annotated[str, Argument(help="标准编号，如 class_size.maximum / id of the standard")],
    folder: Annotated[Path | None, Option("--folder", help="含本县标准 / with the authority's own")] = None,
    day: Annotated[
        date | None,
        Option("--day", parser=day, metavar="DATE", help="标出这一天生效的取值，默认今天 / the day on which values hold; today by default"),
    ] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """一个标准的全部取值与出处。 / All values of one standard with their sources."""
    from junheng.present.cli import run_standards

    raise Exit(run_standards.shown(Terminal(lang, as_json), folder, standard, day))


@standards_app.command("stale")
def standards_stale(
    folder: Annotated[Path | None, Option("--folder", help="含本县标准 / with the authority's own")] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """需要复核的标准。 / Values that should be looked at again."""
    from junheng.present.cli import run_standards

    raise Exit(run_standards.stale(Terminal(lang, as_json), folder))
