"""The commands of surveys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command, exit_code
from junheng.present.contents import enter
from junheng.workflow import Text
from junheng.workflow.ledgers import Doer, moment
from junheng.workflow.survey import keep_wave, survey_form, survey_plan
from junheng.workflow.survey_result import survey_result
from junheng.workflow.views.surveys import SurveyResult

__all__ = ["Doer", "Wave", "plan", "read"]

_MOST = 30


@dataclass(frozen=True, slots=True)
class Wave:
    """When a wave is out, and who keeps it."""

    opens: date | None
    closes: date | None
    doer: Doer


def plan(terminal: Terminal, folder: Path, asked: tuple[str, str], wave: Wave, out: Path, today: date | None) -> int:
    """Print whom a survey asks, write the sheet for its answers, and keep the wave when its days are said."""
    name, seed = asked
    made = survey_plan(folder, name, moment(today), seed)
    terminal.title(
        Text(f"{made.name.zh} {made.title.zh}：应调查{made.wanted}人", f"{made.name.en}, {made.title.en}: {made.wanted} persons")
    )
    terminal.say(made.why)
    for label, least in made.groups:
        terminal.say(Text(f"{label.zh}不少于{least}", f"{label.en}: at least {least}"))
    rows = [(one.school, str(one.pupils), str(one.asked), "、".join(one.classes)) for one in made.quotas]
    columns = (Text("学校", "School"), Text("在校生", "Pupils"), Text("调查人数", "Asked"), Text("抽到的班", "Classes drawn"))
    terminal.table(Text(f"按学校分配（种子：{made.seed}）", f"By school (seed {made.seed})"), columns, rows, right=(1, 2))
    path = survey_form(folder, name, out, moment(today))
    terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    if wave.closes:
        key = keep_wave(folder, made, wave.opens or wave.closes, wave.closes, wave.doer, moment(today))
        terminal.say(Text(f"已登记批次 {key}", f"The wave is kept: {key}"))
    terminal.next((command("survey", "read", folder, name, path), Text("收回后读入", "read the answers")))
    terminal.data(made)
    return DONE


def read(terminal: Terminal, folder: Path, name: str, files: tuple[Path | None, Path | None], out: Path | None, today: date | None) -> int:
    """Print what the answers say and what is doubtful in them; write the files when there is a folder for them."""
    file, beside = files
    made = survey_result(folder, name, file, beside=beside, at=moment(today))
    _said(terminal, made)
    _shares(terminal, made)
    _over(terminal, made)
    _places(terminal, made)
    _doubts(terminal, made)
    if out:
        from junheng.present.survey_documents import write_survey

        written = write_survey(made, out, terminal.lang)
        enter(out, "survey", written, terminal.lang)
        for path, _ in written:
            terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.findings(made.findings)
    terminal.data(made)
    return exit_code(made.findings)


def _said(terminal: Terminal, made: SurveyResult) -> None:
    terminal.title(Text(f"{made.name.zh} {made.title.zh}", f"{made.name.en}: {made.title.en}"))
    groups = "、".join(f"{label.zh}{count}份" for label, count in made.groups)
    en = ", ".join(f"{label.en} {count}" for label, count in made.groups)
    limit = Text(f"，标准{made.limit}", f", standard {made.limit}") if made.limit else Text("", "")
    asked = (
        Text(f"应收{made.asked}份，回收率{made.rate}", f"{made.asked} asked, {made.rate}")
        if made.asked
        else Text("应收数不详", "asked: unknown")
    )
    terminal.say(
        Text(
            f"{made.schools}所学校{made.answers}份答卷（{groups}），{asked.zh}{limit.zh}。",
            f"{made.answers} answers of {made.schools} schools ({en}); {asked.en}{limit.en}.",
        )
    )
    if made.silent:
        terminal.say(Text(f"没有答卷的学校：{'、'.join(made.silent)}", f"No answers from: {', '.join(made.silent)}"))
    lang = terminal.lang
    rows = [
        (one.key, one.state.of(lang), str(one.opened or ""), str(one.closes or ""), str(one.asked or ""), str(one.answered or ""), one.rate)
        for one in made.waves
    ]
    heads = (
        *(Text("批次", "Wave"), Text("状态", "State"), Text("开始", "Out"), Text("截止", "Closes")),
        *(Text("应收", "Asked"), Text("收回", "Answered"), Text("回收率", "Rate")),
    )
    terminal.table(Text("调查批次", "Waves"), heads, rows, right=(4, 5, 6), whole=(0,))


def _shares(terminal: Terminal, made: SurveyResult) -> None:
    lang = terminal.lang
    rows = [
        (one.label.of(lang), one.part.of(lang), one.shown, one.band, str(one.answers), one.limit, one.above, one.stands.of(lang))
        for one in made.shares
    ]
    columns = (
        *(Text("问题", "Question"), Text("年级", "Grade"), Text("结果", "Result"), Text("95%区间", "95 % band"), Text("答卷", "Answers")),
        *(Text("标准", "Limit"), Text("超过的", "Above"), Text("与标准", "Standard")),
    )
    terminal.table(Text("按学校规模加权", "Weighted by the size of schools"), columns, rows, right=(2, 3, 4, 5, 6))


def _over(terminal: Terminal, made: SurveyResult) -> None:
    if not made.board.zh:
        return
    rows = [(str(one.week), one.school, one.grade, one.group, one.days, one.most, one.limit) for one in made.over[:_MOST]]
    heads = (
        *(Text("周", "Week"), Text("学校", "School"), Text("年级", "Grade"), Text("班级", "Class")),
        *(Text("超过天数", "Days"), Text("最多", "Most"), Text("上限", "Limit")),
    )
    terminal.table(
        Text(f"{made.board.zh}：超过上限的班级", f"{made.board.en}: classes above the limit"), heads, rows, right=(4, 5, 6), whole=(0,)
    )
    left = len(made.over[_MOST:])
    if left:
        terminal.say(Text(f"另有{left}行，见survey report写出的文件。", f"{left} more rows: see the files of survey report."))
    if not made.over:
        terminal.say(Text(f"{made.boards}行公示中没有超过上限的。", f"None of {made.boards} lines is above the limit."))


def _places(terminal: Terminal, made: SurveyResult) -> None:
    if not made.supply.zh:
        return
    lang = terminal.lang
    gaps = [one for one in made.places if one.seats_missing or one.staff_missing or one.seats_missing is None]
    rows = [(one.school, str(one.pupils), str(one.need), one.band, one.own.of(lang), one.plan.of(lang)) for one in gaps[:_MOST]]
    heads = (
        *(Text("学校", "School"), Text("在校生", "Pupils"), Text("需要", "Need"), Text("95%区间", "Band")),
        *(Text("依据", "By"), Text("安排与缺口", "Plan and gap")),
    )
    terminal.table(Text("缺口", "What is lacking"), heads, rows, right=(1, 2, 3))
    terminal.say(made.lacking)


def _doubts(terminal: Terminal, made: SurveyResult) -> None:
    lang = terminal.lang
    doubts = [(one.school, one.test.of(lang), f"{one.count}/{one.of}", one.said.of(lang)) for one in made.doubts]
    heads = (Text("学校", "School"), Text("疑点", "Test"), Text("份数", "Answers"), Text("情况", "What"))
    terminal.table(Text("需要了解的情况（不作为对学校的评价）", "To be looked into; no verdict on a school"), heads, doubts, right=(2,))
    if not made.doubts:
        terminal.say(Text("没有发现雷同、过快或与在册、公示不符的情况。", "Nothing alike, too fast or against the register was found."))
