from datetime import date
from decimal import Decimal

import pytest

from junheng.standards import Passes
from tests.standards.made import FRAMEWORK, refused, shelf

FILE = "frameworks/balance.yaml"
LIMIT = "at_most: class_size.maximum"
EACH = "    each: []"


def test_a_requirement_inherits_what_it_does_not_say_itself():
    framework = shelf().frameworks["balance"]
    (part,) = framework.parts
    evidence, sized = part.requirements
    assert (evidence.id, evidence.each, evidence.evidence, evidence.source) == ("balance.1", (), True, "paper-2017")
    assert (sized.id, sized.each, sized.stages) == ("class_size.largest", ("school", "stage"), ("primary", "junior"))
    assert (sized.comparator, sized.parameter, sized.confidence) == ("at_most", "class_size.maximum", "O S3")
    assert part.passes == Passes(None, 2, None)
    assert framework.vetoes[0].title.zh == "弄虚作假"


def test_a_framework_is_in_force_from_its_day_until_something_replaces_it():
    in_force = shelf().frameworks["balance"].in_force
    assert not in_force.covers(date(2017, 4, 18))
    assert in_force.covers(date(2017, 4, 19))
    assert in_force.covers(date(2040, 1, 1))


def test_several_requirements_may_share_one_printed_number():
    text = FRAMEWORK.replace('number: "2"', 'number: "1"')
    assert shelf(**{FILE: text}).frameworks["balance"].parts[0].numbers == ("1",)


BAD = [
    ("an unknown parameter", (LIMIT, "at_most: class_size.maximun"), "standards.unknown_parameter", 20),
    ("the wrong side", (LIMIT, "at_least: class_size.maximum"), "standards.framework_contradiction", 20),
    (
        "strict where the parameter is not",
        (LIMIT, "below: class_size.maximum"),
        "standards.framework_contradiction",
        20,
    ),
    (
        "two comparators",
        (LIMIT, LIMIT + "\n        below: class_size.maximum"),
        "standards.two_comparators",
        21,
    ),
    ("an indicator without a limit", ("        at_most: class_size.maximum\n", ""), "standards.requirement_is_incomplete", 15),
    ("a limit without an indicator", ("        indicator: class_size.largest\n", ""), "standards.requirement_is_incomplete", 15),
    ("neither number nor evidence", ("        evidence: true\n", ""), "standards.requirement_is_incomplete", 12),
    ("an unknown level", ("each: [school, stage]", "each: [school, class]"), "standards.unknown_selector", 17),
    ("an unknown stage", ("stages: [primary, junior]", "stages: [primary, middle]"), "standards.unknown_selector", 18),
    ("an unknown key", ("    each: []", "    every: []"), "standards.unknown_key", 10),
    ("an unknown document", ("source: paper-2017", "source: paper-17"), "standards.unknown_source", 3),
    ("no source", ("source: paper-2017\n", ""), "standards.missing_key", 1),
    ("no first day", ("since: 2017-04-19", "since: null"), "standards.not_a_date", 6),
    (
        "85 % instead of a factor",
        (LIMIT, LIMIT + "\n        near: 85"),
        "standards.near_is_a_factor",
        21,
    ),
    ("a pass rule that counts wrongly", (EACH, EACH + "\n    passes: {met: 6, of: 7}"), "standards.pass_rule", 11),
    (
        "a pass rule of a kind not known",
        (EACH, EACH + "\n    passes: {met: 1, of: 2, others: far}"),
        "standards.pass_rule",
        11,
    ),
    (
        "a second limit that is not known",
        (LIMIT, LIMIT + "\n        partly: nothing"),
        "standards.unknown_parameter",
        21,
    ),
    (
        "a part without requirements",
        (FRAMEWORK[FRAMEWORK.index("    requirements") : FRAMEWORK.index("vetoes")], "    requirements: []\n"),
        "standards.no_value",
        11,
    ),
    ("a number that is none", ('number: "2"', "number: [2]"), "standards.not_a_text", 15),
    (
        "figures for information beside an item that has its own",
        (f"        {LIMIT}\n", f"        {LIMIT}\n        shows: [class_size.largest]\n"),
        "standards.shows_without_evidence",
        21,
    ),
    ("no parts", (FRAMEWORK[FRAMEWORK.index("parts:") :], "parts: {}\n"), "standards.no_value", 7),
]


@pytest.mark.parametrize(("change", "rule", "line"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_a_framework_that_cannot_be_judged_by_is_refused_by_line(change, rule, line):
    assert change[0] in FRAMEWORK
    found = next(item for item in refused({FILE: FRAMEWORK.replace(change[0], change[1], 1)}) if item.rule == rule)
    assert (found.place.file, found.place.row) == (FILE, line)


def test_a_misspelt_parameter_is_answered_with_the_nearest_one():
    (found,) = refused({FILE: FRAMEWORK.replace(LIMIT, "at_most: class_size.maximun")})
    assert "The nearest is class_size.maximum." in found.sentence("en")


def test_one_mistake_in_a_parameter_is_not_reported_again_by_the_framework_that_names_it():
    broken = "title: {zh: 甲, en: a}\n"
    assert {item.place.file for item in refused({"class_size/maximum.yaml": broken})} == {"class_size/maximum.yaml"}


def test_two_requirements_of_one_id_are_refused():
    twice = FRAMEWORK.replace("        evidence: true\n", "        evidence: true\n        id: class_size.largest\n")
    assert "standards.repeated_requirement" in [item.rule for item in refused({FILE: twice})]


def test_a_pass_rule_and_a_near_factor_are_read_as_written():
    text = FRAMEWORK.replace(EACH, EACH + "\n    passes: {met: 1, of: 2, others: near}")
    text = text.replace(LIMIT, LIMIT + "\n        near: 0.85")
    (part,) = shelf(**{FILE: text}).frameworks["balance"].parts
    assert part.passes == Passes(1, 2, "near")
    assert part.requirements[1].near == Decimal("0.85")


def test_three_valued_items_may_count_when_partly_met():
    text = FRAMEWORK.replace(EACH, EACH + "\n    passes: {met: null, of: 2, others: partly}")
    assert shelf(**{FILE: text}).frameworks["balance"].parts[0].passes == Passes(None, 2, "partly")


def test_a_framework_says_which_parameters_it_needs_and_finds_its_requirements():
    framework = shelf().frameworks["balance"]
    assert framework.parameters == ("class_size.maximum",)
    assert framework.requirement("class_size.largest").number == "2"
    with pytest.raises(KeyError, match="no requirement nothing"):
        framework.requirement("nothing")
