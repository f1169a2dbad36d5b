"""The cheapest path to universal and inclusive preschool education: inclusive and public places, classes, staff, rooms, ground, books."""

from junheng.planning.planners.path_to_inclusive.propose import propose
from junheng.planning.planners.path_to_inclusive.verify import faults

__all__ = ["faults", "propose"]
