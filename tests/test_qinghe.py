"""What is planted in examples/qinghe, proved on its files by arithmetic of its own (tests/qinghe.py)."""

import os
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
import python_calamine

from junheng.model import check, schema
from junheng.store.folder import read_county
from tests.qinghe import CODE, ITEMS, QINGHE, ROOT, YEARS, held, indicator, judged, pupils, ratio, rows, school, schools, squared_variation

# --- the county as a whole ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """What the script makes now."""
    folder = tmp_path_factory.mktemp("qinghe")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, str(QINGHE / "generate.py"), str(folder)], check=True, capture_output=True, env=environment)
    return folder


@pytest.mark.parametrize("year", YEARS)
def test_the_committed_tables_are_what_the_script_makes(made, year):
    now = {path.name: path.read_bytes() for path in (made / str(year)).iterdir()}
    kept = {path.name: path.read_bytes() for path in (QINGHE / str(year)).iterdir()}
    assert now.keys() == kept.keys()
    assert [name for name in now if now[name] != kept[name]] == []


def test_the_committed_returns_are_what_the_script_makes(made):
    def cells(folder: Path) -> dict[str, dict[str, list[list[object]]]]:
        books = {path.name: python_calamine.load_workbook(str(path)) for path in (folder / "returns" / "2025").iterdir()}
        return {name: {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names} for name, book in books.items()}

    assert cells(made) == cells(QINGHE)


# It has single ages, and no supervision zones yet: the planner that draws them starts from none as well. Pupils by village and ways
# are worked out from its other tables, pupils ahead from its forecast, prices and ceilings are those assumed; it has no pairs of schools.
WITHOUT = {
    *("age_groups", "supervision_zones", "zone_schools", "zone_inspectors", "village_pupils", "travel_times"),
    *("future_pupils", "school_pupils_ahead", "measure_costs", "site_limits", "school_links"),
}
# Tables that a plan for the years ahead reads: the county keeps them for the present year only.
SINCE_2025 = {
    *("road_nodes", "roads", "barriers", "crossings", "catchments", "catchment_villages", "village_groups"),
    "village_siblings",
    *("inspectors", "inspector_ties", "teachers", "teacher_wishes", "lesson_plan"),
    *("courses", "outcomes", "platform_days", "spending"),
}


def test_every_table_of_the_schema_has_rows_but_those_the_county_does_without():
    for year in YEARS:
        lacking = WITHOUT | (SINCE_2025 if year < 2025 else set())
        assert {path.stem for path in (QINGHE / str(year)).glob("*.csv")} == set(schema().tables) - lacking


def test_the_county_is_no_real_one():
    assert {row["county"] for row in rows("county_facts")} == {CODE}
    real = {"6201", "6202", "6203", "6204", "6205", "6206", "6207", "6208", "6209", "6210", "6211", "6212", "6229", "6230"}
    assert CODE[:4] not in real  # the prefectures of Gansu in the national list of codes


def test_it_has_schools_of_every_kind():
    kinds = Counter(row["kind"] for row in schools().values())
    assert kinds == {
        "kindergarten": 40,
        "primary": 32,
        "teaching_point": 12,
        "junior": 12,
        "nine_year": 7,
        "twelve_year": 1,
        "complete_secondary": 1,
        "senior": 2,
        "vocational": 1,
        "special": 1,
    }


def test_checking_finds_only_what_happened_between_the_years():
    before, after = (read_county(QINGHE, CODE, year) for year in YEARS)
    assert check(before) == []
    assert {(finding.rule, finding.place.key) for finding in check(after, before)} == {
        ("model.school_gone", (school("柳沟乡沙沟小学", 2024),)),
        ("model.school_new", (school("清河县新区小学"),)),
        ("model.school_renamed", (school("红柳镇育才小学"),)),
    }


