"""The commands in the order in which an officer calls them: what they say, what they write, and their JSON."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len

from junheng.workflow.assess import assess
from tests.present.cli.conftest import Call, write_list


def names_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name != ".junheng.lock"}


def test_new_makes_the_folders_and_says_what_is_next(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "某 县"
    answer = call("new", folder, "--code", "620725", "--name", "某县", "--year", "2025")
    assert answer.code == 0
    assert names_below(folder) == {"junheng.toml", "returns", "returns/2025", "standards", "indicators", "frameworks", "assumptions"}
    assert f'junheng import "{folder}"' in answer.text
    again = call("new", folder, "--code", "620725", "--name", "某县")
    assert again.code == 3
    assert "已有junheng.toml" in again.err


@pytest.mark.parametrize(("code", "name"), [("62072", ""), ("620725000", "某县"), ("abc", "某县"), ("", "某县"), ("620725", "  ")])
def test_new_refuses_what_is_no_code_or_no_name(call: Call, tmp_path: Path, code: str, name: str) -> None:
    answer = call("new", tmp_path / "x", "--code", code, "--name", name)
    assert answer.code == 3
    assert not (tmp_path / "x").exists()


def test_import_says_what_came_in_and_what_was_refused(call: Call, new_county: Path) -> None:
    write_list(new_county / "returns/2025/一览表 (1).xlsx")
    answer = call("import", new_county)
    assert answer.code == 1  # a cell was refused
    assert "读入报表：某县 2025学年" in answer.text
    assert "单元格D4" in answer.text
    assert "约2000" in answer.text
    assert f"已写入 {new_county}/2025" in answer.text
    assert "改正后放回原处再读入一次" in answer.text
    assert f"junheng check {new_county}" in answer.text
    again = call("import", new_county)
    assert "没有可写入的变动" in again.text


def test_import_without_writing_changes_nothing(call: Call, new_county: Path) -> None:
    file = write_list(new_county / "returns/2025/list.xlsx")
    before = names_below(new_county)
    answer = call("import", new_county, "--dry-run")
    assert "只核查，没有写入" in answer.text
    assert names_below(new_county) == before
    assert call("import", new_county, file, "--year", "2025").code == 1
    assert (new_county / "2025/premises.csv").exists()


def test_a_folder_of_returns_may_be_named(call: Call, new_county: Path, tmp_path: Path) -> None:
    write_list(tmp_path / "elsewhere/list.xlsx")
    answer = call("import", new_county, tmp_path / "elsewhere", "--year", "2025", "--json")
    assert [Path(name).name for name, *_ in answer.json["files"]] == ["list.xlsx"]


def test_a_return_that_is_not_there_is_named_and_nothing_is_written(call: Call, new_county: Path) -> None:
    answer = call("import", new_county, new_county / "gone.xlsx", new_county / "lost.xlsx", "--year", "2025")
    assert answer.code == 3
    assert "gone.xlsx" in answer.err
    assert "lost.xlsx" in answer.err
    assert not (new_county / "2025").exists()


def test_import_without_returns_says_where_to_put_them(call: Call, new_county: Path) -> None:
    answer = call("import", new_county)
    assert answer.code == 3
    assert "returns/年份" in answer.err


def test_an_interrupted_import_leaves_nothing(call: Call, new_county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_list(new_county / "returns/2025/list.xlsx")
    before = names_below(new_county)

    def interrupt(*_words: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("junheng.store.folder._origins_bytes", interrupt)  # after the tables, before the whole is complete
        assert call("import", new_county).code == 130
    assert names_below(new_county) == before
    assert call("import", new_county).code == 1
    assert (new_county / "2025/schools.csv").exists()


def test_templates_come_back_through_the_same_door(call: Call, county: Path) -> None:
    answer = call("templates", county, "--year", "2025")
    assert answer.code == 0
    assert "returns/年份" in answer.text
    written = [path for path in (county / "templates/2025").iterdir() if path.suffix == ".xlsx"]
    assert len(written) == 3  # one a school, one for the bureau
    assert all(str(path) in answer.out.replace("\n", "") for path in written)
    school = next(path for path in written if "2162000001" in path.name)
    openpyxl.load_workbook(school).close()
    assert call("import", county, school, "--year", "2025").code in (0, 1)


def test_a_school_of_unknown_kind_gets_a_template(call: Call, new_county: Path) -> None:
    write_list(new_county / "returns/2025/list.xlsx", (("第三小学", "2162000003", None, 1500, 655000),))
    assert call("import", new_county).code == 1  # the kind is missing
    assert call("templates", new_county, "--year", "2025").code == 0
    assert [path for path in (new_county / "templates/2025").iterdir() if "2162000003" in path.name]


def test_check_groups_by_cause_and_lists_all_on_demand(call: Call, county: Path) -> None:
    assert "没有发现问题" in call("check", county).text
    (county / "2025/schools.csv").write_text("school,name\n2162000001,第一小学\n2162000002,第二小学\n", encoding="utf-8")
    short, whole = call("check", county), call("check", county, "--all")
    counts = call("check", county, "--json").json["counts"]
    assert short.code == (1 if counts["error"] else 0)
    assert sum(counts.values()) == sum(line.startswith(("错误 ", "存疑 ", "提示 ")) for line in whole.out.splitlines())
    assert counts["error"] >= 2  # the kind of both schools is missing: one cause
    assert "同类还有1处：第二小学" in short.text
    assert "同类还有" not in whole.text
    assert "--all" in short.out


def test_assess_names_what_is_missed_and_one_figure_to_open(call: Call, qinghe: Path) -> None:
    answer = call("assess", qinghe)
    assert answer.code == 0
    for words in (
        "义务教育优质均衡",
        "学前教育普及普惠",
        "未达标",
        "双泉镇甘泉小学",
        "距标准差112.5㎡",
        "0.501 ×",
        "0.499 ✓",
        "东坝镇河湾小学",
    ):
        assert words in answer.text
    figure = answer.out.split("junheng explain ")[1].split()[1]
    assert call("explain", qinghe, figure).code == 0
    lines = answer.out.splitlines()
    ruled = [line for line in lines[lines.index("未达标的条目") : lines.index("校际差异系数")] if line.startswith("─")]
    assert ruled
    assert all(cell_len(line) <= 80 for line in ruled)  # no table is wider than the screen


def test_assess_is_a_list_of_frameworks_in_json(call: Call, county: Path) -> None:
    settings = (county / "junheng.toml").read_text(encoding="utf-8")
    frameworks = 'frameworks = ["quality-balance-2017", "preschool-inclusive-2020"]\n'
    settings = "\n".join(line for line in settings.splitlines() if not line.startswith("frameworks")) + "\n" + frameworks
    (county / "junheng.toml").write_text(settings, encoding="utf-8")
    answer = call("assess", county, "--json")
    assert answer.err == ""
    assert [one["framework"] for one in answer.json] == ["quality-balance-2017", "preschool-inclusive-2020"]


def test_assess_speaks_english(call: Call, county: Path) -> None:
    answer = call("assess", county, "--lang", "en")
    for words in ("Verdict: Not decided", "Parts", "no data", "Next"):
        assert words in answer.text
    assert "结论" not in answer.text


def test_assess_of_almost_nothing_is_not_decided(call: Call, county: Path) -> None:
    answer = call("assess", county)
    assert answer.code == 0
    assert "尚不能判定" in answer.text
    assert "无数据" in answer.text


def test_compare_counts_the_turns_and_shows_losses_first(call: Call, qinghe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = cache(assess)  # asked twice here, as text and as JSON
    monkeypatch.setattr("junheng.workflow.compare.assess", lambda folder, year, framework, **_shown: judged(folder, year, framework))
    asked = ("compare", qinghe, "--framework", "quality-balance-2017")
    answer = call(*asked)
    assert answer.code == 0
    assert answer.out.index("转为未达标\n") < answer.out.index("转为达标\n")
    assert "清河县新区小学" in answer.text
    turns = [row["turn"] for row in call(*asked, "--json").json["rows"]]
    assert f"转为未达标{turns.count('lost')}项" in answer.text


def test_explain_goes_down_to_the_cell(call: Call, county: Path) -> None:
    answer = call("explain", county, "conditions.teaching_equipment/primary/2162000001")
    if answer.code:
        answer = call("explain", county, "conditions.equipment_value/primary/2162000001")
    assert answer.code == 0
    assert "一览表 (1).xlsx" in answer.text
    assert "E3" in answer.text


def test_explain_shows_formula_standard_and_how_sure_it_is(call: Call, qinghe: Path) -> None:
    answer = call("explain", qinghe, "conditions.teaching_area/primary/2162990201")
    for words in ("数值  12.10㎡/生", "教督〔2017〕6号", "尚未与原文核对", "sum(", "原始单元格", "数据表 premises"):
        assert words in answer.text
    assert "原始单元格" not in call("explain", qinghe, "conditions.teaching_area.cv/primary/-").text  # nothing is shown empty
    trail = call("explain", qinghe, "conditions.teaching_area/primary/2162990201", "--json", "--lang", "en").json
    assert trail["figure"]["shown"] == "12.10"


def test_report_lists_the_files_it_wrote(call: Call, county: Path, tmp_path: Path) -> None:
    answer = call("report", county, "--out", tmp_path / "papers", "--json")
    assert answer.code == 0
    written = [Path(path) for path in answer.json["written"]]
    assert {path.name for path in written} >= {"dashboard.html", "forms.xlsx", "self-assessment.docx", "county-report.pdf"}
    assert all(path.stat().st_size for path in written)
    assert not list((tmp_path / "papers").rglob(".half-*"))


def test_an_interrupted_report_leaves_no_half_document(call: Call, county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_assessment: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr("junheng.present.report.write_county_report", interrupt)
    assert call("report", county, "--out", tmp_path / "papers").code == 130
    left = {path.name for path in (tmp_path / "papers").rglob("*") if path.is_file()}
    assert left == {"dashboard.html", "forms.xlsx", "self-assessment.docx"}


def test_demo_never_throws_away_a_folder_that_it_did_not_make(call: Call, tmp_path: Path) -> None:
    mine = tmp_path / "qinghe/junheng.toml"
    mine.parent.mkdir()
    mine.write_text("mine")
    answer = call("demo", "--only", "qinghe", "--out", tmp_path)
    assert answer.code == 3
    assert "为免删除您的文件，未作改动" in answer.err
    assert mine.read_text() == "mine"


def test_docs_are_written_and_checked(call: Call, tmp_path: Path) -> None:
    assert call("docs", "--out", tmp_path).code == 0
    assert call("docs", "--out", tmp_path, "--check").code == 0
    (tmp_path / "tables.md").write_text("edited")
    (tmp_path / "old.md").touch()
    answer = call("docs", "--out", tmp_path, "--check", "--lang", "en")
    assert answer.code == 1
    assert "tables.md" in answer.text
    assert "old.md" in answer.text
    assert call("docs", "--out", tmp_path).code == 0
    assert not (tmp_path / "old.md").exists()
