"""One shelf of standards: the parameters, frameworks and documents of one jurisdiction, read from files and checked together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from junheng.documents import Document, PackageFile, finding, package_files, package_path, parse_yaml_into
from junheng.errors import Finding, Place, StandardsError
from junheng.standards.framework import Framework
from junheng.standards.framework_file import read_framework
from junheng.standards.parameter import Parameter, Source
from junheng.standards.parameter_file import Shelf, read_parameter
from junheng.standards.sources_file import read_sources

PACKAGE = "junheng.standards"
SOURCES = "sources.yaml"
FRAMEWORKS = "frameworks/"

# cn, cn-21 (province), cn-2101 (city), cn-210102 (county): GB/T 2260, each a part of the one before. A folder whose place writes
# five-digit codes puts its own rules beside the shelf that it compares with under that code: cn-67000.
_JURISDICTION = re.compile(r"[a-z]{2}(-\d{2}(\d{2}(\d{1,2})?)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything on one shelf. `sources` holds the documents of the shelves above as well."""

    jurisdiction: str
    parameters: Mapping[str, Parameter]
    frameworks: Mapping[str, Framework]
    sources: Mapping[str, Source]
    digest: str


def read_library(files: Iterable[PackageFile], jurisdiction: str, above: Sequence[Library] = ()) -> Library:
    """Return the shelf that `files` hold; names are relative to the shelf's folder (`class_size/maximum.yaml`, `frameworks/….yaml`).

    A leading `standards/` or `<jurisdiction>/` in a name is not part of the id. `above` are the shelves of the jurisdictions around
    this one: their documents may be cited and their parameters named.
    Raises StandardsError with every finding of every file.
    """
    given = sorted(files)
    findings: list[Finding] = []
    if not _JURISDICTION.fullmatch(jurisdiction):
        findings.append(finding("standards.unknown_jurisdiction", Place(key=(jurisdiction,)), jurisdiction))
    documents = {_shelf_name(file.name, jurisdiction): parsed for file in given if (parsed := parse_yaml_into(file, findings))}
    sources = {key: source for library in above for key, source in library.sources.items()}
    if SOURCES in documents:
        sources |= read_sources(documents.pop(SOURCES), findings)
    shelf = Shelf(jurisdiction, sources)
    parameters = _parameters(documents, shelf, findings)
    named: dict[str, Parameter | None] = {key: value for library in above for key, value in library.parameters.items()}
    frameworks = _frameworks(documents, shelf, named | parameters, findings)
    if findings:
        raise StandardsError(findings)
    return Library(
        jurisdiction=jurisdiction,
        parameters={key: parameter for key, parameter in parameters.items() if parameter},
        frameworks=frameworks,
        sources=sources,
        digest=_digest(given),
    )


def _shelf_name(name: str, jurisdiction: str) -> str:
    return name.removeprefix("standards/").removeprefix(f"{jurisdiction}/")


def _id(name: str) -> str:
    return name.removesuffix(".yaml").replace("/", ".")


def _parameters(documents: Mapping[str, Document], shelf: Shelf, findings: list[Finding]) -> dict[str, Parameter | None]:
    """Return every parameter by id; None stands for a file that was refused, so that nobody is told that it is missing."""
    return {
        _id(name): read_parameter(document, _id(name), shelf, findings)
        for name, document in documents.items()
        if not name.startswith(FRAMEWORKS)
    }


def _frameworks(
    documents: Mapping[str, Document], shelf: Shelf, parameters: Mapping[str, Parameter | None], findings: list[Finding]
) -> dict[str, Framework]:
    read = (
        read_framework(document, _id(name.removeprefix(FRAMEWORKS)), shelf, parameters, findings)
        for name, document in documents.items()
        if name.startswith(FRAMEWORKS)
    )
    return {framework.id: framework for framework in read if framework}


def _digest(files: Sequence[PackageFile]) -> str:
    lines = (f"{file.name}\0{file.text}\0" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def shipped_jurisdictions() -> tuple[str, ...]:
    """Return the jurisdictions whose shelves ship with the package, nation first: ("cn", "cn-21", …)."""
    names = (path.name for path in package_path(PACKAGE).iterdir() if path.is_dir())
    return tuple(sorted(name for name in names if _JURISDICTION.fullmatch(name)))


@cache
def shipped(jurisdiction: str = "cn") -> Library:
    """Return a shelf that ships with the package; the nation's without an argument.

    Raises StandardsError when none ships for the jurisdiction.
    """
    if jurisdiction not in shipped_jurisdictions():
        known = ", ".join(shipped_jurisdictions())
        raise StandardsError(finding("standards.no_such_shelf", Place(key=(jurisdiction,)), jurisdiction, known=known))
    above = tuple(shipped(wider) for wider in shipped_jurisdictions() if is_within(jurisdiction, wider) and wider != jurisdiction)
    files = package_files(PACKAGE, f"{jurisdiction}/**/*.yaml")
    return read_library(files, jurisdiction, above)


def is_within(jurisdiction: str, wider: str) -> bool:
    """Return whether a jurisdiction is a part of another or the same: cn-2101 lies in cn-21, and in cn."""
    return jurisdiction == wider or jurisdiction.startswith(wider if "-" in wider else f"{wider}-")
