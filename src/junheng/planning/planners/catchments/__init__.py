"""Catchments: whole villages to schools, with room, joined, near, and little changed."""

from junheng.planning.planners.catchments.propose import propose, reconsider
from junheng.planning.planners.catchments.verify import faults

__all__ = ["faults", "propose", "reconsider"]
