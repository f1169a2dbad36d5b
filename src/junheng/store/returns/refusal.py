"""How a file that is not read at all is refused: one finding, by name, with what to do."""

from __future__ import annotations

from typing import Any

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text


def refused(rule: str, name: str, found: str | Text, part: str = "", **values: Any) -> StoreError:
    """Return the error of a file that is not read; `part` is the sheet, or the part of the archive, where the cause stands."""
    return StoreError(finding(rule, Place(file=name, sheet=part), found, **values))
