"""The one wrapper of sqlglot: fragments to our own tree, and the shipped derived tables to their columns.

Everything that is not on the closed list of the language is refused here, by name, before anything is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from junheng.errors import Text
from junheng.indicators.expression import NULL, Node

Tree = sqlglot.Expr  # what sqlglot hands back: any of its nodes

PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.]+)\}")
_LIMIT = "limit:"
_SHOWN = 60


class Problem(NamedTuple):
    """What is wrong with a fragment: a rule of the catalogue, what was found, and the values of the rule's sentences."""

    rule: str
    found: Text
    values: Mapping[str, Any] = {}


class Refused(Exception):
    """A fragment is not in the language."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(problem.rule)
        self.problem = problem


def parse(text: str) -> Node:
    """Return the tree of a fragment; `{class_size.maximum}` becomes a limit.

    Raises Refused at the first thing that is not in the language.
    """
    quoted = PLACEHOLDER.sub(lambda match: f'"{_LIMIT}{match[1]}"', text)
    try:
        statements = sqlglot.parse(f"select {quoted}", dialect="duckdb")
    except SqlglotError as error:
        first = errors[0]["description"] if (errors := getattr(error, "errors", None)) else str(error)
        raise Refused(Problem("indicators.sql_syntax", _both(str(first)))) from error
    select = statements[0] if len(statements) == 1 else None
    if not isinstance(select, exp.Select) or [key for key, value in select.args.items() if value and key not in ("kind", "expressions")]:
        raise Refused(Problem("indicators.sql_syntax", _both(text)))
    if len(select.expressions) != 1:
        raise Refused(Problem("indicators.sql_syntax", _both(text)))
    return _node(select.expressions[0])


def _both(text: str) -> Text:
    text = " ".join(text.split())
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return Text(text, text)


def _refuse(rule: str, node: exp.Expression) -> Refused:
    shown = re.sub(rf'"{_LIMIT}([^"]*)"', r"{\1}", node.sql(dialect="duckdb"))
    return Refused(Problem(rule, _both(shown)))


def _node(node: exp.Expression) -> Node:
    reader = _READERS.get(type(node))
    if reader is not None:
        return reader(node)
    if isinstance(node, exp.Subquery | exp.Select | exp.SetOperation | exp.Exists | exp.Table):
        raise _refuse("indicators.subquery", node)
    rule = "indicators.forbidden_function" if isinstance(node, exp.Func) else "indicators.forbidden_syntax"
    raise _refuse(rule, node)


def _column(node: exp.Expression) -> Node:
    name = node.this
    if not isinstance(name, exp.Identifier) or node.args.get("table") is not None:
        raise _refuse("indicators.forbidden_syntax", node)
    text = str(name.this)
    if text.startswith(_LIMIT):
        return Node("limit", (), text[len(_LIMIT) :])
    return Node("column", (), text)


def _literal(node: exp.Expression) -> Node:
    if node.args["is_string"]:
        return Node("string", (), str(node.this))
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(node.this)):
        raise _refuse("indicators.forbidden_syntax", node)
    return Node("number", (), str(node.this))


def _binary(op: str) -> Callable[[exp.Expression], Node]:
    return lambda node: Node(op, (_node(node.this), _node(node.expression)))


def _call(name: str) -> Callable[[exp.Expression], Node]:
    def read(node: exp.Expression) -> Node:
        args = [node.this, node.args.get("expression"), *node.args.get("expressions", [])]
        unread = [key for key, value in node.args.items() if value and key not in _CALL_KEYS and not isinstance(value, bool)]
        read_args = [arg for arg in args if arg is not None]
        if unread or not isinstance(node.this, exp.Expression) or len(read_args) not in _ARITY.get(name, (1,)):
            raise _refuse("indicators.forbidden_syntax", node)
        return Node("call", tuple(_node(arg) for arg in read_args), name)

    return read


_CALL_KEYS = ("this", "expression", "expressions")
_MANY = range(2, 12)
_ARITY: Mapping[str, Sequence[int]] = {"nullif": (2,), "coalesce": _MANY, "greatest": _MANY, "least": _MANY}


def _count(node: exp.Expression) -> Node:
    if isinstance(node.this, exp.Distinct):
        if len(node.this.expressions) != 1:
            raise _refuse("indicators.forbidden_syntax", node)
        return Node("call", (_node(node.this.expressions[0]),), "count_distinct")
    return _call("count")(node)


def _case(node: exp.Expression) -> Node:
    parts: list[Node] = []
    for branch in node.args["ifs"]:
        when = _node(branch.this)
        if node.this is not None:  # case x when 1 …: the same as case when x = 1 …
            when = Node("=", (_node(node.this), when))
        parts += [when, _node(branch.args["true"])]
    last = node.args.get("default")
    return Node("case", (*parts, _node(last) if last is not None else NULL))


def _in(node: exp.Expression) -> Node:
    if node.args.get("query") is not None or node.args.get("unnest") is not None:
        raise _refuse("indicators.subquery", node)
    return Node("in", (_node(node.this), *(_node(item) for item in node.expressions)))


def _between(node: exp.Expression) -> Node:
    return Node("between", (_node(node.this), _node(node.args["low"]), _node(node.args["high"])))


def _is(node: exp.Expression) -> Node:
    if not isinstance(node.expression, exp.Null):
        raise _refuse("indicators.forbidden_syntax", node)
    return Node("is_null", (_node(node.this),))


_READERS: Mapping[type[exp.Expression], Callable[[exp.Expression], Node]] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Boolean: lambda node: Node("boolean", (), "true" if node.this else "false"),
    exp.Null: lambda _node: NULL,
    exp.Paren: lambda node: _node(node.this),
    exp.Neg: lambda node: Node("neg", (_node(node.this),)),
    exp.Not: lambda node: Node("not", (_node(node.this),)),
    exp.And: _binary("and"),
    exp.Or: _binary("or"),
    exp.EQ: _binary("="),
    exp.NEQ: _binary("<>"),
    exp.LT: _binary("<"),
    exp.LTE: _binary("<="),
    exp.GT: _binary(">"),
    exp.GTE: _binary(">="),
    exp.Add: _binary("+"),
    exp.Sub: _binary("-"),
    exp.Mul: _binary("*"),
    exp.Div: _binary("/"),
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
    exp.Case: _case,
    exp.Count: _count,
    exp.Sum: _call("sum"),
    exp.Min: _call("min"),
    exp.Max: _call("max"),
    exp.Avg: _call("avg"),
    exp.Nullif: _call("nullif"),
    exp.Coalesce: _call("coalesce"),
    exp.Ceil: _call("ceil"),
    exp.Floor: _call("floor"),
    exp.Greatest: _call("greatest"),
    exp.Least: _call("least"),
    exp.Abs: _call("abs"),
}


# ── derived tables that ship with the package ────────────────────────────────────────────────────────────────────────────────────────


class Shipped(NamedTuple):
    """A shipped derived table: its text, the tables it reads, and for each of its columns the columns it is made of."""

    name: str
    text: str
    reads: tuple[str, ...]
    columns: tuple[str, ...]
    limits: tuple[str, ...]  # parameters read through {placeholders}


def shipped(name: str, text: str) -> Shipped:
    """Read a derived table's file: a select whose every column has a name, over tables with aliases."""
    tree = _tree(text)
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    reads = dict.fromkeys(table.name for table in tree.find_all(exp.Table) if table.name not in ctes)
    columns = tuple(item.alias_or_name for item in _selects(tree)[0].expressions)
    return Shipped(name, text, tuple(reads), columns, tuple(dict.fromkeys(PLACEHOLDER.findall(text))))


