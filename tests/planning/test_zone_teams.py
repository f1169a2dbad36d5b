"""Teams of inspectors: best of all that there are on tiny counties, no recusal broken, and what cannot be is said with its rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest

from junheng.errors import Infeasible
from junheng.model.change import SetValue, apply
from junheng.model.county import County
from junheng.planning.planners.supervision_zones.question import Question, ask
from junheng.planning.planners.supervision_zones.teams import Roster, form, roster
from junheng.planning.proposal import Brief
from junheng.planning.registry import planner
from junheng.planning.solve import Limits, Watch
from tests.model.made import Row, made
from tests.planning.counties import RULES, drawn, school_code

ZONES = planner("supervision_zones")
LACKING = 20_000.0


def brief(**options: float) -> Brief:
    return Brief(planner="supervision_zones", options={"pupils_within": 60, **options}, limits=Limits(gap=0.0))


def staffed(schools: int, seed: int, people: int, *, ties: int = 0, zones: int = 0) -> County:
    """Return a county with inspectors: homes, subjects and the schools that they keep from drawn from the seed."""
    county, draw = drawn(schools, seed, zones=zones), np.random.default_rng(seed + 100)
    tables: dict[str, list[Row]] = {
        name: county.tables[name].to_dicts() for name in ("schools", "enrolment", "supervision_zones", "zone_schools")
    }
    tables["inspectors"] = [
        {
            "inspector": f"督学{k + 1:02d}",
            "home": school_code(int(draw.integers(schools))),
            "stage": ["primary", "junior"][k % 2],
            "subject": ["chinese", "mathematics", "pe"][int(draw.integers(3))],
        }
        for k in range(people)
    ]
    chosen = draw.permutation(people * schools)[:ties]
    tables["inspector_ties"] = [
        {"inspector": f"督学{k // schools + 1:02d}", "school": school_code(int(k % schools)), "reason": "former_post"} for k in chosen
    ]
    if zones:
        tables["zone_inspectors"] = [{"inspector": f"督学{k + 1:02d}", "zone": str(k % zones + 1)} for k in range(people)]
    return made(**tables)


def worth(question: Question, people: Roster, seats: list[int], named: dict[int, str], member: tuple[int, ...]) -> float:
    """Add up what teams cost, rule by rule; inf for teams that break one. member: place of the seat of each inspector."""
    schools_of = [np.flatnonzero(question_seats(question, named) == seat) for seat in seats]
    teams = [[who for who, its in enumerate(member) if its == at] for at in range(len(seats))]
    need = [question.staff(len(schools)) for schools in schools_of]
    spare = -(-max(0, len(member) - sum(need)) // len(seats))
    if not all(least <= len(team) <= least + spare for least, team in zip(need, teams, strict=True)):
        return float("inf")
    if any(people.tied[np.ix_(team, schools)].any() for team, schools in zip(teams, schools_of, strict=True)):
        return float("inf")
    moved = sum(people.today[who] not in ("", named[seats[at]]) for who, at in enumerate(member))
    total = question.change * moved + sum(float(question.metres[people.home[who], seats[at]]) for who, at in enumerate(member))
    return total + sum(_of_team(question, people, *zone) for zone in zip(seats, teams, schools_of, strict=True))


def _of_team(question: Question, people: Roster, seat: int, team: list[int], schools: np.ndarray) -> float:
    subjects = [people.subject[who] for who in team]
    missing = sum(has[schools].any() and not any(people.stage[who] == stage for who in team) for stage, has in people.stages.items())
    doubled = len(subjects) - len(set(subjects))
    return float(question.metres[seat, schools].sum()) / len(team) + LACKING * missing + LACKING / 2 * doubled


def question_seats(question: Question, named: dict[int, str]) -> np.ndarray:
    """Return the seat of each school by today's zones, which the tests take as given."""
    seat_of = {zone: seat for seat, zone in named.items()}
    return np.array([seat_of[zone] for zone in question.today])


