"""A program of which a large part hangs on decisions only: the answer is that of the whole program, whichever way it is sought."""

from __future__ import annotations

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning import spread_plan
from junheng.planning.solve import Limits, Program, Solved, Variables, Watch
from junheng.planning.solve.answers import Answer
from junheng.planning.spread import Spread, limit_spread
from junheng.planning.spread_blocks import Part, apart
from junheng.planning.spread_search import solve_spread

SCHOOLS, WAYS = 8, 600


def named(words: str) -> Text:
    return Text(words, words)


def question(seed: int) -> tuple[Program, list[Spread], Variables]:
    """Return schools that meet one of two items at least: people moved along many ways, and rooms; each with a coefficient."""
    draw = np.random.default_rng(seed)
    weight = draw.integers(20, 90, SCHOOLS).astype(float)
    people, rooms = np.rint(weight * draw.uniform(0.5, 1.5, SCHOOLS)), np.rint(weight * draw.uniform(0.5, 1.5, SCHOOLS))
    program = Program(unit="yuan")
    met = [program.variables(named(f"met {k}"), SCHOOLS, upper=1, whole=True) for k in (0, 1)]
    program.rule(named("one of two"), met[0] + met[1] >= 1.0)
    giver, taker = draw.integers(0, SCHOOLS, WAYS), draw.integers(0, SCHOOLS, WAYS)
    moved = program.variables(named("moved"), WAYS, upper=3, whole=True)
    program.cost(named("moved"), moved * draw.uniform(1, 4, WAYS), unit="yuan")
    has = moved.sum_by(taker, SCHOOLS) - moved.sum_by(giver, SCHOOLS) + people
    built = program.variables(named("built"), SCHOOLS, upper=80, whole=True)
    program.cost(named("built"), built * draw.uniform(2, 5, SCHOOLS), unit="yuan")
    program.rule(named("people"), has - met[0] * np.rint(0.2 * weight) >= np.rint(0.7 * weight))
    program.rule(named("rooms"), built + rooms - met[1] * np.rint(0.3 * weight) >= np.rint(0.6 * weight))
    spreads = [
        limit_spread(program, named("people"), has, weight, 0.25, 1.0),
        limit_spread(program, named("rooms"), built + rooms, weight, 0.25, 1.0),
    ]
    return program, spreads, moved


def solved(seed: int) -> Answer:
    program, spreads, late = question(seed)
    return solve_spread(program, spreads, Limits(gap=1e-3), late=late)


def test_the_part_is_found_and_knows_decisions_only() -> None:
    program, spreads, late = question(1)
    arrays = program.arrays()
    early = arrays.whole.copy()
    early[late.columns] = False
    how = apart(arrays, spreads, early, np.flatnonzero(early & (arrays.upper <= 1)))
    assert how is not None
    assert how.columns[late.columns].all()
    assert set(how.links.tolist()) == set(range(SCHOOLS))
    assert (len(how.part_spreads), len(how.main_spreads)) == (1, 1)


@pytest.mark.parametrize("seed", range(4))
def test_the_answer_is_that_of_the_whole_program(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    parted = solved(seed)
    monkeypatch.setattr(spread_plan, "apart", lambda *_: None)
    whole = solved(seed)
    assert type(parted) is type(whole)
    if not isinstance(parted, Solved) or not isinstance(whole, Solved):
        return
    assert parted.bound <= whole.objective + 1e-6
    assert whole.bound <= parted.objective + 1e-6
    _, spreads, _ = question(seed)
    assert all(spread.is_kept(parted.values) for spread in spreads)


def test_decisions_that_leave_the_part_no_answer_are_cut_off_and_others_are_not() -> None:
    """The cut of a proof that there is no answer is broken by the decisions asked about, and kept by every one that has an answer."""
    program, spreads, late = question(2)
    arrays = program.arrays()
    arrays.upper[late.columns] = 0.0  # nobody moves: what a school lacks stays lacking
    early = arrays.whole.copy()
    early[late.columns] = False
    how = apart(arrays, spreads, early, np.flatnonzero(early & (arrays.upper <= 1)))
    assert how is not None
    part = Part(how, lambda session, gap: session.run(Limits(gap=gap), Watch()), 0)
    draw = np.random.default_rng(1)
    asked = [draw.integers(0, 2, len(how.links)).astype(float) for _ in range(12)]
    told = [part.answer(each) for each in asked]
    cuts = [one.cut for one in told if one.values is None]
    assert cuts
    for each, one in zip(asked, told, strict=True):
        values = np.zeros(len(arrays.cost) + 1)
        values[how.links] = each
        broken = [cut is not None and float(cut.excess(values).max()) > 1e-6 for cut in cuts]
        assert any(broken) if one.values is None else not any(broken)
