"""集团化办学、结对帮扶、教联体: which school helps which."""

from junheng.planning.planners.pairing.propose import propose
from junheng.planning.planners.pairing.verify import faults

__all__ = ["faults", "propose"]
