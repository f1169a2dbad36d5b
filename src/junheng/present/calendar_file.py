"""The joint calendar as an iCalendar file (RFC 5545), for the calendars that people have already: one way, nobody taps back.

Times are local (Asia/Shanghai, written with its zone); whole days have no zone. Lines are folded at 75 octets, as the standard asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from junheng.workflow.views.agenda import Agenda, AgendaEvent

_ZONE = (
    *("BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE"),
)
_OCTETS = 73  # of a folded line, the blank in front of it left out
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def write_calendar(agenda: Agenda, path: Path, lang: str = "zh") -> None:
    """Write the events to `path` (.ics)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//junheng//duties//ZH", "CALSCALE:GREGORIAN", *_ZONE]
    for event in agenda.events:
        lines += _event(agenda, event, lang)
    lines.append("END:VCALENDAR")
    text = "".join(f"{part}\r\n" for line in lines for part in folded(line))
    path.write_text(text, encoding="utf-8", newline="")


def _event(agenda: Agenda, event: AgendaEvent, lang: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_plain(event.key)}-{event.day:%Y%m%d}@junheng"
    yield f"DTSTAMP:{agenda.made.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if event.starts and event.ends:
        yield f"DTSTART;TZID=Asia/Shanghai:{event.starts:%Y%m%dT%H%M%S}"
        yield f"DTEND;TZID=Asia/Shanghai:{event.ends:%Y%m%dT%H%M%S}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.until:%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{escaped(event.label.of(lang))}"
    place = event.room or event.school
    if place:
        yield f"LOCATION:{escaped(place)}"
    said = "\n".join(part for part in ("、".join(event.who), event.note.of(lang)) if part)
    if said:
        yield f"DESCRIPTION:{escaped(said)}"
    yield f"CATEGORIES:{escaped(event.sort_label.of(lang))}"
    yield "END:VEVENT"


def _plain(key: str) -> str:
    return "".join(letter if letter.isalnum() or letter == "-" else "-" for letter in key)


def escaped(text: str) -> str:
    """Return a text with the signs escaped that mean something in the file."""
    return text.replace("\r\n", "\n").translate(_ESCAPED)


def folded(line: str) -> Iterator[str]:
    """Yield a content line in parts of at most 75 octets; no character is cut."""
    part, blank = "", ""
    for letter in line:
        if len(f"{part}{letter}".encode()) > _OCTETS:
            yield f"{blank}{part}"
            part, blank = "", " "
        part = f"{part}{letter}"
    yield f"{blank}{part}"
