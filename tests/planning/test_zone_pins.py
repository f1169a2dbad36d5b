"""Pins of supervision zones that cannot hold at once are told before any search."""

from __future__ import annotations

import pytest

from junheng.errors import DataError
from junheng.planning.proposal import Brief, Pin
from junheng.planning.registry import planner
from tests.planning.counties import RULES, drawn, school_code

A, B, C = (school_code(k) for k in range(3))


def pin(what: str, to: str) -> Pin:
    return Pin(("schools.school", what), to)


@pytest.mark.parametrize(
    ("pins", "forbids"),
    [
        ((pin(A, B),), (pin(B, A),)),
        ((pin(A, B), pin(B, C)), (pin(C, A),)),
        ((pin(A, "seat"), pin(C, "seat"), pin(A, B), pin(B, C)), ()),
    ],
    ids=["the other way round", "through a third school", "two seats of one zone"],
)
def test_pins_that_contradict_each_other_are_refused_with_the_schools_between(pins: tuple[Pin, ...], forbids: tuple[Pin, ...]) -> None:
    brief = Brief(planner="supervision_zones", pins=pins, forbids=forbids)
    with pytest.raises(DataError) as error:
        planner("supervision_zones").propose(drawn(6, 1), RULES, brief)
    (found,) = error.value.findings
    assert found.rule == "planning.zone_pins_contradict"
    assert found.place.key[0] in {A, B, C}
