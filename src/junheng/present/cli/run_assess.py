"""The commands assess and report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command
from junheng.present.contents import enter
from junheng.present.documents import Step, write_all
from junheng.present.foresight_documents import PAGE, write_foresight
from junheng.present.wording import (
    SIGNS,
    concession_words,
    figure_words,
    item_name,
    limit_short,
    limit_words,
    outcome,
    shortfall_words,
    verdicts_of,
    whole_sentence,
    wholes_of,
)
from junheng.workflow import StoreError, Text
from junheng.workflow.assess import assess_all
from junheng.workflow.foresee import foresee
from junheng.workflow.views import Assessment, Item, Part, Spread
from junheng.workflow.views.foresight import Foresight

_MOST_SCHOOLS = 15
_MOST_NAMES = 3
_MOST_CAUSES = 5
_LACKING = ("missed", "near", "partly")
_NAMED = ("no_data", "needs_evidence", "not_applicable")
_FORESIGHT = "foresight"  # the folder of the forecast's documents within those of the year
DRAWS = 2000


def assess(terminal: Terminal, folder: Path, year: int | None, framework: str | None) -> int:
    """Judge a school year by the framework asked for, or by each that the authority names, and print the scorecards."""
    with terminal.progress() as step:
        assessments = assess_all(folder, year, framework, progress=step)
    for assessment in assessments:
        show_assessment(terminal, assessment)
    first = assessments[0]
    figure = next(_figures(first), "")
    steps = [(command("report", folder), Text("写出表册、报告和网页", "write forms, reports and the page"))]
    if figure:
        steps.append((command("explain", folder, figure), Text("看一个数的来历", "how a figure comes about")))
    terminal.next(*steps)
    terminal.data(assessments)
    return DONE


def _figures(assessment: Assessment) -> Iterator[str]:
    """Yield the ids of figures worth opening: of schools that miss, then of anything."""
    units = sorted(assessment.units, key=lambda unit: unit.verdict != "missed")
    items = [*(item for unit in units for item in unit.items), *(item for part in assessment.parts for item in part.items)]
    for item in sorted(items, key=lambda item: item.verdict not in _LACKING):
        if item.figure and item.figure.shown:
            yield item.figure.id


def show_assessment(terminal: Terminal, assessment: Assessment) -> None:
    """Print the verdict, its parts, what misses and by how much, the spread, and what passes only by concession."""
    name, title = assessment.name, assessment.title
    terminal.title(Text(f"{name.zh} {assessment.year}学年 · {title.zh}", f"{name.en} {assessment.year} · {title.en}"))
    if assessment.note.zh:
        terminal.say(assessment.note)
    whole, sentence = outcome(assessment), whole_sentence(assessment)
    terminal.say(Text(f"结论：{whole.zh}。{sentence.zh}。", f"Verdict: {whole.en}. {sentence.en}."))
    _parts(terminal, assessment)
    _items(terminal, assessment)
    _open(terminal, assessment)
    _units(terminal, assessment)
    _spreads(terminal, assessment)
    _concessions(terminal, assessment)
    doubtful = [one for one in assessment.findings if one.severity != "note"]
    if doubtful:
        terminal.heading(Text("数据中的问题", "Findings in the data"))
    terminal.findings(doubtful, most=_MOST_CAUSES)


def _parts(terminal: Terminal, assessment: Assessment) -> None:
    lang = terminal.lang
    wholes, verdicts = wholes_of(assessment), verdicts_of(assessment)
    rows = [
        (part.title.of(lang), wholes[part.verdict].of(lang), _stands(part, verdicts).of(lang), part.rule.of(lang))
        for part in assessment.parts
    ]
    columns = (Text("部分", "Part"), Text("结论", "Verdict"), Text("情况", "Stands"), Text("规则", "Rule"))
    terminal.table(Text("各部分", "Parts"), columns, rows, whole=(1,))


def _stands(part: Part, verdicts: Mapping[str, Text]) -> Text:
    """Return how many items, or schools, of a part stand where."""
    if not part.items:
        return Text(
            f"{part.units_met}所达到，{part.units_missed}所未达到，{part.units_open}所待定",
            f"{part.units_met} schools meet it, {part.units_missed} miss it, {part.units_open} open",
        )
    counts = [(verdicts[verdict], count) for verdict, count in part.counts.items() if count]
    return Text("，".join(f"{word.zh}{count}" for word, count in counts), ", ".join(f"{word.en.lower()} {count}" for word, count in counts))


def _items(terminal: Terminal, assessment: Assessment) -> None:
    """Print the items of the county that are not met, with their figures and limits."""
    lang = terminal.lang
    items = [*assessment.eligibility, *(item for part in assessment.parts for item in part.items)]
    verdicts = verdicts_of(assessment)
    rows = list(dict.fromkeys(_item(item, lang, verdicts) for item in items if item.verdict in _LACKING))  # a condition may repeat an item
    columns = (Text("条目", "Item"), Text("现状", "Stands"), Text("要求", "Required"), Text("结论", "Verdict"))
    terminal.table(Text("未达标的条目", "Items that are not met"), columns, rows, whole=(3,))


def _item(item: Item, lang: str, verdicts: Mapping[str, Text]) -> tuple[str, ...]:
    stands = figure_words(item.figure).of(lang) if item.figure else ""
    return (
        f"{item_name(item).of(lang)}{_failing(item).of(lang)}",
        stands,
        limit_words(item.limit).of(lang),
        verdicts[item.verdict].of(lang),
    )


def _failing(item: Item) -> Text:
    """Return the first schools that miss an item, in brackets; nothing where there are none."""
    names, count = item.failing[:_MOST_NAMES], len(item.failing)
    if not names:
        return Text("", "")
    more = Text(f"等{count}所", f" … {count} in all") if item.failing[_MOST_NAMES:] else Text("", "")
    return Text(f"（{'、'.join(names)}{more.zh}）", f" ({', '.join(names)}{more.en})")


def _open(terminal: Terminal, assessment: Assessment) -> None:
    """Print what could not be judged, and what does not apply: by kind, the number of items and the first names."""
    items = [*assessment.eligibility, *(item for part in assessment.parts for item in part.items)]
    for verdict in _NAMED:
        names = list(dict.fromkeys(item.title for item in items if item.verdict == verdict))
        if names:
            _named(terminal, verdicts_of(assessment)[verdict], names, Text("项", " items"))
    unknown = [veto.title for veto in assessment.vetoes if veto.occurred is None]
    if unknown:
        _named(terminal, Text("一票否决事项未核查", "Vetoes not checked"), unknown, Text("项", ""))
    occurred = [veto.title for veto in assessment.vetoes if veto.occurred]
    if occurred:
        _named(terminal, Text("一票否决事项已发生", "Vetoes that occurred"), occurred, Text("项", ""))


def _named(terminal: Terminal, what: Text, names: Sequence[Text], unit: Text) -> None:
    count = len(names)
    shown = names[:_MOST_NAMES]
    zh, en = "；".join(name.zh for name in shown), "; ".join(name.en for name in shown)
    more = Text("等", " …") if names[_MOST_NAMES:] else Text("", "")
    terminal.say(Text(f"{what.zh}{count}{unit.zh}：{zh}{more.zh}", f"{what.en}, {count}{unit.en}: {en}{more.en}"))


def _units(terminal: Terminal, assessment: Assessment) -> None:
    lang = terminal.lang
    missing = [unit for unit in assessment.units if unit.judged and unit.verdict == "missed"]
    rows = [
        (
            unit.name,
            unit.stage_label.of(lang),
            f"{unit.met}/{unit.of}",
            "\n".join(_short(item, lang) for item in unit.items if item.verdict in _LACKING),
        )
        for unit in missing[:_MOST_SCHOOLS]
    ]
    columns = (Text("学校", "School"), Text("学段", "Stage"), Text("达标项", "Met"), Text("差在哪里", "What is lacking"))
    terminal.table(Text("未达到的学校", "Schools that miss it"), columns, rows, whole=(1, 2))
    count = len(missing)
    if missing[_MOST_SCHOOLS:]:
        terminal.say(Text(f"……共{count}所，全部名单见表册和网页。", f"… {count} in all: see the workbook and the page."))


def _short(item: Item, lang: str) -> str:
    value = item.figure.shown if item.figure else ""
    lack = shortfall_words(item.short).of(lang)
    return " ".join(part for part in (item.title.of(lang), value, f"({limit_short(item.limit)})", lack) if part)


def _spreads(terminal: Terminal, assessment: Assessment) -> None:
    """Print the coefficients, an indicator a row and a stage a column, then which schools make those that miss their limit."""
    lang = terminal.lang
    stages = list(dict.fromkeys(spread.stage_label for spread in assessment.spreads))
    titles = list(dict.fromkeys(spread.title for spread in assessment.spreads))
    found = {(spread.title, spread.stage_label): spread for spread in assessment.spreads}
    rows = [(title.of(lang), *(_coefficient(found.get((title, stage))) for stage in stages)) for title in titles]
    columns = [Text("指标", "Indicator"), *(_with_limit(stage, assessment.spreads) for stage in stages)]
    terminal.table(Text("校际差异系数", "Spread between schools"), columns, rows, right=range(1, len(columns)))
    for spread in assessment.spreads:
        if spread.verdict == "missed":
            terminal.say(_makers(spread))
    if any(not spread.cv.shown for spread in assessment.spreads):
        reason = Text("—：有学校缺数据，不计算该项差异系数。", "—: not known, for some school has no data.")
        terminal.say(reason)


def _coefficient(spread: Spread | None) -> str:
    return f"{spread.cv.shown} {SIGNS[spread.verdict]}" if spread and spread.cv.shown else "—"


def _with_limit(stage: Text, spreads: Sequence[Spread]) -> Text:
    limits = " / ".join(dict.fromkeys(limit_short(spread.limit) for spread in spreads if spread.stage_label == stage))
    return Text(f"{stage.zh} {limits}", f"{stage.en} {limits}")


def _makers(spread: Spread) -> Text:
    points = [point for point in spread.points[:_MOST_NAMES] if point.share_shown]
    zh = "、".join(f"{point.name} {point.share_shown}%" for point in points)
    en = ", ".join(f"{point.name} {point.share_shown}%" for point in points)
    return Text(
        f"× {spread.title.zh}（{spread.stage_label.zh}）差距主要来自：{zh}",
        f"× {spread.title.en} ({spread.stage_label.en}), made mostly by: {en}",
    )


def _concessions(terminal: Terminal, assessment: Assessment) -> None:
    if assessment.concessions:
        terminal.heading(Text("靠放宽条款达标", "Met only by concession"))
    for school, item, concession in assessment.concessions:
        words = concession_words(concession)
        terminal.say(Text(f"{school or '全县'}：{item}。{words.zh}", f"{school or 'the county'}: {item}. {words.en}"))


def report(terminal: Terminal, folder: Path, year: int | None, framework: str | None, out: Path | None) -> int:
    """Write every document of a school year, the forecast's among them, and list the files; one framework alone needs no forecast."""
    with terminal.progress() as step:
        assessments = assess_all(folder, year, framework, progress=step)
        found = None if framework else foreseen(folder, assessments[0].year, step)
        target = out or folder / "out" / str(assessments[0].year)
        written = write_both(assessments, found, target, terminal.lang, step)
    forecast = (target / _FORESIGHT).as_posix()
    enter(target, "assessment", [one for one in written if not one[0].startswith(forecast)], terminal.lang)
    enter(target, "foresight", [one for one in written if one[0].startswith(forecast)], terminal.lang)
    show_written(terminal, written)
    terminal.next((written[0][0], Text("用浏览器打开", "open it in a browser")))
    terminal.data({"written": [path for path, _ in written]})
    return DONE


def foreseen(folder: Path, year: int, step: Step, draws: int = DRAWS) -> Foresight | None:
    """Return the forecast of a county that is assessed; None where nobody is enrolled, so that there is nothing to go on from."""
    try:
        return foresee(folder, year, draws=draws, progress=step)
    except StoreError:
        return None


def write_both(assessments: Sequence[Assessment], found: Foresight | None, out: Path, lang: str, step: Step) -> list[tuple[str, Text]]:
    """Write the documents of the assessments into `out` and those of the forecast into its folder `foresight`; pages lead to each other."""
    if found is None:
        return write_all(assessments, out, lang, step)
    written = write_all(assessments, out, lang, step, f"{_FORESIGHT}/{PAGE}")
    return [*written, *write_foresight(found, out / _FORESIGHT, lang, step, "../dashboard.html")]


def show_written(terminal: Terminal, written: Sequence[tuple[str, Text]]) -> None:
    """Print the files that were written, each with what it is."""
    terminal.title(Text("已写出", "Written"))
    for path, what in written:
        terminal.say(Text(f"  {path}  {what.zh}", f"  {path}  {what.en}"))
