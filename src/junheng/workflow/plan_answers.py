"""One measure, answered: the question that each kind of binding asks of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from junheng.actions.plan import Binding, Measure
from junheng.actions.progress import Answer, not_known
from junheng.errors import DataError, StandardsError, StoreError, Text
from junheng.workflow.plan_desk import PlanDesk
from junheng.workflow.plan_figures import of_forecast, of_framework, of_indicator, of_survey
from junheng.workflow.plan_records import of_document, of_ledger, of_schedule
from junheng.workflow.plan_rosters import of_roster
from junheng.workflow.plan_works import of_planner, of_projects, of_promise

_OF_MEASURE: Mapping[str, Callable[[PlanDesk, Measure, Binding], Answer]] = {
    "indicator": of_indicator,
    "survey": of_survey,
    "ledger": of_ledger,
}
_OF_BINDING: Mapping[str, Callable[[PlanDesk, Binding], Answer]] = {
    "framework": of_framework,
    "forecast": of_forecast,
    "schedule": of_schedule,
    "document": of_document,
    "promise": of_promise,
    "projects": of_projects,
    "planner": of_planner,
    "roster": of_roster,
}


def answer_of(desk: PlanDesk, measure: Measure) -> Answer:
    """Return what the data say of a measure. What cannot be read makes it not known, with the reason; nothing is taken for zero."""
    binding = measure.binding
    if binding is None:
        return not_known("figure", Text("没有绑定，进展无从算出", "it is bound to nothing"))
    try:
        if binding.kind in _OF_MEASURE:
            return _OF_MEASURE[binding.kind](desk, measure, binding)
        return _OF_BINDING[binding.kind](desk, binding)
    except (DataError, StoreError, StandardsError) as error:
        desk.findings += error.findings
        first = error.findings[0].found if error.findings else Text("", "")
        return not_known("figure", Text(f"数据不能使用：{first.zh}", f"the data cannot be used: {first.en}"))
