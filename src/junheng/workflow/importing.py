"""Read returns into a year of the authority's folder: what came in, what was refused, who has not sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, StoreError, Text
from junheng.model import Change, County, check, schema
from junheng.model.county import county as new_county
from junheng.store import folder_findings, held, received, write_county, years
from junheng.store.returns.forms import shipped_forms
from junheng.store.returns.load import Import, read_returns
from junheng.store.templates import template_forms
from junheng.workflow.numbers import plainly
from junheng.workflow.office import Office
from junheng.workflow.placed import placed
from junheng.workflow.rules_check import rules_findings
from junheng.workflow.views import ImportResult

Step = Callable[[Text, int, int], None]
_NO_FILE = Text("没有该文件", "no such file")


def import_returns(
    folder: Path, year: int | None = None, files: Sequence[Path] = (), *, write: bool = True, progress: Step | None = None
) -> ImportResult:
    """Read files (all of returns/<year> when none are named) over what the folder holds of the year, and write the whole year.

    year: the latest with returns when None. Nothing is written when there is nothing to read, or when `write` is False; a year is
    replaced as a whole or not at all. Raises StoreError when there are no files, or while another program writes in the folder.
    """
    office = Office(folder)
    year = _year(office, year)
    paths = _named(files) or received(office.authority, year)
    if not paths:
        place = Place(file=f"returns/{year}")
        raise StoreError(finding("workflow.no_returns", place, Text("没有文件", "no file")))
    if not write:
        return _imported(office, year, paths, write=False, progress=progress)
    with held(folder):  # from before the base is read until the year is written: two imports at once would lose one's values
        return _imported(office, year, paths, write=True, progress=progress)


def _imported(office: Office, year: int, paths: Sequence[Path], *, write: bool, progress: Step | None) -> ImportResult:
    there = year in years(office.folder)
    base = office.county(year) if there else None
    previous = office.previous(year)
    said = Text("读入报表", "Reading returns")
    result = read_returns(
        paths,
        office.authority.code,
        year,
        base,
        forms=(*shipped_forms(), *template_forms(office.authority.code)),
        room=office.folder / "returns" / str(year),
        previous=previous,
        progress=(lambda done, total, _name: progress(said, done, total)) if progress else None,
    )
    findings = (*result.findings, *check(result.county, previous))
    written: tuple[str, ...] = ()
    changed = base is None or bool(result.changes) or _read_elsewhere(base, result.county)
    if write and result.loaded and changed:
        written = (write_county(office.folder, result.county).as_posix(),)
    return _view(office, year, result, findings, base, written)


def _named(files: Sequence[Path]) -> list[Path]:
    """Return the files named, a folder as the files in it. Raises StoreError with each name that leads nowhere."""
    lost = [finding("workflow.no_such_file", Place(file=path.as_posix()), _NO_FILE) for path in files if not path.exists()]
    if lost:
        raise StoreError(lost)
    found = (sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path] for path in files)
    return [path for group in found for path in group if not path.name.startswith((".", "~$"))]


def check_year(folder: Path, year: int | None = None, *, progress: Step | None = None) -> tuple[Finding, ...]:
    """Return every finding of the rules the year is judged by, and of its tables: against the schema, themselves, the year before."""
    said = Text("核查", "Checking")
    if progress:
        progress(said, 0, 1)
    office = Office(folder)
    year = office.year(year)
    county = office.county(year)
    of_tables = placed(check(county, office.previous(year)), folder, county)
    findings = (*rules_findings(office, year), *of_tables, *folder_findings(folder, year))
    if progress:
        progress(said, 1, 1)
    return findings


def counted(findings: Sequence[Finding]) -> dict[str, int]:
    """Return how many findings there are of each severity."""
    return {severity: sum(one.severity == severity for one in findings) for severity in ("error", "warning", "note")}


def _read_elsewhere(before: County, after: County) -> bool:
    """Return whether a value, itself the same, now comes from another cell: the trail has to name the file that holds it."""
    if set(before.origins) != set(after.origins):
        return True
    columns = ["key", "column", "file", "sheet", "cell"]
    return any(not _sorted(before.origins[name], columns).equals(_sorted(after.origins[name], columns)) for name in after.origins)


def _sorted(origins: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    return origins.select(pl.col(columns).cast(pl.String)).sort(columns)


def years_received(folder: Path) -> tuple[int, ...]:
    """Return the school years of which the folder holds returns, oldest first."""
    authority = Office(folder).authority
    room = folder / "returns"
    names = sorted(path.name for path in room.iterdir() if path.is_dir() and path.name.isdecimal()) if room.is_dir() else []
    return tuple(int(name) for name in names if received(authority, int(name)))


def _year(office: Office, year: int | None) -> int:
    if year is not None:
        return year
    sent = years_received(office.folder)
    if not sent:
        raise StoreError(finding("workflow.no_returns", Place(file="returns"), Text("没有文件", "no file")))
    return sent[-1]


def _view(
    office: Office, year: int, result: Import, findings: Sequence[Finding], base: County | None, written: tuple[str, ...]
) -> ImportResult:
    refused: Counter[str] = Counter()
    for cause in result.refused:
        refused[cause.file] += len(cause.cells)
    files: dict[str, tuple[list[str], int]] = {}
    for sheet in result.loaded:
        forms, values = files.setdefault(sheet.file, ([], 0))
        files[sheet.file] = ([*forms, sheet.title.zh], values + sheet.values)
    names = dict.fromkeys([*result.digests, *files])
    return ImportResult(
        county=office.authority.name,
        year=year,
        files=tuple(
            (name, tuple(dict.fromkeys(files.get(name, ([], 0))[0])), files.get(name, ([], 0))[1], refused[name]) for name in names
        ),
        loaded=sum(values for _, values in files.values()),
        refused=refused.total(),
        tables=_tables(result.county, base or new_county(result.county.code, year), result.changes),
        totals=tuple(
            (
                total.file,
                Text(f"{total.label} · {total.column}", f"{total.label} · {total.column}"),
                plainly(total.stated),
                plainly(total.loaded),
                total.stated == total.loaded,
            )
            for total in result.totals
        ),
        not_sent=tuple((sent.school, sent.name) for sent in result.not_sent),
        findings=tuple(findings),
        written=written,
    )


def _tables(after: County, before: County, changes: Sequence[Change]) -> tuple[tuple[str, Text, int, int], ...]:
    """Return (table, title, rows, rows changed) of every table that has rows; without a base every row is new."""
    touched: dict[str, set[object]] = {}
    for change in changes:
        key = getattr(change, "key", None) or tuple(getattr(change, "row", {}).get(name) for name in schema().tables[change.table].key)
        touched.setdefault(change.table, set()).add(key)
    found = []
    for name, table in schema().tables.items():
        rows = after.tables[name].height
        if rows:
            new = rows if not before.tables[name].height else len(touched.get(name, ()))
            found.append((name, table.title, rows, new))
    return tuple(found)
