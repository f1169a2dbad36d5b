"""Words that claim that nobody is left out, and how a text says less: 全覆盖 may be written only over an empty list of exceptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from junheng.actions.language.deadlines import COVERAGE
from junheng.documents import package_files, parse_csv

_LIMIT = re.compile(r"（(标准|目标)：[^（）]*100\s*[%％]）")


@cache
def _modest() -> Mapping[str, str]:
    (file,) = package_files("junheng.actions", "cn/claims.csv")
    return {row.values["claim"]: row.values["modest"] for row in parse_csv(file.text, file.name)}


def modest(text: str) -> str:
    """Return a text without any claim of completeness: known ones in other words, the others left out."""
    text = _LIMIT.sub(lambda found: f"（未达到{found[1]}）", text)
    for claim, words in _modest().items():
        text = text.replace(claim, words)
    return COVERAGE.sub("", text)


def claims(text: str) -> tuple[str, ...]:
    """Return the claims of completeness that a text makes."""
    return tuple(found[0] for found in COVERAGE.finditer(text))
