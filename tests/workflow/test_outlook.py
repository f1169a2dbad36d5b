"""The outlook of real counties from two censuses: the counts it starts from, what it needs, and what it says of its limits."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from junheng.errors import DataError, StoreError
from junheng.workflow.outlook import outlook
from junheng.workflow.views.outlook import Outlook

CENSUS = Path(__file__).parents[2] / "examples/census"


@pytest.fixture(scope="module")
def yuetang() -> Outlook:
    return outlook(CENSUS / "yuetang", draws=200)


@pytest.fixture(scope="module")
def xianning() -> Outlook:
    return outlook(CENSUS / "xianning", draws=50)


def test_it_names_years_and_stages_and_starts_from_the_count(yuetang: Outlook) -> None:
    assert (yuetang.before, yuetang.year, yuetang.until) == (2010, 2020, 2035)
    assert yuetang.shown_years == (2020, 2025, 2030, 2035)
    assert [stage.ages for stage in yuetang.stages] == ["3–5", "6–11", "12–14", "15–17"]
    primary = yuetang.stages[1]
    assert [point.year for point in primary.series.points] == list(range(2020, 2036))
    # aged 5-9 and 10-14 were 17,667 and 15,105: six of ten ages, two months before the census
    assert primary.series.points[0].known == pytest.approx(0.8 * 17_667 + 0.4 * 15_105, rel=0.12)
    assert primary.years[0].children80_shown == ""
    assert primary.years[0].low_shown == primary.years[0].high_shown == primary.years[0].children_shown


def test_classes_and_staff_follow_from_the_standards(yuetang: Outlook) -> None:
    primary = yuetang.stages[1].years[0]
    assert (yuetang.stages[1].class_limit_shown, yuetang.stages[1].staff_ratio_shown) == ("45人/班", "19人/教职工")
    seats = primary.seats
    assert primary.classes_shown == f"{-(-seats // 45):,.0f}"
    assert primary.staff_shown == f"{-(-seats // 19):,.0f}"
    assert {source.key.partition("#")[0] for source in yuetang.standards} >= {"posts-2014-72", "moe-inspection-2017-6"}


def test_the_scenarios_part_only_where_children_are_not_yet_born(yuetang: Outlook) -> None:
    primary, preschool = yuetang.stages[1], yuetang.stages[0]
    by_year = {one.year: one for one in primary.years}
    assert by_year[2030].low_shown == by_year[2030].high_shown  # aged 6 in 2030: born by August 2024
    assert by_year[2035].low_shown != by_year[2035].high_shown
    assert preschool.years[-1].low_shown != preschool.years[-1].high_shown


def test_a_prefecture_lists_its_counties_and_they_add_up(xianning: Outlook) -> None:
    assert [zone.name for zone in xianning.zones] == ["咸安区", "嘉鱼县", "通城县", "崇阳县", "通山县", "赤壁市"]
    for stage, label in enumerate(xianning.zone_stages):
        whole = next(one for one in xianning.stages if one.stage_label == label)
        for place, year in enumerate(whole.years):
            parts = sum(int(zone.children[stage][place].replace(",", "")) for zone in xianning.zones)
            assert parts == pytest.approx(int(year.children_shown.replace(",", "")), abs=3)
    assert len([line for line in xianning.cohorts if line.yearly_shown]) == 7


def test_it_says_what_these_data_cannot_say_and_what_is_from_memory(yuetang: Outlook) -> None:
    limits = "".join(line.zh for line in yuetang.limits)
    assert all(word in limits for word in ("5岁组", "常住", "户籍", "没有学校数据", "没有用历史预测检验过", "出生"))
    births = next(one for one in yuetang.assumptions if one.id == "births_counted")
    assert births.source is not None
    assert births.source.confidence == "M"
    assert "请用户提供" in births.note.zh
    assert {finding.rule for finding in yuetang.findings} >= {"projection.ages_split", "projection.births_not_counted"}


def test_the_same_seed_gives_the_same_view(yuetang: Outlook) -> None:
    assert outlook(CENSUS / "yuetang", draws=200) == yuetang


def test_one_count_is_not_enough(tmp_path: Path) -> None:
    shutil.copytree(CENSUS / "yuetang", tmp_path / "one", ignore=shutil.ignore_patterns("2010", "out"))
    with pytest.raises(StoreError) as refusal:
        outlook(tmp_path / "one")
    assert refusal.value.findings[0].rule == "projection.two_counts_needed"


def test_a_group_that_was_not_counted_is_refused_by_its_ages_and_not_taken_for_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "gap"
    shutil.copytree(CENSUS / "yuetang", folder, ignore=shutil.ignore_patterns("out"))
    path = folder / "2020/age_groups.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    gone = [",".join(line.split(",")[:-1]) + "," if ",female,5,9," in line else line for line in lines]
    path.write_text("\n".join(gone) + "\n", encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        outlook(folder)
    (found,) = refusal.value.findings
    assert found.rule == "projection.children_not_counted"
    assert "2020年4、5、6、7、8、9岁" in found.found.zh  # of those aged 5 in November, a sixth were 4 on 1 September


def test_a_year_that_is_past_is_refused() -> None:
    with pytest.raises(DataError) as refusal:
        outlook(CENSUS / "yuetang", until=2020)
    assert refusal.value.findings[0].rule == "projection.until_is_past"


def test_an_own_scenario_takes_the_place_of_the_shipped_one(tmp_path: Path, yuetang: Outlook) -> None:
    folder = tmp_path / "own"
    shutil.copytree(CENSUS / "yuetang", folder, ignore=shutil.ignore_patterns("out"))
    (folder / "assumptions").mkdir()
    (folder / "assumptions/middle.yaml").write_text(
        "title: {zh: 本区, en: Ours}\nnote: {zh: 试, en: T}\nextends: middle\n"
        'entry_ratio:\n  unit: "%"\n  values: {preschool: {2020: 100}, primary: {2020: 100}, junior: {2020: 100}, senior: {2020: 100}}\n'
        "  source: education-bulletin\n  confidence: L\n  reviewed: null\n",
        encoding="utf-8",
    )
    made = outlook(folder, draws=20)
    assert made.stages[0].ratio_shown == "100%"
    assert made.stages[0].years[0].seats > yuetang.stages[0].years[0].seats


def refused(folder: Path) -> set[str]:
    with pytest.raises(StoreError) as refusal:
        outlook(folder, draws=20)
    assert all("junheng foresee" in one.sentence() for one in refusal.value.findings)
    return {f"{one.rule.removeprefix('projection.')} {one.place.table}".strip() for one in refusal.value.findings}


def test_a_folder_with_schools_births_and_single_ages_is_sent_to_foresee() -> None:
    told = refused(CENSUS.parent / "qinghe")
    assert told == {f"known_more_than_censuses {name}" for name in ("enrolment", "births", "population", "village_population")}


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("births", "village,calendar_year,births,months\n430304001001,2021,30,12\n"),
        ("population", "county,basis,age,sex,persons\n430304,resident,6,all,2000\n"),
    ],
)
def test_births_or_single_ages_of_any_year_are_not_left_unused(tmp_path: Path, table: str, rows: str) -> None:
    folder = tmp_path / "more"
    shutil.copytree(CENSUS / "yuetang", folder, ignore=shutil.ignore_patterns("out"))
    (folder / "2021").mkdir()
    (folder / f"2021/{table}.csv").write_text(rows, encoding="utf-8")
    assert refused(folder) == {f"known_more_than_censuses {table}"}


@pytest.mark.parametrize("years", [("2010", "2015"), ("2000", "2020"), ("2010", "2020", "2025")])
def test_counts_other_than_the_two_censuses_are_not_held_against_the_nations_change(tmp_path: Path, years: tuple[str, ...]) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(CENSUS / "yuetang/junheng.toml", folder)
    for year, source in zip(years, ("2010", "2020", "2020"), strict=False):
        shutil.copytree(CENSUS / "yuetang" / source, folder / year)
    assert refused(folder) == {"not_those_censuses"}


OWN = """title: {{zh: 本区, en: Ours}}
note: {{zh: 试, en: T}}
extends: middle
{name}:
  unit: {unit}
  {values}
  source: education-bulletin
  confidence: L
  reviewed: null
