"""The roads and the river of examples/qinghe: every village is on the network, and only two roads that children walk cross the water."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from junheng.model import County
from junheng.planning.travel import Travel, adjacency_without_barriers, school_points, travel, village_points
from junheng.store.folder import read_county
from tests.planning.counties import RULES
from tests.qinghe import QINGHE, rows


@pytest.fixture(scope="module")
def county() -> County:
    return read_county(Path(QINGHE), "629921", 2025)


def ask(county: County, **more: object) -> Travel:
    return travel(county, RULES, village_points(county), school_points(county), **more)  # type: ignore[arg-type]


def test_every_village_reaches_every_school_on_foot_by_road_and_nothing_is_amiss(county: County) -> None:
    answer = ask(county)
    assert (answer.source, answer.findings) == ("roads", ())
    assert answer.way.shape == (150, 109)
    assert np.isfinite(answer.way).all()


def test_no_way_by_road_is_shorter_than_the_straight_line(county: County) -> None:
    bare = dict(county.tables) | {"roads": county.tables["roads"].clear()}
    straight = ask(County(county.code, county.year, bare), detour=1.0, barriers=False)
    assert (ask(county).way >= straight.way * (1 - 5e-3)).all()  # the county is laid flat


def test_a_bus_is_faster_than_walking(county: County) -> None:
    assert (ask(county, mode="bus", unit="minutes").way < ask(county, unit="minutes").way).all()


def test_two_bridges_carry_every_way_across_the_river(county: County) -> None:
    gone = dict(county.tables) | {"crossings": county.tables["crossings"].clear()}
    without = ask(County(county.code, county.year, gone)).way
    banks = np.unique(np.isfinite(without), axis=0)
    banks = banks[banks.sum(axis=1) > 5]  # a village may have no road but over a bridge, and reach only the school beside it
    assert len(banks) == 2  # the others reach every school of their own bank, and none beyond
    assert not (banks[0] & banks[1]).any()


def test_neighbours_across_the_river_are_apart_but_at_the_bridges(county: County) -> None:
    left = set(adjacency_without_barriers(county, RULES).rows())
    cut = {(row["village_a"], row["village_b"]) for row in rows("adjacency")} - left
    assert 10 <= len(cut) <= 40
    bridged = {tuple(sorted((row["from_node"][1:], row["to_node"][1:]))) for row in rows("roads") if row["kind"] != "trunk"}
    assert not cut & bridged
