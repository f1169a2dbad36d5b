"""Catchments that leave a school or a village out are found; a stage for which none were drawn is not asked."""

from __future__ import annotations

from tests.model.made import NINE_YEAR, PRIMARY, Row, found, made, rules, school

VILLAGES: list[Row] = [{"village": f"62072500100{k}", "name": f"第{k}村"} for k in (1, 2)]
PUPILS: list[Row] = [
    {"school": code, "stage": stage, "grade": "all", "sex": "all", "pupils": 40}
    for code, stage in ((PRIMARY, "primary"), (NINE_YEAR, "primary"), (NINE_YEAR, "junior"))
]
ZONES: list[Row] = [{"stage": "primary", "school": code, "zone": code} for code in (PRIMARY, NINE_YEAR)]
MEMBERS: list[Row] = [
    {"stage": "primary", "village": row["village"], "zone": zone} for row, zone in zip(VILLAGES, (PRIMARY, NINE_YEAR), strict=True)
]
TABLES = {"schools": [school(PRIMARY), school(NINE_YEAR, "nine_year")], "villages": VILLAGES, "enrolment": PUPILS}
RULES = {"school_outside_every_catchment", "village_outside_every_catchment", "catchment_without_school", "catchment_without_villages"}


def test_whole_catchments_and_none_at_all_are_in_order() -> None:
    assert not RULES & rules(made(**TABLES, catchments=ZONES, catchment_villages=MEMBERS))
    assert not RULES & rules(made(**TABLES))


def test_a_public_school_outside_every_catchment_is_found_and_its_villages_with_it() -> None:
    county = made(**TABLES, catchments=ZONES[:1], catchment_villages=MEMBERS)
    (outside,) = found(county, "school_outside_every_catchment")
    assert (outside.severity, outside.place.key) == ("warning", (NINE_YEAR,))
    assert outside.found.zh.endswith("（小学）")
    (lone,) = found(county, "catchment_without_school")
    assert lone.place.key == ("primary", VILLAGES[1]["village"])


def test_a_private_school_may_be_outside() -> None:
    schools = [school(PRIMARY), {**school(NINE_YEAR, "nine_year"), "ownership": "private"}]
    county = made(**{**TABLES, "schools": schools}, catchments=ZONES[:1], catchment_villages=[{**row, "zone": PRIMARY} for row in MEMBERS])
    assert not RULES & rules(county)


def test_a_village_in_no_catchment_and_a_catchment_of_no_village_are_found() -> None:
    county = made(**TABLES, catchments=ZONES, catchment_villages=MEMBERS[:1])
    (village,) = found(county, "village_outside_every_catchment")
    assert village.place.key == (VILLAGES[1]["village"],)
    (empty,) = found(county, "catchment_without_villages")
    assert empty.place.key == ("primary", NINE_YEAR)
