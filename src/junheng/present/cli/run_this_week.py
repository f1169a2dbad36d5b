"""The command this-week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.present.cli.run_ledger import Who
from junheng.present.cli.terminal import DONE, FOUND_ERRORS, Terminal
from junheng.present.contents import enter
from junheng.present.wording_ledger import STANDINGS
from junheng.workflow import Text
from junheng.workflow.ledger_sending import send_messages
from junheng.workflow.ledgers import moment
from junheng.workflow.this_week import this_week
from junheng.workflow.views.ledgers import Group, Owed, ThisWeek

_MOST = 12  # lines of one office on the screen


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown, sent, and written."""

    only: str
    reminders: bool
    send: str
    channels: Path | None
    out: Path | None


__all__ = ["Asked", "Who", "week"]


def week(terminal: Terminal, folder: Path, asked: Asked, who: Who, today: date | None) -> int:
    """Print what is owed this week; send reminders and write the page when asked."""
    made = this_week(folder, doer=who.seen_by, at=moment(today))
    offices = [group for group in made.offices if asked.only in ("", group.name)]
    persons = [group for group in made.persons if asked.only in ("", group.name)]
    _head(terminal, made)
    _summary(terminal, Text("按科室和学校", "By office and school"), offices)
    _summary(terminal, Text("按人员", "By person"), persons)
    for group in offices:
        _items(terminal, group)
    _messages(terminal, made)
    if asked.reminders:
        for group in offices:
            terminal.heading(Text(f"提醒：{group.name}", f"Reminder: {group.name}"))
            terminal.say(Text(group.reminder, group.reminder))
    terminal.findings(made.findings)
    code = _sent(terminal, folder, made, offices, asked, who, today) if asked.send else DONE
    if asked.out:
        from junheng.present.ledger_documents import write_this_week

        page, book = write_this_week(made, asked.out, terminal.lang)
        if who.seen_by is None:  # a week with names is for the person who asked, and no page leads to it
            both = [(page, Text("本周事项", "this week")), (book, Text("本周事项表", "this week as lists"))]
            enter(asked.out, "week", both, terminal.lang)
        for path in (page, book):
            terminal.say(Text(f"已写入 {path}", f"Written: {path}"))
    terminal.data(made)
    return code


def _head(terminal: Terminal, made: ThisWeek) -> None:
    terminal.title(Text(f"{made.name.zh} 本周事项 {made.day}—{made.until}", f"{made.name.en}: this week, {made.day} to {made.until}"))
    counts = [(STANDINGS[standing], count) for standing, count in made.counts]
    zh = "，".join(f"{label.zh}{count}项" for label, count in counts)
    en = ", ".join(f"{label.en} {count}" for label, count in counts)
    terminal.say(Text(f"{made.term.zh}。{zh}。", f"{made.term.en}. {en}."))
    for title, keys in made.rechecks:
        words = "、".join(keys)
        terminal.say(Text(f"回头看抽中（{title.zh}）：{words}", f"Drawn for a re-check ({title.en}): {words}"))


def _summary(terminal: Terminal, heading: Text, groups: Sequence[Group]) -> None:
    columns = (Text("名称", "Name"), *STANDINGS.values())
    rows = [(group.name, str(group.overdue), str(group.missing), str(group.stale), str(group.due)) for group in groups]
    terminal.table(heading, columns, rows, right=(1, 2, 3, 4), whole=(0,))


def _items(terminal: Terminal, group: Group) -> None:
    columns = (
        Text("", ""),
        Text("编号", "Number"),
        Text("事项", "Matter"),
        Text("对象", "About"),
        Text("期限", "Clock"),
        Text("", ""),
        Text("已报", "Told"),
    )
    rows = [_row(one, terminal.lang) for one in group.items[:_MOST]]
    terminal.table(Text(group.name, group.name), columns, rows, whole=(0, 1))
    left = len(group.items[_MOST:])
    if left:
        terminal.say(Text(f"  另有{left}项，见 --out 写出的清单。", f"  {left} more: see the list written by --out."))


def _row(one: Owed, lang: str) -> tuple[str, ...]:
    told = "、".join(role.of(lang) for role in one.told)
    matter = one.named or one.title.of(lang)
    return (STANDINGS[one.standing].of(lang), one.key or "—", matter, one.subject, one.label.of(lang), one.said.of(lang), told)


def _messages(terminal: Terminal, made: ThisWeek) -> None:
    rows = [(one.day.isoformat(), one.why.of(terminal.lang), one.topic.of(terminal.lang), one.text) for one in made.messages]
    columns = (Text("日期", "Day"), Text("缘由", "Why"), Text("话题", "Topic"), Text("可转发文字", "Text to forward"))
    terminal.table(Text("假期安全信息（单向，不要求点击或打卡）", "Safety messages; one way"), columns, rows, whole=(0, 1, 2))


def _sent(terminal: Terminal, folder: Path, made: ThisWeek, groups: Sequence[Group], asked: Asked, who: Who, today: date | None) -> int:
    """Send the reminders of the groups shown and the safety message of the day; return 1 when one was not taken."""
    texts = [(group.name, "reminder", group.reminder) for group in groups]
    texts += [("家长", "safety", one.text) for one in made.messages if one.day == made.day]
    outcome = send_messages(folder, texts, asked.send, asked.channels, who.doer, moment(today))
    for to, taken in outcome:
        word = Text("已发出并登记", "sent and logged") if taken else Text("没有发出，已登记原因", "not sent; the reason is logged")
        terminal.say(Text(f"{to}：{word.zh}", f"{to}: {word.en}"))
    return DONE if all(taken for _, taken in outcome) else FOUND_ERRORS
