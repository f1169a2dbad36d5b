"""Commands about surveys: whom to ask, what the answers say, and whether they can be true."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, Exit, Folder, Json, Lang, OfficeName, Option, Out, Person, Today, day, group

survey_app = group(
    "survey", "调查：抽样、批次、误差与真实性检验。 / Surveys: whom to ask, waves, what the answers say, and whether they can be true."
)
Form = Annotated[str, Argument(help="问卷，如 satisfaction、homework、noon-rest / the survey")]
File = Annotated[Path | None, Argument(help="答卷文件，默认 ledgers/answers/ 中的 / answers; those in ledgers/answers/ by default")]
Beside = Annotated[Path | None, Option("--beside", help="对照的表：作业公示、午休条件 / the list it is held against")]


@survey_app.command("plan")
def survey_plan(
    folder: Folder,
    survey: Form,
    opens: Annotated[date | None, Option("--opens", parser=day, metavar="DATE", help="本批开始日期 / first day of the wave")] = None,
    closes: Annotated[
        date | None, Option("--closes", parser=day, metavar="DATE", help="本批截止日期，写明则登记批次 / its last day")
    ] = None,
    seed: Annotated[str, Option("--seed", help="公布的种子，抽班级用 / announced seed of the draw of classes")] = "",
    person: Person = "",
    office: OfficeName = "",
    out: Out = None,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """按标准算调查人数，分配到学校，写出答卷表；写明起止日期的登记一批。 / How many are asked, and where; the sheet; a wave."""
    from junheng.present.cli import run_survey
    from junheng.present.cli.terminal import Terminal

    wave = run_survey.Wave(opens, closes, run_survey.Doer(person, office))
    raise Exit(run_survey.plan(Terminal(lang, as_json), folder, (survey, seed), wave, out or folder / "out" / "survey", today))


@survey_app.command("read")
def survey_read(
    folder: Folder,
    survey: Form,
    file: File = None,
    beside: Beside = None,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """读入答卷：加权结果、误差、超标班级、缺口、雷同与不实的疑点。 / Read answers: weighted results, error, doubts."""
    from junheng.present.cli import run_survey
    from junheng.present.cli.terminal import Terminal

    raise Exit(run_survey.read(Terminal(lang, as_json), folder, survey, (file, beside), None, today))


@survey_app.command("report")
def survey_report(
    folder: Folder,
    survey: Form,
    file: File = None,
    beside: Beside = None,
    out: Out = None,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """同 read，并写出网页、Word 报告和表格。 / As read, and write the page, the Word report and the workbook."""
    from junheng.present.cli import run_survey
    from junheng.present.cli.terminal import Terminal

    target = out or folder / "out" / "survey"
    raise Exit(run_survey.read(Terminal(lang, as_json), folder, survey, (file, beside), target, today))
