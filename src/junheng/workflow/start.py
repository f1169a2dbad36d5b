"""The first steps of an authority: a folder of its own, and templates for what it does not hold yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from junheng import store
from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.model import county as empty_county
from junheng.model import county_code_forms, jurisdiction
from junheng.model.period import school_year_of
from junheng.store import templates, years
from junheng.workflow.office import Office

Step = Callable[[Text, int, int], None]
_NOTHING = Text("空", "nothing")


def new_authority(folder: Path, code: str, name: str, year: int | None = None) -> tuple[str, ...]:
    """Start a folder for an authority, with the room for the returns of `year` (this school year when None); return what was made.

    Raises DataError for what is no code or no name, StoreError when the folder is an authority's already.
    """
    place = Place(file=folder.as_posix())
    findings = [] if jurisdiction(code) else [finding("workflow.bad_code", place, code or _NOTHING, forms=county_code_forms())]
    if not name.strip():
        findings.append(finding("workflow.no_name", place, _NOTHING))
    if findings:
        raise DataError(findings)
    authority = store.new_authority(folder, code, name.strip())
    today = date.today()  # noqa: DTZ011 - an officer's today is the local one
    returns = folder / "returns" / str(year or school_year_of(today))
    returns.mkdir(exist_ok=True)
    made = (authority.folder, *sorted(path for path in authority.folder.iterdir() if path.name != "returns"), returns)
    return tuple(path.as_posix() for path in made)


def write_templates(folder: Path, year: int | None = None, out: Path | None = None, progress: Step | None = None) -> tuple[str, ...]:
    """Write a workbook for each school and one for the bureau, with last year's values beside the cells to fill; return their paths.

    year: the year after the latest that the folder holds when None. out: templates/<year> in the folder when None.
    """
    office = Office(folder)
    held = years(folder)
    wanted = year if year is not None else office.year(None) + 1
    county = office.county(wanted) if wanted in held else empty_county(office.authority.code, wanted)
    if progress:
        progress(Text("生成模板", "Writing templates"), 0, 1)
    written = templates.write_templates(
        out or folder / "templates" / str(wanted), county, name=office.authority.name, previous=office.previous(wanted)
    )
    if progress:
        progress(Text("生成模板", "Writing templates"), 1, 1)
    return tuple(path.as_posix() for path in written)
