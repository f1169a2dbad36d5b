"""The parts of a framework with their items, its vetoes, and the rule by which each part passes, in words."""

from __future__ import annotations

from collections import Counter
from typing import cast

from junheng.errors import Text
from junheng.standards import Part as FrameworkPart
from junheng.standards import value_text
from junheng.workflow.items import Row, gathered, item
from junheng.workflow.judged import Judged, stage_order
from junheng.workflow.views import Item, Part, Verdict, Veto, Whole

_ORDER = ("met", "met_by_concession", "near", "partly", "missed", "no_data", "needs_evidence", "not_applicable")


def parts(judged: Judged) -> tuple[Part, ...]:
    """Return the framework's parts in its order, each with its items (or, judged school by school, with counts of units)."""
    rows = {row["part"]: row for row in judged.card.parts.to_dicts()}
    return tuple(_part(judged, part, rows[part.id]) for part in judged.framework.parts)


def eligibility(judged: Judged) -> tuple[Item, ...]:
    """Return the conditions for applying; they are judged, and do not enter the whole."""
    part = judged.framework.eligibility
    return _items(judged, part) if part else ()


def _part(judged: Judged, part: FrameworkPart, row: Row) -> Part:
    items = () if part.each == ("school", "stage") else _items(judged, part)
    counts = Counter(item.verdict for item in items)
    return Part(
        id=part.id,
        title=part.title,
        rule=rule_words(part),
        verdict=cast("Whole", row["verdict"]),
        items=items,
        counts={cast("Verdict", verdict): counts[cast("Verdict", verdict)] for verdict in _ORDER},
        units_met=row["units_met"],
        units_missed=row["units_missed"],
        units_open=row["units_open"],
    )


def _items(judged: Judged, part: FrameworkPart) -> tuple[Item, ...]:
    rows: dict[str, list[Row]] = {}
    for row in judged.card.items.to_dicts():
        if row["part"] == part.id and row["verdict"] is not None:
            rows.setdefault(row["requirement"], []).append(row)
    found: list[Item] = []
    for requirement in part.requirements:
        its = rows.get(requirement.id, [])
        if its and "school" in requirement.each:
            found.append(gathered(judged, requirement, its))
        else:
            found += [item(judged, requirement, row) for row in sorted(its, key=lambda row: stage_order(row["stage"]))]
    return tuple(found)


def rule_words(part: FrameworkPart) -> Text:
    """Return by which rule a part passes, in words."""
    each = Text("每校每学段", "each school's stage") if part.each == ("school", "stage") else Text("", "")
    if part.passes.met is None:
        count = len(part.numbers)
        return Text(f"{each.zh}{count}项全部达到", f"all {count} items met {each.en}".strip())
    words = Text(
        f"{each.zh}{part.passes.of}项中至少{part.passes.met}项达标", f"at least {part.passes.met} of {part.passes.of} met by {each.en}"
    )
    near = next((requirement.near for requirement in part.requirements if requirement.near is not None), None)
    if part.passes.others is None or near is None:
        return words
    percent = value_text(near * 100, "%")
    return Text(f"{words.zh}，其余不低于标准的{percent}%", f"{words.en}, the others at {percent} % of the standard or more")


def vetoes(judged: Judged) -> tuple[Veto, ...]:
    """Return the vetoes with whether each occurred, None where it was not checked."""
    states = {"occurred": True, "clear": False, "not_checked": None}
    rows = {row["veto"]: row for row in judged.card.vetoes.to_dicts()}
    return tuple(
        Veto(id=veto.id, title=veto.title, occurred=states[rows[veto.id]["verdict"]], document=rows[veto.id]["document"] or "")
        for veto in judged.framework.vetoes
    )