def pruned(text: str, needed: set[str]) -> tuple[str, set[str], set[str]]:
    """Return the select with only the columns that are needed, the names its text still mentions, and the tables it still reads.

    Columns are matched by name (a column of any table of that name is kept), which may keep one too many and never drops one.
    """
    tree = _tree(text)
    outer = _selects(tree)
    keep = [index for index, item in enumerate(outer[0].expressions) if item.alias_or_name in needed]
    for select in outer:
        select.set("expressions", [select.expressions[index] for index in keep])
    for join in list(tree.find_all(exp.Join)):
        table = join.this
        if join.args.get("side") == "LEFT" and not _used(tree, join, table.alias_or_name):
            join.pop()
    mentioned = {column.name for column in tree.find_all(exp.Column)}
    return tree.sql(dialect="duckdb", pretty=True, comments=False), mentioned, {table.name for table in tree.find_all(exp.Table)}


def _used(tree: Tree, join: Tree, alias: str) -> bool:
    inside = {id(column) for column in join.find_all(exp.Column)}
    return any(column.table == alias and id(column) not in inside for column in tree.find_all(exp.Column))


def _tree(text: str) -> Tree:
    return sqlglot.parse_one(PLACEHOLDER.sub(lambda match: "p_" + match[1].replace(".", "__"), text), dialect="duckdb")


def _selects(tree: Tree) -> list[exp.Select]:
    """Return the outer selects: one, or the branches of a union all."""
    if isinstance(tree, exp.SetOperation):
        return _selects(tree.this) + _selects(tree.expression)
    if not isinstance(tree, exp.Select):
        raise TypeError(f"a derived table must be a select, not {type(tree).__name__}")
    return [tree]
