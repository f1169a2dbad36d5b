"""What planners share that show good plans beside the one proposed: in what each is ahead, and a table of them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import polars as pl

from junheng.errors import Text


class Beside(Protocol):
    """A plan beside the one proposed, and what it is told by."""

    @property
    def id(self) -> str:
        """Return its name in the table."""
        ...

    @property
    def told(self) -> Sequence[float]:
        """Return what it comes to, in the order of the table's columns."""
        ...


def ahead_in(claims: Iterable[tuple[bool, str, str]]) -> Text:
    """Return in what a plan is ahead: the words, Chinese and English, of the claims that hold."""
    said = [(zh, en) for holds, zh, en in claims if holds]
    return Text("、".join(zh for zh, _ in said), ", ".join(en for _, en in said))


def front_table(first: Sequence[float], found: Sequence[Beside], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """Return the plan proposed and those beside it, by what they come to; no row where there is none beside it."""
    rows = [("front.proposed", *first), *((f"front.{one.id}", *one.told) for one in found)]
    return pl.DataFrame(rows, schema=schema, orient="row").head(len(rows) if found else 0)
