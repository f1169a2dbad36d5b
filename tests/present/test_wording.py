"""The words say what the data carry, in both languages, and no more."""

from __future__ import annotations

import typing
from dataclasses import replace
from datetime import date

import pytest

from junheng.errors import Finding, Place, Text
from junheng.present import wording
from junheng.workflow import views
from tests.present import invented

COUNTY = invented.county()
LIMIT = invented.limit("teachers", "4.2", Text("人", "persons"))


def test_every_verdict_has_words_and_a_sign_of_its_own() -> None:
    verdicts = typing.get_args(views.Verdict)
    assert set(wording.VERDICTS) == set(verdicts)
    assert len({wording.SIGNS[verdict] for verdict in verdicts}) == len(verdicts)
    assert set(wording.WHOLES) == set(typing.get_args(views.Whole))
    assert set(wording.WHOLES) < set(wording.SIGNS)
    comparators = typing.get_args(typing.get_type_hints(views.Limit)["comparator"])
    assert set(wording.COMPARATORS) == set(wording.COMPARATOR_SIGNS) == set(comparators)


def test_a_missing_value_is_no_data_and_never_zero() -> None:
    figure = invented.figure("x/-/-", Text("x", "x"), None, 2, Text("人", "persons"))
    assert wording.figure_words(figure) == wording.figure_words(None) == Text("无数据", "no data")
    assert wording.figure_words(replace(figure, value=0.0, shown="0.00")) == Text("0.00人", "0.00 persons")


def test_a_limit_reads_as_an_office_writes_it() -> None:
    assert wording.limit_words(LIMIT) == Text("不低于4.2人", "at least 4.2 persons")
    assert wording.limit_short(LIMIT) == "≥ 4.2"
    assert wording.floor_words(LIMIT) == Text("底线3.57人", "floor 3.57 persons")
    assert wording.floor_words(invented.limit("x", "95", Text("%", "%"), near=False)) == wording.limit_words(None) == Text("", "")
    assert wording.limit_words(invented.limit("x", "45", Text("%", "%"), most=True)) == Text("不高于45%", "at most 45%")


@pytest.mark.parametrize(
    ("short", "words"),
    [
        (None, ""),
        (views.Shortfall(to_limit="", to_floor="", unit=Text("㎡", "m²")), ""),
        (views.Shortfall(to_limit="12.5", to_floor="", unit=Text("㎡", "m²")), "距标准差12.5㎡"),
        (views.Shortfall(to_limit="12.5", to_floor="3", unit=Text("㎡", "m²")), "距标准差12.5㎡，距底线差3㎡"),
    ],
)
def test_a_shortfall_names_standard_and_floor(short: views.Shortfall | None, words: str) -> None:
    assert wording.shortfall_words(short).zh == words


def test_a_concession_says_whether_and_when_it_ended() -> None:
    held = invented.concession()
    assert wording.concession_words(held).zh.endswith("：放宽后标准0.9人，至2026年8月31日止")
    ended = wording.concession_words(replace(held, until=date(2024, 8, 31), in_force=False))
    assert ended.zh.endswith("已于2024年8月31日到期")
    assert ended.en.endswith("ended on 31 August 2024")
    assert wording.concession_words(replace(held, until=None, shown="")) == held.title
    assert wording.concession_words(replace(held, until=None, in_force=False)).zh.endswith("已失效")


@pytest.mark.parametrize(
    ("tag", "zh"),
    [
        ("O S4+", "官方全国性文件或表式；4个来源"),
        ("O*, 2 sources", "官方文件，但只见于转载；2个来源"),
        ("L", "地方做法"),
        ("M S1", "未经证实；1个来源"),
        ("", ""),
    ],
)
def test_a_confidence_tag_is_spelt_out(tag: str, zh: str) -> None:
    assert wording.confidence_words(tag).zh == zh


def test_an_unreviewed_value_says_so_until_somebody_has_compared_it() -> None:
    source = invented.source()
    assert wording.reviewed_words(source).zh == "尚未与原文核对"
    assert wording.reviewed_words(replace(source, reviewed="王某 2026-03-02")).zh == "已核对：王某 2026-03-02"


def test_what_stands_in_the_way_is_listed_missed_before_unknown() -> None:
    lines = [line.zh for line in wording.obstacles(COUNTY)]
    assert any("校际差异系数：1项未达标（生均体育运动场馆面积（初中））" in line for line in lines)
    assert lines[-1] == "一票否决事项未核查：发生重大安全责任事故"
    assert [n for n, line in enumerate(lines) if "政府保障程度" in line and "未达标" in line] < [
        n for n, line in enumerate(lines) if "政府保障程度" in line and "佐证" in line
    ]
    occurred = replace(COUNTY, vetoes=tuple(replace(veto, occurred=True) for veto in COUNTY.vetoes))
    assert wording.obstacles(occurred)[0].zh == "一票否决事项已发生：以考试方式招生"


