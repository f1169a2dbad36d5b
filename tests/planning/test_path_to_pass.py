"""The path to pass: the judge agrees with every claim, nothing that passes is made to fail, teachers are neither made nor lost, and tiny
counties get the cheapest of all plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from junheng.indicators import evaluate
from junheng.model.change import AddRow, SetValue, apply
from junheng.model.county import County
from junheng.planning.planners.path_to_pass.drift import losses
from junheng.planning.planners.path_to_pass.measures import changed, read_measures, tables_of
from junheng.planning.proposal import Brief, Pin, Proposal
from junheng.planning.registry import read_planner
from junheng.planning.solve import Limits
from tests.planning.counties import RULES, drawn, school_code

PATH = read_planner("path_to_pass", "junheng.planning.planners.path_to_pass")
FRAMEWORK = RULES.framework("quality-balance-2017")
JUDGED = replace(
    FRAMEWORK, parts=tuple(part for part in FRAMEWORK.parts if part.id in ("resources", "spread")), eligibility=None, vetoes=()
)


def proposed(county: County, gap: float = 1e-4, **options: int | Decimal) -> Proposal:
    options = {"price_step": 0, **options}
    return PATH.propose(county, RULES, Brief(planner="path_to_pass", options=options, limits=Limits(gap=gap), beside=False))


def total(county: County, table: str, column: str) -> int:
    return int(county.tables[table][column].sum())


def test_the_judge_agrees_with_every_claim() -> None:
    county = drawn(12, seed=5)
    proposal = proposed(county)
    after = apply(county, proposal.changes)
    card = evaluate(after, JUDGED, RULES)
    assert proposal.steps
    assert set(card.units.filter(pl.col("stage") == "primary")["verdict"]) == {"met"}
    assert proposal.note is None  # nothing is left open, late or undone
    judged = {(row["school"], row["requirement"]): row["value"] for row in card.items.iter_rows(named=True)}
    for row in proposal.tables["values"].iter_rows(named=True):
        assert row["after"] == pytest.approx(judged[row["school"], row["item"]], abs=1e-9, rel=1e-12)
    for row in proposal.tables["spreads"].iter_rows(named=True):
        assert row["after"] == pytest.approx(judged[None, row["item"]], abs=1e-9)
        assert row["after"] <= row["limit"]


def test_what_is_moved_is_neither_made_nor_lost() -> None:
    first = (school_code(0), "primary")
    county = apply(drawn(12, seed=5), [SetValue("staff_subjects", first, "pe", 0), SetValue("staff_subjects", first, "chinese", 7)])
    proposal = proposed(county)
    moves = [step for step in proposal.steps if step.teachers]
    assert moves
    after = apply(county, [change for step in moves for change in step.changes])
    for table, column in (("staff", "teachers"), ("staff", "backbone"), ("staff", "bachelors"), ("staff_subjects", "pe")):
        assert total(after, table, column) == total(county, table, column)


def test_no_school_that_passes_is_made_to_fail() -> None:
    county = drawn(12, seed=8)
    before = evaluate(county, JUDGED, RULES).units.filter(pl.col("part") == "resources")
    after = evaluate(apply(county, proposed(county).changes), JUDGED, RULES).units.filter(pl.col("part") == "resources")
    met = set(before.filter(pl.col("verdict") == "met")["school"].to_list())
    assert met <= set(after.filter(pl.col("verdict") == "met")["school"].to_list())


def test_it_is_as_cheap_as_the_cheapest_of_all_plans_of_two_schools() -> None:
    """Every amount of rooms, backbone teachers and degrees at two schools is tried; what else could be done is held at none."""
    tried = {"multimedia_room": 2, "recognise_backbone": 2, "equipment": 0}
    county = drawn(2, seed=3)
    names = [each.id for each in read_measures(county, RULES)]
    limits = [
        AddRow("site_limits", {"school": school_code(k), "measure": name, "most": 2 if tried.get(name) else 0})
        for k in (0, 1)
        for name in names
    ]
    rich: list[SetValue] = []
    for k in (0, 1):
        rich += [
            SetValue("equipment", (school_code(k),), "teaching_equipment_yuan", 400_000),
            SetValue("premises", (school_code(k),), "multimedia_rooms", 1),
        ]
        rich += [
            SetValue("staff", (school_code(k), "primary"), "backbone", 1),
            SetValue("premises", (school_code(k),), "teaching_area_m2", 590),
        ]
    county = apply(county, [*limits, *rich])
    proposal = proposed(county, gap=0.0)
    measures = {each.id: each for each in read_measures(county, RULES)}
    plans: dict[str, tuple[float, County]] = {}
    for place, (rooms_a, rooms_b, backbone_a, backbone_b) in enumerate(product(range(3), repeat=4)):
        tables = tables_of(county)
        done: list[tuple[str, tuple[str, ...], int]] = [
            ("multimedia_room", (school_code(0),), rooms_a),
            ("multimedia_room", (school_code(1),), rooms_b),
        ]
        done += [("recognise_backbone", (school_code(k), "primary"), n) for k, n in enumerate((backbone_a, backbone_b))]
        changes = [change for name, at, n in done if n for change in changed(tables, measures[name], at, n)]
        code = f"{place:06d}"
        plans[code] = float(sum(measures[name].yuan * n for name, _, n in done)), replace(apply(county, changes), code=code)
    units = evaluate([plan for _, plan in plans.values()], JUDGED, RULES).units
    failing = set(units.filter(pl.col("verdict") == "missed")["county"].to_list())
    costs = [yuan for code, (yuan, _) in plans.items() if code not in failing]
    assert costs
    assert proposal.objective == pytest.approx(min(costs))


def test_bad_prices_and_negative_stocks_are_found_together() -> None:
    county = drawn(3)
    bad = apply(
        county,
        [
            AddRow("measure_costs", {"measure": "helicopter", "yuan": Decimal(5)}),
            AddRow("measure_costs", {"measure": "equipment", "yuan": None}),
            SetValue("staff", (school_code(0), "primary"), "backbone", -1),
        ],
    )
    with pytest.raises(DataError) as error:
        proposed(bad)
    rules = {finding.rule for finding in error.value.findings}
    assert rules == {"planning.unknown_measure", "planning.measure_without_price", "planning.negative_stock"}


def test_a_price_of_the_county_takes_the_place_of_the_assumption() -> None:
    county = drawn(8, seed=5)
    dear = apply(county, [AddRow("measure_costs", {"measure": "equipment", "yuan": Decimal(3), "lead_years": 2, "source": "询价"})])
    cheap, costly = proposed(county), proposed(dear)
    assert "需2年见效，2027学年起才能达标" in (costly.note.zh if costly.note else "")
    assert costly.objective > cheap.objective
    assert set(cheap.tables["bill"]["assumed"].to_list()) == {"assumed"}
    assert "询价" in costly.tables["bill"]["assumed"].to_list()


def test_no_money_is_explained_by_rules() -> None:
    with pytest.raises(Infeasible) as error:
        proposed(drawn(4, seed=5), budget=0, leave=0)
    assert len(error.value.findings) >= 2


def test_a_year_ahead_needs_its_pupils_and_then_passes_with_them() -> None:
    county = drawn(5, seed=5)
    with pytest.raises(DataError):
        proposed(county, years=2)
    more = [AddRow("school_pupils_ahead", {"school": school_code(k), "stage": "primary", "year": 2027, "pupils": 140}) for k in range(5)]
    ahead = apply(county, more)
    proposal = proposed(ahead, years=2)
    assert PATH.faults(ahead, RULES, proposal) == ()
    assert proposal.objective > proposed(county).objective


def test_a_school_whose_site_is_full_is_left_out_with_its_reason_and_the_rest_is_planned() -> None:
    county, full = drawn(8, seed=5), school_code(2)
    names = ("convert_rooms", "build_rooms", "sports_ground", "leased_ground")
    county = apply(
        county,
        [
            *(AddRow("site_limits", {"school": full, "measure": name, "most": 0}) for name in names),
            SetValue("premises", (full,), "teaching_area_m2", Decimal(100)),
            SetValue("premises", (full,), "sports_ground_area_m2", Decimal(100)),
        ],
    )
    proposal = proposed(county, budget=100_000)
    told = proposal.tables["cannot"].filter(pl.col("school") == full)
    assert told.height == 2
    assert all("最多0㎡" in proposal.words[why].zh for why in told["why"])
    assert proposal.note is not None
    assert "1所学校" in proposal.note.zh
    units = evaluate(apply(county, proposal.changes), JUDGED, RULES).units.filter(pl.col("part") == "resources")
    missed = units.filter(pl.col("verdict") == "missed")["school"].to_list()
    assert missed == [full]
    assert PATH.faults(county, RULES, proposal) == ()


def test_a_coefficient_that_no_measure_brings_down_is_left_out_with_the_least_it_can_be() -> None:
    held = [AddRow("site_limits", {"school": school_code(k), "measure": "multimedia_room", "most": 1}) for k in range(6)]
    county = apply(drawn(6, seed=5), [*held, SetValue("premises", (school_code(0),), "multimedia_rooms", 60)])
    proposal = proposed(county)
    told = proposal.tables["cannot"].filter(pl.col("school").is_null())
    assert told.height == 1
    items = evaluate(apply(county, proposal.changes), JUDGED, RULES).items
    after = items.filter((pl.col("requirement") == told["item"][0]) & (pl.col("stage") == "primary"))
    assert told["asked"][0] < told["most"][0] <= after["value"][0]
    assert PATH.faults(county, RULES, proposal) == ()


def test_the_step_for_tomorrow_makes_a_school_pass_and_none_cheaper_does() -> None:
    county = drawn(12, seed=5)
    told = proposed(county).tables["tomorrow"].filter(pl.col("passes") == "school").to_dicts()
    measures = {each.id: each for each in read_measures(county, RULES)}
    first = next(row for row in told if measures[row["measure"]].kind == "add")
    before = set(evaluate(county, JUDGED, RULES).units.filter(pl.col("verdict") == "missed")["school"].to_list())

    def failing(row: dict[str, object], fewer: int) -> set[str]:
        measure = measures[str(row["measure"])]
        at = (str(row["school"]), str(row["stage"]))[: 2 if measure.per == "stage" else 1]
        portions = int(str(row["amount"])) // measure.grain - fewer
        after = apply(county, list(changed(tables_of(county), measure, at, portions)))
        return set(evaluate(after, JUDGED, RULES).units.filter(pl.col("verdict") == "missed")["school"].to_list())

    assert failing(first, 0) == before - {first["school"]}
    assert measures[first["measure"]].switched() or failing(first, 1) == before
    assert [row["yuan"] for row in told] == sorted(row["yuan"] for row in told)


def test_what_is_free_comes_first_and_the_last_step_leaves_nothing_open() -> None:
    proposal = proposed(drawn(12, seed=5))
    rows = proposal.tables["order"].to_dicts()
    assert rows[-1]["schools"] == 12
    assert rows[-1]["total"] == pytest.approx(float(proposal.yuan or 0))
    assert [row["schools"] for row in rows] == sorted(row["schools"] for row in rows)


def test_the_certificate_can_be_worked_out_again_in_fractions() -> None:
    proof = proposed(drawn(12, seed=5)).certificate
    assert proof is not None
    for row in proof.tables["exact"].to_dicts():
        parts = proof.tables["parts"].filter(pl.col("item") == row["item"]).to_dicts()
        amounts, weights = [Fraction(part["amount"]) for part in parts], [Fraction(part["weight"]) for part in parts]
        found = sum(weights) * sum(a * a / w for a, w in zip(amounts, weights, strict=True)) / sum(amounts) ** 2 - 1
        assert found <= Fraction(row["limit_squared"])
        assert 0 <= Fraction(row["squared"]) - found <= Fraction(1, 10**15)


def test_a_school_with_pupils_and_no_teacher_is_found() -> None:
    county = apply(drawn(3), [SetValue("staff", (school_code(1), "primary"), "teachers", 0)])
    with pytest.raises(DataError) as error:
        proposed(county)
    assert [(one.rule, one.place.key) for one in error.value.findings] == [("planning.pupils_without_teachers", (school_code(1),))]


def ahead(county: County, years: range, pupils: int) -> County:
    rows = [{"school": school_code(k), "stage": "primary", "year": 2025 + n, "pupils": pupils} for n in years for k in range(5)]
    return apply(county, [AddRow("school_pupils_ahead", row) for row in rows])


def test_every_measure_begins_when_the_money_is_there_and_early_enough() -> None:
    county = ahead(drawn(5, seed=5), range(1, 4), 140)
    whole = proposed(county, years=3)
    budget = -(-int(whole.yuan or 0) // 3 // 10_000) + 12
    proposal = proposed(county, years=3, budget=budget)
    assert PATH.faults(county, RULES, proposal) == ()
    leads = {each.id: each.lead_years for each in read_measures(county, RULES)}
    bill = proposal.tables["bill"]
    for year in (2025, 2026, 2027):
        assert bill.filter(pl.col("start") <= year)["yuan"].sum() <= budget * 10_000 * (year - 2024)
    assert all(row["start"] + leads[row["measure"]] <= 2028 for row in bill.to_dicts())
    assert proposal.objective >= whole.bound


def test_the_nearest_year_is_told_when_the_money_does_not_suffice_and_when_it_would() -> None:
    county = ahead(drawn(5, seed=5), range(1, 5), 120)
    needed = int(proposed(county, years=4).yuan or 0) // 10_000
    with pytest.raises(Infeasible) as error:
        proposed(county, years=1, budget=needed // 3)
    later = [one for one in error.value.findings if one.rule == "planning.passes_in_a_later_year"]
    assert len(later) == 1
    proposal = proposed(county, years=4, budget=needed // 3)
    assert proposal.tables["years"]["said"].to_list() in (["year.nearest", "year.asked"], ["year.asked_nearest"])
    assert str(proposal.tables["years"]["year"][0]) in later[0].expected.zh
    assert proposal.tables["later"].is_empty()


def test_with_a_reserve_it_still_passes_when_the_pupils_have_grown() -> None:
    county = ahead(ahead(drawn(5, seed=5), range(1, 2), 120), range(2, 3), 125)
    assert proposed(county, years=1).tables["later"]["missed"].to_list() != [0]
    assert proposed(county, years=1, reserve=5).tables["later"]["missed"].to_list() == [0]


def asked(county: County, pins: tuple[Pin, ...] = (), forbids: tuple[Pin, ...] = (), *, beside: bool = False, step: float = 0) -> Proposal:
    options = {"price_step": Decimal(str(step))}
    return PATH.propose(
        county, RULES, Brief(planner="path_to_pass", options=options, pins=pins, forbids=forbids, limits=Limits(gap=1e-4), beside=beside)
    )


def test_what_is_forbidden_is_not_done_what_is_pinned_is_and_both_cost() -> None:
    county = drawn(8, seed=5)
    free = asked(county)
    measure, school = free.tables["bill"].select("measure", "school").row(0)
    other = asked(county, forbids=(Pin(("schools.school", school), measure),))
    assert (measure, school) not in other.tables["bill"].select("measure", "school").rows()
    assert other.objective >= free.objective
    spare = next(
        code for code in map(school_code, range(8)) if ("build_rooms", code) not in free.tables["bill"].select("measure", "school").rows()
    )
    pinned = asked(county, pins=(Pin(("schools.school", spare), "build_rooms"),))
    assert ("build_rooms", spare) in pinned.tables["bill"].select("measure", "school").rows()
    assert pinned.objective > free.objective
    assert PATH.faults(county, RULES, replace(free, brief=pinned.brief)) != ()
    assert PATH.faults(county, RULES, replace(free, brief=other.brief)) != ()


def test_a_pin_without_room_is_found_and_what_only_a_forbidden_measure_could_bring_is_named() -> None:
    county = drawn(6, seed=5)
    full = apply(county, [SetValue("premises", (school_code(0),), "site_area_m2", Decimal(100))])
    with pytest.raises(DataError) as no_room:
        asked(full, pins=(Pin(("schools.school", school_code(0)), "build_rooms"),))
    assert [each.rule for each in no_room.value.findings] == ["planning.pin_without_room"]
    never = tuple(
        Pin(("everywhere", "everywhere"), name) for name in ("multimedia_room", "equipment", "recognise_backbone", "move_backbone")
    )
    with pytest.raises(Infeasible) as error:
        asked(county, forbids=never)
    assert any("forbidden everywhere" in each.found.en for each in error.value.findings)
    assert any("passes" in each.found.en for each in error.value.findings)


def test_other_good_plans_are_counted_as_the_brief_counts_and_none_is_worse_in_all() -> None:
    county = drawn(12, seed=5)
    proposal = asked(county, beside=True)
    rows = proposal.tables["front"].drop("plan").rows()
    assert proposal.alternatives
    assert len(rows) == 1 + len(proposal.alternatives)
    named = [proposal.words[plan] for plan in proposal.tables["front"]["plan"].to_list()]
    assert named[1:] == [other.title for other in proposal.alternatives]
    assert len(set(named)) == len(named)
    assert "不在本方案内" in (proposal.note.zh if proposal.note else "")
    assert all(any(a < b for a, b in zip(one, two, strict=True)) for one in rows for two in rows if one != two)
    for other in proposal.alternatives:
        assert other.objective == pytest.approx(sum(each.amount * each.weight for each in other.amounts))
        assert other.bound <= proposal.objective <= other.objective
        card = evaluate(apply(county, other.changes), JUDGED, RULES)
        assert set(card.units.filter(pl.col("stage") == "primary")["verdict"]) == {"met"}


def test_each_rule_of_schools_that_binds_has_its_price() -> None:
    """One item fewer is what the same county costs under a framework that asks for one fewer."""
    proposal = asked(drawn(6, seed=5), beside=True, step=0.02)
    fewer = [price for price in proposal.prices if price.unit == "items"]
    assert len(fewer) == 1
    assert fewer[0].saves > 0
    assert fewer[0].proven
    assert all(price.saves >= 0 for price in proposal.prices)


def test_what_a_proposal_says_cannot_pass_is_not_believed() -> None:
    county = drawn(8, seed=5)
    proposal = proposed(county)
    lie = pl.DataFrame(
        [(school_code(k), "primary", item, 0.5, 1.0, "cannot.1") for k in range(8) for item in ("equipment.value_per_pupil",)],
        schema=proposal.tables["cannot"].schema,
        orient="row",
    )
    lied = replace(
        proposal,
        steps=(),
        objective=0.0,
        bound=0.0,
        tables={**proposal.tables, "cannot": lie, "spreads": proposal.tables["spreads"].clear()},
    )
    assert PATH.faults(county, RULES, lied)


def growing(county: County, pupils: tuple[int, ...]) -> County:
    """Return a county with the same pupils at every school of the first five in each of the years ahead."""
    rows = [
        {"school": school_code(k), "stage": "primary", "year": 2026 + n, "pupils": many} for n, many in enumerate(pupils) for k in range(5)
    ]
    return apply(county, [AddRow("school_pupils_ahead", row) for row in rows])


def test_it_still_passes_in_the_years_after_where_that_is_asked() -> None:
    county = growing(drawn(5, seed=5), (110, 118))
    once, kept = proposed(county, years=1), proposed(county, years=1, keep=1)
    assert once.tables["later"]["missed"].to_list() != [0]
    assert kept.objective > once.objective
    assert kept.bound <= kept.objective
    assert kept.tables["later"].height == 0
    assert PATH.faults(county, RULES, kept) == ()
    assert PATH.faults(county, RULES, replace(once, brief=kept.brief)) != ()


def test_who_retires_by_the_register_is_no_longer_counted_and_who_comes_is_nobodys_backbone() -> None:
    county = drawn(5, seed=5)
    first = (school_code(0), "primary")
    people = county.tables["teachers"].filter(pl.col("school") == first[0])
    backbone = next(row for row in people.to_dicts() if row["backbone"] == "county")
    old = apply(growing(county, (110, 110)), [SetValue("teachers", (backbone["teacher"],), "born", date(1966, 6, 1))])
    assert losses(old, RULES, 2025, Decimal(1)) == {}
    assert losses(old, RULES, 2027, Decimal(1)) == {("staff", first, "backbone"): 1, ("staff", first, "trained"): 1}
    alone = losses(old, RULES, 2027, Decimal(0))
    assert alone["staff", first, "teachers"] == alone["staff_subjects", first, backbone["subject"]] == 1
    for share in (0, 100):
        proposal = proposed(old, years=2, replaced=share)
        assert PATH.faults(old, RULES, proposal) == ()
    assert PATH.faults(old, RULES, proposed(growing(county, (110, 110)), years=2)) != ()
