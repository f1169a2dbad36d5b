"""The cheapest plan that keeps limits on how much schools may differ: relaxation, states of schools, whole numbers, repair.

1. The relaxation is solved, tangents are added where it breaks a limit, until it breaks none: the first bound. A large part that hangs
   on yes-or-no decisions only is left to linear programs (spread_blocks.py).
2. For plans that cost at most so much, a guess at first and then the best plan found, the means lie in narrow ranges, and the states of
   every school bring the relaxation near the best plan (spread_states.py).
3. The engine is asked for whole numbers there; those that matter little (`late`) are left broken. Its bound counts, since nothing that
   was added cuts off a cheaper plan.
4. Its decisions are kept, the rest is found again within every limit and in whole numbers: a plan, with which 2 begins anew.
5. Where that comes to an end before the gap does, the same is done for the whole program with `late` numbers whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve import Amount, Answer, Limits, Program, Progress, Solved, Unproven, Variables, Watch
from junheng.planning.solve.arrays import Arrays
from junheng.planning.solve.conflict import explain
from junheng.planning.solve.engine import Outcome, Status, gap
from junheng.planning.solve.highs import HighsSession
from junheng.planning.spread import Spread, first_tangents
from junheng.planning.spread_blocks import Part, apart
from junheng.planning.spread_main import Main
from junheng.planning.spread_states import stacked

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

GAPS = (0.004,)  # of the first rounds
SHARE = 0.3  # of the gap asked for that the engine may use; the rest is for the relaxation's part and the repair
ROUNDS = 60
_ENOUGH = 0.12  # of the root of the gap: of a mean's range, whose chord is then off by a thousandth of the gap or so
_YES, _BEGUN, _FIRST = 0.5, 0.1, 0.01  # above it the relaxation's decision is a yes, of one that is paid for; the gap of the first plan
_GUESSES = (1.01, 1.06, 1.4)  # times the relaxation: what a plan is guessed to cost at most


@dataclass
class Search:
    """One search, with what it has found so far."""

    program: Program
    spreads: tuple[Spread, ...]
    limits: Limits
    late: Variables | None
    seed: int
    watch: Watch
    bound: float = -np.inf
    best: float = np.inf
    values: Floats | None = None
    nodes: int = 0
    seconds: float = 0.0
    is_stopped: bool = False
    is_part: bool = False  # of another search, which does not ask why there is no plan
    given: Arrays | None = None

    def __post_init__(self) -> None:
        self.arrays = self.program.arrays() if self.given is None else self.given
        whole = self.arrays.whole
        early = whole.copy()
        if self.late is not None:
            early[self.late.columns] = False
        self.yes_or_no = whole & (self.arrays.upper <= 1) & (self.arrays.lower >= 0) & early
        self.stages = [early, whole] if early.any() and (early != whole).any() else [whole]

    def run(self, start: Floats | None) -> Answer:
        """Return the answer. start: a plan that keeps every rule."""
        if start is not None and self._is_kept(start):
            self._keep(start)
        for stage, whole in enumerate(self.stages):
            main = self._main(is_parted=stage == 0 and len(self.stages) > 1)
            main.narrow = _ENOUGH * self.limits.gap**0.5
            outcome = main.settle()
            if outcome.status == "infeasible":
                return self._impossible()
            if outcome.status == "optimal":
                self.bound = max(self.bound, min(outcome.bound, self.best))
            self._tell()
            self._rounded(main)
            if not self._searched(main, whole):
                return self._impossible()
            if self._is_near() or self.is_stopped:
                break
        return self._answer()

    def _rounded(self, main: Main) -> None:
        """Take the decisions of the relaxation, rounded, for a first plan; without one the search begins with a guess."""
        if self.values is not None or main.relaxed is None or main.relaxed.values is None or not self.yes_or_no.any():
            return
        values = main.relaxed.values.copy()
        decided = np.flatnonzero(self.yes_or_no)
        values[decided] = values[decided] > np.where(self.arrays.cost[decided] > 0, _BEGUN, _YES)
        plan = main.plan(values, decided, _FIRST)
        if plan is not None and self._is_kept(plan):
            self._keep(plan)
            self._tell()

    def _main(self, *, is_parted: bool) -> Main:
        decisions = np.flatnonzero(self.yes_or_no)
        how = apart(self.arrays, self.spreads, self.stages[0], decisions) if is_parted else None
        if how is None:
            return Main(self.arrays, self.spreads, self.yes_or_no, self._run, self.seed)
        part = Part(how, self._run, self.seed)
        return Main(how.main, how.main_spreads, np.append(self.yes_or_no, False), self._run, self.seed, how, part)

    def _searched(self, main: Main, whole: Mask) -> bool:
        """Narrow the gap with one program; False where it proves that there is no plan."""
        if main.relaxed is not None and main.relaxed.values is not None and not self.arrays.whole.any():
            self._keep(main.relaxed.values)
            return True
        early = whole if main.how is None else np.append(whole & ~main.how.columns, False)
        guesses = [*(guess * self.bound for guess in _GUESSES if self.bound > 0), np.inf]
        for turn in range(ROUNDS):
            before = (self.best, self.bound, main.size)
            most = min(self.best, guesses[0])
            status = self._turned(main, early, most, turn)
            if self._is_near() or status == "stopped":
                self.is_stopped = status == "stopped"
                return True
            if most < self.best and (status == "infeasible" or self.bound >= most):
                guesses = guesses[1:]
                if not guesses:
                    return False
            elif status == "infeasible":
                return self.values is not None
            elif before == (self.best, self.bound, main.size) and turn >= len(GAPS):
                return True
        return True

    def _turned(self, main: Main, early: Mask, most: float, turn: int) -> Status:
        """Ask for a bound and plans, given what a plan costs at most; return how the engine ended."""
        if np.isfinite(most):
            main.enough = self.best * (1 - self.limits.gap) if self.best > 0 else np.inf
            self._bounded(main.sharpen(most), most)
        else:
            main.forget()
        if main.lift is not None and not self._is_near():
            self._found(main, early, self.limits.gap * (SHARE if turn else 1.0), near=True)
        if self._is_near():
            return "optimal"
        outcome = self._found(main, early, max(self.limits.gap * SHARE, GAPS[turn] if turn < len(GAPS) else 0.0))
        self._bounded(most if outcome.status == "infeasible" else outcome.bound, most)
        return outcome.status

    def _found(self, main: Main, early: Mask, wanted: float, *, near: bool = False) -> Outcome:
        start = None if self.values is None else main.with_cost(self.values, self.arrays.cost)
        outcome = main.searched(early, wanted, start, near=near)
        if outcome.values is not None:
            plan = main.plan(outcome.values[: len(main.arrays.cost)], np.flatnonzero(self.yes_or_no), self.limits.gap * SHARE)
            main.seen(outcome.values)
            if plan is not None and self._is_kept(plan):
                self._keep(plan)
            self._tell()
        return outcome

    def _bounded(self, least: float, most: float) -> None:
        """Take a bound that holds for plans that cost at most so much."""
        self.bound = max(self.bound, min(least, most, self.best))
        self._tell()

    def _is_kept(self, values: Floats) -> bool:
        return all(spread.is_kept(values) for spread in self.spreads)

    def _keep(self, values: Floats) -> None:
        objective = float(self.arrays.cost @ values) + self.arrays.offset
        if objective < self.best:
            self.best, self.values = objective, values

    def _run(self, session: HighsSession, wanted: float) -> Outcome:
        nodes = None if self.limits.nodes is None else max(0, self.limits.nodes - self.nodes)
        seconds = None if self.limits.seconds is None else max(0.0, self.limits.seconds - self.seconds)
        outcome = session.run(replace(self.limits, gap=wanted, nodes=nodes, seconds=seconds), Watch(cancelled=self.watch.cancelled))
        self.nodes += outcome.nodes
        self.seconds += outcome.seconds
        return outcome

    def _is_near(self) -> bool:
        near = gap(self.best, self.bound) <= self.limits.gap or self.best - self.bound <= self.limits.slack
        return self.values is not None and near

    def _tell(self) -> None:
        if self.watch.progress:
            self.watch.progress(Progress(self.best if self.values is not None else None, self.bound, self.nodes))

    def _impossible(self) -> Answer:
        if self.is_part:
            return self._answer()
        arrays = replace(self.arrays, rows=stacked([self.arrays.rows, *first_tangents(self.spreads, self.program.columns)]))
        name, kind = self.program.name_of_row, self.program.kind_of_row
        return explain(HighsSession, arrays, self.program.named_rows(), name, self.limits, self.seed, self.watch, kind)

    def _answer(self) -> Answer:
        if self.values is None:
            return Unproven(bound=self.bound, nodes=self.nodes)
        values, bound = self.values, min(self.bound, self.best)
        amounts = tuple(Amount(term.title, term.amount(values), term.unit, term.weight) for term in self.program.costs)
        if self._is_near():
            return Solved(objective=self.best, bound=bound, values=values, amounts=amounts, nodes=self.nodes)
        return Unproven(bound=bound, objective=self.best, values=values, amounts=amounts, nodes=self.nodes)
