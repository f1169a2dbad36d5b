"""What is said beside the zones about ways: where they come from, what lacks, and who is kept apart by a river or railway."""

from __future__ import annotations

import polars as pl

from junheng.errors import Text
from junheng.planning.planners.supervision_zones.neighbours import UNREACHABLE
from junheng.planning.planners.supervision_zones.question import Question

_SOURCE = {
    "supplied": Text("路程按填报的路程表", "ways are those supplied"),
    "roads": Text("路程按路网计算", "ways lead along the roads"),
}


def with_remarks(note: Text | None, question: Question) -> Text | None:
    """Return a note with what is to be said about ways; None where there is nothing to say."""
    parts = [note] if note else []
    if question.source in _SOURCE:
        parts.append(_SOURCE[question.source])
    many = len(question.apart_by_barriers)
    if many:
        parts.append(
            Text(f"{many}对学校隔河或隔铁路，不作邻校", f"{many} pairs of schools across a river or railway are not taken as neighbours")
        )
    for each in dict.fromkeys((one.rule, one.found) for one in question.remarks):
        said = _SAID.get(each[0], Text("路程", "ways"))
        parts.append(Text(f"{said.zh}：{_of(each[1]).zh}", f"{said.en}: {_of(each[1]).en}"))
    return Text("；".join(each.zh for each in parts), "; ".join(each.en for each in parts)) if parts else None


_SAID = {
    "planning.travel_cell_missing": Text("路程表", "table of ways"),
    "planning.roads_in_pieces": Text("路网断开", "roads in pieces"),
    "planning.point_far_from_roads": Text("离道路较远", "far from any road"),
    "planning.school_behind_a_barrier": Text("被河流或铁路隔断，没有邻校", "left without a neighbour by a river or railway"),
}


def _of(found: Text | str) -> Text:
    return found if isinstance(found, Text) else Text(found, found)


def apart(question: Question) -> dict[str, pl.DataFrame]:
    """Return the table of schools that barriers keep from being neighbours, where there are any."""
    if not question.apart_by_barriers:
        return {}
    rows = []
    for one, other in question.apart_by_barriers:
        way = min(int(question.way[one, other]), int(question.way[other, one]))
        rows.append({"school": question.codes[one], "other": question.codes[other], "way": way / 1000 if way < UNREACHABLE else None})
    return {"apart": pl.DataFrame(rows, schema={"school": pl.String, "other": pl.String, "way": pl.Float64})}
