"""Nobody closes his own matter, a correction keeps both values, and a clock set back is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from junheng.errors import DataError
from junheng.ledgers.library import shipped
from junheng.ledgers.record import Evidence, Hand, Record, Value, attach, correct, move, open_record

TASK = shipped().kinds["task"]
VALUES: dict[str, Value] = {"title": "开齐实验课", "office": "基教科", "doer": "王一", "due": date(2025, 12, 31)}
DOER, OTHER = Hand("王一", "基教科", "doer"), Hand("李二", "督导室", "supervision")


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2025, 10, day, hour, tzinfo=UTC)


def opened() -> Record:
    return open_record(TASK, "督办-1", VALUES, OTHER, at(1))


def claimed() -> Record:
    proof = Evidence("课表", "ab" * 32, at(2).date(), None)
    return move(TASK, attach(opened(), proof, DOER, at(2)), "claim", DOER, at(3), {"result": "已开齐"})


def rules(call: pytest.ExceptionInfo[DataError]) -> list[str]:
    return [one.rule for one in call.value.findings]


def test_the_doer_never_closes_his_own() -> None:
    with pytest.raises(DataError) as refusal:
        move(TASK, claimed(), "verify", Hand("王一", "基教科", "office"), at(4))
    assert rules(refusal) == ["ledgers.doer_closes_own"]
    assert move(TASK, claimed(), "verify", OTHER, at(4)).state == "verified"


def test_the_one_who_said_that_it_is_done_may_not_verify_even_where_another_is_named_as_doer() -> None:
    record = move(
        TASK,
        attach(opened(), Evidence("x", "00", at(2).date(), None), OTHER, at(2)),
        "claim",
        Hand("李二", "", "office"),
        at(3),
        {"result": "好"},
    )
    with pytest.raises(DataError) as refusal:
        move(TASK, record, "verify", OTHER, at(4))
    assert rules(refusal) == ["ledgers.doer_closes_own"]


def test_a_role_without_the_right_and_a_missing_proof_are_told_together() -> None:
    with pytest.raises(DataError) as refusal:
        move(TASK, opened(), "claim", Hand("李二", "", "lead"), at(3))
    assert set(rules(refusal)) == {"ledgers.role_may_not", "ledgers.value_missing", "ledgers.evidence_missing"}


def test_a_move_that_the_state_does_not_know_names_those_that_it_does() -> None:
    with pytest.raises(DataError) as refusal:
        move(TASK, opened(), "verify", OTHER, at(3))
    assert "claim（报告完成）" in refusal.value.findings[0].expected.zh


def test_a_correction_keeps_both_values_and_needs_a_reason() -> None:
    record = correct(TASK, opened(), "title", "开齐开足实验课", OTHER, at(2), "漏字")
    assert record.values["title"] == "开齐开足实验课"
    assert [(one.was, one.now, one.reason) for one in record.corrections] == [("开齐实验课", "开齐开足实验课", "漏字")]
    with pytest.raises(DataError) as refusal:
        correct(TASK, opened(), "title", "新", OTHER, at(2), " ")
    assert rules(refusal) == ["ledgers.no_reason"]


def test_a_clock_set_back_stops_the_act() -> None:
    with pytest.raises(DataError) as refusal:
        correct(TASK, claimed(), "title", "新", OTHER, at(1), "改")
    assert rules(refusal) == ["ledgers.clock_set_back"]


def test_a_record_lacking_what_is_required_or_holding_what_does_not_fit_is_not_opened() -> None:
    with pytest.raises(DataError) as refusal:
        open_record(TASK, "督办-2", {**VALUES, "title": None, "due": "年底前", "colour": "red"}, OTHER, at(1))
    assert sorted(rules(refusal)) == ["ledgers.no_such_value", "ledgers.value_missing", "ledgers.value_unfit"]
    assert opened().state == "open"


def test_the_day_of_the_state_is_the_day_on_which_it_was_entered() -> None:
    record = move(TASK, opened(), "start", DOER, at(5))
    assert record.entered() == at(5).date()
    assert attach(record, Evidence("y", "11", at(6).date(), None), DOER, at(7)).entered() == at(5).date()
