"""What the planning office has written down for the plan of places: plots, and what may be done at each school at what cost (invented)."""

import csv
from pathlib import Path

from making.roster import Row, Site, Unit

_ROOM = {"primary": 45, "junior": 50}
_YUAN_A_PLACE = {"primary": 26_000, "junior": 32_000}
_SMALL = 130  # pupils of a rural primary school that may become a teaching point or close
_RURAL = ("210", "220")


def tables(source: Path, units: list[Unit], sites: dict[str, Site], villages: list[Row]) -> dict[str, list[Row]]:
    """Return plots and options of a year, for the schools that are open in it."""
    return {"sites": _plots(source, villages), "place_options": [row for unit in units for row in _options(unit, sites[unit.code])]}


def _plots(source: Path, villages: list[Row]) -> list[Row]:
    at = {str(village["village"]): village for village in villages}
    with (source / "sites.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found: list[Row] = []
    for row in rows:
        there = at[row["village"]]
        place: Row = {"district": there["district"], "lon": there["lon"], "lat": there["lat"], "coordinates": "village_point"}
        found.append({**row, **place, "boarding": row["boarding"] == "yes", "project": row["project"] or None})
    return found


def _options(unit: Unit, site: Site) -> list[Row]:
    """Return what may be done at one stage of a school: the larger ones grow by rooms, small rural ones may give way, all may shrink."""
    if unit.stage not in _ROOM or site.private or site.campus_of:
        return []
    room, first = _ROOM[unit.stage], {"school": unit.code, "stage": unit.stage, "lead_years": 1}
    rows: list[Row] = []
    if site.urban_rural not in _RURAL and unit.total >= 250:
        most = 4 if unit.total >= 1500 else 8
        rows.append(
            {**first, "fate": "extend", "places": room, "most": most, "yuan": room * _YUAN_A_PLACE[unit.stage], "yuan_year": 92_000}
        )
    if unit.total >= 100:
        rows.append({**first, "fate": "shrink", "places": room, "most": 6, "yuan": 15_000, "yuan_year": -38_000})
    if site.kind == "primary" and site.urban_rural in _RURAL and unit.total < _SMALL:
        rows.append({**first, "fate": "point", "yuan": 60_000, "yuan_year": -210_000})
        rows.append({**first, "fate": "close", "yuan": 180_000, "yuan_year": -520_000})
    if site.kind == "teaching_point":
        rows.append({**first, "fate": "close", "yuan": 90_000, "yuan_year": -120_000 - 1_500 * unit.total})
    return rows
