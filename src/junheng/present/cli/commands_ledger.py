"""Commands about what happened: the ledgers, and what is owed this week."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, Exit, Folder, Json, Lang, OfficeName, Option, Out, Person, Today, app, day, group
from junheng.present.cli.terminal import Terminal

ledger_app = group("ledger", "台账：登记、办理、更正、导入导出、打印。 / Ledgers: records, moves, corrections, lists, papers.")

Kind = Annotated[str, Argument(help="台账，如 task 或 督办任务 / kind of record, by id or Chinese title")]
Key = Annotated[str, Argument(help="编号，如 督办-2026-0001 / number of the record")]
Role = Annotated[str, Option("--role", help="角色，如 office、school、inspector / his role")]
Approved = Annotated[str, Option("--approved", help="批准编号：看的敏感记录多时须他人批准 / another's approval, for many records")]
Given = Annotated[list[str] | None, Option("--set", help="栏目=值，可多次 / field=value; may be repeated")]


@ledger_app.command("kinds")
def ledger_kinds(folder: Folder, today: Today = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """有哪些台账，各有多少未办结。 / The kinds of record, and how many are open."""
    from junheng.present.cli import run_ledger

    raise Exit(run_ledger.kinds(Terminal(lang, as_json), folder, today))


@ledger_app.command("board")
def ledger_board(folder: Folder, out: Out = None, today: Today = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """台账看板网页：各状态件数、逾期、回头看反弹率。 / The board of ledgers as a page."""
    from junheng.present.cli import run_ledger

    raise Exit(run_ledger.board(Terminal(lang, as_json), folder, out or folder / "out" / "ledgers", today))


@ledger_app.command("list")
def ledger_list(
    folder: Folder,
    kind: Kind,
    state: Annotated[str, Option("--state", help="只列这一状态 / only those in this state")] = "",
    person: Person = "",
    office: OfficeName = "",
    approved: Approved = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """列出一种台账的记录。 / The records of a kind."""
    from junheng.present.cli import run_ledger

    who = run_ledger.Who(person, office, approved=approved)
    raise Exit(run_ledger.listed(Terminal(lang, as_json), folder, kind, state, who, today))


@ledger_app.command("show")
def ledger_show(
    folder: Folder,
    kind: Kind,
    key: Key,
    person: Person = "",
    office: OfficeName = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """一条记录的全部内容、经过和可办理的下一步。 / One record: values, acts, and what can be done next."""
    from junheng.present.cli import run_ledger

    raise Exit(run_ledger.shown(Terminal(lang, as_json), folder, kind, key, run_ledger.Who(person, office), today))


@ledger_app.command("new")
def ledger_new(
    folder: Folder,
    kind: Kind,
    given: Given = None,
    person: Person = "",
    office: OfficeName = "",
    role: Role = "office",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """登记一条记录。 / Open a record."""
    from junheng.present.cli import run_ledger

    raise Exit(run_ledger.new(Terminal(lang, as_json), folder, kind, given or [], run_ledger.Who(person, office, role), today))


@ledger_app.command("move")
def ledger_move(
    folder: Folder,
    kind: Kind,
    key: Key,
    move: Annotated[str, Argument(help="办理的一步，见 ledger show / the move; see ledger show")],
    given: Given = None,
    evidence: Annotated[list[Path] | None, Option("--evidence", help="佐证文件，可多次 / proof; may be repeated")] = None,
    note: Annotated[str, Option("--note", help="说明 / a note")] = "",
    person: Person = "",
    office: OfficeName = "",
    role: Role = "office",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """办理一条记录的下一步。 / Move a record on."""
    from junheng.present.cli import run_ledger

    asked = run_ledger.Asked(given or [], evidence or [], note)
    who = run_ledger.Who(person, office, role)
    raise Exit(run_ledger.moved(Terminal(lang, as_json), folder, (kind, key, move), asked, who, today))


@ledger_app.command("correct")
def ledger_correct(
    folder: Folder,
    kind: Kind,
    key: Key,
    given: Given = None,
    reason: Annotated[str, Option("--reason", help="更正理由 / why")] = "",
    person: Person = "",
    office: OfficeName = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """更正一条记录，原值保留。 / Correct a record; the old values are kept."""
    from junheng.present.cli import run_ledger

    asked = run_ledger.Asked(given or [], [], reason)
    raise Exit(run_ledger.corrected(Terminal(lang, as_json), folder, (kind, key), asked, run_ledger.Who(person, office), today))


@ledger_app.command("export")
def ledger_export(
    folder: Folder,
    kind: Kind,
    out: Out = None,
    blank: Annotated[bool, Option("--blank", help="空白模板 / an empty template")] = False,
    person: Person = "",
    office: OfficeName = "",
    approved: Approved = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """导出为带下拉选项的表格，改后可再导入。 / Write a kind as a workbook with drop-downs, to be imported again."""
    from junheng.present.cli import run_ledger

    target = out or folder / "out" / "ledgers"
    raise Exit(
        run_ledger.exported(Terminal(lang, as_json), folder, kind, target, blank, run_ledger.Who(person, office, approved=approved), today)
    )


@ledger_app.command("import")
def ledger_import(
    folder: Folder,
    kind: Kind,
    file: Annotated[Path, Argument(help="表格文件 .xlsx .xls .csv / the list")],
    dry_run: Annotated[bool, Option("--dry-run", help="只核查不写入 / check only, write nothing")] = False,
    person: Person = "",
    office: OfficeName = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """导入一张表：新行登记，旧行更正；有一处错误就全部不写入。 / Import a list: all of it or nothing."""
    from junheng.present.cli import run_ledger

    who = run_ledger.Who(person, office)
    raise Exit(run_ledger.imported(Terminal(lang, as_json), folder, kind, file, not dry_run, who, today))


@ledger_app.command("print")
def ledger_print(
    folder: Folder,
    kind: Kind,
    paper: Annotated[str, Argument(help="表单，如 notice、opinion、public / the paper")],
    key: Annotated[str, Argument(help="编号；公示可不写，列出全部 / number; none for a public list")] = "",
    out: Out = None,
    person: Person = "",
    office: OfficeName = "",
    approved: Approved = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """打印通知书、意见书、公示（Word）。 / Print a notice, an opinion, a public list (Word)."""
    from junheng.present.cli import run_ledger

    who = run_ledger.Who(person, office, approved=approved)
    target = out or folder / "out" / "ledgers"
    raise Exit(run_ledger.printed(Terminal(lang, as_json), folder, (kind, key, paper), target, who, today))


@ledger_app.command("burden")
def ledger_burden(folder: Folder, out: Out = None, today: Today = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """减负账：每栏谁需要、哪条规则用到、是否已有，一年填写用多少小时。 / The burden account: fields, rules, hours."""
    from junheng.present.cli import run_ledger

    raise Exit(run_ledger.burden(Terminal(lang, as_json), folder, out or folder / "out" / "ledgers", today))


@app.command("this-week")
def this_week(
    folder: Folder,
    by: Annotated[str, Option("--office-only", help="只列这一科室、学校或人 / only this office, school or person")] = "",
    reminders: Annotated[bool, Option("--reminders", help="列出可转发的提醒文字 / print the texts to forward")] = False,
    send: Annotated[str, Option("--send", help="按此渠道发出提醒；forward 为登记人工转发 / send by this channel")] = "",
    channels: Annotated[Path | None, Option("--channels", help="渠道文件（不放在数据文件夹） / file of channels")] = None,
    out: Out = None,
    person: Person = "",
    office: OfficeName = "",
    approved: Approved = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """本周：到期、逾期、久未办理、缺项，按科室和人员；假期安全信息。 / What is due, overdue, stale and missing this week."""
    from junheng.present.cli import run_this_week

    asked = run_this_week.Asked(by, reminders, send, channels, out)
    raise Exit(run_this_week.week(Terminal(lang, as_json), folder, asked, run_this_week.Who(person, office, approved=approved), today))


schedule_app = group(
    "schedule", "排期：到校督导、基地与车辆轮用、例行工作联合日历。 / Schedules: visits, bases and buses, the joint calendar of duties."
)


@schedule_app.command("visits")
def schedule_visits(
    folder: Folder,
    term: Annotated[str, Option("--term", help="学期，如 2025-2，默认本学期或下一学期 / term; this or the next one by default")] = "",
    keep: Annotated[bool, Option("--keep", help="登记到台账 visit / keep them as records")] = False,
    out: Out = None,
    person: Person = "",
    office: OfficeName = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """按 ledgers/visits.yaml 编排到校督导。 / Schedule visits by ledgers/visits.yaml."""
    from junheng.present.cli import run_schedule

    who = run_schedule.Who(person, office)
    raise Exit(run_schedule.visits(Terminal(lang, as_json), folder, term, out, keep, who, today))


@schedule_app.command("bases")
def schedule_bases(
    folder: Folder,
    places: Annotated[Path, Argument(help="场次表：基地、日期、可接待人数 / places by base and day")],
    wishes: Annotated[Path, Argument(help="申请表：学校、班级、人数、可选日期 / wishes of classes")],
    seed: Annotated[str, Option("--seed", help="公布的种子，并列时按它排序 / announced seed that breaks ties")] = "",
    out: Out = None,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """实践基地、车辆公平轮用：按规模去得最少的学校优先。 / Share bases and buses: who has had least for its size comes first."""
    from junheng.present.cli import run_schedule

    raise Exit(run_schedule.bases(Terminal(lang, as_json), folder, (places, wishes), seed, out, today))


@schedule_app.command("duties")
def schedule_duties(
    folder: Folder,
    first: Annotated[
        date | None, Option("--from", parser=day, metavar="DATE", help="从哪一天起，默认今天 / first day; today by default")
    ] = None,
    last: Annotated[
        date | None, Option("--to", parser=day, metavar="DATE", help="到哪一天，默认四个月 / last day; four months by default")
    ] = None,
    out: Out = None,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """联合日历：学期、统计时点、三会一课等例行工作、假期安全信息；找出冲突，写出网页、表格和日历文件。 / The joint calendar of duties."""
    from junheng.present.cli import run_schedule

    raise Exit(run_schedule.duties(Terminal(lang, as_json), folder, (first, last), out, today))
