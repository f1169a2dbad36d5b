"""Posts of schools: all plans of tiny counties, evenness and its price, totals that stay, and what cannot be."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from junheng.errors import DataError, Infeasible
from junheng.model.change import SetValue, apply
from junheng.planning.planners.teacher_posts.model import solved
from junheng.planning.planners.teacher_posts.others import box, most_even, posts_of
from junheng.planning.planners.teacher_posts.parts import level, parted
from junheng.planning.planners.teacher_posts.question import Question
from junheng.planning.planners.teacher_posts.rounds import COUNTY, DISTRICT, Pass, passes, steps, turns
from junheng.planning.proposal import Brief, Pin
from junheng.planning.registry import planner
from junheng.planning.solve import Limits, Solved
from junheng.planning.solve.engine import NOBODY
from tests.planning.counties import RULES, drawn

POSTS = planner("teacher_posts")
BRIEF = Brief(planner="teacher_posts")


def question_of(seed: int) -> Question:
    """Return three schools of two subjects: small enough for every split to be tried."""
    draw = np.random.default_rng(seed)
    due = draw.uniform(1, 5, 6)
    today = draw.integers(1, 5, 6)
    school_of = np.repeat(np.arange(3), 2)
    approved = np.bincount(school_of, weights=today).astype(np.int64)
    return Question(
        codes=("A", "B", "C"),
        names=("A", "B", "C"),
        district=np.array([0, 0, 1]),
        due=np.bincount(school_of, weights=due),
        floor=np.ones(3, dtype=np.int64),
        today=approved,
        total=int(approved.sum()),
        school_of=school_of,
        subject=("chinese", "pe") * 3,
        item_due=due,
        item_today=today,
        band=0.1,
        lacking=2.0,
    )


def _cost(question: Question, items: np.ndarray) -> float | None:
    total = np.bincount(question.school_of, weights=items)
    if items.sum() != question.total or (total < question.least()).any() or (total > question.most()).any():
        return None
    goal = np.floor(question.even[question.school_of] * question.item_due + 1e-9)
    moved = np.abs(total - question.today).sum() * 0.5 + 0.005 * np.maximum(0, items - question.item_today).sum()
    return float(moved + 0.01 * np.maximum(0, goal - items).sum())


@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_best_of_all_plans(seed: int) -> None:
    question = question_of(seed)
    plans = product(range(int(question.item_due.max() * 1.5) + 3), repeat=5)
    costs = []
    for plan in plans:
        last = question.total - sum(plan)
        if last >= 0 and (cost := _cost(question, np.array([*plan, last]))) is not None:
            costs.append(cost)
    answer = solved(question, Limits(gap=0), 0, NOBODY)
    assert isinstance(answer, Solved)
    assert answer.objective == pytest.approx(min(costs))
    items = answer.of(question.gets(answer))
    assert np.abs(items - np.rint(items)).max() < 1e-7
    assert _cost(question, np.rint(items)) == pytest.approx(min(costs))


def test_the_total_stays_and_coverage_comes_nearer() -> None:
    county = drawn(14, seed=3)
    proposal = POSTS.propose(county, RULES, BRIEF)
    after = apply(county, proposal.changes)
    assert after.tables["posts"]["approved"].sum() == county.tables["posts"]["approved"].sum()
    schools = proposal.tables["schools"]
    assert schools["covered_after"].std() <= schools["covered_before"].std()
    assert proposal.tables["subjects"]["after"].sum() == after.tables["posts"]["approved"].sum()


def test_evenness_has_a_price_that_falls_as_the_band_widens() -> None:
    moved = POSTS.propose(drawn(14, seed=3), RULES, BRIEF).tables["fairness"]["moved"].to_list()
    assert moved == sorted(moved, reverse=True)


def test_the_rounds_add_up_to_all_that_moves() -> None:
    proposal = POSTS.propose(drawn(12, seed=4, zones=2), RULES, BRIEF)
    inside, between, county = proposal.tables["rounds"]["posts"].to_list()
    change = proposal.tables["subjects"]
    assert inside + between + county == (change["after"] - change["before"]).clip(0).sum()
    assert between + county == proposal.amounts[0].amount


def test_a_total_below_all_floors_names_the_rules() -> None:
    with pytest.raises(Infeasible) as error:
        POSTS.propose(drawn(6), RULES, replace(BRIEF, options={"total": 1, "least": 3}))
    assert len(error.value.findings) >= 2


def test_no_approved_posts_is_told() -> None:
    county = drawn(4)
    bare = replace(county, tables={**county.tables, "posts": county.tables["posts"].clear()})
    with pytest.raises(DataError) as error:
        POSTS.propose(bare, RULES, BRIEF)
    assert error.value.findings[0].rule == "planning.no_approved_posts"


def test_posts_are_passed_on_inside_of_a_district_before_the_county_and_add_up() -> None:
    # School 0 gives 3, 1 and 2 take 1 and 2; 0 and 1 are of one district: one post stays in it, two go to the other.
    question = replace(
        question_of(1),
        district=np.array([0, 0, 1]),
        today=np.array([6, 2, 2]),
        due=np.array([4.0, 4.0, 4.0]),
        total=10,
    )
    found = passes(question, np.array([3, 3, 4]))
    assert [(one.round, one.giver, one.taker, one.posts) for one in found] == [(DISTRICT, 0, 1, 1), (COUNTY, 0, 2, 2)]
    one, two = steps(question, np.array([3, 3, 4]))
    assert [change.value for change in one.changes if isinstance(change, SetValue)] == [5, 3]
    assert [change.value for change in two.changes if isinstance(change, SetValue)] == [3, 4]
    assert "由150%到125%" in one.reason.zh


def test_new_posts_come_from_the_county_and_subjects_change_inside_first() -> None:
    question = replace(question_of(1), district=np.array([0, 0, 1]), today=np.array([2, 2, 2]), due=np.array([4.0, 4.0, 4.0]), total=7)
    assert passes(question, np.array([3, 2, 2])) == (Pass(COUNTY, -1, 0, 1),)
    items = question.item_today.copy()
    first, second = np.flatnonzero(question.school_of == 0)[:2]
    items[first] -= 1
    items[second] += 1
    assert [(one.school, one.posts) for one in turns(question, items)] == [(0, 1)]


def test_posts_turn_first_into_subjects_that_somebody_there_can_teach() -> None:
    # 2 posts of A and 1 of B become 2 of C and 1 of D; one teacher of A can teach D, and one of B can teach C.
    base = replace(question_of(1), school_of=np.zeros(4, dtype=np.int64), subject=("a", "b", "c", "d"), item_today=np.array([2, 1, 0, 0]))
    question = replace(base, able={(0, "a", "d"): 1, (0, "b", "c"): 3})
    found = {(one.before, one.after): (one.posts, one.able) for one in turns(question, np.array([0, 0, 2, 1]))}
    assert found == {("a", "d"): (1, 1), ("b", "c"): (1, 1), ("a", "c"): (1, 0)}


@pytest.mark.parametrize("seed", range(4))
def test_the_most_even_posts_are_those_of_all_plans(seed: int) -> None:
    question = replace(question_of(seed), band=3.0)
    least, most = box(question)
    plans = [np.array(plan) for plan in product(*(range(low, min(high, 14) + 1) for low, high in zip(least, most, strict=True)))]
    best = max(sorted((plan / question.due).tolist()) for plan in plans if plan.sum() == question.total)
    found = most_even(question)
    assert found is not None
    assert sorted((found / question.due).tolist()) == pytest.approx(best)


def test_other_ways_to_be_even_have_their_price() -> None:
    county = drawn(14, seed=3)
    proposal = POSTS.propose(county, RULES, replace(BRIEF, options={"band": 20}))
    rows = {row["plan"]: row for row in proposal.tables["evenness"].iter_rows(named=True)}
    this, even, calm = rows["本方案"], rows["逐校最均匀"], rows["变动最少、只守下限"]
    assert even["lowest"] >= this["lowest"] >= calm["lowest"]
    assert even["moved"] >= this["moved"] >= calm["moved"]
    assert even["variation"] <= this["variation"]
    for other in proposal.alternatives:
        assert sum(part.amount * part.weight for part in other.amounts) == pytest.approx(other.objective)
        after = apply(county, other.changes).tables["posts"]["approved"]
        assert after.sum() == county.tables["posts"]["approved"].sum()
    assert POSTS.propose(county, RULES, replace(BRIEF, beside=False)).alternatives == ()


def pin(what: str, to: str) -> Pin:
    return Pin(("posts.school/subject" if "/" in what else "posts.school", what), to)


def test_posts_are_pinned_by_school_and_by_subject() -> None:
    county, wide = drawn(10, seed=3), {"band": 60}
    usual = POSTS.propose(county, RULES, replace(BRIEF, options=wide))
    today = dict(county.tables["posts"].select("school", "approved").iter_rows())
    one, two, three = list(today)[:3]
    subjects = usual.tables["subjects"].filter(usual.tables["subjects"]["school"] == three)
    held = int(subjects.filter(subjects["subject"] == "体育与健康")["after"][0])
    brief = replace(
        BRIEF,
        options=wide,
        pins=(pin(one, "keep"), pin(two, str(today[two] - 1)), pin(f"{three}/pe", str(held + 1))),
        forbids=(pin(three, "fewer"),),
    )
    proposal = POSTS.propose(county, RULES, brief)
    then = dict(apply(county, proposal.changes).tables["posts"].select("school", "approved").iter_rows())
    assert (then[one], then[two]) == (today[one], today[two] - 1)
    assert then[three] >= today[three]
    told = proposal.tables["subjects"]
    assert told.filter((told["school"] == three) & (told["subject"] == "体育与健康"))["after"][0] == held + 1
    assert POSTS.faults(county, RULES, proposal) == ()
    free = replace(proposal, brief=replace(brief, pins=(pin(one, str(today[one] + 1)),)))
    assert POSTS.faults(county, RULES, free)


@pytest.mark.parametrize(
    ("pins", "forbids", "rule"),
    [
        ([("A", "fewer")], [], "planning.posts_pin_word"),
        ([], [("A", "12")], "planning.posts_pin_word"),
        ([("A/history", "1")], [], "planning.pin_of_no_posts"),
        ([("A", "1")], [("A", "fewer")], "planning.posts_pin_against_forbid"),
        ([("A", "2"), ("A/pe", "3")], [], "planning.posts_pins_beyond"),
        ([("A", "5000")], [], "planning.posts_pins_beyond"),
        ([("A", "5"), ("A", "6")], [], "planning.pinned_twice"),
        ([("A/nonsense", "6")], [], "planning.pin_of_unknown_code"),
        ([("A", "some")], [], "planning.pin_of_unknown_code"),
    ],
)
def test_pins_of_posts_that_contradict_each_other_are_told(pins: list, forbids: list, rule: str) -> None:  # type: ignore[type-arg]
    county = drawn(4)
    code = county.tables["posts"]["school"][0]
    made = [tuple(pin(what.replace("A", code), to) for what, to in each) for each in (pins, forbids)]
    with pytest.raises(DataError) as error:
        POSTS.propose(county, RULES, replace(BRIEF, pins=made[0], forbids=made[1]))
    assert rule in {finding.rule for finding in error.value.findings}


def test_a_pin_against_the_band_names_both_rules() -> None:
    county = drawn(6, seed=3)
    code = county.tables["posts"]["school"][0]
    with pytest.raises(Infeasible) as error:
        POSTS.propose(county, RULES, replace(BRIEF, pins=(pin(code, "30"),)))
    told = " ".join(finding.found.zh for finding in error.value.findings)
    assert "按指定为30名" in told
    assert "均衡上限" in told


def test_posts_stay_among_schools_of_their_stages_and_nobody_is_brought_above_what_is_due() -> None:
    # A has 2 more than are due and B lacks 1: of compulsory education; C, a senior school, lacks 3 and gets none unless all may pass on.
    base = replace(
        question_of(1),
        today=np.array([6, 3, 2]),
        due=np.array([4.0, 4.0, 5.0]),
        total=11,
        floor=np.zeros(3, dtype=np.int64),
        school_of=np.arange(3),
        subject=("",) * 3,
        item_due=np.array([4.0, 4.0, 5.0]),
        item_today=np.array([6, 3, 2]),
        band=0.0,
    )
    levels = ("primary", "junior", "senior")
    after = {}
    for crossing in ("stage", "compulsory", "all"):
        question = replace(base, apart=parted(levels, crossing, base.today, base.due, base.total))
        answer = solved(question, Limits(gap=0), 0, NOBODY)
        assert isinstance(answer, Solved)
        after[crossing] = posts_of(question, answer).tolist()
    assert after["stage"] == [6, 3, 2]
    assert after["compulsory"] == [5, 4, 2]
    assert after["all"] == [4, 3, 4]
    assert parted(levels, "stage", base.today, base.due, 15).totals.tolist() == [6, 4, 5]
    assert [level("vocational", {"senior"}), level("nine_year", {"primary", "junior"}), level(None, {"preschool"})] == [
        "vocational",
        "junior",
        "preschool",
    ]


def test_the_verifier_sees_a_post_that_crosses_and_a_school_above_its_due() -> None:
    county = drawn(10, seed=3)
    proposal = POSTS.propose(county, RULES, BRIEF)
    today = dict(county.tables["posts"].select("school", "approved").iter_rows())
    due = dict(proposal.tables["schools"].select("school", "due").iter_rows())
    code = proposal.tables["schools"]["school"][0]
    too_many = SetValue("posts", (code,), "approved", int(max(due[code], today[code])) + 1)
    step = replace(proposal.steps[0], changes=(*proposal.steps[-1].changes, too_many))
    told = " ".join(fault.zh for fault in POSTS.faults(county, RULES, replace(proposal, steps=(*proposal.steps, step))))
    assert "超过应配" in told
    assert "合计" in told
