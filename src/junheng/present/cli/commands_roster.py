"""Commands about who is missed: rosters, their standing, runs, excuses, history."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from junheng.present.cli.commands import Argument, Exit, Folder, Json, Lang, OfficeName, Option, Out, Person, Today, day, group
from junheng.present.cli.terminal import Terminal

roster_app = group("roster", "名单比对：应办减已办，缺的逐行落实。 / Rosters: what should be minus what was done, line by line.")

Roster = Annotated[str, Argument(help="比对，如 disabled_children 或 残疾儿童少年一人一案 / roster, by id or Chinese title")]
Rosters = Annotated[list[str] | None, Argument(help="比对，可多个；默认全部 / rosters; all by default")]


@roster_app.command("list")
def roster_list(folder: Folder, lang: Lang = "zh", as_json: Json = False) -> None:
    """有哪些比对，各由谁承办，还缺哪些名单。 / The rosters, who answers for them, and which lists are absent."""
    from junheng.present.cli import run_roster

    raise Exit(run_roster.listed(Terminal(lang, as_json), folder))


@roster_app.command("check")
def roster_check(folder: Folder, lang: Lang = "zh", as_json: Json = False) -> None:
    """核对比对规则和名单文件。 / Check the rules and the lists."""
    from junheng.present.cli import run_roster

    raise Exit(run_roster.checked(Terminal(lang, as_json), folder))


@roster_app.command("show")
def roster_show(
    folder: Folder,
    rosters: Rosters = None,
    names: Annotated[
        bool, Option("--names", help="显示姓名：仅承办科室，须写明事由 / names: for the office in charge, with a reason")
    ] = False,
    purpose: Annotated[str, Option("--purpose", help="取姓名的事由，写入留痕 / why names are needed; noted")] = "",
    person: Person = "",
    office: OfficeName = "",
    today: Today = None,
    out: Out = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """各比对的应办、已核实、缺几项；写出网页、工作簿和清单。 / Where each roster stands; pages, workbooks and lists with --out."""
    from junheng.present.cli import run_roster

    asked = run_roster.Asked(tuple(rosters or ()), names, purpose, person, office, out, today)
    raise Exit(run_roster.shown(Terminal(lang, as_json), folder, asked))


@roster_app.command("run")
def roster_run(
    folder: Folder,
    rosters: Rosters = None,
    person: Person = "",
    office: OfficeName = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """比对并登记：缺的建一条记录，已落实的由数据核实销号。 / Compare and write down: records for what is missing, closed when covered."""
    from junheng.present.cli import run_roster

    asked = run_roster.Asked(tuple(rosters or ()), False, "", person, office, None, today)
    raise Exit(run_roster.ran(Terminal(lang, as_json), folder, asked))


@roster_app.command("excuse")
def roster_excuse(
    folder: Folder,
    roster: Roster,
    key: Annotated[str, Argument(help="记录编号，如 缺项-2026-0001 / number of the record")],
    reason: Annotated[str, Option("--reason", help="理由 / why")],
    until: Annotated[date, Option("--until", parser=day, metavar="DATE", help="有效期至 / until when")],
    person: Person = "",
    office: OfficeName = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """对一行缺项作出说明，到期自动恢复。 / Excuse a missing line to a day."""
    from junheng.present.cli import run_roster

    asked = run_roster.Asked((roster,), False, "", person, office, None, today)
    raise Exit(run_roster.excused(Terminal(lang, as_json), folder, asked, key, reason, until))


@roster_app.command("decide")
def roster_decide(
    folder: Folder,
    roster: Roster,
    pair: Annotated[str, Argument(help="待判的一对，如 5-0-12；不写则列出 / a pair; none: list them")] = "",
    decision: Annotated[Literal["same", "different"], Option("--is", help="same 同一人，different 不是")] = "different",
    reason: Annotated[str, Option("--reason", help="理由 / why")] = "",
    person: Person = "",
    office: OfficeName = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """列出待人工判断的行，或判定一对；判定留存，以后沿用。 / The pairs to be decided, or decide one; it is kept and used again."""
    from junheng.present.cli import run_roster

    asked = run_roster.Asked((roster,), False, reason, person, office, None, today)
    raise Exit(run_roster.decided(Terminal(lang, as_json), folder, asked, pair, decision))


@roster_app.command("history")
def roster_history(folder: Folder, roster: Roster, lang: Lang = "zh", as_json: Json = False) -> None:
    """一项比对历次的应办、核实、缺项和销号。 / The runs of a roster."""
    from junheng.present.cli import run_roster

    raise Exit(run_roster.history(Terminal(lang, as_json), folder, roster))
