"""The chain of the audit: each row's hash covers the row before it, so that whoever changes one has to change all that follow.

`store/verifier.py` states the same rules again without importing anything of ours; both must agree (tests/store/test_verifier.py).
A chain alone proves nothing against somebody who makes it anew. Its head is therefore written where others keep it: `anchor`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any

from junheng.errors import Text
from junheng.store.atomic import flush_folder, make_folder

CHAINED = ("sequence", "batch", "at", "office", "person", "purpose", "verb", "kind", "key", "version", "before", "after")
IMAGE = ("kind", "key", "version", "state", "clear", "sealed", "levels", "evidence")
_IMAGE, _CHAINED = itemgetter(*IMAGE), itemgetter(*CHAINED)
_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True)
_encoder = getattr(json.encoder, "c_make_encoder", None)  # what JSONEncoder makes anew for each value: half the time of a small one
_MADE = _encoder and _encoder(None, _SORTED.default, json.encoder.encode_basestring, None, ":", ",", True, False, False)


def text_of(value: object) -> str:
    """Return a value as JSON without blanks, names in order, the same text every time."""
    return "".join(_MADE(value, 0)) if _MADE else _SORTED.encode(value)


def image_of(row: Mapping[str, Any]) -> str:
    """Return all that an entry's row holds as one line, with tabs between: no column can hold a tab (see `batch.faults`)."""
    return "\t".join(map(str, _IMAGE(row)))


def row_of(image: str) -> dict[str, Any]:
    """Return the row of which `image_of` made a line."""
    row: dict[str, Any] = dict(zip(IMAGE, image.split("\t"), strict=True))
    return {**row, "version": int(row["version"])}


def digest_of(image: str) -> str:
    """Return the digest of an image, "" of none."""
    return sha256(image.encode()).hexdigest() if image else ""


def first_hash(record: str) -> str:
    """Return what stands before the first row of a record."""
    return sha256(f"junheng record {record}".encode()).hexdigest()


def chained(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of an audit row that follows the row with the hash `previous`."""
    return sha256("\t".join([previous, *map(str, _CHAINED(row))]).encode()).hexdigest()


def anchor_line(record: str, head: Mapping[str, Any], **more: object) -> str:
    """Return the line that an anchor file keeps of a head."""
    return text_of({"record": record, "sequence": head["sequence"], "hash": head["hash"], "at": head["at"], **more})


def anchor(path: Path, line: str) -> None:
    """Add a line to an anchor file and see it on the disk. Raises OSError when it cannot be written."""
    new = not path.exists()
    make_folder(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        flush_folder(path.parent)


def head_in_words(record: str, head: Mapping[str, Any]) -> Text:
    """Return the head for a duty sheet: printed, signed and filed, it proves later that nothing before it was changed."""
    groups = " ".join(head["hash"][at : at + 8] for at in range(0, 64, 8))
    return Text(
        f"记录库 {record[:8]} 截至 {head['at']} 共 {head['sequence']} 条变更，校验码 {groups}",
        f"Record {record[:8]} as of {head['at']}: {head['sequence']} changes, check code {groups}",
    )


def earlier(at: str, last: Mapping[str, Any] | None) -> bool:
    """Return whether a time lies before that of the last row: somebody set a clock back."""
    return last is not None and datetime.fromisoformat(at) < datetime.fromisoformat(last["at"])


def linked(rows: Sequence[dict[str, Any]], last: Mapping[str, Any] | None, record: str) -> list[dict[str, Any]]:
    """Give the rows their numbers after `last` and their hashes, in place; return them."""
    sequence, previous = (last["sequence"], last["hash"]) if last else (0, first_hash(record))
    for row in rows:
        sequence += 1
        row["sequence"] = sequence
        previous = chained(previous, row)
        row["hash"] = previous
    return list(rows)
