"""What is planted in examples/qinghe, proved on its files by arithmetic of its own: nothing here reads the code under test."""

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from junheng.model import check, schema
from junheng.store.folder import read_county

ROOT = Path(__file__).resolve().parents[1]
QINGHE = ROOT / "examples" / "qinghe"
CODE = "629921"
YEARS = (2024, 2025)
ITEMS = ("above_degree", "backbone", "pe_arts", "teaching", "sports", "equipment", "multimedia")
LIMIT = {  # the seven resource indicators, from the document: per 100 pupils, or per pupil
    "primary": dict(zip(ITEMS, map(Fraction, ("4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3")), strict=True)),
    "junior": dict(zip(ITEMS, map(Fraction, ("5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4")), strict=True)),
}
SHARE = {"primary": Fraction(1), "junior": Fraction("1.1"), "senior": Fraction("1.32")}
SHARE_COMPLETE = {"junior": Fraction(1), "senior": Fraction("1.2")}


@cache
def rows(table: str, year: int = 2025) -> list[dict[str, str]]:
    with (QINGHE / str(year) / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def schools(year: int = 2025) -> dict[str, dict[str, str]]:
    return {row["school"]: row for row in rows("schools", year)}


def school(name: str, year: int = 2025) -> str:
    (code,) = [code for code, row in schools(year).items() if row["name"] == name]
    return code


def judged_as(site: str, year: int = 2025) -> str:
    """A campus that is not judged apart counts with its school."""
    merged = {row["campus"]: row["school"] for row in rows("campuses", year) if row["counted"] == "false"}
    return merged.get(site, site)


@cache
def pupils(year: int = 2025) -> Counter[tuple[str, str]]:
    count: Counter[tuple[str, str]] = Counter()
    for row in rows("enrolment", year):
        count[judged_as(row["school"], year), row["stage"]] += int(row["pupils"])
    return count


@cache
def held(year: int = 2025) -> dict[str, dict[str, Fraction | None]]:
    """What each school has; None when a row of it was not sent."""
    total: dict[str, dict[str, Fraction | None]] = defaultdict(dict)
    sites = {row["school"] for row in rows("enrolment", year)}
    for table in ("premises", "equipment"):
        sent = {row["school"]: row for row in rows(table, year)}
        columns = next(iter(sent.values())).keys() - {"school"}
        for site in sites:
            whole = total[judged_as(site, year)]
            for column in columns:
                before = whole.get(column, Fraction(0))
                missing = before is None or site not in sent
                whole[column] = None if missing else before + Fraction(sent[site].get(column) or 0)
    return total


@cache
def teachers(year: int = 2025) -> dict[tuple[str, str], Counter[str]]:
    count: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for table in ("staff", "staff_subjects"):
        for row in rows(table, year):
            its = count[judged_as(row["school"], year), row["stage"]]
            its.update({column: int(value or 0) for column, value in row.items() if column not in {"school", "stage"}})
    return count


def resource(site: str, item: str) -> Fraction | None:
    its = held()[site]
    plus, minus = {
        "teaching": (("teaching_area_m2",), ("indoor_sports_area_m2",)),
        "sports": (("sports_ground_area_m2", "indoor_sports_area_m2"), ()),
        "equipment": (("teaching_equipment_yuan",), ()),
        "multimedia": (("multimedia_rooms",), ()),
    }[item]
    parts = [its[name] for name in (*plus, *minus)]
    if None in parts:
        return None
    return sum(its[name] for name in plus) - sum(its[name] for name in minus)


def indicator(site: str, stage: str, item: str) -> Fraction | None:
    """The value per pupil (or per 100) of one school and stage; what an all-through school shares is split by weight."""
    number = pupils()[site, stage]
    its = teachers()[site, stage]
    people = {
        "above_degree": its["doctors"] + its["masters"] + its["bachelors"] + (its["colleges"] if stage == "primary" else 0),
        "backbone": its["backbone"],
        "pe_arts": its["pe"] + its["music"] + its["fine_art"] + its["arts"],
    }
    if item in people:
        return Fraction(100 * people[item], number)
    total = resource(site, item)
    weights = SHARE_COMPLETE if schools().get(site, {}).get("kind") == "complete_secondary" else SHARE
    weighted = sum(weight * pupils()[site, other] for other, weight in weights.items())
    per_pupil = None if total is None else weights[stage] * total / weighted
    return per_pupil if item != "multimedia" or per_pupil is None else 100 * per_pupil


def ratio(site: str, stage: str, item: str) -> Fraction:
    value = indicator(site, stage, item)
    assert value is not None
    return value / LIMIT[stage][item]


def judged(stage: str) -> Iterator[str]:
    """The schools to which the seven indicators apply."""
    for (site, its), number in pupils().items():
        kind = schools().get(site, {}).get("kind")
        if its == stage and kind not in {"special", "vocational"} and not (kind == "teaching_point" and number < 50):
            yield site


def squared_variation(stage: str, item: str) -> Fraction:
    """The square of the coefficient of variation, weighted by pupils: exact, so that a limit can be compared exactly."""
    values = [(pupils()[site, stage], indicator(site, stage, item)) for site in judged(stage)]
    everyone = sum(number for number, _ in values)
    mean = sum(number * value for number, value in values) / everyone
    return sum(number * (value - mean) ** 2 for number, value in values) / everyone / mean**2


# --- the county as a whole ------------------------------------------------------------------------------------------


def test_the_committed_files_are_what_the_script_makes(tmp_path):
    script = [sys.executable, str(QINGHE / "generate.py"), str(tmp_path)]
    subprocess.run(script, check=True, capture_output=True, env={"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"})
    for year in YEARS:
        made = {path.name: path.read_bytes() for path in (tmp_path / str(year)).iterdir()}
        kept = {path.name: path.read_bytes() for path in (QINGHE / str(year)).iterdir()}
        assert made.keys() == kept.keys()
        assert [name for name in made if made[name] != kept[name]] == []


def test_every_table_of_the_schema_has_rows():
    for year in YEARS:
        assert {path.stem for path in (QINGHE / str(year)).glob("*.csv")} == set(schema().tables)


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


# --- the map --------------------------------------------------------------------------------------------------------


def ring(geometry: str) -> list[tuple[float, float]]:
    shape = json.loads(geometry)
    assert shape["type"] == "Polygon"
    (line,) = shape["coordinates"]
    assert line[0] == line[-1]
    return [(lon, lat) for lon, lat in line]


def area(line: list[tuple[float, float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(line)) / 2


def crossing(a, b, c, d) -> bool:
    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def test_no_outline_crosses_itself_and_all_run_counter_clockwise():
    for row in (*rows("villages"), *rows("districts")):
        line = ring(row["geometry"])
        assert area(line) > 0
        sides = list(pairwise(line))
        assert not any(crossing(*one, *two) for i, one in enumerate(sides) for two in sides[i + 2 :]), row["name"]


def test_villages_tile_their_townships_without_gap_or_overlap():
    covered: Counter[str] = Counter()
    for row in rows("villages"):
        covered[row["district"]] += area(ring(row["geometry"]))
    for row in rows("districts"):
        assert covered[row["district"]] == pytest.approx(area(ring(row["geometry"])), rel=1e-9)


def test_neighbours_are_those_that_share_a_border():
    owner: dict[tuple, set[str]] = defaultdict(set)
    for row in rows("villages"):
        for a, b in pairwise(ring(row["geometry"])):
            owner[min(a, b), max(a, b)].add(row["village"])
    assert max(map(len, owner.values())) == 2
    assert {tuple(sorted(pair)) for pair in owner.values() if len(pair) == 2} == {
        (r["village_a"], r["village_b"]) for r in rows("adjacency")
    }


def test_every_school_stands_inside_its_village():
    outline = {row["village"]: ring(row["geometry"]) for row in rows("villages")}
    for row in rows("schools"):
        x, y = float(row["lon"]), float(row["lat"])
        sides = [(a, b) for a, b in pairwise(outline[row["village"]]) if (a[1] > y) != (b[1] > y)]
        right = sum(x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) for a, b in sides)
        assert right % 2 == 1, row["name"]


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
