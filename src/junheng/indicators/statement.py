"""One statement: named selects in order, and the select that answers. The text is the same for every engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
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
    def readers(self) -> Mapping[str, int]:
        """Return how often each expression is read by the others and by the answer; what is read twice should be computed once."""
        texts = [text for _, text in self.expressions]
        read = Counter(name for text in (*texts, self.answer) for name in _READ.findall(text))
        return {name: read[name] for name, _ in self.expressions}


_READ = re.compile(r"(?i)\b(?:from|join)\s+(\w+)")
