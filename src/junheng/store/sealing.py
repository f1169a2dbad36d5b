"""Sealed fields: AES-256-GCM under data keys that lie wrapped in the record; the master key lies in another folder.

A box is text: "A1:<data key>:<base64 of nonce and ciphertext>", A1 = AES-256-GCM. It is bound to its kind, key and field, so that a box
moved elsewhere does not open. A tag is HMAC-SHA-256 of the field's value under a key of its own: equal values of one field have equal
tags, which is what makes the look-up possible and why only fields of many values should have one.
Source: NIST SP 800-38D (GCM); a random nonce of 96 bits is safe for 2^32 boxes under a key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text
from junheng.store.atomic import write_file
from junheng.store.audit import text_of

ALGORITHM = "A1"
USES = ("L3", "L4", "index")
_NONCE = 12


def keys_folder(given: Path | None, authority: Path | None) -> Path:
    """Return the folder of master keys: the one given, $JUNHENG_KEYS, or the one in the user's settings.

    Raises StoreError (store.keys_inside) when it lies inside the authority's folder: whoever takes the data would take the key.
    """
    named = os.environ.get("JUNHENG_KEYS")
    settings = Path(os.environ.get("APPDATA") or os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    folder = given or (Path(named) if named else settings / "junheng" / "keys")
    if authority is not None and folder.resolve().is_relative_to(authority.resolve()):
        raise StoreError(
            finding("store.keys_inside", Place(file=folder.as_posix()), Text("位于数据文件夹内", "a place inside the data folder"))
        )
    return folder


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The master keys of one record, oldest first; the last one wraps."""

    path: Path
    masters: Mapping[str, bytes]

    @property
    def current(self) -> str:
        """Return the id of the key that wraps."""
        return list(self.masters)[-1]

    def with_new(self) -> KeyFile:
        """Return the same keys and a new one after them, already written."""
        keys = {**self.masters, f"m{len(self.masters) + 1}": secrets.token_bytes(32)}
        return _written(self.path, keys)


def new_key_file(folder: Path, record: str) -> KeyFile:
    """Make the key file of a new record."""
    return _written(folder / f"{record}.keys", {"m1": secrets.token_bytes(32)})


def read_key_file(folder: Path, record: str) -> KeyFile:
    """Return the master keys of a record.

    Raises StoreError (store.keys_missing) when there are none that can be read.
    """
    path = folder / f"{record}.keys"
    try:
        lines = json.loads(path.read_text(encoding="utf-8"))["masters"]
        return KeyFile(path, {name: base64.b64decode(text, validate=True) for name, text in lines.items()})
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise StoreError(finding("store.keys_missing", Place(file=path.as_posix()), type(error).__name__)) from error


def lend_key_file(source: Path, target: Path, record: str) -> KeyFile:
    """Copy the master keys of a record to another folder, for a drill."""
    return _written(target / f"{record}.keys", read_key_file(source, record).masters)


def _written(path: Path, masters: Mapping[str, bytes]) -> KeyFile:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = {"masters": {name: base64.b64encode(key).decode() for name, key in masters.items()}}
    before = os.umask(0o077)
    try:
        write_file(path, json.dumps(text, indent=1).encode())
    finally:
        os.umask(before)
    path.chmod(0o600)
    return KeyFile(path, dict(masters))


