"""Briefs are checked before work begins, proposals add up, and refusals say what to do."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from junheng.errors import Text
from junheng.model.change import AddRow, Change, RemoveRow, SetValue
from junheng.model.county import County, county
from junheng.planning.declaration import Declaration, Option, check_brief, undeclared
from junheng.planning.proposal import Brief, Inputs, Pin, Proposal, Step
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Impossible, Program, Unproven, solve


def same(text: str) -> Text:
    return Text(text, text)


DECLARATION = Declaration(
    name="school_places",
    title=same("School places"),
    question=same("Where?"),
    options={
        "reserve": Option(title=same("kept free"), unit="%", default=0, least=0, most=20),
        "detour": Option(title=same("detour"), unit="1", default=Decimal("1.3"), least=1),
        "boarding": Option(title=same("boarding"), unit="", default=False),
        "weigh": Option(title=same("weigh by"), unit="", default="pupils"),
    },
    pins={"villages.village": "schools.school"},
    changes=frozenset({"places.places", "projects"}),
    objective=same("cost"),
)


@pytest.fixture
def small() -> County:
    schools = pl.DataFrame({"school": ["S1", "S2"], "name": ["East", "West"], "kind": ["211", "211"]})
    return county("370000", 2025, {"schools": schools, "villages": pl.DataFrame({"village": ["V1"], "name": ["Hill"]})})


def rules(brief: Brief, small: County) -> list[tuple[str, str]]:
    return [(each.rule.removeprefix("planning."), each.found.en) for each in check_brief(brief, DECLARATION, small)]


def test_a_lawful_brief_has_no_findings(small: County) -> None:
    options = {"reserve": 20, "detour": Decimal("1.5"), "boarding": True, "weigh": "classes"}
    pins = (Pin(("villages.village", "V1"), "S1"),)
    brief = Brief(planner="school_places", options=options, pins=pins, forbids=(Pin(("villages.village", "V1"), "S2"),))
    assert rules(brief, small) == []
    assert [DECLARATION.value(brief, name) for name in ("reserve", "weigh")] == [20, "classes"]
    assert DECLARATION.value(Brief(planner="school_places"), "detour") == Decimal("1.3")


@pytest.mark.parametrize(
    "options",
    [
        {"reserve": 21},
        {"reserve": -1},
        {"reserve": Decimal("1.5")},
        {"reserve": True},
        {"detour": Decimal("0.9")},
        {"boarding": 1},
        {"weigh": 3},
    ],
)
def test_an_option_beyond_its_bounds_is_found(options: dict[str, object], small: County) -> None:
    brief = Brief(planner="school_places", options=options)  # type: ignore[arg-type]  # that is the point
    assert [rule for rule, _ in rules(brief, small)] == ["bad_option"]


def test_everything_wrong_with_a_brief_is_found_at_once(small: County) -> None:
    hill = ("villages.village", "V1")
    brief = Brief(
        planner="school_places",
        options={"reserves": 5},
        pins=(
            Pin(hill, "S1"),
            Pin(hill, "S2"),
            Pin(hill, "S9"),
            Pin(("villages.village", "V8"), "S1"),
            Pin(("schools.school", "S1"), "S2"),
        ),
        forbids=(Pin(hill, "S1"),),
    )
    assert rules(brief, small) == [
        ("unknown_option", "reserves"),
        ("pin_of_unknown_code", "S9"),
        ("pin_of_unknown_code", "V8"),
        ("pin_not_offered", "schools.school"),
        ("pinned_twice", "S1, S2"),
        ("pinned_twice", "S1, S9"),
        ("pin_against_forbid", "S1"),
    ]


def proposal(*steps: Step) -> Proposal:
    inputs = Inputs(county="c", standards="s", code="k")
    return Proposal(brief=Brief(planner="p"), steps=steps, objective=100, bound=99, unit="yuan", amounts=(), inputs=inputs)


def step(yuan: Decimal | None, *changes: Change) -> Step:
    return Step(title=same("t"), reason=same("r"), changes=changes, yuan=yuan)


def test_a_proposal_is_the_sum_of_its_steps() -> None:
    first, second = SetValue("places", ("S1", "primary"), "places", 90), AddRow("projects", {"project": "P1"})
    made = proposal(step(Decimal("200000.50"), first), step(Decimal(1), second))
    assert made.changes == (first, second)
    assert made.yuan == Decimal("200001.50")
    assert made.gap == pytest.approx(0.01)
    assert proposal(step(Decimal(5)), step(None)).yuan is None  # a cost that is not known is not nothing


def test_changes_beyond_the_declaration_are_named() -> None:
    lawful = (SetValue("places", ("S1", "primary"), "places", 90), AddRow("projects", {"project": "P1"}))
    assert undeclared(lawful, DECLARATION) == set()
    beyond = (*lawful, SetValue("places", ("S1", "primary"), "reason", "x"), RemoveRow("schools", ("S1",)))
    assert undeclared(beyond, DECLARATION) == {"places.reason", "schools"}


def test_a_refusal_names_rules_and_prices() -> None:
    program = Program(unit="yuan")
    goes = program.variables(same("pupils at East"), 1)
    program.rule(Text("山村的孩子都有学位", "every child of Hill has a place"), goes >= 130, option="--pin")
    program.rule(Text("东校不超员", "East is not overfull"), goes <= 100, measured="pupils")
    program.cost(same("travel"), goes * 3, unit="yuan")
    answer = solve(program)
    assert isinstance(answer, Impossible)
    error = infeasible(answer, program.unit)
    assert [each.rule for each in error.findings] == ["planning.rules_in_conflict"] * 2
    assert error.findings[1].sentence("en") == (
        "found East is not overfull; expected a rule that can hold together with every child of Hill has a place. "
        "Let this rule alone give way by at least 30 pupils; the best plan then comes to 390 yuan. Decide what gives way and solve again."
    )
    assert "山村的孩子都有学位" in error.findings[1].sentence("zh")
    assert "只取消这条指定或禁止即可；届时目标值为300元。" in error.findings[0].sentence("zh")  # what holds or not gives way by no amount


def test_rules_of_one_kind_are_told_once_and_what_an_option_asks_is_blamed_first() -> None:
    program = Program()
    goes = program.variables(same("pupils of {village}"), 5, village=list("ABCDE"))
    program.rule(same("{village} has places"), goes >= 110, measured="pupils", village=list("ABCDE"))
    program.rule(same("no more than 500 pupils"), goes.sum() <= 500, measured="pupils", option="total")
    answer = solve(program)
    assert isinstance(answer, Impossible)
    assert [(kind.many, kind.by, kind.option) for kind in answer.kinds] == [(1, pytest.approx(50), "total"), (5, pytest.approx(50), "")]
    first, second = (each.sentence("en") for each in infeasible(answer, "").findings)
    assert "(option total) give way by at least 50 pupils" in first
    assert second.startswith("found A has places; B has places; C has places; and so on (5 times)")


def test_when_no_single_kind_suffices_the_least_sum_is_told() -> None:
    program = Program()
    goes = program.variables(same("pupils of {village}"), 2, village=["Ford", "Hill"])
    program.rule(same("Ford has places"), goes[[0]] >= 110, measured="pupils")
    program.rule(same("Ford is not overfull"), goes[[0]] <= 100, measured="pupils")
    program.rule(same("Hill has places"), goes[[1]] >= 110, measured="pupils")
    program.rule(same("Hill is not overfull"), goes[[1]] <= 100, measured="pupils")
    answer = solve(program)
    assert isinstance(answer, Impossible)
    *rules, together = infeasible(answer, "").findings
    assert all("alone give way is not enough" in each.sentence("en") for each in rules)
    assert together.rule == "planning.rules_give_way_together"
    assert together.found.en.count("(10 pupils)") == 2


def test_out_of_time_says_how_far_it_came() -> None:
    some = out_of_time(Unproven(bound=95.0, objective=100.0), 0.01)
    assert some.findings[0].sentence("en").startswith("found a plan with a gap of 5.00%; expected a gap of at most 1.00%.")
    assert "no plan yet" in out_of_time(Unproven(bound=-float("inf")), 0.01).findings[0].sentence("en")
