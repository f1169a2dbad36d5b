"""The name of a file is the same whatever else is read with it."""

from __future__ import annotations

from pathlib import Path

from junheng.store.returns.load import file_names


def test_a_received_file_is_named_by_its_path_in_the_years_folder(tmp_path: Path) -> None:
    room = tmp_path / "returns/2025"
    one, two = room / "s1/报表.xlsx", room / "s2/报表.xlsx"
    assert list(file_names([one], room)) == ["s1/报表.xlsx"]
    assert list(file_names([two, one], room)) == ["s1/报表.xlsx", "s2/报表.xlsx"]
    assert list(file_names([room / "s2/../s1/报表.xlsx"], room)) == ["s1/报表.xlsx"]


def test_a_file_from_elsewhere_is_named_by_its_folder_and_by_more_when_two_are_alike(tmp_path: Path) -> None:
    room = tmp_path / "returns/2025"
    inbox, other = tmp_path / "收件/s1/报表.xlsx", tmp_path / "旧/s1/报表.xlsx"
    assert list(file_names([inbox], room)) == ["s1/报表.xlsx"]
    assert set(file_names([inbox, other], room)) == {"收件/s1/报表.xlsx", "旧/s1/报表.xlsx"}
    assert file_names([inbox, room / "s1/报表.xlsx"], room) == {
        "s1/报表.xlsx": room / "s1/报表.xlsx",
        "收件/s1/报表.xlsx": inbox,
    }


def test_no_files_have_no_names(tmp_path: Path) -> None:
    assert file_names([], tmp_path) == {}
    assert file_names([]) == {}
