"""Two candidates that were not chosen: ratios over several years at once, and a state-space model with a common year effect."""

from __future__ import annotations

import numpy as np

from junheng.projection.forecast import Floats
from junheng.projection.known import Known

DRIFT, SPREAD, NOISE, COUNT, PERSISTS = 2e-6, 1e-4, 1e-4, 0.3, 0.5  # variances; chosen on early origins of the regions


def direct(data: Known, horizon: int) -> Floats:
    """Return each cohort multiplied by the mean of its ratios over h years, taken at once; entrants as last year (H, U, G)."""
    pupils = data.pupils
    years = []
    for h in range(1, horizon + 1):
        ahead = np.repeat(pupils[-1][:, :1], pupils.shape[2], axis=1) if pupils.shape[2] > 1 else pupils[-1].copy()
        if pupils.shape[2] > h and len(pupils) > h:
            ratio = np.nansum(pupils[h:, :, h:], axis=0) / np.maximum(np.nansum(pupils[:-h, :, :-h], axis=0), 1e-9)
            ahead[:, h:] = pupils[-1][:, :-h] * ratio
        years.append(np.nan_to_num(ahead))
    return np.array(years)


def state_space(data: Known, horizon: int) -> Floats:
    """Return the path of a filter on log ratios: each a level that drifts, a year effect common to all that persists, and noise.

    Entrants follow the last year's ratio to children, or stay as they are. Counts that are not split by grade are a ratio to themselves.
    """
    links = data.links
    before, after = data.pupils[:-1][:, :, links.source], data.pupils[1:]
    ok = (before > 0) & (after > 0)
    logs = np.log(np.where(ok, after, 1.0) / np.where(ok, before, 1.0))
    level = np.where(ok.any(axis=(0, 1)), (logs * ok * before).sum(axis=(0, 1)) / np.maximum((ok * before).sum(axis=(0, 1)), 1e-9), 0.0)
    level = np.repeat(level[None], logs.shape[1], axis=0)
    variance, common = np.full_like(level, SPREAD), 0.0
    for t in range(len(logs)):
        noise = NOISE + COUNT / np.maximum(np.nan_to_num(before[t]), 1.0)
        weight = np.where(ok[t], 1 / (variance + noise), 0.0)
        common = float((weight * (logs[t] - level)).sum() / max(weight.sum(), 1e-9))
        gain = np.where(ok[t], variance / (variance + noise), 0.0)
        level = level + gain * (logs[t] - level - common)
        variance = variance * (1 - gain) + DRIFT
    current, years = np.nan_to_num(data.pupils[-1]), []
    for h in range(horizon):
        moved = current[:, links.source] * np.exp(level + common * PERSISTS ** (h + 1))
        moved[:, links.entry] = data.pupils[-1][:, links.entry]
        if data.children is not None:
            entered = data.pupils[-1][:, links.entry] / data.children[len(data.pupils) - 1].sum()
            if data.children.shape[1] == data.zones:
                entered = data.pupils[-1][:, links.entry] / data.children[len(data.pupils) - 1][data.zone][:, None]
                moved[:, links.entry] = entered * data.children[len(data.pupils) + h][data.zone][:, None]
            else:
                moved[:, links.entry] = entered * data.children[len(data.pupils) + h].sum()
        current = np.nan_to_num(moved)
        years.append(current)
    return np.array(years)
