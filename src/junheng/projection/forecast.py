"""What goes into a forecast of pupils and what comes out: plain arrays with named axes.

Axes: T known school years, H years ahead, U schools (or regions), G grades, S stages, Z zones, D draws, Q quantile levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Finding

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Ints = NDArray[np.intp]

# The quantiles that every forecast carries: the ends of the 80 % and 50 % bands, and the median.
LEVELS = tuple(percent / 100 for percent in (10, 25, 50, 75, 90))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rolls:
    """Pupils counted at each school by grade over consecutive school years; what was not counted is nan, never zero."""

    years: tuple[int, ...]  # (T,) consecutive; a year without a return is a row of nan
    schools: tuple[str, ...]  # (U,) codes, those of the latest year; a school that closed keeps its own
    grades: tuple[tuple[str, str], ...]  # (G,) (stage, grade) in the order in which a child passes them
    pupils: Floats  # (T, U, G); nan: not known; 0: counted, none there
    zones: tuple[str, ...]  # (Z,) codes of the areas between school and county
    zone: Ints  # (U,) index into zones


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Entrants:
    """Children who reach the age of entry, before asking how many of them enrol: by zone, known and ahead."""

    zones: tuple[str, ...]  # (Z,); one zone, the county's code, where only the county is known
    known: Floats  # (T, Z), over Rolls.years; nan: not known
    ahead: Floats32  # (D, H, Z) draws; D is 1 where they are already born and counted
    expected: Floats | None = None  # (H, Z) as the population's middle path has them; None: the mean of the draws

    def middle(self) -> Floats:
        """Return the children expected ahead, (H, Z)."""
        return np.asarray(self.ahead.mean(axis=0, dtype=np.float64)) if self.expected is None else self.expected


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Forecast:
    """Pupils in the years ahead: a middle path that adds up, and joint draws around it."""

    origin: int  # the last known school year
    years: tuple[int, ...]  # (H,)
    schools: tuple[str, ...]  # (U,)
    grades: tuple[tuple[str, str], ...]  # (G,)
    stages: tuple[str, ...]  # (S,)
    zones: tuple[str, ...]  # (Z,)
    zone: Ints  # (U,)
    middle: Floats32  # (H, U, G)
    bands: Floats32  # (Q, H, U, G) at LEVELS
    zone_bands: Floats32  # (Q, H, Z, G): of sums, so not sums of bands
    county_bands: Floats32  # (Q, H, G)
    draws: Floats32  # (D, H, U, S): pupils of a school and stage; sums over schools are draws of a zone or the county
    basis: Literal["own", "pooled"]  # where the measured errors come from
    seed: int
    findings: tuple[Finding, ...] = ()
