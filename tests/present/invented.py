"""An invented county, judged: views with every kind of verdict in them, made without the rest of the house.

Nothing here is real. Presenters are tested on it; `county()` is always the same, `spotless()` passes everything, `bare()` has no data.
"""

# ruff: noqa: E501 - rows of invented data read better unbroken

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from junheng.errors import Finding, Place, Text
from junheng.workflow import views
from tests.present.invented_sheets import forms

FRAMEWORK = "quality_balance_2017"
DAY = date(2025, 9, 1)
STAGES = {"primary": Text("小学", "Primary"), "junior": Text("初中", "Junior secondary")}
KINDS = {
    "primary": Text("小学", "Primary school"),
    "teaching_point": Text("教学点", "Teaching point"),
    "junior": Text("初级中学", "Junior school"),
    "nine_year": Text("九年一贯制学校", "Nine-year school"),
    "special": Text("特殊教育学校", "Special school"),
}
SETTINGS = {"111": Text("主城区", "City core"), "121": Text("镇中心区", "Town centre"), "220": Text("村庄", "Village")}

# id, title, unit of the value, unit of the numerator, scale, decimals of the numerator, limit by stage
INDICATORS = (
    (
        "teachers.above_degree_per_100",
        "每百名学生拥有高于规定学历教师数",
        "Teachers above the required degree per 100 pupils",
        "人",
        100,
        0,
        ("4.2", "5.3"),
    ),
    ("teachers.backbone_per_100", "每百名学生拥有县级以上骨干教师数", "Backbone teachers per 100 pupils", "人", 100, 0, ("1", "1")),
    (
        "teachers.sport_art_per_100",
        "每百名学生拥有体育、艺术专任教师数",
        "Sport and art teachers per 100 pupils",
        "人",
        100,
        0,
        ("0.9", "0.9"),
    ),
    ("premises.teaching_area", "生均教学及辅助用房面积", "Teaching area per pupil", "㎡", 1, 1, ("4.5", "5.8")),
    ("premises.sport_area", "生均体育运动场馆面积", "Sport area per pupil", "㎡", 1, 1, ("7.5", "10.2")),
    ("equipment.value", "生均教学仪器设备值", "Equipment value per pupil", "元", 1, 0, ("2000", "2500")),
    ("equipment.multimedia_per_100", "每百名学生拥有网络多媒体教室数", "Multimedia rooms per 100 pupils", "间", 100, 0, ("2.3", "2.4")),
)
SCHOOLS = (
    ("第一实验小学", "primary", "城关街道", "111", 1834), ("第二实验小学", "primary", "城关街道", "111", 1560), ("朝阳路小学", "primary", "城关街道", "111", 2043),
    ("柳溪镇中心小学", "primary", "柳溪镇", "121", 655), ("石桥镇中心小学", "primary", "石桥镇", "121", 492), ("白马乡中心小学", "primary", "白马乡", "121", 310),
    ("柳溪镇下湾小学", "primary", "柳溪镇", "220", 143), ("石桥镇双河村小学", "primary", "石桥镇", "220", 118), ("白马乡云台小学", "primary", "白马乡", "220", 86),
    ("石桥镇高坪教学点", "teaching_point", "石桥镇", "220", 62), ("白马乡鹰嘴岩教学点", "teaching_point", "白马乡", "220", 17),
    ("第一初级中学", "junior", "城关街道", "111", 1712), ("第二初级中学", "junior", "城关街道", "111", 1288), ("柳溪镇初级中学", "junior", "柳溪镇", "121", 604),
    ("石桥镇初级中学", "junior", "石桥镇", "121", 377), ("白马乡九年一贯制学校", "nine_year", "白马乡", "121", 376), ("育才九年一贯制学校", "nine_year", "城关街道", "111", 934),
    ("特殊教育学校", "special", "城关街道", "111", 96),
)  # fmt: skip
GOVERNMENT = (
    "学校规划布局合理，符合国家规定要求", "城乡义务教育学校建设标准、教师编制标准、生均公用经费基准定额、基本装备配置标准统一", "音乐、美术专用教室", "学校规模", "班额",
    "不足100名学生村小学和教学点按100名学生核定公用经费", "特殊教育学校生均公用经费", "义务教育学校教师平均工资收入水平", "教师5年360学时培训完成率", "县域内教师编制和岗位统筹分配",
    "交流轮岗教师比例", "专任教师持有教师资格证上岗率", "城区和镇区公办小学、初中就近划片入学比例", "优质高中招生名额分配比例", "留守儿童关爱体系与随迁子女就读比例",
)  # fmt: skip
QUALITY = (
    "初中三年巩固率", "残疾儿童少年入学率", "学校制定章程，实现学校管理与教学信息化", "教师培训经费占公用经费预算总额比例", "教师能熟练运用信息化手段组织教学", "德育工作、校园文化建设水平达到良好以上",
    "课程开齐开足，教学秩序规范，综合实践活动有效开展", "无过重课业负担", "国家义务教育质量监测",
)  # fmt: skip
COMPUTED = {
    "班额": "46",
    "学校规模": "2043",
    "交流轮岗教师比例": "11.4",
    "专任教师持有教师资格证上岗率": "100.0",
    "初中三年巩固率": "96.2",
    "残疾儿童少年入学率": "97.1",
}
BOUND = {
    "班额": "45",
    "学校规模": "2000",
    "交流轮岗教师比例": "10",
    "专任教师持有教师资格证上岗率": "100",
    "初中三年巩固率": "95",
    "残疾儿童少年入学率": "95",
}


