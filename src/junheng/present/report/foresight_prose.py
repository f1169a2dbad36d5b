"""The forecast as an outline of blocks: a chapter in official layout, and the public notice, without any layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from junheng.present import charts_levels
from junheng.present.charts_beside import beside, rows_of
from junheng.present.charts_fan import fan, legend
from junheng.present.charts_programme import programme
from junheng.present.charts_pyramid import largest, pyramid
from junheng.present.foresight_selection import (
    assumptions_shown,
    county_lines,
    county_series,
    levels_in,
    listed_and_left,
    maps_to_print,
    own_title,
    places_of,
    short_lines,
    stages_of,
    teachers_at_horizons,
)
from junheng.present.report.foresight_pages import FAN_ON_PAPER, error_rows, seat_row
from junheng.present.report.prose import Annex, Inset, Level, Paragraph, Picture, Report, Table
from junheng.present.report.wording import chinese_numeral, official_date
from junheng.present.wording import VERDICTS, day_words, reviewed_words, school_year, with_unit
from junheng.present.wording_foresight import (
    KINDS_OF_NOTABLE,
    LEVEL_SIGNS,
    LEVELS,
    STAND_SIGNS,
    STANDS,
    UNKNOWN,
    document_words,
    late_words,
    word_of,
    years_ahead,
)
from junheng.workflow import Text
from junheng.workflow.views.foresight import Foresight, ProjectLine, Scenario, SeatLine, Series

Block = Paragraph | Picture | Inset
_MOST_NAMED, _MOST_FANS = 10, 6
_DETAIL = "有缺口风险的片区明细表"
_HEADS = ("片区", "学段", "学年", "需求", "80%区间", "学位", "余缺", "缺口概率", "预警")
_WIDTHS = (25, 12, 13, 16, 27, 16, 18, 17, 23)
_ENDS = ("。", "：", "；", "！")


class _Numbers:
    """Counts pictures and tables as they are named: 图1, 表1."""

    def __init__(self) -> None:
        self._pictures = iter(range(1, 1000))
        self._tables = iter(range(1, 1000))

    def picture(self, caption: str, svg: str, width_mm: int = 156) -> list[Block]:
        return [Picture(f"图{next(self._pictures)}　{caption}", svg, width_mm)] if svg else []

    def table(self, caption: str, table: Table, *notes: str) -> list[Block]:
        return [Inset(f"表{next(self._tables)}　{caption}", table, notes)] if table.rows else []


def seats_warning(foresight: Foresight) -> Report:
    """Return the chapter on pupils and seats ahead, made of what the forecast holds and nothing else."""
    scenario, numbers = foresight.scenarios[0], _Numbers()
    sections: list[tuple[str, list[Block]]] = [
        ("总体判断", _body(line.zh for line in foresight.brief)),
        ("在校生走势", _trends(foresight, scenario, numbers)),
        ("学位供需与预警", _seats(foresight, scenario, numbers)),
        ("值得关注的学校", _notable(scenario)),
        ("对达标的影响", _outturns(foresight, numbers)),
        ("项目与承诺", _projects(foresight, numbers)),
        ("教师需求", _teachers(foresight, scenario, numbers)),
        ("人口年龄结构", _people(foresight, scenario, numbers)),
        ("预测方法与可信程度", _trust(foresight, numbers)),
        ("数据的限度", _body(line.zh for line in foresight.limits)),
    ]
    known = f"本报告的已知数据至{school_year(foresight.year).zh}，按{official_date(foresight.as_of)}的情况以{scenario.title.zh}预测。"
    body: list[Block] = [
        Paragraph(
            "body",
            f"{known}{foresight.backtest.calibration.zh}。文中“80%区间”是按预测方法有八成可能落在其中的范围，过去实际落在其中的次数见“过去预测的误差”表。",
        )
    ]
    for number, (title, blocks) in enumerate([section for section in sections if section[1]], start=1):
        body += [Paragraph("one", f"{chinese_numeral(number)}、{title}"), *blocks]
    annexes = (_seats_annex(foresight, scenario), _projects_annex(foresight), _assumptions_annex(foresight), _sources_annex(foresight))
    return Report(
        title=f"{foresight.county_name.zh}学龄人口预测与学位预警报告",
        subtitle=f"（{school_year(foresight.year).zh}）",
        body=tuple(body),
        annexes=tuple(annex for annex in annexes if annex.table.rows),
        signed=("（编制单位盖章）", "年　月　日"),
    )


def notice(foresight: Foresight) -> Report:
    """Return the public notice; ValueError when no level asks for one. Short lines at its end are its signature."""
    lines = [line.strip() for line in foresight.notice.zh.splitlines() if line.strip()]
    if not lines:
        raise ValueError("there is no notice to write")
    sentences = [number for number, line in enumerate(lines) if line.endswith(_ENDS)]
    last = max(sentences, default=len(lines))
    text, signed = (
        [line for number, line in enumerate(lines) if number <= last],
        [line for number, line in enumerate(lines) if number > last],
    )
    titled = not text[0].endswith(_ENDS)
    title = text[0] if titled else f"{foresight.county_name.zh}学位预警公告"
    body = tuple(Paragraph(_level(line), line) for line in (text[1:] if titled else text))
    return Report(
        title=title, subtitle="", body=body, annexes=(), signed=tuple(signed) or (f"{foresight.county_name.zh}教育局", "年　月　日")
    )


def _level(line: str) -> Level:
    """Return the level of a line of the notice: 一、 and （一） are headings where no sentence follows on the line."""
    if line.endswith(_ENDS):
        return "body"
    return "one" if re.match("[一二三四五六七八九十]+、", line) else "two" if re.match("（[一二三四五六七八九十]+）", line) else "body"


def _body(texts: Iterable[str]) -> list[Block]:
    return [Paragraph("body", text) for text in texts if text]


def _trends(foresight: Foresight, scenario: Scenario, numbers: _Numbers) -> list[Block]:
    county = county_series(scenario)
    rows = tuple(row for one in county for row in _series_rows(one, foresight))
    heads = ("项目", "", f"{foresight.year}年实际", *(f"{year}年" for _, year in years_ahead(foresight)))
    table = Table(heads, rows, (24, 21, 17, *(30 for _ in heads[3:])), frozenset(range(1, len(heads))))
    found = numbers.table("预测中值与80%区间（人）", table, *dict.fromkeys(one.note.zh for one in county if one.note.zh))
    drawings = [fan(one, places_of(scenario.seats, one), *FAN_ON_PAPER, title=own_title(foresight, one)) for one in county[:_MOST_FANS]]
    for row in rows_of(drawings):
        title = "、".join(one.title.zh.removeprefix(foresight.county_name.zh) for one in row)
        found += numbers.picture(f"{title}：实际、预测与学位", beside(row, foresight.county_name, legend()))
    return found


def _series_rows(series: Series, foresight: Foresight) -> tuple[tuple[str, ...], ...]:
    """Return the middle values at the horizons, and below them the bands."""
    at = {point.year: point for point in series.points}
    known = at[foresight.year].known_shown if foresight.year in at else ""
    bands = [at[year].band if year in at else None for _, year in years_ahead(foresight)]
    return (
        (
            series.title.zh.removeprefix(foresight.county_name.zh),
            "中值",
            known or UNKNOWN.zh,
            *(band.shown if band else "—" for band in bands),
        ),
        ("", "80%区间", "", *(band.shown80 if band else "—" for band in bands)),
    )


def _seats(foresight: Foresight, scenario: Scenario, numbers: _Numbers) -> list[Block]:
    """Return the county's need and places, sentences by stage, a few maps, and the zones with a warning, the gravest first."""
    if not scenario.seats:
        return []
    rows = tuple(tuple(seat_row(line)[1:]) for line in county_lines(foresight, scenario.seats))
    note = "需求为在校生预测中值；余缺为学位减需求中值。"
    found = numbers.table("全县学位供需", Table(_HEADS[1:], rows, _WIDTHS[1:], frozenset(range(8))), note)
    found += _body(_levels_sentence(foresight, scenario.seats, stage, label.zh) for stage, label in stages_of(scenario.seats).items())
    found += _maps(foresight, scenario, numbers)
    short = short_lines(foresight, scenario.seats)
    listed, left = listed_and_left(short)
    more = f"另有{len(left)}行见附件“{_DETAIL}”。" if left else "其余片区各年无预警、富余或无法判断，逐年见工作簿。"
    found += numbers.table("有缺口风险的片区", _seats_table(listed), more)
    return found if short else [*found, *_body((_all_clear(scenario),))]


