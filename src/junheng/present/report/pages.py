"""What the printed pages show, as plain values: texts ready to print and charts ready to place. Layout is in the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from junheng.present.basis import findings_of, review_words
from junheng.present.charts import COLOURS, Bar, bars_svg, counts_svg, map_svg, shades, strip_svg
from junheng.present.report import sentences as say
from junheng.present.report.charts import mark_svg, position_svg
from junheng.present.report.prose import source_rows
from junheng.present.report.wording import official_date
from junheng.present.structure import TITLE, structure_of
from junheng.present.wording import (
    SIDES,
    SIGNS,
    VETO_STATES,
    WHOLES,
    concession_words,
    figure_words,
    information_words,
    item_name,
    joined,
    limit_short,
    limit_words,
    obstacles,
    outcome,
    outcome_kind,
    school_year,
    source_words,
    unit_name,
    verdicts_of,
    wholes_of,
)
from junheng.workflow import Text
from junheng.workflow.views import Assessment, Concession, Item, Part, Spread, Unit, Verdict

Values = dict[str, Any]
_MOST_STRIPS = 4
_MOST_FINDINGS = 30


def _sign(verdict: str, words: Mapping[str, Text]) -> Values:
    """Return a verdict as sign, word and colour: it is never told by colour alone."""
    return {"sign": SIGNS[verdict], "word": words[verdict].zh, "colour": COLOURS[verdict]}


def _words(assessment: Assessment) -> Mapping[str, Text]:
    return {**wholes_of(assessment), **verdicts_of(assessment)}


def _outcome(assessment: Assessment) -> Values:
    kind = outcome_kind(assessment)
    return {"sign": SIGNS[kind], "word": outcome(assessment).zh, "colour": COLOURS[kind]}


def _stamp(assessment: Assessment, unit: Unit) -> Values:
    """Return the verdict on a school's stage for a stamp; where the standard is not in force it is called a trial sum."""
    sign = _sign(unit.verdict, wholes_of(assessment))
    trial = "测算：" if not assessment.applies else ""
    return {**sign, "word": f"{unit.stage_label.zh} {trial}{sign['word']}"}


def _frame(assessment: Assessment) -> Values:
    """Return what every page says of itself: county, day, standard, caution and digests."""
    digests = assessment.digests
    return {
        "county": assessment.name.zh,
        "title": assessment.title.zh,
        "year": school_year(assessment.year).zh,
        "day": official_date(assessment.day),
        "source": source_words(assessment.source).zh,
        "note": assessment.note.zh,
        "applies": assessment.applies,
        "review": review_words(assessment).zh,
        "digests": f"数据指纹 {digests.county[:8]}　标准指纹 {digests.standards[:8]}　软件 {digests.code[:12]}",
    }


# -- one page a school ------------------------------------------------------------------------------------------------


def school_sheets(assessment: Assessment, schools: Iterable[str]) -> Values:
    """Return the pages of the schools with these codes, in the order given."""
    return {**_frame(assessment), "schools": [_school(assessment, code) for code in schools]}


def school_codes(assessment: Assessment) -> tuple[str, ...]:
    """Return the codes of all schools, each once, in the order of the assessment."""
    return tuple(dict.fromkeys(unit.school for unit in assessment.units))


def _school(assessment: Assessment, code: str) -> Values:
    units = [unit for unit in assessment.units if unit.school == code]
    first = units[0]
    facts = (
        ("标识码", first.school),
        ("类别", first.kind.zh),
        ("乡镇（街道）", first.district),
        ("城乡类型", first.urban_rural.zh),
        ("办别", first.ownership.zh),
    )
    touched = [item_name(item).zh for part in assessment.parts for item in part.items if first.name in item.failing]
    return {
        "name": first.name,
        "facts": [{"label": label, "value": value or "无数据"} for label, value in facts],
        "stages": [
            {**_stage(unit, _spreads_of(assessment, unit.stage), verdicts_of(assessment)), "stamp": _stamp(assessment, unit)}
            for unit in units
        ],
        "touched": touched,
        "touched_title": f"县级{verdicts_of(assessment)['missed'].zh}项目中涉及本校的",
        "concessions": [_eased(item.title, item.concession) for unit in units for item in unit.items if item.concession],
    }


def _spreads_of(assessment: Assessment, stage: str) -> Mapping[str, Spread]:
    return {spread.indicator: spread for spread in assessment.spreads if spread.stage == stage}


def _eased(title: Text, concession: Concession) -> str:
    return f"{title.zh}：{say.tight(concession_words(concession))}"


