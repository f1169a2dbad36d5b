"""Everything a presenter may see: values only, already worked out, labelled, rounded and sourced.

Presenters hold no arithmetic: where a number is to be printed its `shown` text stands beside it, and where it is to be drawn or
sorted its `value` does. Lists are in the order in which they are to be shown. Verdict and kind words are ids; present/wording.py
holds their texts.
"""

from junheng.workflow.views.answers import Compared, Comparison, ImportResult, StandardRow
from junheng.workflow.views.figures import Concession, Evidence, Figure, Limit, Shortfall, Source, Verdict, Whole
from junheng.workflow.views.judgement import (
    Area,
    Assessment,
    Digests,
    Explanation,
    Information,
    Input,
    Item,
    Map,
    Part,
    SourceCell,
    Spread,
    SpreadPoint,
    Unit,
    Veto,
)
from junheng.workflow.views.sheets import Cell, Heading, ReferencePage, Section, Sheet

__all__ = [
    "Area",
    "Assessment",
    "Cell",
    "Compared",
    "Comparison",
    "Concession",
    "Digests",
    "Evidence",
    "Explanation",
    "Figure",
    "Heading",
    "ImportResult",
    "Information",
    "Input",
    "Item",
    "Limit",
    "Map",
    "Part",
    "ReferencePage",
    "Section",
    "Sheet",
    "Shortfall",
    "Source",
    "SourceCell",
    "Spread",
    "SpreadPoint",
    "StandardRow",
    "Unit",
    "Verdict",
    "Veto",
    "Whole",
]
