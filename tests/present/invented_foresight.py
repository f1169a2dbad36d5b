"""What an invented county foresees: bands, seats, projects and a record of past forecasts, made without the rest of the house.

Nothing here is real. `foresight()` is always the same, `bare()` knows one year and nothing of seats, `HOSTILE` is a name that must stay text.
"""

# ruff: noqa: E501 - rows of invented data read better unbroken

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from junheng.errors import Finding, Place, Text
from junheng.workflow.views import Cell, Digests, Figure, Heading, Map, Sheet
from junheng.workflow.views import foresight as views
from tests.present import invented

HOSTILE = '<img src=x onerror=alert(1)>&"小学'
YEAR, LAST = 2025, 2040
PERSONS = Text("人", "pupils")
STAGES = {"primary": Text("小学", "Primary"), "junior": Text("初中", "Junior secondary")}
# code, name, kind, pupils of 2025 by stage, seats by stage
AREAS = (
    ("500199", "青屏县", "county", (7896, 4715), (8600, 4650)),
    ("500100", "城关街道", "district", (5437, 3520), (5200, 3400)),
    ("500101", "柳溪镇", "district", (798, 604), (1300, 700)),
    ("500102", "石桥镇", "district", (672, 377), (900, 550)),
    ("500103", "白马乡", "district", (989, 214), (1200, None)),
)
SCHOOLS = (
    ("2150000001", "第一实验小学", "school", (1834, None), (1890, None)),
    ("2150000003", "朝阳路小学", "school", (2043, None), (1800, None)),
    ("2150000009", HOSTILE, "school", (86, None), (270, None)),
    ("3150000012", "第一初级中学", "school", (None, 1712), (None, 1650)),
)
SCENARIOS = {"middle": (Text("中方案", "Middle"), 1.0), "low": (Text("低方案", "Low"), 0.9), "high": (Text("高方案", "High"), 1.08)}


def band(middle: float, ahead: int) -> views.Band:
    """Return a band that grows with the years ahead and with the smallness of the number."""
    wide = 1.6 * math.sqrt(max(middle, 1.0) * ahead) + 0.012 * ahead * middle
    low80, low50, high50, high80 = max(middle - wide, 0.0), max(middle - wide / 2, 0.0), middle + wide / 2, middle + wide
    return views.Band(
        low80=low80, low50=low50, middle=middle, high50=high50, high80=high80, shown=f"{middle:,.0f}",
        shown80=f"{low80:,.0f}–{high80:,.0f}", shown50=f"{low50:,.0f}–{high50:,.0f}",
    )  # fmt: skip


def pupils(start: float, stage: str, year: int, factor: float) -> float:
    """Return pupils of a year: a wave that reaches the junior stage six years later, then fewer births."""
    shift = 3 if stage == "primary" else 9
    wave = 1 + 0.10 * math.sin((year - YEAR) / shift) - 0.018 * max(year - YEAR - shift, 0)
    return start * wave * (factor if year > YEAR + 2 else 1.0)


def series(scenario: str, factor: float, area: tuple, stage: str, what: str = "pupils") -> views.Series:
    start = area[3][stage == "junior"] / (6 if what == "entrants" else 1)
    points = []
    for year in range(2017, LAST + 1):
        known = None if year > YEAR or year == 2020 else float(round(pupils(start, stage, year, 1.0)))
        ahead = band(pupils(start, stage, year, factor), year - YEAR) if year > YEAR else None
        points.append(views.SeriesPoint(year=year, known=known, known_shown="" if known is None else f"{known:,.0f}", band=ahead))
    words = {"pupils": ("在校生", "pupils"), "entrants": ("新生", "entrants")}[what]
    return views.Series(
        id=f"{scenario}/{what}/{area[0]}/{stage}/", title=Text(f"{area[1]}{STAGES[stage].zh}{words[0]}", f"{area[1]}: {STAGES[stage].en} {words[1]}"),
        area=area[0], area_kind=area[2], stage=stage, stage_label=STAGES[stage], grade="", unit=PERSONS, points=tuple(points),
        note=Text("历史不足，误差取自汇总误差", "Short history: pooled errors") if area[2] == "school" else Text("", ""),
    )  # fmt: skip


