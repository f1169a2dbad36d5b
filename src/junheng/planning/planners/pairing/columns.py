"""The program over sets: each lead takes one set of schools, each school is in one; its duals are prices that prove a bound."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from junheng.planning.kernels.pairing_sets import Window
from junheng.planning.planners.pairing.question import Floats, Ints, Mask
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import Compressed

_DEAR = 100.0  # steps of price that a lead without a set costs


class Duals(NamedTuple):
    """Prices of a program over sets, and its value: what its sets come to at least, unless sets are missing."""

    value: float
    price: Floats  # (w,) what it is worth that a school is helped
    pull: Floats  # (l,) what one hundredth of a teacher more is worth to each lead's set
    low: float  # what one hundredth costs in the smallest load of all
    high: float  # and in the largest
    one: Floats  # (l,) what each lead's set comes to at least
    is_free: bool  # no price is held by the step that it may take


class Columns:
    """Sets of schools found so far, as a program that grows; prices stay within a step of a centre."""

    def __init__(self, cost: Floats, need: Ints, weight: float, step: float) -> None:
        """Begin without sets.

        cost: (w, l) of each pair; need: (w,) hundredths; weight: of one between the largest load and the smallest; step: of a price.
        """
        self.cost, self.need, self.weight, self.step = cost, need, weight, step
        self.seen: set[bytes] = set()
        self.chosen, self.size = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)  # schools of all sets in a row, and how many
        self.lead, self.load = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self.session = HighsSession(self._begun(), presolve=False)

    def _begun(self) -> Arrays:
        """Return the program: the largest load and the smallest, prices up and down for each school, and no set for each lead."""
        schools, leads = self.cost.shape
        first = np.ones(schools + leads)
        lower = np.concatenate((first, np.full(leads, -np.inf), np.zeros(leads)))
        upper = np.concatenate((first, np.zeros(leads), np.full(leads, np.inf)))
        row = [np.arange(schools + leads, schools + 2 * leads), np.arange(schools + 2 * leads, schools + 3 * leads)]
        row += [np.arange(schools), np.arange(schools), np.arange(schools, schools + leads)]
        column = [np.zeros(leads), np.ones(leads), 2 + np.arange(schools), 2 + schools + np.arange(schools)]
        column += [2 + 2 * schools + np.arange(leads)]
        value = np.concatenate((-np.ones(2 * leads), np.ones(schools), -np.ones(schools), np.ones(leads)))
        rows, columns = (np.concatenate(part).astype(np.int64) for part in (row, column))
        order = np.lexsort((columns, rows))
        start = np.searchsorted(rows[order], np.arange(len(lower) + 1)).astype(np.int32)
        entries = Compressed(start, columns[order].astype(np.int32), value[order])
        self.first = 2 + 2 * schools + leads
        cost = np.concatenate(([self.weight, -self.weight], np.zeros(2 * schools), np.full(leads, _DEAR * self.step)))
        none, most = np.zeros(self.first), np.full(self.first, np.inf)
        return Arrays(cost, 0.0, none, most, none.astype(np.bool_), Rows(lower, upper, entries))

    def add(self, members: list[Ints], leads: Ints) -> int:
        """Add sets, each the schools of a lead; return how many were new."""
        new: list[tuple[Ints, int]] = []
        for chosen, lead in zip(members, leads.tolist(), strict=True):
            key = np.append(np.sort(chosen), lead).tobytes()
            if key not in self.seen:
                self.seen.add(key)
                new.append((np.sort(chosen), lead))
        for size in sorted({len(chosen) for chosen, _ in new}):
            alike = [one for one in new if len(one[0]) == size]
            self._append(np.stack([chosen for chosen, _ in alike]), np.array([lead for _, lead in alike]))
        return len(new)

    def _append(self, chosen: Ints, lead: Ints) -> None:
        """Append sets of as many schools each, (n, size), of a lead each: (n,)."""
        schools, leads = self.cost.shape
        load = self.need[chosen].sum(axis=1)
        places = schools + lead[:, None] + leads * np.arange(3)
        values = np.ones((len(lead), chosen.shape[1] + 3))
        values[:, -2:] = load[:, None]
        cost = self.cost[chosen, lead[:, None]].sum(axis=1)
        self.session.add_columns(cost, np.concatenate((chosen, places), axis=1), values)
        self.chosen = np.append(self.chosen, chosen.reshape(-1))
        self.size = np.append(self.size, np.full(len(lead), chosen.shape[1]))
        self.lead, self.load = np.append(self.lead, lead), np.append(self.load, load)

    def narrow(self, window: Window, can: Mask) -> None:
        """Leave open the sets of loads within a window whose pairs are open."""
        fits = (self.load >= window.low_least) & (self.load <= window.high_most)
        is_open = can[self.chosen, np.repeat(self.lead, self.size)]
        fits &= np.logical_and.reduceat(is_open, np.cumsum(self.size) - self.size)
        columns = self.first + np.arange(len(fits))
        self.session.bound_columns(columns, np.zeros(len(fits)), np.where(fits, np.inf, 0.0))
        ends = (window.high_least, window.low_least), (window.high_most, window.low_most)
        self.session.bound_columns(np.arange(2), *(np.array(end, dtype=np.float64) for end in ends))

    def around(self, price: Floats) -> None:
        """Hold the prices within a step of these."""
        columns = np.arange(2, 2 + 2 * len(price))
        self.session.cost_columns(columns, np.concatenate((price + self.step, self.step - price)))

    def solve(self) -> Duals | None:
        """Return the duals; None where the engine did not end."""
        status, value = self.session.look()
        if status != "optimal":
            return None
        schools, leads = self.cost.shape
        values, duals, _ = self.session.answer()
        most, least = duals[schools + leads : schools + 2 * leads], duals[schools + 2 * leads :]
        most, least = np.minimum(most, 0.0), np.maximum(least, 0.0)
        return Duals(
            value=value,
            price=duals[:schools],
            pull=most + least,
            low=float(least.sum()) - self.weight,
            high=float(most.sum()) + self.weight,
            one=duals[schools : schools + leads],
            is_free=bool(values[2 : self.first].max() < 1e-7),
        )