def _all_clear(scenario: Scenario) -> str:
    """Return that no zone is short, as far as zones can be judged at all; empty without zones."""
    levels = {line.level for line in scenario.seats if line.area_kind == "district"}
    if levels == {"unknown"}:
        return "各片区学位数不全，各年均无法判断是否缺学位。"
    return f"上述各年没有{'能够判断的' if 'unknown' in levels else ''}片区达到关注及以上等级。" if levels else ""


def _maps(foresight: Foresight, scenario: Scenario, numbers: _Numbers) -> list[Block]:
    """Return rows of maps, each a picture of its own, so that little of a page is left empty where one does not fit."""
    zones = charts_levels.zones(foresight.map, scenario.seats)
    stages = {label.zh: stage for stage, label in stages_of(scenario.seats).items()}
    chosen = iter(maps_to_print(foresight, scenario))
    found: list[Block] = []
    for row in iter(lambda: tuple(islice(chosen, charts_levels.IN_ROW)), ()):
        maps = [(Text(f"{label.zh}　{school_year(year).zh}", ""), levels_in(scenario.seats, stages[label.zh], year)) for label, year in row]
        names = "、".join(dict.fromkeys(label.zh for label, _ in row))
        key = "" if found else f"（{_key()}）"
        svg = charts_levels.multiples_svg(zones, maps, Text(f"{names}学位预警等级", "warning levels"))
        found += numbers.picture(f"{names}学位预警等级{key}", svg)
    return found


