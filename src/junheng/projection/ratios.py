"""Ratios of the years ahead, learnt from the years known: how many pupils of a grade for each of the grade before, or for each child."""

from __future__ import annotations

import numpy as np

from junheng.projection.course import course
from junheng.projection.forecast import Floats
from junheng.projection.history import Flow
from junheng.projection.known import Known
from junheng.projection.method import Method
from junheng.projection.shrink import TINY, grouped, pooled, remembered


def progression(moves: Flow, data: Known, horizon: int, method: Method) -> Floats:
    """Return (H, U, G): the county's ratio of a grade x zone x school x single grade of a school."""
    after, before = moves.after.sum(axis=1), moves.before.sum(axis=1)
    grade = _grade_ratio(after, before, method.grade_memory)
    ahead = np.arange(1, horizon + 1)
    expected = moves.before * np.where(before > 0, after / np.maximum(before, TINY), 1.0)[:, None]
    total = moves.after.sum(axis=2)
    of_zones = grouped(expected.sum(axis=2), data.zone, data.zones)
    zone = pooled(grouped(total, data.zone, data.zones), of_zones, method.unit_memory, method.unit_lean)[data.zone]
    unit = pooled(total, (expected * zone[:, None]).sum(axis=2), method.unit_memory, method.unit_lean)
    expected = expected * (zone * unit)[:, None]
    cell = pooled(moves.after, expected, method.cell_memory, method.cell_lean) if expected.shape[2] > 1 else 1.0
    lasting = (zone * unit)[None] ** (method.unit_fades ** (ahead - 1))[:, None]
    result: Floats = grade * lasting[:, :, None] * cell
    return result


def _grade_ratio(after: Floats, before: Floats, memory: float) -> Floats:
    """Return (G,) the county's ratio of each grade; 1 where nobody was there before."""
    total = remembered(before, memory)
    ratio: Floats = np.where(total > 0, remembered(after, memory) / np.maximum(total, TINY), 1.0)
    return ratio


def entry(data: Known, grade: int, horizon: int, method: Method) -> tuple[Floats, Floats]:
    """Return (H, U) ratios of entrants to the children of a zone (or the county), and (U,) each school's share of them."""
    here = np.nan_to_num(data.pupils[:, :, grade])
    if data.children is None:  # as many as last year
        return np.ones((horizon, here.shape[1])), np.ones(here.shape[1])
    zoned = data.children.shape[1] == data.zones
    group, groups = (data.zone, data.zones) if zoned else (np.zeros_like(data.zone), 1)
    came, children = grouped(here, group, groups), data.children[: len(here)]
    known = np.isfinite(children) & np.isfinite(data.pupils[:, :, grade]).any(axis=1, keepdims=True)
    came, children = np.where(known, came, 0.0), np.where(known, children, 0.0)
    county = course(came.sum(axis=1), children.sum(axis=1), horizon, method)
    year = came.sum(axis=1) / np.maximum(children.sum(axis=1), TINY)
    own = pooled(came, children * year[:, None], method.zone_memory) if zoned else np.ones(groups)
    total = grouped(recent(data, here, method), group, groups)
    share = recent(data, here, method) / np.maximum(total[group], TINY)
    return county[:, None] * own[group], share


def recent(data: Known, here: Floats, method: Method) -> Floats:
    """Return (U, …) each school's mean over the years in which it was there, the latest most; closed schools have none."""
    there = (np.nansum(data.pupils, axis=2) > 0).reshape(data.pupils.shape[:2] + (1,) * (here.ndim - 2))
    years = remembered(np.where(there, 1.0, 0.0), method.share_memory)
    mean: Floats = np.where(there[-1], remembered(np.where(there, here, 0.0), method.share_memory) / np.maximum(years, TINY), 0.0)
    return mean
