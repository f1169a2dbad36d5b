"""The maps of a proposal as GeoJSON (WGS 84): each place with what it belongs to today and as proposed, for any map program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from junheng.workflow.views.proposals import Place, PlaceMap, Proposed


def write_geojson(proposed: Proposed, path: Path) -> None:
    """Write all maps of a proposal to `path` (.geojson) as one collection; `map` says of which map a feature is."""
    features = [feature for one in proposed.maps for feature in _features(one)]
    collection = {"type": "FeatureCollection", "name": f"{proposed.planner} {proposed.year}", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _features(shown: PlaceMap) -> Iterator[dict[str, Any]]:
    areas = {area.id: area for area in shown.areas}
    for mark in shown.marks:
        if shown.places == "villages" and mark.code in areas:
            rings = [[*map(list, ring)] for ring in areas[mark.code].rings]
            yield _feature(shown, mark, {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]})
        elif mark.lon is not None and mark.lat is not None:
            yield _feature(shown, mark, {"type": "Point", "coordinates": [mark.lon, mark.lat]})


def _feature(shown: PlaceMap, mark: Place, geometry: dict[str, Any]) -> dict[str, Any]:
    told = {"map": shown.id, "code": mark.code, "name": mark.name, "before": mark.before, "after": mark.after}
    return {"type": "Feature", "properties": {**told, "changes": mark.before != mark.after}, "geometry": geometry}
