"""Which village belongs to which school today: the office's own list, by names; a few villages of it are apart, a few schools overfull."""

import csv
from collections.abc import Iterable
from pathlib import Path

from making.roster import Row, Site, Unit

STAGES = ("primary", "junior")
Stand = dict[str, tuple[str, float, float]]  # school -> village, longitude, latitude


def tables(source: Path, units: list[Unit], sites: dict[str, Site], stand: Stand) -> dict[str, list[Row]]:
    """Return today's catchments of public schools; schools of one village share a zone."""
    with (source / "catchments.csv").open(encoding="utf-8", newline="") as lines:
        listed = list(csv.DictReader(lines))
    schools: list[Row] = []
    members: list[Row] = []
    for stage in STAGES:
        zone_of = _zones(stage, units, sites, stand)
        of_name = {sites[school].name: zone for school, zone in zone_of.items()}
        schools += [{"stage": stage, "school": school, "zone": zone} for school, zone in zone_of.items()]
        members += [{"stage": stage, "village": row["village"], "zone": of_name[row[stage]]} for row in listed]
    return {"catchments": schools, "catchment_villages": members}


def _zones(stage: str, units: Iterable[Unit], sites: dict[str, Site], stand: Stand) -> dict[str, str]:
    """Return the zone of each public school of the stage: the smallest code of those that stand in its village."""
    schools = sorted({sites[unit.code].campus_of or unit.code for unit in units if unit.stage == stage and not sites[unit.code].private})
    first: dict[str, str] = {}
    for school in schools:
        first.setdefault(stand[school][0], school)
    return {school: first[stand[school][0]] for school in schools}
