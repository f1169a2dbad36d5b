"""Results that are kept: one record a unit and round, put up, appealed, corrected with both values, and final by somebody else's hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from junheng.ledgers import Kind, Record, Value, correct, open_record
from junheng.ledgers.score_form import ScoreForm
from junheng.workflow.ledger_entries import entry_of, record_of
from junheng.workflow.ledger_room import Room, purpose_of
from junheng.workflow.ledgers import Doer, next_key
from junheng.workflow.views.scoring import ScoreAppeal, ScoreLine, ScoreReport

KIND = "score-result"
_COMPARED = ("result", "grade", "items")


@dataclass(frozen=True, slots=True)
class Kept:
    """How many results were kept anew, corrected, or stood already."""

    new: int
    changed: int
    same: int


def keep_scores(folder: Path, report: ScoreReport, doer: Doer, reason: str = "", at: datetime | None = None) -> Kept:
    """Keep each line of a report as a record; one that is kept already and differs is corrected, and both values stay.

    reason: why kept results differ now. Raises DataError for a correction without a reason, StoreError when the record refuses.
    """
    room = Room(folder, at)
    kind = room.ledgers.kinds[KIND]
    seen_by = purpose_of(doer.actor, f"核对{report.title.zh}的评分结果", room.at, shown=False)
    with room.database() as database:
        entries = {entry.key: entry for entry in database.entries(KIND, unmask=seen_by)}
        held = {_matter(record): record for record in (record_of(kind, entry) for entry in entries.values())}
        keys, new, changed = list(entries), 0, 0
        with database.batch(actor=doer.actor, purpose=f"登记评分结果：{report.title.zh}", at=room.at) as batch:
            for values in (_values(report, line) for line in report.lines):
                known = held.get((values["form"], values["unit"], values["round"]))
                if known is None:
                    keys.append(next_key(kind, keys, room.today))
                    batch.put(entry_of(kind, open_record(kind, keys[-1], values, doer.hand, room.at)))
                    new += 1
                    continue
                after = _corrected(kind, known, values, doer, reason, room.at)
                if after is not known:
                    files = {one.digest: one for one in entries[known.key].evidence}
                    batch.put(entry_of(kind, after, entries[known.key].version, files))
                    changed += 1
    return Kept(new, changed, len(report.lines) - new - changed)


def _values(report: ScoreReport, line: ScoreLine) -> dict[str, Value]:
    items = "；".join(f"{head.label.zh}{cell.shown}" for head, cell in zip(report.items, line.cells, strict=True) if cell.shown)
    weights = "、".join(f"{head.label.zh}{head.weight}" for head in report.items)
    return {
        "form": report.title.zh,
        "unit": line.name,
        "round": line.round or report.day.isoformat(),
        "result": line.result,
        "grade": line.grade.zh,
        "items": items,
        "weights": f"{weights}（{report.weights.zh}）",
    }


def _matter(record: Record) -> tuple[Value, ...]:
    return tuple(record.values.get(name) for name in ("form", "unit", "round"))


def _corrected(kind: Kind, held: Record, values: dict[str, Value], doer: Doer, reason: str, at: datetime) -> Record:
    for name in _COMPARED:
        if values[name] != held.values.get(name):
            held = correct(kind, held, name, values[name], doer.hand, at, reason)
    return held


def appeals_of(room: Room, form: ScoreForm) -> tuple[ScoreAppeal, ...]:
    """Return the results of a form that were appealed or corrected, with every value that stood; () without a record store.

    The values are read from the history of each record, so that no name has to be unmasked.
    """
    if not room.has_record or KIND not in room.ledgers.kinds:
        return ()
    kind = room.ledgers.kinds[KIND]
    found = []
    with room.database() as database:
        own = [
            record for record in (record_of(kind, entry) for entry in database.entries(KIND)) if record.values.get("form") == form.title.zh
        ]
        for record in own:
            after = [change.entry.values for change in database.history(KIND, record.key) if change.entry is not None]
            stood = list(dict.fromkeys(_standing(values) for values in after))
            if len(stood) > 1 or any(step.move == "appeal" for step in record.steps):
                found.append(_appeal(kind, record, stood))
    return tuple(found)


def _standing(values: Mapping[str, object]) -> str:
    return f"{values.get('result')}（{values.get('grade')}）"


def _appeal(kind: Kind, record: Record, stood: Sequence[str]) -> ScoreAppeal:
    values = record.values
    said = [f"申诉：{values['grounds']}" if values.get("grounds") else "", f"处理：{values['decision']}" if values.get("decision") else ""]
    return ScoreAppeal(
        key=record.key,
        unit=str(values.get("unit") or ""),
        state=kind.states[record.state].label,
        was="；".join(stood[:-1]),
        now=stood[-1],
        reason="；".join(part for part in said if part),
    )