@pytest.mark.parametrize("year", YEARS)
def test_classes_add_up_to_the_grades(year):
    grades: Counter[tuple[str, str]] = Counter()
    for row in rows("enrolment", year):
        grades[row["school"], row["grade"]] += int(row["pupils"])
    seated: Counter[tuple[str, str]] = Counter()
    for row in rows("classes", year):
        seated[row["school"], row["grade"]] += int(row["pupils"])
    by_band = {row["school"] for row in rows("class_sizes", year)}
    assert {key: number for key, number in grades.items() if key[0] not in by_band} == seated


@pytest.mark.parametrize("year", YEARS)
def test_degrees_subjects_ages_and_titles_add_up_to_the_teachers(year):
    count = {(row["school"], row["stage"]): int(row["teachers"]) for row in rows("staff", year)}
    degrees = ("doctors", "masters", "bachelors", "colleges", "below_college")
    assert {(r["school"], r["stage"]): sum(int(r[name]) for name in degrees if name in r) for r in rows("staff", year)} == count
    for table in ("staff_subjects", "staff_ages", "staff_titles"):
        sums = {
            (r["school"], r["stage"]): sum(int(v) for name, v in r.items() if name not in {"school", "stage"}) for r in rows(table, year)
        }
        assert sums == count


@pytest.mark.parametrize("year", YEARS)
def test_villages_add_up_to_the_county(year):
    total: Counter[tuple[str, str]] = Counter()
    for row in rows("village_population", year):
        total[row["age"], row["sex"]] += int(row["persons"])
    assert {(r["age"], r["sex"]): int(r["persons"]) for r in rows("population", year) if r["basis"] == "resident"} == total
    assert int(rows("county_facts", year)[0]["residents"]) == sum(total.values())


def test_children_of_the_age_fill_the_schools():
    children = {row["stage"]: int(row["school_age"]) for row in rows("stage_facts")}
    enrolled: Counter[str] = Counter()
    for (_, stage), number in pupils().items():
        enrolled[stage] += number
    assert all(Fraction(9, 10) < Fraction(enrolled[stage], children[stage]) <= 1 for stage in ("primary", "junior"))
    assert Fraction(85, 100) <= Fraction(enrolled["preschool"], children["preschool"]) < 1


# --- what is planted ------------------------------------------------------------------------------------------------


def test_one_school_is_exactly_on_all_seven_limits():
    site = school("清河县第五小学")
    assert pupils()[site, "primary"] == 1000
    assert [ratio(site, "primary", item) for item in ITEMS] == [1] * 7


def test_one_indicator_is_at_84_9_percent_and_one_at_85_0():
    below, at = school("石桥镇二坝小学"), school("沙井镇中心小学")
    assert ratio(below, "primary", "teaching") == Fraction("0.849")
    assert ratio(at, "primary", "teaching") == Fraction("0.85")
    for site in (below, at):
        assert all(ratio(site, "primary", item) >= 1 for item in ITEMS if item != "teaching")


def test_one_school_meets_six_of_seven_and_another_only_five():
    six, five = school("双泉镇中心小学"), school("双泉镇甘泉小学")
    assert {item: ratio(six, "primary", item) for item in ITEMS if ratio(six, "primary", item) < 1} == {"sports": Fraction("0.92")}
    short = {item: ratio(five, "primary", item) for item in ITEMS if ratio(five, "primary", item) < 1}
    assert short == {"sports": Fraction("0.9"), "multimedia": Fraction(20, 23)}  # both above 85 %, but two are too many


def test_one_town_school_has_too_little_ground():
    site = school("清河县第三小学")
    assert Fraction("0.82") < ratio(site, "primary", "sports") < Fraction("0.84")


def test_the_spread_of_primary_schools_is_just_inside_and_just_outside_the_limit():
    sports, equipment = squared_variation("primary", "sports"), squared_variation("primary", "equipment")
    assert Fraction("0.4985") ** 2 < sports < Fraction("0.4995") ** 2 < Fraction("0.5") ** 2
    assert Fraction("0.5") ** 2 < Fraction("0.5005") ** 2 < equipment < Fraction("0.5015") ** 2
    others = [squared_variation("primary", item) for item in ITEMS if item not in {"sports", "equipment"}]
    assert all(Fraction("0.01") < value < Fraction("0.2") for value in others)


