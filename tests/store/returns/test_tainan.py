"""The published returns of a real city go through the same path as a user's, with all their dirt."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from junheng.store.returns.load import read_returns


@pytest.fixture(scope="module")
def tainan(request):
    folder = request.config.rootpath / "examples" / "tainan" / "returns" / "2014"
    return read_returns(sorted(folder.iterdir()), "67000", 2014)


def test_everything_that_was_published_is_in_the_tables(tainan):
    rows = {name: frame.height for name, frame in tainan.county.tables.items() if frame.height}
    assert rows == {
        "schools": 290,  # the 269 records, and 21 schools that only the ministry's tables name
        "enrolment": 3030,
        "class_sizes": 1515,
        "staff": 269,
        "premises": 269,
        "finance": 269,
        "districts": 37,
        "villages": 752,
        "village_population": 752 * 21 * 2,
        "adjacency": 2066,
        "births": 752 * 4,
    }
    assert tainan.unread == ()
    # age 6 and grade 1, as PROVENANCE of the collection states them
    assert tainan.county.tables["village_population"].filter(age=6)["persons"].sum() == 15_423


def test_a_village_that_is_named_finds_its_code_through_variant_characters(tainan):
    births = tainan.county.tables["births"]
    assert births["village"].is_in(tainan.county.tables["villages"]["village"].implode()).all()
    assert births.filter(calendar_year=2015)["births"].sum() == 15_769


def test_what_is_dirty_is_said_once_a_cause_with_its_first_cell_and_count(tainan):
    found = {(finding.rule, finding.place.column): (finding.place.cell, finding.count, finding.severity) for finding in tainan.findings}
    assert found == {
        ("returns.stated_differs", "學生數/計"): ("K5", 109, "warning"),
        ("returns.not_a_year", "創校年月"): ("E261", 1, "error"),
        ("returns.number_unclear", "校舍樓地板面積"): ("AJ25", 1, "error"),
        ("returns.not_filled", "校舍樓地板面積"): ("AJ37", 2, "note"),
        ("returns.not_filled", "資本支出"): ("AL86", 5, "note"),
        ("returns.number_unclear", "資本支出"): ("AL216", 1, "error"),
        ("returns.not_filled", "經常支出"): ("AM86", 5, "note"),
        ("returns.number_unclear", "經常支出"): ("AM216", 3, "error"),
    }


def test_dirty_cells_become_what_they_say_and_no_more(tainan):
    finance = tainan.county.tables["finance"]
    origins = tainan.county.origins["finance"]
    thousands = origins.filter(pl.col("column") == "capital_yuan").join(finance.rename({"school": "key"}), on="key")
    assert Decimal(351_000) in thousands["capital_yuan"].to_list()  # "351仟元"
    assert finance.filter(school="114742")["current_yuan"].to_list() == [17_500]  # kept: improbable is for the checks to say
    assert finance["current_yuan"].null_count() == 8  # five not filled in, three unclear
    assert tainan.county.tables["premises"].filter(school="114728")["floor_area_m2"].to_list() == [Decimal("167673.9")]
    assert tainan.county.tables["schools"].filter(school="114527")["built_year"].to_list() == [1968]  # "57/8"


def test_a_figure_is_traced_to_the_cell_in_which_it_was_published(tainan):
    origin = tainan.county.origins["premises"].filter(key="213512", column="site_area_m2").row(0, named=True)
    assert (origin["file"], origin["sheet"], origin["cell"][:2]) == ("臺南市學校概況.xlsx", "學校概況", "AI")


def test_schools_that_sent_nothing_but_their_pupils_are_listed(tainan):
    missing = {school.school: school.tables for school in tainan.not_sent}
    unfilled = {"114643", "114652", "114672", "114770", "114784", "213508"}  # the row is there, its amounts are 待輸入 or unreadable
    assert {school for school in missing if school not in unfilled} == {"111501", "111502", "210601", "211601"}
    assert {missing[school] for school in unfilled} == {("finance",)}


def test_earlier_years_hold_the_grades(request):
    for year in (2012, 2013):
        folder = request.config.rootpath / "examples" / "tainan" / "returns" / str(year)
        result = read_returns(sorted(folder.iterdir()), "67000", year)
        assert result.findings == ()
        assert result.county.tables["enrolment"]["pupils"].null_count() == 0
