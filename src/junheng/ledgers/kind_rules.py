"""What a kind must be beyond its form: states that lead somewhere, links that exist, and no field that nobody uses or that is held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from junheng.documents import Document, finding
from junheng.errors import Finding, Text
from junheng.ledgers.kind import Field, Kind
from junheng.model import schema

PLACEHOLDER = re.compile(r"\{([a-z_]+)(?:\.[a-z_]+)?\}")
GIVEN = ("today", "key", "office_name", "school_name", "due", "authority")  # what every paper may name beside the fields


def used_by(kind: Kind) -> Mapping[str, list[str]]:
    """Return for each field the rules of the kind that read it; this is its line in the burden account."""
    found: dict[str, list[str]] = {}
    for rule, name in _uses(kind):
        if rule not in found.setdefault(name, []):
            found[name].append(rule)
    return found


def _uses(kind: Kind) -> Iterator[tuple[str, str]]:
    for rule, name in (
        *(("name", kind.named), ("subject", kind.about_field), ("doer", kind.doer)),
        *(("office", kind.office), ("planned", kind.planned)),
    ):
        if name:
            yield rule, name
    yield from (("count", name) for name in kind.counts)
    for move in kind.moves.values():
        yield from ((f"move.{move.name}", name) for name in move.needs)
    for deadline in kind.deadlines.values():
        clock = [name for name in (deadline.counted_from, deadline.days.field) if name not in ("", "entered")]
        yield from ((f"deadline.{deadline.name}", name) for name in clock)
    for duty in kind.duties.values():
        yield from ((f"duty.{duty.name}", name) for name in (duty.day_field, *duty.given))
    for paper in kind.papers.values():
        text = " ".join((paper.title, paper.addressee, *paper.paragraphs, paper.signed_by))
        yield from ((f"paper.{paper.name}", name) for name in PLACEHOLDER.findall(text) if name not in GIVEN)


def check_kind(kind: Kind, document: Document, findings: list[Finding]) -> None:
    """Add a finding for everything that a well-formed file still gets wrong."""
    findings += _names(kind, document)
    findings += _states(kind, document)
    findings += _closing(kind, document)
    findings += _burden(kind, document)
    findings += _links(kind, document)
    findings += _public(kind, document)
    findings += _sealed(kind, document)


def _names(kind: Kind, document: Document) -> Iterator[Finding]:
    """Find rules that name a field, a state or a move that there is not."""
    for name, rules in used_by(kind).items():
        if name not in kind.fields:
            yield finding("ledgers.no_such_field", document.place(*_path(rules[0])), name, close=_near(name, kind.fields))
    for path, state in _states_named(kind):
        if state not in kind.states:
            yield finding("ledgers.no_such_state", document.place(*path), state, close=_near(state, kind.states))
    if kind.planned in kind.fields and kind.fields[kind.planned].type != "date":
        yield finding("ledgers.planned_not_a_day", document.place("planned"), kind.planned)
    for move in kind.moves.values():
        for other in set(move.apart_from) - set(kind.moves):
            yield finding("ledgers.no_such_move", document.place("moves", move.name, "apart_from"), other)


def _near(word: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(word, list(known), 1)), "—")


def _states_named(kind: Kind) -> Iterator[tuple[tuple[str, ...], str]]:
    yield ("start",), kind.start
    for move in kind.moves.values():
        yield from ((("moves", move.name), state) for state in (*move.start, move.to))
    for deadline in kind.deadlines.values():
        yield from ((("deadlines", deadline.name), state) for state in deadline.running)
    for paper in kind.papers.values():
        yield from ((("papers", paper.name), state) for state in paper.states)
    if kind.recheck:
        yield ("recheck", "state"), kind.recheck.state


def _path(rule: str) -> tuple[str, ...]:
    room, _, name = rule.partition(".")
    rooms = {"move": "moves", "deadline": "deadlines", "duty": "duties", "paper": "papers", "count": "counts", "name": "named"}
    return (rooms.get(room, room), name) if name else (rooms.get(room, room),)


def _states(kind: Kind, document: Document) -> Iterator[Finding]:
    """Find states that nothing leads to, that lead nowhere, or that only lead round in a circle."""
    onward = {name: {move.to for move in kind.moves.values() if name in move.start} for name in kind.states}
    reached = _closure({kind.start}, onward)
    backward = {name: {other for other, to in onward.items() if name in to} for name in kind.states}
    ends = {name for name, state in kind.states.items() if state.end}
    if not ends:
        yield finding("ledgers.no_end", document.place("states"), Text("没有终结状态", "no state that ends"))
    leads_out = _closure(ends, backward)
    for name in kind.states:
        place = document.place("states", name)
        if name not in reached:
            yield finding("ledgers.unreachable_state", place, name)
        elif name not in ends and not onward[name]:
            yield finding("ledgers.dead_end", place, name)
        elif ends and name not in leads_out:
            yield finding("ledgers.circular_states", place, name)


def _closure(start: set[str], onward: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for name in onward.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _closing(kind: Kind, document: Document) -> Iterator[Finding]:
    """Find moves into an end that the doer could make by himself: nothing sets him apart, and it is not a first decision of an office."""
    for move in kind.moves.values():
        ends = move.to in kind.states and kind.states[move.to].end
        if ends and not (move.apart_from or kind.doer or (set(move.start) == {kind.start} and "doer" not in move.by)):
            yield finding("ledgers.doer_may_close", document.place("moves", move.name), move.label)


def _burden(kind: Kind, document: Document) -> Iterator[Finding]:
    """Find fields that no rule reads, and fields that the County holds for the same subject."""
    held = _held(kind)
    for field in kind.fields.values():
        place = document.place("fields", field.name)
        if not field.used_by:
            yield finding("ledgers.field_unused", place, field.label)
        known = next((held[word] for word in (field.name, field.label.zh) if word in held), "")
        if known and field.type != "link":
            yield finding("ledgers.field_held", place, field.label, column=known)


def _held(kind: Kind) -> dict[str, str]:
    """Return what the County says of the subject, by name and by label: "table.column"."""
    table = kind.fields[kind.about_field].link if kind.about_field in kind.fields else ""
    return held_columns(table) if table in schema().tables else {}


def held_columns(table: str) -> dict[str, str]:
    """Return what the County holds in a table, by name and by label of its columns: "table.column"."""
    columns = [column for column in schema().tables[table].columns if not column.key]
    return {word: f"{table}.{column.name}" for column in columns for word in (column.name, column.label.zh)}


def _links(kind: Kind, document: Document) -> Iterator[Finding]:
    tables = [name for name, table in schema().tables.items() if len(table.key) == 1]
    targets = [(("fields", field.name), field.link) for field in kind.fields.values() if field.link]
    targets += [(("duties", duty.name), duty.each) for duty in kind.duties.values() if duty.each != "county"]
    for path, link in targets:
        if link not in tables and not link.startswith("ledger:"):
            yield finding("ledgers.unknown_link", document.place(*path), link, known=", ".join(tables), close=_near(link, tables))


def _public(kind: Kind, document: Document) -> Iterator[Finding]:
    """Find papers for everybody that hold more than everybody may read."""
    for paper in kind.papers.values():
        text = " ".join((paper.title, paper.addressee, *paper.paragraphs, paper.signed_by))
        fields: list[Field] = [kind.fields[name] for name in PLACEHOLDER.findall(text) if name in kind.fields]
        for field in (one for one in fields if paper.public and one.level > "L1"):
            yield finding("ledgers.public_paper", document.place("papers", paper.name), field.label, level=field.level)


def _sealed(kind: Kind, document: Document) -> Iterator[Finding]:
    """Find clocks, duties, subjects and offices that rest on a sealed field: nobody could count or list them without unmasking."""
    for field in kind.fields.values():
        rules = [rule for rule in field.used_by if rule.startswith(("deadline.", "duty.", "subject", "office", "count"))]
        if field.level > "L2" and rules:
            yield finding("ledgers.sealed_in_a_rule", document.place("fields", field.name), field.level, rules="、".join(rules))
