"""Whom a file speaks of: by this a corrected return is told from another one that only bears the same name."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.errors import Place, Text
from junheng.model import County, schema
from junheng.store.returns.record import Sheetful
from junheng.store.returns.report import Report

Subject = tuple[str, str]  # the first key column of a table and its value: ("school", "2162000101")


def told(sheetful: Sheetful) -> dict[str, set[Subject]]:
    """Return, for each file, the schools (villages, …) of which it gives any value; an empty form speaks of nobody."""
    found: dict[str, set[Subject]] = {}
    for part in sheetful.parts:
        first = schema().tables[part.table].key[0]
        said = part.frame.filter(pl.any_horizontal(pl.col(list(part.columns)).is_not_null()))
        found.setdefault(part.file, set()).update((first, value) for value in said[first].cast(pl.String).unique())
    for record in sheetful.cells:
        if record.value is not None:
            found.setdefault(record.file, set()).add((schema().tables[record.table].key[0], record.key[0]))
    return found


def corrected(files: Mapping[str, set[Subject]], base: County | None, report: Report) -> frozenset[str]:
    """Return the files whose earlier values give way to what they say now.

    A file that speaks of none of those of whom a file of its name spoke before is another return, or could not be read: what was
    held stays, and a warning says so.
    """
    before = _before(base) if base else {}
    found = set()
    for file, now in files.items():
        if file not in before:
            continue
        if before[file] & now:
            found.add(file)
        else:
            _say_kept(file, sorted(before[file]), base, report)
    return frozenset(found)


def _before(base: County) -> dict[str, set[Subject]]:
    found: dict[str, set[Subject]] = {}
    for table, origins in base.origins.items():
        first = schema().tables[table].key[0]
        for file, key in origins.select("file", pl.col("key").str.split("|").list.first()).unique().rows():
            found.setdefault(file, set()).add((first, key))
    return found


def _say_kept(file: str, subjects: list[Subject], base: County | None, report: Report) -> None:
    names = names_of(base)
    found = listed([named((value,), names) for _, value in subjects])
    report.say("returns.earlier_values_stay", Place(file=file), found, count=len(subjects))


def names_of(base: County | None) -> Mapping[str, str]:
    """Return the names of a county's schools and campuses by code."""
    if base is None:
        return {}
    schools, campuses = base.tables["schools"], base.tables["campuses"]
    pairs = [*schools.select("school", "name").rows(), *campuses.select("campus", "name").rows()]
    return {code: name for code, name in pairs if name}


def named(key: tuple[str, ...], names: Mapping[str, str]) -> Text:
    """Return a key with the name of its school, as a finding shows it."""
    rest = "".join(f" {value}" for value in key[1:])
    name = names.get(key[0])
    if not name:
        return Text(key[0] + rest, key[0] + rest)
    return Text(f"{name}（{key[0]}）{rest}", f"{name} ({key[0]}){rest}")


_SHOWN = 20


def listed(texts: list[Text]) -> Text:
    """Return the texts as one list; of a long one the beginning and the number."""
    zh, en = "、".join(text.zh for text in texts[:_SHOWN]), ", ".join(text.en for text in texts[:_SHOWN])
    return Text(zh, en) if len(texts) <= _SHOWN else Text(f"{zh}等{len(texts)}项", f"{en} and others, {len(texts)} in all")
