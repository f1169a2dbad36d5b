"""Stream the XML of a workbook through expat: depth, declarations, addresses and lengths are checked, nothing is kept but counts.

Python code runs twice a cell (element `c`, element `v`), the rest is done in blocks; the closing tags are counted by a C method.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from junheng.errors import Text
from junheng.store.returns.limits import Limits

_ADDRESSES = re.compile(r"(?:[A-Z]{1,3}[1-9][0-9]{0,6} )*")
_NO_DIGITS = {ord(digit): None for digit in "0123456789"}
_NO_LETTERS = dict.fromkeys(range(ord("A"), ord("Z") + 1))
_ENCODINGS = {None, "utf-8", "us-ascii"}
_LONGEST_TOKEN = 1 << 20
_LONGEST_GAP = 1 << 18  # closing tags and white space between two elements
_KEPT = 10_000  # addresses of error cells and uncalculated formulas kept for the report; more are only counted


class XmlRefused(Exception):
    """A part that must not be parsed further: the rule, the part and what was found."""

    def __init__(self, rule: str, part: str, found: str | Text, **values: object) -> None:
        """Keep the cause; the caller knows the file's name."""
        super().__init__(rule)
        self.rule, self.part, self.found, self.values = rule, part, found, values


@dataclass(slots=True)
class SheetScan:
    """What the pre-scan learned of one sheet that a parser does not tell: the rest comes from the parser."""

    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    first_row: int = 0
    first_column: int = 0
    errors: list[str] = field(default_factory=list)  # cells that hold #DIV/0!, #N/A …
    uncalculated: list[str] = field(default_factory=list)  # formulas whose value was never stored
    hidden_rows: list[int] = field(default_factory=list)
    merges: int = 0


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook in their order, by name: relation id at first, the part's name later."""

    date1904: bool
    sheets: dict[str, str]


def scan_workbook(pieces: Iterable[bytes], limits: Limits) -> Workbook:
    """Return sheet names with their relation ids, and whether dates count from 1904."""
    sheets: dict[str, str] = {}
    flags = {"date1904": False}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            if len(sheets) == limits.sheets or attributes.get("name", "") in sheets:
                raise XmlRefused("returns.too_many_sheets", "xl/workbook.xml", f"{len(sheets)}", most=limits.sheets)
            sheets[attributes.get("name", "")] = next((value for key, value in attributes.items() if key.endswith("id") and ":" in key), "")
        elif name == "workbookPr":
            flags["date1904"] = attributes.get("date1904", "0") in ("1", "true")

    _small(pieces, "xl/workbook.xml", start, limits)
    return Workbook(flags["date1904"], sheets)


def scan_relationships(pieces: Iterable[bytes], limits: Limits) -> dict[str, str]:
    """Return the parts a workbook points to, by relation id; a target outside the file is refused."""
    targets: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            if attributes.get("TargetMode") == "External":
                raise XmlRefused("returns.external_links", "xl/_rels/workbook.xml.rels", attributes.get("Target", "")[:80])
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _small(pieces, "xl/_rels/workbook.xml.rels", start, limits)
    return targets


def _small(pieces: Iterable[bytes], part: str, seen: Callable[[str, dict[str, str]], None], limits: Limits) -> None:
    """Parse a small part, telling `seen` each element's local name and attributes."""
    parser, stack = _parser(part)

    def start(name: str, attributes: dict[str, str]) -> None:
        stack.append(name)
        if len(stack) > limits.depth:
            raise XmlRefused("returns.nested_too_deep", part, f"> {limits.depth}", most=limits.depth)
        seen(name.rpartition(":")[2], attributes)

    parser.StartElementHandler = start
    for _ in _fed(parser, pieces, part):
        pass


def scan_other(pieces: Iterable[bytes], part: str, limits: Limits) -> None:
    """Check any other XML part: depth, declarations, number of styles, length of each shared text."""
    parser, stack = _parser(part)
    handlers = _OtherHandlers(part, stack, limits)
    parser.StartElementHandler = handlers.start
    if part.endswith("sharedStrings.xml"):
        parser.buffer_text = True
        parser.CharacterDataHandler = handlers.text
    for _ in _fed(parser, pieces, part):
        pass


