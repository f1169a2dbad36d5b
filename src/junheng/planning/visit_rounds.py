"""Who visits which school: the least way for all inspectors together, loads alike, nobody where he has ties. Then trips of near schools."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.solve import Impossible, Program, Solved, Unproven, solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rounds:
    """n inspectors and m schools."""

    inspectors: tuple[str, ...]
    schools: tuple[str, ...]
    metres: Floats  # (n, m) from where an inspector sets out
    tied: Mask  # (n, m) where he has ties: a former post, a relative
    fewest: int  # schools of one inspector
    most: int


def share_out(rounds: Rounds) -> tuple[Solved | Impossible | Unproven, Ints]:
    """Return the answer, and for each school its inspector: (m,), -1 where there is no plan.

    The program has no whole numbers: a plan of least way over people and schools is whole by itself (a transport problem).
    """
    inspector, school = np.nonzero(~rounds.tied)
    program = Program(unit="m")
    goes = program.variables(
        Text("{who}负责{school}", "{who} visits {school}"),
        len(school),
        upper=1.0,
        who=np.array(rounds.inspectors)[inspector],
        school=np.array(rounds.schools)[school],
    )
    count = len(rounds.schools)
    program.rule(
        Text("{school}有且只有一名责任督学", "{school} has one inspector"),
        goes.sum_by(school, count) == np.ones(count),
        school=np.array(rounds.schools),
    )
    each = len(rounds.inspectors)
    names = np.array(rounds.inspectors)
    program.rule(
        Text(f"{{who}}负责的学校不超过{rounds.most}所", f"{{who}} has at most {rounds.most} schools"),
        goes.sum_by(inspector, each) <= np.full(each, float(rounds.most)),
        who=names,
    )
    program.rule(
        Text(f"{{who}}负责的学校不少于{rounds.fewest}所", f"{{who}} has at least {rounds.fewest} schools"),
        goes.sum_by(inspector, each) >= np.full(each, float(rounds.fewest)),
        who=names,
    )
    program.cost(Text("路程", "way"), goes * rounds.metres[inspector, school], unit="m")
    answer = solve(program)
    who = np.full(count, -1, dtype=np.int64)
    if isinstance(answer, Solved):
        taken = answer.of(goes) > 0.5
        who[school[taken]] = inspector[taken]
    return answer, who


def trips(metres: Floats, between: Floats, size: int) -> list[list[int]]:
    """Return the schools of one inspector in trips of at most `size`: the farthest school takes its nearest neighbours along.

    metres: (k,) from where he sets out; between: (k, k). The places of each trip stand in the order of the way.
    """
    left = list(np.argsort(-metres, kind="stable"))
    found: list[list[int]] = []
    while left:
        first = left.pop(0)
        near = sorted(left, key=lambda other: (between[first, other], other))[: size - 1]
        left = [other for other in left if other not in near]
        found.append([int(one) for one in (first, *near)])
    return found


def way_of(trip: list[int], metres: Floats, between: Floats) -> float:
    """Return the length of a trip, out and home again."""
    legs = sum(float(between[one, other]) for one, other in pairwise(trip))
    return float(metres[trip[0]]) + legs + float(metres[trip[-1]])