def _level(balance: float, ahead: int, need: float) -> tuple[str, float]:
    wide = 1.6 * math.sqrt(max(need, 1.0) * ahead) + 0.012 * ahead * need
    chance = 1 / (1 + math.exp(balance / max(wide / 2, 1.0)))
    level = (
        "alarm"
        if chance >= 0.8
        else "warning"
        if chance >= 0.5
        else "watch"
        if chance >= 0.2
        else "surplus"
        if balance > 0.25 * need
        else "none"
    )
    return level, chance


def seat_line(factor: float, area: tuple, stage: str, year: int) -> views.SeatLine:
    seats = area[4][stage == "junior"]
    seats = None if seats is None else seats + (540 if area[0] in ("500199", "500100") and stage == "primary" and year >= 2027 else 0)
    need = band(pupils(area[3][stage == "junior"], stage, year, factor), year - YEAR)
    balance = None if seats is None else seats - need.middle
    level, chance = ("unknown", None) if balance is None else _level(balance, year - YEAR, need.middle)
    return views.SeatLine(
        area=area[0], area_name=area[1], area_kind=area[2], stage=stage, stage_label=STAGES[stage], year=year, need=need, seats=seats,
        seats_shown="" if seats is None else f"{seats:,}", balance=balance, balance_shown="" if balance is None else f"{balance:+,.0f}".replace("-", "−"),
        shortage_probability=chance, shortage_probability_shown="" if chance is None else f"{chance * 100:.0f} %",
        shortage_shown="" if balance is None or chance is None else f"{max(-balance, 0) + 12 * chance:,.0f}", level=level,
        reason=Text("缺口概率达到预警标准" if seats else "部分学校学位数未报", "The probability of a shortage reaches the level" if seats else "Some schools did not state their places"),
    )  # fmt: skip


def pyramid(year: int) -> views.Pyramid:
    bars = []
    for age in range(91):
        base = 620 + 320 * math.sin((year - age - 1962) / 9.0) - 5.2 * max(age - 55, 0) - 9 * max(year - age - 2016, 0) * 3
        male, female = max(base * 1.04, 18.0), max(base * 0.98 + age * 0.6, 18.0)
        bars.append(views.PyramidBar(age=age, male=male, female=female, shown_male=f"{male:,.0f}", shown_female=f"{female:,.0f}"))
    note = Text("由五岁组拆分（Sprague法）", "Split from five-year groups (Sprague)") if year == YEAR else Text("", "")
    return views.Pyramid(year=year, known=year == YEAR, bars=tuple(bars), note=note)


