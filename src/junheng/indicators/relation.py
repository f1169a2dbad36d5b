"""The tables an indicator may read: the County's own tables, and the derived tables that ship as derived/*.sql and derived/merged.csv.

Order of the derived tables: merge sites → list school-stages → split all-through schools → exclude → measure. Each reads the County's
tables under the name `returned_<table>` and limits as `limits_<selector>`; a county cannot add one. columns.csv declares the columns of
those an indicator may name, with unit, label, what they are made of, and whether they belong to the school-stage itself (`own`), to the
whole school (`school`, `compulsory` for its compulsory stages) or to the county; `primary:table.column` is made of that stage alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from junheng.documents import package_files, parse_csv
from junheng.errors import Text
from junheng.indicators.merged import statements
from junheng.indicators.sql import Shipped, pruned, shipped
from junheng.model import schema

PACKAGE = "junheng.indicators"
KEYS = ("county", "school", "stage")


@dataclass(frozen=True, slots=True)
class RelationColumn:
    """One column of a relation: type and unit, its label, and the County's columns it is made of ("table.column")."""

    name: str
    type: str
    unit: str
    label: Text
    made_of: tuple[str, ...]
    reach: str  # own, school or county: which rows of those tables enter


@dataclass(frozen=True, slots=True)
class Relation:
    """A table an indicator may name under `from`."""

    name: str
    source: str  # the name in the statement: a derived table, or returned_<table>
    row_unit: str  # what one row is (classes, schools, rooms), "" when it is not a thing that is counted
    grain: tuple[str, ...]  # the keys (besides county) of which there is at most one row, () when there may be several
    label: Text
    columns: Mapping[str, RelationColumn]

    def fact(self, column: str) -> str | None:
        """Return the column that holds a school's fact here: `stage_pupils` where `pupils` means something else; None if there is none."""
        if f"stage_{column}" in self.columns and column == "pupils":
            return f"stage_{column}"
        return column if column in self.columns else None


class Chain(NamedTuple):
    """What a statement needs before its own part: common table expressions in order, the County's tables, and the limits."""

    expressions: tuple[tuple[str, str], ...]
    tables: tuple[str, ...]  # of the schema
    limits: tuple[str, ...]  # parameters


@cache
def derived() -> Mapping[str, Shipped]:
    """Return every shipped derived table by name."""
    texts = {file.name[8:-4]: file.text for file in package_files(PACKAGE, "derived/*.sql")}
    (lists,) = package_files(PACKAGE, "derived/merged.csv")
    texts |= statements(parse_csv(lists.text, lists.name))
    return {name: shipped(name, texts[name]) for name in sorted(texts)}


@cache
def relations() -> Mapping[str, Relation]:
    """Return every relation an indicator may name."""
    files = {file.name[8:]: file.text for file in package_files(PACKAGE, "derived/*.csv")}
    columns: dict[str, dict[str, RelationColumn]] = {}
    for row in (row.values for row in parse_csv(files["columns.csv"], "derived/columns.csv")):
        label = Text(row["label_zh"], row["label_en"])
        column = RelationColumn(row["column"], row["type"], row["unit"], label, tuple(row["made_of"].split()), row["reach"])
        columns.setdefault(row["relation"], {})[row["column"]] = column
    found = {}
    for row in (row.values for row in parse_csv(files["relations.csv"], "derived/relations.csv")):
        name = row["relation"]
        found[name] = Relation(
            name, name, row["row_unit"], tuple(row["grain"].split()), Text(row["label_zh"], row["label_en"]), columns[name]
        )
    for name, table in schema().tables.items():
        if name not in found and "county" in table.names:
            own = {
                column.name: RelationColumn(column.name, column.type, column.unit, column.label, (f"{name}.{column.name}",), "county")
                for column in table.columns
                if column.name != "county"
            }
            found[name] = Relation(name, f"returned_{name}", "", (), table.title, own)
    return found


def chain(sources: Mapping[str, set[str]]) -> Chain:
    """Return what must be computed so that each source (a relation's `source`) has the given columns.

    Columns that nothing reads are left out all the way down, and with them the tables they come from.
    """
    return _chain(frozenset((name, frozenset(columns)) for name, columns in sources.items()))


@cache
def _chain(sources: frozenset[tuple[str, frozenset[str]]]) -> Chain:
    needed = {name: set(columns) for name, columns in sorted(sources, key=lambda source: source[0])}
    expressions: list[tuple[str, str]] = []
    for name in reversed(_order(needed)):
        if name not in needed:  # what read it has been left out
            continue
        text, mentioned, reads = pruned(derived()[name].text, needed[name] | set(KEYS))
        expressions.append((name, text))
        for read in reads:
            needed.setdefault(read, set()).update(mentioned)
    kept = [name for name, _ in expressions]
    tables = sorted({name.removeprefix("returned_") for name in needed if name.startswith("returned_")})
    limits = [
        parameter for name, text in expressions for parameter in derived()[name].limits if f"p_{parameter.replace('.', '__')}" in text
    ]
    assert len(kept) == len(set(kept))
    return Chain(tuple(reversed(expressions)), tuple(tables), tuple(dict.fromkeys(limits)))


def _order(needed: Mapping[str, set[str]]) -> list[str]:
    """Return the derived tables that may be read, those that are read before those that read them."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in derived() and name not in order:
            for read in derived()[name].reads:
                visit(read)
            order[name] = None

    for name in needed:
        visit(name)
    return list(order)


def base_columns(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the columns of the County's tables, `county` first where the table has none of its own."""
    return {name: ("county", *(c for c in schema().tables[name].names if c != "county")) for name in names}
