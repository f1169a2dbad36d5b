"""How SVG is written: its size and typeface, and texts that can be exchanged for those of the other language."""

from __future__ import annotations

from html import escape

from junheng.workflow import Text

_FONT = 'font-family="Noto Sans SC, Microsoft YaHei, Noto Sans CJK SC, PingFang SC, sans-serif"'


def size(width: float, height: float) -> str:
    """Return the attributes of an svg element of this size in pixels."""
    return f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" {_FONT} font-size="12"'


def text(x: float, y: float, words: Text | str, lang: str, anchor: str, fill: str) -> str:
    """Return a text element in `lang`; where the languages differ the other one stands in data-o."""
    shown = words if isinstance(words, str) else words.of(lang)
    other = "" if isinstance(words, str) or words.zh == words.en else words.of("zh" if lang == "en" else "en")
    swap = f' data-o="{plain(other)}"' if other else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{swap}>{plain(shown)}</text>'


def plain(words: str) -> str:
    """Escape text for XML, without the control characters that XML has no place for."""
    return escape("".join(letter for letter in words if letter.isprintable()))
