"""Places of schools over the years, on counties small enough for paper, and on the example county."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from itertools import product
from pathlib import Path

import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from junheng.model.change import AddRow, RemoveRow, SetValue, apply
from junheng.model.check import check
from junheng.model.county import County
from junheng.planning.proposal import Brief, Pin, Proposal
from junheng.planning.registry import planner
from junheng.planning.solve import Limits
from junheng.standards.library import shipped
from junheng.standards.rulebook import Rulebook
from junheng.store.folder import read_county
from junheng.workflow.future_pupils import future_pupils
from tests.model.made import Row, made

RULES = Rulebook((shipped("cn"),), date(2025, 9, 1))
EAST, WEST, POINT = "2162000001", "2162000002", "2162000003"
QINGHE = Path(__file__).resolve().parents[2] / "examples" / "qinghe"
PLANNED = {"sites", "place_options", "future_pupils"}
CELL = ("village", "stage", "grade", "year")
WORDS = ("制定撤并方案", "论证", "听证会", "公示撤并方案", "批准", "准备到位", "告知")
CLOSING: Row = {"stage": "primary", "fate": "close", "lead_years": 1}
PLAIN = {"alternatives": False, "waiting": False, "years": 2, "junior": False}


def town(pupils: tuple[int, int, int] = (80, 90, 20)) -> County:
    """East and West lie 5 km apart (6.5 by road), the point 3.4 km by road beyond West; a village at each; pupils as many in every year."""
    lons = {EAST: "100.00", WEST: "100.06", POINT: "100.09"}
    kinds = {EAST: "primary", WEST: "primary", POINT: "teaching_point"}
    villages = {EAST: "620725100001", WEST: "620725100002", POINT: "620725100003"}
    rows: dict[str, list[Row]] = {
        "schools": [
            {"school": code, "name": f"第{code[-1]}小学", "kind": kinds[code], "lon": Decimal(lon), "lat": Decimal("38.0")}
            for code, lon in lons.items()
        ],
        "villages": [
            {"village": code, "name": f"{code[-1]}村", "lon": Decimal(lons[at]), "lat": Decimal("38.0")} for at, code in villages.items()
        ],
        "places": [{"school": code, "stage": "primary", "places": places} for code, places in zip(lons, (90, 90, 30), strict=True)],
        "enrolment": [
            {"school": code, "stage": "primary", "grade": "1", "sex": "all", "pupils": many}
            for code, many in zip(lons, pupils, strict=True)
        ],
        "future_pupils": [
            {"village": code, "stage": "primary", "grade": "1", "year": year, "scenario": scenario, "pupils": many + more}
            for code, many in zip(villages.values(), pupils, strict=True)
            for year in (2026, 2027)
            for scenario, more in (("low", -5), ("middle", 0), ("high", 5))
        ],
        "place_options": [
            {
                "school": EAST,
                "stage": "primary",
                "fate": "extend",
                "places": 45,
                "most": 1,
                "yuan": 900_000,
                "yuan_year": 50_000,
                "lead_years": 1,
            },
            {
                "school": WEST,
                "stage": "primary",
                "fate": "extend",
                "places": 45,
                "most": 1,
                "yuan": 700_000,
                "yuan_year": 50_000,
                "lead_years": 2,
            },
            {"school": POINT, "stage": "primary", "fate": "close", "yuan": 50_000, "yuan_year": -800_000, "lead_years": 1},
        ],
    }
    return made(2025, "620725", **rows)


def asked(county: County, *, pins: tuple[Pin, ...] = (), forbids: tuple[Pin, ...] = (), **options: bool | int | Decimal | str) -> Proposal:
    brief = Brief(planner="school_places", options={**PLAIN, **options}, pins=pins, forbids=forbids, limits=Limits(gap=0.0))
    return planner("school_places").propose(county, RULES, brief)


def fates(proposal: Proposal) -> dict[str, str]:
    return dict(proposal.tables["fates"].select("school", "fate").iter_rows())


def test_a_class_is_built_where_it_is_ready_in_time_and_the_point_closes_into_it() -> None:
    # In the high scenario 85 + 95 + 25 = 205 children, 210 places. The point saves 800,000 yuan a year when it closes, and then its 25
    # need a class. East's (900,000 and 2 x 50,000) is ready in 2026, with 50,000 to close and 20 x 3,000 moved: 1,110,000 for 1,600,000.
    # West's (700,000 and 50,000, ready in 2027) would be 860,000 for 800,000.
    county = town()
    proposal = asked(county)
    assert planner("school_places").faults(county, RULES, proposal) == ()
    assert fates(proposal) == {EAST: "extend", WEST: "keep", POINT: "close"}
    assert proposal.yuan == 950_000
    after = apply(county, proposal.changes)
    assert after.tables["school_changes"].select("kind", "successor").rows() == [("merge", WEST)]
    assert proposal.gap == pytest.approx(0, abs=1e-12)
    assert [step.year for step in proposal.steps] == sorted(step.year or 0 for step in proposal.steps)


def test_a_village_that_must_go_whole_keeps_the_point_that_would_close_into_two_schools() -> None:
    # In the high scenario 85 + 80 + 15 = 180 children. The point's 15 can go to West only (East is 9.9 km farther), which has 80 of 90
    # places taken: divided, 5 of West's own go on to East's last 5 places, and the point closes. Whole, nobody can make room before 2027.
    county = town((80, 75, 10))
    divided, whole = asked(county), asked(county, whole_villages=True)
    for proposal in (divided, whole):
        assert planner("school_places").faults(county, RULES, proposal) == ()
    assert fates(divided)[POINT] == "close"
    assert fates(whole)[POINT] == "keep"
    assert whole.objective > divided.objective
    assert whole.certificate is not None
    assert divided.certificate is not None
    assert whole.certificate.tables["goes"].height < divided.certificate.tables["goes"].height
    mixed = replace(whole, certificate=divided.certificate)
    assert "several schools" in " ".join(fault.en for fault in planner("school_places").faults(county, RULES, mixed))


def test_the_plan_is_the_cheapest_of_all_that_could_be_pinned() -> None:
    # every combination of what may be done at the three schools, each forced: none is cheaper, and one is as cheap
    found = []
    for east, west, point in product((True, False), repeat=3):
        wishes = ((EAST, "extend", east), (WEST, "extend", west), (POINT, "close", point))
        pins = tuple(Pin(("schools.school", code), fate) for code, fate, wanted in wishes if wanted)
        forbids = tuple(Pin(("schools.school", code), fate) for code, fate, wanted in wishes if not wanted)
        try:
            found.append(asked(town(), pins=pins, forbids=forbids).objective)
        except Infeasible:
            continue
    assert len(found) >= 4
    assert asked(town()).objective == pytest.approx(min(found))


def test_forcing_the_other_site_shows_its_price() -> None:
    best, other = asked(town()), asked(town(), pins=(Pin(("schools.school", POINT), "keep"),))
    assert other.objective > best.objective
    assert fates(other)[POINT] == "keep"


def test_what_closes_closes_with_notice_and_a_hearing_before() -> None:
    procedure = asked(town()).tables["procedure"]
    closing, notice = procedure["by"].max(), procedure.filter(procedure["what_en"].str.contains("notice"))["by"][0]
    assert isinstance(closing, date)
    assert (closing - notice).days >= 30
    assert procedure["what_zh"].str.contains("听证").any()


def test_what_comes_before_a_closure_are_steps_of_their_own_that_change_nothing() -> None:
    proposal = asked(town())
    before = [step for step in proposal.steps if not step.changes]
    assert [next(word for word in WORDS if word in step.title.zh) for step in before] == list(WORDS)
    closing = next(k for k, step in enumerate(proposal.steps) if any("school_changes" in repr(change) for change in step.changes))
    assert all(proposal.steps.index(step) < closing for step in before)
    assert {step.year for step in before} == {2025}
    assert all(step.yuan == 0 and step.reason.zh.endswith("。") for step in before)
    assert "2026年1月4日" in before[2].title.zh  # 240 days before 1 September 2026
    late = replace(RULES, day=date(2026, 3, 1))
    told = planner("school_places").propose(town(), late, proposal.brief)
    assert "期限已过" in next(step.reason.zh for step in told.steps if "听证" in step.title.zh)


def test_a_school_too_small_to_stay_closes_or_is_filled_and_teaching_points_are_left_alone() -> None:
    # West has 12 pupils. To close it costs 5 million, so by cost alone it stays, and the point closes
    # into it (32). With a least size of 40 it must be filled further, or close.
    county = apply(town((80, 12, 20)), [AddRow("place_options", {**CLOSING, "school": WEST, "yuan": 5_000_000, "yuan_year": 0})])
    free, held = asked(county), asked(county, least_primary=40)
    for proposal in (free, held):
        assert planner("school_places").faults(county, RULES, proposal) == ()
    assert fates(free)[WEST] == "keep"
    assert held.objective > free.objective
    assert planner("school_places").faults(county, RULES, replace(free, brief=held.brief))
    price = next(price for price in asked(county, least_primary=40, alternatives=True).prices if "最小规模" in price.rule.zh)
    assert price.saves >= 0
    assert asked(town((80, 90, 5)), closing=False, least_primary=90).steps is not None  # the point has 5


def test_a_least_size_that_nothing_can_meet_is_explained() -> None:
    county = apply(town((20, 12, 20)), [AddRow("place_options", {**CLOSING, "school": WEST, "yuan": 0, "yuan_year": 0})])
    with pytest.raises(Infeasible) as error:
        asked(county, closing=False, least_primary=500)
    assert any("至少500人" in finding.found.zh for finding in error.value.findings)


def test_the_impossible_names_the_money_and_the_places() -> None:
    with pytest.raises(Infeasible) as error:
        asked(town((200, 90, 20)), budget=1)
    words = " ".join(found.found.zh for found in error.value.findings)
    assert "投资" in words
    assert "学位" in words
    assert all(found.remedy.zh for found in error.value.findings)


def test_a_village_out_of_reach_is_told_with_its_row_or_listed_as_an_exception() -> None:
    far = apply(town(), [SetValue("villages", ("620725100003",), "lon", Decimal("100.50"))])
    with pytest.raises(DataError) as error:
        asked(far, exceptions=False)
    assert error.value.findings[0].rule == "planning.no_school_in_reach"
    assert error.value.findings[0].place.key == ("620725100003",)
    assert asked(far).tables["exceptions"]["village"].to_list() == ["620725100003"]


def test_missing_numbers_are_findings_and_never_zero() -> None:
    for change, rule in (
        (SetValue("future_pupils", ("620725100001", "primary", "1", 2027, "high"), "pupils", None), "planning.forecast_without_pupils"),
        (SetValue("places", (EAST, "primary"), "places", None), "planning.places_not_known"),
        (SetValue("place_options", (EAST, "primary", "extend"), "yuan", None), "planning.option_without_cost"),
        (SetValue("villages", ("620725100001",), "lon", None), "planning.place_without_coordinates"),
        (RemoveRow("villages", ("620725100001",)), "planning.forecast_of_unknown_village"),
    ):
        with pytest.raises(DataError) as error:
            asked(apply(town(), [change]))
        assert rule in {found.rule for found in error.value.findings}
    with pytest.raises(DataError) as error:
        asked(town(), years=4)
    assert error.value.findings[0].rule == "planning.forecast_lacks_years"


def test_pins_that_contradict_or_name_nobody_are_refused() -> None:
    pin = Pin(("schools.school", EAST), "extend")
    for pins, forbids, rule in (
        ((pin,), (pin,), "planning.pin_against_forbid"),
        ((Pin(("schools.school", "2162000099"), "keep"),), (), "planning.pin_of_unknown_code"),
    ):
        with pytest.raises(DataError) as error:
            asked(town(), pins=pins, forbids=forbids)
        assert error.value.findings[0].rule == rule


def test_a_block_without_children_asks_for_nothing() -> None:
    empty = town((80, 90, 20))
    rows = empty.tables["future_pupils"]
    none = [
        SetValue("future_pupils", key, "pupils", Decimal(0))
        for key in rows.filter(rows["village"] == "620725100003").select("village", "stage", "grade", "year", "scenario").iter_rows()
    ]
    proposal = asked(apply(empty, none))
    assert planner("school_places").faults(apply(empty, none), RULES, proposal) == ()


def test_the_verifier_sees_a_closed_school_that_still_takes_pupils() -> None:
    county = town()
    proposal = asked(county)
    proof = proposal.certificate
    assert proof is not None
    moved = proof.tables["goes"].with_columns(school=proof.tables["goes"]["school"].replace(WEST, POINT))
    forged = replace(proposal, certificate=replace(proof, tables={"goes": moved}))
    assert planner("school_places").faults(county, RULES, forged)


def test_the_verifier_sees_a_closure_that_sends_children_too_far() -> None:
    county = town()
    proposal = asked(county)
    nearer = replace(proposal, brief=replace(proposal.brief, options={**proposal.brief.options, "farther": 1}))
    found = planner("school_places").faults(county, RULES, nearer)
    assert any("多走1公里" in fault.zh for fault in found)


def with_site(**changed: object) -> County:
    """The town with 60 children more in the east, and a plot there."""
    site: Row = {
        "site": "S1",
        "stage": "primary",
        "name": "东地块",
        "lon": Decimal("100.0"),
        "lat": Decimal("38.0"),
        "places": 360,
        "village": "620725100001",
    }
    price: Row = {"yuan_fixed": 10, "yuan_per_place": 10, "yuan_year": 0, "lead_years": 1}
    county = town((140, 90, 20))
    return apply(county, [AddRow("sites", {**site, **price, **changed})])


def test_a_new_school_has_its_smallest_size_and_the_verifier_sees_one_that_would_stand_empty() -> None:
    county = with_site()
    proposal = asked(county, least_new=10)
    assert planner("school_places").faults(county, RULES, proposal) == ()
    built = proposal.tables["programme"].filter(proposal.tables["programme"]["fate"] == "open")["places"].sum()
    assert built >= 135
    fuller = replace(proposal, brief=replace(proposal.brief, options={**proposal.brief.options, "least_new": 100}))
    assert any("最后一年只有" in fault.zh for fault in planner("school_places").faults(county, RULES, fuller))
    small = next(change for change in proposal.changes if isinstance(change, AddRow) and change.table == "projects")
    less = AddRow("projects", {**small.row, "places": 45})
    steps = tuple(replace(step, changes=tuple(less if change == small else change for change in step.changes)) for step in proposal.steps)
    assert any("太小" in fault.zh for fault in planner("school_places").faults(county, RULES, replace(proposal, steps=steps)))


def test_plans_beside_the_proposed_one_come_with_prices_and_waiting_and_are_left_out_of_large_counties(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = asked(town(), alternatives=True, waiting=True)
    assert full.prices
    assert full.tables["waiting"].height == 3
    monkeypatch.setattr(import_module("junheng.planning.planners.school_places.propose"), "_MOST", 1)
    bare = asked(town(), alternatives=True, waiting=True)
    assert (bare.objective, bare.prices, bare.alternatives) == (full.objective, (), ())
    assert "waiting" not in bare.tables
    assert bare.tables["notes"]["note_zh"].str.contains("略|没有计算").any()


def test_what_cannot_be_in_plots_options_and_pupils_ahead_is_found_with_its_row() -> None:
    assert [found for found in check(with_site()) if found.place.table in PLANNED] == []
    pupils = ("620725100001", "primary", "1", 2026)
    wrong = apply(
        with_site(lon=None, yuan_fixed=-1, village="620725100099"),
        [
            AddRow("place_options", {"school": EAST, "stage": "junior", "fate": "extend"}),
            AddRow("place_options", {"school": EAST, "stage": "primary", "fate": "open"}),
            AddRow("place_options", {"school": "2162000099", "stage": "primary", "fate": "close"}),
            SetValue("place_options", (WEST, "primary", "extend"), "most", -1),
            SetValue("future_pupils", (*pupils, "low"), "pupils", Decimal(199)),
            SetValue("future_pupils", (*pupils[:3], 2027, "low"), "pupils", Decimal(-3)),
            AddRow("future_pupils", {**dict(zip(CELL, pupils, strict=True)), "year": 2025, "scenario": "low", "pupils": 1}),
        ],
    )
    twice = wrong.tables["place_options"]
    wrong = replace(wrong, tables={**wrong.tables, "place_options": pl.concat([twice, twice.head(1)])})
    found = {(one.rule, one.place.table) for one in check(wrong)}
    assert found >= {
        ("model.site_without_coordinates", "sites"),
        ("model.value_out_of_bounds", "sites"),
        ("model.unknown_reference", "sites"),
        ("model.option_of_another_stage", "place_options"),
        ("model.option_not_of_a_school", "place_options"),
        ("model.unknown_school", "place_options"),
        ("model.value_out_of_bounds", "place_options"),
        ("model.repeated_key", "place_options"),
        ("model.forecast_band_turned", "future_pupils"),
        ("model.value_out_of_bounds", "future_pupils"),
        ("model.forecast_of_the_past", "future_pupils"),
    }
    assert all(one.remedy.zh and one.place.key for one in check(wrong) if one.place.table in PLANNED)


def test_the_example_county_gets_a_programme_that_stands() -> None:
    foreseen = future_pupils(QINGHE, 2025, years=5, draws=100, as_of=date(2026, 3, 31))
    assert set(foreseen.frame["scenario"]) == {"low", "middle", "high"}
    county = read_county(QINGHE, "629921", 2025)
    county = replace(county, tables={**county.tables, "future_pupils": foreseen.frame})
    assert [found for found in check(county) if found.place.table in PLANNED] == []
    rules = Rulebook((shipped("cn"),), date(2026, 3, 31))
    brief = Brief(planner="school_places", options={"alternatives": False, "waiting": False}, limits=Limits(gap=1e-3))
    proposal = planner("school_places").propose(county, rules, brief)
    assert planner("school_places").faults(county, rules, proposal) == ()
    assert proposal.proven
    closed = proposal.tables["fates"].filter(proposal.tables["fates"]["fate"] == "close")
    assert (closed["pupils"] < 60).all()
    again = planner("school_places").propose(apply(county, proposal.changes), rules, brief)
    assert all(step.year is not None for step in again.steps)


def test_schools_touched_are_shown_before_and_after_and_a_wrong_number_is_found() -> None:
    # The point's 20 (25 in the high scenario) go to West: in its two rooms sat 90 pupils. East gets a room and takes what West cannot.
    rooms = (*(SetValue("places", (code, "primary"), "rooms", many) for code, many in ((EAST, 2), (WEST, 2), (POINT, 1))),)
    county = apply(town(), rooms)
    proposal = asked(county)
    table = proposal.tables["crowding"]
    assert dict(table.select("school", "fate").iter_rows()) == {EAST: "extend", WEST: "receive", POINT: "close"}
    row = table.row(by_predicate=pl.col("school") == EAST, named=True)
    assert (row["rooms_before"], row["rooms_after"], row["class_limit"]) == (2, 3, 45)
    assert row["class_after"] == round(row["pupils_after"] / 3, 1)
    wrong = replace(proposal, tables=dict(proposal.tables) | {"crowding": table.with_columns(pl.col("pupils_after") - 1)})
    assert any("前后对比" in fault.zh for fault in planner("school_places").faults(county, RULES, wrong))


def test_a_closure_waits_until_the_procedure_can_be_begun_in_time_and_says_what_it_saves() -> None:
    # 300 days before September 2026 is November 2025; of 22 November 2025 the first lawful year is 2027.
    late = asked(town(), today="2025-11-22", pins=(Pin(("schools.school", POINT), "close"),))
    never = asked(town(), today="2026-11-22")
    closing = next(step for step in late.steps if step.kind and step.kind.en == "close")
    assert closing.year == 2027
    assert "每年少80.0万元" in closing.reason.zh
    assert fates(never)[POINT] == "keep"
    with pytest.raises(DataError):
        asked(town(), today="tomorrow")
    assert any("没有说今天是哪天" in step.reason.zh for step in asked(town()).steps)


def test_a_school_above_the_threshold_does_not_become_a_teaching_point() -> None:
    county = apply(
        town(), [AddRow("place_options", {"school": WEST, "stage": "primary", "fate": "point", "yuan": 0, "yuan_year": -5_000_000})]
    )
    assert [fates(asked(county, point_below=least, point_grades=1))[WEST] for least in (90, 91)] == ["keep", "point"]