def test_the_spread_of_junior_schools_is_just_inside_and_one_cannot_be_known():
    assert Fraction("0.4485") ** 2 < squared_variation("junior", "sports") < Fraction("0.4495") ** 2 < Fraction("0.45") ** 2
    assert [site for site in judged("junior") if indicator(site, "junior", "equipment") is None] == [school("沙井镇初级中学")]


def test_some_returns_are_missing_in_2025_and_none_was_in_2024():
    def without(table: str, year: int) -> set[str]:
        return {row["name"] for row in rows("schools", year)} - {
            schools(year)[r["school"]]["name"] for r in rows(table, year) if r["school"] in schools(year)
        }

    assert without("premises", 2025) == {"白杨镇石嘴教学点", "清河县蒙蒙幼儿园"}
    assert without("equipment", 2025) == {"沙井镇初级中学", "白杨镇石嘴教学点", "清河县蒙蒙幼儿园"}
    assert without("premises", 2024) == without("equipment", 2024) == set()
    assert pupils()[school("白杨镇石嘴教学点"), "primary"] < 50  # it is not judged, so its gap must not spoil the county's figures


def test_points_lie_on_both_sides_of_50_and_of_100():
    sizes = sorted(pupils()[code, "primary"] for code, row in schools().items() if row["kind"] == "teaching_point")
    assert sizes == [9, 18, 27, 36, 49, 50, 54, 58, 66, 76, 88, 95]


def test_a_class_of_46_stands_alone_and_others_sit_exactly_on_the_limit():
    primary = [(row["school"], int(row["pupils"])) for row in rows("classes") if row["stage"] == "primary"]
    assert [item for item in primary if item[1] > 45] == [(school("清河县第四小学"), 46)]
    assert (school("清河县第四小学"), 45) in primary
    junior = [(row["school"], int(row["pupils"])) for row in rows("classes") if row["stage"] == "junior"]
    assert max(size for _, size in junior) == 50
    assert [size for site, size in junior if site == school("石桥镇初级中学")].count(50) == 3


def test_two_schools_would_pass_only_by_a_concession_that_has_expired():
    large = schools()[school("清河县第一小学")]
    assert pupils()[large["school"], "primary"] == 2140  # above 2000, within 2400
    assert int(large["built_year"]) <= 2010
    site = school("东坝镇中心小学")
    rooms = [row for row in rows("special_rooms") if row["school"] == site]
    assert {row["area_m2"] for row in rooms if row["use"] == "music"} == {"73"}
    assert all(int(row["area_m2"]) >= 90 for row in rooms if row["use"] == "art")
    assert int(schools()[site]["built_year"]) <= 2016
    assert all(int(row["built_year"]) <= 2016 for row in rooms)


def test_a_rural_point_has_its_arts_teacher_only_as_a_visitor():
    site = school("石桥镇马莲教学点")
    (staff,) = [row for row in rows("staff") if row["school"] == site]
    assert 50 <= pupils()[site, "primary"] < 100
    assert schools()[site]["urban_rural"].startswith("2")
    assert (indicator(site, "primary", "pe_arts"), staff["visiting_pe_arts"]) == (0, "1")


