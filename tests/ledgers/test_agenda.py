"""The joint calendar: what is wanted twice, what is put off, and a calendar file that another reader understands."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from junheng.documents import PackageFile
from junheng.errors import StandardsError, Text
from junheng.ledgers import Calendar, read_ledgers, shipped
from junheng.ledgers.agenda import Event, Recurring, conflicts, occurrences
from junheng.present.agenda_documents import agenda_page, write_agenda
from junheng.present.calendar_file import escaped, folded
from junheng.workflow.duty_calendar import duty_calendar
from tests.qinghe import QINGHE, rows

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
MONDAY = date(2026, 3, 9)
CALENDAR: Calendar = shipped().calendar


def meeting(at: str, minutes: int, *, room: str = "", who: tuple[str, ...] = (), school: str = "", day: date = MONDAY) -> Event:
    clock = time.fromisoformat(at) if at else None
    return Event(day=day, last=day, at=clock, minutes=minutes, label=Text(at, at), sort="meeting", room=room, who=who, school=school)


def weekly(when: str) -> Recurring:
    return Recurring(
        name="weekly",
        label=Text("例会", "meeting"),
        rule="FREQ=WEEKLY;BYDAY=MO",
        since=date(2026, 3, 2),
        until=date(2026, 8, 1),
        at=time(9),
        minutes=60,
        room="",
        who=(),
        when=when,
        source="practice",
    )


def test_a_room_and_a_post_wanted_twice_are_told_and_what_only_touches_is_not() -> None:
    long, touching = meeting("09:00", 90, room="R", who=("局长",)), meeting("10:30", 60, room="R", who=("局长",))
    within = meeting("10:00", 15, room="R")
    assert conflicts([long, touching]) == []
    assert [(one.what, one.name) for one in conflicts([long, within])] == [("room", "R")]
    assert [one.what for one in conflicts([long, meeting("10:00", 15, room="S", who=("局长",))])] == ["who"]
    assert conflicts([long, meeting("09:00", 90, room="R", day=MONDAY + timedelta(days=7))]) == []


def test_a_day_without_a_time_takes_all_of_it_and_a_school_is_wanted_once_a_day() -> None:
    assert [one.what for one in conflicts([meeting("", 0, room="R"), meeting("15:00", 30, room="R")])] == ["room"]
    assert [one.what for one in conflicts([meeting("", 0, school="1"), meeting("", 0, school="1")])] == ["school"]


def test_a_meeting_on_a_holiday_is_put_off_and_says_so_and_none_is_held_out_of_term() -> None:
    # Monday 6 April 2026 is a holiday (Qingming): Tuesday
    (moved,) = occurrences(weekly("working"), date(2026, 4, 6), date(2026, 4, 8), CALENDAR)
    assert moved.day == date(2026, 4, 7)
    assert "2026-04-06" in moved.note.zh
    assert [one.day for one in occurrences(weekly("any"), date(2026, 4, 6), date(2026, 4, 8), CALENDAR)] == [date(2026, 4, 6)]
    assert list(occurrences(weekly("term"), date(2026, 7, 13), date(2026, 7, 31), CALENDAR)) == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("rule: FREQ=HOURLY, since: 2026-01-01, source: practice", "ledgers.bad_recurrence"),
        ('rule: FREQ=DAILY, since: 2026-01-01, at: "09:00", source: practice', "ledgers.not_a_length"),
        ("rule: FREQ=DAILY, since: 年底前, source: practice", "standards.not_a_date"),
        ("rule: FREQ=DAILY, since: 2026-01-01, whom: x, source: practice", "standards.unknown_key"),
    ],
)
def test_a_faulty_event_is_refused_with_its_line(line: str, rule: str) -> None:
    text = f"title: {{zh: 甲, en: a}}\nevents:\n  x: {{label: {{zh: 会, en: m}}, {line}}}\n"
    with pytest.raises(StandardsError) as refusal:
        read_ledgers([PackageFile("ledgers/agenda.yaml", text)])
    assert rule in {one.rule for one in refusal.value.findings}
    assert all(one.place.row == 3 for one in refusal.value.findings)


def test_the_calendar_of_qinghe_has_every_sort_and_the_planted_clash() -> None:
    made = duty_calendar(QINGHE, last=date(2026, 7, 15), at=AT)
    assert {one.sort for one in made.events} == {"term", "duty", "meeting", "planned", "roster", "message"}
    assert [one.day for one in made.conflicts] == [date(2026, month, day) for month, day in ((3, 9), (4, 13), (5, 11), (6, 8), (7, 13))]
    assert "局长" in made.conflicts[0].name
    quarter = next(one for one in made.events if one.label.zh.startswith("支部党员大会"))
    kinds = {"primary", "junior", "nine_year", "twelve_year", "complete_secondary", "senior"}
    assert f"{sum(row['kind'] in kinds for row in rows('schools'))}个单位" in quarter.label.zh
    assert quarter.day == date(2026, 5, 31)
    year = duty_calendar(QINGHE, date(2026, 8, 20), date(2027, 1, 10), AT)
    assert {one.day for one in year.events if one.sort == "year"} == {date(2026, 9, 1), date(2027, 1, 1)}
    assert {one.rule for one in year.findings} == {"ledgers.holidays_unknown"}


def test_a_school_that_is_wanted_twice_on_a_day_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "q"
    shutil.copytree(QINGHE / "2025", folder / "2025")
    shutil.copy(QINGHE / "junheng.toml", folder)
    lists = folder / "ledgers" / "lists"
    lists.mkdir(parents=True)
    head = "编号,状态,活动,类别,承办学校,计划日期\n"
    lists.joinpath("计划活动.csv").write_text(
        f"{head}A1,已计划,一,家校社协同,清河县第一小学,2026-03-20\nA2,已计划,二,家校社协同,清河县第一小学,2026-03-20\n", encoding="utf-8"
    )
    (clash,) = duty_calendar(folder, at=AT).conflicts
    assert (clash.name, clash.what.en) == ("清河县第一小学", "school")


# -- the calendar file, read by rules of RFC 5545 and by nothing of ours ---------------------------------------------------


def read_calendar(content: bytes) -> list[dict[str, tuple[dict[str, str], str]]]:
    """Return the events of an iCalendar file: property -> (parameters, value)."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    text = content.replace(b"\r\n ", b"").decode("utf-8")
    events: list[dict[str, tuple[dict[str, str], str]]] = []
    for line in text.split("\r\n"):
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        if (name, value) == ("BEGIN", "VEVENT"):
            events.append({})
        elif events and name not in ("END", "BEGIN"):
            assert name not in events[-1], name
            plain = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
            events[-1][name] = (dict(one.split("=") for one in parameters), plain)
    return events


