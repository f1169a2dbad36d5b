"""The commands foresee and seats: what is coming, and whether there is a place for every child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.present.cli.run_assess import show_written
from junheng.present.cli.terminal import Terminal, command, exit_code
from junheng.present.contents import enter
from junheng.present.wording import VERDICTS
from junheng.present.wording_foresight import LEVELS, SHORT, STANDS, UNKNOWN, error_place, years_ahead
from junheng.workflow import Finding, Text
from junheng.workflow.foresee import foresee
from junheng.workflow.views.foresight import Foresight, ProjectLine, Scenario, SeatLine, Series

Step = Callable[[Text, int, int], None]

_MOST_AREAS = 20
_MOST_YEARS = 3  # horizons of the table of pupils, so that it fits a narrow window
_MOST_SCHOOLS = 12
_MOST_CAUSES = 6
_MOST_PROJECTS = 15
_TESTED = (1, 2, 3, 5, 8, 10)  # years ahead of past forecasts that are printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a forecast is to be made, as the call says."""

    year: int | None
    horizon: int
    draws: int
    seed: int | None
    backtest: bool
    judge: int | None = None
    as_of: date | None = None


def forecast(terminal: Terminal, folder: Path, asked: Asked, out: Path | None) -> int:
    """Forecast, print what is coming, and write every document of it where `out` says."""
    with terminal.progress() as step:
        found = _foreseen(folder, asked, step)
        written = write_documents(found, out, terminal.lang, step) if out else []
    show_foresight(terminal, found)
    if out and written:
        enter(out, "foresight", written, terminal.lang)
        show_written(terminal, written)
    terminal.next(
        (command("seats", folder), Text("学位、建设项目与承诺", "places, projects and promises")),
        (
            command("foresee", folder, "--out", "out"),
            Text("写出预警报告、公告文本、工作簿和网页", "write report, notice, workbook and page"),
        ),
    )
    terminal.data(found)
    return exit_code(found.findings)


def write_documents(found: Foresight, out: Path, lang: str, step: Step, dashboard: str = "") -> list[tuple[str, Text]]:
    """Write every document of a forecast into a folder; return each path with what it is."""
    from junheng.present.foresight_documents import write_foresight  # the libraries behind it are not loaded for other commands

    return write_foresight(found, out, lang, step, dashboard)


def _foreseen(folder: Path, asked: Asked, step: Step) -> Foresight:
    return foresee(
        folder,
        asked.year,
        horizon=asked.horizon,
        draws=asked.draws,
        seed=asked.seed,
        backtest=asked.backtest,
        judge=asked.judge,
        as_of=asked.as_of,
        progress=step,
    )


def show_foresight(terminal: Terminal, found: Foresight) -> None:
    """Print the headlines, then the tables behind them."""
    name, year = found.county_name, found.year
    terminal.title(Text(f"{name.zh} {year}学年起的学生与学位预测", f"{name.en}: pupils and places from {year} on"))
    for line in found.headlines:
        terminal.say(Text(f"· {line.zh}", f"- {line.en}"))
    _pupils(terminal, found)
    _county_seats(terminal, found, found.scenarios[0])
    _warned(terminal, found.scenarios[0])
    _notable(terminal, found.scenarios[0])
    _teachers(terminal, found)
    _record(terminal, found)
    _judged(terminal, found)
    terminal.heading(Text("数据的局限", "What these data cannot say"))
    for limit in found.limits:
        terminal.say(Text(f"· {limit.zh}", f"- {limit.en}"))
    doubtful = [one for one in found.findings if one.severity != "note"]
    if doubtful:
        terminal.heading(Text("数据中的问题", "Findings in the data"))
    terminal.findings(doubtful, most=_MOST_CAUSES)
    _notes(terminal, found.findings)


def _notes(terminal: Terminal, findings: Iterable[Finding]) -> None:
    """Say in one line how many notes there are, about what, and where they can be read."""
    notes = [one for one in findings if one.severity == "note"]
    named = [(one.place.title, one.place.table or one.place.file) for one in notes]
    tables = Counter(title if title.zh else Text(other, other) for title, other in named)
    zh = "、".join(f"{title.zh}{count}" for title, count in tables.most_common())
    en = ", ".join(f"{title.en} {count}" for title, count in tables.most_common())
    if notes:
        terminal.say(
            Text(
                f"另有{len(notes)}条提示（{zh}），说明怎样处理了这些数据；全文在 --out 写出的网页和 --json 的 findings 中。",
                f"{len(notes)} note(s) more ({en}) tell how data were read: in full on the page that --out writes, and with --json.",
            )
        )


