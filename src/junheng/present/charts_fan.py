"""The fan chart (扇形图): what was counted, the 50 % and 80 % bands of what is foreseen, and the places as steps."""

from __future__ import annotations

from collections.abc import Mapping

from junheng.present.charts_axis import Axis, Drawing, Label, Stroke, axis_over, broken, dot, kept_apart, tick_words, wide
from junheng.present.wording import said
from junheng.present.wording_foresight import BAND50, BAND80, COUNTED, PLACES, PUPILS_AXIS
from junheng.workflow import Text
from junheng.workflow.views.foresight import Band, Series

WIDTH, HEIGHT = 480, 272
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 98, 50, 38
MIDDLE = Text("中值", "middle")


def fan(
    series: Series, seats: Mapping[int, int | None] | None = None, width: int = WIDTH, height: int = HEIGHT, title: Text | None = None
) -> Drawing:
    """Return the fan of one series; `seats`: places by school year, None where some of them are unknown. Without points: no marks.

    With a `title` it stands above the chart in the place of the legend, which several charts then share.
    """
    seats = {year: number for year, number in (seats or {}).items() if year in {point.year for point in series.points}}
    up, years = _axes(series, seats, width, height)
    if up is None or years is None:
        return Drawing(width, height, series.title, ())
    marks = [*_frame(series, up, years, width, height), *_bands(series, up, years)]
    marks += [*_seat_steps(seats, up, years), *_lines(series, up, years), *_ends(series, seats, up, width, height)]
    head = [Label("strong", 4, 14, "start", title)] if title else _legend(any(number is not None for number in seats.values()))
    return Drawing(width, height, series.title, (*marks, *head))


def _axes(series: Series, seats: Mapping[int, int | None], width: int, height: int) -> tuple[Axis | None, Axis | None]:
    """Return the axis of numbers, upwards, and of years; None where nothing is to be drawn."""
    values = [point.known for point in series.points if point.known is not None]
    values += [end for point in series.points if point.band for end in (point.band.low80, point.band.high80)]
    values += [float(number) for number in seats.values() if number is not None]
    if not values:
        return None, None
    first, last = series.points[0].year, series.points[-1].year
    shown = [year for year in range(first, last + 1) if year % _every(first, last, width) == 0]
    years = Axis(first - 0.5, last + 0.5, _LEFT, width - _RIGHT, tuple(float(year) for year in shown))
    return axis_over(values, height - _BOTTOM, _TOP), years


def _every(first: int, last: int, width: int) -> int:
    """Return how many years lie between two labels: each needs some forty pixels."""
    fit = (width - _LEFT - _RIGHT) // 40
    return next((step for step in (1, 2, 5, 10) if (last - first) / step <= fit), 20)


def _frame(series: Series, up: Axis, years: Axis, width: int, height: int) -> list[Stroke | Label]:
    base, right = height - _BOTTOM, width - _RIGHT
    marks: list[Stroke | Label] = [Stroke("grid", "".join(f"M{_LEFT} {up.at(tick):.1f}H{right}" for tick in up.ticks[1:]))]
    marks += [Label("quiet", _LEFT - 6, up.at(tick) + 4, "end", tick_words(tick)) for tick in up.ticks]
    marks.append(Stroke("axis", f"M{_LEFT} {base}H{right}" + "".join(f"M{years.at(tick):.1f} {base}v4" for tick in years.ticks)))
    marks += [Label("quiet", years.at(tick), base + 16, "middle", f"{tick:.0f}") for tick in years.ticks]
    marks.append(Label("quiet", right, height - 5, "end", PUPILS_AXIS))
    marks.append(Label("quiet", 4, _TOP - 15, "start", said("单位：{u}", "in {u}", u=series.unit)))
    if up.least > 0:
        marks.append(Label("quiet", 4, height - 5, "start", said("纵轴自{n}起", "axis starts at {n}", n=tick_words(up.least))))
    known = [point.year for point in series.points if point.band is None]
    if known and len(known) < len(series.points):
        x = years.at(max(known) + 0.5)
        marks += [Stroke("today", f"M{x:.1f} {_TOP}V{base}"), Label("quiet", x + 4, _TOP - 15, "start", Text("预测→", "forecast →"))]
    return marks


