"""The real city through the path of a user: imported into a fresh copy, judged by its own framework, checked with plain fractions."""

import csv
import shutil
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook

from junheng.store import read_county
from junheng.workflow.assess import assess
from junheng.workflow.importing import import_returns

OWN = "published-returns-2014"
GRADES = {"primary": ("國小", "國民小學概況統計", range(1, 7)), "junior": ("國中", "國民中學概況統計", range(7, 10))}
STAFF, TEACHERS, SITE, FLOOR, CURRENT = 13, 14, 34, 35, 38  # columns of the school table


@pytest.fixture(scope="module")
def city(root, tmp_path_factory):
    """Return a copy of the example's folder as it is before any import, and what the import of 2014 said."""
    folder = tmp_path_factory.mktemp("city") / "tainan"
    shutil.copytree(root / "examples/tainan", folder, ignore=shutil.ignore_patterns("island", "*.py", "2012", "2013"))
    return folder, import_returns(folder, 2014)


@pytest.fixture(scope="module")
def judged(city):
    return assess(city[0], 2014)


@pytest.fixture(scope="module")
def county(city):
    return read_county(city[0], "67000", 2014)


# ── read here without the code under test ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def records(root):
    """Return the records of the school table by code: the rows below its two header rows."""
    book = CalamineWorkbook.from_path(root / "examples/tainan/returns/2014/臺南市學校概況.xlsx")
    return {row[0]: row for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)[4:] if row[0]}


def grades(root, year):
    """Yield (school, stage, pupils, classes) of the ministry's tables."""
    for stage, (_, name, span) in GRADES.items():
        path = root / f"examples/tainan/returns/{year}/{name}_{year - 1911}學年度.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            _, upper, _, *rows = csv.reader(file)
        for row in rows:
            starts = [upper.index(f"{grade}年級") for grade in span]
            pupils = sum(int(row[at + 1]) + int(row[at + 2]) for at in starts)
            yield row[4], stage, pupils, sum(int(row[at]) for at in starts)


@pytest.fixture(scope="module")
def pupils(root):
    return {(school, stage): number for school, stage, number, _ in grades(root, 2014) if number}


def squared_variation(values):
    """Return the square of the coefficient of variation of (weight, value) pairs, weighted."""
    total = sum(weight for weight, _ in values)
    mean = sum(weight * value for weight, value in values) / total
    return sum(weight * (value - mean) ** 2 for weight, value in values) / total / mean**2


def item(judged, school, number):
    (unit,) = (unit for unit in judged.units if unit.school == school)
    return next(item for item in unit.items if item.number == number)


# ── the import ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_record_that_was_published_comes_in(city, county, records, pupils):
    _, result = city
    assert len(records) == 269
    assert set(county.tables["staff"]["school"]) == set(county.tables["premises"]["school"]) == set(records)
    assert set(county.tables["schools"]["school"]) == set(records) | {school for school, _ in pupils}
    assert county.tables["schools"].height == 290
    assert county.tables["villages"].height == 752
    assert county.tables["enrolment"]["pupils"].sum() == sum(pupils.values()) == 157_653
    assert result.written


def test_sums_that_the_files_state_are_compared_with_what_came_in(city, records, pupils):
    # the ministry's own sums agree with its grades; the schools counted kindergartens and senior sections too, or on another day
    levels = {"國小": "primary", "國中": "junior", "高中附設國中": "junior"}
    other = [school for school, row in records.items() if int(row[10]) != pupils.get((school, levels[row[2]]), 0)]
    differs = [one for one in city[1].findings if one.rule == "returns.stated_differs"]
    assert [(one.place.cell, one.count, one.severity) for one in differs] == [("K5", len(other), "warning")]


def test_cells_that_cannot_be_numbers_are_refused_by_their_address(city, records):
    _, result = city
    refused = {(one.rule, one.place.cell) for one in result.findings if one.severity == "error" and one.rule.startswith("returns.")}
    assert refused == {
        ("returns.not_a_year", "E261"),
        ("returns.number_unclear", "AJ25"),
        ("returns.number_unclear", "AL216"),
        ("returns.number_unclear", "AM216"),
    }
    assert list(records.values())[25 - 5][FLOOR].strip() == "7,382,11 平方公尺"  # AJ25: two commas that are not thousands


# ── its own framework ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_judged_by_its_own_framework_and_says_that_nothing_is_in_force_there(judged):
    assert judged.framework == OWN
    assert not judged.applies
    assert "不在当地施行" in judged.note.zh
    known = Counter(one.verdict for unit in judged.units for one in unit.items)
    assert known["no_data"] < known["met"] / 5  # most of it can be answered, unlike the national standard


