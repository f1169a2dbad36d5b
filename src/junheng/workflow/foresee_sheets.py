"""The workbook of all numbers of a forecast: what was counted, what is foreseen with its bands, seats and of what they are made."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np

from junheng.errors import Text
from junheng.model import allowed
from junheng.projection.forecast import Rolls
from junheng.projection.seats import Seats
from junheng.workflow.foresee_seats import seat_parts
from junheng.workflow.foresee_series import Names
from junheng.workflow.judged import stage_label
from junheng.workflow.views import Cell, Heading, Sheet
from junheng.workflow.views.foresight import Backtest, Foresight, ProjectLine, PromiseLine, Scenario

Column = tuple[str, str, int]  # heading in Chinese and in English, width
Value = str | int | float | date | Cell | None

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_EXACT = 2  # decimals that are kept of a number of pupils: sums over schools still agree
_LEVELS = {"none": "无", "watch": "关注", "warning": "预警", "alarm": "告急", "surplus": "富余", "unknown": "无法判断"}
_KINDS = {"county": "全县", "district": "乡镇（街道）", "school": "学校"}
_STANDS = {"done": "已完成", "on_time": "按期", "late": "逾期", "undated": "无日期", "not_due": "未到期"}
_BAND: tuple[Column, ...] = (
    ("10%", "10 %", 10),
    ("25%", "25 %", 10),
    ("中值", "middle", 10),
    ("75%", "75 %", 10),
    ("90%", "90 %", 10),
)
_AREA: tuple[Column, ...] = (
    ("方案", "Scenario", 12),
    ("范围", "Kind of area", 12),
    ("代码", "Code", 13),
    ("名称", "Name", 26),
    ("学段", "Stage", 8),
)


def sheets(foresight: Foresight, rolls: Sequence[Rolls], seats: Seats, names: Names) -> tuple[Sheet, ...]:
    """Return the sheets in the order in which they are read: counted, foreseen, seats, need, programme, teachers, record, assumptions."""
    subtitle = Text(
        f"{foresight.county_name.zh}　{foresight.year}学年起，截至{foresight.as_of}",
        f"{foresight.county_name.en}, from school year {foresight.year}, as of {foresight.as_of}",
    )
    years = [foresight.year, *(foresight.year + ahead for ahead in range(1, foresight.horizons[-1] + 1 if foresight.horizons else 1))]
    made = (
        _rolls(rolls, names),
        _forecast(foresight.scenarios),
        _seats(seats, names, years),
        _need(foresight.scenarios),
        _projects(foresight.projects),
        _promises(foresight.promises),
        _teachers(foresight.scenarios),
        _notable(foresight.scenarios),
        _record(foresight.backtest),
        _assumptions(foresight.scenarios),
    )
    return tuple(_sheet(*parts, subtitle) for parts in made if parts[3])


_Parts = tuple[str, Text, tuple[Column, ...], tuple[tuple[Cell, ...], ...], tuple[Text, ...]]


def _sheet(
    key: str, title: Text, columns: Sequence[Column], rows: tuple[tuple[Cell, ...], ...], notes: tuple[Text, ...], subtitle: Text
) -> Sheet:
    return Sheet(
        id=f"foresight-{key}",
        name=title,
        title=title,
        subtitle=subtitle,
        headings=(tuple(Heading(text=Text(zh, en)) for zh, en, _ in columns),),
        rows=rows,
        widths=tuple(width for _, _, width in columns),
        notes=notes,
    )


def _cells(rows: Iterable[Sequence[Value]], decimals: int = 0) -> tuple[tuple[Cell, ...], ...]:
    """Return rows of cells; numbers are printed at `decimals`, codes of digits are written as text, and what is not known is empty."""
    made: dict[str | int | date | None, Cell] = {}  # most texts stand in thousands of rows: one cell serves them all
    return tuple(tuple(_cell(value, decimals, made) for value in row) for row in rows)


def _cell(value: Value, decimals: int, made: dict[str | int | date | None, Cell]) -> Cell:
    if isinstance(value, Cell):
        return value
    if isinstance(value, float):
        return Cell(value=None if math.isnan(value) else round(value, _EXACT), decimals=decimals)
    if value not in made:
        made[value] = Cell(value=value, text=isinstance(value, str) and value.isdecimal())
    return made[value]


def _printed(shown: str) -> Cell:
    """Return a number as the pages print it ("−2.7%", "62,400,000") as a number with the same decimals.

    Empty where none is printed; what is no single number ("3/4") stays as it is printed.
    """
    digits = shown.removesuffix("%").strip().replace(",", "").replace("−", "-")
    if not digits:
        return Cell(value=None)
    if not _NUMBER.fullmatch(digits):
        return Cell(value=shown)
    decimals = len(digits.partition(".")[2])
    return Cell(value=float(digits) if decimals else int(digits), decimals=decimals)


def _ends(shown: str) -> tuple[Cell, Cell]:
    """Return the two ends of a printed band."""
    low, _, high = shown.partition("–")
    return _printed(low), _printed(high)


def _rolls(rolls: Sequence[Rolls], names: Names) -> _Parts:
    years = rolls[0].years
    columns = (("代码", "Code", 13), ("学校", "School", 26), ("乡镇（街道）", "Township", 14), ("学段", "Stage", 8), ("年级", "Grade", 8))
    labels = allowed("grade")

    def rows() -> Iterator[Sequence[Value]]:
        for one in rolls:
            for u, school in enumerate(one.schools):
                for g, (stage, grade) in enumerate(one.grades):
                    counted = one.pupils[:, u, g]
                    if np.nansum(counted):
                        head = (school, names.of(school), names.of(one.zones[one.zone[u]]), stage_label(stage).zh, labels[grade].zh)
                        yield (*head, *(float(value) for value in counted))

    note = Text(
        "空白：未报或不知道，不是0。并入、换码的学校计入接收学校。",
        "Empty: not returned or not known, not 0. Schools that merged stand with their successor.",
    )
    title = Text("在校生（已知）", "Pupils counted")
    return "rolls", title, (*columns, *((str(year), str(year), 8) for year in years)), _cells(rows()), (note,)


def _forecast(scenarios: Sequence[Scenario]) -> _Parts:
    def rows() -> Iterator[Sequence[Value]]:
        for number, scenario in enumerate(scenarios):
            for series in scenario.series:
                if number and series.area_kind == "school":  # other scenarios by school: in the data file only
                    continue
                what = _WHAT[series.id.split("/")[1]]
                for point in series.points:
                    if point.band:
                        head = (scenario.title.zh, _KINDS[series.area_kind], series.area, series.title.zh, series.stage_label.zh)
                        band = point.band
                        yield (*head, what, series.grade, point.year, band.low80, band.low50, band.middle, band.high50, band.high80)

    columns = (*_AREA, ("项目", "What", 10), ("年级", "Grade", 8), ("学年", "Year", 8), *_BAND)
    note = Text(
        "10%与90%之间是80%区间，25%与75%之间是50%区间；中值各级相加一致，区间不能相加。",
        "10 to 90 % is the 80 % band, 25 to 75 % the 50 % band; middles add up over areas, bands do not.",
    )
    return "forecast", Text("预测", "Forecast"), columns, _cells(rows()), (note,)


_WHAT = {"pupils": "在校生", "entrants": "新生", "children": "适龄儿童"}


def _seats(seats: Seats, names: Names, years: Sequence[int]) -> _Parts:
    columns = (
        *(("代码", "Code", 13), ("学校", "School", 26), ("学段", "Stage", 8), ("学年", "Year", 8), ("教室", "Rooms", 8)),
        *(("班额标准", "Class limit", 10), ("项目增减", "By projects", 10), ("学位", "Places", 9), ("依据", "Because", 40)),
    )
    title = Text("学位构成", "Places and their parts")
    return "seats", title, columns, _cells(seat_parts(seats, names, years)), ()  # type: ignore[arg-type]


def _need(scenarios: Sequence[Scenario]) -> _Parts:
    def rows() -> Iterator[Sequence[Value]]:
        for number, scenario in enumerate(scenarios):
            for one in scenario.seats:
                if number and one.area_kind == "school":
                    continue
                band = one.need
                need = (band.low80, band.low50, band.middle, band.high50, band.high80) if band else (None,) * 5
                chance = None if one.shortage_probability is None else 100 * one.shortage_probability
                head = (scenario.title.zh, _KINDS[one.area_kind], one.area, one.area_name, one.stage_label.zh)
                yield (
                    *head,
                    one.year,
                    *need,
                    one.seats,
                    one.balance,
                    chance,
                    _printed(one.shortage_shown),
                    _LEVELS[one.level],
                    one.reason.zh,
                )

    columns = (
        *(*_AREA, ("学年", "Year", 8), *_BAND, ("学位", "Places", 9), ("余缺", "Balance", 9)),
        *(("缺口概率（%）", "Shortage, %", 10), ("平均缺口", "Mean shortage", 9), ("等级", "Level", 9), ("理由", "Reason", 44)),
    )
    return "need", Text("学位供需与预警", "Need against places"), columns, _cells(rows()), ()


def _projects(projects: Sequence[ProjectLine]) -> _Parts:
    steps = list(dict.fromkeys(step[0] for one in projects for step in one.steps))

    def rows() -> Iterator[Sequence[Value]]:
        for one in projects:
            days = {step[0]: step for step in one.steps}
            dates = [day for step in steps for day in (days[step][1:3] if step in days else (None, None))]
            stands = (one.in_use, one.counted_from, _STANDS[one.lateness], one.days_late, one.note.zh)
            yield (
                one.project,
                one.name,
                one.kind.zh,
                one.school_name,
                one.stage_label.zh,
                one.seats,
                _printed(one.yuan_shown),
                *dates,
                *stands,
            )

    columns = (
        *(("编号", "Project", 12), ("项目", "Name", 32), ("类别", "Kind", 10), ("学校", "School", 24), ("学段", "Stage", 8)),
        *(("学位", "Places", 8), ("投资（元）", "Yuan", 14)),
        *(
            column
            for step in steps
            for column in ((f"{step.zh}计划", f"{step.en}, planned", 12), (f"{step.zh}实际", f"{step.en}, actual", 12))
        ),
        *(
            ("投用", "In use", 12),
            ("计入学年", "Counted from", 10),
            ("进度", "Stands", 9),
            ("晚（天）", "Days late", 9),
            ("说明", "Note", 40),
        ),
    )
    return "projects", Text("建设项目", "Projects"), columns, _cells(rows()), ()


def _promises(promises: Sequence[PromiseLine]) -> _Parts:
    columns = (
        *(("编号", "Promise", 10), ("承诺", "Title", 32), ("文件", "Document", 24), ("期限", "Due", 12), ("承诺学位", "Promised", 10)),
        *(
            ("已投用", "In use", 10),
            ("其中报表中没有", "Of these not returned", 11),
            ("在建", "Under way", 10),
            ("逾期", "Late", 10),
            ("无对应项目", "In no project", 11),
            ("项目", "Projects", 40),
        ),
    )
    rows = (
        (
            *(one.promise, one.title, one.document, one.due, one.promised, one.delivered, one.unreturned),
            *(one.under_way, one.late, one.unnamed),
            "、".join(one.projects),
        )
        for one in promises
    )
    return "promises", Text("学位承诺", "Promises"), columns, _cells(rows), ()


def _teachers(scenarios: Sequence[Scenario]) -> _Parts:
    columns = (
        *(("方案", "Scenario", 12), ("学段", "Stage", 8), ("学科", "Subject", 14), ("学年", "Year", 8), ("最低需要", "Least needed", 10)),
        *(
            ("10%", "10 %", 10),
            ("90%", "90 %", 10),
            ("留任", "Staying", 10),
            ("当年退休", "Retiring", 10),
            ("需补充", "To hire", 10),
            ("说明", "Note", 40),
        ),
    )
    rows = (
        (
            *(scenario.title.zh, one.stage_label.zh, one.subject_label.zh, one.year, one.need, *_ends(one.need80_shown), one.staying),
            *(_printed(one.retiring_shown), one.to_hire, one.note.zh),
        )
        for scenario in scenarios
        for one in scenario.teachers
    )
    return "teachers", Text("教师需求", "Teachers"), columns, _cells(rows), ()


def _notable(scenarios: Sequence[Scenario]) -> _Parts:
    columns = (
        *(("方案", "Scenario", 12), ("学校", "School", 26), ("学段", "Stage", 8), ("学年", "Year", 8)),
        *(("概率（%）", "Probability, %", 10), ("说明", "What", 60)),
    )
    rows = (
        (
            scenario.title.zh,
            one.name,
            one.stage_label.zh,
            one.year,
            None if one.probability is None else 100 * one.probability,
            one.sentence.zh,
        )
        for scenario in scenarios
        for one in scenario.notable
    )
    return "notable", Text("值得注意的学校", "Schools to look at"), columns, _cells(rows), ()


def _record(record: Backtest) -> _Parts:
    columns = (
        *(("范围", "Area", 12), ("名称", "Name", 14), ("学段", "Stage", 10), ("年级", "Grade", 8)),
        *(("提前（年）", "Years ahead", 10), ("次数", "Forecasts", 8)),
        *(
            ("平均误差（%）", "MAPE, %", 10),
            ("偏差（%）", "Bias, %", 10),
            ("50%区间覆盖（%）", "In 50 %, %", 11),
            ("80%区间覆盖（%）", "In 80 %, %", 11),
        ),
        *(("区间得分WIS（人）", "WIS", 12), ("沿用上年误差（%）", "Last value MAPE, %", 12), ("三年升级率误差（%）", "3-year MAPE, %", 12)),
        *(("沿用上年WIS（人）", "Last value WIS", 12), ("三年升级率WIS（人）", "3-year WIS", 12)),
    )

    def rows() -> Iterator[Sequence[Value]]:
        for row in record.rows:
            printed = (
                *(row.mape_shown, row.bias_shown, row.cover50_shown, row.cover80_shown, row.wis_shown),
                *(row.last_value_mape_shown, row.three_year_mape_shown, row.last_value_wis_shown, row.three_year_wis_shown),
            )
            head = (_KINDS[row.level], row.area_name, row.stage_label.zh, row.grade, row.horizon, row.forecasts)
            yield (*head, *(_printed(one) for one in printed))

    published = tuple(Text(f"{who.zh}：{what.zh}", f"{who.en}: {what.en}") for who, what in record.published)
    return "record", Text("回测", "Past forecasts"), columns, _cells(rows()), (record.sentence, *published)


def _assumptions(scenarios: Sequence[Scenario]) -> _Parts:
    columns = (
        *(("方案", "Scenario", 12), ("假设", "Assumption", 26), ("取值", "Values", 60), ("单位", "Unit", 12)),
        *(("来源", "Source", 36), ("把握程度", "Confidence", 10), ("说明", "Note", 60)),
    )
    rows = (
        (
            *(scenario.title.zh, one.title.zh, _printed(one.shown), one.unit.zh),
            *(one.source.title.zh if one.source else "", one.source.confidence if one.source else "", one.note.zh),
        )
        for scenario in scenarios
        for one in scenario.assumptions
    )
    return "assumptions", Text("方案与假设", "Assumptions"), columns, _cells(rows), ()
