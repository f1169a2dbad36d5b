"""The whole way on Qinghe: what is planted there comes out as the example's README says, and every figure opens."""

import shutil
from pathlib import Path

import pytest

from junheng.errors import DataError, StandardsError, StoreError
from junheng.workflow.assess import assess
from junheng.workflow.start import new_authority


def unit(assessment, name, stage="primary"):
    return next(unit for unit in assessment.units if unit.name == name and unit.stage == stage)


def item(assessment, name, number, stage="primary"):
    return next(item for item in unit(assessment, name, stage).items if item.number == number)


def test_a_school_exactly_on_every_limit_passes(qinghe):
    assert {one.verdict for one in unit(qinghe, "清河县第五小学").items} == {"met"}


def test_84_9_per_cent_fails_and_85_0_per_cent_is_near(qinghe):
    below, near = item(qinghe, "石桥镇二坝小学", "4"), item(qinghe, "沙井镇中心小学", "4")
    assert (below.verdict, below.figure.exact) == ("missed", "764.1 ÷ 200 = 3.8205")  # 84.9 % of 4.5
    assert (near.verdict, near.figure.exact) == ("near", "1912.5 ÷ 500 = 3.825")  # 85 % of 4.5, exactly
    assert unit(qinghe, "石桥镇二坝小学").verdict == "missed"
    assert unit(qinghe, "沙井镇中心小学").verdict == "met"  # six of seven and one at 85 %


def test_five_of_seven_is_not_enough(qinghe):
    school = unit(qinghe, "双泉镇甘泉小学")
    assert (school.met, school.near, school.verdict) == (5, 2, "missed")


def test_what_a_school_lacks_is_said_in_its_own_unit(qinghe):
    short = item(qinghe, "石桥镇二坝小学", "4").short
    # (4.5 − 3.8205) × 200 = 135.9 m², and (3.825 − 3.8205) × 200 = 0.9 m²
    assert (short.to_limit, short.to_floor, short.unit.zh) == ("135.9", "0.9", "㎡")
    rooms = item(qinghe, "双泉镇甘泉小学", "7").short
    assert rooms.to_limit == "1"  # 0.3 per 100 of 150 pupils is 0.45 of a room: one whole room


def test_the_coefficients_on_either_side_of_the_limit(qinghe):
    verdicts = {spread.indicator: (spread.cv.shown, spread.verdict) for spread in qinghe.spreads if spread.stage == "primary"}
    assert verdicts["conditions.sports_area"] == ("0.499", "met")
    assert verdicts["conditions.equipment_value"] == ("0.501", "missed")


def test_the_schools_shares_of_the_gap_add_up(qinghe):
    for spread in qinghe.spreads:
        if spread.cv.value is not None:
            assert sum(point.share for point in spread.points) == pytest.approx(1)
            assert [point.share for point in spread.points] == sorted((point.share for point in spread.points), reverse=True)


def test_a_coefficient_with_a_school_missing_is_unknown_and_names_it(qinghe):
    spread = next(one for one in qinghe.spreads if one.indicator == "conditions.equipment_value" and one.stage == "junior")
    assert (spread.cv.value, spread.cv.shown, spread.verdict) == (None, "", "no_data")
    assert spread.missing == ("沙井镇初级中学",)
    assert {point.share_shown for point in spread.points} == {""}


def test_points_under_50_pupils_are_left_out_with_the_reason(qinghe):
    left_out = [unit for unit in qinghe.units if not unit.judged]
    assert sorted(one.pupils for one in left_out if one.kind.zh == "教学点") == [9, 18, 27, 36, 49]
    assert all("不足50人" in one.reason.zh for one in left_out if one.kind.zh == "教学点")


def test_a_concession_is_named_and_an_expired_one_no_longer_counts(qinghe):
    assert [(school, use.id) for school, _, use in qinghe.concessions] == [("石桥镇马莲教学点（小学）", "small_rural_visiting")]
    size = next(item for part in qinghe.parts for item in part.items if item.indicator == "school_size.pupils")
    assert size.verdict == "missed"
    assert size.failing == ("清河县第一小学",)  # 2,140 pupils: within 2,400 until 2022
    ended = [finding for finding in qinghe.findings if finding.rule == "workflow.concession_expired"]
    assert "school_size.maximum" in {finding.place.key[0] for finding in ended}


def test_a_class_of_46_is_the_only_one_over_size(qinghe):
    sizes = next(item for part in qinghe.parts for item in part.items if item.indicator == "class_size.oversized_share")
    assert sizes.failing == ("清河县第四小学",)


def test_items_without_numbers_rest_on_documents_or_stay_open(qinghe):
    items = [item for part in qinghe.parts for item in part.items if not item.indicator]
    assert all(item.evidence is not None and item.evidence.document for item in items if item.verdict == "met")
    assert any(item.verdict == "needs_evidence" and item.evidence is None for item in items)


def test_every_figure_that_is_shown_opens(qinghe):
    figures = [item.figure for one in qinghe.units for item in one.items]
    figures += [item.figure for part in qinghe.parts for item in part.items if item.figure and item.figure.id]
    figures += [spread.cv for spread in qinghe.spreads]
    assert {figure.id for figure in figures} <= set(qinghe.explanations)
    trail = qinghe.explanations["conditions.teaching_area/primary/2162990124"]
    assert trail.limit.shown == "4.5"
    assert {cell.table for cell in trail.cells} >= {"premises", "enrolment"}
    assert "教学及辅助用房" in trail.words.zh