def source(item: str = "resources-1") -> views.Source:
    return views.Source(
        key=f"moe-2017-6#{item}", title=Text("县域义务教育优质均衡发展督导评估办法", "Measures for supervising quality balance"), number="教督〔2017〕6号",
        item=item, day=date(2017, 4, 19), confidence="O, 4 sources", reviewed="", jurisdiction="cn",
    )  # fmt: skip


def limit(parameter: str, value: str, unit: Text, *, near: bool = True, most: bool = False, item: str = "resources-1") -> views.Limit:
    floor = Decimal(value) * Decimal("0.85")
    return views.Limit(
        parameter=parameter, comparator="at_most" if most else "at_least", value=float(value), shown=value, unit=unit,
        near=float(floor) if near else None, near_shown=f"{floor.normalize():f}" if near else "", source=source(item),
    )  # fmt: skip


def figure(key: str, label: Text, value: float | None, decimals: int, unit: Text, exact: str = "", missing: int = 0) -> views.Figure:
    return views.Figure(
        id=f"{FRAMEWORK}/{key}",
        label=label,
        value=value,
        shown="" if value is None else f"{value:.{decimals}f}",
        exact=exact,
        unit=unit,
        missing=missing,
    )


def _item(number: int, spec: tuple, stage: str, school: str, numerator: float | None, pupils: int) -> views.Item:
    key, zh, en, unit_zh, scale, _, limits = spec
    unit = Text(unit_zh, {"人": "persons", "间": "rooms", "元": "yuan"}.get(unit_zh, "m²"))
    bound = limit(key, limits[stage == "junior"], unit, item=f"resources-{number}")
    value = None if numerator is None else numerator / pupils * scale
    exact = "" if numerator is None else f"{numerator} / {pupils} × {scale}"
    lacking = 0.0 if numerator is None else max(0.0, bound.value * pupils / scale - numerator)
    to_floor = 0.0 if numerator is None else max(0.0, bound.near * pupils / scale - numerator)
    verdict = "no_data" if value is None else "met" if lacking == 0 else "near" if to_floor == 0 else "missed"
    short = (
        views.Shortfall(to_limit=f"{math.ceil(lacking)}", to_floor=f"{math.ceil(to_floor)}" if to_floor else "", unit=unit)
        if lacking
        else None
    )
    return views.Item(
        requirement=key, number=str(number), title=Text(zh, en), indicator=key, stage=stage, stage_label=STAGES[stage],
        figure=figure(f"{key}/{stage}/{school}", Text(zh, en), value, 2, unit, exact, int(value is None)), limit=bound, verdict=verdict,
        concession=None, short=short, evidence=None,
    )  # fmt: skip


