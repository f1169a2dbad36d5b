"""The self-assessment report as an outline of blocks: what is said where, without any layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from junheng.present.basis import Ground, grounds_of
from junheng.present.report import sentences as say
from junheng.present.report.wording import chinese_numeral, official_date
from junheng.present.structure import TITLE, structure_of
from junheng.present.wording import (
    LABELS,
    SIGNS,
    VERDICTS,
    confidence_words,
    figure_words,
    information_words,
    item_name,
    limit_short,
    limit_words,
    reviewed_words,
    school_year,
    verdicts_of,
    wholes_of,
)
from junheng.workflow import Text
from junheng.workflow.views import Assessment, Item, Part, Spread, Unit

Level = Literal["one", "two", "three", "body", "addressee"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: a heading of level 一、 （一） 1., body text, or to whom the paper goes (flush left)."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts with its columns' widths in proportion; `centred` are the columns of short words and numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    centred: frozenset[int]

    def filled(self) -> Table:
        """Return the table without the columns in which nothing stands."""
        places = [place for place, _ in enumerate(self.heads) if any(row[place] for row in self.rows)]
        return Table(
            tuple(self.heads[place] for place in places),
            tuple(tuple(row[place] for place in places) for row in self.rows),
            tuple(self.widths[place] for place in places),
            frozenset(new for new, place in enumerate(places) if place in self.centred),
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing (SVG text) in the text, its caption below it, as wide as the type area or a part of it."""

    caption: str
    svg: str
    width_mm: int = 156


@dataclass(frozen=True, slots=True)
class Inset:
    """A table in the text, its caption above it and its notes below."""

    caption: str
    table: Table
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex, on pages of its own."""

    title: str
    table: Table
    notes: tuple[str, ...] = ()
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report."""

    title: str
    subtitle: str
    body: tuple[Paragraph | Picture | Inset, ...]
    annexes: tuple[Annex, ...]
    signed: tuple[str, ...] = ("（填报单位盖章）", "年　月　日")


def self_assessment(assessment: Assessment) -> Report:
    """Return the county's self-assessment report, made of what the assessment holds and nothing else."""
    sections = [
        ("基本情况", _situation(assessment)),
        ("总体结论", _conclusion(assessment)),
        ("各部分情况", _parts(assessment)),
        ("校际差距", _gaps(assessment)),
        ("适用放宽条款的事项", _concessions(assessment)),
        ("一票否决事项核查情况", _body(say.vetoes_sentences(assessment.vetoes))),
        ("数据情况与结论的限度", _limits(assessment)),
    ]
    body = [Paragraph("body", say.basis_sentence(assessment))]
    for number, (title, paragraphs) in enumerate([section for section in sections if section[1]], start=1):
        body += [Paragraph("one", f"{chinese_numeral(number)}、{title}"), *paragraphs]
    name = assessment.title.zh.removeprefix("县域")
    annexes = (
        _items_annex(assessment),
        _schools_annex(assessment),
        _spreads_annex(assessment),
        _structure_annex(assessment),
        _sources_annex(assessment),
    )
    return Report(
        title=f"{assessment.name.zh}{name}自评报告",
        subtitle=f"（{school_year(assessment.year).zh}）",
        body=tuple(body),
        annexes=tuple(annex for annex in annexes if annex.table.rows),
    )


def _body(texts: Iterable[str]) -> list[Paragraph]:
    return [Paragraph("body", text) for text in texts if text]


def _situation(assessment: Assessment) -> list[Paragraph]:
    return _body((say.facts_sentence(assessment), *say.scope_sentences(assessment)))


def _conclusion(assessment: Assessment) -> list[Paragraph]:
    return _body((assessment.note.zh, *say.conclusion_sentences(assessment)))


def _parts(assessment: Assessment) -> list[Paragraph]:
    found: list[Paragraph] = []
    groups = [part for part in assessment.parts if part.items or part.units_met or part.units_missed or part.units_open]
    if assessment.eligibility:
        found += [Paragraph("two", "（一）申报条件"), *_items(assessment.eligibility, assessment)]
    for number, part in enumerate(groups, start=2 if assessment.eligibility else 1):
        found += [Paragraph("two", f"（{chinese_numeral(number)}）{part.title.zh}"), *_part(part, assessment)]
    return found or _body(("没有可判定的数据。",))


def _part(part: Part, assessment: Assessment) -> list[Paragraph]:
    rule = f"要求：{part.rule.zh}。" if part.rule.zh else ""
    if part.items:
        return [*_body((rule,)), *_items(part.items, assessment)]
    return [*_body((f"{rule}{say.units_sentence(part, wholes_of(assessment))}",)), *_schools(assessment)]


