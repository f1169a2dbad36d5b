"""The plan that costs least: what is done in which year, who goes where, and how far from the best possible that may be."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from junheng.planning.planners.school_places.costs import cost_kinds, moved_by, trips
from junheng.planning.planners.school_places.model import Model, model
from junheng.planning.planners.school_places.question import CLOSE, OPEN, Choice, Floats, Ints, Question
from junheng.planning.solve import ENGINES, Amount, Impossible, Limits, Unproven, Watch, solve

_HALF = 0.5
_LITTLE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """A plan of the question."""

    question: Question
    levels: Ints  # (K, T) how many of each choice are in effect
    share: Floats  # (T, A) of each block and pair
    objective: float
    bound: float
    amounts: tuple[Amount, ...]
    values: Floats

    @property
    def places(self) -> Ints:
        """Return the places of each unit and year: (U, T)."""
        room = self.question.base.copy()
        for choice, levels in zip(self.question.choices, self.levels, strict=True):
            room[choice.unit] += levels * places_of(choice)
            if choice.fate == CLOSE:
                room[choice.unit] = np.where(levels > 0, 0, room[choice.unit])
        return room

    def load(self, pupils: Floats) -> Floats:
        """Return the pupils of each unit and year: (T, U). pupils: (T, B)."""
        ways, years = self.question.ways, range(len(self.question.years))
        units = len(self.question.units)
        each = [np.bincount(ways.unit, weights=self.share[t] * pupils[t, ways.block], minlength=units) for t in years]
        return np.array(each, dtype=np.float64).reshape(len(self.question.years), units)

    def first(self, choice: int) -> int | None:
        """Return the year (from 0) in which a choice comes into effect, None when it never does."""
        years = np.flatnonzero(self.levels[choice] > 0)
        return int(years[0]) if len(years) else None


def places_of(choice: Choice) -> int:
    """Return by how much one unit of a choice changes places."""
    return {"extend": choice.places, "shrink": -choice.places, OPEN: choice.places}.get(choice.fate, 0)


def choose(question: Question, limits: Limits, seed: int, watch: Watch) -> Plan | Impossible | Unproven:
    """Return the plan of least cost, the rules in conflict, or that none was found in the work allowed."""
    made = model(question)
    answer = solve(made.program, limits, seed=seed, watch=watch)
    if isinstance(answer, Impossible) or answer.values is None:
        return answer
    return read(made, answer.values, answer.bound)


def beside(question: Question, limits: Limits, seed: int, watch: Watch, start: Plan | None = None) -> Plan | None:
    """Return the plan of another question, None where there is none or it was not found: nobody asks which rules are in conflict."""
    made = model(question)
    session = ENGINES["highs"](made.program.arrays(), seed=seed)
    if start is not None and len(start.values) == made.program.columns:
        session.start_from(start.values)
    outcome = session.run(limits, watch)
    return None if outcome.values is None else read(made, outcome.values, outcome.bound)


def read(made: Model, values: Floats, bound: float) -> Plan:
    """Return the plan that values of the program mean; what it costs is added up from it."""
    question, years = made.question, len(made.question.years)
    levels = np.rint(values[made.done.columns]).astype(np.int64).reshape(len(question.choices), years)
    share = np.clip(values[made.goes.columns], 0, 1).reshape(years, len(question.ways.block))
    share = np.rint(share) if question.weights.is_whole else np.where(share < _LITTLE, 0.0, share)
    for year in range(years):
        total = np.bincount(question.ways.block, weights=share[year], minlength=len(question.blocks))
        share[year] /= np.where(total > 0, total, 1.0)[question.ways.block]
    plan = Plan(question=question, levels=levels, share=share, objective=0.0, bound=bound, amounts=(), values=values)
    amounts = amounts_of(plan)
    objective = sum(part.amount * part.weight for part in amounts)
    return replace(plan, objective=objective, bound=float(min(bound, objective)), amounts=amounts)


def amounts_of(plan: Plan) -> tuple[Amount, ...]:
    """Return what a plan costs, by parts, counted from what it does."""
    question = plan.question
    money, running, moved = 0.0, 0.0, 0.0
    for choice, levels in zip(question.choices, plan.levels, strict=True):
        money += choice.yuan * levels[-1] + choice.fixed * bool(levels[-1])
        running += choice.yuan_year * levels.sum() + choice.fixed_year * (levels > 0).sum()
        moved += moved_by(question.units, choice) * bool(levels[-1])
    ways = question.ways
    pupils = plan.share * question.expected[:, ways.block]
    elsewhere = float(((plan.share - np.minimum(plan.share, ways.today)) * question.expected[:, ways.block]).sum())
    parts = (money, running, float((pupils * trips(question)).sum()), float((pupils * ways.boards).sum()), moved, elsewhere)
    return tuple(
        Amount(title, float(amount), unit, weight)
        for (title, unit, weight), amount in zip(cost_kinds(question.weights), parts, strict=True)
    )
