"""Two schools under one code: what they say must not be put together as if it were one school's.

Names are compared within this year: those that the files read now state, and those that other files of the year gave earlier. A name
that differs from last year's is a change of name and no matter. A name that only leaves out the beginning of another one
("第五小学" of "清河县第五小学"), or writes 初中 for 初级中学 (store/forms/words.yaml), is the same name. A form's column of names that
gives way to any other file's does not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from junheng.documents.chinese_text import fold
from junheng.errors import Place, Text
from junheng.model import County, schema
from junheng.store.returns.record import ROW, Sheetful
from junheng.store.returns.report import Report
from junheng.store.returns.words import words

_BRACKETS = re.compile(r"\([^()]*\)|[^\w]")


class Claim(NamedTuple):
    """A place in which a code bears a name."""

    code: str
    name: str
    place: Place


def without_shared_codes(
    sheetful: Sheetful, headings: Sequence[Claim], base: County | None, read: Collection[str], report: Report
) -> Counter[tuple[str, str]]:
    """Take out of what was read all rows of a code to which files give the names of two schools; each such code is a finding.

    Returns how many values were taken out, by file and sheet.

    headings: names that stand above forms. base: the county as held, in which the values of files that are not read again count too,
    and stay as they are.
    """
    dropped: Counter[tuple[str, str]] = Counter()
    claims: dict[str, list[Claim]] = {}
    for claim in (*_listed(sheetful), *headings, *_held(base, read)):
        claims.setdefault(claim.code, []).append(claim)
    for code, own in claims.items():
        names: dict[str, Claim] = {}
        for claim in own:
            names.setdefault(_comparable(claim.name), claim)
        if _of_several(list(names)):
            _say(code, list(names.values()), report)
            dropped += _drop(sheetful, code, {claim.place.file for claim in own})
    return dropped


def _comparable(name: str) -> str:
    text = _BRACKETS.sub("", fold(name))
    for long, short in words().short.items():
        text = text.replace(long, short)
    return text


def _of_several(names: Sequence[str]) -> bool:
    longest = max(names, key=len)
    return any(not longest.endswith(name) for name in names)


def _listed(sheetful: Sheetful) -> Iterator[Claim]:
    for part in sheetful.parts:
        if part.table == "schools" and "name" in part.frame.columns and "name" not in part.weak:
            letters = part.columns["name"]
            for code, name, row in part.frame.select("school", "name", ROW).drop_nulls("name").iter_rows():
                yield Claim(code, name, Place(file=part.file, sheet=part.sheet, cell=f"{letters}{row}"))
    for record in sheetful.cells:
        if (record.table, record.column) == ("schools", "name") and record.value:
            yield Claim(record.key[0], str(record.value), Place(file=record.file, sheet=record.sheet, cell=record.cell))


def _held(base: County | None, read: Collection[str]) -> Iterator[Claim]:
    if base is None or "schools" not in base.origins:
        return
    origins = base.origins["schools"].filter((pl.col("column") == "name") & ~pl.col("file").is_in(list(read)))
    named = base.tables["schools"].select(pl.col("school").alias("key"), "name").join(origins, on="key").drop_nulls("name")
    for row in named.iter_rows(named=True):
        yield Claim(row["key"], row["name"], Place(file=row["file"], sheet=row["sheet"], cell=row["cell"]))


def _say(code: str, claims: Sequence[Claim], report: Report) -> None:
    zh = "；".join(f"{claim.place.of('zh')}为“{claim.name}”" for claim in claims)
    en = "; ".join(f'{claim.place.of("en")}: "{claim.name}"' for claim in claims)
    title = schema().tables["schools"].column("school").label.zh
    place = replace(claims[0].place, table="schools", column=title, key=(code,))
    report.say("returns.code_of_two_schools", place, Text(zh, en))


def _drop(sheetful: Sheetful, code: str, files: Collection[str]) -> Counter[tuple[str, str]]:
    """Take out the rows, cells and stated figures of a code in some files, whatever the table: whose they are is not known."""
    dropped: Counter[tuple[str, str]] = Counter()
    for at, part in enumerate(sheetful.parts):
        if part.file in files and "school" in schema().tables[part.table].key:
            kept = part.frame.filter(pl.col("school") != code)
            dropped[part.file, part.sheet] += (part.frame.height - kept.height) * len(part.columns)
            sheetful.parts[at] = replace(part, frame=kept)
    gone = [record for record in sheetful.cells if record.file in files and code in _school(record.table, record.key)]
    dropped.update((record.file, record.sheet) for record in gone)
    sheetful.cells = [record for record in sheetful.cells if record.file not in files or (code not in _school(record.table, record.key))]
    sheetful.stated = [stated for stated in sheetful.stated if stated.file not in files or stated.key.get("school") != code]
    return dropped


def _school(table: str, key: tuple[str, ...]) -> tuple[str, ...]:
    names = schema().tables[table].key
    return (key[names.index("school")],) if "school" in names else ()
