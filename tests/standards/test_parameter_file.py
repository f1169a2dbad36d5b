from datetime import date
from decimal import Decimal

import pytest

from tests.standards.made import CLASS_SIZE, SIZE, refused, shelf

FILE = "class_size/maximum.yaml"


def test_a_parameter_carries_unit_comparator_and_dated_sourced_values():
    parameter = shelf().parameters["class_size.maximum"]
    assert (parameter.unit, parameter.by, parameter.comparator, parameter.reviewed) == ("pupils/class", "stage", "at_most", None)
    value = parameter.values["primary"][date(2017, 4, 19)]
    assert (value.value, value.source, value.confidence) == (Decimal(45), "paper-2017#assurance-5", "O S3")


def test_values_are_kept_in_the_order_of_their_days_whatever_the_file_says():
    assert list(shelf().parameters["school_size.maximum"].values["all"]) == [date(2012, 1, 1), date(2017, 4, 19)]


# What is wrong, the change of the text that makes it so, the rule that answers, and the line that is named.
BAD = [
    ("no title", ("title: {zh: 班额上限, en: Largest class allowed}\n", ""), "standards.missing_key", 1),
    ("no jurisdiction", ("jurisdiction: cn\n", ""), "standards.missing_key", 1),
    ("no unit", ("unit: pupils/class\n", ""), "standards.missing_key", 1),
    ("no comparator", ("holds_when: value <= limit\n", ""), "standards.missing_key", 1),
    ("no word on review", ("reviewed: null\n", ""), "standards.missing_key", 1),
    ("no source", (", source: paper-2017#assurance-5", ""), "standards.missing_key", 9),
    ("no confidence", (", confidence: O S3", ""), "standards.missing_key", 9),
    ("no value", ("value: 45, ", ""), "standards.missing_key", 9),
    ("no date", ("2017-04-19: {value: 45", "since_long: {value: 45"), "standards.not_a_date", 9),
    ("a date that is none", ("2017-04-19: {value: 45", "2017-02-30: {value: 45"), "standards.not_a_date", 9),
    ("an empty value", ("value: 45", "value: null"), "standards.not_a_number", 9),
    ("a value with its unit", ("value: 45", "value: 45人"), "standards.not_a_number", 9),
    ("a clock time in pupils", ("value: 45", 'value: "08:20"'), "standards.not_a_number", 9),
    ("a unit that is not in the list", ("pupils/class", "pupil/class"), "standards.unknown_unit", 3),
    ("an unknown key", ("unit: pupils/class", "unit: pupils/class\nunits: pupils"), "standards.unknown_key", 4),
    ("a misspelt key of a value", ("confidence: O S3}\n  junior", "confidance: O S3}\n  junior"), "standards.unknown_key", 9),
    ("an unknown stage", ("  primary:", "  primry:"), "standards.unknown_selector", 8),
    ("a stage where there is one value for all", ("by: stage\n", ""), "standards.unknown_selector", 7),
    ("a comparator that is no sign", ("value <= limit", "value =< limit"), "standards.unknown_comparator", 5),
    ("an empty comparator", ("value <= limit", "null"), "standards.unknown_comparator", 5),
    ("a maximum that is a minimum", ("value <= limit", "value >= limit"), "standards.comparator_contradiction", 5),
    ("a document that is not listed", ("paper-2017#assurance-5", "paper-2016#assurance-5"), "standards.unknown_source", 9),
    ("another jurisdiction", ("jurisdiction: cn", "jurisdiction: cn-21"), "standards.another_jurisdiction", 2),
    ("an id that is not the path", ("unit:", "id: class.maximum\nunit:"), "standards.path_is_not_id", 3),
    ("an unknown confidence", ("confidence: O S3", "confidence: sure"), "standards.unknown_confidence", 9),
    ("a title in one language", ("{zh: 班额上限, en: Largest class allowed}", "班额上限"), "standards.not_two_languages", 1),
    ("an empty source", ("source: paper-2017#assurance-5", "source: null"), "standards.not_a_text", 9),
    ("a review without a name", ("reviewed: null", "reviewed: {on: 2026-03-02}"), "standards.missing_key", 6),
]


