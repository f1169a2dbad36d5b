"""Profiles, progress from entry to exit, and the sheet of inspectors, on Qinghe with what is planted there."""

import csv
import shutil
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from junheng.documents.resources import PackageFile
from junheng.errors import DataError, StandardsError
from junheng.indicators import shipped_catalogue
from junheng.indicators.entry_to_exit import progress, shares
from junheng.indicators.profile import alike, may_be_chance, read_profiles
from junheng.store.database import open_database
from junheng.store.entry import Actor
from junheng.workflow.assess import assess
from junheng.workflow.entry_to_exit import progress_page
from junheng.workflow.inspector_sheet import inspector_sheet
from junheng.workflow.profiles import profile, profile_names
from tests.qinghe import QINGHE

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def rows(name: str, year: int = 2025) -> list[dict[str, str]]:
    with (QINGHE / str(year) / f"{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def code(name: str) -> str:
    return next(row["school"] for row in rows("schools") if row["name"] == name)


def test_a_school_is_seen_from_five_sides_against_its_own_past() -> None:
    school = code("红柳镇初级中学")
    page = profile(QINGHE, "green", school=school)
    assert list(dict.fromkeys(line.section.zh for line in page.lines)) == ["健康", "负担", "兴趣", "学业", "公平"]
    (now,), (then,) = ([row for row in rows("school_answers", year) if row["school"] == school] for year in (2025, 2024))
    sleep = next(line for line in page.lines if line.indicator == "answers.sleep_share")
    share, before = (Fraction(int(row["slept"]), int(row["answers"])) for row in (now, then))
    assert (sleep.now, sleep.change) == (f"{float(share * 100):.1f}", f"{float((share - before) * 100):+.1f}")
    assert share < before
    assert not sleep.chance  # planted: far more than a sample of this size varies
    assert next(line for line in page.lines if line.indicator == "answers.supported_level_share").chance


def test_schools_stand_in_the_order_of_codes_and_nothing_is_added_up() -> None:
    page = profile(QINGHE, "green")
    schools = [line.school for line in page.lines]
    assert schools == sorted(schools)
    assert {line.indicator for line in page.lines} <= set(shipped_catalogue())  # each figure is one indicator: there is no total
    assert not any("分" in line.unit.zh for line in page.lines)


def test_pupils_who_were_not_tested_are_told() -> None:
    school = code("南湾乡九年制学校")
    lines = profile(QINGHE, "fitness", school=school).lines
    for row in (row for row in rows("fitness") if row["school"] == school):
        due, tested = int(row["due"]), int(row["tested"])
        label = {"primary": "小学", "junior": "初中"}[row["stage"]]
        line = next(line for line in lines if line.indicator == "fitness.untested_share" and line.stage.zh == label)
        assert line.now == f"{100 * (due - tested) / due:.1f}"
        assert float(line.now) > 19


def test_which_two_senior_schools_offer_the_same() -> None:
    page = profile(QINGHE, "senior")
    assert [(one.one_name, one.other_name) for one in page.pairs if one.alike] == [("清河县第二中学", "清河县第一中学")]
    thirds = [Fraction(100, 3)] * 3
    same, apart = {"a": thirds, "b": thirds}, {"a": [Fraction(100), Fraction(0)], "b": [Fraction(0), Fraction(100)]}
    assert alike(same) == (("a", "b", Fraction(100)),)
    assert alike(apart)[0][2] == 0


def test_schools_that_use_the_platform_by_purpose() -> None:
    page = profile(QINGHE, "platform")
    for purpose in ("teaching", "learning", "management", "evaluation", "testing"):
        days = [int(row["days"]) for row in rows("platform_days") if row["purpose"] == purpose]
        line = next(line for line in page.lines if line.indicator == f"platform.{purpose}_share")
        assert line.now == f"{100 * sum(one >= 10 for one in days) / len(days):.1f}"


def test_where_new_money_goes() -> None:
    more = {row["purpose"]: int(row["yuan"]) - int(row["yuan_before"]) for row in rows("spending")}
    lines = {line.indicator: line.now for line in profile(QINGHE, "spending").lines}
    assert lines["spending.increase"] == str(sum(more.values()))
    assert lines["spending.to_teaching_share"] == f"{100 * (more['teachers'] + more['equipment']) / sum(more.values()):.1f}"


def test_what_is_missing_is_said_and_is_not_zero(tmp_path: Path) -> None:
    own = tmp_path / "qinghe"
    shutil.copytree(QINGHE, own, ignore=shutil.ignore_patterns("20[01]?", "2020", "2021", "2022", "2023", "returns", "rosters"))
    path = own / "2025" / "spending.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("teachers,462180000", "teachers,"), encoding="utf-8")
    lines = profile(own, "spending").lines
    assert {line.now for line in lines} == {""}
    assert {line.reason.zh for line in lines} == {"没有上报"}
    path.unlink()
    assert [one.rule for one in profile(own, "spending").findings] in ([], ["workflow.profile_empty"])
    with pytest.raises(DataError):
        profile(own, "horoscope")
    with pytest.raises(DataError):
        profile(own, "green", school="1")


def test_the_vocational_school_is_judged_item_by_item() -> None:
    made = assess(QINGHE, 2025, "vocational-conditions-2022")
    (school,) = [row["school"] for row in rows("schools") if row["kind"] == "vocational"]
    pupils = sum(int(row["pupils"]) for row in rows("enrolment") if row["school"] == school)
    site, floor = next((int(row["site_area_m2"]), int(row["floor_area_m2"])) for row in rows("premises") if row["school"] == school)
    items = [item for part in made.parts for item in part.items]
    assert len(items) == 9
    missed = {item.indicator for item in items if item.verdict == "missed"}
    assert missed == {"vocational.site_area_per_pupil", "vocational.floor_area_per_pupil"}
    assert site < 33 * pupils
    assert floor < 20 * pupils


def test_progress_is_against_entry_and_says_when_it_may_be_chance() -> None:
    county = shares({"a": {"x": (100, 80), "y": (100, 20)}, "b": {"x": (50, 40), "y": (150, 30)}})
    assert county == {"x": (150, Fraction(4, 5)), "y": (250, Fraction(1, 5))}
    made = progress({"x": (50, 40), "y": (150, 30)}, county)
    assert (made.expected, made.difference, made.may_be_chance) == (70, 0, True)
    better = progress({"x": (50, 48), "y": (150, 60)}, county)
    assert better.difference == Fraction(38, 200)
    assert not better.may_be_chance
    assert progress({"x": (50, None), "y": (150, 30)}, county).difference is None
    assert may_be_chance(Fraction(1, 2), 20, Fraction(3, 5), 20)
    assert not may_be_chance(Fraction(1, 2), 2000, Fraction(3, 5), 2000)


def test_who_asked_for_results_stands_in_the_audit_and_no_sheet_lies_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_KEYS", (tmp_path / "keys").as_posix())
    own = tmp_path / "qinghe"
    shutil.copytree(QINGHE, own, ignore=shutil.ignore_patterns("20[01]?", "2020", "2021", "2022", "2023", "returns", "rosters"))
    who = {"actor": Actor("罗文静", "督导室"), "reason": "质量分析", "at": AT}
    page = progress_page(own, tmp_path / "seen.xlsx", **who)
    assert [line.school for line in page.lines] == sorted(line.school for line in page.lines)
    further = next(line for line in page.lines if line.name == "清河县第六中学")
    assert further.difference.startswith("+")
    assert not further.chance  # planted: weaker at entry, further at exit
    with open_database(own) as database:
        assert [(one.verb, one.office, one.purpose) for one in database.history("outcomes", "2025")] == [("read", "督导室", "质量分析")]
    with pytest.raises(DataError) as error:
        progress_page(own, own / "out" / "seen.xlsx", **who)
    assert error.value.findings[0].rule == "workflow.restricted_inside"
    with pytest.raises(DataError):
        progress_page(own, tmp_path / "seen.xlsx", actor=Actor("", "督导室"), reason="质量分析", at=AT)


def test_what_inspectors_did_is_counted_from_the_ledgers_without_names() -> None:
    page = inspector_sheet(QINGHE, date(2026, 3, 10))
    with (QINGHE / "ledgers" / "lists" / "到校督导记录.csv").open(encoding="utf-8") as lines:
        visits = [row for row in csv.DictReader(lines) if row["督学"] == "赵文斌" and row["状态"] != "未到校"]
    mine = page.lines[0]
    assert (mine.visits, mine.unannounced) == (len(visits), sum(row["未打招呼"] == "是" for row in visits))
    assert (mine.grounded, mine.redo) == tuple(
        sum(row["督导记录评阅"] == said for row in visits) for said in ("问题有据、建议可行", "空泛需重写")
    )
    assert [line.code for line in page.lines] == sorted(line.code for line in page.lines)
    assert not [name for name in ("赵文斌", "钱秀兰", "李占海") if name in repr(page)]


def test_a_profile_that_names_what_there_is_not_is_refused_with_its_place() -> None:
    head = "title: {zh: 甲, en: a}\nabout: {zh: 甲, en: a}\nserves: [J01]\nof: school\nweights: 1\n"
    text = head + "sections:\n  - {title: {zh: 甲, en: a}, indicators: [%s]}\n"
    for wrong in ("beauty", "spending.increase"):
        with pytest.raises(StandardsError) as error:
            read_profiles([PackageFile("own.yaml", text % wrong)], shipped_catalogue())
        assert {one.rule for one in error.value.findings} == {"indicators.profile_key", "indicators.profile_indicator"}
    assert {one.id for one in profile_names()} == {"green", "fitness", "platform", "senior", "spending"}
