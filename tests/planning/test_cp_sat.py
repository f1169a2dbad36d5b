"""CP-SAT beside HiGHS: the same answers, who gave them, and who answers when it cannot."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from junheng.documents.child import Child
from junheng.errors import Text
from junheng.planning.solve import Answer, Impossible, Limits, Program, Progress, Solved, Unproven, Watch, solve
from junheng.planning.solve.cp_sat import CpSatSession
from junheng.planning.solve.engine import EXACT, NOBODY
from junheng.planning.solve.scaled import NO_BOUND, NOT_SCALED, NOT_WHOLE, Scaled, scaled


def same(sentence: str) -> Text:
    return Text(sentence, sentence)


def drawn(seed: int, *, step: float = 1.0, constant: float = 0.0) -> Program:
    """Return a program of eight whole numbers; every third seed asks for what cannot be."""
    draw = np.random.default_rng(seed)
    program = Program()
    x = program.variables(same("x"), 8, lower=draw.integers(-4, 0, 8), upper=draw.integers(1, 5, 8), whole=True)
    for _ in range(5):
        middle = int(draw.integers(-8, 9))
        program.rule(same("within"), (x * (step * draw.integers(-9, 10, 8))).sum() <= step * middle + step / 4)
    if seed % 3 == 0:
        program.rule(same("even and odd"), (x * (2 * draw.integers(1, 5, 8))).sum() == 2 * int(draw.integers(-3, 3)) + 1)
    program.cost(same("cost"), x * (step * draw.integers(-20, 21, 8)) + constant / 8, unit="yuan")
    return program


def many(items: int = 120, seed: int = 3) -> Program:
    """Return a choice that takes an engine long to prove."""
    draw = np.random.default_rng(seed)
    program = Program()
    taken = program.variables(same("{item}"), items, upper=1, whole=True, item=np.arange(items))
    for row in draw.integers(200, 999, (8, items)):
        program.rule(same("it fits"), (taken * row).sum() <= row.sum() // 2)
    program.cost(same("gain"), taken * -draw.integers(200, 999, items), unit="yuan")
    return program


def remark(answer: Answer) -> str:
    return "" if answer.remark is None else answer.remark.en


@pytest.mark.parametrize("step", [1.0, 0.01, 1 / 3])
@pytest.mark.parametrize("seed", range(8))
def test_both_engines_give_the_same_answer(seed: int, step: float) -> None:
    ours, theirs = (solve(drawn(seed, step=step, constant=1000), EXACT, engine=engine) for engine in ("cp_sat", "highs"))
    assert type(ours) is type(theirs)
    assert (ours.engine, ours.remark, theirs.engine) == ("cp_sat", None, "highs")
    if isinstance(ours, Solved) and isinstance(theirs, Solved):
        assert ours.objective == pytest.approx(theirs.objective, abs=1e-6)
        assert ours.objective - 2e-6 <= ours.bound <= ours.objective
        assert not (drawn(seed, step=step).arrays().rows.excess(ours.values) > 1e-6).any()
    if isinstance(ours, Impossible) and isinstance(theirs, Impossible):
        assert [rule.rule for rule in ours.conflict] == [rule.rule for rule in theirs.conflict]


def test_some_of_the_drawn_programs_are_possible_and_some_are_not() -> None:
    kinds = {type(solve(drawn(seed), EXACT)) for seed in range(8)}
    assert kinds == {Solved, Impossible}


def test_without_costs_any_plan_is_the_best_and_costs_the_constant() -> None:
    program = Program()
    x = program.variables(same("x"), 3, upper=5, whole=True)
    program.rule(same("ten"), x.sum() == 10)
    program.cost(same("rent"), x * 0 + 7, unit="yuan")
    answer = solve(program, EXACT, engine="cp_sat")
    assert isinstance(answer, Solved)
    assert (answer.objective, answer.bound, answer.engine, answer.values.sum()) == (21, 21, "cp_sat", 10)


def test_a_fraction_no_whole_number_meets_is_impossible_without_a_search() -> None:
    program = Program()
    x = program.variables(same("x"), 2, upper=9, whole=True)
    program.rule(same("three and a half"), x.sum() == 3.5)
    answer = solve(program, engine="cp_sat")
    assert isinstance(answer, Impossible)
    assert (answer.engine, [rule.by for rule in answer.conflict]) == ("cp_sat", [pytest.approx(0.5)])


def unfit(upper: float, *, whole: bool, step: float) -> Program:
    program = Program()
    x = program.variables(same("x"), 2, upper=upper, whole=whole)
    program.rule(same("enough"), (x * [step, 1]).sum() >= 2.5)
    program.cost(same("cost"), x * [3, 2], unit="yuan")
    return program


@pytest.mark.parametrize(
    ("upper", "whole", "step", "why"),
    [(9, False, 1.0, NOT_WHOLE), (np.inf, True, 1.0, NO_BOUND), (1e9, True, np.pi, NOT_SCALED)],
)
def test_what_cp_sat_cannot_take_is_answered_by_highs_which_says_so(upper: float, whole: bool, step: float, why: Text) -> None:
    program = unfit(upper, whole=whole, step=step)
    answer, theirs = solve(program, EXACT, engine="cp_sat"), solve(program, EXACT)
    assert isinstance(answer, Solved)
    assert isinstance(theirs, Solved)
    assert (answer.engine, remark(answer), answer.objective) == ("highs", f"solved by HiGHS: {why.en}", theirs.objective)


@pytest.mark.parametrize("dying", ["raise ImportError('not here')", "import os, sys; sys.stdin.close(); os.abort()"])
def test_where_the_library_is_missing_or_dies_highs_answers(dying: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ortools").mkdir()
    (tmp_path / "ortools" / "__init__.py").write_text(dying, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for seed in (1, 3):
        answer, theirs = solve(drawn(seed), EXACT, engine="cp_sat"), solve(drawn(seed), EXACT)
        assert type(answer) is type(theirs)
        assert (answer.engine, remark(answer)) == ("highs", "solved by HiGHS: CP-SAT is not installed or has died")


def test_it_stops_when_told_and_keeps_its_best_plan() -> None:
    seen: list[Progress] = []
    watch = Watch(progress=seen.append, cancelled=lambda: any(each.best is not None for each in seen))
    answer = solve(many(), EXACT, engine="cp_sat", watch=watch)
    assert isinstance(answer, Unproven)
    assert answer.engine == "cp_sat"
    assert answer.objective == min(each.best for each in seen if each.best is not None)
    assert answer.values is not None
    assert not (many().arrays().rows.excess(answer.values) > 1e-6).any()


def test_no_process_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*args: object, **words: object) -> subprocess.Popen[bytes]:
        started.append(start(*args, **words))  # type: ignore[call-overload]  # passed on as given
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    solve(many(), Limits(gap=0.0, seconds=0.5), engine="cp_sat")
    solve(many(), EXACT, engine="cp_sat", watch=Watch(cancelled=lambda: True))
    solve(many(), EXACT, engine="cp_sat", watch=Watch(cancelled=lambda: bool(started[2:])))
    assert started
    assert all(process.returncode is not None for process in started)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_limit_of_work_gives_the_same_plan_every_time(threads: int) -> None:
    limits = Limits(gap=0.0, nodes=40, threads=threads)
    first, again = (solve(many(), limits, engine="cp_sat", seed=5) for _ in range(2))
    assert isinstance(first, Unproven)
    assert isinstance(again, Unproven)
    assert (first.objective, first.bound, first.nodes) == (again.objective, again.bound, again.nodes)
    assert first.values is not None
    assert again.values is not None
    assert first.values.tolist() == again.values.tolist()


def test_rows_and_bounds_can_be_changed_between_runs() -> None:
    program = Program()
    x = program.variables(same("x"), 3, upper=5, whole=True)
    program.rule(same("enough"), x.sum() >= 4)
    program.rule(same("few of the first"), x[np.array([0])].sum() <= 1)
    program.cost(same("cost"), x * [1, 2, 3], unit="yuan")
    session = CpSatSession(program.arrays())
    assert session.run(EXACT, NOBODY).objective == 1 + 3 * 2
    session.add_rows(program.arrays().rows.chosen(np.array([0])))
    session.drop_rows(np.array([0, 1]))
    assert session.run(EXACT, NOBODY).objective == 4
    session.bound_columns(np.array([0, 1]), np.zeros(2), np.array([2.0, 1.0]))
    assert session.run(EXACT, NOBODY).objective == 2 + 2 + 3


def test_coefficients_are_scaled_no_further_than_they_need() -> None:
    program = Program()
    x = program.variables(same("x"), 2, upper=4, whole=True)
    program.rule(same("whole"), (x * [3, 5]).sum() <= 7)
    program.rule(same("tenths"), (x * [0.3, 0.5]).sum() >= 0.7)
    program.cost(same("cost"), x * [0.25, 1], unit="yuan")
    given = scaled(program.arrays(), 0.0)
    assert isinstance(given, Scaled)
    assert given.value.tolist() == [3, 5, 3, 5]
    assert (given.most[0], given.least[1], given.factor, given.cost.tolist(), given.error) == (7, 7, 100, [25, 100], 0)


def test_costs_with_many_digits_are_rounded_and_the_bound_says_by_how_much() -> None:
    draw = np.random.default_rng(0)
    program = Program()
    x = program.variables(same("x"), 40, upper=1, whole=True)
    program.rule(same("half"), x.sum() == 20)
    costs = draw.random(40) * 1e6
    program.cost(same("way"), x * costs, unit="m")
    answer = solve(program, EXACT, engine="cp_sat")
    assert isinstance(answer, Solved)
    assert answer.engine == "cp_sat"
    truth = np.sort(costs)[:20].sum()
    assert answer.objective == pytest.approx(truth, rel=1e-12)
    assert truth * (1 - 1e-8) < answer.bound < truth


def test_a_child_is_heard_line_by_line_and_ended(tmp_path: Path) -> None:
    script = tmp_path / "echo.py"
    script.write_text("import sys\nfor line in sys.stdin:\n    print(line.strip().upper(), flush=True)\n", encoding="utf-8")
    with Child(script, b"one\ntwo\n") as child:
        heard = [line for _ in range(2) if (line := child.line(5))]
        assert heard[:2] == ["ONE\n", "TWO\n"]
        assert child.line(0.01) == ""
    assert child.line(1.0) is None
