"""What is required: dated, sourced standards as data, the frameworks built of them, and the rules of one place on one day."""

from junheng.standards.framework import Framework, InForce, Part, Passes, Requirement, Veto
from junheng.standards.library import Library, is_within, read_library, shipped, shipped_jurisdictions
from junheng.standards.listing import Row, confidence_words, history_rows, selector_label, standing_rows
from junheng.standards.parameter import Comparator, Concession, DatedValue, Parameter, Review, Source, Standing, amount, value_text
from junheng.standards.rulebook import Rulebook

__all__ = [
    "Comparator",
    "Concession",
    "DatedValue",
    "Framework",
    "InForce",
    "Library",
    "Parameter",
    "Part",
    "Passes",
    "Requirement",
    "Review",
    "Row",
    "Rulebook",
    "Source",
    "Standing",
    "Veto",
    "amount",
    "confidence_words",
    "history_rows",
    "is_within",
    "read_library",
    "selector_label",
    "shipped",
    "shipped_jurisdictions",
    "standing_rows",
    "value_text",
]
