"""Lists of records as offices keep them: read from workbooks and text files, and written as templates with drop-downs."""

from junheng.store.ledgers.list_file import ListRow, read_list_file
from junheng.store.ledgers.template import SheetColumn, write_list

__all__ = ["ListRow", "SheetColumn", "read_list_file", "write_list"]
