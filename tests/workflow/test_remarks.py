"""What is said beside an item that nobody can judge: the standard, for whom it has no limit, and a finding that names the schools."""

import shutil

import pytest

from junheng.workflow.assess import assess

STANDARD = """\
title: {zh: 按类别的规模上限, en: Largest school by kind}
jurisdiction: cn-629921
unit: pupils/school
by: kind
holds_when: value <= limit
reviewed: null
labels:
  primary: {zh: 小学, en: primary schools}
  nine_year: {zh: 九年一贯制学校, en: nine-year schools}
values:
  primary:
    2020-01-01: {value: 3000, source: qinghe-size-2020#1, confidence: L S1}
  nine_year:
    2020-01-01: {value: 3000, source: qinghe-size-2020#1, confidence: L S1}
"""
SOURCES = """\
qinghe-size-2020:
  title: {zh: 清河县学校规模办法, en: Qinghe school sizes}
  number: 清教〔2020〕1号
  issuer: {zh: 清河县教育局, en: Education bureau of Qinghe}
  issued: 2020-01-01
  in_force: 2020-01-01
  seen: {zh: 虚构, en: fictitious}
"""
FRAMEWORK = """\
title: {zh: 学校规模, en: School size}
jurisdiction: cn-629921
source: qinghe-size-2020
confidence: L S1
reviewed: null
in_force: {since: 2020-01-01, until: null}
parts:
  size:
    title: {zh: 学校规模, en: School size}
    each: [school]
    source: qinghe-size-2020#1
    requirements:
      - number: "1"
        title: {zh: 学校规模, en: School size}
        indicator: school_size.pupils
        at_most: size_by_kind.maximum
"""


@pytest.fixture(scope="module")
def judged(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sized")
    for name in ("2024", "2025"):
        shutil.copytree(root / "examples/qinghe" / name, folder / name)
    toml = (root / "examples/qinghe/junheng.toml").read_text(encoding="utf-8").splitlines()
    lines = ['frameworks = ["school-size-2020"]' if line.startswith("frameworks") else line for line in toml]
    (folder / "junheng.toml").write_text("\n".join(lines), encoding="utf-8")
    for name, text in {
        "standards/sources.yaml": SOURCES,
        "standards/size_by_kind/maximum.yaml": STANDARD,
        "frameworks/school-size-2020.yaml": FRAMEWORK,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return assess(folder, 2025)


def test_the_item_says_for_whom_the_standard_has_no_limit(judged):
    (item,) = judged.parts[0].items
    assert item.note.zh.startswith("“按类别的规模上限”没有适用于")
    assert "学校类别“教学点”" in item.note.zh
    assert "学校类别“小学”" not in item.note.zh
    assert judged.verdict == "not_decided"
    assert item.verdict == "no_data"


def test_a_finding_names_the_schools(judged):
    found = [one for one in judged.findings if one.rule == "workflow.no_limit_for"]
    points = next(one for one in found if "教学点" in one.found.zh)
    assert "白杨镇高崖教学点" in points.found.zh
    assert "清河县第一小学" not in "".join(one.found.zh for one in found)


def test_where_every_limit_is_there_nothing_is_said(qinghe):
    assert not [one for one in qinghe.findings if one.rule == "workflow.no_limit_for"]
    assert {item.note.zh for part in qinghe.parts for item in part.items} == {""}
