"""The sentences of the self-assessment: each says what the views hold and no more.

全部, 均 and 没有 are claims about every case. They appear only in `all_or_counts`, `units_sentence`, `vetoes_sentences` and `none_found`,
each of which looks at the exceptions first. Chinese only: the report is an official document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from junheng.present.basis import grounds_of
from junheng.present.report.origins import SHEET, traced
from junheng.present.report.wording import official_date
from junheng.present.wording import (
    TRIAL,
    VERDICTS,
    WHOLES,
    concession_words,
    figure_words,
    floor_words,
    has_not_applicable,
    is_count,
    item_name,
    limit_words,
    nobody_sent,
    obstacles,
    shortfall_words,
    unit_name,
)
from junheng.workflow import Text
from junheng.workflow.views import Assessment, Concession, Item, Part, Spread, SpreadPoint, Unit, Verdict, Veto

_FINE = ("met", "met_by_concession", "not_applicable")  # nothing is lacking
MOST_NAMED = 10
SCHOOLS_TABLE, SOURCES_TABLE = "各学校指标情况表", "标准依据与来源"


def tight(text: Text) -> str:
    """Return the Chinese text as official documents print it: no space between figures and Chinese, and no “/生” after the unit.

    The titles of such figures begin with 生均 or 每百名学生 and say it already.
    """
    return re.sub(r" (?=[^\x00-\x7f])|(?<=[^\x00-\x7f]) |(?<=[㎡元人间台册套])/百?生(?!·)", "", text.zh)


def is_spread(item: Item, assessment: Assessment) -> bool:
    """Return whether the item is a coefficient of variation, which has a section and an annex of its own."""
    return item.figure is not None and any(item.figure.id == spread.cv.id for spread in assessment.spreads)


def place_words(assessment: Assessment, school: str, requirement: str) -> tuple[str, str]:
    """Return the names of whom and what a concession serves; each may come as a code or as a name, and "" is the county."""
    names = {unit.school: unit.name for unit in assessment.units}
    judged = chain(*(unit.items for unit in assessment.units), *(part.items for part in assessment.parts))
    titles = {item.requirement: item.title.zh for item in judged}
    return (names.get(school, school) or "全县", titles.get(requirement, requirement))


def sentence(*parts: str) -> str:
    """Return parts joined by commas and closed by one full stop; empty parts fall out."""
    kept = [part.rstrip("。；，") for part in parts if part]
    return f"{'，'.join(kept)}。" if kept else ""


def named(names: Sequence[str], what: str = "所", more: str = f"“{SCHOOLS_TABLE}”") -> str:
    """Return at most ten names, how many there are and where the rest stand: 甲校、乙校等12所，其余见“各学校指标情况表”."""
    listed = "、".join(names[:MOST_NAMED])
    return f"{listed}等{len(names)}{what}，其余见{more}" if len(names) > MOST_NAMED else listed


def basis_sentence(assessment: Assessment) -> str:
    """Return what was judged, by which document and on which day."""
    source = assessment.source
    number = f"（{source.number}）" if source.number else ""
    when = official_date(assessment.day)
    subject = f"{assessment.name.zh}{assessment.title.zh.removeprefix('县域')}"
    return f"按照《{source.title.zh}》{number}，以{when}为统计时点，对{subject}情况逐项进行了核算。现将结果报告如下。"


def facts_sentence(assessment: Assessment) -> str:
    """Return the county's facts as one sentence; what is unknown is said to be."""
    facts = [f"{label.zh}{shown}{unit.zh}" if shown else f"{label.zh}无数据" for label, shown, unit in assessment.facts]
    return sentence(f"截至{official_date(assessment.day)}", *facts) if facts else "本次数据未包含县域基本情况。"


