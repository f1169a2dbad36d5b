"""Lists as offices keep them: title and note above, total below, GBK, dates and numbers as cells, merged headers."""

from datetime import date

import pytest

from junheng.documents.spreadsheet import new_workbook
from junheng.errors import StoreError
from junheng.matching import match_rule, normalise
from junheng.store.person_lists import read_person_list

RULE = match_rule("pupils")
HEADINGS = {column.name: column.headings for column in RULE.columns}


def read(path):
    return read_person_list(path, HEADINGS, RULE.needs)


def test_a_text_list_in_gbk_with_title_note_and_total(tmp_path):
    path = tmp_path / "民政.csv"
    text = "低保家庭名单,,,\n截至9月30日,,,\n序号,姓名,身份证号码,户主\n1,王梓涵,990701201305061234,王建国\n2,李强,,李刚\n合计,2,,\n"
    path.write_bytes(text.encode("gbk"))
    found = read(path)
    assert found.frame["name"].to_list() == ["王梓涵", "李强"]
    assert found.frame["id_number"].to_list() == ["990701201305061234", None]
    assert found.frame["guardian"].to_list() == ["王建国", "李刚"]
    assert found.numbers == (4, 5)


def test_a_workbook_with_a_merged_header_days_and_a_number_that_lost_digits(tmp_path):
    path = tmp_path / "list.xlsx"
    with new_workbook(path, date(2026, 1, 1)) as book:
        page = book.sheet("名单")
        page.merge_range(0, 0, 0, 3, "残疾儿童名单")
        page.merge_range(1, 0, 1, 1, "儿童")
        page.merge_range(1, 2, 1, 3, "证件")
        for column, head in enumerate(["姓名", "出生日期", "身份证号", "联系电话"]):
            page.write_string(2, column, head)
        page.write_string(3, 0, "王梓涵")
        page.write_datetime(3, 1, date(2013, 5, 6), book.style(num_format="yyyy-mm-dd"))
        page.write_number(3, 2, 990701201305061234)
        page.write_number(3, 3, 13800001111)
        page.write_string(4, 0, "合计")
        page.write_number(4, 1, 1)
    found = read(path)
    assert found.frame.height == 1
    normal = normalise(found.frame, RULE, place=found.place)
    assert normal.frame.select("birth", "id_number", "phone").rows() == [("20130506", None, "13800001111")]
    (said,) = normal.findings
    assert (said.rule, said.place.row, said.severity) == ("matching.digits_destroyed", 4, "error")
    assert "9907" not in said.sentence("zh") + said.sentence("en")


def test_a_file_without_names_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("学校,人数\n一小,3\n", encoding="utf-8")
    with pytest.raises(StoreError, match="no such list"):
        read(path)
