"""How a list becomes a sheet: columns with headings, cells in the language asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from junheng.present.wording import figure_words, is_count, nobody_sent, school_year
from junheng.workflow import Text
from junheng.workflow.views import Assessment, Cell, Figure, Heading, Item, Limit, Sheet, Unit

EXACT = Text(
    "单元格内是未经四舍五入的计算值，按表式规定的小数位显示；各项结论按精确值判定，不按显示值判定。",
    "Cells hold unrounded values and show the decimals of the form; verdicts are taken on the exact values.",
)
COLOURS = Text(
    "底色：橙（加粗）为未达标，黄为未达标但不低于底线，蓝为按放宽条款达标，灰为无数据或待提交佐证材料；无底色为达标、不适用或不判定。",
    "Fill: orange, bold: missed; yellow: above the floor; blue: met by concession; grey: no data; none: met, not applicable or not judged.",
)
Column = tuple[Text, int]  # heading and width in half-width characters
Entry = Text | str | int | float | Cell | None
SCHOOL_COLUMNS: tuple[Column, ...] = (
    (Text("学校标识码", "School code"), 13),
    (Text("学校名称", "School"), 26),
    (Text("学段", "Stage"), 7),
)


def sheet(
    assessment: Assessment,
    name: Text,
    title: Text,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Entry]],
    lang: str,
    notes: Sequence[Text] = (),
) -> Sheet:
    """Return a sheet with one row of headings, its texts in `lang`."""
    year = school_year(assessment.year)
    subtitle = Text(f"{assessment.name.zh}　{year.zh}", f"{assessment.name.en}, {year.en}")
    return listing(name, title, subtitle, columns, rows, lang, notes)


def listing(
    name: Text,
    title: Text,
    subtitle: Text,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Entry]],
    lang: str,
    notes: Sequence[Text] = (),
) -> Sheet:
    """Return a sheet with one row of headings under a title and a subtitle, its texts in `lang`."""
    return Sheet(
        id=name.en,
        name=name,
        title=title,
        subtitle=subtitle,
        headings=(tuple(Heading(text=text) for text, _ in columns),),
        rows=tuple(tuple(_cell(entry, lang) for entry in row) for row in rows),
        widths=tuple(width for _, width in columns),
        notes=tuple(notes),
    )


def filled(columns: Sequence[Column], rows: Sequence[Sequence[Entry]]) -> tuple[tuple[Column, ...], tuple[tuple[Entry, ...], ...]]:
    """Return columns and rows without the columns in which no row says anything."""
    places = [place for place, _ in enumerate(columns) if not rows or any(_says(row[place]) for row in rows)]
    return tuple(columns[place] for place in places), tuple(tuple(row[place] for place in places) for row in rows)


def _says(entry: Entry) -> bool:
    return bool(entry.zh) if isinstance(entry, Text) else entry is not None and entry != ""


def _cell(entry: Entry, lang: str) -> Cell:
    if isinstance(entry, Cell):
        return entry
    return Cell(value=entry.of(lang) if isinstance(entry, Text) else entry)


def decimals_of(shown: str) -> int | None:
    """Return the decimals of a shown number, None when there is none: "4.20" has 2."""
    return len(shown.partition(".")[2]) if shown else None


def code(text: str) -> Cell:
    """Return a cell of digits that are not a number."""
    return Cell(value=text, text=True)


def number(figure: Figure | None, item: Item | None = None, lang: str = "zh") -> Cell:
    """Return a figure's exact value with its decimals, coloured by the item's verdict; a count of schools as it is shown."""
    verdict = item.verdict if item else None
    if figure is None:
        return Cell(value=None, verdict=verdict)
    if is_count(figure):  # 58/70
        return Cell(value=figure_words(figure).of(lang) if nobody_sent(figure) else figure.shown, verdict=verdict)
    return Cell(value=figure.value, decimals=decimals_of(figure.shown), verdict=verdict)


def bound(limit: Limit | None) -> Cell:
    """Return a limit's value."""
    return Cell(value=None) if limit is None else Cell(value=limit.value, decimals=decimals_of(limit.shown))


def school_cells(unit: Unit) -> tuple[Entry, ...]:
    """Return what names a school's stage: the cells below SCHOOL_COLUMNS."""
    return (code(unit.school), unit.name, unit.stage_label)
