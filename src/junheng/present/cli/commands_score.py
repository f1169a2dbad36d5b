"""Commands about scores: forms, sheets for raters, results, and what they hang on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, Exit, Folder, Json, Lang, OfficeName, Option, Out, Person, Today, group

score_app = group("score", "评分：评分表、评分人一致程度、权重试算；不排名。 / Scores: forms, agreement, what-if on weights; no ranks.")

Form = Annotated[str, Argument(help="评分表，如 teaching-routine 或 听课观察表 / the form")]
Sheets = Annotated[list[Path] | None, Argument(help="填好的评分表，默认 ledgers/scores/ 中的 / filled sheets; those in ledgers/scores/")]
Weight = Annotated[list[str] | None, Option("--weight", help="试算权重：项目=数，可多次 / item=number: a what-if; may be repeated")]
Seed = Annotated[str, Option("--seed", help="公布的抽样种子；读入时核对抽到的有没有评 / announced seed; read: checks what was drawn")]
Round = Annotated[str, Option("--round", help="轮次，如 2026春 / the round")]


@score_app.command("forms")
def score_forms(folder: Folder, lang: Lang = "zh", as_json: Json = False) -> None:
    """有哪些评分表，填一份要多少分钟。 / The forms, and what each costs to fill in."""
    from junheng.present.cli import run_score
    from junheng.present.cli.terminal import Terminal

    raise Exit(run_score.forms(Terminal(lang, as_json), folder))


@score_app.command("sheet")
def score_sheet(
    folder: Folder,
    form: Form,
    term: Round = "",
    seed: Seed = "",
    out: Out = None,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """写出给评分人填的表；要抽样的按种子抽好。 / Write the sheet for raters, with the sample drawn."""
    from junheng.present.cli import run_score
    from junheng.present.cli.terminal import Terminal

    target = out or folder / "out" / "scores"
    raise Exit(run_score.sheet(Terminal(lang, as_json), folder, form, (term, seed), target, today))


@score_app.command("read")
def score_read(
    folder: Folder,
    form: Form,
    files: Sheets = None,
    weight: Weight = None,
    term: Round = "",
    seed: Seed = "",
    keep: Annotated[bool, Option("--keep", help="登记到台账 score-result / keep the results as records")] = False,
    reason: Annotated[str, Option("--reason", help="与已登记的结果不同时的更正理由 / why kept results are corrected")] = "",
    person: Person = "",
    office: OfficeName = "",
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """读入评分表：逐格核查、一致程度、各单位结果及随权重的变动。 / Read sheets: agreement, results, what they hang on."""
    from junheng.present.cli import run_score
    from junheng.present.cli.terminal import Terminal

    asked = run_score.Asked(files or [], weight or [], term, seed)
    kept = run_score.Keeping(keep, reason, run_score.Doer(person, office))
    raise Exit(run_score.read(Terminal(lang, as_json), folder, form, asked, kept, today))


@score_app.command("report")
def score_report(
    folder: Folder,
    form: Form,
    files: Sheets = None,
    weight: Weight = None,
    term: Round = "",
    seed: Seed = "",
    out: Out = None,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """写出网页、Word 报告、公示和表格。 / Write the page, the Word report, the public notice and the workbook."""
    from junheng.present.cli import run_score
    from junheng.present.cli.terminal import Terminal

    asked = run_score.Asked(files or [], weight or [], term, seed)
    raise Exit(run_score.report(Terminal(lang, as_json), folder, form, asked, out or folder / "out" / "scores", today))
