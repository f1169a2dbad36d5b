"""All that the sheets gave, put together as tables with the origin of each value; two files that contradict each other are named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from junheng.errors import Place, Text
from junheng.model import ORIGIN_SCHEMA, key_text, schema
from junheng.store.returns.corrections import is_correction
from junheng.store.returns.record import ROW, CellRecord, Part, Sheetful
from junheng.store.returns.report import Report

_AT = "#at"  # number of a row among all rows of its table
_KEY = "key"
_CORRECTED, _FIRM, _WEAK = range(3)  # of several rows for one key, those of the first rank that says anything are heard


@dataclass(frozen=True, slots=True)
class Gathered:
    """One table: its rows without repeated keys, and the origin of each value."""

    frame: pl.DataFrame
    origins: pl.DataFrame


def gather(sheetful: Sheetful, report: Report) -> dict[str, Gathered]:
    """Return the tables that were sent, in schema order.

    A value that several cells give alike is taken once; one that they give differently is a finding that names them, and stays missing,
    unless one of them stands in a file whose name says that it is a correction: that one is taken, and a note names both.
    """
    parts: dict[str, list[Part]] = {}
    for part in sheetful.parts:
        parts.setdefault(part.table, []).append(part)
    cells: dict[str, list[CellRecord]] = {}
    for record in sheetful.cells:
        cells.setdefault(record.table, []).append(record)
    tables = {}
    for table in schema().tables:
        if table in parts or table in cells:
            tables[table] = _gathered(table, parts.pop(table, []), cells.pop(table, []), report)
    return tables


def _gathered(table: str, parts: list[Part], cells: list[CellRecord], report: Report) -> Gathered:
    corrected = [record for record in cells if is_correction(record.file)]
    firm = [record for record in cells if not is_correction(record.file)]
    pieces = [*_list_pieces(table, parts), *_cell_pieces(table, corrected, _CORRECTED), *_cell_pieces(table, firm, _FIRM)]
    pieces.sort(key=lambda piece: piece.rank)
    start = 0
    for piece in pieces:
        piece.number(start)
        start += piece.frame.height
    origins = pl.concat([origin for piece in pieces for origin in piece.origins()])
    whole = pl.concat([piece.frame.drop(ROW, strict=False) for piece in pieces], how="diagonal")
    ends = [sum(piece.frame.height for piece in pieces if piece.rank <= rank) for rank in (_CORRECTED, _FIRM)]
    keys = schema().tables[table].key
    repeated = whole.select(keys).is_duplicated()
    if not repeated.any():
        return Gathered(whole.drop(_AT), origins.drop(_AT))
    single, merged, winners = whole.filter(~repeated), *_merge(table, whole.filter(repeated), ends, origins, report)
    kept = pl.concat([origins.join(single.select(_AT), on=_AT, how="semi"), origins.join(winners, on=[_AT, "column"], how="semi")])
    return Gathered(pl.concat([single.drop(_AT), merged], how="diagonal"), kept.drop(_AT))


@dataclass(slots=True)
class _Piece:
    """Rows with one way to say where each value stands."""

    table: str
    frame: pl.DataFrame
    rank: int
    file: str = ""
    sheet: str = ""
    columns: dict[str, str] | None = None  # value column -> letters; None: addresses come from `known`
    known: pl.DataFrame | None = None  # key, column, file, sheet, cell

    def number(self, start: int) -> None:
        self.frame = self.frame.with_row_index(_AT, offset=start)

    def origins(self) -> Iterator[pl.DataFrame]:
        keyed = self.frame.with_columns(key_text(self.table))
        if self.known is not None:
            yield self.known.join(keyed.select(_KEY, _AT), on=_KEY).select(*ORIGIN_SCHEMA, pl.col(_AT).cast(pl.UInt32))
            return
        for column, letters in (self.columns or {}).items():
            held = keyed.filter(pl.col(column).is_not_null())
            yield held.select(
                _KEY,
                pl.lit(column).alias("column"),
                pl.lit(self.file).alias("file"),
                pl.lit(self.sheet).alias("sheet"),
                (pl.lit(letters) + pl.col(ROW).cast(pl.String)).alias("cell"),
                pl.col(_AT).cast(pl.UInt32),
            )


def _list_pieces(table: str, parts: Sequence[Part]) -> Iterator[_Piece]:
    for part in parts:
        keys = schema().tables[table].key
        for weak in (False, True):
            columns = {column: letters for column, letters in part.columns.items() if (column in part.weak) == weak}
            if columns:
                rank = _WEAK if weak else _CORRECTED if is_correction(part.file) else _FIRM
                yield _Piece(table, part.frame.select(*keys, *columns, ROW), rank, part.file, part.sheet, columns)


def _cell_pieces(table: str, cells: Sequence[CellRecord], rank: int) -> Iterator[_Piece]:
    """Make rows of single cells; cells that give one value again go into a further piece, so that each piece has each key once."""
    keys = schema().tables[table].key
    layers: list[dict[tuple[str, ...], dict[str, CellRecord]]] = []
    for record in cells:
        for layer in layers:
            if record.column not in layer.setdefault(record.key, {}):
                layer[record.key][record.column] = record
                break
        else:
            layers.append({record.key: {record.column: record}})
    dtypes = schema().dtypes(table)
    for layer in layers:
        filled = {key: row for key, row in layer.items() if row}
        names = list(dict.fromkeys(column for row in filled.values() for column in row))
        data: dict[str, list[object]] = {name: [key[index] for key in filled] for index, name in enumerate(keys)}
        data |= {name: [row[name].value if name in row else None for row in filled.values()] for name in names}
        frame = pl.DataFrame(
            {
                name: pl.Series(name, values, dtype=pl.String).cast(dtypes[name])
                if name in keys
                else pl.Series(name, values, dtype=dtypes[name], strict=False)
                for name, values in data.items()
            }
        )
        yield _Piece(table, frame, rank, known=_origins(record for row in filled.values() for record in row.values()))


def _origins(records: Iterator[CellRecord]) -> pl.DataFrame:
    rows = [("|".join(record.key), record.column, record.file, record.sheet, record.cell) for record in records if record.value is not None]
    return pl.DataFrame(rows, schema=dict(ORIGIN_SCHEMA), orient="row")


def _merge(table: str, rows: pl.DataFrame, ends: Sequence[int], origins: pl.DataFrame, report: Report) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one row a key, and which row (`#at`) gave the value of each column.

    ends: where the numbers of corrected and of firm rows end; those after them are weak, and give way.
    """
    keys = list(schema().tables[table].key)
    merged = rows.select(keys).unique(maintain_order=True)
    winners = []
    for column in rows.columns:
        if column in (*keys, _AT):
            continue
        held = rows.filter(pl.col(column).is_not_null()).select(*keys, column, _AT)
        corrected = held.filter(pl.col(_AT) < ends[0])
        firm = held.filter((pl.col(_AT) >= ends[0]) & (pl.col(_AT) < ends[1]))
        _say_corrected(table, column, corrected, firm, origins, report)
        strong = pl.concat([corrected, firm.join(corrected, on=keys, how="anti")])
        weak = held.filter(pl.col(_AT) >= ends[1]).join(strong, on=keys, how="anti")
        held = pl.concat([strong, weak.unique(keys, keep="first", maintain_order=True)])
        one = held.group_by(keys, maintain_order=True).agg(
            pl.col(column).first(), pl.col(_AT).first(), pl.col(column).n_unique().alias("#values")
        )
        clashing = one.filter(pl.col("#values") > 1)
        if clashing.height:
            both = held.join(clashing.select(keys), on=keys, how="semi", maintain_order="left")
            _say_both("returns.values_differ", table, column, both, origins, report)
            one = one.filter(pl.col("#values") == 1)
        merged = merged.join(one.select(*keys, column), on=keys, how="left", maintain_order="left")
        winners.append(one.select(pl.col(_AT).cast(pl.UInt32), pl.lit(column).alias("column")))
    return merged, pl.concat(winners)


