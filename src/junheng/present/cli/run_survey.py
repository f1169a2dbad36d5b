"""The commands of surveys."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command
from junheng.workflow import Text
from junheng.workflow.ledgers import moment
from junheng.workflow.survey import survey_form, survey_plan, survey_result


def plan(terminal: Terminal, folder: Path, name: str, out: Path, today: date | None) -> int:
    """Print whom a survey asks and write the sheet for its answers."""
    made = survey_plan(folder, name, moment(today))
    terminal.title(
        Text(f"{made.name.zh} {made.title.zh}：应调查{made.wanted}人", f"{made.name.en}, {made.title.en}: {made.wanted} persons")
    )
    terminal.say(made.why)
    for label, least in made.groups:
        terminal.say(Text(f"{label.zh}不少于{least}", f"{label.en}: at least {least}"))
    rows = [(one.school, str(one.pupils), str(one.asked)) for one in made.quotas]
    terminal.table(
        Text("按学校分配", "By school"), (Text("学校", "School"), Text("在校生", "Pupils"), Text("调查人数", "Asked")), rows, right=(1, 2)
    )
    path = survey_form(folder, name, out, moment(today))
    terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.next((command("survey", "read", folder, name, path), Text("收回后读入", "read the answers")))
    terminal.data(made)
    return DONE


def read(terminal: Terminal, folder: Path, name: str, file: Path, today: date | None) -> int:
    """Print what the answers say and what is doubtful in them."""
    made = survey_result(folder, name, file, moment(today))
    terminal.title(Text(f"{made.name.zh} {made.title.zh}", f"{made.name.en}: {made.title.en}"))
    groups = "、".join(f"{label.zh}{count}份" for label, count in made.groups)
    en = ", ".join(f"{label.en} {count}" for label, count in made.groups)
    terminal.say(
        Text(
            f"{made.schools}所学校{made.answers}份答卷（{groups}），标准{made.limit}。",
            f"{made.answers} answers of {made.schools} schools ({en}).",
        )
    )
    rows = [(one.label.of(terminal.lang), one.shown, one.band, str(one.answers), one.stands.of(terminal.lang)) for one in made.shares]
    columns = (
        Text("问题", "Question"),
        Text("满意", "Satisfied"),
        Text("95%区间", "95 % band"),
        Text("答卷", "Answers"),
        Text("与标准", "Standard"),
    )
    terminal.table(Text("按学校规模加权", "Weighted by the size of schools"), columns, rows, right=(1, 2, 3))
    doubts = [(one.school, one.test.of(terminal.lang), f"{one.count}/{one.of}", one.said.of(terminal.lang)) for one in made.doubts]
    heads = (Text("学校", "School"), Text("疑点", "Test"), Text("份数", "Answers"), Text("情况", "What"))
    terminal.table(Text("需要了解的情况（不作为对学校的评价）", "To be looked into; no verdict on a school"), heads, doubts, right=(2,))
    if not made.doubts:
        terminal.say(Text("没有发现雷同、过快或与在册数不符的情况。", "Nothing alike, too fast or against the register was found."))
    terminal.findings(made.findings)
    terminal.data(made)
    return DONE
