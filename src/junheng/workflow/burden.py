"""The burden account: every field that is asked for, who needs it and which rule reads it, and what a year of filling in took."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from junheng.errors import Text
from junheng.ledgers import Field, Kind, Record
from junheng.ledgers.recurrence import months_later
from junheng.ledgers.score_form import Item, ScoreForm
from junheng.ledgers.survey import Survey, read_surveys
from junheng.store import own_files
from junheng.workflow.ledger_room import Room
from junheng.workflow.score_desk import ScoreDesk
from junheng.workflow.score_reading import read_sheets
from junheng.workflow.survey import WAVE
from junheng.workflow.views.burden import Burden, BurdenDemand, BurdenField, BurdenLine

DEMAND = "demand"
_LEDGER, _FORM, _SURVEY = Text("台账", "ledger"), Text("评分表", "scoring form"), Text("调查", "survey")
_GROUPS = 3  # columns of a survey that are no question: school, group, seconds
_ENDS = ("refused", "merged")


def burden_account(folder: Path, at: datetime | None = None) -> Burden:
    """Return the account of an authority for the twelve months up to the day.

    Counts come from records and sheets that lie in the folder; what is not kept there is not known, and no zero.
    Raises StoreError, DataError or StandardsError.
    """
    desk = ScoreDesk(folder, at)
    room = desk.room
    first = months_later(room.today, -12) + timedelta(days=1)
    lines, hours = [], 0.0
    for line, spent in (*_ledgers(room, first), *_forms(desk)):
        lines.append(line)
        hours += spent
    surveys = read_surveys(own_files(room.office.authority, "ledgers", "surveys/*.yaml")).values()
    for survey in surveys:
        line, spent = _survey(room, survey, first)
        lines.append(line)
        hours += spent
    return Burden(
        name=room.office.name,
        first=first,
        day=room.today,
        lines=tuple(lines),
        fields=(*_kind_fields(room), *_form_items(desk)),
        demands=tuple(_demands(room)),
        hours=f"{hours:.0f}",
        findings=tuple(room.findings),
    )


def _ledgers(room: Room, first: date) -> Iterator[tuple[BurdenLine, float]]:
    for kind in room.ledgers.kinds.values():
        records = room.records(kind)
        filled = sum(first <= _opened(record) <= room.today for record in records) if records else None
        spent = kind.minutes * (filled or 0) / 60
        line = BurdenLine(
            id=kind.id,
            sort=_LEDGER,
            title=kind.title,
            fields=len(kind.fields),
            required=sum(field.required for field in kind.fields.values()),
            minutes=f"{kind.minutes}",
            filled=filled,
            hours="—" if filled is None else f"{spent:.1f}",
            serves=kind.serves,
        )
        yield line, spent


def _opened(record: Record) -> date:
    return record.steps[0].at.date()


def _forms(desk: ScoreDesk) -> Iterator[tuple[BurdenLine, float]]:
    for form in desk.forms.values():
        files = desk.sheets(form)
        sheets = read_sheets(desk, form, files, []).filled if files else None
        filled = 0 if form.held_only else sheets
        spent = form.minutes * (filled or 0) / 60
        line = BurdenLine(
            id=form.name,
            sort=_FORM,
            title=form.title,
            fields=len(form.items) + len(form.marks),
            required=0,
            minutes=f"{form.minutes}",
            filled=filled,
            hours="—" if filled is None else f"{spent:.1f}",
            serves=form.serves,
        )
        yield line, spent


def _survey(room: Room, survey: Survey, first: date) -> tuple[BurdenLine, float]:
    """Return a survey: how many answered in the waves of the year, by the ledger of waves."""
    minutes = max(survey.seconds_a_question * len(survey.questions), 60) / 60
    waves = [one.values for one in room.records(room.ledgers.kinds[WAVE]) if one.values.get("survey") == survey.title.zh]
    answered = [values.get("answered") for values in waves if _within(values.get("opened_on"), first, room.today)]
    filled = sum(count for count in answered if isinstance(count, int)) if answered else None
    spent = minutes * (filled or 0) / 60
    line = BurdenLine(
        id=survey.name,
        sort=_SURVEY,
        title=survey.title,
        fields=len(survey.questions) + len(survey.by) + _GROUPS,
        required=0,
        minutes=f"{minutes:.0f}",
        filled=filled,
        hours="—" if filled is None else f"{spent:.1f}",
        serves=survey.serves,
    )
    return line, spent


def _within(day: object, first: date, last: date) -> bool:
    return isinstance(day, date) and first <= day <= last


# -- fields -----------------------------------------------------------------------------------------------------------


def _kind_fields(room: Room) -> Iterator[BurdenField]:
    for kind in room.ledgers.kinds.values():
        for field in kind.fields.values():
            yield _field(kind, field)


def _field(kind: Kind, field: Field) -> BurdenField:
    return BurdenField(
        id=kind.id,
        title=kind.title,
        label=field.label,
        required=field.required,
        needed_by=field.needed_by,
        used_by=tuple(_rule(kind, rule) for rule in field.used_by),
        source=field.source,
        held=field.link,
    )


_RULES = {
    "name": Text("名称", "name"),
    "subject": Text("对象", "subject"),
    "doer": Text("承办人", "doer"),
    "office": Text("承办科室", "office"),
    "planned": Text("上日历", "calendar"),
    "count": Text("统计", "counts"),
}


def _rule(kind: Kind, rule: str) -> Text:
    """Return a rule that reads a field in words: the step, the clock, the duty or the paper that needs it."""
    room, _, name = rule.partition(".")
    if room == "move":
        label = kind.moves[name].label
        return Text(f"办理“{label.zh}”", f"step “{label.en}”")
    if room == "deadline":
        label = kind.deadlines[name].label
        return Text(f"期限“{label.zh}”", f"clock “{label.en}”")
    if room == "duty":
        label = kind.duties[name].label
        return Text(f"应按期“{label.zh}”", f"duty “{label.en}”")
    if room == "paper":
        return Text(f"表单“{kind.papers[name].title}”", f"paper “{name}”")
    return _RULES.get(room, Text(rule, rule))


def _form_items(desk: ScoreDesk) -> Iterator[BurdenField]:
    for form in desk.forms.values():
        for item in form.items.values():
            yield _item(form, item)


def _item(form: ScoreForm, item: Item) -> BurdenField:
    held = f"{item.held.kind}:{item.held.target}" if item.held else ""
    proof = (Text("要佐证", "needs proof"),) if item.proof else ()
    rule = (Text(f"权重{item.weight:g}", f"weight {item.weight:g}"), *proof)
    needed = Text("评分结果", "the result")
    return BurdenField(
        id=form.name,
        title=form.title,
        label=item.label,
        required=False,
        needed_by=needed,
        used_by=rule,
        source=item.source or form.source,
        held=held,
    )


def _demands(room: Room) -> Iterator[BurdenDemand]:
    """Yield what other offices asked of schools, by the month in which they meant to come."""
    kind = room.ledgers.kinds[DEMAND]
    months: dict[str, list[Record]] = {}
    for record in room.records(kind):
        day = record.values.get("day")
        if isinstance(day, date):
            months.setdefault(f"{day:%Y-%m}", []).append(record)
    for month, records in sorted(months.items()):
        spent = sum(_minutes(record) for record in records if record.state not in _ENDS)
        refused = sum(record.state in _ENDS for record in records)
        yield BurdenDemand(month=month, count=len(records), minutes=f"{spent / 60:.0f}", refused=refused)


def _minutes(record: Record) -> int:
    each, schools = record.values.get("minutes"), record.values.get("schools_asked")
    return each * schools if isinstance(each, int) and isinstance(schools, int) else 0
