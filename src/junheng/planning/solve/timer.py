"""The time that is left to a search of several parts. Only limits of seconds ask the clock; limits of work do without it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from junheng.planning.solve.engine import Limits, Watch


@dataclass(frozen=True, slots=True)
class Timer:
    """Counts from when it is made."""

    limits: Limits
    begun: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> float:
        """Return the seconds since it was made."""
        return time.monotonic() - self.begun

    @property
    def is_over(self) -> bool:
        """Return whether the seconds allowed are spent."""
        return self.limits.seconds is not None and self.spent >= self.limits.seconds

    @property
    def left(self) -> Limits:
        """Return the limits with the seconds that are left; 0 when none are."""
        if self.limits.seconds is None:
            return self.limits
        return replace(self.limits, seconds=max(0.0, self.limits.seconds - self.spent))

    def watched(self, watch: Watch) -> Watch:
        """Return a watch that also says stop when the seconds are spent."""
        return replace(watch, cancelled=lambda: self.is_over or bool(watch.cancelled and watch.cancelled()))
