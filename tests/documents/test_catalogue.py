from __future__ import annotations

import string

import pytest

from junheng.documents import catalogue, finding, package_files, package_path, parse_csv
from junheng.errors import Place, Text


def test_a_finding_speaks_both_languages_and_fills_its_placeholders() -> None:
    one = finding("model.unknown_table", Place(table="x"), "x", tables="a, b")
    assert one.expected == Text("以下表之一：a, b", "one of the tables a, b")
    worded = finding("model.value_of_another_type", Place(), Text("空", "nothing"), kind=Text("整数", "a whole number"), count=3)
    assert (worded.expected, worded.found.zh, worded.count) == (Text("整数", "a whole number"), "空", 3)


def test_an_unknown_rule_or_a_missing_placeholder_is_our_mistake_and_loud() -> None:
    with pytest.raises(KeyError):
        finding("model.no_such_rule", Place(), "x")
    with pytest.raises(KeyError):
        finding("model.unknown_table", Place(), "x")


def test_a_severity_may_be_set_by_the_caller() -> None:
    assert finding("model.unknown_table", Place(), "x", tables="").severity == "error"
    assert finding("model.unknown_table", Place(), "x", tables="", severity="note").severity == "note"


@pytest.mark.parametrize("name", [file.name for file in package_files("junheng.documents", "findings/*.csv")])
def test_a_catalogue_is_sorted_complete_and_says_the_same_in_both_languages(name: str) -> None:
    text = next(file.text for file in package_files("junheng.documents", name))
    rules = [row.values for row in parse_csv(text, name)]
    assert [rule["rule"] for rule in rules] == sorted(rule["rule"] for rule in rules)
    for rule in rules:
        assert rule["severity"] in {"error", "warning", "note"}
        assert all(rule.values()), rule["rule"]
        for part in ("expected", "remedy"):
            assert _holes(rule[f"{part}_zh"]) == _holes(rule[f"{part}_en"]), rule["rule"]
        assert rule["remedy_zh"].endswith("。"), rule["rule"]
        assert rule["remedy_en"].endswith("."), rule["rule"]


def _holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_catalogue_holds_every_file() -> None:
    assert len(catalogue()) == sum(len(parse_csv(file.text, file.name)) for file in package_files("junheng.documents", "findings/*.csv"))


def test_shipped_files_are_found_by_pattern_and_by_path() -> None:
    names = [file.name for file in package_files("junheng.model", "schema/*.csv")]
    assert names == sorted(names)
    assert "schema/schools.csv" in names
    assert package_path("junheng.model", "schema/schools.csv").is_file()
    assert package_files("junheng.model", "nothing/*.csv") == []
