"""The commands of the rosters. Names of persons are printed for the office in charge only, when it asks and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command, exit_code
from junheng.present.contents import enter
from junheng.present.wording_coverage import COLUMNS, OTHER, count_cells, count_or_unknown
from junheng.workflow import Finding, Text
from junheng.workflow.ledgers import Doer, moment
from junheng.workflow.reconcile import roster_rules
from junheng.workflow.reconcile_board import place_for_names, roster_board, roster_check
from junheng.workflow.reconcile_questions import decide_question, roster_questions
from junheng.workflow.reconcile_records import excuse_line, roster_history, run_rosters
from junheng.workflow.views.coverage import RosterBoard, RosterLine, RosterResult, RosterStanding

_MOST = 30
_ROSTER, _ID, _OWNER = Text("比对", "Roster"), Text("名称", "Id"), Text("承办", "Office")

_LIST = Text("分科室缺项表", "missing lines of an office")
_KINDS = {".html": Text("名单比对：应有与实有", "rosters: should and did"), ".docx": Text("缺项清单", "list of what is missing")}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rosters, by whom, on which day, with what."""

    rosters: Sequence[str]
    names: bool
    purpose: str
    person: str
    office: str
    out: Path | None
    today: date | None

    @property
    def doer(self) -> Doer:
        """Return who acts; an empty name is refused by the record."""
        return Doer(self.person, self.office)


def listed(terminal: Terminal, folder: Path) -> int:
    """Print the rules."""
    found = roster_rules(folder)
    columns = (
        _ID,
        _ROSTER,
        _OWNER,
        Text("频次", "Rhythm"),
        Text("级别", "Level"),
        Text("服务", "Serves"),
        Text("缺少的名单", "Absent lists"),
    )
    rows = [
        (
            one.id,
            one.title.of(terminal.lang),
            one.owner,
            one.rhythm.of(terminal.lang),
            one.names,
            " ".join(one.serves),
            "、".join(one.absent),
        )
        for one in found
    ]
    terminal.table(Text("名单比对", "Rosters"), columns, rows, whole=(0, 3, 4))
    terminal.next((command("roster", "show", folder), Text("看各比对缺几项", "see where each stands")))
    terminal.data(found)
    return DONE


def checked(terminal: Terminal, folder: Path) -> int:
    """Check rules and lists, and print every finding."""
    rules, findings = roster_check(folder)
    count = len(rules)
    terminal.say(Text(f"{count}项比对规则可用。", f"{count} rosters can be used."))
    terminal.each_finding(findings)
    terminal.data({"rosters": rules, "findings": findings})
    return exit_code(findings)


def shown(terminal: Terminal, folder: Path, asked: Asked) -> int:
    """Print where rosters stand; one roster is opened. With a folder to write to: page, workbooks, list."""
    doer = asked.doer if asked.names else None
    if asked.names and asked.out:
        place_for_names(folder, asked.out)
    board = roster_board(folder, asked.rosters, day=asked.today, doer=doer, purpose=asked.purpose)
    _board(terminal, board)
    opened = board.results if asked.rosters else ()
    for result in opened:
        _opened(terminal, result)
    findings = _once([one for standing in board.standings for one in standing.findings])
    terminal.findings(findings)
    if asked.out:
        from junheng.present.roster_documents import write_board

        paths = write_board(board, asked.out, terminal.lang)
        for path in paths:
            terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
        if not asked.names:  # lists of names are for one office, and no page leads to them
            enter(asked.out, "coverage", [(path, _KINDS.get(path.suffix, _LIST)) for path in paths], terminal.lang)
    terminal.data(board)
    return exit_code(findings)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def _board(terminal: Terminal, board: RosterBoard) -> None:
    terminal.title(Text(f"{board.name.zh} 名单比对 {board.day}", f"{board.name.en}: rosters, {board.day}"))
    rows = [_standing_row(one, terminal.lang) for one in board.standings]
    terminal.table(Text("", ""), (_ID, _ROSTER, _OWNER, *COLUMNS, OTHER), rows, right=(3, 4, 5, 6, 7), whole=(0,))


def _standing_row(one: RosterStanding, lang: str) -> tuple[str, ...]:
    return (one.id, one.title.of(lang), one.owner, *count_cells(one), count_or_unknown(one))


