"""What the answers of a survey say, with their error and what is doubtful in them; which classes are over; where places are lacking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.ledgers.boards import Posted, against_board, over_limit
from junheng.ledgers.estimate import Estimate, by_group, mean, satisfaction, share_above
from junheng.ledgers.integrity import Doubt, against_register, alike, too_fast
from junheng.ledgers.survey import Question
from junheng.workflow.survey import WAVE, plan_of
from junheng.workflow.survey_desk import SurveyDesk
from junheng.workflow.survey_places import places_of
from junheng.workflow.survey_reading import read_answers, read_board
from junheng.workflow.views.surveys import SurveyDoubt, SurveyOver, SurveyResult, SurveyShare, SurveyWave

_NONE = Text("", "")


def survey_result(
    folder: Path, name: str, file: Path | None = None, *, beside: Path | None = None, at: datetime | None = None
) -> SurveyResult:
    """Return what answers say: a file of them, or the one in ledgers/answers/ named by the survey.

    beside: what schools put up, or have, where the survey is held against that; by default the list of that name in ledgers/answers/.
    Raises StoreError when a file cannot be read, DataError with every cell that does not fit.
    """
    desk = SurveyDesk(folder, name, at)
    survey = desk.survey
    chosen = desk.file(survey.title.zh, file)
    if chosen is None:
        raise DataError(finding("workflow.no_answers", Place(file="ledgers/answers"), Text("没有答卷", "no answers"), name=survey.title))
    findings: list[Finding] = []
    answers = read_answers(desk, chosen, findings)
    posted = _posted(desk, beside, findings)
    places, lacking = places_of(desk, answers, beside, findings)
    if any(one.severity == "error" for one in findings):
        raise DataError(findings)
    plan = _plan(desk)
    labels = {key: label for key, (label, _) in survey.groups.items()}
    return SurveyResult(
        id=survey.name,
        title=survey.title,
        asks=survey.asks,
        name=desk.room.office.name,
        day=desk.room.today,
        answers=answers.height,
        asked=sum(plan.values()) if plan else None,
        rate=f"{100 * answers.height / sum(plan.values()):.1f}%" if plan else "—",
        silent=tuple(desk.names[code] for code in plan if code not in set(answers["school"].to_list())),
        schools=answers["school"].n_unique(),
        limit=f"{_limit(desk):g}%" if survey.passes else "",
        groups=tuple((labels[key], count) for key, count in by_group(answers, list(labels)).items()),
        shares=tuple(_shares(desk, answers)),
        doubts=tuple(_doubt(one, desk.names) for one in _doubts(desk, answers, posted)),
        board=survey.board.title if survey.board else _NONE,
        boards=len(posted),
        over=_over(desk, posted),
        supply=survey.supply.title if survey.supply else _NONE,
        supplies=tuple(survey.supply.places.values()) if survey.supply else (),
        places=places,
        lacking=lacking,
        waves=_waves(desk),
        findings=tuple(findings),
    )


def _plan(desk: SurveyDesk) -> dict[str, int]:
    try:
        return {one.code: one.asked for one in plan_of(desk).quotas}
    except DataError:  # residents are not known: the answers can be told all the same
        return {}


def _limit(desk: SurveyDesk) -> float:
    return float(desk.room.office.rules_on(desk.room.today).number(desk.survey.passes, unit="%"))


# -- questions --------------------------------------------------------------------------------------------------------


def _shares(desk: SurveyDesk, answers: pl.DataFrame) -> list[SurveyShare]:
    found = []
    limit = _limit(desk) if desk.survey.passes else None
    for one in desk.survey.questions.values():
        if one.answers:
            found.append(_share(one.label, satisfaction(answers, one, desk.sizes), limit))
        elif one.most:
            found += _numbers(desk, answers, one)
    return found


def _share(label: Text, estimate: Estimate, limit: float | None) -> SurveyShare:
    shown = "—" if estimate.value is None else f"{estimate.value:.1f}%"
    band = _band(estimate, "%", 100.0)
    stands = _stands(estimate, limit, at_least=True) if limit is not None else _NONE
    said = f"{limit:g}%" if limit is not None else ""
    return SurveyShare(label=label, part=_NONE, shown=shown, band=band, answers=estimate.answers, limit=said, above="", stands=stands)


def _numbers(desk: SurveyDesk, answers: pl.DataFrame, one: Question) -> list[SurveyShare]:
    """Return the mean of a number for each grade, held against the limit of the grade; for all where grades are not asked."""
    limits = limits_of(desk, one)
    if "grade" not in answers.columns:
        estimate = mean(answers, one, desk.sizes)
        return [_number(one.label, _NONE, estimate, None, "")]
    found = []
    for grade in desk.grades:
        own = answers.filter(pl.col("grade") == grade)
        if own.drop_nulls(one.name).height:
            sizes = desk.of_grade(grade)
            above = share_above(own, one, limits[grade], sizes).value if grade in limits else None
            part = Text(f"{grade}年级", f"grade {grade}")
            shown = "" if above is None else f"{above:.1f}%"
            found.append(_number(one.label, part, mean(own, one, sizes), limits.get(grade), shown))
    return found


def _number(label: Text, part: Text, estimate: Estimate, limit: float | None, above: str) -> SurveyShare:
    shown = "—" if estimate.value is None else f"{estimate.value:.1f}"
    stands = _stands(estimate, limit, at_least=False) if limit is not None else _NONE
    said = f"{limit:g}" if limit is not None else ""
    return SurveyShare(
        label=label,
        part=part,
        shown=shown,
        band=_band(estimate, "", None),
        answers=estimate.answers,
        limit=said,
        above=above,
        stands=stands,
    )


def limits_of(desk: SurveyDesk, one: Question) -> dict[str, float]:
    """Return the limit of each grade; none without a standard."""
    rules = desk.room.office.rules_on(desk.room.today)
    return {grade: float(rules.number(one.limit, unit="minutes/day", grade=grade)) for grade in desk.grades} if one.limit else {}


def _band(estimate: Estimate, sign: str, most: float | None) -> str:
    if estimate.value is None or estimate.half_width is None:
        return "—"
    low, high = max(0.0, estimate.value - estimate.half_width), estimate.value + estimate.half_width
    return f"{low:.1f}–{min(high, most) if most else high:.1f}{sign}"


def _stands(estimate: Estimate, limit: float, *, at_least: bool) -> Text:
    if estimate.value is None:
        return Text("无人作答", "nobody answered")
    if estimate.half_width is None:
        return Text("答卷太少，误差未知", "too few answers to know the error")
    low, high = estimate.value - estimate.half_width, estimate.value + estimate.half_width
    reached, missed = (low >= limit, high < limit) if at_least else (high <= limit, low > limit)
    if reached:
        return Text("达到", "reached") if at_least else Text("没有超过", "within the limit")
    if missed:
        return Text("未达到", "not reached") if at_least else Text("超过", "above the limit")
    return Text("误差范围内，不能判定", "within the error: not decided")


# -- what is doubtful -------------------------------------------------------------------------------------------------


def _doubts(desk: SurveyDesk, answers: pl.DataFrame, posted: list[Posted]) -> list[Doubt]:
    survey, county = desk.survey, desk.room.county
    asked = [one for one in survey.questions.values() if one.answers or one.most]
    telling = any(one.answers > 2 or one.most for one in asked)  # two answers to a question or two are alike in half of the cases
    same = alike(answers, [one.name for one in asked], "grade" if "grade" in answers.columns else "") if telling else []
    found = [*same, *too_fast(answers, survey.seconds_a_question * len(survey.questions))]
    for one in survey.questions.values():
        if one.fact == "class_size" and county is not None:
            held = county.tables["classes"].drop_nulls("pupils").group_by("school")
            sizes = held.agg(pl.col("pupils").min().alias("least"), pl.col("pupils").max().alias("most"))
            register = {school: (float(least), float(most)) for school, least, most in sizes.iter_rows()}
            found += against_register(answers, one.name, register, one.label)
    if survey.board and "grade" in answers.columns:
        found += against_board(answers, survey.board, posted, survey.questions[survey.board.question].label)
    return found


_TESTS = {
    "alike": Text("答案雷同", "answers alike"),
    "too_fast": Text("作答过快", "too fast"),
    "against_register": Text("与在册数不符", "against the register"),
    "against_board": Text("与公示不符", "against the board"),
}


def _doubt(one: Doubt, names: Mapping[str, str]) -> SurveyDoubt:
    return SurveyDoubt(school=names.get(one.school, one.school), test=_TESTS[one.test], count=one.count, of=one.of, said=one.said)


# -- boards and waves -------------------------------------------------------------------------------------------------


def _posted(desk: SurveyDesk, given: Path | None, findings: list[Finding]) -> list[Posted]:
    board = desk.survey.board
    file = desk.file(board.title.zh, given) if board else None
    if board and file is None:
        findings.append(finding("workflow.nothing_beside", Place(file="ledgers/answers"), Text("没有", "none"), name=board.title))
    return read_board(desk, file, findings) if file else []


def _over(desk: SurveyDesk, posted: list[Posted]) -> tuple[SurveyOver, ...]:
    board = desk.survey.board
    limits = limits_of(desk, desk.survey.questions[board.question]) if board else {}
    return tuple(
        SurveyOver(
            week=one.week,
            school=desk.names[one.school],
            grade=one.grade,
            group=one.group,
            days=f"{one.days}/{one.of}",
            most=f"{one.most:g}",
            limit=f"{one.limit:g}",
        )
        for one in over_limit(posted, limits)
    )


def _waves(desk: SurveyDesk) -> tuple[SurveyWave, ...]:
    """Return the waves of the survey that are kept or listed, the latest last."""
    kind = desk.room.ledgers.kinds[WAVE]
    found = []
    for record in desk.room.records(kind):
        if record.values.get("survey") == desk.survey.title.zh:
            asked, answered = record.values.get("asked"), record.values.get("answered")
            rate = f"{100 * answered / asked:.1f}%" if isinstance(asked, int) and isinstance(answered, int) and asked else "—"
            opened, closes = record.values.get("opened_on"), record.values.get("closes_on")
            wave = SurveyWave(
                key=record.key,
                state=kind.states[record.state].label,
                opened=opened if not isinstance(opened, str | int | float) else None,
                closes=closes if not isinstance(closes, str | int | float) else None,
                asked=asked if isinstance(asked, int) else None,
                answered=answered if isinstance(answered, int) else None,
                rate=rate,
            )
            found.append(wave)
    return tuple(sorted(found, key=lambda one: (str(one.opened), one.key)))
