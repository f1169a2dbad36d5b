"""The scoring forms of one authority: its own over those that ship, whom they are about, and the sheet that raters fill in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.documents.chinese_text import fold
from junheng.errors import DataError, Place
from junheng.ledgers.score_form import ScoreForm, read_forms
from junheng.store import own_files
from junheng.store.ledgers import SheetColumn, write_list
from junheng.workflow.ledger_room import Room
from junheng.workflow.views.scoring import ScoreFormLine

ROUND, DAY, UNIT, SCHOOL, SUBJECT, RATER, ROLE, PROOF, NOTE = "轮次", "日期", "单位", "学校", "学科", "评分人", "角色", "佐证", "说明"
ITEM, SAYS, SCORE = "项目", "看什么", "评分"
NOT_APPLICABLE = "不适用"
SHEETS = "scores"
_KINDS = ("teaching_point", "primary", "junior", "nine_year", "twelve_year", "complete_secondary", "senior")


class ScoreDesk:
    """An authority's folder, opened for scoring; files are read once, when first asked for."""

    def __init__(self, folder: Path, at: datetime | None = None) -> None:
        """Open the folder; `at` is the time of what is asked, now when None. Raises StoreError or DataError."""
        self.folder = folder
        self.room = Room(folder, at)

    @cached_property
    def forms(self) -> Mapping[str, ScoreForm]:
        """Return the forms by name. Raises StandardsError."""
        return read_forms(own_files(self.room.office.authority, "ledgers", "score_forms/*.yaml"))

    def form(self, name: str) -> ScoreForm:
        """Return a form by its name or Chinese title. Raises DataError, naming those that there are."""
        found = self.forms.get(name) or next((one for one in self.forms.values() if one.title.zh == name), None)
        if found is None:
            words = "、".join(f"{one.name}（{one.title.zh}）" for one in self.forms.values())
            raise DataError(finding("workflow.no_such_form", Place(), name, known=words))
        return found

    def units(self, form: ScoreForm) -> Mapping[str, str]:
        """Return whom a form is about: code -> name, in the order of the register or of the form."""
        if not form.about_table:
            return {code: label.zh for code, label in form.units.items()}
        if self.room.county is None:
            return {}
        schools = self.room.county.tables["schools"].filter(pl.col("kind").is_in(list(_KINDS))).sort("school")
        return dict(schools.select("school", "name").iter_rows())

    def codes(self, form: ScoreForm) -> Mapping[str, str]:
        """Return the codes of units by folded name and code."""
        return {fold(word): code for code, name in self.units(form).items() for word in (code, name)}

    def sheets(self, form: ScoreForm) -> list[Path]:
        """Return the filled sheets that lie in the folder: ledgers/scores/, named by the form."""
        room = self.folder / "ledgers" / SHEETS
        names = (form.name, form.title.zh)
        return [path for path in sorted(room.glob("[!.~]*")) if path.stem.split("_")[0] in names] if room.is_dir() else []

    def sample(self, form: ScoreForm, seed: str) -> list[tuple[str, str]]:
        """Return what is looked at in each unit: (unit, thing), drawn by sha256(seed:unit:thing), so that anybody can draw again."""
        if form.sample is None or self.room.county is None:
            return [(code, "") for code in self.units(form)]
        table, each = form.sample
        key = table.removesuffix("es")
        found: list[tuple[str, str]] = []
        rows = self.room.county.tables[table].select("school", key).unique().sort("school", key)
        for unit in self.units(form):
            things = rows.filter(pl.col("school") == unit)[key].to_list()
            drawn = sorted(things, key=lambda thing: hashlib.sha256(f"{seed}:{unit}:{thing}".encode()).hexdigest())[:each]
            found += [(unit, thing) for thing in sorted(drawn)]
        return found


def score_forms(folder: Path, at: datetime | None = None) -> tuple[ScoreFormLine, ...]:
    """Return every form with what it costs to fill in. Raises StoreError, DataError or StandardsError."""
    desk = ScoreDesk(folder, at)
    return tuple(
        ScoreFormLine(
            id=form.name,
            title=form.title,
            about=form.about,
            serves=form.serves,
            items=len(form.items),
            minutes=form.minutes,
            held_only=form.held_only,
            own=form.file.startswith("ledgers/"),
        )
        for form in desk.forms.values()
    )


