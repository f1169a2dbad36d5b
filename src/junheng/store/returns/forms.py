"""The known forms, as data: store/forms/*.yaml says by which labels a sheet is recognised and where each value goes.

Three layouts. `list`: a header of one to three rows and one record a row. `matrix`: row labels crossed with column labels, for one school.
`pairs`: a label with its value to the right or below, for one school. The path of the file below store/forms is the form's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any, Literal, NamedTuple, cast

from junheng.documents import Document, PackageFile, finding, package_files, parse_yaml
from junheng.documents.chinese_text import fold
from junheng.errors import DataError, Finding, Text
from junheng.model import Column, schema
from junheng.store.returns.words import label, words

Layout = Literal["list", "matrix", "pairs"]
Path = tuple[str, ...]  # the labels of a column from the uppermost header row down, comparable

_FIELD_KEYS = frozenset(
    [
        "label",
        "key",
        "to",
        "with",
        "for",
        "unit",
        "lookup",
        "values",
        "calendar",
        "digits",
        "leading_zero",
        "weak",
        "sum_of",
        "per",
        "slice",
    ]
) | {"adds", "after", "unless"}
_FORM_KEYS = frozenset(
    ["title", "layout", "source", "jurisdiction", "titles", "title_needed", "needs", "fields", "unused", "unused_rows", "constants"]
) | {"sections", "blocks", "stage_by_title", "stage_by_kind"}


class Target(NamedTuple):
    """Where a value goes."""

    table: str
    column: str

    @property
    def definition(self) -> Column:
        """Return the schema's column."""
        return schema().tables[self.table].column(self.column)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the key columns of the table."""
        return schema().tables[self.table].key


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column, row or label of a form and what becomes of its values."""

    paths: tuple[Path, ...]  # alternatives, the best first
    title: str  # as the form writes it
    key: str = ""  # the key column that it gives to every target ("school"), or ""
    to: tuple[Target, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)  # key columns that its label says: {"grade": "1", "sex": "male"}
    unit: str = ""  # unit of the schema's list in which numbers stand when neither label nor cell says one; "" is the target's own
    lookup: Target | None = None  # the cell holds a name; the code is found in this column
    values: Mapping[str, str] = field(default_factory=dict)  # word -> coded value
    calendar: str = ""  # "roc": years count from 1912
    digits: tuple[int, ...] = ()  # lengths a code may have
    leading_zero: bool = False  # such a code may begin with 0, so a lost zero can be restored
    weak: bool = False  # only used where no other file says anything
    sum_of: Target | None = None  # not loaded: compared with the sum of this column over the keys in `per`
    per: tuple[str, ...] = ()
    part: tuple[int, int] | None = None  # first and last character (from 1) of the cell that say it: digits of a code
    adds: bool = False  # matrix: several rows of this kind add up to one value
    after: Path = ()  # only when its column stands to the right of this label's: the same word elsewhere is a sum of what follows
    unless: tuple[Path, ...] = ()  # only when no column has one of these labels: the finer columns are read instead


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows and columns of a matrix; every crossing whose row or column names a target is read."""

    rows: tuple[Field, ...]
    columns: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One known form."""

    id: str
    title: Text
    layout: Layout
    jurisdiction: str
    source: str = ""
    titles: tuple[str, ...] = ()  # folded; one of them stands in the sheet's name or first rows
    title_needed: bool = False  # the labels alone do not tell this form from others
    needs: tuple[tuple[str, ...], ...] = ()  # comparable labels that must all be there (each a choice of alternatives)
    fields: tuple[Field, ...] = ()
    unused: frozenset[str] = frozenset()  # labels of columns that are known and not loaded
    unused_rows: frozenset[str] = frozenset()  # the same of rows, and of labels with their value beside them
    constants: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # matrix: label of a row that opens a section -> its constants
    blocks: tuple[Block, ...] = ()
    stage_by_title: Mapping[str, str] = field(default_factory=dict)  # the stage that words of the sheet's title say
    stage_by_kind: Mapping[str, str] = field(default_factory=dict)  # the stage of a whole-school figure, by the kind of school
    handed_out: bool = False  # one of our own templates
    prefilled: frozenset[str] = frozenset()  # tables with whose values it was handed out, to be looked through

    @property
    def vocabulary(self) -> frozenset[str]:
        """Return every comparable label part of the form's columns."""
        fields = [*self.fields, *(column for block in self.blocks for column in block.columns)]
        return frozenset(part for each in fields for path in each.paths for part in path) | self.unused

    @property
    def tables(self) -> frozenset[str]:
        """Return the tables into which the form loads."""
        fields = [*self.fields, *(one for block in self.blocks for one in (*block.rows, *block.columns))]
        return frozenset(target.table for each in fields for target in each.to)


@cache
def shipped_forms() -> tuple[Form, ...]:
    """Return the forms that ship with the package."""
    return read_forms(file for file in package_files("junheng.store", "forms/**/*.yaml") if file.name != "forms/words.yaml")


def read_forms(files: Iterable[PackageFile]) -> tuple[Form, ...]:
    """Return the forms described by YAML files.

    Raises DataError with every finding: an unknown key, table, column, coded value or unit, with file and line.
    """
    forms: list[Form] = []
    findings: list[Finding] = []
    for file in files:
        document = parse_yaml(file.text, file.name)
        reader = _FormReader(document)
        form = reader.form(file.name.removeprefix("forms/").removesuffix(".yaml"))
        findings += reader.findings
        if form:
            forms.append(form)
    if findings:
        raise DataError(findings)
    return tuple(forms)


