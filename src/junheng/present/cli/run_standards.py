"""The commands standards list, show and stale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command
from junheng.present.wording import COMPARATOR_SIGNS, confidence_words, grade, joined, said, with_unit
from junheng.workflow import Text
from junheng.workflow.listing import list_concessions, list_standards
from junheng.workflow.views import Concession, StandardRow

_FOR = Text("适用", "For")
_VALUE = Text("取值", "Value")
_SINCE = Text("自", "Since")
_DOCUMENT = Text("文件", "Document")
_WIDTHS = (1, 18, 18, 10, 2, None)  # of a line: indent, for what, value, since, confidence, document


def listed(terminal: Terminal, folder: Path | None, word: str) -> int:
    """Print the values of all standards whose title or id holds the word, with what is unsure about them."""
    rows = [row for row in list_standards(folder) if word.lower() in f"{row.id} {row.title.zh} {row.title.en}".lower()]
    _table(terminal, rows)
    _said(terminal, rows)
    if rows:
        terminal.next(
            (command("standards", "show", rows[0].id), Text("一个标准的历次取值、来源和说明", "one standard with its history and notes"))
        )
    terminal.data(rows)
    return DONE


def shown(terminal: Terminal, folder: Path | None, standard: str, day: date | None) -> int:
    """Print the history of one standard: which value holds on the day, and where each comes from. Raises DataError for an unknown id."""
    rows = list_standards(folder, standard=standard, day=day)
    lang = terminal.lang
    terminal.title(Text(f"{rows[0].title.zh} ({standard})", f"{rows[0].title.en} ({standard})"))
    cells = [(_mark(row), row.selector.of(lang), *_value(row, lang), _document(row, lang), row.note.of(lang)) for row in rows]
    columns = (Text("", ""), _FOR, _VALUE, _SINCE, _DOCUMENT, Text("说明", "Note"))
    terminal.table(Text("历次取值", "Values"), columns, cells, right=(2,), whole=(0, 3))
    on = (day or date.today()).isoformat()  # noqa: DTZ011 - an officer's today is the local one
    terminal.say(Text(f"● {on} 生效的取值", f"● holds on {on}"))
    if not any(row.holds for row in rows):
        terminal.say(Text("这一天没有生效的取值。", "No value holds on that day."))
    eased = list_concessions(folder, standard, day=day)
    _concessions(terminal, eased)
    for tag in dict.fromkeys(row.source.confidence for row in rows):
        words = confidence_words(tag)
        terminal.say(Text(f"可信度 {tag}：{words.zh}", f"Confidence {tag}: {words.en}"))
    _said(terminal, rows)
    terminal.data({"values": rows, "concessions": [{"for": selector, "concession": one} for selector, one in eased]})
    return DONE


def _concessions(terminal: Terminal, eased: Sequence[tuple[Text, Concession]]) -> None:
    """Print the easements of a standard: what each relaxes for whom, from when to when, what is owed, and the document."""
    if eased:
        terminal.heading(Text("放宽条款", "Concessions"))
    for name in dict.fromkeys(one.id for _, one in eased):
        its = [(selector, one) for selector, one in eased if one.id == name]
        first = its[0][1]
        values = [said("{s}{v}", "{s} {v}", s=selector, v=with_unit(one.shown, one.unit)) for selector, one in its]
        days = f"{first.source.day or ''}—{first.until or ''}"
        state = Text("有效", "in force") if first.in_force else Text("已到期", "ended")
        terminal.say(joined((first.title, joined(values)), "：", ": "))
        document = first.source.number or first.source.title
        terminal.say(
            said(
                "  {days} {state}；{duty}；{document}",
                "  {days} {state}; {duty}; {document}",
                days=days,
                state=state,
                duty=first.duty,
                document=document,
            )
        )


def stale(terminal: Terminal, folder: Path | None) -> int:
    """Print the values that should be looked at again, with the reason."""
    rows = [row for row in list_standards(folder) if row.stale.zh]
    _table(terminal, rows)
    for reason in dict.fromkeys(row.stale for row in rows):
        count = len([row for row in rows if row.stale == reason])
        terminal.say(Text(f"{count}个取值需要复核：{reason.zh}。", f"{count} values should be looked at again: {reason.en}."))
    if not rows:
        terminal.say(Text("没有需要复核的取值。", "Nothing needs to be looked at again."))
    terminal.data(rows)
    return DONE


def _table(terminal: Terminal, rows: Sequence[StandardRow]) -> None:
    """Print values, the title of a standard once, above those of its stages or kinds."""
    lang = terminal.lang
    for name in dict.fromkeys(row.id for row in rows):
        its = [row for row in rows if row.id == name]
        title = its[0].title
        terminal.heading(Text(f"{title.zh} ({name})", f"{title.en} ({name})"))
        cells = [("", row.selector.of(lang), *_value(row, lang), grade(row.source.confidence), _document(row, lang)) for row in its]
        terminal.lines(cells, _WIDTHS)


def _said(terminal: Terminal, rows: Sequence[StandardRow]) -> None:
    unchecked = len([row for row in rows if not row.source.reviewed])
    if unchecked:
        terminal.say(
            Text(
                f"{unchecked}个取值尚未与原文核对。O 官方文件 O* 只见于转载 L 地方做法 M 未经证实。",
                f"{unchecked} values not yet checked against the original. O official, O* seen in copies only, L local, M unconfirmed.",
            )
        )
    if not rows:
        terminal.say(Text("没有符合的标准。", "No such standard."))


def _mark(row: StandardRow) -> str:
    return "●" if row.holds else ""


def _value(row: StandardRow, lang: str) -> tuple[str, str]:
    value = with_unit(row.shown, row.unit).of(lang)
    return (f"{COMPARATOR_SIGNS[row.comparator]} {value}", row.source.day.isoformat() if row.source.day else "")


def _document(row: StandardRow, lang: str) -> str:
    return row.source.number or row.source.title.of(lang)
