"""The commands of match: compare two lists, list what is open, decide, explain. Line numbers stand for persons; no name is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command, counts_in_words, exit_code
from junheng.workflow import Text
from junheng.workflow.importing import counted
from junheng.workflow.match import match_lists
from junheng.workflow.match_decide import decide_by_workbook, decide_pair, explain_pair, move_decisions, open_questions
from junheng.workflow.match_engine import Engine
from junheng.workflow.views.matching import MatchDecided

_MOST = 40


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, for which office and when."""

    by: str
    office: str
    at: datetime


def lists(
    terminal: Terminal,
    left: Path,
    right: Path,
    out: Path,
    *,
    rule: str,
    today: date,
    decisions: Path | None,
    authority: Path | None,
    retrain: bool,
    engine: Engine = "duckdb",
) -> int:
    """Compare two lists and say how many lines are the same, asked about and not found."""
    result = match_lists(left, right, out, rule=rule, today=today, decisions=decisions, authority=authority, retrain=retrain, engine=engine)
    counts = result.counts
    terminal.title(Text(f"{result.rule.zh}：{result.left} 与 {result.right}", f"{result.rule.en}: {result.left} and {result.right}"))
    terminal.table(
        Text("", ""),
        (Text("来表的行", "Lines of the other list"), Text("行数", "Lines"), Text("占比%", "Share %")),
        [
            (Text("合计", "All").of(terminal.lang), str(counts.right_rows), ""),
            (Text("认定为同一人", "The same as one of the register").of(terminal.lang), str(counts.same), counts.same_share),
            (Text("待人工判断", "To be decided").of(terminal.lang), str(counts.ask_lines), counts.ask_share),
            (Text("本册没有", "Not in the register").of(terminal.lang), str(counts.not_found), ""),
        ],
        right=(1, 2),
    )
    if counts.decided:
        terminal.say(Text(f"其中{counts.decided}对沿用人工判定。", f"{counts.decided} pairs were decided by persons."))
    if result.trained:
        terminal.say(Text("权重按这两份名单训练，不需要标注。", "Weights were trained on these lists, without labels."))
    if result.findings:
        words = counts_in_words(counted(result.findings))
        terminal.heading(Text(f"名单中的问题（{words.zh}）", f"Findings in the lists ({words.en})"))
    terminal.findings(result.findings)
    for path in result.written:
        terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.next(
        (command("match", "queue", out), Text("看待判的是哪些行", "see which lines are open")),
        (
            command("match", "decide", out, f"{out}/matched.xlsx", "--by", "…", "--office", "…"),
            Text("读入填好的工作簿", "after the workbook was filled in"),
        ),
    )
    terminal.data(result)
    return exit_code(result.findings)


def queue(terminal: Terminal, out: Path) -> int:
    """List the open pairs by the numbers of their lines."""
    questions = open_questions(out)
    count = len(questions)
    terminal.title(Text(f"待判{count}对", f"{count} pairs to decide"))
    terminal.table(
        Text("", ""),
        (Text("编号", "Pair"), Text("提请原因", "Why"), Text("相符与不符", "What speaks for and against"), Text("权重", "Weight")),
        [(one.pair, one.because.of(terminal.lang), one.reasons.of(terminal.lang), one.weight) for one in questions[:_MOST]],
        right=(3,),
        whole=(0,),
    )
    if questions[_MOST:]:
        terminal.say(Text(f"……共{count}对，见工作簿。", f"… {count} in all: see the workbook."))
    terminal.data({"questions": questions})
    return DONE


def explain(terminal: Terminal, out: Path, pair: str) -> int:
    """Explain a pair field by field."""
    told = explain_pair(out, pair)
    terminal.title(Text(f"{pair}：{told.outcome.zh}（{told.because.zh}）", f"{pair}: {told.outcome.en} ({told.because.en})"))
    rows = [(one.title.of(terminal.lang), one.words.of(terminal.lang), one.weight) for one in told.reasons]
    before = (Text("比对之前", "Before comparing").of(terminal.lang), "", told.before)
    total = (Text("合计", "Sum").of(terminal.lang), Text("概率", "probability").of(terminal.lang) + f" {told.probability}", told.weight)
    terminal.table(
        Text("", ""),
        (Text("字段", "Field"), Text("程度", "Degree"), Text("权重（比特）", "Weight (bits)")),
        [before, *rows, total],
        right=(2,),
    )
    terminal.data(told)
    return DONE


def decide(
    terminal: Terminal, out: Path, book: Path | None, pair: str, decision: str, *, who: Decider, reason: str, decisions: Path | None
) -> int:
    """Keep decisions of a workbook, or one."""
    if book is not None:
        kept = decide_by_workbook(out, book, by=who.by, office=who.office, at=who.at, decisions=decisions)
    else:
        kept = decide_pair(out, pair, decision, by=who.by, office=who.office, reason=reason, at=who.at, decisions=decisions)
    _show(terminal, kept)
    return exit_code(kept.findings)


def keep(terminal: Terminal, out: Path, *, who: Decider, authority: Path | None, decisions: Path | None) -> int:
    """Take decisions that lie in a file into the record."""
    moved = move_decisions(out, by=who.by, office=who.office, at=who.at, authority=authority, decisions=decisions)
    terminal.say(
        Text(
            f"已转入{moved.changes}条判定（记录库在 {moved.record}）。原文件改名为 {moved.file}，可以删除。",
            f"{moved.changes} decisions were taken into the record of {moved.record}. The file is now {moved.file} and can be deleted.",
        )
    )
    terminal.data(moved)
    return DONE


def _show(terminal: Terminal, kept: MatchDecided) -> None:
    terminal.say(
        Text(
            f"记下：同一人{kept.same}对，不是同一人{kept.different}对，撤回{kept.withdrawn}对；还有{kept.open}对待判。",
            f"Kept: same {kept.same}, different {kept.different}, taken back {kept.withdrawn}; {kept.open} pairs are open.",
        )
    )
    place = Text("记录库", "the record") if kept.in_record else Text("判定文件", "a file")
    terminal.say(Text(f"判定记在{place.zh}：{kept.written}（再次比对时沿用）", f"Kept in {place.en}: {kept.written}, used again next time"))
    terminal.findings(kept.findings)
    terminal.data(kept)
