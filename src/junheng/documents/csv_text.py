"""CSV text to rows that know their line, and back, byte for byte the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from junheng.documents.catalogue import finding
from junheng.errors import DataError, Finding, Place, Text

_SPECIAL = re.compile('[",\r\n]')


class CsvRow(NamedTuple):
    """One data row: the line on which it starts (1-based; the header is line 1) and its cells by column."""

    line: int
    values: dict[str, str]


class CsvColumns(NamedTuple):
    """A CSV text by column: the cells of each column as text, and the line on which each row starts."""

    columns: dict[str, list[str]]
    lines: list[int]


def parse_csv(text: str, file: str) -> list[CsvRow]:
    """Return the rows of a CSV text with a header line; blank lines are passed over.

    Raises DataError, with every line named, when a row has more or fewer cells than the header or a header repeats.
    """
    header, rows = _parsed(text, file)
    return [CsvRow(line, dict(zip(header, cells, strict=True))) for line, cells in rows]


def parse_csv_columns(text: str, file: str) -> CsvColumns:
    """Return the columns of a CSV text with a header line, for tables of many rows; raises DataError as parse_csv does."""
    header, rows = _parsed(text, file)
    cells = list(zip(*(cells for _, cells in rows), strict=True)) if rows else [()] * len(header)
    return CsvColumns({name: list(column) for name, column in zip(header, cells, strict=True)}, [line for line, _ in rows])


def _parsed(text: str, file: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    findings: list[Finding] = []
    header: list[str] = []
    start = 1
    try:
        for cells in reader:
            if not header:
                header = cells
                findings += _header_findings(header, file)
            elif cells and len(cells) != len(header):
                place = Place(file=file, row=start)
                count = len(cells)
                findings.append(finding("documents.csv_width", place, Text(f"{count}格", f"{count} cells"), expected=len(header)))
            elif cells:
                rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        findings.append(finding("documents.csv_syntax", Place(file=file, row=reader.line_num), str(error)))
    if findings:
        raise DataError(findings)
    return header, rows


def _header_findings(header: Sequence[str], file: str) -> list[Finding]:
    repeated = sorted({name for name in header if header.count(name) > 1})
    return [finding("documents.csv_repeated_column", Place(file=file, row=1, column=name), name) for name in repeated]


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return CSV text: LF line ends, quotes only where needed, None as an empty cell.

    Written here and not by the csv module, whose quoting of a lone carriage return differs between versions of Python.
    """
    lines = [",".join(map(_cell, header))]
    lines += [",".join(map(_cell, row)) or '""' for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if _SPECIAL.search(text) is None:
        return text
    return '"' + text.replace('"', '""') + '"'
