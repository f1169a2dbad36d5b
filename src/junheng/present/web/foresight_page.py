"""The page of a forecast: one file that opens from disk, with charts, a map by year, tables, and how far to trust them."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from junheng.present import charts_levels, charts_programme, wording, wording_foresight
from junheng.present.charts_axis import LOOKS, Drawing, Label, Stroke
from junheng.present.foresight_selection import assumptions_shown, levels_in, stages_of
from junheng.present.web.foresight_rows import Fan, Part, part_of
from junheng.present.web.packing import Pack
from junheng.present.web.page import POLICY, hash_of
from junheng.present.web.rows import causes_of
from junheng.present.web.template import asset, ready, render
from junheng.workflow.views.foresight import Foresight, SeatLine

STYLES = ("screen.css", "sections.css", "print.css")
OWN_STYLES = ("foresight.css",)
SCRIPTS = ("elements.js", "switch.js", "findings.js")
OWN_SCRIPTS = ("fans.js", "years.js", "needs.js", "going.js")
_OWN = "foresight_assets"


def foresight_page(foresight: Foresight, lang: str = "zh", dashboard: str = "") -> str:
    """Return the forecast as one HTML file that needs nothing else; it opens in `lang` and can be switched.

    `dashboard` is the relative address of the dashboard that was written together with it; "" where there is none.
    """
    pack = Pack()
    zones = charts_levels.zones(foresight.map, [line for one in foresight.scenarios for line in one.seats])
    parts = [part_of(number, foresight, zones, lang) for number in range(len(foresight.scenarios))]
    style = "\n".join([*map(asset, STYLES), *(asset(name, _OWN) for name in OWN_STYLES)])
    program = "".join([*map(asset, SCRIPTS), *(asset(name, _OWN) for name in OWN_SCRIPTS)])
    script = f'"use strict";(()=>{{\n{program}}})();'
    programme = charts_programme.programme(foresight.projects, foresight.as_of) if foresight.projects else None
    return render(
        lang,
        "foresight/page.html",
        f=foresight,
        parts=parts,
        first=parts[0],
        zones=zones,
        defs=ready(_definitions(zones)),
        programme=ready(programme.svg(lang)) if programme else "",
        findings=SimpleNamespace(number=0, of=foresight, silent=(), causes=causes_of(foresight.findings)),
        assumptions=assumptions_shown(foresight),
        dashboard=dashboard,
        policy=POLICY.format(style=hash_of(style), script=hash_of(script)),
        style=ready(style),
        script=ready(script),
        data=lambda: ready(_data(pack, foresight, parts, zones)),
        wording=wording,
        words=wording_foresight,
        levels=charts_levels,
        legends={level: ready(charts_levels.legend_svg(level, shared=True)) for level in wording_foresight.LEVELS},
        large_map=ready(_large_map(parts[0], zones, lang)),
    )


def _definitions(zones: Sequence[charts_levels.Zone]) -> str:
    """Return patterns and outlines, once for every map of the page."""
    widths = (charts_levels.WIDTH, charts_levels.LARGE, charts_levels.SMALL)
    return "".join([*map(charts_levels.patterns, widths), charts_levels.outlines(zones)])


def _large_map(part: Part, zones: Sequence[charts_levels.Zone], lang: str) -> str:
    """Return the map in which the script changes the year; it opens at the first stage and the first year ahead."""
    if not zones or not part.of.seats:
        return ""
    stage, label = next(iter(stages_of(part.of.seats).items()))
    year = min(line.year for line in part.of.seats)
    shown = levels_in(part.of.seats, stage, year)
    return charts_levels.levels_svg(zones, shown, charts_levels.level_title(label, wording.school_year(year)), lang, shared=True)


def _data(pack: Pack, foresight: Foresight, parts: Sequence[Part], zones: Sequence[charts_levels.Zone]) -> str:
    areas = {line.area: (line.area_name, line.area_kind) for part in parts for line in part.of.seats}
    places = {area: number for number, area in enumerate(areas)}
    stages: dict[str, object] = {}
    for part in parts:
        stages.update({stage: pack.text(label) for stage, label in stages_of(part.of.seats).items()})
    years = sorted({line.year for part in parts for line in part.of.seats})
    ahead = {year: horizon for horizon, year in wording_foresight.years_ahead(foresight)}
    return pack.json(
        sheets=[],
        signs=wording.SIGNS,
        levelSigns=wording_foresight.LEVEL_SIGNS,
        levelWords={level: pack.text(words) for level, words in wording_foresight.LEVELS.items()},
        unknown=pack.text(wording_foresight.UNKNOWN),
        looks=LOOKS,
        large=charts_levels.LARGE,
        absent=charts_levels.ABSENT,
        years=[[year, pack.text(wording.school_year(year)), ahead.get(year, 0)] for year in years],
        areas=[[area, pack.text(name), kind] for area, (name, kind) in areas.items()],
        stages=[[stage, place] for stage, place in stages.items()],
        zones=[places.get(zone.key, -1) for zone in zones],
        scenarios=[
            {
                "title": pack.text(part.of.title),
                "lines": [_line(pack, line, places[line.area]) for line in part.of.seats],
                "fans": [_fan(pack, one) for one in part.others],
            }
            for part in parts
        ],
    )


def _line(pack: Pack, line: SeatLine, area: int) -> list[object]:
    """Return one line of need against places as the script reads it; null where a number is not known."""
    return [
        area,
        line.stage,
        line.year,
        line.need.shown if line.need else "",
        line.need.shown80 if line.need else "",
        line.seats_shown,
        line.balance_shown,
        line.shortage_probability_shown,
        line.shortage_shown,
        line.level,
        pack.text(line.reason),
        line.shortage_probability,
        line.balance,
    ]


def _fan(pack: Pack, one: Fan) -> list[object]:
    series = one.series
    return [
        wording_foresight.kind_of_series(series.id),
        series.area,
        series.area_kind,
        pack.text(series.title),
        pack.text(series.note),
        [[row.year, row.known, row.middle, row.half, row.most, row.seats] for row in one.rows],
        _marks(pack, one.drawing),
    ]


def _marks(pack: Pack, drawing: Drawing) -> list[object]:
    """Return size and marks of a drawing: [look, path], or [look, x, y, anchor, text]."""
    marks = [[mark.look, mark.path] if isinstance(mark, Stroke) else _label(pack, mark) for mark in drawing.marks]
    return [drawing.width, drawing.height, marks]


def _label(pack: Pack, mark: Label) -> list[object]:
    return [mark.look, float(f"{mark.x:.1f}"), float(f"{mark.y:.1f}"), mark.anchor, pack.text(mark.words)]
