"""What people write in a cell, and what it means; what is unclear is refused, never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from junheng.documents.chinese_text import fold
from junheng.store.returns import scalars
from junheng.store.returns.words import label, row_kind

AREAS = {
    "54048平方公尺": 54048,
    "24,938平方公尺": 24938,
    "19,893.14 平方公尺": 19893.14,
    "28358平方公尺平方公尺": 28358,
    "１２３．５": 123.5,
    "3.2万平方米": 32000,
    "20亩": 13333.334,
    " 12\u200b\xa0": 12,
    "0": 0,
}
YUAN = {"1482000元": 1482000, "351仟元": 351000, "165,269仟元": 165269000, "158.2万元": 1582000, "0元": 0}
REFUSED = {
    "7,382,11 平方公尺": "returns.number_unclear",
    "138.329.129元": "returns.number_unclear",
    "15716,233元": "returns.number_unclear",
    "1O0": "returns.letter_for_digit",
    "l2": "returns.letter_for_digit",
    "1e999999": "returns.number_unclear",
    "约300": "returns.not_a_number",
    "三百": "returns.not_a_number",
    "1482000元": "returns.unit_mismatch",
    "85%": "returns.unit_mismatch",
    "120-130": "returns.number_unclear",
    "3间": "returns.unit_mismatch",
}


@pytest.mark.parametrize(("text", "value"), AREAS.items())
def test_areas_are_read_with_their_unit(text, value):
    assert scalars.number(text, "m2")[:2] == ("value", pytest.approx(value))


@pytest.mark.parametrize(("text", "value"), YUAN.items())
def test_amounts_are_read_in_yuan(text, value):
    assert scalars.number(text, "yuan") == scalars.Scalar("value", value, own_unit=True)


@pytest.mark.parametrize("text", ["¥1,000", "1000", "１０００", "1000个"])
def test_a_number_without_a_unit_of_measure_takes_that_of_its_column(text):
    assert scalars.number(text, "yuan") == scalars.Scalar("value", 1000, own_unit=False)


@pytest.mark.parametrize(("text", "rule"), REFUSED.items())
def test_what_is_unclear_is_refused_by_its_rule(text, rule):
    assert scalars.number(text, "m2").outcome == rule


@pytest.mark.parametrize("text", ["待輸入", "待输入元", "TMP元", "後補元", "調查中", "？平方公尺", "x", "＊平方公尺", "N/A", "NaN"])
def test_a_word_for_still_to_come_is_missing_and_not_zero(text):
    assert scalars.number(text, "yuan") is scalars.MISSING


@pytest.mark.parametrize("text", ["—", "-", "——", "…", " \u3000"])
def test_a_dash_of_the_form_is_blank(text):
    assert scalars.number(text, "yuan") is scalars.BLANK


NO_YEARS = ["201913", "201900", "20190931", "20190230", "2019.13", "2019-9-31", "2019年13月", "2019-2020", "2019.9-2020.6", "19980x"]
YEARS = {"2019年": 2019, "2019.0": 2019, "20190930": 2019, "2019年9月30日": 2019, "2019年十二月": 2019, "2019年扩建": 2019}
YEARS |= {"1998/08": 1998, "2019.9": 2019, "201909": 2019, "1968年": 1968, "2019-09-01": 2019}
REPUBLIC = {"57/8": 1968, "57": 1968, "0660801": 1977, "民國57年8月": 1968, "民國前9年": 1903, "民前3年3月": 1909, "民國十年四月": 1921}
REPUBLIC |= {"四十六年/五月": 1957, "08/04": 1919, "1951/9/1": 1951}


@pytest.mark.parametrize(("text", "year"), YEARS.items())
def test_years(text, year):
    assert scalars.year(text) == scalars.Scalar("value", year)


@pytest.mark.parametrize(("text", "year"), REPUBLIC.items())
def test_years_of_the_republic_only_where_the_form_says_so(text, year):
    assert scalars.year(text, "", "roc") == scalars.Scalar("value", year)
    assert scalars.year(text).outcome == ("value" if text.startswith("19") else "returns.not_a_year")


@pytest.mark.parametrize("text", NO_YEARS)
def test_a_year_with_a_month_or_day_that_there_is_not_is_refused(text):
    assert scalars.year(text).outcome == "returns.not_a_year"
    if text.replace(".", "").isdigit():
        assert scalars.year_of_number(float(text), "", False).outcome == "returns.not_a_year"


@pytest.mark.parametrize("text", ["57/13", "0661301", "民國57年13月", "民國十年十三月"])
def test_a_year_of_the_republic_has_twelve_months_too(text):
    assert scalars.year(text, "", "roc").outcome == "returns.not_a_year"


def test_years_and_days_in_numbers():
    # 43709 is 2019-09-01 counted from 1900, and 42247 the same day counted from 1904.
    assert scalars.year_of_number(43709, "", False).value == 2019
    assert scalars.year_of_number(2019.9, "", False).value == 2019
    assert scalars.year_of_number(201909, "", False).value == 2019
    assert scalars.day_of_number(43709, False).value == date(2019, 9, 1).toordinal()
    assert scalars.day_of_number(42247, True).value == date(2019, 9, 1).toordinal()
    assert scalars.day_of_number(2019.9, False).value == date(2019, 9, 1).toordinal()
    assert scalars.day("2019年9月").value == date(2019, 9, 1).toordinal()


def test_a_month_whose_last_zero_may_be_lost_is_refused():
    assert scalars.day_of_number(2019.1, False).outcome == "returns.month_unclear"
    assert scalars.day("2019.10").value == date(2019, 10, 1).toordinal()
    assert scalars.day("2019-02-30").outcome == "returns.not_a_day"


def test_a_lost_zero_is_restored_only_where_the_format_proves_it():
    code = scalars.code
    assert code("11301", (6,), True, True) == ("011301", "returns.zero_restored")
    assert code("11301", (6,), False, True) == (None, "returns.code_format")
    assert code("11301", (6,), True, False) == (None, "returns.code_format")
    assert code("1301", (6,), True, True) == (None, "returns.code_format")
    assert code("214400000", (10,), False, True) == (None, "returns.code_format")
    assert code("２１４４０００００１", (10,), False, False) == ("2144000001", "")
    assert code("214400O001", (10,), False, False) == (None, "returns.letter_for_digit")
    assert code("1.10101E+17", (18,), False, False) == (None, "returns.digits_destroyed")


def test_words_are_compared_without_width_spaces_and_script():
    assert fold("　臺南市 學校（机构）標識碼\u200b") == "台南市学校(机构)标识码"
    assert fold("安南區塩田里") == fold("安南區鹽田里")
    assert label("#其中：1.教学仪器设备资产值（万元）").key == "教学仪器设备资产值"
    assert label("26－30人").key == label("26—30人").key == "26-30人"
    kinds = {"合 计": "total", "全县总计（12所）": "total", "城关镇小计": "subtotal", "说明：": "note", "东小学": ""}
    assert {word: row_kind(fold(word)) for word in kinds} == kinds
