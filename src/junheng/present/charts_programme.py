"""The programme of projects as bars in time: each step planned and done, and what is overdue on the day of the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from junheng.present.charts_axis import Axis, Drawing, Label, Stroke, dot
from junheng.present.wording import said
from junheng.present.wording_foresight import STAND_SIGNS, STANDS
from junheng.workflow import Text
from junheng.workflow.views.foresight import ProjectLine

WIDTH = 740  # its words have 7 pt on paper
_LEFT, _RIGHT, _TOP, _ROW = 224, 128, 46, 40
_YEAR = 365.25


def programme(projects: Sequence[ProjectLine], day: date) -> Drawing:
    """Return a row for each project with a dated step; those without a date are said to have none."""
    height = _TOP + _ROW * len(projects) + 22
    title = Text("项目进度：计划与实际", "Projects: planned and actual")
    dates = [one for line in projects for _, planned, actual, _ in line.steps for one in (planned, actual) if one]
    if not projects:
        return Drawing(WIDTH, 0, title, ())
    time = _time([*dates, day])
    marks = [*_frame(time, day, height)]
    for number, line in enumerate(projects):
        marks += _row(line, _TOP + _ROW * number + _ROW / 2, time, day)
    return Drawing(WIDTH, height, title, tuple(marks))


def _time(days: Sequence[date]) -> Axis:
    first, last = min(days).year, max(days).year + 1
    step = next((every for every in (1, 2, 5) if (last - first) / every <= 9), 10)
    starts = tuple(float(date(year, 1, 1).toordinal()) for year in range(first, last + 1, step))
    return Axis(date(first, 1, 1).toordinal() - 20, date(last, 1, 1).toordinal() + 20, _LEFT, WIDTH - _RIGHT, starts)


def _frame(time: Axis, day: date, height: int) -> list[Stroke | Label]:
    base = height - 20
    marks: list[Stroke | Label] = [Stroke("grid", "".join(f"M{time.at(tick):.1f} {_TOP - 8}V{base}" for tick in time.ticks))]
    for tick in time.ticks:
        year = date.fromordinal(round(tick)).year
        marks.append(Label("quiet", time.at(tick), base + 15, "middle", Text(f"{year}年", f"{year}")))
    x = time.at(day.toordinal())
    marks += [Stroke("today", f"M{x:.1f} {_TOP - 12}V{base}"), Label("ink", x, _TOP - 15, "middle", f"{day:%Y-%m-%d}")]
    samples = (("hollow", Text("计划", "planned")), ("solid", Text("实际", "actual")), ("overdue", Text("逾期", "overdue")))
    at = 4.0
    for look, words in samples:
        marks.append(Stroke(look, f"M{at:.1f} 11h14" if look == "overdue" else dot(at + 7, 11, 4.5)))
        marks.append(Label("ink", at + 20, 15, "start", words))
        at += 78
    return marks


def _row(line: ProjectLine, y: float, time: Axis, day: date) -> list[Stroke | Label]:
    seats = said("{n}个学位", "{n} places", n=line.seats_shown) if line.seats_shown else Text("学位数未报", "places not stated")
    marks: list[Stroke | Label] = [
        Label("ink", _LEFT - 10, y - 3, "end", _cut(line.name)),
        Label("quiet", _LEFT - 10, y + 12, "end", said("{k}，{s}", "{k}, {s}", k=line.kind, s=seats)),
        Stroke("grid", f"M4 {y + _ROW / 2:.1f}H{WIDTH - 4}"),
        *_planned(line, y, time),
        *_actual(line, y, time, day),
    ]
    words = said("{w}{n}天", "{w}, {n} days", w=STANDS["late"], n=line.days_late) if line.lateness == "late" else STANDS[line.lateness]
    look = "seat-words" if line.lateness == "late" else "ink"
    marks.append(Label(look, WIDTH - _RIGHT + 10, y - 3, "start", said("{s} {w}", "{s} {w}", s=STAND_SIGNS[line.lateness], w=words)))
    if line.counted_from is not None:
        marks.append(Label("quiet", WIDTH - _RIGHT + 10, y + 12, "start", said("{y}学年起计入", "counted from {y}", y=line.counted_from)))
    else:
        marks.append(Label("quiet", WIDTH - _RIGHT + 10, y + 12, "start", Text("不计入任何学年", "counted in no year")))
    return marks


def _cut(name: str) -> str:
    return name if len(name) <= 17 else f"{name[:16]}…"


def _planned(line: ProjectLine, y: float, time: Axis) -> list[Stroke | Label]:
    places = [time.at(planned.toordinal()) for _, planned, _, _ in line.steps if planned]
    if not places:
        return []
    row = y + 7
    return [Stroke("planned", f"M{min(places):.1f} {row}H{max(places):.1f}"), Stroke("hollow", "".join(dot(x, row, 4) for x in places))]


def _actual(line: ProjectLine, y: float, time: Axis, day: date) -> list[Stroke | Label]:
    row = y - 7
    done = [time.at(actual.toordinal()) for _, _, actual, _ in line.steps if actual]
    marks: list[Stroke | Label] = []
    if done:
        marks.append(Stroke("actual", f"M{min(done):.1f} {row}H{max(done):.1f}"))
    overdue = [planned for _, planned, actual, stands in line.steps if stands == "late" and planned and not actual]
    if overdue:
        marks.append(Stroke("overdue", f"M{time.at(min(overdue).toordinal()):.1f} {row}H{time.at(day.toordinal()):.1f}"))
    if done:
        marks.append(Stroke("solid", "".join(dot(x, row, 4.5) for x in done)))
    return marks
