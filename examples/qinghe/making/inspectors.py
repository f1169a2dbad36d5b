"""The inspectors of Qinghe by code and the schools from which they must keep (invented; the first twelve as in ledgers/visits.yaml)."""

import csv
from pathlib import Path

from making.roster import Row


def tables(source: Path) -> dict[str, list[Row]]:
    """Return the inspectors and their recusals; the county has drawn no zones yet."""
    people = [{**row, "full_time": row["full_time"] == "yes"} for row in _rows(source / "inspectors.csv")]
    return {"inspectors": people, "inspector_ties": [dict(row) for row in _rows(source / "inspector_ties.csv")]}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
