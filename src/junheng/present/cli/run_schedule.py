"""The command schedule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from junheng.present.cli.run_ledger import Who
from junheng.present.cli.terminal import Terminal, exit_code
from junheng.present.contents import enter
from junheng.workflow import Text
from junheng.workflow.booking_schedule import booking_schedule
from junheng.workflow.duty_calendar import duty_calendar
from junheng.workflow.ledgers import moment
from junheng.workflow.visit_schedule import keep_visits, visit_schedule

__all__ = ["Who", "bases", "duties", "visits"]


def visits(terminal: Terminal, folder: Path, term: str, out: Path | None, keep: bool, who: Who, today: date | None) -> int:
    """Schedule the visits of a term, print them, write the files, and keep them as records when asked."""
    from junheng.present.visit_documents import write_visits

    made = visit_schedule(folder, term=term, at=moment(today))
    terminal.title(Text(f"{made.name.zh} {made.term.zh}到校督导安排", f"{made.name.en}: supervision visits, {made.term.en}"))
    zh = f"共{len(made.lines)}次，每校不少于{made.times}次，不打招呼占{made.unannounced_shown}；路程{made.kilometres_shown}公里"
    en = f"{len(made.lines)} visits, {made.times} a school, {made.unannounced_shown} unannounced; {made.kilometres_shown} km"
    best = Text(f"（单独往返{made.single_shown}公里），分工与最好可能相差{made.gap_shown}。", f"; gap of the sharing-out {made.gap_shown}.")
    terminal.say(Text(f"{zh}{best.zh}", f"{en}{best.en}"))
    columns = (Text("督学", "Inspector"), Text("学校", "Schools"), Text("次数", "Visits"), Text("天数", "Days"))
    rows = [(one.inspector, str(one.schools), str(one.visits), str(one.days)) for one in made.loads]
    terminal.table(Text("工作量", "Loads"), columns, rows, right=(1, 2, 3), whole=(0,))
    terminal.findings(made.findings)
    target = out or folder / "out" / "schedule"
    page, book = write_visits(made, target, terminal.lang)
    calendar, lists = Text("到校督导日历（督导室内部）", "calendar of visits (internal)"), Text("到校督导安排表", "lists of visits")
    enter(target, "visits", [(page, calendar), (book, lists)], terminal.lang)
    for path in (page, book):
        terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    if keep:
        count = keep_visits(folder, made, who.doer, moment(today))
        terminal.say(Text(f"已登记{count}次到校督导（台账visit）。", f"{count} visits are kept in the ledger visit."))
    terminal.data(made)
    return exit_code(made.findings)


def bases(terminal: Terminal, folder: Path, lists: tuple[Path, Path], seed: str, out: Path | None, today: date | None) -> int:
    """Share the places of bases or buses among classes, print them and write the workbook."""
    from junheng.present.visit_documents import write_bookings

    made = booking_schedule(folder, *lists, seed=seed, at=moment(today))
    terminal.title(Text(f"{made.name.zh} 基地与车辆安排", f"{made.name.en}: bases and buses"))
    zh = f"安排{made.booked}个班；{made.without}个班没有场次" if made.without else f"{made.booked}个班都有场次"
    terminal.say(Text(f"{zh}。", f"{made.booked} classes booked, {made.without} without a place."))
    columns = (Text("日期", "Day"), Text("基地", "Base"), Text("学校", "School"), Text("班级", "Class"), Text("人数", "Pupils"))
    none = Text("没有场次", "no place").of(terminal.lang)
    rows = [(one.day.isoformat() if one.day else none, one.base, one.school, one.group, str(one.pupils)) for one in made.lines]
    terminal.table(Text("安排", "Calendar"), columns, rows, right=(4,), whole=(0,))
    target = out or folder / "out" / "schedule"
    path = write_bookings(made, target, terminal.lang)
    enter(target, "visits", [(path, Text("基地与车辆安排", "bases and buses"))], terminal.lang)
    terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.findings(made.findings)
    terminal.data(made)
    return exit_code(made.findings)


def duties(terminal: Terminal, folder: Path, span: tuple[date | None, date | None], out: Path | None, today: date | None) -> int:
    """Print what the joint calendar holds and where it clashes, and write the files."""
    from junheng.present.agenda_documents import write_agenda

    made = duty_calendar(folder, *span, at=moment(today))
    lang = terminal.lang
    terminal.title(
        Text(f"{made.name.zh} 例行工作联合日历 {made.first}—{made.last}", f"{made.name.en}: joint calendar, {made.first} to {made.last}")
    )
    terminal.say(
        Text(
            "，".join(f"{label.zh}{count}项" for label, count in made.counts),
            ", ".join(f"{label.en}: {count}" for label, count in made.counts),
        )
    )
    columns = (Text("日期", "Day"), Text("冲突的", "What"), Text("名称", "Name"), Text("事项一", "First"), Text("事项二", "Second"))
    rows = [(one.day.isoformat(), one.what.of(lang), one.name, one.first, one.second) for one in made.conflicts]
    terminal.table(Text("冲突", "Conflicts"), columns, rows, whole=(0, 1))
    if not made.conflicts:
        terminal.say(Text("没有发现同一时间用同一会议室、同一人或同一学校。", "No room, post or school is wanted twice."))
    target = out or folder / "out" / "schedule"
    written = write_agenda(made, target, lang)
    enter(target, "visits", written, lang)
    for path, _ in written:
        terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.findings(made.findings)
    terminal.data(made)
    return exit_code(made.findings)
