"""The commands that look after the record, as an officer calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from junheng.present.cli.main import called
from junheng.store import migration
from junheng.store.database import open_database
from junheng.store.sql import Sql, sqlite_url
from tests.store.conftest import ACTOR, at, filled, visit

BY = ("--by", "罗文静", "--office", "督导室", "--purpose", "演示")


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an authority's folder with a record, its keys elsewhere."""
    monkeypatch.setenv("JUNHENG_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "junheng.toml").write_text('code = "430399"\nname = "试县"\n', encoding="utf-8")
    return folder


def test_the_way_of_an_officer_from_backup_to_restore(county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_database(county) as record:
        filled(record, 2, 2)
    usb = tmp_path / "usb"
    assert called(["records", "status", str(county)]) == 0
    assert "校验码" in capsys.readouterr().out
    assert called(["records", "verify", str(county), "--today", "2026-03-02"]) == 0
    assert "完好" in capsys.readouterr().out
    assert called(["records", "backup", str(county), str(usb), "--office", "信息中心"]) == 0
    assert "完好" in capsys.readouterr().out
    assert called(["records", "backups", str(usb)]) == 0
    assert called(["records", "drill", str(usb)]) == 0
    capsys.readouterr()
    with open_database(county) as record, record.batch(actor=ACTOR, purpose="后来", at=at(60)) as batch:
        batch.put(visit("late"))
    assert called(["records", "restore", str(county), str(usb), *BY, "--json"]) == 3
    said = json.loads(capsys.readouterr().out)
    assert [finding["rule"] for finding in said["findings"]] == ["store.backup_older"]
    assert called(["records", "drill", str(usb)]) == 0  # an older backup can be tried all the same
    with open_database(county) as record:
        head = record.head()
    assert head is not None
    assert called(["records", "restore", str(county), str(usb), *BY, "--over", str(head["sequence"])]) == 0
    assert called(["records", "verify", str(county), "--lang", "en"]) == 0
    assert "a restore gave up changes" in capsys.readouterr().out


def test_a_batch_is_undone_keys_are_changed_and_the_code_is_printed(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_database(county) as record:
        filled(record, 2, 2)
    assert called(["records", "undo", str(county), "9", *BY]) == 3
    assert called(["records", "undo", str(county), "2", *BY]) == 3  # a later batch changed the same entries
    capsys.readouterr()
    assert called(["records", "rekey", str(county), *BY]) == 0
    assert "已重新密封2条记录" in capsys.readouterr().out
    assert called(["records", "anchor", str(county), *BY[:4]]) == 0
    assert "校验码" in capsys.readouterr().out
    assert called(["records", "verify", str(county), "--today", "2026-03-02"]) == 0


def test_a_folder_without_a_record_gets_none_by_looking(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("status", "verify"):
        assert called(["records", command, str(county), "--json"]) == 3
        assert [one["rule"] for one in json.loads(capsys.readouterr().out)["findings"]] == ["store.no_record"]
    assert not (county / "records").exists()


def test_an_older_record_says_so_and_is_brought_up_to_date(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (county / "records").mkdir()
    sql = Sql(sqlite_url(county / "records" / "record.db"))
    migration.migrate(sql, "m0002")
    sql.close()
    assert called(["records", "status", str(county), "--json"]) == 3
    assert [one["rule"] for one in json.loads(capsys.readouterr().out)["findings"]] == ["store.record_older"]
    assert called(["records", "migrate", str(county)]) == 0
    assert "m0003" in capsys.readouterr().out
    assert (county / "records" / "replaced" / "m0002.db").is_file()
    assert called(["records", "migrate", str(county)]) == 0
    assert "已是最新结构" in capsys.readouterr().out


def test_a_record_of_a_newer_program_is_left_alone(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_database(county).close()
    sql = Sql(sqlite_url(county / "records" / "record.db"))
    with sql.writing() as rows:
        rows.connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'm9999'")
    sql.close()
    for command in ("migrate", "status"):
        assert called(["records", command, str(county), "--json"]) == 3
        assert [one["rule"] for one in json.loads(capsys.readouterr().out)["findings"]] == ["store.record_newer"]
