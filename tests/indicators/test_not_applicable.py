"""What is known to be none is not applicable; what nobody reported stays without data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pytest

from junheng.documents import PackageFile
from junheng.errors import StandardsError
from junheng.indicators import Scorecard, evaluate, judge, shipped_catalogue
from junheng.indicators.indicator_file import read_catalogue
from junheng.model import County
from junheng.standards import Framework, Passes
from tests.indicators.small import CODE, QUALITY, pupils, rules, school, small

PRESCHOOL = "preschool-inclusive-2020"
ESTATE, SPECIAL, SMALL = "preschool.estate_share", "funds.special", "funds.small_school"


def kindergartens(**estate: bool | None) -> County:
    rows = [school(code, kind="kindergarten", estate_kindergarten=says) for code, says in estate.items()]
    return small(schools=rows, enrolment=[pupils(code, "preschool", 60) for code in estate])


def asked(framework: str, *indicators: str, **changed: object) -> Framework:
    """Return a shipped framework with the requirements of these indicators alone, all in one part."""
    whole = rules().framework(framework)
    found = [(part, item) for part in whole.all_parts for item in part.requirements if item.indicator in indicators]
    items = tuple(replace(item, **changed) for _, item in found)
    part = replace(found[0][0], requirements=items, passes=Passes(None, len(items), None))
    return replace(whole, parts=(part,), eligibility=None, vetoes=())


def judged(county: County, framework: str, *indicators: str, **changed: object) -> Scorecard:
    return evaluate(county, asked(framework, *indicators, **changed), rules())


def rows(card: Scorecard, indicator: str) -> list[tuple[str | None, str | None, int | None]]:
    return card.of(indicator).select("school", pl.col("verdict").cast(pl.String), "population").rows()


@pytest.mark.parametrize(
    ("estate", "expected"),
    [
        ({"A": False, "B": False}, (None, "not_applicable", 2)),
        ({"A": False, "B": None}, (None, "no_data", None)),  # one empty cell, and nobody knows
        ({"A": None, "B": None}, (None, "no_data", None)),
        ({}, (None, "no_data", None)),  # nothing sent
        ({"A": False, "B": True}, (None, "met", None)),
        ({"A": None, "B": True}, (None, "no_data", None)),
    ],
)
def test_only_what_every_row_denies_is_not_applicable(estate: Mapping[str, bool | None], expected: tuple[object, ...]):
    assert rows(judged(kindergartens(**estate), PRESCHOOL, ESTATE), ESTATE) == [expected]


def test_children_of_a_kindergarten_that_is_not_on_the_roster_keep_it_without_data():
    listed = small(
        schools=[school("A", kind="kindergarten", estate_kindergarten=False)],
        enrolment=[pupils("A", "preschool", 60), pupils("X", "preschool", 20)],
    )
    assert rows(judged(listed, PRESCHOOL, ESTATE), ESTATE) == [(None, "no_data", None)]
    silent = small(
        schools=[school(code, kind="kindergarten", estate_kindergarten=False) for code in "AB"], enrolment=[pupils("A", "preschool", 6)]
    )
    assert rows(judged(silent, PRESCHOOL, ESTATE), ESTATE) == [(None, "not_applicable", 2)]  # B sent no children, and says that it is none


def test_a_county_of_other_schools_has_said_nothing_of_kindergartens():
    county = small(schools=[school("P", estate_kindergarten=False)], enrolment=[pupils("P", "primary", 60)])
    assert rows(judged(county, PRESCHOOL, ESTATE), ESTATE) == [(None, "no_data", None)]


def test_a_part_is_met_when_its_other_items_are():
    county = small(
        schools=[school("A", kind="kindergarten", estate_kindergarten=False)],
        enrolment=[pupils("A", "preschool", 60)],
        county_facts=[{"county": CODE, "children_3_5": 61}],
    )
    both = judged(county, PRESCHOOL, "preschool.enrolment_rate", ESTATE)
    assert both.items["verdict"].to_list() == ["met", "not_applicable"]
    assert both.parts["verdict"].to_list() == ["met"]
    assert both.whole["verdict"].to_list() == ["met"]
    missed = judged(small(county_facts=[{"county": CODE, "children_3_5": 61, "preschool_accidents": 3}]), PRESCHOOL, "preschool.accidents")
    assert missed.whole["verdict"].to_list() == ["missed"]


def test_a_part_of_which_nothing_applies_is_not_met_and_decides_nothing():
    county = kindergartens(A=False)
    alone = judged(county, PRESCHOOL, ESTATE)
    assert alone.units["verdict"].to_list() == ["not_applicable"]
    assert alone.parts.row(0)[2:] == (0, 0, 0, "not_applicable")
    assert alone.whole["verdict"].to_list() == ["not_decided"]  # an empty list is not a success
    framework = asked(PRESCHOOL, ESTATE)
    other = asked(PRESCHOOL, "preschool.accidents").parts[0]
    two = replace(framework, parts=(framework.parts[0], replace(other, id="other")))
    facts = small(
        schools=[school("A", kind="kindergarten", estate_kindergarten=False)],
        enrolment=[pupils("A", "preschool", 60)],
        county_facts=[{"county": CODE, "preschool_accidents": 0}],
    )
    card = evaluate(facts, two, rules())
    assert card.parts["verdict"].to_list() == ["not_applicable", "met"]
    assert card.whole["verdict"].to_list() == ["met"]


def test_a_framework_may_say_that_an_item_must_apply():
    card = judged(kindergartens(A=False), PRESCHOOL, ESTATE, must_apply=True)
    assert rows(card, ESTATE) == [(None, "no_data", 1)]
    assert card.whole["verdict"].to_list() == ["not_decided"]


def test_six_of_seven_takes_only_items_that_always_apply():
    framework = asked(PRESCHOOL, ESTATE, "preschool.accidents")
    counted = replace(framework, parts=(replace(framework.parts[0], passes=Passes(1, 2, None)),))
    with pytest.raises(StandardsError) as refused:
        evaluate(kindergartens(A=False), counted, rules())
    assert [found.rule for found in refused.value.findings] == ["indicators.counted_must_apply"]
    items = tuple(replace(item, must_apply=True) for item in counted.parts[0].requirements)
    evaluate(kindergartens(A=False), replace(counted, parts=(replace(counted.parts[0], requirements=items),)), rules())


def test_what_schools_are_asked_is_not_applicable_once_for_the_county():
    def county(*kinds: str | None) -> County:
        codes = [f"S{number}" for number in range(len(kinds))]
        stages = {"special": "special", "nine_year": "junior"}
        return small(
            schools=[school(code, kind=kind) for code, kind in zip(codes, kinds, strict=True)],
            enrolment=[pupils(code, stages.get(kind or "", "primary"), 200) for code, kind in zip(codes, kinds, strict=True)]
            + [pupils(code, "primary", 200) for code, kind in zip(codes, kinds, strict=True) if kind == "nine_year"],
        )

    assert rows(judged(county("primary", "nine_year"), QUALITY, SPECIAL), SPECIAL) == [(None, "not_applicable", 2)]  # schools, not stages
    assert rows(judged(county("primary", None), QUALITY, SPECIAL), SPECIAL) == [("S1", "no_data", None)]
    assert rows(judged(county("primary", "special"), QUALITY, SPECIAL), SPECIAL) == [("S1", "no_data", None)]
    assert rows(judged(small(), QUALITY, SPECIAL), SPECIAL) == []
    assert rows(judged(county("primary", "nine_year"), QUALITY, SMALL), SMALL) == [(None, "not_applicable", 2)]


def test_a_figure_that_is_only_shown_says_on_how_many_it_rests():
    county = small(
        schools=[school("A", kind="kindergarten", built_year=2010), school("B", kind="kindergarten", built_year=2015)],
        enrolment=[pupils(code, "preschool", 60) for code in "AB"],
    )
    name = "preschool.new_building_share"
    found = evaluate(county, None, rules(), also=[name]).of(name)
    assert found.select("value", "population", "verdict").rows() == [(None, 2, None)]


def test_a_limit_that_is_chosen_by_stage_asks_only_its_stages():
    text = """boarding.share:
  title: {zh: 寄宿生比例, en: Share of boarders}
  unit: "%"
  per: [stage]
  from: school_stages
  of_which: boarding
  concerns: {zh: 寄宿制学校, en: boarding school}
  numerator: sum(boarders)
  denominator: sum(pupils)
  scale: 100
  source: moe-inspection-2017-6
