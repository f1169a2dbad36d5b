"""Sealed fields: AES-256-GCM under data keys that lie wrapped in the record; the keys that wrap them lie in another folder.

What was entered in a year is sealed under data keys of that year, which are wrapped by a key of that year in the key file (y2025.1, made
ahead for many years, so that a copy in a safe stays good). Who takes the year's key out of the key file and its copies has destroyed the
year: in the record, in its audit and in every backup. Data keys without a year (0) seal what is kept as long as the record: who acted.

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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text
from junheng.store.atomic import write_file
from junheng.store.audit import text_of
from junheng.store.entry import MASKED

ALGORITHM = "A1"
USES = ("L3", "L4", "index")
OF_A_YEAR = ("L3", "L4")
AHEAD = range(2020, 2060)  # years whose keys are made with the key file
_NONCE = 12
_DRAWN = 1024  # nonces drawn from the system at once


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
        """Return the id of the key that wraps what is of no year."""
        return f"m{max(int(name[1:]) for name in self.masters if name.startswith('m'))}"

    @property
    def by_year(self) -> bool:
        """Return whether the file has keys of years: one that was made before there were any has none."""
        return any(name.startswith("y") for name in self.masters)

    def of_year(self, year: int) -> str:
        """Return the id of the key that wraps the data keys of a year, "" where it was destroyed or never made; of no year the master."""
        if not year:
            return self.current
        numbers = [int(name.partition(".")[2]) for name in self.masters if name.startswith(f"y{year}.")]
        return f"y{year}.{max(numbers)}" if numbers else ""

    def with_new(self) -> KeyFile:
        """Return the same keys and a new one after each that wraps, already written. What was destroyed is not made anew."""
        years = sorted({int(name[1:].partition(".")[0]) for name in self.masters if name.startswith("y")})
        last = {year: int(self.of_year(year).partition(".")[2]) for year in years}
        fresh = {f"m{int(self.current[1:]) + 1}": secrets.token_bytes(32)}
        fresh |= {f"y{year}.{number + 1}": secrets.token_bytes(32) for year, number in last.items()}
        return _written(self.path, {**self.masters, **fresh})

    def with_years(self, years: Iterable[int]) -> KeyFile:
        """Return the same keys and one for each of these years that has none, already written."""
        fresh = {f"y{year}.1": secrets.token_bytes(32) for year in years if not self.of_year(year)}
        return _written(self.path, {**self.masters, **fresh}) if fresh else self

    def without_year(self, year: int) -> KeyFile:
        """Return the keys without those of a year, already written: what was sealed in that year is lost for good."""
        return _written(self.path, {name: key for name, key in self.masters.items() if not name.startswith(f"y{year}.")})


def new_key_file(folder: Path, record: str) -> KeyFile:
    """Make the key file of a new record."""
    return _written(folder / f"{record}.keys", {"m1": secrets.token_bytes(32), **{f"y{year}.1": secrets.token_bytes(32) for year in AHEAD}})


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
        """Unwrap the data keys. Raises StoreError (store.keys_wrong) when the keys in the file are those of another record."""
        self.rows = [dict(row) for row in rows]
        self._keys: dict[int, bytes] = {}
        self._current: dict[tuple[str, int], int] = {}
        self._years = {int(row["id"]): int(row["year"]) for row in self.rows}
        self._drawn = b""
        for row in self.rows:
            if _destroyed(row, keys):
                continue
            try:
                self._keys[row["id"]] = _unwrapped(row, keys)
            except (InvalidTag, KeyError, ValueError) as error:
                found = Text(f"打不开数据密钥{row['id']}", f"data key {row['id']}, which they do not open")
                raise StoreError(finding("store.keys_wrong", Place(file=keys.path.as_posix()), found)) from error
            self._current[row["use"], row["year"]] = row["id"]
        self._ciphers = {number: AESGCM(key) for number, key in self._keys.items()}

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years in which something was sealed, 0 left out."""
        return tuple(sorted({year for year in self._years.values() if year}))

    def lost(self, year: int) -> bool:
        """Return whether a year in which something was sealed was destroyed."""
        return year in self._years.values() and not any((use, year) in self._current for use in OF_A_YEAR)

    def has(self, year: int) -> bool:
        """Return whether there are data keys of a year."""
        return all((use, year) in self._current for use in OF_A_YEAR)

    def year_of(self, box: str) -> int:
        """Return the year in which a box was sealed, 0 for none."""
        return self._years.get(_number(box), 0)

    def opens(self, box: str) -> bool:
        """Return whether the data key of a box is there: it is not when its year was destroyed."""
        return _number(box) in self._ciphers

    def seal(self, level: str, where: tuple[str, str, str], value: object, year: int = 0) -> str:
        """Return the box of a value; where: kind, key, field. year: in which it is entered, 0 for what is kept as long as the record."""
        return self._box(level, _plain(value), "\0".join(where), year)

    def open(self, box: str, where: tuple[str, str, str]) -> Any:
        """Return the value in a box, MASKED of a year that was destroyed.

        Raises StoreError (store.box_damaged) when it was altered or belongs elsewhere.
        """
        parts = _parts(box)
        if parts[0] not in self._ciphers and parts[0] in self._years:
            return MASKED
        return json.loads(self.open_bytes(parts, "\0".join(where)))

    def seal_bytes(self, level: str, content: bytes, bound: str, year: int = 0) -> tuple[int, bytes]:
        """Return the data key's number, and nonce and ciphertext."""
        number = self._current[level, year]
        nonce = self._nonce()
        return number, nonce + self._ciphers[number].encrypt(nonce, content, bound.encode())

    def _nonce(self) -> bytes:
        """Return 96 random bits of the system, which is asked for many at once: a large import needs a hundred thousand."""
        if not self._drawn:
            self._drawn = secrets.token_bytes(_NONCE * _DRAWN)
        nonce, self._drawn = self._drawn[-_NONCE:], self._drawn[:-_NONCE]
        return nonce

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
        key = self._keys[self._current["index", 0]]
        return hmac.digest(key, f"{kind}\0{field}\0{text}".encode(), hashlib.sha256).hex()[:32]

    def current(self, box: str) -> bool:
        """Return whether a box is sealed by a data key in use."""
        return _number(box) in self._current.values()

    def _box(self, level: str, plain: bytes, bound: str, year: int) -> str:
        number, data = self.seal_bytes(level, plain, bound, year)
        return f"{ALGORITHM}:{number}:{binascii.b2a_base64(data, newline=False).decode()}"


