"""Read the returns of one county and year: every file through the guard, every sheet by its labels, every value with its cell.

Nothing is written here. The result is a County and everything that an officer has to be told about how it came to be.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from junheng.errors import Finding, Place, StoreError, Text
from junheng.model import Change, County, diff
from junheng.store.returns.against import compare_stated
from junheng.store.returns.arrival import NotSent, not_sent
from junheng.store.returns.child import WorkbookReader
from junheng.store.returns.coordinates import in_wgs84
from junheng.store.returns.csv_grid import read_text
from junheng.store.returns.filetype import WORKBOOK, kind_of
from junheng.store.returns.forms import Form, shipped_forms
from junheng.store.returns.gather import gather
from junheng.store.returns.header import Heading
from junheng.store.returns.onto_base import lay_over
from junheng.store.returns.recognise import Recognised, recognise
from junheng.store.returns.record import Total
from junheng.store.returns.report import Refused, Report
from junheng.store.returns.shared_codes import without_shared_codes
from junheng.store.returns.sheets import FileSheets, SheetReader
from junheng.store.returns.subjects import told
from junheng.store.returns.untouched import without_untouched

Progress = Callable[[int, int, str], None]  # files done, files in all, the file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSheet:
    """A sheet that was recognised, as which form, and how many values it gave."""

    file: str
    sheet: str
    form: str
    title: Text
    values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What reading the returns gave."""

    county: County
    findings: tuple[Finding, ...]
    totals: tuple[Total, ...]  # every total that a file states, with what was loaded
    loaded: tuple[LoadedSheet, ...]
    refused: tuple[Refused, ...]  # cells not loaded, by cause, with every address
    unread: tuple[str, ...]  # files of which nothing was read
    not_sent: tuple[NotSent, ...]
    digests: Mapping[str, str]  # file -> SHA-256 of its content
    changes: tuple[Change, ...]  # what differs from `base`; empty without a base
    child_peak: int  # largest memory of the parsing process, in bytes; 0 when the system does not say


def read_returns(
    files: Sequence[Path],
    code: str,
    year: int,
    base: County | None = None,
    *,
    forms: Sequence[Form] | None = None,
    known: Collection[str] = (),
    room: Path | None = None,
    previous: County | None = None,
    progress: Progress | None = None,
) -> Import:
    """Return the county of school year `year` as these files state it.

    base: the county as it is already held; what the files say is laid over it, and the differences are `changes`.
    forms: the forms to recognise; those that ship with the package when left out.
    known: digests of files that were read before: such a file is not read again.
    previous: the county of the year before, with whose values templates are handed out.
    room: the folder below which received files are named (see file_names).
    Never raises for what is in a file: every file that cannot be read is a finding, and the others are read.
    """
    report = Report()
    names = file_names(files, room)
    digests = _digests(names, known, report)
    reader = SheetReader(forms or shipped_forms(), code, base, report)
    unread = []
    with WorkbookReader() as workbooks:
        for done, (name, path) in enumerate(names.items()):
            if progress:
                progress(done, len(names), name)
            if name in digests:
                try:
                    reader.take(_sheets(path, name, reader.forms, workbooks, report))
                except StoreError as error:
                    report.add(error.findings)
                    unread.append(name)
    reader.take_deferred()
    if progress:
        progress(len(names), len(names), "")
    if not workbooks.limited:
        report.say("returns.child_unlimited", Place(), Text("本机操作系统不提供内存上限", "this system offers no memory limit"))
    if not workbooks.offline:
        report.say("returns.child_online", Place(), Text("本机操作系统不能切断解析进程的网络", "this system does not cut the process off"))
    return _result(reader, report, digests, unread, code, year, base, previous, workbooks.peak)


def _result(
    reader: SheetReader,
    report: Report,
    digests: Mapping[str, str],
    unread: Sequence[str],
    code: str,
    year: int,
    base: County | None,
    previous: County | None,
    peak: int,
) -> Import:
    forms = {(sheet.file, sheet.sheet): sheet.form for sheet in reader.done}
    untouched = without_untouched(reader.sheetful, forms, previous, base, report)
    speaks = told(reader.sheetful)
    dropped = without_shared_codes(reader.sheetful, reader.named, base, digests, report)
    tables = in_wgs84(gather(reader.sheetful, report), report)
    county = lay_over(tables, {file: speaks.get(file, set()) for file in digests}, code, year, base, report)
    compare_stated(reader.sheetful.stated, county, report)
    return Import(
        county=county,
        findings=tuple(report.findings()),
        totals=tuple(reader.sheetful.totals),
        loaded=tuple(
            LoadedSheet(
                file=sheet.file,
                sheet=sheet.sheet,
                form=sheet.form.id,
                title=sheet.form.title,
                values=sheet.values - dropped[sheet.file, sheet.sheet],
            )
            for sheet in reader.done
            if sheet.file not in untouched
        ),
        refused=report.refused(),
        unread=tuple(unread),
        not_sent=not_sent(county),
        digests=digests,
        changes=diff(base, county) if base else (),
        child_peak=peak,
    )