"""
    catalogue = read_catalogue([PackageFile("boarding.yaml", text)], "cn-99", shipped_catalogue())
    assert catalogue["boarding.share"].formula.endswith("where boarding")
    framework = asked(PRESCHOOL, "preschool.accidents")
    part = framework.parts[0]
    item = replace(
        part.requirements[0],
        indicator="boarding.share",
        each=("stage",),
        stages=("primary",),
        comparator="at_most",
        parameter="retention.junior.minimum",
    )
    both = replace(framework, parts=(replace(part, each=("stage",), requirements=(item,)),))
    county = small(
        schools=[school("A", kind="nine_year", boarding=False)], enrolment=[pupils("A", stage, 90) for stage in ("primary", "junior")]
    )
    card = evaluate(county, both, rules(), catalogue=catalogue)
    assert card.items.select("stage", pl.col("verdict").cast(pl.String), "population").rows() == [("primary", "not_applicable", 1)]
    assert card.items["limit"].to_list() != [None]


@pytest.mark.parametrize("missing", ["of_which", "concerns"])
def test_a_population_needs_its_words(missing: str):
    lines = {"of_which": "  of_which: boarding\n", "concerns": "  concerns: {zh: 寄宿制学校, en: boarding school}\n"}
    text = "x.boarders:\n  title: {zh: 寄, en: B}\n  unit: pupils\n  per: []\n  from: school_stages\n  numerator: sum(boarders)\n"
    text += "  source: moe-inspection-2017-6\n" + "".join(line for key, line in lines.items() if key != missing)
    with pytest.raises(StandardsError) as refused:
        read_catalogue([PackageFile("x.yaml", text)], "cn-99", shipped_catalogue())
    assert [found.rule for found in refused.value.findings] == ["indicators.missing_key"]


def test_the_judge_counts_it_neither_for_nor_against():
    framework = asked(QUALITY, "pay.ratio")
    part = framework.parts[0].id

    def verdict(*words: str) -> str:
        frame = pl.DataFrame({"county": CODE, "part": part, "school": None, "stage": None, "verdict": words}, strict=False)
        keys = {"school": pl.String, "stage": pl.String}
        return judge.units(frame.cast(keys), framework)["verdict"].item()

    assert verdict("met", "not_applicable") == "met"
    assert verdict("missed", "not_applicable") == "missed"
    assert verdict("no_data", "not_applicable") == "not_decided"
    assert verdict("not_applicable", "not_applicable") == "not_applicable"