def _unit(code: str, school: tuple, stage: str, pupils: int, draw: random.Random) -> views.Unit:
    name, kind, district, setting, _ = school
    judged = not (kind == "special" or pupils < 50)
    items = []
    for number, spec in enumerate(INDICATORS, start=1):
        wanted = float(spec[6][stage == "junior"]) * pupils / spec[4] * draw.uniform(1.0, 1.9 - 0.5 * min(1.0, pupils / 2000))
        numerator = round(wanted, spec[5]) if spec[5] else math.ceil(wanted)
        numerator = {("朝阳路小学", 5): 9810.4, ("朝阳路小学", 4): 8300.2, ("第一初级中学", 2): 15, ("石桥镇初级中学", 5): 19604.0}.get(
            (name, number), numerator
        )
        items.append(_item(number, spec, stage, code, None if (name, number) == ("石桥镇双河村小学", 6) else numerator, pupils))
    if name == "白马乡云台小学":
        items[2] = replace(items[2], verdict="met_by_concession", concession=concession(), short=None)
    items = items if judged else []
    count = Counter("met" if item.verdict == "met_by_concession" else item.verdict for item in items)
    verdict = "missed" if count["missed"] or count["near"] > 1 else "not_decided" if count["no_data"] or not judged else "met"
    reason = (
        Text("", "")
        if judged
        else Text("特殊教育学校不参与七项指标核算", "Special schools are not judged by the seven")
        if kind == "special"
        else Text("学生不足50人的教学点", "Point under 50 pupils")
    )
    east, north = draw.uniform(106.0, 106.6), draw.uniform(29.8, 30.2)
    return views.Unit(
        school=code, name=name, kind=KINDS[kind], stage=stage, stage_label=STAGES[stage], district=district, urban_rural=SETTINGS[setting],
        ownership=Text("公办", "Public"), founder="7", pupils=pupils, lon=east, lat=north, items=tuple(items), met=count["met"], near=count["near"],
        missed=count["missed"], no_data=count["no_data"], of=len(items), verdict=verdict, judged=judged, reason=reason,
    )  # fmt: skip


def concession() -> views.Concession:
    return views.Concession(
        id="sport_art.visiting", title=Text("农村小规模学校可计入交流、兼职、走教的体育艺术教师", "Small rural schools may count visiting teachers"), shown="0.9",
        unit=Text("人", "persons"), until=date(2026, 8, 31), in_force=True, duty=Text("须有三年内配齐的计划", "A plan to fill the posts within three years"), source=source("rules-2019-30"),
    )  # fmt: skip


def _units() -> tuple[views.Unit, ...]:
    draw = random.Random(20250901)
    units = []
    for number, school in enumerate(SCHOOLS, start=1):
        code = f"21500{number:05d}" if school[1] in ("primary", "teaching_point") else f"31500{number:05d}"
        if school[1] == "nine_year":
            low = round(school[4] * 0.44)
            units += [_unit(code, school, "primary", low, draw), _unit(code, school, "junior", school[4] - low, draw)]
        else:
            units.append(_unit(code, school, "junior" if school[1] == "junior" else "primary", school[4], draw))
    return tuple(units)


