"""The words of every presenter: verdicts, comparators, severities, and the sentences made of them, in Chinese and English.

All presenters take them from here, so that a verdict reads the same on the page, in the report and in the terminal. One of the two
presenter modules that may calculate (the other is charts.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from junheng.workflow import Finding, Text
from junheng.workflow.views import Assessment, Concession, Evidence, Figure, Item, Limit, Part, Shortfall, Source, Unit

NO_DATA = Text("无数据", "no data")
NOTHING = Text("", "")

VERDICTS: Mapping[str, Text] = {
    "met": Text("达标", "Met"),
    "met_by_concession": Text("按放宽条款达标", "Met by concession"),
    "near": Text("未达标但不低于底线", "Below the standard, above the floor"),
    "partly": Text("基本合格", "Partly met"),
    "missed": Text("未达标", "Missed"),
    "no_data": NO_DATA,
    "needs_evidence": Text("待提交佐证材料", "Evidence needed"),
}
WHOLES: Mapping[str, Text] = {
    "met": Text("达标", "Met"),
    "missed": Text("未达标", "Not met"),
    "not_decided": Text("尚不能判定", "Not decided"),
}
# A verdict is never told by colour alone. Each sign is in every common Chinese font.
SIGNS: Mapping[str, str] = {
    "met": "✓",
    "met_by_concession": "◎",
    "near": "△",
    "partly": "◇",
    "missed": "×",
    "no_data": "—",
    "needs_evidence": "□",
    "not_decided": "—",
}
COMPARATORS: Mapping[str, Text] = {
    "at_least": Text("不低于", "at least"),
    "at_most": Text("不高于", "at most"),
    "above": Text("高于", "above"),
    "below": Text("低于", "below"),
    "equals": Text("等于", "equal to"),
}
COMPARATOR_SIGNS: Mapping[str, str] = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<", "equals": "="}
SEVERITIES: Mapping[str, Text] = {"error": Text("错误", "Error"), "warning": Text("存疑", "Doubtful"), "note": Text("提示", "Note")}
SIDES: Mapping[str, Text] = {
    "above": Text("高于平均", "above the mean"),
    "below": Text("低于平均", "below the mean"),
    "at": Text("等于平均", "at the mean"),
}
TURNS: Mapping[str, Text] = {
    "gained": Text("转为达标", "now met"),
    "lost": Text("转为未达标", "no longer met"),
    "same": Text("结论未变", "unchanged"),
    "new": Text("新增", "new"),
    "gone": Text("已无", "gone"),
    "unknown": Text("无法比较", "cannot be compared"),
}
CONCLUSIONS: Mapping[str, Text] = {
    "met": Text("达到", "met"),
    "partly": Text("基本达到", "partly met"),
    "missed": Text("未达到", "missed"),
}
VETO_STATES: Mapping[bool | None, Text] = {
    True: Text("已发生", "Occurred"),
    False: Text("未发生", "Did not occur"),
    None: Text("未核查", "Not checked"),
}
LABELS: Mapping[str, Text] = {
    "school": Text("学校", "School"),
    "kind": Text("办学类型", "Kind"),
    "stage": Text("学段", "Stage"),
    "district": Text("乡镇（街道）", "Township"),
    "urban_rural": Text("城乡类型", "Urban or rural"),
    "ownership": Text("办别", "Ownership"),
    "pupils": Text("在校生数", "Pupils"),
    "verdict": Text("结论", "Verdict"),
    "value": Text("实际值", "Value"),
    "standard": Text("标准", "Standard"),
    "short": Text("差额", "Shortfall"),
    "evidence": Text("佐证材料", "Evidence"),
    "spread": Text("差异系数", "Coefficient of variation"),
    "mean": Text("全县平均", "County mean"),
    "floor": Text("底线", "Floor"),
    "share": Text("占差异的份额", "Share of the spread"),
    "unknown": NO_DATA,
}
_GRADES: Mapping[str, Text] = {
    "O*": Text("官方文件，但只见于转载", "official, seen only in a secondary copy"),
    "O": Text("官方全国性文件或表式", "official national text or form"),
    "L": Text("地方做法", "local practice"),
    "M": Text("未经证实", "unconfirmed"),
}
NOT_JUDGED = Text("不参与判定", "Not judged")
NOT_REVIEWED = Text("尚未与原文核对", "not yet checked against the original")


def said(pattern_zh: str, pattern_en: str, /, **parts: Text | str | int) -> Text:
    """Return a sentence in both languages; `{name}` stands for a part, which may be a Text."""
    return Text(pattern_zh.format(**_in("zh", parts)), pattern_en.format(**_in("en", parts)))


def _in(lang: str, parts: Mapping[str, Text | str | int]) -> dict[str, str]:
    return {name: part.of(lang) if isinstance(part, Text) else str(part) for name, part in parts.items()}


def joined(texts: Iterable[Text], zh: str = "、", en: str = ", ") -> Text:
    """Return texts joined by the separator of each language."""
    kept = [text for text in texts if text.zh]
    return Text(zh.join(text.zh for text in kept), en.join(text.en for text in kept))


def day_words(day: date | None) -> Text:
    """Return a date as each language writes it; empty for None."""
    return NOTHING if day is None else Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B} {day.year}")


def school_year(year: int) -> Text:
    """Return the school year that starts in `year`: 2025—2026学年."""
    return Text(f"{year}—{year + 1}学年", f"school year {year}–{year + 1}")


def with_unit(shown: str, unit: Text) -> Text:
    """Return a shown number with its unit; 无数据 when there is none. In English a unit other than % stands after a space."""
    if not shown:
        return NO_DATA
    space = "" if not unit.en or unit.en[0] in "%‰°" else " "
    return Text(f"{shown}{unit.zh}", f"{shown}{space}{unit.en}")


def figure_words(figure: Figure | None) -> Text:
    """Return a figure with its unit, 无数据 when the value is unknown."""
    return NO_DATA if figure is None or figure.value is None else with_unit(figure.shown, figure.unit)


def limit_words(limit: Limit | None) -> Text:
    """Return a limit in words: 不低于4.2人; empty when there is none."""
    if limit is None:
        return NOTHING
    comparator = COMPARATORS[limit.comparator]
    value = with_unit(limit.shown, limit.unit)
    return Text(f"{comparator.zh}{value.zh}", f"{comparator.en} {value.en}")


def limit_short(limit: Limit | None) -> str:
    """Return a limit as in a table's head: ≥ 4.2; empty when there is none."""
    return "" if limit is None else f"{COMPARATOR_SIGNS[limit.comparator]} {limit.shown}"


