"""Supervision zones that leave something open are found; a county without zones is not asked."""

from __future__ import annotations

from tests.model.made import NINE_YEAR, PRIMARY, found, made, rules, school

SCHOOLS = [school(PRIMARY), school(NINE_YEAR, "nine_year"), school("1162000009", "kindergarten")]
ZONES = [{"zone": "1", "seat": PRIMARY, "inspectors": 2}, {"zone": "2", "seat": NINE_YEAR, "inspectors": 2}]
ALL = [{"school": PRIMARY, "zone": "1"}, {"school": NINE_YEAR, "zone": "2"}]
RULES = {"school_outside_every_zone", "zone_without_schools", "seat_in_another_zone"}


def test_whole_zones_and_none_at_all_are_in_order() -> None:
    assert not RULES & rules(made(schools=SCHOOLS, supervision_zones=ZONES, zone_schools=ALL))
    assert not RULES & rules(made(schools=SCHOOLS))


def test_a_school_outside_every_zone_is_found_and_so_is_the_zone_it_leaves_empty() -> None:
    county = made(schools=SCHOOLS, supervision_zones=ZONES, zone_schools=ALL[:1])
    (outside,) = found(county, "school_outside_every_zone")
    assert (outside.severity, outside.place.key) == ("warning", (NINE_YEAR,))
    assert [one.place.key for one in found(county, "zone_without_schools")] == [("2",)]
    assert [one.place.key for one in found(county, "seat_in_another_zone")] == [("2",)]


def test_inspectors_set_out_from_a_school_of_their_zone() -> None:
    county = made(schools=SCHOOLS, supervision_zones=[{**ZONES[0], "seat": NINE_YEAR}, ZONES[1]], zone_schools=ALL)
    (away,) = found(county, "seat_in_another_zone")
    assert (away.place.key, away.found.en) == (("1",), f"{NINE_YEAR} is in zone 2")


def test_zones_and_schools_that_are_not_there_are_found() -> None:
    county = made(schools=SCHOOLS, supervision_zones=ZONES, zone_schools=[*ALL, {"school": "2162000099", "zone": "3"}])
    assert len(found(county, "unknown_reference")) == 1
    assert len(found(county, "unknown_school")) == 1


def test_inspectors_with_ties_and_zones_with_another_number_of_them_are_found() -> None:
    people = [{"inspector": f"D{k}", "home": PRIMARY} for k in range(3)]
    ties = [{"inspector": "D0", "school": PRIMARY, "reason": "former_post"}, {"inspector": "D1", "school": PRIMARY, "reason": "relative"}]
    where = [{"inspector": "D0", "zone": "1"}, {"inspector": "D1", "zone": "2"}, {"inspector": "D2", "zone": "2"}]
    zones = [{**ZONES[0], "inspectors": 2}, ZONES[1]]
    county = made(schools=SCHOOLS, supervision_zones=zones, zone_schools=ALL, inspectors=people, inspector_ties=ties, zone_inspectors=where)
    (tied,) = found(county, "inspector_with_ties")
    assert (tied.place.key, tied.found.zh) == (("D0",), f"D0在责任区1，须回避{PRIMARY}")
    (differ,) = found(county, "zone_inspectors_differ")
    assert (differ.place.key, differ.found.en) == (("1",), "zone 1 has 1 by name, 2 as told")
