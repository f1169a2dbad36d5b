from __future__ import annotations

from pathlib import Path

import pytest

from junheng.errors import DataError, StoreError
from junheng.store import Authority, new_authority, own_files, read_authority, received
from junheng.store.authority import OWN


def test_a_new_authority_is_read_back(tmp_path: Path) -> None:
    made = new_authority(tmp_path / "清河", "620725", '清河县教育局"试"', shelves=("cn", "cn-62"))
    assert made == Authority(folder=tmp_path / "清河", code="620725", name='清河县教育局"试"', language="zh", shelves=("cn", "cn-62"))
    assert read_authority(tmp_path / "清河") == made
    assert {path.name for path in (tmp_path / "清河").iterdir()} == {"junheng.toml", "returns", *OWN}


def test_an_authority_is_not_made_twice_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "旧账.txt").write_text("留")
    new_authority(tmp_path, "620725", "清河")
    with pytest.raises(StoreError) as refusal:
        new_authority(tmp_path, "620702", "别处")
    assert refusal.value.findings[0].rule == "store.authority_exists"
    assert read_authority(tmp_path).code == "620725"
    assert (tmp_path / "旧账.txt").read_text() == "留"


def test_a_folder_without_the_file_is_no_authoritys(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refusal:
        read_authority(tmp_path)
    assert refusal.value.findings[0].rule == "store.no_authority"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('code = "620725"\n', ["toml_missing_key"]),
        ('code = 620725\nname = "x"\n', ["toml_value"]),
        ('code = "620725"\nname = ""\n', ["toml_value"]),
        ('code = "620725"\nname = "x"\nshelfs = ["cn"]\n', ["toml_unknown_key"]),
        ('code = "620725"\nname = "x"\nshelves = "cn"\n', ["toml_value"]),
        ('code = "620725"\nname = "x"\nshelves = [1]\n', ["toml_value"]),
        ('code = "620725"\nname = "x"\nlanguage = "fr"\n', ["toml_value"]),
        ('nmae = "x"\nshelves = 3\n', ["toml_missing_key", "toml_missing_key", "toml_unknown_key", "toml_value"]),
        ('code = "620725\nname = "x"\n', ["toml_syntax"]),
    ],
)
def test_everything_wrong_in_the_file_is_told_at_once(text: str, rules: list[str], tmp_path: Path) -> None:
    (tmp_path / "junheng.toml").write_text(text)
    with pytest.raises(DataError) as refusal:
        read_authority(tmp_path)
    assert [one.rule.removeprefix("store.") for one in refusal.value.findings] == rules


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "junheng.toml").write_text('code = "620725"\nname = x\n')
    with pytest.raises(DataError) as refusal:
        read_authority(tmp_path)
    assert refusal.value.findings[0].place.row == 2


def test_own_files_are_texts_by_name(tmp_path: Path) -> None:
    one = new_authority(tmp_path, "620725", "清河")
    (tmp_path / "standards/class_size").mkdir()
    (tmp_path / "standards/class_size/maximum.yaml").write_text("unit: pupils/class\n")
    (tmp_path / "standards/notes.txt").write_text("")
    assert own_files(one, "standards") == [("standards/class_size/maximum.yaml", "unit: pupils/class\n")]
    assert own_files(one, "indicators") == []


def test_own_files_do_not_lead_out_of_the_folder_and_are_utf8(tmp_path: Path) -> None:
    one = new_authority(tmp_path / "清河", "620725", "清河")
    (tmp_path / "secret.yaml").write_text("password: x\n")
    (tmp_path / "清河/standards/a.yaml").symlink_to(tmp_path / "secret.yaml")
    (tmp_path / "清河/standards/b.yaml").write_bytes("单位: 人".encode("gb18030"))
    with pytest.raises(DataError) as refusal:
        own_files(one, "standards")
    assert [found.rule for found in refusal.value.findings] == ["store.file_elsewhere", "store.not_utf8"]


def test_the_files_received_are_listed_by_year(tmp_path: Path) -> None:
    one = new_authority(tmp_path, "620725", "清河")
    room = tmp_path / "returns/2025/南片"
    room.mkdir(parents=True)
    for name in ("b.xlsx", "a.xls", "~$b.xlsx", ".DS_Store"):
        (room / name).write_bytes(b"")
    assert [path.name for path in received(one, 2025)] == ["a.xls", "b.xlsx"]
    assert received(one, 2024) == []
