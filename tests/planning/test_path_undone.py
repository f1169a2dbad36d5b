"""What a path leaves open is said with its headline: what lacks data, and a school that opens and of which only pupils are known."""

from __future__ import annotations

from junheng.model.change import AddRow, SetValue, apply
from junheng.model.county import County
from junheng.planning.planners.path_to_pass.drift import in_year, opening
from junheng.planning.proposal import Brief, Proposal
from junheng.planning.registry import read_planner
from junheng.planning.solve import Limits
from tests.planning.counties import RULES, drawn, school_code

PATH = read_planner("path_to_pass", "junheng.planning.planners.path_to_pass")
NEW = "XM-01"


def proposed(county: County, years: int = 0) -> Proposal:
    options = {"price_step": 0, "years": years}
    return PATH.propose(county, RULES, Brief(planner="path_to_pass", options=options, limits=Limits(gap=1e-4), beside=False))


def test_an_item_that_was_not_returned_leaves_its_coefficient_open_and_the_headline_says_so() -> None:
    county = apply(drawn(3, seed=5), [SetValue("equipment", (school_code(1),), "teaching_equipment_yuan", None)])
    proposal = proposed(county)
    name = dict(county.tables["schools"].select("school", "name").iter_rows())[school_code(1)]
    assert proposal.note is not None
    assert f"小学1项差异系数未能判定，因{name}缺数据" in proposal.note.zh
    assert proposal.tables["spreads"].height == 6


def test_a_school_that_opens_is_named_and_leaves_the_coefficients_decided() -> None:
    foreseen = {**{school_code(k): 140 for k in range(3)}, NEW: 60}
    rows = [AddRow("school_pupils_ahead", {"school": s, "stage": "primary", "year": 2027, "pupils": n}) for s, n in foreseen.items()]
    named = AddRow("projects", {"project": NEW, "name": "新建小学", "kind": "build", "stage": "primary"})
    county = apply(drawn(3, seed=5), [*rows, named])
    proposal = proposed(county, years=2)
    assert PATH.faults(county, RULES, proposal) == ()
    assert proposal.tables["spreads"].height == 7
    assert proposal.tables["undecided"]["school"].unique().to_list() == [NEW]
    assert proposal.note is not None
    assert "新建小学" in proposal.note.zh


def test_a_school_of_which_something_is_returned_is_not_one_that_opens() -> None:
    foreseen = [AddRow("school_pupils_ahead", {"school": NEW, "stage": "primary", "year": 2027, "pupils": 60})]
    county = apply(drawn(1, seed=5), foreseen)
    assert opening(county, 2027) == ((NEW, "primary"),)
    assert opening(county, 2026) == ()
    staffed = apply(county, [AddRow("staff", {"school": NEW, "stage": "primary", "teachers": 6})])
    assert opening(staffed, 2027) == ()
    assert NEW in in_year(staffed, 2027).tables["enrolment"]["school"].to_list()