"""


def test_a_limit_is_said_only_where_it_is_true_of_what_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(CENSUS / "yuetang", folder, ignore=shutil.ignore_patterns("out"))
    (folder / "assumptions").mkdir()
    (folder / "assumptions/middle.yaml").write_text(
        OWN.format(name="migration", unit="‰", values="values: {all: {0: 3}}"), encoding="utf-8"
    )
    for year in ("2010", "2020"):
        path = folder / year / "age_groups.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(",resident,", ",registered,"), encoding="utf-8")
    (folder / "2020/schools.csv").write_text("school,name,kind\n3143000001,一小,primary\n", encoding="utf-8")
    made = outlook(folder, draws=20)
    said = "".join(line.zh for line in (*made.limits, *made.method))
    assert not any(words in said for words in ("常住", "没有学校数据", "2010—2020年的速度", "得年净迁移率"))
    assert all(words in said for words in ("户籍口径", "没有在校生数", "本地方案文件"))


@pytest.mark.parametrize("name", ["yuetang", "shandan", "xianning", "tongnan", "liaocheng"])
def test_the_example_holds_whole_groups_of_both_censuses(name: str) -> None:
    for year in (2010, 2020):
        rows = pl.read_csv(CENSUS / name / f"{year}/age_groups.csv", schema_overrides={"county": pl.String})
        assert rows["persons"].null_count() == 0
        for _, county in rows.group_by("county", "sex"):
            ordered = county.sort("age_first")
            assert ordered["age_first"].to_list()[1:] == [last + 1 for last in ordered["age_last"].to_list()[:-1]]
            assert ordered["age_last"].to_list()[-1] is None
