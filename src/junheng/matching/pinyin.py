"""How Chinese names sound: syllables without tone, with the readings that a character has as a surname. The one wrapper of pypinyin.

Two readings are kept where people use both (覃 as qin and tan). Sounds that speakers of many regions do not keep apart (n and l,
zh and z, ing and in) are joined in a coarser form.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from pypinyin import Style, pinyin

from junheng.documents import package_files, parse_csv

_MOST_READINGS = 2  # the usual one and the next: more would make strangers alike
_COARSE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("hu", "fu"), ("ü", "v"))


class Surname(NamedTuple):
    """A surname with the reading that it has as one, and another that is heard."""

    pinyin: str
    other: str


@cache
def surnames() -> Mapping[str, Surname]:
    """Return the surnames whose reading differs from the character's usual one, and those of two characters."""
    file = package_files("junheng.matching", "surnames.csv")[0]
    return {row["surname"]: Surname(row["pinyin"], row["other"]) for row in (line.values for line in parse_csv(file.text, file.name))}


@lru_cache(maxsize=30_000)
def readings(character: str) -> tuple[str, ...]:
    """Return the usual reading of a character and the next one; Latin letters stand for themselves, other signs for nothing."""
    if character.isascii():
        return (character,) if character.isalnum() else ("",)
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="default")[0]
    plain = dict.fromkeys(reading.replace("ü", "v") for reading in found if reading.isascii() or "ü" in reading)
    return tuple(plain)[:_MOST_READINGS] or ("",)


def coarse(syllables: str) -> str:
    """Return syllables with the sounds joined that many speakers do not keep apart."""
    for sound, joined in _COARSE:
        syllables = syllables.replace(sound, joined)
    return syllables