class _FormReader:
    """Turn one document into a Form, collecting what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def form(self, identifier: str) -> Form | None:
        data = self.document.data
        self._known(data, _FORM_KEYS, ())
        if self.findings:
            return None
        return Form(
            id=identifier,
            title=Text(data["title"]["zh"], data["title"]["en"]),
            layout=cast("Layout", data["layout"]),
            jurisdiction=data["jurisdiction"],
            source=data.get("source", ""),
            titles=tuple(fold(title) for title in data.get("titles", ())),
            title_needed=bool(data.get("title_needed", False)),
            needs=tuple(tuple(label(part).key for part in str(need).split("|")) for need in data.get("needs", ())),
            fields=tuple(self._fields(data.get("fields", ()))),
            unused=_unused(data.get("unused", ())),
            unused_rows=_unused(data.get("unused_rows", ())),
            constants=_texts(data.get("constants", {})),
            sections={label(name).key: _texts(constants) for name, constants in data.get("sections", {}).items()},
            blocks=tuple(self._block(block, index) for index, block in enumerate(data.get("blocks", ()))),
            stage_by_title={fold(word): str(stage) for word, stage in data.get("stage_by_title", {}).items()},
            stage_by_kind=_texts(data.get("stage_by_kind", {})),
        )

    def _fields(self, entries: Iterable[Mapping[str, Any]]) -> Iterator[Field]:
        for index, entry in enumerate(entries):
            self._known(entry, _FIELD_KEYS, ("fields", index))
            repeats = entry.get("for", {})
            for values in product(*repeats.values()):
                names = dict(zip(repeats, map(str, values), strict=True))
                yield self._field(entry, names, ("fields", index))

    def _block(self, block: Mapping[str, Any], index: int) -> Block:
        def fields(axis: str) -> Iterator[Field]:
            for name, spec in block[axis].items():
                entry = {"label": name, **{key: value for key, value in (spec or {}).items() if key in _FIELD_KEYS}}
                constants = {key: value for key, value in (spec or {}).items() if key not in _FIELD_KEYS}
                yield self._field({**entry, "with": constants}, {}, ("blocks", index, axis, str(name)))

        return Block(rows=tuple(fields("rows")), columns=tuple(fields("columns")))

    def _field(self, entry: Mapping[str, Any], names: Mapping[str, str], at: tuple[str | int, ...]) -> Field:
        title = _filled(str(entry["label"]), names)
        key = entry.get("key", "")
        targets = entry.get("to", ())
        to = tuple(self._target(name, at) for name in ([targets] if isinstance(targets, str) else targets))
        constants = {column: _filled(value, names) for column, value in _texts(entry.get("with", {})).items()}
        found = [target for target in to if target]
        self._check_constants(constants, found, at)
        return Field(
            paths=tuple(_path(alternative) for alternative in title.split("|")),
            title=title,
            key=key,
            to=tuple(found),
            constants=constants,
            unit=entry.get("unit", ""),
            lookup=self._target(entry["lookup"], at) if "lookup" in entry else None,
            values={fold(str(word)): str(value) for word, value in entry.get("values", {}).items()},
            calendar=entry.get("calendar", ""),
            digits=tuple(_whole_numbers(entry.get("digits", ()))),
            leading_zero=bool(entry.get("leading_zero", False)),
            weak=bool(entry.get("weak", False)),
            sum_of=self._target(entry["sum_of"], at) if "sum_of" in entry else None,
            per=tuple(entry.get("per", ("school",))),
            part=tuple(entry["slice"]) if "slice" in entry else None,
            adds=bool(entry.get("adds", False)),
            after=_path(_filled(str(entry.get("after", "")), names)),
            unless=tuple(_path(_filled(part, names)) for part in str(entry.get("unless", "")).split("|") if part),
        )

    def _target(self, name: str, at: tuple[str | int, ...]) -> Target | None:
        table, _, column = str(name).partition(".")
        if table not in schema().tables or column not in schema().tables[table].names:
            self.findings.append(finding("returns.form_target", self.document.place(*at), str(name)))
            return None
        return Target(table, column)

    def _check_constants(self, constants: Mapping[str, str], targets: Iterable[Target], at: tuple[str | int, ...]) -> None:
        for target in targets:
            for name, value in constants.items():
                column = next((column for column in schema().tables[target.table].columns if column.name == name), None)
                if column is None or (column.allowed and value not in column.allowed):
                    self.findings.append(finding("returns.form_target", self.document.place(*at), f"{target.table}.{name} = {value}"))

    def _known(self, entry: Mapping[str, Any], known: frozenset[str], at: tuple[str | int, ...]) -> None:
        for name in entry:
            if name not in known:
                self.findings.append(finding("returns.form_key", self.document.place(*at, name), str(name), keys=", ".join(sorted(known))))


def _path(text: str) -> Path:
    return tuple(label(part).key for part in text.split("/")) if text else ()


def _unused(entries: Iterable[Any]) -> frozenset[str]:
    return frozenset(label(part).key for entry in entries for part in str(entry).split("/"))


def _texts(mapping: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in mapping.items()}


def _whole_numbers(value: Any) -> list[int]:
    return [value] if isinstance(value, int) else [int(item) for item in value]


def _filled(text: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def is_unit_word(text: str) -> bool:
    """Return whether a cell holds nothing but a unit, as the unit column of a form does."""
    return fold(text) in words().units
