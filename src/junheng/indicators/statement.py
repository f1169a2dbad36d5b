"""One statement: named selects in order, and the select that answers. The text is the same for every engine."""

from __future__ import annotations

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
