"""Why there are no such zones: first what is seen at once of pinned schools far from each other, then a smallest conflict by the engine."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.planners.supervision_zones.model import model, totals
from junheng.planning.planners.supervision_zones.question import Question
from junheng.planning.refusal import PIN
from junheng.planning.solve import Impossible, Limits, Relaxation, Watch, solve

_NEVER = 2**40
_MOST_RULES = 12  # a conflict not made smallest in time is told by its kinds of rules when it is longer than this


def pairs_cut_off(question: Question, zones: int) -> Impossible | None:
    """Return why schools pinned together cannot be: any joined zone holds a way between them, and the least way is too much for a zone."""
    _, most = question.size(zones)
    _, many = question.load(zones)
    if len(question.seats) > zones:
        named: list[tuple[Text, float | None]] = [
            (Text(f"{_name(question, seat)}为驻点", f"{_en(question, seat)} is a seat"), None) for seat in question.seats
        ]
        too_few = Text(f"划{zones}个责任区", f"there are {zones} zones")
        return _conflict(*named, (too_few, float(len(question.seats) - zones)), unit="items", pins=len(named))
    one = np.ones(len(question.codes), dtype=np.int64)
    for first, second in question.together:
        pin = Text(f"{_name(question, first)}与{_name(question, second)}同区", f"{_en(question, first, second)} are in one zone")
        joined = Text("同区学校相连", "the schools of a zone are joined")
        schools = _least(question, one, first, second)
        if schools >= _NEVER:
            return _conflict((pin, None), (joined, None))
        if schools > most:
            rule = Text(f"每区不超过{most}所学校", f"a zone has at most {most} schools")
            return _conflict((pin, None), (joined, None), (rule, float(schools - most)), unit="schools")
        pupils = _least(question, question.pupils, first, second)
        if pupils > many:
            rule = Text(f"每区不超过{many:.0f}名学生", f"a zone has at most {many:.0f} pupils")
            return _conflict((pin, None), (joined, None), (rule, float(pupils - many)), unit="pupils")
    return None


def explained(question: Question, zones: int, limits: Limits, seed: int, watch: Watch) -> Impossible:
    """Return a conflict of rules of a question that is proven impossible, a smallest one where the limits allow to find it."""
    every = np.ones(question.allowed.shape, dtype=np.bool_)
    answer = solve(model(question, zones, every).program, limits, seed=seed, watch=watch)
    if isinstance(answer, Impossible) and (answer.is_smallest or 0 < len(answer.conflict) <= _MOST_RULES):
        return answer
    least, most = question.size(zones)
    few, many = question.load(zones)
    rules = [
        Text(f"每区有{least}至{most}所学校", f"a zone has {least} to {most} schools"),
        Text(f"每区有{few:.0f}至{many:.0f}名学生", f"a zone has {few:.0f} to {many:.0f} pupils"),
        Text("同区学校相连", "the schools of a zone are joined"),
        *(totals(question, zones).name_of_row(1),),
    ]
    for pairs, word, en in ((question.together, "同区", "are in one zone"), (question.apart, "不同区", "are not in one zone")):
        rules += [Text(f"{_name(question, a)}与{_name(question, b)}{word}", f"{_en(question, a, b)} {en}") for a, b in pairs]
    for some, word, en in ((question.seats, "为", "is a"), (question.no_seats, "不为", "is no")):
        rules += [Text(f"{_name(question, one)}{word}驻点", f"{_en(question, one)} {en} seat") for one in some]
    return Impossible(conflict=tuple(Relaxation(rule, None, None) for rule in rules), together=(), is_smallest=False)


def _conflict(*rules: tuple[Text, float | None], unit: str = "", pins: int = 1) -> Impossible:
    """Return a conflict. unit: of what gives way; pins: how many of the rules, the first ones, are pinned."""
    told = (Relaxation(rule, by, None, unit=unit, option=PIN if place < pins else "") for place, (rule, by) in enumerate(rules))
    return Impossible(conflict=tuple(told), together=())


def _name(question: Question, school: int) -> str:
    return f"{question.names[school]}（{question.codes[school]}）"


def _en(question: Question, *schools: int) -> str:
    return " and ".join(f"{question.names[school]} ({question.codes[school]})" for school in schools)


def _least(question: Question, weight: NDArray[np.int64], first: int, second: int) -> int:
    """Return the least sum of a weight over the schools of a way from one school to another, both counted."""
    known, ahead = {first: int(weight[first])}, [(int(weight[first]), first)]
    while ahead:
        total, school = heapq.heappop(ahead)
        if school == second:
            return total
        for near in np.flatnonzero(question.edges[school]).tolist():
            through = total + int(weight[near])
            if through < known.get(near, _NEVER):
                known[near] = through
                heapq.heappush(ahead, (through, near))
    return _NEVER
