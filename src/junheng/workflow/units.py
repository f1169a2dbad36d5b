"""The schools' stages as they are judged, and those that are left out, with the reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from junheng.errors import Text
from junheng.standards import Part
from junheng.workflow.items import Row, item
from junheng.workflow.judged import NO_TEXT, Judged, label, stage_label, stage_order
from junheng.workflow.views import Item, Unit, Whole

_REASONS = {
    "special": Text("特殊教育学校不计入资源配置七项", "special schools are not in the seven resource indicators"),
    "vocational": Text("职业学校不计入资源配置七项", "vocational schools are not in the seven resource indicators"),
    "small_teaching_point": Text(
        "不足50人的教学点不计入资源配置七项", "teaching points under 50 pupils are not in the seven resource indicators"
    ),
}


def units(judged: Judged) -> tuple[Unit, ...]:
    """Return every school's stage in order of code and stage: those judged by the framework's part for schools, then those left out."""
    part = next((part for part in judged.framework.parts if part.each == ("school", "stage")), None)
    if part is None:
        return ()
    found = _judged_units(judged, part)
    left_out = tuple(_left_out(judged, row) for row in judged.card.excluded.to_dicts())
    return (*found, *left_out)


def _judged_units(judged: Judged, part: Part) -> tuple[Unit, ...]:
    requirements = {requirement.id: requirement for requirement in part.requirements}
    rows: dict[tuple[str, str], list[Item]] = {}
    for row in judged.card.items.to_dicts():
        if row["part"] == part.id and row["school"]:
            rows.setdefault((row["school"], row["stage"]), []).append(item(judged, requirements[row["requirement"]], row))
    verdicts = {(row["school"], row["stage"]): row for row in judged.card.units.to_dicts() if row["part"] == part.id}
    return tuple(
        _unit(judged, school, stage, tuple(rows[school, stage]), verdicts[school, stage]) for school, stage in sorted(rows, key=_order)
    )


def _order(unit: tuple[str, str]) -> tuple[str, int]:
    return (unit[0], stage_order(unit[1]))


def _unit(judged: Judged, school: str, stage: str, items: tuple[Item, ...], counts: Row) -> Unit:
    return Unit(
        **_facts(judged, school, stage),
        items=items,
        met=counts["met"],
        near=counts["near"],
        missed=counts["missed"],
        no_data=counts["no_data"],
        of=counts["of"],
        verdict=cast("Whole", counts["verdict"]),
        judged=True,
        reason=NO_TEXT,
    )


def _left_out(judged: Judged, row: Row) -> Unit:
    reason = _REASONS.get(row["reason"], Text(row["reason"], row["reason"]))
    facts = _facts(judged, row["school"], row["stage"])
    return Unit(**facts, items=(), met=0, near=0, missed=0, no_data=0, of=0, verdict="not_decided", judged=False, reason=reason)


def _facts(judged: Judged, school: str, stage: str) -> dict[str, Any]:
    row = judged.schools.get(school, {})
    return {
        "school": school,
        "name": judged.school_name(school),
        "kind": label("school_kind", row.get("kind")),
        "stage": stage,
        "stage_label": stage_label(stage),
        "district": judged.district_of(school),
        "urban_rural": label("urban_rural", row.get("urban_rural")),
        "ownership": label("ownership", row.get("ownership")),
        "founder": row.get("founder") or "",
        "pupils": judged.pupils.get((school, stage)),
        "lon": _degree(row.get("lon")),
        "lat": _degree(row.get("lat")),
    }


def _degree(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
