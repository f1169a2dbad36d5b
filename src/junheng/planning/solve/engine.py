"""What every engine offers: a session that holds one program, which may be changed and solved again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.solve.arrays import Arrays, Rows

Floats = NDArray[np.float64]
Status = Literal["optimal", "infeasible", "unbounded", "stopped"]


class Progress(NamedTuple):
    """Where a search stands: the best plan's objective (None: no plan yet), what none can fall below, and the work so far."""

    best: float | None
    bound: float
    nodes: int

    @property
    def gap(self) -> float:
        """Return how far the best may be from the best possible, as a share of it; inf without a plan."""
        return gap(self.best, self.bound)


def gap(best: float | None, bound: float) -> float:
    """Return (best - bound) / |best|: 0 when they agree, inf where there is no plan or no bound."""
    if best is None or not np.isfinite(bound):
        return float("inf")
    return 0.0 if best <= bound else (best - bound) / max(abs(best), 1e-12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a search may stop. Work (nodes, iterations) is the same on every machine; seconds are not."""

    gap: float = 1e-4  # relative: a plan this near to the bound counts as solved
    slack: float = 1e-6  # absolute, in units of the objective
    seconds: float | None = None
    nodes: int | None = None
    iterations: int | None = None  # of the simplex method, for programs without whole numbers
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who looks on: `progress` is told how it stands, `cancelled` is asked whether to stop."""

    progress: Callable[[Progress], None] | None = None
    cancelled: Callable[[], bool] | None = None


USUAL = Limits()
EXACT = Limits(gap=0.0)
NOBODY = Watch()


class Outcome(NamedTuple):
    """What an engine found."""

    status: Status
    objective: float | None  # of `values`
    bound: float  # no plan costs less; -inf when nothing is known
    values: Floats | None  # (columns,) None: no plan
    prices: Floats | None  # (rows,) duals, for programs without whole numbers
    reduced: Floats | None  # (columns,) reduced costs, likewise
    ray: Floats | None  # (rows,) a combination of rows that proves infeasibility, where the engine gives one
    nodes: int
    seconds: float  # spent in the engine
    engine: str = "highs"  # who answered
    remark: Text | None = None  # why it was not the engine asked


class Session(Protocol):
    """One program in an engine; what was learned of it (basis, incumbent) serves the next run."""

    def add_rows(self, rows: Rows) -> None:
        """Append rows."""

    def drop_rows(self, which: NDArray[np.integer]) -> None:
        """Remove rows by their position; the others move up."""

    def bound_columns(self, columns: NDArray[np.integer], lower: Floats, upper: Floats) -> None:
        """Give some variables other bounds."""

    def start_from(self, values: Floats) -> None:
        """Offer a plan to begin with: (columns,); one that breaks a rule is ignored."""

    def run(self, limits: Limits, watch: Watch) -> Outcome:
        """Solve, or go on solving."""


class Engine(Protocol):
    """A solver behind one file; deterministic for a seed, a number of threads and limits of work."""

    def __call__(self, arrays: Arrays, *, seed: int = 0, presolve: bool = True) -> Session:
        """Return a session that holds the program."""
