"""What a forecast says in sentences: headlines to read out, and the figures behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from junheng.errors import Text
from junheng.workflow.foresee_seats import signed
from junheng.workflow.foresee_series import whole
from junheng.workflow.judged import stage_label
from junheng.workflow.views import Figure
from junheng.workflow.views.foresight import (
    Backtest,
    Notable,
    ProjectLine,
    PromiseLine,
    Scenario,
    SeatLine,
    Series,
    SeriesPoint,
    TeacherLine,
)

PUPILS = Text("人", "pupils")
PLACES = Text("个", "places")
WARNED = ("alarm", "warning", "watch")
_MOST_NAMES = 5
_PEAK = 1.02  # a peak is worth a sentence when it lies 2 % above both ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the sentences are made from: the first scenario, the programme and the record."""

    county: str
    county_name: str
    year: int
    horizons: tuple[int, ...]
    scenario: Scenario
    projects: tuple[ProjectLine, ...]
    promises: tuple[PromiseLine, ...]
    record: Backtest
    note: Text  # what must be said before everything else; "" usually

    @property
    def ahead(self) -> range:
        """Return every school year of the forecast: a place that lacks next year counts as much as one that lacks in fifteen."""
        return range(self.year + 1, self.year + max(self.horizons, default=0) + 1)

    @property
    def stages(self) -> tuple[str, ...]:
        """Return the stages of the forecast in their order."""
        return tuple(dict.fromkeys(one.stage for one in self.scenario.series if one.area == self.county))

    def county_series(self, stage: str) -> Series:
        """Return the county's pupils of a stage."""
        return next(one for one in self.scenario.series if one.id == f"{self.scenario.id}/pupils/{self.county}/{stage}/")

    def seats(self, stage: str, kind: str, years: Sequence[int]) -> tuple[SeatLine, ...]:
        """Return need against seats of one kind of area in some years."""
        return tuple(one for one in self.scenario.seats if one.stage == stage and one.area_kind == kind and one.year in years)


def headlines(said: Said) -> tuple[Text, ...]:
    """Return the sentences to read out, pupils first; every number stands in the first scenario."""
    return (
        *([said.note] if said.note.zh else []),
        *(_pupils(said, stage) for stage in said.stages),
        *_seats(said),
        *_notable(said.scenario.notable),
        *_teachers(said),
        *_programme(said.projects),
        *(Text(f"{one.title}：{one.sentence.zh}", f"{one.title}: {one.sentence.en}") for one in said.promises),
        _record(said),
    )


def _point(series: Series, year: int) -> SeriesPoint | None:
    return next((point for point in series.points if point.year == year), None)


def _pupils(said: Said, stage: str) -> Text:
    series, name = said.county_series(stage), stage_label(stage)
    now = _point(series, said.year)
    known = now.known_shown if now and now.known is not None else ""
    ahead = [point for horizon in said.horizons if (point := _point(series, said.year + horizon)) and point.band]
    zh = "、".join(f"{point.year}年{point.band.shown}人（{point.band.shown80}）" for point in ahead if point.band)
    en = ", ".join(f"{point.band.shown} in {point.year} ({point.band.shown80})" for point in ahead if point.band)
    peak = _peak(series, said.year)
    start = (f"{said.year}年{known}人，", f"{known} in {said.year}; ") if known else ("", "")
    return Text(
        f"{name.zh}在校生{start[0]}预计{zh}，括号内为80%区间{peak.zh}。",
        f"{name.en} pupils: {start[1]}expected {en}; 80 % bands in brackets{peak.en}.",
    )


def _peak(series: Series, year: int) -> Text:
    """Return when the number is highest, where that lies ahead and well above today and the end."""
    values = [(point.band.middle if point.band else point.known or 0.0, point) for point in series.points if point.year >= year]
    high, at = max(values, key=lambda one: one[0], default=(0.0, None))
    if at is None or at.band is None or high < _PEAK * values[0][0] or high < _PEAK * values[-1][0]:
        return Text("", "")
    return Text(f"；{at.year}年最高，{at.band.shown}人", f"; highest in {at.year} with {at.band.shown}")


