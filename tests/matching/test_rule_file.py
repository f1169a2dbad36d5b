"""Rules as files: every mistake is told with its line, and nothing but the small language becomes SQL."""

import pytest

from junheng.documents import package_path
from junheng.documents.resources import PackageFile
from junheng.errors import DataError
from junheng.matching import match_rule, model_text, read_model, read_rule, shipped_model
from junheng.matching.condition import ConditionError, condition_sql

TEXT = (package_path("junheng.matching") / "rules" / "pupils.yaml").read_text(encoding="utf-8")
KEYS = {"name": False, "name_sound": True, "id_number": True}


def read(text: str):
    return read_rule(PackageFile("rules/pupils.yaml", text))


@pytest.mark.parametrize(
    "text",
    [
        "same(nobody)",
        "near(name, 1)",
        "1 = 1",
        "same(name); drop table x",
        "same(name) or true",
        "near(name_sound, x)",
        "same(name",
        "crossed(name)",
    ],
)
def test_what_is_not_of_the_language_is_refused(text):
    with pytest.raises(ConditionError):
        condition_sql(text, KEYS)


def test_letters_are_counted_in_ascii_keys_only():
    assert condition_sql("same(name) or near(name_sound, 2)", KEYS) == "name_l = name_r or levenshtein(name_sound_l, name_sound_r) <= 2"


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ("expected: 0.7", "hoped: 0.7", "matching.rule_key"),
        ("when: \"same(school)\"", "when: \"near(school, 1)\"", "matching.condition"),
        ("- [id_number_tail]", "- [id_number_tale]", "matching.unknown_key"),
        ("kind: phone", "kind: fax", "matching.column_kind"),
        ("birth: [same], name", "birth: [alike], name", "matching.guard"),
        ("at_most: ask", "at_most: same", "matching.guard"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(good, bad, rule):
    assert good in TEXT
    with pytest.raises(DataError) as refusal:
        read(TEXT.replace(good, bad, 1))
    assert rule in {one.rule for one in refusal.value.findings}
    assert all(one.place.row for one in refusal.value.findings)


def test_an_unknown_rule_is_refused_by_name():
    with pytest.raises(DataError, match="pupils"):
        match_rule("nobody")


def test_weights_of_another_rule_are_refused():
    text = model_text(shipped_model(match_rule("pupils")))
    with pytest.raises(DataError):
        read_model(PackageFile("m.yaml", text.replace("rule: pupils", "rule: others")), match_rule("pupils"))
    with pytest.raises(DataError):
        read_model(PackageFile("m.yaml", text.replace("same_sound:", "same_noise:", 1)), match_rule("pupils"))
