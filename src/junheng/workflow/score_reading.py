"""Filled sheets to ratings: each cell that does not fit is a finding at its cell, and nothing is read of a form with an error.

An empty cell is not scored. A score that needs a proof and names none is not counted either: it is told, and is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.documents import finding
from junheng.documents.chinese_text import fold
from junheng.errors import Finding, Place, Text
from junheng.ledgers.kind import Field
from junheng.ledgers.score_form import ScoreForm
from junheng.store.ledgers import ListRow, read_list_file
from junheng.store.ledgers.cells import value_of
from junheng.workflow.score_desk import (
    DAY,
    ITEM,
    NOT_APPLICABLE,
    NOTE,
    PROOF,
    RATER,
    ROLE,
    ROUND,
    SCORE,
    SUBJECT,
    ScoreDesk,
    scale_words,
    sheet_columns,
    unit_heading,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One score, or a word that an item does not apply, or that it was not scored."""

    round: str
    day: date | None
    unit: str
    thing: str
    by: str
    role: str
    rater: str
    item: str
    score: float | None
    applies: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Whether one way was seen in one thing, by one rater."""

    unit: str
    round: str
    thing: str
    by: str
    rater: str
    mark: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the sheets of a form hold."""

    ratings: tuple[Rating, ...]
    marks: tuple[Mark, ...]
    notes: Mapping[tuple[str, str], tuple[str, ...]]  # (unit, round) -> what raters wrote
    rows: int
    filled: int  # sheets: what one rater says of one thing is one, in however many rows


def read_sheets(desk: ScoreDesk, form: ScoreForm, files: Sequence[Path], findings: list[Finding]) -> Sheets:
    """Return the ratings of the files; what is wrong is added to `findings`. Raises StoreError when a file cannot be read."""
    reader = _Reader(desk, form, findings)
    for path in files:
        for row in read_list_file(path, [one.heading for one in sheet_columns(form, ())], findings):
            reader.row(row)
    notes = {key: tuple(texts) for key, texts in reader.notes.items()}
    filled = len({(one.round, one.day, one.unit, one.thing, one.role, one.rater) for one in reader.ratings})
    return Sheets(tuple(reader.ratings), tuple(reader.marks), notes, reader.rows, filled)