def _seats(said: Said) -> Iterator[Text]:
    """Yield which townships are warned of, stage by stage, which stages have none, and the balance of the county."""
    if not said.horizons or not said.scenario.seats:
        return
    ahead = said.ahead
    lines = {stage: said.seats(stage, "district", ahead) or said.seats(stage, "county", ahead) for stage in said.stages}
    lines = {stage: its for stage, its in lines.items() if its}
    warned = {stage for stage, its in lines.items() if any(line.level in WARNED for line in its)}
    for stage in lines:
        if stage in warned:
            yield _short(stage_label(stage), lines[stage], ahead)
    unknown = [stage for stage in lines if stage not in warned and all(line.level == "unknown" for line in lines[stage])]
    calm = [stage for stage in lines if stage not in warned and stage not in unknown]
    span = f"{ahead[0]}–{ahead[-1]}"
    if calm:
        doubt = len({(line.area, stage) for stage in calm for line in lines[stage] if line.level == "unknown"})
        yield Text(
            f"{span}年{_listed(calm).zh}没有乡镇（街道）达到关注等级{f'（{doubt}处无法判断）' if doubt else ''}。",
            f"{span}, {_listed(calm).en}: no township reaches a level{f' ({doubt} cannot be judged)' if doubt else ''}.",
        )
    if unknown:
        yield _not_judged(said, {stage: lines[stage][0] for stage in unknown})
    yield from _balances(said)


def _not_judged(said: Said, lines: dict[str, SeatLine]) -> Text:
    """Return why stages cannot be judged, each with the reason of the whole county: a township's own would understate what is unknown."""
    whole_of = {stage: next(iter(said.seats(stage, "county", [line.year])), line) for stage, line in lines.items()}
    zh = "，".join(f"{stage_label(stage).zh}{line.reason.zh}" for stage, line in whole_of.items())
    en = "; ".join(f"{stage_label(stage).en.lower()}: {line.reason.en}" for stage, line in whole_of.items())
    return Text(f"学位余缺无法判断：{zh}。", f"Places cannot be compared with pupils ({en}).")


def _listed(stages: Sequence[str]) -> Text:
    labels = [stage_label(stage) for stage in stages]
    return Text("、".join(one.zh for one in labels), ", ".join(one.en.lower() for one in labels))


def _balances(said: Said) -> Iterator[Text]:
    years = [said.year + horizon for horizon in said.horizons[:3]]
    parts = []
    for stage in said.stages:
        known = [line for line in said.seats(stage, "county", years) if line.balance is not None and line.need]
        if known:
            zh = "、".join(f"{line.year}年{_balance(line).zh}" for line in known)
            en = ", ".join(f"{line.year} {_balance(line).en}" for line in known)
            parts.append(Text(f"{stage_label(stage).zh}{zh}", f"{stage_label(stage).en} {en}"))
    if parts:
        yield Text(
            f"全县学位（现有学位加有投用日期的项目）与预计在校生相比：{'；'.join(part.zh for part in parts)}。",
            f"Places of the county, dated projects included, against expected pupils: {'; '.join(part.en for part in parts)}.",
        )


def _balance(line: SeatLine) -> Text:
    balance = line.balance or 0.0
    word = ("多", "more") if balance >= 0 else ("少", "fewer")
    return Text(f"{word[0]}{whole(abs(balance))}个", f"{whole(abs(balance))} {word[1]}")


def _short(name: Text, lines: Sequence[SeatLine], years: range) -> Text:
    """Return which townships are warned of in the years ahead: each once, with the first and the worst of its years."""
    worst, first = gravest(lines), {line.area: line.year for line in reversed(lines) if line.level in WARNED}
    unknown = len({line.area for line in lines if line.level == "unknown"})
    doubt = Text(f"；{unknown}个乡镇（街道）无法判断", f"; {unknown} cannot be judged") if unknown else Text("", "")
    span = f"{years[0]}–{years[-1]}"
    ordered = sorted(worst.values(), key=rank, reverse=True)
    named = [_when(one, first[one.area]) for one in ordered[:_MOST_NAMES]]
    zh, en = "、".join(one.zh for one in named), ", ".join(one.en for one in named)
    more = len(ordered) > _MOST_NAMES
    return Text(
        f"{span}年{name.zh}学位可能不足的乡镇（街道）{len(ordered)}个：{zh}{'等' if more else ''}{doubt.zh}。",
        f"{name.en} places may be short in {len(ordered)} township(s), {span}: {en}{' …' if more else ''}{doubt.en}.",
    )