def floor_words(limit: Limit | None) -> Text:
    """Return the floor of an item that may be near: 底线3.57人; empty when there is none."""
    if limit is None or not limit.near_shown:
        return NOTHING
    return said("底线{value}", "floor {value}", value=with_unit(limit.near_shown, limit.unit))


def shortfall_words(short: Shortfall | None) -> Text:
    """Return how much is lacking to the limit and to the floor; empty when nothing is."""
    if short is None or not (short.to_limit or short.to_floor):
        return NOTHING
    to_limit = said("距标准差{n}", "{n} to the standard", n=with_unit(short.to_limit, short.unit)) if short.to_limit else NOTHING
    to_floor = said("距底线差{n}", "{n} to the floor", n=with_unit(short.to_floor, short.unit)) if short.to_floor else NOTHING
    return joined((to_limit, to_floor), "，", ", ")


def grade(tag: str) -> str:
    """Return the first word of a confidence tag: O, O*, L or M."""
    return next(iter(tag.replace(",", " ").split()), "")


def confidence_words(tag: str) -> Text:
    """Return what a confidence tag says: "O* S2" is 官方文件，但只见于转载；2个来源 (S2 and "2 sources" are read alike)."""
    words = tag.replace(",", " ").split()
    grade = _GRADES.get(words[0]) if words else None
    count = next((digits for word in words[1:] if (digits := word.strip("S+")).isdigit()), "")
    sources = said("{n}个来源", "{n} independent source(s)", n=count) if count else NOTHING
    return joined((grade or Text(tag, tag), sources), "；", "; ")


def reviewed_words(source: Source) -> Text:
    """Return who has compared a value with the original text, and when; or that nobody has."""
    return said("已核对：{who}", "checked: {who}", who=source.reviewed) if source.reviewed else NOT_REVIEWED


def jurisdiction_words(code: str) -> Text:
    """Return where a standard holds: the nation, or the code of the province, city or county."""
    return Text("全国", "nation") if code == "cn" else Text(code, code)


def source_words(source: Source) -> Text:
    """Return a source in one line: 《…》（教督〔2017〕6号），2017年4月19日起; without the parts that are unknown."""
    number = said("（{n}）", " ({n})", n=source.number) if source.number else NOTHING
    since = said("，{day}起", ", since {day}", day=day_words(source.day)) if source.day else NOTHING
    return Text(f"《{source.title.zh}》{number.zh}{since.zh}", f"{source.title.en}{number.en}{since.en}")


def concession_words(concession: Concession) -> Text:
    """Return a concession with its end; one that has ended says so."""
    value = with_unit(concession.shown, concession.unit) if concession.shown else NOTHING
    until = day_words(concession.until)
    if concession.in_force:
        end = said("至{end}止", "until {end}", end=until) if until.zh else NOTHING
    else:
        end = said("已于{end}到期", "ended on {end}", end=until) if until.zh else Text("已失效", "no longer in force")
    rest = joined((value, end), "，", ", ")
    return joined((concession.title, rest), "：", ": ")


def whole_sentence(assessment: Assessment) -> Text:
    """Return the verdict on the county in one sentence, which claims no more than was judged."""
    patterns = {
        "met": ("按本次数据，各项要求均已达到", "On these data every requirement is met"),
        "missed": ("按本次数据，尚未达到全部要求", "On these data not every requirement is met"),
        "not_decided": ("现有数据不足以判定是否达到要求", "The data at hand do not decide it"),
    }
    return said(*patterns[assessment.verdict])


