"""Ranked wishes granted by deferred acceptance: nobody sees a place that he ranked higher go to somebody of lower priority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from junheng.planning.planners.teacher_rotation.case import Ints


def granted(order: Sequence[int], lists: Mapping[int, list[int]], subject: Ints, vacant: Ints, subjects: int) -> dict[int, int]:
    """Return the unit that each volunteer gets; those who get none are left out.

    order: volunteers by priority, the first first; lists: the units that each wants, best first; vacant: (units × subjects,) places.
    """
    priority = {who: place for place, who in enumerate(order)}
    kept: dict[int, list[int]] = {}
    turn = dict.fromkeys(order, 0)
    waiting = list(reversed(order))
    while waiting:
        who = waiting.pop()
        if turn[who] >= len(lists[who]):
            continue
        unit = lists[who][turn[who]]
        turn[who] += 1
        group = unit * subjects + int(subject[who])
        kept.setdefault(group, []).append(who)
        kept[group].sort(key=priority.__getitem__)
        if len(kept[group]) > vacant[group]:
            waiting.append(kept[group].pop())
    return {who: group // subjects for group, some in kept.items() for who in some}
