"""Write the templates: one workbook for each school and one for the bureau, with last year's values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from junheng.documents import finding
from junheng.documents.spreadsheet import NewWorkbook, new_workbook
from junheng.errors import Place, StoreError
from junheng.model import County
from junheng.model.period import statistics_day
from junheng.store.templates.drawing import Sheet
from junheng.store.templates.list_sheet import draw_list
from junheng.store.templates.matrix_sheet import draw_matrix
from junheng.store.templates.plan import book
from junheng.store.templates.subject import Subject

_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')


def write_templates(
    folder: Path,
    county: County,
    *,
    name: str,
    previous: County | None = None,
    schools: Sequence[str] | None = None,
    prefilled: bool = False,
) -> list[Path]:
    """Write a workbook for each school of the register and one for the bureau into `folder`; return their paths.

    county: this year's, of which only the register is needed; where it has none, last year's register is taken.
    name: of the bureau. schools: codes, to write only theirs (a campus's too; then without the bureau's own).
    prefilled: last year's values stand in the cells to fill instead of beside them.
    Raises StoreError for a code that is not in the register, or when the system refuses to write.
    """
    subjects = [*_sites(county, previous, prefilled)]
    unknown = sorted(set(schools or ()) - {subject.code for subject in subjects})
    if unknown:
        places = [Place(table="schools", column="school", key=(code,)) for code in unknown]
        raise StoreError([finding("store.school_not_registered", place, place.key[0]) for place in places])
    if schools is None:
        subjects.append(Subject("county", county.code, name, "county", county, previous, prefilled))
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, subject) for subject in subjects if schools is None or subject.code in schools]


def _sites(county: County, previous: County | None, prefilled: bool) -> Iterator[Subject]:
    """Yield the schools of the register, then their campuses."""
    known = previous if previous and not county.tables["schools"].height else county
    kinds: dict[str, str] = {}
    for row in known.tables["schools"].sort("school").iter_rows(named=True):
        kinds[row["school"]] = row["kind"] or ""
        yield Subject("school", row["school"], row["name"] or row["school"], kinds[row["school"]], county, previous, prefilled)
    for row in known.tables["campuses"].sort("campus").iter_rows(named=True):
        kind = kinds.get(row["school"], "")
        yield Subject("campus", row["campus"], row["name"] or row["campus"], kind, county, previous, prefilled)


def _write(folder: Path, subject: Subject) -> Path:
    year = subject.county.year
    path = folder / f"{year}_{_UNFIT.sub('', subject.code)}_{_UNFIT.sub('', subject.name)}.xlsx"
    try:
        with new_workbook(path, statistics_day(year)) as out:
            _draw(out, subject)
    except OSError as error:
        raise StoreError(finding("store.not_written", Place(file=path.as_posix()), str(error))) from error
    return path


def _draw(out: NewWorkbook, subject: Subject) -> None:
    for plan in book(subject.book):
        sheet = Sheet(out, plan, subject)
        if plan.layout == "matrix":
            draw_matrix(sheet)
        else:
            draw_list(sheet)
