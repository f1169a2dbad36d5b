"""What is due this week, overdue, stale or missing, by office and by person, with reminders ready to be forwarded. No check-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.ledgers import clocks_that_cannot_run
from junheng.ledgers.calendar import days_from
from junheng.ledgers.recheck import draw
from junheng.ledgers.topics import message_of
from junheng.store.entry import MASKED
from junheng.workflow.ledger_room import Room, purpose_of
from junheng.workflow.ledger_views import owed_of
from junheng.workflow.ledgers import Doer
from junheng.workflow.views.ledgers import DayMessage, Group, Owed, Standing, ThisWeek

_DAYS = 7
_STANDINGS: tuple[Standing, ...] = ("overdue", "missing", "stale", "due")
_WORDS = {"overdue": "逾期", "missing": "缺项", "stale": "久未办理", "due": "即将到期"}
_MOST = 12  # lines of a reminder; the rest are counted
_NOBODY = "未写明"


def this_week(folder: Path, *, doer: Doer | None = None, at: datetime | None = None, seed: str = "") -> ThisWeek:
    """Return what an authority's ledgers owe on a day; names of persons only for a named person, which is noted.

    seed: announced before the draw of re-checks; the school year when left out. Raises StoreError, DataError or StandardsError.
    """
    room = Room(folder, at)
    owed: list[Owed] = []
    findings: list[Finding] = []
    rechecks: list[tuple[Text, tuple[str, ...]]] = []
    for kind in room.ledgers.kinds.values():
        seen_by = purpose_of(doer.actor, f"本周事项：{kind.title.zh}", room.at, approved_by=doer.approved) if doer else None
        records = room.records(kind, seen_by)
        owed += owed_of(room, kind, records)
        findings += clocks_that_cannot_run(kind, records, room.today, room.ledgers.calendar, room.standard)
        drawn = draw(kind, records, room.today, seed or str(room.today.year))
        rechecks += [(kind.title, tuple(drawn))] if drawn else []
    findings += room.unknown_lists()
    if not room.has_record:
        findings.append(finding("ledgers.lists_only", Place(file="ledgers/lists"), Text("没有记录库", "no record yet")))
    owed.sort(key=lambda one: (_STANDINGS.index(one.standing), -one.days if one.standing != "due" else one.days, one.key))
    return _week(room, owed, rechecks, (*_once(findings), *_once(room.findings)))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def _week(room: Room, owed: Sequence[Owed], rechecks: Sequence[tuple[Text, tuple[str, ...]]], findings: tuple[Finding, ...]) -> ThisWeek:
    day = room.today
    term = room.ledgers.calendar.term_on(day)
    return ThisWeek(
        name=room.office.name,
        day=day,
        until=day + timedelta(days=_DAYS - 1),
        term=term.label if term else Text("不在学期内", "outside the terms"),
        counts=tuple((standing, sum(one.standing == standing for one in owed)) for standing in _STANDINGS),
        offices=_groups(owed, lambda one: one.office or _by_role(room, one), room),
        persons=_groups([one for one in owed if one.person and one.person != MASKED], lambda one: one.person, room),
        escalated=tuple(one for one in owed if one.told),
        messages=_messages(room),
        rechecks=tuple(rechecks),
        findings=findings,
        from_lists=not room.has_record,
    )


def _by_role(room: Room, one: Owed) -> str:
    """Return who answers for a record that names no office: the school that owes it, or the role."""
    kind = room.ledgers.kinds[one.kind]
    name = one.rule.partition(".")[2]
    rule = kind.deadlines.get(name) or kind.duties.get(name)
    role = rule.owes if rule else "office"
    return one.subject if role == "school" and one.subject else room.ledgers.roles[role].zh


def _groups(owed: Iterable[Owed], name_of: Callable[[Owed], str], room: Room) -> tuple[Group, ...]:
    found: dict[str, list[Owed]] = {}
    for one in owed:
        found.setdefault(name_of(one) or _NOBODY, []).append(one)
    groups = [_group(name, items, room.today) for name, items in found.items()]
    return tuple(sorted(groups, key=lambda group: (-group.overdue, -group.missing, -group.stale, -group.due, group.name)))


def _group(name: str, items: Sequence[Owed], day: date) -> Group:
    counts = {standing: sum(one.standing == standing for one in items) for standing in _STANDINGS}
    return Group(name=name, items=tuple(items), reminder=reminder(name, items, day), **counts)


def reminder(name: str, items: Sequence[Owed], day: date) -> str:
    """Return the text that reminds an office or a person: what, where, until when; nothing to tap, nothing to answer."""
    counts = "、".join(
        f"{_WORDS[standing]}{count}项" for standing in _STANDINGS if (count := sum(one.standing == standing for one in items))
    )
    lines = [f"【工作提醒】{name}：截至{day.month}月{day.day}日，{counts}。"]
    for number, one in enumerate(items[:_MOST], start=1):
        what = "，".join(part for part in (one.key, _plain(one.named), one.subject if one.subject != name else "") if part)
        told = f"，已报{'、'.join(role.zh for role in one.told)}" if one.told else ""
        lines.append(f"{number}. {what or one.title.zh}：{one.label.zh}，{one.said.zh}{told}。")
    left = len(items) - _MOST
    lines += [f"另有{left}项，见清单。"] if left > 0 else []
    return "\n".join([*lines, "已办的请到台账登记并附佐证；本提醒不需要回复或打卡。"])


def _plain(named: str) -> str:
    return "" if named == MASKED else named


def _messages(room: Room) -> tuple[DayMessage, ...]:
    """Return the safety messages of the days of the week on which children are not at school."""
    days = islice(days_from(room.today), _DAYS)
    found = (message_of(room.ledgers.rota, room.ledgers.calendar, day) for day in days)
    return tuple(DayMessage(day=one.day, why=one.why, topic=one.topic, text=one.text) for one in found if one)
