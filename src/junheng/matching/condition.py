"""Conditions of a degree of likeness: a small language that becomes SQL which DuckDB and Spark both run.

same(key), crossed(key, key) (one side's first is the other's second), near(key, n) (at most n letters apart; ASCII keys only, because
DuckDB counts bytes), joined by and, or and brackets. A key that is absent makes its part not hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NAME_KEYS = ("", "_surname", "_first", "_last", "_part", "_sound", "_other", "_coarse", "_surname_sound")
KIND_KEYS: Mapping[str, tuple[str, ...]] = {
    "name": NAME_KEYS,
    "id_number": ("", "_head", "_tail", "_end"),
    "date": ("", "_crossed", "_month"),
    "phone": ("",),
    "sex": ("",),
    "school": ("",),
    "school_name": ("", "_township", "_rest", "_sound"),
    "code": ("",),
    "words": ("",),
    "latin": ("", "_start"),
}
_ASCII = ("_sound", "_other", "_coarse", "_surname_sound")
_ASCII_KINDS = ("id_number", "date", "phone", "code", "latin")
_CALL = re.compile(r"(same|crossed|near)\(\s*(\w+)\s*(?:,\s*(\w+)\s*)?\)")
_REST = re.compile(r"(?:\s|and\b|or\b|[()]|#)*")


class ConditionError(ValueError):
    """A condition that the language does not know; its text is what is wrong."""


def keys_of(kinds: Mapping[str, str]) -> Mapping[str, bool]:
    """Return every key that columns of these kinds give, and whether it is ASCII: then its letters may be counted."""
    return {
        f"{column}{suffix}": kind in _ASCII_KINDS or suffix in _ASCII
        for column, kind in kinds.items()
        for suffix in KIND_KEYS.get(kind, ())
    }


def condition_sql(text: str, keys: Mapping[str, bool]) -> str:
    """Return a condition as SQL over the columns key_l and key_r. Raises ConditionError, naming what is not known."""
    rest = _REST.fullmatch(_CALL.sub("#", text))
    if rest is None or text.count("(") != text.count(")"):
        raise ConditionError(text)
    return _CALL.sub(lambda call: _sql(call, keys), text)


def _sql(call: re.Match[str], keys: Mapping[str, bool]) -> str:
    kind, key, second = call[1], call[2], call[3]
    named = [key, second] if kind == "crossed" else [key]
    unknown = [name for name in named if name not in keys]
    if unknown or (kind == "same") != (second is None):
        raise ConditionError(unknown[0] if unknown else call[0])
    if kind == "same":
        return f"{key}_l = {key}_r"
    if kind == "crossed":
        return f"({key}_l = {second}_r or {second}_l = {key}_r)"
    if not keys[key] or not second.isdecimal():
        raise ConditionError(call[0])
    return f"levenshtein({key}_l, {key}_r) <= {second}"
