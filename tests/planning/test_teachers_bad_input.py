"""What a register, a return or a brief of teachers cannot be: a finding with the row, or the rules in conflict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from junheng.errors import DataError, Finding, Infeasible
from junheng.model.change import AddRow, SetValue, apply
from junheng.model.county import County
from junheng.planning.proposal import Brief, Pin
from junheng.planning.registry import planner
from junheng.planning.solve import Limits
from tests.model.made import NINE_YEAR, PRIMARY, Row, check, made, pupils, school, staff
from tests.planning.counties import RULES, drawn, school_code

ILL: Row = {"exemption": "illness"}


def register(*rows: Row, **more: list[Row]) -> County:
    usual = {"school": PRIMARY, "stage": "primary", "subject": "chinese", "full_time": True, "backbone": "none", "born": date(1980, 3, 1)}
    listed = [{"teacher": f"T{k}", **usual, "since": 2010, **row} for k, row in enumerate(rows, start=1)]
    tables = {"staff": [staff(len(rows))], "enrolment": [pupils(50)]} | more
    return made(schools=[school(PRIMARY), school(NINE_YEAR, "nine_year")], teachers=listed, **tables)


@pytest.mark.parametrize(
    ("county", "rule", "key"),
    [
        (register({"backbone": "county", "full_time": False}), "model.backbone_not_full_time", ("T1",)),
        (register({}, {"teacher": "T1", "school": NINE_YEAR}), "model.teacher_in_two_schools", ("T1",)),
        (register({"subject": "wizardry"}), "model.value_not_allowed", ("T1",)),
        (register({"second_subject": "wizardry"}), "model.value_not_allowed", ("T1",)),
        (register({"subject": None}), "model.teacher_without_subject", ("T1",)),
        (register({"partner": "T2"}, {}), "model.couple_at_odds", ("T1",)),
        (register(ILL, ILL, staff=[staff(1)]), "model.more_exempt_than_teachers", (PRIMARY, "primary")),
        (register({}, enrolment=[pupils(50), pupils(40, NINE_YEAR)]), "model.school_not_in_register", (NINE_YEAR,)),
        (register({}, staff=[staff(-1)]), "model.value_out_of_bounds", (PRIMARY, "primary")),
        (register({}, posts=[{"school": PRIMARY, "approved": -3, "held": 1}]), "model.value_out_of_bounds", (PRIMARY,)),
        (register({}, teacher_wishes=[{"teacher": "T9", "rank": 1, "school": PRIMARY}]), "model.unknown_reference", ("T9", "1")),
    ],
)  # fmt: skip
def test_a_register_that_cannot_be_is_told_with_its_row(county: County, rule: str, key: tuple[str, ...]) -> None:
    told = [one for one in check(county) if one.rule == rule]
    assert key in [one.place.key for one in told], sorted({one.rule for one in check(county)})
    assert all(one.found.zh and one.found.en and one.remedy.zh and one.remedy.en for one in told)


def everybody(column: str, value: object) -> Callable[[County], County]:
    return lambda county: apply(county, [SetValue("teachers", (code,), column, value) for code in county.tables["teachers"]["teacher"]])  # type: ignore[arg-type]


def married(county: County) -> County:
    return apply(county, [SetValue("teachers", ("T0000",), "partner", "T0001"), SetValue("teachers", ("T0001",), "partner", "T0000")])


def without(table: str) -> Callable[[County], County]:
    return lambda county: replace(county, tables={**county.tables, table: county.tables[table].clear()})


def goes(teacher: str, to: int = 3) -> Pin:
    return Pin(("teachers.teacher", teacher), school_code(to))


@pytest.mark.parametrize(
    ("name", "made_of", "more", "rule"),
    [
        ("teacher_rotation", everybody("exemption", "illness"), {}, "planning.nobody_is_eligible"),
        ("teacher_rotation", everybody("subject", None), {}, "planning.nobody_is_eligible"),
        ("teacher_rotation", without("teachers"), {}, "planning.no_register"),
        ("teacher_rotation", married, {"pins": (goes("T0000"), goes("T0001"))}, "planning.couple_both_pinned"),
        ("teacher_rotation", married, {"pins": (goes("T0000", 2), goes("T0000", 3))}, "planning.pinned_twice"),
        ("teacher_rotation", married, {"pins": (goes("T9999"),)}, "planning.pin_of_unknown_code"),
        ("teacher_rotation", married, {"options": {"share": 60, "most": 5}}, "planning.rules_in_conflict"),
        ("teacher_posts", without("posts"), {}, "planning.no_approved_posts"),
        ("teacher_posts", married, {"options": {"total": 1, "least": 3}}, "planning.rules_in_conflict"),
        ("pairing", married, {"options": {"leads": 1, "partners": 1}}, "planning.rules_in_conflict"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_told(name: str, made_of: Callable[[County], County], more: dict[str, object], rule: str) -> None:
    brief = Brief(planner=name, limits=Limits(gap=1e-3), **more)  # type: ignore[arg-type]
    with pytest.raises((DataError, Infeasible)) as error:
        planner(name).propose(made_of(drawn(8)), RULES, brief)
    told: tuple[Finding, ...] = error.value.findings
    assert rule in {one.rule for one in told}
    assert all(one.found.zh and one.remedy.zh for one in told)


def test_of_a_couple_with_one_pinned_the_other_stays_though_a_wish_could_be_granted() -> None:
    rotation, county = planner("teacher_rotation"), married(drawn(8))
    wish = apply(county, [AddRow("teacher_wishes", {"teacher": "T0001", "rank": 1, "school": school_code(4)})])
    proposal = rotation.propose(wish, RULES, Brief(planner="teacher_rotation", pins=(goes("T0000"),)))
    gone = proposal.tables["moves"]["teacher"].to_list()
    assert "T0000" in gone
    assert "T0001" not in gone
    assert rotation.faults(wish, RULES, proposal) == ()


def test_a_school_with_pupils_of_whose_teachers_nothing_is_known_lacks_them_and_gets_some() -> None:
    county = drawn(8)
    empty = school_code(2)
    gone = replace(
        county, tables={**county.tables, "teachers": county.tables["teachers"].filter(county.tables["teachers"]["school"] != empty)}
    )
    moves = planner("teacher_rotation").propose(gone, RULES, Brief(planner="teacher_rotation")).tables["moves"]
    assert empty in moves["to"].to_list()
