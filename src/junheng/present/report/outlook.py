"""The outlook of an area from two censuses on two printed pages, as plain values: texts ready to print and charts ready to place."""

from __future__ import annotations

from pathlib import Path

from junheng.present.charts_beside import beside, rows_of
from junheng.present.charts_fan import fan, legend
from junheng.present.report.pages import Values
from junheng.present.report.pdf import set_pages
from junheng.present.wording import source_words
from junheng.workflow.views.outlook import Outlook, OutlookStage

_CHART = (340, 165)  # two in a row have words of 8 pt and more


def write_outlook(outlook: Outlook, path: Path) -> None:
    """Write the two pages to `path` (.pdf)."""
    set_pages("outlook.typ", outlook_pages(outlook), outlook.day, path)


def outlook_pages(outlook: Outlook) -> Values:
    """Return the two pages in Chinese."""
    return {
        "county": outlook.county_name.zh,
        "year": str(outlook.year),
        "before": str(outlook.before),
        "until": str(outlook.until),
        "years": [str(year) for year in outlook.shown_years],
        "headlines": [line.zh for line in outlook.headlines],
        "charts": _charts(outlook),
        "stages": [_stage(stage) for stage in outlook.stages],
        "scenarios": [f"{title.zh}：{note.zh}。" for title, note in outlook.scenarios],
        "zone_stages": [stage.zh for stage in outlook.zone_stages],
        **_zones(outlook),
        "cohorts": [
            {
                "name": line.name,
                "cohort": line.cohort.zh,
                "cells": [line.before_shown, line.after_shown, line.ratio_shown, line.elsewhere_shown, line.yearly_shown or "—"],
            }
            for line in outlook.cohorts
            if line.name not in {zone.name for zone in outlook.zones}  # theirs stands beside their children
        ],
        "assumptions": [
            {
                "title": one.title.zh,
                "source": one.source.title.zh if one.source else "",
                "confidence": one.source.confidence if one.source else "",
                "note": one.note.zh,
            }
            for one in outlook.assumptions
        ],
        "standards": "；".join(source_words(source).zh for source in outlook.standards),
        "limits": [line.zh for line in outlook.limits],
        "method": [line.zh for line in outlook.method],
        "digests": f"数据 {outlook.digests.county[:12]}　标准 {outlook.digests.standards[:12]}　程序 {outlook.digests.code[:12]}",
    }


def _charts(outlook: Outlook) -> list[str]:
    """Return the fans in rows, the legend above the first."""
    drawings = [fan(stage.series, None, *_CHART, title=stage.series.title) for stage in outlook.stages]
    heads = (legend(with_seats=False), *(None for _ in drawings))
    return [beside(row, outlook.county_name, head) for row, head in zip(rows_of(drawings), heads, strict=False)]


def _zones(outlook: Outlook) -> Values:
    """Return children by zone in the first, second and last of the years shown (more do not fit legibly), with the yearly migration."""
    years = outlook.shown_years
    places = list(dict.fromkeys((*range(len(years))[:2], *range(len(years))[-1:])))
    yearly = {line.name: line.yearly_shown for line in outlook.cohorts if line.yearly_shown}
    return {
        "zone_years": [str(years[place]) for place in places],
        "zones": [
            {
                "name": zone.name,
                "cells": [
                    [*(cells[place] for place in places), change] for cells, change in zip(zone.children, zone.change_shown, strict=True)
                ],
                "yearly": yearly.get(zone.name, "—"),
            }
            for zone in outlook.zones
        ],
    }


def _stage(stage: OutlookStage) -> Values:
    return {
        "label": stage.stage_label.zh,
        "ages": stage.ages,
        "ratio": stage.ratio_shown,
        "limit": stage.class_limit_shown or "—",
        "staff": stage.staff_ratio_shown or "—",
        "children": [
            {"middle": one.children_shown, "band": one.children80_shown, "low": one.low_shown, "high": one.high_shown}
            for one in stage.years
        ],
        "needs": [
            {"seats": one.seats_shown, "band": one.seats80_shown, "change": one.change_shown or "—"}
            | {"classes": one.classes_shown or "—", "staff": one.staff_shown or "—"}
            for one in stage.years
        ],
    }
