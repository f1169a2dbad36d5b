"""Lists of what the verdicts rest on: findings on the data, concessions used, vetoes, sources of the standards."""

from __future__ import annotations

from itertools import chain

from junheng.present.basis import Ground, findings_of, grounds_of, review_words
from junheng.present.report.grid import Entry, code, sheet
from junheng.present.wording import (
    SEVERITIES,
    VETO_STATES,
    confidence_words,
    jurisdiction_words,
    reviewed_words,
    with_unit,
)
from junheng.workflow import Text
from junheng.workflow.views import Assessment, Cell, Concession, Sheet

COUNTY = Text("全县", "the county")


def findings(assessment: Assessment, lang: str) -> Sheet:
    """Return every finding on the data and the standards, with its place and remedy."""
    columns = (
        (Text("级别", "Severity"), 7),
        (Text("位置", "Place"), 40),
        (Text("发现", "Found"), 30),
        (Text("应为", "Expected"), 30),
        (Text("处理办法", "Remedy"), 40),
        (Text("处数", "Count"), 6),
        (Text("依据", "Source"), 22),
        (Text("规则", "Rule"), 26),
    )
    rows = [
        (
            SEVERITIES[one.severity],
            one.place.of(lang),
            one.found,
            one.expected,
            one.remedy,
            Cell(value=one.count),
            one.source,
            one.rule,
        )
        for one in findings_of(assessment)
    ]
    title = Text("数据问题清单", "Findings")
    return sheet(assessment, title, title, columns, rows, lang)


def not_sent(assessment: Assessment, lang: str) -> Sheet:
    """Return the schools of which no return has come in."""
    columns = ((Text("学校标识码", "School code"), 16), (Text("学校名称", "School"), 40))
    rows = [(code(number), name) for number, name in assessment.not_sent]
    title = Text("未报送学校", "Not sent")
    return sheet(assessment, title, title, columns, rows, lang)


def concessions(assessment: Assessment, lang: str) -> Sheet:
    """Return what is met only by a concession, with its end and what is owed in return."""
    names = {unit.school: Text(unit.name, unit.name) for unit in assessment.units}
    judged = chain(*(unit.items for unit in assessment.units), *(part.items for part in assessment.parts))
    titles = {item.requirement: item.title for item in judged}
    columns = (
        (Text("学校", "School"), 26),
        (Text("指标或要求", "Requirement"), 34),
        (Text("放宽条款", "Concession"), 40),
        (Text("按条款计入的数值", "Counted as"), 11),
        (Text("适用标准", "Standard"), 12),
        (Text("截止日期", "Until"), 12),
        (Text("是否有效", "In force"), 9),
        (Text("须履行的义务", "Duty"), 36),
        (Text("依据", "Source"), 30),
    )
    rows = [
        _concession(names.get(school, Text(school, school) if school else COUNTY), titles.get(key, Text(key, key)), one)
        for school, key, one in assessment.concessions
    ]
    note = Text(
        "仅凭放宽条款达标的项目，条款到期后须达到标准原值。", "What is met only by a concession must meet the full standard when it ends."
    )
    name, title = Text("放宽条款", "Concessions"), Text("凭放宽条款达标的项目", "Met only by concession")
    return sheet(assessment, name, title, columns, rows, lang, (note,))


def _concession(school: Text, title: Text, one: Concession) -> tuple[Entry, ...]:
    relaxed = with_unit(one.shown, one.unit) if one.shown else ""
    until = Cell(value=one.until) if one.until else Text("未规定", "not stated")
    return (school, title, one.title, one.counted, relaxed, until, Cell(value=one.in_force), one.duty, one.source.key)


def vetoes(assessment: Assessment, lang: str) -> Sheet:
    """Return the matters that alone decide against recognition, with what was found and by which document."""
    columns = ((Text("一票否决事项", "Veto"), 60), (Text("核查情况", "State"), 14), (Text("材料", "Document"), 40))
    rows = [(veto.title, VETO_STATES[veto.occurred], veto.document) for veto in assessment.vetoes]
    return sheet(assessment, Text("一票否决", "Vetoes"), Text("一票否决事项核查", "Vetoes"), columns, rows, lang)


def sources(assessment: Assessment, lang: str) -> Sheet:
    """Return every standard in use with its value and document, how sure it is, and who has checked it."""
    columns = (
        (Text("标准", "Standard"), 36),
        (Text("适用对象", "For"), 16),
        (Text("标准值", "Value"), 14),
        (Text("文件", "Document"), 44),
        (Text("文号", "Number"), 24),
        (Text("条目", "Item"), 24),
        (Text("自何日起", "Since"), 12),
        (Text("可信程度", "Confidence"), 34),
        (Text("核对情况", "Reviewed"), 22),
        (Text("适用地区", "Jurisdiction"), 10),
        (Text("键", "Key"), 34),
    )
    rows = [_ground(ground) for ground in grounds_of(assessment)]
    name, title = Text("依据与来源", "Sources"), Text("标准依据与来源", "Sources of the standards")
    return sheet(assessment, name, title, columns, rows, lang, (review_words(assessment),))


def _ground(ground: Ground) -> tuple[Entry, ...]:
    source, trust = ground.source, confidence_words(ground.source.confidence)
    return (
        ground.title,
        ground.selector,
        ground.value,
        source.title,
        source.number,
        source.item,
        Cell(value=source.day),
        trust,
        reviewed_words(source),
        jurisdiction_words(source.jurisdiction),
        source.key,
    )
