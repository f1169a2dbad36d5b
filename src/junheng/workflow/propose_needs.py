"""A county without what a planner plans with is refused: where nothing is entered nothing is met."""

from __future__ import annotations

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.model import County, schema
from junheng.planning.declaration import Declaration
from junheng.planning.proposal import Proposal

_USUAL = ("schools",)
_NEEDS = {"catchments": ("villages", "schools"), "school_places": ("villages", "schools"), "sites": ("villages",)}
_WAYS = ("catchments", "school_places", "sites")  # their objective counts every child's way


def there_is_something_to_plan(county: County, declaration: Declaration) -> None:
    """Raise DataError for each table without rows without which there is nothing to plan."""
    empty = [name for name in _NEEDS.get(declaration.name, _USUAL) if not county.tables[name].height]
    if empty:
        titles = {name: schema().tables[name].title for name in empty}
        found = Text("没有任何一行", "no row")
        raise DataError([finding("workflow.nothing_to_plan", Place(table=name, title=said), found) for name, said in titles.items()])


def something_is_planned(proposal: Proposal, declaration: Declaration) -> None:
    """Raise DataError for a plan without a step that counts nobody's way: nobody is entered whom the brief is about."""
    if declaration.name in _WAYS and not proposal.steps and not any(one.amount for one in proposal.amounts):
        raise DataError(finding("workflow.nobody_to_plan_for", Place(), Text("没有一名孩子", "no child")))
