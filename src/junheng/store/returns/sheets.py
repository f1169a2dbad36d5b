"""Read recognised sheets into one pile; those that need names or schools from other files wait until these are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from junheng.documents import finding
from junheng.documents.chinese_text import fold
from junheng.errors import Finding, Place, StoreError, Text
from junheng.model import County, schema
from junheng.store.returns.convert_text import choices
from junheng.store.returns.forms import Form
from junheng.store.returns.header import Heading
from junheng.store.returns.identity import Identity, identity_of_file, own_or, stated_identity
from junheng.store.returns.list_columns import KIND, needs_kinds
from junheng.store.returns.list_form import read_list
from junheng.store.returns.lookup import Lookup, needs_lookup
from junheng.store.returns.matrix_form import read_school_form
from junheng.store.returns.recognise import Recognised
from junheng.store.returns.record import Sheetful
from junheng.store.returns.report import Report
from junheng.store.returns.shared_codes import Claim


@dataclass(frozen=True)
class FileSheets:
    """One file: the labels of all its sheets, and the sheets that are known forms."""

    file: str
    headings: Sequence[Heading]
    known: Sequence[Recognised]

    @cached_property
    def identities(self) -> dict[int, Identity]:
        """Return what each sheet says about its school, by the id of its heading."""
        return {id(heading): stated_identity(heading) for heading in self.headings}


@dataclass(frozen=True, slots=True)
class DoneSheet:
    """A sheet that was read."""

    file: str
    sheet: str
    form: Form
    values: int


class SheetReader:
    """Reads sheets as they come and keeps what they gave."""

    def __init__(self, forms: Sequence[Form], code: str, base: County | None, report: Report) -> None:
        """Start with nothing read; names are also looked up in `base`."""
        self.forms = tuple(forms)
        self.sheetful = Sheetful()
        self.done: list[DoneSheet] = []
        self.named: list[Claim] = []  # the codes and names that stand above forms
        self._code, self._base, self._report = code, base, report
        self._waiting: list[FileSheets] = []
        self._kindless: list[FileSheets] = []  # lists that say no stage: the kinds of their schools stand in other files
        self._kinds = _kind_words(self.forms)
        self._kinds_held: dict[str, str] = dict(_kinds_of(base.tables["schools"])) if base else {}

    def take(self, file: FileSheets) -> None:
        """Read the sheets of one file that need nothing from other files.

        Raises StoreError when no sheet of the file is a known form, so that nothing of it is read.
        """
        if not file.known:
            raise StoreError(() if self._report.is_refused(file.file) else _nothing(file))
        stated = any(_of_school(known.form) for known in file.known) and any(identity.code for identity in file.identities.values())
        kindless = [known for known in file.known if needs_kinds(known.heading, known.form)]
        known_now = [known for known in file.known if known not in kindless]
        now = [known for known in known_now if not needs_lookup(known.form) and (stated or not _of_school(known.form))]
        self._read(file, now)
        if kindless:
            self._kindless.append(FileSheets(file.file, file.headings, kindless))
        later = [known for known in known_now if known not in now]
        if later:
            self._waiting.append(FileSheets(file.file, file.headings, later))

    def take_deferred(self) -> None:
        """Read the sheets that had to wait, with the names of all files at hand."""
        for file in (*self._kindless, *self._waiting):
            self._read(file, file.known)
        self._kindless.clear()
        self._waiting.clear()

    def _read(self, file: FileSheets, sheets: Sequence[Recognised]) -> None:
        lookup = self._lookup()
        whole = Identity()
        if any(_of_school(known.form) for known in sheets):
            whole = identity_of_file(list(file.identities.values()), file.file, lookup, self._report)
        for known in sheets:
            school = self._school(file.identities[id(known.heading)], whole) if _of_school(known.form) else Identity()
            if known.form.layout == "list":
                self._keep(known, read_list(known.heading, known.form, lookup, self._report, school.code, self._kinds_held))
            else:
                self._keep(known, read_school_form(known.heading, known.form, school, self._report))

    def _school(self, stated: Identity, whole: Identity) -> Identity:
        identity = own_or(stated, whole)
        kind = self._kinds.get(fold(identity.kind), "") or self._kinds_held.get(identity.code, "")
        return replace(identity, kind=kind)

    def _keep(self, known: Recognised, sheetful: Sheetful) -> None:
        grid = known.heading.grid
        values = sum(part.frame.height * len(part.columns) for part in sheetful.parts) + len(sheetful.cells)
        self.done.append(DoneSheet(grid.file, grid.sheet, known.form, values))
        self.named += [Claim(code, name, Place(file=grid.file, sheet=grid.sheet)) for code, name in sheetful.names.items() if name]
        self.sheetful.add(sheetful)
        for part in sheetful.parts:
            if part.table == "schools" and "kind" in part.frame.columns:
                self._kinds_held |= dict(_kinds_of(part.frame))
        for cell in sheetful.cells:
            if (cell.table, cell.column) == KIND and cell.value is not None:
                self._kinds_held[cell.key[0]] = str(cell.value)

    def _lookup(self) -> Lookup:
        return Lookup({table: list(self._frames(table)) for table in schema().tables})

    def _frames(self, table: str) -> Iterator[pl.DataFrame]:
        if self._base:
            yield self._base.tables[table]
        yield from (part.frame for part in self.sheetful.parts if part.table == table)
        if table == "schools" and self.sheetful.names:
            yield pl.DataFrame({"school": list(self.sheetful.names), "name": list(self.sheetful.names.values())})


def _nothing(file: FileSheets) -> Finding:
    shown = "、".join(heading.grid.sheet for heading in file.headings if heading.grid.sheet)[:80]
    found = Text(f"没有已知的表式（{shown}）" if shown else "没有已知的表式", f"no known form ({shown})" if shown else "no known form")
    if not file.headings:
        found = Text("没有内容", "nothing")
    return finding("returns.nothing_read", Place(file=file.file), found)


def _kinds_of(schools: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the code and kind of each school of a table that says both."""
    yield from schools.select("school", "kind").drop_nulls().rows()


def _of_school(form: Form) -> bool:
    """Return whether a form is one school's, so that its code stands outside the cells that are read."""
    if form.layout != "list":
        return True
    return not any(field.key == "school" for field in form.fields) and any("school" in schema().tables[table].key for table in form.tables)


def _kind_words(forms: Sequence[Form]) -> dict[str, str]:
    """Return the words for kinds of school that any form knows."""
    known: dict[str, str] = {}
    for form in forms:
        for field in form.fields:
            if KIND in field.to:
                known |= choices(field, KIND.definition)
    return known
