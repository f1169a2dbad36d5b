"""The commands on standards: values with document, confidence and who checked them."""

from __future__ import annotations

from tests.present.cli.conftest import Call


def test_the_list_can_be_narrowed_to_a_word_in_either_language(call: Call) -> None:
    answer = call("standards", "list", "班额上限")
    assert answer.code == 0
    assert "≤ 45人/班" in answer.out
    assert "教督〔2017〕6号" in answer.text
    assert "尚未与原文核对" in answer.text
    english = call("standards", "list", "class_size.maximum", "--lang", "en")
    assert "not yet checked against the original" in english.text
    ids = {row["id"] for row in call("standards", "list", "class_size.maximum", "--json").json}
    assert "class_size.maximum" in ids
    assert all("class_size.maximum" in name for name in ids)


def test_a_word_that_no_standard_holds_is_answered(call: Call) -> None:
    assert "没有符合的标准" in call("standards", "list", "月球").text
    assert call("standards", "list", "月球", "--json").json == []


def test_every_value_is_listed(call: Call) -> None:
    rows = call("standards", "list", "--json").json
    printed = call("standards", "list").out
    assert len(rows) > 300
    assert all(f"({row['id']})" in printed.replace("\n", "") for row in rows)


def test_one_standard_is_shown_with_the_value_of_the_day(call: Call) -> None:
    today, before = call("standards", "show", "class_size.maximum"), call("standards", "show", "class_size.maximum", "--day", "1990-01-01")
    assert today.out.count("●") == 4  # primary, junior, senior, and the sentence that explains the mark
    assert "这一天没有生效的取值" in before.text
    assert before.out.count("●") == 1
    assert "2017-04-19" in before.text
    answer = call("standards", "show", "class_size.maximum", "--json").json
    assert [row["shown"] for row in answer["values"]] == ["45", "50", "55"]
    assert answer["concessions"] == []


def test_a_standard_is_shown_with_its_concessions_and_whether_they_have_ended(call: Call) -> None:
    on = call("standards", "show", "school_size.maximum", "--day", "2021-09-01"), call("standards", "show", "school_size.maximum")
    assert "小学和初中阶段3000人/校" in on[0].text
    assert [("有效" in one.text, "已到期" in one.text) for one in on] == [(True, False), (False, True)]
    eased = call("standards", "show", "school_size.maximum", "--json").json["concessions"]
    assert [row["concession"]["shown"] for row in eased] == ["2400", "2400", "3000"]


def test_stale_values_are_named_with_the_reason(call: Call) -> None:
    rows = call("standards", "stale", "--json").json
    answer = call("standards", "stale")
    assert answer.code == 0
    assert rows
    assert all(row["stale"]["zh"] for row in rows)
    assert f"{len(rows)}个取值需要复核" in answer.text


def test_an_authority_has_its_own_standards_too(call: Call, county) -> None:
    assert call("standards", "list", "--folder", county, "--json").json == call("standards", "list", "--json").json
    assert call("standards", "list", "--folder", county / "nowhere").code == 3
