"""Villages that go to the school of the next catchment: as cheap as the cheapest of all choices, the bound below, the judge agrees."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from junheng.errors import Infeasible
from junheng.model.change import AddRow, Change, SetValue, apply
from junheng.model.county import County
from junheng.planning.planners.path_to_pass.kept import of_years
from junheng.planning.planners.path_to_pass.zone_changes import all_changes, torn
from junheng.planning.planners.path_to_pass.zones import Way, borders
from junheng.planning.proposal import Brief, Proposal
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
    rows: list[Change] = [SetValue("schools", (school_code(k),), "village", home) for k, home in enumerate(HOME)]
    rows += [AddRow("catchments", {"stage": "primary", "school": school_code(k), "zone": school_code(k)}) for k in range(3)]
    rows += [AddRow("villages", {"village": code, "name": f"界{k + 1}村"}) for k, code in enumerate(BORDER)]
    zone = dict(zip((*HOME, *BORDER), (0, 1, 2, 1, 1), strict=True))
    rows += [AddRow("catchment_villages", {"stage": "primary", "village": v, "zone": school_code(k)}) for v, k in zone.items()]
    pupils = {"stage": "primary", "grade": "all", "year": 2025}
    rows += [AddRow("village_pupils", {"village": v, **pupils, "pupils": 9 + 4 * k}) for k, v in enumerate(BORDER)]
    near = [(HOME[0], BORDER[0]), (HOME[1], BORDER[0]), (HOME[1], BORDER[1]), (HOME[2], BORDER[1])]
    rows += [AddRow("adjacency", {"village_a": a, "village_b": b}) for a, b in near]
    return apply(drawn(3, seed=4), rows)


@cache
def proposed() -> Proposal:
    return PATH.propose(county(), RULES, brief())


@cache
def may_go() -> tuple[Way, ...]:
    return borders(county(), RULES, of_years(county(), RULES, brief(), PATH.declaration)[0], SHARE / 100).ways


def cost(chosen: tuple[Way, ...]) -> float | None:
    """Return what the cheapest plan costs when these villages go; None where there is none."""
    after = apply(county(), all_changes(county(), chosen))
    try:
        plan = PATH.propose(after, RULES, brief(share=0))
    except Infeasible:
        return None
    return plan.objective + YUAN * sum(way.pupils for way in chosen)


def test_border_villages_may_go_and_no_other() -> None:
    assert {(way.village, *way.takes) for way in may_go()} == {(BORDER[0], school_code(0)), (BORDER[1], school_code(2))}


def test_it_is_as_cheap_as_the_cheapest_of_all_choices_and_the_bound_is_below() -> None:
    plans = [
        cost(tuple(way for way, goes in zip(may_go(), on, strict=True) if goes)) for on in product((False, True), repeat=len(may_go()))
    ]
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
