"""Whatever stands in place of any value, a shelf is read whole or refused with findings: it never breaks or loses a file in silence."""

import copy
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from junheng.documents import PackageFile, parse_yaml, write_yaml
from junheng.errors import Finding, StandardsError
from junheng.standards import Library, Rulebook, read_library
from tests.standards.made import FILES

TAKEN_OUT = object()
ODD: tuple[Any, ...] = (
    TAKEN_OUT,
    None,
    "",
    [],
    {},
    "x",
    5,
    Decimal("0.5"),
    True,
    date(2020, 1, 1),
    [None],
    [[]],
    {"a": {"b": None}},
    [{"a": 1}],
)


def _paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in below:
        yield (*path, key)
        yield from _paths(value, (*path, key))


def _mistaken(data: Any, path: tuple[Any, ...], odd: Any) -> str:
    """Return the text of the file with one value replaced or taken out."""
    other = copy.deepcopy(data)
    at = other
    for step in path[:-1]:
        at = at[step]
    if odd is TAKEN_OUT:
        del at[path[-1]]
    else:
        at[path[-1]] = odd
    return write_yaml(other)


def _read(name: str, text: str) -> Library | tuple[Finding, ...]:
    try:
        return read_library([PackageFile(file, text if file == name else FILES[file]) for file in FILES], "cn")
    except StandardsError as error:
        return error.findings


@pytest.mark.parametrize("name", FILES)
def test_a_mistake_anywhere_is_a_finding_or_harmless(name):
    data = parse_yaml(FILES[name], name).data
    for path in _paths(data):
        for odd in ODD:
            library = _read(name, _mistaken(data, path, odd))
            if not isinstance(library, Library):
                assert library
                assert all(item.sentence("zh") and item.sentence("en") for item in library)
                continue
            assert (len(library.parameters), len(library.frameworks)) == (2, 1), (path, odd)
            rules = Rulebook((library,), date(2025, 9, 1))
            assert all(rules.standings(parameter) for parameter in rules.parameters), (path, odd)
            assert isinstance(rules.findings, tuple)