def _opened(terminal: Terminal, result: RosterResult) -> None:
    one = result.standing
    terminal.heading(Text(f"{one.title.zh}：{one.sentence.zh}", f"{one.title.en}: {one.sentence.en}"))
    for label, value in one.amounts:
        terminal.say(Text(f"  {label.zh} {value}", f"  {label.en} {value}"))
    if result.hidden:
        terminal.say(
            Text(
                f"  涉及个人，此处只列数字；{one.owner}可用 --names --as 姓名 --office {one.owner} --purpose 事由 取名单。",
                f"  These are persons: counts only. {one.owner} may ask for the lines with --names, --as, --office and --purpose.",
            )
        )
    groups = [
        (group.name, str(group.should), str(group.verified), str(group.claimed), str(group.missing), str(group.other))
        for group in one.groups
    ]
    terminal.table(Text("", ""), (Text("分组", "Group"), *COLUMNS, OTHER), groups[:_MOST], right=(1, 2, 3, 4, 5), whole=(0,))
    lines = (*result.lines, *result.doubled, *result.wrong)
    columns = (
        Text("行", "Row"),
        Text("情况", "Standing"),
        Text("学校", "School"),
        *result.heads,
        Text("说明", "Detail"),
        Text("记录", "Record"),
        Text("期限", "Due"),
    )
    terminal.table(Text("", ""), columns, [_line(line, terminal.lang) for line in lines[:_MOST]], right=(0,), whole=(1,))
    left = len(lines[_MOST:])
    if left:
        terminal.say(Text(f"  另有{left}行，见 --out 写出的清单。", f"  {left} more: see the list written by --out."))


def _line(line: RosterLine, lang: str) -> tuple[str, ...]:
    told = "；".join(part for part in (line.detail.of(lang), line.reason) if part)
    due = line.due.isoformat() if line.due else ""
    return (str(line.number), line.word.of(lang), line.subject, *line.shown, told, line.record, due)


def ran(terminal: Terminal, folder: Path, asked: Asked) -> int:
    """Compare and write down."""
    runs = run_rosters(folder, asked.rosters, asked.doer, moment(asked.today))
    columns = (
        _ROSTER,
        Text("新缺项", "Opened"),
        Text("数据销号", "Closed"),
        Text("再次缺项", "Again"),
        Text("不变", "As before"),
        Text("结论", "Said"),
    )
    rows = [
        (
            one.standing.title.of(terminal.lang),
            str(one.opened),
            str(one.closed),
            str(one.again),
            str(one.kept),
            one.standing.sentence.of(terminal.lang),
        )
        for one in runs
    ]
    terminal.table(Text("已登记", "Written down"), columns, rows, right=(1, 2, 3, 4), whole=(0,))
    findings = _once([one for run in runs for one in run.standing.findings])
    terminal.findings(findings)
    terminal.next((command("this-week", folder), Text("看本周应办", "see what is owed this week")))
    terminal.data(runs)
    return exit_code(findings)


def excused(terminal: Terminal, folder: Path, asked: Asked, key: str, reason: str, until: date) -> int:
    """Excuse a line."""
    state = excuse_line(folder, asked.rosters[0], key, reason, until, asked.doer, moment(asked.today))
    terminal.say(Text(f"{key}：{state.zh}，至{until}", f"{key}: {state.en} until {until}"))
    terminal.data({"record": key, "state": state, "until": until})
    return DONE


def decided(terminal: Terminal, folder: Path, asked: Asked, pair: str, decision: str) -> int:
    """List the pairs that are open, or decide one and list the rest."""
    name = asked.rosters[0]
    if pair:
        found = decide_question(folder, name, pair, decision, asked.doer, asked.purpose, moment(asked.today))
        terminal.say(Text(f"{pair} 已记下，以后比对沿用。", f"{pair} is kept and used again."))
    else:
        found = roster_questions(folder, name, day=asked.today)
    columns = (Text("编号", "Pair"), Text("应办名单行", "Row"), Text("来源", "List"), Text("行", "Row"), Text("提请原因", "Why"))
    rows = [(one.pair, str(one.line), one.source, str(one.other), one.because.of(terminal.lang)) for one in found]
    terminal.table(Text("待人工判断", "To be decided"), columns, rows, right=(1, 3), whole=(0,))
    if not found:
        terminal.say(Text("没有待判断的行。", "Nothing is to be decided."))
    terminal.data(found)
    return DONE


def history(terminal: Terminal, folder: Path, roster: str) -> int:
    """Print the runs of a roster."""
    found = roster_history(folder, roster)
    columns = (Text("日期", "Day"), *COLUMNS, Text("新缺项", "Opened"), Text("数据销号", "Closed"), Text("科室", "Office"))
    rows = [
        (
            one.day.isoformat(),
            *(str(number) for number in (one.should, one.verified, one.claimed, one.missing, one.opened, one.closed)),
            one.office,
        )
        for one in found
    ]
    terminal.table(Text("历次比对", "Runs"), columns, rows, right=(1, 2, 3, 4, 5, 6), whole=(0,))
    if not found:
        terminal.say(Text("还没有登记过；用 roster run 登记。", "Nothing is written down yet: see roster run."))
    terminal.data(found)
    return DONE
