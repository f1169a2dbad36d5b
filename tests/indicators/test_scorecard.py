"""The judge on small counties: missing, merged, excluded, conceded, evidence, vetoes, nothing at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from junheng import standards
from junheng.documents import PackageFile
from junheng.errors import StandardsError
from junheng.indicators import evaluate, shipped_catalogue
from junheng.store import read_county
from tests.indicators.small import DAY, QUALITY, pupils, rules, school, small

SEVEN = {  # what 100 primary pupils need of each, exactly
    "staff": {"doctors": 0, "masters": 0, "bachelors": 4, "colleges": 1, "backbone": 1},
    "staff_subjects": {"pe": 1, "music": 0, "fine_art": 0, "arts": 0},
    "premises": {"teaching_area_m2": 450, "indoor_sports_area_m2": 0, "sports_ground_area_m2": 750, "multimedia_rooms": 3},
    "equipment": {"teaching_equipment_yuan": 200000},
}


def seven(code: str, **other: object) -> dict[str, list[dict[str, object]]]:
    """Return the rows of a primary school of 100 pupils that meets all seven, with some cells otherwise."""
    rows: dict[str, list[dict[str, object]]] = {}
    for table, cells in SEVEN.items():
        key: dict[str, object] = {"school": code} | ({"stage": "primary"} if table.startswith("staff") else {})
        rows[table] = [{**key, **{name: other.get(name, value) for name, value in cells.items()}}]
    return rows


def judged(**other: object):
    county = small(schools=[school("A")], enrolment=[pupils("A", "primary", 100)], **seven("A", **other))
    return evaluate(county, rules().framework(QUALITY), rules())


def unit(card) -> dict[str, object]:
    return card.units.filter(pl.col("part") == "resources").row(0, named=True)


@pytest.mark.parametrize(
    ("other", "met", "verdict"),
    [
        ({}, 7, "met"),
        ({"sports_ground_area_m2": Decimal("637.5")}, 6, "met"),  # exactly 85 %
        ({"sports_ground_area_m2": Decimal("637.4999")}, 6, "missed"),
        ({"sports_ground_area_m2": 700, "teaching_area_m2": 400}, 5, "missed"),  # five of seven, the others near
        ({"sports_ground_area_m2": None}, 6, "not_decided"),
        ({"sports_ground_area_m2": None, "teaching_area_m2": None}, 5, "not_decided"),
        ({"sports_ground_area_m2": None, "teaching_area_m2": 400}, 5, "not_decided"),
        ({"sports_ground_area_m2": None, "teaching_area_m2": 400, "multimedia_rooms": 2}, 4, "missed"),  # six are out of reach
        ({"sports_ground_area_m2": None, "teaching_area_m2": 100}, 5, "missed"),
    ],
)
def test_six_of_seven_and_the_rest_at_85_percent(other: dict[str, object], met: int, verdict: str):
    found = unit(judged(**other))
    assert (found["met"], found["verdict"]) == (met, verdict)


def test_missing_is_not_zero():
    row = judged(indoor_sports_area_m2=None).of("conditions.teaching_area").row(0, named=True)
    assert (row["value"], row["numerator"], row["verdict"], row["missing"]) == (None, None, "no_data", 1)


def test_a_school_without_any_row_in_a_table_has_no_data_and_spoils_the_coefficient():
    county = small(
        schools=[school("A"), school("B")],
        enrolment=[pupils("A", "primary", 100), pupils("B", "primary", 100)],
        equipment=[{"school": "A", "teaching_equipment_yuan": 1}],
    )
    card = evaluate(county, rules().framework(QUALITY), rules())
    assert card.of("conditions.equipment_value").select("school", "verdict").rows() == [("A", "missed"), ("B", "no_data")]
    cv = card.of("conditions.equipment_value.cv", stage="primary").row(0, named=True)
    assert (cv["value"], cv["missing"], cv["verdict"]) == (None, 1, "no_data")


def test_a_school_that_sent_no_pupils_is_listed_by_its_kind():
    card = evaluate(small(schools=[school("N", "nine_year")]), rules().framework(QUALITY), rules())
    assert card.of("conditions.teaching_area").select("stage", "verdict").rows() == [("junior", "no_data"), ("primary", "no_data")]


def test_a_pupil_count_missing_in_one_grade_makes_the_school_unknown():
    county = small(
        schools=[school("A")],
        enrolment=[pupils("A", "primary", 50) | {"grade": "1"}, pupils("A", "primary", None) | {"grade": "2"}],
        **seven("A"),
    )
    card = evaluate(county, rules().framework(QUALITY), rules())
    assert set(card.items.filter(pl.col("part") == "resources")["verdict"]) == {"no_data"}


def test_sites_are_merged_unless_they_are_judged_apart():
    def county(counted: bool):
        return small(
            schools=[school("A")],
            campuses=[{"campus": "A1", "school": "A", "name": "A1", "counted": counted}],
            enrolment=[pupils("A", "primary", 100), pupils("A1", "primary", 50)],
            premises=[
                {"school": "A", "sports_ground_area_m2": 600, "indoor_sports_area_m2": 0},
                {"school": "A1", "sports_ground_area_m2": 300, "indoor_sports_area_m2": 0},
            ],
        )

    def values(counted: bool):
        return (
            evaluate(county(counted), None, rules(), also=["conditions.sports_area"])
            .of("conditions.sports_area")
            .select("school", "value")
            .rows()
        )

    assert values(counted=False) == [("A", 6.0)]
    assert values(counted=True) == [("A", 6.0), ("A1", 6.0)]


def test_a_merged_site_with_an_empty_cell_makes_the_sum_unknown():
    county = small(
        schools=[school("A")],
        campuses=[{"campus": "A1", "school": "A", "name": "A1"}],
        enrolment=[pupils("A", "primary", 100)],
        premises=[
            {"school": "A", "sports_ground_area_m2": 600, "indoor_sports_area_m2": 0},
            {"school": "A1", "sports_ground_area_m2": None, "indoor_sports_area_m2": 0},
        ],
    )
    card = evaluate(county, None, rules(), also=["conditions.sports_area"])
    assert card.of("conditions.sports_area")["value"].to_list() == [None]


def test_small_points_special_and_vocational_schools_are_left_out_with_the_reason():
    county = small(
        schools=[
            school("P49", "teaching_point"),
            school("P50", "teaching_point"),
            school("S", "special"),
            school("V", "vocational"),
            school("A"),
        ],
        enrolment=[
            pupils("P49", "primary", 49),
            pupils("P50", "primary", 50),
            pupils("S", "special", 80),
            pupils("V", "junior", 200),
            pupils("A", "primary", 30),
        ],
    )
    card = evaluate(county, rules().framework(QUALITY), rules())
    assert card.of("conditions.teaching_area")["school"].to_list() == ["A", "P50"]  # a school of 30 that is not a point stays in
    assert card.excluded.select("school", "reason").rows() == [("P49", "small_teaching_point"), ("S", "special"), ("V", "vocational")]


def test_a_point_whose_pupils_are_unknown_is_not_excluded():
    county = small(schools=[school("P", "teaching_point")], enrolment=[pupils("P", "primary", None)])
    card = evaluate(county, rules().framework(QUALITY), rules())
    assert card.of("conditions.teaching_area")["verdict"].to_list() == ["no_data"]
    assert card.excluded.is_empty()


def test_a_concession_on_what_is_counted():
    # a rural point of 60 pupils with no PE teacher of its own and one who visits: 1.67 per 100
    def verdict(urban_rural: str, visiting: int | None, number: int = 60):
        county = small(
            schools=[school("P", "teaching_point", urban_rural=urban_rural)],
            enrolment=[pupils("P", "primary", number)],
            staff_subjects=[{"school": "P", "stage": "primary", "pe": 0, "music": 0, "fine_art": 0, "arts": 0}],
            staff=[{"school": "P", "stage": "primary", "visiting_pe_arts": visiting}],
        )
        row = evaluate(county, rules().framework(QUALITY), rules()).of("teachers.pe_arts_per_100").row(0, named=True)
        return row["verdict"], row["concession"], row["value"]

    assert verdict("220", 1) == ("met_by_concession", "small_rural_visiting", 0.0)
    assert verdict("111", 1) == ("missed", None, 0.0)
    assert verdict("220", None) == ("missed", None, 0.0)
    assert verdict("220", 1, number=110) == ("missed", None, 0.0)


def test_the_floor_may_be_kept_by_a_concession_and_says_so():
    # a core city school of 100 pupils: 600 m2 of its own and 100 m2 leased; the limit is 750, the floor 637.5
    lease = {"lease_contract": "C1", "lease_reserved": True, "lease_walk_minutes": 10, "lease_safe_route": True}

    def judged_with(leased: int):
        county = small(
            schools=[school("A", urban_rural="111")],
            enrolment=[pupils("A", "primary", 100)],
            premises=[
                {"school": "A", "sports_ground_area_m2": 600, "indoor_sports_area_m2": 0, "leased_sports_area_m2": leased}
                | {"over_density_document": "D1", **lease}
            ],
        )
        row = evaluate(county, rules().framework(QUALITY), rules()).of("conditions.sports_area").row(0, named=True)
        return row["verdict"], row["concession"], row["value"]

    assert judged_with(100) == ("near", "dense_city_core", 6.0)
    assert judged_with(150) == ("met_by_concession", "dense_city_core", 6.0)
    assert judged_with(30) == ("missed", None, 6.0)


@pytest.mark.parametrize(
    ("day", "built", "number", "verdict"),
    [
        (date(2021, 9, 1), 2005, 2000, "met"),
        (date(2021, 9, 1), 2005, 2300, "met_by_concession"),
        (date(2021, 9, 1), 2015, 2300, "missed"),
        (date(2021, 9, 1), None, 2300, "missed"),  # a concession needs its proof
        (date(2021, 9, 1), 2005, 2401, "missed"),
        (date(2025, 9, 1), 2005, 2300, "missed"),  # it ended in 2022
    ],
)
def test_a_relaxed_limit_holds_under_its_condition_and_until_its_end(day: date, built: int | None, number: int, verdict: str):
    county = small(schools=[school("A", built_year=built)], enrolment=[pupils("A", "primary", number)])
    card = evaluate(county, rules(day).framework(QUALITY), rules(day))
    row = card.of("school_size.pupils").row(0, named=True)
    assert row["verdict"] == verdict
    assert row["limit"] == 2000


def test_a_relaxed_limit_inside_a_formula():
    # 12 classes, one music room of 80 m2: too small by the ordinary 96, enough by the 73 of a school built before 2017
    county = small(
        schools=[school("A", built_year=2010)],
        enrolment=[pupils("A", "primary", 480)],
        classes=[{"school": "A", "stage": "primary", "class": f"C{n}", "pupils": 40} for n in range(12)],
        special_rooms=[{"school": "A", "room": "R", "use": "music", "area_m2": 80}],
    )
    now, then = (
        evaluate(county, rules(day).framework(QUALITY), rules(day)).of("rooms.music").row(0, named=True) for day in (DAY, date(2021, 9, 1))
    )
    assert (now["verdict"], now["value"]) == ("missed", 0.0)
    assert (then["verdict"], then["concession"], then["value"]) == ("met_by_concession", "built_before_2017", 0.0)


def test_a_thirteenth_class_needs_a_second_room():
    def share(classes: int) -> float:
        county = small(
            schools=[school("A")],
            enrolment=[pupils("A", "primary", 480)],
            classes=[{"school": "A", "stage": "primary", "class": f"C{n}", "pupils": 40} for n in range(classes)],
            special_rooms=[{"school": "A", "room": "R", "use": "music", "area_m2": 96}],
        )
        return evaluate(county, None, rules(), also=["rooms.music"]).of("rooms.music")["value"].item()

    assert (share(12), share(13)) == (100.0, 50.0)


def test_bands_of_class_sizes_are_judged_where_they_can_be():
    def verdict(band: str, stage: str):
        county = small(
            schools=[school("A", "nine_year")],
            enrolment=[pupils("A", stage, 100)],
            class_sizes=[{"school": "A", "stage": stage, "grade": "all", "band": band, "classes": 2}],
        )
        return evaluate(county, rules().framework(QUALITY), rules()).of("class_size.oversized_share")["verdict"].to_list()

    assert verdict("41-45", "primary") == ["met"]
    assert verdict("46-50", "primary") == ["missed"]
    assert verdict("46-50", "junior") == ["met"]
    assert verdict("all", "junior") == ["no_data"]


def test_evidence_and_vetoes():
    item, other = "quality-balance-2017.assurance-1", "quality-balance-2017.assurance-10"
    county = small(
        schools=[school("A")],
        evidence=[{"item": item, "conclusion": "met", "document": "附件1"}, {"item": other, "conclusion": "met", "document": ""}],
        vetoes=[{"veto": "key_schools", "occurred": True, "document": "查处决定"}, {"veto": "accident", "occurred": False}],
    )
    card = evaluate(county, rules().framework(QUALITY), rules())
    verdicts = dict(card.items.filter(pl.col("requirement").is_in([item, other])).select("requirement", "verdict").iter_rows())
    assert verdicts == {item: "met", other: "needs_evidence"}  # a conclusion without its document is not evidence
    assert dict(card.vetoes.select("veto", "verdict").iter_rows())["key_schools"] == "occurred"
    assert dict(card.vetoes.select("veto", "verdict").iter_rows())["tutoring"] == "not_checked"
    assert card.whole["verdict"].to_list() == ["missed"]


def test_an_empty_county_has_no_data():
    for name in rules().frameworks:
        card = evaluate(small(), rules().framework(name), rules())
        assert set(card.items["verdict"]) <= {"no_data", "needs_evidence"}
        assert card.whole["verdict"].to_list() == ["not_decided"]
        assert set(card.parts["verdict"]) == {"not_decided"}
        of_schools = {part.id for part in rules().framework(name).all_parts if "school" in part.each}  # there is none
        assert set(card.items["part"]) | of_schools >= {part.id for part in rules().framework(name).all_parts}


def test_an_empty_county_shows_every_indicator_without_crashing():
    card = evaluate(small(), None, rules(), also=list(shipped_catalogue()))
    assert card.items["value"].null_count() == card.items.height


def test_nothing_asked_is_nothing_found():
    assert evaluate(small(), None, rules()).items.is_empty()


def test_counties_under_different_overlays_and_days_stay_one_statement():
    stricter = """title: {zh: 班额上限, en: Largest class allowed}
