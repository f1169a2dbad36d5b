"""Commands about where a county stands: assess, compare, explain, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, Exit, Folder, Framework, Json, Lang, Option, Out, Year, app
from junheng.present.cli.terminal import Terminal


@app.command()
def assess(folder: Folder, year: Year = None, framework: Framework = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """按认定体系评估。 / Judge a school year by a framework."""
    from junheng.present.cli import run_assess

    raise Exit(run_assess.assess(Terminal(lang, as_json), folder, year, framework))


@app.command()
def compare(
    folder: Folder,
    other: Annotated[
        Path | None, Option("--with", help="另一县的文件夹，默认同一文件夹 / another authority's folder; the same one by default")
    ] = None,
    year: Year = None,
    before: Annotated[int | None, Option("--before", help="对比年份 / the year to compare with")] = None,
    framework: Framework = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """两年或两县对比。 / Two years, or two counties, side by side."""
    from junheng.present.cli import run_compare

    raise Exit(run_compare.compare(Terminal(lang, as_json), folder, other or folder, year, before, framework))


@app.command()
def explain(
    folder: Folder,
    figure: Annotated[str, Argument(help="数字的编号，如 conditions.teaching_area/primary/2162000001 / the figure's id")],
    year: Year = None,
    framework: Framework = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """一个数字的来历：公式、数据、单元格、标准。 / How a figure comes about: formula, inputs, cells, standard."""
    from junheng.present.cli import run_explain

    raise Exit(run_explain.explain(Terminal(lang, as_json), folder, figure, year, framework))


@app.command()
def report(
    folder: Folder, year: Year = None, framework: Framework = None, out: Out = None, lang: Lang = "zh", as_json: Json = False
) -> None:
    """写出表册、自评报告、学校一页纸、县报告和网页。 / Write the forms, the self-assessment, the school sheets, the report and the page."""
    from junheng.present.cli import run_assess

    raise Exit(run_assess.report(Terminal(lang, as_json), folder, year, framework, out))
