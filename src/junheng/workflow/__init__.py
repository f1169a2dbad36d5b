"""What an officer can ask: each question is one function that returns views (values only)."""

from junheng.errors import DataError, Finding, JunhengError, StandardsError, StoreError, Text

__all__ = ["DataError", "Finding", "JunhengError", "StandardsError", "StoreError", "Text"]
