"""Commands about what was decided: plans read from a text, checked, followed, and written down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, Exit, Folder, Json, Lang, Option, Out, Today, group
from junheng.present.cli.terminal import Terminal

plan_app = group("plan", "行动计划：读入文件、核对、督办、成文。 / Plans: read from a text, checked, followed, written down.")

Plans = Annotated[
    list[Path] | None,
    Option("--plans", help="另处的计划文件或文件夹，可多次；默认读本县 actions/ / plan files elsewhere; actions/ of the folder by default"),
]
Plan = Annotated[str, Option("--plan", help="只看这一个计划：文件名或标题中的词 / only this plan, by file name or a word of its title")]


@plan_app.command("read")
def plan_read(
    file: Annotated[Path, Argument(help="政策文件 .docx .pdf .html .txt / the text of a policy")],
    out: Annotated[Path | None, Option("--out", "-o", help="写到哪个文件，默认在文件旁 / where to write the draft")] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """从政策文件拟出计划草稿，逐条附原文行号，由人确认。 / Draft a plan from a policy text, each line with its source."""
    from junheng.present.cli import run_plan_read

    raise Exit(run_plan_read.read(Terminal(lang, as_json), file, out))


@plan_app.command("check")
def plan_check(folder: Folder, plans: Plans = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """核对计划文件：层级、责任、期限、分子分母、绑定。 / Check plan files: levels, owners, days, denominators, bindings."""
    from junheng.present.cli import run_plan

    raise Exit(run_plan.checked(Terminal(lang, as_json), folder, plans or []))


@plan_app.command("bindings")
def plan_bindings(
    folder: Folder,
    word: Annotated[str, Argument(help="只列含此词的 / only those with this word")] = "",
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """措施可以绑定什么：指标、清单比对、台账、预测…… / What a measure can be bound to."""
    from junheng.present.cli import run_plan

    raise Exit(run_plan.bindings(Terminal(lang, as_json), folder, word))


@plan_app.command("status")
def plan_status(
    folder: Folder,
    plans: Plans = None,
    plan: Plan = "",
    measure: Annotated[str, Option("--measure", help="打开一条措施 / open one measure")] = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """计划进展：由上报数据算出，报告与核实分开，哪一项滞后。 / How the plans stand, computed on returned data; which part is behind."""
    from junheng.present.cli import run_plan

    raise Exit(run_plan.status(Terminal(lang, as_json), folder, run_plan.Asked(plans or [], plan, measure, today)))


@plan_app.command("dispatch")
def plan_dispatch(
    folder: Folder, plans: Plans = None, plan: Plan = "", out: Out = None, today: Today = None, lang: Lang = "zh", as_json: Json = False
) -> None:
    """月度调度表（网页、Word 和 Excel）。 / The monthly dispatch table, as HTML, Word and Excel."""
    from junheng.present.cli import run_plan

    asked = run_plan.Asked(plans or [], plan, "", today)
    raise Exit(run_plan.dispatch(Terminal(lang, as_json), folder, asked, out or folder / "out" / "plan"))


@plan_app.command("page")
def plan_page(
    folder: Folder, plans: Plans = None, plan: Plan = "", out: Out = None, today: Today = None, lang: Lang = "zh", as_json: Json = False
) -> None:
    """一页纸计划（PDF 和 Word）与计划看板（网页）。 / A plan on one page (PDF, Word), and the plan board (HTML)."""
    from junheng.present.cli import run_plan

    asked = run_plan.Asked(plans or [], plan, "", today)
    raise Exit(run_plan.pages(Terminal(lang, as_json), folder, asked, out or folder / "out" / "plan"))


@plan_app.command("report")
def plan_report(
    folder: Folder, plans: Plans = None, plan: Plan = "", out: Out = None, today: Today = None, lang: Lang = "zh", as_json: Json = False
) -> None:
    """年终工作报告草稿（Word）：每句话都有依据，不超过数据所说。 / Draft of the work report: every sentence rests on a fact."""
    from junheng.present.cli import run_plan

    asked = run_plan.Asked(plans or [], plan, "", today)
    raise Exit(run_plan.report(Terminal(lang, as_json), folder, asked, out or folder / "out" / "plan"))


@plan_app.command("coverage")
def plan_coverage(
    plans: Annotated[list[Path] | None, Argument(help="计划文件或文件夹，列出哪些措施用到 / plans whose measures are named beside")] = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """各地文件提出的120项要求，哪些有办法落实，未落实的原因。 / What counties' documents ask for: served or not, and why not."""
    from junheng.present.cli import run_plan

    raise Exit(run_plan.coverage(Terminal(lang, as_json), plans or []))