def _stage(unit: Unit, spreads: Mapping[str, Spread], words: Mapping[str, Text]) -> Values:
    pupils = "学生数无数据" if unit.pupils is None else f"在校生{unit.pupils}人"
    met, missed = words["met"].zh, words["missed"].zh
    counts = f"{unit.of}项中{met}{unit.met}项，底线以上{unit.near}项，{missed}{unit.missed}项，无数据{unit.no_data}项"
    return {
        "label": unit.stage_label.zh,
        "pupils": pupils,
        "judged": unit.judged,
        "reason": unit.reason.zh,
        "counts": counts,
        "items": [_school_item(item, spreads.get(item.indicator), unit.school, words) for item in unit.items],
    }


def _school_item(item: Item, spread: Spread | None, school: str, words: Mapping[str, Text]) -> Values:
    known = spread is not None and spread.mean.value is not None
    side = [SIDES[point.side].zh for point in spread.points if point.school == school] if spread and known else []
    return {
        "number": item.number,
        "title": item.title.zh,
        "exact": item.figure.exact if item.figure else "",
        "value": say.tight(figure_words(item.figure)),
        "limit": limit_short(item.limit),
        "floor": item.limit.near_shown if item.limit else "",
        "verdict": _sign(item.verdict, words),
        "short": say.lack_words(item) or _counted(item) or item.note.zh,
        "mean": say.tight(figure_words(spread.mean)) if spread and known else "",
        "side": "".join(side),
        "strip": position_svg(spread, school) if spread else "",
    }


def _counted(item: Item) -> str:
    """Return the figure by which an item passes where a concession counts another one."""
    return f"按放宽条款计{item.concession.counted}" if item.concession and item.concession.counted else ""


# -- the county -------------------------------------------------------------------------------------------------------


def county_report(assessment: Assessment) -> Values:
    """Return the pages of the county's report."""
    judged = [unit for unit in assessment.units if unit.judged]
    silent = [unit for unit in judged if all(item.verdict == "no_data" for item in unit.items)]
    titles, words = _titles(assessment.units), _words(assessment)
    return {
        **_frame(assessment),
        "verdict": _outcome(assessment),
        "conclusion": list(say.conclusion_sentences(assessment)),
        "facts": [{"label": label.zh, "value": f"{shown}{unit.zh}" if shown else "无数据"} for label, shown, unit in assessment.facts],
        "parts": [_part(part, assessment) for part in assessment.parts],
        "obstacles": [words.zh for words in obstacles(assessment)],
        "scope": list(say.scope_sentences(assessment)),
        "missing": say.missing_sentence(assessment),
        "map": map_svg(assessment.map, assessment.units, "zh", 960, 760),
        "map_note": assessment.map.note.zh,
        "map_label": assessment.map.value_label.zh,
        "legend": [
            {"mark": mark_svg(verdict), "word": wholes_of(assessment)[verdict].zh} for verdict in WHOLES if verdict != "not_applicable"
        ]
        + [{"mark": mark_svg("not_judged"), "word": "不判定"}],
        "shades": [
            {"colour": shade.colour, "word": shade.least if shade.least == shade.most else f"{shade.least}—{shade.most}"}
            for shade in shades(assessment.map.areas)
        ],
        "stages": [_spread_stage(assessment.spreads, stage, words) for stage in dict.fromkeys(one.stage for one in assessment.spreads)],
        "strips": [_strip(spread, words) for spread in _worth_a_strip(assessment.spreads)],
        "failing": [_open_unit(unit, words) for unit in judged if unit.verdict != "met" and unit not in silent],
        "failing_title": f"{words['missed'].zh}和尚不能判定的学校",
        "silent": f"另有{len(silent)}个校·学段各项指标均无数据，见“{say.SCHOOLS_TABLE}”。" if silent else "",
        "items": [
            _county_item(part, item, words) for part in assessment.parts for item in part.items if not say.is_spread(item, assessment)
        ],
        "structure": _structure(assessment),
        "concessions": [_county_concession(assessment, *one) for one in assessment.concessions],
        "vetoes": [
            {"title": veto.title.zh, "state": VETO_STATES[veto.occurred].zh, "document": veto.document} for veto in assessment.vetoes
        ],
        "schools": [_row(unit, tuple(titles), words) for unit in assessment.units],
        "heads": list(titles.values()),
        "findings": [one.sentence("zh").removeprefix("：") for one in findings_of(assessment)[:_MOST_FINDINGS]],
        "findings_more": f"以上仅列前{_MOST_FINDINGS}条，全部见工作簿。" if assessment.findings[_MOST_FINDINGS:] else "",
        "findings_words": say.findings_sentence(assessment),
        "sources": [list(row) for row in source_rows(assessment)],
    }


def _part(part: Part, assessment: Assessment) -> Values:
    units: dict[Verdict, int] = {"met": part.units_met, "missed": part.units_missed, "no_data": part.units_open}
    verdicts, wholes = verdicts_of(assessment), wholes_of(assessment)
    words = say.sentence(say.all_or_counts(part.counts, words=verdicts)) if part.items else say.units_sentence(part, wholes)
    return {
        "title": part.title.zh,
        "rule": part.rule.zh,
        "verdict": _sign(part.verdict, wholes),
        "words": words,
        "bar": counts_svg(part.counts if part.items else units, "zh", 260, {**wholes, **verdicts}),
    }


