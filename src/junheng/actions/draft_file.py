"""A draft as a plan file that a person confirms: every measure with its line and words, a proposed binding, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junheng.actions.binding import KINDS, Known
from junheng.actions.language.deadlines import Deadline
from junheng.actions.language.draft import CLAIM, Draft, DraftMeasure
from junheng.actions.served import services
from junheng.documents import write_yaml

_LEVELS = ("一级标题", "二级标题", "三级标题", "四级标题")
_WHOLE = "全文"
_LONGEST_TITLE = 40
_FOLLOWED = "A"  # rows on how anything is followed up: what a measure itself is about goes before them
OWNER, DAY, NUMERATOR, DENOMINATOR, BINDING = (
    "由哪个科室牵头？",
    "期限由谁确定，是哪一天？",
    "分子是什么？",
    "分母是什么，以哪份名单、哪一天为准？",
    "凭什么算出进展？请写明binding（见 junheng plan bindings）。",
)


def draft_plan(draft: Draft, title: str, document: str, known: Known) -> dict[str, Any]:
    """Return a draft as the values of a plan file; what the text does not say stands as questions."""
    parts, places = _parts(draft)
    measures = [one for one in draft.measures if one.kind != CLAIM]
    said = [one for one in draft.measures if one.kind == CLAIM]
    plan: dict[str, Any] = {"title": title, "document": document, "draft": True}
    if draft.year:
        plan["year"] = draft.year
    deepest = max((part["depth"] for part in parts), default=0)
    plan["levels"] = list(_LEVELS[: deepest + 1])
    plan["parts"] = [{key: value for key, value in part.items() if key != "depth"} for part in parts]
    plan["measures"] = [_measure(number, one, places, known) for number, one in enumerate(measures, start=1)]
    plan["claims"] = [{"line": one.line, "words": one.words, "note": "文中说已经完成；未经数据核实"} for one in said]
    plan["lines_set_aside"] = [{"line": line.line, "words": line.text, "why": line.aside.zh} for line in draft.aside if line.aside]
    return plan


def draft_text(plan: Mapping[str, Any], file: str) -> str:
    """Return the text of a draft's file, with what it is in its first lines."""
    head = (
        f"# 由 junheng plan read 从“{file}”拟出的草稿：逐条核对原文，填写 questions 中的事项，删去 questions，\n"
        "# 再把 draft 一行删去，计划才生效。没有人确认以前，它不代表任何决定。\n"
    )
    return head + write_yaml(dict(plan))


def _parts(draft: Draft) -> tuple[list[dict[str, Any]], dict[tuple[str, ...], str]]:
    """Return the headings as parts in their order, and the part's name of each path of headings."""
    parts: list[dict[str, Any]] = []
    places: dict[tuple[str, ...], str] = {}
    for measure in draft.measures:
        path = measure.under or (_WHOLE,)
        for depth in range(min(len(path), len(_LEVELS))):
            here = path[: depth + 1]
            if here in places:
                continue
            places[here] = f"P{len(places) + 1}"
            part: dict[str, Any] = {"id": places[here], "level": _LEVELS[depth], "title": here[-1], "depth": depth}
            parts.append(part | ({"under": places[here[:-1]]} if depth else {}))
    return parts, places


def _measure(number: int, one: DraftMeasure, places: Mapping[tuple[str, ...], str], known: Known) -> dict[str, Any]:
    path = (one.under or (_WHOLE,))[: len(_LEVELS)]
    binding = proposed(one.capabilities, known)
    made: dict[str, Any] = {"id": f"M{number:03d}", "under": [places[path]], "title": _title(one.words)}
    if one.deadlines:
        made["due"] = _due(one.deadlines)
    if binding:
        made["binding"] = {binding[0]: binding[1]}
    made["serves"] = list(one.capabilities)
    made["source"] = {"line": one.line, "words": one.words}
    counted = [quantity.words for quantity in one.numbers if quantity.kind != "list"]
    noted = [f"数：{'；'.join(counted)}" if counted else ""]
    noted += [f"范围用语：{'、'.join(one.coverage)}（例外清单为空才算做到）" if one.coverage else ""]
    if any(noted):
        made["note"] = "。".join(word for word in noted if word)
    made["questions"] = open_questions(one, binding)
    return made


def _title(words: str) -> str:
    return words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1]}…"


def _due(found: Sequence[Deadline]) -> dict[str, Any]:
    """Return the phrase that says when, or the first one; its day is worked out again from the phrase when the plan is read."""
    chosen = next((one for one in found if one.settled), found[0])
    made: dict[str, Any] = {"phrase": chosen.phrase}
    if chosen.kind == "period":
        made |= {"from": chosen.first, "on": chosen.last}
    elif chosen.kind == "day":
        made |= {"on": chosen.last}
    elif chosen.kind == "recurrence":
        made |= {"every": chosen.recurrence}
    return made


def proposed(capabilities: Sequence[str], known: Known) -> tuple[str, str] | None:
    """Return the binding that serves the first of a measure's capabilities that is served by one; None where a person must say so."""
    for row in sorted(capabilities, key=lambda row: row.startswith(_FOLLOWED)):
        for service in services()[row]:
            rule = KINDS.get(service.kind)
            if rule and (not rule.registry or service.target in known.get(service.kind, {})):
                return service.kind, service.target
    return None


def open_questions(one: DraftMeasure, binding: tuple[str, str] | None) -> list[str]:
    """Return what a person must still say of a measure."""
    asked = [OWNER]
    asked += [] if any(deadline.settled for deadline in one.deadlines) else [DAY]
    counted = binding is None or KINDS[binding[0]].counts
    asked += [NUMERATOR, DENOMINATOR] if counted else []
    return asked + ([] if binding else [BINDING])
