from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given

from junheng.errors import DataError
from junheng.model import AddRow, Change, County, RemoveRow, SetValue, apply, county, diff, digest
from tests.model.made import PRIMARY, counties, made, pupils, school

ONE = made(schools=[school()], enrolment=[pupils(30), pupils(20, "2162000009")])
KEY = (PRIMARY, "primary", "all", "all")


@given(counties(), counties())
def test_the_difference_applied_gives_the_other_county(before: County, after: County) -> None:
    changes = diff(before, after)
    assert digest(apply(before, changes)) == digest(after)
    assert bool(changes) == (digest(before) != digest(after))


def test_the_three_changes_leave_the_old_county_alone() -> None:
    was = digest(ONE)
    after = apply(
        ONE,
        [
            SetValue("enrolment", KEY, "pupils", 31),
            RemoveRow("enrolment", ("2162000009", "primary", "all", "all")),
            AddRow("schools", school("2162000008")),
        ],
    )
    assert after.tables["enrolment"]["pupils"].to_list() == [31]
    assert after.tables["schools"]["school"].to_list() == [PRIMARY, "2162000008"]
    assert digest(ONE) == was


def test_a_changed_value_keeps_its_place_among_the_rows() -> None:
    after = apply(ONE, [SetValue("enrolment", KEY, "pupils", 31)])
    assert after.tables["enrolment"]["pupils"].to_list() == [31, 20]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (AddRow("pupils", {}), "model.unknown_table"),
        (AddRow("schools", {"school": "1", "nmae": "x"}), "model.unknown_column"),
        (AddRow("schools", school()), "model.row_already_there"),
        (AddRow("schools", {"school": 7, "name": "x"}), "model.value_of_another_type"),
        (RemoveRow("schools", ("9",)), "model.no_such_row"),
        (SetValue("schools", ("9",), "name", "x"), "model.no_such_row"),
        (SetValue("schools", (PRIMARY,), "nmae", "x"), "model.unknown_column"),
        (SetValue("schools", (PRIMARY,), "school", "9"), "model.key_is_not_set"),
        (SetValue("enrolment", KEY, "pupils", "many"), "model.value_of_another_type"),
        (SetValue("enrolment", KEY, "pupils", True), "model.value_of_another_type"),
        (SetValue("enrolment", KEY, "pupils", 3.5), "model.value_of_another_type"),
    ],
)
def test_a_change_that_cannot_be_made_is_named(change: Change, rule: str) -> None:
    with pytest.raises(DataError) as refusal:
        apply(ONE, [change])
    assert [one.rule for one in refusal.value.findings] == [rule]


def test_all_changes_that_cannot_be_made_are_named_together() -> None:
    with pytest.raises(DataError) as refusal:
        apply(ONE, [RemoveRow("schools", ("9",)), AddRow("schools", school()), SetValue("enrolment", KEY, "pupil", 1)])
    assert len(refusal.value.findings) == 3


def test_rows_that_share_a_key_cannot_be_told_apart() -> None:
    twice = made(schools=[school(name="甲"), school(name="乙")])
    with pytest.raises(DataError) as refusal:
        diff(ONE, twice)
    assert refusal.value.findings[0].rule == "model.repeated_key"
    with pytest.raises(DataError):
        apply(twice, [AddRow("schools", school("2162000008"))])


def test_a_changed_cell_comes_from_the_proposal_and_its_step() -> None:
    cells = [("|".join(KEY), "pupils"), ("|".join(KEY), "boarders"), ("2162000009|primary|all|all", "pupils")]
    read = pl.DataFrame([{"key": key, "column": column, "file": "a.xlsx", "sheet": "表1", "cell": "C4"} for key, column in cells])
    one = county(ONE.code, ONE.year, ONE.tables, {"enrolment": read})
    changes = [
        SetValue("enrolment", KEY, "pupils", 31),
        RemoveRow("enrolment", ("2162000009", "primary", "all", "all")),
        AddRow("enrolment", pupils(5, "2162000008")),
        RemoveRow("enrolment", ("2162000008", "primary", "all", "all")),
    ]
    after = apply(one, changes, origin="plans/2026-places step 3")
    assert after.origins["enrolment"].select("key", "column", "file").rows() == [
        ("|".join(KEY), "boarders", "a.xlsx"),
        ("|".join(KEY), "pupils", "plans/2026-places step 3"),
    ]
    unnamed = apply(one, changes)
    assert unnamed.origins["enrolment"]["column"].to_list() == ["boarders"]
    assert one.origins["enrolment"].height == 3
