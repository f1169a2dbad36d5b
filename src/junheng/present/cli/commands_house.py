"""Commands about the program itself: demo, docs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from junheng.present.cli.commands import Exit, Lang, Option, app
from junheng.present.cli.commands_page import commands_page
from junheng.present.cli.terminal import Terminal


@app.command()
def demo(
    out: Annotated[Path, Option("--out", "-o", help="输出文件夹 / where to write")] = Path("out/demo"),
    only: Annotated[Literal["qinghe", "tainan"] | None, Option("--only", help="qinghe 或 tainan / one of the examples")] = None,
    lang: Lang = "zh",
) -> None:
    """用两个例子走一遍：虚构的清河县和真实的台南市。 / Run the whole way on two examples."""
    from junheng.present.cli import run_demo

    raise Exit(run_demo.demo(Terminal(lang), out, only or ""))


@app.command()
def docs(
    out: Annotated[Path, Option("--out", "-o", help="输出文件夹 / where to write")] = Path("docs/reference"),
    check_only: Annotated[bool, Option("--check", help="只核对是否最新 / only check that the pages are current")] = False,
    lang: Lang = "zh",
) -> None:
    """由数据生成参考文档。 / Write the reference pages from the data."""
    from junheng.present.cli import run_docs

    raise Exit(run_docs.docs(Terminal(lang), commands_page(), out, check_only))