def test_nothing_stands_in_the_way_of_a_spotless_county_only() -> None:
    assert wording.obstacles(invented.spotless()) == ()
    assert wording.whole_sentence(invented.spotless()).zh == "按本次数据，各项要求均已达到"
    assert "不足以判定" in wording.whole_sentence(invented.bare()).zh


def test_evidence_reads_as_a_sentence_and_a_coded_conclusion_as_words() -> None:
    proof = views.Evidence(conclusion="partly", document="清单第3号", day=date(2025, 10, 12), office="督导室")
    assert wording.evidence_words(proof) == Text(
        "基本达到，清单第3号，2025年10月12日，督导室", "partly met, 清单第3号, 12 October 2025, 督导室"
    )
    bare = views.Evidence(conclusion="符合", document="", day=None, office="")
    assert wording.evidence_words(bare).zh == "符合"


def test_a_part_judged_by_items_counts_no_schools() -> None:
    part = replace(COUNTY.parts[1], units_missed=9, units_open=1)
    assert not any("所" in line.zh for line in wording.part_obstacles(part))
    assert "1个校·学段未达标" in wording.part_obstacles(COUNTY.parts[0])[0].zh


def test_a_finding_begins_with_its_place_when_it_has_one() -> None:
    finding = Finding(rule="x.y", severity="note", place=Place(), found=Text("", ""), expected=Text("", ""), remedy=Text("", ""))
    assert wording.place_words(finding) == Text("", "")
    placed = replace(finding, place=Place(file="a.csv", row=3))
    assert wording.place_words(placed) == Text("a.csv 第3行：", "a.csv, row 3: ")
    assert wording.place_words(placed, goes_on=False).zh == "a.csv 第3行"


def test_dates_and_years_read_as_each_language_writes_them() -> None:
    assert wording.school_year(2025) == Text("2025—2026学年", "school year 2025–2026")
    assert wording.day_words(date(2025, 9, 1)) == Text("2025年9月1日", "1 September 2025")
    assert wording.day_words(None) == Text("", "")


def test_where_a_standard_is_not_in_force_nobody_meets_or_misses_it() -> None:
    elsewhere = replace(COUNTY, applies=False)
    assert wording.outcome(COUNTY).zh == "未达标"
    assert wording.outcome(elsewhere).zh == "测算示例，不作结论"
    assert (wording.outcome_kind(COUNTY), wording.outcome_kind(elsewhere)) == ("missed", "not_decided")
    assert wording.verdicts_of(elsewhere).keys() == wording.VERDICTS.keys()
    assert wording.wholes_of(elsewhere).keys() == wording.WHOLES.keys()
    told = [wording.whole_sentence(elsewhere), *wording.obstacles(elsewhere)]
    told += [*wording.verdicts_of(elsewhere).values(), *wording.wholes_of(elsewhere).values()]
    assert not [text for text in told if "达标" in text.zh or "miss" in text.en.lower()]


def test_a_concession_that_counts_another_figure_shows_it_beside_the_standard() -> None:
    held = replace(invented.concession(), counted="1.32")
    assert wording.concession_words(held).zh.endswith("：按放宽条款计1.32，标准0.9人，至2026年8月31日止")
    assert "counted as 1.32" in wording.concession_words(held).en


def counted(shown: str, missing: int) -> views.Figure:
    return views.Figure(id="", label=Text("", ""), value=0.0, shown=shown, exact="", unit=Text("个校·学段达到", "meet it"), missing=missing)


def test_none_of_none_is_no_data_and_not_zero() -> None:
    assert wording.figure_words(counted("0/290", 290)).zh == "无数据（290个校·学段均未报）"
    assert wording.figure_words(counted("0/290", 3)).zh == "0/290个校·学段达到"
    assert not wording.is_count(replace(counted("4.20", 0), unit=Text("人", "")))


def test_levels_and_ratios_are_written_as_documents_write_them() -> None:
    assert wording.with_unit("3", Text("级", "level")) == Text("Ⅲ级", "level Ⅲ")
    assert wording.with_unit("2.6", Text("级", "level")).zh == "2.6级"
    assert wording.with_unit("11.74", Text("人/师", "pupils/teacher")) == Text("11.74人/师（1∶11.74）", "11.74 pupils/teacher (1:11.74)")
