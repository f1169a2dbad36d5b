from __future__ import annotations

import pytest

from tests.model.made import POINT, PRIMARY, found, made, rules, school


@pytest.mark.parametrize(
    ("lon", "lat", "told"),
    [
        (101.1, 38.2, set()),
        (None, None, set()),
        (101.1, None, {"half_a_coordinate"}),
        (0, 0, {"coordinates_zero"}),
        (38.2, 101.1, {"coordinates_exchanged"}),
        (101.1, -38.2, {"coordinates_nowhere"}),
        (105.1, 38.2, {"coordinates_far_off"}),
    ],
)
def test_coordinates_are_of_a_place_in_the_county(lon: float | None, lat: float | None, told: set[str]) -> None:
    others = [school(f"21620001{n}", name=f"校{n}", lon=101 + n / 100, lat=38 + n / 100) for n in range(10, 15)]
    assert rules(made(schools=[school(lon=lon, lat=lat), *others])) == told


def test_two_schools_at_one_point_are_asked_about_unless_it_is_their_villages() -> None:
    def told(**more: object) -> int:
        pair = [school(name="甲", lon=101.1, lat=38.2, **more), school(POINT, name="乙", lon=101.1, lat=38.2, **more)]
        return len(found(made(schools=pair), "coordinates_shared"))

    assert told() == 1
    assert told(coordinates="wgs84") == 1
    assert told(coordinates="village_point") == 0


def test_a_school_registered_twice_does_not_share_its_point_with_itself() -> None:
    assert found(made(schools=[school(lon=101.1, lat=38.2)] * 2), "coordinates_shared") == []


def test_points_of_villages_are_looked_at_too() -> None:
    one = made(villages=[{"village": "620725100001", "name": "村", "lon": 38.2, "lat": 101.1}])
    (finding,) = found(one, "coordinates_exchanged")
    assert finding.place.table == "villages"


def test_both_numbers_are_shown() -> None:
    (one,) = found(made(schools=[school(lon=0, lat=0)]), "coordinates_zero")
    assert (one.place.key, one.found.zh) == ((PRIMARY,), "经度0，纬度0")
