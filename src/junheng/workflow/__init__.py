"""What an officer can ask: each question is one function that returns views (values only)."""

from junheng.errors import DataError, Finding, JunhengError, StandardsError, StoreError, Text
from junheng.workflow.assess import assess, assess_all
from junheng.workflow.compare import compare
from junheng.workflow.explain import explain
from junheng.workflow.foresee import foresee
from junheng.workflow.importing import check_year, counted, import_returns, years_received
from junheng.workflow.listing import list_concessions, list_standards
from junheng.workflow.reference import reference_pages
from junheng.workflow.refusals import program_failed, system_refused
from junheng.workflow.start import new_authority, write_templates

__all__ = [
    "DataError",
    "Finding",
    "JunhengError",
    "StandardsError",
    "StoreError",
    "Text",
    "assess",
    "assess_all",
    "check_year",
    "compare",
    "counted",
    "explain",
    "foresee",
    "import_returns",
    "list_concessions",
    "list_standards",
    "new_authority",
    "program_failed",
    "reference_pages",
    "system_refused",
    "write_templates",
    "years_received",
]
