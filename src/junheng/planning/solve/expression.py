"""Linear expressions over many variables at once: a rule is one line, for three schools or for a million pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """Expressions held between bounds, one a row: lower <= terms <= upper."""

    terms: Terms
    lower: Floats  # (size,) -inf where there is none
    upper: Floats  # (size,) inf where there is none


class _Linear:
    """What variables and expressions have in common: they add, scale, sum up and compare."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # `==` states a rule, so these are no keys
    __array_ufunc__ = None  # numpy arrays on the left leave the operation to us

    def terms(self) -> Terms:
        """Return the expression."""
        raise TypeError(f"{type(self).__name__} is no expression")

    def __add__(self, other: Any) -> Terms:
        mine, theirs = self.terms(), _terms(other, len(self.terms().constant))
        if len(mine.constant) != len(theirs.constant):
            raise ValueError(f"{len(mine.constant)} expressions and {len(theirs.constant)} cannot be added")
        if not len(theirs.row):
            return Terms(mine.row, mine.column, mine.value, mine.constant + theirs.constant)
        row, column = np.concatenate((mine.row, theirs.row)), np.concatenate((mine.column, theirs.column))
        return Terms(row, column, np.concatenate((mine.value, theirs.value)), mine.constant + theirs.constant)

    __radd__ = __add__

    def __neg__(self) -> Terms:
        return self * -1.0

    def __sub__(self, other: Any) -> Terms:
        difference: Terms = self + (-other if isinstance(other, _Linear) else -np.asarray(other, dtype=np.float64))
        return difference

    def __rsub__(self, other: Any) -> Terms:
        difference: Terms = (-self) + other
        return difference

    def __mul__(self, factor: ArrayLike) -> Terms:
        """Scale by one number, or each expression by its own: (size,)."""
        mine, factors = self.terms(), np.asarray(factor, dtype=np.float64)
        each = factors if factors.ndim == 0 else factors[mine.row]
        return Terms(mine.row, mine.column, mine.value * each, mine.constant * factors)

    __rmul__ = __mul__

    def __le__(self, other: Any) -> Relation:
        return _held(self - other, -np.inf, 0.0)

    def __ge__(self, other: Any) -> Relation:
        return _held(self - other, 0.0, np.inf)

    def __eq__(self, other: Any) -> Relation:  # type: ignore[override]  # it states a rule
        return _held(self - other, 0.0, 0.0)

    def sum_by(self, group: ArrayLike, groups: int | None = None) -> Terms:
        """Return the sum of the expressions of each group: (groups,).

        group: (size,) whole numbers from 0; groups: how many there are, where the last ones may be empty.
        """
        mine, groups_of = self.terms(), np.asarray(group, dtype=np.int64)
        if len(groups_of) != len(mine.constant):
            raise ValueError(f"{len(mine.constant)} expressions were given {len(groups_of)} groups")
        count = (int(groups_of.max()) + 1 if len(groups_of) else 0) if groups is None else groups
        constant = np.bincount(groups_of, weights=mine.constant, minlength=count).astype(np.float64)
        return Terms(groups_of[mine.row], mine.column, mine.value, constant)

    def sum(self) -> Terms:
        """Return the sum of all expressions, as one."""
        return self.sum_by(np.zeros(len(self.terms().constant), dtype=np.int64), 1)


@dataclass(frozen=True, slots=True, eq=False)
class Terms(_Linear):
    """Some expressions: expression r is constant[r] plus value times column over the entries whose row is r."""

    row: Ints
    column: Ints
    value: Floats
    constant: Floats  # (size,)

    def terms(self) -> Terms:
        """Return itself."""
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Variables(_Linear):
    """Some variables of a program, in their order; each is an expression of its own."""

    columns: Ints  # (size,) where they stand in the program

    def terms(self) -> Terms:
        """Return the expressions that are these variables."""
        size = len(self.columns)
        return Terms(np.arange(size), self.columns, np.ones(size), np.zeros(size))

    def __getitem__(self, chosen: ArrayLike | slice) -> Variables:
        """Return some of them, by position or by mask, as numpy would."""
        return Variables(np.atleast_1d(self.columns[chosen if isinstance(chosen, slice) else np.asarray(chosen)]))

    def __len__(self) -> int:
        return len(self.columns)


def _terms(given: Any, size: int) -> Terms:
    if isinstance(given, _Linear):
        return given.terms()
    none = np.zeros(0, dtype=np.int64)
    return Terms(none, none, np.zeros(0), np.broadcast_to(np.asarray(given, dtype=np.float64), (size,)))


def _held(terms: Terms, lower: float, upper: float) -> Relation:
    return Relation(terms, lower - terms.constant, upper - terms.constant)