@pytest.mark.parametrize(("change", "rule", "line"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_a_file_that_lacks_something_is_refused_by_line_with_a_remedy(change, rule, line):
    assert change[0] in CLASS_SIZE
    findings = refused({FILE: CLASS_SIZE.replace(change[0], change[1], 1)})
    found = next(item for item in findings if item.rule == rule)
    assert (found.place.file, found.place.row) == (FILE, line)
    assert found.severity == "error"
    assert found.remedy.zh
    assert found.remedy.en


def test_a_misspelt_unit_is_answered_with_the_nearest_one():
    findings = refused({FILE: CLASS_SIZE.replace("pupils/class", "pupil/class")})
    assert "The nearest is pupils/class." in findings[0].sentence("en")
    assert "最接近的是pupils/class" in findings[0].sentence("zh")


def test_everything_wrong_with_all_files_is_said_at_once():
    findings = refused(
        {
            FILE: CLASS_SIZE.replace("unit: pupils/class\n", "").replace("value: 50", "value: fifty"),
            "school_size/maximum.yaml": SIZE.replace("paper-2017#concession", "paper-2018"),
        }
    )
    assert sorted((item.place.file, item.rule) for item in findings) == [
        (FILE, "standards.missing_key"),
        (FILE, "standards.not_a_number"),
        ("school_size/maximum.yaml", "standards.unknown_source"),
    ]


CONCESSIONS = [
    ("no condition", ("    when: built_year <= 2010\n", ""), "standards.missing_key"),
    ("no end", ("    until: 2022-09-30\n", ""), "standards.missing_key"),
    ("no duty", ("    duty: {zh: 须有规划, en: A plan is required}\n", ""), "standards.missing_key"),
    ("an open end without a word on it", ("until: 2022-09-30", "until: null"), "standards.concession_without_end"),
    ("an end before its beginning", ("until: 2022-09-30", "until: 2018-09-30"), "standards.concession_ends_before_it_begins"),
    ("an empty beginning", ("since: 2019-10-01", "since: null"), "standards.not_a_date"),
    ("neither value nor indicator", ("    values: {all: 2400}\n", ""), "standards.missing_key"),
    ("a selector that has no value", ("values: {all: 2400}", "values: {primary: 2400}"), "standards.unknown_selector"),
    ("no relaxed value", ("values: {all: 2400}", "values: {}"), "standards.no_value"),
    ("a value that is no number", ("values: {all: 2400}", "values: {all: many}"), "standards.not_a_number"),
]


@pytest.mark.parametrize(("change", "rule"), [bad[1:] for bad in CONCESSIONS], ids=[bad[0] for bad in CONCESSIONS])
def test_a_concession_that_lacks_something_is_refused(change, rule):
    assert change[0] in SIZE
    assert rule in [item.rule for item in refused({"school_size/maximum.yaml": SIZE.replace(change[0], change[1], 1)})]


def test_a_concession_may_stay_open_when_a_note_says_why():
    text = SIZE.replace("until: 2022-09-30", "until: null\n    note: {zh: 文件未定截止, en: the document sets no end}")
    (terms,) = shelf(**{"school_size/maximum.yaml": text}).parameters["school_size.maximum"].terms
    assert terms.until is None
    assert terms.note


def test_a_concession_may_ease_what_is_counted_instead_of_the_limit():
    text = SIZE.replace("values: {all: 2400}", "indicator: school_size.pupils_without_boarders")
    (terms,) = shelf(**{"school_size/maximum.yaml": text}).parameters["school_size.maximum"].terms
    assert (terms.selector, terms.value, terms.indicator) == ("all", None, "school_size.pupils_without_boarders")


def test_a_clock_time_is_read_as_minutes_after_midnight():
    text = CLASS_SIZE.replace("pupils/class", "clock").replace("value: 45", 'value: "08:20"').replace("value: 50", 'value: "8:00"')
    assert shelf(**{"lessons/maximum.yaml": text}).parameters["lessons.maximum"].values["primary"][date(2017, 4, 19)].value == 500


def test_selectors_that_no_coded_list_explains_need_a_label():
    text = CLASS_SIZE.replace("by: stage", "by: area")
    assert "standards.no_label" in [item.rule for item in refused({FILE: text})]
    labels = "labels:\n  primary: {zh: 甲, en: a}\n  junior: {zh: 乙, en: b}\nvalues:"
    assert shelf(**{FILE: text.replace("values:", labels)}).parameters["class_size.maximum"].labels["junior"].zh == "乙"


def test_a_review_names_day_and_person_and_a_value_may_have_its_own():
    text = CLASS_SIZE.replace("reviewed: null", "reviewed: {on: 2026-03-02, by: 某某}").replace("O S3}", "O S3, reviewed: null}", 1)
    values = shelf(**{FILE: text}).parameters["class_size.maximum"].values
    assert values["primary"][date(2017, 4, 19)].reviewed is None
    assert values["junior"][date(2017, 4, 19)].reviewed == (date(2026, 3, 2), "某某")


@pytest.mark.parametrize("text", ["", "[]", "45", "values:\n  primary: 45\n"])
def test_a_file_of_another_shape_is_refused_and_nothing_breaks(text):
    assert refused({FILE: text})
