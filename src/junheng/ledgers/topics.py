"""The safety message of a day without school: a topic from the rota, ready to be forwarded. One way: nobody taps back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from junheng.documents import Document
from junheng.errors import Finding, Text
from junheng.ledgers.calendar import Calendar
from junheng.standards.section import Section


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, the months in which it comes more often, and its messages."""

    name: str
    label: Text
    months: tuple[int, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rota:
    """The topics in their order."""

    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """The message of one day."""

    day: date
    why: Text  # why children are not at school
    topic: Text
    text: str


def read_rota(documents: Iterable[Document], findings: list[Finding]) -> Rota:
    """Return the rota; an authority's topics take the place of shipped ones of the same name."""
    topics: dict[str, Topic] = {}
    for document in documents:
        top = Section(document, (), findings)
        for name in top.data:
            section = top.below(str(name))
            section.keys(("label", "messages"), ("months", "source"))
            months = section.data.get("months", [])
            whole = tuple(month for month in months if isinstance(month, int)) if isinstance(months, list) else ()
            topics[str(name)] = Topic(str(name), section.text("label"), whole, section.names("messages"))
    return Rota(tuple(topics.values()))


def message_of(rota: Rota, calendar: Calendar, day: date) -> Message | None:
    """Return the message of a day, or None on a school day. Topics take turns; in its own months a topic has a second turn."""
    why = calendar.free(day)
    if why is None or not rota.topics:
        return None
    season = [topic for topic in rota.topics if day.month in topic.months]
    cycle = [*rota.topics[:2], *season, *rota.topics[2:]]
    turn = [topic for before, topic in zip([None, *cycle], cycle, strict=False) if topic is not before]
    number = day.toordinal()
    topic = turn[number % len(turn)]
    return Message(day, why, topic.label, topic.messages[number // len(turn) % len(topic.messages)])
