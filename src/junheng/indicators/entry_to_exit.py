"""Progress from entry to exit: what a school's leavers reached, against what leavers of the same band of entry reach in the county.

expected = Σ over bands of (the school's leavers of the band × the county's share at the mark); difference = (reached − expected) ÷ leavers.
Its standard error is that of as many draws at the county's shares; 1.96 of them each way is the 95 % interval. It tells schools that took
in different children apart from schools that brought them further, and says when a difference may be chance. It is no ranking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

Counts = Mapping[str, tuple[int | None, int | None]]  # band -> leavers, of them at the mark

_TWO_SIDED_95 = 1.96  # standard errors


@dataclass(frozen=True, slots=True)
class Progress:
    """One school; difference, low and high are shares of 1. None where a count is missing or there is no leaver."""

    leavers: int | None
    reached: int | None
    expected: Fraction | None
    difference: Fraction | None
    low: float | None
    high: float | None

    @property
    def may_be_chance(self) -> bool:
        """Return whether the interval holds zero."""
        return self.low is not None and self.high is not None and self.low <= 0 <= self.high


def shares(schools: Mapping[str, Counts]) -> Mapping[str, tuple[int, Fraction | None]]:
    """Return the county's leavers and share at the mark by band; None for a band that is not fully counted or empty."""
    found: dict[str, tuple[int, Fraction | None]] = {}
    for band in dict.fromkeys(band for counts in schools.values() for band in counts):
        pairs = [counts[band] for counts in schools.values() if band in counts]
        known = [(pupils, reached) for pupils, reached in pairs if pupils is not None and reached is not None]
        pupils = sum(one for one, _ in known)
        complete = len(known) == len(pairs) and pupils > 0
        found[band] = (pupils, Fraction(sum(one for _, one in known), pupils) if complete else None)
    return found


def progress(counts: Counts, county: Mapping[str, tuple[int, Fraction | None]]) -> Progress:
    """Return the progress of one school's leavers."""
    leavers = _sum([pupils for pupils, _ in counts.values()])
    reached = _sum([one for _, one in counts.values()])
    rates = [(pupils, county[band][1]) for band, (pupils, _) in counts.items() if pupils != 0]
    known = [(pupils, rate) for pupils, rate in rates if pupils is not None and rate is not None]
    if not leavers or reached is None or len(known) < len(rates):
        return Progress(leavers, reached, None, None, None, None)
    expected = sum((pupils * rate for pupils, rate in known), Fraction(0))
    difference = (reached - expected) / leavers
    error = sqrt(sum((pupils * rate * (1 - rate) for pupils, rate in known), Fraction(0))) / leavers
    reach = _TWO_SIDED_95 * error
    return Progress(leavers, reached, expected, difference, float(difference) - reach, float(difference) + reach)


def _sum(counts: list[int | None]) -> int | None:
    known = [one for one in counts if one is not None]
    return sum(known) if len(known) == len(counts) else None
