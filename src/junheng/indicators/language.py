"""What a fragment may say: its columns, limits, aggregates and units are checked against the relation before anything is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from junheng.errors import Text
from junheng.indicators.dimension import Measure, Mismatch, Scope, fits, measure_of, measure_of_unit, shown
from junheng.indicators.expression import AGGREGATES, Node, is_aggregate, names, walk
from junheng.indicators.relation import Relation
from junheng.indicators.sql import Problem, Refused, parse

_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class LimitKind:
    """What a fragment must know of a parameter: its unit, and the column on which its value is chosen ("none" when there is one)."""

    unit: str
    by: str


def read(text: str, relation: Relation, limits: Mapping[str, LimitKind], *, aggregate: bool) -> tuple[Node | None, list[Problem]]:
    """Return a fragment's tree and everything that is wrong with it; the tree is None when it cannot be read at all.

    `aggregate` says whether the fragment must be one (a numerator) or must not hold any (a filter, a condition).
    """
    try:
        node = parse(text)
    except Refused as refused:
        return None, [refused.problem]
    problems = [*_unknown(node, relation, limits), *_shape(node, aggregate=aggregate), *_divisions(node), *_defaults(node)]
    return node, problems or list(_units(node, scope_of(relation, limits)))


def scope_of(relation: Relation, limits: Mapping[str, LimitKind]) -> Scope:
    """Return the units of everything a fragment over the relation may name."""
    columns = {name: column.unit for name, column in relation.columns.items()}
    return Scope(columns, {name: limit.unit for name, limit in limits.items()}, relation.row_unit)


def near(name: str, known: Mapping[str, object]) -> Text:
    """Return "the nearest is …" as a hint, or nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return Text(f"是否指{close[0]}？", f"Did you mean {close[0]}? ") if close else Text("", "")


def listed(name: str, known: Mapping[str, object]) -> str:
    """Return the names that may stand there; of a long list those most like `name`, so that a sentence stays one."""
    if len(known) <= _MOST_LISTED:
        return ", ".join(known)
    return ", ".join(get_close_matches(name, list(known), n=_MOST_LISTED, cutoff=0)) + f" … ({len(known)})"


def _both(text: str) -> Text:
    return Text(text, text)


def _unknown(node: Node, relation: Relation, limits: Mapping[str, LimitKind]) -> Iterator[Problem]:
    known: dict[str, object] = {**relation.columns, "county": None}
    for name in names(node, "column"):
        if name not in known:
            values = {"relation": relation.name, "columns": listed(name, relation.columns), "near": near(name, known)}
            yield Problem("indicators.unknown_column", _both(name), values)
    for name in names(node, "limit"):
        if name not in limits:
            yield Problem("indicators.unknown_limit", _both("{" + name + "}"), {"near": near(name, limits)})
        elif limits[name].by not in ("none", *relation.columns):
            yield Problem("indicators.limit_chosen_by", _both("{" + name + "}"), {"by": limits[name].by, "relation": relation.name})


def _shape(node: Node, *, aggregate: bool) -> Iterator[Problem]:
    if not aggregate:
        for name in sorted({found.text for found in walk(node) if is_aggregate(found)}):
            yield Problem("indicators.aggregate_in_filter", _both(name.replace("_", " ")))
        return
    for name in dict.fromkeys(_outside(node)):
        yield Problem("indicators.not_an_aggregate", _both(name), {"functions": ", ".join(AGGREGATES).replace("_", " ")})
    for outer in walk(node):
        if is_aggregate(outer) and any(is_aggregate(inner) for arg in outer.args for inner in walk(arg)):
            yield Problem("indicators.aggregate_in_aggregate", _both(outer.text))


def _outside(node: Node) -> Iterator[str]:
    """Yield the columns and limits that stand outside every aggregate: they have many values in a group."""
    if is_aggregate(node):
        return
    if node.op in ("column", "limit"):
        yield node.text
    for arg in node.args:
        yield from _outside(arg)


def _divisions(node: Node) -> Iterator[Problem]:
    for found in walk(node):
        if found.op != "/":
            continue
        under = found.args[1]
        if under.op == "number" and float(under.text) != 0:
            continue
        if under.op == "call" and under.text == "nullif" and under.args[1] == Node("number", (), "0"):
            continue
        yield Problem("indicators.division", _both(_words(under)), {"divisor": _words(under)})


def _words(node: Node) -> str:
    named = names(node, "column") + names(node, "limit")
    return node.text if node.op in ("column", "number", "limit") else ", ".join(named) or node.op


def _defaults(node: Node) -> Iterator[Problem]:
    """Refuse every way of putting a number in the place of a missing value."""
    for found in walk(node):
        if found.op == "call" and found.text == "coalesce" and any(arg.op != "column" for arg in found.args):
            yield Problem("indicators.coalesce_to_literal", _both("coalesce"))
        literal = found.op == "case" and any(then.op == "number" for then in (*found.args[1:-1:2], found.args[-1]))
        if literal and any(_asks_null(when) for when in found.args[:-1:2]):
            yield Problem("indicators.coalesce_to_literal", _both("case when … is null"))


def _asks_null(when: Node) -> bool:
    return any(found.op == "is_null" for found in walk(when))


def _units(node: Node, scope: Scope) -> Iterator[Problem]:
    try:
        measure_of(node, scope)
    except Mismatch as mismatch:
        words = f"{shown(mismatch.left)} ≠ {shown(mismatch.right)}"
        yield Problem("indicators.unit_mismatch", _both(words), {"unit": shown(mismatch.left)})


def declared_unit(numerator: Node, denominator: Node | None, scale: int, unit: str, scope: Scope) -> Iterator[Problem]:
    """Check that numerator ÷ denominator × scale is measured in the declared unit."""
    try:
        over = measure_of(numerator, scope)
        under = measure_of(denominator, scope) if denominator else None
    except Mismatch:
        return  # already reported with its fragment
    value = over.times(under, -1) if under else over
    declared = measure_of_unit(unit)
    if not fits(value, Measure(declared.powers, declared.factor * scale), scope.row_unit):
        found = Measure(value.powers, value.factor / scale)
        yield Problem("indicators.unit_mismatch", _both(shown(found)), {"unit": f"{unit} ({shown(declared)})"})