def scope_sentences(assessment: Assessment) -> tuple[str, ...]:
    """Return how many school stages were judged, and which were not and why; nothing for a framework that judges no schools."""
    judged = [unit for unit in assessment.units if unit.judged]
    reasons: dict[str, list[str]] = {}
    if not assessment.units and any(part.items for part in assessment.parts):
        return ()
    for unit in assessment.units:
        if not unit.judged:
            reasons.setdefault(unit.reason.zh or "原因未注明", []).append(unit.name)
    if not judged:
        return ("本次没有可以逐校判定的学校数据。",)
    first = f"纳入逐校判定的共{len(judged)}个校·学段（一贯制学校按学段分别计，下同）。"
    return (first, *(f"未纳入判定{len(names)}所：{named(names)}，{reason}。" for reason, names in reasons.items()))


def conclusion_sentences(assessment: Assessment) -> tuple[str, ...]:
    """Return the verdict on the county; "met" is said only when nothing stands in the way, and never as more than these data show."""
    matters = obstacles(assessment)
    if not assessment.applies:
        first = f"该标准在当地不施行，以下为{TRIAL.zh}。"
    elif assessment.verdict == "met" and not matters:
        narrowed = "适用的" if has_not_applicable(assessment) else ""
        first = f"按本次数据核算，{assessment.title.zh}{narrowed}各项要求均已达到。"
    elif assessment.verdict == "missed":
        first = f"按本次数据核算，尚未达到{assessment.title.zh}的各项要求。"
    else:
        first = f"按现有数据，尚不能判定是否达到{assessment.title.zh}的各项要求。"
    return tuple(part for part in (f"{first}{_open_words(assessment)}", _unreviewed(assessment)) if part)


def _open_words(assessment: Assessment) -> str:
    """Return how many conditions, items, school stages and vetoes are missed or open; empty when none is."""
    items = [item for part in assessment.parts for item in part.items]
    groups = (
        ("申报条件", "项", [item for item in assessment.eligibility if item.verdict not in _FINE]),
        ("县级各项", "项", [item for item in items if item.verdict not in _FINE]),
        ("学校", "个校·学段", [unit for unit in assessment.units if unit.judged and unit.verdict != "met"]),
        ("一票否决事项", "项", [veto for veto in assessment.vetoes if veto.occurred is not False]),
    )
    counts = [f"{what}{len(found)}{unit}" for what, unit, found in groups if found]
    return f"未达到或待定的有：{'、'.join(counts)}（项目分学段的按学段计）。" if counts else ""


def _unreviewed(assessment: Assessment) -> str:
    """Return the caution that stands as long as a value in use has not been compared with the original text."""
    waiting = [ground for ground in grounds_of(assessment) if not ground.source.reviewed]
    if not waiting:
        return ""
    return f"所依据的标准中有{len(waiting)}条尚未与文件原文核对（见“{SOURCES_TABLE}”），核对完成前，以上判定仅供内部研究。"


def all_or_counts(counts: Mapping[Verdict, int] | Mapping[str, int], what: str = "项", words: Mapping[str, Text] = VERDICTS) -> str:
    """Return "共9项，均达标" only when each of them is met without help; otherwise how many stand where, in the words of `verdicts_of`."""
    known = {str(verdict): number for verdict, number in counts.items() if number}
    total = len([None for number in known.values() for _ in range(number)])
    shares = [f"{words[verdict].zh}{known[verdict]}{what[:1]}" for verdict in words if verdict in known]
    if not total:
        return "没有可判定的数据"
    if set(known) == {"met"}:
        met = words["met"].zh
        return f"该项{met}" if total == 1 else f"共{total}{what}，均{met}"
    return f"共{total}{what}，其中{'，'.join(shares)}"


def units_sentence(part: Part, words: Mapping[str, Text] = WHOLES) -> str:
    """Return how many school stages meet a part, in the words of `wholes_of`; 全部达标 only when none misses it and none is open."""
    met, missed, unknown = part.units_met, part.units_missed, part.units_open
    if not (met or missed or unknown):
        return "没有可判定的数据。"
    if not (missed or unknown):
        return f"纳入判定的{met}个校·学段全部{words['met'].zh}。"
    shares = [f"{words['met'].zh}{met}个", f"{words['missed'].zh}{missed}个" if missed else ""]
    return sentence("纳入判定的校·学段中", *shares, f"因数据不全尚不能判定{unknown}个" if unknown else "")


