"""The known years made ready to learn from: gaps bridged, grades joined to those they come from, closings and openings accounted for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.projection.forecast import Floats, Ints, Rolls
from junheng.projection.shrink import grouped

WHOLE = "all"  # the grade of a count that is not split by grade


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chain:
    """From where the pupils of a grade come a year earlier: the grade before, or the same count where there is none."""

    source: Ints  # (G,) index of a grade
    entry: NDArray[np.bool_]  # (G,) first grade of all: children come from outside, or, where these are not known, as many as last year
    across: NDArray[np.bool_]  # (G,) first grade of a later stage: children come from all schools of the county
    length: int  # years after which nobody of today is left; 1 where counts are whole


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Flow:
    """Pupils before and after each step from one known year to the next within a stage, where both are known."""

    before: Floats  # (T-1, U, G) in the source grade, as many as are expected to come if every ratio is 1
    after: Floats  # (T-1, U, G); both 0 where one of the two is not known


def chain(grades: tuple[tuple[str, str], ...]) -> Chain:
    """Return how the grades follow on each other."""
    count = len(grades)
    source, entry, across = np.arange(count) - 1, np.zeros(count, bool), np.zeros(count, bool)
    for index, (stage, grade) in enumerate(grades):
        if grade == WHOLE:
            source[index] = index
        elif index == 0 or grades[index - 1][1] == WHOLE:
            entry[index], source[index] = True, index
        elif grades[index - 1][0] != stage:
            across[index] = True
    return Chain(source=source, entry=entry, across=across, length=int((source != np.arange(count)).sum()) + 1)


def filled(rolls: Rolls, links: Chain) -> Floats:
    """Return the pupils with single missing years bridged: (T, U, G).

    A gap of one year lies half-way, as a ratio, between the cohort a year earlier and a year later; for a first or last grade, between
    the same grade a year earlier and later. A gap at the end is carried along the cohort, so that a forecast can start; longer
    gaps stay nan.
    """
    pupils = rolls.pupils.copy()
    for t in np.flatnonzero(np.isnan(pupils).any(axis=(1, 2))).tolist():
        earlier, later = _earlier(rolls.pupils, t, links), _later(rolls.pupils, t, links)
        before = rolls.pupils[t - 1] if t else np.full_like(earlier, np.nan)
        after = rolls.pupils[t + 1] if t + 1 < len(pupils) else np.full_like(earlier, np.nan)
        guess = earlier
        for one in (later, np.sqrt(before * after), np.sqrt(earlier * later)):  # the later ones are better where they are known
            guess = np.where(np.isfinite(one), one, guess)
        pupils[t] = np.where(np.isnan(pupils[t]), guess, pupils[t])
    return pupils


def _earlier(pupils: Floats, t: int, links: Chain) -> Floats:
    """Return, for each grade, the count of its cohort a year earlier; for those who enter, that of the same grade."""
    if not t:
        return np.full_like(pupils[t], np.nan)
    source = np.where(links.across, np.arange(len(links.source)), links.source)
    return np.asarray(pupils[t - 1][:, source], np.float64)


def _later(pupils: Floats, t: int, links: Chain) -> Floats:
    """Return, for each grade that another follows within the stage, the count of its cohort a year later."""
    later = np.full_like(pupils[t], np.nan)
    if t + 1 < len(pupils):
        on = np.flatnonzero((links.source != np.arange(len(links.source))) & ~links.across)
        inside = on[~links.entry[links.source[on]]]  # half-way for an entry grade is between its own counts
        later[:, links.source[inside]] = pupils[t + 1][:, inside]
    return np.asarray(later, np.float64)


def flow(pupils: Floats, links: Chain, zone: Ints, zones: int) -> Flow:
    """Return before and after of every step; pupils of schools that close are spread over those that stay, and openings draw on them.

    Both in proportion within the zone and grade: nothing else is known of where they went or came from. pupils: (T, U, G).
    """
    before, after = pupils[:-1][:, :, links.source], pupils[1:]
    known = np.isfinite(before) & np.isfinite(after) & ~links.across
    before, after = np.where(known, before, 0.0), np.where(known, after, 0.0)
    there, then = before.sum(axis=2) > 0, after.sum(axis=2) > 0
    released = zone_sums(np.where((there & ~then)[:, :, None], before, 0.0), zone, zones)
    taken = zone_sums(np.where((~there & then)[:, :, None], after, 0.0), zone, zones)
    stays = (there & then)[:, :, None]
    staying = zone_sums(np.where(stays, before, 0.0), zone, zones)
    scale = np.clip(1 + (released - taken) / np.maximum(staying, 1.0), 0.2, 5.0)[:, zone]
    return Flow(before=np.where(stays, before * scale, 0.0), after=np.where(stays, after, 0.0))


def zone_sums(values: Floats, zone: Ints, zones: int) -> Floats:
    """Return sums by zone: (T, U, G) to (T, Z, G)."""
    return np.swapaxes(grouped(np.swapaxes(values, 1, 2), zone, zones), 1, 2)
