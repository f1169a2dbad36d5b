"""What a template was handed out with is not yet a statement: last year's rooms, campuses and register stand in it to be looked through.

A workbook in which nobody filled in or changed anything is not loaded. In one that was worked on, rows that are exactly as they were
handed out are loaded and listed, so that somebody confirms them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from junheng.errors import Place, Text
from junheng.model import County, key_text, schema, typed
from junheng.store.returns.forms import Form
from junheng.store.returns.record import CellRecord, Sheetful
from junheng.store.returns.report import Report
from junheng.store.returns.subjects import listed, named, names_of

_REGISTERS = ("schools", "campuses", "districts", "villages")  # as a rule the same every year: a note is enough


@dataclass(slots=True)
class _Book:
    """One file that is a template: what it holds as it was handed out, by table, and whether anything else is in it."""

    file: str
    handed_out: dict[str, list[str]] = field(default_factory=dict)
    touched: bool = False


def without_untouched(
    sheetful: Sheetful, forms: Mapping[tuple[str, str], Form], previous: County | None, base: County | None, report: Report
) -> frozenset[str]:
    """Take the workbooks in which nothing was filled in out of what was read, and return their names.

    forms: (file, sheet) -> the form as which it was read. previous: last year's county; base: this year's as it is held. Both
    are what templates are filled with.
    """
    files = {file for file, _ in forms} - {file for (file, _), form in forms.items() if not form.handed_out}
    tables = frozenset(table for form in forms.values() for table in form.prefilled)
    books = [_book(file, sheetful, forms, [_seen(previous, "", tables), _seen(base, file, tables)]) for file in sorted(files)]
    names = {**names_of(previous), **names_of(base)}
    untouched = [book for book in books if book.handed_out and not book.touched]
    for book in untouched:
        _say_untouched(book, report)
    _say_unchanged([book for book in books if book.touched], names, report)
    gone = frozenset(book.file for book in untouched)
    _drop(sheetful, gone)
    return gone


_Seen = Mapping[str, pl.DataFrame]


def _seen(county: County | None, file: str, tables: Collection[str]) -> _Seen:
    """Return the tables with which a template may have been filled: without rows that this very file gave."""
    if county is None:
        return {}
    found = {}
    for name in tables:
        frame = county.tables[name]
        if name in county.origins and file:
            own = county.origins[name].filter(pl.col("file") == file).select("key")
            frame = frame.with_columns(key_text(name)).join(own, on="key", how="anti").drop("key")
        found[name] = frame
    return found


def _book(file: str, sheetful: Sheetful, forms: Mapping[tuple[str, str], Form], seen: Sequence[_Seen]) -> _Book:
    book = _Book(file)
    for sheet, table, frame, whole in _frames(file, sheetful):
        form = forms.get((file, sheet))
        if form is None or table not in form.prefilled:
            book.touched = book.touched or frame.height > 0
            continue
        same = _same(table, frame, seen)
        book.handed_out.setdefault(table, []).extend(same)
        left_out = whole and _rows_left_out(table, frame, seen[0], of_school="/school/" in form.id)
        book.touched = book.touched or len(same) < frame.height or left_out
    return book


def _frames(file: str, sheetful: Sheetful) -> Iterator[tuple[str, str, pl.DataFrame, bool]]:
    """Yield (sheet, table, rows that say anything, whether they are a whole list)."""
    for part in sheetful.parts:
        if part.file == file and part.frame.height:
            keys = schema().tables[part.table].key
            yield (
                part.sheet,
                part.table,
                typed(schema().tables[part.table], part.frame.select(*keys, *part.columns)).select(*keys, *part.columns),
                True,
            )
    blocks: dict[tuple[str, str], list[CellRecord]] = {}
    for record in sheetful.cells:
        if record.file == file:
            blocks.setdefault((record.sheet, record.table), []).append(record)
    for (sheet, table), records in blocks.items():
        yield sheet, table, _rows(table, records), False


def _rows(table: str, records: Sequence[CellRecord]) -> pl.DataFrame:
    """Return the rows of single cells, without those of which every cell is empty."""
    keys, dtypes = schema().tables[table].key, schema().dtypes(table)
    rows: dict[tuple[str, ...], dict[str, object]] = {}
    for record in records:
        rows.setdefault(record.key, {})[record.column] = record.value
    said = {key: row for key, row in rows.items() if any(value is not None for value in row.values())}
    columns = list(dict.fromkeys(record.column for record in records))
    data = {name: pl.Series([key[at] for key in said], dtype=pl.String).cast(dtypes[name]) for at, name in enumerate(keys)}
    data |= {name: pl.Series([row.get(name) for row in said.values()], dtype=dtypes[name], strict=False) for name in columns}
    return pl.DataFrame(data)


def _same(table: str, frame: pl.DataFrame, seen: Sequence[_Seen]) -> list[str]:
    """Return the keys of the rows that stood so, cell by cell, in what the template was filled with."""
    keys = list(schema().tables[table].key)
    columns = [name for name in frame.columns if name not in keys]
    alike = {name: pl.lit(False) for name in columns}
    for at, tables in enumerate(seen):
        if table in tables:
            known = tables[table].select(*keys, *(pl.col(name).alias(f"{name}#{at}") for name in columns), pl.lit(True).alias(f"#{at}"))
            frame = frame.join(known.unique(keys), on=keys, how="left", maintain_order="left")
            here = pl.col(f"#{at}").fill_null(False)
            alike = {name: before | (here & pl.col(name).eq_missing(pl.col(f"{name}#{at}"))) for name, before in alike.items()}
    return frame.filter(pl.all_horizontal(alike.values())).select(key_text(table))["key"].to_list()


def _rows_left_out(table: str, frame: pl.DataFrame, before: _Seen, *, of_school: bool) -> bool:
    """Return whether a list lacks rows that it was handed out with: somebody deleted them."""
    if table not in before:
        return False
    rows, keys = before[table], schema().tables[table].key
    if of_school and "school" in frame.columns:
        rows = rows.join(frame.select("school").unique(), on="school", how="semi")
    return rows.join(frame, on=list(keys), how="anti").height > 0


def _say_untouched(book: _Book, report: Report) -> None:
    parts = [(schema().tables[table].title, len(keys)) for table, keys in book.handed_out.items()]
    zh = "、".join(f"{title.zh}{number}行" for title, number in parts)
    en = ", ".join(f"{title.en}: {number} rows" for title, number in parts)
    report.say("returns.template_untouched", Place(file=book.file), Text(f"只有原已列出的{zh}", f"only what it was handed out with: {en}"))


def _say_unchanged(books: Sequence[_Book], names: Mapping[str, str], report: Report) -> None:
    """List, once for each table, the rows of all files that were left as they were handed out."""
    for table in dict.fromkeys(table for book in books for table in book.handed_out):
        own = [(book.file, key) for book in books for key in book.handed_out.get(table, ())]
        if own:
            title = schema().tables[table].title
            found = listed([named(tuple(key.split("|")), names) for _, key in own])
            severity = {"severity": "note"} if table in _REGISTERS else {}
            place = Place(file=own[0][0], table=title.zh)
            report.say("returns.unchanged_since_last_year", place, found, len(own), table=title, **severity)


def _drop(sheetful: Sheetful, files: Collection[str]) -> None:
    sheetful.parts = [part for part in sheetful.parts if part.file not in files]
    sheetful.cells = [record for record in sheetful.cells if record.file not in files]
    sheetful.stated = [stated for stated in sheetful.stated if stated.file not in files]
    sheetful.totals = [total for total in sheetful.totals if total.file not in files]