@pytest.mark.parametrize("seed", range(6))
def test_teams_are_the_best_of_all_there_are(seed: int) -> None:
    county = staffed(7, seed, 5, ties=6, zones=2)
    question = ask(county, RULES, brief(), ZONES.declaration)
    zones = sorted(set(question.today))
    named = {question.today.index(zone): zone for zone in zones}
    people = roster(county, question.codes)
    assert people is not None
    teams = form(question, people, question_seats(question, named), named, LACKING, Watch())
    seats = sorted(named, key=lambda seat: named[seat])
    best = min(worth(question, people, seats, named, member) for member in product(range(len(seats)), repeat=5))
    if best == float("inf"):
        assert teams.conflict
        return
    assert teams.objective == pytest.approx(best, rel=1e-3, abs=1)
    assert teams.bound <= best + 1
    place = {named[seat]: at for at, seat in enumerate(seats)}
    assert worth(question, people, seats, named, tuple(place[zone] for zone in teams.zone)) == pytest.approx(teams.objective, abs=1)


def test_a_proposal_has_a_team_sheet_and_one_inspector_for_each_school() -> None:
    county = staffed(14, 3, 7, ties=8, zones=3)
    proposal = ZONES.propose(county, RULES, brief(zones=3))
    assert ZONES.faults(county, RULES, proposal) == ()
    teams, duties = proposal.tables["teams"], proposal.tables["duties"]
    assert teams.height == 7
    assert sorted(duties["school"]) == sorted(county.tables["schools"]["school"])
    of = dict(teams.select("inspector", "zone").iter_rows())
    assert all(of[row["inspector"]] == row["zone"] for row in duties.iter_rows(named=True))
    loads = duties.group_by("zone", "inspector").len().group_by("zone").agg((pl.col("len").max() - pl.col("len").min()).alias("apart"))
    assert loads["apart"].max() <= 1
    tied = set(county.tables["inspector_ties"].select("inspector", "school").iter_rows())
    zone_of = dict(proposal.tables["members"].select("school", "zone").iter_rows())
    assert not [pair for pair in tied if of[pair[0]] == zone_of[pair[1]]]
    after = apply(county, proposal.changes)
    counted = after.tables["zone_inspectors"].group_by("zone").len().sort("zone")["len"].to_list()
    assert counted == after.tables["supervision_zones"].sort("zone")["inspectors"].to_list()


def test_the_verifier_sees_an_inspector_where_he_has_ties() -> None:
    county = staffed(14, 3, 7, ties=8, zones=3)
    proposal = ZONES.propose(county, RULES, brief(zones=3))
    zone_of = dict(proposal.tables["members"].select("school", "zone").iter_rows())
    inspector, school = next(iter(county.tables["inspector_ties"].select("inspector", "school").iter_rows()))
    wrong = replace(proposal.steps[0], changes=(SetValue("zone_inspectors", (inspector,), "zone", zone_of[school]),))
    said = " ".join(fault.en for fault in ZONES.faults(county, RULES, replace(proposal, steps=(*proposal.steps, wrong))))
    assert f"{inspector} must keep from {school}" in said


def test_zones_are_still_proposed_when_nobody_may_go_to_one_and_the_rules_are_told() -> None:
    county = staffed(10, 1, 4)
    tables = {name: county.tables[name].to_dicts() for name in ("schools", "enrolment", "inspectors")}
    ties = [{"inspector": "督学01", "school": row["school"], "reason": "other"} for row in tables["schools"]]
    proposal = ZONES.propose(made(**tables, inspector_ties=ties), RULES, brief(zones=2))
    assert proposal.steps
    assert proposal.note is not None
    assert "督学01进且只进一个没有须回避学校的责任区" in proposal.note.zh
    assert not proposal.tables["teams"].height


def test_an_inspector_without_a_home_counts_no_way_and_is_named() -> None:
    county = staffed(10, 2, 4)
    tables = {name: county.tables[name].to_dicts() for name in ("schools", "enrolment", "inspectors")}
    tables["inspectors"][0]["home"] = None
    proposal = ZONES.propose(made(**tables), RULES, brief(zones=2))
    assert proposal.note is not None
    assert "督学01没有填驻地学校" in proposal.note.zh
    ways = dict(proposal.tables["teams"].select("inspector", "way").iter_rows())
    assert ways["督学01"] is None
    assert all(way is not None for code, way in ways.items() if code != "督学01")


def test_too_few_inspectors_by_name_are_refused_with_the_rule() -> None:
    with pytest.raises(Infeasible) as error:
        ZONES.propose(staffed(14, 2, 5), RULES, brief(zones=3))
    assert "the county has 5 inspectors" in {finding.found.en for finding in error.value.findings}
