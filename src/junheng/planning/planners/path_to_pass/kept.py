"""The question of a brief: the year in which it must pass, as many after it as are asked for, and what is pinned and forbidden in all.

Amounts are the same in all these years; thresholds and coefficients are those of each year's own pupils and teachers, side by side in one
program. So its bound is one for every plan that passes in all of them.
"""

from __future__ import annotations

from decimal import Decimal

from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.pinned import with_pins
from junheng.planning.planners.path_to_pass.question import Question, ask, with_later_years
from junheng.planning.planners.path_to_pass.unable import Unable
from junheng.planning.proposal import Brief
from junheng.standards.rulebook import Rulebook


def of_years(county: County, rules: Rulebook, brief: Brief, declaration: Declaration) -> tuple[Question, tuple[Unable, ...]]:
    """Return the question that a brief asks, and what no measure brings to pass. Raises as `ask` and `with_pins` do."""
    replaced = Decimal(str(declaration.value(brief, "replaced"))) / 100
    own = ask(county, rules, brief, declaration)
    return with_pins(with_later_years(own, rules, int(declaration.value(brief, "keep")), replaced), brief)
