"""The algebra of units: what a fragment's value is measured in, and whether that is what the indicator declares.

A measure is a product of dimensions (persons, area, money …, from model/units.csv) and a factor to their first units. Literals fit anything
they are compared with or added to. Some people are kinds of other people (teachers are staff, pupils are children), so they may be added
and cancel. A row of a table is a thing (a class, a room, a school), so a class's pupils may be compared with pupils per class. Amounts of
money are those of the year or day that the table is about: `/year` and `/day` are not carried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from junheng.indicators.expression import COMPARISONS, Node
from junheng.model import units

_KIND_OF: Mapping[str, str] = {"teachers": "staff", "posts": "staff", "pupils": "children", "places": "children"}
_PERIODS = ("year", "day")

# What is counted when a key is counted: count(class) gives classes.
_COUNTED: Mapping[str, str] = {"class": "classes", "school": "schools", "room": "rooms", "village": "", "grade": ""}


@dataclass(frozen=True, slots=True)
class Measure:
    """Powers of dimensions and the factor to their first units; `free` fits anything (a literal, a null)."""

    powers: tuple[tuple[str, int], ...] = ()
    factor: Decimal = Decimal(1)
    free: bool = False

    def times(self, other: Measure, sign: int = 1) -> Measure:
        """Return the product (sign 1) or the quotient (sign -1)."""
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0) + sign * power
        factor = self.factor * other.factor if sign == 1 else self.factor / other.factor
        return Measure(tuple(sorted((name, power) for name, power in powers.items() if power)), factor)


class Mismatch(Exception):
    """Two measures that do not fit."""

    def __init__(self, left: Measure, right: Measure) -> None:
        """Keep both."""
        super().__init__(f"{shown(left)} / {shown(right)}")
        self.left, self.right = left, right


FREE = Measure(free=True)
NUMBER = Measure()


def measure_of_unit(unit: str) -> Measure:
    """Return the measure of a unit of the closed list; no unit is a pure number. KeyError when it is not on the list."""
    if not unit:
        return NUMBER
    known = units()[unit]
    powers: dict[str, int] = {}
    for position, name in enumerate(known.dimension.split("/")):
        if name not in ("number", *_PERIODS):
            powers[name] = powers.get(name, 0) + (1 if position == 0 else -1)
    return Measure(tuple(sorted((name, power) for name, power in powers.items() if power)), known.factor)


def fits(left: Measure, right: Measure, row_unit: str = "") -> bool:
    """Return whether two measures may be compared: the same, kinds of the same people, or one of them per row."""
    if left.free or right.free:
        return True
    if left.factor != right.factor:
        return False
    row = measure_of_unit(row_unit)
    per_row = (left, left.times(row, -1), left.times(row), left.times(row, -1).times(row, -1)) if row_unit else (left,)
    return any(_general(one.powers) == _general(right.powers) for one in per_row)


def _general(powers: Sequence[tuple[str, int]]) -> Mapping[str, int]:
    total: dict[str, int] = {}
    for name, power in powers:
        name = _KIND_OF.get(name, name)
        total[name] = total.get(name, 0) + power
    return {name: power for name, power in total.items() if power}


def shown(measure: Measure) -> str:
    """Return a measure in words: "teachers/pupils × 0.01"."""
    over = [name for name, power in measure.powers for _ in range(power)]
    under = [name for name, power in measure.powers for _ in range(-power)]
    text = "·".join(over) or "1"
    text += "".join(f"/{name}" for name in under)
    return text if measure.factor == 1 else f"{text} × {measure.factor.normalize():f}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names in a fragment are measured in: columns, limits, and what one row is."""

    columns: Mapping[str, str]
    limits: Mapping[str, str]
    row_unit: str


def measure_of(node: Node, scope: Scope) -> Measure:
    """Return what a checked fragment is measured in. Raises Mismatch where two parts do not fit."""
    return _MEASURES.get(node.op, _inner)(node, scope)


def _inner(node: Node, scope: Scope) -> Measure:
    """Check everything below; the value itself is a pure number (a predicate, for instance)."""
    for arg in node.args:
        measure_of(arg, scope)
    return NUMBER


def _same(node: Node, scope: Scope, args: Sequence[Node] | None = None) -> Measure:
    """Return the one measure of parts that must fit each other."""
    found = [measure_of(arg, scope) for arg in (node.args if args is None else args)]
    fixed = [measure for measure in found if not measure.free]
    for left, right in pairwise(fixed):
        if not fits(left, right, scope.row_unit):
            raise Mismatch(left, right)
    return fixed[0] if fixed else FREE


def _difference(node: Node, scope: Scope) -> Measure:
    """Return the measure of a sum or difference; between two calendar years lie years."""
    found = _same(node, scope)
    return measure_of_unit("years") if node.op == "-" and found == measure_of_unit("year") else found


def _compared(node: Node, scope: Scope) -> Measure:
    _same(node, scope)
    return NUMBER


def _product(node: Node, scope: Scope) -> Measure:
    left, right = (measure_of(arg, scope) for arg in node.args)
    if left.free and right.free:
        return FREE
    return left.times(right, 1 if node.op == "*" else -1)


def _case(node: Node, scope: Scope) -> Measure:
    for when in node.args[:-1:2]:
        measure_of(when, scope)
    return _same(node, scope, (*node.args[1:-1:2], node.args[-1]))


def _call(node: Node, scope: Scope) -> Measure:
    if node.text in ("count", "count_distinct"):
        measure_of(node.args[0], scope)
        things = {_COUNTED.get(name, "") for name in _results(node.args[0])}
        return measure_of_unit(things.pop()) if len(things) == 1 else NUMBER
    return _same(node, scope)


def _results(node: Node) -> list[str]:
    """Return the columns whose values are counted: of a case, those of its branches."""
    if node.op == "case":
        return [name for then in (*node.args[1:-1:2], node.args[-1]) for name in _results(then)]
    return [node.text] if node.op == "column" else []


_MEASURES: Mapping[str, Callable[[Node, Scope], Measure]] = {
    "column": lambda node, scope: measure_of_unit(scope.columns.get(node.text, "")),
    "limit": lambda node, scope: measure_of_unit(scope.limits.get(node.text, "")),
    "number": lambda _node, _scope: FREE,
    "string": lambda _node, _scope: FREE,
    "null": lambda _node, _scope: FREE,
    "neg": _same,
    "+": _same,
    "-": _difference,
    "*": _product,
    "/": _product,
    "between": _compared,
    "in": _compared,
    **dict.fromkeys(COMPARISONS, _compared),
    "case": _case,
    "call": _call,
}
