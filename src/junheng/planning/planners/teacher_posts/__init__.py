"""县管校聘: how many posts each school gets of those the county has."""

from junheng.planning.planners.teacher_posts.propose import propose
from junheng.planning.planners.teacher_posts.verify import faults

__all__ = ["faults", "propose"]
