"""Which of the things that counties' documents ask for are served, by what, and why the others are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from junheng.actions.binding import KINDS
from junheng.actions.language.capability import capabilities
from junheng.actions.served import COMMAND, Service, services
from junheng.documents import parse_yaml
from junheng.errors import Text
from junheng.store.action_plans import plan_files
from junheng.workflow.views.plans_of_action import CapabilityLine, Coverage

_COMMAND = Text("命令", "command")
_UNSAID = Text("没有写明", "nothing is said")


def capability_coverage(plans: Sequence[Path] = ()) -> Coverage:
    """Return every row with what serves it, and the measures of some plans that rest on it. Raises StoreError or DataError."""
    resting = _resting(plans)
    rows = []
    for name, capability in capabilities().items():
        by = services()[name]
        served = any(one.kind for one in by)
        notes = [one.note for one in by if one.note.zh]
        reason = Text("；".join(one.zh for one in notes), "; ".join(one.en for one in notes))
        rows.append(
            CapabilityLine(
                id=name,
                title=capability.title,
                kinds=capability.kinds,
                served=served,
                by=tuple(_words(one) for one in by if one.kind),
                reason=reason if by else _UNSAID,
                measures=tuple(resting.get(name, ())),
            )
        )
    count = sum(row.served for row in rows)
    return Coverage(
        rows=tuple(rows),
        served=count,
        sentence=Text(f"{len(rows)}项中{count}项可以落实，{len(rows) - count}项不能", f"{count} of {len(rows)} rows are served"),
    )


def _words(one: Service) -> Text:
    kind = _COMMAND if one.kind == COMMAND else KINDS[one.kind].title
    return Text(f"{kind.zh} {one.target}", f"{kind.en} {one.target}")


def _resting(plans: Sequence[Path]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in (file for place in plans for file in plan_files(place)):
        for measure in parse_yaml(file.text, file.name).data.get("measures", []):
            for row in measure.get("serves", []):
                found.setdefault(row, []).append(f"{file.name.removesuffix('.yaml')}/{measure['id']}")
    return found
