"""Commands about what could be done: planners, propose, compare-plans, take-alternative, adopt, apply-plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, Exit, Folder, Json, Lang, Option, Out, Seed, Year, app, day
from junheng.present.cli.terminal import Terminal

Words = list[str] | None


@app.command()
def planners(lang: Lang = "zh", as_json: Json = False) -> None:
    """列出规划器及其选项。 / List the planners and their options."""
    from junheng.present.cli import run_propose

    raise Exit(run_propose.planners(Terminal(lang, as_json)))


@app.command()
def propose(
    folder: Folder,
    planner: Annotated[str, Argument(help="规划器名称，见 planners；用 --brief 时可省 / name, see planners; not needed with --brief")] = "",
    year: Year = None,
    option: Annotated[Words, Option("--option", metavar="NAME=VALUE", help="选项，可多次 / an option, repeatable")] = None,
    pin: Annotated[Words, Option("--pin", metavar="COLUMN=CODE:TO", help="指定，可多次 / what is pinned, repeatable")] = None,
    forbid: Annotated[Words, Option("--forbid", metavar="COLUMN=CODE:TO", help="禁止，可多次 / what is forbidden, repeatable")] = None,
    brief: Annotated[Path | None, Option("--brief", help="brief.yaml 或方案文件夹 / a brief, or the folder of a plan")] = None,
    seed: Seed = None,
    gap: Annotated[
        float | None,
        Option("--gap", min=0, max=100, help="允许的差距（%），默认由规划器定，多为0.5 / gap allowed in %, 0.5 for most planners"),
    ] = None,
    limit_seconds: Annotated[
        float | None, Option("--limit-seconds", min=0.1, help="求解时间上限（秒），默认120 / seconds of search at most, 120")
    ] = None,
    limit_work: Annotated[int | None, Option("--limit-work", min=1, help="搜索节点上限，各机结果相同 / nodes at most")] = None,
    prices: Annotated[bool, Option("--prices", help="再求可放宽选项的代价 / also what relaxing options saves")] = False,
    why: Annotated[str, Option("--why", metavar="COLUMN=CODE", help="追问一项安排，配 --to 或 --not / ask about a choice")] = "",
    to: Annotated[str, Option("--to", help="改到哪里的代价 / the price of forcing it there")] = "",
    away: Annotated[str, Option("--not", help="不在哪里的代价 / the price of forbidding that")] = "",
    name: Annotated[str, Option("--name", help="方案名 / name of the plan")] = "",
    dry_run: Annotated[bool, Option("--dry-run", help="不保存方案 / do not keep the plan")] = False,
    out: Out = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """请规划器提出方案，保存在 plans/；按 Ctrl-C 得到当时最好的方案。 / Ask a planner; Ctrl-C gives the best plan so far."""
    from junheng.present.cli import run_propose

    asked = run_propose.asked(
        planner, year, (option, pin, forbid), brief, seed=seed, gap=gap, seconds=limit_seconds, work=limit_work, prices=prices
    )
    call = run_propose.Call(asked=asked, name=name, why=why, to=to, away=away, dry=dry_run)
    raise Exit(run_propose.proposed(Terminal(lang, as_json), folder, call, out))


@app.command("compare-plans")
def compare_plans(
    first: Annotated[Path, Argument(help="方案文件夹 / folder of a plan")],
    second: Annotated[Path, Argument(help="另一个方案文件夹 / folder of another")],
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """两个方案对比。 / Two plans side by side."""
    from junheng.present.cli import run_propose

    raise Exit(run_propose.compared(Terminal(lang, as_json), first, second))


@app.command()
def adopt(
    plan: Annotated[Path, Argument(help="方案文件夹 / folder of the plan")],
    by: Annotated[str, Option("--by", help="采用人 / who adopts it")],
    office: Annotated[str, Option("--office", help="单位 / the office")],
    on: Annotated[date | None, Option("--day", parser=day, metavar="DATE", help="采用日期，默认今天 / day; today by default")] = None,
    document: Annotated[str, Option("--document", help="文号 / document number")] = "",
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """采用方案；数据表不变，写入用 apply-plan。 / Adopt a plan; no table changes before apply-plan."""
    from junheng.present.cli import run_adopt

    raise Exit(run_adopt.adopted(Terminal(lang, as_json), plan, (by, office), on, document))


@app.command("take-alternative")
def take_alternative(
    plan: Annotated[Path, Argument(help="方案文件夹 / folder of the plan")],
    number: Annotated[int, Argument(help="其他可选方案的序号 / number of the alternative")],
    name: Annotated[str, Option("--name", help="方案名 / name of the plan")] = "",
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """把一个其他可选方案另存为方案，可对比、采用。 / Keep an alternative as a plan of its own, to compare or adopt it."""
    from junheng.present.cli import run_adopt

    raise Exit(run_adopt.taken(Terminal(lang, as_json), plan, number, name))


@app.command("apply-plan")
def apply_plan(
    plan: Annotated[Path, Argument(help="已采用的方案文件夹 / folder of a plan that is adopted")],
    by: Annotated[str, Option("--by", help="经办人 / who does it")],
    office: Annotated[str, Option("--office", help="单位 / the office")],
    on: Annotated[date | None, Option("--day", parser=day, metavar="DATE", help="日期，默认今天 / day; today by default")] = None,
    undo: Annotated[bool, Option("--undo", help="撤销写入 / take it back")] = False,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """把已采用的方案写入当年的数据表，可撤销。 / Write an adopted plan into the tables of its year; it can be undone."""
    from junheng.present.cli import run_adopt

    raise Exit(run_adopt.applied(Terminal(lang, as_json), plan, (by, office), on, undo=undo))
