"""What is read out: every year that lacks places, what is unknown in the whole county, and no zero where nothing is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from junheng.workflow.foresee import foresee
from junheng.workflow.views.foresight import Foresight
from tests.qinghe import QINGHE
from tests.workflow.foreseen import EAST, LAST, WEST, Tables, folder
from tests.workflow.test_foresee import with_people

DAY = date(2025, 12, 31)


def short_from_2029(year: int, made: Tables) -> None:
    """Let East hold its pupils until an exception ends in the summer of 2029."""
    for row in made["places"]:
        row["places"], row["rooms"] = {EAST: (180, 4)}.get(row["school"], (2000, 40))
    if year == LAST:
        made["place_pins"] = [{"school": EAST, "stage": "primary", "places": 1500, "until": date(2029, 8, 31), "reason": "过渡期"}]


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Foresight:
    return foresee(folder(tmp_path_factory.mktemp("county"), short_from_2029), horizon=6, draws=100, backtest=False, as_of=DAY)


def warned(found: Foresight, stage: str) -> set[tuple[str, int]]:
    lines = found.scenarios[0].seats
    return {
        (one.area_name, one.year)
        for one in lines
        if one.area_kind == "district" and one.stage == stage and one.level in {"alarm", "warning", "watch"}
    }


def test_a_place_that_lacks_only_in_later_years_is_in_the_headlines_the_brief_and_the_notice(later: Foresight) -> None:
    assert warned(later, "primary") == {("东镇", 2029), ("东镇", 2030), ("东镇", 2031)}
    (headline,) = [one.zh for one in later.headlines if "小学学位可能不足" in one.zh]
    assert headline.startswith("2026–2031年")
    assert "东镇（最早2029年" in headline or "东镇（2029年缺口概率" in headline
    assert any(one.zh.startswith("小学：") and "可能不足：东镇" in one.zh for one in later.brief)
    lines = later.notice.zh.splitlines()
    assert lines[0] == "关于小县学位预警的公告"
    assert "2026年秋季学期没有乡镇（街道）达到关注等级。" in lines
    (line,) = [one for one in lines if one.startswith("东镇小学：")]
    assert line.startswith("东镇小学：2029—2031年告急，"), "years that follow each other stand together"
    assert "later years: 2029-2031 (alarm)" in later.notice.en


def test_what_is_only_to_be_watched_in_later_years_is_not_announced() -> None:
    found = foresee(QINGHE, horizon=3, draws=100, backtest=False, as_of=DAY)
    watched = {
        one.area_name for one in found.scenarios[0].seats if one.level == "watch" and one.year > 2026 and one.area_kind == "district"
    }
    serious = {one.area_name for one in found.scenarios[0].seats if one.level in {"alarm", "warning"} and one.area_kind == "district"}
    assert watched - serious
    assert not any(name in found.notice.zh for name in watched - serious)


def test_the_key_figure_counts_every_year_of_the_forecast(later: Foresight) -> None:
    (figure,) = [one for one in later.figures if one.id == "foresight/warned"]
    assert (figure.value, figure.shown, figure.missing) == (1.0, "1", 0)
    assert "2026–2031" in figure.label.zh


def test_what_is_unknown_is_told_for_the_whole_county_and_is_not_zero(tmp_path: Path) -> None:
    def silent(_year: int, made: Tables) -> None:
        made["places"] = []

    found = foresee(folder(tmp_path / "c", silent, years=(2023, 2024, 2025)), horizon=3, draws=100, backtest=False, as_of=DAY)
    (headline,) = [one for one in found.headlines if "无法判断" in one.zh]
    assert headline.zh == "学位余缺无法判断：小学有2所学校学位数未知，初中有1所学校学位数未知。"
    assert "the seats of 2 school(s)" in headline.en
    (figure,) = [one for one in found.figures if one.id == "foresight/warned"]
    assert (figure.value, figure.shown, figure.missing) == (None, "", 3)
    assert "3个无法判断" in figure.label.zh


def test_one_township_that_cannot_be_judged_is_told_beside_the_number(tmp_path: Path) -> None:
    def one_silent(_year: int, made: Tables) -> None:
        made["places"] = [row for row in made["places"] if row["school"] != WEST]

    found = foresee(folder(tmp_path / "c", one_silent, years=(2023, 2024, 2025)), horizon=3, draws=100, backtest=False, as_of=DAY)
    (figure,) = [one for one in found.figures if one.id == "foresight/warned"]
    assert (figure.value, figure.missing) == (1.0, 1)  # junior schools are short, one township's primary school is unknown


def test_more_teachers_than_the_least_number_are_not_called_a_surplus(tmp_path: Path) -> None:
    found = foresee(folder(tmp_path / "c", with_people, years=(2023, 2024, 2025)), horizon=3, draws=100, backtest=False, as_of=DAY)
    (headline,) = [one for one in found.headlines if "专任教师" in one.zh]
    assert "按编制标准的最低需要测算" in headline.zh
    assert "比最低需要多" in headline.zh
    assert "多出" not in headline.zh
    assert "surplus where more stay" in headline.en
    assert all("." not in one.retiring_shown for one in found.scenarios[0].teachers)
    assert any(one.retiring_shown not in {"", "0"} for one in found.scenarios[0].teachers)
    assert all("最低需要" in one.note.zh for one in found.scenarios[0].teachers if not one.subject)
    sheet = next(one for one in found.sheets if one.id == "foresight-teachers")
    assert "最低需要" in [heading.text.zh for heading in sheet.headings[0]]


def test_a_promise_reads_in_one_sentence_and_tells_what_the_returns_do_not_hold(tmp_path: Path) -> None:
    def in_use(year: int, made: Tables) -> None:
        with_people(year, made)
        if year == LAST:
            made["projects"] = [{**made["projects"][0], "kind": "extend", "school": EAST, "stage": "primary", "places": 1000}]
            made["project_steps"] = [{"project": "P1", "step": "in_use", "planned": date(2025, 8, 20), "actual": date(2025, 8, 20)}]

    found = foresee(folder(tmp_path / "c", in_use, years=(2023, 2024, 2025)), horizon=3, draws=100, backtest=False, as_of=DAY)
    (headline,) = [one.zh for one in found.headlines if one.zh.startswith("新增学位")]
    assert headline.startswith("新增学位：承诺400个，已投用1,000（其中报表可见720）")
    assert headline.count("：") == 1
    assert found.promises[0].unreturned == 280  # 16 rooms of 45 are 720 places
    assert any("已投用1,000个（其中280个报表中没有）" in one.zh for one in found.brief)
    assert "projection.in_use_but_not_returned" in {one.rule for one in found.findings}
