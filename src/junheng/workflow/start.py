"""The first steps of an authority: a folder of its own, and templates for what it does not hold yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from junheng import store
from junheng.errors import Text
from junheng.model import county as empty_county
from junheng.store import templates, years
from junheng.workflow.office import Office

Step = Callable[[Text, int, int], None]


def new_authority(folder: Path, code: str, name: str) -> tuple[str, ...]:
    """Start a folder for an authority; return what was made. Raises StoreError when it is one already."""
    authority = store.new_authority(folder, code, name)
    return tuple(path.as_posix() for path in (authority.folder, *sorted(authority.folder.iterdir())))


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
