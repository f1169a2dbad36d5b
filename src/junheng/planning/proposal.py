"""What a planner is asked and what it answers: a brief, and steps of changes with cost and reason beside the proven bound.

A planner never scores itself: `apply` makes a County of the changes, and the one judge looks at it before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from junheng.errors import Text
from junheng.model.change import Change
from junheng.planning.solve.answers import Amount
from junheng.planning.solve.engine import USUAL, Limits, gap

Value = bool | int | Decimal | str


class Pin(NamedTuple):
    """Something decided beforehand: `what` (a column as table.column, and its code) goes to, or keeps, `to`."""

    what: tuple[str, str]  # ("villages.village", "V07")
    to: str  # a code or a word, as the planner's declaration says


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a planner is asked. The same brief gives the same proposal, as long as `limits` are limits of work."""

    planner: str
    options: Mapping[str, Value] = field(default_factory=dict)  # those left out have the default of the declaration
    pins: tuple[Pin, ...] = ()
    forbids: tuple[Pin, ...] = ()
    limits: Limits = USUAL
    seed: int = 0
    beside: bool = True  # whether plans beside the best one are looked for, too; it is no part of what is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a proposal: what an officer can read out, and what it does to the County."""

    title: Text
    reason: Text  # one sentence, with the numbers that decide
    changes: tuple[Change, ...]
    yuan: Decimal | None = None  # None: not known, which is not nothing
    pupils: int | None = None  # affected
    teachers: int | None = None
    year: int | None = None  # the school year in which it is carried out; None: that of the brief
    kind: Text | None = field(default=None, compare=False)  # steps of one kind are counted together where not all can be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Digests of what a proposal was made from, so that it can be made again."""

    county: str
    standards: str
    code: str


class Price(NamedTuple):
    """What one rule costs: the objective falls by `saves` when the rule gives way by `by` of its own unit."""

    rule: Text  # the sentence of the rule
    saves: float  # of the objective's unit; 0: the rule does not bind; negative: keeping it is what saves
    by: float  # how far the rule gives way
    unit: str  # of `by`
    option: str = ""  # the option that was let give way, where it is one
    proven: bool = True  # False: a dual or an estimate, right for small changes only


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another good proposal that differs: nearer, or cheaper, or with less change."""

    title: Text  # "least change"
    reason: Text  # one sentence: what it gains and what it gives up
    steps: tuple[Step, ...]
    objective: float  # counted as the brief counts, so that it can be held against the proposal
    bound: float
    amounts: tuple[Amount, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return the changes of all steps, in their order."""
        return tuple(change for step in self.steps for change in step.changes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Certificate:
    """What a reader needs to check the bound without the planner; names and units stand in planner.yaml under `certificate:`."""

    how: Text  # how the bound follows from the numbers, in a sentence or two
    numbers: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Steps in their order, what they add up to, and how far from the best possible they may be.

    A planner whose work ran out, or that was told to stop, still returns the best plan it has: `proven` is then False.
    """

    brief: Brief
    steps: tuple[Step, ...]
    objective: float
    bound: float  # no proposal under this brief comes to less
    unit: str
    amounts: tuple[Amount, ...]  # the objective by its parts, each in its own unit with its weight
    inputs: Inputs
    prices: tuple[Price, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict, compare=False)  # by the names under `tables:` in planner.yaml
    certificate: Certificate | None = field(default=None, compare=False)
    headline: Text | None = field(default=None, compare=False)  # what a leader is told first, without stop; None: how many steps
    note: Text | None = field(default=None, compare=False)  # what the plan leaves undone, said with its headline; a sentence without stop
    words: Mapping[str, Text] = field(default_factory=dict, compare=False)  # what codes in `tables` and the certificate are called

    @property
    def proven(self) -> bool:
        """Return whether the gap is what the brief asked for."""
        return self.gap <= self.brief.limits.gap or self.objective - self.bound <= self.brief.limits.slack

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return the changes of all steps, in their order."""
        return tuple(change for step in self.steps for change in step.changes)

    @property
    def gap(self) -> float:
        """Return (objective - bound) / |objective|."""
        return gap(self.objective, self.bound)

    @property
    def yuan(self) -> Decimal | None:
        """Return what the steps cost; None as soon as the cost of one is not known."""
        costs = [step.yuan for step in self.steps]
        return None if None in costs else sum((cost for cost in costs if cost is not None), Decimal(0))
