"""The forms by which filled templates are recognised and read, made from the same plan as the templates.

They are written as any other form is (store/forms/*.yaml), so that one reader reads both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from junheng.documents import PackageFile, write_yaml
from junheng.model import Column, allowed
from junheng.store.returns.forms import Form, read_forms
from junheng.store.templates.plan import EXAMPLE, ITEM, LAST_YEAR, NOTE, THIS_YEAR, TITLE, UNIT, SheetPlan, sheets

_STAGES = tuple(allowed("stage"))


@cache
def template_forms(county: str) -> tuple[Form, ...]:
    """Return a form for each sheet of the templates, for read_returns(…, forms=…).

    county: the county's code, which the tables of the county have as their key. A list of a school has no column for the
    school: its code stands above the list.
    """
    plans = {f"template/{plan.scope}/{plan.name}": plan for plan in sheets().values()}
    forms = read_forms(PackageFile(f"{name}.yaml", write_yaml(_form(plan, county))) for name, plan in plans.items())
    return tuple(replace(form, handed_out=True, prefilled=_prefilled(plans[form.id])) for form in forms)


def _prefilled(plan: SheetPlan) -> frozenset[str]:
    """Return the tables with whose values a sheet is handed out: last year's rows, and the register."""
    return frozenset(block.table.name for block in plan.blocks if block.rows == "previous" or block.table.name == "schools")


def stage_label(stage: str) -> str:
    """Return the label of a stage's column."""
    return allowed("stage")[stage].zh


def last_label(text: str) -> str:
    """Return the label of the column that shows last year's value."""
    return f"{text}（上年）"


def given(plan: SheetPlan, column: Column) -> bool:
    """Return whether a list has no column for this key, because it stands above the list."""
    return column.key and column.name == plan.scope


def _form(plan: SheetPlan, county: str) -> dict[str, Any]:
    body = {"blocks": list(_blocks(plan))} if plan.layout == "matrix" else {"fields": list(_fields(plan))}
    return {
        "title": {"zh": f"填报表“{plan.name}”", "en": f"template {plan.name}"},
        "layout": plan.layout,
        "jurisdiction": "",
        "titles": [TITLE + plan.name],
        "title_needed": True,
        "constants": {"county": county} if plan.scope == "county" else {},
        "unused": list(_unused(plan)),
        **body,
    }


def _fields(plan: SheetPlan) -> Iterable[dict[str, Any]]:
    for column in plan.table.columns:
        if column.type != "geometry" and not given(plan, column):
            goes = {"key": column.name} if column.key else {"to": f"{plan.table.name}.{column.name}"}
            yield {"label": column.label.zh, **goes}


def _blocks(plan: SheetPlan) -> Iterable[dict[str, Any]]:
    for block in plan.blocks:
        rows = {
            column.label.zh: {"to": f"{block.table.name}.{column.name}"}
            for column in block.table.columns
            if not column.key and column.type != "geometry"
        }
        stages = {stage_label(stage): {"stage": stage} for stage in _STAGES}
        yield {"rows": rows, "columns": stages if block.rows == "stages" else {THIS_YEAR: {}}}


def _unused(plan: SheetPlan) -> Iterable[str]:
    yield from (ITEM, UNIT, EXAMPLE, NOTE, LAST_YEAR)
    yield from (last_label(stage_label(stage)) for stage in _STAGES)
    if plan.layout == "list":
        yield from (last_label(column.label.zh) for column in plan.table.columns)
