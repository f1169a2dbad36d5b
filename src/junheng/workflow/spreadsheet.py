"""The workbook writer as presenters may see it; the store fills its templates with the same one."""

from junheng.documents.spreadsheet import NewWorkbook, new_workbook

__all__ = ["NewWorkbook", "new_workbook"]
