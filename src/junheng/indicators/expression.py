"""The indicator language after parsing: a small tree, the text that both engines run, and when an input is missing.

The language is closed, so its tree is ours: nothing an author writes reaches an engine except through `text_of`. Division is done in
double precision on both engines (DuckDB and Spark type a decimal quotient differently); everything else stays exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

AGGREGATES = ("sum", "count", "count_distinct", "min", "max", "avg")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `text` is a column's or limit's name, a literal, or a function's name; a case holds (when, then)… and its else."""

    op: str
    args: tuple[Node, ...] = ()
    text: str = ""


NULL = Node("null")


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and all below it, parents first."""
    yield node
    for arg in node.args:
        yield from walk(arg)


def names(node: Node, op: str) -> tuple[str, ...]:
    """Return the texts of all nodes of one kind ("column", "limit", "call"), each once, in order of appearance."""
    return tuple(dict.fromkeys(found.text for found in walk(node) if found.op == op))


def is_aggregate(node: Node) -> bool:
    """Return whether the node itself is sum, count, min, max or avg."""
    return node.op == "call" and node.text in AGGREGATES


def replaced(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """Return the tree with each node for which `change` returns another one put in its place."""
    new = change(node)
    if new is not None:
        return new
    return Node(node.op, tuple(replaced(arg, change) for arg in node.args), node.text)


def column_of(parameter: str) -> str:
    """Return the name of the limits column that holds a parameter: p_class_size__maximum."""
    return "p_" + parameter.replace(".", "__")


# ── the text that is run ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def text_of(node: Node, mask: str = "", *, one_row: bool = False) -> str:
    """Return the SQL text, the same for DuckDB and Spark.

    mask: a condition; every aggregate then takes only the rows for which it holds (`filter (where …)`).
    one_row: each group is known to be one row, so that the sum of x is x and nothing need be grouped.
    """
    if is_aggregate(node):
        return _of_one_row(node, mask) if one_row else _aggregate(node, mask)
    return _TEXT[node.op](node, [text_of(arg, mask, one_row=one_row) for arg in node.args])


def _of_one_row(node: Node, mask: str) -> str:
    inner = text_of(node.args[0])
    if node.text in ("count", "count_distinct"):
        return f"case when {f'({mask}) and ' if mask else ''}{inner} is not null then 1 else 0 end"
    value = f"case when {mask} then {inner} end" if mask else inner
    return f"cast({value} as double)" if node.text == "avg" else f"({value})"


def _aggregate(node: Node, mask: str) -> str:
    tail = f" filter (where {mask})" if mask else ""
    inner = text_of(node.args[0])
    if node.text == "count_distinct":
        return f"count(distinct {inner}){tail}"
    if node.text == "avg":
        return f"(cast(sum({inner}){tail} as double) / nullif(count({inner}){tail}, 0))"
    return f"{node.text}({inner}){tail}"


def _case(node: Node, parts: list[str]) -> str:
    pairs = "".join(f" when {when} then {then}" for when, then in zip(parts[:-1:2], parts[1:-1:2], strict=True))
    last = "" if node.args[-1] == NULL else f" else {parts[-1]}"
    return f"case{pairs}{last} end"


def _infix(node: Node, parts: list[str]) -> str:
    return "(" + f" {node.op} ".join(parts) + ")"


def _quotient(_node: Node, parts: list[str]) -> str:
    return f"(cast({parts[0]} as double) / cast({parts[1]} as double))"


_TEXT: Mapping[str, Callable[[Node, list[str]], str]] = {
    "column": lambda node, _parts: node.text,
    "limit": lambda node, _parts: column_of(node.text),
    "raw": lambda node, _parts: node.text,
    "number": lambda node, _parts: node.text,
    "string": lambda node, _parts: "'" + node.text.replace("'", "''") + "'",
    "boolean": lambda node, _parts: node.text,
    "null": lambda _node, _parts: "null",
    "neg": lambda _node, parts: f"(- {parts[0]})",
    "not": lambda _node, parts: f"(not {parts[0]})",
    "is_null": lambda _node, parts: f"({parts[0]} is null)",
    "in": lambda _node, parts: f"({parts[0]} in ({', '.join(parts[1:])}))",
    "between": lambda _node, parts: f"({parts[0]} between {parts[1]} and {parts[2]})",
    "call": lambda node, parts: f"{node.text}({', '.join(parts)})",
    "case": _case,
    "/": _quotient,
    **dict.fromkeys((*COMPARISONS, "and", "or", "+", "-", "*"), _infix),
}


# ── missing is not zero ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def missing_of(node: Node) -> str:
    """Return the condition under which a row lacks an input that this expression needs; "" when it never does.

    A column lacks its value when it is null. A predicate lacks one when it is neither true nor false, so `ownership = 'public' or
    inclusive` is known for a public school whatever `inclusive` holds. A case needs its conditions, and only the branch that is
    taken. `coalesce` needs one of its columns; what stands under `is null` is asked about, not needed. A quotient by zero has no value.
    """
    if node.op in _PREDICATES:
        return f"({text_of(node)} is null)" if names(node, "column") or names(node, "limit") else ""
    return _MISSING.get(node.op, _any_missing)(node)


def _any_missing(node: Node) -> str:
    return _or([missing_of(arg) for arg in node.args])


def _or(parts: list[str]) -> str:
    parts = list(dict.fromkeys(part for part in parts if part))
    return f"({' or '.join(parts)})" if len(parts) > 1 else "".join(parts)


def _missing_call(node: Node) -> str:
    if node.text in ("coalesce", "nullif"):
        return f"({text_of(node)} is null)"
    return _any_missing(node)


def _missing_case(node: Node) -> str:
    parts = []
    for when, then in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
        unknown, needed = missing_of(when), missing_of(then)
        if unknown:
            parts.append(f"when {unknown} then true")
        parts.append(f"when {text_of(when)} then {needed or 'false'}")
    last = missing_of(node.args[-1])
    if not last and all(part.endswith(" then false") for part in parts):
        return ""
    return f"(case {' '.join(parts)} else {last or 'false'} end)"


_PREDICATES = (*COMPARISONS, "and", "or", "not", "in", "between")
_MISSING: Mapping[str, Callable[[Node], str]] = {
    "column": lambda node: f"({node.text} is null)",
    "limit": lambda node: f"({column_of(node.text)} is null)",
    "is_null": lambda _node: "",
    "call": _missing_call,
    "case": _missing_case,
}


def row_missing(*expressions: Node) -> str:
    """Return the condition under which a row lacks an input of any aggregate of these expressions; "" when it never does."""
    inner = [agg.args[0] for expression in expressions for agg in walk(expression) if is_aggregate(agg)]
    return _or([missing_of(node) for node in inner])
