"""The kinds of binding: what shows the progress of a measure. Each is computed by a question that the house already answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junheng.errors import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingKind:
    """One kind: what it is called, the options that narrow it, and whether the plan itself must say of how many."""

    title: Text
    options: tuple[str, ...] = ()
    where: bool = False  # whether records may be chosen by their fields
    counts: bool = False  # numerator and denominator must stand in the plan: what is counted here is not said elsewhere
    registry: bool = True  # whether its names stand in a list that ships or lies in the folder


KINDS: Mapping[str, BindingKind] = {
    "indicator": BindingKind(title=Text("指标", "indicator"), options=("stage",)),
    "framework": BindingKind(title=Text("认定体系", "framework"), options=("part",)),
    "roster": BindingKind(title=Text("清单比对", "roster"), counts=True),
    "ledger": BindingKind(title=Text("台账", "ledger"), options=("done", "of", "aim", "states"), where=True, counts=True),
    "schedule": BindingKind(title=Text("定期事项", "schedule"), options=("duty",), counts=True),
    "planner": BindingKind(title=Text("采用的方案", "adopted proposal"), options=("plan",)),
    "promise": BindingKind(title=Text("承诺账", "account of a promise"), registry=False),
    "projects": BindingKind(title=Text("项目账", "account of projects"), registry=False),
    "forecast": BindingKind(title=Text("预测", "forecast"), options=("stage", "ahead")),
    "document": BindingKind(title=Text("文件", "document"), registry=False),
    "survey": BindingKind(title=Text("调查", "survey"), counts=True),
}

FORECASTS = {
    "seats": Text("学位余缺", "places less pupils"),
    "pupils": Text("在校生", "pupils"),
    "teachers": Text("教师需求", "teachers needed"),
}
VISITS = "visits"  # the schedule of supervision visits
MESSAGES = "safety-messages"  # the schedule of the messages of holidays

Known = Mapping[str, Mapping[str, Text]]  # kind -> names and titles of what can be bound
