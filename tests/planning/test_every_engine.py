"""What every engine owes the planners; an engine is one file, and one line in ENGINES."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from junheng.errors import Text
from junheng.planning.solve import ENGINES, Impossible, Limits, Program, Progress, Solved, Unproven, Variables, Watch, solve

EXACT = Limits(gap=0.0)


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def same(sentence: str) -> Text:
    return Text(sentence, sentence)


# -- the village and the two schools, small enough for paper ------------------------------------------------------------

VILLAGES, SCHOOLS = np.array(["Ford", "Hill"]), np.array(["East", "West"])
PAIR_VILLAGE, PAIR_SCHOOL = np.array([0, 0, 1]), np.array([0, 1, 0])  # Hill's children reach East only
MINUTES = np.array([10.0, 20.0, 30.0])


def places(pupils: tuple[float, float], room: tuple[float, float], *, whole: bool = False) -> tuple[Program, Variables]:
    program = Program(unit="yuan")
    names = {"village": VILLAGES[PAIR_VILLAGE], "school": SCHOOLS[PAIR_SCHOOL]}
    goes = program.variables(same("pupils of {village} at {school}"), 3, whole=whole, **names)
    program.rule(same("every child of {village} has a place"), goes.sum_by(PAIR_VILLAGE) == pupils, village=VILLAGES)
    program.rule(same("{school} is not overfull"), goes.sum_by(PAIR_SCHOOL) <= room, school=SCHOOLS)
    program.cost(same("travel"), goes * MINUTES, unit="pupil-minutes", weight=0.5)
    return program, goes


def test_a_plan_comes_with_its_bound_and_its_costs_by_part(engine: str) -> None:
    # East has 100 places: Hill's 60 have no other school, so 40 of Ford's go there and 60 to West.
    # 40 x 10 + 60 x 20 + 60 x 30 = 3400 pupil-minutes, at half a yuan 1700
    program, goes = places((100, 60), (100, 100))
    answer = solve(program, engine=engine)
    assert isinstance(answer, Solved)
    assert answer.of(goes) == pytest.approx([40, 60, 60])
    assert answer.objective == pytest.approx(1700)
    assert answer.bound == pytest.approx(1700)
    assert answer.gap == pytest.approx(0)
    assert [(part.title.en, part.amount, part.unit, part.weight) for part in answer.amounts] == [("travel", 3400, "pupil-minutes", 0.5)]


def test_prices_say_what_one_more_place_would_save(engine: str) -> None:
    # one more place at East lets one child of Ford go 10 minutes instead of 20: it saves 5 yuan
    program, _ = places((100, 60), (100, 100))
    answer = solve(program, engine=engine)
    assert isinstance(answer, Solved)
    assert answer.prices is not None
    assert answer.prices[2:] == pytest.approx([-5, 0])


def test_what_is_impossible_names_a_smallest_conflict_and_its_price(engine: str) -> None:
    # Hill's 130 children reach East only, which has 100 places. Ford and West have nothing to do with it.
    program, _ = places((100, 130), (100, 500))
    answer = solve(program, engine=engine)
    assert isinstance(answer, Impossible)
    assert answer.is_smallest
    assert [rule.rule.en for rule in answer.conflict] == ["every child of Hill has a place", "East is not overfull"]
    assert [rule.by for rule in answer.conflict] == pytest.approx([30, 30])
    # without 30 of Hill's children: (100 x 30 + 100 x 20) / 2; with 30 more places: (130 x 30 + 100 x 20) / 2
    assert [rule.objective for rule in answer.conflict] == pytest.approx([2500, 2950], rel=1e-5)
    assert sum(rule.by or 0 for rule in answer.together) == pytest.approx(30)


def test_two_conflicts_cannot_be_mended_by_one_rule(engine: str) -> None:
    # Ford's children reach West only, too: each school lacks 10 places, so no single rule suffices, and two give way together
    program = Program()
    goes = program.variables(same("pupils of {village}"), 2, village=VILLAGES)
    program.rule(same("every child of {village} has a place"), goes >= [110, 110], village=VILLAGES)
    program.rule(same("{school} is not overfull"), goes <= [100, 100], school=SCHOOLS)
    answer = solve(program, engine=engine)
    assert isinstance(answer, Impossible)
    assert len(answer.conflict) == 2
    assert [rule.by for rule in answer.conflict] == [None, None]
    assert len(answer.together) == 2
    assert sum(rule.by or 0 for rule in answer.together) == pytest.approx(20)


def test_whole_numbers_alone_can_make_it_impossible(engine: str) -> None:
    # classes of 40 that hold exactly 100 children; the budget has nothing to do with it
    program = Program()
    classes = program.variables(same("classes"), 1, upper=10, whole=True)
    program.rule(same("the budget holds"), classes * 50_000 <= 500_000)
    program.rule(same("there are as many places as children"), classes * 40 == 100)
    answer = solve(program, engine=engine)
    assert isinstance(answer, Impossible)
    assert [rule.rule.en for rule in answer.conflict] == ["there are as many places as children"]
    assert [rule.by for rule in answer.conflict] == pytest.approx([20])  # two classes or three


def test_a_definition_is_never_blamed(engine: str) -> None:
    program = Program()
    opened = program.variables(same("West is open"), 1, upper=1, whole=True)
    goes = program.variables(same("pupils at West"), 1)
    program.definition(same("a closed school has no pupils"), goes <= opened * 100)
    program.rule(same("West stays closed"), opened == 0)
    program.rule(same("West takes 50"), goes >= 50)
    answer = solve(program, engine=engine)
    assert isinstance(answer, Impossible)
    assert [rule.rule.en for rule in answer.conflict] == ["West stays closed", "West takes 50"]


def test_a_program_of_nothing_holds_or_not(engine: str) -> None:
    nothing = solve(Program(), engine=engine)
    assert isinstance(nothing, Solved)
    assert (nothing.objective, nothing.bound, len(nothing.values)) == (0, 0, 0)
    program = Program()
    pupils = program.variables(same("pupils"), 0)
    program.rule(same("at most one"), pupils.sum() <= 1)
    program.cost(same("travel"), pupils + np.zeros(0), unit="km")
    assert isinstance(solve(program, engine=engine), Solved)
    program.rule(same("at least one"), pupils.sum() >= 1)
    answer = solve(program, engine=engine)
    assert isinstance(answer, Impossible)
    assert [(rule.rule.en, rule.by) for rule in answer.conflict] == [("at least one", 1)]


def test_variables_without_rules_go_to_their_bounds(engine: str) -> None:
    program = Program()
    x = program.variables(same("x"), 2, lower=[1, 0], upper=3, whole=True)
    program.cost(same("cost"), x * [2, -1] + 10, unit="yuan")
    answer = solve(program, EXACT, engine=engine)
    assert isinstance(answer, Solved)
    assert (answer.objective, answer.of(x).tolist()) == (pytest.approx(2 - 3 + 20), [1, 3])


def test_costs_that_fall_for_ever_are_a_mistake(engine: str) -> None:
    program = Program()
    program.cost(same("nonsense"), -program.variables(same("x"), 1), unit="yuan")
    with pytest.raises(ValueError, match="lacks a bound"):
        solve(program, engine=engine)


# -- against enumeration ------------------------------------------------------------------------------------------------


def knapsack(seed: int, *, many: int = 9) -> tuple[Program, Variables, np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    gain, weight = draw.integers(1, 60, many), draw.integers(1, 40, (2, many))
    program = Program()
    taken = program.variables(same("{item} is taken"), many, upper=1, whole=True, item=np.arange(many))
    limit = weight.sum(axis=1) // 3
    for row, room in zip(weight, limit, strict=True):
        program.rule(same("it fits"), (taken * row).sum() <= room)
    program.cost(same("gain"), taken * -gain, unit="yuan")
    return program, taken, gain, weight, limit


@pytest.mark.parametrize("seed", range(12))
def test_the_optimum_is_the_best_of_all_plans(engine: str, seed: int) -> None:
    program, _, gain, weight, limit = knapsack(seed)
    plans = np.array(list(itertools.product((0, 1), repeat=len(gain))))
    best = (plans @ gain)[(plans @ weight.T <= limit).all(axis=1)].max()
    answer = solve(program, EXACT, engine=engine)
    assert isinstance(answer, Solved)
    assert answer.objective == pytest.approx(-best)
    assert answer.bound == pytest.approx(-best)


def random_rules(seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    return draw.integers(-4, 5, (8, 3)), draw.integers(-6, 3, 8)


def is_possible(matrix: np.ndarray, room: np.ndarray) -> bool:
    plans = np.array(list(itertools.product(range(5), repeat=3)))
    return bool((plans @ matrix.T <= room).all(axis=1).any())


@pytest.mark.parametrize("seed", range(20))
def test_a_conflict_is_one_and_no_part_of_it_is(engine: str, seed: int) -> None:
    matrix, room = random_rules(seed)
    program = Program()
    x = program.variables(same("x"), 3, upper=4, whole=True)
    for row, (coefficients, limit) in enumerate(zip(matrix, room, strict=True)):
        program.rule(same(f"{row}"), (x * coefficients).sum() <= limit)
    answer = solve(program, engine=engine)
    if is_possible(matrix, room):
        assert isinstance(answer, Solved)
        return
    assert isinstance(answer, Impossible)
    conflict = [int(rule.rule.en) for rule in answer.conflict]
    assert not is_possible(matrix[conflict], room[conflict])
    for left_out in conflict:
        rest = [row for row in conflict if row != left_out]
        assert is_possible(matrix[rest], room[rest])


# -- cuts, starts, limits, who looks on ---------------------------------------------------------------------------------


def test_a_rule_of_whole_and_divided_numbers_that_stand_nowhere_else(engine: str) -> None:
    # 4.5 of the cheap one at 2 each; HiGHS 1.14.0 says 5 of the other at 3 each
    program = Program(unit="yuan")
    divided = program.variables(same("ground"), 1, upper=10.0)
    whole = program.variables(same("rooms"), 1, upper=10.0, whole=True)
    program.rule(same("enough"), divided + whole >= 4.5)
    program.cost(same("price"), divided * 2.0, unit="yuan")
    program.cost(same("price of rooms"), whole * 3.0, unit="yuan")
    answer = solve(program, EXACT, engine=engine)
    assert isinstance(answer, Solved)
    assert answer.objective == pytest.approx(9)


def test_rules_found_on_the_way_are_kept(engine: str) -> None:
    # six towns on a ring, each pair of opposite ones to be joined: the cheapest choice of edges falls apart until cuts say so
    places_at = np.array([(0, 0), (1, 0), (0, 1), (9, 9), (9, 8), (8, 9)])
    pairs = np.array(list(itertools.combinations(range(6), 2)))
    length = np.linalg.norm(places_at[pairs[:, 0]] - places_at[pairs[:, 1]], axis=1)
    program = Program()
    used = program.variables(same("{a}-{b}"), len(pairs), upper=1, whole=True, a=pairs[:, 0], b=pairs[:, 1])
    for town in range(6):
        program.rule(same(f"{town} lies on the round"), used[(pairs == town).any(axis=1)].sum() == 2)
    program.cost(same("way"), used * length, unit="km")
    seen = []

    def one_round(values: np.ndarray) -> None:
        chosen, within = pairs[values > 0.5], np.array([0])
        for _ in range(6):
            within = np.union1d(within, chosen[np.isin(chosen, within).any(axis=1)])
        seen.append(len(within))
        if len(within) < 6:
            leaves = np.isin(pairs, within).sum(axis=1) == 1
            program.rule(same("the round goes on"), used[leaves].sum() >= 2)

    answer = solve(program, EXACT, cuts=one_round, engine=engine)
    tours = ([0, *rest] for rest in itertools.permutations(range(1, 6)))
    lengths = [sum(np.linalg.norm(places_at[a] - places_at[b]) for a, b in zip(tour, [*tour[1:], 0], strict=True)) for tour in tours]
    assert isinstance(answer, Solved)
    assert answer.objective == pytest.approx(min(lengths))
    assert seen == [3, 6]


def test_cuts_that_the_plan_keeps_are_a_mistake(engine: str) -> None:
    program, goes = places((100, 60), (100, 100))
    with pytest.raises(ValueError, match="the plan keeps the rules"):
        solve(program, cuts=lambda values: program.rule(same("nothing new"), goes.sum() >= 0), engine=engine)


@pytest.fixture
def hard() -> tuple[Program, Variables]:
    """Return a program with plenty of plans whose proof takes dozens of nodes."""
    draw = np.random.default_rng(1)
    program = Program()
    taken = program.variables(same("{item}"), 60, upper=1, whole=True, item=np.arange(60))
    weight = draw.integers(200, 999, (6, 60))
    for row in weight:
        program.rule(same("it fits"), (taken * row).sum() <= row.sum() // 2)
    program.cost(same("gain"), taken * -draw.integers(200, 999, 60), unit="yuan")
    return program, taken


def test_a_limit_of_work_gives_the_best_plan_with_its_gap(engine: str, hard: tuple[Program, Variables]) -> None:
    program, taken = hard
    answer = solve(program, Limits(gap=0.0, nodes=5), engine=engine)
    assert isinstance(answer, Unproven)
    assert answer.objective is not None
    assert answer.bound < answer.objective
    assert 0 < answer.gap < 0.1
    assert set(np.round(answer.of(taken), 6)) == {0, 1}
    again = solve(program, Limits(gap=0.0, nodes=5), engine=engine)
    assert isinstance(again, Unproven)
    assert (again.objective, again.bound, list(again.of(taken))) == (answer.objective, answer.bound, list(answer.of(taken)))


def test_who_looks_on_sees_it_improve_and_can_stop_it(engine: str, hard: tuple[Program, Variables]) -> None:
    seen: list[Progress] = []
    watch = Watch(progress=seen.append, cancelled=lambda: any(each.gap < 0.05 for each in seen))
    answer = solve(hard[0], EXACT, watch=watch, engine=engine)
    assert isinstance(answer, Unproven)
    assert answer.objective is not None
    plans = [each.best for each in seen if each.best is not None]
    assert plans == sorted(plans, reverse=True)
    assert [each.bound for each in seen] == sorted(each.bound for each in seen)


def test_an_interrupted_search_answers_with_its_best(engine: str, hard: tuple[Program, Variables]) -> None:
    def impatient(progress: Progress) -> None:
        if progress.best is not None:
            raise KeyboardInterrupt

    answer = solve(hard[0], EXACT, watch=Watch(progress=impatient), engine=engine)
    assert isinstance(answer, Unproven)
    assert answer.objective is not None


def test_a_plan_to_begin_with_is_used(engine: str, hard: tuple[Program, Variables]) -> None:
    best = solve(hard[0], EXACT, engine=engine)
    assert isinstance(best, Solved)
    no_work = Limits(gap=0.0, nodes=0)
    alone, begun = solve(hard[0], no_work, engine=engine), solve(hard[0], no_work, start=best.values, engine=engine)
    assert isinstance(alone, Unproven)
    assert isinstance(begun, Unproven)
    assert alone.objective is None or alone.objective > best.objective + 1
    assert begun.objective == pytest.approx(best.objective)
