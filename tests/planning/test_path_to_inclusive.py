"""The path to universal and inclusive preschool: the judge agrees with every claim, and a tiny county gets the cheapest of all plans."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import polars as pl
import pytest

from junheng.errors import DataError, Infeasible, Text
from junheng.indicators import evaluate
from junheng.model.change import AddRow, Change, SetValue, apply
from junheng.model.county import County
from junheng.planning.planners.path_to_inclusive.choose import Chosen
from junheng.planning.planners.path_to_inclusive.gardens import conditions
from junheng.planning.planners.path_to_inclusive.question import Question, ask, counted
from junheng.planning.planners.path_to_inclusive.steps import steps
from junheng.planning.proposal import Brief, Pin, Proposal
from junheng.planning.registry import read_planner
from junheng.planning.solve import Limits
from tests.planning.counties import RULES, gardens

PATH = read_planner("path_to_inclusive", "junheng.planning.planners.path_to_inclusive")
ITEMS = counted(RULES.framework("preschool-inclusive-2020"))
FACTS = ("620725",)
ESTATE = "1162000004"  # private, not inclusive, on an estate


def brief(pins: tuple[Pin, ...] = (), forbids: tuple[Pin, ...] = (), **options: int) -> Brief:
    options = {"price_step": 0, **options}
    return Brief(planner="path_to_inclusive", options=options, pins=pins, forbids=forbids, limits=Limits(gap=0.0), beside=False)


def proposed(county: County, **more: Any) -> Proposal:
    return PATH.propose(county, RULES, brief(**more))


def test_the_judge_agrees_with_every_claim_and_everything_passes() -> None:
    county = gardens(5)
    proposal = proposed(county)
    asked = [each.indicator for each in conditions(RULES)]
    card = evaluate(apply(county, proposal.changes), ITEMS, RULES, also=asked)
    judged = {row["indicator"]: row for row in card.items.iter_rows(named=True)}
    assert proposal.steps
    for row in proposal.tables["items"].filter(pl.col("limit").is_not_null()).iter_rows(named=True):
        assert judged[row["item"]]["verdict"] == "met"
        assert row["after"] == pytest.approx(judged[row["item"]]["value"], abs=1e-9)
    assert all(judged[name]["value"] == 100 for name in asked)
    assert proposal.gap == 0
    assert PATH.faults(county, RULES, proposal) == ()


def test_a_tiny_county_gets_the_cheapest_of_all_plans() -> None:
    """Four kindergartens: every amount of what may be done is tried and judged; what else could be done is held at none."""
    base = gardens(4)
    may = {
        "kindergarten_inclusive": 1,
        "kindergarten_public": 1,
        "kindergarten_certify": 2,
        "kindergarten_even": 1,
        "kindergarten_divide": 1,
    }
    schools = base.tables["schools"]["school"].to_list()
    names = {each.id for each in ask(base, RULES, brief(), PATH.declaration).measures}
    county = apply(
        base,
        [AddRow("site_limits", {"school": code, "measure": name, "most": may.get(name, 0)}) for code in schools for name in sorted(names)],
    )
    county = apply(
        county,
        [
            SetValue("county_facts", FACTS, "preschool_contracted_pay_yuan", Decimal(70000)),
            SetValue("county_facts", FACTS, "children_3_5", 380),
            *(SetValue("places", (schools[k], "preschool"), "rooms", 6) for k in (0, 3)),  # room to divide
        ],
    )
    options = {"premises": 0, "staffed": 0}
    question = ask(county, RULES, brief((), (), **options), PATH.declaration)
    plans: dict[str, tuple[float, County]] = {}
    for place, amounts in enumerate(product(*(range(each.most + 1) for each in question.actions if each.garden >= 0))):
        portions = {k: many for k, many in enumerate(amounts) if many}
        if any(sum(k in portions for k in mine if question.actions[k].group == group) > 1 for mine, group in _groups(question)):
            continue
        made = steps(question, Chosen(portions=portions, objective=0.0, bound=0.0, amounts=()))
        changes = [change for step in made.steps for change in step.changes]
        plans[f"{place:06d}"] = float(sum(line.yuan for line in made.lines)), replace(apply(county, changes), code=f"{place:06d}")
    card = evaluate([each for _, each in plans.values()], ITEMS, RULES)
    failing = set(card.items.filter(pl.col("verdict") == "missed")["county"].to_list())
    costs = [yuan for code, (yuan, _) in plans.items() if code not in failing]
    assert 20 < len(costs) < len(plans)
    assert proposed(county, **options).objective == pytest.approx(min(costs))


def _groups(question: Question) -> list[tuple[tuple[int, ...], str]]:
    mine = question.by_garden.values()
    return [(each, group) for each in mine for group in {question.actions[k].group for k in each} - {""}]


def test_children_at_home_go_into_new_classes_and_no_further() -> None:
    county = apply(gardens(3), [SetValue("county_facts", FACTS, "children_3_5", 330)])
    proposal = proposed(county)
    after = apply(county, proposal.changes)
    classes = after.tables["classes"].group_by("school").agg(pl.col("pupils").sum().alias("seated"))
    held = after.tables["enrolment"].group_by("school").agg(pl.col("pupils").sum()).join(classes, on="school")
    assert (held["pupils"] == held["seated"]).all()
    assert held["pupils"].sum() == 281  # 85 % of 330, rounded up
    assert PATH.faults(county, RULES, proposal) == ()


def test_pins_and_forbids_are_kept_and_have_their_price() -> None:
    county = gardens(5)
    free = proposed(county)
    pinned = proposed(county, pins=(Pin(("schools.school", ESTATE), "kindergarten_public"),))
    assert pinned.objective > free.objective
    assert ("kindergarten_public", ESTATE) in pinned.tables["bill"].select("measure", "school").rows()
    forbidden = proposed(county, forbids=(Pin(("schools.school", ESTATE), "kindergarten_inclusive"),))
    assert ("kindergarten_public", ESTATE) in forbidden.tables["bill"].select("measure", "school").rows()
    nowhere = Pin(("everywhere", "everywhere"), "kindergarten_books")
    assert "kindergarten_books" in free.tables["bill"]["measure"].to_list()
    with pytest.raises(Infeasible) as error:
        proposed(county, forbids=(nowhere,))
    assert any("kindergarten_books" not in each.found.en and "books" in each.found.en.lower() for each in error.value.findings)
    with pytest.raises(DataError) as clash:
        proposed(county, forbids=(nowhere,), pins=(Pin(("schools.school", ESTATE), "kindergarten_books"),))
    assert [each.rule for each in clash.value.findings] == ["planning.pin_against_forbid"]


def test_what_cannot_pass_is_told_with_its_reason_and_the_rest_is_planned() -> None:
    first = ("1162000001",)
    county = apply(
        gardens(4), [SetValue("premises", first, "site_area_m2", Decimal(900)), SetValue("premises", first, "floor_area_m2", Decimal(800))]
    )
    proposal = proposed(county)
    told = proposal.tables["cannot"].select("school", "item").rows()
    assert ("1162000001", "garden.floor") in told
    assert proposal.note is not None
    assert PATH.faults(county, RULES, proposal) == ()
    assert isinstance(proposal.words["cannot.1"], Text)
    lied = replace(proposal, tables={**proposal.tables, "cannot": proposal.tables["cannot"].clear()}, steps=proposal.steps[:-1])
    assert PATH.faults(county, RULES, lied)


def test_what_is_not_known_is_neither_met_nor_missed() -> None:
    county = apply(gardens(4), [SetValue("premises", ("1162000001",), "outdoor_area_m2", None)])
    proposal = proposed(county)
    assert proposal.tables["undecided"].filter(pl.col("school").is_not_null()).rows() == [("1162000001", "garden.outdoor")]
    assert "1162000001" not in proposal.tables["bill"].filter(pl.col("measure") == "kindergarten_outdoor")["school"].to_list()


def test_what_the_judge_holds_open_is_told_and_never_counts_as_met() -> None:
    """The county's own sheet finds item 26 missed; one kindergarten's ground is not known; the rest is met by the sheet or not sent."""
    wanted = "preschool-inclusive-2020.26"
    sheet = {"item": wanted, "conclusion": "missed", "document": "核查表"}
    county = apply(gardens(4), [SetValue("premises", ("1162000001",), "outdoor_area_m2", None), AddRow("evidence", sheet)])
    proposal = proposed(county)
    rows = {row["item"]: row for row in proposal.tables["rest"].iter_rows(named=True)}
    judged = evaluate(apply(county, proposal.changes), RULES.framework("preschool-inclusive-2020"), RULES)
    still = judged.items.filter(pl.col("verdict").is_in(["missed", "partly", "no_data", "needs_evidence"]))
    assert len(rows) == still.height > 20
    assert rows[wanted]["met"] == "open.missed"
    why = proposal.words[rows[wanted]["why"]].zh
    assert "“核查表”" in why
    assert "户外活动场地3/3所" in why
    assert "第1幼儿园数据不全" in why
    told = proposal.tables["items"].filter(pl.col("item") == wanted).select("before", "after", "limit", "met").rows()
    assert told == [(None, None, None, "open.missed")]
    assert proposal.note is not None
    assert proposal.headline is not None
    assert "县自评未达标1项（园舍条件" in proposal.note.zh
    assert proposal.note.zh.endswith("因此整体仍为未达标")
    silent = replace(proposal, tables={**proposal.tables, "rest": proposal.tables["rest"].clear()})
    assert len(PATH.faults(county, RULES, silent)) == len(rows)


def test_what_is_just_enough_is_enough() -> None:
    """A tenth for each of 3 children is 0.3, of which doubles say that it is too little."""
    (rooms,) = [each for each in conditions(RULES) if each.id == "garden.activity"]
    tenth = rooms._replace(any_of=(({"activity": 1.0, "pupils": -0.1},),))
    assert tenth.holds({"activity": 0.3, "pupils": 3}) is True
    assert tenth.holds({"activity": 0.29, "pupils": 3}) is False
    assert all(rooms.holds({"activity": float(many * Decimal("8.17")), "pupils": many}) for many in range(1, 361))


def test_bad_prices_and_negative_stocks_are_found_together() -> None:
    bad = apply(
        gardens(3),
        [AddRow("measure_costs", {"measure": "helicopter", "yuan": Decimal(5)}), SetValue("equipment", ("1162000001",), "books", -1)],
    )
    with pytest.raises(DataError) as error:
        proposed(bad)
    assert {each.rule for each in error.value.findings} == {"planning.unknown_measure", "planning.negative_stock"}


def test_a_plan_of_fewer_measures_stands_beside_the_cheapest() -> None:
    """Two small private kindergartens cost a little less to recognise than one that is larger; either suffices."""
    private = {"1162000002": 30, ESTATE: 62, "1162000006": 30}
    pupils = {f"116200000{k}": private.get(f"116200000{k}", 100) for k in range(1, 7)}
    changes: list[Change] = [SetValue("enrolment", (code, "preschool", "all", "all"), "pupils", many) for code, many in pupils.items()]
    changes += [SetValue("schools", (code,), "inclusive", False) for code in private]
    price = {"measure": "kindergarten_inclusive", "yuan": Decimal(500), "fixed_yuan": Decimal(0)}
    changes += [SetValue("schools", (ESTATE,), "estate_kindergarten", False), AddRow("measure_costs", price)]
    county = apply(gardens(6), [*changes, SetValue("county_facts", FACTS, "children_3_5", 450)])
    proposal = PATH.propose(county, RULES, replace(brief((), (), premises=0, staffed=0), beside=True))
    (other,) = proposal.alternatives
    assert other.objective == proposal.objective + 1000
    assert len(other.steps) == len(proposal.steps) - 1
    assert proposal.tables["front"]["begun"].to_list() == [len(proposal.steps), len(other.steps)]
    assert sum(each.amount * each.weight for each in other.amounts) == pytest.approx(other.objective)


def township(schools: int = 3, at_home: int = 90, *, ages: tuple[int, ...] = (60, 60, 60)) -> County:
    """Return kindergartens of one township with two villages, the second without one; a project, a plot and nothing else take children.

    ages: residents of 0, 1 and 2 years in each village, who are of the ages of preschool three years later.
    """
    held = gardens(schools)
    codes = held.tables["schools"]["school"].to_list()
    enrolled = int(held.tables["enrolment"]["pupils"].sum())
    villages = {"620725100001": enrolled, "620725100002": at_home}
    persons = [(village, age, many // 3 if age > 2 else ages[age]) for village, many in villages.items() for age in range(6)]
    changes: list[Change] = [SetValue("schools", (code,), "district", "620725100") for code in codes]
    changes += [SetValue("schools", (code,), "village", "620725100001") for code in codes]
    changes += [AddRow("villages", {"village": village, "name": village, "district": "620725100"}) for village in villages]
    changes += [AddRow("village_population", {"village": v, "age": age, "sex": "all", "persons": many}) for v, age, many in persons]
    changes += [SetValue("county_facts", FACTS, "children_3_5", sum(many for _, age, many in persons if age > 2))]
    free = ("kindergarten_teacher", "kindergarten_carer", "kindergarten_books")
    changes += [AddRow("measure_costs", {"measure": name, "yuan": Decimal(0), "fixed_yuan": Decimal(0)}) for name in free]
    full = [(code, name) for code in codes for name in ("kindergarten_open_class", "kindergarten_build_class")]
    changes += [AddRow("site_limits", {"school": code, "measure": name, "most": 0}) for code, name in full]
    return apply(held, changes)


def project(places: int = 75, **more: Any) -> AddRow:
    own = {"project": "P1", "name": "中心园", "kind": "build", "stage": "preschool", "places": places, "yuan": Decimal(5_000_000)}
    return AddRow("projects", {**own, "district": "620725100", **more})


def plot(code: str, places: int, fixed: int, each: int) -> AddRow:
    own = {"site": code, "stage": "preschool", "name": code, "village": "620725100002", "district": "620725100", "places": places}
    return AddRow("sites", {**own, "yuan_fixed": Decimal(fixed), "yuan_per_place": Decimal(each), "lead_years": 1})


def test_what_is_built_is_the_cheapest_that_holds_the_children_and_the_programme_comes_first() -> None:
    """Two plots: every number of classes at each is tried. With a project of the township, dearer as it is, that is built first."""
    base = apply(township(at_home=180), [plot("A", 75, 900_000, 9_000), plot("B", 150, 400_000, 14_000)])
    enrolled, children = int(base.tables["enrolment"]["pupils"].sum()), int(base.tables["county_facts"]["children_3_5"][0])
    needed = math.ceil(Decimal("0.85") * children) - enrolled
    costs = [
        900_000 * (a > 0) + 400_000 * (b > 0) + 225_000 * a + 350_000 * b
        for a, b in product((0, 3), (0, 3, 4, 5, 6))
        if 25 * (a + b) >= needed and 0.5 * 25 * (a + b) <= children - enrolled
    ]
    fixed = {"premises": 0, "staffed": 0}
    proposal = proposed(base, **fixed)
    built = proposal.tables["bill"].filter(pl.col("measure").str.starts_with("kindergarten_new"))
    assert needed > 50
    assert built["yuan"].sum() == min(costs)
    assert set(built["assumed"]) == {"of_the_plot"}
    assert PATH.faults(base, RULES, proposal) == ()
    after = apply(base, proposal.changes)
    assert evaluate(after, ITEMS, RULES).items.filter(pl.col("verdict") == "missed").height == 0
    decided = apply(base, [project()])
    first = proposed(decided, **fixed)
    assert "中心园" in first.tables["bill"]["school"].replace_strict({k: v.zh for k, v in first.words.items()}, default="").to_list()
    assert PATH.faults(decided, RULES, first) == ()
    none = proposed(base, new=0, **fixed)
    assert none.tables["cannot"]["item"].to_list() == ["preschool.enrolment_rate"]


def test_a_village_without_a_plot_takes_what_its_township_lacks_at_assumed_prices() -> None:
    county = township(at_home=78, ages=(0, 0, 0))
    pinned = Pin(("villages.village", "620725100002"), "kindergarten_new")
    proposal = proposed(county, pins=(pinned,), filled=100)
    (step,) = [each for each in proposal.steps if each.pupils]
    assert step.pupils == 75
    assert {each.table for each in step.changes} >= {"schools", "enrolment", "classes", "staff", "premises", "places", "equipment"}
    assert set(proposal.tables["bill"].filter(pl.col("measure").str.starts_with("kindergarten_new"))["assumed"]) == {"assumed"}
    assert PATH.faults(county, RULES, proposal) == ()
    with pytest.raises(Infeasible):
        proposed(apply(county, [SetValue("county_facts", FACTS, "children_3_5", 300)]), pins=(pinned,), filled=100)


def test_a_later_year_has_its_children_and_money_comes_year_by_year() -> None:
    """Three years on there are more children. What takes two years begins in the first two, with the money of these."""
    base = apply(township(at_home=90, ages=(70, 70, 70)), [project(100, yuan=Decimal(3_000_000))])
    ahead = [{"school": code, "stage": "preschool", "year": 2028, "pupils": 90} for code in base.tables["schools"]["school"].to_list()]
    county = apply(base, [AddRow("school_pupils_ahead", row) for row in ahead])
    fixed = {"premises": 0, "staffed": 0, "years": 3}
    proposal = proposed(county, budget=200, **fixed)
    assert proposal.steps[0].changes
    after = apply(county, proposal.changes)
    held = dict(after.tables["enrolment"].group_by("school").agg(pl.col("pupils").sum()).iter_rows())
    assert [held[row["school"]] for row in ahead] == [90, 90, 90]
    assert after.tables["county_facts"]["children_3_5"][0] == 420
    assert sum(held.values()) == 357  # 85 % of 420
    assert PATH.faults(county, RULES, proposal) == ()
    money = proposal.tables["money"]
    assert money["left"].min() >= 0
    assert proposal.tables["bill"].filter(pl.col("lead_years") == 2)["begins"].to_list() == [2026]  # the project: its classes cost no more
    later = proposal.tables["later"]
    assert later["year"].to_list()[0] == 2029
    assert set(later["item"]) <= {"later.passes", *proposal.tables["items"]["item"]}
    with pytest.raises(Infeasible) as error:
        proposed(county, pins=(Pin(("projects.project", "P1"), "kindergarten_new"),), budget=140, **fixed)
    assert any("2 years or more" in each.found.en for each in error.value.findings)
    soon = proposed(apply(county, [AddRow("school_pupils_ahead", {**row, "year": 2026}) for row in ahead]), **{**fixed, "years": 1})
    assert soon.tables["cannot"]["item"].to_list() == ["preschool.enrolment_rate"]
