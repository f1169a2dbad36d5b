"""What is shown and not judged: structure figures of frameworks that judge schools, and shares beside evidence items."""

import pytest

from junheng.present import structure, wording
from junheng.workflow.assess import assess


@pytest.fixture(scope="module")
def preschool(root):
    return assess(root / "examples/qinghe", 2025, "preschool-inclusive-2020")


def test_a_framework_of_schools_shows_the_structure_by_stage(qinghe):
    table = structure.structure_of(qinghe)
    assert [column.zh for column in table.columns] == ["全县", "小学", "初中", "高中"]
    rows = {label.zh: [one.shown if one else None for one in figures] for label, _, figures in table.rows}
    assert rows["编制使用率"] == ["93.8", None, None, None]
    assert rows["超大班额比例"] == [None, "0.0", "0.0", "0.0"]  # nought is worth saying


def test_a_framework_of_kindergartens_does_not(preschool):
    assert preschool.information == ()
    assert structure.structure_of(preschool).rows == ()


def test_shares_stand_beside_the_evidence_and_decide_nothing(preschool):
    items = {item.number: item for part in preschool.parts for item in part.items}
    assert {number for number, item in items.items() if item.information} == {"26", "27", "29"}
    assert [figure.id.partition("/")[0] for figure in items["29"].information] == ["preschool.staffed_share"]
    assert items["29"].information[0].shown == "100.0"
    assert items["26"].verdict == "missed"  # by its document, although no share is known: one kindergarten sent no premises
    assert wording.information_words(items["26"]).zh.startswith("数据测算（仅供参考）：户外活动场地达标的幼儿园比例无数据（缺1处）")
    for item in items.values():
        for figure in item.information:
            assert preschool.explanations[figure.id].cells