def _scenario(key: str) -> views.Scenario:
    title, factor = SCENARIOS[key]
    known = [(area, stage) for area in (*AREAS, *SCHOOLS) for stage in STAGES if area[3][stage == "junior"] is not None]
    return views.Scenario(
        id=key, title=title,
        assumptions=(
            views.Assumption(id="births", title=Text("出生人数年变化", "Change of births a year"), shown={"middle": "-3.0", "low": "-5.0", "high": "-1.0"}[key], unit=Text("%", "%"),
                             source=None, note=Text("凭记忆录入，请提供卫健部门数据", "Recalled; supply the health office's numbers")),
            views.Assumption(id="survival", title=Text("存活率", "Survival"), shown="99.8", unit=Text("%", "%"), source=invented.source("survival"), note=Text("", "")),
        ),
        series=tuple(series(key, factor, area, stage, what) for what in ("pupils", "entrants") for area, stage in known),
        pyramids=tuple(pyramid(year) for year in (YEAR, 2028, 2031, 2034, 2040)),
        seats=tuple(seat_line(factor, area, stage, year) for area, stage in known for year in range(YEAR + 1, LAST + 1)),
        notable=(
            views.Notable(kind="large_class_appears", school="2150000003", name="朝阳路小学", stage="primary", stage_label=STAGES["primary"], year=2027,
                          sentence=Text("朝阳路小学2027年一年级可能出现大班额：新生预计372人，按8个班计平均46.5人", "Oversized classes may appear in 2027: 372 entrants in 8 classes"), probability=0.63, probability_shown="63 %"),
            views.Notable(kind="small_school", school="2150000009", name=HOSTILE, stage="primary", stage_label=STAGES["primary"], year=2030,
                          sentence=Text(f"{HOSTILE}2030年在校生预计降到71人，不足100人", f"{HOSTILE} falls to 71 pupils in 2030, under 100"), probability=0.91, probability_shown="91 %"),
        ),
        teachers=tuple(
            views.TeacherLine(stage=stage, stage_label=STAGES[stage], subject=subject, subject_label=label, year=year, need_shown=f"{need}", need80_shown=f"{need - 12}–{need + 15}", need=float(need),
                              staying=float(stay), staying_shown=f"{stay}", retiring_shown="11", to_hire=float(need - stay), to_hire_shown=f"{need - stay:+d}".replace("-", "−"), note=Text("", ""))
            for stage, n in (("primary", 416), ("junior", 349)) for year, need, stay in ((2028, n + 12, n - 33), (2031, n - 20, n - 60), (2034, n - 61, n - 97))
            for subject, label in (("", Text("全部学科", "All subjects")),)
        ),
    )  # fmt: skip


def _projects() -> tuple[views.ProjectLine, ...]:
    names = (Text("立项", "Approved"), Text("开工", "Started"), Text("竣工", "Completed"), Text("投用", "In use"))

    def line(key: str, name: str, seats: int | None, days: tuple, lateness: str, late: int, note: str = "") -> views.ProjectLine:
        steps = tuple((label, planned, actual, stands) for label, (planned, actual, stands) in zip(names, days, strict=True))
        use = days[-1][1] or days[-1][0]
        return views.ProjectLine(
            project=key, name=name, kind=Text("新建", "New building"), school="2150000003", school_name="朝阳路小学", stage="primary", stage_label=STAGES["primary"], seats=seats,
            seats_shown="" if seats is None else f"{seats:,}", yuan_shown="86,000,000", steps=steps, in_use=use, counted_from=None if use is None else use.year + (use.month > 9), lateness=lateness,
            days_late=late, note=Text(note, note),
        )  # fmt: skip

    d = date
    return (
        line("P1", "城关第三小学新建", 1080, ((d(2023, 3, 1), d(2023, 3, 20), "done"), (d(2023, 10, 1), d(2024, 1, 15), "done"), (d(2025, 6, 30), None, "late"), (d(2025, 9, 1), None, "late")), "late", 114, "竣工推迟"),
        line("P2", "柳溪镇中心小学扩建", 270, ((d(2022, 5, 1), d(2022, 5, 1), "done"), (d(2022, 9, 1), d(2022, 9, 10), "done"), (d(2024, 5, 1), d(2024, 4, 20), "done"), (d(2024, 9, 1), d(2024, 9, 1), "done")), "done", 0),
        line("P3", "石桥镇初级中学改扩建", 450, ((d(2025, 4, 1), d(2025, 4, 1), "done"), (d(2026, 3, 1), None, "not_due"), (d(2027, 5, 1), None, "not_due"), (d(2027, 9, 1), None, "not_due")), "on_time", 0),
        line("P4", "白马乡购买学位", None, ((None, None, "undated"), (None, None, "undated"), (None, None, "undated"), (None, None, "undated")), "undated", 0, "没有投用日期，其学位不计入任何年份"),
    )  # fmt: skip