def _spread(spec: tuple, number: int, stage: str, units: tuple[views.Unit, ...]) -> views.Spread:
    key, zh, en, unit_zh, _, _, limits = spec
    mine = [unit for unit in units if unit.judged and unit.stage == stage]
    known = [(unit, unit.items[number]) for unit in mine if unit.items[number].figure.value is not None]
    weight = sum(unit.pupils for unit, _ in known) or 1
    mean = sum(unit.pupils * item.figure.value for unit, item in known) / weight
    variance = sum(unit.pupils / weight * (item.figure.value - mean) ** 2 for unit, item in known)
    missing = tuple(unit.name for unit in mine if unit.items[number].figure.value is None)
    cv = None if missing or not known else math.sqrt(variance) / mean
    unit, bound = known[0][1].figure.unit if known else Text(unit_zh, unit_zh), float(limits[stage == "junior"])
    allowed = limit(f"spread.{stage}", "0.50" if stage == "primary" else "0.45", Text("", ""), near=False, most=True, item="spread")
    points = []
    for school, item in known:
        share = school.pupils / weight * (item.figure.value - mean) ** 2 / variance
        side = "above" if item.figure.value > mean else "below"
        points.append(views.SpreadPoint(
            school=school.school, name=school.name, pupils=float(school.pupils), value=item.figure.value, shown=item.figure.shown, share=share,
            share_shown=f"{share * 100:.1f}", side=side, short=item.short, urban_rural=school.urban_rural.zh,
        ))  # fmt: skip
    return views.Spread(
        indicator=key, title=Text(zh, en), unit=unit, stage=stage, stage_label=STAGES[stage],
        cv=figure(f"{key}.cv/{stage}/-", Text("差异系数", "Coefficient of variation"), cv, 3, Text("", ""), "" if cv is None else f"{cv:.12f}", len(missing)),
        mean=figure(f"{key}.mean/{stage}/-", Text("全县平均", "County mean"), mean if known else None, 2, unit), limit=allowed,
        verdict="no_data" if cv is None else "met" if cv <= allowed.value else "missed", school_limit=bound, school_floor=bound * 0.85,
        points=tuple(sorted(points, key=lambda point: -point.share)), missing=missing,
    )  # fmt: skip


def _county_items(titles: tuple[str, ...], prefix: str) -> tuple[views.Item, ...]:
    items = []
    for number, title in enumerate(titles, start=1):
        most, unit = (
            title in ("班额", "学校规模"),
            Text("人" if title in ("班额", "学校规模") else "%", "pupils" if title in ("班额", "学校规模") else "%"),
        )
        shown, bound = COMPUTED.get(title), BOUND.get(title)
        value = None if shown is None else float(shown)
        figures = (
            figure(f"{prefix}.{number}/-/-", Text(title, f"Item {number}"), value, 1 if unit.zh == "%" else 0, unit) if bound else None
        )
        limits = limit(f"{prefix}.{number}", bound, unit, near=False, most=most, item=f"{prefix}-{number}") if bound else None
        met = bool(bound) and (value <= float(bound) if most else value >= float(bound))
        proof = (
            views.Evidence(conclusion="符合", document="清单第3号", day=date(2025, 10, 12), office="督导室")
            if number % 3 == 1 and not bound
            else None
        )
        verdict = (
            ("met" if met else "missed")
            if bound
            else "met"
            if proof
            else "no_data"
            if title == "特殊教育学校生均公用经费"
            else "needs_evidence"
        )
        failing = {"班额": ("朝阳路小学", "第二实验小学"), "学校规模": ("朝阳路小学",)}.get(title, ())
        items.append(views.Item(
            requirement=f"{prefix}.{number}", number=str(number), title=Text(title, f"Item {number}"), indicator=f"{prefix}.{number}" if bound else "", stage="",
            stage_label=Text("", ""), figure=figures, limit=limits, verdict=verdict, concession=None,
            short=views.Shortfall(to_limit="1" if most and unit.zh == "人" and title == "班额" else "43", to_floor="", unit=unit) if verdict == "missed" else None, evidence=proof, failing=failing,
        ))  # fmt: skip
    return tuple(items)


def _part(key: str, title: str, rule: str, items: tuple[views.Item, ...], verdict: str, units: tuple[views.Unit, ...] = ()) -> views.Part:
    counts = Counter(item.verdict for item in items) if not units else Counter(item.verdict for unit in units for item in unit.items)
    tally = Counter(unit.verdict for unit in units if unit.judged)
    return views.Part(
        id=key, title=Text(title, key.replace("_", " ").capitalize()), rule=Text(rule, "Rule"), verdict=verdict, items=items, counts=dict(counts),
        units_met=tally["met"], units_missed=tally["missed"], units_open=tally["not_decided"],
    )  # fmt: skip


