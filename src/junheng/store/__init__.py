"""Where a county's data are kept: the folder of record, the authority's own files, workbooks and returns."""

from junheng.store.atomic import held
from junheng.store.authority import Authority, new_authority, own_files, read_authority, received
from junheng.store.folder import folder_findings, lines_of, read_county, write_county, years

__all__ = [
    "Authority",
    "folder_findings",
    "held",
    "lines_of",
    "new_authority",
    "own_files",
    "read_authority",
    "read_county",
    "received",
    "write_county",
    "years",
]
