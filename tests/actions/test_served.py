"""What serves each row of the list of capabilities: every target exists, every row says something."""

from __future__ import annotations

from junheng.actions.binding import KINDS
from junheng.actions.language.capability import capabilities
from junheng.actions.served import COMMAND, services
from junheng.present.cli.commands_page import commands_page
from junheng.workflow.plan_coverage import capability_coverage
from junheng.workflow.plan_desk import shipped_names


def commands() -> set[str]:
    return {section.title.zh.strip("`").removeprefix("junheng ") for section in commands_page().sections}


def wrong_targets(rows: dict[str, tuple[tuple[str, str], ...]]) -> list[str]:
    known, named = shipped_names(), commands()
    found = []
    for row, services_of in rows.items():
        for kind, target in services_of:
            if kind == COMMAND:
                found += [] if target in named else [f"{row}: command {target}"]
            elif kind not in KINDS:
                found.append(f"{row}: kind {kind}")
            elif KINDS[kind].registry and target not in known[kind]:
                found.append(f"{row}: {kind} {target}")
    return found


def test_everything_that_is_said_to_serve_a_row_exists() -> None:
    rows = {row: tuple((one.kind, one.target) for one in found if one.kind) for row, found in services().items()}
    assert wrong_targets(rows) == []
    assert wrong_targets({"A01": (("roster", "gone"), ("command", "plan dance"), ("horoscope", "x"))}) == [
        "A01: roster gone",
        "A01: command plan dance",
        "A01: kind horoscope",
    ]


def test_every_row_is_served_or_says_why_not() -> None:
    assert list(services()) == list(capabilities())
    for row, found in services().items():
        assert found, row
        assert any(one.kind for one in found) or all(one.note.zh and one.note.en for one in found), row


def test_coverage_counts_the_rows_that_are_served() -> None:
    made = capability_coverage()
    assert len(made.rows) == 120
    assert made.served == sum(any(one.kind for one in found) for found in services().values())
    assert all(row.reason.zh for row in made.rows if not row.served)
