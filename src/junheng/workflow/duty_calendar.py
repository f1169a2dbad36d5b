"""The joint calendar: terms, years of offices, duties of ledgers, planned records, comparisons of lists, meetings, messages."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from junheng.coverage import read_rosters
from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.ledgers import Duty, Kind
from junheng.ledgers.agenda import Conflict, Event, conflicts, occurrences
from junheng.ledgers.calendar import days_from
from junheng.ledgers.recurrence import periods
from junheng.ledgers.topics import message_of
from junheng.store import own_files
from junheng.workflow.ledger_room import Room
from junheng.workflow.views.agenda import Agenda, AgendaConflict, AgendaDay, AgendaEvent, AgendaMonth

SORTS = {
    "term": Text("学期与假日", "terms and holidays"),
    "year": Text("年度时点", "days of the year"),
    "duty": Text("应按期开展", "duties"),
    "meeting": Text("例行工作", "recurring work"),
    "planned": Text("已计划的活动", "planned"),
    "roster": Text("名单比对", "comparisons of lists"),
    "message": Text("假期安全信息", "safety messages"),
}
_WHAT = {"room": Text("会议室", "room"), "who": Text("参加人", "post"), "school": Text("学校", "school")}
_YEARS = {
    "school": Text("学年开始", "school year begins"),
    "statistics": Text("学年统计时点", "day of the statistics"),
    "budget": Text("预算年度开始", "budget year begins"),
}
_WEEKDAYS = tuple(Text(f"周{zh}", en) for zh, en in zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
_AHEAD = 122  # days, when no last day is asked for
_NONE = Text("", "")


def duty_calendar(folder: Path, first: date | None = None, last: date | None = None, at: datetime | None = None) -> Agenda:
    """Return the joint calendar from `first` (today) to `last` (four months on). Raises StoreError, DataError or StandardsError."""
    room = Room(folder, at)
    begin = first or room.today
    end = last or begin + timedelta(days=_AHEAD)
    found = [*_terms(room, begin, end), *_years(room, begin, end), *_duties(room, begin, end), *_rosters(room, begin, end)]
    found += [*_meetings(room, begin, end), *_planned(room, begin, end), *_messages(room, begin, end)]
    order = list(SORTS)
    events = sorted(
        found, key=lambda one: (one.day, one.at is not None, one.at.isoformat() if one.at else "", order.index(one.sort), one.label.zh)
    )
    clashes = conflicts(events)
    hit = {id(event) for clash in clashes for event in (clash.first, clash.second)}
    shown = tuple(_view(room, event, id(event) in hit) for event in events)
    return Agenda(
        name=room.office.name,
        first=begin,
        last=end,
        made=room.at,
        events=shown,
        months=tuple(_months(room, begin, end, shown)),
        conflicts=tuple(_clashes(room, clashes)),
        counts=tuple((label, count) for sort, label in SORTS.items() if (count := sum(one.sort == sort for one in shown))),
        findings=tuple(dict.fromkeys([*_unknown(room, begin, end), *room.findings])),
    )


# -- where events come from --------------------------------------------------------------------------------------------


def _terms(room: Room, first: date, last: date) -> Iterator[Event]:
    calendar = room.ledgers.calendar
    for term in calendar.terms:
        for day, zh, en in ((term.first, "开学", "begins"), (term.last, "结束", "ends")):
            if first <= day <= last:
                yield _all_day(day, Text(f"{term.label.zh}{zh}", f"{term.label.en} {en}"), "term", f"{term.name}-{en}")
    days = sorted(day for day in calendar.holidays if first <= day <= last)
    while days:
        label = calendar.holidays[days[0]]
        span = [day for at, day in enumerate(days) if day == days[0] + timedelta(days=at) and calendar.holidays[day] == label]
        yield replace(_all_day(span[0], label, "term", f"holiday-{span[0]}"), last=span[-1])
        days = days[len(span) :]
    for day in sorted(calendar.working):
        if first <= day <= last:
            yield _all_day(day, Text("调休上班", "weekend day that is worked"), "term", f"working-{day}")


def _all_day(day: date, label: Text, sort: str, key: str) -> Event:
    return Event(day=day, last=day, at=None, minutes=0, label=label, sort=sort, key=key)


def _years(room: Room, first: date, last: date) -> Iterator[Event]:
    for name, (month, number) in room.ledgers.calendar.years.items():
        for year in range(first.year, last.year + 1):
            day = date(year, month, number)
            if first <= day <= last:
                yield _all_day(day, _YEARS.get(name, Text(name, name)), "year", f"year-{name}-{year}")


def _duties(room: Room, first: date, last: date) -> Iterator[Event]:
    """Yield the last day of each period in which each subject owes a record, with how many owe it."""
    for kind in room.ledgers.kinds.values():
        for duty in kind.duties.values():
            count = sum(_binds(duty, one.values) for one in room.subjects(duty.each))
            for period in periods(duty.rule, date.fromisoformat(duty.since), first, last):
                if first <= period.last <= last and count and _in_term(room, duty, period.first, period.last):
                    yield _duty(kind, duty, period.first, period.last, count)


def _binds(duty: Duty, values: object) -> bool:
    known = values if isinstance(values, dict) else {}
    return all(known.get(column) in allowed for column, allowed in duty.where.items())


def _in_term(room: Room, duty: Duty, first: date, last: date) -> bool:
    return duty.only != "term" or any(term.first <= last and first <= term.last for term in room.ledgers.calendar.terms)


def _duty(kind: Kind, duty: Duty, first: date, last: date, count: int) -> Event:
    label = Text(f"{duty.label.zh}（{kind.title.zh}）最后一天：{count}个单位", f"{duty.label.en}: last day for {count}")
    note = Text(f"{first}至{last}内开展{duty.times}次", f"{duty.times} from {first} to {last}")
    return replace(_all_day(last, label, "duty", f"{kind.id}-{duty.name}-{first}"), note=note)


def _meetings(room: Room, first: date, last: date) -> Iterator[Event]:
    for one in room.ledgers.agenda:
        yield from occurrences(one, first, last, room.ledgers.calendar)


def _planned(room: Room, first: date, last: date) -> Iterator[Event]:
    """Yield the open records of kinds that stand on the calendar, each on its planned day at its school."""
    for kind in room.ledgers.kinds.values():
        for record in room.records(kind) if kind.planned else ():
            day = record.values.get(kind.planned)
            if isinstance(day, date) and first <= day <= last and not kind.states[record.state].end:
                named = str(record.values.get(kind.named) or kind.title.zh)
                school = str(record.values.get(kind.about_field) or "") if kind.about_field else ""
                label = Text(f"{named}（{kind.title.zh}）", f"{named} ({kind.title.en})")
                yield replace(_all_day(day, label, "planned", record.key), school=school)


def _rosters(room: Room, first: date, last: date) -> Iterator[Event]:
    """Yield the last working day of each period in which lists are compared, by rhythm."""
    rosters = read_rosters(own_files(room.office.authority, "rosters", "*.yaml"))
    rhythms = [one.rhythm for one in rosters.rosters.values()]
    for rhythm, zh, months in (("monthly", "每月", 1), ("quarterly", "每季", 3)):
        count = rhythms.count(rhythm)
        rule = f"FREQ=MONTHLY;INTERVAL={months}"
        for period in periods(rule, date(2025, 1, 1), first, last) if count else ():
            day = _working_before(room, period.last)
            if first <= day <= last:
                yield _all_day(day, Text(f"名单比对（{zh}）{count}项", f"{count} rosters, {rhythm}"), "roster", f"roster-{rhythm}-{day}")
    for term in room.ledgers.calendar.terms:
        count, day = rhythms.count("termly"), _working_before(room, term.last)
        if first <= day <= last and count:
            yield _all_day(day, Text(f"名单比对（每学期）{count}项", f"{count} rosters, termly"), "roster", f"roster-termly-{day}")


def _working_before(room: Room, day: date) -> date:
    back = (day - timedelta(days=n) for n in range(15))
    return next((one for one in back if room.ledgers.calendar.is_working(one)), day)


def _messages(room: Room, first: date, last: date) -> Iterator[Event]:
    """Yield the safety message of each holiday and of each day of a vacation; those of weekends stand in this-week."""
    for day in islice(days_from(first), (last - first).days + 1):
        message = message_of(room.ledgers.rota, room.ledgers.calendar, day)
        if message and message.why.en != "Weekend":
            label = Text(f"假期安全信息：{message.topic.zh}", f"Safety message: {message.topic.en}")
            yield replace(_all_day(day, label, "message", f"message-{day}"), note=Text(message.text, message.text))


def _unknown(room: Room, first: date, last: date) -> Iterator[Finding]:
    """Find years of the span whose holidays are not known."""
    for year in range(first.year, last.year + 1):
        if year not in room.ledgers.calendar.known_years:
            yield finding("ledgers.holidays_unknown", Place(file="ledgers/calendar.yaml"), str(year), year=year)


# -- views ------------------------------------------------------------------------------------------------------------


def _view(room: Room, event: Event, clash: bool) -> AgendaEvent:
    starts = datetime.combine(event.day, event.at) if event.at else None
    ends = starts + timedelta(minutes=event.minutes) if starts else None
    return AgendaEvent(
        key=event.key,
        day=event.day,
        last=event.last,
        until=event.last + timedelta(days=1),
        starts=starts,
        ends=ends,
        when=f"{starts:%H:%M}—{ends:%H:%M}" if starts and ends else "",
        weekday=_WEEKDAYS[event.day.weekday()],
        label=event.label,
        sort=event.sort,
        sort_label=SORTS[event.sort],
        room=event.room,
        who=event.who,
        school=room.name_of("schools", event.school) if event.school else "",
        note=event.note,
        clash=clash,
    )


def _clashes(room: Room, found: Sequence[Conflict]) -> Iterator[AgendaConflict]:
    """Yield each pair of events once, with everything that both want."""
    pairs: dict[tuple[int, int], list[Conflict]] = {}
    for one in found:
        pairs.setdefault((id(one.first), id(one.second)), []).append(one)
    for own in pairs.values():
        kinds = list(dict.fromkeys(one.what for one in own))
        names = [room.name_of("schools", one.name) if one.what == "school" else one.name for one in own]
        yield AgendaConflict(
            day=own[0].first.day,
            what=Text("、".join(_WHAT[one].zh for one in kinds), ", ".join(_WHAT[one].en for one in kinds)),
            name="、".join(names),
            first=_said(own[0].first),
            second=_said(own[0].second),
        )


def _said(event: Event) -> str:
    return f"{event.at:%H:%M} {event.label.zh}" if event.at else event.label.zh


def _months(room: Room, first: date, last: date, events: Sequence[AgendaEvent]) -> Iterator[AgendaMonth]:
    """Yield the months as weeks from Monday; safety messages are told in the list, not in the grid."""
    drawn = [one for one in events if one.sort != "message"]
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        weeks = Weeks().monthdatescalendar(year, month)
        made = tuple(tuple(_day(room, day, drawn) if day.month == month else None for day in week) for week in weeks)
        yield AgendaMonth(label=Text(f"{year}年{month}月", f"{year}-{month:02d}"), weeks=made)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _day(room: Room, day: date, events: Sequence[AgendaEvent]) -> AgendaDay:
    own = tuple(one for one in events if one.day <= day <= one.last)
    return AgendaDay(day=day, number=day.day, free=room.ledgers.calendar.free(day) or _NONE, events=own)