def _key() -> str:
    return "、".join(f"{LEVEL_SIGNS[level]}{words.zh}" for level, words in LEVELS.items())


def _levels_sentence(foresight: Foresight, lines: Sequence[SeatLine], stage: str, label: str) -> str:
    """Return how many zones stand at which level in each year ahead."""
    parts = []
    for horizon, year in years_ahead(foresight):
        found = list(levels_in(lines, stage, year).values())
        counts = "、".join(f"{LEVELS[level].zh}{found.count(level)}个" for level in LEVELS if level in found)
        if counts:
            parts.append(f"{year}年（{horizon}年后）{counts}")
    return f"{label}各片区：{'；'.join(parts)}。" if parts else ""


def _seats_table(lines: Iterable[SeatLine]) -> Table:
    return Table(_HEADS, tuple(tuple(seat_row(line)) for line in lines), _WIDTHS, frozenset(range(1, 9)))


def _seats_annex(foresight: Foresight, scenario: Scenario) -> Annex:
    """Return the zones that may be short, where they are more than the text lists; the others stay in the workbook."""
    short = short_lines(foresight, scenario.seats)
    note = "注：学年以秋季开学的年份表示；至第一个预测节点逐年列出，其后列各节点；其余片区各年无预警、富余或无法判断，见工作簿。"
    return Annex(_DETAIL, _seats_table(short if listed_and_left(short)[1] else ()), (note,))


def _notable(scenario: Scenario) -> list[Block]:
    found: list[Block] = []
    kinds = dict.fromkeys(one.kind for one in scenario.notable)
    for number, kind in enumerate(kinds, start=1):
        group = [one for one in scenario.notable if one.kind == kind]
        found.append(Paragraph("two", f"（{chinese_numeral(number)}）{word_of(KINDS_OF_NOTABLE, kind).zh}（{len(group)}条）"))
        found += _body(
            f"{one.sentence.zh.removesuffix('。')}（概率{one.probability_shown or UNKNOWN.zh}）。" for one in group[:_MOST_NAMED]
        )
        found += _body((f"其余{len(group[_MOST_NAMED:])}条见工作簿。" if group[_MOST_NAMED:] else "",))
    return found


def _outturns(foresight: Foresight, numbers: _Numbers) -> list[Block]:
    """Return what the authority's frameworks would say of a projected year, when only the pupils change."""
    found: list[Block] = []
    for one in foresight.outturns:
        found += _body((one.sentence.zh,))
        rows = tuple((VERDICTS[verdict].zh, str(now), str(then)) for verdict, now, then in one.counts)
        heads = ("结论", f"{one.year}年（项）", f"{one.projected_year}年（项，测算）")
        found += numbers.table(f"{one.title.zh}：只换学生数的测算", Table(heads, rows, (40, 30, 30), frozenset({1, 2})))
    return found


def _projects(foresight: Foresight, numbers: _Numbers) -> list[Block]:
    found = _body(f"{one.title}（{one.document}）：{one.sentence.zh}" for one in foresight.promises)
    late = [one for one in foresight.projects if one.lateness == "late"]
    found += _body((f"逾期项目{len(late)}个：{'；'.join(f'{one.name}逾期{one.days_late}天' for one in late)}。" if late else "",))
    undated = [one.name for one in foresight.projects if one.counted_from is None]
    found += _body((f"{'、'.join(undated)}没有投用日期，其学位不计入任何学年。" if undated else "",))
    if foresight.projects:
        found += numbers.picture("项目进度：计划与实际", programme(foresight.projects, foresight.as_of).svg())
    return found


