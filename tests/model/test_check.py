from __future__ import annotations

import polars as pl
from hypothesis import given, settings

from junheng.errors import Place
from junheng.model import County, check, county, schema
from tests.model.made import CODE, PRIMARY, counties, found, made, pupils, rules, school, staff


def test_an_empty_county_has_no_findings() -> None:
    assert check(county(CODE, 2025)) == []
    assert check(county(CODE, 2025), county(CODE, 2024)) == []


def test_a_consistent_county_has_no_findings() -> None:
    one = made(
        schools=[school(lon=101.1, lat=38.2, built_year=1999)],
        enrolment=[pupils(21, grade="1", sex="male", boarders=3), pupils(20, grade="1", sex="female")],
        classes=[{"school": PRIMARY, "stage": "primary", "class": "1(1)", "grade": "1", "pupils": 41}],
        staff=[staff(3, staff=4, doctors=0, masters=0, bachelors=2, colleges=1, below_college=0, backbone=1)],
    )
    assert check(one, County(one.code, 2024, one.tables)) == []


def test_all_findings_come_together_errors_first() -> None:
    one = made(
        schools=[school(lon=1, lat=2), school("99", kind="castle")],
        enrolment=[pupils(-3), pupils(5, "2162000077")],
        staff=[staff(3, backbone=9)],
    )
    findings = check(one)
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    expected = {
        "coordinates_nowhere",
        "code_format",
        "value_not_allowed",
        "value_out_of_bounds",
        "unknown_school",
        "part_exceeds_whole",
        "school_in_no_table",
    }
    assert expected <= rules(one)


def test_a_finding_names_the_source_cell_when_it_is_known() -> None:
    one = made(schools=[school(name="城关小学")], enrolment=[pupils(-3)])
    cell = {"key": f"{PRIMARY}|primary|all|all", "column": "pupils", "file": "教基3112.xlsx", "sheet": "小学生", "cell": "I6"}
    sourced = County(one.code, one.year, one.tables, {"enrolment": pl.DataFrame([cell])})
    (finding,) = found(sourced, "value_out_of_bounds")
    assert (finding.place.file, finding.place.sheet, finding.place.cell) == ("教基3112.xlsx", "小学生", "I6")
    assert finding.sentence("zh") == (
        f"教基3112.xlsx 工作表“小学生” 单元格I6 “学生数”列 {PRIMARY}|primary|all|all 城关小学："
        "发现-3；应为不小于0的整数。请改正该数；没有统计时请留空。"
    )
    line = County(one.code, one.year, one.tables, {"enrolment": pl.DataFrame([{**cell, "file": "2025/enrolment.csv", "cell": "L14"}])})
    assert found(line, "value_out_of_bounds")[0].place.row == 14
    table = schema().tables["enrolment"]
    assert found(one, "value_out_of_bounds")[0].place == Place(
        table="enrolment",
        column="pupils",
        key=(PRIMARY, "primary", "all", "all"),
        title=table.title,
        label=table.column("pupils").label,
        name="城关小学",
    )


@settings(deadline=None)
@given(counties(), counties(2024))
def test_whatever_was_sent_is_answered_with_findings_in_both_languages(one: County, before: County) -> None:
    for finding in check(one, before):
        assert finding.sentence("zh")
        assert finding.sentence("en")
        assert finding.place.table in schema().tables


def test_one_cause_with_many_places_is_one_finding() -> None:
    few = made(schools=[school()], classes=[_class(n, -1) for n in range(30)])
    many = made(schools=[school()], classes=[_class(n, -1) for n in range(31)])
    assert [one.count for one in found(few, "value_out_of_bounds")] == [1] * 30
    assert [(one.count, one.place.key[2]) for one in found(many, "value_out_of_bounds")] == [(31, "班00")]


def _class(number: int, count: int) -> dict[str, object]:
    return {"school": PRIMARY, "stage": "primary", "class": f"班{number:02}", "pupils": count}


def test_a_quarter_of_a_million_clean_rows_have_no_findings() -> None:
    rows, schools = 250_000, 2000
    number = pl.int_range(rows, eager=True)
    code = "2162" + (number // (rows // schools)).cast(pl.String).str.zfill(6)
    classes = pl.DataFrame(
        {
            "school": code,
            "stage": pl.repeat("primary", rows, eager=True),
            "class": number.cast(pl.String),
            "pupils": pl.repeat(40, rows, eager=True),
        }
    )
    registered = pl.DataFrame({"school": code.unique(maintain_order=True)}).with_columns(name=pl.col("school"), kind=pl.lit("primary"))
    big = county(CODE, 2025, {"schools": registered, "classes": classes})
    assert check(big) == []
