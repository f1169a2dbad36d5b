"""What ships: every value is dated, sourced, not yet reviewed, and says how sure we are; the golden figures stand."""

from datetime import date
from decimal import Decimal

import pytest

from junheng.documents import package_files
from junheng.standards import Rulebook, shipped, shipped_jurisdictions
from junheng.standards.section import CONFIDENCE

SHELVES = {jurisdiction: shipped(jurisdiction) for jurisdiction in shipped_jurisdictions()}
TODAY = date(2026, 9, 1)
VALUES = [
    (library.jurisdiction, parameter, selector, value)
    for library in SHELVES.values()
    for parameter in library.parameters.values()
    for selector, values in parameter.values.items()
    for value in values.values()
]


@pytest.fixture(scope="module")
def nation():
    return Rulebook((SHELVES["cn"],), TODAY)


def test_no_value_that_ships_claims_to_be_reviewed_and_each_says_how_sure_we_are():
    assert len(VALUES) > 400
    for _, parameter, _, value in VALUES:
        assert value.reviewed is None, parameter.id
        assert CONFIDENCE.fullmatch(value.confidence), parameter.id
    for library in SHELVES.values():
        for framework in library.frameworks.values():
            assert framework.reviewed is None
            assert all(CONFIDENCE.fullmatch(item.confidence) for part in framework.all_parts for item in part.requirements)


def test_every_file_on_a_shelf_is_read():
    files = [file for file in package_files("junheng.standards", "cn*/**/*.yaml") if not file.name.endswith("sources.yaml")]
    assert len(files) == sum(len(library.parameters) + len(library.frameworks) for library in SHELVES.values())


def test_local_practice_stays_off_the_national_shelf_unless_its_name_says_so():
    for jurisdiction, parameter, _, value in VALUES:
        if jurisdiction == "cn":
            assert not value.confidence.startswith("L") or parameter.id.startswith("practice."), parameter.id
        else:
            assert value.confidence.startswith("L"), parameter.id


def test_no_requirement_rests_on_practice_whose_place_is_not_known():
    named = {name for library in SHELVES.values() for framework in library.frameworks.values() for name in framework.parameters}
    assert not [name for name in named if name.startswith("practice.")]


# standards-facts §1.2: the standard and its 85 % floor.
FLOORS = {
    "teachers.above_degree.minimum": ("4.2", "5.3", "3.57", "4.505"),
    "teachers.backbone.minimum": ("1", "1", "0.85", "0.85"),
    "teachers.pe_arts.minimum": ("0.9", "0.9", "0.765", "0.765"),
    "conditions.teaching_area.minimum": ("4.5", "5.8", "3.825", "4.93"),
    "conditions.sports_area.minimum": ("7.5", "10.2", "6.375", "8.67"),
    "conditions.equipment_value.minimum": ("2000", "2500", "1700", "2125"),
    "conditions.multimedia_rooms.minimum": ("2.3", "2.4", "1.955", "2.04"),
}


def test_the_floors_are_exactly_85_percent_of_the_seven_standards(nation):
    part = next(part for part in nation.framework("quality-balance-2017").parts if part.id == "resources")
    assert {item.parameter for item in part.requirements} == set(FLOORS)
    for item in part.requirements:
        primary, junior, *floors = map(Decimal, FLOORS[item.parameter])
        values = [nation.standing(item.parameter, stage).value for stage in ("primary", "junior")]
        assert values == [primary, junior]
        assert [value * item.near for value in values] == floors


def test_quality_balance_has_its_parts_with_their_pass_rules(nation):
    framework = nation.framework("quality-balance-2017")
    assert [(part.id, len(part.numbers)) for part in framework.parts] == [
        ("resources", 7),
        ("spread", 7),
        ("assurance", 15),
        ("quality", 9),
        ("recognition", 1),
    ]
    assert framework.parts[0].passes == (6, 7, "near")
    assert all(part.passes.met is None for part in framework.parts[1:])
    assert len(framework.vetoes) == 7
    assert len(framework.eligibility.numbers) == 5
    below = framework.requirement("monitoring.between_schools")
    assert (below.comparator, nation.standing(below.parameter).value) == ("below", Decimal("0.15"))


def test_preschool_has_36_items_and_liaoning_judges_some_in_three_values(nation):
    national = nation.framework("preschool-inclusive-2020")
    assert sum(len(part.numbers) for part in national.parts if part.id != "recognition") == 36
    assert not [item for part in national.parts for item in part.requirements if item.partly]
    liaoning = Rulebook((SHELVES["cn"], SHELVES["cn-21"]), TODAY)
    framework = liaoning.framework("preschool-inclusive-2020")
    staffed = framework.requirement("preschool.staffed_share")
    assert liaoning.standing(staffed.parameter).value == 100
    assert liaoning.standing(staffed.partly).value == 80
    assert sum(len(part.numbers) for part in framework.parts if part.id != "recognition") == 36


@pytest.mark.parametrize("jurisdiction", SHELVES)
def test_every_shelf_lies_on_those_around_it_and_every_framework_has_its_values(jurisdiction):
    around = tuple(library for name, library in SHELVES.items() if jurisdiction.startswith(name))
    rules = Rulebook(around, TODAY)
    assert not [item for item in rules.findings if item.severity == "warning"]
    for framework in rules.frameworks.values():
        first = Rulebook(around, framework.in_force.since)
        assert all(first.standings(name) and rules.standings(name) for name in framework.parameters)


def test_a_past_year_has_the_rules_of_that_year():
    def value(year, parameter, selector="all"):
        return Rulebook((SHELVES["cn"],), date(year, 9, 1)).standing(parameter, selector).value

    assert [value(year, "funds.basic_quota.minimum", "primary") for year in (2016, 2021, 2023)] == [600, 650, 720]
    assert [value(year, "staffing.pupils_per_staff.rural.maximum", "primary") for year in (2013, 2015)] == [23, 19]
    assert [value(year, "support.nutrition.amount") for year in (2012, 2020, 2021)] == [3, 4, 5]


def test_the_concessions_of_the_procedure_have_ended_and_can_still_be_named(nation):
    for parameter, relaxed in (("rooms.music_area.minimum", {73, 54, 61}), ("school_size.maximum", {2400, 3000})):
        assert nation.concessions(parameter) == ()
        expired = nation.expired_concessions(parameter)
        assert {item.value for item in expired} == relaxed
        assert all(item.until == date(2022, 9, 30) and item.duty.zh and item.note for item in expired)
    in_2020 = Rulebook((SHELVES["cn"],), date(2020, 9, 1))
    assert {item.value for item in in_2020.concessions("rooms.art_area.minimum", "primary")} == {67, 54}


def test_the_two_concessions_that_ease_what_is_counted_keep_the_limit(nation):
    (visiting,) = nation.concessions("teachers.pe_arts.minimum", "primary")
    assert (visiting.value, visiting.indicator) == (Decimal("0.9"), "teachers.pe_arts_with_visiting_per_100")
