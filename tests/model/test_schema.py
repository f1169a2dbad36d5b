from __future__ import annotations

from collections import Counter

import pytest

from junheng.model import SENSITIVITY, Table, allowed, schema, units
from junheng.model.checks import data
from junheng.model.schema import DTYPES, TYPE_NAMES

TABLES = list(schema().tables.values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_of_the_schema_is_complete(table: Table) -> None:
    assert table.key
    assert table.group in {"school", "county", "area"}
    assert all(table.title)
    assert all(table.description)
    for column in table.columns:
        assert column.type in DTYPES
        assert column.unit in units() or column.unit == "" or column.unit == "year"
        assert all(column.label), column.name
        assert all(column.description), column.name
        assert column.level in SENSITIVITY, column.name
        assert not column.key or column.required, f"{column.name} is a key and must be required"
        if column.reference:
            name, _, target = column.reference.partition(".")
            assert target in schema().tables[name].key


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_two_columns_of_a_table_have_one_label(table: Table) -> None:
    for lang in ("zh", "en"):
        labels = Counter(column.label.of(lang) for column in table.columns)
        assert [label for label, times in labels.items() if times > 1] == []


def test_every_type_has_a_name_for_the_reader() -> None:
    assert set(TYPE_NAMES) == set(DTYPES)


def test_labels_of_a_list_tell_its_values_apart() -> None:
    for name in ("stage", "grade", "sex", "school_kind", "founder", "class_band", "urban_rural", "ownership", "room_use"):
        labels = [text.zh for text in allowed(name).values()]
        assert len(labels) == len(set(labels)), name


@pytest.mark.parametrize("name", ["codes", "campus_columns", "values", "ratios", "jumps", "sums"])
def test_every_threshold_speaks_of_a_column_that_exists(name: str) -> None:
    for row in data.rows(name):
        table = schema().tables[row["table"]]
        for column in [row.get("column"), row.get("whole"), *row.get("by", "").split()]:
            assert not column or column in table.names, row
        for part in row.get("parts", "").split():
            assert part == "*" or part in schema().tables[row["parts_table"]].names, row


def test_what_a_teacher_lives_with_is_sensitive_and_the_register_itself_internal() -> None:
    teachers = {column.name: column.level for column in schema().tables["teachers"].columns}
    assert {name for name, level in teachers.items() if level > "L2"} == {"home", "partner", "carer", "exemption"}
    assert {*teachers.values()} == {"L2", "L3"}
    assert schema().tables["schools"].column("name").level == "L1"
    assert schema().tables["enrolment"].column("disabled").level == "L2"  # few in a school: public only when small counts are treated
