"""Words and colours of plans: how a measure stands, what form its answer has."""

from __future__ import annotations

from junheng.workflow import Text
from junheng.workflow.views.plans_of_action import Standing

STANDINGS: dict[Standing, Text] = {
    "verified": Text("核实达到", "verified"),
    "claimed": Text("待核实", "claimed"),
    "under_way": Text("推进中", "under way"),
    "behind": Text("滞后", "behind"),
    "unknown": Text("尚无数据", "not known"),
}
SIGNS: dict[Standing, str] = {"verified": "●", "claimed": "◐", "under_way": "○", "behind": "▲", "unknown": "？"}
FORMS = {"figure": Text("数", "figure"), "list": Text("清单", "list"), "document": Text("文件", "document")}
COLOURS = {"verified": "#0b6b3a", "claimed": "#0b5f85", "under_way": "#5b6673", "behind": "#a02f06", "unknown": "#63407a"}
