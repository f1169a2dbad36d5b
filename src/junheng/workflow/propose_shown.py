"""The result tables and maps of a proposal, as its planner declares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

import polars as pl

from junheng.errors import Text
from junheng.model import County, schema
from junheng.planning.declaration import Column, Declaration, Map, ResultTable
from junheng.workflow.map_view import barrier_lines, crossing_points, map_of
from junheng.workflow.numbers import rounded
from junheng.workflow.propose_words import Names
from junheng.workflow.views.figures import NOTHING
from junheng.workflow.views.proposals import Barrier, Grid, GridCell, GridColumn, Place, PlaceMap

_LARGE = 1000
_YEAR = "year"


def grids(
    tables: Mapping[str, pl.DataFrame], declared: Mapping[str, ResultTable], declaration: Declaration, names: Names
) -> tuple[Grid, ...]:
    """Return the result tables in the order in which they are declared; codes stand with their names."""
    return tuple(_grid(name, one, tables[name], declaration, names) for name, one in declared.items() if name in tables)


def _grid(id_: str, table: ResultTable, frame: pl.DataFrame, declaration: Declaration, names: Names) -> Grid:
    shown = {name: column for name, column in table.columns.items() if not _other(name, table.columns) and _told(frame[name])}
    cells = [_column(frame, name, column, names) for name, column in shown.items()]
    rows = tuple(zip(*cells, strict=True))
    columns = tuple(
        GridColumn(
            title=Text(column.title.zh, table.columns.get(_english(name), column).title.en),
            unit=NOTHING if column.unit in ("", "1", _YEAR) else declaration.unit(column.unit),
            numeric=frame.schema[name].is_numeric(),
            letters=max((_letters(row[place].shown.zh) for row in rows), default=0),
        )
        for place, (name, column) in enumerate(shown.items())
    )
    return Grid(id=id_, title=table.title, columns=columns, rows=rows, paper=table.paper)


def _english(name: str) -> str:
    """Return the column that says in English what `name` says in Chinese; "" where it does not say which language it is in."""
    return f"{name.removesuffix('_zh')}_en" if name.endswith("_zh") else ""


def _other(name: str, columns: Mapping[str, Column]) -> bool:
    """Return whether a column is only the English of another one: both are one column for the reader."""
    return any(name == _english(one) for one in columns)


def _told(column: pl.Series) -> bool:
    """Return whether anything stands in a column; one that is empty from top to bottom is not shown."""
    return column.is_empty() or any(value is not None and value != "" for value in column)


def _column(frame: pl.DataFrame, name: str, column: Column, names: Names) -> list[GridCell]:
    """Return the cells of a column; of one in both languages each cell holds both, and a year has no thousands."""
    if _english(name) in frame.columns:
        return [GridCell(Text(zh or "", en or ""), None) for zh, en in frame.select(name, _english(name)).iter_rows()]
    cells = [_cell(value, column.of, _decimals(frame[name]), names) for value in frame[name]]
    if column.unit != _YEAR:
        return cells
    return [cell._replace(shown=Text(*[cell.shown.zh.replace(",", "")] * 2)) for cell in cells]


def _letters(text: str) -> int:
    return sum(2 if east_asian_width(one) in "WFA" else 1 for one in text)


def _decimals(column: pl.Series) -> int:
    """Return the decimals at which a column is told: none for whole numbers, fewer for large ones."""
    if not column.dtype.is_float() and not column.dtype.is_decimal():
        return 0
    values = column.cast(pl.Float64).drop_nulls()
    largest = values.abs().max()
    if (values == values.round()).all():
        return 0
    return 1 if (isinstance(largest, float) and largest >= _LARGE) or (values == values.round(1)).all() else 2


def _cell(value: object, named: str, decimals: int, names: Names) -> GridCell:
    """Return a cell. named: the column whose codes or words these are."""
    if value is None:
        return GridCell(NOTHING, None)
    if isinstance(value, bool):
        return GridCell(Text("是", "yes") if value else Text("否", "no"), None)
    if isinstance(value, int | float | Decimal) and not named:
        shown = f"{rounded(value, decimals):,}"
        return GridCell(Text(shown, shown), int(value) if isinstance(value, int) else float(value))
    if named:
        table, _, column = named.partition(".")
        words = schema().tables[table].column(column).allowed
        if words:
            return GridCell(words.get(str(value), Text(str(value), str(value))), None)
    elif value in names.words:
        return GridCell(names.words[str(value)], None)
    shown = names.with_name(value) if named else str(value)
    return GridCell(Text(shown, shown), None)


def maps(declaration: Declaration, before: County, after: County, tables: Mapping[str, pl.DataFrame], names: Names) -> tuple[PlaceMap, ...]:
    """Return every declared map of which something can be drawn."""
    there = {name: one for name, one in declaration.maps.items() if one.table in tables or one.table not in declaration.tables}
    made = ((one, _map(name, one, before, after, tables, names, _words(one, declaration))) for name, one in there.items())
    return tuple(_measured(drawn, one, declaration) for one, drawn in made if drawn.marks)


def _measured(drawn: PlaceMap, one: Map, declaration: Declaration) -> PlaceMap:
    """Return a map of amounts with their unit said beside it."""
    column = declaration.tables[one.table].columns[one.colour] if one.table in declaration.tables else None
    if one.kind != "amount" or column is None or column.unit in ("", "1"):
        return drawn
    unit = declaration.unit(column.unit)
    return replace(drawn, sentence=Text(f"{drawn.sentence.zh}，单位：{unit.zh}", f"{drawn.sentence.en}; in {unit.en}"))


def _map(
    id_: str, one: Map, before: County, after: County, tables: Mapping[str, pl.DataFrame], names: Names, words: Mapping[str, Text]
) -> PlaceMap:
    if one.table in tables:
        old = _colours(tables[one.table], one.place, one.before or one.colour)
        new = _colours(tables[one.table], one.place, one.colour)
    else:
        old = _colours(before.tables.get(one.table), one.place, one.colour)
        new = _colours(after.tables.get(one.table), one.place, one.colour)
    shape = map_of(before)
    drawn = {area.id for area in shape.areas}
    marks = tuple(
        mark
        for mark in _marks(one, before, after, old, new)
        if (mark.code in drawn or mark.lon is not None) and (one.places == "villages" or mark.before or mark.after)
    )
    changed = sum(mark.before != mark.after for mark in marks)
    codes = sorted({code for mark in marks for code in (mark.before, mark.after) if code}, key=_natural)
    thing = Text("所学校", "schools") if one.places == "schools" else Text("个村居", "villages")
    lines = barrier_lines(before) if one.barriers else ()
    parted = _parted(lines)
    return PlaceMap(
        id=id_,
        title=one.title,
        places=one.places,
        kind=one.kind,
        areas=shape.areas,
        marks=marks,
        names=tuple((code, words.get(code) or Text(*[names.of.get(code, code)] * 2)) for code in codes) if one.kind == "category" else (),
        changed=changed,
        sentence=Text(
            f"图上{len(marks)}{thing.zh}，其中{changed}{thing.zh[0]}改变{parted.zh}",
            f"{len(marks)} {thing.en}, of which {changed} change{parted.en}",
        ),
        is_grouped=not words and one.kind == "category",
        lines=lines,
        crossings=crossing_points(before) if one.barriers else (),
    )


def _parted(lines: tuple[Barrier, ...]) -> Text:
    """Return what the lines on a map are; nothing where there are none."""
    names = list(dict.fromkeys(line.name for line in lines))
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    said = Text(f"；粗线为{zh}，白圈为可以通过处", f"; thick lines: {en}; white spots: where they can be crossed")
    return said if names else Text("", "")


def _words(one: Map, declaration: Declaration) -> Mapping[str, Text]:
    """Return what the colours are called where they are words of an allowed list, as what is done at a school."""
    column = declaration.tables[one.table].columns.get(one.colour) if one.table in declaration.tables else None
    table, _, name = (column.of if column else "").partition(".")
    return schema().tables[table].column(name).allowed or {} if name else {}


def _natural(code: str) -> tuple[int, str]:
    return (int(code) if code.isdecimal() else 10**18, code)


def _colours(frame: pl.DataFrame | None, place: str, colour: str) -> dict[str, Any]:
    if frame is None:
        return {}
    return {str(code): value for code, value in frame.select(place, colour).iter_rows() if code is not None}


def _marks(one: Map, before: County, after: County, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Place]:
    key = "school" if one.places == "schools" else "village"
    rows = {row[key]: row for county in (before, after) for row in county.tables[one.places].to_dicts()}
    if one.places == "schools":  # plots where a school is proposed
        rows |= {row["site"]: row for row in before.tables["sites"].to_dicts() if row["site"] in new}
    for code, row in rows.items():
        first, second = old.get(code), new.get(code)
        amount = one.kind == "amount"
        yield Place(
            code=code,
            name=row["name"] or code,
            lon=_degrees(row.get("lon")),
            lat=_degrees(row.get("lat")),
            before="" if first is None else str(first),
            after="" if second is None else str(second),
            before_value=None if first is None or not amount else float(first),
            after_value=None if second is None or not amount else float(second),
        )


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)
