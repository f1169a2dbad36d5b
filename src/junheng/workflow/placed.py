"""Findings where a reader finds them: table and column in words, the name beside the code, the file and line of the row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from junheng.errors import Finding, Place, Text
from junheng.model import County, schema
from junheng.planning.declaration import Declaration
from junheng.store import lines_of
from junheng.workflow.propose_words import Names


def placed(findings: Iterable[Finding], folder: Path, county: County, declaration: Declaration | None = None) -> tuple[Finding, ...]:
    """Return the findings, each with its place in words. declaration: of the planner whose options and pins they may be about."""
    found, names = tuple(findings), Names(county)
    lines = _lines(found, folder, county.year)
    return tuple(_placed(one, lines, names, declaration) for one in found)


_Lines = Mapping[tuple[str, tuple[str, ...]], tuple[Place, ...]]
_DOUBLED = ("model.repeated_key", "model.two_schools_with_one_code")
_MOST_LINES = 6


def _lines(findings: tuple[Finding, ...], folder: Path, year: int) -> _Lines:
    """Return the file and lines of every row that a finding is about, by table and key."""
    wanted: dict[str, set[tuple[str, ...]]] = {}
    for one in findings:
        if one.place.table in schema().tables and not one.place.file:
            wanted.setdefault(one.place.table, set()).add(one.place.key)
    return {(table, key): line for table, keys in wanted.items() for key, line in lines_of(folder, year, table, keys).items()}


def _placed(one: Finding, lines: _Lines, names: Names, declaration: Declaration | None) -> Finding:
    place = one.place
    title, label = _words(place, declaration)
    name = place.name or next((names.of[key] for key in place.key if key in names.of), "")
    rows = lines.get((place.table, place.key), ())
    said = replace(place, title=title, label=label, name=name)
    if rows and not place.file:
        said = replace(said, file=rows[0].file, row=rows[0].row)
    found = one.found
    if found.zh in names.of:  # a code alone says nothing
        found = Text(*[names.with_name(found.zh)] * 2)
    if one.rule in _DOUBLED and len(rows) > 1:
        found = _with_rows(found, [str(row.row) for row in rows])
    return replace(one, place=said, found=found)


def _with_rows(found: Text, rows: list[str]) -> Text:
    """Return what was found with the rows that are alike, the first few of them."""
    more = len(rows) > _MOST_LINES
    zh, en = ("、".join(rows[:_MOST_LINES]), ", ".join(rows[:_MOST_LINES]))
    return Text(f"{found.zh}（第{zh}{'等' if more else ''}行）", f"{found.en} (rows {en}{' and more' if more else ''})")


def _words(place: Place, declaration: Declaration | None) -> tuple[Text, Text]:
    """Return the title of a table and the label of a column: of the county, or of the option or pin of a brief."""
    title, label = place.title, place.label
    table, _, column = place.column.partition(".") if "." in place.column else (place.table, "", place.column)
    known = schema().tables.get(table)
    if known is not None:
        title = title if title.zh else known.title
        label = label if label.zh or column not in known.names else known.column(column).label
    elif declaration is not None and place.column in declaration.options and not label.zh:
        label = declaration.options[place.column].title
    return title, label
