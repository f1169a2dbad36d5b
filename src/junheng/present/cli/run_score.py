"""The commands of scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command, exit_code
from junheng.present.contents import enter
from junheng.workflow import Text
from junheng.workflow.ledgers import Doer, moment
from junheng.workflow.score_desk import score_forms, score_sheet
from junheng.workflow.score_keep import keep_scores
from junheng.workflow.score_report import score_report
from junheng.workflow.score_weights import weights_of
from junheng.workflow.views.scoring import ScoreReport

__all__ = ["Asked", "Doer", "Keeping", "forms", "read", "report", "sheet"]

_MOST = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sheets, which other weights, which round, and the seed of the sample."""

    files: Sequence[Path]
    weights: Sequence[str]
    term: str
    seed: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """Whether results are kept, why they differ from what was kept, and by whom."""

    keep: bool
    reason: str
    doer: Doer


def forms(terminal: Terminal, folder: Path) -> int:
    """Print the forms."""
    found = score_forms(folder)
    held = Text("只用已有数据", "from what is held").of(terminal.lang)
    rows = [
        (one.id, one.title.of(terminal.lang), str(one.items), held if one.held_only else str(one.minutes), " ".join(one.serves))
        for one in found
    ]
    columns = (Text("编号", "Id"), Text("评分表", "Form"), Text("项目", "Items"), Text("每份分钟", "Minutes"), Text("事项", "Serves"))
    terminal.table(Text("评分表", "Forms"), columns, rows, right=(2,), whole=(0,))
    terminal.next((command("score", "sheet", folder, "teaching-routine"), Text("写出给评分人填的表", "write a sheet for raters")))
    terminal.data(found)
    return DONE


def sheet(terminal: Terminal, folder: Path, name: str, drawn: tuple[str, str], out: Path, today: date | None) -> int:
    """Write the sheet for raters."""
    term, seed = drawn
    path = score_sheet(folder, name, out, term=term, seed=seed, at=moment(today))
    terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.next((command("score", "read", folder, name, path), Text("填好后读入", "when it is filled in")))
    terminal.data({"path": path.as_posix()})
    return DONE


def read(terminal: Terminal, folder: Path, name: str, asked: Asked, keeping: Keeping, today: date | None) -> int:
    """Print what the sheets came to; keep the results when asked."""
    made = _made(folder, name, asked, today)
    _said(terminal, made)
    if keeping.keep:
        kept = keep_scores(folder, made, keeping.doer, keeping.reason, moment(today))
        said = Text(
            f"新登记{kept.new}条，更正{kept.changed}条，原样{kept.same}条。",
            f"{kept.new} new, {kept.changed} corrected, {kept.same} as they were.",
        )
        terminal.say(said)
    terminal.findings(made.findings)
    terminal.data(made)
    return exit_code(made.findings)


def report(terminal: Terminal, folder: Path, name: str, asked: Asked, out: Path, today: date | None) -> int:
    """Print what the sheets came to and write the files."""
    from junheng.present.score_documents import write_scores

    made = _made(folder, name, asked, today)
    _said(terminal, made)
    written = write_scores(made, out, terminal.lang)
    for path, _ in written:
        terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    enter(out, "survey", written, terminal.lang)
    terminal.findings(made.findings)
    terminal.data(made)
    return exit_code(made.findings)


def _made(folder: Path, name: str, asked: Asked, today: date | None) -> ScoreReport:
    return score_report(folder, name, asked.files, weights=weights_of(asked.weights), term=asked.term, seed=asked.seed, at=moment(today))


def _said(terminal: Terminal, made: ScoreReport) -> None:
    lang = terminal.lang
    terminal.title(Text(f"{made.name.zh} {made.title.zh}", f"{made.name.en}: {made.title.en}"))
    terminal.say(Text(f"量表：{made.scale.zh}。{made.weights.zh}。", f"Scale: {made.scale.en}. {made.weights.en}."))
    columns = (Text("项目", "Item"), Text("两人同评", "Rated twice"), Text("一致程度α", "alpha"), Text("能否使用", "Stands"))
    rows = [(one.label.of(lang), str(one.rated_twice), one.alpha, one.stands.of(lang)) for one in made.agreement]
    terminal.table(Text("评分人一致程度", "Agreement of raters"), columns, rows, right=(1, 2))
    if made.too_few.zh:
        terminal.say(made.too_few)
    _results(terminal, made)
    kept = [(one.key, one.unit, one.state.of(lang), one.was, one.now, one.reason) for one in made.appeals]
    heads = (
        Text("编号", "Number"),
        Text("单位", "Unit"),
        Text("状态", "State"),
        Text("原值", "Was"),
        Text("现值", "Now"),
        Text("说明", "Why"),
    )
    terminal.table(Text("申诉与更正", "Appeals and corrections"), heads, kept, whole=(0,))


def _results(terminal: Terminal, made: ScoreReport) -> None:
    lang = terminal.lang
    columns = [
        Text("单位", "Unit"),
        Text("轮次", "Round"),
        Text("结果", "Result"),
        Text(f"权重±{made.change}", f"Weights ±{made.change}"),
        *([Text("试算权重", "Other weights")] if made.what_if.zh else []),
        Text("等级", "Grade"),
        Text("等级与权重", "Grade and weights"),
        Text("未评", "Not scored"),
    ]
    rows = [
        (
            one.name,
            one.round,
            one.result,
            one.changed,
            *([one.other] if made.what_if.zh else []),
            one.grade.of(lang),
            one.firm.of(lang),
            "、".join(label.of(lang) for label in one.missing),
        )
        for one in made.lines[:_MOST]
    ]
    terminal.table(
        Text("结果（按在册顺序，不排名）", "Results in the order of the register; nobody is ranked"), columns, rows, whole=(2, 3)
    )
    left = len(made.lines[_MOST:])
    if left:
        terminal.say(Text(f"另有{left}行，见score report写出的文件。", f"{left} more rows: see the files of score report."))
