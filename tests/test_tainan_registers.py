"""The invented register of the real city adds up to what each school published; the counts are read here without the code under test."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from datetime import date

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from junheng.model import check
from junheng.standards import Rulebook, shipped
from tests.model.made import made, school

FEW = ("114601", "114306", "114501", "114728")


@pytest.fixture(scope="module")
def registers(root):
    spec = importlib.util.spec_from_file_location("tainan_registers", root / "examples/tainan/registers.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def records(root):
    book = CalamineWorkbook.from_path(root / "examples/tainan/returns/2014/臺南市學校概況.xlsx")
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)[4:]
    return {str(row[0]): [int(row[place] or 0) for place in (14, 15, 16, 17)] for row in rows if row[0]}


@pytest.fixture(scope="module")
def its():
    villages = [{"village": f"6700031000{k}", "name": f"第{k}里", "district": "67000310"} for k in range(1, 5)]
    kinds = {"114601": "primary", "114728": "primary"}
    schools = [school(code, kinds.get(code, "junior"), district="67000310") for code in FEW]
    classes = [
        {"school": code, "stage": kinds.get(code, "junior"), "grade": "1" if code in kinds else "7", "band": "all", "classes": 6}
        for code in FEW
    ]
    return made(2014, "67000", schools=schools, villages=villages, class_sizes=classes)


@pytest.fixture(scope="module")
def rows(registers, its):
    chosen = [one for one in registers.published() if one.school in FEW]
    return registers.register(its, Rulebook((shipped("cn"),), date(2025, 9, 1)), chosen)


def test_every_school_of_the_table_is_counted_and_the_city_has_its_published_teachers(registers, records):
    counts = registers.published()
    assert {one.school for one in counts} == set(records)
    assert sum(one.kinds["permanent"] for one in counts) == sum(row[0] for row in records.values()) == 10_017
    assert all(list(one.kinds.values()) == records[one.school] for one in counts)


def test_each_school_has_as_many_of_each_kind_as_it_published(rows, records):
    for code in FEW:
        of = rows.filter(school=code)
        permanent, substitute, specialist, trainee = records[code]
        assert of.filter(established=True).height == permanent + specialist
        assert of.filter(pl.col("established").not_() & pl.col("full_time")).height == substitute
        assert of.filter(full_time=False).height == trainee
        assert of.height == sum(records[code])


def test_the_share_of_women_is_that_of_the_ministry(registers, rows):
    for one in registers.published():
        if one.school in FEW:
            assert rows.filter(school=one.school, sex="female").height == round(one.women * sum(one.kinds.values()))


def test_a_senior_school_gives_the_junior_part_its_share(registers, rows):
    (one,) = (one for one in registers.published() if one.school == "114306")
    assert one.of_stage == pytest.approx(64 / 82)  # junior classes of all its classes
    assert set(Counter(rows.filter(school="114306")["stage"])) == {"junior", "senior"}


def test_the_same_counts_give_the_same_persons_and_none_is_in_two_schools(registers, its, rows):
    again = registers.register(
        its, Rulebook((shipped("cn"),), date(2025, 9, 1)), [one for one in registers.published() if one.school == "114601"]
    )
    assert again.equals(rows.filter(school="114601"))  # a school's persons do not hang on the others
    assert rows["teacher"].is_unique().all()


def test_the_register_is_sound(its, rows):
    county = made(2014, "67000", **{name: its.tables[name].to_dicts() for name in ("schools", "villages")}, teachers=rows.to_dicts())
    assert not [one for one in check(county) if one.place.table == "teachers" and one.severity == "error"]


def test_approved_posts_are_those_of_permanent_teachers_and_of_substitutes(registers, records):
    frame = registers.posts(registers.published())
    assert frame.filter(school="114306").row(0) == ("114306", sum(records["114306"][:2]), records["114306"][0])
