"""The three answers to a question of planning: solved, proven impossible, or not known in the time allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from junheng.errors import Text
from junheng.planning.solve.engine import Floats, gap
from junheng.planning.solve.expression import Terms, Variables
from junheng.planning.solve.program import value_of


class Amount(NamedTuple):
    """One part of the objective at a plan."""

    title: Text
    amount: float
    unit: str
    weight: float  # of the objective's unit, for one


class Relaxation(NamedTuple):
    """A rule that must give way: by how much, in the rule's own unit, and what the best plan then costs."""

    rule: Text
    by: float | None  # None: however far it gives way, the others still conflict
    objective: float | None  # None: not known in the work allowed, or not asked
    kind: str = ""  # rules of one kind are told as one; "": of a kind of its own
    unit: str = ""  # of `by`
    option: str = ""  # the option of the brief from which the rule stems


class GivingWay(NamedTuple):
    """One kind of the rules in conflict: some of them, and what it takes when rules of this kind alone give way."""

    rules: tuple[Text, ...]  # the first few
    many: int  # of this kind are in the conflict
    by: float | None  # by how little in sum; inf: however far they give way the others still conflict; None: not known
    objective: float | None  # what the best plan then costs; None: not known
    unit: str = ""  # of `by`
    option: str = ""  # the option of the brief from which the kind stems


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """A plan, and how far it may be from the best possible: never more than the gap asked for."""

    objective: float
    bound: float  # no plan costs less
    values: Floats  # (columns,)
    amounts: tuple[Amount, ...]  # the objective by its parts
    prices: Floats | None = None  # (rows,) for programs without whole numbers
    nodes: int = 0
    engine: str = "highs"  # who answered
    remark: Text | None = None  # why it was not the engine asked

    @property
    def gap(self) -> float:
        """Return (objective - bound) / |objective|."""
        return gap(self.objective, self.bound)

    def of(self, expression: Terms | Variables) -> Floats:
        """Return what an expression comes to at the plan: (size,)."""
        return value_of(expression, self.values)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Impossible:
    """Proven: no plan keeps all rules. `conflict` cannot hold together, and any of it left out lets the rest hold."""

    conflict: tuple[Relaxation, ...]  # each with what it would take to let this one rule alone give way
    together: tuple[Relaxation, ...]  # the least sum of giving way over all rules that makes a plan possible
    kinds: tuple[GivingWay, ...] = ()  # the conflict by kinds of rules, those that stem from options first; (): not asked
    is_smallest: bool = True  # False: the work allowed did not suffice to leave out every rule that could be
    engine: str = "highs"  # who answered
    remark: Text | None = None  # why it was not the engine asked


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unproven:
    """Neither solved to the gap nor proven impossible in the work allowed: the best plan so far, if there is one."""

    bound: float  # no plan costs less; -inf when nothing is known
    objective: float | None = None
    values: Floats | None = None
    amounts: tuple[Amount, ...] = ()
    nodes: int = 0
    engine: str = "highs"  # who answered
    remark: Text | None = None  # why it was not the engine asked

    @property
    def gap(self) -> float:
        """Return (objective - bound) / |objective|; inf without a plan."""
        return gap(self.objective, self.bound)

    def of(self, expression: Terms | Variables) -> Floats:
        """Return what an expression comes to at the best plan so far: (size,). Raises ValueError when there is none."""
        if self.values is None:
            raise ValueError("there is no plan yet")
        return value_of(expression, self.values)


Answer = Solved | Impossible | Unproven
