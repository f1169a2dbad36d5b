"""Teachers needed and staying over the years: the 80 % band of the need, its middle, and those of today who are still there."""

from __future__ import annotations

from junheng.present.charts_axis import Axis, Drawing, Label, Stroke, axis_over, broken, dot, kept_apart, tick_words, wide
from junheng.present.wording import said
from junheng.present.wording_foresight import BAND80, PUPILS_AXIS
from junheng.workflow import Text
from junheng.workflow.views.teaching import NeedPoint, NeedSeries

WIDTH, HEIGHT = 480, 250
NEED, STAYING = Text("需要", "needed"), Text("现有教师留任", "staying")
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 108, 50, 38

Place = tuple[float, float]


def need_drawing(series: NeedSeries) -> Drawing:
    """Return the drawing of one stage; no marks where no number is known."""
    values = [value for point in series.points for value in (point.need, point.low80, point.high80, point.staying) if value is not None]
    if not values:
        return Drawing(WIDTH, HEIGHT, series.title, ())
    base, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    years = [point.year for point in series.points]
    across = Axis(years[0] - 0.3, years[-1] + 0.3, _LEFT, right, tuple(float(year) for year in years))
    up = axis_over(values, base, _TOP)
    marks: list[Stroke | Label] = [Stroke("grid", "".join(f"M{_LEFT} {up.at(tick):.1f}H{right}" for tick in up.ticks[1:]))]
    marks += [Label("quiet", _LEFT - 6, up.at(tick) + 4, "end", tick_words(tick)) for tick in up.ticks]
    marks.append(Stroke("axis", f"M{_LEFT} {base}H{right}" + "".join(f"M{across.at(tick):.1f} {base}v4" for tick in across.ticks)))
    marks += [Label("quiet", across.at(tick), base + 16, "middle", f"{tick:.0f}") for tick in across.ticks]
    marks.append(Label("quiet", right, HEIGHT - 5, "end", PUPILS_AXIS))
    if up.least > 0:
        marks.append(Label("quiet", 4, HEIGHT - 5, "start", said("纵轴自{n}起", "axis starts at {n}", n=tick_words(up.least))))
    marks += [*_lines(series, up, across), *_ends(series.points[-1], up), *_legend()]
    marks.append(Label("quiet", 4, _TOP - 15, "start", said("{t}（人）", "{t}", t=series.title)))
    return Drawing(WIDTH, HEIGHT, series.title, tuple(marks))


def _lines(series: NeedSeries, up: Axis, across: Axis) -> list[Stroke | Label]:
    def places(of: str) -> list[Place | None]:
        found = [(point.year, getattr(point, of)) for point in series.points]
        return [None if value is None else (across.at(year), up.at(value)) for year, value in found]

    start = [(across.at(point.year), up.at(point.need)) for point in series.points[:1] if point.need is not None]
    low, high = ([place for place in places(end) if place] for end in ("low80", "high80"))
    band = [Stroke("band80", broken([*start, *high, *reversed(low)]) + "Z")] if low else []
    return [
        *band,
        Stroke("middle", broken(places("need"))),
        Stroke("seats", broken(places("staying"))),
        Stroke("dots", "".join(dot(*place, 2.2) for place in places("need") if place)),
    ]


def _ends(last: NeedPoint, up: Axis) -> list[Stroke | Label]:
    known = [("strong", last.need, NEED, last.need_shown), ("seat-words", last.staying, STAYING, last.staying_shown)]
    words = [(look, value, said("{w} {n}", "{w} {n}", w=word, n=shown)) for look, value, word, shown in known if value is not None]
    heights = kept_apart([up.at(value) + 4 for _, value, _ in words], 15, _TOP + 4, HEIGHT - _BOTTOM)
    return [Label(look, WIDTH - _RIGHT + 5, y, "start", text) for (look, _, text), y in zip(words, heights, strict=True)]


def _legend() -> list[Stroke | Label]:
    marks: list[Stroke | Label] = []
    x = 4.0
    for look, words in (("middle", NEED), ("band80", BAND80), ("seats", STAYING)):
        marks += [
            Stroke(look, f"M{x:.1f} 5h18v10h-18Z" if look == "band80" else f"M{x:.1f} 10h18"),
            Label("ink", x + 22, 14, "start", words),
        ]
        x += 34 + max(wide(words.zh), wide(words.en))
    return marks
