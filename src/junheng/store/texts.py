"""The text of a policy as it was found: .docx, .pdf with text, .html, .txt. A file is hostile until shown otherwise: nothing in it is run.

Word: the paragraphs of word/document.xml, without entities and within a size. HTML: what is written between the tags. Plain text: UTF-8,
UTF-16 with its mark, or GBK. PDF: what the pages hold as text (store.texts_pdf).
"""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text
from junheng.store.texts_pdf import pdf_lines

KINDS = (".docx", ".pdf", ".html", ".htm", ".txt")
_LARGEST = 30_000_000  # bytes of a file
_LARGEST_PART = 40_000_000  # bytes of a part of a Word file when it is unpacked
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "title", "section", "article", "td", "table", "ul", "ol", "hr"}
_SILENT = {"script", "style", "noscript", "template", "svg"}
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


class PolicyText(NamedTuple):
    """The text of a file and how it was encoded ("" where the format says so itself)."""

    text: str
    encoding: str


def read_policy_text(path: Path) -> PolicyText:
    """Return the text of a policy file. Raises StoreError, with what is wrong, for a file that cannot be read as text."""
    kind = path.suffix.lower()
    place = Place(file=path.name)
    if kind not in KINDS:
        raise StoreError(finding("store.text_kind", place, path.suffix or Text("没有扩展名", "no ending"), kinds=" ".join(KINDS)))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(finding("store.text_unread", place, str(error.strerror))) from error
    if len(content) > _LARGEST:
        raise StoreError(finding("store.text_too_large", place, f"{len(content):,}", most=f"{_LARGEST:,}"))
    if kind == ".docx":
        read = PolicyText(_of_word(content, place), "")
    elif kind == ".pdf":
        read = PolicyText(_joined(pdf_lines(content, place)), "")
    else:
        text, encoding = _decoded(content, place)
        read = PolicyText(_of_html(text) if kind != ".txt" else text, encoding)
    if not read.text.strip():
        raise StoreError(finding("store.text_empty", place, Text("没有文字", "no text")))
    return read


# -- plain text and HTML ----------------------------------------------------------------------------------------------


def _decoded(content: bytes, place: Place) -> tuple[str, str]:
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise StoreError(finding("store.text_broken", place, Text("不是文本", "no text")))
    named = _CHARSET.search(content[:2048])
    given = [named[1].decode("ascii").lower()] if named else []
    wanted = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", *given, "gb18030"]
    for encoding in wanted:
        try:
            return content.decode(encoding), "gbk" if encoding == "gb18030" else encoding.removesuffix("-sig")
        except (UnicodeDecodeError, LookupError):
            continue
    raise StoreError(finding("store.text_encoding", place, Text("其他编码", "another encoding")))


class _Page(HTMLParser):
    """Collects what is written between the tags, a line a block."""

    def __init__(self) -> None:
        """Begin an empty page."""
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line at a block; say nothing of scripts."""
        self.silent += tag in _SILENT
        self.parts += ["\n"] if tag in _BLOCKS else []

    def handle_endtag(self, tag: str) -> None:
        """End a line at a block."""
        self.silent = max(0, self.silent - (tag in _SILENT))
        self.parts += ["\n"] if tag in _BLOCKS else []

    def handle_data(self, data: str) -> None:
        """Keep what is written."""
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def _of_html(text: str) -> str:
    page = _Page()
    page.feed(text)
    page.close()
    return "\n".join(line.strip() for line in "".join(page.parts).split("\n") if line.strip())


# -- Word -------------------------------------------------------------------------------------------------------------


def _of_word(content: bytes, place: Place) -> str:
    broken = finding("store.text_broken", place, Text("不是完整的Word文件", "no whole Word file"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            entry = parts.getinfo("word/document.xml")
            if entry.file_size > _LARGEST_PART:
                raise StoreError(finding("store.text_too_large", place, f"{entry.file_size:,}", most=f"{_LARGEST_PART:,}"))
            with parts.open(entry) as part:
                xml = part.read(_LARGEST_PART + 1)  # what it says of its size need not be true
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError) as error:
        raise StoreError(broken) from error
    if len(xml) > _LARGEST_PART:
        raise StoreError(finding("store.text_too_large", place, f"> {_LARGEST_PART:,}", most=f"{_LARGEST_PART:,}"))
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise StoreError(finding("store.text_entities", place, Text("带实体声明的XML", "XML that declares entities")))
    try:
        root = fromstring(xml)  # noqa: S314 - no document type and no entities: refused above
    except ParseError as error:
        raise StoreError(broken) from error
    return "\n".join(_paragraph(one) for one in root.iter(f"{_WORD}p"))


def _paragraph(paragraph: Element) -> str:
    words = []
    for one in paragraph.iter():
        if one.tag == f"{_WORD}t":
            words.append(one.text or "")
        elif one.tag in (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"):
            words.append(" ")
    return "".join(words)


# -- lines of a page --------------------------------------------------------------------------------------------------

_ENDS = re.compile(r"[。！？；：…”]$")
_BEGINS = re.compile(r"^\s*(?:[一二三四五六七八九十]{1,3}[、是要]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、])")
_FULL = 0.8  # of the longest line: a shorter one ends its paragraph


def _joined(lines: list[str]) -> str:
    """Return the lines of pages as paragraphs: a line that runs to the margin goes on in the next one."""
    longest = max((len(line) for line in lines), default=0)
    out: list[str] = []
    open_ = False
    for line in (line.strip() for line in lines):
        if out and open_ and line and not _BEGINS.match(line):
            out[-1] += line
        elif line:
            out.append(line)
        open_ = bool(line) and not _ENDS.search(line) and len(line) >= _FULL * longest
    return "\n".join(out)
