"""The list of names beside codes of teachers: read for letters only, kept nowhere."""

from __future__ import annotations

from pathlib import Path

from junheng.documents import finding, parse_csv
from junheng.errors import Place, StoreError

CODE, NAME = "教师编号", "姓名"


def read_teacher_names(path: Path) -> dict[str, str]:
    """Return names by code of a CSV file with the columns 教师编号 and 姓名. Raises StoreError when it cannot be read as one."""
    try:
        rows = parse_csv(path.read_text(encoding="utf-8-sig"), path.name)
        return {row.values[CODE]: row.values[NAME] for row in rows}
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise StoreError(finding("store.no_teacher_names", Place(file=path.name), str(error))) from error
