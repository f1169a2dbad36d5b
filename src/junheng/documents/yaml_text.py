"""YAML text to plain values that remember file and line, and back.

Scalars are read by YAML 1.2's core rules, not by YAML 1.1's (where `on` and `no` are booleans): null, true, false, whole numbers,
decimals (as Decimal, so that 0.85 stays 0.85), ISO dates, and text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from junheng.documents.catalogue import finding
from junheng.documents.resources import PackageFile
from junheng.errors import DataError, Finding, Place

Path = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 20  # more than any of our formats nests, and far from what exhausts a stack

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Document:
    """Plain values (dict, list, str, int, Decimal, bool, date, None) and the line of each key and item."""

    data: Any
    file: str
    lines: dict[Path, int]

    def line(self, *path: str | int) -> int:
        """Return the 1-based line of a key or list item, or of its nearest known ancestor."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def place(self, *path: str | int) -> Place:
        """Return the place of a key or list item, for a finding."""
        return Place(file=self.file, row=self.line(*path), column=".".join(str(part) for part in path))


def parse_yaml(text: str, file: str) -> Document:
    """Return the text's values with their lines.

    Raises DataError, naming each line, for a syntax error, a repeated key, a tag, an alias or a nesting of more than twenty
    (none of our formats uses them).
    """
    try:
        findings = list(_refused(text, file))
        if findings:
            raise DataError(findings)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file=file, row=mark.line + 1 if mark else None)
        raise DataError(finding("documents.yaml_syntax", place, str(getattr(error, "problem", error)))) from error
    reader = _Reader(file)
    data = reader.value(node, ()) if node is not None else None
    if reader.findings:
        raise DataError(reader.findings)
    return Document(data, file, reader.lines)


def parse_yaml_into(file: PackageFile, findings: list[Finding]) -> Document | None:
    """Return the file's values with their lines, or None with its mistakes added to `findings`: other files are read all the same."""
    try:
        return parse_yaml(file.text, file.name)
    except DataError as error:
        findings += error.findings
        return None


def _refused(text: str, file: str) -> Iterator[Finding]:
    """Look through the text before anything is built of it."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        place = Place(file=file, row=event.start_mark.line + 1 if event.start_mark else None)
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            yield finding("documents.yaml_alias", place, f"*{event.anchor}")
        elif tag:
            yield finding("documents.yaml_tag", place, str(tag))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            yield finding("documents.yaml_too_deep", place, str(depth), deepest=_DEEPEST)
            return


class _Reader:
    """Turn PyYAML's nodes into plain values, once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.findings: list[Finding] = []

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return _scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[Any, Any]]:
        seen: set[Any] = set()
        for key_node, value_node in node.value:
            key = _scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if key in seen or key is None:
                found = str(key_node.value) if isinstance(key_node.value, str) else "…"
                self.findings.append(finding("documents.yaml_repeated_key", Place(file=self.file, row=key_node.start_mark.line + 1), found))
            seen.add(key)
            below = (*path, str(key))
            self.lines[below] = key_node.start_mark.line + 1
            yield key, self.value(value_node, below)


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style:  # quoted, literal or folded: always text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if _DATE.fullmatch(text):
        return _date(text)
    return text


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:  # 2017-02-30: left as text, and the reader who wants a date says so
        return text


class _Writer(yaml.SafeDumper):
    """A dumper that indents list items and never writes anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _decimal(value: Decimal) -> str:
    """Return a decimal as YAML reads one: a whole number without a point would need a tag, which is refused when it is read."""
    text = format(value, "f")
    return text if "." in text else f"{text}.0"


_Writer.add_representer(Decimal, lambda writer, value: writer.represent_scalar("tag:yaml.org,2002:float", _decimal(value)))


def write_yaml(data: Any) -> str:
    """Return block-style YAML, keys in the order given; parse_yaml reads it back to equal values."""
    return str(yaml.dump(data, Dumper=_Writer, allow_unicode=True, sort_keys=False, default_flow_style=False, width=120))
