"""交流轮岗: who teaches where from next year on."""

from junheng.planning.planners.teacher_rotation.propose import propose, reconsider
from junheng.planning.planners.teacher_rotation.verify import faults

__all__ = ["faults", "propose", "reconsider"]
