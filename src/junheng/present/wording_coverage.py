"""Words of the rosters: the columns of counts."""

from __future__ import annotations

from junheng.workflow import Text
from junheng.workflow.views.coverage import RosterStanding

COLUMNS = (Text("应办", "Should"), Text("已核实", "Verified"), Text("已报", "Claimed"), Text("缺", "Missing"))
OTHER = Text("其他", "Other")
EXCEPTIONS = Text("待判、无法判断、有说明、重复、错列、多发", "to be decided, cannot be told, excused, doubled, wrong, too much")
_UNKNOWN = "—"


def shown(count: int | None) -> str:
    """Return a count, a dash where it is not known."""
    return _UNKNOWN if count is None else str(count)


def count_cells(one: RosterStanding) -> tuple[str, ...]:
    """Return the four counts of a roster below COLUMNS."""
    return tuple(shown(count) for count in (one.should, one.verified, one.claimed, one.missing))


def count_or_unknown(one: RosterStanding) -> str:
    """Return the other exceptions together."""
    return shown(None if one.should is None else one.other)