def _items(items: Sequence[Item], assessment: Assessment) -> list[Paragraph]:
    """Return the count of verdicts, then each item that is not met; coefficients of variation have a section of their own."""
    counts = {verdict: len([item for item in items if item.verdict == verdict]) for verdict in VERDICTS}
    what = "个分项" if items[len({item.number for item in items}) :] else "项"
    words = verdicts_of(assessment)
    found = _body((say.sentence(say.all_or_counts(counts, what, words)),))
    own = [item for item in items if not say.is_spread(item, assessment)]
    for verdict in ("missed", "near", "partly"):
        found += _body(say.item_sentence(item, words) for item in own if item.verdict == verdict)
    found += _body(say.sentence(f"“{item_name(item).zh}”{information_words(item).zh}") for item in own if item.information)
    for verdict, lead in (("no_data", "无数据"), ("needs_evidence", "待提交佐证材料")):
        waiting = [item_name(item).zh for item in own if item.verdict == verdict]
        found += _body((f"{lead}的有：{'；'.join(waiting)}。" if waiting else "",))
    found += _body(say.item_sentence(item, words) for item in own if item.verdict == "not_applicable")
    elsewhere = [item for item in items if say.is_spread(item, assessment) and item.verdict != "met"]
    return [*found, *_body(("差异系数逐项见下文“校际差距”。" if elsewhere else "",))]


def _schools(assessment: Assessment) -> list[Paragraph]:
    judged = [unit for unit in assessment.units if unit.judged]
    words, wholes = verdicts_of(assessment), wholes_of(assessment)
    groups = (
        (f"{wholes['missed'].zh}的学校", [unit for unit in judged if unit.verdict == "missed"]),
        ("尚不能判定的学校", [unit for unit in judged if unit.verdict == "not_decided"]),
        (
            f"{wholes['met'].zh}但有个别指标低于标准值的学校",
            [u for u in judged if u.verdict == "met" and any(item.verdict == "near" for item in u.items)],
        ),
    )
    found: list[Paragraph] = []
    for number, (title, members) in enumerate([group for group in groups if group[1]], start=1):
        found.append(Paragraph("three", f"{number}. {title}（{len(members)}个校·学段）"))
        found += _body(say.unit_sentence(unit, words) for unit in members[: say.MOST_NAMED])
        if members[say.MOST_NAMED :]:
            found += _body((f"其余{len(members[say.MOST_NAMED :])}个见“{say.SCHOOLS_TABLE}”。",))
    return found


def _gaps(assessment: Assessment) -> list[Paragraph]:
    stages = list(dict.fromkeys(spread.stage for spread in assessment.spreads))
    texts = [text for stage in stages for text in say.spread_sentences(assessment.spreads, stage, verdicts_of(assessment))]
    explained = "括号内百分数为该校在差异系数平方中所占份额，学校按在校生数加权。" if any("占" in text for text in texts) else ""
    return _body((*texts, explained))


def _concessions(assessment: Assessment) -> list[Paragraph]:
    texts = [
        say.concession_sentence(*say.place_words(assessment, school, requirement), one)
        for school, requirement, one in assessment.concessions
    ]
    return _body((*texts, say.none_found(texts, "本次判定中没有仅凭放宽条款达标的事项。")))


def _limits(assessment: Assessment) -> list[Paragraph]:
    return _body(
        (
            say.missing_sentence(assessment),
            say.findings_sentence(assessment),
            "各项结论按未经四舍五入的数值判定，文中数值按规定的小数位列示。",
            "本报告由上报数据和所列标准直接生成，未包含数据以外的工作成效。",
            say.origins_sentence(assessment),
        )
    )


def _items_annex(assessment: Assessment) -> Annex:
    groups = [("申报条件", assessment.eligibility), *((part.title.zh, part.items) for part in assessment.parts)]
    rows = [
        (part, item.number, item_name(item).zh, *_value_and_limit(item), verdicts_of(assessment)[item.verdict].zh)
        for part, items in groups
        for item in items
    ]
    heads = ("部分", "序号", "项目", "实际值", "标准", "结论")
    table = Table(heads, tuple(rows), (27, 13, 50, 20, 25, 21), frozenset({0, 1, 3, 4, 5}))
    return Annex("县级各项判定表", table)


def _value_and_limit(item: Item) -> tuple[str, str]:
    value = say.tight(figure_words(item.figure)) if item.figure else "—"
    return (value, say.tight(limit_words(item.limit)) or "—")


