from decimal import Decimal

import pytest

from junheng.errors import StandardsError
from junheng.standards import amount, confidence_words, history_rows, standing_rows, value_text
from tests.standards.made import CLASS_SIZE, rules, shelf


def test_a_list_shows_what_holds_on_the_day_in_words():
    rows = standing_rows(rules(), "class_size.")
    assert [(row.parameter, row.label.zh, row.shown, row.unit.zh) for row in rows] == [
        ("class_size.maximum", "小学", "45", "人/班"),
        ("class_size.maximum", "初中", "50", "人/班"),
    ]
    assert rows[0].document.title.zh == "某办法"
    assert rows[0].reviewed == ""


def test_one_standard_is_shown_with_its_history():
    rows = history_rows(rules(), "school_size.maximum")
    assert [(str(row.since), row.shown, row.holds) for row in rows] == [("2012-01-01", "2500", False), ("2017-04-19", "2000", True)]
    assert (rows[0].label.zh, rows[0].line) == ("", 7)
    with pytest.raises(StandardsError):
        history_rows(rules(), "nothing")


def test_a_review_is_shown_with_day_and_name():
    text = CLASS_SIZE.replace("reviewed: null", "reviewed: {on: 2026-03-02, by: 某某}")
    assert standing_rows(rules(2025, shelf(**{"class_size/maximum.yaml": text})), "class")[0].reviewed == "2026-03-02 某某"


def test_confidence_is_said_in_words():
    assert confidence_words("O S3").zh == "全国性官方文件或表格，见于3个独立来源"
    assert confidence_words("O* S1").en.endswith("seen in 1 independent source")
    assert confidence_words("M").zh == "凭记忆，未经证实"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("45", "pupils/class", "45"),
        ("4.20", "teachers/100 pupils", "4.2"),
        ("2000", "yuan/pupil", "2000"),
        ("500", "clock", "08:20"),
        ("0", "%", "0"),
    ],
)
def test_a_value_is_printed_without_what_it_does_not_say(value, unit, shown):
    assert value_text(Decimal(value), unit) == shown


def test_an_amount_speaks_both_languages():
    assert amount(Decimal("4.5"), "m2/pupil") == ("4.5㎡/生", "4.5 m²/pupil")
    assert amount(Decimal("0.50"), "1") == ("0.5", "0.5")
