"""A mistake in an indicator's file is a finding with file, line and remedy, and all of them are collected."""

from __future__ import annotations

import pytest

from junheng import standards
from junheng.documents import PackageFile
from junheng.errors import StandardsError
from junheng.indicators import check_framework, evaluate, limit_kinds, read_catalogue, shipped_catalogue
from tests.indicators.small import QUALITY, pupils, rules, school, small

GOOD = """own.books:
  title: {zh: 生均图书, en: Books per pupil}
  unit: books/pupil
  better: higher
  per: [school, stage]
  from: resources
  numerator: sum(stage_weight * books)
  denominator: sum(weighted_pupils)
  decimals: 1
  source: moe-inspection-2012-3#spread
"""


def own(text: str):
    return read_catalogue([PackageFile("indicators/own.yaml", text)], "cn-629921", shipped_catalogue())


def refused(text: str) -> list:
    with pytest.raises(StandardsError) as error:
        own(text)
    return list(error.value.findings)


def changed(**lines: str) -> str:
    """Return the good file with some of its lines written otherwise; "" leaves a line out."""
    text = GOOD
    for key, value in lines.items():
        key = {"from_": "from"}.get(key, key)
        old = next((line for line in text.splitlines() if line.startswith(f"  {key}:")), None)
        new = f"  {key}: {value}\n" if value else ""
        text = text.replace(f"{old}\n", new) if old else text + new
    return text


def test_a_countys_own_indicator_stands_beside_the_shipped_ones():
    catalogue = own(GOOD)
    assert len(catalogue) == len(shipped_catalogue()) + 1
    assert catalogue["own.books"].jurisdiction == "cn-629921"
    county = small(schools=[school("A")], enrolment=[pupils("A", "primary", 40)], equipment=[{"school": "A", "books": 1000}])
    card = evaluate(county, None, rules(), also=["own.books"], catalogue=catalogue)
    assert card.of("own.books")["value"].to_list() == [25.0]


@pytest.mark.parametrize(
    ("lines", "rule", "found"),
    [
        ({"numerator": "sum(stage_weight * bokos)"}, "unknown_column", "bokos"),
        ({"from_": "premise"}, "unknown_relation", "premise"),
        ({"from_": "read_csv"}, "unknown_relation", "read_csv"),
        ({"unit": "book/pupil"}, "unknown_unit", "book/pupil"),
        ({"unit": "m2/pupil"}, "unit_mismatch", "books/pupils"),
        ({"scale": "100"}, "unit_mismatch", "books/pupils × 0.01"),
        ({"numerator": "sum(books + pupils)"}, "unit_mismatch", "books ≠ pupils"),
        ({"numerator": "sum(coalesce(books, 0))"}, "coalesce_to_literal", "coalesce"),
        ({"numerator": "sum(case when books is null then 0 else books end)"}, "coalesce_to_literal", "case when … is null"),
        ({"numerator": "books"}, "not_an_aggregate", "books"),
        ({"numerator": "sum(max(books))"}, "aggregate_in_aggregate", "sum"),
        ({"filter": "sum(books) > 1"}, "aggregate_in_filter", "sum"),
        ({"numerator": "sum(books / pupils)"}, "division", "pupils"),
        ({"numerator": "sum(books / nullif(pupils, 1))"}, "division", "pupils"),
        ({"numerator": "sum(books) / sum(pupils)"}, "division", "pupils"),
        ({"numerator": "sum((select 1))"}, "subquery", "(SELECT 1)"),
        ({"numerator": "count(read_csv('/etc/passwd'))"}, "forbidden_function", "READ_CSV('/etc/passwd')"),
        ({"numerator": "sum(books) over ()"}, "forbidden_syntax", "SUM(books) OVER ()"),
        ({"numerator": "sum(books"}, "sql_syntax", None),
        ({"numerator": "sum(books * {class_size.maximun})"}, "unknown_limit", "{class_size.maximun}"),
        ({"numerator": "sum(books * {kindergarten.class_size.maximum})"}, "limit_chosen_by", "{kindergarten.class_size.maximum}"),
        ({"per": "[school, grade]"}, "bad_per", None),
        ({"from_": "county_facts", "numerator": "sum(residents)", "denominator": "sum(registered)"}, "per_without_column", "school"),
        ({"scale": "7"}, "bad_scale", "7"),
        ({"decimals": "12"}, "bad_decimals", "12"),
        ({"better": "bigger"}, "bad_better", "bigger"),
        ({"missing": "zero"}, "bad_missing", "zero"),
        ({"missing": "[bokos]"}, "unknown_column", "bokos"),
        ({"title": "图书"}, "bad_title", "图书"),
        ({"source": "somewhere#1"}, "unknown_source", "somewhere"),
        ({"source": ""}, "missing_key", "no source"),
        ({"numerater": "sum(books)"}, "unknown_key", "numerater"),
    ],
)
def test_each_mistake_is_named_with_its_line(lines: dict[str, str], rule: str, found: str | None):
    text = changed(**lines)
    findings = refused(text)
    hit = [finding for finding in findings if finding.rule == f"indicators.{rule}"]
    assert hit, [finding.rule for finding in findings]
    assert found is None or hit[0].found.en == found
    assert hit[0].place.file == "indicators/own.yaml"
    key = {"from_": "from"}.get(next(iter(lines)), next(iter(lines)))
    if any(line.startswith(f"  {key}:") for line in text.splitlines()) and rule not in ("unit_mismatch", "per_without_column"):
        assert text.splitlines()[hit[0].place.row - 1].startswith(f"  {key}:")
    assert hit[0].remedy.zh
    assert hit[0].remedy.en


