"""An indicator: what is measured, as data. Title, unit, grain, and the fragments that are run and shown.

`per` is the grain: [school, stage], [school], [stage] or [] for the county; every statement groups by county besides. The value is
numerator ÷ denominator × scale; `weight` (the denominator unless said) is what a school counts for in means and coefficients of
variation. `missing: strict` (one empty input makes the value unknown), `skip` (such rows are left out), or a list of columns whose empty
cells count as none; both of the latter need a source. A statistic (`weighted_cv`, `mean`, `ratio`) is made of other indicators.
`of_which` narrows the filter to what the indicator is about, in the words of `concerns`: where rows were sent and every one of them says
no, a requirement is not applicable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from junheng.errors import Place, Text
from junheng.indicators.expression import Node
from junheng.indicators.relation import Relation, relations

Better = Literal["higher", "lower", "neither"]
STATISTICS = ("weighted_cv", "weighted_mean", "mean", "ratio")
LEVELS = ("school", "stage")


@dataclass(frozen=True, slots=True)
class Fragment:
    """One piece of a formula: the text as its author wrote it, and its tree."""

    text: str
    node: Node


@dataclass(frozen=True, slots=True)
class Between:
    """The two groups of a ratio: rows whose `column` is `over`, against those whose column is `under`."""

    column: str
    over: str
    under: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator of a catalogue. `source_table` is "" for a statistic; `statistic` is "" for an ordinary one."""

    id: str
    title: Text
    unit: str
    better: Better
    per: tuple[str, ...]
    source_table: str
    filter: Fragment | None  # which rows enter, `of_which` included
    asked_of: Fragment | None  # the filter without `of_which`: the rows that could enter
    of_which: Fragment | None
    concerns: Text | None  # what `of_which` picks out, in words: 小区配套园
    numerator: Fragment | None
    denominator: Fragment | None
    weight: Fragment | None
    scale: int
    missing: Literal["strict", "skip"]
    none_where_empty: tuple[str, ...]  # columns whose empty cells count as none
    statistic: str
    of: tuple[str, ...]
    between: Between | None
    decimals: int
    source: str
    note: Text | None
    jurisdiction: str
    place: Place

    @property
    def relation(self) -> Relation:
        """Return the table the indicator reads; KeyError for a statistic."""
        return relations()[self.source_table]

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        """Return the fragments that are there, numerator first."""
        return tuple(part for part in (self.numerator, self.denominator, self.weight, self.filter) if part)

    @property
    def formula(self) -> str:
        """Return the formula as its author wrote it, on one line."""
        if self.statistic:
            tail = f" {self.between.column}: {self.between.over} / {self.between.under}" if self.between else ""
            return f"{self.statistic} of {', '.join(self.of)}{tail}"
        text = self.numerator.text if self.numerator else ""
        text += f" / ({self.denominator.text})" if self.denominator else ""
        text += f" × {self.scale}" if self.scale != 1 else ""
        return text + (f"  where {self.filter.text}" if self.filter else "")


Catalogue = Mapping[str, Indicator]
