"""Who goes where: all plans of tiny counties, wishes that are stable, couples, returns, pins, and what cannot be."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from junheng.model.change import AddRow, SetValue, apply
from junheng.model.county import County
from junheng.planning.planners.teacher_rotation import change
from junheng.planning.planners.teacher_rotation.case import Case, Weights
from junheng.planning.planners.teacher_rotation.change import again, barred, kept, narrower, sent
from junheng.planning.planners.teacher_rotation.choose import Chosen, choose
from junheng.planning.planners.teacher_rotation.keeping import counted, may_leave
from junheng.planning.planners.teacher_rotation.prices import priced
from junheng.planning.planners.teacher_rotation.wishes import granted
from junheng.planning.proposal import Brief, Pin, Proposal
from junheng.planning.registry import planner
from junheng.planning.solve import Limits
from junheng.planning.solve.engine import NOBODY
from tests.planning.counties import RULES, drawn, school_code

ROTATION = planner("teacher_rotation")


def asked(county: County, **more: object) -> Proposal:
    return ROTATION.propose(county, RULES, Brief(planner="teacher_rotation", limits=Limits(gap=1e-6), **more))  # type: ignore[arg-type]


def case_of(seed: int, teachers: int = 6, units: int = 3, *, second: bool = False) -> Case:
    """Return a case small enough for every plan to be tried."""
    draw = np.random.default_rng(seed)
    unit, subject = draw.integers(0, units, teachers), draw.integers(0, 2, teachers)
    pairs = [(t, u) for t in range(teachers) for u in range(units) if u != unit[t] and draw.random() < 0.8]
    held = np.bincount(unit * 2 + subject, minlength=units * 2)
    need, teaches = np.round(draw.uniform(0, 3, units * 2), 2), [int(subject[t]) for t, _ in pairs]
    if second:  # every other teacher can teach the other subject, too, where it is lacking
        fills = [(t, u) for t, u in pairs if t % 2 and need[u * 2 + 1 - subject[t]] > held[u * 2 + 1 - subject[t]]]
        ways = sorted([*((t, u, 0) for t, u in pairs), *((t, u, 1) for t, u in fills)])
        pairs, teaches = [(t, u) for t, u, _ in ways], [int(abs(other - subject[t])) for t, _, other in ways]
    couple = np.full(teachers, -1)
    couple[:2] = 0
    return Case(
        names=tuple(f"T{t}" for t in range(teachers)),
        units=tuple(f"U{u}" for u in range(units)),
        subject_names=(("语文", "Chinese"), ("体育", "PE")),
        unit=unit,
        subject=subject,
        is_backbone=draw.random(teachers) < 0.5,
        couple=couple,
        arc_teacher=np.array([t for t, _ in pairs]),
        arc_unit=np.array([u for _, u in pairs]),
        arc_subject=np.array(teaches),
        arc_km=np.round(draw.uniform(0, 20, len(pairs)), 1),
        arc_down=draw.random(len(pairs)) < 0.3,
        must=np.zeros(0, dtype=np.int64),
        stays=np.zeros(teachers, dtype=np.bool_),
        need=need,
        held=held,
        may_leave=np.maximum(1, held // 2),
        net_least=np.full(units, -1),
        net_most=np.full(units, 1),
        even=draw.integers(0, 3, units),
        backbone=np.bincount(unit, weights=draw.random(teachers) < 0.5, minlength=units).astype(np.int64),
        eligible=teachers,
        settled=0,
        settled_backbone=0,
        least_share=0.2,
        most_share=0.6,
        backbone_share=0.2,
        weights=Weights(shortage=100, backbone=30, move=15, direction=10, second=12),
    )


def _cost(case: Case, arcs: list[int]) -> float | None:
    """Return what a plan costs, by arithmetic of our own; None where it breaks a rule."""
    moved = [(int(case.arc_teacher[a]), int(case.arc_unit[a]), int(case.arc_subject[a])) for a in arcs]
    many, backbone = len(moved), sum(bool(case.is_backbone[t]) for t, _, _ in moved)
    if not case.least <= many <= case.most or backbone < case.backbone_share * many - 1e-9 or {0, 1} <= {t for t, _, _ in moved}:
        return None
    held, strong, net = case.held.copy(), case.backbone.copy(), np.zeros(len(case.units), dtype=int)
    out = np.zeros(len(held), dtype=int)
    others = 0
    for t, u, taught in moved:
        here, s = int(case.unit[t]), int(case.subject[t])
        others += taught != s
        held[here * 2 + s] -= 1
        held[u * 2 + taught] += 1
        out[here * 2 + s] += 1
        net[here], net[u] = net[here] - 1, net[u] + 1
        strong[here], strong[u] = strong[here] - int(case.is_backbone[t]), strong[u] + int(case.is_backbone[t])
    if (out > case.may_leave).any() or (net < case.net_least).any() or (net > case.net_most).any():
        return None
    lacking, uneven = np.maximum(0, case.need - held).sum(), np.maximum(0, case.even - strong).sum()
    alone = sum(15 + float(case.arc_km[a]) - 10 * bool(case.arc_down[a]) for a in arcs)
    return float(alone + 12 * others + 100 * lacking + 30 * uneven)


@pytest.mark.parametrize("seed", range(16))
def test_it_is_the_best_of_all_plans(seed: int) -> None:
    case = case_of(seed, second=seed % 2 == 0)
    of = [[None, *np.flatnonzero(case.arc_teacher == t).tolist()] for t in range(len(case.names))]
    costs = [cost for plan in product(*of) if (cost := _cost(case, [a for a in plan if a is not None])) is not None]
    found = choose(case, Limits(gap=1e-9), 0, NOBODY)
    if not costs:
        assert not isinstance(found, Chosen)
        return
    assert isinstance(found, Chosen)
    assert found.objective == pytest.approx(min(costs))
    assert _cost(case, found.arcs.tolist()) == pytest.approx(min(costs))
    assert found.bound <= min(costs) + 1e-6


def test_wishes_are_stable() -> None:
    # One place at unit 0, one at unit 1. 7 goes first and wants 0; 8 wants 0, then 1; 9 wants 1 and comes last.
    assert granted([7, 8, 9], {7: [0], 8: [0, 1], 9: [1]}, np.zeros(10, dtype=int), np.array([1, 1]), 1) == {7: 0, 8: 1}


def test_transfers_add_up_to_nothing_by_kind() -> None:
    county = drawn(12, seed=5)
    after = apply(county, asked(county).changes)
    for table in ("staff", "staff_subjects"):
        for column, kind in county.tables[table].schema.items():
            if kind.is_numeric():
                assert county.tables[table][column].sum() == after.tables[table][column].sum(), column


def test_the_shares_of_the_standard_are_kept_and_backbone_is_not_less_even() -> None:
    county = drawn(16, seed=6)
    proposal = asked(county)
    stays = proposal.tables["stays"]
    eligible = stays.filter(stays["eligible"] == "是").height + len(proposal.steps)
    assert len(proposal.steps) >= 0.1 * eligible
    moves = proposal.tables["moves"]
    assert moves.filter(moves["backbone"] != "不是骨干").height >= 0.2 * moves.height
    row = proposal.tables["shares"].row(-1)
    assert float(row[2]) <= float(row[1])


def test_a_pin_is_kept_and_a_forbidden_place_not_taken() -> None:
    county = drawn(10, seed=7)
    free = asked(county).tables["moves"].row(0, named=True)
    home = Pin(("teachers.teacher", free["teacher"]), free["from"])
    assert free["teacher"] not in asked(county, pins=(home,)).tables["moves"]["teacher"].to_list()
    never = Pin(("teachers.teacher", free["teacher"]), free["to"])
    again = asked(county, forbids=(never,)).tables["moves"]
    assert again.filter((again["teacher"] == free["teacher"]) & (again["to"] == free["to"])).is_empty()
    pinned = asked(county, pins=(never,)).tables["moves"]
    assert pinned.filter((pinned["teacher"] == free["teacher"]) & (pinned["to"] == free["to"])).height == 1


def test_couples_do_not_both_go_and_a_pin_of_both_is_told() -> None:
    county = drawn(10, seed=8)
    moves = asked(county).tables["moves"]
    one, other = moves["teacher"][0], moves["teacher"][1]
    married = apply(county, [SetValue("teachers", (one,), "partner", other), SetValue("teachers", (other,), "partner", one)])
    gone = set(asked(married).tables["moves"]["teacher"].to_list())
    assert not {one, other} <= gone
    pins = tuple(Pin(("teachers.teacher", row["teacher"]), row["to"]) for row in moves.head(2).iter_rows(named=True))
    with pytest.raises(DataError) as error:
        asked(married, pins=pins)
    assert error.value.findings[0].rule == "planning.couple_both_pinned"
    single = asked(married, pins=pins[:1])
    assert "配偶" in single.tables["stays"].filter(single.tables["stays"]["teacher"] == other)["reason"][0]


def test_who_is_back_after_a_term_goes_to_the_school_that_kept_the_post() -> None:
    county = drawn(8, seed=9)
    teacher = county.tables["teachers"]["teacher"][0]
    away = apply(
        county, [SetValue("teachers", (teacher,), "origin", school_code(3)), SetValue("teachers", (teacher,), "return_year", 2026)]
    )
    first = asked(away).tables["moves"].row(0, named=True)
    assert (first["teacher"], first["to"], first["kind"]) == (teacher, school_code(3), "期满返回")


def test_a_wish_for_a_school_that_lacks_is_granted_and_told_as_one() -> None:
    county = drawn(8, seed=10)
    usual = asked(county).tables
    short = usual["schools"].sort("lacking_before", descending=True)["school"][0]
    teachers = county.tables["teachers"]
    eligible = set(usual["stays"].filter(usual["stays"]["eligible"] == "是")["teacher"].to_list())
    who = next(
        row["teacher"]
        for row in teachers.iter_rows(named=True)
        if row["teacher"] in eligible and row["subject"] == "chinese" and row["school"] != short
    )
    wished = apply(county, [AddRow("teacher_wishes", {"teacher": who, "rank": 1, "school": short})])
    moves = asked(wished).tables["moves"]
    kinds = dict(moves.select("teacher", "kind").iter_rows())
    assert kinds.get(who) in ("志愿", None)
    told = asked(wished).tables["wishes"].row(0, named=True)
    assert told["outcome"] == ("已满足" if kinds.get(who) == "志愿" else "未满足")
    assert told["reason"]
    assert ROTATION.faults(wished, RULES, asked(wished)) == ()


def test_who_is_refused_a_wish_is_told_why() -> None:
    county = drawn(8, seed=10)
    teachers = county.tables["teachers"]
    full = asked(county).tables["schools"].sort("lacking_before")["school"][0]
    who = [row["teacher"] for row in teachers.iter_rows(named=True) if row["school"] != full][:4]
    changes = [AddRow("teacher_wishes", {"teacher": code, "rank": 1, "school": full}) for code in who]
    outcomes = asked(apply(county, changes)).tables["wishes"]
    assert outcomes["teacher"].to_list() == sorted(who)
    assert outcomes["reason"].str.len_chars().min() > 0


def test_everybody_near_retirement_or_new_is_told_with_numbers() -> None:
    county = drawn(4, seed=11)
    changes = [SetValue("teachers", (code,), "since", 2024) for code in county.tables["teachers"]["teacher"]]
    with pytest.raises(DataError) as error:
        asked(apply(county, changes))
    assert error.value.findings[0].rule == "planning.nobody_is_eligible"
    assert "未满规定年限" in error.value.findings[0].found.zh


def test_no_register_is_told() -> None:
    county = drawn(4)
    with pytest.raises(DataError) as error:
        asked(replace(county, tables={**county.tables, "teachers": county.tables["teachers"].clear()}))
    assert error.value.findings[0].rule == "planning.no_register"


def test_shares_that_nobody_can_meet_name_the_rules() -> None:
    with pytest.raises(Infeasible) as error:
        asked(drawn(8), options={"share": 60, "most": 5})
    assert len(error.value.findings) >= 2


def test_an_unknown_birth_or_home_is_no_ground_to_send_anybody() -> None:
    county = drawn(6, seed=12)
    codes = county.tables["teachers"]["teacher"].to_list()
    blind = apply(county, [SetValue("teachers", (codes[0],), "born", None), SetValue("teachers", (codes[3],), "home", None)])
    stays = {row["teacher"]: row["reason"] for row in asked(blind).tables["stays"].iter_rows(named=True)}
    assert "出生年月" in stays[codes[0]]
    assert "居住地" in stays[codes[3]]


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_with_a_way_costs_less_than_the_bound_and_what_the_way_adds(seed: int) -> None:
    case = case_of(seed, second=seed % 2 == 0)
    prices = priced(case)
    of = [[None, *np.flatnonzero(case.arc_teacher == t).tolist()] for t in range(len(case.names))]
    for plan in product(*of):
        arcs = [a for a in plan if a is not None]
        cost = _cost(case, arcs)
        if cost is not None:
            assert cost >= prices.bound - 1e-6
            assert all(cost >= prices.bound + prices.extra[a] - 1e-6 for a in arcs)


@pytest.mark.parametrize("seed", range(8))
def test_one_changed_move_is_solved_again_as_if_anew(seed: int) -> None:
    case = case_of(seed, teachers=7, second=seed % 2 == 0)
    before = choose(case, Limits(gap=1e-9), 0, NOBODY)
    if not isinstance(before, Chosen) or not len(before.arcs):
        return
    teacher, unit = int(case.arc_teacher[before.arcs[0]]), int(case.arc_unit[before.arcs[0]])
    other = int(case.arc_teacher[0]), int(case.arc_unit[0])
    for changed in (kept(case, teacher), barred(case, teacher, unit), sent(case, *other, 0.0)):
        anew, warm = (choose(changed, Limits(gap=1e-9), 0, NOBODY), again(changed, case, before, Limits(gap=1e-9), 0, NOBODY))
        assert isinstance(warm, Chosen) == isinstance(anew, Chosen)
        if isinstance(warm, Chosen) and isinstance(anew, Chosen):
            assert warm.bound - 1e-6 <= anew.objective <= warm.objective + 1e-6
            assert _cost(changed, warm.arcs.tolist()) == pytest.approx(warm.objective)


@pytest.mark.parametrize("seed", range(6))
def test_a_change_that_only_forbids_is_solved_among_the_ways_that_were_near(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "_REACH", 6.0)
    case = case_of(seed, teachers=7, second=seed % 2 == 0)
    before = choose(case, Limits(gap=1e-9), 0, NOBODY)
    if not isinstance(before, Chosen) or not len(before.arcs):
        return
    teacher, unit = int(case.arc_teacher[before.arcs[0]]), int(case.arc_unit[before.arcs[0]])
    assert narrower(case, kept(case, teacher)) is None
    for changed in (kept(case, teacher), barred(case, teacher, unit)):
        assert narrower(changed, case) is not None
        anew = choose(changed, Limits(gap=1e-9), 0, NOBODY)
        near = again(changed, case, before, Limits(gap=0.05), 0, NOBODY)
        if isinstance(near, Chosen) and isinstance(anew, Chosen):
            assert near.bound - 1e-6 <= anew.objective <= near.objective + 1e-6
            assert _cost(changed, near.arcs.tolist()) <= near.objective + 1e-6
            for arc in anew.arcs:  # the best plan takes these ways: what each adds to the bound at least is no more
                assert near.priced.bound + near.reduced[arc] <= anew.objective + 1e-6


def test_who_is_asked_what_it_costs_to_keep_somebody_learns_who_goes_instead() -> None:
    county = drawn(12, seed=7)
    brief = Brief(planner="teacher_rotation", limits=Limits(gap=1e-6))
    move = asked(county).tables["moves"].row(0, named=True)
    pin = Pin(("teachers.teacher", move["teacher"]), move["from"])
    first, second = ROTATION.reconsider(county, RULES, (brief, replace(brief, pins=(pin,))))
    assert isinstance(second, Proposal)
    assert second.objective >= first.bound - 1e-6
    assert move["teacher"] not in second.tables["moves"]["teacher"].to_list()
    assert ROTATION.faults(county, RULES, second) == ()


def test_no_school_falls_below_a_standard_by_those_who_leave() -> None:
    # A school of 100 pupils keeps one backbone teacher of one: at the limit of 1 per 100, so that teacher stays.
    county = drawn(12, seed=7)
    room = may_leave(county, RULES)
    proposal = asked(county)
    then = counted(apply(county, proposal.changes), RULES)
    assert room
    assert all(then[key].has >= then[key].least - 1e-9 for key in room)
    told = proposal.tables["stays"].filter(proposal.tables["stays"]["reason"].str.contains("低于标准")).height
    free = asked(county, options={"keep": False}).tables["stays"]
    assert told > 0
    assert free.filter(free["reason"].str.contains("低于标准")).is_empty()


def test_a_shortage_is_filled_with_the_second_subject_and_the_reason_says_so() -> None:
    county = drawn(8, seed=5)
    able = [row["teacher"] for row in county.tables["teachers"].iter_rows(named=True) if row["subject"] == "chinese"]
    asks = apply(county, [SetValue("teachers", (code,), "second_subject", "music") for code in able])
    proposal = asked(asks)
    then = apply(asks, proposal.changes)
    switched = proposal.tables["moves"].filter(pl.col("teaches") == "音乐")
    assert switched.height > 0
    assert switched["reason"].str.contains("以第二学科音乐补该校学科缺额（第一学科语文）").all()
    code = switched["teacher"][0]
    now = then.tables["teachers"].row(by_predicate=pl.col("teacher") == code, named=True)
    assert (now["subject"], now["second_subject"], now["school"]) == ("music", "chinese", switched["to"][0])
    change = then.tables["staff_subjects"]["music"].sum() - asks.tables["staff_subjects"]["music"].sum()
    assert change == switched.height == asks.tables["staff_subjects"]["chinese"].sum() - then.tables["staff_subjects"]["chinese"].sum()
    assert ROTATION.faults(asks, RULES, proposal) == ()
    without = asked(asks, options={"second_subject": False})
    assert without.tables["moves"].filter(pl.col("teaches") != pl.col("subject")).is_empty()
    assert without.objective >= proposal.objective
    pin = Pin(("teachers.teacher", code), switched["to"][0])
    assert code in asked(asks, pins=(pin,)).tables["moves"].filter(pl.col("to") == pin.to)["teacher"].to_list()
    taught = SetValue("teachers", (code,), "subject", "music")
    wrong = [replace(s, changes=tuple(replace(c, value="science") if c == taught else c for c in s.changes)) for s in proposal.steps]
    assert any("改教" in fault.zh for fault in ROTATION.faults(asks, RULES, replace(proposal, steps=tuple(wrong))))


def test_plans_beside_keep_every_rule_and_are_counted_as_the_brief_counts() -> None:
    county = drawn(12, seed=13)
    proposal = asked(county)
    assert proposal.alternatives
    for other in proposal.alternatives:
        as_proposal = replace(proposal, steps=other.steps, objective=other.objective, bound=other.bound, amounts=other.amounts)
        assert ROTATION.faults(county, RULES, as_proposal) == ()
        assert other.objective >= proposal.objective - 1e-6
        assert sum(part.amount * part.weight for part in other.amounts) == pytest.approx(other.objective)
    of = {other.title.zh: other.amounts for other in proposal.alternatives}
    if "补缺最多" in of:
        assert of["补缺最多"][0].amount <= proposal.amounts[0].amount + 1e-9
    if "路最近" in of:
        assert of["路最近"][2].amount <= proposal.amounts[2].amount + 1e-9
    assert asked(county, beside=False).alternatives == ()


def test_whoever_goes_home_from_a_school_at_the_standard_is_made_up_for_and_else_it_is_told() -> None:
    county = drawn(12, seed=7)
    tight = {key[0] for key, rest in may_leave(county, RULES).items() if rest == 0 and key[2] == "backbone"}
    teachers = county.tables["teachers"].filter(pl.col("backbone").is_not_null() & (pl.col("backbone") != "none"))
    row = next(row for row in teachers.iter_rows(named=True) if row["school"] in tight)
    home = next(code for code in county.tables["schools"]["school"] if code != row["school"])
    changes = [SetValue("teachers", (row["teacher"],), "origin", home), SetValue("teachers", (row["teacher"],), "return_year", 2026)]
    away = apply(county, changes)
    proposal = asked(away)
    assert ROTATION.faults(away, RULES, proposal) == ()
    told = proposal.tables["below"].filter(pl.col("item") == "每百名学生骨干教师").row(0, named=True)
    assert (told["school"], told["outcome"], proposal.note) == (row["school"], "达标", None)
    assert told["sent"]
    step = next(step for step in proposal.steps if step.title.zh.startswith(row["teacher"]))
    assert f"由{told['sent']}补上" in step.reason.zh
    never = tuple(Pin(("teachers.teacher", code), row["school"]) for code in teachers["teacher"] if code != row["teacher"])
    nobody = asked(away, forbids=never)
    assert "将由达标变为未达标" in (nobody.note.zh if nobody.note else "")
    assert ROTATION.faults(away, RULES, nobody) == ()


def test_who_carries_the_load_counts_wishes_as_the_shares_do() -> None:
    county = drawn(8, seed=10)
    stays = asked(county, options={"keep": False}).tables["stays"].filter(pl.col("eligible") == "是")
    who, own = stays.select("teacher", "school").row(0)
    wish = next(code for code in county.tables["schools"]["school"] if code != own)
    changes = [SetValue("teachers", (who,), "subject", "music"), AddRow("teacher_wishes", {"teacher": who, "rank": 1, "school": wish})]
    tables = asked(apply(county, changes), options={"keep": False}).tables
    assert "志愿" in tables["moves"]["kind"].to_list()
    shares = dict(tables["shares"].select("item", "after").iter_rows())
    load = tables["fairness"].row(0, named=True)
    assert (str(load["eligible"]), str(load["going"])) == (shares["应交流教师"], shares["交流人数"])
