"""The rules of a county are checked as its tables are: own standards, indicators, frameworks, and what they ask less than the nation."""

import shutil

import pytest

from junheng.errors import StandardsError
from junheng.workflow.assess import assess
from junheng.workflow.importing import check_year
from junheng.workflow.listing import list_concessions

SOURCES = """\
qinghe-size-2020:
  title: {zh: 清河县学校规模办法, en: Qinghe school sizes}
  number: 清教〔2020〕1号
  issuer: {zh: 清河县教育局, en: Education bureau of Qinghe}
  issued: 2020-01-01
  in_force: 2020-01-01
  seen: {zh: 虚构, en: fictitious}
"""
LAXER = """\
title: {zh: 学校规模上限, en: Largest school allowed}
jurisdiction: cn-629921
unit: pupils/school
by: compulsory
holds_when: value <= limit
reviewed: null
labels:
  primary: {zh: 只有小学阶段, en: primary stage only}
  junior: {zh: 只有初中阶段, en: junior stage only}
  both: {zh: 小学和初中阶段, en: both stages}
values:
  primary:
    2020-01-01: {value: 2600, source: qinghe-size-2020#1, confidence: L S1}
  junior:
    2020-01-01: {value: 2600, source: qinghe-size-2020#1, confidence: L S1}
  both:
    2020-01-01: {value: 2600, source: qinghe-size-2020#1, confidence: L S1}
concessions:
  mountain:
    title: {zh: 山区学校, en: Schools in the mountains}
    when: urban_rural = '220'
    values: {primary: 2800}
    since: 2020-01-01
    until: 2030-08-31
    duty: {zh: 须有规划, en: A plan is required}
    source: qinghe-size-2020#2
    confidence: L S1
"""


@pytest.fixture
def county(root, tmp_path):
    for name in ("2024", "2025"):
        shutil.copytree(root / "examples/qinghe" / name, tmp_path / name)
    shutil.copy(root / "examples/qinghe/junheng.toml", tmp_path)
    for name, text in {"sources.yaml": SOURCES, "school_size/maximum.yaml": LAXER}.items():
        (tmp_path / "standards" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "standards" / name).write_text(text, encoding="utf-8")
    return tmp_path


def rules_of(findings):
    return {one.rule for one in findings if one.rule.startswith(("standards.", "indicators."))}


def test_a_laxer_standard_of_the_county_is_a_finding_of_check_and_cites_the_local_document_at_the_item(county):
    assert rules_of(check_year(county, 2025)) == {"standards.overlay_laxer", "standards.overlay_eases"}
    sizes = next(item for part in assess(county, 2025).parts for item in part.items if item.indicator == "school_size.pupils")
    assert sizes.verdict == "met"
    (school, limit) = next((name, one) for name, one in _limits(county) if one.shown == "2600")
    assert school
    assert (limit.source.title.zh, limit.source.number, limit.source.jurisdiction) == ("清河县学校规模办法", "清教〔2020〕1号", "cn-629921")


def _limits(county):
    for part in assess(county, 2025).parts:
        for item in part.items:
            if item.indicator == "school_size.pupils" and item.limit:
                yield item.title.zh, item.limit


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("school_size/maximum.yaml", "unit: pupils/school", "unit: pupil/school", "standards.unknown_unit"),
        ("school_size/maximum.yaml", "source: qinghe-size-2020#1", "source: qinghe-sise-2020#1", "standards.unknown_source"),
        ("school_size/maximum.yaml", "when: urban_rural = '220'", "when: urban_rurall = '220'", "indicators.unknown_column"),
    ],
)
def test_a_broken_standard_of_the_county_is_a_finding_of_check_beside_those_of_its_tables(county, name, old, new, rule):
    before = {one for one in check_year(county, 2025) if one.rule.startswith("model.")}
    file = county / "standards" / name
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if old in line)
    lines[at] = lines[at].replace(old, new)
    file.write_text("\n".join(lines), encoding="utf-8")
    found = check_year(county, 2025)
    (broken,) = {one for one in found if one.rule == rule and one.place.row == at + 1}
    assert broken.place.file.endswith(name)
    assert broken.severity == "error"
    assert before <= set(found)
    with pytest.raises(StandardsError) as refused:
        assess(county, 2025)
    assert rule in {one.rule for one in refused.value.findings}


def test_the_shipped_rules_have_nothing_to_find(root):
    assert rules_of(check_year(root / "examples/qinghe", 2025)) == set()


def test_the_concessions_of_a_standard_are_listed_with_those_that_have_ended(county):
    eased = list_concessions(county, "school_size.maximum")
    found = {(one.id, selector.zh, one.shown, one.in_force) for selector, one in eased}
    assert ("mountain", "只有小学阶段", "2800", True) in found
    assert ("built_before_2011_or_migrant", "小学和初中阶段", "3000", False) in found


def test_the_mean_of_a_spread_opens_a_trail_of_its_own(qinghe):
    for spread in qinghe.spreads:
        assert spread.mean.id.startswith(f"{spread.indicator}.mean/{spread.stage}/")
        trail = qinghe.explanations[spread.mean.id]
        assert trail.figure == spread.mean
        assert "weighted_mean" in trail.formula
    known = next(spread for spread in qinghe.spreads if spread.mean.value is not None)
    total = sum(point.pupils for point in known.points)
    assert known.mean.value == pytest.approx(sum(point.pupils * point.value for point in known.points) / total)
