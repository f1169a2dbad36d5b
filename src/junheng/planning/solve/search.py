"""Solving a program: with cuts that are found as one goes, limits, somebody who looks on, and one of three answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from junheng.planning.solve.answers import Amount, Answer, Impossible, Solved, Unproven
from junheng.planning.solve.conflict import explain
from junheng.planning.solve.cp_sat import CpSatSession
from junheng.planning.solve.engine import NOBODY, USUAL, Engine, Floats, Limits, Outcome, Session, Watch, gap
from junheng.planning.solve.highs import HighsSession
from junheng.planning.solve.program import Program

ENGINES: dict[str, Engine] = {
    "highs": HighsSession,
    "highs_interior": partial(HighsSession, interior=True),
    "highs_corner": partial(HighsSession, interior=True, corner=True),
    "highs_proof": partial(HighsSession, prove=True),
    "cp_sat": CpSatSession,
}

Cuts = Callable[[Floats], None]  # looks at a plan and adds to the program the rules that it breaks; none: the plan stands

_TOLERANCE = 1e-6


def solve(
    program: Program,
    limits: Limits = USUAL,
    *,
    seed: int = 0,
    start: Floats | None = None,
    cuts: Cuts | None = None,
    watch: Watch = NOBODY,
    engine: str = "highs",
    explained: bool = True,
) -> Answer:
    """Return the cheapest plan, or the proof that there is none, or what is known when the limits are reached.

    start: (columns,) a plan to begin with. cuts: called with each plan found; HiGHS takes no rules while it searches, so the
    program is solved again with those that were added, and what was learned of the bound is kept. explained: of a program that
    cannot be solved its conflict is looked for; otherwise the conflict is empty.
    Raises ValueError when costs can fall for ever (a variable lacks a bound).
    """
    search = _Search(program, limits, ENGINES[engine], seed, watch, cuts, explained)
    return search.run(start)


@dataclass
class _Search:
    program: Program
    limits: Limits
    engine: Engine
    seed: int
    watch: Watch
    cuts: Cuts | None
    explained: bool = True
    bound: float = -np.inf
    nodes: int = 0
    seconds: float = 0.0

    def run(self, start: Floats | None) -> Answer:
        session = self.engine(self.program.arrays(), seed=self.seed)
        if start is not None:
            session.start_from(start)
        outcome = self._solved(session)
        while outcome.values is not None and self._was_cut(session, outcome.values):
            if outcome.status == "stopped":  # no work is left, and the plan breaks a rule
                return Unproven(bound=self.bound, nodes=self.nodes)
            outcome = self._solved(session)
        return self._answer(outcome, session)

    def _solved(self, session: Session) -> Outcome:
        nodes = None if self.limits.nodes is None else max(0, self.limits.nodes - self.nodes)
        seconds = None if self.limits.seconds is None else max(0.0, self.limits.seconds - self.seconds)
        outcome = session.run(replace(self.limits, nodes=nodes, seconds=seconds), self.watch)
        self.nodes += outcome.nodes
        self.seconds += outcome.seconds
        self.bound = max(self.bound, outcome.bound)
        return outcome

    def _was_cut(self, session: Session, values: Floats) -> bool:
        """Show a plan to the cuts; return whether rules were added, which the session then knows, too."""
        if self.cuts is None:
            return False
        before = self.program.rows
        self.cuts(values)
        if self.program.rows == before:
            return False
        added = self.program.rows_since(before)
        if not bool((added.excess(values) > _TOLERANCE).any()):
            raise ValueError(f"{self.program.name_of_row(before).en}: the plan keeps the rules that were added because it breaks them")
        session.add_rows(added)
        return True

    def _answer(self, outcome: Outcome, session: Session) -> Answer:
        if outcome.status == "unbounded":
            raise ValueError("costs can fall for ever: a variable lacks a bound")
        if outcome.status == "infeasible" and not self.explained:
            return Impossible(conflict=(), together=(), is_smallest=False, engine=outcome.engine, remark=outcome.remark)
        if outcome.status == "infeasible":
            rules = self.program.named_rows()
            arrays = self.program.arrays()
            name, kind = self.program.name_of_row, self.program.kind_of_row
            why = explain(ENGINES["highs"], arrays, rules, name, self.limits, self.seed, self.watch, kind)
            return replace(why, engine=outcome.engine, remark=outcome.remark)
        who: dict[str, Any] = {"nodes": self.nodes, "engine": outcome.engine, "remark": outcome.remark}
        if outcome.values is None or outcome.objective is None:
            return Unproven(bound=self.bound, **who)
        amounts = tuple(Amount(term.title, term.amount(outcome.values), term.unit, term.weight) for term in self.program.costs)
        bound = min(self.bound, outcome.objective)
        values, objective = outcome.values, outcome.objective
        near = gap(objective, bound) <= self.limits.gap or objective - bound <= self.limits.slack
        if outcome.status == "optimal" or near:
            return Solved(objective=objective, bound=bound, values=values, amounts=amounts, prices=outcome.prices, **who)
        return Unproven(bound=bound, objective=objective, values=values, amounts=amounts, **who)
