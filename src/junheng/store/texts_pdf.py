"""The lines that the pages of a PDF hold as text. The only module that touches pypdf."""

from __future__ import annotations

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text

_MOST_PAGES = 500


def pdf_lines(content: bytes, place: Place) -> list[str]:
    """Return the lines of every page. Raises StoreError for a file that is no PDF, locked, too long, or only pictures."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise StoreError(finding("store.text_locked", place, Text("有密码", "a password")))
        if len(reader.pages) > _MOST_PAGES:
            raise StoreError(finding("store.text_too_large", place, f"{len(reader.pages)}页", most=f"{_MOST_PAGES}页"))
        lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise StoreError(finding("store.text_broken", place, Text("不是完整的PDF", "no whole PDF"))) from error
    if not any(line.strip() for line in lines):
        raise StoreError(finding("store.text_only_pictures", place, Text("没有文字，可能是扫描件", "no text: perhaps a scan")))
    return lines