def test_the_whole_is_missed_as_soon_as_one_part_is(qinghe):
    assert qinghe.verdict == "missed"
    assert any(part.verdict == "missed" for part in qinghe.parts)


def test_a_page_can_be_reproduced(qinghe, root):
    again = assess(root / "examples/qinghe", 2025)
    assert again.digests == qinghe.digests
    assert len({qinghe.digests.county, qinghe.digests.standards, qinghe.digests.code}) == 3


def test_a_past_year_is_judged_by_its_own_rules(root):
    before = assess(root / "examples/qinghe", 2024)
    assert before.day.isoformat() == "2024-09-01"


def test_an_empty_county_has_no_data_and_does_not_fail(tmp_path: Path):
    new_authority(tmp_path / "empty", "620001", "空县")
    year = tmp_path / "empty" / "2025"
    year.mkdir()
    assessment = assess(tmp_path / "empty", 2025)
    assert assessment.verdict == "not_decided"
    assert assessment.units == ()
    assert {spread.verdict for spread in assessment.spreads} <= {"no_data"}
    assert all(item.verdict in ("no_data", "needs_evidence") for part in assessment.parts for item in part.items)
    assert all(shown == "" for _, shown, unit in assessment.facts if unit.zh == "人")


def test_a_folder_without_a_year_says_what_to_do(tmp_path: Path):
    new_authority(tmp_path / "empty", "620001", "空县")
    with pytest.raises(StoreError, match="junheng import"):
        assess(tmp_path / "empty")


def test_an_unknown_framework_is_a_finding_with_those_that_are_known(root):
    with pytest.raises(StandardsError, match="quality-balance-2017"):
        assess(root / "examples/qinghe", 2025, "quality-balance")


def test_standards_that_are_not_in_force_are_used_with_a_plain_statement(root, tmp_path: Path):
    new_authority(tmp_path / "far", "620725", "远方市")
    toml = tmp_path / "far" / "junheng.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "compare_on = 2025-09-01\n", encoding="utf-8")
    (tmp_path / "far" / "2014").mkdir()  # before the framework was in force anywhere
    assessment = assess(tmp_path / "far", 2014)
    assert not assessment.applies
    assert "不在当地施行" in assessment.note.zh


def test_a_value_below_its_limit_is_not_printed_as_the_limit(root):
    before = assess(root / "examples/qinghe", 2024)
    items = [item for one in before.units for item in one.items if item.figure.value is not None]
    for one in items:
        printed, limit, floor = (float(text) for text in (one.figure.shown, one.limit.shown, one.limit.near_shown))
        assert (printed < limit) == (one.figure.value < limit - 1e-12), one
        assert (printed < floor) == (one.figure.value < floor - 1e-12), one
    assert item(before, "清河县实验小学", "5").figure.shown == "7.497"  # at two decimals it would be 7.50, on the limit that it misses


def test_a_key_that_stands_twice_is_refused(root, tmp_path):
    shutil.copytree(root / "examples/qinghe", tmp_path / "q", ignore=shutil.ignore_patterns("returns", "2024", "making", "*.py"))
    schools = tmp_path / "q/2025/schools.csv"
    lines = schools.read_text(encoding="utf-8").splitlines(keepends=True)
    schools.write_text("".join([*lines, lines[5]]), encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        assess(tmp_path / "q", 2025)
    assert {finding.rule for finding in refusal.value.findings} == {"model.two_schools_with_one_code"}


def test_a_concession_shows_what_is_counted_under_it(qinghe):
    (_, _, use), *_ = qinghe.concessions
    assert (use.counted, use.shown) == ("1.32", "0.9")  # 1 visiting teacher ÷ 76 pupils × 100, against the ordinary limit


def test_each_concession_keeps_the_value_of_its_own_standard(root, tmp_path):
    shutil.copytree(root / "examples/qinghe/2025", tmp_path / "q/2021")
    shutil.copy(root / "examples/qinghe/junheng.toml", tmp_path / "q")
    then = assess(tmp_path / "q", 2021)  # the easements of 2019 were in force
    used = {(item, use.id): use.shown for _, item, use in then.concessions}
    assert used["每12个班级配备音乐专用教室1间以上", "built_before_2017"] == "73"


def test_the_standards_inside_formulas_are_listed_too(qinghe):
    values = {(row.id, row.selector.zh): row.shown for row in qinghe.standards}
    assert values["rooms.music_area.minimum", "小学"] == "96"
    assert values["class_size.maximum", "初中"] == "50"
    assert values["split.all_through.weight", "初中"] == "1.1"


def test_schools_that_miss_a_county_item_open_with_their_own_figure(qinghe):
    sizes = next(item for part in qinghe.parts for item in part.items if item.indicator == "school_size.pupils")
    assert [(name, figure.shown) for name, figure in sizes.failing_figures] == [("清河县第一小学", "2140")]
    assert sizes.failing_figures[0][1].id in qinghe.explanations


def test_structure_is_shown_and_not_judged(qinghe):
    shown = {(one.stage, one.figure.id.partition("/")[0]) for one in qinghe.information}
    assert ("primary", "class_size.large_share") in shown
    assert all(one.figure.value is not None for one in qinghe.information)