def obstacles(assessment: Assessment) -> tuple[Text, ...]:
    """Return what stands in the way, one sentence a matter, what is missed before what is unknown; empty when nothing does."""
    eligible = [sentence for item in assessment.eligibility if (sentence := _of_item(Text("申报条件", "Eligibility"), item)).zh]
    parts = [sentence for part in assessment.parts for sentence in part_obstacles(part)]
    return (*_vetoes(assessment, True), *eligible, *parts, *_vetoes(assessment, None))


def _vetoes(assessment: Assessment, state: bool | None) -> list[Text]:
    words = VETO_STATES[state]
    named = [veto.title for veto in assessment.vetoes if veto.occurred is state]
    return [said("一票否决事项{state}：{title}", "Veto, {state}: {title}", state=_within(words), title=title) for title in named]


def part_obstacles(part: Part) -> tuple[Text, ...]:
    """Return what keeps one part of the framework from being met."""
    if part.verdict == "met":
        return ()
    found = []
    if part.units_missed and not part.items:
        found.append(said("{part}：{n}所（学段）未达标", "{part}: {n} school stage(s) miss it", part=part.title, n=part.units_missed))
    if part.units_open and not part.items:
        found.append(said("{part}：{n}所（学段）尚不能判定", "{part}: {n} school stage(s) not decided", part=part.title, n=part.units_open))
    for verdict in ("missed", "near", "partly", "no_data", "needs_evidence"):
        items = [item for item in part.items if item.verdict == verdict]
        if items:
            names = joined((item_name(item) for item in items), "；", "; ")
            found.append(
                said(
                    "{part}：{n}项{verdict}（{names}）",
                    "{part}: {verdict}, {n} item(s): {names}",
                    part=part.title,
                    n=len(items),
                    verdict=_within(VERDICTS[verdict]),
                    names=names,
                )
            )
    return tuple(found)


def _within(text: Text) -> Text:
    return Text(text.zh, text.en.lower())


def _of_item(part: Text, item: Item) -> Text:
    if item.verdict in ("met", "met_by_concession"):
        return NOTHING
    return said(
        "{part}：{name}，{verdict}", "{part}: {name}, {verdict}", part=part, name=item_name(item), verdict=_within(VERDICTS[item.verdict])
    )


def evidence_words(evidence: Evidence) -> Text:
    """Return the conclusion of an item that has no number, with its document, day and office; a coded conclusion in words."""
    conclusion = CONCLUSIONS.get(evidence.conclusion, Text(evidence.conclusion, evidence.conclusion))
    parts = (Text(evidence.document, evidence.document), day_words(evidence.day), Text(evidence.office, evidence.office))
    return joined((conclusion, *parts), "，", ", ")


def item_name(item: Item) -> Text:
    """Return an item's title with its stage where it has one: 生均教学及辅助用房面积（小学）."""
    if not item.stage:
        return item.title
    return said("{title}（{stage}）", "{title} ({stage})", title=item.title, stage=item.stage_label)


def place_words(finding: Finding, *, goes_on: bool = True) -> Text:
    """Return where a finding was made, with a colon when the sentence goes on; empty when it is about no place."""
    place = Text(finding.place.of("zh"), finding.place.of("en"))
    if not place.zh:
        return NOTHING
    return said("{place}：", "{place}: ", place=place) if goes_on else place


def unit_name(unit: Unit) -> Text:
    """Return the name of a school's stage: 白马乡九年一贯制学校（初中）."""
    return Text(f"{unit.name}（{unit.stage_label.zh}）", f"{unit.name} ({unit.stage_label.en})")


def sources_of(assessment: Assessment) -> tuple[Source, ...]:
    """Return every source the assessment rests on, each once, in the order of first use."""
    limits = [item.limit for items in _items(assessment) for item in items if item.limit]
    limits += [spread.limit for spread in assessment.spreads if spread.limit]
    concessions = [item.concession for items in _items(assessment) for item in items if item.concession]
    concessions += [concession for _, _, concession in assessment.concessions]
    found = [assessment.source, *(limit.source for limit in limits), *(concession.source for concession in concessions)]
    seen: dict[tuple[str, date | None], Source] = {}
    for source in found:
        seen.setdefault((source.key, source.day), source)
    return tuple(seen.values())


def _items(assessment: Assessment) -> Iterator[tuple[Item, ...]]:
    yield assessment.eligibility
    yield from (part.items for part in assessment.parts)
    yield from (unit.items for unit in assessment.units)


def review_words(assessment: Assessment) -> Text:
    """Return how many of the standards' sources have been checked against the original text."""
    sources = sources_of(assessment)
    open_ones = [source for source in sources if not source.reviewed]
    if not open_ones:
        return said("所引{n}条标准均已与原文核对", "All {n} standards in use were checked against the original", n=len(sources))
    if len(open_ones) == len(sources):
        pattern = (
            "所引{n}条标准均未与原文核对，引用前请核对文件原文",
            "None of the {n} standards in use was checked against the original yet; compare before quoting",
        )
    else:
        pattern = (
            "所引{n}条标准中，{m}条未与原文核对，引用前请核对文件原文",
            "Of {n} standards in use {m} were not checked against the original yet; compare before quoting",
        )
    return said(*pattern, n=len(sources), m=len(open_ones))