def lack_words(item: Item) -> str:
    """Return how far an item is from its standard: what is lacking, or by how much an upper limit is passed."""
    words = tight(shortfall_words(item.short))
    upper = item.limit is not None and item.limit.comparator in ("at_most", "below")
    return words.replace("距标准差", "超出标准").replace("距底线差", "超出底线") if upper else words


def item_sentence(item: Item, words: Mapping[str, Text] = VERDICTS) -> str:
    """Return one item: its value, its limit, its verdict in the words of `verdicts_of`, what is lacking and where."""
    name, verdict, bound = item_name(item).zh, words[item.verdict].zh, tight(limit_words(item.limit))
    rest = [lack_words(item), f"涉及{named(item.failing)}" if item.failing else "", item.note.zh]
    if item.figure is None:
        return sentence(f"{name}：{verdict}", *rest)
    if item.verdict == "not_applicable":
        return sentence(f"{name}：{verdict}", item.note.zh)
    if item.figure.value is None:
        return sentence(f"{name}：无数据，无法与标准{f'（{bound}）' if bound else ''}比较", *rest)
    value = tight(figure_words(item.figure))
    if nobody_sent(item.figure):
        return sentence(f"{name}：{value}")
    if is_count(item.figure):
        unknown = f"{item.figure.missing}个无数据" if item.figure.missing else ""
        return sentence(f"{name}{f'（标准{bound}）' if bound else ''}：{value}", unknown, verdict, *rest)
    return sentence(f"{name}：实际值{value}", f"标准{bound}" if bound else "", verdict, *rest)


def unit_sentence(unit: Unit, words: Mapping[str, Text] = VERDICTS) -> str:
    """Return what one school's stage lacks: the items that are not met, with value, standard and distance; what is unknown together."""
    below = [_lack(item, words) for item in unit.items if item.verdict not in (*_FINE, "no_data")]
    unknown = unknown_words(unit)
    lacking = [*below, *([unknown] if unknown else [])]
    return f"{unit_name(unit).zh}：{'；'.join(lacking)}。" if lacking else f"{unit_name(unit).zh}：各项均{words['met'].zh}。"


def unknown_words(unit: Unit) -> str:
    """Return which items of a school's stage have no data: 甲、乙无数据, or 7项指标均无数据; empty when all are known."""
    titles = [item.title.zh for item in unit.items if item.verdict == "no_data"]
    if titles and not unit.items[len(titles) :]:
        return f"{len(titles)}项指标均无数据"
    return f"{'、'.join(titles)}无数据" if titles else ""


def _lack(item: Item, words: Mapping[str, Text]) -> str:
    if item.figure is None or item.figure.value is None:
        return f"{item.title.zh}{words[item.verdict].zh}"
    floor = tight(floor_words(item.limit))
    bounds = "，".join(part for part in (tight(limit_words(item.limit)), floor) if part)
    lacking = lack_words(item)
    return f"{item.title.zh}{tight(figure_words(item.figure))}（标准{bounds}）{'，' if lacking else ''}{lacking}"


def spread_sentences(spreads: Iterable[Spread], stage: str, words: Mapping[str, Text] = VERDICTS) -> tuple[str, ...]:
    """Return the coefficients of one stage: how many hold, which do not and which schools make them, which are unknown and why."""
    mine = [spread for spread in spreads if spread.stage == stage]
    counts: dict[Verdict, int] = {}
    for spread in mine:
        counts[spread.verdict] = len([None for other in mine if other.verdict == spread.verdict])
    if not mine:
        return ()
    first = sentence(f"{mine[0].stage_label.zh}差异系数{all_or_counts(counts, words=words)}")
    return (first, *(_gap(spread, words) for spread in mine if spread.verdict not in _FINE))


