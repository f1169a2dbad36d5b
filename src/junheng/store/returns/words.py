"""The words and units that returns use, from store/forms/words.yaml, and labels made comparable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from junheng.documents import package_files, parse_yaml
from junheng.documents.chinese_text import fold, fold_all
from junheng.model import units

_LEAD = re.compile(r"^(?:[#*※·]+|其中[:,]?|[一二三四五六七八九十]+[、.]|\(?\d{1,2}\)?[、.)])+")
_UNIT = re.compile(r"^(.*?)\((?:单位:)?([^()]+)\)$")
_RANGE = re.compile(r"(?<=\d)[—–~至](?=\d)")
_TAIL = re.compile(r"[\d\s:(),.所校人个户]+$")


@dataclass(frozen=True, slots=True)
class SourceUnit:
    """A unit as it is written in a return: the unit of the closed list and how many of those it is."""

    unit: str  # "" for a mere count word
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Words:
    """The shared vocabulary; every word is folded."""

    not_filled: frozenset[str]
    not_applicable: frozenset[str]
    total: tuple[str, ...]
    subtotal: tuple[str, ...]
    note: tuple[str, ...]
    correction: tuple[str, ...]
    short: Mapping[str, str]  # a long word for a kind of school -> the short one
    yes: frozenset[str]
    no: frozenset[str]
    ordinals: frozenset[str]
    line_numbers: frozenset[str]
    label_headings: frozenset[str]
    unit_headings: frozenset[str]
    personal: frozenset[str]
    units: Mapping[str, SourceUnit]


@cache
def words() -> Words:
    """Return the vocabulary that ships with the package."""
    file = package_files("junheng.store", "forms/words.yaml")[0]
    data = parse_yaml(file.text, file.name).data

    def folded(name: str) -> list[str]:
        return fold_all([str(word) for word in data[name]])

    source_units = {fold(name): SourceUnit(spec["unit"], Decimal(spec.get("factor", 1))) for name, spec in data["units"].items()}
    return Words(
        not_filled=frozenset(folded("not_filled")),
        not_applicable=frozenset(folded("not_applicable")),
        total=tuple(folded("total")),
        subtotal=tuple(folded("subtotal")),
        note=tuple(folded("note")),
        correction=tuple(folded("correction")),
        short={fold(long): fold(short) for long, short in data["short"].items()},
        yes=frozenset(folded("yes_words")),
        no=frozenset(folded("no_words")),
        ordinals=frozenset(folded("ordinals")),
        line_numbers=frozenset(folded("line_numbers")),
        label_headings=frozenset(folded("label_headings")),
        unit_headings=frozenset(folded("unit_headings")),
        personal=frozenset(folded("personal")),
        units=source_units,
    )


@dataclass(frozen=True, slots=True)
class Label:
    """A label made comparable: without marks, numbering and unit; the unit apart."""

    key: str
    unit: SourceUnit | None = None


@lru_cache(maxsize=20_000)
def label(text: str) -> Label:
    """Return the comparable form of a label such as "#其中：1.教学仪器设备资产值（万元）"."""
    return _label(fold(text))


def labels(texts: Sequence[str]) -> list[Label]:
    """Return the comparable forms of many labels, folded in one pass."""
    return [_label(folded) for folded in fold_all(texts)]


def _label(folded: str) -> Label:
    key = _RANGE.sub("-", _LEAD.sub("", folded).rstrip(":"))
    match = _UNIT.fullmatch(key)
    unit = words().units.get(match[2]) if match else None
    return Label(match[1], unit) if match and unit is not None else Label(key)


def row_kind(key: str) -> str:
    """Return "total", "subtotal" or "note" for the label of a row that holds no record, "" for any other."""
    known = words()
    bare = _TAIL.sub("", key)
    if bare.endswith(known.subtotal):
        return "subtotal"
    if bare.endswith(known.total):
        return "total"
    if key.startswith(known.note):
        return "note"
    return ""


def multiplier(source: SourceUnit, target: str) -> Decimal | None:
    """Return by what a number in `source` is multiplied to be in the unit `target`; None when the two do not measure the same thing."""
    if not source.unit or not target:
        return source.factor
    known = units()
    of, to = known[source.unit], known[target]
    if of.dimension != to.dimension:
        return source.factor if source.unit == "persons" and source.factor == 1 else None
    return source.factor * of.factor / to.factor
