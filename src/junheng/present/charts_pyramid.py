"""The population pyramid: a bar for each age, men to the left and women to the right, with an earlier year as its outline."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.present.charts_axis import Drawing, Label, Stroke, axis_over, tick_words
from junheng.present.wording import joined, said
from junheng.workflow import Text
from junheng.workflow.views.foresight import Pyramid, PyramidBar

WIDTH, HEIGHT = 360, 360  # two of them side by side still have words of 7 pt on paper
_MIDDLE, _SIDE, _TOP, _BOTTOM = 16, 14, 34, 40  # half the column of ages; margins


def pyramid(shown: Pyramid, before: Pyramid | None = None, most: float | None = None) -> Drawing:
    """Return the pyramid of one year; `before` is drawn as a dashed outline; `most` sets the scale where several stand side by side."""
    kind = Text("（实际）", " (counted)") if shown.known else Text("（预测）", " (forecast)")
    title = said("{y}年人口年龄结构{k}", "Population by age, {y}{k}", y=shown.year, k=kind)
    if not shown.bars:
        return Drawing(WIDTH, HEIGHT, title, ())
    outline = before.bars if before and before.year != shown.year else ()
    scale = _Scale(most or largest((shown, *((before,) if outline and before else ()))), [bar.age for bar in (*shown.bars, *outline)])
    body = [*_frame(scale), *_bars(shown.bars, scale)]
    if outline:
        body += _outline(outline, scale)
    lines = said("虚线：{y}年", "dashed: {y}", y=before.year) if before and outline else Text("", "")
    head = [Label("ink", 4, 14, "start", joined((title, lines), "，", "; "))]
    return Drawing(WIDTH, HEIGHT, title, (*head, *body))


def largest(pyramids: Sequence[Pyramid]) -> float:
    """Return the longest bar of several pyramids, so that they can be drawn to one scale."""
    return max((value for one in pyramids for bar in one.bars for value in (bar.male, bar.female)), default=1.0) or 1.0


class _Scale:
    """Where an age and a number of persons stand."""

    def __init__(self, most: float, ages: Sequence[int]) -> None:
        self.youngest, self.oldest = min(ages), max(ages)
        self.high = (HEIGHT - _TOP - _BOTTOM) / (self.oldest - self.youngest + 1)
        self.centre = WIDTH / 2
        self.axis = axis_over((0.0, most), 0.0, WIDTH / 2 - _MIDDLE - _SIDE, 3)

    def top(self, age: int) -> float:
        return HEIGHT - _BOTTOM - (age - self.youngest + 1) * self.high

    def left(self, value: float) -> float:
        return self.centre - _MIDDLE - self.axis.at(value)

    def right(self, value: float) -> float:
        return self.centre + _MIDDLE + self.axis.at(value)


def _frame(scale: _Scale) -> list[Stroke | Label]:
    base = HEIGHT - _BOTTOM
    ends = [(side(tick), tick) for tick in scale.axis.ticks for side in (scale.left, scale.right)]
    marks: list[Stroke | Label] = [Stroke("grid", "".join(f"M{x:.1f} {_TOP}V{base}" for x, _ in ends))]
    marks += [Label("quiet", x, base + 15, "middle", tick_words(tick)) for x, tick in ends if tick]
    ages = range(scale.youngest, scale.oldest + 1)
    step = 10 if len(ages) > 30 else 5 if len(ages) > 12 else 1
    marks += [Label("quiet", scale.centre, scale.top(age) + scale.high / 2 + 4, "middle", str(age)) for age in ages if age % step == 0]
    marks.append(Stroke("axis", f"M{scale.left(0):.1f} {_TOP}V{base}M{scale.right(0):.1f} {_TOP}V{base}"))
    marks += [
        Label("strong", _SIDE, _TOP + 12, "start", Text("男", "Male")),
        Label("strong", WIDTH - _SIDE, _TOP + 12, "end", Text("女", "Female")),
    ]
    marks += [
        Label("quiet", scale.centre, _TOP - 4, "middle", Text("岁", "age")),
        Label("quiet", WIDTH / 2, HEIGHT - 6, "middle", Text("人数（人）", "persons")),
    ]
    return marks


def _bars(bars: Sequence[PyramidBar], scale: _Scale) -> list[Stroke | Label]:
    high = max(scale.high - 0.6, 0.4)
    male = "".join(
        f"M{scale.left(0):.1f} {scale.top(bar.age):.1f}H{scale.left(bar.male):.1f}v{high:.1f}H{scale.left(0):.1f}Z" for bar in bars
    )
    female = "".join(
        f"M{scale.right(0):.1f} {scale.top(bar.age):.1f}H{scale.right(bar.female):.1f}v{high:.1f}H{scale.right(0):.1f}Z" for bar in bars
    )
    return [Stroke("male", male), Stroke("female", female)]


def _outline(bars: Sequence[PyramidBar], scale: _Scale) -> list[Stroke | Label]:
    sides = ((scale.left, [bar.male for bar in bars]), (scale.right, [bar.female for bar in bars]))
    ages = [bar.age for bar in bars]
    return [Stroke("before", _steps(ages, [side(value) for value in values], scale)) for side, values in sides]


def _steps(ages: Sequence[int], ends: Sequence[float], scale: _Scale) -> str:
    """Return a stair from the youngest age upwards; an age that is missing breaks it."""
    path, last = "", None
    for age, x in zip(ages, ends, strict=True):
        below = scale.top(age) + scale.high
        path += f"H{x:.1f}" if last == age - 1 else f"M{x:.1f} {below:.1f}"
        path += f"V{scale.top(age):.1f}"
        last = age
    return path
