"""Sites: every small question is tried out choice by choice, and what the planner says is held against it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product

import numpy as np
import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from junheng.model.change import AddRow, Change, RemoveRow, apply
from junheng.model.county import County
from junheng.planning.planners.sites.ask import ask
from junheng.planning.planners.sites.choose import worked_out
from junheng.planning.planners.sites.question import Question, bound_at
from junheng.planning.proposal import Brief, Pin, Proposal
from junheng.planning.registry import planner
from junheng.planning.solve import Limits
from junheng.planning.solve.engine import EXACT
from tests.planning.counties import RULES, drawn

SITES = planner("sites")
Options = dict[str, bool | int | Decimal | str]


def asked(pins: tuple[Pin, ...] = (), forbids: tuple[Pin, ...] = (), **options: bool | int | Decimal | str) -> Brief:
    return Brief(planner="sites", options={"alternatives": False, **options}, pins=pins, forbids=forbids, limits=Limits(gap=0.0))


def proposed(county: County, brief: Brief) -> Proposal:
    proposal = SITES.propose(county, RULES, brief)
    assert SITES.faults(county, RULES, proposal) == ()
    return proposal


def best_of_all(question: Question) -> float:
    """Return the least cost over every choice of sites, in km of one pupil."""
    free = [site for site in question.open_to().tolist() if site not in question.must]
    least = np.inf
    for many in range(question.count - len(question.must) + 1):
        for more in combinations(free, many):
            new = tuple(sorted((*question.must, *more)))
            flow, _ = worked_out(question, new, EXACT, 0)
            least = least if flow is None else min(least, question.cost(flow, new))
    return question.km(least)


VILLAGE = "6207250{:05d}".format
ONE_OF_EACH: list[tuple[Options, dict[str, tuple[Pin, ...]], str]] = [
    ({}, {}, "few_sites"),
    ({"least": 0, "places": 60}, {}, "few_sites"),
    ({"count": 2}, {}, "growing"),
    ({"count": 3, "places": 60, "least": 0}, {}, "growing"),
    ({"count": 2, "places": 90, "least": 70}, {}, "growing"),
    ({"count": 2, "places": 80}, {"pins": (Pin(("villages.village", VILLAGE(3)), "open"),)}, "growing"),
    ({"count": 2, "capacity": False}, {"pins": (Pin(("villages.village", VILLAGE(3)), "open"),)}, "median"),
    ({"count": 3, "capacity": False}, {"forbids": (Pin(("villages.village", VILLAGE(5)), "open"),)}, "median"),
    ({"whole_villages": True, "places": 90}, {}, "whole_sites"),
    ({"whole_villages": True, "places": 50, "count": 2, "least": 0}, {}, "whole_sites"),
    ({"kind": "service", "count": 3, "capacity": False}, {}, "median"),
    ({"kind": "service", "count": 3, "places": 90}, {}, "siting"),
    ({"kind": "service", "count": 2, "places": 70, "whole_villages": True}, {}, "whole_blocks"),
]


@pytest.mark.parametrize(("options", "pins", "engine"), ONE_OF_EACH)
def test_no_choice_of_sites_is_better(options: Options, pins: dict[str, tuple[Pin, ...]], engine: str) -> None:
    county = drawn(5 if "whole_villages" in options else 8, seed=5)
    brief = asked(**pins, **options)
    proposal = proposed(county, brief)
    question = ask(county, RULES, brief, SITES.declaration)
    best = best_of_all(question)
    assert proposal.objective == pytest.approx(best)
    assert proposal.bound == pytest.approx(best)
    assert len(proposal.steps) <= question.count
    assert engine in ("few_sites", "growing", "whole_sites") or (
        proposal.certificate is not None and "prices" in proposal.certificate.tables
    )


def test_the_table_says_what_every_site_comes_to() -> None:
    county = drawn(8, seed=5)
    brief = asked(least=0, places=60)
    proposal = proposed(county, brief)
    question = ask(county, RULES, brief, SITES.declaration)
    table = {row["site"]: row for row in proposal.tables["values"].to_dicts()}
    for site, one in enumerate(question.candidates):
        flow, _ = worked_out(question, (site,), EXACT, 0)
        assert flow is not None
        assert table[one.code]["total"] == pytest.approx(question.km(question.cost(flow, (site,))))
    assert min(row["more"] for row in table.values()) == 0
    wrong = proposal.tables["values"].with_columns(pl.col("total") + 1)
    assert SITES.faults(county, RULES, replace(proposal, tables={**proposal.tables, "values": wrong}))


def test_prices_prove_no_more_than_any_choice_comes_to() -> None:
    question = ask(drawn(7, seed=6), RULES, asked(count=2, least=0), SITES.declaration)
    best = best_of_all(question)
    for seed in range(5):
        price = np.random.default_rng(seed).uniform(0, 30_000 / question.grain, len(question.blocks))
        assert question.km(bound_at(question, price)) <= best + 1e-9


def test_a_new_school_stands_in_the_county_and_counts_when_asked_again() -> None:
    county = drawn(9, seed=7)
    proposal = proposed(county, asked(count=2))
    after = apply(county, proposal.changes)
    rows = after.tables["sites"].to_dicts()
    assert [row["stage"] for row in rows] == ["preschool"] * len(proposal.steps)
    assert set(after.tables["projects"]["project"]) == {row["project"] for row in rows}
    more = proposed(after, asked(count=3))
    assert len(more.steps) <= 1
    assert more.objective <= proposal.objective + 1e-6


def test_plots_of_the_table_of_sites_are_the_candidates_with_their_cost() -> None:
    # Two plots: at V3 (dear) and at V6 (cheap). By ways alone one of them is best; at a heavy weight of money the cheap one is.
    county = drawn(8, seed=5)
    homes = {row["village"]: row for row in county.tables["villages"].to_dicts()}
    for village, yuan in ((VILLAGE(3), 90_000_000), (VILLAGE(6), 1_000_000)):
        at = {name: homes[village][name] for name in ("lon", "lat")}
        row = {
            "site": f"P{village}",
            "stage": "preschool",
            "name": f"地块{village}",
            "places": 120,
            "yuan_fixed": yuan,
            "yuan_per_place": 0,
        }
        county = apply(county, [AddRow("sites", {**row, **at})])
    near = proposed(county, asked(least=0))
    assert len(near.tables["values"]) == 2
    cheap = proposed(county, asked(least=0, yuan_weight=Decimal(1)))
    assert [change for step in cheap.steps for change in step.changes if getattr(change, "table", "") == "sites"]
    assert all(f"P{VILLAGE(6)}" in repr(step.changes) for step in cheap.steps)
    assert all(step.yuan == 1_000_000 for step in cheap.steps)


def test_the_lower_grades_of_a_teaching_point_must_be_known() -> None:
    with pytest.raises(DataError) as error:
        SITES.propose(drawn(6), RULES, asked(kind="point"))
    assert error.value.findings[0].rule == "planning.pupils_not_by_grade"


def test_a_teaching_point_serves_the_lower_grades_only() -> None:
    county = drawn(6)
    rows = county.tables["village_pupils"].filter(pl.col("stage") == "primary").to_dicts()
    changes: list[Change] = [RemoveRow("village_pupils", (row["village"], "primary", "all", 2025)) for row in rows]
    changes += [AddRow("village_pupils", {**row, "grade": grade, "pupils": 10}) for row in rows for grade in ("2", "5")]
    brief = asked(kind="point", point_grades=3, stage="primary", places=30)
    question = ask(apply(county, changes), RULES, brief, SITES.declaration)
    assert question.pupils.tolist() == [10] * 6
    assert len(question.candidates) == 6
    proposed(apply(county, changes), brief)


def test_a_pin_of_no_candidate_is_refused_with_its_code() -> None:
    county = drawn(6)
    plot = {"site": "P1", "stage": "primary", "name": "地块", "places": 90, "lon": Decimal(100), "lat": Decimal(38)}
    with pytest.raises(DataError) as error:
        SITES.propose(apply(county, [AddRow("sites", plot)]), RULES, asked(pins=(Pin(("sites.site", "P1"), "open"),)))
    assert error.value.findings[0].rule == "planning.pin_of_no_candidate"


def test_too_few_places_are_told_by_how_many() -> None:
    # 8 villages of 20 to 27 children (188); nothing stands but new ones: one of 100.
    with pytest.raises(Infeasible) as error:
        SITES.propose(drawn(8), RULES, asked(reserve=100, places=100, least=0))
    assert "88" in error.value.findings[0].remedy.zh


def test_the_price_of_one_more_and_the_next_best_sites_are_told() -> None:
    county = drawn(8, seed=5)
    proposal = proposed(county, asked(alternatives=True))
    question = ask(county, RULES, asked(count=2), SITES.declaration)
    one_more = next(price for price in proposal.prices if price.option == "count")
    assert one_more.saves == pytest.approx(proposal.objective - best_of_all(question))
    assert [one.objective for one in proposal.alternatives] == sorted(one.objective for one in proposal.alternatives)
    assert proposal.alternatives[0].objective == pytest.approx(proposal.objective + sorted(proposal.tables["values"]["more"])[1])


def over_years(*factors: float) -> County:
    """Return a county whose children of the years from 2026 on are those of today times a factor."""
    county = drawn(5, seed=5)
    today = county.tables["village_pupils"]
    later = [
        today.with_columns(year=pl.lit(2026 + ahead, today.schema["year"]), pupils=(pl.col("pupils") * factor).round().cast(pl.Int64))
        for ahead, factor in enumerate(factors)
    ]
    return replace(county, tables={**county.tables, "village_pupils": pl.concat([today, *later])})


@pytest.mark.parametrize(
    ("options", "factors", "forbidden"),
    [
        ({"count": 2, "in_year": 1, "places": 60, "least": 0}, (1.0, 1.2), ()),
        ({"count": 2, "places": 60, "least": 0}, (1.0, 1.3, 0.9), (2,)),
        ({"count": 1, "places": 100, "least": 45}, (0.8, 1.4), ()),
    ],
)
def test_no_choice_of_sites_and_years_is_better(options: Options, factors: tuple[float, ...], forbidden: tuple[int, ...]) -> None:
    county = over_years(*factors)
    forbids = tuple(Pin(("villages.village", VILLAGE(k)), "open") for k in forbidden)
    brief = asked(forbids=forbids, lead=1, years=len(factors), **options)
    proposal = proposed(county, brief)
    question = ask(county, RULES, brief, SITES.declaration)
    best = np.inf
    for begins in product((None, *range(question.years)), repeat=len(question.candidates)):
        opened = [year for year in begins if year is not None]
        lawful = all(opened.count(year) <= question.most_in[year] for year in set(opened)) and len(opened) <= question.count
        if not lawful or any(begins[site] is not None for site in question.never):
            continue
        total = 0.0
        for year in range(question.years):
            one = question.at(year)
            new = tuple(site for site, begin in enumerate(begins) if begin is not None and begin <= year)
            flow, _ = worked_out(one, new, EXACT, 0)
            total += np.inf if flow is None else one.cost(flow, ())
        best = min(best, total)
    assert proposal.objective == pytest.approx(question.km(best))
    assert proposal.bound == pytest.approx(proposal.objective)
    assert {step.year for step in proposal.steps} <= set(range(2026, 2026 + len(factors)))
    assert proposal.tables["years"]["year"].to_list() == [str(2026 + ahead) for ahead in range(len(factors))]


def test_years_are_asked_of_villages_that_may_be_divided() -> None:
    with pytest.raises(DataError, match="years=1"):
        SITES.propose(over_years(1.0, 1.0), RULES, asked(lead=1, years=2, whole_villages=True))
