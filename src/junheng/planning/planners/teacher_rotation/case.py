"""The question as numbers: teachers who may go, where each could go, what schools need, and the limits."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """What one of each weighs in km of way."""

    shortage: float  # a teacher lacking in a subject
    backbone: float  # a backbone teacher below the even share of a school
    move: float  # a teacher who has to go
    direction: float  # taken off where one goes from town to country or from a strong to a weak school
    second: float = 0.0  # a teacher who teaches the second subject instead of the first


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """Teachers who may go are numbered 0 to n - 1, units (a school and stage) 0 to u - 1; group = unit × subjects + subject.

    What is settled already (returns, wishes granted, last year's decisions) is counted in `held`, `backbone`, `left`, `net`, `settled`.
    """

    names: tuple[str, ...]  # (n,) codes of teachers
    units: tuple[str, ...]  # (u,) names of units, for sentences
    subject_names: tuple[tuple[str, str], ...]  # Chinese and English
    unit: Ints  # (n,)
    subject: Ints  # (n,)
    is_backbone: Mask  # (n,)
    couple: Ints  # (n,) the number of the couple of which both may go, -1: none
    arc_teacher: Ints  # (a,) every way that one could go
    arc_unit: Ints  # (a,) where to
    arc_subject: Ints  # (a,) what one would teach there: the first subject, or the second where the school lacks it
    arc_km: Floats  # (a,) km by which the way grows, no less than 0
    arc_down: Mask  # (a,) town to country, or strong to weak
    must: Ints  # (p,) arcs that are pinned; of several of one teacher one is taken
    stays: Mask  # (n,) pinned to stay
    need: Floats  # (u × s,) teachers, not rounded
    held: Ints  # (u × s,)
    may_leave: Ints  # (u × s,) teachers who may still leave a group
    net_least: Ints  # (u,) in - out
    net_most: Ints  # (u,)
    even: Ints  # (u,) backbone teachers that an even spread gives
    backbone: Ints  # (u,) backbone teachers held
    eligible: int  # those of whom a share must go, with those settled that count
    settled: int  # exchanges settled that count
    settled_backbone: int
    least_share: float
    most_share: float
    backbone_share: float
    weights: Weights
    owed: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # (k,) teachers of a kind who must come to a school
    owed_who: Mask = field(default_factory=lambda: np.zeros((0, 0), dtype=np.bool_))  # (k, n) who is of the kind
    owed_unit: Mask = field(default_factory=lambda: np.zeros((0, 0), dtype=np.bool_))  # (k, u) the units of the school
    owed_names: tuple[str, ...] = ()  # (k,) school and kind

    @property
    def subjects(self) -> int:
        """Return how many subjects there are."""
        return len(self.subject_names)

    @property
    def least(self) -> int:
        """Return how many must go, those settled included."""
        return int(np.ceil(self.least_share * self.eligible - 1e-9))

    @property
    def most(self) -> int:
        """Return how many may go, those settled included."""
        return max(int(np.floor(self.most_share * self.eligible + 1e-9)), self.settled)

    @property
    def arc_from(self) -> Ints:
        """Return the group from which each arc leads: (a,)."""
        return np.asarray(self.unit[self.arc_teacher] * self.subjects + self.subject[self.arc_teacher])

    @property
    def arc_into(self) -> Ints:
        """Return the group into which each arc leads: (a,)."""
        return np.asarray(self.arc_unit * self.subjects + self.arc_subject)

    @property
    def arc_owed(self) -> Mask:
        """Return which ways lead to a school where somebody of the kind must come: (k, a)."""
        return np.asarray(self.owed_unit[:, self.arc_unit] & self.owed_who[:, self.arc_teacher]) if len(self.owed) else self.owed_who

    @property
    def arc_second(self) -> Mask:
        """Return whether one would teach the second subject: (a,)."""
        return np.asarray(self.arc_subject != self.subject[self.arc_teacher])

    @property
    def arc_cost(self) -> Floats:
        """Return what each arc costs by itself: (a,) km."""
        return np.asarray(self.weights.move + self.arc_km - self.weights.direction * self.arc_down + self.weights.second * self.arc_second)


def shortage(need: Floats, held: Ints) -> Floats:
    """Return the teachers lacking in each group: (g,)."""
    return np.asarray(np.maximum(0.0, need - held))
