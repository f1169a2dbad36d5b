"""The outlook of an area from two censuses on two printed pages, as plain values: texts ready to print and charts ready to place."""

from __future__ import annotations

from pathlib import Path

from junheng.present.charts_fan import fan
from junheng.present.report.pages import Values
from junheng.present.report.pdf import set_pages
from junheng.present.wording import source_words
from junheng.workflow import Text
from junheng.workflow.views.outlook import Outlook, OutlookStage

_CHART_WIDTH, _CHART_HEIGHT = 480, 236
_UNCHECKED = Text("未核对原文", "not yet checked against the original")


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
        "charts": [
            {"title": stage.series.title.zh, "svg": fan(stage.series, width=_CHART_WIDTH, height=_CHART_HEIGHT).svg()}
            for stage in outlook.stages
        ],
        "stages": [_stage(stage) for stage in outlook.stages],
        "scenarios": [f"{title.zh}：{note.zh}。" for title, note in outlook.scenarios],
        "zone_stages": [stage.zh for stage in outlook.zone_stages],
        "zones": [
            {"name": zone.name, "cells": [cell for cells in zone.children for cell in cells], "change": list(zone.change_shown)}
            for zone in outlook.zones
        ],
        "cohorts": [
            {
                "name": line.name,
                "cohort": line.cohort.zh,
                "cells": [line.before_shown, line.after_shown, line.ratio_shown, line.elsewhere_shown, line.yearly_shown or "—"],
            }
            for line in outlook.cohorts
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
