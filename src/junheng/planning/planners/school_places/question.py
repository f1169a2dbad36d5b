"""What is asked, as numbers: schools and sites, who lives where in which year, who can reach what, what may be done and at what cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SCENARIOS = ("low", "middle", "high")
EXTEND, SHRINK, POINT, CLOSE, OPEN, KEEP = "extend", "shrink", "point", "close", "open", "keep"


class Unit(NamedTuple):
    """One stage of a school, of a campus, or of a site where a school may be built."""

    code: str
    stage: str
    name: str
    school: str  # the school whose size it counts to; the site itself for a new one
    is_site: bool  # not decided yet: it has no places until it is opened
    boards: bool
    top: int  # the highest grade taught
    pupils: int  # today
    above: int  # of them in grades that a teaching point would not keep
    lon: float
    lat: float
    district: str
    is_point: bool = False  # a teaching point today

    @property
    def label(self) -> str:
        """Return the name with the stage told apart by the code, as sentences have it."""
        return f"{self.name}（{self.code}）"


class Choice(NamedTuple):
    """One thing that may be done at a unit, from a plan year on."""

    unit: int
    fate: str
    places: int  # of one
    most: int
    yuan: float  # of one
    yuan_year: float  # of one, each year
    fixed: float  # of a new school, whatever its size
    fixed_year: float
    first: int  # the first plan year (from 0) in which it can be in effect
    lead: int


class Block(NamedTuple):
    """Children of one place, of grades that the same schools take."""

    place: str
    name: str
    stage: str
    grades: tuple[str, ...]
    may_board: bool

    @property
    def top(self) -> int:
        """Return the highest grade; 0 where pupils are not split by grade."""
        return max((int(grade) for grade in self.grades if grade.isdigit()), default=0)

    @property
    def label(self) -> Text:
        """Return who they are, for a sentence."""
        zh = "、".join(self.grades) if self.grades != ("all",) else ""
        return Text(f"{self.name}{zh and f'（{zh}年级）'}", f"{self.name}{zh and f' (grades {zh})'}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """Which blocks can go to which units: A pairs."""

    block: Ints  # (A,)
    unit: Ints  # (A,)
    km: Floats  # (A,) one way
    boards: Mask  # (A,) too far for every day
    beyond: Mask  # (A,) farther than the norm, allowed as an exception
    today: Floats  # (A,) the share of the block that goes there today, as far as it can be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What things weigh in yuan, and what limits the plan."""

    yuan_km: float
    days: float
    boarding_year: float
    moved: float
    change: float
    budget: float  # yuan; 0: none
    budget_year: float
    least_new: float  # share
    size_from: int  # plan year from 0
    point_grades: int
    closing: bool
    close_below: int  # pupils
    point_below: int  # pupils
    farther: float  # km
    reserve: float  # share
    is_whole: bool = False  # every village and group of grades goes to one school in a year
    invests: float = 1.0  # how the money of building and running counts: other proposals shift it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Everything that the rules need; units and blocks in the order of their codes."""

    years: tuple[int, ...]  # (T,)
    units: tuple[Unit, ...]  # (U,)
    base: Ints  # (U, T) places without any step
    choices: tuple[Choice, ...]
    blocks: tuple[Block, ...]  # (B,)
    scenarios: tuple[str, ...]  # (S,)
    pupils: Floats  # (S, T, B)
    chance: Floats  # (S,) how much each scenario counts in costs
    ways: Ways
    sizes: dict[str, int]  # school -> the most pupils it may have, all its stages together
    smallest: dict[str, int]  # stage -> places of the smallest school that is built
    minutes: dict[str, float]  # stage -> the norm of the way
    viable: dict[str, int]  # stage -> the least pupils of a full school that stays
    weights: Weights
    pinned: dict[tuple[str, str], bool]  # (code, fate) -> it must be, or must not be
    km_today: Floats  # (B,) mean way today
    notes: tuple[Text, ...]
    terms: dict[str, int]  # part of the procedure before a school closes -> days before that it is done at the latest
    begin: date | None = None  # the day from which on the procedure can begin; None: not said

    @property
    def expected(self) -> Floats:
        """Return expected pupils: (T, B)."""
        return np.asarray(np.tensordot(self.chance, self.pupils, axes=1))

    def is_small_enough(self, choice: Choice) -> bool:
        """Return whether a school is so small that closing, or a teaching point, is considered at all; what is pinned always is."""
        unit, weights = self.units[choice.unit], self.weights
        if self.pinned.get((unit.code, choice.fate)):
            return True
        return unit.pupils < weights.point_below if choice.fate == POINT else weights.closing and unit.pupils < weights.close_below

    def choices_of(self, fate: str) -> list[tuple[int, Choice]]:
        """Return the choices of one kind with their place among all."""
        return [(k, choice) for k, choice in enumerate(self.choices) if choice.fate == fate]

    def must_be_viable(self) -> list[tuple[int, int]]:
        """Return the units that stay full schools only with so many pupils: closing or a teaching point may be considered there.

        Teaching points and boarding schools stay whatever their size, and so does what is pinned to stay.
        """
        out = {choice.unit for choice in self.choices if choice.fate in (CLOSE, POINT)}
        kept = {code for (code, fate), wanted in self.pinned.items() if (fate == KEEP) == wanted and fate in (KEEP, CLOSE, POINT)}
        named = [(k, self.units[k], self.viable.get(self.units[k].stage, 0)) for k in sorted(out)]
        return [(k, least) for k, unit, least in named if least and not unit.boards and not unit.is_point and unit.code not in kept]

    def with_weights(self, **changed: float | bool) -> Question:
        """Return the same question with other weights."""
        return replace(self, weights=replace(self.weights, **changed))  # type: ignore[arg-type]