def _explanations(units: tuple[views.Unit, ...]) -> dict[str, views.Explanation]:
    found = {}
    for unit in units:
        for item in unit.items:
            cell = views.SourceCell(
                table="enrolment",
                key=f"{unit.school}|{unit.stage}|g1",
                column="pupils",
                label=Text("在校生数", "Pupils"),
                shown=str(unit.pupils),
                file="returns/2025/教基3112.xlsx",
                sheet="教基3112",
                cell="I6",
            )
            found[item.figure.id] = views.Explanation(
                figure=item.figure, place=Text(f"青屏县 · {unit.name} · {unit.stage_label.zh}", f"Qingping · {unit.name} · {unit.stage}"), formula="sum(teachers_above_degree) / nullif(sum(pupils), 0) * 100",
                words=Text("分子合计 ÷ 在校生数 × 倍数", "numerator / pupils × scale"), inputs=(views.Input(name="pupils", label=Text("在校生数", "Pupils"), shown=str(unit.pupils), unit=Text("人", "pupils")),),
                steps=(), cells=(cell,), cells_left_out=0, limit=item.limit, verdict=item.verdict,
            )  # fmt: skip
    return found


def _findings() -> tuple[Finding, ...]:
    return (
        Finding(rule="model.missing_value", severity="error", place=Place(file="returns/2025/教基5176.xlsx", sheet="教基5176", cell="D19"), found=Text("空白", "an empty cell"),
                expected=Text("教学仪器设备资产值（万元）", "the value of equipment"), remedy=Text("请石桥镇双河村小学补报。", "Ask the school to send it.")),
        Finding(rule="model.improbable_value", severity="warning", place=Place(table="class_sizes", key=("2150000003", "E601")), found=Text("=46人的班", "=a class of 46"),
                expected=Text("不超过45人", "45 or fewer"), remedy=Text("核对班级花名册。", "Check the class list."), source="moe-2017-6#government-assurance-5"),
        Finding(rule="standards.stale", severity="note", place=Place(), found=Text("便利条件期限将至", "a concession about to end"), expected=Text("2026-08-31前复核", "a review before it ends"), remedy=Text("请复核。", "Review."), count=3),
    )  # fmt: skip


