"""What serves each thing that counties' documents ask for: a binding, or a command; and where nothing does, why."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from junheng.actions.language.capability import capabilities
from junheng.documents import package_files, parse_csv
from junheng.errors import Text

COMMAND = "command"


class Service(NamedTuple):
    """One thing that serves a row: its kind and name, "" where nothing does; a note, or the reason."""

    capability: str
    kind: str
    target: str
    note: Text


@cache
def services() -> Mapping[str, tuple[Service, ...]]:
    """Return what serves each row, in the order of the rows; a row of which the list says nothing has ()."""
    (file,) = package_files("junheng.actions", "cn/served.csv")
    found: dict[str, tuple[Service, ...]] = dict.fromkeys(capabilities(), ())
    for one in (row.values for row in parse_csv(file.text, file.name)):
        service = Service(one["capability"], one["kind"], one["target"], Text(one["note_zh"], one["note_en"]))
        found[service.capability] = (*found[service.capability], service)
    return found
