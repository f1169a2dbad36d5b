"""Supervision zones: connected, balanced, near, and little changed."""

from junheng.planning.planners.supervision_zones.propose import propose, reconsider
from junheng.planning.planners.supervision_zones.verify import faults

__all__ = ["faults", "propose", "reconsider"]
