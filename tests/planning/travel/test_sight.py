"""Which lines meet a wall: beside shapely on random walls, and on the edges of what meeting means."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from junheng.planning.kernels.sight import meets


@pytest.mark.parametrize("seed", range(4))
def test_lines_meet_what_shapely_says_they_meet(seed: int) -> None:
    draw = np.random.default_rng(seed)
    a, b = draw.uniform(0, 1000, (40, 2)), draw.uniform(0, 1000, (40, 2))
    start = draw.uniform(0, 1000, (3000, 2))
    end = start + draw.normal(0, 120, (3000, 2))
    walls = shapely.MultiLineString(np.stack([a, b], axis=1).tolist())
    expected = np.asarray(shapely.intersects(walls, shapely.linestrings(np.stack([start, end], axis=1))))
    assert 0 < expected.sum() < len(expected)
    assert (meets(start, end, a, b) == expected).all()


def test_touching_is_meeting_and_lying_beside_is_not() -> None:
    wall = np.array([[0.0, 0.0]]), np.array([[10.0, 0.0]])
    lines = {
        "across": ((5, -1), (5, 1), True),
        "touching an end": ((10, 0), (12, 3), True),
        "along it": ((2, 0), (3, 0), True),
        "in line with it, beyond": ((11, 0), (12, 0), False),
        "beside": ((0, 1), (10, 1), False),
        "a point on it": ((4, 0), (4, 0), True),
    }
    start, end = (np.array([line[part] for line in lines.values()], dtype=np.float64) for part in (0, 1))
    assert dict(zip(lines, meets(start, end, *wall).tolist(), strict=True)) == {name: line[2] for name, line in lines.items()}


def test_without_walls_nothing_is_met() -> None:
    nothing = np.zeros((0, 2))
    assert not meets(np.zeros((2, 2)), np.ones((2, 2)), nothing, nothing).any()