def _projects_annex(foresight: Foresight) -> Annex:
    heads = ("项目", "类型", "学校、学段", "学位", "投资（元）", "计划／实际", "状态", "计入学年")
    rows = tuple(_project(one) for one in foresight.projects)
    return Annex("项目进度表", Table(heads, rows, (34, 12, 30, 12, 22, 84, 17, 14), frozenset({1, 3, 4, 6, 7})), landscape=True)


def _project(one: ProjectLine) -> tuple[str, ...]:
    steps = "；".join(f"{label.zh}{planned or '—'}／{actual or '—'}" for label, planned, actual, _ in one.steps)
    stands = f"{STAND_SIGNS[one.lateness]}{STANDS[one.lateness].zh}{late_words(one).zh}"
    place = f"{one.school_name}{one.stage_label.zh}"
    counted = "不计入" if one.counted_from is None else str(one.counted_from)
    return (one.name, one.kind.zh, place, one.seats_shown or UNKNOWN.zh, one.yuan_shown or UNKNOWN.zh, steps, stands, counted)


def _teachers(foresight: Foresight, scenario: Scenario, numbers: _Numbers) -> list[Block]:
    heads = ("学段", "学科", "学年", "最低需要", "80%区间", "留任", "当年退休", "需补充")
    rows = tuple(
        (
            one.stage_label.zh,
            one.subject_label.zh,
            str(one.year),
            *(
                shown or UNKNOWN.zh
                for shown in (one.need_shown, one.need80_shown, one.staying_shown, one.retiring_shown, one.to_hire_shown)
            ),
        )
        for one in teachers_at_horizons(foresight, scenario, subjects=False)
    )
    notes = dict.fromkeys(one.note.zh for one in scenario.teachers if one.note.zh)
    return numbers.table("所需教师（人）", Table(heads, rows, (14, 24, 14, 16, 26, 16, 20, 16), frozenset(range(len(heads)))), *notes)


def _people(foresight: Foresight, scenario: Scenario, numbers: _Numbers) -> list[Block]:
    shown = [one for one in scenario.pyramids if one.bars]
    most = largest(shown)
    chosen = [*shown[:1], *shown[-1:]] if shown[1:] else shown
    title = "、".join(f"{one.year}年（{'实际' if one.known else '预测'}）" for one in chosen)
    drawings = [pyramid(one, shown[0], most) for one in chosen]
    found = numbers.picture(f"人口年龄结构：{title}", beside(drawings, foresight.county_name))
    return [*found, *_body(f"{note}。" for note in dict.fromkeys(one.note.zh for one in shown if one.note.zh))]


def _trust(foresight: Foresight, numbers: _Numbers) -> list[Block]:
    came = [foresight.later.sentence.zh] if foresight.later else []
    found = _body((*(line.zh for line in foresight.method), foresight.backtest.sentence.zh, *came))
    heads = ("范围", "提前（年）", "次数", "平均误差", "偏向", "50%带覆盖", "80%带覆盖", "WIS（人）", "三年平均法", "沿用末年")
    rows = tuple(tuple(row) for row in error_rows(foresight))
    table = Table(heads, rows, (22, 14, 12, 15, 16, 15, 15, 15, 16, 16), frozenset(range(1, len(heads))))
    note = (
        "平均误差为预测与实际之差占实际的平均百分数；三年平均法、沿用末年为两种简单方法的平均误差；WIS为加权区间评分，越小越好；"
        "其余提前年数、各年级和学校见工作簿。"
    )
    found += numbers.table("过去预测的误差", table, note)
    return [*found, *_body(f"供对照：{who.zh}，{what.zh}。" for who, what in foresight.backtest.published)]


def _assumptions_annex(foresight: Foresight) -> Annex:
    rows = tuple(
        (
            scenario.title.zh,
            one.title.zh,
            with_unit(one.shown, one.unit).zh,
            document_words(one.source).zh if one.source else "无来源",
            one.note.zh or "—",
        )
        for scenario, one in assumptions_shown(foresight)
    )
    heads = ("方案", "假设", "取值", "来源", "说明")
    note = "注：第一个方案全部列出，其余方案只列与它不同的。"
    return Annex("各方案的假设", Table(heads, rows, (16, 30, 62, 50, 67), frozenset({0})), (note,), landscape=True)


def _sources_annex(foresight: Foresight) -> Annex:
    rows = tuple(
        (document_words(one).zh, one.item or one.key, day_words(one.day).zh or "—", reviewed_words(one).zh) for one in foresight.sources
    )
    return Annex("依据与来源", Table(("文件", "条目", "自何日起", "核对情况"), rows, (70, 34, 26, 26), frozenset({2, 3})))
