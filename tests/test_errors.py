from __future__ import annotations

import pytest

from junheng.errors import (
    DataError,
    Finding,
    Infeasible,
    JunhengError,
    OutOfTime,
    Place,
    StandardsError,
    StoreError,
    Text,
)

ONE = Finding(
    rule="model.value_out_of_bounds",
    severity="error",
    place=Place(file="classes.csv", row=14, column="pupils"),
    found=Text("-3", "-3"),
    expected=Text("不小于0的整数", "a whole number, 0 or more"),
    remedy=Text("请改正该数；没有统计时请留空。", "Correct the number, or leave the cell empty if it was not counted."),
)


def test_a_message_says_where_found_expected_and_what_to_do_in_this_order() -> None:
    assert ONE.sentence("en") == (
        "classes.csv, row 14, column pupils: found -3; expected a whole number, 0 or more. "
        "Correct the number, or leave the cell empty if it was not counted."
    )
    assert ONE.sentence("zh") == "classes.csv 第14行 “pupils”列：发现-3；应为不小于0的整数。请改正该数；没有统计时请留空。"


def test_a_cause_with_many_places_says_how_many() -> None:
    many = Finding(**{name: getattr(ONE, name) for name in ("rule", "severity", "place", "found", "expected", "remedy")}, count=7)
    assert "found -3 (7 times); expected" in many.sentence("en")
    assert "发现-3（共7处）；" in many.sentence("zh")


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        (Place(), "", ""),
        (Place(file="a.xlsx", sheet="表1", cell="C4"), "a.xlsx 工作表“表1” 单元格C4", "a.xlsx, sheet 表1, cell C4"),
        (Place(file="a.xlsx", cell="C4", row=4), "a.xlsx 单元格C4", "a.xlsx, cell C4"),
        (
            Place(
                table="classes", column="pupils", key=("1", "2"), title=Text("班级", "Classes"), label=Text("班额", "Pupils"), name="东校"
            ),
            "班级 “班额”列 1|2 东校",
            "Classes, column Pupils, 1|2 东校",
        ),
    ],
)
def test_a_place_is_said_in_words(place: Place, zh: str, en: str) -> None:
    assert (place.of("zh"), place.of("en")) == (zh, en)


@pytest.mark.parametrize("kind", [DataError, StandardsError, Infeasible, OutOfTime, StoreError])
def test_every_error_is_ours_and_carries_all_its_findings(kind: type[JunhengError]) -> None:
    error = kind([ONE, ONE])
    assert isinstance(error, JunhengError)
    assert error.findings == (ONE, ONE)
    assert str(error).count("found -3") == 2
    assert kind(ONE).findings == (ONE,)


def test_any_language_but_english_is_chinese() -> None:
    assert [Text("中", "en").of(lang) for lang in ("zh", "en", "fr")] == ["中", "en", "中"]
