"""Sites: where one or several new schools, kindergartens, teaching points or service points would be best, with the proof."""

from junheng.planning.planners.sites.propose import propose
from junheng.planning.planners.sites.verify import faults

__all__ = ["faults", "propose"]
