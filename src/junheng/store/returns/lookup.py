"""Names to codes: a return that names a village or school finds its code in the tables read before, if exactly one has that name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from junheng.documents.chinese_text import fold_all
from junheng.model import schema
from junheng.store.returns.column_cells import REFUSED, VALUE, Converted, Rows, found
from junheng.store.returns.forms import Field, Form, Target
from junheng.store.returns.grid import Grid
from junheng.store.returns.report import Report


class Lookup:
    """Codes by folded name, from tables that are already there."""

    def __init__(self, tables: Mapping[str, Iterable[pl.DataFrame]]) -> None:
        """Take frames by table; each holds the table's key and name columns."""
        self._tables = {table: list(frames) for table, frames in tables.items()}
        self._codes: dict[Target, dict[str, set[str]]] = {}

    def codes(self, target: Target) -> Mapping[str, set[str]]:
        """Return the codes that carry each folded name in a column."""
        if target not in self._codes:
            self._codes[target] = self._read(target)
        return self._codes[target]

    def _read(self, target: Target) -> dict[str, set[str]]:
        codes: dict[str, set[str]] = {}
        key = schema().tables[target.table].key[0]
        for frame in self._tables.get(target.table, []):
            if key in frame.columns and target.column in frame.columns:
                pairs = frame.select(key, target.column).drop_nulls().unique()
                for code, name in zip(pairs[key].to_list(), fold_all(pairs[target.column].to_list()), strict=True):
                    codes.setdefault(name, set()).add(code)
        return codes

    def resolved(self, field: Field, cells: Converted, grid: Grid, rows: Rows, column: int, report: Report) -> Converted:
        """Return the cells with names replaced by codes; a name that nobody or several carry is refused by its address."""
        if field.lookup is None:
            return cells
        codes = self.codes(field.lookup)
        names = cells.series.to_list()
        folded = fold_all([name or "" for name in names])
        out: list[str | None] = [None] * len(names)
        for index in np.flatnonzero(cells.states == VALUE).tolist():
            known = codes.get(folded[index], set())
            if len(known) == 1:
                out[index] = next(iter(known))
                continue
            rule = "returns.name_of_several" if known else "returns.name_unknown"
            row = int(rows[index])
            title = schema().tables[field.lookup.table].title
            report.cell(rule, grid, row, column, field.title.split("|")[0], found(grid, row, column), table=title)
            cells.states[index] = REFUSED
        return Converted(pl.Series(cells.series.name, out, dtype=pl.String), cells.states)


def needs_lookup(form: Form) -> bool:
    """Return whether a form names things whose codes stand in other files."""
    return any(field.lookup for field in form.fields)