def test_money_falls_short_at_one_small_school_and_training_at_another():
    funds = {row["school"]: Fraction(row["public_funds_yuan"]) for row in rows("finance")}
    small = {code for code in funds if schools()[code]["kind"] in {"primary", "teaching_point"} and pupils()[code, "primary"] < 100}
    assert [schools()[code]["name"] for code in small if funds[code] < 100 * 720] == ["白杨镇高崖教学点"]
    # the central school holds the money of its village site of 62, which counts as a hundred
    centre, site = school("柳沟乡中心小学"), next(row["campus"] for row in rows("campuses") if row["name"] == "柳沟乡沙沟小学")
    apart = Counter(row["school"] for row in rows("enrolment") for _ in range(int(row["pupils"])) if row["school"] in {centre, site})
    assert (apart[centre], apart[site]) == (289, 62)
    assert (289 + 62) * 720 < funds[centre] < (289 + 100) * 720
    share = {row["school"]: Fraction(row["training_yuan"]) / funds[row["school"]] for row in rows("finance")}
    assert [schools()[code]["name"] for code, part in share.items() if part < Fraction("0.05")] == ["红柳镇北滩小学"]


def test_one_campus_is_merged_and_one_is_judged_apart():
    names = {row["name"]: row for row in rows("campuses")}
    merged, apart = names["柳沟乡沙沟小学"], names["清河县城关九年制学校北校区"]
    assert (merged["counted"], merged["school"]) == ("false", school("柳沟乡中心小学"))
    assert (apart["counted"], apart["school"]) == ("true", school("清河县城关九年制学校"))
    assert {row["stage"] for row in rows("enrolment") if row["school"] == apart["campus"]} == {"primary"}
    assert merged["campus"] in schools(2024)


def test_an_all_through_school_repeats_the_worked_example():
    site = school("青羊乡九年制学校")
    books = held()[site]["books"]
    assert (pupils()[site, "primary"], pupils()[site, "junior"], books) == (166, 210, 23_226)
    per_primary_pupil = books / (166 + Fraction("1.1") * 210)
    assert (round(float(per_primary_pupil), 3), round(float(Fraction("1.1") * per_primary_pupil), 3)) == (58.504, 64.354)


def test_some_kindergarten_classes_are_over_size_but_most_are_not():
    most = {"k1": 25, "k2": 30, "k3": 35, "k0": 30}
    sizes = [(row["school"], int(row["pupils"]) > most[row["grade"]]) for row in rows("classes") if row["stage"] == "preschool"]
    assert {schools()[code]["name"] for code, over in sizes if over} == {"清河县春苗幼儿园", "清河县小太阳幼儿园"}
    assert Fraction(sum(not over for _, over in sizes), len(sizes)) >= Fraction("0.85")


def test_one_estate_kindergarten_is_neither_public_nor_inclusive():
    estate = [row for row in schools().values() if row["estate_kindergarten"] == "true"]
    assert [row["name"] for row in estate if row["ownership"] == "private" and row["inclusive"] == "false"] == ["清河县御景苑幼儿园"]


def test_one_monitored_subject_is_exactly_on_a_limit_that_must_not_be_reached():
    over = [(row["stage"], row["subject"]) for row in rows("monitoring") if Fraction(row["between_schools"]) >= Fraction("0.15")]
    assert over == [("junior", "mathematics")]
    assert Fraction(next(r["between_schools"] for r in rows("monitoring") if (r["stage"], r["subject"]) == over[0])) == Fraction("0.15")


def test_some_evidence_is_there_some_is_not_and_one_veto_is_unchecked():
    items = {row["item"]: row["conclusion"] for row in rows("evidence")}
    assert "quality-balance-2017.assurance-14" not in items
    assert "quality-balance-2017.quality-8" not in items
    assert items["quality-balance-2017.quality-5"] == "partly"
    assert {row["occurred"] for row in rows("vetoes")} == {"false"}
    assert "tutoring" not in {row["veto"] for row in rows("vetoes")}


def test_between_the_years_a_school_opened_one_was_merged_and_one_renamed():
    old, new = ({code: row["name"] for code, row in schools(year).items()} for year in YEARS)
    assert {new[code] for code in new.keys() - old.keys()} == {"清河县新区小学"}
    assert {old[code] for code in old.keys() - new.keys()} == {"柳沟乡沙沟小学"}
    assert {(old[code], new[code]) for code in old.keys() & new.keys() if old[code] != new[code]} == {("红柳镇第二小学", "红柳镇育才小学")}
