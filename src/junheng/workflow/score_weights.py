"""Other weights as an officer writes them: 备课=3."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.documents import finding
from junheng.errors import DataError, Place


def weights_of(words: Sequence[str]) -> dict[str, float]:
    """Return the weights of settings such as "备课=3". Raises DataError with every one that is not a number of 0 or more."""
    found: dict[str, float] = {}
    wrong = []
    for word in words:
        name, _, text = word.partition("=")
        if name.strip() and text.strip().replace(".", "", 1).isdecimal():
            found[name.strip()] = float(text)
        else:
            wrong.append(finding("workflow.not_a_weight", Place(), word))
    if wrong:
        raise DataError(wrong)
    return found