def gravest(lines: Sequence[SeatLine]) -> dict[str, SeatLine]:
    """Return by area the line of its worst year, of areas that are warned of."""
    worst: dict[str, SeatLine] = {}
    for line in lines:
        if line.level in WARNED and (line.area not in worst or rank(line) > rank(worst[line.area])):
            worst[line.area] = line
    return worst


def _when(worst: SeatLine, first: int) -> Text:
    chance = worst.shortage_probability_shown
    if first == worst.year:
        return Text(f"{worst.area_name}（{first}年缺口概率{chance}）", f"{worst.area_name} ({chance} in {first})")
    return Text(
        f"{worst.area_name}（最早{first}年，{worst.year}年缺口概率最高，{chance}）",
        f"{worst.area_name} (first in {first}, most in {worst.year}: {chance})",
    )


def rank(line: SeatLine) -> tuple[int, float]:
    """Return how grave a line is: its level, then the probability of a shortage."""
    return (-WARNED.index(line.level) if line.level in WARNED else -len(WARNED), line.shortage_probability or 0.0)


SCHOOLS = {  # what schools to look at are, by kind
    "large_class_appears": Text("可能出现大班额", "with oversized classes to come"),
    "large_class_gone": Text("大班额可能消除", "whose oversized classes go"),
    "large_school_appears": Text("可能超过学校规模上限", "growing beyond the largest size"),
    "large_school_gone": Text("可能回到规模上限以内", "back within the largest size"),
    "small_school": Text("可能降为小规模学校", "becoming a small school"),
    "no_entrants": Text("可能没有新生", "without entrants"),
}


def _notable(notable: Sequence[Notable]) -> Iterator[Text]:
    for kind, words in SCHOOLS.items():
        its = {one.school: one for one in reversed([one for one in notable if one.kind == kind])}
        if its:
            named = sorted(its.values(), key=lambda one: (one.year, one.name))
            zh = "、".join(f"{one.name}（{one.year}年）" for one in named[:_MOST_NAMES])
            en = ", ".join(f"{one.name} ({one.year})" for one in named[:_MOST_NAMES])
            more = len(named) > _MOST_NAMES
            yield Text(
                f"{words.zh}的学校{len(named)}所：{zh}{'等' if more else ''}。",
                f"{len(named)} school(s) {words.en}: {en}{' …' if more else ''}.",
            )


def _teachers(said: Said) -> Iterator[Text]:
    if not said.horizons:
        return
    year = said.year + said.horizons[0]
    its = [one for one in said.scenario.teachers if one.year == year and not one.subject and one.to_hire is not None]
    if its:
        zh = "；".join(_hire(one).zh for one in its)
        en = "; ".join(_hire(one).en for one in its)
        yield Text(
            f"到{year}年的专任教师，按编制标准的最低需要测算（未计学科结构和教师身份，多于最低需要不等于富余）：{zh}。",
            f"Full-time teachers by {year}, the least that staffing standards ask for (no surplus where more stay): {en}.",
        )


def _hire(one: TeacherLine) -> Text:
    spare = (one.staying or 0.0) - (one.need or 0.0)
    words = (
        (f"比最低需要多{whole(spare)}人", f"{whole(spare)} more than the least")
        if spare > 0
        else (f"需补充{one.to_hire_shown}人", f"{one.to_hire_shown} to hire")
    )
    return Text(
        f"{one.stage_label.zh}最低需要{one.need_shown}人，现有教师退休后留任{one.staying_shown}人，{words[0]}",
        f"{one.stage_label.en}: at least {one.need_shown} needed, {one.staying_shown} of today's stay, {words[1]}",
    )


def _programme(projects: Sequence[ProjectLine]) -> Iterator[Text]:
    late = [one for one in projects if one.lateness == "late"]
    undated = [one for one in projects if one.lateness == "undated" and one.seats]
    if late:
        named = "、".join(f"{one.name}（晚{one.days_late}天）" for one in late[:_MOST_NAMES])
        en = ", ".join(f"{one.name} ({one.days_late} days)" for one in late[:_MOST_NAMES])
        more = len(late) > _MOST_NAMES
        yield Text(
            f"建设项目{len(projects)}个，其中{len(late)}个比计划晚：{named}{'等' if more else ''}。",
            f"{len(late)} of {len(projects)} projects are late: {en}{' …' if more else ''}.",
        )
    if undated:
        places = whole(sum(one.seats or 0 for one in undated))
        yield Text(
            f"{len(undated)}个项目（{places}个学位）没有投用日期，未计入任何年份。",
            f"{len(undated)} project(s) with {places} places have no day of use and count in no year.",
        )


