"""The list of names beside codes of teachers: read for letters only, kept nowhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from junheng.documents import finding, parse_csv
from junheng.errors import Place, StoreError

CODE, NAME = "教师编号", "姓名"


def read_teacher_names(path: Path) -> dict[str, str]:
    """Return names by code of a CSV file with the columns 教师编号 and 姓名.

    Raises StoreError when it cannot be read as one, or names somebody twice.
    """
    try:
        rows = [row.values for row in parse_csv(path.read_text(encoding="utf-8-sig"), path.name)]
        known = {row[CODE].strip(): row[NAME].strip() for row in rows}
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise StoreError(finding("store.no_teacher_names", Place(file=path.name), str(error))) from error
    twice = sorted(code for code, many in Counter(row[CODE].strip() for row in rows).items() if many > 1)
    if twice:
        raise StoreError([finding("store.teacher_named_twice", Place(file=path.name, column=CODE, key=(code,)), code) for code in twice])
    return known
