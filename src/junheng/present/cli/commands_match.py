"""Commands that compare lists of persons: lists, queue, decide, keep, explain."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Literal

from junheng.present.cli.commands import Argument, BadParameter, By, Exit, Json, Lang, OfficeName, Option, Today, group
from junheng.present.cli.terminal import Terminal

match_app = group("match", "名单比对：两份名单中哪些行是同一人。 / Compare lists of persons: which lines are the same.")

Folder = Annotated[Path, Argument(help="比对结果文件夹 / the folder of a comparison")]
Decisions = Annotated[
    Path | None, Option("--decisions", help="人工判定另存的文件，代替记录库 / a file of decisions, instead of the record")
]
Authority = Annotated[
    Path | None,
    Option("--authority", help="数据文件夹，判定记入其记录库；默认是本册所在的 / whose record keeps decisions; that of the register"),
]


def _today(given: date | None) -> date:
    return given or date.today()  # noqa: DTZ011 - an officer's today is the local one


def _at(given: date | None) -> datetime:
    return datetime.combine(given, time(12)).astimezone() if given else datetime.now().astimezone()


@match_app.command("lists")
def match_lists(
    left: Annotated[Path, Argument(help="本册：学籍册等 / the register")],
    right: Annotated[Path, Argument(help="来表：其他部门的名单 / the other office's list")],
    rule: Annotated[str, Option("--rule", help="比对规则 / rule")] = "pupils",
    out: Annotated[Path, Option("--out", "-o", help="结果文件夹 / where to write")] = Path("out/match"),
    decisions: Decisions = None,
    authority: Authority = None,
    retrain: Annotated[bool, Option("--retrain", help="重新训练权重 / train the weights again")] = False,
    engine: Annotated[
        Literal["duckdb", "spark"],
        Option("--engine", help="用什么比对：duckdb，或另装的spark，结果相同 / what compares; spark is an extra, with the same result"),
    ] = "duckdb",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """比对两份名单，写出工作簿。 / Compare two lists and write the workbook."""
    from junheng.present.cli import run_match

    terminal = Terminal(lang, as_json)
    kept = {"decisions": decisions, "authority": authority}
    raise Exit(run_match.lists(terminal, left, right, out, rule=rule, today=_today(today), **kept, retrain=retrain, engine=engine))


@match_app.command("queue")
def match_queue(folder: Folder, lang: Lang = "zh", as_json: Json = False) -> None:
    """列出待人工判断的行，不显示姓名。 / The pairs that a person must decide, without names."""
    from junheng.present.cli import run_match

    raise Exit(run_match.queue(Terminal(lang, as_json), folder))


@match_app.command("decide")
def match_decide(
    folder: Folder,
    book: Annotated[Path | None, Argument(help="填好的工作簿 / the workbook, filled in")] = None,
    pair: Annotated[str, Option("--pair", help="编号，如 12-57 / a pair, such as 12-57")] = "",
    decision: Annotated[
        Literal["same", "different", "open"], Option("--is", help="same 同一人，different 不是，open 撤回 / open takes a decision back")
    ] = "open",
    by: By = "",
    office: OfficeName = "",
    reason: Annotated[str, Option("--reason", help="理由 / why")] = "",
    decisions: Decisions = None,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """记下人工判定：读入工作簿，或逐对判定、撤回。 / Keep decisions: of the workbook, or of one pair."""
    from junheng.present.cli import run_match

    if (book is None) == (not pair):
        raise BadParameter("BOOK or --pair")
    if not by:
        raise BadParameter("--by")
    who = run_match.Decider(by, office, _at(today))
    raise Exit(run_match.decide(Terminal(lang, as_json), folder, book, pair, decision, who=who, reason=reason, decisions=decisions))


@match_app.command("keep")
def match_keep(
    folder: Folder,
    by: By,
    office: OfficeName,
    authority: Authority = None,
    decisions: Decisions = None,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """把从前存成文件的人工判定转入记录库。 / Take decisions that lie in a file into the record."""
    from junheng.present.cli import run_match

    who = run_match.Decider(by, office, _at(today))
    raise Exit(run_match.keep(Terminal(lang, as_json), folder, who=who, authority=authority, decisions=decisions))


@match_app.command("explain")
def match_explain(
    folder: Folder,
    pair: Annotated[str, Argument(help="编号，如 12-57 / a pair, such as 12-57")],
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """一对为什么这样认定：逐项的程度和权重。 / Why a pair has its outcome, field by field."""
    from junheng.present.cli import run_match

    raise Exit(run_match.explain(Terminal(lang, as_json), folder, pair))
