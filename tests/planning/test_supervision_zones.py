"""Supervision zones: the best of all partitions on tiny counties, bounds recomputed, rules that bite, and what is refused."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from junheng.model import County
from junheng.model.change import SetValue, apply
from junheng.planning.planners.supervision_zones import prices
from junheng.planning.planners.supervision_zones.ascent import Part, mixture, over_known
from junheng.planning.planners.supervision_zones.choose import Zoned, choose
from junheng.planning.planners.supervision_zones.master import NO_COUPLES, Prices, Zones, broken_threes
from junheng.planning.planners.supervision_zones.neighbours import UNREACHABLE, along, by_distance, by_villages, straight
from junheng.planning.planners.supervision_zones.question import Question, ask
from junheng.planning.proposal import Brief, Pin, Proposal
from junheng.planning.registry import planner
from junheng.planning.solve import Limits, Watch
from tests.model.made import made
from tests.planning.counties import RULES, drawn, school_code

ZONES = planner("supervision_zones")
EXACT = Limits(gap=0.0)


def brief(*, pins: tuple[Pin, ...] = (), forbids: tuple[Pin, ...] = (), **options: int | Decimal) -> Brief:
    return Brief(planner="supervision_zones", options=options, pins=pins, forbids=forbids, limits=EXACT)


def asked(county: County, **options: int | Decimal) -> Question:
    return ask(county, RULES, brief(**options), ZONES.declaration)


def zones_of(county: County, proposal: Proposal) -> dict[str, str]:
    return dict(apply(county, proposal.changes).tables["zone_schools"].select("school", "zone").iter_rows())


def is_lawful(question: Question, seats: tuple[int, ...], zones: int) -> bool:
    for seat in seats:
        inside = [school for school in range(len(seats)) if seats[school] == seat]
        pupils = question.pupils[inside].sum()
        if seats[seat] != seat or not question.size(zones)[0] <= len(inside) <= question.size(zones)[1]:
            return False
        if not question.load(zones)[0] <= pupils <= question.load(zones)[1]:
            return False
        if not is_joined(question, seat, tuple(inside)):
            return False
    return True


def is_joined(question: Question, seat: int, inside: tuple[int, ...]) -> bool:
    for school in inside:
        nearer = [near for near in inside if question.edges[school, near] and question.metres[seat, near] < question.metres[seat, school]]
        if school != seat and not nearer:
            return False
    return True


def best_of_all(question: Question, zones: int) -> float:
    schools, best = len(question.codes), np.inf
    for chosen in itertools.combinations(range(schools), zones):
        for seats in itertools.product(chosen, repeat=schools):
            cost = question.cost[list(seats), range(schools)].sum()
            if cost < best and len(set(seats)) == zones and is_lawful(question, seats, zones):
                best = cost
    return float(best)


@pytest.mark.parametrize("seed", range(6))
def test_no_partition_of_a_tiny_county_is_better(seed: int) -> None:
    question = asked(drawn(7, seed, zones=2), pupils_within=30)
    answer = choose(question, 2, EXACT, 0, Watch())
    best = best_of_all(question, 2)
    if np.isfinite(best):
        assert isinstance(answer, Zoned)
        assert (answer.objective, answer.bound) == (pytest.approx(best), pytest.approx(best))
    else:
        assert not isinstance(answer, Zoned)


@pytest.mark.parametrize("seed", range(4))
def test_any_prices_prove_a_bound_and_the_best_of_them_a_near_one(seed: int) -> None:
    question = asked(drawn(7, seed, zones=2), pupils_within=60)
    best = best_of_all(question, 2)
    limits = prices.Limits(2, question.size(2), question.load(2))
    pupils, draw = question.pupils.astype(float), np.random.default_rng(seed)
    for _ in range(30):
        school, load = draw.uniform(0, 2 * best / 7, 7), draw.normal(0, best / 20, 7)
        assert prices.value_at(question.cost, pupils, limits, school, load) <= best + 1e-6
    found = prices.ascend(question.cost, pupils, limits)
    assert found.bound == pytest.approx(prices.value_at(question.cost, pupils, limits, found.school, found.load))
    assert 0.7 * best <= found.bound <= best + 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_rules_over_three_schools_cut_no_plan_off(seed: int) -> None:
    question = asked(drawn(7, seed, zones=2), pupils_within=60)
    best = best_of_all(question, 2)
    zones = Zones(question, 2, np.ones((7, 7), dtype=np.bool_))
    part = Part(NO_COUPLES, zones.lists(NO_COUPLES), np.inf, 1e-9, best)
    bare = mixture(zones, part, Prices(np.full(7, best / 7), 0.0, np.zeros(0)), Watch())
    zones.threes = np.array(list(itertools.combinations(range(7), 3)))
    ruled = mixture(zones, part, Prices(np.full(7, best / 7), 0.0, np.zeros(35)), Watch())
    assert bare.bound - 1e-6 <= ruled.bound <= best + 1e-6
    assert ruled.bound >= 0.9 * best


@pytest.mark.parametrize("seed", range(4))
def test_every_zone_below_a_mark_is_written_down(seed: int) -> None:
    question = asked(drawn(7, seed, zones=2), pupils_within=60)
    zones = Zones(question, 2, np.ones((7, 7), dtype=np.bool_))
    part = Part(NO_COUPLES, zones.lists(NO_COUPLES), np.inf, 1e-9, best_of_all(question, 2))
    known = mixture(zones, part, Prices(np.full(7, 1000.0), 0.0, np.zeros(0)), Watch()).known
    assert known is not None
    found = zones.listed(part.lists, NO_COUPLES, known, np.inf, 500, 10**6)
    assert found is not None
    every = {
        (seat, inside)
        for size in range(1, 8)
        for inside in itertools.combinations(range(7), size)
        for seat in inside
        if question.size(2)[0] <= size <= question.size(2)[1]
        and question.load(2)[0] <= question.pupils[list(inside)].sum() <= question.load(2)[1]
        and is_joined(question, seat, inside)
        and question.allowed[seat, list(inside)].all()
    }
    assert sorted((int(seat), tuple(np.flatnonzero(inside).tolist())) for inside, seat in zip(*found, strict=True)) == sorted(every)
    zones.take(*found)
    whole = over_known(zones, part, known.prices, Watch())
    assert whole.bound == pytest.approx(known.bound, rel=1e-6)  # nothing is missing: known zones prove as much as a search of all
    cheap = zones.listed(part.lists, NO_COUPLES, known, known.bound + 500, 500, 10**6)
    assert cheap is not None
    assert len(cheap[1]) <= len(every)
    assert zones.listed(part.lists, NO_COUPLES, known, np.inf, max(1, len(every) - 1), 10**6) is None


def test_three_schools_of_which_two_zones_and_more_have_two_are_found() -> None:
    draw = np.random.default_rng(4)
    inside, share = draw.random((9, 6)) < 0.5, draw.random(9) * 0.7
    worth = {three: float(share[inside[:, three].sum(axis=1) >= 2].sum()) - 1 for three in itertools.combinations(range(6), 3)}
    found = [tuple(three) for three in broken_threes(inside, share).tolist()]
    assert found
    assert set(found) == {three for three, over in worth.items() if over > 0.02}
    assert [worth[three] for three in found] == pytest.approx(sorted((worth[three] for three in found), reverse=True))


def test_what_prices_rule_out_is_in_no_better_plan() -> None:
    question = asked(drawn(7, 5, zones=2), pupils_within=60)
    limits = prices.Limits(2, question.size(2), question.load(2))
    forced = prices.ascend(question.cost, question.pupils.astype(float), limits).forced
    for seat, school in itertools.product(range(7), range(7)):
        allowed = question.allowed.copy()
        allowed[np.arange(7) != seat, school] = False  # this school is under this seat
        assert forced[seat, school] <= best_of_all(replace(question, allowed=allowed), 2) + 1e-6


def test_pins_are_kept() -> None:
    county = drawn(12, 3)
    free = zones_of(county, ZONES.propose(county, RULES, brief(zones=3, pupils_within=40)))
    codes = sorted(free)
    same = next(pair for pair in itertools.combinations(codes, 2) if free[pair[0]] == free[pair[1]])
    apart = brief(zones=3, pupils_within=40, forbids=(Pin(("schools.school", same[0]), same[1]),))
    proposal = ZONES.propose(county, RULES, apart)
    assert zones_of(county, proposal)[same[0]] != zones_of(county, proposal)[same[1]]
    assert ZONES.faults(county, RULES, proposal) == ()
    other = next(code for code in codes if free[code] != free[same[0]])
    joined = brief(zones=3, pupils_within=60, pins=(Pin(("schools.school", same[0]), other),))
    proposal = ZONES.propose(county, RULES, joined)
    assert zones_of(county, proposal)[same[0]] == zones_of(county, proposal)[other]
    assert ZONES.faults(county, RULES, proposal) == ()


def test_the_dearer_change_is_the_fewer_schools_move() -> None:
    # wider limits allow shorter ways; today's zones stay lawful, so with dear changes nobody moves
    moved = np.zeros(2)
    for seed in range(3):
        county = drawn(12, seed)
        today = apply(county, ZONES.propose(county, RULES, brief(zones=3, pupils_within=20)).changes)
        before = zones_of(today, ZONES.propose(today, RULES, brief(pupils_within=20, change=100)))
        for case, change in enumerate((0, 100)):
            now = zones_of(today, ZONES.propose(today, RULES, brief(pupils_within=80, spread=3, change=change)))
            moved[case] += sum(now[school] != zone for school, zone in before.items())
    assert moved[1] == 0
    assert moved[0] > 0


def test_numbers_come_from_the_standards() -> None:
    county = drawn(22, 1)
    with pytest.raises(Infeasible) as error:
        ZONES.propose(county, RULES, brief(zones=1))
    most = int(RULES.number("supervision.schools_per_zone.maximum", unit="schools/zone"))
    assert f"a zone has at most {most} schools" in {finding.found.en for finding in error.value.findings}
    zones = set(zones_of(county, ZONES.propose(county, RULES, brief())).values())
    assert len(zones) == 2  # the fewest for 22 schools


def test_a_county_in_two_pieces_needs_a_zone_in_each() -> None:
    villages = [{"village": f"V{k}", "name": f"V{k}"} for k in range(8)]
    county = drawn(8, 1)
    schools = [{**row, "village": f"V{k}"} for k, row in enumerate(county.tables["schools"].to_dicts())]
    pairs = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7)]
    joined = made(
        schools=schools,
        villages=villages,
        enrolment=county.tables["enrolment"].to_dicts(),
        adjacency=[{"village_a": f"V{a}", "village_b": f"V{b}"} for a, b in pairs],
    )
    with pytest.raises(Infeasible):
        ZONES.propose(joined, RULES, brief(zones=1))
    zones = zones_of(joined, ZONES.propose(joined, RULES, brief(pupils_within=50)))
    codes = sorted(zones)
    assert {zones[code] for code in codes[:4]} & {zones[code] for code in codes[4:]} == set()


def test_surroundings_of_schools_touch_through_villages_without_one() -> None:
    # V1 - A - B - V2, and V3 on an island; the pair is entered one way round only
    pairs = [("V1", "A"), ("B", "A"), ("V2", "B")]
    county = made(adjacency=[{"village_a": a, "village_b": b} for a, b in pairs])
    edges = by_villages(["V1", "V2", "V3", "V1"], county)
    # the second school of V1 shares its surroundings: it does not hang on the first
    assert np.argwhere(edges).tolist() == [[0, 1], [0, 3], [1, 0], [1, 3], [3, 0], [3, 1]]
    way = along(straight(np.array([[0.0, 0], [3, 4], [9, 9], [0, 0]])), edges)
    assert (way[0, 1], way[1, 3], way[0, 2], way[0, 3]) == (5, 5, UNREACHABLE, 1)


def test_without_a_map_all_schools_are_joined() -> None:
    at = np.random.default_rng(3).uniform(0, 1000, (40, 2))
    edges = by_distance(at)
    assert (edges == edges.T).all()
    assert along(straight(at), edges).max() < UNREACHABLE


def test_schools_of_unknown_place_or_pupils_are_named_together() -> None:
    county = drawn(5, 1)
    tables = {name: county.tables[name] for name in ("schools", "enrolment")}
    schools = tables["schools"].with_columns(lon=pl.when(pl.col("school") == school_code(0)).then(None).otherwise(pl.col("lon")))
    pupils = tables["enrolment"].filter(pl.col("school") != school_code(1))
    with pytest.raises(DataError) as error:
        ZONES.propose(made(schools=schools.to_dicts(), enrolment=pupils.to_dicts()), RULES, brief())
    assert [(one.rule, one.place.key) for one in error.value.findings] == [
        ("planning.school_without_coordinates", (school_code(0),)),
        ("planning.school_without_pupils", (school_code(1),)),
    ]


def test_a_school_that_is_not_planned_cannot_be_pinned() -> None:
    county = drawn(5, 1)
    schools = [*county.tables["schools"].to_dicts(), {"school": "1162000001", "name": "幼儿园", "kind": "kindergarten"}]
    pin = Pin(("schools.school", "1162000001"), school_code(0))
    with_one = made(schools=schools, enrolment=county.tables["enrolment"].to_dicts())
    with pytest.raises(DataError) as error:
        ZONES.propose(with_one, RULES, brief(pins=(pin,)))
    assert {one.rule for one in error.value.findings} == {"planning.pin_of_school_not_planned"}


def test_inspectors_that_do_not_suffice_are_said_and_those_that_do_are_kept_to() -> None:
    county = drawn(14, 2)
    with pytest.raises(Infeasible) as error:
        ZONES.propose(county, RULES, brief(zones=3, inspectors=5))
    assert "the county has 5 inspectors" in {finding.found.en for finding in error.value.findings}
    proposal = ZONES.propose(county, RULES, brief(zones=3, inspectors=6, pupils_within=40))
    assert apply(county, proposal.changes).tables["supervision_zones"]["inspectors"].sum() == 6
    assert ZONES.faults(county, RULES, proposal) == ()


def test_a_zone_too_many_is_closed_and_a_kindergarten_left_over_is_said() -> None:
    county = drawn(9, 2, zones=3)
    kindergarten = {"school": "1162000001", "name": "幼儿园", "kind": "kindergarten"}
    tables = {name: county.tables[name].to_dicts() for name in ("schools", "enrolment", "supervision_zones", "zone_schools")}
    tables["schools"].append(kindergarten)
    for zone in ("1", "2", "3"):
        rows = [*tables["zone_schools"], {"school": "1162000001", "zone": zone}]
        with_one = made(**{**tables, "zone_schools": rows})
        proposal = ZONES.propose(with_one, RULES, brief(zones=2, pupils_within=60))
        after = apply(with_one, proposal.changes)
        closed = {"1", "2", "3"} - set(after.tables["supervision_zones"]["zone"].to_list())
        assert len(closed) == 1
        is_left = ("1162000001" in after.tables["zone_schools"]["school"].to_list()) != (zone in closed)
        assert is_left
        assert ("kindergartens" in proposal.steps[-1].reason.en) == (zone in closed)


def test_the_verifier_sees_zones_in_pieces_and_too_few_inspectors() -> None:
    county = drawn(12, 3)
    proposal = ZONES.propose(county, RULES, brief(zones=3, pupils_within=60, spread=3))
    last = proposal.steps[-1]
    zones = zones_of(county, proposal)
    question = asked(county)
    zone = zones[question.codes[0]]
    lone = next(
        code
        for k, code in enumerate(question.codes)
        if zones[code] != zone and not any(zones[near] == zone for near in np.array(question.codes)[question.edges[k]])
    )
    apart = replace(last, changes=(SetValue("zone_schools", (lone,), "zone", zone),))
    said = " ".join(fault.en for fault in ZONES.faults(county, RULES, replace(proposal, steps=(*proposal.steps, apart))))
    assert "not joined to the seat" in said or "is not in it" in said
    few = replace(last, changes=(SetValue("supervision_zones", (zone,), "inspectors", 1),))
    said = " ".join(fault.en for fault in ZONES.faults(county, RULES, replace(proposal, steps=(*proposal.steps, few))))
    assert f"zone {zone} has 1 inspectors" in said


def test_schools_pinned_together_from_the_ends_of_the_county_are_refused_at_once() -> None:
    villages = [{"village": f"V{k}", "name": f"V{k}"} for k in range(12)]
    county = drawn(12, 1)
    line = made(
        schools=[{**row, "village": f"V{k}"} for k, row in enumerate(county.tables["schools"].to_dicts())],
        villages=villages,
        enrolment=county.tables["enrolment"].to_dicts(),
        adjacency=[{"village_a": f"V{k}", "village_b": f"V{k + 1}"} for k in range(11)],
    )
    far = Pin(("schools.school", school_code(0)), school_code(11))
    with pytest.raises(Infeasible) as error:
        ZONES.propose(line, RULES, brief(zones=3, pupils_within=60, pins=(far,)))
    said = {finding.found.en for finding in error.value.findings}
    assert "the schools of a zone are joined" in said
    assert "a zone has at most 5 schools" in said
    assert any(school_code(0) in each and school_code(11) in each for each in said)


@pytest.mark.parametrize("seed", range(3))
def test_a_forced_pin_gets_an_answer_within_a_limit_of_work(seed: int) -> None:
    county, question = drawn(30, seed), asked(drawn(30, seed))
    near = np.argsort(question.metres[0], kind="stable")[8]
    limits = Limits(gap=0.01, nodes=5)
    pinned = replace(brief(zones=3, pupils_within=40, pins=(Pin(("schools.school", school_code(0)), question.codes[near]),)), limits=limits)
    proposal = ZONES.propose(county, RULES, pinned)
    assert ZONES.faults(county, RULES, proposal) == ()
    assert zones_of(county, proposal)[school_code(0)] == zones_of(county, proposal)[question.codes[near]]


def test_what_a_cut_short_search_says_is_a_bound_of_the_true_best() -> None:
    question = asked(drawn(7, 5, zones=2), pupils_within=60)
    best = best_of_all(question, 2)
    for nodes in (0, 1, 2):
        answer = choose(question, 2, Limits(gap=0.0, nodes=nodes), 0, Watch())
        assert answer.bound <= best + 1e-6  # type: ignore[union-attr]


def test_other_good_zones_keep_every_rule_and_put_another_aim_first() -> None:
    county = drawn(16, 1, zones=3)
    proposal = ZONES.propose(county, RULES, brief(zones=3, pupils_within=40, change=1))
    by_title = {other.title.en: other for other in proposal.alternatives}
    assert by_title
    for other in by_title.values():
        lawful = replace(proposal, steps=other.steps, objective=other.objective)
        assert ZONES.faults(county, RULES, lawful) == ()
        assert other.objective >= proposal.bound
    zones = dict(county.tables["zone_schools"].select("school", "zone").iter_rows())
    changed = {
        title: sum(zones[school] != zone for school, zone in zones_of(county, replace(proposal, steps=other.steps)).items())
        for title, other in by_title.items()
    }
    now = sum(zones[school] != zone for school, zone in zones_of(county, proposal).items())
    assert changed.get("least change", now) <= now
