"""School places: where to open, extend, shrink, keep as a teaching point or close, in phases, against the whole band of the forecast."""

from junheng.planning.planners.school_places.propose import propose
from junheng.planning.planners.school_places.verify import faults

__all__ = ["faults", "propose"]