class _OtherHandlers:
    """The handlers of a part that holds no cells: styles are counted, each shared text is measured."""

    def __init__(self, part: str, stack: list[str], limits: Limits) -> None:
        self.part, self.stack, self.limits = part, stack, limits
        self.styles = self.length = 0

    def start(self, name: str, _: dict[str, str]) -> None:
        self.stack.append(name)
        if name == "si":
            self.length = 0
        elif name == "xf":
            self.styles += 1
        if len(self.stack) > self.limits.depth:
            raise XmlRefused("returns.nested_too_deep", self.part, f"> {self.limits.depth}", most=self.limits.depth)
        if self.styles > self.limits.styles:
            raise XmlRefused("returns.too_many_styles", self.part, f"> {self.limits.styles}", most=self.limits.styles)

    def text(self, data: str) -> None:
        self.length += len(data)
        if self.length > self.limits.text:
            raise XmlRefused("returns.text_too_long", self.part, f"> {self.limits.text}", most=self.limits.text)


def scan_sheet(pieces: Iterable[bytes], part: str, limits: Limits) -> SheetScan:
    """Check one sheet: every address, the box its filled cells span, the length of each text, hidden rows and failed formulas."""
    scan = SheetScan(first_row=limits.rows + 1, first_column=limits.columns + 1)
    parser, stack = _parser(part)
    handlers = _SheetHandlers(scan, part, parser, stack, limits)
    parser.ordered_attributes = True
    parser.StartElementHandler = handlers.root
    for _ in _fed(parser, pieces, part):
        handlers.block()
    if not scan.cells:
        scan.first_row = scan.first_column = 0
    return scan


class _SheetHandlers:
    """The handlers of one sheet; `root` learns the namespace prefix and installs the fast handler."""

    def __init__(self, scan: SheetScan, part: str, parser: expat.XMLParserType, stack: list[str], limits: Limits) -> None:
        self.scan, self.part, self.parser, self.stack, self.limits = scan, part, parser, stack, limits
        self.addresses: list[str] = []
        self.last_row = 0
        self.open_rows: set[str] = set()
        self.before = [0]  # where the last element began: a text is at most as long as the way to the next

    def root(self, name: str, attributes: list[str]) -> None:
        prefix = name[: name.find(":") + 1]
        self.stack.append(name)
        self.parser.StartElementHandler = self._fast(prefix)

    def _fast(self, prefix: str) -> Callable[[str, list[str]], None]:
        cell_name, values = prefix + "c", (prefix + "v", prefix + "is")
        others = {prefix + "row": self._row, prefix + "mergeCell": self._merge}
        others[prefix + "f"] = lambda _: self._formula(_address(cell, self.part))
        push, depth, stack, parser = self.stack.append, self.limits.depth, self.stack, self.parser
        found, errors = self.addresses.append, self.scan.errors
        longest = self.limits.text * 6  # bytes: a text may hold escapes; anything longer is beyond every limit
        cell: list[str] = []
        before = self.before

        def start(name: str, attributes: list[str]) -> None:
            nonlocal cell
            push(name)
            if len(stack) > depth:
                raise XmlRefused("returns.nested_too_deep", self.part, f"> {depth}", most=depth)
            if name == cell_name:
                cell = attributes
                if "e" in attributes and len(errors) < _KEPT:
                    errors.append(_address(attributes, self.part))
                return
            if name in values:
                found(cell[1] if cell and cell[0] == "r" else _address(cell, self.part))
            elif name in others:
                others[name](attributes)
            here = parser.CurrentByteIndex
            if here - before[0] > longest:
                raise XmlRefused("returns.text_too_long", self.part, f"> {self.limits.text}", most=self.limits.text)
            before[0] = here

        return start

    def _row(self, attributes: list[str]) -> None:
        named = dict(zip(attributes[::2], attributes[1::2], strict=True))
        number = named.get("r", "")
        if not (number.isascii() and number.isdigit() and len(number) < 8 and self.last_row < int(number) <= self.limits.rows):
            raise XmlRefused("returns.bad_address", self.part, number[:20] or Text("没有行号的行", "a row without its number"))
        self.last_row = int(number)
        self.open_rows.add(number)
        if named.get("hidden") in ("1", "true"):
            self.scan.hidden_rows.append(self.last_row)

    def _formula(self, address: str) -> None:
        """Watch whether a formula's value follows: some programs write formulas and never calculate them."""
        stored = False

        def text(_: str) -> None:
            nonlocal stored
            stored = stored or "v" in self.stack[-1]

        def ends(name: str) -> None:
            self.stack.pop()
            if name.rpartition(":")[2] == "c":
                if not stored and len(self.scan.uncalculated) < _KEPT:
                    self.scan.uncalculated.append(address)
                self.parser.CharacterDataHandler = None
                self.parser.EndElementHandler = self.stack.remove

        self.parser.CharacterDataHandler = text
        self.parser.EndElementHandler = ends

    def _merge(self, _: list[str]) -> None:
        self.scan.merges += 1
        if self.scan.merges > self.limits.merges:
            raise XmlRefused("returns.too_many_merges", self.part, f"> {self.limits.merges}", most=self.limits.merges)

    def block(self) -> None:
        """Check the addresses met since the last block, all at once, and that no text has gone on for too long."""
        if self.parser.CurrentByteIndex - self.before[0] > self.limits.text * 6 + _LONGEST_GAP:
            raise XmlRefused("returns.text_too_long", self.part, f"> {self.limits.text}", most=self.limits.text)
        if not self.addresses:
            return
        scan, limits = self.scan, self.limits
        joined = " ".join(self.addresses) + " "
        if not _ADDRESSES.fullmatch(joined):
            bad = next(address for address in self.addresses if not _ADDRESSES.fullmatch(address + " "))
            raise XmlRefused("returns.bad_address", self.part, bad[:20])
        if len(set(self.addresses)) != len(self.addresses):
            raise XmlRefused("returns.bad_address", self.part, Text("同一单元格出现两次", "one cell twice"))
        rows = set(joined.translate(_NO_LETTERS).split())
        if not rows <= self.open_rows:
            raise XmlRefused("returns.bad_address", self.part, min(rows - self.open_rows))
        columns = [column_number(letters) for letters in set(joined.translate(_NO_DIGITS).split())]
        numbers = [int(row) for row in rows]
        scan.cells += len(self.addresses)
        scan.first_row, scan.last_row = min(scan.first_row, *numbers), max(scan.last_row, *numbers)
        scan.first_column, scan.last_column = min(scan.first_column, *columns), max(scan.last_column, *columns)
        self.addresses.clear()
        self.open_rows = {str(self.last_row)}
        _check_box(scan, self.part, limits)