jurisdiction: cn-99
unit: pupils/class
by: stage
holds_when: value <= limit
reviewed: null
values:
  primary:
    2020-01-01: {value: 40, source: moe-inspection-2017-6#assurance-5, confidence: L S1}
"""
    shelf = standards.read_library([PackageFile("class_size/maximum.yaml", stricter)], "cn-99", (standards.shipped(),))
    books = {
        "110101": rules(),
        "990101": standards.Rulebook((standards.shipped(), shelf), DAY),
        "990102": standards.Rulebook((standards.shipped(), shelf), date(2019, 9, 1)),
    }
    counties = [
        small(
            code,
            schools=[school("A")],
            enrolment=[pupils("A", "primary", 42)],
            classes=[{"school": "A", "stage": "primary", "class": "1", "pupils": 42}],
        )
        for code in books
    ]
    card = evaluate(counties, rules().framework(QUALITY), books)
    rows = card.of("class_size.oversized_share")
    assert rows.select("county", "value", "verdict").rows() == [("110101", 0.0, "met"), ("990101", 100.0, "missed"), ("990102", 0.0, "met")]


def test_a_county_given_twice_and_one_without_rules_are_refused():
    with pytest.raises(StandardsError, match="once"):
        evaluate([small(), small()], None, rules(), also=["retention.junior"])
    with pytest.raises(StandardsError, match="standards of 620725"):
        evaluate(small(), None, {}, also=["retention.junior"])


def test_years_since_a_recognition_are_counted_to_the_school_year():
    county = small(county_facts=[{"county": "620725", "basic_balance_year": 2018}])
    card = evaluate(county, None, rules(), also=["basic_balance.years_since"])
    assert card.of("basic_balance.years_since")["value"].to_list() == [7.0]


def test_exact_and_displayed_values_stand_side_by_side():
    row = judged(bachelors=3).of("teachers.above_degree_per_100").row(0, named=True)
    assert (row["numerator"], row["denominator"], row["weight"], row["value"]) == (4, 100, 100, 4.0)
    assert row["verdict"] == "near"


def test_a_limit_of_too_many_digits_is_refused_and_not_rounded():
    text = """title: {zh: 班额上限, en: Largest class allowed}
jurisdiction: cn-99
unit: pupils/class
by: stage
holds_when: value <= limit
reviewed: null
values:
  primary:
    2020-01-01: {value: 40.000000001, source: moe-inspection-2017-6#assurance-5, confidence: L S1}
"""
    shelf = standards.read_library([PackageFile("class_size/maximum.yaml", text)], "cn-99", (standards.shipped(),))
    book = standards.Rulebook((standards.shipped(), shelf), DAY)
    with pytest.raises(StandardsError, match="at most 7 digits before and 8 after"):
        evaluate(small(), None, book, also=["class_size.oversized_share"])


def test_a_three_valued_item_and_a_stage_that_is_not_asked():
    framework = rules().framework(QUALITY)
    part = next(part for part in framework.parts if part.id == "resources")
    items = tuple(
        replace(item, near=None, partly="rooms.share.minimum" if item.indicator == "rooms.music" else None, stages=("junior",))
        for item in part.requirements
    )
    changed = replace(framework, parts=(replace(part, requirements=items),), eligibility=None, vetoes=())
    county = small(schools=[school("A")], enrolment=[pupils("A", "primary", 100)], **seven("A"))
    assert evaluate(county, changed, rules()).items.is_empty()


def test_a_county_figure_over_many_rows_is_one_item(root: Path) -> None:
    """A relation of which nothing is said about its rows is grouped for the county too (it was once taken for a single row)."""
    county = read_county(root / "examples/qinghe", "629921", 2025)
    for framework in ("preschool-inclusive-2020", "quality-balance-2017"):
        card = evaluate(county, rules().framework(framework), rules())
        assert card.items.select("part", "requirement", "indicator", "school", "stage").is_unique().all(), framework
