"""The chapter on teachers in official layout: sentences and tables by section, long lists as annexes, sources and limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from junheng.present.charts_axis import wide
from junheng.present.charts_need import need_drawing
from junheng.present.report.prose import Annex, Inset, Paragraph, Picture, Report, Table
from junheng.present.report.word import write_report
from junheng.present.report.wording import chinese_numeral
from junheng.present.wording import day_words, reviewed_words, school_year
from junheng.present.wording_foresight import document_words
from junheng.present.wording_teaching import cell_words, is_numeric
from junheng.workflow.views.teaching import TeachingBoard, TeachingList

Block = Paragraph | Picture | Inset

_NARROW, _WIDEST = "0000", 190.0  # pixels of a text of 12
_MOST_ROWS = 300  # of an annex; the workbook holds all


def write_teaching_report(board: TeachingBoard, path: Path) -> None:
    """Write the chapter to `path` (.docx)."""
    write_report(teaching_report(board), board.day, path)


def teaching_report(board: TeachingBoard) -> Report:
    """Return the chapter, made of what the board holds and nothing else."""
    first = f"本章按{school_year(board.year).zh}的教师名册和报表、{day_words(board.day).zh}适用的标准测算；单位为人、节或另注明的单位。"
    body: list[Block] = [Paragraph("body", first)]
    for number, (title, blocks) in enumerate(_parts(board), start=1):
        body += [Paragraph("one", f"{chinese_numeral(number)}、{title}"), *blocks]
    return Report(
        title=f"{board.name.zh}教师编制与需求",
        subtitle=f"（{school_year(board.year).zh}）",
        body=tuple(body),
        annexes=(*(_annex(one) for one in board.lists if one.where == "annex"), _sources(board)),
        signed=("（编制单位盖章）", "年　月　日"),
    )


def _parts(board: TeachingBoard) -> Iterator[tuple[str, list[Block]]]:
    pictures: list[Block] = [Picture(f"{one.title.zh}（80%区间来自学生数预测）", need_drawing(one).svg(), 130) for one in board.need]
    for section in board.sections:
        blocks: list[Block] = [Paragraph("body", line.zh) for line in section.sentences]
        blocks += pictures if any(one.id == "hiring_by_stage" for one in section.lists) else []
        blocks += [
            Inset(one.title.zh, table_of(one), (one.note.zh,) if one.note.zh else ()) for one in section.lists if one.where == "text"
        ]
        yield section.title.zh, blocks
    found: list[Block] = [
        Paragraph("body", f"{one.place.of('zh')}：{one.found.zh}；应为{one.expected.zh}。{one.remedy.zh}") for one in board.findings
    ]
    if found:
        yield "数据问题", found
    digests = f"凭以下摘要可以重算：数据{board.digests.county[:16]}、标准{board.digests.standards[:16]}、程序{board.digests.code[:16]}。"
    yield "依据与限度", [*(Paragraph("body", line.zh) for line in board.limits), Paragraph("body", digests)]


def table_of(one: TeachingList, most: int | None = None) -> Table:
    """Return a list as texts, its columns as wide as their cells ask for; `most` rows where it is given."""
    rows = tuple(tuple(cell_words(cell) for cell in row) for row in one.rows[:most])
    places = range(len(one.columns))
    centred = frozenset(place for place in places if all(is_numeric(row[place]) for row in one.rows))
    heads = tuple(label.zh for label, _ in one.columns)
    return Table(heads, rows, tuple(_width(heads[place], [row[place] for row in rows]) for place in places), centred)


def _width(head: str, cells: Sequence[str]) -> int:
    """Return a column's width in proportion: that of its longest cell, its head may take two lines."""
    return int(min(max(wide(one) for one in (*cells, head[::2], _NARROW)), _WIDEST))


def _annex(one: TeachingList) -> Annex:
    more = f"（前{_MOST_ROWS}行，全部见工作簿）" if one.rows[_MOST_ROWS:] else ""
    return Annex(f"{one.title.zh}{more}", table_of(one, _MOST_ROWS), (f"注：{one.note.zh}",) if one.note.zh else (), landscape=True)


def _sources(board: TeachingBoard) -> Annex:
    rows = tuple((title.zh, values.zh, document_words(source).zh, reviewed_words(source).zh) for title, values, source in board.sources)
    return Annex("标准取值与来源", Table(("标准", "取值", "文件", "核对情况"), rows, (34, 50, 50, 16), frozenset({3})), landscape=True)
