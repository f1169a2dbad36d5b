"""What is not read is said: files of which nothing is known, and columns with numbers of persons."""

from __future__ import annotations

from junheng.store.returns.load import read_returns
from tests.store.returns.workbooks import write_book, write_rows

GOOD = [["学校标识码", "学校名称", "图书"], ["2162000001", "东小学", 5]]


def told(result):
    return [(finding.rule, finding.severity, finding.place.file or finding.place.cell) for finding in result.findings]


def test_a_file_of_which_nothing_is_known_is_an_error(tmp_path):
    strange = write_rows(tmp_path / "食堂.xlsx", [["食堂台账"], ["日期", "金额"], ["九月", 12]], name="台账")
    text = tmp_path / "食堂.csv"
    text.write_text("日期,金额\n九月,12\n", encoding="utf-8")
    good = write_rows(tmp_path / "一览表.xlsx", GOOD)
    result = read_returns([strange, text, good], "629925", 2025)
    assert [(f.rule, f.severity, f.place.file) for f in result.findings if f.severity == "error"] == [
        ("returns.nothing_read", "error", "食堂.csv"),
        ("returns.nothing_read", "error", "食堂.xlsx"),
    ]
    assert "台账" in result.findings[-1].sentence("zh")
    assert result.unread == ("食堂.csv", "食堂.xlsx")
    assert result.county.tables["equipment"]["books"].to_list() == [5]


def test_a_sheet_among_known_ones_is_no_error(tmp_path):
    cells = {f"{'ABC'[column]}{row}": cell for row, line in enumerate(GOOD, 1) for column, cell in enumerate(line)}
    path = write_book(tmp_path / "a.xlsx", {"一览表": cells, "封面": {"A1": "某县教育局"}})
    result = read_returns([path], "629925", 2025)
    assert [(finding.rule, finding.severity) for finding in result.findings] == [("returns.sheet_not_recognised", "note")]
    assert result.unread == ()


def test_a_changed_form_is_told_once(tmp_path):
    path = write_rows(tmp_path / "a.xlsx", [["小学分类型学生数"], ["指标名称", "一年级", "二年级"], ["总计", 1, 2]], name="教基3112")
    result = read_returns([path], "629925", 2025)
    assert [(finding.rule, finding.severity) for finding in result.findings] == [("returns.form_changed", "error")]
    assert result.unread == ("a.xlsx",)


def test_columns_about_persons_are_not_wanted_and_destroyed_numbers_are_said(tmp_path):
    head = ["学校标识码", "学校名称", "身份证号", "学籍号", "许可证", "联系电话", "校徽"]
    rows = [["2162000101", "甲小学", 620725198001011234, "G620725198001011234", 620725198001011234, 13800000000, None]]
    rows.append(["2162000102", "乙小学", 620725198001011235, "G620725198001011235", None, 13800000001, "骆驼"])
    result = read_returns([write_rows(tmp_path / "a.xlsx", [head, *rows])], "629925", 2025)
    assert [(finding.rule, finding.severity, finding.place.cell) for finding in result.findings] == [
        ("returns.personal_not_read", "note", "C1"),
        ("returns.personal_not_read", "note", "D1"),
        ("returns.column_not_used", "note", "E1"),
        ("returns.column_not_used", "note", "G1"),
    ]
    sentences = [finding.sentence("zh") for finding in result.findings]
    assert "2个号码存成了数值" in sentences[0]
    assert "丢失" not in sentences[1]
    assert "1个号码存成了数值" in sentences[2]
    assert "G620725" not in "".join(sentences)  # nor is what they hold repeated
    assert result.county.tables["schools"].height == 2
