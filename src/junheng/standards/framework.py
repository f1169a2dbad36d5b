"""A framework (认定体系): a named set of requirements with its own pass rule. A policy is a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from junheng.errors import Text
from junheng.standards.parameter import Comparator, Review

Level = Literal["school", "stage"]
Others = Literal["near", "partly"]

OTHERS: tuple[Others, ...] = get_args(Others)


class InForce(NamedTuple):
    """The days on which a framework is applied; `until` is None while nothing has replaced it."""

    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Return whether the framework is applied on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


class Passes(NamedTuple):
    """How many items of a part must be met, and what is asked of the others.

    `met` is None when all must be met. `others` is the least that the others may be: near, or partly met (three-valued items);
    None when nothing is asked of them, or when there are no others.
    """

    met: int | None
    of: int
    others: Others | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement: an indicator against a parameter, or an evidence item without a number.

    Several requirements may carry the same printed number: the item is met when all of them are.
    """

    id: str
    number: str
    title: Text
    each: tuple[Level, ...]  # () is the county as a whole
    stages: tuple[str, ...]  # () is every stage that has a value
    indicator: str | None
    comparator: Comparator | None
    parameter: str | None
    near: Decimal | None  # factor of the limit down to which a miss counts as near
    must_apply: bool  # never not applicable: known to be none reads no data
    partly: str | None  # the laxer parameter of a three-valued item
    evidence: bool
    shows: tuple[str, ...]  # of an evidence item: indicators printed beside it for information; nothing rests on them
    source: str
    confidence: str
    note: Text | None
    line: int  # of the framework's file


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a framework that passes by its own rule."""

    id: str
    title: Text
    each: tuple[Level, ...]
    stages: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    passes: Passes

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return the printed numbers, each once, in order."""
        return tuple(dict.fromkeys(requirement.number for requirement in self.requirements))


class Veto(NamedTuple):
    """One matter that refuses recognition whatever else is met (一票否决)."""

    id: str
    title: Text
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A policy: parts that must all pass, vetoes, and the conditions for applying (eligibility), which are shown apart."""

    id: str
    title: Text
    source: str
    confidence: str
    reviewed: Review | None
    in_force: InForce
    jurisdiction: str
    parts: tuple[Part, ...]
    eligibility: Part | None
    vetoes: tuple[Veto, ...]
    notes: tuple[Text, ...]
    file: str

    def requirement(self, requirement: str) -> Requirement:
        """Return a requirement by its id, eligibility included; KeyError when there is none."""
        found = [item for part in self.all_parts for item in part.requirements if item.id == requirement]
        if not found:
            raise KeyError(f"{self.id} has no requirement {requirement}")
        return found[0]

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Return every part, eligibility first."""
        return ((self.eligibility,) if self.eligibility else ()) + self.parts

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the ids of every parameter that a requirement names, each once."""
        named = [name for part in self.all_parts for item in part.requirements for name in (item.parameter, item.partly) if name]
        return tuple(dict.fromkeys(named))
