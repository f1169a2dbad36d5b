"""The text of the public notice of places (学位预警公告), in the layout of an official document; empty when no level asks for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from junheng.errors import Text
from junheng.workflow.foresee_words import Said
from junheng.workflow.judged import stage_label, stage_order
from junheng.workflow.views.foresight import ProjectLine, SeatLine

_LEVELS = {"alarm": Text("告急", "alarm"), "warning": Text("预警", "warning"), "watch": Text("关注", "watch")}
_NOTICED = ("alarm", "warning", "watch")
_NOTICED_AHEAD = ("alarm", "warning")  # what is only to be watched in later years is the office's own concern, not the public's yet
_NUMERALS = "一二三四五六七八九十"
_NOTHING = Text("", "")


def notice(said: Said) -> Text:
    """Return the notice: which townships' places are short next school year and in later ones, what is being built, and the caveats.

    Paragraphs stand on lines of their own, the first is the title. Nothing is said that is not in the data; "" where no year has a level.
    """
    year = said.year + 1
    levels = (_NOTICED_AHEAD, _NOTICED)
    every = [one for one in said.scenario.seats if one.area_kind != "school" and one.level in levels[one.year == year]]
    every = [one for one in every if one.area_kind == "district"] or every
    lines = [one for one in every if one.year == year]
    if not every:
        return _NOTHING
    projects = [one for one in said.projects if one.counted_from == year and one.seats and one.seats > 0]
    told = _Told(said, year, lines, _later([one for one in every if one.year > year]), projects)
    return Text("\n".join(_chinese(told)), "\n".join(_english(told)))


class _Told(NamedTuple):
    """What the notice says: lines of the next year, and of later years by stage and area with all their years."""

    said: Said
    year: int
    lines: Sequence[SeatLine]
    later: Sequence[Sequence[SeatLine]]
    projects: Sequence[ProjectLine]


def _later(lines: Sequence[SeatLine]) -> list[list[SeatLine]]:
    """Return lines of one stage and area together, in order of years; stages in their order."""
    found: dict[tuple[str, str], list[SeatLine]] = {}
    for one in sorted(lines, key=lambda one: (stage_order(one.stage), one.year)):
        found.setdefault((one.stage, one.area), []).append(one)
    return list(found.values())


def _chinese(told: _Told) -> Iterator[str]:
    said, year, lines, later, projects = told
    yield f"关于{said.county_name}{f'{year}年秋季学期' if lines else ''}学位预警的公告"
    stages = tuple(dict.fromkeys(one.stage for one in lines))
    named = "、".join(stage_label(stage).zh for stage in stages)
    when = f"{year}年秋季学期部分乡镇（街道）{named}" if lines else "今后部分学年一些乡镇（街道）"
    yield (f"根据{said.year}年9月1日在校生、各年出生人口和学校学位数测算，{when}学位可能不足。为便于群众提前了解情况，现公告如下。")
    yield "一、预警范围"
    if not lines:
        yield f"{year}年秋季学期没有乡镇（街道）达到关注等级。"
    for number, stage in zip(_NUMERALS, stages, strict=False):
        yield f"（{number}）{stage_label(stage).zh}"
        yield from (_line(one) for one in sorted((one for one in lines if one.stage == stage), key=_order))
    if later:
        yield f"{year + 1}年及以后可能不足的（年份越远越不确定）："
        yield from (_years_of(its) for its in later)
    yield "二、计划投用的学位"
    if projects:
        for one in projects:
            yield f"{one.name}，{one.stage_label.zh}学位{one.seats_shown}个，预计{one.in_use}投用，已计入上述学位数。"
    else:
        yield f"已登记的建设项目中，没有{year}年9月1日前投用的新增学位。"
    yield "三、有关说明"
    yield "1. 上述人数是预测数，括号内为80%区间，实际人数以学校报名登记为准。"
    yield "2. 乡镇（街道）的人数按学校所在地统计。预警不改变招生范围和入学条件，具体办法见当年招生入学文件。"
    yield f"{said.county_name}教育局"
    yield "（发布日期）"


def _line(one: SeatLine) -> str:
    need = f"预计在校生{one.need.shown}人（{one.need.shown80}人）" if one.need else "在校生人数未知"
    lack = f"，平均缺{one.shortage_shown}个" if one.shortage_shown not in ("", "0") else ""
    chance = one.shortage_probability_shown
    return f"{one.area_name}：{_LEVELS[one.level].zh}。{need}，可供学位{one.seats_shown}个{lack}，不足的可能性为{chance}。"


def _years_of(its: Sequence[SeatLine]) -> str:
    """Return an area's later years of a stage: years that follow each other on one level together, then the chance in the worst."""
    worst = min(its, key=_order)
    spans = "、".join(f"{_span(run, '—')}年{_LEVELS[run[0].level].zh}" for run in _runs(its))
    when = f"最高的{worst.year}年" if len(its) > 1 else ""
    return f"{worst.area_name}{worst.stage_label.zh}：{spans}，{when}不足的可能性为{worst.shortage_probability_shown}。"


def _runs(its: Sequence[SeatLine]) -> list[list[SeatLine]]:
    """Return the lines cut where a year is left out or the level changes."""
    runs: list[list[SeatLine]] = []
    for one in its:
        if runs and runs[-1][-1].level == one.level and runs[-1][-1].year + 1 == one.year:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _span(run: Sequence[SeatLine], dash: str) -> str:
    return f"{run[0].year}{dash}{run[-1].year}" if len(run) > 1 else str(run[0].year)


def _order(one: SeatLine) -> tuple[int, float]:
    return _NOTICED.index(one.level), -(one.shortage_probability or 0.0)


def _english(told: _Told) -> Iterator[str]:
    said, year, lines, later, projects = told
    yield f"Notice on school places in {said.county_name}{f', autumn {year}' if lines else ''}"
    when = f"autumn {year}" if lines else "some years to come"
    yield (
        f"By the pupils counted on 1 September {said.year}, births registered and the places of schools, places may be short in "
        f"{when} in the townships below."
    )
    yield "1. Where"
    for one in sorted(lines, key=_order):
        need = f"{one.need.shown} pupils expected ({one.need.shown80})" if one.need else "pupils not known"
        yield (
            f"{one.area_name}, {one.stage_label.en}: {_LEVELS[one.level].en}. {need}, {one.seats_shown} places; "
            f"the probability of a shortage is {one.shortage_probability_shown}."
        )
    for its in later:
        spans = ", ".join(f"{_span(run, '-')} ({_LEVELS[run[0].level].en})" for run in _runs(its))
        worst = min(its, key=_order)
        chance = f"the probability of a shortage in {worst.year} is {worst.shortage_probability_shown}"
        yield f"{worst.area_name}, {worst.stage_label.en}, later years: {spans}; {chance}."
    yield "2. Places planned"
    for project in projects:
        yield f"{project.name}: {project.seats_shown} places ({project.stage_label.en}), in use on {project.in_use}, counted above."
    if not projects:
        yield f"No registered project comes into use by 1 September {year}."
    yield "3. Notes"
    yield "Numbers are forecasts with 80 % bands in brackets; registration decides. Pupils are counted where the school lies. "
    yield "This notice changes neither zones nor conditions of admission."
    yield f"Education bureau of {said.county_name}"
