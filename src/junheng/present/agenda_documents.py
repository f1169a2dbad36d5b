"""The files of the joint calendar: a page by month, a workbook, and a file for the calendars that people have already."""

from __future__ import annotations

from pathlib import Path

from junheng.present.calendar_file import write_calendar
from junheng.present.report.grid import listing
from junheng.present.report.workbook import write_sheets
from junheng.present.web.plain_page import plain_page
from junheng.present.web.template import asset
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.agenda import Agenda


def write_agenda(agenda: Agenda, out: Path, lang: str = "zh") -> list[tuple[Path, Text]]:
    """Write duties.html, duties.xlsx and duties.ics; return each path with what it is."""
    out.mkdir(parents=True, exist_ok=True)
    page, book, calendar = (out / f"duties{ending}" for ending in (".html", ".xlsx", ".ics"))
    page.write_text(agenda_page(agenda, lang), encoding="utf-8", newline="\n")
    write_sheets((_events(agenda, lang), _conflicts(agenda, lang)), book, agenda.made.date(), lang)
    write_calendar(agenda, calendar, lang)
    return [
        (page, Text("例行工作联合日历", "joint calendar")),
        (book, Text("例行工作清单与冲突", "list of duties and conflicts")),
        (calendar, Text("日历文件（可导入手机和电脑日历）", "calendar file, for other calendars")),
    ]


def agenda_page(agenda: Agenda, lang: str = "zh") -> str:
    """Return the calendar as one HTML file that needs nothing else."""
    return plain_page(lang, "ledger/agenda.html", asset("agenda.css", "ledger_assets"), a=agenda)


def _subtitle(agenda: Agenda) -> Text:
    return Text(f"{agenda.name.zh}　{agenda.first}—{agenda.last}", f"{agenda.name.en}, {agenda.first} to {agenda.last}")


def _events(agenda: Agenda, lang: str) -> Sheet:
    columns = (
        (Text("日期", "Day"), 12),
        (Text("星期", "Weekday"), 8),
        (Text("时间", "Time"), 14),
        (Text("事项", "What"), 44),
        (Text("类别", "Sort"), 16),
        (Text("地点", "Place"), 22),
        (Text("参加", "Who"), 26),
        (Text("说明", "Note"), 40),
        (Text("冲突", "Clash"), 8),
    )
    clash = Text("冲突", "clash")
    rows = [
        (
            Cell(value=one.day),
            one.weekday,
            one.when,
            one.label,
            one.sort_label,
            one.room or one.school,
            "、".join(one.who),
            one.note,
            Cell(value=clash.of(lang), verdict="missed") if one.clash else "",
        )
        for one in agenda.events
    ]
    return listing(Text("日历", "Calendar"), Text("例行工作联合日历", "Joint calendar"), _subtitle(agenda), columns, rows, lang)


def _conflicts(agenda: Agenda, lang: str) -> Sheet:
    columns = (
        (Text("日期", "Day"), 12),
        (Text("冲突的", "What"), 10),
        (Text("名称", "Name"), 22),
        (Text("事项一", "First"), 40),
        (Text("事项二", "Second"), 40),
    )
    rows = [(Cell(value=one.day), one.what, one.name, one.first, one.second) for one in agenda.conflicts]
    title = Text("同一时间同一会议室、参加人或学校", "The same room, post or school at once")
    return listing(Text("冲突", "Conflicts"), title, _subtitle(agenda), columns, rows, lang)