def _pupils(terminal: Terminal, found: Foresight) -> None:
    """Print the county's pupils by stage and scenario, today and at the nearer horizons; the first scenario with its 80 % bands."""
    lang, ahead = terminal.lang, [year for _, year in years_ahead(found)][:_MOST_YEARS]
    rows = []
    for first in _county_pupils(found, found.scenarios[0]):
        for scenario in found.scenarios:
            series = next(one for one in _county_pupils(found, scenario) if one.stage == first.stage)
            points = {point.year: point for point in series.points}
            today = points[found.year].known_shown if found.year in points else ""
            bands = [points[year].band if year in points else None for year in ahead]
            cells = [_with_band(band) if series.id == first.id else getattr(band, "shown", "") for band in bands]
            rows.append(
                (
                    series.stage_label.of(lang),
                    scenario.title.of(lang),
                    today or UNKNOWN.of(lang),
                    *(cell or UNKNOWN.of(lang) for cell in cells),
                )
            )
    columns = (
        Text("学段", "Stage"),
        Text("方案", "Scenario"),
        Text(f"{found.year}", f"{found.year}"),
        *(Text(f"{year}年", f"{year}") for year in ahead),
    )
    heading = Text("全县在校生预测（第一方案下为80%区间）", "Pupils of the county (80 % bands below the first scenario)")
    terminal.table(heading, columns, rows, right=range(2, len(columns)), whole=(0, 1))
    terminal.say(found.backtest.calibration)


def _county_pupils(found: Foresight, scenario: Scenario) -> Iterator[Series]:
    return (one for one in scenario.series if one.id.split("/")[1] == "pupils" and one.area == found.county and not one.grade)


def _with_band(band: object) -> str:
    shown, shown80 = getattr(band, "shown", ""), getattr(band, "shown80", "")
    return f"{shown}\n{shown80}" if shown else ""


def _county_seats(terminal: Terminal, found: Foresight, scenario: Scenario) -> None:
    ahead = {year for _, year in years_ahead(found)}
    lines = [one for one in scenario.seats if one.area_kind == "county" and one.year in ahead]
    _seat_table(terminal, Text("全县学位供需", "Places of the county"), lines, named=False)


def _warned(terminal: Terminal, scenario: Scenario) -> None:
    """Print the townships that are warned of, each stage in the first year of its highest level."""
    order = ("alarm", "warning", "watch")
    first: dict[tuple[str, str], SeatLine] = {}
    for line in scenario.seats:
        key = (line.area, line.stage)
        if line.area_kind == "district" and line.level in SHORT:
            known = first.get(key)
            if known is None or order.index(line.level) < order.index(known.level):
                first[key] = line
    lines = sorted(first.values(), key=lambda line: (order.index(line.level), line.year))
    _seat_table(terminal, Text("学位可能不足的乡镇（街道）", "Townships where places may be short"), lines[:_MOST_AREAS], named=True)
    count = len(lines)
    if lines[_MOST_AREAS:]:
        terminal.say(Text(f"……共{count}处，全部见工作簿。", f"… {count} in all: see the workbook."))


def _seat_table(terminal: Terminal, heading: Text, lines: Iterable[SeatLine], *, named: bool) -> None:
    lang = terminal.lang
    rows = [
        (
            *((line.area_name,) if named else ()),
            line.stage_label.of(lang),
            f"{line.year}",
            _with_band(line.need) or UNKNOWN.of(lang),
            line.seats_shown or UNKNOWN.of(lang),
            line.balance_shown,
            line.shortage_probability_shown,
            LEVELS[line.level].of(lang),
        )
        for line in lines
    ]
    columns = (
        *((Text("范围", "Area"),) if named else ()),
        Text("学段", "Stage"),
        Text("学年", "Year"),
        Text("需求\n80%区间", "Need\n80 % band"),
        Text("学位", "Places"),
        Text("余缺", "Balance"),
        Text("缺口概率", "Shortage"),
        Text("等级", "Level"),
    )
    *numbers, level = range(len(columns))[3:] if named else range(len(columns))[2:]
    year, stage = (2, 1) if named else (1, 0)
    terminal.table(heading, columns, rows, right=(year, *numbers), whole=(stage, level))  # a long name folds, nothing else


