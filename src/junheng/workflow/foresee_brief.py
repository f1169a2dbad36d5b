"""The headlines of a forecast in a few short lines: one a stage, then schools, teachers, projects with promises, and past errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junheng.errors import Text
from junheng.workflow.foresee_series import whole
from junheng.workflow.foresee_words import SCHOOLS, Said, gravest, rank
from junheng.workflow.judged import stage_label
from junheng.workflow.views.foresight import SeatLine, TeacherLine

_ERRORS_AT = 3  # years ahead of the past errors that are named; else the nearest that was tested
_MOST_NAMES = 3
_UNKNOWN = Text("学位数不全，无法判断余缺", "places not fully known")


def brief(said: Said) -> tuple[Text, ...]:
    """Return the short lines; what they leave out stands in the headlines, and every number in the first scenario."""
    return (
        *([said.note] if said.note.zh else []),
        *(_stage(said, stage) for stage in said.stages),
        *_schools(said),
        *_teachers(said),
        *_building(said),
        _errors(said),
    )


def _stage(said: Said, stage: str) -> Text:
    """Return pupils now and at the first horizon, the county's balance then, and the townships that may be short in any year."""
    name, year = stage_label(stage), said.year + said.horizons[0]
    points = {point.year: point for point in said.county_series(stage).points}
    now, then = points.get(said.year), points.get(year)
    parts: list[Text] = []
    if now and now.known is not None:
        parts.append(Text(f"{said.year}年{now.known_shown}人", f"{now.known_shown} in {said.year}"))
    if then and then.band:
        band = then.band
        parts.append(Text(f"{year}年约{band.shown}人（80%区间{band.shown80}）", f"about {band.shown} in {year} (80 % band {band.shown80})"))
    start = Text("，".join(one.zh for one in parts), ", ".join(one.en for one in parts))
    rest = [one for one in (start, *_places(said, stage, year)) if one.zh]
    return Text(f"{name.zh}：{'；'.join(one.zh for one in rest)}。", f"{name.en}: {'; '.join(one.en for one in rest)}.")


def _places(said: Said, stage: str, year: int) -> Iterator[Text]:
    for line in said.seats(stage, "county", [year]):
        yield _UNKNOWN if line.balance is None else _balance(line.balance)
    lines = said.seats(stage, "district", said.ahead)
    worst = gravest(lines)
    if worst:
        yield _short(sorted(worst.values(), key=rank, reverse=True))
    unknown = {line.area for line in lines if line.level == "unknown"}
    if lines and not worst and not unknown:
        yield Text("没有乡镇（街道）达到关注等级", "no township reaches a level")
    elif unknown:
        yield Text(f"{len(unknown)}个乡镇（街道）无法判断", f"{len(unknown)} township(s) cannot be judged")


def _balance(balance: float) -> Text:
    word = ("多", "more") if balance >= 0 else ("少", "fewer")
    return Text(f"届时全县学位比在校生{word[0]}{whole(abs(balance))}个", f"{whole(abs(balance))} {word[1]} places than pupils then")


def _short(lines: Sequence[SeatLine]) -> Text:
    named = lines[:_MOST_NAMES]
    more = (f"等{len(lines)}个乡镇（街道）", f" and others, {len(lines)} in all") if lines[_MOST_NAMES:] else ("", "")
    zh = "、".join(f"{one.area_name}（{one.year}年，概率{one.shortage_probability_shown}）" for one in named)
    en = ", ".join(f"{one.area_name} ({one.year}, probability {one.shortage_probability_shown})" for one in named)
    return Text(f"可能不足：{zh}{more[0]}", f"may be short: {en}{more[1]}")


def _schools(said: Said) -> Iterator[Text]:
    """Yield how many schools are to be looked at, by kind."""
    schools = {kind: len({one.school for one in said.scenario.notable if one.kind == kind}) for kind in SCHOOLS}
    found = [(SCHOOLS[kind], count) for kind, count in schools.items() if count]
    if found:
        zh = "、".join(f"{words.zh}{count}所" for words, count in found)
        yield Text(f"学校：{zh}。", f"Schools: {', '.join(f'{count} {words.en}' for words, count in found)}.")


def _teachers(said: Said) -> Iterator[Text]:
    """Yield where teachers have to be hired until the first horizon; more than the least number needed is not called a surplus."""
    year = said.year + said.horizons[0]
    lines = [one for one in said.scenario.teachers if one.year == year and not one.subject and one.to_hire is not None]
    if not lines:
        return
    hired = [one for one in lines if _lacking(one)]
    zh = "、".join(f"{one.stage_label.zh}{one.to_hire_shown}人" for one in hired)
    en = ", ".join(f"{one.to_hire_shown} ({one.stage_label.en.lower()})" for one in hired)
    yield Text(
        f"教师：到{year}年需补充{zh}。" if hired else f"教师：到{year}年各学段留任的专任教师都不少于最低需要。",
        f"Teachers to hire by {year}: {en}." if hired else f"Teachers: those who stay until {year} are no fewer than the least needed.",
    )


def _lacking(one: TeacherLine) -> bool:
    return one.need is not None and one.staying is not None and one.need > one.staying


def _building(said: Said) -> Iterator[Text]:
    """Yield how projects stand and what of the promised places is in use, in one line."""
    late = sum(one.lateness == "late" for one in said.projects)
    undated = sum(one.lateness == "undated" for one in said.projects if one.seats)  # as in the headlines
    parts: list[Text] = []
    if said.projects:
        parts.append(
            Text(
                f"{len(said.projects)}个项目中{late}个比计划晚，{undated}个没有投用日期",
                f"of {len(said.projects)} projects {late} late, {undated} without a day of use",
            )
        )
    if said.promises:
        parts.append(_promised(said))
    if parts:
        yield Text(f"建设：{'；'.join(one.zh for one in parts)}。", f"Building: {'; '.join(one.en for one in parts)}.")


def _promised(said: Said) -> Text:
    """Return what of all promised places is in use, and what of that the returns do not show."""
    names = ("promised", "delivered", "unreturned", "late", "unnamed")
    sums = {name: whole(sum(getattr(one, name) for one in said.promises)) for name in names}
    gap = any(one.unreturned for one in said.promises)
    seen = ("（其中{unreturned}个报表中没有）", " ({unreturned} of them not in the returns)") if gap else ("", "")
    return Text(
        f"承诺学位{{promised}}个，已投用{{delivered}}个{seen[0]}、逾期{{late}}个、未落实到项目{{unnamed}}个".format(**sums),
        f"{{promised}} places promised: {{delivered}} in use{seen[1]}, {{late}} late, {{unnamed}} in no project".format(**sums),
    )


def _errors(said: Said) -> Text:
    """Return the mean errors of past forecasts at one distance; without any, whose errors the bands rest on."""
    own = [row for row in said.record.rows if row.level == "county" and not row.grade and row.forecasts and row.mape_shown]
    horizons = {row.horizon for row in own}
    if not own:
        return Text(f"{said.record.calibration.zh}。", f"{said.record.calibration.en}.")
    ahead = _ERRORS_AT if _ERRORS_AT in horizons else min(horizons)
    rows = [row for row in own if row.horizon == ahead]
    zh = "、".join(f"{row.stage_label.zh}{row.mape_shown}" for row in rows)
    en = ", ".join(f"{row.stage_label.en.lower()} {row.mape_shown}" for row in rows)
    return Text(f"误差：过去提前{ahead}年的预测平均差{zh}。", f"Errors: forecasts of {ahead} years ahead were wrong by {en} on average.")
