"""What belongs together because it shares a mark."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def groups(marks: Sequence[Sequence[str | None]]) -> NDArray[np.int64]:
    """Return the group of each item, 0 upwards in the order of first members; items that share a mark, or are joined by others, are one."""
    leader = list(range(len(marks)))

    def first(item: int) -> int:
        while leader[item] != item:
            item = leader[item]
        return item

    seen: dict[str, int] = {}
    for item, own in enumerate(marks):
        for mark in own:
            if mark:
                other, here = first(seen.setdefault(mark, item)), first(item)
                leader[max(other, here)] = min(other, here)
    tops = [first(item) for item in range(len(marks))]
    return np.unique(np.array(tops, dtype=np.int64), return_inverse=True)[1].astype(np.int64)
