"""The inputs of a figure as its formula uses them: a column that is summed is a sum, one under max() is its largest value, and so on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from junheng.errors import Text
from junheng.indicators.expression import Node, is_aggregate, names
from junheng.indicators.indicator import Indicator

Row = Mapping[str, Any]

_MOST_WORDS = 12
_KEYS = ("county", "school", "stage")
_SHOWN_AS: Mapping[str, Text] = {
    "sum": Text("", ""),
    "min": Text("最小", "smallest"),
    "max": Text("最大", "largest"),
    "avg": Text("平均", "mean"),
    "count": Text("个数", "count"),
    "count_distinct": Text("不同值个数", "distinct values"),
    "values": Text("取值", "values"),
}


class Input(NamedTuple):
    """One input of a formula: the relation's column, its label and unit, how the formula takes it together, and what that comes to.

    use: sum, min, max, avg, count, count_distinct; or values, for a column that is only compared (by a condition or the filter).
    """

    column: str
    label: Text
    unit: str
    value: Decimal | str | None
    rows: int
    use: str


def columns_of(indicator: Indicator) -> tuple[str, ...]:
    """Return the columns a formula reads, in order of appearance, the keys aside."""
    read = dict.fromkeys(name for part in indicator.fragments for name in names(part.node, "column"))
    return tuple(name for name in read if name not in _KEYS)


def inputs_of(indicator: Indicator, rows: Sequence[Row]) -> Iterator[Input]:
    """Yield what of the rows that enter stands in the formula: each column once for each way in which it is used."""
    uses: dict[tuple[str, str], None] = {}
    for part in indicator.fragments:
        uses |= dict.fromkeys((name, use) for name, use in _uses(part.node, "values") if name not in _KEYS)
    measured = {name for name, use in uses if use != "values"}
    for name, use in uses:
        if use == "values" and name in measured and indicator.relation.columns[name].type in ("integer", "decimal"):
            continue
        column = indicator.relation.columns[name]
        kind = use if use.startswith("count") or column.type in ("integer", "decimal", "year") else "values"
        words = _SHOWN_AS[kind]
        label = (
            Text(f"{column.label.zh}（{words.zh}）", f"{column.label.en} ({words.en})") if words.en and kind != "values" else column.label
        )
        unit = "" if kind.startswith("count") else column.unit
        yield Input(name, label, unit, _together([row[name] for row in rows], kind), len(rows), kind)


def _uses(node: Node, use: str) -> Iterator[tuple[str, str]]:
    """Yield each column below a node with the aggregate that takes its values; conditions only compare theirs."""
    if node.op == "column":
        yield node.text, use
    elif node.op == "case":
        taken = "values" if use.startswith("count") else use  # a count of some of the rows is the numerator, not an input
        for when, then in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
            yield from _uses(when, "values")
            yield from _uses(then, taken)
        yield from _uses(node.args[-1], taken)
    else:
        inside = node.text if is_aggregate(node) else use
        for arg in node.args:
            yield from _uses(arg, inside)


def _together(values: Sequence[Any], use: str) -> Decimal | str | None:
    known = [value for value in values if value is not None]
    if use == "count":
        return Decimal(len(known))
    if use == "count_distinct":
        return Decimal(len(set(known)))
    if use == "values":
        return _words(known)
    if not known or len(known) < len(values):
        return None
    return _of_numbers([Decimal(value) for value in known], use)


def _of_numbers(numbers: Sequence[Decimal], use: str) -> Decimal:
    if use == "min":
        return min(numbers)
    if use == "max":
        return max(numbers)
    total = sum(numbers, Decimal(0))
    return total / len(numbers) if use == "avg" else total


def _words(known: Iterable[Any]) -> str | None:
    """Return the different values as words; of many the first ones, and how many there are."""
    distinct = sorted(set(known))
    words = [format(value.normalize(), "f") if isinstance(value, Decimal) else str(value) for value in distinct]
    if len(words) > _MOST_WORDS:
        words = [*words[:_MOST_WORDS], f"… ({len(words)})"]
    return ", ".join(words) or None


__all__ = ["Input", "columns_of", "inputs_of"]
