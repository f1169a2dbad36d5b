"""A kind of record is a file; what is wrong with it is told with file, line and what to do."""

from __future__ import annotations

import pytest

from junheng.documents import PackageFile, package_files
from junheng.errors import Finding, StandardsError
from junheng.ledgers.library import read_ledgers, rows, shipped

GOOD = """
title: {zh: 检查, en: Checks}
about: {zh: 试验, en: a try}
prefix: 试
named: what
subject: school
fields:
  what: {label: {zh: 事项, en: What}, type: text, required: true, needed_by: {zh: 学校, en: the school}}
  school: {label: {zh: 学校, en: School}, type: link, link: schools, needed_by: {zh: 学校, en: the school}}
  day: {label: {zh: 日期, en: Day}, type: date, needed_by: {zh: 学校, en: the school}}
start: open
states:
  open: {label: {zh: 未办, en: open}}
  done: {label: {zh: 报告, en: said to be done}}
  closed: {label: {zh: 办结, en: closed}, end: true}
moves:
  claim: {label: {zh: 报告, en: claim}, from: [open], to: done, by: [doer]}
  close: {label: {zh: 办结, en: close}, from: [done], to: closed, by: [office], apart_from: [claim]}
deadlines:
  answer: {label: {zh: 答复, en: answer}, while: [open], counted_from: day, days: {value: 3, source: practice}, owes: doer}
"""


def found(text: str) -> list[Finding]:
    with pytest.raises(StandardsError) as refusal:
        read_ledgers([PackageFile("ledgers/try.yaml", text)])
    return list(refusal.value.findings)


def test_a_sound_kind_is_read_and_says_what_reads_each_field() -> None:
    kind = read_ledgers([PackageFile("ledgers/try.yaml", GOOD)]).kinds["try"]
    assert kind.fields["day"].used_by == ("deadline.answer",)
    assert kind.fields["what"].used_by == ("name",)


@pytest.mark.parametrize(
    ("was", "now", "rule", "column"),
    [
        ("type: date,", "type: date, colour: red,", "standards.unknown_key", "fields.day.colour"),
        ("type: date,", "type: day,", "ledgers.unknown_type", "fields.day.type"),
        ("counted_from: day,", "counted_from: entered,", "ledgers.field_unused", "fields.day"),
        ("{label: {zh: 日期, en: Day}", "{label: {zh: 乡镇街道, en: Day}", "ledgers.field_held", "fields.day"),
        ("link: schools", "link: scools", "ledgers.unknown_link", "fields.school"),
        ("link: schools", "link: enrolment", "ledgers.unknown_link", "fields.school"),
        ("from: [done], to: closed", "from: [open], to: closed", "ledgers.dead_end", "states.done"),
        ("from: [open], to: done", "from: [done], to: open", "ledgers.unreachable_state", "states.done"),
        ("from: [done], to: closed", "from: [done], to: open", "ledgers.circular_states", "states.open"),
        (", end: true", "", "ledgers.no_end", "states"),
        (", apart_from: [claim]", "", "ledgers.doer_may_close", "moves.close"),
        ("by: [office]", "by: [mayor]", "ledgers.unknown_role", "moves.close.by"),
        ("while: [open]", "while: [opened]", "ledgers.no_such_state", "deadlines.answer"),
        ("named: what", "named: wat", "ledgers.no_such_field", "named"),
        ("days: {value: 3, source: practice}", "days: {}", "ledgers.days_not_said", "deadlines.answer.days"),
        ("days: {value: 3, source: practice}", "days: {value: 3}", "standards.missing_key", "deadlines.answer.days"),
        ("type: date,", "type: date, level: L3,", "ledgers.sealed_in_a_rule", "fields.day"),
        ("type: text,", "type: person,", "ledgers.person_not_protected", "fields.what.level"),
    ],
)
def test_a_faulty_kind_is_refused_with_its_line(was: str, now: str, rule: str, column: str) -> None:
    assert was in GOOD
    text = GOOD.replace(was, now)
    one = next((one for one in found(text) if one.rule == rule and one.place.column == column), None)
    assert one is not None, [(one.rule, one.place.column) for one in found(text)]
    assert one.place.file == "ledgers/try.yaml"
    assert one.place.row
    assert one.place.row > 1


def test_a_public_paper_holds_only_what_everybody_may_read() -> None:
    paper = 'papers:\n  list: {title: 公示, paragraphs: ["{what}"], signed: 局, public: true}\n'
    assert [one.rule for one in found(GOOD + paper)] == ["ledgers.public_paper"]
    assert read_ledgers([PackageFile("ledgers/try.yaml", (GOOD + paper).replace("type: text,", "type: text, level: L1,"))])


def test_every_mistake_of_every_file_is_told_at_once() -> None:
    with pytest.raises(StandardsError) as refusal:
        read_ledgers([PackageFile("ledgers/a.yaml", GOOD.replace("type: date,", "type: day,")), PackageFile("ledgers/b.yaml", "a: [")])
    assert {one.place.file for one in refusal.value.findings} == {"ledgers/a.yaml", "ledgers/b.yaml"}


def test_an_authority_replaces_a_kind_by_its_name() -> None:
    own = read_ledgers([PackageFile("ledgers/task.yaml", GOOD)])
    assert own.kinds["task"].title.zh == "检查"
    assert own.kinds.keys() == shipped().kinds.keys()


def test_every_row_that_asks_for_a_ledger_is_served_by_a_kind_that_ships() -> None:
    kinds = shipped().kinds.values()
    served = {row for kind in kinds for row in kind.serves}
    assert {one.row for one in rows()} <= served
    assert served <= {one.row for one in rows()} | {"A11"}
    assert len(package_files("junheng.ledgers", "cn/*.yaml")) == len(kinds) + 3  # the calendar, the topics and the agenda


def test_no_kind_asks_for_more_than_it_uses() -> None:
    for kind in shipped().kinds.values():
        assert all(field.used_by for field in kind.fields.values()), kind.id
        assert all(field.needed_by.zh for field in kind.fields.values()), kind.id
        assert kind.minutes > 0 or kind.id == "message"
