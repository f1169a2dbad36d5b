"""What the printed pages of a forecast show, as plain values: texts ready to print and charts ready to place."""

from __future__ import annotations

from junheng.present import charts_levels
from junheng.present.charts_beside import beside, rows_of
from junheng.present.charts_fan import fan, legend
from junheng.present.charts_programme import programme
from junheng.present.charts_pyramid import largest, pyramid
from junheng.present.foresight_selection import (
    SHORTENED,
    assumptions_shown,
    county_lines,
    county_series,
    levels_in,
    listed_and_left,
    main_errors,
    maps_to_print,
    own_title,
    places_of,
    short_lines,
    stages_of,
)
from junheng.present.report.pages import Values
from junheng.present.report.wording import official_date
from junheng.present.wording import figure_words, school_year
from junheng.present.wording_foresight import (
    LEVEL_SIGNS,
    LEVELS,
    UNKNOWN,
    assumption_words,
    document_words,
    error_place,
)
from junheng.workflow.views.foresight import Foresight, Scenario, SeatLine

_MOST_FANS, _MOST_NOTABLE = 6, 8
FAN_ON_PAPER = (340, 214)  # two in a row have words of 7 pt and more


def foresight_pages(foresight: Foresight) -> Values:
    """Return the pages of the first scenario, in Chinese."""
    scenario = foresight.scenarios[0]
    return {
        "county": foresight.county_name.zh,
        "year": school_year(foresight.year).zh,
        "day": official_date(foresight.as_of),
        "scenario": scenario.title.zh,
        "basis": foresight.backtest.calibration.zh,
        "pooled": foresight.backtest.calibration.zh if foresight.backtest.basis == "pooled" else "",
        "brief": [line.zh for line in foresight.brief],
        "headlines": [line.zh for line in foresight.headlines],
        "figures": [{"label": one.label.zh, "value": figure_words(one).zh} for one in foresight.figures],
        "fans": _fans(foresight, scenario),
        "legend": [
            {"sample": charts_levels.legend_svg(level), "word": f"{LEVEL_SIGNS[level]} {words.zh}"} for level, words in LEVELS.items()
        ],
        "maps": maps(foresight, scenario),
        "map_note": foresight.map.note.zh,
        **_seats(foresight, scenario),
        "pyramids": _pyramids(scenario),
        "pyramid_notes": list(dict.fromkeys(one.note.zh for one in scenario.pyramids if one.note.zh)),
        "notable": [f"{one.sentence.zh}（概率{one.probability_shown or '无数据'}）。" for one in scenario.notable[:_MOST_NOTABLE]],
        "notable_more": f"另有{len(scenario.notable[_MOST_NOTABLE:])}条见工作簿。" if scenario.notable[_MOST_NOTABLE:] else "",
        "programme": programme(foresight.projects, foresight.as_of).svg() if foresight.projects else "",
        "outturns": [one.sentence.zh for one in foresight.outturns],
        "promises": [one.sentence.zh for one in foresight.promises],
        "backtest": "".join([foresight.backtest.sentence.zh, *([foresight.later.sentence.zh] if foresight.later else [])]),
        "errors": error_rows(foresight),
        "published": [f"{who.zh}：{what.zh}" for who, what in foresight.backtest.published],
        "assumptions": _assumptions(foresight),
        "shortened": SHORTENED.zh,
        "method": [line.zh for line in foresight.method],
        "limits": [line.zh for line in foresight.limits],
        "sources": [document_words(source).zh for source in foresight.sources],
        "digests": (
            f"数据指纹 {foresight.digests.county[:8]}　标准指纹 {foresight.digests.standards[:8]}　软件 {foresight.digests.code[:12]}"
        ),
    }


def _fans(foresight: Foresight, scenario: Scenario) -> list[str]:
    """Return rows of the county's fans, whole stages, in the order of the series."""
    found = county_series(scenario)[:_MOST_FANS]
    drawings = [fan(one, places_of(scenario.seats, one), *FAN_ON_PAPER, title=own_title(foresight, one)) for one in found]
    heads = (legend(), *(None for _ in drawings))  # the legend stands above the first row
    return [beside(row, foresight.county_name, head) for row, head in zip(rows_of(drawings), heads, strict=False)]


def maps(foresight: Foresight, scenario: Scenario) -> list[Values]:
    """Return the maps that paper shows, to stand side by side: each a stage and a year."""
    zones = charts_levels.zones(foresight.map, scenario.seats)
    if not zones:
        return []
    stages = {label.zh: stage for stage, label in stages_of(scenario.seats).items()}
    found = []
    for label, year in maps_to_print(foresight, scenario):
        levels = levels_in(scenario.seats, stages[label.zh], year)
        title = charts_levels.level_title(label, school_year(year))
        svg = charts_levels.levels_svg(zones, levels, title, names=False, width=charts_levels.SMALL)
        found.append({"caption": f"{label.zh}　{school_year(year).zh}", "svg": svg})
    return found


def _pyramids(scenario: Scenario) -> list[str]:
    most, shown = largest(scenario.pyramids), [one for one in scenario.pyramids if one.bars]
    chosen = [*shown[:1], *shown[-1:]] if shown[1:] else shown
    return [pyramid(one, shown[0], most).svg() for one in chosen]


def _seats(foresight: Foresight, scenario: Scenario) -> Values:
    """Return need against places: the county at the horizons, then the zones that may be short, the gravest first."""
    listed, left = listed_and_left(short_lines(foresight, scenario.seats))
    rows = [*county_lines(foresight, scenario.seats), *listed]
    more = f"另有{len(left)}行有缺口风险的片区。" if left else ""
    return {"seats": [seat_row(line) for line in rows], "seats_more": f"{more}其余片区各年见工作簿。"}


def seat_row(line: SeatLine) -> list[str]:
    """Return a line of need against places as texts; what is not known says so."""
    need = (line.need.shown, line.need.shown80) if line.need else (UNKNOWN.zh, "—")
    numbers = (line.seats_shown, line.balance_shown, line.shortage_probability_shown)
    shown = [number or UNKNOWN.zh for number in numbers]
    return [line.area_name, line.stage_label.zh, str(line.year), *need, *shown, f"{LEVEL_SIGNS[line.level]} {LEVELS[line.level].zh}"]


def _assumptions(foresight: Foresight) -> list[str]:
    """Return a paragraph for each scenario: all of the first one, of the others what differs."""
    found: dict[str, list[str]] = {}
    for scenario, one in assumptions_shown(foresight):
        found.setdefault(scenario.title.zh, []).append(assumption_words(one).zh)
    return [f"{title}：{'；'.join(lines)}。" for title, lines in found.items()]


def error_rows(foresight: Foresight) -> list[list[str]]:
    """Return the record of past forecasts as texts, ours beside the two baselines."""
    return [
        [
            *(error_place(row).zh, f"{row.horizon}", f"{row.forecasts}" if row.forecasts else "—"),
            *(shown or "—" for shown in (row.mape_shown, row.bias_shown, row.cover50_shown, row.cover80_shown, row.wis_shown)),
            *(shown or "—" for shown in (row.three_year_mape_shown, row.last_value_mape_shown)),
        ]
        for row in main_errors(foresight)
    ]
