"""Several lists at once: which lines are one person or school, from pairs between lists. A cluster holds at most one line of each list.

Pairs that are the same join what they are of, the strongest first. A pair joins nothing when that would bring two lines of one list
together where the rule says one to one, or two lines between which a guard or a person said "different": such a pair is put aside as a
question, because a chain of likenesses (A is B, B is C) proves nothing against what A and C say of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Line(NamedTuple):
    """One line: the number of its list, and its row."""

    list: int
    row: int


class Joined(NamedTuple):
    """One pair of lines of two lists, with its outcome and weight."""

    one: Line
    other: Line
    outcome: str
    weight: float


@dataclass(frozen=True, slots=True)
class Clusters:
    """Lines that are one, by cluster in the order of their first lines; and the pairs that a person must look at."""

    clusters: tuple[tuple[Line, ...], ...]
    questions: tuple[Joined, ...]


def clusters(pairs: Iterable[Joined], *, one_to_one: bool = True) -> Clusters:
    """Return which lines of several lists are one. Pairs that are asked about join nothing and stay questions."""
    ordered = sorted(pairs, key=lambda pair: (-pair.weight, pair.one, pair.other))
    apart = {frozenset((pair.one, pair.other)) for pair in ordered if pair.outcome == "different"}
    groups: dict[Line, set[Line]] = {}
    questions = [pair for pair in ordered if pair.outcome == "ask"]
    for pair in (pair for pair in ordered if pair.outcome == "same"):
        one, other = (groups.setdefault(line, {line}) for line in (pair.one, pair.other))
        if one is other:
            continue
        if _clash(one, other, apart, one_to_one=one_to_one):
            questions.append(pair)
            continue
        one |= other
        groups |= dict.fromkeys(other, one)
    return Clusters(_sorted(groups), tuple(questions))


def _clash(one: set[Line], other: set[Line], apart: set[frozenset[Line]], *, one_to_one: bool) -> bool:
    if one_to_one and {line.list for line in one} & {line.list for line in other}:
        return True
    return any(frozenset((left, right)) in apart for left in one for right in other)


def _sorted(groups: Mapping[Line, set[Line]]) -> tuple[tuple[Line, ...], ...]:
    found = {id(group): tuple(sorted(group)) for group in groups.values() if len(group) > 1}
    return tuple(sorted(found.values()))
