"""Where places are too few: the least number of pupils beyond them that any plan has, with the blocks and zones that prove it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.case import District
from junheng.planning.districting.start import settled
from junheng.planning.kernels.districting import UNREACHABLE
from junheng.planning.pupils_to_schools import Overfull, send_pupils

Ints = NDArray[np.int64]


class Beyond(NamedTuple):
    """The proof: pupils of `blocks`, who can go to `zones` only, are `total` more than these have places."""

    total: int
    blocks: Ints
    zones: Ints


def least_beyond(district: District) -> Beyond | None:
    """Return the least number of pupils beyond places, blocks divided and pieces not joined; None where a block reaches no zone.

    The proof is a cut of the flow (Ford and Fulkerson 1956), which a reader checks with one sum.
    """
    each = settled(district)
    free = np.where(each < UNREACHABLE, 0, UNREACHABLE)
    sent = send_pupils(np.hstack([free, np.where(each < UNREACHABLE, 1, UNREACHABLE)]), district.pupils, _twice(district))
    if isinstance(sent, Overfull):
        return None
    full = sent.school_price[: len(district.high)] > 0
    confined = (district.pupils > 0) & ~((each < UNREACHABLE) & ~full[None]).any(axis=1)
    return Beyond(total=sent.travel, blocks=np.flatnonzero(confined), zones=np.flatnonzero(full))


def room_with_least_beyond(district: District) -> Ints:
    """Return the places of each zone, with as many more as the least number beyond takes, there where ways are shortest: (zones,)."""
    each = settled(district)
    lawful = each[each < UNREACHABLE]
    dear = (int(lawful.max(initial=0)) + 1) * (len(district.high) + 1)
    sent = send_pupils(np.hstack([each, np.where(each < UNREACHABLE, each + dear, UNREACHABLE)]), district.pupils, _twice(district))
    if isinstance(sent, Overfull):
        return district.high
    zones = len(district.high)
    beyond = sent.school >= zones
    more = np.bincount(sent.school[beyond] - zones, weights=sent.pupils[beyond], minlength=zones)
    room: Ints = district.high + more.astype(np.int64)
    return room


def _twice(district: District) -> Ints:
    return np.concatenate([district.high, np.full(len(district.high), district.pupils.sum(), dtype=np.int64)])
