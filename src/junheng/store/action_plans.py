"""Plans of an authority as files: actions/*.yaml of its folder, those of another folder, and the list of documents that it has issued.

actions/2026.yaml          a plan (actions.plan_file)
actions/documents.csv      what was issued: document, title, number, day, office, verified_by, verified_on
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from junheng.documents import PackageFile, finding, parse_csv
from junheng.errors import DataError, Finding, Place, StoreError, Text
from junheng.store.atomic import write_file

ROOM = "actions"
DOCUMENTS = "documents.csv"
COLUMNS = ("document", "title", "number", "day", "office", "verified_by", "verified_on")


class Issued(NamedTuple):
    """One document that was issued; verified_by: the office, apart from its own, that has seen it."""

    document: str
    title: str
    number: str
    day: date | None
    office: str
    verified_by: str
    verified_on: date | None


def plan_files(folder: Path) -> list[PackageFile]:
    """Return the plans of a folder by name: its actions/*.yaml, or its own *.yaml where it is no authority's. Raises StoreError."""
    room = folder / ROOM if (folder / ROOM).is_dir() else folder
    paths = [folder] if folder.is_file() else sorted(room.glob("*.yaml"))
    return [_file(path) for path in paths]


def _file(path: Path) -> PackageFile:
    try:
        return PackageFile(path.name, path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DataError(finding("store.not_utf8", Place(file=path.name), Text("其他编码", "another encoding"))) from error
    except OSError as error:
        raise StoreError(finding("store.no_plan_file", Place(file=path.as_posix()), str(error.strerror))) from error


def issued(folder: Path, findings: list[Finding]) -> dict[str, Issued]:
    """Return the documents of an authority by key; what is wrong with the list is added to `findings`. Raises DataError for no list."""
    path = folder / ROOM / DOCUMENTS
    if not path.is_file():
        return {}
    found: dict[str, Issued] = {}
    for row in parse_csv(_file(path).text, f"{ROOM}/{DOCUMENTS}"):
        place = Place(file=f"{ROOM}/{DOCUMENTS}", row=row.line)
        lacking = [name for name in COLUMNS if name not in row.values]
        if lacking:
            raise DataError(finding("store.document_columns", place, "、".join(lacking), columns=",".join(COLUMNS)))
        values = row.values
        found[values["document"]] = Issued(
            values["document"],
            values["title"],
            values["number"],
            _day(values["day"], place, findings),
            values["office"],
            values["verified_by"],
            _day(values["verified_on"], place, findings),
        )
    return found


def _day(text: str, place: Place, findings: list[Finding]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        findings.append(finding("store.document_day", place, text))
        return None


def write_plan_file(path: Path, text: str) -> None:
    """Write a plan's text, as a whole or not at all. Raises StoreError where there is such a file already, or it cannot be written."""
    if path.exists():
        raise StoreError(finding("store.plan_file_exists", Place(file=path.as_posix()), path.name))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, text.encode("utf-8"))
