"""A program: variables, rules and costs, each named by a sentence, written for thousands of rows at once.

program = Program(unit="yuan")
goes = program.variables(Text("…", "pupils of {village} at {school}"), len(pairs), village=…, school=…)
program.rule(Text("{village}的孩子都有学位", "every child of {village} has a place"), goes.sum_by(village_of) == pupils, village=codes)
program.cost(Text("路程", "travel"), goes * metres, unit="pupil-metres", weight=0.02)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from junheng.errors import Text
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.expression import Floats, Relation, Terms, Variables, _Linear
from junheng.planning.sparse import Compressed, compressed

Names = dict[str, ArrayLike]


class RuleKind(NamedTuple):
    """What rules have in common that are told as one."""

    name: str
    unit: str  # of both sides; "" where it is not said
    option: str  # of the brief from which they stem; "" for others


class _Family(NamedTuple):
    """Rules or variables of one sentence."""

    sentence: Text
    first: int  # the first row or column
    names: dict[str, NDArray[np.generic]]
    is_named: bool  # False: a definition, which is never named in a conflict
    kind: RuleKind | None = None  # of a rule

    def text(self, place: int) -> Text:
        """Return the sentence of one row or column."""
        of = {name: given[place - self.first] for name, given in self.names.items()}
        return Text(self.sentence.zh.format(**of), self.sentence.en.format(**of))


class CostTerm(NamedTuple):
    """One part of the objective: its amount is counted in `unit`, and `weight` of the program's unit is paid for each."""

    title: Text
    unit: str
    weight: float
    each: Floats  # (columns at that time,)
    constant: float

    def amount(self, values: Floats) -> float:
        """Return the amount at a plan, in the term's own unit."""
        return float(self.each @ values[: len(self.each)]) + self.constant


