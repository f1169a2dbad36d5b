"""The limits of every county as tables: `limits_<selector>(county, <selector>, p_<parameter>, …)`, read from their rulebooks.

Counties under different overlays and dates stay one statement this way. Factors (85 %) are multiplied here, in Decimal; a value that does
not fit DECIMAL(15, 8) is refused rather than rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, StandardsError
from junheng.indicators.expression import column_of
from junheng.model import period
from junheng.standards import Concession, Rulebook

LIMIT_DIGITS = (15, 8)
ALWAYS = ("none", "stage")


class Easement(NamedTuple):
    """A concession as the statement knows it: the same words may come from several shelves, other words are another easement."""

    nth: int
    parameter: str
    id: str
    when: str
    indicator: str | None
    place: Place  # the file and line of its condition, on the first shelf that has it in these words


class LimitColumn(NamedTuple):
    """One column of a table of limits: a parameter's value, its value times a factor, or a concession's relaxed value."""

    name: str
    parameter: str
    by: str
    factor: Decimal | None = None
    easement: Easement | None = None


def plain(parameter: str, by: str) -> LimitColumn:
    """Return the column of a parameter's own value."""
    return LimitColumn(column_of(parameter), parameter, by)


def unjudged(limit: LimitColumn, stages: Sequence[str], per: Sequence[str], *, not_asked: int, no_data: int) -> str:
    """Return the cases of a row that has no limit: not asked of a stage that the requirement leaves out, otherwise without data.

    A requirement without named stages asks every stage for which there is a value; whatever else chooses a limit (a kind, a size) and
    finds none has an item that nobody can judge, and that item does not vanish.
    """
    cases = []
    if "stage" in per:
        elsewhere = f"m.stage not in ({', '.join(repr(stage) for stage in stages)})" if stages else ""
        cases += [f"when {elsewhere or f'{limit.name} is null'} then {not_asked}"] if elsewhere or limit.by == "stage" else []
    return " ".join([*cases, f"when {limit.name} is null then {no_data}"])


def easements(parameters: Iterable[str], rulebooks: Iterable[Rulebook]) -> tuple[Easement, ...]:
    """Return every concession in force of these parameters in any of the rulebooks, each wording once."""
    found: dict[tuple[str, str, str, str | None], Place] = {}
    books = {book.digest: book for book in rulebooks}
    for parameter in parameters:
        for book in books.values():
            for item in book.concessions(parameter):
                found.setdefault(_identity(item), Place(file=item.file, row=item.line, key=(parameter, item.id)))
    return tuple(Easement(index, *identity, place) for index, (identity, place) in enumerate(found.items()))


def _identity(item: Concession) -> tuple[str, str, str, str | None]:
    return (item.parameter, item.id, item.when, item.indicator)


def limit_frames(columns: Iterable[LimitColumn], rulebooks: Mapping[str, Rulebook]) -> dict[str, pl.DataFrame]:
    """Return the tables of limits by name, one row a county and selector; counties come in the order given.

    Raises StandardsError for a parameter that a rulebook does not know and for values that do not fit.
    """
    by_table: dict[str, list[LimitColumn]] = {by: [] for by in ALWAYS}
    for column in dict.fromkeys(columns):
        by_table.setdefault(column.by, []).append(column)
    findings: list[Finding] = []
    rows: dict[str, dict[str, list[dict[str, object]]]] = {}
    for book in rulebooks.values():
        if book.digest not in rows:
            rows[book.digest] = {by: _rows(by, wanted, book, findings) for by, wanted in by_table.items()}
    if findings:
        raise StandardsError(findings)
    return {f"limits_{by}": _frame(by, wanted, rulebooks, rows) for by, wanted in by_table.items()}


def _rows(by: str, wanted: list[LimitColumn], book: Rulebook, findings: list[Finding]) -> list[dict[str, object]]:
    values = {column.name: _values(column, book) for column in wanted}
    for column in wanted:
        findings += _unfit(column, values[column.name])
    selectors = dict.fromkeys(selector for value in values.values() for selector in value)
    if by == "none":
        return [{"year": period.school_year_of(book.day), **{name: value.get("all") for name, value in values.items()}}]
    return [{by: selector, **{name: value.get(selector) for name, value in values.items()}} for selector in selectors]


def _values(column: LimitColumn, book: Rulebook) -> Mapping[str, Decimal]:
    if column.easement:
        wanted = column.easement
        return {item.selector: item.value for item in book.concessions(column.parameter) if _identity(item) == wanted[1:5]}
    factor = Decimal(1) if column.factor is None else column.factor
    return {selector: standing.value * factor for selector, standing in book.standings(column.parameter).items()}


def _unfit(column: LimitColumn, values: Mapping[str, Decimal]) -> Iterator[Finding]:
    whole, places = LIMIT_DIGITS[0] - LIMIT_DIGITS[1], LIMIT_DIGITS[1]
    for value in values.values():
        if abs(value) >= 10**whole or value != round(value, places):
            yield finding("indicators.limit_digits", Place(key=(column.parameter,)), f"{value}", whole=whole, places=places)


def _frame(
    by: str, wanted: list[LimitColumn], rulebooks: Mapping[str, Rulebook], rows: Mapping[str, Mapping[str, list[dict[str, object]]]]
) -> pl.DataFrame:
    types: dict[str, pl.DataType] = {"book": pl.String()}
    types |= {"year": pl.Int64()} if by == "none" else {by: pl.String()}
    types |= {column.name: pl.Decimal(*LIMIT_DIGITS) for column in wanted}
    of_books = [{"book": digest, **row} for digest, tables in rows.items() for row in tables[by]]
    books = pl.DataFrame([{name: row.get(name) for name in types} for row in of_books], schema=types)
    counties = pl.DataFrame(
        {"county": list(rulebooks), "book": [book.digest for book in rulebooks.values()]},
        schema={"county": pl.String(), "book": pl.String()},
    )
    return counties.join(books, on="book", how="inner", maintain_order="left_right").drop("book")
