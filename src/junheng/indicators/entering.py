"""The rows of a relation behind a figure: as they stand in the statements, each with what every filter says of it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from junheng.indicators.engine_duckdb import Engine
from junheng.indicators.expression import Node, names, text_of
from junheng.indicators.indicator_file import limit_kinds
from junheng.indicators.limits import limit_frames, plain
from junheng.indicators.relation import Relation, chain
from junheng.indicators.rows import Books
from junheng.indicators.statement import Statement


def entering(relation: Relation, columns: Sequence[str], filters: Sequence[Node], books: Books, engine: Engine) -> pl.DataFrame:
    """Return the columns of every row, and `kept_0`, `kept_1`, … (does the filter keep the row, or cannot tell?) for these filters."""
    read = dict.fromkeys([*columns, *(name for node in filters for name in names(node, "column"))])
    kinds = limit_kinds(*(shelf for book in {b.digest: b for b in books.values()}.values() for shelf in book.shelves))
    limits = [plain(name, kinds[name].by) for name in dict.fromkeys(name for node in filters for name in names(node, "limit"))]
    read |= dict.fromkeys(limit.by for limit in limits if limit.by != "none")
    before = chain({relation.source: {"county", *read}})
    joins = ""
    for by in dict.fromkeys(limit.by for limit in limits):
        match = "" if by == "none" else f" and l_{by}.{by} = t.{by}"
        joins += f" left join limits_{by} as l_{by} on l_{by}.county = t.county{match}"
    found = [f"t.{name}" for name in read if name != "county"] + [f"l_{limit.by}.{limit.name}" for limit in limits]
    rows = f"select t.county, {', '.join(found)} from {relation.source} as t{joins}"  # noqa: S608
    kept = [f"({text_of(node)}) is not false as kept_{nth}" for nth, node in enumerate(filters)]
    answer = f"select {', '.join([*columns, *kept])} from entering"  # noqa: S608
    wanted = (*(plain(name, kinds[name].by) for name in before.limits), *limits)
    statement = Statement((*before.expressions, ("entering", rows)), answer, before.tables, tuple(dict.fromkeys(wanted)))
    return engine.run(statement, limit_frames(statement.limits, books))