def _spread_stage(spreads: Sequence[Spread], stage: str, words: Mapping[str, Text]) -> Values:
    mine = [spread for spread in spreads if spread.stage == stage]
    bars = [
        Bar(
            label=spread.title,
            value=spread.cv.value,
            shown=Text(spread.cv.shown or "无数据", spread.cv.shown or "no data"),
            limit=spread.limit.value if spread.limit else None,
            verdict=spread.verdict,
        )
        for spread in mine
    ]
    limits = list(dict.fromkeys(say.tight(limit_words(spread.limit)) for spread in mine if spread.limit))
    return {
        "label": mine[0].stage_label.zh,
        "limit": "、".join(limits),
        "bars": bars_svg(bars, "zh", 780, 330),
        "words": list(say.spread_sentences(spreads, stage, words)),
    }


def _worth_a_strip(spreads: Sequence[Spread]) -> list[Spread]:
    """Return the spreads to be drawn: those that miss their limit first, then those closest below it."""
    known = [spread for spread in spreads if spread.cv.value is not None]
    return sorted(known, key=lambda spread: (spread.verdict != "missed", -(spread.cv.value or 0)))[:_MOST_STRIPS]


def _strip(spread: Spread, words: Mapping[str, Text]) -> Values:
    limit = f"（标准{say.tight(limit_words(spread.limit))}）" if spread.limit else ""
    makers = [
        f"{number}. {point.name}：{point.shown}，{SIDES[point.side].zh}，占{point.share_shown}%"
        for number, point in enumerate(spread.points[:5], start=1)
    ]
    return {
        "title": f"{spread.stage_label.zh}·{spread.title.zh}",
        "words": f"差异系数{spread.cv.shown}{limit}",
        "verdict": _sign(spread.verdict, words),
        "svg": strip_svg(spread, "zh", 720, 200),
        "makers": makers,
    }


def _open_unit(unit: Unit, words: Mapping[str, Text]) -> Values:
    items = [item for item in unit.items if item.verdict not in ("met", "met_by_concession", "no_data")]
    return {
        "unknown": say.unknown_words(unit),
        "name": unit_name(unit).zh,
        "verdict": _sign(unit.verdict, words),
        "items": [
            {
                "title": item.title.zh,
                "value": say.tight(figure_words(item.figure)),
                "limit": limit_short(item.limit),
                "floor": item.limit.near_shown if item.limit else "",
                "verdict": _sign(item.verdict, words),
                "short": say.lack_words(item),
            }
            for item in items
        ],
    }


def _county_item(part: Part, item: Item, words: Mapping[str, Text]) -> Values:
    return {
        "part": part.title.zh,
        "number": item.number,
        "title": item_name(item).zh,
        "value": say.tight(figure_words(item.figure)) if item.figure else "—",
        "limit": limit_short(item.limit) or "—",
        "verdict": _sign(item.verdict, words),
        "short": say.lack_words(item) or joined((information_words(item), item.note), "；").zh,
        "failing": say.named(item.failing),
    }


def _structure(assessment: Assessment) -> Values:
    table = structure_of(assessment)
    rows = [[label.zh, unit.zh, *((one.shown if one else "—") for one in figures)] for label, unit, figures in table.rows]
    return {"title": TITLE.zh, "heads": [column.zh for column in table.columns], "rows": rows}


def _county_concession(assessment: Assessment, school: str, requirement: str, concession: Concession) -> str:
    return say.concession_sentence(*say.place_words(assessment, school, requirement), concession)


def _titles(units: Sequence[Unit]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for unit in units:
        titles.update({item.requirement: item.title.zh for item in unit.items})
    return titles


def _row(unit: Unit, requirements: Sequence[str], words: Mapping[str, Text]) -> Values:
    mine = {item.requirement: item for item in unit.items}
    return {
        "name": unit.name,
        "stage": unit.stage_label.zh,
        "pupils": "无数据" if unit.pupils is None else str(unit.pupils),
        "cells": [_value_cell(mine.get(key), words) for key in requirements],
        "verdict": _sign(unit.verdict, words) if unit.judged else {"sign": "", "word": "不判定", "colour": COLOURS["no_data"]},
    }


def _value_cell(item: Item | None, words: Mapping[str, Text]) -> Values:
    if item is None:
        return {"shown": "—", "sign": "", "word": "", "colour": COLOURS["no_data"]}
    counted = f"（计{item.concession.counted}）" if item.concession and item.concession.counted else ""
    return {"shown": f"{item.figure.shown}{counted}" if item.figure and item.figure.shown else "无数据", **_sign(item.verdict, words)}
