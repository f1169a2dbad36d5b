"""A limit that is chosen by something and has no value for it: the item reads no data, it never vanishes."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from junheng import standards
from junheng.documents import PackageFile
from junheng.errors import StandardsError
from junheng.indicators import evaluate
from junheng.standards import Passes
from tests.indicators.small import DAY, QUALITY, pupils, rules, school, small

BY_KIND = """title: {zh: 按类别的规模上限, en: Largest school by kind}
jurisdiction: cn-99
unit: pupils/school
by: kind
holds_when: value <= limit
reviewed: null
values:
  primary:
    2020-01-01: {value: 2000, source: moe-inspection-2017-6#assurance-4, confidence: L S1}
  nine_year:
    2030-01-01: {value: 2500, source: moe-inspection-2017-6#assurance-4, confidence: L S1}
"""


def book() -> standards.Rulebook:
    shelf = standards.read_library([PackageFile("size_by_kind/maximum.yaml", BY_KIND)], "cn-99", (standards.shipped(),))
    return standards.Rulebook((standards.shipped(), shelf), DAY)


def asked(indicator: str, **changed: object) -> standards.Framework:
    """Return the shipped framework with the part of one requirement alone, changed."""
    framework = rules().framework(QUALITY)
    part, item = next((p, r) for p in framework.all_parts for r in p.requirements if r.indicator == indicator)
    only = replace(part, requirements=(replace(item, **changed),), passes=Passes(None, 1, None))
    return replace(framework, parts=(only,), eligibility=None, vetoes=())


def test_a_kind_without_a_limit_has_no_data_and_keeps_the_county_open():
    kinds = {"P": "primary", "T": "teaching_point", "N": "nine_year", "U": None}
    county = small(
        schools=[school(code, kind=kind) for code, kind in kinds.items()], enrolment=[pupils(code, "primary", 100) for code in kinds]
    )
    card = evaluate(county, asked("school_size.pupils", parameter="size_by_kind.maximum"), book())
    found = {row["school"]: (row["value"], row["limit"], row["verdict"]) for row in card.of("school_size.pupils").iter_rows(named=True)}
    assert found["P"] == (100.0, 2000, "met")
    # no limit at all, and one that begins later: the figure is known, the verdict is not; a kind that nobody filled in hides both
    assert {found[code] for code in "TN"} == {(100.0, None, "no_data")}
    assert found["U"] == (None, None, "no_data")
    assert card.whole["verdict"].to_list() == ["not_decided"]
    only = small(schools=[school("P")], enrolment=[pupils("P", "primary", 100)])
    assert evaluate(only, asked("school_size.pupils", parameter="size_by_kind.maximum"), book()).whole["verdict"].to_list() == ["met"]


@pytest.mark.parametrize(("stages", "juniors"), [((), []), (("primary", "junior"), ["no_data"]), (("primary",), [])])
def test_a_stage_is_asked_when_it_is_named_or_has_a_value(stages: tuple[str, ...], juniors: list[str]):
    text = BY_KIND.replace("by: kind", "by: stage").replace("unit: pupils/school", 'unit: "%"').replace("  nine_year", "  junior")
    shelf = standards.read_library([PackageFile("by_stage/maximum.yaml", text)], "cn-99", (standards.shipped(),))
    both = standards.Rulebook((standards.shipped(), shelf), DAY)
    county = small(
        schools=[school("N", kind="nine_year")],
        enrolment=[pupils("N", stage, 40) for stage in ("primary", "junior")],
        classes=[{"school": "N", "stage": stage, "class": "1", "pupils": 40} for stage in ("primary", "junior")],
    )
    card = evaluate(county, asked("class_size.oversized_share", parameter="by_stage.maximum", stages=stages), both)
    verdicts = {stage: card.items.filter(pl.col("stage") == stage)["verdict"].to_list() for stage in ("primary", "junior")}
    assert verdicts == {"primary": ["met"], "junior": juniors}


def test_a_coefficient_without_a_limit_has_no_data():
    text = BY_KIND.replace("by: kind", "by: stage").replace("unit: pupils/school", 'unit: "1"').replace("  nine_year", "  junior")
    shelf = standards.read_library([PackageFile("by_stage/maximum.yaml", text)], "cn-99", (standards.shipped(),))
    both = standards.Rulebook((standards.shipped(), shelf), DAY)
    county = small(
        schools=[school("N", kind="nine_year")],
        enrolment=[pupils("N", stage, 40) for stage in ("primary", "junior")],
        staff=[{"school": "N", "stage": stage, "backbone": 1} for stage in ("primary", "junior")],
    )
    card = evaluate(county, asked("teachers.backbone_per_100.cv", parameter="by_stage.maximum", stages=("primary", "junior")), both)
    assert dict(card.items.select("stage", pl.col("verdict").cast(pl.String)).iter_rows()) == {"primary": "met", "junior": "no_data"}


def test_a_second_limit_of_a_three_valued_item_that_is_lacking_leaves_it_open():
    text = BY_KIND.replace("2020-01-01", "2030-01-01")
    shelf = standards.read_library([PackageFile("size_by_kind/maximum.yaml", text)], "cn-99", (standards.shipped(),))
    both = standards.Rulebook((standards.shipped(), shelf), DAY)
    county = small(schools=[school("P")], enrolment=[pupils("P", "primary", 2100)])
    card = evaluate(county, asked("school_size.pupils", partly="size_by_kind.maximum"), both)
    assert card.items["verdict"].to_list() == ["no_data"]
    few = small(schools=[school("P")], enrolment=[pupils("P", "primary", 1900)])
    assert evaluate(few, asked("school_size.pupils", partly="size_by_kind.maximum"), both).items["verdict"].to_list() == ["met"]


@pytest.mark.parametrize(
    ("name", "rule"), [("preschool.staffed_shar", "unknown_indicator"), ("class_size.oversized_share", "requirement_grain")]
)
def test_what_an_evidence_item_shows_is_an_indicator_of_the_county(name: str, rule: str):
    framework = asked("school_size.pupils")
    (part,) = framework.parts
    item = replace(part.requirements[0], indicator=None, parameter=None, comparator=None, evidence=True, each=(), shows=(name,))
    with pytest.raises(StandardsError) as refused:
        evaluate(small(), replace(framework, parts=(replace(part, requirements=(item,)),)), rules())
    assert [one.rule for one in refused.value.findings] == [f"indicators.{rule}"]
