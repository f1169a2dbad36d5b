"""How wide the bands at an origin are: one way for the forecast and for the back-test of it, so that what is tested is what is drawn.

What goes wrong with children ahead is one thing, what goes wrong with pupils given the children another. Where the children ahead are
drawn, the first is in their draws; the past forecasts on which the second is measured are then given the children as they came, so that
nothing counts twice. Where they are one single path, nobody has said how unsure it is: past forecasts are then given the children
as they stood at the time, and what was wrong with these is in the errors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from junheng.errors import Finding
from junheng.projection.forecast import Entrants, Floats, Rolls
from junheng.projection.measured import HORIZONS, Errors, as_it_came, hindsight, measured
from junheng.projection.method import Method
from junheng.projection.pooled import own_or_pooled

EntrantsAt = Callable[[int], Entrants | None]  # the children known and ahead as they stood at an origin's year index
Learnt = tuple[Literal["own", "pooled"], Errors, tuple[Finding, ...]]


class Widths:
    """Errors that were known at an origin; the paths of past forecasts are kept between origins that saw the same children."""

    def __init__(self, rolls: Rolls, entrants_at: EntrantsAt, method: Method) -> None:
        self._rolls, self._entrants_at, self._method = rolls, entrants_at, method
        self._kept: list[tuple[bytes, int, dict[int, Floats]]] = []  # children, last origin, paths before it

    def at(self, origin: int, elsewhere: Errors | None = None) -> Learnt:
        """Return whose errors they are, the errors and what is to be said, from outcomes up to the year index `origin` alone."""
        return own_or_pooled(measured(self._rolls, self._past(origin), origin), self._rolls, elsewhere)

    def _past(self, origin: int) -> dict[int, Floats]:
        """Return the middle paths of the origins before this one, right as far as their outcomes are known at it."""
        now = self._entrants_at(origin)
        if now is not None and drawn(now):
            mark = repr(now.zones).encode() + np.ascontiguousarray(now.known, np.float64).tobytes()
            paths = self._paths(origin, as_it_came(now), mark)
        else:
            paths = self._paths(len(self._rolls.years) - 1, self._entrants_at, b"as at the time")
        return {t: one for t, one in paths.items() if t < origin}

    def _paths(self, until: int, entrants_at: EntrantsAt, mark: bytes) -> dict[int, Floats]:
        """Return paths made before; they serve an origin whose children they saw the same, however many years later they were made."""
        for children, last, paths in self._kept:
            if last >= until and children.startswith(mark):
                return paths
        paths = hindsight(self._rolls, entrants_at, until, HORIZONS, self._method)
        self._kept.append((mark, until, paths))
        return paths


def drawn(entrants: Entrants) -> bool:
    """Return whether draws say how unsure the children ahead are."""
    return len(entrants.ahead) > 1
