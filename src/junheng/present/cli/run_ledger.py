"""The commands of the ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command, exit_code
from junheng.present.contents import enter
from junheng.workflow import Text
from junheng.workflow.burden import burden_account
from junheng.workflow.ledger_board import ledger_board
from junheng.workflow.ledger_lists import export_ledger, import_ledger
from junheng.workflow.ledger_papers import ledger_paper, own_form
from junheng.workflow.ledgers import (
    Doer,
    correct_ledger_record,
    ledger_kinds,
    ledger_record,
    ledger_records,
    moment,
    move_ledger_record,
    open_ledger_record,
    settings,
)
from junheng.workflow.views.ledgers import LedgerRecord

_STATE, _NUMBER = Text("状态", "State"), Text("编号", "Number")


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, as the options say."""

    person: str
    office: str
    role: str = "office"
    approved: str = ""

    @property
    def doer(self) -> Doer:
        """Return who acts; an empty name is refused by the record."""
        return Doer(self.person, self.office, self.role, self.approved)

    @property
    def seen_by(self) -> Doer | None:
        """Return who is shown sealed names, nobody when no name was given."""
        return self.doer if self.person else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What an act brings."""

    given: Sequence[str]
    evidence: Sequence[Path]
    note: str


def kinds(terminal: Terminal, folder: Path, today: date | None) -> int:
    """Print the kinds of record."""
    found = ledger_kinds(folder, moment(today))
    columns = (
        Text("台账", "Ledger"),
        Text("编号", "Id"),
        Text("未办结", "Open"),
        Text("办结", "Ended"),
        Text("逾期缺项", "Owed"),
        Text("填写分钟", "Minutes"),
    )
    rows = [(one.title.of(terminal.lang), one.id, str(one.open), str(one.ended), str(one.owed), str(one.minutes)) for one in found]
    terminal.table(Text("台账", "Ledgers"), columns, rows, right=(2, 3, 4, 5), whole=(0, 1))
    terminal.data(found)
    return DONE


def listed(terminal: Terminal, folder: Path, kind: str, state: str, who: Who, today: date | None) -> int:
    """Print the records of a kind."""
    found = ledger_records(folder, kind, state=state, doer=who.seen_by, at=moment(today))
    columns = (
        _NUMBER,
        Text("事项", "Matter"),
        _STATE,
        Text("对象", "About"),
        Text("科室", "Office"),
        Text("承办人", "Person"),
        Text("期限", "Owed"),
    )
    rows = [(one.key, one.named, one.state.of(terminal.lang), one.subject, one.office, one.person, one.owed) for one in found]
    terminal.table(Text(f"{kind}：{len(found)}条", f"{kind}: {len(found)} records"), columns, rows, whole=(0,))
    if not found:
        terminal.say(Text("没有记录。", "No records."))
    terminal.data(found)
    return DONE


def shown(terminal: Terminal, folder: Path, kind: str, key: str, who: Who, today: date | None) -> int:
    """Print one record."""
    record = ledger_record(folder, kind, key, doer=who.seen_by, at=moment(today))
    _record(terminal, record)
    terminal.data(record)
    return DONE


def _record(terminal: Terminal, record: LedgerRecord) -> None:
    lang = terminal.lang
    terminal.title(Text(f"{record.title.zh} {record.key} · {record.state.zh}", f"{record.title.en} {record.key} · {record.state.en}"))
    terminal.lines([(label.of(lang), value or "—") for label, value, _ in record.values], (18, None))
    steps = [
        (f"{one.at:%Y-%m-%d %H:%M}", one.label.of(lang), one.state.of(lang), one.person, one.office, one.role.of(lang), one.note)
        for one in record.steps
    ]
    columns = (
        Text("时间", "When"),
        Text("办理", "Act"),
        _STATE,
        Text("经办人", "By"),
        Text("单位", "Office"),
        Text("角色", "Role"),
        Text("说明", "Note"),
    )
    terminal.table(Text("经过", "Acts"), columns, steps, whole=(0,))
    changes = [(f"{one.at:%Y-%m-%d}", one.label.of(lang), one.was or "—", one.now or "—", one.person, one.reason) for one in record.changes]
    heads = (
        Text("日期", "Day"),
        Text("栏目", "Field"),
        Text("原值", "Was"),
        Text("现值", "Now"),
        Text("经办人", "By"),
        Text("理由", "Why"),
    )
    terminal.table(Text("更正（原值保留）", "Corrections; both values are kept"), heads, changes, whole=(0,))
    owed = [
        (one.label.of(lang), one.due.isoformat(), one.said.of(lang), "、".join(role.of(lang) for role in one.told)) for one in record.owed
    ]
    terminal.table(Text("期限", "Owed"), (Text("事项", "What"), Text("日期", "Day"), Text("", ""), Text("已报", "Told")), owed)
    moves = [
        (
            one.name,
            one.label.of(lang),
            one.to.of(lang),
            "、".join(role.of(lang) for role in one.roles),
            "、".join(n.of(lang) for n in one.needs),
        )
        for one in record.moves
    ]
    next_heads = (Text("办理", "Move"), Text("名称", "Name"), Text("转入", "Into"), Text("谁可办", "By"), Text("需填", "Needs"))
    terminal.table(Text("可办理的下一步", "What can be done next"), next_heads, moves, whole=(0,))


def new(terminal: Terminal, folder: Path, kind: str, given: Sequence[str], who: Who, today: date | None) -> int:
    """Open a record."""
    return _done(terminal, open_ledger_record(folder, kind, settings(given), who.doer, moment(today)))


def moved(terminal: Terminal, folder: Path, which: tuple[str, str, str], asked: Asked, who: Who, today: date | None) -> int:
    """Move a record on."""
    given = settings(asked.given)
    record = move_ledger_record(folder, *which, given, who.doer, proofs=asked.evidence, note=asked.note, at=moment(today))
    return _done(terminal, record)


def corrected(terminal: Terminal, folder: Path, which: tuple[str, str], asked: Asked, who: Who, today: date | None) -> int:
    """Correct a record."""
    return _done(terminal, correct_ledger_record(folder, *which, settings(asked.given), who.doer, asked.note, moment(today)))


def _done(terminal: Terminal, record: LedgerRecord) -> int:
    _record(terminal, record)
    terminal.data(record)
    return DONE


def exported(terminal: Terminal, folder: Path, kind: str, out: Path, blank: bool, who: Who, today: date | None) -> int:
    """Write a kind as a workbook."""
    path = export_ledger(folder, kind, out, who.seen_by, blank=blank, at=moment(today))
    terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    again = command("ledger", "import", folder, kind, path, "--as", "姓名", "--office", "科室")
    terminal.next((again, Text("改好后再导入", "import it again when changed")))
    terminal.data({"file": path})
    return DONE


def imported(terminal: Terminal, folder: Path, kind: str, file: Path, write: bool, who: Who, today: date | None) -> int:
    """Import a list."""
    made = import_ledger(folder, kind, file, who.doer, write=write, at=moment(today))
    terminal.each_finding(made.findings)
    code = exit_code(made.findings)
    if made.written:
        text = f"{made.title.zh}：{made.rows}行，新登记{made.new}条，更正{made.changed}条，未变{made.same}条（批次{made.batch}，可撤销）。"
        terminal.say(Text(text, f"{made.rows} rows: {made.new} new, {made.changed} corrected, {made.same} unchanged (batch {made.batch})."))
    else:
        why = Text("有错误，全部没有写入", "errors: nothing was written") if code else Text("只核查，没有写入", "checked only")
        terminal.say(Text(f"{made.file}：{made.rows}行；{why.zh}。", f"{made.file}: {made.rows} rows; {why.en}."))
    terminal.data(made)
    return code


def printed(terminal: Terminal, folder: Path, which: tuple[str, str, str], out: Path, who: Who, today: date | None) -> int:
    """Print a paper."""
    from junheng.present.report.ledger_word import write_paper

    kind, key, paper = which
    made = ledger_paper(folder, kind, key, paper, who.doer, moment(today))
    path = out / f"{made.name}.docx" if out.suffix != ".docx" else out
    path.parent.mkdir(parents=True, exist_ok=True)
    if not own_form(folder, kind, key, paper, who.doer, path, moment(today)):
        write_paper(made, path)
    terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.data({"file": path})
    return DONE


def board(terminal: Terminal, folder: Path, out: Path, today: date | None) -> int:
    """Write the board of ledgers."""
    from junheng.present.ledger_documents import write_board

    made = ledger_board(folder, moment(today))
    path = write_board(made, out, terminal.lang)
    enter(out, "ledgers", [(path, Text("台账看板", "board of ledgers"))], terminal.lang)
    terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.data(made)
    return DONE


def burden(terminal: Terminal, folder: Path, out: Path, today: date | None) -> int:
    """Print the burden account and write its files."""
    from junheng.present.burden_documents import write_burden

    made = burden_account(folder, moment(today))
    lang = terminal.lang
    terminal.title(Text(f"{made.name.zh} 减负账 {made.first}—{made.day}", f"{made.name.en}: burden account, {made.first} to {made.day}"))
    rows = [
        (one.sort.of(lang), one.title.of(lang), str(one.fields), one.minutes, "—" if one.filled is None else str(one.filled), one.hours)
        for one in made.lines
    ]
    columns = (
        *(Text("种类", "Sort"), Text("名称", "Name"), Text("栏目", "Fields")),
        *(Text("每份分钟", "Minutes each"), Text("一年份数", "In a year"), Text("小时", "Hours")),
    )
    terminal.table(Text("填写", "Filling in"), columns, rows, right=(2, 3, 4, 5))
    terminal.say(Text(f"一年共约{made.hours}小时；“—”为没有记录。", f"About {made.hours} hours in a year; “—” is not kept."))
    written = write_burden(made, out, lang)
    enter(out, "ledgers", written, lang)
    for path, _ in written:
        terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.data(made)
    return DONE