class Seals:
    """The opened data keys of a record: seals, opens and tags."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], keys: KeyFile) -> None:
        """Unwrap the data keys. Raises StoreError (store.keys_wrong) when the master keys are those of another record."""
        self.rows = list(rows)
        self._keys: dict[int, bytes] = {}
        self._current: dict[str, int] = {}
        for row in self.rows:
            try:
                self._keys[row["id"]] = _unwrapped(row, keys)
            except (InvalidTag, KeyError, ValueError) as error:
                found = Text(f"打不开数据密钥{row['id']}", f"data key {row['id']}, which they do not open")
                raise StoreError(finding("store.keys_wrong", Place(file=keys.path.as_posix()), found)) from error
            self._current[row["use"]] = row["id"]
        self._ciphers = {number: AESGCM(key) for number, key in self._keys.items()}

    def seal(self, level: str, where: tuple[str, str, str], value: object) -> str:
        """Return the box of a value; where: kind, key, field."""
        return self._box(level, _plain(value), "\0".join(where))

    def open(self, box: str, where: tuple[str, str, str]) -> Any:
        """Return the value in a box.

        Raises StoreError (store.box_damaged) when it was altered or belongs elsewhere.
        """
        return json.loads(self.open_bytes(_parts(box), "\0".join(where)))

    def seal_bytes(self, level: str, content: bytes, bound: str) -> tuple[int, bytes]:
        """Return the data key's number, and nonce and ciphertext."""
        number = self._current[level]
        nonce = secrets.token_bytes(_NONCE)
        return number, nonce + self._ciphers[number].encrypt(nonce, content, bound.encode())

    def open_bytes(self, sealed: tuple[int, bytes], bound: str) -> bytes:
        """Return the content sealed by `seal_bytes`."""
        number, data = sealed
        try:
            return self._ciphers[number].decrypt(data[:_NONCE], data[_NONCE:], bound.encode())
        except (InvalidTag, KeyError, ValueError) as error:
            place = bound.replace("\0", " ")
            raise StoreError(
                finding("store.box_damaged", Place(file=place), Text("打不开的密文", "a sealed value that does not open"))
            ) from error

    def tag(self, kind: str, field: str, value: object) -> str:
        """Return the keyed tag of a value: the same for the same text, whatever the width or case of its letters."""
        text = unicodedata.normalize("NFKC", str(value)).strip().upper()
        key = self._keys[self._current["index"]]
        return hmac.digest(key, f"{kind}\0{field}\0{text}".encode(), hashlib.sha256).hex()[:32]

    def current(self, box: str) -> bool:
        """Return whether a box is sealed by a data key in use."""
        return int(box.split(":")[1]) in self._current.values()

    def _box(self, level: str, plain: bytes, bound: str) -> str:
        number, data = self.seal_bytes(level, plain, bound)
        return f"{ALGORITHM}:{number}:{binascii.b2a_base64(data, newline=False).decode()}"


def new_data_keys(keys: KeyFile, after: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return rows of fresh data keys for L3 and L4 (and for tags, when there is none), numbered after those that exist."""
    uses = [use for use in USES if use != "index" or not any(row["use"] == "index" for row in after)]
    first = max((int(row["id"]) for row in after), default=0) + 1
    return [_wrapped(first + n, use, secrets.token_bytes(32), keys) for n, use in enumerate(uses)]


def rewrapped(rows: Sequence[Mapping[str, Any]], keys: KeyFile) -> list[dict[str, Any]]:
    """Return the same data keys wrapped by the current master key."""
    return [_wrapped(row["id"], row["use"], _unwrapped(row, keys), keys) for row in rows]


def _wrapped(number: int, use: str, key: bytes, keys: KeyFile) -> dict[str, Any]:
    nonce = secrets.token_bytes(_NONCE)
    data = nonce + AESGCM(keys.masters[keys.current]).encrypt(nonce, key, f"{number}:{use}".encode())
    return {"id": number, "use": use, "master": keys.current, "wrapped": base64.b64encode(data).decode()}


def _unwrapped(row: Mapping[str, Any], keys: KeyFile) -> bytes:
    data = base64.b64decode(row["wrapped"], validate=True)
    return AESGCM(keys.masters[row["master"]]).decrypt(data[:_NONCE], data[_NONCE:], f"{row['id']}:{row['use']}".encode())


def _plain(value: object) -> bytes:
    return text_of(value).encode()


def _parts(box: str) -> tuple[int, bytes]:
    algorithm, number, text = box.split(":")
    if algorithm != ALGORITHM:
        raise StoreError(finding("store.box_damaged", Place(), Text(f"未知的算法{algorithm}", f"the unknown algorithm {algorithm}")))
    return int(number), base64.b64decode(text)
