"""The sources of a roster read: tables of the County, records of a ledger, lists of offices, lines of another roster; each one frame."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import polars as pl

from junheng.coverage import Roster, Side, Source, SourceColumn
from junheng.coverage.roster_file import tests_of
from junheng.documents import finding
from junheng.errors import Finding, Place, StoreError, Text
from junheng.ledgers import Record
from junheng.matching import match_rule
from junheng.matching.dates import dates
from junheng.matching.plain_keys import schools
from junheng.model import schema
from junheng.model.period import school_year_of
from junheng.store.rosters import read_roster_list, roster_lists
from junheng.workflow.ledger_room import Room

ROW = "row"
Below = Callable[[str, Sequence[str]], tuple[pl.DataFrame, Place]]  # lines of another roster with some standings
_NAMED = 5


class Reading:
    """Reads sources once; what is wrong is collected."""

    def __init__(self, room: Room, day: date) -> None:
        """Keep the room whose folder, ledgers and County are read."""
        self.room, self.day = room, day
        self.findings: list[Finding] = []

    def side(self, roster: Roster, source: Source, below: Below) -> Side | None:
        """Return the lines of a source, None beside findings when it is absent or cannot be used."""
        try:
            read = {"table": self._table, "ledger": self._ledger, "list": self._list}.get(source.sort)
            found = read(roster, source) if read else self._roster(source, below)
        except StoreError as error:
            self.findings += error.findings
            return None
        if found is None:
            return None
        frame, place, numbers = found
        for name, values in source.each.items():
            numbers = [number for number in numbers for _ in values]
            frame = frame.join(pl.DataFrame({name: list(values)}, schema={name: pl.String}), how="cross", maintain_order="left_right")
        numbered = frame.drop(ROW, strict=False).with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
        return Side(numbered, place, tuple(numbers))

    # -- tables, ledgers, rosters -------------------------------------------------------------------------------------

    def _table(self, _: Roster, source: Source) -> tuple[pl.DataFrame, Place, list[int]] | None:
        county = self.room.county
        title = schema().tables[source.name].title
        place = Place(table=source.name, title=title)
        if county is None or source.name not in county.tables:
            self.findings.append(finding("coverage.table_absent", place, Text("没有", "none"), name=title))
            return None
        frame = county.tables[source.name].with_columns(
            pl.col(column.source).alias(name) for name, column in source.columns.items() if column.source
        )
        if source.group:
            numbers = [name for name, dtype in frame.schema.items() if dtype.is_numeric() and name not in source.group]
            whole = [pl.when(pl.col(name).is_null().any()).then(None).otherwise(pl.col(name).sum()).alias(name) for name in numbers]
            frame = frame.group_by(*source.group, maintain_order=True).agg(*whole)
        return frame, place, list(range(1, frame.height + 1))

    def _ledger(self, _: Roster, source: Source) -> tuple[pl.DataFrame, Place, list[int]]:
        kind = self.room.ledgers.kind(source.name)
        records = self.room.records(kind)
        fields = {
            name: pl.Date() if field.type == "date" else pl.Float64() if field.type in ("integer", "decimal") else pl.String()
            for name, field in kind.fields.items()
        }
        rows = [_values(record, fields) for record in records if not source.states or record.state in source.states]
        frame = pl.DataFrame(rows, schema={"key": pl.String(), "state": pl.String(), **fields}, orient="row")
        frame = frame.with_columns(pl.col(column.source).alias(name) for name, column in source.columns.items() if column.source)
        return frame, Place(table=kind.id, title=kind.title), list(range(1, frame.height + 1))

    def _roster(self, source: Source, below: Below) -> tuple[pl.DataFrame, Place, list[int]]:
        frame, place = below(source.name, source.states)
        return frame, place, list(range(1, frame.height + 1))

    # -- lists --------------------------------------------------------------------------------------------------------

    def _list(self, roster: Roster, source: Source) -> tuple[pl.DataFrame, Place, list[int]] | None:
        paths = roster_lists(self.room.folder, source.name)
        if not paths:
            self.findings.append(
                finding("coverage.list_absent", Place(file="rosters/lists"), Text("没有该名单", "no such list"), name=source.name)
            )
            return None
        headings = {name: column.headings for name, column in source.columns.items() if column.headings}
        labels = {name: column.label for name, column in source.columns.items()}
        read = read_roster_list(paths, headings, needed(roster, source), labels, self.findings)
        if read is None:
            return None
        frame = read.frame
        for name, column in source.columns.items():
            raw = frame[column.source or name] if (column.source or name) in frame.columns else _nothing(frame.height)
            frame = frame.with_columns(self._typed(column, raw, read.place, read.numbers).alias(name))
        return frame, read.place, list(read.numbers)

    def _typed(self, column: SourceColumn, raw: pl.Series, place: Place, numbers: Sequence[int]) -> pl.Series:
        if column.kind == "text":
            return pl.Series([plain(text) for text in raw.to_list()], dtype=pl.String)
        said = raw.is_not_null()
        if column.kind == "school":
            found, rule = schools("#", raw, self.directory)["#"], "coverage.school_unknown"
        elif column.kind == "number":
            found, rule = raw.str.replace_all(r"[,，\s]", "").str.strip_suffix("%").cast(pl.Float64, strict=False), "coverage.value_unclear"
        else:
            found, rule = dates("#", raw)["#"].str.to_date("%Y%m%d", strict=False), "coverage.value_unclear"
        unclear = [numbers[row] for row, lost in enumerate((said & found.is_null()).to_list()) if lost]
        if unclear and column.kind != "age":
            at = Place(file=place.file, sheet=place.sheet, row=unclear[0], column=column.label.zh, label=column.label)
            self.findings.append(finding(rule, at, "、".join(str(row) for row in unclear[:_NAMED]), count=len(unclear)))
        return self._ages(found) if column.kind == "age" else found

    def _ages(self, births: pl.Series) -> pl.Series:
        """Return how old each is on 31 August of the school year: the day by which children must be six."""
        last = date(school_year_of(self.day), 8, 31)
        frame = pl.DataFrame({"b": births})
        had = (pl.col("b").dt.month() * 100 + pl.col("b").dt.day()) <= last.month * 100 + last.day
        return frame.select((last.year - pl.col("b").dt.year() - (~had).cast(pl.Int32)).cast(pl.Int64)).to_series()

    @property
    def directory(self) -> Mapping[str, Sequence[str]]:
        """Return the names of each school and campus by code."""
        held = self.room.county.tables if self.room.county else {}
        return {one.code: (one.name,) for table in ("schools", "campuses") if table in held for one in self.room.subjects(table)}


def needed(roster: Roster, source: Source) -> list[str]:
    """Return the columns without which a list of a roster is of no use, the one that best tells the list first."""
    rule = match_rule(roster.rule) if roster.rule else None
    names = list(rule.needs) if rule else list(roster.keys)
    names += [column for where, test, of in tests_of(roster) if of is source and not where.endswith("verified") for column in test]
    if source is not roster.should:
        paid = roster.amounts.paid if roster.amounts else ""
        names += [name for name in (roster.least.total, roster.least.day, paid, *(roster.once or ())) if name]
    else:
        names += [name for due in (roster.amounts.due if roster.amounts else ()) for name in (due.column, due.by, *due.times) if name]
    known = [source.columns[name].source or name for name in dict.fromkeys(names) if name in source.columns]
    return [name for name in dict.fromkeys(known) if source.columns[name].headings]


def plain(text: str | None) -> str | None:
    """Return a text narrow and without blanks around it; None for an empty one."""
    return (unicodedata.normalize("NFKC", text).strip() or None) if text is not None else None


def _nothing(height: int) -> pl.Series:
    return pl.Series([None] * height, dtype=pl.String)


def _values(record: Record, fields: Mapping[str, pl.DataType]) -> list[object]:
    values = [record.values.get(name) for name in fields]
    typed = [value if value is None or dtype != pl.String() else str(value) for value, dtype in zip(values, fields.values(), strict=True)]
    return [record.key, record.state, *typed]
