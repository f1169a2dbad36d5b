"""Papers of a record: a notice, an opinion, a public notice; in the layout of official documents, or in the authority's own Word form."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.ledgers import Kind, Paper, Record
from junheng.ledgers.kind_rules import PLACEHOLDER
from junheng.store.entry import Purpose
from junheng.store.word_form import fill_form
from junheng.workflow.ledger_entries import record_of
from junheng.workflow.ledger_room import Room, purpose_of
from junheng.workflow.ledger_views import shown
from junheng.workflow.ledgers import Doer
from junheng.workflow.views.ledgers import LedgerPaper

_FORMS = "papers"
_EMPTY = "＿＿＿＿"


def ledger_paper(folder: Path, kind: str, key: str, paper: str, doer: Doer, at: datetime | None = None) -> LedgerPaper:
    """Return a paper of a record, or of all records of a kind when `key` is empty (a list for the public).

    Raises DataError when there is no such paper, or the record is in another state.
    """
    room = Room(folder, at)
    known = room.ledgers.kind(kind)
    form = known.papers.get(paper) or next((one for one in known.papers.values() if one.title == paper), None)
    if form is None:
        words = "、".join(f"{one.name}（{one.title}）" for one in known.papers.values()) or "—"
        raise DataError(finding("ledgers.no_paper", Place(table=known.id, title=known.title), paper, known=words))
    records = _records(room, known, key, form, doer)
    values = [_words(room, known, record) for record in records]
    paragraphs = [_filled(text, one) for one in values for text in form.paragraphs]
    numbered = [f"{number}. {text}" for number, text in enumerate(paragraphs, start=1)] if form.public else paragraphs
    first = values[0] if values else {"authority": room.office.authority.name}
    return LedgerPaper(
        title=form.title,
        addressee=_filled(form.addressee, first) if form.addressee else "",
        paragraphs=tuple(numbered),
        signed=(_filled(form.signed_by, first), f"{room.today.year}年{room.today.month}月{room.today.day}日"),
        day=room.today,
        name=f"{form.title}_{key or room.today.isoformat()}",
    )


def _records(room: Room, kind: Kind, key: str, form: Paper, doer: Doer) -> list[Record]:
    seen_by = purpose_of(doer.actor, f"打印{form.title}", room.at, approved_by=doer.approved) if not form.public else None
    wanted = _wanted(room, kind, key, seen_by)
    place = Place(table=kind.id, title=kind.title, key=(key,))
    if key and not wanted:
        raise DataError(finding("ledgers.no_such_record", place, key))
    fitting = [record for record in wanted if not form.states or record.state in form.states]
    if key and not fitting:
        states = Text("、".join(kind.states[name].label.zh for name in form.states), ", ".join(form.states))
        raise DataError(finding("ledgers.paper_state", place, kind.states[wanted[0].state].label, states=states))
    return fitting


def _wanted(room: Room, kind: Kind, key: str, seen_by: Purpose | None) -> list[Record]:
    """Return the record with a number, or all; of one paper only one record is unmasked, so that no approval is asked for the others."""
    if not key or not room.has_record:
        return [record for record in room.records(kind, seen_by) if key in ("", record.key)]
    with room.database() as database:
        entry = database.entry(kind.id, key, unmask=seen_by)
        return [record_of(kind, entry)] if entry else []


def _words(room: Room, kind: Kind, record: Record) -> dict[str, str]:
    """Return everything that a paper may name: the fields in words, the number, the school, the authority, the day."""
    words = {name: shown(room, kind, name, record.values.get(name)) for name in kind.fields}
    subject = str(record.values.get(kind.about_field) or "") if kind.about_field else ""
    return {
        **words,
        "key": record.key,
        "school_name": room.subject_name(kind, subject),
        "authority": room.office.authority.name,
        "office_name": words.get(kind.office, ""),
        "today": f"{room.today.year}年{room.today.month}月{room.today.day}日",
    }


def _filled(text: str, words: dict[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: words.get(match[1], "") or _EMPTY, text).replace("。。", "。")


def own_form(folder: Path, kind: str, key: str, paper: str, doer: Doer, out: Path, at: datetime | None = None) -> bool:
    """Fill the authority's own Word form (ledgers/papers/<kind>-<paper>.docx) to `out`; False when it has none."""
    room = Room(folder, at)
    known = room.ledgers.kind(kind)
    form = folder / "ledgers" / _FORMS / f"{known.id}-{paper}.docx"
    if not form.is_file() or not key or paper not in known.papers:
        return False
    record = _records(room, known, key, known.papers[paper], doer)[0]
    fill_form(form, _words(room, known, record), out)
    return True
