"""One way to compare Chinese words: width, spaces, traditional and variant characters do not count. The one wrapper of OpenCC.

Only comparisons use the folded form; what was sent is kept as it was sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import opencc

_INVISIBLE = dict.fromkeys([0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)])
_SPACES = re.compile(r"\s+")
# Variants that OpenCC leaves apart because each is a right character somewhere; in names of places and forms they are one.
_VARIANTS = str.maketrans("臺塩鹽峯晋脚廍羣裡綫啓鄕鷄", "台盐盐峰晋脚廍群里线启乡鸡")


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def visible(text: str) -> str:
    """Return the text without zero-width and direction marks, NBSP as space, and no space at its ends."""
    return text.replace("_x000D_", "").translate(_INVISIBLE).replace("\xa0", " ").replace("\u3000", " ").strip()


def narrow(text: str) -> str:
    """Return the text with full-width letters, digits and punctuation made narrow, invisible characters removed."""
    return unicodedata.normalize("NFKC", visible(text))


def simplified(text: str) -> str:
    """Return the text in simplified characters, variants joined; width, spaces and punctuation stay."""
    return str(_converter().convert(visible(text))).translate(_VARIANTS)


def fold(text: str) -> str:
    """Return the form in which two words are compared: narrow, lower case, simplified, variants joined, without any space."""
    return fold_all([text])[0]


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return the folded forms of many texts in one pass of the converter."""
    plain = [_SPACES.sub("", narrow(text)).lower() for text in texts]
    if all(text.isascii() for text in plain):
        return plain
    return str(_converter().convert("\n".join(plain))).translate(_VARIANTS).split("\n")
