"""Due, overdue, stale and missing: each with its day, worked out on paper in the comment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from junheng.documents import PackageFile
from junheng.ledgers.library import read_ledgers, shipped
from junheng.ledgers.obligation import Obligation, Subject, clocks_that_cannot_run, obligations
from junheng.ledgers.recheck import draw, due_for_recheck, relapse
from junheng.ledgers.record import Evidence, Hand, Record, Step, Value, open_record

LEDGERS = shipped()
FINDING = LEDGERS.kinds["supervision-finding"]
TASK = LEDGERS.kinds["task"]
HAND = Hand("李二", "督导室", "supervision")


def standard(name: str) -> int:
    return {"practice.rectification.file_days.maximum": 3}[name]


def nobody(each: str) -> list[Subject]:
    return []


def owed(kind: object, records: list[Record], today: date, subjects: object = nobody) -> list[Obligation]:
    return obligations(kind, records, today, LEDGERS.calendar, standard, subjects)  # type: ignore[arg-type]


def noticed(state: str = "noticed", on: date = date(2025, 10, 9)) -> Record:
    values: dict[str, Value] = {"school": "2162000001", "problem": "食堂留样不足", "matter": "food", "basis": "规定", "demand": "改"}
    values |= {"found_on": date(2025, 9, 29), "inspector": "赵三", "days_given": 30}
    record = open_record(FINDING, "督改-1", values, HAND, datetime(2025, 9, 29, 9, tzinfo=UTC))
    return replace(record, state=state, steps=(*record.steps, Step(datetime(on.year, on.month, on.day, 9, tzinfo=UTC), "x", state, HAND)))


def test_the_school_answers_in_the_days_of_the_letter_and_the_inspector_files_within_three() -> None:
    # noticed on 9 October, 30 days: 8 November; on the 9th it is one day late and the inspector is told
    assert owed(FINDING, [noticed()], date(2025, 10, 20)) == []
    (due,) = owed(FINDING, [noticed()], date(2025, 11, 6))
    assert (due.standing, due.due, due.days, due.owes) == ("due", date(2025, 11, 8), 2, "school")
    (late,) = owed(FINDING, [noticed()], date(2025, 11, 9))
    assert (late.standing, late.days, late.told) == ("overdue", 1, ("inspector",))
    (late,) = owed(FINDING, [noticed()], date(2025, 11, 13))
    assert late.told == ("inspector", "supervision")
    # answered on 9 October: the inspector files by the 12th
    (late,) = owed(FINDING, [noticed("replied")], date(2025, 10, 13))
    assert (late.rule, late.due, late.owes) == ("deadline.file", date(2025, 10, 12), "inspector")


def test_working_days_pass_over_holidays_and_count_the_weekend_days_that_are_worked() -> None:
    # found on 29 September 2025: five working days are 30 Sep, 9, 10, 11 (a worked Saturday), 13 October
    assert LEDGERS.calendar.after(date(2025, 9, 29), 5, working=True) == date(2025, 10, 13)
    (due,) = owed(FINDING, [noticed("found", date(2025, 9, 29))], date(2025, 10, 13))
    assert (due.rule, due.due, due.days) == ("deadline.feedback", date(2025, 10, 13), 0)


def test_a_record_that_nobody_touched_is_stale_and_so_is_a_proof_that_has_expired() -> None:
    values: dict[str, Value] = {"title": "甲", "office": "基教科", "due": date(2026, 12, 31)}
    record = open_record(TASK, "督办-1", values, HAND, datetime(2025, 9, 1, 9, tzinfo=UTC))
    assert [one.rule for one in owed(TASK, [record], date(2025, 10, 16))] == []  # 45 days
    assert [one.rule for one in owed(TASK, [record], date(2025, 10, 17))] == ["stale"]
    proven = replace(record, evidence=(Evidence("图", "00", date(2025, 1, 1), date(2025, 9, 10)),))
    assert [one.rule for one in owed(TASK, [proven], date(2025, 9, 11))] == ["evidence"]


def test_a_branch_that_held_no_meeting_in_the_quarter_is_missing_and_nobody_else() -> None:
    # quarters of the duty begin on 1 September: Sep–Nov ends on 30 November, written down by 7 December
    meeting = LEDGERS.kinds["party-meeting"]
    values: dict[str, Value] = {
        "sort": "members",
        "school": "A",
        "held_on": date(2025, 10, 8),
        "present": 9,
        "expected": 10,
        "topic": "学习",
    }
    held = open_record(meeting, "党建-1", values, HAND, datetime(2025, 10, 8, 9, tzinfo=UTC))
    schools = [
        Subject("A", "甲小", {"kind": "primary"}),
        Subject("B", "乙小", {"kind": "primary"}),
        Subject("K", "园", {"kind": "kindergarten"}),
    ]
    found = [one for one in owed(meeting, [held], date(2025, 12, 8), lambda each: schools) if one.rule == "duty.members"]
    assert [(one.subject, one.standing, one.due) for one in found if one.standing == "missing"] == [("B", "missing", date(2025, 12, 7))]


def test_a_clock_set_back_and_a_year_without_holidays_are_told() -> None:
    told = clocks_that_cannot_run(FINDING, [noticed()], date(2024, 10, 1), LEDGERS.calendar, standard)
    assert {one.rule for one in told} == {"ledgers.clock_set_back", "ledgers.holidays_unknown"}
    undated = replace(noticed(), values={**noticed().values, "days_given": None})
    assert [one.rule for one in clocks_that_cannot_run(FINDING, [undated], date(2025, 10, 20), LEDGERS.calendar, standard)] == [
        "ledgers.undated"
    ]


def ended(number: int, again: str = "") -> Record:
    record = noticed("closed", date(2025, 10, 9))
    steps = record.steps if not again else (*record.steps, Step(datetime(2026, 5, 1, tzinfo=UTC), again, "closed", HAND))
    return replace(record, key=f"督改-{number}", steps=steps)


def test_one_in_five_of_what_ended_half_a_year_ago_is_looked_at_again_and_anybody_can_repeat_the_draw() -> None:
    records = [ended(number) for number in range(11)]
    assert due_for_recheck(FINDING, records, date(2026, 4, 8)) == []
    drawn = draw(FINDING, records, date(2026, 4, 9), "2026春")
    assert len(drawn) == 3  # a fifth of 11 is 2.2, rounded up
    assert drawn == draw(FINDING, list(reversed(records)), date(2026, 4, 9), "2026春")
    assert drawn != draw(FINDING, records, date(2026, 4, 9), "2026秋") or len(records) < 4
    again = [ended(1, "hold"), ended(2, "hold"), ended(3, "relapse"), ended(4)]
    assert relapse(FINDING, again, date(2026, 1, 1), date(2026, 12, 31)) == (3, 1, 100 / 3)
    assert relapse(FINDING, [], date(2026, 1, 1), date(2026, 12, 31)).rate is None


def test_terms_of_an_authority_replace_those_that_ship_and_its_holidays_are_added() -> None:
    text = """
title: {zh: 校历, en: Our year}
terms: {a: {label: {zh: 秋, en: autumn}, first: 2026-09-01, last: 2027-01-20}}
holidays:
  "2027":
    {source: notice, confidence: M, reviewed: null, days: [{label: {zh: 元旦, en: New Year}, first: 2027-01-01, last: 2027-01-03}]}
"""
    calendar = read_ledgers([PackageFile("ledgers/calendar.yaml", text)]).calendar
    assert [term.last for term in calendar.terms] == [date(2027, 1, 20)]
    assert not calendar.is_working(date(2027, 1, 1))
    assert not calendar.is_working(date(2025, 10, 1))
    assert calendar.year_of(date(2026, 8, 31), "statistics") == (date(2025, 9, 1), date(2026, 8, 31))
    assert calendar.year_of(date(2026, 8, 31), "budget") == (date(2026, 1, 1), date(2026, 12, 31))