def _bands(series: Series, up: Axis, years: Axis) -> list[Stroke | Label]:
    ahead = [(point.year, point.band) for point in series.points if point.band]
    if not ahead:
        return []
    start = [(point.year, point.known) for point in series.points if point.known is not None and point.year < ahead[0][0]][-1:]
    from_ = [(years.at(year), up.at(value)) for year, value in start if ahead[0][0] - year == 1 and value is not None]
    return [_band(look, from_, ahead, up, years) for look in ("band80", "band50")]


def _band(look: str, start: list[tuple[float, float]], ahead: list[tuple[int, Band]], up: Axis, years: Axis) -> Stroke:
    """Return the area between the ends of a band; it opens from the last number that was counted. A lone year is a bar."""
    ends = [(year, *((band.low80, band.high80) if look == "band80" else (band.low50, band.high50))) for year, band in ahead]
    low = [(years.at(year), up.at(value)) for year, value, _ in ends]
    high = [(years.at(year), up.at(value)) for year, _, value in ends]
    if len(ahead) == 1 and not start:
        (x, below), (_, above) = low[0], high[0]
        return Stroke(look, f"M{x - 4:.1f} {below:.1f}h8V{above:.1f}h-8Z")
    return Stroke(look, broken([*start, *high, *reversed(low)]) + "Z")


def _lines(series: Series, up: Axis, years: Axis) -> list[Stroke | Label]:
    known = [None if point.known is None else (years.at(point.year), up.at(point.known)) for point in series.points]
    middle = [(years.at(point.year), up.at(point.band.middle)) if point.band else None for point in series.points]
    return [
        Stroke("middle", broken(middle)),
        Stroke("known", broken(known)),
        Stroke("dots", "".join(dot(*place, 2.2) for place in known if place)),
    ]


def _seat_steps(seats: Mapping[int, int | None], up: Axis, years: Axis) -> list[Stroke | Label]:
    """Draw places as steps, each over the school year in which they are there; no line over a year in which they are unknown."""
    path, last = "", None
    for year, number in sorted(seats.items()):
        if number is None:
            last = None
            continue
        x, y = years.at(year - 0.5), up.at(number)
        path += f"V{y:.1f}" if last == year - 1 else f"M{x:.1f} {y:.1f}"
        path += f"H{years.at(year + 0.5):.1f}"
        last = year
    return [Stroke("seats", path)] if path else []


def _ends(series: Series, seats: Mapping[int, int | None], up: Axis, width: int, height: int) -> list[Stroke | Label]:
    """Write the last middle value and the last places beside their lines."""
    words: list[tuple[str, float, Text]] = []
    ahead = [point.band for point in series.points if point.band]
    if ahead:
        words.append(("strong", ahead[-1].middle, said("{m} {n}", "{m} {n}", m=MIDDLE, n=ahead[-1].shown)))
    held = [number for _, number in sorted(seats.items()) if number is not None]
    if held:
        words.append(("seat-words", held[-1], said("{p} {n}", "{p} {n}", p=PLACES, n=f"{held[-1]:,}")))
    heights = kept_apart([up.at(value) + 4 for _, value, _ in words], 15, _TOP + 4, height - _BOTTOM)
    return [Label(look, width - _RIGHT + 5, y, "start", text) for (look, _, text), y in zip(words, heights, strict=True)]


def legend(with_seats: bool = True) -> Drawing:
    """Return the legend alone, for charts that share it."""
    return Drawing(WIDTH, 20, Text("图例", "legend"), tuple(_legend(with_seats)))


def _legend(with_seats: bool) -> list[Stroke | Label]:
    """Return a line of samples with their names above the chart."""
    marks: list[Stroke | Label] = []
    x = 4.0
    entries = [("known", COUNTED), ("middle", MIDDLE), ("band50", BAND50), ("band80", BAND80), ("seats", PLACES)]
    for look, words in entries if with_seats else entries[:-1]:
        box = f"M{x:.1f} 5h18v10h-18Z" if look.startswith("band") else f"M{x:.1f} 10h18"
        marks += [Stroke(look, box), Label("ink", x + 22, 14, "start", words)]
        x += 32 + max(wide(words.zh), wide(words.en))
    return marks
