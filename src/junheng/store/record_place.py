"""Where the record of an authority is: its database, its folder, its keys, and where heads of its audit are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from junheng.documents import package_files, parse_yaml
from junheng.store.authority import FILE, read_authority
from junheng.store.sealing import keys_folder
from junheng.store.sql import sqlite_url

ROOM = "records"
NAME = "record.db"


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record is."""

    url: str
    folder: Path  # lock, evidence and a SQLite file
    keys: Path  # the folder of master keys
    anchors: tuple[Path, ...]  # further files for the heads of its audit
    alone: int  # sealed entries that an office is shown on a day without an approval


def place_of(where: Path | str, keys: Path | None = None) -> RecordPlace:
    """Return where the record of an authority's folder, or at a URL, is. Raises StoreError when the keys would lie with the data."""
    if isinstance(where, str) and "://" in where:
        file = Path(where.removeprefix("sqlite:///")) if where.startswith("sqlite:///") else None
        folder = file.parent if file else Path.home() / ".junheng" / ROOM
        return RecordPlace(where, folder, keys_folder(keys, file and folder), (), _alone())
    authority = Path(where)
    said = read_authority(authority).records if (authority / FILE).is_file() else {}
    room = authority / ROOM
    anchors = tuple(authority / path for path in said.get("anchors", []))
    return RecordPlace(
        said.get("url", "") or sqlite_url(room / NAME), room, keys_folder(keys, authority), anchors, said.get("unmask_alone", _alone())
    )


def _alone() -> int:
    file = package_files("junheng.store", "unmask.yaml")[0]
    return int(parse_yaml(file.text, file.name).data["alone"])
