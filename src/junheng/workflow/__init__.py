"""What an officer can ask: each question is one function in the module of its name, and returns views (values only).

Only what every presenter needs stands here, so that a command loads no more than its own question.
"""

from junheng.errors import DataError, Finding, JunhengError, StandardsError, StoreError, Text
from junheng.workflow.refusals import program_failed, system_refused

__all__ = [
    "DataError",
    "Finding",
    "JunhengError",
    "StandardsError",
    "StoreError",
    "Text",
    "program_failed",
    "system_refused",
]