def new_data_keys(keys: KeyFile, after: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return rows of fresh data keys for L3 and L4 of no year and of each year that has some, and for tags when there is none.

    They are numbered after those that exist. Years that were destroyed get none.
    """
    years = sorted({int(row["year"]) for row in after if row["year"] and keys.of_year(row["year"])})
    uses = [(use, 0) for use in USES if use != "index" or not any(row["use"] == "index" for row in after)]
    return _fresh([*uses, *((use, year) for year in years for use in OF_A_YEAR)], keys, after)


def keys_of_year(year: int, keys: KeyFile, after: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of fresh data keys of a year whose wrapping key is in the file, numbered after those that exist."""
    return _fresh([(use, year) for use in OF_A_YEAR], keys, after)


def _fresh(wanted: Sequence[tuple[str, int]], keys: KeyFile, after: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    first = max((int(row["id"]) for row in after), default=0) + 1
    return [_wrapped(first + n, use, year, secrets.token_bytes(32), keys) for n, (use, year) in enumerate(wanted)]


def rewrapped(rows: Sequence[Mapping[str, Any]], keys: KeyFile) -> list[dict[str, Any]]:
    """Return the same data keys wrapped by the current keys; those that were destroyed as they are."""
    return [
        dict(row) if _destroyed(row, keys) else _wrapped(row["id"], row["use"], row["year"], _unwrapped(row, keys), keys) for row in rows
    ]


def without_keys(rows: Sequence[Mapping[str, Any]], year: int) -> list[dict[str, Any]]:
    """Return the rows of data keys, those of a year emptied: only that there were some stays."""
    return [{**row, "wrapped": ""} if row["year"] == year else dict(row) for row in rows]


def _destroyed(row: Mapping[str, Any], keys: KeyFile) -> bool:
    """Return whether a data key was destroyed: emptied, or its year's key taken out of a file that has keys of years."""
    gone = not row["wrapped"] or (row["master"] not in keys.masters and keys.by_year)
    return bool(row["year"]) and gone


def _wrapped(number: int, use: str, year: int, key: bytes, keys: KeyFile) -> dict[str, Any]:
    master, nonce = keys.of_year(year), secrets.token_bytes(_NONCE)
    data = nonce + AESGCM(keys.masters[master]).encrypt(nonce, key, f"{number}:{use}".encode())
    return {"id": number, "use": use, "master": master, "wrapped": base64.b64encode(data).decode(), "year": year}


def _unwrapped(row: Mapping[str, Any], keys: KeyFile) -> bytes:
    data = base64.b64decode(row["wrapped"], validate=True)
    return AESGCM(keys.masters[row["master"]]).decrypt(data[:_NONCE], data[_NONCE:], f"{row['id']}:{row['use']}".encode())


def _plain(value: object) -> bytes:
    return (encode_basestring(value) if type(value) is str else text_of(value)).encode()


def _number(box: str) -> int:
    return int(box.split(":", 2)[1])


def _parts(box: str) -> tuple[int, bytes]:
    algorithm, number, text = box.split(":")
    if algorithm != ALGORITHM:
        raise StoreError(finding("store.box_damaged", Place(), Text(f"未知的算法{algorithm}", f"the unknown algorithm {algorithm}")))
    return int(number), base64.b64decode(text)
