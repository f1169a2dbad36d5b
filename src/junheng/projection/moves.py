"""Who moves: net migration by age and zone, new housing, and the shift between zones of the area (urbanisation)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from junheng.projection.assumptions import Assumptions
from junheng.projection.forecast import Floats

CHILDREN = 18  # the shift between zones and the yield of housing are of children below this age


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """What a scenario says of moving. Rates apply to those alive at the age reached; persons are added after."""

    rate: Floats  # (Z, A) net arrivals a year ÷ persons
    persons: Floats  # (H, Z, A) net arrivals in persons: stated ones and new housing
    between: Floats  # (H, Z, Z) share of a zone's children who are in another one a year later; rows sum to at most 1

    def shifted(self, persons: Floats, step: int) -> Floats:
        """Return persons (..., Z, A, 2) after the children among them moved between zones; each age and sex keeps its sum.

        A zone whose children are not known neither gives nor takes: nobody can say how many.
        """
        share = self.between[step]
        if not share.any():
            return persons
        children = persons[:, :CHILDREN]
        known, there = np.nan_to_num(children), np.isfinite(children).astype(np.float64)
        leaving = np.einsum("fat,fz,zat->fat", known, share, there)
        arriving = np.einsum("fat,fz,zat->zat", known, share, there)
        staying = np.maximum(children - leaving, 0.0)  # where all leave, rounding must not leave less than nobody
        return np.concatenate([staying + arriving, persons[:, CHILDREN:]], axis=1)

    def shifted_drawn(self, persons: Floats, step: int) -> Floats:
        """Return children (D, Z, A) after moving between zones, as `shifted` does."""
        share = self.between[step]
        if not share.any():
            return persons
        staying = persons * (1.0 - share.sum(axis=1))[:, None]
        return np.asarray(staying + np.einsum("dfa,fz->dza", persons, share))


def moves(assumptions: Assumptions, zones: Sequence[str], ages: int, years: Sequence[int], housing: Floats | None) -> Moves:
    """Return a scenario's moves for these zones (Z), ages (A) and years (H); nothing assumed is nothing moved."""
    rate = _by_zone(assumptions, "migration", zones, ages) / 1000.0
    persons = np.broadcast_to(_by_zone(assumptions, "migration_persons", zones, ages), (len(years), len(zones), ages))
    if housing is not None:
        persons = persons + housing
    return Moves(rate, np.asarray(persons), _between(assumptions, zones, years))


def _by_zone(assumptions: Assumptions, name: str, zones: Sequence[str], ages: int) -> Floats:
    curves = [assumptions.curve(name, range(ages), zone) for zone in zones]
    return np.nan_to_num(np.stack(curves)) if curves else np.zeros((0, ages))


def _between(assumptions: Assumptions, zones: Sequence[str], years: Sequence[int]) -> Floats:
    place = {zone: number for number, zone in enumerate(zones)}
    share = np.zeros((len(years), len(zones), len(zones)))
    for pair in assumptions.selectors("shift"):
        source, _, target = pair.partition(">")
        if source in place and target in place and source != target:
            share[:, place[source], place[target]] = np.nan_to_num(assumptions.curve("shift", years, pair)) / 1000.0
    leaving = share.sum(axis=2, keepdims=True)
    return np.asarray(share / np.maximum(leaving, 1.0))