@dataclass
class Program:
    """Variables, rules and costs; the objective is the least sum of costs, in `unit`."""

    unit: str = ""
    costs: list[CostTerm] = field(default_factory=list)
    _lower: list[Floats] = field(default_factory=list)
    _upper: list[Floats] = field(default_factory=list)
    _whole: list[NDArray[np.bool_]] = field(default_factory=list)
    _relations: list[Relation] = field(default_factory=list)
    _variables: list[_Family] = field(default_factory=list)
    _rules: list[_Family] = field(default_factory=list)
    _columns: int = 0
    _rows: int = 0

    def variables(
        self,
        sentence: Text,
        count: int,
        *,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        whole: bool = False,
        **names: ArrayLike,
    ) -> Variables:
        """Add variables. lower, upper: one number or (count,); whole: whole numbers only; names fill the sentence: (count,) each.

        Raises ValueError where a lower bound lies above its upper bound: bounds are not rules, and take no part in a conflict.
        """
        low, high = (np.array(np.broadcast_to(np.asarray(bound, dtype=np.float64), (count,))) for bound in (lower, upper))
        if bool((low > high).any()):
            raise ValueError(f"{sentence.en}: a lower bound lies above the upper one")
        self._variables.append(_Family(sentence, self._columns, _named(names, count), is_named=True))
        self._lower.append(low)
        self._upper.append(high)
        self._whole.append(np.full(count, whole))
        self._columns += count
        return Variables(np.arange(self._columns - count, self._columns))

    def rule(self, sentence: Text, relation: Relation, *, kind: str = "", measured: str = "", option: str = "", **names: ArrayLike) -> None:
        """Add rules that an officer would name: the answer to an impossible brief says which of them conflict.

        kind: rules of other sentences that are told as one with these; measured: the unit of both sides; option: that of the brief
        from which the rules stem; such rules are blamed first.
        """
        self._add(sentence, relation, names, kind=RuleKind(kind or sentence.en, measured, option))

    def definition(self, sentence: Text, relation: Relation, **names: ArrayLike) -> None:
        """Add what holds by the meaning of the variables ("a closed school has no pupils"): it is neither relaxed nor blamed."""
        self._add(sentence, relation, names, kind=None)

    def cost(self, title: Text, amount: Terms | Variables, *, unit: str, weight: float = 1.0) -> None:
        """Add a part of the objective: the sum of the expressions, counted in `unit`, times the weight (program unit per `unit`)."""
        total = amount.sum()
        each = np.bincount(total.column, weights=total.value, minlength=self._columns).astype(np.float64)
        self.costs.append(CostTerm(title, unit, weight, each, float(total.constant[0])))

    @property
    def rows(self) -> int:
        """Return how many rules and definitions there are."""
        return self._rows

    @property
    def columns(self) -> int:
        """Return how many variables there are."""
        return self._columns

    def named_rows(self) -> NDArray[np.int64]:
        """Return the rows that are rules, not definitions."""
        ends = [family.first for family in self._rules[1:]] + [self._rows]
        ranges = [np.arange(family.first, end) for family, end in zip(self._rules, ends, strict=True) if family.is_named]
        return np.concatenate([np.zeros(0, dtype=np.int64), *ranges])

    def name_of_row(self, row: int) -> Text:
        """Return the sentence of a rule."""
        return _family(self._rules, row).text(row)

    def kind_of_row(self, row: int) -> RuleKind:
        """Return of what kind a rule is."""
        return _family(self._rules, row).kind or RuleKind("", "", "")

    def name_of_column(self, column: int) -> Text:
        """Return the sentence of a variable."""
        return _family(self._variables, column).text(column)

    def arrays(self) -> Arrays:
        """Return the program as the engines take it."""
        cost = np.zeros(self._columns)
        for term in self.costs:
            cost[: len(term.each)] += term.weight * term.each
        offset = sum(term.weight * term.constant for term in self.costs)
        lower, upper = _joined(self._lower), _joined(self._upper)
        whole = np.concatenate([np.zeros(0, dtype=np.bool_), *self._whole])
        return Arrays(cost, offset, lower, upper, whole, self.rows_since(0))

    def rows_since(self, first: int) -> Rows:
        """Return the rows from `first` on; `first` is the beginning of a family."""
        families = [family.first for family in self._rules]
        added = self._relations[next((k for k, begin in enumerate(families) if begin >= first), len(families)) :]
        sizes = [len(relation.lower) for relation in added]
        offsets = np.cumsum([0, *sizes])
        shape = (int(offsets[-1]), self._columns)
        if not added:
            empty = np.zeros(0, dtype=np.int32)
            return Rows(np.zeros(0), np.zeros(0), Compressed(np.zeros(1, dtype=np.int32), empty, np.zeros(0)))
        row = np.concatenate([relation.terms.row + offset for relation, offset in zip(added, offsets, strict=False)])
        column = np.concatenate([relation.terms.column for relation in added])
        value = np.concatenate([relation.terms.value for relation in added])
        lower, upper = _joined([each.lower for each in added]), _joined([each.upper for each in added])
        return Rows(lower, upper, compressed(row, column, value, shape))

    def _add(self, sentence: Text, relation: Relation, names: Names, *, kind: RuleKind | None) -> None:
        size = len(relation.lower)
        self._rules.append(_Family(sentence, self._rows, _named(names, size), kind is not None, kind))
        self._relations.append(relation)
        self._rows += size


def value_of(expression: _Linear, values: Floats) -> Floats:
    """Return the expressions at a plan: (size,). values: (columns,)."""
    terms = expression.terms()
    sums = np.bincount(terms.row, weights=terms.value * values[terms.column], minlength=len(terms.constant))
    return np.asarray(sums + terms.constant, dtype=np.float64)


def _named(names: Names, count: int) -> dict[str, NDArray[np.generic]]:
    given = {name: np.atleast_1d(np.asarray(values)) for name, values in names.items()}
    for name, values in given.items():
        if len(values) != count:
            raise ValueError(f"{count} rows were given {len(values)} names of {name}")
    return given


def _family(families: list[_Family], place: int) -> _Family:
    at = np.searchsorted([family.first for family in families], place, side="right")
    return families[int(at) - 1]


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate([np.zeros(0), *parts])
