"""What every planner owes the officer, whichever package it comes from: it is found by the registry and asked here."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from junheng.errors import DataError, Infeasible, StandardsError
from junheng.model import schema, units
from junheng.model.change import apply
from junheng.model.county import County, digest
from junheng.planning.declaration import undeclared
from junheng.planning.proposal import Brief, Pin, Proposal
from junheng.planning.registry import Planner, planner, planners, read_planner
from junheng.planning.solve import Limits
from tests.planning.counties import RULES, drawn, gardens

_OTHER = {"path_to_inclusive": gardens}  # planners that plan for other schools than those of `drawn`


@pytest.fixture(params=sorted(planners()))
def one(request: pytest.FixtureRequest) -> Planner:
    return planners()[str(request.param)]


def county_for(one: Planner, schools: int, seed: int = 1, *, zones: int = 0) -> County:
    return _OTHER.get(one.declaration.name, drawn)(schools, seed, zones=zones)


def brief(one: Planner, **options: bool | int | Decimal | str) -> Brief:
    return Brief(planner=one.declaration.name, options=options, limits=Limits(gap=1e-3))


@cache
def asked(name: str) -> tuple[County, Proposal]:
    """Return a county and what the planner proposes for it: asked once for all tests that look at the answer."""
    one = planners()[name]
    county = county_for(one, 14, zones=2)
    return county, one.propose(county, RULES, brief(one))


def test_it_says_what_it_is_and_every_option_has_a_unit(one: Planner) -> None:
    declaration = one.declaration
    assert all((*declaration.title, *declaration.question))
    assert declaration.changes
    for option in declaration.options.values():
        assert all(option.title)
        assert option.unit in units()


def test_it_changes_what_it_declares_and_nothing_is_wrong_with_it(one: Planner) -> None:
    county, proposal = asked(one.declaration.name)
    before = digest(county_for(one, 14, zones=2))
    assert proposal.steps
    assert undeclared(proposal.changes, one.declaration) == frozenset()
    assert one.faults(county, RULES, proposal) == ()
    assert digest(county) == before
    assert proposal.inputs.county == before
    assert proposal.gap <= 1e-3
    assert all(step.reason.zh and step.reason.en and step.changes for step in proposal.steps)
    assert sum(part.amount * part.weight for part in proposal.amounts) == pytest.approx(proposal.objective)


def test_what_it_tells_beside_is_declared_and_has_units(one: Planner) -> None:
    said, known = one.declaration, schema().tables
    for table in (*said.tables.values(), *said.proofs.values()):
        assert all(table.title)
        for column in table.columns.values():
            assert all(column.title)
            assert not column.unit or column.unit in units() or column.unit in said.units
            assert not column.of or known[column.of.partition(".")[0]].column(column.of.partition(".")[2]).level <= "L2"  # it is on a page
    for shown in said.maps.values():
        assert all(shown.title)
        columns = set(said.tables[shown.table].columns) if shown.table in said.tables else set(known[shown.table].names)
        assert {shown.place, shown.colour, shown.before or shown.colour} <= columns


def test_the_verifier_sees_a_proposal_that_was_tampered_with(one: Planner) -> None:
    county, proposal = asked(one.declaration.name)
    assert one.faults(county, RULES, replace(proposal, steps=()))
    assert one.faults(county, RULES, replace(proposal, objective=proposal.objective + 1000))


def test_the_same_brief_gives_the_same_proposal(one: Planner) -> None:
    assert one.propose(county_for(one, 14, zones=2), RULES, brief(one)) == asked(one.declaration.name)[1]


def test_what_it_proposed_is_not_proposed_again(one: Planner) -> None:
    county = county_for(one, 10, seed=3)
    proposal = one.propose(county, RULES, brief(one))
    again = one.propose(apply(county, proposal.changes), RULES, brief(one))
    assert again.steps == ()


def test_the_impossible_is_explained_by_rules(one: Planner) -> None:
    with pytest.raises(Infeasible) as error:
        one.propose(county_for(one, 12), RULES, brief(one, **one.impossible))
    assert len(error.value.findings) >= 2
    assert all(finding.found.zh and finding.remedy.zh for finding in error.value.findings)


def test_an_empty_county_gets_no_steps_and_one_school_an_answer(one: Planner) -> None:
    empty = one.propose(county_for(one, 0), RULES, brief(one))
    assert (empty.steps, empty.objective, empty.bound) == ((), 0, 0)
    alone = one.propose(county_for(one, 1), RULES, brief(one))
    assert one.faults(county_for(one, 1), RULES, alone) == ()


def test_an_option_or_a_pin_that_is_not_offered_is_refused(one: Planner) -> None:
    with pytest.raises(DataError):
        one.propose(county_for(one, 4), RULES, brief(one, nonsense=1))
    with pytest.raises(DataError):
        one.propose(county_for(one, 4), RULES, Brief(planner=one.declaration.name, pins=(Pin(("schools.name", "x"), "y"),)))


def test_four_times_the_schools_take_less_than_a_hundred_times_as_long(one: Planner) -> None:
    seconds = []
    for schools in (6, 6, 24):  # the first time what is compiled at its first call is compiled
        start = time.process_time()
        one.propose(county_for(one, schools, seed=4), RULES, brief(one))
        seconds.append(time.process_time() - start)
    assert seconds[2] < 100 * max(seconds[1], 0.2)  # less is the noise of a shared machine, and of what is compiled only now


def test_a_planner_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(DataError) as error:
        planner("school_busses")
    assert "supervision_zones" in str(error.value.findings[0].expected.en)


def test_a_package_that_is_no_planner_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(StandardsError) as error:
        read_planner("json", "json")
    assert error.value.findings[0].found.en == "propose, faults, planner.yaml"
