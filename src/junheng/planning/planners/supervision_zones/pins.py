"""Pins that cannot hold at once, told before any search: to be in one zone is symmetric and transitive, and a zone has one seat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.planning.proposal import Brief

SEAT = "seat"  # what a school is pinned to, or forbidden, besides other schools


def contradictions(brief: Brief, names: Mapping[str, str]) -> Iterator[Finding]:
    """Find schools that pins hold together and a forbid keeps apart, and two pinned seats that pins hold together. names: of schools."""
    beside: dict[str, set[str]] = {}
    for pin in brief.pins:
        if pin.to != SEAT:
            beside.setdefault(pin.what[1], set()).add(pin.to)
            beside.setdefault(pin.to, set()).add(pin.what[1])
    for forbid in brief.forbids:
        way = _way(beside, forbid.what[1], forbid.to) if forbid.to != SEAT else ()
        if way:
            called = [names.get(code) or code for code in way]
            zh = f"{'、'.join(called)}经指定在同一区，又禁止{called[0]}与{called[-1]}同区"
            en = f"{', '.join(called)} pinned to one zone, and {called[0]} and {called[-1]} forbidden to be in one"
            yield finding("planning.zone_pins_contradict", Place(column=forbid.what[0], key=(way[0],)), Text(zh, en))
    seats = sorted({pin.what[1] for pin in brief.pins if pin.to == SEAT})
    for one, other in combinations(seats, 2):
        way = _way(beside, one, other)
        if way:
            called = [names.get(code) or code for code in way]
            zh = f"{'、'.join(called)}经指定在同一区，又指定{called[0]}与{called[-1]}都作驻点"
            en = f"{', '.join(called)} pinned to one zone, and both {called[0]} and {called[-1]} to be the seat"
            yield finding("planning.zone_pins_contradict", Place(column="schools.school", key=(one,)), Text(zh, en))


def _way(beside: Mapping[str, set[str]], start: str, end: str) -> tuple[str, ...]:
    """Return the schools by which pins lead from one to another, the fewest; () where they do not."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        for way in ways:
            if way[-1] == end:
                return way
        longer = [(*way, near) for way in ways for near in sorted(beside.get(way[-1], set()))]
        ways = []
        for way in longer:
            if way[-1] not in seen:
                seen.add(way[-1])
                ways.append(way)
    return ()
