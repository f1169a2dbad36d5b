"""The only place that talks to solvers: programs named in sentences, engines behind one file each, three answers."""

from junheng.planning.solve.answers import Amount, Answer, GivingWay, Impossible, Relaxation, Solved, Unproven
from junheng.planning.solve.engine import Limits, Progress, Watch
from junheng.planning.solve.expression import Terms, Variables
from junheng.planning.solve.program import Program
from junheng.planning.solve.search import ENGINES, solve

__all__ = [
    "ENGINES",
    "Amount",
    "Answer",
    "GivingWay",
    "Impossible",
    "Limits",
    "Program",
    "Progress",
    "Relaxation",
    "Solved",
    "Terms",
    "Unproven",
    "Variables",
    "Watch",
    "solve",
]
