"""Siting over several years: against enumeration on tiny questions, its bound re-checked, and the impossible proven."""

from __future__ import annotations

import sys
from itertools import product

import numpy as np
import pytest

from junheng.planning.pupils_to_schools import Overfull, Sent, send_pupils
from junheng.planning.solve.engine import Limits
from tests.qinghe import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
try:
    from years_plan import Course, bound_at, plan_years
    from years_search import Search, Sites, State
finally:
    sys.path.pop(0)


def drawn(seed: int, sites: int = 4, years: int = 2, blocks: int = 8) -> tuple[np.ndarray, np.ndarray, Sites]:
    draw = np.random.default_rng(seed)
    way = draw.integers(1, 60, (blocks, sites))
    pupils = draw.integers(5, 20, (years, blocks))
    share = int(pupils.sum(axis=1).max() / sites)
    return (
        way,
        pupils,
        Sites(
            places=draw.integers(share // 2, 2 * share, sites),
            exists=draw.random(sites) < 0.6,
            fixed=draw.integers(200, 900, (sites, years)).astype(float),
            opening=draw.integers(100, 600, (sites, years)).astype(float),
            module=draw.integers(100, 300, (sites, years)).astype(float),
            module_places=max(1, share // 2),
            most=1,
        ),
    )


def enumerated(way: np.ndarray, pupils: np.ndarray, sites: Sites) -> float:
    """Return the least cost over all courses of all sites and modules."""
    years = len(pupils)
    search = Search(way, pupils, sites, 0)
    of_site = []
    for j in range(len(sites.places)):
        its = []
        for many in range(years + 1):
            is_open = np.arange(years) < many if sites.exists[j] else np.arange(years) >= years - many
            courses = product((0, 1), repeat=years)
            its += [(is_open, np.cumsum(built)) for built in courses if not (np.array(built) > is_open).any()]
        of_site.append(its)
    best = np.inf
    for chosen in product(*of_site):
        state = State(np.array([one[0] for one in chosen]), np.array([one[1] for one in chosen]))
        if search.building(state) < best:
            best = min(best, search.value(state))
    return best


@pytest.mark.parametrize("seed", range(4))
def test_the_plan_is_the_cheapest_of_all(seed: int) -> None:
    way, pupils, sites = drawn(seed)
    truth = enumerated(way, pupils, sites)
    plan = plan_years(way, pupils, sites, limits=Limits(gap=1e-4))
    assert isinstance(plan, Course)
    assert plan.bound <= truth + 1e-6
    assert plan.objective >= truth - 1e-6
    assert plan.objective == pytest.approx(truth, rel=0.01)  # steps from plan to plan may miss the last one, and then the gap says so
    assert bound_at(way, pupils, sites, plan.price) == pytest.approx(plan.bound_by_prices)


def test_what_it_costs_is_added_up_from_what_it_does() -> None:
    way, pupils, sites = drawn(7, sites=6, years=3, blocks=20)
    plan = plan_years(way, pupils, sites)
    assert isinstance(plan, Course)
    search = Search(way, pupils, sites, 0)
    state = State(plan.is_open, plan.modules)
    assert search.building(state) + sum(sent.travel for sent in plan.sent) == pytest.approx(plan.objective)
    closed = ~plan.is_open
    assert not any(closed[sent.school, t].any() for t, sent in enumerate(plan.sent))
    assert (np.diff(plan.modules, axis=1) >= 0).all()


def test_too_few_places_whatever_is_built_are_proven() -> None:
    way, pupils, sites = drawn(1)
    answer = plan_years(way, pupils * 40, sites)
    assert isinstance(answer, Overfull)
    assert answer.pupils > answer.places


def test_the_same_question_gets_the_same_plan() -> None:
    way, pupils, sites = drawn(3, sites=5, years=3, blocks=15)
    first, second = (plan_years(way, pupils, sites) for _ in range(2))
    assert isinstance(first, Course)
    assert isinstance(second, Course)
    assert (first.objective, first.bound, first.is_open.tolist()) == (second.objective, second.bound, second.is_open.tolist())
    assert isinstance(send_pupils(way, pupils[0], sites.places * 10), Sent)
