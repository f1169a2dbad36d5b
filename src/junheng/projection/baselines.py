"""The two simple ways that a forecast must beat: the last value, and three-year mean progression with births."""

from __future__ import annotations

import numpy as np

from junheng.projection.forecast import Floats
from junheng.projection.known import Known

YEARS = 3


def last_value(data: Known, horizon: int) -> Floats:
    """Return every year ahead as the last count: (H, U, G)."""
    return np.repeat(data.pupils[-1][None], horizon, axis=0)


def three_year_mean(data: Known, horizon: int) -> Floats:
    """Return each grade progressed by the mean ratio of its last three steps, entrants by the mean ratio to children: (H, U, G).

    Where children are not known entrants stay as they are. A count that is not split by grade grows by its own mean ratio.
    A ratio from nobody is not known; where none is known the grade moves on as it is.
    """
    pupils, links = data.pupils, data.links
    before, after = pupils[:-1][:, :, links.source][-YEARS:], pupils[1:][-YEARS:]
    ratio = _mean(after, before)
    here = np.nansum(pupils, axis=1)
    current, years = np.nan_to_num(pupils[-1]), []
    for h in range(horizon):
        moved = current[:, links.source] * ratio
        for grade in np.flatnonzero(links.across).tolist():
            total = current[:, links.source[grade]].sum() * _mean(here[1:, grade][-YEARS:], here[:-1, links.source[grade]][-YEARS:])
            moved[:, grade] = total * pupils[-1][:, grade] / max(here[-1, grade], 1.0)
        if links.entry.any():
            grade = int(np.flatnonzero(links.entry)[0])
            moved[:, grade] = _entered(data, grade, h)
        current = moved
        years.append(moved)
    return np.array(years)


def _entered(data: Known, grade: int, h: int) -> Floats:
    last = np.nan_to_num(data.pupils[-1][:, grade])
    if data.children is None:
        return np.asarray(last, np.float64)
    children = data.children.sum(axis=1, keepdims=True)
    if data.children.shape[1] == data.zones:
        children = data.children[:, data.zone]
    known = children[: len(data.pupils)][-YEARS:]
    entered: Floats = _mean(data.pupils[-YEARS:][:, :, grade], known) * children[len(data.pupils) + h]
    return entered


def _mean(after: Floats, before: Floats) -> Floats:
    known = np.isfinite(after) & np.isfinite(before) & (before > 0)
    ratio = np.where(known, after, 0.0) / np.where(known, before, 1.0)
    count = known.sum(axis=0)
    result: Floats = np.where(count > 0, ratio.sum(axis=0) / np.maximum(count, 1), 1.0)
    return result
