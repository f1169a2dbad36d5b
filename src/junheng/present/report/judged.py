"""Lists of what was judged: schools by item, every item, the items of the county, and what makes each coefficient of variation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from junheng.present.report.grid import (
    COLOURS,
    EXACT,
    SCHOOL_COLUMNS,
    Column,
    Entry,
    bound,
    code,
    decimals_of,
    number,
    school_cells,
    sheet,
)
from junheng.present.structure import TITLE, structure_of
from junheng.present.wording import (
    COMPARATORS,
    NOTHING,
    SIDES,
    concession_words,
    evidence_words,
    information_words,
    is_count,
    joined,
    shortfall_words,
    verdicts_of,
    wholes_of,
)
from junheng.workflow import Text
from junheng.workflow.views import Assessment, Cell, Heading, Item, Sheet, Spread, SpreadPoint, Unit

_FACTS: tuple[Column, ...] = (
    (Text("类别", "Kind"), 15),
    (Text("乡镇（街道）", "Township"), 12),
    (Text("城乡类型", "Setting"), 10),
    (Text("办别", "Ownership"), 7),
    (Text("学生数（人）", "Pupils"), 8),
)
_TAIL: tuple[Column, ...] = (
    (Text("达标项数", "Met"), 7),
    (Text("底线以上项数", "Near"), 8),
    (Text("未达标项数", "Missed"), 8),
    (Text("无数据项数", "No data"), 8),
    (Text("结论", "Verdict"), 13),
    (Text("差额或不判定的原因", "Shortfall, or why not judged"), 54),
)
_ITEM: tuple[Column, ...] = (
    (Text("指标", "Item"), 36),
    (Text("实际值", "Value"), 11),
    (Text("单位", "Unit"), 7),
    (Text("要求", "Comparator"), 9),
    (Text("标准", "Standard"), 9),
    (Text("底线", "Floor"), 9),
    (Text("结论", "Verdict"), 18),
    (Text("差额", "Shortfall"), 30),
    (Text("放宽条款", "Concession"), 26),
    (Text("依据", "Source"), 30),
)


def schools(assessment: Assessment, lang: str) -> Sheet:
    """Return every school's stage with the value of each item it is judged by, coloured by verdict."""
    titles: dict[str, Text] = {}
    for unit in assessment.units:
        titles.update({item.requirement: item.title for item in unit.items})
    left, items = (*SCHOOL_COLUMNS, *_FACTS), [(text, 12) for text in titles.values()]
    rows = (_school_row(unit, tuple(titles), wholes_of(assessment), lang) for unit in assessment.units)
    name = Text("逐校清单", "Schools")
    plain = sheet(assessment, name, Text("逐校清单", "Schools by item"), (*left, *items, *_TAIL), rows, lang, (EXACT, COLOURS))
    if not items:
        return plain
    across = Heading(text=Text("各项指标实际值", "Value of each item"), across=len(items))
    above = (*(Heading(text=text, down=2) for text, _ in left), across, *(Heading(text=text, down=2) for text, _ in _TAIL))
    return replace(plain, headings=(above, tuple(Heading(text=text) for text, _ in items)))


def _school_row(unit: Unit, requirements: Sequence[str], words: Mapping[str, Text], lang: str) -> tuple[Entry, ...]:
    mine = {item.requirement: item for item in unit.items}
    lacking = joined((lacks(item) for item in unit.items), "；", "; ")
    counts = (unit.met, unit.near, unit.missed, unit.no_data)
    return (
        *school_cells(unit),
        unit.kind,
        unit.district,
        unit.urban_rural,
        unit.ownership,
        Cell(value=unit.pupils),
        *(number(mine[key].figure, mine[key], lang) if key in mine else Cell(value=None) for key in requirements),
        *(Cell(value=count if unit.judged else None) for count in counts),
        words[unit.verdict] if unit.judged else Text("不判定", "not judged"),
        lacking if unit.judged else unit.reason,
    )


def lacks(item: Item) -> Text:
    """Return an item's title with what it lacks; empty when nothing is lacking."""
    words = shortfall_words(item.short)
    return Text(f"{item.title.zh}{words.zh}", f"{item.title.en}: {words.en}") if words.zh else NOTHING


def _item_cells(item: Item, assessment: Assessment, lang: str) -> tuple[Entry, ...]:
    limit = item.limit
    floor = Cell(value=limit.near, decimals=decimals_of(limit.near_shown)) if limit and limit.near is not None else Cell(value=None)
    return (
        item.title,
        number(item.figure, item, lang),
        item.figure.unit if item.figure else NOTHING,
        COMPARATORS[limit.comparator] if limit else NOTHING,
        bound(limit),
        floor,
        verdicts_of(assessment)[item.verdict],
        shortfall_words(item.short),
        eased(assessment, item),
        limit.source.key if limit else "",
    )


