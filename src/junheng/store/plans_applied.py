"""What an adopted plan did to the tables of its year, kept so that it can be taken back.

plans/2025-zones/before/2025/*.csv   the tables that it changes, as they were, with _origins.parquet
plans/2025-zones/applied.yaml        digests of all tables of the year before and after
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from junheng.documents import parse_yaml, write_yaml
from junheng.model import County, digest
from junheng.store.atomic import write_file
from junheng.store.folder import read_county, write_county

_BEFORE, _APPLIED = "before", "applied.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The digests of a year's tables before a plan was written into them, and after."""

    before: str
    after: str


def keep_before(place: Path, before: County, after: County) -> None:
    """Keep the tables in which two Counties of one year differ as they are in the first. Raises StoreError."""
    changed = [name for name, frame in before.tables.items() if not frame.equals(after.tables[name])]
    tables = {name: frame if name in changed else frame.clear() for name, frame in before.tables.items()}
    origins = {name: frame for name, frame in before.origins.items() if name in changed}
    write_county(place / _BEFORE, County(before.code, before.year, tables, origins))
    said = {"tables": changed, "before": digest(before), "after": digest(after)}
    write_file(place / _APPLIED, write_yaml(said).encode())


def applied(place: Path) -> Applied | None:
    """Return the digests of the last time that a plan was written into the tables; None where it never was."""
    path = place / _APPLIED
    if not path.is_file():
        return None
    data = parse_yaml(path.read_text(encoding="utf-8"), _APPLIED).data
    return Applied(before=data["before"], after=data["after"])


def as_before(place: Path, now: County) -> County:
    """Return the County with the tables that a plan changed as they were, each value with its origin. Raises StoreError or DataError."""
    changed = parse_yaml((place / _APPLIED).read_text(encoding="utf-8"), _APPLIED).data["tables"]
    kept = read_county(place / _BEFORE, now.code, now.year)
    tables = {name: kept.tables[name] if name in changed else frame for name, frame in now.tables.items()}
    origins = {name: frame for name, frame in now.origins.items() if name not in changed}
    return County(now.code, now.year, tables, origins | {name: kept.origins[name] for name in changed if name in kept.origins})
