"""One mapping of a YAML file under reading: each key is asked for by name, and what is wrong with it becomes a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from junheng.documents import Document, finding
from junheng.errors import Finding, Text
from junheng.standards.parameter import Review, clock_minutes

CONFIDENCE = re.compile(r"(O\*?|L|M)( S[1-9])?")
NAME = re.compile(r"[a-z][a-z0-9_]*")


class Section:
    """A mapping at a path of a document. Readers return None (or an empty value) beside a finding, so that reading goes on."""

    def __init__(self, document: Document, path: tuple[str | int, ...], findings: list[Finding]) -> None:
        """Look at `path` of the document; anything but a mapping there is a finding."""
        self.document = document
        self.path = path
        self.findings = findings
        data = document.data
        for step in path:
            data = data[step] if isinstance(step, int) else _below(data, step)
        if not isinstance(data, dict):
            self.refuse("standards.not_a_mapping", (), _shown(data))
            data = {}
        self.data: dict[Any, Any] = {key if isinstance(key, date) else str(key): value for key, value in data.items()}

    def refuse(self, rule: str, keys: Sequence[str | int], found: str | Text, **values: Any) -> None:
        """Add a finding at a key of this mapping."""
        self.findings.append(finding(rule, self.document.place(*self.path, *keys), found, **values))

    def below(self, *keys: str | int) -> Section:
        """Return the mapping at a key."""
        return Section(self.document, (*self.path, *keys), self.findings)

    def keys(self, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Report every required key that is missing and every key that is not known."""
        for key in required:
            if key not in self.data:
                self.refuse("standards.missing_key", (), Text(f"没有{key}", f"no {key}"), key=key)
        known = [*required, *optional]
        for key in self.data:
            if key not in known:
                self.refuse("standards.unknown_key", (str(key),), str(key), known=", ".join(known), close=close_word(str(key), known))

    def string(self, key: str) -> str:
        """Return a text that is not empty; "" when the key is absent or wrong."""
        value = self.data.get(key, "")
        if isinstance(value, str) and (value or key not in self.data):
            return value
        self.refuse("standards.not_a_text", (key,), _shown(value))
        return ""

    def label(self, key: str) -> str:
        """Return a printed number or word, such as 4 or "4"; "" when the key is absent or wrong."""
        value = self.data.get(key)
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else self.string(key)

    def text(self, key: str) -> Text:
        """Return a text in Chinese and English."""
        value = self.data.get(key)
        if isinstance(value, dict) and set(value) == {"zh", "en"} and all(isinstance(v, str) and v for v in value.values()):
            return Text(value["zh"], value["en"])
        if key in self.data:
            self.refuse("standards.not_two_languages", (key,), _shown(value))
        return Text("", "")

    def text_or_none(self, key: str) -> Text | None:
        """Return a text in two languages, or None when the key is absent."""
        return self.text(key) if key in self.data else None

    def day(self, key: str) -> date | None:
        """Return a date, or None when the key is absent, null or wrong."""
        value = self.data.get(key)
        if isinstance(value, date):
            return value
        if value is not None:
            self.refuse("standards.not_a_date", (key,), _shown(value))
        return None

    def needed_day(self, key: str) -> date | None:
        """Return a date; null is a finding. None when the key is absent or wrong."""
        if key in self.data and self.data[key] is None:
            self.refuse("standards.not_a_date", (key,), _shown(None))
        return self.day(key)

    def number(self, key: str, unit: str = "") -> Decimal | None:
        """Return a decimal; a clock time such as "08:20" when the unit is clock. None when the key is absent or wrong."""
        value = self.data.get(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and unit != "clock":
            return Decimal(value)
        if unit == "clock" and isinstance(value, str) and clock_minutes(value) is not None:
            return clock_minutes(value)
        if key in self.data:
            self.refuse("standards.not_a_number", (key,), _shown(value))
        return None

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of words; () when absent. One bare word counts as a list of one."""
        value = self.data.get(key, [])
        words = [value] if isinstance(value, str) else value
        if isinstance(words, list) and all(isinstance(word, str) for word in words):
            return tuple(words)
        self.refuse("standards.not_a_list", (key,), _shown(value))
        return ()

    def sections(self, key: str) -> list[Section]:
        """Return the mappings of a list; [] when absent."""
        value = self.data.get(key, [])
        if isinstance(value, list):
            return [self.below(key, index) for index in range(len(value))]
        self.refuse("standards.not_a_list", (key,), _shown(value))
        return []

    def one_of(self, key: str, allowed: Sequence[str], rule: str) -> str:
        """Return a word from a closed list; "" beside a finding that names the list's nearest word."""
        value = self.data.get(key)
        if isinstance(value, str) and value in allowed:
            return value
        if key in self.data:
            self.refuse(rule, (key,), _shown(value), allowed=", ".join(allowed), close=close_word(str(value), allowed))
        return ""

    def source(self, key: str, known: Mapping[str, object], default: str = "") -> str:
        """Return a source "document#item" whose document is in the list of documents."""
        if key not in self.data and default:
            return default
        value = self.string(key)
        document = value.partition("#")[0]
        if value and document not in known:
            self.refuse("standards.unknown_source", (key,), document, close=close_word(document, list(known)))
        return value

    def confidence(self, default: str = "") -> str:
        """Return the tag of a value: O, O*, L or M with the number of independent sources, e.g. "O S3"."""
        if "confidence" not in self.data and default:
            return default
        value = self.string("confidence")
        if value and not CONFIDENCE.fullmatch(value):
            self.refuse("standards.unknown_confidence", ("confidence",), value)
        return value

    def reviewed(self, default: Review | None = None) -> Review | None:
        """Return who compared the value with the original text and when; null means nobody has."""
        if self.data.get("reviewed", "") is None:
            return None
        if "reviewed" not in self.data:
            return default
        below = self.below("reviewed")
        below.keys(("on", "by"))
        on, by = below.day("on"), below.string("by")
        return Review(on, by) if on and by else None


def _below(data: Any, step: str) -> Any:
    """Return a mapping's value by the text of its key: a date key is found by "2017-04-19"."""
    if not isinstance(data, dict):
        return None
    return next((value for key, value in data.items() if str(key) == step), None)


def _shown(value: Any) -> Text:
    if value is None:
        return Text("空", "nothing")
    words = str(value)
    return Text(words, words) if len(words) <= 80 else Text(words[:77] + "…", words[:77] + "…")


def close_word(word: str, known: Sequence[str]) -> Text:
    """Return a hint at the nearest known word, or no words at all."""
    near = get_close_matches(word, known, n=1)
    return Text(f"最接近的是{near[0]}。", f"The nearest is {near[0]}. ") if near else Text("", "")
