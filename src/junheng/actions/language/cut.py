"""Where Chinese words begin and end. The one wrapper of rjieba."""

from __future__ import annotations

from itertools import accumulate

import rjieba


def edges(sentence: str) -> frozenset[int]:
    """Return the places in a sentence at which a word begins or ends."""
    return frozenset(accumulate((len(word) for word in rjieba.cut(sentence)), initial=0))