def test_another_reader_finds_every_event_on_its_day_and_hour(tmp_path: Path) -> None:
    made = duty_calendar(QINGHE, last=date(2026, 7, 15), at=AT)
    written = {path.suffix: path for path, _ in write_agenda(made, tmp_path)}
    read = read_calendar(written[".ics"].read_bytes())
    assert len(read) == len(made.events)
    assert len({one["UID"][1] for one in read}) == len(read)
    for event, one in zip(made.events, read, strict=True):
        assert one["SUMMARY"][1] == event.label.zh
        parameters, start = one["DTSTART"]
        if event.starts:
            assert parameters == {"TZID": "Asia/Shanghai"}
            assert datetime.strptime(start, "%Y%m%dT%H%M%S") == event.starts  # noqa: DTZ007 - local time beside its zone
        else:
            assert parameters == {"VALUE": "DATE"}
            first, after = (datetime.strptime(one[name][1], "%Y%m%d").date() for name in ("DTSTART", "DTEND"))  # noqa: DTZ007
            assert (first, after - timedelta(days=1)) == (event.day, event.last)
    assert "2026-04-13" in agenda_page(made)


def test_signs_that_mean_something_are_escaped_and_no_character_is_cut() -> None:
    assert escaped("a,b;c\\d\ne") == "a\\,b\\;c\\\\d\\ne"
    parts = list(folded("SUMMARY:" + "清" * 60))
    assert all(len(part.encode()) <= 75 for part in parts)
    assert "".join(part.removeprefix(" ") for part in parts) == "SUMMARY:" + "清" * 60
