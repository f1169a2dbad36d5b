"""How a command is declared: the application, the options that commands share, and its tree. The only module that touches typer.

A module commands_*.py declares the commands of one area and loads what a command needs when it is called, so that none waits for another's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.exceptions import TyperException

AREAS = (  # in the order of the help
    *("returns", "judged", "profile", "foresight", "planning", "teachers", "match", "roster", "ledger", "survey", "score", "plan"),
    *("records", "house", "standards"),
)

Argument, Option, Exit, BadParameter = typer.Argument, typer.Option, typer.Exit, typer.BadParameter
Aborted, WrongCall = typer.Abort, TyperException

app = typer.Typer(
    name="junheng",
    help="均衡：县级教育数据的读入、核查、评估与成文。 / Read, check, assess and write down a county's education data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def group(name: str, about: str) -> typer.Typer:
    """Return a group of commands: `junheng <name> …`."""
    below = typer.Typer(help=about, no_args_is_help=True)
    app.add_typer(below, name=name)
    return below


def day(text: str | date) -> date:
    """Return the day that an option names. Raises BadParameter."""
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
        parser=day,
        metavar="DATE",
        help="按哪一天判断项目进度，默认今天（不晚于该学年末） / day on which projects are judged; today by default, within the year",
    ),
]
Person = Annotated[str, typer.Option("--as", help="经办人姓名，写入留痕 / who acts; noted in the audit")]
By = Annotated[str, typer.Option("--by", help="经办人姓名，写入审计 / who acts; kept in the audit")]
OfficeName = Annotated[str, typer.Option("--office", help="经办人所在科室或学校 / the office for which he acts")]
Purpose = Annotated[str, typer.Option("--purpose", help="事由，写入审计 / why; kept in the audit")]
Today = Annotated[
    date | None, typer.Option("--today", parser=day, metavar="DATE", help="按哪一天计算，默认今天 / the day; today by default")
]
Lang = Annotated[Literal["zh", "en"], typer.Option("--lang", envvar="JUNHENG_LANG", help="界面语言 zh 或 en / language, zh or en")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


@cache
def tree() -> Any:
    """Return the commands of every area, with the options that each takes; made once."""
    for area in AREAS:
        import_module(f"junheng.present.cli.commands_{area}")
    return typer.main.get_command(app)


def leaves(name: str = "junheng", command: Any = None) -> Iterator[tuple[str, Any]]:
    """Return every command with its full name, in the order in which they were declared."""
    if command is None:
        command = tree()
    below = getattr(command, "commands", {})
    if not below:
        yield name, command
    for word, one in below.items():
        yield from leaves(f"{name} {word}", one)


def call(words: Sequence[str], program: str) -> int:
    """Run one call and return its exit code. Raises Aborted, WrongCall, and whatever the command raises."""
    return int(tree()(list(words), standalone_mode=False, prog_name=program) or 0)