def _record(said: Said) -> Text:
    record = said.record
    own = [row for row in record.rows if row.level == "county" and not row.grade and row.mape_shown and row.forecasts]
    if not own and record.basis == "own":
        return Text("本次没有用过去的数据检验预测。", "Forecasts of the past were not tested this time.")
    if not own:
        return Text(
            "在校生历史太短，不能用本县过去的数据检验预测；预测区间采用其他地区的误差。",
            "The history is too short to test forecasts of the past; the bands are errors of other places.",
        )
    wanted = [row.horizon for row in own if row.horizon in (1, 3, 5)]
    horizons = tuple(dict.fromkeys(wanted))
    zh, en = [], []
    for stage in dict.fromkeys(row.stage for row in own):
        errors = [row.mape_shown for horizon in horizons for row in own if row.stage == stage and row.horizon == horizon]
        zh.append(f"{stage_label(stage).zh}{'、'.join(errors)}")
        en.append(f"{stage_label(stage).en} {', '.join(errors)}")
    years = ("、".join(f"{horizon}年" for horizon in horizons), ", ".join(map(str, horizons)))
    return Text(
        f"用过去的数据回测，提前{years[0]}预测全县在校生的平均误差：{'；'.join(zh)}。",
        f"Tested on the past, forecasts of the county {years[1]} years ahead were wrong by {'; '.join(en)} on average.",
    )


def figures(said: Said) -> tuple[Figure, ...]:
    """Return the handful of figures behind the headlines: pupils now and ahead, balance of places, townships warned of, late projects."""
    made: list[Figure] = []
    for stage in said.stages:
        series, name = said.county_series(stage), stage_label(stage)
        now = _point(series, said.year)
        value = now.known if now else None
        label = Text(f"{name.zh}在校生（{said.year}年）", f"{name.en} pupils, {said.year}")
        made.append(_figure(f"pupils/{stage}/{said.year}", label, value, PUPILS))
        for horizon in said.horizons[:2]:
            point = _point(series, said.year + horizon)
            if point and point.band:
                label = Text(f"{name.zh}在校生（{point.year}年预测）", f"{name.en} pupils, {point.year}, forecast")
                made.append(_figure(f"pupils/{stage}/{point.year}", label, point.band.middle, PUPILS))
        for line in said.seats(stage, "county", [said.year + horizon for horizon in said.horizons[:1]]):
            label = Text(f"{name.zh}学位余缺（{line.year}年）", f"{name.en} places less pupils, {line.year}")
            made.append(_figure(f"balance/{stage}/{line.year}", label, line.balance, PLACES, line.balance_shown))
    if said.scenario.seats and said.horizons:
        made.append(_warned(said))
    if said.projects:
        late = sum(one.lateness == "late" for one in said.projects)
        made.append(_figure("late", Text("比计划晚的项目", "Projects behind their plan"), float(late), PLACES))
    return tuple(made)


def _warned(said: Said) -> Figure:
    """Return how many townships and stages may be short; no number where none can be judged, and how many cannot beside it."""
    its_kind = "district" if any(line.area_kind == "district" for line in said.scenario.seats) else "county"
    lines = [line for line in said.scenario.seats if line.area_kind == its_kind and line.year in said.ahead]
    levels: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        levels.setdefault((line.area, line.stage), set()).add(line.level)
    warned = sum(bool(its.intersection(WARNED)) for its in levels.values())
    unknown = sum("unknown" in its and not its.intersection(WARNED) for its in levels.values())
    doubt = (f"，{unknown}个无法判断", f" ({unknown} cannot be judged)") if unknown else ("", "")
    label = Text(
        f"学位可能不足的乡镇学段（{said.ahead[0]}–{said.ahead[-1]}年{doubt[0]}）",
        f"Townships and stages that may be short, {said.ahead[0]}-{said.ahead[-1]}{doubt[1]}",
    )
    value = float(warned) if unknown < len(levels) else None
    return replace(_figure("warned", label, value, PLACES), missing=unknown)


def _figure(key: str, label: Text, value: float | None, unit: Text, shown: str | None = None) -> Figure:
    text = "" if value is None else (signed(value) if shown is None and value < 0 else shown or whole(value))
    return Figure(id=f"foresight/{key}", label=label, value=value, shown=text, exact="", unit=unit)
