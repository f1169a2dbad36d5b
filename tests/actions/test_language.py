"""Plan language in: invented policy texts with the damage that real ones have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from junheng.actions.language import capabilities, draft, policy_lines
from junheng.actions.language.deadlines import coverage_words, deadlines, year_of
from junheng.actions.language.policy_text import IMPRINT, LOST, NO_SENTENCE, STAMP, TEASER, readable
from junheng.actions.language.quantities import quantities

TEXT = """好看的视频,免费在线,天天更新,日日精彩,点击进入,马上观看
清河縣教育局2026年工作要點
一、優(yōu)化教師隊伍(duì)
1.深化“縣管校聘”改革。全縣中小學(xué)教師交流輪崗比例不低于10%,年底前所有學(xué)校建立學(xué)科缺口臺賬。
2.落實資助政策,做到應(yīng)助盡助,每天核對一次名單。
二、擴(kuò)大學(xué)位供給
實施“三校兩園”工程,2026年9月1日前新增學(xué)位1440個;力爭“十四五”期間再新建2~3所公辦園。
編輯:某某
2026-03-01 09:00:00
上一篇:
清河縣召開校園安全會議,要求做好防溺水有奖舉報工作...
"""


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("優(yōu)質(zhì)均衡", "优质均衡"),
        ("強(qiáng)化導(dǎo)師", "强化导师"),
        ("服務(wù)“5+2”(含周末)", "服务“5+2”(含周末)"),
        ("依托1個中心(GIS)建設", "依托1个中心(GIS)建设"),
        ("教師 隊伍,建 設", "教师队伍，建设"),
    ],
)
def test_sounds_and_variants_go_and_everything_else_stays(raw: str, right: str):
    assert readable(raw) == right


def test_a_run_read_one_byte_off_is_put_right_and_the_lost_character_is_shown():
    whole = "培訓。”徐進介紹"
    octets = whole.encode("gbk")
    damaged = octets[:4].decode("gbk") + "?" + octets[5:11].replace(b"\xa3\xa1", b"\xa3\xa1").decode("gbk", "replace") + "紹"
    assert damaged.startswith("培訓?！")
    assert readable(damaged).startswith(f"培训{LOST}”徐")


def test_a_question_mark_in_a_sentence_is_no_damage():
    assert readable("怎么办?!我们要行动") == "怎么办？!我们要行动".replace("!", "！")


def test_what_is_no_policy_is_set_aside_with_its_reason():
    found = {line.line: line.aside for line in policy_lines(TEXT)}
    assert found[1] == NO_SENTENCE
    assert (found[8], found[9], found[10], found[11]) == (IMPRINT, STAMP, TEASER, TEASER)
    assert [found[line] for line in range(2, 8)] == [None] * 6
    assert len(found) == 11  # nothing is lost


def test_measures_stand_under_their_headings_with_what_they_say():
    read = draft(TEXT)
    assert read.year == 2026
    assert read.actions == ("三校两园工程",)
    by_words = {one.words: one for one in read.measures}
    aid = next(one for words, one in by_words.items() if "应助尽助" in words)
    assert (aid.line, aid.capabilities, aid.coverage) == (5, ("G06",), ("应助尽助",))
    assert aid.under == ("一、优化教师队伍", "2.落实资助政策，做到应助尽助，每天核对一次名单")
    moves = next(one for one in read.measures if "D02" in one.capabilities)
    assert [(number.low, number.unit) for number in moves.numbers] == [(Decimal(10), "%")]
    assert [when.last for when in moves.deadlines] == [date(2026, 12, 31)]
    seats = next(one for one in read.measures if "C03" in one.capabilities)
    assert Decimal(1440) in {number.low for number in seats.numbers}
    assert date(2026, 9, 1) in {when.last for when in seats.deadlines}


def test_nothing_of_the_foot_is_drafted():
    assert not any("L04" in one.capabilities for one in draft(TEXT).measures)


def test_a_text_without_policy_drafts_nothing():
    assert draft("今天天气很好。大家都去散步。").measures == ()
    assert draft("").lines == ()


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("新增学位5,940个", {5940}),
        ("再引进1~2所高职院校", {1, 2}),
        ("整体达标率85%以上", {85}),
        ("推进“1+6+N”网络", {1, 6}),
        ("“六位一体”机制", {6, 1}),
        ("“两免一补”政策", {2, 1}),
        ("“双十条”措施", {2, 10}),
        ("“三校三园”建成", {3}),
        ("五级培训", {5}),
        ("食品、交通、消防、防溺水和心理健康", {5}),
        ("完成甲幼儿园、乙幼儿园迁建", {2}),
        ("零拒绝", {0}),
    ],
)
def test_numbers_are_found_in_all_their_dresses(sentence: str, values: set[int]):
    found = {int(value) for number in quantities(sentence) for value in (number.low, number.high)}
    assert values <= found


def test_a_year_is_no_quantity():
    assert quantities("2023年3月2日召开会议") == ()


@pytest.mark.parametrize(
    ("sentence", "year", "kind", "last", "rule"),
    [
        ("年底前完成", 2026, "day", date(2026, 12, 31), ""),
        ("年底前完成", None, "open", None, ""),
        ("2027年6月底前", 2026, "day", date(2027, 6, 30), ""),
        ("力争“十五五”期间建成", None, "period", date(2030, 12, 31), ""),
        ("从2023年至2025年开展", None, "period", date(2025, 12, 31), ""),
        ("每天锻炼", 2026, "recurrence", None, "FREQ=DAILY"),
        ("假期每日提醒", 2026, "recurrence", None, "FREQ=DAILY;X-DAYS=HOLIDAY"),
        ("尽快实现", 2026, "open", None, ""),
        ("实施三年行动", 2026, "open", None, ""),
        ("13月5日前", 2026, "open", None, ""),
    ],
)
def test_a_phrase_becomes_a_day_or_somebody_must_fix_it(sentence: str, year: int | None, kind: str, last: date | None, rule: str):
    (found,) = deadlines(sentence, year)
    assert (found.kind, found.last, found.recurrence) == (kind, last, rule)
    assert found.settled is (kind != "open")


def test_the_year_of_a_document():
    assert year_of("谋划2024·局长访谈，2024年将……自2019年以来") == 2024
    assert year_of("没有年份") is None


def test_words_that_claim_that_nobody_is_left_out():
    assert coverage_words("零拒绝、全覆盖，应助尽助，不让一个学生失学") == ("零拒绝", "全覆盖", "应助尽助", "不让一个学生失学")
    assert coverage_words("覆盖面扩大，尽量帮助") == ()


def test_every_capability_can_be_spoken_of():
    assert len(capabilities()) == 120
    for one in capabilities().values():
        for words in one.words:
            said = draft("要推进" + "、".join(words) + "工作。")
            assert any(one.id in each.capabilities for each in said.measures), (one.id, words)