class _Reader:
    """Reads the rows of a form's sheets."""

    def __init__(self, desk: ScoreDesk, form: ScoreForm, findings: list[Finding]) -> None:
        self.form, self.findings = form, findings
        self.codes = desk.codes(form)
        self.roles = {fold(word): role.name for role in form.roles.values() for word in (role.name, role.label.zh, role.label.en)}
        self.subjects = {fold(word): key for key, label in form.by.items() for word in (key, label.zh, label.en)}
        self.items = {fold(word): key for key, item in form.items.items() for word in (key, item.label.zh, item.label.en)}
        self.words = {fold(word): value for value, label in form.levels.items() for word in (label.zh, label.en)}
        self.ratings: list[Rating] = []
        self.marks: list[Mark] = []
        self.notes: dict[tuple[str, str], list[str]] = {}
        self.seen: dict[tuple[str, ...], Place] = {}
        self.rows = 0

    def row(self, row: ListRow) -> None:
        """Read one row: who, what, then its scores."""
        if not any(self._text(row, heading) for heading in self._scored()):
            return  # a prepared row that nobody filled in
        form = self.form
        unit = self._known(row, unit_heading(form), self.codes)
        role = self._known(row, ROLE, self.roles) if len(form.roles) > 1 else next(iter(form.roles), "")
        by = self._known(row, SUBJECT, self.subjects) if form.by else ""
        item = self._known(row, ITEM, self.items) if form.layout == "long" else ""
        day = self._day(row)
        who = Rating(
            round=self._needed(row, ROUND),
            day=day,
            unit=unit,
            thing=self._needed(row, form.thing.zh) if form.thing else "",
            by=by,
            role=role,
            rater=self._needed(row, RATER),
            item=item,
            score=None,
        )
        self._once(row, who)
        self.rows += 1
        self._scores(row, who)
        note = self._text(row, NOTE)
        if note:
            self.notes.setdefault((unit, who.round), []).append(note)

    def _scored(self) -> list[str]:
        if self.form.layout == "long":
            return [SCORE]
        return [*(item.label.zh for item in self.form.items.values()), *(label.zh for label in self.form.marks.values())]

    def _scores(self, row: ListRow, who: Rating) -> None:
        if self.form.layout == "long":
            if who.item and who.unit and who.item not in self.form.asked_of(who.unit):
                self._refuse(row, ITEM, Text("该单位的项目", "an item of this unit"))
            self._score(row, who, who.item, SCORE)
            return
        for name in self.form.asked_of(who.unit):
            self._score(row, who, name, self.form.items[name].label.zh)
        for name, label in self.form.marks.items():
            seen = self._yes_no(row, label.zh)
            if seen is not None:
                mark = Mark(unit=who.unit, round=who.round, thing=who.thing, by=who.by, rater=who.rater, mark=name, seen=seen)
                self.marks.append(mark)

    def _score(self, row: ListRow, who: Rating, name: str, heading: str) -> None:
        item = self.form.items.get(name)
        if item is None:
            return
        text = self._text(row, heading)
        applies = fold(text) != fold(NOT_APPLICABLE)
        score = self._value(text) if text and applies else None
        wrong = (text and applies and score is None) or (not applies and not item.optional)
        if wrong:
            self._refuse(row, heading, Text(f"{scale_words(self.form)}；没有看的留空", "a score on the form’s scale, or nothing"))
        elif score is not None and item.proof and not self._text(row, PROOF):
            place = self._place(row, heading)
            self.findings.append(finding("workflow.score_without_proof", place, f"{score:g}", item=item.label))
            score = None
        self.ratings.append(
            Rating(
                round=who.round,
                day=who.day,
                unit=who.unit,
                thing=who.thing,
                by=who.by,
                role=who.role,
                rater=who.rater,
                item=name,
                score=score,
                applies=applies,
            )
        )

    def _value(self, text: str) -> float | None:
        """Return the score that a cell states: a number of the scale, a level's word, or both ("3 做到")."""
        word = self.words.get(fold(text))
        try:
            value = word if word is not None else float(text.split()[0])
        except ValueError:
            return None
        return value if self.form.fits(value) else None

    def _once(self, row: ListRow, who: Rating) -> None:
        """Refuse a second row of one rater on one thing: nobody could tell which holds."""
        key = (who.round, who.unit, who.thing, who.by, who.role, who.rater, who.item, str(who.day) if self.form.thing is None else "")
        if key in self.seen:
            first = self.seen[key]
            said = Text(f"与{first.cell}所在行相同", f"the same as at {first.cell}")
            self.findings.append(finding("workflow.scored_twice", self._place(row, RATER), said))
        self.seen.setdefault(key, self._place(row, RATER))

    # -- cells --------------------------------------------------------------------------------------------------------

    def _text(self, row: ListRow, heading: str) -> str:
        cell = row.cells.get(heading)
        value = cell.value if cell else None
        return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value).strip()

    def _known(self, row: ListRow, heading: str, known: Mapping[str, str]) -> str:
        found = known.get(fold(self._text(row, heading)), "")
        if not found:
            self._refuse(row, heading, Text(f"已有的{heading}", "one that is known"))
        return found

    def _needed(self, row: ListRow, heading: str) -> str:
        text = self._text(row, heading)
        if not text:
            self._refuse(row, heading, Text("写明", "something"))
        return text

    def _day(self, row: ListRow) -> date | None:
        cell = row.cells.get(DAY)
        if cell is None or cell.value is None:
            if self.form.layout == "wide":  # rounds are told apart and put in order by their days
                self._refuse(row, DAY, Text("日期，如2026-03-02", "a day such as 2026-03-02"))
            return None
        value = value_of(_DAY, cell, {}, self.findings)
        return value if isinstance(value, date) else None

    def _yes_no(self, row: ListRow, heading: str) -> bool | None:
        cell = row.cells.get(heading)
        value = value_of(_YES_NO, cell, {}, self.findings) if cell else None
        return value if isinstance(value, bool) else None

    def _refuse(self, row: ListRow, heading: str, form: Text) -> None:
        text = self._text(row, heading)
        self.findings.append(finding("ledgers.value_unfit", self._place(row, heading), text or Text("空", "nothing"), form=form))

    def _place(self, row: ListRow, heading: str) -> Place:
        cell = row.cells.get(heading)
        if cell:
            return cell.place
        other = next(iter(row.cells.values())).place
        return Place(file=other.file, sheet=other.sheet, row=row.number, column=heading, label=Text(heading, heading))


def _field(name: str, kind: str) -> Field:
    return Field(name=name, label=Text(name, name), type=kind, allowed={}, needed_by=Text("评分", "scoring"))


_DAY, _YES_NO = _field(DAY, "date"), _field("有无", "boolean")
