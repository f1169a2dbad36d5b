"""The format of record: one folder of CSV files for each school year, and where every value came from.

    qinghe/2025/schools.csv        a table; a table without rows has no file
    qinghe/2025/_origins.parquet   table, key, column -> file, sheet, cell

The text is canonical, so that reading and writing again gives the same bytes: UTF-8, LF, rows in the order of the key (then of the
other columns), columns in the order of the schema, leaving out columns without any value; whole numbers and decimals without
trailing zeros, true and false, dates as 2025-09-01, and an empty cell for what is missing.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from junheng.documents import finding, parse_csv_columns, write_csv
from junheng.errors import DataError, Finding, Place, StoreError, Text
from junheng.model import ORIGIN_SCHEMA, TYPE_NAMES, Column, County, Table, county, fit, schema
from junheng.store.atomic import current, replaced

ORIGINS = "_origins.parquet"


def years(folder: Path) -> list[int]:
    """Return the school years that the folder holds, oldest first."""
    names = {path.name for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()
    names |= {name[1:].removesuffix(".ready") for name in names if name.startswith(".") and name.endswith(".ready")}
    return sorted(int(name) for name in names if len(name) == 4 and name.isdecimal())


def read_county(folder: Path, code: str, year: int) -> County:
    """Return the County of one school year.

    Raises StoreError when the folder does not hold the year, DataError with every finding (file, line, column) when a file
    or column is unknown or a value does not fit its type.
    """
    place = current(folder, str(year))
    if not place.is_dir():
        held = "、".join(map(str, years(folder))) or Text("无", "none")
        raise StoreError(finding("store.no_such_year", Place(file=folder.as_posix()), str(year), years=held))
    tables: dict[str, pl.DataFrame] = {}
    digests: dict[str, str] = {}
    findings: list[Finding] = []
    for path in sorted(place.glob("*.csv")):
        name = f"{year}/{path.name}"
        content = path.read_bytes()
        try:
            tables[path.stem] = _read_table(path.stem, _decoded(content, name), name)
        except DataError as error:
            findings += error.findings
        digests[path.stem] = hashlib.sha256(content).hexdigest()
    if findings:
        raise DataError(findings)
    return county(code, year, tables, _read_origins(place / ORIGINS, digests))


def lines_of(folder: Path, year: int, table: str, keys: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], tuple[Place, ...]]:
    """Return the file and lines of all rows of a table by their keys, or their first parts; what does not stand there is left out."""
    path, name = current(folder, str(year)) / f"{table}.csv", f"{year}/{table}.csv"
    wanted = {key for key in keys if key}
    if not wanted or not path.is_file():
        return {}
    columns, lines = parse_csv_columns(_decoded(path.read_bytes(), name), name)
    found: dict[tuple[str, ...], tuple[Place, ...]] = {}
    for size in sorted({len(key) for key in wanted}):
        parts = [columns.get(column, []) for column in schema().tables[table].key[:size]]
        for line, *key in zip(lines, *parts, strict=False):
            if tuple(key) in wanted:
                found[tuple(key)] = (*found.get(tuple(key), ()), Place(file=name, row=line))
    return found


def folder_findings(folder: Path, year: int) -> list[Finding]:
    """Return what reading the year passes over: files that are not ours, and tables edited after their source cells were noted."""
    place = current(folder, str(year))
    findings = [
        finding("store.unknown_file", Place(file=f"{year}/{path.name}"), path.name)
        for path in sorted(place.iterdir())
        if path.suffix != ".csv" and path.name != ORIGINS and not path.name.startswith(".")
    ]
    noted = _noted_digests(place / ORIGINS)
    findings += [
        finding("store.edited_by_hand", Place(file=f"{year}/{table}.csv"), Text("内容已改动", "another content than was written"))
        for table, digest in noted.items()
        if (place / f"{table}.csv").is_file() and hashlib.sha256((place / f"{table}.csv").read_bytes()).hexdigest() != digest
    ]
    return findings


def write_county(folder: Path, county: County) -> Path:
    """Write the County as the folder's content for its year, as a whole or not at all; return the year's folder.

    Files in the year's folder that are not ours are kept. Raises StoreError when another program is writing or the system refuses.
    """
    texts = {name: text for name in schema().tables if (text := table_text(name, county.tables[name]))}
    with replaced(folder, str(county.year)) as place:
        _keep_foreign(folder / str(county.year), place)
        for name, text in texts.items():
            (place / f"{name}.csv").write_bytes(text.encode())
        if county.origins:
            (place / ORIGINS).write_bytes(_origins_bytes(county.origins, texts))
    return folder / str(county.year)


def table_text(name: str, frame: pl.DataFrame) -> str:
    """Return a table's canonical CSV text, or "" for a table without rows."""
    if not frame.height:
        return ""
    table = schema().tables[name]
    kept = [column for column in table.names if column in table.key or frame[column].count()]
    ordered = frame.sort(*table.key, *table.names, nulls_last=False).select(_as_text(frame, column) for column in kept)
    return write_csv(kept, ordered.iter_rows())


