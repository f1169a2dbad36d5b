"""Commands about what is coming: foresee, seats, outlook."""

from __future__ import annotations

from typing import Annotated

from junheng.present.cli.commands import AsOf, Draws, Exit, Folder, Horizon, Json, Lang, Option, Out, Seed, Year, app
from junheng.present.cli.terminal import Terminal


@app.command("foresee")
def foresee_(
    folder: Folder,
    year: Year = None,
    horizon: Horizon = 15,
    draws: Draws = 2000,
    seed: Seed = None,
    backtest: Annotated[
        bool, Option("--backtest/--no-backtest", help="是否用过去的数据检验 / whether to test forecasts on the past")
    ] = True,
    judge: Annotated[
        int | None, Option("--judge", min=1900, max=2999, help="用认定体系判定这一预测年份 / judge this year ahead by the frameworks")
    ] = None,
    as_of: AsOf = None,
    out: Out = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """预测学生、学位和教师，给出区间与预警。 / Foresee pupils, places and teachers, with bands and warnings."""
    from junheng.present.cli import run_foresee

    asked = run_foresee.Asked(year=year, horizon=horizon, draws=draws, seed=seed, backtest=backtest, judge=judge, as_of=as_of)
    raise Exit(run_foresee.forecast(Terminal(lang, as_json), folder, asked, out))


@app.command()
def seats(
    folder: Folder,
    area: Annotated[
        str, Option("--area", help="乡镇、学校的名称或代码，列出逐年情况 / name or code of a township or school, year by year")
    ] = "",
    stage: Annotated[str, Option("--stage", help="学段，如 primary 或 小学 / a stage, such as primary")] = "",
    year: Year = None,
    horizon: Horizon = 15,
    draws: Draws = 2000,
    as_of: AsOf = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """学位供需、建设项目进度和承诺的落实。 / Need against places, the programme of projects, and promises."""
    from junheng.present.cli import run_foresee

    asked = run_foresee.Asked(year=year, horizon=horizon, draws=draws, seed=None, backtest=False, as_of=as_of)
    raise Exit(run_foresee.seats(Terminal(lang, as_json), folder, asked, area, stage))


@app.command()
def outlook(
    folder: Folder,
    until: Annotated[int, Option("--until", min=1900, max=2999, help="推算到哪一年 / the last year")] = 2035,
    out: Out = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """只有两次人口数时，推算学龄人口和学位需求。 / Children of school age from two counts of persons, and the seats they need."""
    from junheng.present.cli import run_outlook

    raise Exit(run_outlook.outlook(Terminal(lang, as_json), folder, until, out))