def _say_corrected(table: str, column: str, corrected: pl.DataFrame, firm: pl.DataFrame, origins: pl.DataFrame, report: Report) -> None:
    """Say which values of other files a correction replaces by others."""
    if not corrected.height:
        return
    keys = schema().tables[table].key
    replaced = firm.join(corrected, on=keys, suffix="#by").filter(pl.col(column) != pl.col(f"{column}#by"))
    if replaced.height:
        both = pl.concat([corrected, firm]).join(replaced, on=keys, how="semi", maintain_order="left")
        _say_both("returns.corrected", table, column, both, origins, report)


def _say_both(rule: str, table: str, column: str, held: pl.DataFrame, origins: pl.DataFrame, report: Report) -> None:
    """Say, once for each set of files that contradict each other, where the first of their cells stand and how many keys are concerned."""
    label = schema().tables[table].column(column).label
    at = held.with_columns(key_text(table), pl.col(_AT).cast(pl.UInt32), pl.col(column).cast(pl.String).alias("#value"))
    places = origins.filter(pl.col("column") == column).join(at.select(_AT, "#value"), on=_AT)
    clashes = places.group_by(_KEY, maintain_order=True).agg(pl.col("file", "sheet", "cell", "#value"))
    seen: dict[tuple[str, ...], list[dict[str, list[str] | str]]] = {}
    for clash in clashes.to_dicts():
        files = dict.fromkeys(f"{file}\n{sheet}" for file, sheet in zip(clash["file"], clash["sheet"], strict=True))
        seen.setdefault(tuple(files), []).append(clash)
    for group in seen.values():
        first = group[0]
        cells = [
            Place(file=file, sheet=sheet, cell=cell) for file, sheet, cell in zip(first["file"], first["sheet"], first["cell"], strict=True)
        ]
        said = [(place, value) for place, value in zip(cells, first["#value"], strict=True)]
        zh = "；".join(f"{place.of('zh')}为{value}" for place, value in said)
        en = "; ".join(f"{place.of('en')}: {value}" for place, value in said)
        key = tuple(str(first[_KEY]).split("|"))
        place = Place(file=cells[0].file, sheet=cells[0].sheet, cell=cells[0].cell, table=table, column=label.zh, key=key)
        report.say(rule, place, Text(zh, en), count=len(group))
