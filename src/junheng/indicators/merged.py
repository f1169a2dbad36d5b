"""The derived tables that only merge sites into their school: derived/merged.csv lists their columns, the statement is one for all.

The rows of a school that has sites which are not judged apart are added up with theirs; every other row stands as it is. Of the columns
under `sum` one empty value makes the sum unknown, those under `known` add up what is known, of those under `greatest` the greatest holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from junheng.documents.csv_text import CsvRow
from junheng.model import schema

SQL_TYPES = {"integer": "bigint", "decimal": "decimal(20, 4)"}


def statements(rows: list[CsvRow]) -> Mapping[str, str]:
    """Return the select of every table that the rows of merged.csv list, by name, as a file of derived/ would hold it."""
    return {row.values["relation"]: _statement(row.values) for row in rows}


def _statement(row: Mapping[str, str]) -> str:
    types = {column.name: column.type for column in schema().tables[row["table"]].columns}
    ways = {column: way for way in ("sum", "known", "greatest") for column in row[way].split()}
    keys = [key for key in schema().tables[row["table"]].key if key != "school"]
    names = [*(name for name in types if name in ways), *(name for name in ways if name not in types)]
    single = [f"r.{key}" for key in keys] + [_single(name, types.get(name, "decimal")) for name in names]
    merged = [f"r.{key}" for key in keys] + [_merged(name, types.get(name, "decimal"), ways[name]) for name in names]
    grouped = ", ".join(["r.county", "s.school", *(f"r.{key}" for key in keys)])
    alone = f"select r.county, r.school, {', '.join(single)} from {row['read']} as r"  # noqa: S608 - names of our own
    together = f"select r.county, s.school, {', '.join(merged)} from {row['read']} as r"  # noqa: S608
    return (
        f"{alone} left join merging as a on a.county = r.county and a.code = r.school where a.code is null"
        f" union all {together} join merging as s on s.county = r.county and s.code = r.school group by {grouped}"
    )


def _single(name: str, type_: str) -> str:
    """Return a column of a row that stands as it is: decimals in the type of their sums."""
    return f"cast(r.{name} as {SQL_TYPES[type_]}) as {name}" if type_ == "decimal" else f"r.{name}"


def _merged(name: str, type_: str, way: str) -> str:
    """Return a column of a school's merged rows."""
    if way == "greatest":
        return f"max(r.{name}) as {name}"
    added = f"cast(sum(r.{name}) as {SQL_TYPES[type_]})"
    return f"{added} as {name}" if way == "known" else f"case when count(*) = count(r.{name}) then {added} end as {name}"