def _check_box(scan: SheetScan, part: str, limits: Limits) -> None:
    box = (scan.last_row - scan.first_row + 1) * (scan.last_column - scan.first_column + 1)
    if scan.last_column > limits.columns:
        raise XmlRefused("returns.bad_address", part, column_letters(scan.last_column))
    if box > limits.box:
        corner = f"{column_letters(scan.last_column)}{scan.last_row}"
        raise XmlRefused("returns.box_too_large", part, corner, most=f"{limits.box:,}")
    if scan.cells > limits.cells:
        raise XmlRefused("returns.too_many_cells", part, f"> {limits.cells:,}", most=f"{limits.cells:,}")


def _address(attributes: list[str], part: str) -> str:
    for index in range(0, len(attributes), 2):
        if attributes[index] == "r":
            return attributes[index + 1]
    raise XmlRefused("returns.bad_address", part, Text("没有地址的单元格", "a cell without its address"))


def _parser(part: str) -> tuple[expat.XMLParserType, list[str]]:
    parser = expat.ParserCreate()
    stack: list[str] = []

    def declaration(_: str, encoding: str | None, __: int) -> None:
        if (encoding.lower() if encoding else None) not in _ENCODINGS:
            raise XmlRefused("returns.foreign_encoding", part, str(encoding))

    def doctype(name: str, *_: object) -> None:
        raise XmlRefused("returns.doctype", part, f"<!DOCTYPE {name}")

    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = doctype
    parser.EndElementHandler = stack.remove  # any equal name will do: only the depth counts, and no Python frame is opened
    return parser, stack


def _fed(parser: expat.XMLParserType, pieces: Iterable[bytes], part: str) -> Iterator[None]:
    fed = 0
    try:
        for piece in pieces:
            if not fed and piece[:2] in (b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0"):
                raise XmlRefused("returns.foreign_encoding", part, "UTF-16")
            fed += len(piece)
            parser.Parse(piece, False)
            if fed - parser.CurrentByteIndex > _LONGEST_TOKEN:  # one tag or comment: expat would hold all of it
                raise XmlRefused("returns.text_too_long", part, f"> {_LONGEST_TOKEN >> 20} MiB", most=_LONGEST_TOKEN)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise XmlRefused("returns.xml_damaged", part, str(error)) from error


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