def file_names(files: Sequence[Path], room: Path | None = None) -> dict[str, Path]:
    """Return the files by the name under which findings and origins speak of them, the same whatever else is read with them.

    room: the folder of the year's received files: a file in it is named by its path below it, any other by its folder and name (and
    as many folders more as tell it from another one). Without a room, the files' common folder is taken for it.
    """
    paths = sorted({_placed(path) for path in files})
    if room is None and paths:
        room = Path(os.path.commonpath([path.parent for path in paths]))
    below = {path: _below(path, room) for path in paths if room}
    names = {name: path for path, name in below.items() if name}
    depths = dict.fromkeys((path for path, name in below.items() if not name), 2)
    while depths:
        named = {path: _tail(path, depth) for path, depth in depths.items()}
        taken = [*names, *named.values()]
        alike = [path for path, name in named.items() if taken.count(name) > 1 and depths[path] < len(path.parts)]
        if not alike:
            return names | {name: path for path, name in named.items()}
        depths |= {path: depths[path] + 1 for path in alike}
    return names


def _placed(path: Path) -> Path:
    """Return the absolute path; a link keeps its own place, but ".." has to be followed."""
    return path.resolve() if ".." in path.parts else path.absolute()


def _below(path: Path, room: Path) -> str:
    for own, other in ((path, _placed(room)), (path.resolve(), room.resolve())):
        if own.is_relative_to(other):
            return own.relative_to(other).as_posix()
    return ""


def _tail(path: Path, depth: int) -> str:
    return path.as_posix() if depth >= len(path.parts) else "/".join(path.parts[-depth:])


def _digests(names: Mapping[str, Path], known: Collection[str], report: Report) -> dict[str, str]:
    """Return the digest of each file that is to be read; the same content a second time is said and left out."""
    digests: dict[str, str] = {}
    seen: dict[str, str] = dict.fromkeys(known, "")
    for name, path in names.items():
        try:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            report.say("returns.file_unreadable", Place(file=name), str(error.strerror or error))
            continue
        if content in seen:
            other = seen[content]
            found = (
                Text(f"与{other}内容相同", f"the same content as {other}")
                if other
                else Text("以前读过的内容", "content that was read before")
            )
            report.say("returns.same_file", Place(file=name), found)
            continue
        seen[content] = name
        digests[name] = content
    return digests


def _sheets(path: Path, name: str, forms: Sequence[Form], workbooks: WorkbookReader, report: Report) -> FileSheets:
    """Return the recognised sheets of one file; raises StoreError when the file is not read at all."""
    if kind_of(path, name) == WORKBOOK:
        headings = [Heading(grid) for grid in workbooks.read(path, name) if not grid.is_empty]
        return FileSheets(name, headings, [found for heading in headings if (found := recognise(heading, forms, report))])
    return _text_sheets(path, name, forms, report)


def _text_sheets(path: Path, name: str, forms: Sequence[Form], report: Report) -> FileSheets:
    """Read a text file in the one encoding in which it is a known form."""
    tries: list[tuple[str, Heading, Recognised | None, Report]] = []
    for encoding, grid in read_text(path, name):
        heading, own = Heading(grid), Report()
        tries.append((encoding, heading, recognise(heading, forms, own), own))
    fitting = [attempt for attempt in tries if attempt[2]] or tries[:1]
    if len(fitting) > 1:
        report.say("returns.encoding_unclear", Place(file=name), "、".join(encoding for encoding, *_ in fitting))
        return FileSheets(name, [], [])
    encoding, heading, found, own = fitting[0]
    report.add(own.findings())
    if len(tries) > 1 and found:
        report.say("returns.encoding_found", Place(file=name), encoding.upper())
    return FileSheets(name, [heading], [found] if found else [])