def _backtest() -> views.Backtest:
    rows = tuple(
        views.ErrorRow(
            level=level, area="", area_name="", stage=stage, stage_label=STAGES[stage], grade="", horizon=horizon, forecasts=24 // horizon, mape_shown=f"{0.7 * horizon * wide:.1f} %", bias_shown="+0.2 %",
            cover50_shown="51 %", cover80_shown="79 %", wis_shown=f"{21 * horizon * wide:.0f}", last_value_mape_shown=f"{2.1 * horizon * wide:.1f} %", three_year_mape_shown=f"{1.1 * horizon * wide:.1f} %",
            last_value_wis_shown="96", three_year_wis_shown="52", mape=0.7 * horizon * wide, three_year_mape=1.1 * horizon * wide,
        )
        for level, wide in (("county", 1.0), ("district", 2.2)) for stage in STAGES for horizon in (1, 3, 5)
    )  # fmt: skip
    published = (
        (
            Text("美国国家教育统计中心（NCES），全国", "NCES, national"),
            Text(
                "1、2、5、10年：0.3%、0.6%、1.3%、2.5%；未公布区间覆盖率", "1, 2, 5, 10 years: 0.3, 0.6, 1.3, 2.5 %; no coverage published"
            ),
        ),
        (
            Text("英格兰教育部，小学与中学", "England, primary and secondary"),
            Text("1年：1.0%、1.4%；3年：2.7%、3.2%；未公布区间覆盖率", "1 year: 1.0, 1.4 %; 3 years: 2.7, 3.2 %; no coverage published"),
        ),
    )
    return views.Backtest(
        basis="own",
        calibration=Text("误差带取自本县历次预测的误差，144次中117次落在80%区间内", "bands rest on own errors, 117 of 144 within 80 %"),
        sentence=Text(
            "隐去2020—2025年，逐年向前1—5年预测，与实际在校生比较。", "The years 2020–2025 were hidden and forecast 1–5 years ahead."
        ),
        rows=rows,
        published=published,
    )


def _sheets(scenario: views.Scenario) -> tuple[Sheet, ...]:
    heads = ("片区", "学段", "学年", "需求中位数", "学位", "余缺")
    rows = tuple(
        (Cell(value=one.area_name), Cell(value=one.stage_label.zh), Cell(value=one.year), Cell(value=one.need.middle if one.need else None, decimals=0), Cell(value=one.seats), Cell(value=one.balance, decimals=0))
        for one in scenario.seats
    )  # fmt: skip
    made = Sheet(id="seats", name=Text("学位供需", "Seats"), title=Text("学位供需表", "Need and seats"), subtitle=Text("中方案", "Middle"),
                 headings=(tuple(Heading(text=Text(head, head)) for head in heads),), rows=rows, widths=(26, 8, 8, 12, 10, 10))  # fmt: skip
    return (made,)


def _figures() -> tuple[Figure, ...]:
    def one(key: str, zh: str, value: float | None, shown: str, unit: Text = PERSONS) -> Figure:
        return Figure(id=key, label=Text(zh, key.replace("_", " ").capitalize()), value=value, shown=shown, exact="", unit=unit)

    return (
        one("pupils", "在校生（2025年）", 12611.0, "12,611"), one("pupils_2028", "在校生（2028年，预测）", 13240.0, "13,240"), one("seats_2028", "学位（2028年）", 13790.0, "13,790", Text("个", "places")),
        one("districts_short", "2028年有缺口风险的乡镇", 1.0, "1", Text("个", "")), one("migrants", "外来人口子女", None, ""),
    )  # fmt: skip