def _gap(spread: Spread, words: Mapping[str, Text]) -> str:
    if spread.cv.value is None:
        lacking = f"缺{named(spread.missing)}的数据" if spread.missing else "数据不全"
        return sentence(f"{spread.title.zh}：{lacking}，差异系数无法计算")
    limit = f"，标准{tight(limit_words(spread.limit))}" if spread.limit else ""
    first = f"{spread.title.zh}差异系数为{spread.cv.shown}{limit}，{words[spread.verdict].zh}"
    return sentence(first, f"差距主要来自{makers_words(spread)}" if spread.points else "")


def makers_words(spread: Spread, most: int = 3) -> str:
    """Return the schools with the largest shares of the squared coefficient: 某校（高于平均，占42.1%）."""
    return "、".join(_maker(point) for point in spread.points[:most])


def _maker(point: SpreadPoint) -> str:
    side = {"above": "高于平均", "below": "低于平均", "at": "等于平均"}[point.side]
    return f"{point.name}（{side}，占{point.share_shown}%）"


def concession_sentence(school: str, title: str, concession: Concession) -> str:
    """Return what is met only by a concession, until when, and what is owed; one that has ended is said not to hold."""
    duty = f"须履行的义务：{concession.duty.zh}" if concession.duty.zh else ""
    ended = "" if concession.in_force else "该条款已失效，不得再作为达标依据"
    return sentence(f"{school}“{title}”适用{tight(concession_words(concession))}", ended, duty)


def vetoes_sentences(vetoes: Sequence[Veto]) -> tuple[str, ...]:
    """Return the vetoes; 均未发生 only when each was checked and none occurred."""
    if not vetoes:  # the framework has none
        return ()
    if all(veto.occurred is False for veto in vetoes):
        return (f"所列{len(vetoes)}项一票否决事项经核查均未发生。",)
    groups = ((True, "已发生"), (None, "未核查"), (False, "经核查未发生"))
    listed = [(word, [veto.title.zh for veto in vetoes if veto.occurred is state]) for state, word in groups]
    return tuple(f"{word}{len(titles)}项：{'；'.join(titles)}。" for word, titles in listed if titles)


def none_found(found: Sequence[object], words: str) -> str:
    """Return `words`, a sentence that nothing was found, only when nothing was."""
    return "" if found else words


def findings_sentence(assessment: Assessment) -> str:
    """Return how many findings of each kind the data carry."""
    kinds = (("error", "错误"), ("warning", "存疑"), ("note", "提示"))
    counts = [(word, [one for one in assessment.findings if one.severity == kind]) for kind, word in kinds]
    listed = "、".join(f"{word}{len(found)}条" for word, found in counts if found)
    if listed:
        return f"数据检查结果：{listed}，明细见随附工作簿“数据问题清单”。"
    return none_found(assessment.findings, "数据检查未提出问题；检查只覆盖已设定的规则，不等于数据无误。")


def missing_sentence(assessment: Assessment) -> str:
    """Return who has sent nothing and whose values are missing: missing is not zero, and is named."""
    silent = [name or code for code, name in assessment.not_sent]
    lacking = [unit_name(unit).zh for unit in assessment.units if any(item.verdict == "no_data" for item in unit.items)]
    told = f"尚未报送的有{named(silent, more='工作簿“未报送学校”')}。" if silent else ""
    told = f"{told}缺报数据的有{named(lacking)}。" if lacking else told
    return f"{told}缺报数据未按零计算，相应指标按“无数据”处理。" if told else ""


def origins_sentence(assessment: Assessment) -> str:
    """Return how far the figures can be followed back: to the cells of the files only where those are known."""
    where = f"见随附工作簿“{SHEET.zh}”"
    return {
        "all": f"各数值取自原始报表的单元格，{where}。",
        "some": f"部分数值可追溯到原始报表的单元格，其余取自本单位的数据表，{where}。",
        "none": f"各数值取自本单位的数据表，{where}；没有记录原始报表的单元格。" if assessment.explanations else "",
    }[traced(assessment)]
