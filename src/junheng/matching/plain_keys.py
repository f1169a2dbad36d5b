"""Phones, sexes, schools, codes and plain words made comparable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from junheng.documents.chinese_text import fold_all
from junheng.matching.pinyin import readings

_MOBILE = r"(1[3-9]\d{9})$"
_LANDLINE = r"^(?:0\d{2,3})?([2-9]\d{6,7})$"
_SEXES = {"男": "m", "女": "f", "1": "m", "2": "f", "m": "m", "f": "f", "male": "m", "female": "f", "男性": "m", "女性": "f"}
_PREFIX = re.compile(r"^(?:[^省市县区旗镇乡]{2,5}(?:省|自治区))?(?:[^省市县区旗镇乡]{2,5}市)?(?:[^省市县区旗镇乡]{1,5}(?:县|区|旗))?")
_TOWNSHIP = re.compile(r"^[^镇乡]{1,4}[镇乡](?=.{2,})")
_SHORT = (
    ("九年一贯制学校", "九年制学校"),
    ("初级中学", "初中"),
    ("高级中学", "高中"),
    ("完全中学", "完中"),
    ("完全小学", "小学"),
    ("中心小学", "中心校"),
    ("中心学校", "中心校"),
    ("实验小学", "实小"),
    ("第", ""),
)
_NUMERALS = str.maketrans({"１": "一"} | dict(zip("123456789", "一二三四五六七八九", strict=True)))


def phones(column: str, texts: pl.Series) -> pl.DataFrame:
    """Return a mobile number's 11 digits, or a fixed line's without the area code; of several numbers the first."""
    first = pl.col("raw").str.normalize("NFKC").str.split_exact(r"、", 0).struct.field("field_0")
    digits = first.str.replace_all(r"[\s\-()+]", "").str.extract(r"^(\d+)", 1)
    frame = pl.DataFrame({"raw": texts.cast(pl.String)})
    return frame.select(pl.coalesce(digits.str.extract(_MOBILE, 1), digits.str.extract(_LANDLINE, 1)).alias(column))


def sexes(column: str, texts: pl.Series) -> pl.DataFrame:
    """Return "m" or "f"; null for anything else."""
    text = pl.col("raw").str.normalize("NFKC").str.strip_chars().str.to_lowercase()
    return pl.DataFrame({"raw": texts.cast(pl.String)}).select(
        text.replace_strict(_SEXES, default=None, return_dtype=pl.String).alias(column)
    )


def words(column: str, texts: pl.Series) -> pl.DataFrame:
    """Return folded words: narrow, simplified, lower case, without blanks; null for what is empty."""
    unique = texts.drop_nulls().unique(maintain_order=True).cast(pl.String).to_list()
    return _mapped(column, texts, unique, [text or None for text in (fold_all(unique) if unique else [])])


def latin(column: str, texts: pl.Series) -> pl.DataFrame:
    """Return letters and digits of a Latin text in lower case, and its first three."""
    cleaned = pl.col("raw").str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")
    frame = pl.DataFrame({"raw": texts.cast(pl.String)}).select(pl.when(cleaned != "").then(cleaned).alias(column))
    return frame.with_columns(pl.col(column).str.slice(0, 3).alias(f"{column}_start"))


def codes(column: str, texts: pl.Series) -> pl.DataFrame:
    """Return codes as they are, without blanks, narrow and in upper case."""
    cleaned = pl.col("raw").str.normalize("NFKC").str.replace_all(r"\s", "").str.to_uppercase()
    return pl.DataFrame({"raw": texts.cast(pl.String)}).select(pl.when(cleaned != "").then(cleaned).alias(column))


def schools(column: str, texts: pl.Series, directory: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return the code of each school that is named by code or name, or the name's short form where no directory is given.

    directory: code -> names. With a directory, a name that nobody or several carry gives null: an unknown school is no mismatch.
    """
    unique = texts.drop_nulls().unique(maintain_order=True).cast(pl.String).to_list()
    shorts = [short_school(text) for text in fold_all(unique)] if unique else []
    if not directory:
        return _mapped(column, texts, unique, [short or None for short in shorts])
    known: dict[str, set[str]] = {}
    for code, names in directory.items():
        for form in {code.lower(), *(form for name in fold_all(list(names)) for form in (name, short_school(name)))}:
            known.setdefault(form, set()).add(code)
    found = [
        known.get(folded) or known.get(short) or set() for folded, short in zip(fold_all(unique) if unique else [], shorts, strict=True)
    ]
    return _mapped(column, texts, unique, [next(iter(codes)) if len(codes) == 1 else None for codes in found])


def school_names(column: str, texts: pl.Series) -> pl.DataFrame:
    """Return what tells a school's name: the name without county, with one word for each kind, and apart its township and the rest.

    石桥镇中心小学, 石橋鎮中心校 and 石桥中心学校 are all 石桥中心校; the township stands apart only where the name says 镇 or 乡.
    """
    unique = texts.drop_nulls().unique(maintain_order=True).cast(pl.String).to_list()
    folded = fold_all(unique) if unique else []
    parts = [_school_parts(text) for text in folded]
    keys = {
        "": [f"{place}{rest}" for place, rest in parts],
        "_township": [place for place, _ in parts],
        "_rest": [rest for _, rest in parts],
    }
    keys["_sound"] = ["".join(readings(one)[0] if not one.isascii() else one for one in text) for text in keys[""]]
    frames = [_mapped(f"{column}{suffix}", texts, unique, [one or None for one in found]) for suffix, found in keys.items()]
    return pl.concat(frames, how="horizontal")


def _school_parts(folded: str) -> tuple[str, str]:
    """Return the township's name without 镇 or 乡 ("" where none is said) and the rest in its short form."""
    text = _PREFIX.sub("", folded) or folded
    said = _TOWNSHIP.match(text)
    place, rest = (said[0][:-1], text[said.end() :]) if said else ("", text)
    for long, word in _SHORT:
        rest = rest.replace(long, word)
    return place, rest.translate(_NUMERALS)


def short_school(folded: str) -> str:
    """Return a folded school name without the county and township before it and with one word for each kind: 清河县第一小学 is 一小学."""
    short = _PREFIX.sub("", folded) if not folded.isascii() else folded
    short = _TOWNSHIP.sub("", short) or folded
    for long, word in _SHORT:
        short = short.replace(long, word)
    return short.translate(_NUMERALS) if not short.isascii() else short


def _mapped(column: str, texts: pl.Series, unique: Sequence[str], keys: Sequence[str | None]) -> pl.DataFrame:
    known = pl.DataFrame({"#raw": pl.Series(unique, dtype=pl.String), column: pl.Series(keys, dtype=pl.String)})
    return pl.DataFrame({"#raw": texts.cast(pl.String)}).join(known, on="#raw", how="left", maintain_order="left").select(column)