def _notable(terminal: Terminal, scenario: Scenario) -> None:
    if scenario.notable:
        terminal.heading(Text("值得关注的学校", "Schools to look at"))
    for one in scenario.notable[:_MOST_SCHOOLS]:
        terminal.say(Text(f"· {one.sentence.zh}（{one.probability_shown}）", f"- {one.sentence.en}"))
    count = len(scenario.notable)
    if scenario.notable[_MOST_SCHOOLS:]:
        terminal.say(Text(f"……共{count}条，全部见工作簿。", f"… {count} in all: see the workbook."))


def _teachers(terminal: Terminal, found: Foresight) -> None:
    ahead = {year for _, year in years_ahead(found)}
    lines = [one for one in found.scenarios[0].teachers if one.year in ahead and not one.subject and one.need is not None]
    rows = [
        (
            one.stage_label.of(terminal.lang),
            f"{one.year}",
            f"{one.need_shown} ({one.need80_shown})",
            one.staying_shown or UNKNOWN.of(terminal.lang),
            one.to_hire_shown,
        )
        for one in lines
    ]
    columns = (
        Text("学段", "Stage"),
        Text("学年", "Year"),
        Text("最低需要（80%区间）", "Least needed (80 % band)"),
        Text("现有教师留任", "Of today's stay"),
        Text("需补充", "To hire"),
    )
    terminal.table(Text("专任教师", "Full-time teachers"), columns, rows, right=(1, 2, 3, 4), whole=(0,))


def _record(terminal: Terminal, found: Foresight) -> None:
    record = found.backtest
    rows = [
        (
            error_place(row).of(terminal.lang),
            f"{row.horizon}",
            f"{row.forecasts}" if row.forecasts else "—",
            *(cell or "—" for cell in (row.mape_shown, row.three_year_mape_shown, row.last_value_mape_shown, row.cover80_shown)),
        )
        for row in record.rows
        if row.level == "county" and not row.grade and row.horizon in _TESTED
    ]
    columns = (
        Text("范围", "Area"),
        Text("提前（年）", "Years ahead"),
        Text("次数", "Forecasts"),
        Text("平均误差", "Mean error"),
        Text("三年升级率法", "3-year ratios"),
        Text("沿用上年", "Last value"),
        Text("80%区间覆盖", "In 80 % band"),
    )
    terminal.table(Text("过去的预测有多准", "How far forecasts of the past were right"), columns, rows, right=range(1, 7))
    terminal.say(record.sentence)
    if found.later:
        terminal.say(found.later.sentence)


def _judged(terminal: Terminal, found: Foresight) -> None:
    for one in found.outturns:
        rows = [(VERDICTS[verdict].of(terminal.lang), f"{before}", f"{after}") for verdict, before, after in one.counts]
        columns = (Text("结论", "Verdict"), Text(f"{one.year}", f"{one.year}"), Text(f"{one.projected_year}", f"{one.projected_year}"))
        heading = Text(f"{one.title.zh}：只有学生数变化时的判定项数", f"{one.title.en}: items, were only the pupils to change")
        terminal.table(heading, columns, rows, right=(1, 2))
        terminal.say(one.sentence)


