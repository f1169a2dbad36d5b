"""The restricted report on progress from entry to exit: who asks is a row of the audit, and it leaves the folder only as a workbook."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.indicators.entry_to_exit import Progress, progress, shares
from junheng.model import schema
from junheng.store.database import open_database
from junheng.store.entry import Actor, Purpose
from junheng.workflow.numbers import shown
from junheng.workflow.office import Office
from junheng.workflow.views.profiles import ProgressLine, ProgressPage

_LEAST = "assumed.outcomes.leavers.minimum"
_TABLE = "outcomes"
_NOTHING = Text("", "")


def progress_page(folder: Path, out: Path, *, actor: Actor, reason: str, at: datetime, year: int | None = None) -> ProgressPage:
    """Return the progress of each senior school's leavers, after noting in the audit who asked and why.

    out: where it will be written. Raises DataError when that lies in the authority's folder, which many can open, when nobody is named,
    or when there are no results; StoreError for a folder that cannot be read.
    """
    if out.resolve().is_relative_to(folder.resolve()):
        raise DataError(finding("workflow.restricted_inside", Place(file=out.as_posix()), Text("数据文件夹之内", "inside the folder")))
    office = Office(folder)
    now = office.year(year)
    county = office.county(now)
    rows = county.tables[_TABLE]
    if not rows.height:
        raise DataError(finding("workflow.no_outcomes", Place(table=_TABLE), str(now)))
    with open_database(folder) as database:
        database.mark("read", _TABLE, [str(now)], Purpose(actor=actor, reason=reason, at=at))
    schools: dict[str, dict[str, tuple[int | None, int | None]]] = defaultdict(dict)
    for school, band, pupils, reached in rows.select("school", "band", "pupils", "reached").iter_rows():
        schools[school][band] = (pupils, reached)
    county_shares, least = shares(schools), int(office.rules(now).number(_LEAST, unit="pupils"))
    labels = schema().tables[_TABLE].column("band").allowed
    names = dict(county.tables["schools"].select("school", "name").iter_rows())
    lines = tuple(
        _line(school, names.get(school, ""), progress(counts, county_shares), least) for school, counts in sorted(schools.items())
    )
    return ProgressPage(
        name=office.name,
        year=now,
        least=str(least),
        bands=tuple((labels[band], str(count), _per_cent(share)) for band, (count, share) in sorted(county_shares.items())),
        lines=lines,
        findings=tuple(_missing(schools)),
    )


def _missing(schools: dict[str, dict[str, tuple[int | None, int | None]]]) -> list[Finding]:
    return [
        finding("workflow.outcome_missing", Place(table=_TABLE, key=(school, band)), Text("空", "nothing"))
        for school, counts in sorted(schools.items())
        for band, pair in sorted(counts.items())
        if None in pair
    ]


def _per_cent(share: Fraction | float | None) -> str:
    return "" if share is None else shown(share * 100, 1)


def _line(school: str, name: str, made: Progress, least: int) -> ProgressLine:
    if made.leavers is not None and made.leavers < least:
        few = Text(f"毕业生不足{least}人，不显示", f"fewer than {least} leavers: not shown")
        return ProgressLine(school, name, "", "", "", "", "", "", chance=False, withheld=few)
    lacking = Text("有的档次没有上报，算不出", "a band was not returned") if made.difference is None else _NOTHING
    return ProgressLine(
        school=school,
        name=name,
        leavers="" if made.leavers is None else str(made.leavers),
        reached="" if made.reached is None else str(made.reached),
        expected=shown(made.expected, 1),
        difference=_signed(_per_cent(made.difference)),
        low=_signed(_per_cent(made.low)),
        high=_signed(_per_cent(made.high)),
        chance=made.may_be_chance,
        withheld=lacking,
    )


def _signed(text: str) -> str:
    return text if not text or text.startswith("-") else f"+{text}"
