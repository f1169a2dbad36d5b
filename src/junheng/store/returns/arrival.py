"""Who has sent what, and who has not: every school that is known, against the tables that the others sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import polars as pl

from junheng.model import County, schema


class NotSent(NamedTuple):
    """A school from which something is missing that other schools sent."""

    school: str
    name: str
    tables: tuple[str, ...]  # tables without any value of this school; in schema order
    nothing: bool  # no file says anything about it


def not_sent(county: County, kinds_without: Mapping[str, Collection[str]] | None = None) -> tuple[NotSent, ...]:
    """Return the schools of the county's list of schools from which a table is missing that most of its kind sent.

    Sent is what came from a file, now or earlier in the year: a value with an origin. A form that was returned blank gives none.
    A table counts for a kind of school when at least half of the schools of that kind are in it; so nobody misses the list of premises
    because one school sent it. kinds_without: kinds of school that owe nothing of a table.
    """
    schools = county.tables["schools"].select("school", "name", "kind").unique("school", maintain_order=True)
    heard = {name: _heard(county, name) for name, table in schema().tables.items() if "school" in table.key and name in county.origins}
    anywhere = set().union(*heard.values())
    there = {name: codes for name, codes in heard.items() if name != "schools" and codes}
    owed = _owed(schools, there, kinds_without or {})
    missing = []
    for school, name, kind in schools.rows():
        lacking = tuple(table for table in there if table in owed.get(kind, ()) and school not in there[table])
        if lacking or (there and school not in anywhere):
            missing.append(NotSent(school, name or "", lacking, school not in anywhere))
    return tuple(missing)


def _heard(county: County, table: str) -> set[str]:
    """Return the schools of which a file gave a value of the table."""
    before = r"[^|]*\|" * schema().tables[table].key.index("school")
    codes = county.origins[table]["key"].str.extract(f"^{before}([^|]*)")  # splitting hundreds of thousands of keys takes much memory
    return set(codes.unique().to_list())


def _owed(schools: pl.DataFrame, there: Mapping[str, set[str]], without: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    owed: dict[str, set[str]] = {}
    for (kind,), group in schools.group_by("kind"):
        codes = group["school"].to_list()
        for table, sent in there.items():
            if kind not in without.get(table, ()) and 2 * sum(code in sent for code in codes) >= len(codes):
                owed.setdefault(str(kind), set()).add(table)
    return owed
