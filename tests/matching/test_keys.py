"""What people write, made comparable: names, ID numbers, days, phones, schools."""

import polars as pl
import pytest

from junheng.matching.dates import dates
from junheng.matching.identity_numbers import birth_of, identity_numbers, sex_of
from junheng.matching.names import name_keys, names, split
from junheng.matching.pinyin import surnames
from junheng.matching.plain_keys import phones, schools, sexes
from junheng.model.identity import id_number_fault


def keys(text: str) -> dict[str, str | None]:
    return names("name", pl.Series([text])).to_dicts()[0]


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("張偉", "张伟"),
        ("张 伟", "张伟"),
        ("张\u200b伟", "张伟"),
        ("张伟（双胞胎）", "张伟"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("王堃", "王坤"),
        ("ＬＩ明", "li明"),
    ],
)
def test_one_name_written_in_two_ways_is_one_name(written, same):
    assert keys(written) == keys(same) | {"name_part": keys(written)["name_part"]}
    assert keys(written)["name"] is not None


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("单雄信", "shanxiongxin"),
        ("解琳", "xielin"),
        ("尉迟恭", "yuchigong"),
        ("单于", "shanyu"),
        ("单于天", "chanyutian"),
        ("吕布", "lvbu"),
    ],
)
def test_a_surname_sounds_as_a_surname(name, sound):
    assert keys(name)["name_sound"] == sound


def test_a_surname_with_two_readings_has_both():
    assert (keys("覃敏")["name_sound"], keys("覃敏")["name_other"]) == ("qinmin", "tanmin")


def test_compound_surnames_are_kept_whole():
    assert split("欧阳娜娜") == ("欧阳", "娜娜")
    assert split("欧娜") == ("欧", "娜")
    assert {"欧阳", "万俟", "令狐"} <= surnames().keys()


def test_a_name_with_a_lost_character_is_compared_by_what_is_left():
    found = name_keys("李?明")
    assert (found.whole, found.sound, found.surname, found.first, found.last) == ("", "", "李", "", "明")


def test_what_is_no_name_has_no_keys():
    assert set(keys("——").values()) == {None}


def number(text: str) -> dict[str, str | None]:
    return identity_numbers("id", pl.Series([text], dtype=pl.String)).to_dicts()[0]


def test_check_digits_agree_with_the_library_of_the_model():
    # GB 11643's own example; every other last character is wrong
    good = "11010519491231002X"
    assert number(good)["id_state"] == "valid"
    for last in "0123456789":
        assert number(good[:17] + last)["id_state"] == "wrong_check"
        assert id_number_fault(good[:17] + last) == "check_digit"


@pytest.mark.parametrize("text", ["3.70782201203051e+17", "3.70782E+17", "990701201203051000"])
def test_a_number_that_lost_digits_is_refused_and_not_guessed(text):
    assert number(text) == dict.fromkeys(number(text)) | {"id_state": "destroyed"}


def test_numbers_of_other_papers_hold_an_id_number():
    assert number("11010519491231002X44")["id"] == "11010519491231002X"  # disability certificate: kind and degree behind it
    assert number("G11010519491231002X")["id"] == "11010519491231002X"
    assert number("L11010519491231002X") == dict.fromkeys(number("1")) | {"id_state": "temporary"}
    assert number("１１０１０５ 19491231 002ｘ")["id"] == "11010519491231002X"


def test_fifteen_digits_are_eighteen_with_a_check_digit():
    assert number("110105491231002")["id"] == "11010519491231002X"


def test_birth_and_sex_are_read_from_a_number():
    frame = pl.DataFrame({"n": ["11010519491231002X", None]})
    assert frame.select(birth_of(pl.col("n")), sex_of(pl.col("n")).alias("s")).rows() == [("19491231", "f"), (None, None)]


@pytest.mark.parametrize(
    "text", ["2013-05-06", "2013/5/6", "2013.5.6", "2013年5月6日", "20130506", "41400", "41400.0", "２０１３-05-06", "2013-05-06 00:00:00"]
)
def test_days_are_read_as_they_are_written(text):
    assert dates("b", pl.Series([text])).to_dicts()[0] == {"b": "20130506", "b_crossed": "20130605", "b_month": "201305", "b_state": "day"}


@pytest.mark.parametrize(
    ("text", "month"), [("2019.9", "201909"), ("201909", "201909"), ("2019年9月", "201909"), ("2019.10", "201910"), ("2019-09", "201909")]
)
def test_a_year_and_month_is_a_month(text, month):
    found = dates("b", pl.Series([text])).to_dicts()[0]
    assert (found["b"], found["b_month"], found["b_state"]) == (None, month, "month")


@pytest.mark.parametrize("text", ["2019.1", "2013-13-45", "去年", "20131345", "2013"])
def test_a_day_that_would_be_a_guess_is_not_read(text):
    assert dates("b", pl.Series([text])).to_dicts()[0] == {"b": None, "b_crossed": None, "b_month": None, "b_state": "unclear"}


def test_phones_and_sexes():
    assert phones("p", pl.Series(["138-0000 1111", "+8613800001111", "0731-85551234", "85551234", "无", None]))["p"].to_list() == [
        "13800001111", "13800001111", "85551234", "85551234", None, None,
    ]  # fmt: skip
    assert sexes("s", pl.Series(["男", "女性", " 2", "?", None]))["s"].to_list() == ["m", "f", "f", None, None]


def test_schools_are_found_by_code_name_or_short_name():
    known = {"E1": ["清河县第一小学"], "E2": ["清河县石桥镇中心小学"], "E3": ["清河县第二初级中学"]}
    written = ["E1", "清河县第一小学", "第一小学", "石桥镇中心小学", "清河縣第二初中", "某某小学", None]
    assert schools("s", pl.Series(written), known)["s"].to_list() == ["E1", "E1", "E1", "E2", "E3", None, None]
