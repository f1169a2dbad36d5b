"""The words of every presenter: verdicts, comparators, severities, and the sentences made of them, in Chinese and English.

All presenters take them from here, so that a verdict reads the same on the page, in the report and in the terminal. One of the two
presenter modules that may calculate (the other is charts.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from junheng.workflow import Finding, Text
from junheng.workflow.views import Assessment, Concession, Evidence, Figure, Item, Limit, Part, Shortfall, Source, Unit

NO_DATA = Text("无数据", "no data")
NOT_APPLICABLE = Text("不适用", "not applicable")  # known to be none, unlike no data
NOTHING = Text("", "")

VERDICTS: Mapping[str, Text] = {
    "met": Text("达标", "Met"),
    "met_by_concession": Text("按放宽条款达标", "Met by concession"),
    "near": Text("未达标但不低于底线", "Below the standard, above the floor"),
    "partly": Text("基本合格", "Partly met"),
    "missed": Text("未达标", "Missed"),
    "no_data": NO_DATA,
    "needs_evidence": Text("待提交佐证材料", "Evidence needed"),
    "not_applicable": Text("不适用", "Not applicable"),
}
WHOLES: Mapping[str, Text] = {
    "met": Text("达标", "Met"),
    "missed": Text("未达标", "Not met"),
    "not_decided": Text("尚不能判定", "Not decided"),
    "not_applicable": VERDICTS["not_applicable"],  # of a part only
}
# Where a standard is not in force its values are no more than points of reference: nobody is named as failing by them.
TRIAL = Text("测算示例，不作结论", "A trial sum, no conclusion")
_REACHED, _NOT_REACHED = Text("达到参照值", "At the reference value"), Text("未达到参照值", "Not at the reference value")
TRIAL_VERDICTS: Mapping[str, Text] = {
    "met": _REACHED,
    "met_by_concession": Text("按放宽条款达到参照值", "At the reference value by concession"),
    "near": Text("未达到参照值但不低于底线", "Below the reference value, above the floor"),
    "partly": Text("部分达到参照值", "Partly at the reference value"),
    "missed": _NOT_REACHED,
    "no_data": NO_DATA,
    "needs_evidence": VERDICTS["needs_evidence"],
    "not_applicable": VERDICTS["not_applicable"],
}
TRIAL_WHOLES: Mapping[str, Text] = {
    "met": _REACHED,
    "missed": _NOT_REACHED,
    "not_decided": Text("数据不足", "Too few data"),
    "not_applicable": VERDICTS["not_applicable"],
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
    "not_applicable": "／",
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
_LEVELS = dict(zip("123456", "ⅠⅡⅢⅣⅤⅥ", strict=True))
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
    """Return a shown number with its unit; 无数据 when there is none. In English a unit other than % stands after a space.

    Levels of the national monitoring are written as its reports do: Ⅲ级; pupils a teacher as documents do beside the number: 1∶15.
    """
    if not shown:
        return NO_DATA
    if unit.zh == "级":
        level = _LEVELS.get(shown, shown)
        return Text(f"{level}级", f"level {level}")
    if unit.zh == "人/师":
        return Text(f"{shown}人/师（1∶{shown}）", f"{shown} {unit.en} (1:{shown})")
    space = "" if not unit.en or unit.en[0] in "%‰°" else " "
    return Text(f"{shown}{unit.zh}", f"{shown}{space}{unit.en}")


def figure_words(figure: Figure | None) -> Text:
    """Return a figure with its unit; 无数据 when unknown or none of those counted sent theirs, 不适用 when known to be about none."""
    if figure is None or figure.value is None:
        return NOT_APPLICABLE if figure and figure.absent.zh else NO_DATA
    if nobody_sent(figure):
        return said("无数据（{n}{u}均未报）", "no data (none of {n} sent it)", n=figure.missing, u=figure.unit.zh.removesuffix("达到"))
    return with_unit(figure.shown, figure.unit)


def is_count(figure: Figure | None) -> bool:
    """Return whether a figure counts the schools that meet an item: 58/70. It opens no trail of its own."""
    return figure is not None and not figure.id and "/" in figure.shown


def nobody_sent(figure: Figure | None) -> bool:
    """Return whether a figure counts schools of which not one sent its data: 0 of 290 is then no zero."""
    return figure is not None and is_count(figure) and figure.shown == f"0/{figure.missing}"


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
    value = _relaxed(concession)
    until = day_words(concession.until)
    if concession.in_force:
        end = said("至{end}止", "until {end}", end=until) if until.zh else NOTHING
    else:
        end = said("已于{end}到期", "ended on {end}", end=until) if until.zh else Text("已失效", "no longer in force")
    rest = joined((value, end), "，", ", ")
    return joined((concession.title, rest), "：", ": ")


def _relaxed(concession: Concession) -> Text:
    """Return what a concession changes: the figure that is counted, beside the standard that stays, or the standard itself."""
    if not concession.shown:
        return NOTHING
    limit = with_unit(concession.shown, concession.unit)
    if concession.counted:
        return said("按放宽条款计{n}，标准{limit}", "counted as {n} under it, standard {limit}", n=concession.counted, limit=limit)
    return said("放宽后标准{limit}", "standard relaxed to {limit}", limit=limit)


def verdicts_of(assessment: Assessment) -> Mapping[str, Text]:
    """Return the words of verdicts on items: neutral ones where the standard is not in force."""
    return VERDICTS if assessment.applies else TRIAL_VERDICTS


def wholes_of(assessment: Assessment) -> Mapping[str, Text]:
    """Return the words of verdicts on schools and parts: neutral ones where the standard is not in force."""
    return WHOLES if assessment.applies else TRIAL_WHOLES


def outcome(assessment: Assessment) -> Text:
    """Return the one outcome that every paper prints of a county; none where the standard is not in force."""
    return WHOLES[assessment.verdict] if assessment.applies else TRIAL


def outcome_kind(assessment: Assessment) -> str:
    """Return by which sign and colour the outcome is shown."""
    return assessment.verdict if assessment.applies else "not_decided"


def whole_sentence(assessment: Assessment) -> Text:
    """Return the verdict on the county in one sentence, which claims no more than was judged."""
    if not assessment.applies:
        return said("该标准在当地不施行，{trial}", "That standard is not in force there: {trial}", trial=_within(TRIAL))
    patterns = {
        "met": ("按本次数据，各项要求均已达到", "On these data every requirement is met"),
        "met_where_applicable": ("按本次数据，适用的各项要求均已达到", "On these data every requirement that applies is met"),
        "missed": ("按本次数据，尚未达到全部要求", "On these data not every requirement is met"),
        "not_decided": ("现有数据不足以判定是否达到要求", "The data at hand do not decide it"),
    }
    narrowed = assessment.verdict == "met" and has_not_applicable(assessment)
    return said(*patterns["met_where_applicable" if narrowed else assessment.verdict])


def has_not_applicable(assessment: Assessment) -> bool:
    """Return whether an item does not apply: "every requirement" would then say too much."""
    return any(item.verdict == "not_applicable" for part in assessment.parts for item in part.items)


def obstacles(assessment: Assessment) -> tuple[Text, ...]:
    """Return what stands in the way, one sentence a matter, what is missed before what is unknown; empty when nothing does."""
    words = verdicts_of(assessment)
    eligible = [sentence for item in assessment.eligibility if (sentence := _of_item(Text("申报条件", "Eligibility"), item, words)).zh]
    parts = [sentence for part in assessment.parts for sentence in part_obstacles(part, words)]
    return (*_vetoes(assessment, True), *eligible, *parts, *_vetoes(assessment, None))


def _vetoes(assessment: Assessment, state: bool | None) -> list[Text]:
    words = VETO_STATES[state]
    named = [veto.title for veto in assessment.vetoes if veto.occurred is state]
    return [said("一票否决事项{state}：{title}", "Veto, {state}: {title}", state=_within(words), title=title) for title in named]


def part_obstacles(part: Part, words: Mapping[str, Text] = VERDICTS) -> tuple[Text, ...]:
    """Return what keeps one part of the framework from being met, in the words of `verdicts_of`."""
    if part.verdict in ("met", "not_applicable"):
        return ()
    found = []
    for number, stands in ((part.units_missed, words["missed"]), (part.units_open, WHOLES["not_decided"])):
        if number and not part.items:
            patterns = "{part}：{n}个校·学段{verdict}", "{part}: {verdict}, {n} school stage(s)"
            found.append(said(*patterns, part=part.title, n=number, verdict=_within(stands)))
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
                    verdict=_within(words[verdict]),
                    names=names,
                )
            )
    return tuple(found)


def _within(text: Text) -> Text:
    return Text(text.zh, text.en.lower())


def _of_item(part: Text, item: Item, words: Mapping[str, Text]) -> Text:
    if item.verdict in ("met", "met_by_concession", "not_applicable"):
        return NOTHING
    return said(
        "{part}：{name}，{verdict}", "{part}: {name}, {verdict}", part=part, name=item_name(item), verdict=_within(words[item.verdict])
    )


def evidence_words(evidence: Evidence) -> Text:
    """Return the conclusion of an item that has no number, with its document, day and office; a coded conclusion in words."""
    conclusion = CONCLUSIONS.get(evidence.conclusion, Text(evidence.conclusion, evidence.conclusion))
    parts = (Text(evidence.document, evidence.document), day_words(evidence.day), Text(evidence.office, evidence.office))
    return joined((conclusion, *parts), "，", ", ")


def information_words(item: Item) -> Text:
    """Return the figures shown beside an evidence item, which decide nothing; empty when there are none."""
    figures = [said("{label}{value}", "{label} {value}", label=one.label, value=_with_missing(one)) for one in item.information]
    if not figures:
        return NOTHING
    return said("数据测算（仅供参考）：{f}", "Computed, for information: {f}", f=joined(figures, "；", "; "))


def _with_missing(figure: Figure) -> Text:
    lacking = said("（缺{n}处）", " ({n} missing)", n=figure.missing) if figure.value is None and figure.missing else NOTHING
    return joined((figure_words(figure), lacking), "", "")


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
