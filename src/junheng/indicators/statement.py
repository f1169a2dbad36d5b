"""One statement: named selects in order, and the select that answers. The text is the same for every engine."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from junheng.indicators.limits import LimitColumn


class Statement(NamedTuple):
    """What is run: its common table expressions in order, its last select, the County's tables it reads, and the limits it joins."""

    expressions: tuple[tuple[str, str], ...]
    answer: str
    tables: tuple[str, ...]
    limits: tuple[LimitColumn, ...]

    @property
    def text(self) -> str:
        """Return the whole statement."""
        if not self.expressions:
            return self.answer
        return "with " + ",\n".join(f"{name} as (\n{text}\n)" for name, text in self.expressions) + f"\n{self.answer}"

    @property
    def kept(self) -> frozenset[str]:
        """Return the expressions that should be computed once: those read more than once that do more than pass rows on."""
        texts = [text for _, text in self.expressions]
        read = Counter(name for text in (*texts, self.answer) for name in _READ.findall(text))
        return frozenset(name for name, text in self.expressions if read[name] > 1 and not _PASSES_ON.fullmatch(text))


_READ = re.compile(r"(?i)\b(?:from|join)\s+(\w+)")
_PASSES_ON = re.compile(r"(?i)select t\.\*\s+from \w+ as t")