def seats(terminal: Terminal, folder: Path, asked: Asked, area: str, stage: str) -> int:
    """Print need against places, projects and promises of the county, or of the areas whose name or code holds `area`."""
    with terminal.progress() as step:
        found = _foreseen(folder, asked, step)
    lines, short = _chosen(found, area, stage), () if area else _short(found, stage)
    if not lines:
        asked_for = "、".join(word for word in (area, stage) if word)
        there_is_none = Text(f"没有“{asked_for}”的学位数据", f"there are no places of {asked_for}")
        return terminal.wrong_call(there_is_none, command("seats", folder))
    terminal.title(
        Text(
            f"{found.county_name.zh} {found.year}学年起的学位供需（{found.scenarios[0].title.zh}，截至{found.as_of}）",
            f"{found.county_name.en}: need against places from {found.year} on ({found.scenarios[0].title.en}, as of {found.as_of})",
        )
    )
    every_year = Text("学位可能不足的乡镇（街道）：全部学年", "Townships where places may be short, every year")
    _seat_table(terminal, every_year, [line for line in short if line.area_kind != "school"], named=True)
    _short_schools(terminal, folder, [line for line in short if line.area_kind == "school"])
    _seat_table(terminal, Text("学位供需", "Need against places"), lines, named=True)
    listed = [*lines, *(line for line in short if line not in lines and line.area_kind != "school")]
    for level in dict.fromkeys(line.level for line in listed if line.level in (*SHORT, "unknown")):
        first = next(line for line in listed if line.level == level)
        word = LEVELS[level]
        terminal.say(Text(f"{word.zh}：如{first.area_name}，{first.reason.zh}", f"{word.en}: e.g. {first.area_name}, {first.reason.en}"))
    _projects(terminal, found.projects)
    if found.promises:
        terminal.heading(Text("承诺的学位", "Places promised"))
    for one in found.promises:
        terminal.say(Text(f"· {one.title}（{one.document}）：{one.sentence.zh}", f"- {one.title} ({one.document}): {one.sentence.en}"))
    about = [one for one in found.findings if one.place.table in ("places", "projects", "project_steps", "promises")]
    terminal.findings([one for one in about if one.severity != "note"], most=_MOST_CAUSES)
    _notes(terminal, about)
    terminal.next((command("foresee", folder), Text("在校生、教师和回测", "pupils, teachers and past forecasts")))
    terminal.data({"seats": listed, "projects": found.projects, "promises": found.promises})
    return exit_code(found.findings)


def _chosen(found: Foresight, area: str, stage: str) -> list[SeatLine]:
    """Return the lines asked for: every year of the areas named, else the county and its townships at the horizons."""
    lines = [one for one in found.scenarios[0].seats if stage in ("", one.stage, one.stage_label.zh)]
    if area:
        return [one for one in lines if area in (one.area, one.area_name) or area in one.area_name]
    ahead = {year for _, year in years_ahead(found)}
    return [one for one in lines if one.year in ahead and one.area_kind != "school"]


def _short(found: Foresight, stage: str) -> list[SeatLine]:
    """Return every line with a level of shortage, in whatever year it lies."""
    lines = [one for one in found.scenarios[0].seats if stage in ("", one.stage, one.stage_label.zh)]
    return sorted((one for one in lines if one.level in SHORT), key=lambda one: one.year)


def _short_schools(terminal: Terminal, folder: Path, lines: Sequence[SeatLine]) -> None:
    """Say which schools may be short by themselves, whatever their township has: their years are asked for by name."""
    names = list(dict.fromkeys(line.area_name for line in lines))
    if names:
        more = (f"等{len(names)}所", f" and others, {len(names)} in all") if names[_MOST_SCHOOLS:] else ("", "")
        call = command("seats", folder, "--area", names[0])
        terminal.say(
            Text(
                f"单独看学位可能不足的学校：{'、'.join(names[:_MOST_SCHOOLS])}{more[0]}；逐年见 {call}",
                f"Schools that may be short by themselves: {', '.join(names[:_MOST_SCHOOLS])}{more[1]}; year by year: {call}",
            )
        )


def _projects(terminal: Terminal, projects: Sequence[ProjectLine]) -> None:
    lang = terminal.lang
    rows = [
        (
            one.name,
            one.kind.of(lang),
            one.stage_label.of(lang),
            one.seats_shown,
            f"{one.in_use or '—'}",
            f"{one.counted_from or '—'}",
            STANDS[one.lateness].of(lang),
            f"{one.days_late}" if one.days_late else "",
        )
        for one in projects[:_MOST_PROJECTS]
    ]
    columns = (
        Text("项目", "Project"),
        Text("类别", "Kind"),
        Text("学段", "Stage"),
        Text("学位", "Places"),
        Text("投用", "In use"),
        Text("计入学年", "Counts from"),
        Text("进度", "Stands"),
        Text("晚（天）", "Days late"),
    )
    terminal.table(Text("建设项目", "Projects"), columns, rows, right=(3, 4, 5, 7), whole=(6,))
    count = len(projects)
    if projects[_MOST_PROJECTS:]:
        terminal.say(Text(f"……共{count}个，全部见工作簿。", f"… {count} in all: see the workbook."))
