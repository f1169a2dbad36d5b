"""Names of persons made comparable: one form of the characters, surname and given name apart, and how each sounds.

What is compared as text (hanzi) is compared for equality only; closeness is asked of the ASCII keys (pinyin).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import polars as pl

from junheng.documents import package_files, parse_csv
from junheng.documents.chinese_text import fold_all
from junheng.matching.pinyin import coarse, readings, surnames

_DOTS = re.compile(r"[·•・‧∙.。．｡･]+")
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_LOST = "?*□■〓�x×_"  # what stands where a rare character could not be typed
_LOST_SIGNS = re.compile(rf"[{re.escape(_LOST)}]+(?![a-z])")
_COMPOUND_FROM = 3  # 单于 alone is 单 with one given character; 单于天 is of the compound surname


class Name(NamedTuple):
    """The keys of one name; "" where it has none. sound, other, coarse: syllables without blanks."""

    whole: str
    surname: str
    first: str  # first and last character of the given name; last only where there are two
    last: str
    part: str  # of a name with a dot the part before it, which other lists give alone
    sound: str
    other: str
    coarse: str
    surname_sound: str


KEYS = ("", "surname", "first", "last", "part", "sound", "other", "coarse", "surname_sound")


@cache
def _variants() -> Mapping[int, str]:
    file = package_files("junheng.matching", "variants.csv")[0]
    return str.maketrans({row.values["variant"]: row.values["standard"] for row in parse_csv(file.text, file.name)})


def split(name: str) -> tuple[str, str]:
    """Return surname and given name of a folded Chinese name: 欧阳娜 is 欧阳 and 娜; a name in letters is all surname."""
    if name.isascii():
        return name, ""
    width = 2 if len(name) >= _COMPOUND_FROM and name[:2] in surnames() else 1
    return name[:width], name[width:]


def name_keys(folded: str) -> Name:
    """Return the keys of a name that is folded already.

    Dots between the parts of a name, remarks in brackets and signs for a lost character do not count as characters; a name with a lost
    character has no `whole`, and what is left of it is compared part by part.
    """
    plain = _BRACKETS.sub("", folded.translate(_variants()))
    parts = [part for part in _DOTS.split(plain) if part]
    joined = "".join(parts)
    name = _LOST_SIGNS.sub("?", joined)
    if not name or not any(character.isalpha() for character in name):
        return Name("", "", "", "", "", "", "", "", "")
    surname, given = (parts[0], "".join(parts[1:])) if len(parts) > 1 else split(name)
    first, last = (given[0], given[-1] if len(given) > 1 else "") if given else ("", "")
    sound, other, surname_sound = _sounds(surname, given) if len(parts) == 1 else _sounds("", name)
    lost = "?" in name
    return Name(
        "" if lost else name,
        "" if "?" in surname else surname,
        "" if first == "?" else first,
        "" if last == "?" else last,
        parts[0] if len(parts) > 1 else "",
        "" if lost else sound,
        "" if lost else other,
        "" if lost else coarse(sound),
        "" if "?" in surname else surname_sound or coarse("".join(readings(one)[0] for one in surname)),
    )


def _sounds(surname: str, given: str) -> tuple[str, str, str]:
    """Return how a name sounds, how else it may sound (the surname's other reading, or a character's), and the surname's sound."""
    known = surnames().get(surname)
    spoken = known.pinyin if known else "".join(readings(character)[0] for character in surname)
    rest = [readings(character) for character in given]
    usual = "".join(one[0] for one in rest)
    if known and known.other:
        return spoken + usual, known.other + usual, spoken
    place = next((index for index, one in enumerate(rest) if len(one) > 1), None)
    if place is None:
        return spoken + usual, "", spoken
    return spoken + usual, spoken + "".join(one[index == place] for index, one in enumerate(rest)), spoken


def names(column: str, texts: pl.Series) -> pl.DataFrame:
    """Return the keys of many names as columns `column`, `column_surname`, … ; null where a name has no such key."""
    unique = texts.drop_nulls().unique(maintain_order=True).to_list()
    keys = [name_keys(folded) for folded in _folded(unique)]
    titles = [f"{column}_{key}" if key else column for key in KEYS]
    known = pl.DataFrame(keys, schema=dict.fromkeys(titles, pl.String), orient="row") if keys else pl.DataFrame(schema=titles)
    known = known.cast(pl.String).with_columns(pl.when(pl.col(titles) != "").then(pl.col(titles)))
    return (
        pl.DataFrame({"#raw": texts.cast(pl.String)})
        .join(known.with_columns(pl.Series("#raw", unique, dtype=pl.String)), on="#raw", how="left", maintain_order="left")
        .select(titles)
    )


def _folded(texts: Sequence[str]) -> list[str]:
    return fold_all([text.replace("\n", " ") for text in texts]) if texts else []