def test_the_nearest_name_is_suggested():
    (finding,) = refused(changed(numerator="sum(stage_weight * bokos)"))
    assert "Did you mean books?" in finding.sentence("en")
    assert "books" in finding.sentence("zh")


def test_all_findings_are_collected():
    findings = refused(changed(unit="book/pupil", numerator="sum(bokos)", scale="7", source="somewhere#1"))
    assert {finding.rule for finding in findings} == {
        "indicators.unknown_unit",
        "indicators.unknown_column",
        "indicators.bad_scale",
        "indicators.unknown_source",
    }


def test_an_indicator_cannot_be_replaced():
    (finding,) = refused(GOOD.replace("own.books", "conditions.teaching_area"))
    assert finding.rule == "indicators.repeated"


@pytest.mark.parametrize(
    ("statistic", "rule"),
    [
        ("statistic: weighted_cv\n  of: own.boks", "unknown_indicator"),
        ("statistic: weighted_cv\n  of: retention.junior", "statistic_grain"),
        ("statistic: median\n  of: conditions.teaching_area", "bad_statistic"),
        ("statistic: ratio\n  of: conditions.teaching_area\n  between: {column: aera, over: rural, under: city}", "unknown_column"),
        ("statistic: weighted_mean\n  of: conditions.teaching_area", "unit_mismatch"),
    ],
)
def test_a_statistic_is_checked_against_its_members(statistic: str, rule: str):
    text = f"own.cv:\n  title: {{zh: 甲, en: A}}\n  unit: '1'\n  per: [stage]\n  {statistic}\n  source: moe-inspection-2012-3#spread\n"
    assert f"indicators.{rule}" in {finding.rule for finding in refused(text)}


def test_an_unreadable_file_is_a_finding_and_the_others_are_still_read():
    with pytest.raises(StandardsError) as error:
        read_catalogue(
            [PackageFile("a.yaml", "a: [1"), PackageFile("b.yaml", "- 1"), PackageFile("c.yaml", changed(scale="7"))], "cn-629921"
        )
    assert {finding.place.file for finding in error.value.findings} == {"a.yaml", "b.yaml", "c.yaml"}


def test_a_framework_that_names_a_missing_indicator_is_a_finding():
    framework = rules().framework(QUALITY)
    catalogue = {name: item for name, item in shipped_catalogue().items() if name != "conditions.teaching_area"}
    (finding,) = check_framework(framework, catalogue, limit_kinds(standards.shipped()))
    assert finding.rule == "indicators.unknown_indicator"
    assert finding.found.en == "conditions.teaching_area"
    assert finding.place.file.endswith("quality-balance-2017.yaml")
    with pytest.raises(StandardsError):
        evaluate(small(), framework, rules(), catalogue=catalogue)


def test_every_shipped_framework_fits_the_shipped_indicators():
    for jurisdiction in standards.shipped_jurisdictions():
        kinds = limit_kinds(standards.shipped(), standards.shipped(jurisdiction))
        for framework in standards.shipped(jurisdiction).frameworks.values():
            assert check_framework(framework, shipped_catalogue(), kinds) == []