def test_a_schools_values_are_the_quotients_of_what_it_published(judged, records, pupils):
    # 市立仁德國民中學: areas and spending typed by the school, pupils by grade from the ministry
    school, number = "114501", pupils["114501", "junior"]
    assert (records[school][SITE], records[school][FLOOR], records[school][CURRENT]) == ("38044平方公尺", "6546平方公尺", "118240231元")
    assert (number, records[school][STAFF], records[school][TEACHERS]) == (901, 98, 69)
    assert item(judged, school, "2").figure.value == pytest.approx(901 / 98)
    assert item(judged, school, "3").figure.value == pytest.approx(38044 / 901)
    assert item(judged, school, "4").figure.value == pytest.approx(6546 / 901)
    assert item(judged, school, "5").figure.value == pytest.approx(118240231 / 901)
    assert [item(judged, school, number).verdict for number in "12345"] == ["met", "met", "met", "missed", "met"]


def test_odd_returns_are_kept_and_stand_out(judged, records, pupils):
    assert records["114509"][SITE] == "50.793平方公尺"  # 0.05 m² a pupil: a point in the place of a comma
    assert item(judged, "114509", "3").figure.exact == "50.793 ÷ 1048 ≈ 0.0484666031"
    assert item(judged, "114509", "3").verdict == "missed"
    assert records["114742"][CURRENT] == "17500元"  # a whole school's year
    assert item(judged, "114742", "5").figure.value == pytest.approx(17500 / pupils["114742", "primary"])


def test_impossible_zeros_and_schools_that_published_nothing_are_no_data(judged, records, pupils):
    zeros = {school for school, row in records.items() if row[FLOOR] == "0平方公尺"}
    assert "114654" in zeros
    for school in zeros:
        assert item(judged, school, "4").verdict == "no_data"
    for school in {school for school, _ in pupils} - set(records):
        found = {one.verdict for unit in judged.units if unit.school == school for one in unit.items if one.number in "2345"}
        assert found == {"no_data"}, school
    both = {school for school, row in records.items() if row[2] == "高中附設國中"}  # the whole school's area over the section's pupils
    assert {item(judged, school, "3").verdict for school in both} == {"no_data"}


def test_the_coefficient_of_teachers_is_that_of_the_schools_that_published_them(judged, records, pupils):
    ordinary = {school: row for school, row in records.items() if row[2] in ("國小", "國中")}
    for stage in GRADES:
        values = [
            (pupils[school, stage], Fraction(100 * int(row[TEACHERS]), pupils[school, stage]))
            for school, row in ordinary.items()
            if (school, stage) in pupils
        ]
        (spread,) = (one for one in judged.spreads if one.stage == stage and one.indicator == "published.teachers_per_100")
        assert spread.cv.value == pytest.approx(float(squared_variation(values)) ** 0.5)
        assert len(spread.points) == len(values)
        (every,) = (one for one in judged.spreads if one.stage == stage and one.indicator == "published.site_area")
        assert (every.cv.value, every.verdict) == (None, "no_data")
        assert every.missing


def test_class_sizes_are_compared_for_every_school_weighted_by_pupils(root, judged):
    every = defaultdict(list)
    for _, stage, number, classes in grades(root, 2014):
        if number:
            every[stage].append((number, Fraction(number, classes)))
    for stage, values in every.items():
        (spread,) = (one for one in judged.spreads if one.stage == stage and one.indicator == "published.class_size")
        assert spread.cv.value == pytest.approx(float(squared_variation(values)) ** 0.5)
        assert sum(point.pupils for point in spread.points) == sum(number for number, _ in values)


def test_the_share_of_small_schools_is_held_against_that_of_2012(root, judged):
    def share(year, stage):
        sizes = [number for _, its, number, _ in grades(root, year) if its == stage and number]
        return Fraction(100 * sum(size < 100 for size in sizes), len(sizes))

    (part,) = (part for part in judged.parts if part.id == "small_schools")
    for one in part.items:
        now, then = share(2014, one.stage), share(2012, one.stage)
        assert one.figure.value == pytest.approx(float(now))
        assert 0 <= Fraction(str(one.limit.value)) - then < Fraction(1, 100)  # rounded up to two decimals
        assert one.verdict == ("met" if now <= then else "missed")


def test_the_points_of_reference_are_half_the_citys_means(judged, county, records, pupils):
    held = {row["school"]: row for row in county.tables["premises"].to_dicts()}
    spent = {row["school"]: row for row in county.tables["finance"].to_dicts()}
    ordinary = [school for school, row in records.items() if row[2] in ("國小", "國中")]
    columns = {"3": (held, "site_area_m2", Decimal("0.1")), "4": (held, "floor_area_m2", Decimal("0.1")), "5": (spent, "current_yuan", 100)}
    for number, (table, column, step) in columns.items():
        for stage in GRADES:
            values = [(pupils[at, stage], table[at][column]) for at in ordinary if (at, stage) in pupils and table[at][column]]
            half = Fraction(sum(value for _, value in values)) / sum(weight for weight, _ in values) / 2
            limits = {one.limit.value for unit in judged.units if unit.stage == stage for one in unit.items if one.number == number}
            (limit,) = limits
            assert 0 <= half - Fraction(str(limit)) < Fraction(step), (number, stage)