def school_items(assessment: Assessment, lang: str) -> Sheet:
    """Return one row for each item of each school's stage: the list to filter."""
    name, title = Text("逐校逐项", "School items"), Text("逐校逐项判定", "Every item of every school")
    rows = ((*school_cells(unit), *_item_cells(item, assessment, lang)) for unit in assessment.units for item in unit.items)
    return sheet(assessment, name, title, (*SCHOOL_COLUMNS, *_ITEM), rows, lang, (EXACT, COLOURS))


def county_items(assessment: Assessment, lang: str) -> Sheet:
    """Return the items judged for the county or a stage, with their evidence and the schools that fail."""
    groups = [(Text("申报条件", "Eligibility"), assessment.eligibility), *((part.title, part.items) for part in assessment.parts)]
    lead: tuple[Column, ...] = ((Text("部分", "Part"), 14), (Text("序号", "No."), 6), (Text("学段", "Stage"), 7))
    proof: tuple[Column, ...] = (
        (Text("佐证材料", "Evidence"), 26),
        (Text("未达标学校", "Schools that miss"), 34),
        (Text("参考与说明", "Information and remarks"), 40),
    )
    rows = [
        (
            title,
            code(item.number),
            item.stage_label,
            *_item_cells(item, assessment, lang),
            _proof(item),
            "、".join(item.failing),
            _beside(item),
        )
        for title, items in groups
        for item in items
    ]
    name, title = Text("县级各项", "County items"), Text("县级各项判定", "Items of the county")
    return sheet(assessment, name, title, (*lead, *_ITEM, *proof), rows, lang, (EXACT, COLOURS))


def _proof(item: Item) -> Text:
    return evidence_words(item.evidence) if item.evidence else NOTHING


def _beside(item: Item) -> Text:
    return joined((information_words(item), item.note), "；", "; ")


def structure(assessment: Assessment, lang: str) -> Sheet:
    """Return the structure figures, a row an indicator and a column a stage: for information."""
    table = structure_of(assessment)
    columns: tuple[Column, ...] = (
        (Text("项目", "Item"), 34),
        (Text("单位", "Unit"), 9),
        *((column, 11) for column in table.columns),
    )
    rows: list[tuple[Entry, ...]] = [(label, unit, *(number(one) for one in figures)) for label, unit, figures in table.rows]
    return sheet(assessment, Text("结构情况", "Structure"), TITLE, columns, rows, lang, (EXACT,))


def eased(assessment: Assessment, item: Item) -> Text:
    """Return the concession by which an item is met; of an item gathered from schools those of every school, each with its own."""
    if not is_count(item.figure):
        return concession_words(item.concession) if item.concession else NOTHING
    mine = [(school, one) for school, key, one in assessment.concessions if key in (item.requirement, item.title.zh)]
    return joined((joined((Text(school, school), concession_words(one)), "：", ": ") for school, one in mine), "；", "; ")


def spreads(assessment: Assessment, lang: str) -> Sheet:
    """Return every school in every coefficient of variation, with its share of the squared coefficient, largest first."""
    columns = (
        (Text("学段", "Stage"), 7),
        (Text("指标", "Indicator"), 36),
        (Text("差异系数", "CV"), 9),
        (Text("标准", "Limit"), 8),
        (Text("全县平均", "County mean"), 10),
        *SCHOOL_COLUMNS[:2],
        (Text("学生数（人）", "Pupils"), 9),
        (Text("学校值", "Value"), 10),
        (Text("单位", "Unit"), 7),
        (Text("占差异系数平方的份额（%）", "Share of the squared CV (%)"), 13),
        (Text("与平均相比", "Side"), 12),
        (Text("差额", "Shortfall"), 30),
    )
    rows = [_spread_row(spread, point) for spread in assessment.spreads for point in spread.points]
    unknown = [missing_words(spread) for spread in assessment.spreads if spread.missing]
    name, title = Text("差异系数明细", "Spread"), Text("差异系数明细：每所学校的贡献", "What makes each coefficient of variation")
    return sheet(assessment, name, title, columns, rows, lang, (*unknown, EXACT, COLOURS))


def _spread_row(spread: Spread, point: SpreadPoint) -> tuple[Entry, ...]:
    return (
        spread.stage_label,
        spread.title,
        Cell(value=spread.cv.value, decimals=decimals_of(spread.cv.shown), verdict=spread.verdict),
        bound(spread.limit),
        number(spread.mean),
        code(point.school),
        point.name,
        Cell(value=point.pupils, decimals=0),
        Cell(value=point.value, decimals=decimals_of(point.shown)),
        spread.unit,
        Cell(value=float(point.share_shown) if point.share_shown else None, decimals=decimals_of(point.share_shown)),
        SIDES[point.side],
        shortfall_words(point.short),
    )


def missing_words(spread: Spread) -> Text:
    """Return whose values a coefficient lacks; it is unknown until they are sent."""
    return Text(
        f"{spread.title.zh}（{spread.stage_label.zh}）：缺{'、'.join(spread.missing)}的数据，差异系数无法计算。",
        f"{spread.title.en} ({spread.stage_label.en}): no coefficient, for want of the values of {', '.join(spread.missing)}.",
    )
