"""Scenario files: what they say, what they inherit, and what is told about a mistake."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from junheng.documents import PackageFile
from junheng.errors import StandardsError, Text
from junheng.projection.assumptions import kinds
from junheng.projection.assumptions_file import read_assumptions, shipped_assumptions, with_values
from junheng.standards import Source

ROOT = Path(__file__).parents[2]
HEAD = "title: {zh: 本县, en: Ours}\nnote: {zh: 试, en: Trial}\n"
RATE = "  unit: ‰\n  values:\n    all: {0: 5, 6: -3}\n  source: junheng-assumed\n  confidence: A\n  reviewed: null\n"


def file(text: str, name: str = "ours") -> PackageFile:
    return PackageFile(f"assumptions/{name}.yaml", text)


def refusal(*files: PackageFile) -> list[str]:
    with pytest.raises(StandardsError) as error:
        read_assumptions(files)
    return [finding.sentence("en") for finding in error.value.findings]


def test_three_scenarios_ship_the_middle_one_first_and_differ_in_births_only() -> None:
    shipped = shipped_assumptions()
    assert list(shipped) == ["middle", "high", "low"]
    low, middle = shipped["low"], shipped["middle"]
    different = {name for name in middle.items if low.items[name] != middle.items[name]}
    assert different == {"births_ahead"}
    in_2035 = [float(shipped[name].births_path([2035])[0]) for name in ("low", "middle", "high")]
    assert in_2035 == [4_740_000, 6_800_000, 9_540_000]


def test_every_shipped_assumption_has_unit_source_confidence_and_is_not_reviewed() -> None:
    for scenario in shipped_assumptions().values():
        for one in scenario.items.values():
            assert one.unit == kinds()[one.id].unit
            assert one.document.title.zh
            assert one.confidence
            assert one.reviewed is None


def test_what_is_recalled_from_memory_says_so_and_asks_for_the_original() -> None:
    births = shipped_assumptions()["middle"].items["births_counted"]
    assert births.confidence == "M"
    assert births.note is not None
    assert "凭记忆" in births.note.zh
    assert "请用户提供" in births.note.zh


def test_the_middle_path_is_the_births_per_person_aged_22_to_34() -> None:
    middle = shipped_assumptions()["middle"]
    parents = [middle.births_path(range(year - 34, year - 21)).sum() for year in (2025, 2030, 2035)]
    # 7.92 million in 2025, rounded to ten thousand
    assert middle.births_path([2030, 2035]) == pytest.approx([7.92e6 * parents[n] / parents[0] for n in (1, 2)], abs=10_000)


def test_values_between_two_years_lie_on_a_line_and_the_last_holds_on() -> None:
    middle = shipped_assumptions()["middle"]
    assert middle.curve("entry_ratio", [2019, 2020, 2030, 2050], "preschool")[1:] == pytest.approx([85.2, 93.5, 95])
    assert np.isnan(middle.curve("entry_ratio", [2019], "preschool")[0])
    assert middle.curve("survival", [1, 4, 5], "male").tolist() == [0.9994, 0.9994, 0.9997]


def test_an_own_scenario_extends_a_shipped_one_and_another_file_extends_it() -> None:
    made = read_assumptions(
        [file(HEAD + "extends: low\nmigration:\n" + RATE), file("title: {zh: 乙, en: B}\nnote: {zh: 试, en: T}\nextends: ours\n", "b")]
    )
    assert set(made) == {"middle", "high", "low", "b", "ours"}
    assert made["b"].curve("migration", [0, 5, 6, 20]).tolist() == [5, 5, -3, -3]
    assert made["b"].births_path([2035])[0] == 4_740_000
    assert made["b"].items["migration"].scenario == "ours"


def test_a_scenario_named_as_a_shipped_one_takes_its_place() -> None:
    made = read_assumptions([file(HEAD + "extends: middle\nmigration:\n" + RATE, "middle")])
    assert made["middle"].curve("migration", [0])[0] == 5
    assert made["middle"].births_path([2030])[0] == 7_080_000


def test_an_unknown_key_is_told_with_its_line_and_the_nearest_known_one() -> None:
    (sentence,) = refusal(file(HEAD + "birth_ahead:\n" + RATE))
    assert sentence.startswith("assumptions/ours.yaml, row 3, column birth_ahead: found birth_ahead")
    assert "The nearest is births_ahead." in sentence


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("migration:\n" + RATE.replace("‰", '"%"'), 4, "expected the unit ‰"),
        ("migration:\n" + RATE.replace("6: -3", "six: -3"), 6, "expected an age"),
        ("migration:\n" + RATE.replace("-3", "-1001"), 6, "expected -1000–2000"),
        ("migration:\n" + RATE.replace("-3", "some"), 6, "expected a number"),
        ("migration:\n" + RATE.replace("-3", "null"), 6, "found nothing"),
        ("migration:\n" + RATE.replace("confidence: A", "confidence: B"), 8, "expected O, O*, L or M"),
        ("migration:\n" + RATE.replace("junheng-assumed", "nobody"), 7, "found nobody"),
        ("survival:\n" + RATE.replace("‰", '"1"').replace("all:", "boys:").replace("5", "1").replace("-3", "1"), 6, "found boys"),
        ("shift:\n" + RATE.replace("all:", "甲乙:").replace("-3", "1"), 6, "from>to"),
        ("extends: lower\n", 3, "The nearest is low"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, row: int, words: str) -> None:
    sentences = refusal(file(HEAD + text))
    assert len(sentences) == 1
    assert f"row {row}," in sentences[0]
    assert words in sentences[0]


@pytest.mark.parametrize("page", ["docs/how-to/assumptions.md", "docs/zh/assumptions.md"])
def test_the_files_on_the_pages_are_read(page: str) -> None:
    pages = {name: (ROOT / name).read_text(encoding="utf-8") for name in (page, "docs/how-to/assumptions.md")}
    blocks = [block for name in pages for block in re.findall(r"```yaml\n(# assumptions/.*?)```", pages[name], re.DOTALL)]
    named = {block.partition("\n")[0].removeprefix("# "): block for block in reversed(blocks)}
    made = read_assumptions([PackageFile(name, text) for name, text in named.items()])
    assert made["middle"].number("population_months") == 4
    assert made["middle"].curve("migration", [0, 6, 12], "629921001").tolist() == [25, 25, 5]
    assert made["middle"].curve("migration", [0, 6, 12], "629921002").tolist() == [4, 0, -6]
    assert made["new-town"].curve("housing_fill", [1, 5]).tolist() == [0.8, 1.0]
    assert made["new-town"].number("population_months") == 4


def test_scenarios_in_a_circle_are_told() -> None:
    sentences = refusal(file(HEAD + "extends: b\n", "a"), file(HEAD + "extends: a\n", "b"))
    assert len(sentences) == 2
    assert "circle" in sentences[0]


def test_every_finding_of_every_file_is_told_at_once() -> None:
    assert len(refusal(file(HEAD + "birth:\n" + RATE), file("title: [", "b"), file("[1]", "c"))) >= 3


def test_a_measured_assumption_takes_the_place_of_the_one_in_the_file() -> None:
    no_text = Text("", "")
    source = Source(
        key="counts", title=Text("本县", "own"), number="", issuer=no_text, issued=None, in_force=None, seen=no_text, remembered=()
    )
    made = with_values(shipped_assumptions()["middle"], "migration", {"all": {0: 12.0}}, Text("实测", "measured"), source)
    assert made.curve("migration", [7])[0] == 12.0
    assert made.items["migration"].document.key == "counts"
    assert shipped_assumptions()["middle"].curve("migration", [7])[0] == 0.0
