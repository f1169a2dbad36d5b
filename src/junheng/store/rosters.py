"""The lists that rosters are compared with: files of rosters/lists, or of lists, named by the list; workbook or text table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.store.person_lists import PersonList, read_person_list

ROOMS = ("rosters/lists", "lists")
_ENDINGS = (".xlsx", ".xls", ".xlsm", ".csv", ".txt")


def roster_lists(folder: Path, name: str) -> list[Path]:
    """Return the files of a list: those whose name, up to an underscore, is the list's, of the first room that holds any.

    One list may come in several files, one for each school or township: 留守儿童走访_石桥镇.xlsx.
    """
    for room in ROOMS:
        place = folder / room
        files = sorted(place.glob("*")) if place.is_dir() else []
        found = [path for path in files if path.stem.split("_")[0] == name and path.suffix.lower() in _ENDINGS]
        if found:
            return found
    return []


def read_roster_list(
    paths: Sequence[Path], headings: Mapping[str, Sequence[str]], needs: Sequence[str], labels: Mapping[str, Text], findings: list[Finding]
) -> PersonList | None:
    """Return the lines of all files of a list together; None, beside findings, when a column is absent that the rule must have.

    Raises StoreError for a file that cannot be read, or in which no column is known.
    """
    parts = [_read(path, headings, needs, labels, findings) for path in paths]
    read = [part for part in parts if part is not None]
    if len(read) < len(parts) or not read:
        return None
    findings += [one for part in read for one in part.findings]
    frame = pl.concat([part.frame for part in read], how="diagonal")
    first = read[0].place if len(read) == 1 else Place(file="、".join(part.place.file for part in read))
    return PersonList(frame, tuple(number for part in read for number in part.numbers), first, ())


def _read(
    path: Path, headings: Mapping[str, Sequence[str]], needs: Sequence[str], labels: Mapping[str, Text], findings: list[Finding]
) -> PersonList | None:
    found = read_person_list(path, headings, needs[:1])
    absent = [name for name in needs if name not in found.frame.columns]
    for name in absent:
        place = Place(file=found.place.file, sheet=found.place.sheet)
        words = Text(f"没有“{labels[name].zh}”列", f"no column {labels[name].en}")
        findings.append(finding("coverage.column_absent", place, words, label=labels[name], headings="、".join(headings[name])))
    return None if absent else found
