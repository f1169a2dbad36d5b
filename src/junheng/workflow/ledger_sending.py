"""Reminders and safety messages sent, and the log of it: one record of the kind `message` for each, sent or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Place
from junheng.ledgers import Value, move, open_record
from junheng.store.sending import channel_kind, read_channels, send
from junheng.workflow.ledger_entries import entry_of
from junheng.workflow.ledger_room import Room
from junheng.workflow.ledgers import Doer, next_key

_KIND = "message"
_NOT_TAKEN = "对方服务没有接收"


def send_messages(
    folder: Path, texts: Sequence[tuple[str, str, str]], channel: str, channels: Path | None, doer: Doer, at: datetime | None = None
) -> tuple[tuple[str, bool], ...]:
    """Send texts (to whom, "reminder" or "safety", the text) by a named channel; return to whom and whether each was taken.

    channel: a name in the file `channels`; "forward" writes down that somebody forwards the text by hand. Every message is logged.
    Raises DataError for a channel that there is not, StoreError when the file or the record cannot be read.
    """
    room = Room(folder, at)
    url = _url(channel, channels)
    kind = room.ledgers.kinds[_KIND]
    outcome: list[tuple[str, bool]] = []
    with room.database() as database:
        keys = [entry.key for entry in database.entries(_KIND)]
        for to, sort, text in texts:
            taken = not url or send(url, "工作提醒" if sort == "reminder" else "假期安全提醒", text)
            key = next_key(kind, keys, room.today)
            keys.append(key)
            values: dict[str, Value] = {"text": text, "sort": sort, "day": room.today, "to": to}
            values["channel"] = channel_kind(url) if url else "forward"
            written = open_record(kind, key, values, doer.hand, room.at)
            problem: Mapping[str, Value] = {} if taken else {"problem": _NOT_TAKEN}
            record = move(kind, written, "send" if taken else "fail", doer.hand, room.at, problem)
            with database.batch(actor=doer.actor, purpose=f"发送{key}", at=room.at) as batch:
                batch.put(entry_of(kind, record))
            outcome.append((to, taken))
    return tuple(outcome)


def _url(channel: str, channels: Path | None) -> str:
    if channel == "forward":
        return ""
    known = read_channels(channels) if channels else {}
    if channel not in known:
        names = "、".join(["forward", *known])
        raise DataError(finding("workflow.no_such_channel", Place(file=channels.name if channels else ""), channel, known=names))
    return known[channel]