def _as_text(frame: pl.DataFrame, column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String)
    return text.str.replace(r"\.?0+$", "") if frame.schema[column].is_decimal() else text


def _keep_foreign(before: Path, after: Path) -> None:
    for path in sorted(before.iterdir()) if before.is_dir() else []:
        if path.is_dir():
            shutil.copytree(path, after / path.name, copy_function=shutil.copyfile)
        elif path.suffix != ".csv" and path.name != ORIGINS:
            shutil.copyfile(path, after / path.name)


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(finding("store.not_utf8", Place(file=file, row=line), repr(content[error.start : error.end]))) from error


def _read_table(name: str, text: str, file: str) -> pl.DataFrame:
    table = schema().tables.get(name)
    if table is None:
        near = get_close_matches(name, schema().tables, 1)
        raise DataError(finding("store.unknown_table", Place(file=file), name, tables=", ".join(near or schema().tables)))
    columns, lines = parse_csv_columns(text, file)
    findings = [
        finding("model.unknown_column", Place(file=file, row=1, column=column), column, columns=", ".join(table.names))
        for column in columns
        if column not in table.names
    ]
    fitted = []
    for column in table.columns:
        if column.name in columns:
            sent = pl.Series(column.name, columns[column.name], dtype=pl.String)
            series, misfit = fit(sent, column)
            findings += _misfits(table, column, sent, misfit, file, lines)
            fitted.append(series)
    if findings:
        raise DataError(findings)
    return pl.DataFrame(fitted)


def _misfits(table: Table, column: Column, sent: pl.Series, misfit: pl.Series, file: str, lines: list[int]) -> Iterator[Finding]:
    for row in misfit.arg_true() if misfit.any() else ():
        place = Place(file=file, row=lines[row], column=column.name, table=table.name)
        yield finding("model.value_of_another_type", place, str(sent[row]), kind=TYPE_NAMES[column.type])


def _origins_bytes(origins: Mapping[str, pl.DataFrame], texts: Mapping[str, str]) -> bytes:
    """Return the origins of all tables as one Parquet file, with the digest of each table's file at the time of writing."""
    frames = [frame.select(pl.lit(name).alias("table"), *ORIGIN_SCHEMA) for name, frame in origins.items()]
    out = io.BytesIO()
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items() if name in origins}
    pl.concat(frames).sort("table", *ORIGIN_SCHEMA).write_parquet(out, metadata=digests)
    return out.getvalue()


def _read_origins(path: Path, digests: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """Return the origins by table; of a table edited by hand since, the source cells no longer vouch for the values."""
    if not path.is_file():
        return {}
    noted = _noted_digests(path)
    frames = pl.read_parquet(path).partition_by("table", as_dict=True, include_key=False)
    return {str(name): frame for (name,), frame in frames.items() if noted.get(str(name)) == digests.get(str(name))}


def _noted_digests(path: Path) -> dict[str, str]:
    return {name: digest for name, digest in pl.read_parquet_metadata(path).items() if name in schema().tables} if path.is_file() else {}
