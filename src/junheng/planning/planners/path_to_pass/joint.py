"""Boundaries and measures in one program: which villages go, and what no plan with such moves costs less than."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from junheng.planning.planners.path_to_pass.choose import late_columns
from junheng.planning.planners.path_to_pass.model import model
from junheng.planning.planners.path_to_pass.nearest import Asked
from junheng.planning.planners.path_to_pass.question import Question
from junheng.planning.planners.path_to_pass.zone_changes import torn
from junheng.planning.planners.path_to_pass.zone_rules import Going
from junheng.planning.planners.path_to_pass.zones import Way
from junheng.planning.solve import Impossible, Watch
from junheng.planning.spread_search import solve_spread

_AGAIN = 4
_PART = 0.2  # of the time of a brief, for each plan beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Villages that go."""

    ways: tuple[Way, ...] = ()
    objective: float = np.inf  # of the program's own plan
    bound: float = -np.inf  # no plan with such moves costs less; inf: there is none
    impossible: Impossible | None = None

    def cost(self, yuan: int) -> float:
        """Return what the pupils who go weigh together."""
        return float(sum(way.pupils for way in self.ways) * yuan)


def beside(asked: Asked, question: Question, going: Going) -> Joint:
    """Return the same for a plan beside the one proposed, or a price: in a part of the time, and nobody is told how it stands."""
    limits = asked.brief.limits
    short = replace(limits, seconds=None if limits.seconds is None else _PART * limits.seconds)
    return joint(asked._replace(brief=replace(asked.brief, limits=short), watch=Watch(cancelled=asked.watch.cancelled)), question, going)


def joint(asked: Asked, question: Question, going: Going) -> Joint:
    """Return the villages that go. What would leave a catchment in pieces is left out and sought again; the bound is the first, of all."""
    brief, watch, found = asked.brief, asked.watch, Joint()
    for again in range(_AGAIN):
        made = model(question, None, going)
        answer = solve_spread(made.program, made.spreads, brief.limits, late=late_columns(made), seed=brief.seed, watch=watch)
        if isinstance(answer, Impossible):
            return replace(found, impossible=answer, bound=found.bound if again else np.inf)
        found = found if again else replace(found, bound=answer.bound)
        if answer.values is None or answer.objective is None:
            return found
        goes = () if made.goes is None else answer.of(made.goes)
        chosen = tuple(way for way, it in zip(going.ways, goes, strict=True) if it > 0.5)
        apart = torn(asked.county, asked.rules, chosen)
        if not apart:
            return replace(found, ways=chosen, objective=answer.objective)
        going = replace(going, ways=tuple(way for way in going.ways if way.village not in apart))
    return found
