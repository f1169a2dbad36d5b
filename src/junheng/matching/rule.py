"""A rule by which lines of two lists are taken for one person: columns, comparisons, blocks, thresholds and guards, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from junheng.errors import Text

Outcome = Literal["same", "ask", "different"]
MISSING, DIFFERENT = "missing", "different"

LEVEL_WORDS: Mapping[str, Text] = {MISSING: Text("一方缺", "missing on a side"), DIFFERENT: Text("不同", "different")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of both lists: how it is read, how people head it, and the column that tells it where it is empty."""

    name: str
    kind: str
    title: Text
    headings: tuple[str, ...]
    filled_from: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of likeness: its condition as SQL that DuckDB and Spark both run, and the key whose frequency counts."""

    id: str
    sql: str
    title: Text
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one field is compared: degrees from the closest on; what fits none is "different", what is absent on a side "missing"."""

    field: str
    missing: str
    levels: tuple[Level, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the degrees in the order of Splink's numbers: 0 is different, the closest the highest."""
        return (DIFFERENT, *(level.id for level in reversed(self.levels)))

    def word(self, degree: str) -> Text:
        """Return a degree in words."""
        return next((level.title for level in self.levels if level.id == degree), LEVEL_WORDS.get(degree, Text(degree, degree)))


@dataclass(frozen=True, slots=True)
class Guard:
    """A case that weights alone may not decide: degrees of fields, and what the outcome may be at most."""

    id: str
    when: Mapping[str, tuple[str, ...]]
    both_valid: str
    at_most: Outcome
    at_least: str  # "ask": asked about even where the weights speak against it
    title: Text


@dataclass(frozen=True, slots=True)
class MatchRule:
    """A whole rule. digest: of the file's text, so that a model says for which rule it was trained."""

    id: str
    title: Text
    question: Text
    columns: tuple[Column, ...]
    needs: tuple[str, ...]
    identity: tuple[str, ...]
    compare: tuple[Comparison, ...]
    certain: tuple[str, ...]  # keys that make a pair beyond doubt; none: every line is compared with all of its blocks
    alone: tuple[tuple[str, ...], ...]  # keys that no other line of its list may share with a certain one
    block: tuple[tuple[str, ...], ...]
    train_on: tuple[tuple[str, ...], ...]
    same_anyway: tuple[tuple[str, ...], ...]  # who share all of one line of keys are not counted among strangers
    expected: float
    same_probability: float
    ahead_by: float
    ask_probability: float
    one_to_one: bool
    guards: tuple[Guard, ...]
    digest: str

    def column(self, name: str) -> Column:
        """Return a column by name."""
        return next(column for column in self.columns if column.name == name)
