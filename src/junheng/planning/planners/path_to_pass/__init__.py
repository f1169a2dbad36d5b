"""The cheapest path to pass: moves, hires, equipment, rooms, building, grounds, until every school and every spread passes."""

from junheng.planning.planners.path_to_pass.propose import propose
from junheng.planning.planners.path_to_pass.verify import faults

__all__ = ["faults", "propose"]