def _schools_annex(assessment: Assessment) -> Annex:
    titles: dict[str, str] = {}
    for unit in assessment.units:
        titles.update({item.requirement: item.title.zh for item in unit.items})
    heads = ("学校", "学段", LABELS["pupils"].zh, *titles.values(), "结论")
    rows = tuple(_school(unit, tuple(titles), wholes_of(assessment)) for unit in assessment.units)
    widths = (42, 15, 17, *(19 for _ in titles), 24)
    table = Table(heads, rows, widths, frozenset(range(1, len(heads))))
    words = verdicts_of(assessment)
    signs = "、".join(f"{SIGNS[verdict]}{words[verdict].zh}" for verdict in ("near", "missed", "met_by_concession"))
    eased = any(item.concession and item.concession.counted for unit in assessment.units for item in unit.items)
    counted = "“计”后为按放宽条款计入的数值。" if eased else ""
    note = f"注：数值后的符号表示{signs}；无符号的数值为{words['met'].zh}。{counted}不判定的原因见正文“基本情况”。"
    return Annex(say.SCHOOLS_TABLE, table, (note,), landscape=True)


def _school(unit: Unit, requirements: Sequence[str], words: Mapping[str, Text]) -> tuple[str, ...]:
    mine = {item.requirement: item for item in unit.items}
    values = [_marked(mine[key]) if key in mine else "—" for key in requirements]
    verdict = words[unit.verdict].zh if unit.judged else "不判定"
    return (unit.name, unit.stage_label.zh, "无数据" if unit.pupils is None else str(unit.pupils), *values, verdict)


def _marked(item: Item) -> str:
    """Return a value with its sign: a verdict must be legible in black and white."""
    if item.figure is None or item.figure.value is None:
        return VERDICTS[item.verdict].zh
    counted = f"（计{item.concession.counted}）" if item.concession and item.concession.counted else ""
    return item.figure.shown if item.verdict == "met" else f"{item.figure.shown}{counted}{SIGNS[item.verdict]}"


def _spreads_annex(assessment: Assessment) -> Annex:
    heads = ("学段", "指标", "平均值", "差异系数", "标准", "结论", "份额最大的学校")
    rows = tuple(_spread(spread, verdicts_of(assessment)) for spread in assessment.spreads)
    table = Table(heads, rows, (13, 38, 18, 18, 15, 17, 37), frozenset({0, 2, 3, 4, 5}))
    return Annex("校际差异系数表", table, ("注：百分数为该校在差异系数平方中所占份额。",))


def _spread(spread: Spread, words: Mapping[str, Text]) -> tuple[str, ...]:
    limit = limit_short(spread.limit) or "—"
    if spread.cv.value is None:
        return (
            spread.stage_label.zh,
            spread.title.zh,
            spread.mean.shown or "—",
            "—",
            limit,
            VERDICTS["no_data"].zh,
            f"缺：{say.named(spread.missing)}",
        )
    makers = "、".join(f"{point.name}{point.share_shown}%" for point in spread.points[:2])
    return (spread.stage_label.zh, spread.title.zh, spread.mean.shown, spread.cv.shown, limit, words[spread.verdict].zh, makers)


def _structure_annex(assessment: Assessment) -> Annex:
    table = structure_of(assessment)
    heads = ("项目", "单位", *(column.zh for column in table.columns))
    rows = tuple((label.zh, unit.zh, *((one.shown if one else "—") for one in figures)) for label, unit, figures in table.rows)
    widths = (62, 16, *(19 for _ in table.columns))
    return Annex(TITLE.zh, Table(heads, rows, widths, frozenset(range(1, len(heads)))))


def _sources_annex(assessment: Assessment) -> Annex:
    heads = ("文件", "用于", "数值自何日起", "来源情况", "核对情况")
    return Annex(say.SOURCES_TABLE, Table(heads, source_rows(assessment), (46, 44, 25, 24, 17), frozenset({2, 3, 4})))


def source_rows(assessment: Assessment) -> tuple[tuple[str, ...], ...]:
    """Return the sources as (document, what for, since, confidence, reviewed); those that differ only in what for share a row."""
    groups: dict[tuple[str, str, str, str], dict[str, list[str]]] = {}
    for ground in grounds_of(assessment):
        source = ground.source
        number = f"（{source.number}）" if source.number else ""
        since = official_date(source.day) if source.day else "—"
        key = (f"《{source.title.zh}》{number}", since, confidence_words(source.confidence).zh, reviewed_words(source).zh)
        groups.setdefault(key, {}).setdefault(ground.title.zh, []).append(_for_whom(ground))
    return tuple((document, "；".join(map(_use, uses.items())), *rest) for (document, *rest), uses in groups.items())


def _for_whom(ground: Ground) -> str:
    return f"{ground.selector.zh}{say.tight(ground.value)}"


def _use(use: tuple[str, list[str]]) -> str:
    title, values = use[0], "，".join(filter(None, use[1]))
    return f"{title}（{values}）" if values else title
