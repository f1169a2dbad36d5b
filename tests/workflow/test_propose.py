"""An officer asks a planner: before and after by one judge, the gap in words, why not the other, two plans, adopting."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from junheng.documents import finding
from junheng.errors import DataError, Place, StoreError, Text
from junheng.planning.proposal import Step
from junheng.planning.registry import planner
from junheng.planning.solve.engine import Progress
from junheng.present.cli.main import called
from junheng.present.proposal_documents import write_proposal
from junheng.present.web import proposal_page
from junheng.store import new_authority, read_county, write_county
from junheng.store.plans import plan_names, read_plan
from junheng.workflow import propose_words as words
from junheng.workflow.placed import placed
from junheng.workflow.propose import _stands, list_planners, propose
from junheng.workflow.propose_asked import Asked
from junheng.workflow.propose_plans import compare_plans, why
from junheng.workflow.propose_steps import largest, part_words, step_kinds
from junheng.workflow.views.proposals import AmountLine, Grid, GridCell, GridColumn
from tests.model.made import CODE, made
from tests.planning.counties import drawn, school_code

DAY = date(2026, 3, 1)
ZONES = "supervision_zones"


def silent(_text: Text, _done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("authority") / "drawn"
    new_authority(place, CODE, "小河县")
    write_county(place, drawn(9, zones=2))
    return place


def asked(*options: str, **more: object) -> Asked:
    return Asked(planner=ZONES, options=("zones=3", *options), **more)  # type: ignore[arg-type]


def test_a_proposal_says_what_how_good_and_what_the_judge_sees(folder: Path) -> None:
    told: list[str] = []
    view = propose(folder, asked(prices=True), today=DAY, progress=lambda text, done, total: told.append(text.en))
    assert view.outcome == "solved"
    assert view.gap.zh.startswith(("与理论最优最多相差", "已证明"))
    assert view.steps[0].reason.zh
    assert view.steps[0].changes
    assert {line.shown.zh for line in view.asked} >= {"3 个", "1 所（默认）"}
    assert [one.title.zh for one in view.tables] == ["各责任区负担", "各校所属责任区"]
    (zones,) = view.maps
    assert (len(zones.marks), len(zones.names)) == (9, 3)
    assert zones.changed == sum(mark.before != mark.after for mark in zones.marks) > 0
    assert view.judged
    assert all(not pair.turned and not pair.moved for pair in view.judged)  # zones are no matter of any framework
    assert {price.rule.zh for price in view.prices} == {"各区学校数与平均数的最大差", "各区学生数与平均数的最大偏差"}
    assert plan_names(folder) == ["2025-supervision-zones"]
    assert any(line.startswith("Solving: best/bound/gap") for line in told)


def test_a_kept_plan_is_asked_again_by_its_brief_and_gives_the_same(folder: Path) -> None:
    first = propose(folder, asked(), name="a", today=DAY)
    kept = read_plan(folder / first.plan).proposal
    again = propose(folder, Asked(brief=folder / first.plan), name="b", today=DAY)
    assert read_plan(folder / again.plan).proposal == kept
    with pytest.raises(DataError):
        propose(folder, Asked(planner="school_places", brief=folder / first.plan), keep=False)


def test_the_impossible_is_an_answer_with_its_rules(folder: Path) -> None:
    view = propose(folder, Asked(planner=ZONES, options=("zones=2", "inspectors=1")), name="no", today=DAY)
    assert view.outcome == "infeasible"
    assert len(view.findings) >= 2
    assert not view.plan
    assert "2025-no" not in plan_names(folder)
    assert "已证明无解" in proposal_page(view)


def test_told_to_stop_it_gives_the_best_so_far_with_its_gap(folder: Path) -> None:
    view = propose(folder, asked(gap_percent=0), keep=False, stopped=lambda: True)
    assert view.steps
    assert view.outcome in ("solved", "best_so_far")
    assert view.gap.zh


def test_why_not_the_other_has_a_price(tmp_path: Path) -> None:
    place = tmp_path / "drawn"
    new_authority(place, CODE, "小河县")
    write_county(place, drawn(6))
    two = Asked(planner=ZONES, options=("zones=2", "spread=2", "pupils_within=60"), gap_percent=0)
    plan = {mark.code: mark.after for mark in propose(place, two, keep=False).maps[0].marks}
    here = school_code(0)
    other = next(code for code, zone in plan.items() if zone != plan[here])
    mate = next(code for code, zone in plan.items() if zone == plan[here] and code != here)

    def price(to: str, *, forbid: bool) -> float:
        forced = why(place, two, f"schools.school={here}:{to}", forbid=forbid, progress=silent, stopped=lambda: False)
        return float(forced.price_shown.replace(",", "")) if forced.forced else float("inf")

    assert price(mate, forbid=False) == 0
    assert price(other, forbid=False) > 0
    assert price(mate, forbid=True) > 0
    forced = why(place, two, f"schools.school=第1小学:{other}", forbid=False, progress=silent, stopped=lambda: False)  # by its name
    assert here in forced.question.zh
    assert forced.moves  # who goes where: this school to that zone, or that one here
    assert all(line.place.zh and line.before != line.after for line in forced.moves)
    assert float(forced.least_shown.replace(",", "")) >= 0


def test_where_nothing_is_entered_nothing_is_met(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "empty"
    new_authority(place, CODE, "小河县")
    write_county(place, made())
    for name, tables in (("catchments", {"villages", "schools"}), (ZONES, {"schools"}), ("sites", {"villages"})):
        with pytest.raises(DataError) as refused:
            propose(place, Asked(planner=name), keep=False)
        assert {(one.rule, one.place.table) for one in refused.value.findings} == {("workflow.nothing_to_plan", table) for table in tables}
    with pytest.raises(DataError) as nobody:  # schools and villages, and no child of the stage
        propose(folder, Asked(planner="catchments", options=("stage=junior",)), keep=False)
    assert [one.rule for one in nobody.value.findings] == ["workflow.nobody_to_plan_for"]


def test_options_are_told_by_their_words_and_names_stand_for_codes(folder: Path) -> None:
    drawn_up = propose(folder, Asked(planner="catchments", options=("stage=小学",)), keep=False)
    assert any(line.shown.zh.startswith("小学") for line in drawn_up.asked)
    for options, pins, said in (
        (("stage=高中",), (), "应为primary（小学）、junior（初中）"),
        (("over=500",), (), "应为整数，-95至200%"),
        ((), ("villages.village=1:第2小",), f"第2小学 {school_code(1)}"),
    ):
        with pytest.raises(DataError) as refused:
            propose(folder, Asked(planner="catchments", options=options, pins=pins), keep=False)
        assert any(said in one.sentence("zh") for one in refused.value.findings), said


def test_two_plans_side_by_side(folder: Path) -> None:
    first, second = (propose(folder, Asked(planner=ZONES, options=(f"zones={n}",)), name=f"of{n}", today=DAY) for n in (2, 3))
    view = compare_plans(folder / first.plan, folder / second.plan, progress=silent)
    assert view.notes[0].zh == "两个方案的任务书不同。"
    assert view.only_second
    mine = {(line.table, line.place, line.column, line.after) for line in view.only_first}
    assert not mine & {(line.table, line.place, line.column, line.after) for line in view.only_second}
    itself = compare_plans(folder / first.plan, folder / first.plan, progress=silent)
    assert (itself.only_first, itself.only_second) == ((), ())
    assert all(difference in ("0", "") for *_, difference in itself.lines)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"options": ("zones",)}, "workflow.option_form"),
        ({"options": ("zoness=3",)}, "planning.unknown_option"),
        ({"options": ("pupils_within=many",)}, "planning.bad_option"),
        ({"options": ("spread=1.5",)}, "planning.bad_option"),
        ({"pins": ("schools.school=1",)}, "workflow.pin_form"),
        ({"pins": ("schools.school=1:2",)}, "planning.pin_of_unknown_code"),
    ],
)
def test_a_call_that_cannot_be_followed_is_refused_with_its_word(folder: Path, given: dict[str, tuple[str, ...]], rule: str) -> None:
    with pytest.raises(DataError) as error:
        propose(folder, Asked(planner=ZONES, **given), keep=False)  # type: ignore[arg-type]
    assert rule in [one.rule for one in error.value.findings]


def test_a_unit_may_stand_behind_a_value(folder: Path) -> None:
    view = propose(folder, asked("pupils_within=20%", "change=3公里", "kindergartens=否"), keep=False)
    assert {"20 %", "3 km"} <= {line.shown.zh for line in view.asked}


@pytest.mark.parametrize("name", ["../x", "a/b", " a "])
def test_a_plan_does_not_leave_its_room(folder: Path, name: str) -> None:
    with pytest.raises(StoreError):
        propose(folder, asked(), name=name)


def test_a_gap_is_never_said_smaller_than_it_is() -> None:
    said = {value: words.share(value) for value in (0.0, 0.00301, 0.0100001, 0.5, 1e-7)}
    assert said == {0.0: "0 %", 0.00301: "0.31 %", 0.0100001: "1.1 %", 0.5: "50 %", 1e-7: "0.001 %"}
    assert words.gap_words(1e-7).zh == "与理论最优相差不到 0.01 %"
    assert words.gap_words(float("inf")).zh.startswith("尚无")
    assert [words.number(value) for value in (1234567.8, 12.3456, 0.00012345, -3.0, 0, None)] == [
        "1,234,568",
        "12.35",
        "0.0001235",
        "-3",
        "0",
        "",
    ]
    assert _stands(Progress(None, 5.0, 0)).en == "Solving: no plan yet, bound 5"


def test_every_document_is_written_and_holds_the_steps(folder: Path, tmp_path: Path) -> None:
    view = propose(folder, asked(), keep=False, today=DAY)
    written = {Path(path).name for path, _ in write_proposal(view, tmp_path, "zh", silent)}
    assert written == {"proposal.html", "summary.pdf", "proposal.docx", "proposal.xlsx", "proposal.json", "places.geojson"}
    reason = view.steps[0].reason.zh
    assert reason in (tmp_path / "proposal.html").read_text(encoding="utf-8")
    assert reason in zipfile.ZipFile(tmp_path / "proposal.docx").read("word/document.xml").decode()
    assert reason in zipfile.ZipFile(tmp_path / "proposal.xlsx").read("xl/sharedStrings.xml").decode()
    features = json.loads((tmp_path / "places.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == 9
    assert (tmp_path / "summary.pdf").read_bytes().startswith(b"%PDF")
    again = proposal_page(view)
    assert again == (tmp_path / "proposal.html").read_text(encoding="utf-8")


def test_each_letter_has_a_page_of_its_own_without_a_number(folder: Path, tmp_path: Path) -> None:
    cells = [[GridCell(Text(text, text), None) for text in row] for row in (("甲村", "信一"), ("甲村", "各位家长："), ("乙村", "信二"))]
    column = GridColumn(Text("内容", "text"), Text("", ""), numeric=False)
    grid = Grid(id="parents", title=Text("信", "letters"), columns=(column, column), rows=tuple(map(tuple, cells)), paper="letters")
    view = propose(folder, asked(), keep=False, today=DAY)
    write_proposal(replace(view, tables=(grid,)), tmp_path, "zh", silent)
    document = Document(str(tmp_path / "parents.docx"))
    assert [one.text for one in document.paragraphs if one.paragraph_format.page_break_before] == ["信二"]
    assert [one.text for one in document.paragraphs].count("小河县教育局（盖章）") == 2
    assert not document.sections[0].footer.paragraphs[0].text
    assert "各位家长" not in (tmp_path / "proposal.html").read_text(encoding="utf-8")


def test_a_name_on_the_page_is_never_markup(tmp_path: Path) -> None:
    place = tmp_path / "drawn"
    new_authority(place, CODE, "小河县")
    county = drawn(4)
    schools = county.tables["schools"].with_columns(name=county.tables["schools"]["name"] + "<script>alert(1)</script>")
    write_county(place, type(county)(county.code, county.year, {**county.tables, "schools": schools}))
    page = proposal_page(propose(place, Asked(planner=ZONES), keep=False))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_commands_print_and_leave_with_their_codes(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called(["planners"]) == 0
    assert ZONES in capsys.readouterr().out
    assert called(["propose", str(folder), ZONES, "--option", "zones=3", "--name", "cli"]) == 0
    assert "步骤" in capsys.readouterr().out
    assert called(["propose", str(folder), ZONES, "--option", "zones=2", "--option", "inspectors=1", "--dry-run"]) == 1
    assert "已证明无解" in capsys.readouterr().out
    assert called(["propose", str(folder), ZONES, "--option", "none=1"]) == 3
    assert called(["propose", str(folder), ZONES, "--why", "schools.school=1"]) == 2
    capsys.readouterr()
    plan = str(folder / "plans/2025-cli")
    assert called(["compare-plans", plan, plan, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["both"] > 0
    monkeypatch.setenv("COLUMNS", "80")
    longer = shutil.copytree(plan, folder / "plans" / "2025-督学责任区划分方案第二稿（征求意见后修改）")
    assert called(["compare-plans", plan, str(longer)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    (steps,) = (line for line in lines if line[:1] == ["步骤"])
    assert steps[1:] == [steps[1], steps[1], "0"]  # the label and every digit stand there, however long the names
    by = ["--by", "甲", "--office", "督导室"]
    assert called(["apply-plan", plan, *by]) == 3
    assert "还没有采用" in capsys.readouterr().err
    assert called(["adopt", plan, *by]) == 0
    assert "apply-plan" in capsys.readouterr().out
    assert called(["take-alternative", plan, "99"]) == 3


def test_every_planner_is_listed_with_its_options() -> None:
    found = {one.name: one for one in list_planners()}
    assert ZONES in found
    assert all(one.title.zh and one.options for one in found.values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_opens_in_both_languages(folder: Path, lang: str) -> None:
    page = proposal_page(propose(folder, asked(), keep=False), lang)
    assert ("supervision zones" if lang == "en" else "督学责任区") in page.lower()


def test_a_finding_of_a_planner_says_file_line_and_names(folder: Path) -> None:
    county = read_county(folder, CODE, 2025)
    village, name = county.tables["villages"].row(1)[:2]
    found = finding("planning.village_apart", Place(table="villages", key=(village,)), village)
    (told,) = placed([found], folder, county)
    assert told.sentence("zh").startswith(f"2025/villages.csv 第3行 {village} {name}：发现{name}（{village}）；")
    (option,) = placed([finding("planning.school_without_pupils", Place(column="zones"), "9")], folder, county, planner(ZONES).declaration)
    assert "“责任区个数" in option.place.of("zh")


def test_the_steps_that_a_page_tells_are_the_largest_and_of_every_kind() -> None:
    one, other = (Text(name, name) for name in ("扩建", "撤并"))
    plan = [Step(title=one, reason=one, changes=(), teachers=1, kind=one) for _ in range(12)]
    plan += [Step(title=other, reason=other, changes=(), yuan=Decimal(5), pupils=3, kind=other), replace(plan[0], kind=other)]
    assert largest(plan) == (0, 1, 2, 3, 4, 5, 6, 7, 12, 13)
    kinds = [(line.label.zh, line.shown.zh) for line in step_kinds(plan)]
    assert kinds == [("扩建", "12步，教师12人"), ("撤并", "2步，学生3人，教师1人")]
    less = AmountLine(one._replace(zh="增加的运行经费"), "-22", Text("元", "yuan"), "1", "-22", -22.0)
    assert part_words(less).zh == "其中减少的运行经费：22 元"


def test_plans_of_two_planners_have_no_differences(folder: Path, tmp_path: Path) -> None:
    first = propose(folder, asked(), today=DAY)
    place = folder / first.plan
    other = folder / "plans" / "2025-other"
    shutil.copytree(place, other)
    brief = other / "brief.yaml"
    brief.write_text(brief.read_text("utf-8").replace(f"planner: {ZONES}", "planner: catchments").split("options:")[0], "utf-8")
    view = compare_plans(place, other, progress=silent)
    assert "不能相减" in view.notes[0].zh
    assert [line[3] for line in view.lines] == ["", ""]


def test_a_plan_on_data_that_contradict_themselves_says_so(folder: Path) -> None:
    (told,) = propose(folder, Asked(planner=ZONES), keep=False, today=DAY).findings
    assert told.rule == "workflow.planned_on_errors"
    assert told.severity == "warning"
    assert "类错误" in told.found.zh  # classes and enrolment of the drawn county differ, and its codes are short
    assert "junheng check" in told.remedy.zh
