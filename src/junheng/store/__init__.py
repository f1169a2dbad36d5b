"""Where a county's data are kept: the folder of record, the authority's own files, workbooks and returns."""

from junheng.store.folder import folder_findings, read_county, write_county, years

__all__ = ["folder_findings", "read_county", "write_county", "years"]
