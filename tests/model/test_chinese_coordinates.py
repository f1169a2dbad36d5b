from __future__ import annotations

import numpy as np
import pytest

from junheng.model.chinese_coordinates import (
    Degrees,
    bd09_of_gcj02,
    bd09_of_wgs84,
    gcj02_of_bd09,
    gcj02_of_wgs84,
    metres_moved,
    wgs84_of_bd09,
    wgs84_of_gcj02,
)

LON, LAT = (axis.ravel() for axis in np.meshgrid(np.linspace(75, 134, 60), np.linspace(4, 53, 50)))


def one(lon: float, lat: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([lon]), np.array([lat])


def apart(a: Degrees, b: Degrees) -> float:
    return float(np.hypot(*metres_moved(a, b)).max())


def test_a_place_in_peking_is_moved_as_the_common_converters_move_it() -> None:
    # 116.404, 39.915: the worked example of coordtransform, on which eviltransform and others agree
    assert np.ravel(gcj02_of_wgs84(*one(116.404, 39.915))) == pytest.approx([116.41024449916938, 39.91640428150164], abs=1e-9)
    assert np.ravel(bd09_of_gcj02(*one(116.404, 39.915))) == pytest.approx([116.41036949371029, 39.92133699351021], abs=1e-9)
    assert np.ravel(gcj02_of_bd09(*one(116.404, 39.915))) == pytest.approx([116.39762729119315, 39.90865673957631], abs=2e-6)


def test_there_and_back_is_less_than_a_tenth_of_a_metre_anywhere_in_the_country() -> None:
    start = Degrees(LON, LAT)
    assert apart(start, wgs84_of_gcj02(*gcj02_of_wgs84(LON, LAT))) < 0.01
    assert apart(start, wgs84_of_bd09(*bd09_of_wgs84(LON, LAT))) < 0.01
    assert apart(start, gcj02_of_bd09(*bd09_of_gcj02(LON, LAT))) < 0.01


def test_places_are_moved_by_tens_to_hundreds_of_metres_and_baidu_further() -> None:
    far = np.hypot(*metres_moved(Degrees(LON, LAT), gcj02_of_wgs84(LON, LAT)))
    assert 10 < far.min() < far.max() < 1200
    assert apart(Degrees(LON, LAT), bd09_of_wgs84(LON, LAT)) < 3000


def test_abroad_nothing_is_moved() -> None:
    assert gcj02_of_wgs84(*one(2.35, 48.85)) == one(2.35, 48.85)
