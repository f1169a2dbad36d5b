"""Words of the ledgers: how things stand that are owed."""

from __future__ import annotations

from junheng.workflow import Text

STANDINGS = {
    "overdue": Text("逾期", "overdue"),
    "missing": Text("缺项", "missing"),
    "stale": Text("久未办理", "stale"),
    "due": Text("本周到期", "due"),
}
