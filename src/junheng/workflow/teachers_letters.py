"""Letters to teachers whom a plan moves: the one place where a code meets a name."""

from __future__ import annotations

from pathlib import Path
from typing import TypeGuard

from junheng.documents import finding
from junheng.errors import DataError, Place
from junheng.model import SetValue, allowed
from junheng.model.change import Change
from junheng.planning.teaching import sites
from junheng.store.plans import read_plan
from junheng.store.teacher_names import read_teacher_names
from junheng.store.word_form import fill_form
from junheng.workflow.office import Office
from junheng.workflow.views.teaching import Letters


def write_letters(place: Path, names: Path, template: Path, out: Path) -> Letters:
    """Write one letter for each teacher whom a plan moves; names stand in the letters and nowhere else.

    Raises StoreError for files that cannot be read, DataError for a plan that moves no teacher, or one whom the register does not hold.
    """
    plan, known = read_plan(place), read_teacher_names(names)
    office = Office(place.parent.parent)
    county = office.county(plan.year)
    called = {school: name or school for school, name in sites(county).select("school", "name").iter_rows()}
    register = {row["teacher"]: row for row in county.tables["teachers"].iter_rows(named=True)}
    moves = [(step, one) for step in plan.proposal.steps for one in step.changes if _moves(one)]
    if not moves:
        raise DataError(finding("workflow.plan_moves_nobody", Place(file=place.name), plan.name))
    gone = sorted({str(one.key[0]) for _, one in moves if str(one.key[0]) not in register})
    if gone:
        raise DataError(tuple(finding("workflow.letter_to_nobody", Place(table="teachers", key=(code,)), code) for code in gone))
    files, without = [], []
    for step, change in moves:
        code, to = str(change.key[0]), str(change.value)
        row = register[code]
        if not known.get(code):
            without.append(code)
            continue
        values = {
            "county": office.name.zh,
            "name": known[code],
            "code": code,
            "from_school": called.get(row["school"], row["school"]),
            "to_school": called.get(to, to),
            "subject": _subject(row["subject"], step.changes, code),
            "reason": step.reason.zh,
            "year": str(step.year or plan.year + 1),
        }
        file = out / f"调动通知-{code}.docx"
        fill_form(template, values, file)
        files.append(file.as_posix())
    return Letters(files=tuple(files), without_name=tuple(without))


def _subject(today: str | None, changes: tuple[Change, ...], code: str) -> str:
    """Return the subject of a teacher in words, and the one to be taught at the new school where that is another."""
    words = {name: text.zh for name, text in allowed("subject").items()}
    first = words.get(today or "", "")
    others = [
        one.value for one in changes if isinstance(one, SetValue) and (one.table, one.key, one.column) == ("teachers", (code,), "subject")
    ]
    return f"{first}（到新校任教{words[str(others[0])]}）" if others else first


def _moves(change: Change) -> TypeGuard[SetValue]:
    return isinstance(change, SetValue) and (change.table, change.column) == ("teachers", "school")
