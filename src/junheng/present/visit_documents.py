"""The files of schedules: of visits a page and a workbook, with a sheet that schools may have; of bases a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from junheng.present.report.grid import listing
from junheng.present.report.workbook import write_sheets
from junheng.present.web.ledger_page import visits_page
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.ledgers import BookingSchedule, VisitLine, VisitSchedule

_HIDDEN = Text("不打招呼", "unannounced")


def write_visits(schedule: VisitSchedule, out: Path, lang: str = "zh") -> tuple[Path, ...]:
    """Write visits.html and visits.xlsx to a folder; return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    page, book = out / "visits.html", out / "visits.xlsx"
    page.write_text(visits_page(schedule, lang), encoding="utf-8", newline="\n")
    announced = [line for line in schedule.lines if not line.unannounced]
    name = Text("全部（督导室内部）", "All (internal)")
    title = Text("责任督学到校督导安排", "Supervision visits")
    sheets = (
        _lines(schedule, name, title, schedule.lines, lang),
        _lines(schedule, Text("可发学校", "For schools"), title, announced, lang),
        _loads(schedule, lang),
    )
    write_sheets(sheets, book, schedule.day, lang)
    return (page, book)


def _subtitle(schedule: VisitSchedule) -> Text:
    return Text(
        f"{schedule.name.zh}　{schedule.term.zh}　每校{schedule.times}次",
        f"{schedule.name.en}, {schedule.term.en}, {schedule.times} visits a school",
    )


def _lines(schedule: VisitSchedule, name: Text, title: Text, lines: Iterable[VisitLine], lang: str) -> Sheet:
    columns = (
        (Text("日期", "Day"), 13),
        (Text("星期", "Weekday"), 8),
        (Text("督学", "Inspector"), 12),
        (Text("学校", "School"), 30),
        (Text("第几次", "Turn"), 8),
        (Text("方式", "Manner"), 12),
    )
    rows = [
        (Cell(value=line.day), line.weekday, line.inspector, line.school, line.turn, _HIDDEN if line.unannounced else Text("", ""))
        for line in lines
    ]
    return listing(name, title, _subtitle(schedule), columns, rows, lang)


def _loads(schedule: VisitSchedule, lang: str) -> Sheet:
    columns = (
        (Text("督学", "Inspector"), 14),
        (Text("学校数", "Schools"), 10),
        (Text("到校次数", "Visits"), 10),
        (Text("外出天数", "Days"), 10),
    )
    rows = [(one.inspector, one.schools, one.visits, one.days) for one in schedule.loads]
    return listing(Text("工作量", "Loads"), Text("督学工作量", "Loads of inspectors"), _subtitle(schedule), columns, rows, lang)


def write_bookings(schedule: BookingSchedule, out: Path, lang: str = "zh") -> Path:
    """Write bookings.xlsx to a folder: the calendar, what each school has had of its size, how full each slot is; return its path."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "bookings.xlsx"
    write_sheets((_bookings(schedule, lang), _shared(schedule, lang), _slots(schedule, lang)), path, schedule.day, lang)
    return path


def _seeded(schedule: BookingSchedule) -> Text:
    return Text(f"{schedule.name.zh}　{schedule.day}　种子：{schedule.seed}", f"{schedule.name.en}, {schedule.day}, seed {schedule.seed}")


def _bookings(schedule: BookingSchedule, lang: str) -> Sheet:
    columns = (
        (Text("日期", "Day"), 13),
        (Text("基地或车辆", "Base or bus"), 24),
        (Text("学校", "School"), 30),
        (Text("班级", "Class"), 12),
        (Text("人数", "Pupils"), 8),
    )
    none = Cell(value=Text("没有场次", "no place").of(lang), verdict="missed")
    rows = [(Cell(value=one.day) if one.day else none, one.base, one.school, one.group, one.pupils) for one in schedule.lines]
    notes = (
        Text(
            "按规模去得最少的学校优先；并列时按公布的种子排序，谁都可以重算。没有场次的逐班列出。",
            "Who has had least for its size comes first; ties by the announced seed. Classes without a place are listed.",
        ),
    )
    return listing(Text("安排", "Calendar"), Text("基地与车辆安排", "Bases and buses"), _seeded(schedule), columns, rows, lang, notes)


def _shared(schedule: BookingSchedule, lang: str) -> Sheet:
    columns = (
        (Text("学校", "School"), 30),
        (Text("在校生", "Pupils"), 10),
        (Text("以前去过", "Before"), 10),
        (Text("这次安排", "Now"), 10),
        (Text("以前占比", "Share before"), 10),
        (Text("安排后占比", "Share after"), 10),
        (Text("没有场次的班", "Classes waiting"), 12),
    )
    rows = [
        (
            one.school,
            one.pupils,
            one.before,
            one.now,
            one.share_before,
            one.share_after,
            Cell(value=one.waiting, verdict="missed" if one.waiting else None),
        )
        for one in schedule.schools
    ]
    title = Text("各校按规模去了多少", "What each school has had of its size")
    return listing(Text("公平情况", "Shared fairly"), title, _seeded(schedule), columns, rows, lang)


def _slots(schedule: BookingSchedule, lang: str) -> Sheet:
    columns = (
        (Text("日期", "Day"), 13),
        (Text("基地或车辆", "Base or bus"), 28),
        (Text("可接待", "Places"), 10),
        (Text("已安排", "Used"), 10),
        (Text("空余", "Left"), 10),
    )
    rows = [(Cell(value=one.day), one.base, one.places, one.used, one.left) for one in schedule.slots]
    return listing(Text("场次", "Slots"), Text("各场次用了多少", "How full each slot is"), _seeded(schedule), columns, rows, lang)