def foresight() -> views.Foresight:
    """青屏县: a shortage in town, surplus outside it, one project late, one school whose name is hostile."""
    scenarios = tuple(_scenario(key) for key in SCENARIOS)
    finding = Finding(rule="projection.no_opening_date", severity="warning", place=Place(table="projects", key=("P4",)), found=Text("没有投用日期", "no opening date"),
                      expected=Text("计划投用日期", "a planned opening date"), remedy=Text("补填后其学位才会计入。", "Fill it in; until then its places count in no year."))  # fmt: skip
    outturn = views.Outturn(framework="quality-balance-2017", title=Text("县域义务教育优质均衡发展", "Quality balance"), year=YEAR, projected_year=2031,
                            counts=(("met", 30, 27), ("missed", 4, 7), ("no_data", 2, 2)), sentence=Text("只换学生数，2031年达标由30项变为27项。", "With the pupils of 2031 alone, 27 items are met instead of 30."))  # fmt: skip
    return views.Foresight(
        outturns=(outturn,), county="500199", county_name=Text("青屏县", "Qingping County"), year=YEAR, horizons=(3, 6, 9, 15), as_of=date(2025, 10, 24), scenarios=scenarios,
        brief=(
            Text("小学：2025年7,896人；2028年约8,560人；城关街道可能不足（2026年）。", "Primary: 7,896 in 2025, about 8,560 in 2028."),
            Text("误差：过去提前3年的预测平均差小学2.1%。", "Errors: 2.1 % three years ahead."),
        ),
        headlines=(
            Text("小学在校生预计2030年达到高峰8,683人（80%区间8,120–9,246人），随后下降。", "Primary pupils are expected to peak at 8,683 in 2030 (80 % band 8,120–9,246)."),
            Text("城关街道小学2026年缺口概率为97%，城关第三小学投用后降为33%；该项目已逾期114天。", "In the town a primary shortage in 2026 has a probability of 97 %."),
            Text("柳溪镇、石桥镇、白马乡小学学位富余，2034年前可能有1所学校不足100人。", "Outside the town there will be too many places."),
        ),
        figures=_figures(), projects=_projects(),
        promises=(
            views.PromiseLine(promise="Q1", title="“十四五”新增学位1,800个", document="青政发〔2021〕12号", due=date(2025, 12, 31), promised=1800, delivered=270, unreturned=0, under_way=0, late=1080, unnamed=450, projects=("P1", "P2"),
                              sentence=Text("承诺1,800个，已投用270个，逾期1,080个，450个没有对应项目。", "1,800 promised, 270 in use, 1,080 late, 450 in no project.")),
        ),
        backtest=_backtest(), map=Map(areas=invented._areas(), value_label=Text("学龄人口（人）", "Children"), note=Text("边界为示意", "Boundaries are a sketch")),
        notice=Text("关于青屏县2026年秋季小学学位预警的公告\n根据学龄人口监测，预计2026年秋季城关街道小学学位紧张。\n请有关家长合理安排。", "Notice on primary places for autumn 2026\nPlaces in the town are expected to be short."),
        limits=(Text("外来人口子女只到在校生数据，迁入预测以近三年为据。", "Migration rests on three years."), Text("白马乡初中学位数未报，无法判断。", "Junior places of Baima are unknown.")),
        method=(Text("小学一年级新生由出生登记和净迁移推算；在校各年级按升级率推进，小样本向全县收缩。", "Entrants come from births and net migration; grades advance by shrunken progression ratios."),
                Text("误差带由2,000次模拟与历史误差校准得到。", "Bands come from 2,000 draws, calibrated on past errors.")),
        sheets=_sheets(scenarios[0]), findings=(finding,), digests=Digests(county="c" * 64, standards="5" * 64, code="0.2.0"), sources=(invented.source("class-size"),),
    )  # fmt: skip


def bare() -> views.Foresight:
    """A county of which one year is known: no seats, no map, no projects, no notice, errors of other places."""
    whole = foresight()
    first = whole.scenarios[0]
    lone = replace(first.series[0], points=first.series[0].points[8:12])
    scenario = replace(first, series=(lone,), pyramids=(), seats=(), notable=(), teachers=(), assumptions=())
    nothing = Text("", "")
    pooled = replace(
        whole.backtest,
        basis="pooled",
        calibration=Text("误差取自汇总资料，不是本县自己的回测", "errors pooled from other places, not a back-test of this county"),
        sentence=Text("历史只有1年，无法回测，采用汇总误差。", "One year only: pooled errors."),
        rows=(),
    )
    return replace(
        whole,
        scenarios=(scenario,),
        figures=(),
        outturns=(),
        projects=(),
        promises=(),
        backtest=pooled,
        map=replace(whole.map, areas=()),
        notice=nothing,
        findings=(),
        horizons=(3,),
        sheets=(),
        sources=(),
    )
