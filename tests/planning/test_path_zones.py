"""Villages that go to the school of the next catchment: as cheap as the cheapest of all choices, the bound below, the judge agrees."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import product

import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from junheng.model.change import AddRow, Change, SetValue, apply
from junheng.model.county import County
from junheng.planning.planners.path_to_pass.kept import of_years
from junheng.planning.planners.path_to_pass.zone_changes import all_changes, torn
from junheng.planning.planners.path_to_pass.zones import Way, borders
from junheng.planning.proposal import Brief, Pin, Proposal, Step
from junheng.planning.registry import read_planner
from junheng.planning.solve import Limits
from tests.planning.counties import RULES, drawn, school_code

PATH = read_planner("path_to_pass", "junheng.planning.planners.path_to_pass")
SHARE, YUAN = 20, 50
HOME = [f"6207250{k + 1:05d}" for k in range(3)]
BORDER = ["620725000011", "620725000012"]  # a village between the first two schools, one between the last two


def brief(share: int = SHARE, **options: int) -> Brief:
    return Brief(planner="path_to_pass", options={"zone_moves": share, "zone_yuan": YUAN, **options}, limits=Limits(gap=1e-4), beside=False)


@cache
def county() -> County:
    """Return three schools in a row, each with its village and its catchment, and two villages at the borders that belong to the middle."""
    home: list[Change] = [SetValue("schools", (school_code(k),), "village", village) for k, village in enumerate(HOME)]
    return apply(drawn(3, seed=4), [*home, *_ground()])


def _ground() -> list[Change]:
    rows: list[Change] = [AddRow("catchments", {"stage": "primary", "school": school_code(k), "zone": school_code(k)}) for k in range(3)]
    rows += [AddRow("villages", {"village": code, "name": f"界{k + 1}村"}) for k, code in enumerate(BORDER)]
    zone = dict(zip((*HOME, *BORDER), (0, 1, 2, 1, 1), strict=True))
    rows += [AddRow("catchment_villages", {"stage": "primary", "village": v, "zone": school_code(k)}) for v, k in zone.items()]
    pupils = {"stage": "primary", "grade": "all", "year": 2025}
    rows += [AddRow("village_pupils", {"village": v, **pupils, "pupils": 9 + 4 * k}) for k, v in enumerate(BORDER)]
    near = [(HOME[0], BORDER[0]), (HOME[1], BORDER[0]), (HOME[1], BORDER[1]), (HOME[2], BORDER[1])]
    rows += [AddRow("adjacency", {"village_a": a, "village_b": b}) for a, b in near]
    return rows


@cache
def proposed() -> Proposal:
    return PATH.propose(county(), RULES, brief())


@cache
def may_go() -> tuple[Way, ...]:
    return borders(county(), RULES, of_years(county(), RULES, brief(), PATH.declaration)[0], SHARE / 100).ways


def cost(chosen: tuple[Way, ...], of: County | None = None, asked: Brief | None = None) -> float | None:
    """Return what the cheapest plan costs when these villages go; None where there is none."""
    before, how = of or county(), asked or brief()
    after = apply(before, all_changes(before, chosen))
    try:
        plan = PATH.propose(after, RULES, replace(how, options={**how.options, "zone_moves": 0}))
    except Infeasible:
        return None
    return plan.objective + YUAN * sum(way.pupils for way in chosen)


@cache
def every_cost() -> list[float | None]:
    """Return what the cheapest plan costs for every choice of villages that go, none of them first."""
    return [cost(tuple(way for way, goes in zip(may_go(), on, strict=True) if goes)) for on in product((False, True), repeat=len(may_go()))]


def test_border_villages_may_go_and_no_other() -> None:
    assert {(way.village, *way.takes) for way in may_go()} == {(BORDER[0], school_code(0)), (BORDER[1], school_code(2))}


def test_it_is_as_cheap_as_the_cheapest_of_all_choices_and_the_bound_is_below() -> None:
    plans = every_cost()
    costs = [each for each in plans if each is not None]
    proposal = proposed()
    assert proposal.objective == pytest.approx(min(costs), rel=1e-4)
    assert proposal.bound <= min(costs) + 1e-6
    assert plans[0] is None or proposal.objective < plans[0]  # this county is one in which it pays that a village goes


def test_the_verifier_finds_no_fault_and_pupils_are_neither_made_nor_lost() -> None:
    proposal = proposed()
    assert PATH.faults(county(), RULES, proposal) == ()
    after = apply(county(), proposal.changes)
    assert after.tables["enrolment"]["pupils"].sum() == county().tables["enrolment"]["pupils"].sum()
    assert proposal.tables["rezoned"]["pupils"].sum() == sum(step.pupils or 0 for step in proposal.steps) > 0


def test_what_is_tampered_with_is_found() -> None:
    proposal = proposed()
    told = proposal.tables["rezoned"]
    more = replace(proposal, tables={**proposal.tables, "rezoned": told.with_columns(pupils=told["pupils"] + 1)})
    fewer = replace(proposal, steps=tuple(step for step in proposal.steps if not step.pupils))
    for wrong in (more, fewer):
        assert PATH.faults(county(), RULES, wrong)


def test_a_catchment_in_pieces_is_seen() -> None:
    """A village behind the border village would be cut off from its school."""
    behind = "620725000013"
    rows: list[Change] = [
        AddRow("villages", {"village": behind, "name": "后村"}),
        AddRow("catchment_villages", {"stage": "primary", "village": behind, "zone": school_code(1)}),
        AddRow("adjacency", {"village_a": BORDER[0], "village_b": behind}),
    ]
    assert torn(apply(county(), rows), RULES, may_go()) == {BORDER[0]}
    assert not torn(county(), RULES, may_go())


@cache
def ahead() -> County:
    """Return the same county with pupils foreseen for two years; the school in the middle shrinks."""
    today = county().tables["enrolment"]["pupils"].to_list()
    rows = [
        AddRow("school_pupils_ahead", {"school": school_code(k), "stage": "primary", "year": year, "pupils": today[k] + more})
        for year, each in {2026: (1, -1, 0), 2027: (2, -4, 1)}.items()
        for k, more in enumerate(each)
    ]
    return apply(county(), rows)


def test_in_later_years_the_pupils_of_a_village_move_along_and_no_choice_is_cheaper() -> None:
    asked = brief(years=1, keep=1)
    proposal = PATH.propose(ahead(), RULES, asked)
    assert PATH.faults(ahead(), RULES, proposal) == ()
    question, _ = of_years(ahead(), RULES, asked, PATH.declaration)
    open_ways = borders(ahead(), RULES, question, SHARE / 100).ways
    assert {way.village for way in open_ways} == set(BORDER)
    costs = [cost(chosen, ahead(), asked) for chosen in ((), open_ways)]
    least = min(each for each in costs if each is not None)
    assert proposal.objective <= least * (1 + 1e-4)
    assert proposal.bound <= least + 1e-6
    told = proposal.tables["zone_pupils"]
    assert set(told["year"]) == {2025, 2026, 2027}
    assert told.group_by("year").agg((pl.col("after") - pl.col("before")).sum().alias("made"))["made"].to_list() == [0, 0, 0]
    stale = replace(proposal, steps=tuple(_without_ahead(step) for step in proposal.steps))
    assert PATH.faults(ahead(), RULES, stale)


def _without_ahead(step: Step) -> Step:
    return replace(step, changes=tuple(change for change in step.changes if change.table != "school_pupils_ahead"))


def asked_with(pins: tuple[Pin, ...] = (), forbids: tuple[Pin, ...] = (), share: int = SHARE) -> Proposal:
    return PATH.propose(county(), RULES, replace(brief(share), pins=pins, forbids=forbids))


def goes(proposal: Proposal) -> set[str]:
    return set(proposal.tables["rezoned"]["village"])


def test_a_village_is_pinned_to_go_or_to_stay_and_a_school_gives_or_takes_as_the_brief_says() -> None:
    went = next(iter(goes(proposed())))
    other = next(iter({*BORDER} - {went}))
    taker = {BORDER[0]: school_code(0), BORDER[1]: school_code(2)}
    plans = [
        asked_with(pins=(Pin(("villages.village", went), school_code(1)),), forbids=(Pin(("villages.village", other), school_code(1)),)),
        asked_with(
            pins=(Pin(("schools.school", taker[other]), "take_pupils"),), forbids=(Pin(("schools.school", taker[went]), "take_pupils"),)
        ),
    ]
    for plan in plans:
        assert goes(plan) == {other}
        assert PATH.faults(county(), RULES, plan) == ()
    assert plans[0].objective == pytest.approx(plans[1].objective, rel=2e-4)
    assert len(PATH.faults(county(), RULES, replace(proposed(), brief=plans[0].brief))) == len(plans[0].brief.pins) + 1


def test_pins_that_cannot_be_are_all_found_and_told_with_reasons() -> None:
    home, far = Pin(("villages.village", HOME[0]), school_code(1)), Pin(("villages.village", BORDER[0]), school_code(2))
    gives = Pin(("schools.school", school_code(0)), "give_pupils")
    twice = tuple(Pin(("villages.village", BORDER[1]), school_code(k)) for k in (1, 2))
    with pytest.raises(DataError) as error:
        asked_with(pins=(home, far, gives, *twice))
    assert [each.rule for each in error.value.findings] == ["planning.pin_of_village_that_stays"] * 3 + ["planning.pinned_twice"]
    with pytest.raises(DataError) as error:
        asked_with(forbids=tuple(Pin(("villages.village", BORDER[0]), school_code(k)) for k in (0, 1)))
    assert [each.rule for each in error.value.findings] == ["planning.pin_against_forbid"]
    with pytest.raises(DataError) as error:
        asked_with(pins=(far,), share=0)
    assert {each.rule for each in error.value.findings} == {"planning.zone_pin_without_moves"}


def test_other_plans_and_prices_stand_beside_it_when_catchments_move() -> None:
    step = {"price_step": Decimal("0.02")}
    proposal = PATH.propose(county(), RULES, replace(brief(), options={**brief().options, **step}, beside=True))
    stays = next(one for one in proposal.alternatives if one.title.zh.startswith("学区不动"))
    assert stays.objective == pytest.approx(every_cost()[0], rel=1e-4)
    assert all(one.objective >= proposal.objective - 1e-6 and one.bound <= proposal.bound + 1e-6 for one in proposal.alternatives)
    assert "front.zones_stay" in proposal.tables["front"]["plan"].to_list()
    priced = {price.option: price for price in proposal.prices}
    wider = asked_with(share=SHARE + 5)
    assert priced["zone_moves"].saves == pytest.approx(proposal.objective - wider.objective, abs=proposal.objective * 3e-4 + 1)
    assert len(proposal.prices) > 2


SITE = "2162999999"


@cache
def joined() -> County:
    """Return a county of four schools, the fourth in the catchment of the first, which has a site that is judged with it."""
    rows: list[Change] = [SetValue("schools", (school_code(k),), "village", home) for k, home in enumerate((*HOME, HOME[0]))]
    rows += [
        *_ground(),
        AddRow("catchments", {"stage": "primary", "school": school_code(3), "zone": school_code(0)}),
        AddRow("campuses", {"campus": SITE, "school": school_code(0), "name": "分校区", "counted": False, "village": HOME[0]}),
        AddRow("enrolment", {"school": SITE, "stage": "primary", "grade": "all", "sex": "all", "pupils": 20}),
    ]
    return apply(drawn(4, seed=4), rows)


def test_a_village_of_a_joint_catchment_is_shared_among_its_schools_and_a_merged_site_counts_with_its_own() -> None:
    pinned = replace(brief(), pins=(Pin(("villages.village", BORDER[0]), school_code(3)),))
    proposal = PATH.propose(joined(), RULES, pinned)
    assert PATH.faults(joined(), RULES, proposal) == ()
    told = {row["school"]: row for row in proposal.tables["zone_pupils"].iter_rows(named=True)}
    came = {school: row["after"] - row["before"] for school, row in told.items()}
    assert came[school_code(0)] > 0
    assert came[school_code(3)] > 0
    assert sum(came.values()) == 0
    today = dict(joined().tables["enrolment"].select("school", "pupils").iter_rows())
    assert told[school_code(0)]["before"] == today[school_code(0)] + today[SITE]


def test_what_keeps_its_catchment_is_told_with_its_reason() -> None:
    small = apply(county(), [SetValue("schools", (school_code(2),), "kind", "teaching_point")])
    question, _ = of_years(small, RULES, brief(), PATH.declaration)
    told = {(one.zone, one.village): one.why for one in borders(small, RULES, question, SHARE / 100).stays}
    assert told[school_code(2), None] == "stays.small_point"
    assert told[school_code(1), HOME[1]] == "stays.home"
    assert set(proposed().tables["zones_why"]["why"]) <= set(proposed().words)
