"""The sheets of the workbook in their order: cover, forms 表Ⅰ–Ⅵ, lists of schools and items, and what they rest on."""

from __future__ import annotations

from dataclasses import replace

from junheng.present.basis import review_words
from junheng.present.report.grid import COLOURS, EXACT, Entry, sheet
from junheng.present.report.grounds import concessions, findings, not_sent, sources, vetoes
from junheng.present.report.judged import county_items, school_items, schools, spreads, structure
from junheng.present.report.origins import origins
from junheng.present.wording import day_words, joined, obstacles, outcome, school_year, whole_sentence, with_unit
from junheng.workflow import Text
from junheng.workflow.views import Assessment, Sheet

_LISTS = (schools, school_items, county_items, spreads, structure, findings, not_sent, concessions, vetoes, sources, origins)


def all_sheets(assessment: Assessment, lang: str = "zh") -> tuple[Sheet, ...]:
    """Return the cover, forms 表Ⅰ–Ⅵ and the lists, in the order of the workbook."""
    forms = tuple(_as_printed(form) for form in assessment.sheets)
    lists = (make(assessment, lang) for make in _LISTS if make not in _not_asked(assessment))
    return (cover(assessment, lang), *forms, *lists)


def _not_asked(assessment: Assessment) -> tuple[object, ...]:
    """Return the lists of what the framework does not have: schools that are judged, coefficients, vetoes."""
    judges_schools = assessment.units or not assessment.parts or any(not part.items for part in assessment.parts)
    left_out: list[object] = [] if judges_schools else [schools, school_items]
    left_out += [] if assessment.spreads else [spreads]
    left_out += [] if assessment.information else [structure]
    left_out += [] if assessment.vetoes else [vetoes]
    left_out += [] if assessment.explanations else [origins]
    return tuple(left_out)


def _as_printed(form: Sheet) -> Sheet:
    """Return a form with “—” where there is no data, as its notes say, and with the notes on values and colours."""
    rows = tuple(tuple(replace(cell, value="—") if cell.value is None else cell for cell in row) for row in form.rows)
    return replace(form, rows=rows, notes=(*form.notes, EXACT, COLOURS))


def cover(assessment: Assessment, lang: str = "zh") -> Sheet:
    """Return the first sheet: what was judged, by what, with which result, and what the signs mean."""
    source = assessment.source
    lines: list[tuple[Entry, ...]] = [
        (Text("被评单位", "Assessed"), assessment.name),
        (Text("学年", "School year"), school_year(assessment.year)),
        (Text("统计时点", "Statistics day"), day_words(assessment.day)),
        (Text("依据", "By"), Text(f"{assessment.title.zh}（{source.number}）", f"{assessment.title.en} ({source.number})")),
        (Text("适用情况", "In force"), assessment.note if assessment.note.zh else Text("适用", "in force")),
        (Text("结论", "Verdict"), joined((outcome(assessment), whole_sentence(assessment)), "。", ". ")),
        *((Text("未达到或待定", "Open"), matter) for matter in obstacles(assessment)),
        (Text("标准核对", "Standards"), review_words(assessment)),
        *((label, with_unit(shown, unit)) for label, shown, unit in assessment.facts),
        (Text("数据指纹", "Digest of the data"), assessment.digests.county),
        (Text("标准指纹", "Digest of the standards"), assessment.digests.standards),
        (Text("软件版本", "Software"), assessment.digests.code),
    ]
    title = Text(f"{assessment.title.zh}：数据与判定", f"{assessment.title.en}: data and verdicts")
    columns = ((Text("项目", "Item"), 18), (Text("内容", "Content"), 78))
    return replace(sheet(assessment, Text("说明", "Cover"), title, columns, lines, lang, (EXACT, COLOURS)), landscape=False)