def score_sheet(folder: Path, name: str, out: Path, *, term: str = "", seed: str = "", at: datetime | None = None) -> Path:
    """Write the sheet for raters: one row a thing to be scored, drawn where the form says so; return its path.

    term: the round that is written into each row. Raises DataError for a form that is made from what is held: it has no sheet.
    """
    desk = ScoreDesk(folder, at)
    form = desk.form(name)
    if form.held_only:
        raise DataError(finding("workflow.form_has_no_sheet", Place(file=form.file), form.title))
    columns = sheet_columns(form, tuple(desk.units(form).values()))
    drawn = desk.sample(form, seed or term or str(desk.room.today.year))
    rows = _long_rows(desk, form, term) if form.layout == "long" else [_wide_row(desk, form, term, unit, thing) for unit, thing in drawn]
    path = out / f"{form.title.zh}.xlsx"
    write_list(path, form.title.zh, columns, [[row.get(one.heading) for one in columns] for row in rows], desk.room.today, _help(form))
    return path


def scale_words(form: ScoreForm) -> str:
    """Return the scale in Chinese: 3 做到、2 基本做到 … or 0—10，每0.5分一档."""
    if form.levels:
        return "、".join(f"{value:g} {label.zh}" for value, label in sorted(form.levels.items(), reverse=True))
    return f"{form.least:g}—{form.most:g}分，每{form.step:g}分一档"


def _help(form: ScoreForm) -> tuple[str, ...]:
    proof = "“佐证”为空的，标明要佐证的项目不计分；" if any(item.proof for item in form.items.values()) else ""
    return (
        f"1. 量表：{scale_words(form)}。没有看的留空，不要写0；不适用的写“{NOT_APPLICABLE}”。{proof}",
        "2. “评分人”填代号，不填姓名；同一对象两人以上分别评分，各占一行。轮次、学校请从已有的选项中选。",
    )


def sheet_columns(form: ScoreForm, units: tuple[str, ...]) -> list[SheetColumn]:
    """Return the columns of a form's sheet."""
    scores = tuple(label.zh for _, label in sorted(form.levels.items(), reverse=True))
    kind = "text" if scores else "decimal"
    columns = [SheetColumn(ROUND, "text", required=True), SheetColumn(DAY, "date", required=form.layout == "wide")]
    columns.append(SheetColumn(unit_heading(form), "text", units, required=True))
    columns += [SheetColumn(form.thing.zh, "text", required=True)] if form.thing else []
    columns += [SheetColumn(SUBJECT, "text", tuple(one.zh for one in form.by.values()), required=True)] if form.by else []
    columns += [SheetColumn(ROLE, "text", tuple(one.label.zh for one in form.roles.values()), required=True)] if len(form.roles) > 1 else []
    columns.append(SheetColumn(RATER, "text", says="代号，如 A1；不填姓名", required=True))
    if form.layout == "long":
        items = tuple(item.label.zh for item in form.items.values())
        columns += [SheetColumn(ITEM, "text", items, required=True), SheetColumn(SAYS, "long_text", given=True)]
        columns.append(SheetColumn(SCORE, kind, scores, scale_words(form)))
    else:
        columns += [
            SheetColumn(item.label.zh, kind, scores, item.says.zh if item.says else scale_words(form)) for item in form.items.values()
        ]
        columns += [SheetColumn(label.zh, "boolean") for label in form.marks.values()]
    return [*columns, SheetColumn(PROOF, "long_text"), SheetColumn(NOTE, "long_text")]


def unit_heading(form: ScoreForm) -> str:
    """Return how the column of units is called."""
    return SCHOOL if form.about_table else UNIT


def _wide_row(desk: ScoreDesk, form: ScoreForm, term: str, unit: str, thing: str) -> dict[str, object]:
    row: dict[str, object] = {ROUND: term or None, unit_heading(form): desk.units(form)[unit]}
    return row | ({form.thing.zh: thing or None} if form.thing else {})


def _long_rows(desk: ScoreDesk, form: ScoreForm, term: str) -> list[dict[str, object]]:
    return [
        {
            ROUND: term or None,
            UNIT: name,
            ROLE: role.label.zh,
            ITEM: form.items[item].label.zh,
            SAYS: says.zh if (says := form.items[item].says) else None,
        }
        for unit, name in desk.units(form).items()
        for role in form.roles.values()
        for item in form.asked_of(unit)
    ]
