from __future__ import annotations

from collections import Counter

import pytest

from junheng.model import allowed, schema
from junheng.store.returns.words import label
from junheng.store.templates.forms import template_forms
from junheng.store.templates.plan import asked, asks, book, example, grades_of, sheets, stages_of


def test_every_table_that_people_fill_in_has_a_sheet() -> None:
    assert {block.table.name for plan in sheets().values() for block in plan.blocks} == set(schema().tables)


def test_every_sheet_is_in_a_workbook_and_every_workbook_has_sheets() -> None:
    assert {plan.name for kind in ("school", "campus", "county") for plan in book(kind)} == set(sheets())


@pytest.mark.parametrize("plan", sheets().values(), ids=lambda plan: plan.name)
def test_no_two_items_of_a_sheet_read_alike(plan) -> None:  # type: ignore[no-untyped-def]
    labels = Counter(label(column.label.zh).key for block in plan.blocks for column in block.table.columns if not column.key)
    assert [name for name, times in labels.items() if times > 1] == []


@pytest.mark.parametrize("kind", list(allowed("school_kind")))
def test_every_kind_of_school_has_stages_and_grades(kind: str) -> None:
    assert stages_of(kind)
    for stage in stages_of(kind):
        assert set(grades_of(stage)) <= set(allowed("grade"))


def test_a_school_whose_kind_nobody_filled_in_is_asked_about_every_stage() -> None:
    assert stages_of("") == stages_of("county") == ("preschool", "primary", "junior", "senior")
    assert stages_of("kindergarten") == ("preschool",)


def test_a_school_is_asked_what_its_stages_have() -> None:
    staff, subjects = schema().tables["staff"], schema().tables["staff_subjects"]
    assert "carers" in [column.name for column in asked(staff, ["preschool"])]
    assert "carers" not in [column.name for column in asked(staff, ["primary", "junior"])]
    assert asks("staff_subjects", subjects.column("physics"), ["junior"])
    assert not asks("staff_subjects", subjects.column("physics"), ["primary"])
    assert asked(subjects, ["preschool"]) == []


def test_examples_fit_their_columns_and_add_up() -> None:
    def number(table: str, name: str) -> int:
        return int(example(table, schema().tables[table].column(name)))

    for table in ("staff_subjects", "staff_ages", "staff_titles"):
        names = [column.name for column in schema().tables[table].columns if column.type == "integer"]
        assert sum(number(table, name) for name in names) == number("staff", "teachers")
    degrees = ("doctors", "masters", "bachelors", "colleges", "below_college")
    assert sum(number("staff", name) for name in degrees) == number("staff", "teachers")


def test_a_list_of_one_school_has_no_column_for_the_school_and_the_county_stands_above_its_own() -> None:
    forms = {form.id: form for form in template_forms("620725")}
    assert [field.key for field in forms["template/school/在校生"].fields if field.key] == ["stage", "grade", "sex"]
    assert "school" in [field.key for field in forms["template/county/学校名录"].fields]
    assert forms["template/county/县域人口"].constants == {"county": "620725"}
