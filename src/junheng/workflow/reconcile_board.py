"""The board of rosters: where each stands on a day, the exceptions that everybody inside may see, and what one office asked for by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

from junheng.coverage import Roster
from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.workflow.ledger_room import Room, purpose_of
from junheng.workflow.ledgers import Doer
from junheng.workflow.reconcile import Desk
from junheng.workflow.reconcile_kept import kept_of
from junheng.workflow.reconcile_records import maybe
from junheng.workflow.reconcile_views import result_of
from junheng.workflow.views.coverage import RosterBoard, RosterRule


def roster_board(
    folder: Path, names: Sequence[str] = (), *, day: date | None = None, doer: Doer | None = None, purpose: str = ""
) -> RosterBoard:
    """Return some rosters opened, all when none is named. Lines of persons only for a person of the office who says why: that is noted.

    Raises DataError when names are asked for by another office, StoreError or StandardsError.
    """
    room = Room(folder, datetime.combine(day, time(12)).astimezone() if day else None)
    with maybe(room) if doer is None else room.database() as database:
        desk = Desk(folder, room.today, database, room)
        rosters = [desk.rosters.roster(name) for name in names] or list(desk.rosters.rosters.values())
        if doer is not None:
            for roster in rosters:
                allowed(roster, doer, purpose)
        if database is not None and doer is not None and (guarded := [one.id for one in rosters if one.guarded]):
            database.mark("unmask", "roster", guarded, purpose_of(doer.actor, purpose, room.at))
        standings, results = [], []
        for roster in rosters:
            standing = desk.standing(roster.id)
            standings.append(standing)
            made, _, sides = desk.result(roster.id)
            if made is not None:
                kept = kept_of(database, roster, room.today)
                lines = [line for line in made.lines["line"].to_list() if line is not None]
                numbers = kept.numbers(lines) if kept.entries else {}
                results.append(result_of(standing, made, sides, room, numbers, names=doer is not None))
    offices = tuple(dict.fromkeys(one.owner for one in standings))
    return RosterBoard(
        name=room.office.name,
        day=room.today,
        standings=tuple(standings),
        results=tuple(results),
        offices=offices,
        complete=sum(one.complete for one in standings),
        open=sum(one.missing or 0 for one in standings),
        untold=sum(one.should is None for one in standings),
        named=doer is not None,
    )


def allowed(roster: Roster, doer: Doer, purpose: str) -> None:
    """Refuse names of persons to another office, or without a reason. Raises DataError."""
    if roster.guarded and (doer.office != roster.owner or not purpose.strip()):
        place = Place(table=roster.id, title=roster.title)
        raise DataError(finding("coverage.names_not_for_office", place, doer.office or Text("没有写科室", "no office"), owner=roster.owner))


def roster_check(folder: Path) -> tuple[tuple[RosterRule, ...], tuple[Finding, ...]]:
    """Return every rule, and what is wrong with the lists that lie in the folder. Raises StandardsError for rules that cannot be read."""
    desk = Desk(folder)
    findings: list[Finding] = []
    for roster in desk.rosters.rosters.values():
        findings += desk.result(roster.id)[1]
    return tuple(desk.rule(roster) for roster in desk.rosters.rosters.values()), tuple(dict.fromkeys(findings))


def place_for_names(folder: Path, out: Path) -> None:
    """Refuse a folder for a workbook with names that lies in the authority's folder or holds pages. Raises DataError."""
    shared = out.resolve().is_relative_to(folder.resolve())
    pages = out.is_dir() and any(out.glob("*.html"))
    if shared or pages:
        raise DataError(finding("coverage.names_elsewhere", Place(file=out.as_posix()), _SHARED if shared else _PAGES))


_SHARED = Text("本县数据文件夹之内", "inside the authority's folder")
_PAGES = Text("放有网页的文件夹", "a folder of pages")
