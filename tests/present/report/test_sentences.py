"""No sentence says more than the views hold. Each claim about all cases is shown with a case that forbids it."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest

from junheng.errors import Text
from junheng.present.report import sentences as say
from junheng.present.report.prose import Report, self_assessment
from junheng.present.report.wording import chinese_numeral
from junheng.workflow.views import Assessment, Explanation, Part, Veto
from tests.present.invented import bare, county, spotless

CLAIMS = ("全部达标", "均达标", "均未发生", "各项要求均已达到", "全覆盖", "没有仅凭", "未提出问题")


def text_of(report: Report) -> str:
    return "\n".join(paragraph.text for paragraph in report.body)


def part(met: int, missed: int, unknown: int) -> Part:
    return Part(
        id="p",
        title=Text("资源配置", ""),
        rule=Text("", ""),
        verdict="met",
        items=(),
        counts={},
        units_met=met,
        units_missed=missed,
        units_open=unknown,
    )


def veto(occurred: bool | None) -> Veto:
    return Veto(id="v", title=Text("考试招生", ""), occurred=occurred, document="")


def test_a_spotless_county_may_say_so() -> None:
    text = text_of(self_assessment(spotless()))
    for claim in CLAIMS:
        assert claim in text or claim == "全覆盖", claim


@pytest.mark.parametrize(
    ("missed", "unknown"),
    [(1, 0), (0, 1), (3, 2)],
)
def test_not_all_schools_meet_it_while_one_misses_it_or_is_open(missed: int, unknown: int) -> None:
    said = say.units_sentence(part(16, missed, unknown))
    assert "全部" not in said
    assert "达标16个" in said
    assert say.units_sentence(part(16, 0, 0)) == "纳入判定的16个校·学段全部达标。"


def test_no_school_is_not_all_schools() -> None:
    assert say.units_sentence(part(0, 0, 0)) == "没有可判定的数据。"


@pytest.mark.parametrize("exception", ["missed", "near", "no_data", "needs_evidence", "partly", "met_by_concession"])
def test_not_all_items_are_met_while_one_is_not(exception: str) -> None:
    assert "均达标" not in say.all_or_counts({"met": 14, exception: 1})
    assert say.all_or_counts({"met": 15, exception: 0}) == "共15项，均达标"
    assert "均达标" not in say.all_or_counts({})


@pytest.mark.parametrize("state", [True, None])
def test_a_veto_that_occurred_or_was_not_checked_is_named(state: bool | None) -> None:
    said = "".join(say.vetoes_sentences((veto(False), veto(state))))
    assert "均未发生" not in said
    assert ("已发生1项" if state else "未核查1项") in said
    assert say.vetoes_sentences(()) == ()
    assert say.vetoes_sentences((veto(False),)) == ("所列1项一票否决事项经核查均未发生。",)


def one_missed(whole: Assessment) -> Assessment:
    last = whole.parts[-1]
    items = tuple(replace(item, verdict="no_data") for item in last.items)
    return replace(whole, parts=(*whole.parts[:-1], replace(last, items=items, verdict="not_decided")))


def test_the_county_is_not_met_while_one_item_has_no_data() -> None:
    assert "各项要求均已达到" in say.conclusion_sentences(spotless())[0]
    assert "尚不能判定" in say.conclusion_sentences(one_missed(spotless()))[0]


def test_the_county_is_not_met_while_a_veto_is_unchecked() -> None:
    unchecked = replace(spotless(), vetoes=(veto(None),))
    assert "均已达到" not in say.conclusion_sentences(unchecked)[0]


def test_a_standard_that_is_not_in_force_gives_no_verdict() -> None:
    said = say.conclusion_sentences(replace(spotless(), applies=False))[0]
    assert "不施行，以下为测算示例，不作结论。" in said
    assert "均已达到" not in said


def test_unreviewed_standards_are_said_until_all_are_reviewed() -> None:
    assert any("尚未与文件原文核对" in said for said in say.conclusion_sentences(spotless()))
    assert say.basis_sentence(county()).startswith(
        "按照《县域义务教育优质均衡发展督导评估办法》（教督〔2017〕6号），以2025年9月1日为统计时点，对青屏县义务教育"
    )


def test_what_fails_is_said_with_value_standard_and_distance() -> None:
    text = text_of(self_assessment(county()))
    assert "生均体育运动场馆面积4.80㎡（标准不低于7.5㎡，底线6.375㎡），距标准差5513㎡，距底线差3214㎡" in text
    assert "班额：实际值46人，标准不高于45人，未达标，超出标准1人，涉及朝阳路小学、第二实验小学。" in text
    assert "差距主要来自石桥镇初级中学（高于平均，占91.5%）" in text


def test_missing_is_said_by_name_and_never_as_zero() -> None:
    text = text_of(self_assessment(county()))
    assert "缺报数据的有石桥镇双河村小学（小学）。缺报数据未按零计算" in text
    assert "生均教学仪器设备值：缺石桥镇双河村小学的数据，差异系数无法计算。" in text
    cv = next(item for item in county().parts[1].items if item.verdict == "no_data")
    assert say.item_sentence(cv) == "生均教学仪器设备值（小学）：无数据，无法与标准（不高于0.50）比较。"
    assert say.missing_sentence(spotless()) == ""
    silent = say.missing_sentence(replace(spotless(), not_sent=(("2150000099", "柳沟小学"), ("2150000098", ""))))
    assert silent == "尚未报送的有柳沟小学、2150000098。缺报数据未按零计算，相应指标按“无数据”处理。"


def test_what_is_unknown_of_a_school_is_said_in_one_breath() -> None:
    unit = next(unit for unit in county().units if unit.name == "石桥镇双河村小学")
    assert say.unit_sentence(unit) == "石桥镇双河村小学（小学）：生均教学仪器设备值无数据。"
    empty = replace(unit, items=tuple(replace(item, verdict="no_data") for item in unit.items))
    assert say.unit_sentence(empty) == "石桥镇双河村小学（小学）：7项指标均无数据。"
    assert say.unknown_words(spotless().units[0]) == ""


def test_a_concession_is_said_with_its_end_and_an_ended_one_does_not_hold() -> None:
    _, _, concession = county().concessions[0]
    assert "至2026年8月31日止" in say.concession_sentence("某校", "体艺教师", concession)
    assert "不得再作为达标依据" in say.concession_sentence("某校", "体艺教师", replace(concession, in_force=False))


def test_the_real_text_makes_no_claim_about_all_cases() -> None:
    text = text_of(self_assessment(county()))
    rules = [part.rule.zh for part in county().parts]
    for rule in rules:
        text = text.replace(rule, "")
    assert not [claim for claim in ("全部", "均未发生", "均已达到", "全覆盖", "100%") if claim in text]


def test_a_county_without_data_claims_nothing() -> None:
    text = text_of(self_assessment(bare()))
    assert "尚不能判定" in text
    assert not [claim for claim in ("全部", "均达标", "均未发生", "均已达到") if claim in text]


def test_what_a_framework_does_not_ask_has_no_section_and_no_annex() -> None:
    report = self_assessment(replace(county(), spreads=()))
    headings = [paragraph.text for paragraph in report.body if paragraph.level == "one"]
    assert headings[3] == "四、适用放宽条款的事项"
    assert [annex.title for annex in report.annexes] == ["县级各项判定表", "各学校指标情况表", "标准依据与来源"]
    assert [annex.title for annex in self_assessment(bare()).annexes] == ["标准依据与来源"]


def test_a_framework_that_judges_no_schools_says_nothing_of_them() -> None:
    assert say.scope_sentences(bare()) == ("本次没有可以逐校判定的学校数据。",)
    assert say.scope_sentences(replace(county(), units=())) == ()
    assert say.scope_sentences(county())[0] == "纳入逐校判定的共18个校·学段（一贯制学校按学段分别计，下同）。"


def test_long_lists_say_how_many_more_and_where() -> None:
    names = [f"第{n}小学" for n in range(1, 13)]
    assert say.named(names).endswith("第10小学等12所，其余见“各学校指标情况表”")
    assert say.named(names[:10]).endswith("第10小学")


def test_figures_stand_close_to_chinese() -> None:
    assert say.tight(Text("不低于 4.2 人", "")) == "不低于4.2人"
    assert say.tight(Text("不低于 4.2 人/百生，7.5 ㎡/生，1150 元/生·年", "")) == "不低于4.2人，7.5㎡，1150元/生·年"
    assert say.sentence("甲", "", "乙。") == "甲，乙。"


def test_headings_count_in_chinese() -> None:
    counted = [chinese_numeral(n) for n in chain(range(1, 4), (10, 11, 20, 23))]
    assert counted == ["一", "二", "三", "十", "十一", "二十", "二十三"]


def test_an_item_that_every_school_must_meet_says_how_many_do() -> None:
    size = next(item for part in county().parts for item in part.items if item.title.zh == "班额")
    count = replace(size.figure, id="", value=58.0, shown="58/70", unit=Text("所达到", ""), missing=2)
    said = say.item_sentence(replace(size, figure=count, short=None))
    assert said == "班额（标准不高于45人）：58/70所达到，2个无数据，未达标，涉及朝阳路小学、第二实验小学。"


def test_the_origin_of_the_figures_is_claimed_only_as_far_as_it_is_known() -> None:
    whole = county()
    first = next(iter(whole.explanations))

    def without(trail: Explanation) -> Explanation:
        return replace(trail, cells=tuple(replace(cell, file="", cell="") for cell in trail.cells))

    unknown = {key: without(trail) for key, trail in whole.explanations.items()}
    assert say.origins_sentence(whole).startswith("各数值取自原始报表的单元格")
    some = say.origins_sentence(replace(whole, explanations={**unknown, first: whole.explanations[first]}))
    assert some.startswith("部分数值可追溯到原始报表的单元格")
    assert "没有记录原始报表的单元格" in say.origins_sentence(replace(whole, explanations=unknown))
    assert say.origins_sentence(bare()) == ""


def test_open_matters_are_counted_item_by_item() -> None:
    said = say.conclusion_sentences(county())[0]
    items = [item for part in county().parts for item in part.items if item.verdict not in ("met", "met_by_concession")]
    assert f"县级各项{len(items)}项、学校" in said
    assert "未达到或待定" not in say.conclusion_sentences(spotless())[0]


def test_a_framework_without_vetoes_says_nothing_of_them() -> None:
    headings = [one.text for one in self_assessment(replace(county(), vetoes=())).body if one.level == "one"]
    assert not [heading for heading in headings if "一票否决" in heading]
