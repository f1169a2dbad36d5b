"""Groups of schools: all plans of tiny counties, pins, and what cannot be."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest

from junheng.errors import DataError, Infeasible, Text
from junheng.model.change import apply
from junheng.planning.planners.pairing.groups import fits, grouped
from junheng.planning.planners.pairing.model import solved
from junheng.planning.planners.pairing.prices import Proof
from junheng.planning.planners.pairing.question import Question
from junheng.planning.planners.pairing.strength import CHOICES, standings
from junheng.planning.proposal import Brief, Pin
from junheng.planning.registry import planner
from junheng.planning.solve import Impossible, Limits, Solved
from junheng.planning.solve.engine import NOBODY
from tests.planning.counties import RULES, drawn

PAIRING = planner("pairing")
BRIEF = Brief(planner="pairing", limits=Limits(gap=1e-6))


def question_of(seed: int) -> Question:
    """Return two leads and six schools of three subjects."""
    draw = np.random.default_rng(seed)
    weak, leads = tuple(f"W{k}" for k in range(6)), ("L0", "L1")
    return Question(
        weak=weak,
        leads=leads,
        names={code: code for code in (*weak, *leads)},
        km=np.round(draw.uniform(1, 30, (6, 2)), 1),
        can=draw.random((6, 2)) < 0.95,
        far=np.zeros((6, 2), dtype=np.bool_),
        must=np.zeros((6, 2), dtype=np.bool_),
        lacking=np.round(draw.uniform(0, 1, (6, 3)), 2),
        spare=np.round(draw.uniform(0, 3, (2, 3)), 2),
        today=("L0", "L1", "", "", "L0", ""),
        partners=4,
        balance=10.0,
        help=5.0,
        change=5.0,
    )


@pytest.mark.parametrize("seed", range(8))
def test_it_is_the_best_of_all_plans(seed: int) -> None:
    question = question_of(seed)
    costs = []
    for plan in product((0, 1), repeat=6):
        many = np.bincount(plan, minlength=2)
        if (many < 1).any() or (many > 4).any() or not question.can[np.arange(6), plan].all():
            continue
        load, lacking = np.bincount(plan, weights=question.need, minlength=2), np.zeros((2, 3))
        np.add.at(lacking, list(plan), question.lacking)
        changed = sum(5 for k, lead in enumerate(plan) if question.today[k] not in ("", f"L{lead}"))
        way = question.km[np.arange(6), plan].sum()
        costs.append(way + changed + 10 * (load.max() - load.min()) + 5 * np.maximum(0, lacking - question.spare).sum())
    answer, _ = solved(question, Limits(gap=1e-9), 0, NOBODY)
    if not costs:
        assert not isinstance(answer, Solved)
        return
    assert isinstance(answer, Solved)
    assert answer.objective == pytest.approx(min(costs))


def test_every_school_below_the_mean_is_helped_by_one() -> None:
    county = drawn(14, seed=3)
    proposal = PAIRING.propose(county, RULES, BRIEF)
    links = apply(county, proposal.changes).tables["school_links"]
    assert links["school"].n_unique() == links.height == proposal.tables["members"].height
    assert proposal.tables["groups"]["schools"].sum() == links.height


def test_a_pin_is_kept_and_one_of_a_school_that_is_not_planned_is_told() -> None:
    county = drawn(12, seed=4)
    usual = PAIRING.propose(county, RULES, BRIEF).tables["members"]
    school, lead = usual["school"][0], usual["lead"][-1]
    pinned = PAIRING.propose(county, RULES, replace(BRIEF, pins=(Pin(("schools.school", school), lead),))).tables["members"]
    assert dict(pinned.select("school", "lead").iter_rows())[school] == lead
    with pytest.raises(DataError) as error:
        PAIRING.propose(county, RULES, replace(BRIEF, pins=(Pin(("schools.school", lead), lead),)))
    assert error.value.findings[0].rule == "planning.pin_of_no_pair"


def test_one_lead_for_all_with_one_partner_names_the_rules() -> None:
    with pytest.raises(Infeasible) as error:
        PAIRING.propose(drawn(12), RULES, replace(BRIEF, options={"leads": 1, "partners": 1}))
    assert len(error.value.findings) >= 2


@pytest.mark.parametrize("seed", range(3))
def test_exchange_finds_the_best_groups_and_its_bound_lies_below(seed: int) -> None:
    question = replace(question_of(seed), can=np.ones((6, 2), dtype=np.bool_))
    engine, _ = solved(question, Limits(gap=1e-9), 0, NOBODY)
    assert isinstance(engine, Solved)
    assert fits(question)
    found = grouped(question, np.array([0, 1, 0, 1, 0, 1]), 0.0, Limits(gap=0.1), 0, NOBODY)
    assert found.objective == pytest.approx(engine.objective)
    assert found.bound <= engine.objective + 1e-6
    assert found.bound >= 0.9 * engine.objective


@pytest.mark.parametrize("seed", range(4))
def test_parts_of_the_windows_prove_the_best_groups(seed: int) -> None:
    begun = np.arange(9) % 3
    draw = np.random.default_rng(seed)
    three = replace(
        question_of(seed),
        weak=tuple(f"W{k}" for k in range(9)),
        leads=("L0", "L1", "L2"),
        names={f"{kind}{k}": f"{kind}{k}" for kind in "WL" for k in range(9)},
        km=np.round(draw.uniform(1, 30, (9, 3)), 1),
        can=(draw.random((9, 3)) < 0.9) | (begun[:, None] == np.arange(3)),
        far=np.zeros((9, 3), dtype=np.bool_),
        must=np.zeros((9, 3), dtype=np.bool_),
        lacking=np.round(draw.uniform(0, 2, (9, 1)), 2),
        spare=np.full((3, 1), 1e3),
        today=("",) * 9,
        help=0.0,
    )
    engine, _ = solved(three, Limits(gap=1e-9), 0, NOBODY)
    assert isinstance(engine, Solved)
    proof = Proof(three, 0.0, 1e-6, engine.objective + 5.0, [begun])
    proof.climb()
    found = [engine.objective + 5.0]
    for _ in range(300):
        assert proof.bound <= engine.objective + 1e-6
        if not proof.parts:
            break
        met = proof.go_on(0, NOBODY)
        if met is not None:
            load = np.bincount(met, weights=three.need, minlength=3)
            found.append(float(three.km[np.arange(9), met].sum() + 10 * (load.max() - load.min())))
            proof.aim(min(found))
    assert min(found) == pytest.approx(engine.objective)
    assert proof.bound == pytest.approx(engine.objective, rel=1e-5)


def test_many_pairs_go_by_exchange_and_keep_every_rule() -> None:
    draw = np.random.default_rng(5)
    many = replace(
        question_of(0),
        weak=tuple(f"W{k}" for k in range(90)),
        leads=tuple(f"L{k}" for k in range(10)),
        names={f"{kind}{k}": f"{kind}{k}" for kind, size in (("W", 90), ("L", 10)) for k in range(size)},
        km=np.round(draw.uniform(1, 30, (90, 10)), 1),
        can=draw.random((90, 10)) < 0.9,
        far=np.zeros((90, 10), dtype=np.bool_),
        must=np.arange(900).reshape(90, 10) == 3,
        lacking=np.round(draw.uniform(0, 0.3, (90, 3)), 2),
        spare=np.round(draw.uniform(0, 3, (10, 3)), 2),
        today=("",) * 90,
        partners=11,
    )
    many = replace(many, can=many.can | many.must)
    answer, chosen = solved(many, Limits(gap=0.3), 0, NOBODY)
    assert (chosen.sum(axis=1) == 1).all()
    assert chosen[0, 3] == 1
    assert (chosen.sum(axis=0) <= 11).all()
    assert (chosen.sum(axis=0) >= 1).all()
    assert many.can[chosen > 0].all()
    load = chosen.T @ many.need
    unmet = np.maximum(0, chosen.T @ many.lacking - many.spare).sum()
    total = (chosen * many.km).sum() + 10 * (load.max() - load.min()) + 5 * unmet
    assert not isinstance(answer, Impossible)
    assert answer.objective == pytest.approx(total)
    assert answer.bound <= answer.objective


def test_groups_beside_keep_every_rule_and_are_best_at_what_they_are_after() -> None:
    first = drawn(14, seed=3)
    county = apply(first, PAIRING.propose(first, RULES, replace(BRIEF, options={"balance": 1000})).changes)
    proposal = PAIRING.propose(county, RULES, BRIEF)
    told = {other.title.zh: other for other in proposal.alternatives}
    assert told
    for other in told.values():
        as_proposal = replace(proposal, steps=other.steps, objective=other.objective, bound=other.bound)
        assert PAIRING.faults(county, RULES, as_proposal) == ()
        assert other.objective >= proposal.objective - 1e-6
        assert sum(part.amount * part.weight for part in other.amounts) == pytest.approx(other.objective)
    if "变动最少" in told:
        assert len(told["变动最少"].steps) <= len(proposal.steps)
    assert PAIRING.propose(county, RULES, replace(BRIEF, beside=False)).alternatives == ()


def test_who_needs_help_misses_items_or_lacks_teachers_and_the_table_says_why() -> None:
    schools = pl.DataFrame({"main": ["A", "B", "C"], "backbone": [1, 9, 5], "teachers": [20, 20, 20]})
    missed = {"C": (Text("生均教学用房", "rooms"),)}
    strong = {by: [one.strong for one in standings(schools, np.array([0.0, 6.0, 0.0]), missed, by).values()] for by in CHOICES}
    assert strong == {"standard": [True, False, False], "backbone": [False, True, True], "both": [False, False, False]}
    proposal = PAIRING.propose(drawn(14, seed=3), RULES, BRIEF)
    table = proposal.tables["standing"]
    assert set(table.filter(pl.col("role") == "需要帮扶")["school"]) == set(proposal.tables["members"]["school"])
    assert table.filter(pl.col("why") == "").is_empty()
    assert table["missed"].sum() > 0
    assert all("；" in step.reason.zh.split("名；")[0] for step in proposal.steps)