def _areas() -> tuple[views.Area, ...]:
    areas = []
    for number, name in enumerate(("城关街道", "柳溪镇", "石桥镇", "白马乡")):
        east, north = 106.0 + 0.3 * (number % 2), 29.8 + 0.2 * (number // 2)
        ring = tuple((east + x, north + y) for x, y in ((0, 0), (0.3, 0.02), (0.3, 0.2), (0.14, 0.22), (0, 0.2), (0, 0)))
        areas.append(
            views.Area(
                id=f"50010{number}",
                name=name,
                district=name,
                rings=(ring,),
                value=None if number == 3 else 1200.0 * (number + 1),
                shown="" if number == 3 else f"{1200 * (number + 1)}",
            )
        )
    return tuple(areas)


def county() -> views.Assessment:
    """青屏县: some schools missed, one value missing, one concession, items without evidence."""
    units = _units()
    spreads = tuple(_spread(spec, number, stage, units) for stage in STAGES for number, spec in enumerate(INDICATORS))
    survey = views.Item(
        requirement="recognition.1", number="1", title=Text("社会认可度", "Public recognition"), indicator="recognition.1", stage="", stage_label=Text("", ""),
        figure=figure("recognition.1/-/-", Text("社会认可度", "Public recognition"), 88.6, 1, Text("%", "%"), "1063 / 1200 × 100"),
        limit=limit("recognition.1", "85", Text("%", "%"), near=False, item="recognition"), verdict="met", concession=None, short=None, evidence=None,
    )  # fmt: skip
    eligible = replace(survey, requirement="eligibility.1", title=Text("通过义务教育基本均衡发展认定3年以上", "Basic balance passed three years ago"), figure=None, limit=None, indicator="",
                       evidence=views.Evidence(conclusion="已通过", document="国教督〔2016〕1号", day=date(2016, 2, 23), office="督导室"))  # fmt: skip
    cvs = tuple(replace(survey, requirement=f"spread.{spread.indicator}", number=str(number % 7 + 1), title=spread.title, indicator=spread.indicator, stage=spread.stage,
                        stage_label=spread.stage_label, figure=spread.cv, limit=spread.limit, verdict=spread.verdict) for number, spread in enumerate(spreads))  # fmt: skip
    parts = (
        _part(
            "resources", "资源配置", "每所学校至少6项指标达标，余项不低于85%", (), "missed", tuple(unit for unit in units if unit.judged)
        ),
        _part("spread", "校际差异系数", "小学均不高于0.50，初中均不高于0.45", cvs, "not_decided"),
        _part("government", "政府保障程度", "15项均达标", _county_items(GOVERNMENT, "government"), "missed"),
        _part("quality", "教育质量", "9项均达标", _county_items(QUALITY, "quality"), "not_decided"),
        _part("recognition", "社会认可度", "不低于85%", (survey,), "met"),
    )
    facts = (
        (Text("学校数", "Schools"), "18", Text("所", "")),
        (Text("小学在校生", "Primary pupils"), "7896", Text("人", "")),
        (Text("初中在校生", "Junior pupils"), "4715", Text("人", "")),
    )
    return views.Assessment(
        county="500199", name=Text("青屏县", "Qingping County"), year=2025, day=DAY, framework=FRAMEWORK, title=Text("县域义务教育优质均衡发展", "Quality balance of compulsory education"),
        source=source(""), applies=True, note=Text("", ""), verdict="missed", eligibility=(eligible,), parts=parts, units=units, spreads=spreads,
        vetoes=(views.Veto(id="exam_admission", title=Text("以考试方式招生", "Admission by examination"), occurred=False, document="自查报告"),
                views.Veto(id="accident", title=Text("发生重大安全责任事故", "Major safety accident"), occurred=None, document="")),
        concessions=(("2150000009", "teachers.sport_art_per_100", concession()),), findings=_findings(), facts=facts, sheets=forms(units, spreads, parts),
        map=views.Map(areas=_areas(), value_label=Text("学龄人口（人）", "Children of school age"), note=Text("坐标为校址所在村点位", "Points stand at the village")),
        explanations=_explanations(units), digests=views.Digests(county="c" * 64, standards="5" * 64, code="0.1.0"),
    )  # fmt: skip


def spotless() -> views.Assessment:
    """The same county with everything met: the only one of which 全部 may be said."""
    whole = county()

    def good(item: views.Item) -> views.Item:
        return replace(item, verdict="met", concession=None, short=None, failing=())

    units = tuple(
        replace(unit, items=tuple(good(item) for item in unit.items), met=unit.of, near=0, missed=0, no_data=0, verdict="met")
        for unit in whole.units
        if unit.judged
    )
    parts = tuple(replace(part, items=tuple(good(item) for item in part.items), verdict="met", counts={"met": sum(part.counts.values())},
                          units_met=len(units) if part.id == "resources" else 0, units_missed=0, units_open=0) for part in whole.parts)  # fmt: skip
    return replace(whole, verdict="met", units=units, parts=parts, concessions=(), findings=(), vetoes=tuple(replace(veto, occurred=False) for veto in whole.vetoes),
                   spreads=tuple(replace(spread, verdict="met", missing=()) for spread in whole.spreads))  # fmt: skip


def bare() -> views.Assessment:
    """A county that sent nothing."""
    whole = county()
    empty = tuple(
        replace(part, items=(), counts={}, verdict="not_decided", units_met=0, units_missed=0, units_open=0) for part in whole.parts
    )
    return replace(whole, verdict="not_decided", units=(), spreads=(), parts=empty, eligibility=(), vetoes=(), concessions=(), findings=(), facts=(), explanations={},
                   sheets=forms((), (), empty), map=replace(whole.map, areas=()))  # fmt: skip
