"""A policy text as it was found, made readable: simplified characters, no residue of phonetic annotation, what was lost marked as lost.

Spam, navigation, teasers and imprints are set aside, not dropped: each keeps its line and the reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from junheng.documents.chinese_text import simplified
from junheng.errors import Text

LOST = "〓"  # stands for characters that the file no longer has

_HAN = "\u3400-\u9fff"
_RESIDUE = re.compile(rf"(?<=[{_HAN}])[(（]([^\W\d_]{{1,7}})[)）]")
_BROKEN_RESIDUE = re.compile(r"[?？][^\W\d_]{1,7}[)）]")
_SHIFTED = re.compile(rf"[?？](?=[!！][{_HAN}])")  # the second half of the lost character and A1 of a closing quote read as ！
_LONGEST_SHIFT = 14
_PROSE = re.compile(r"[。；，,;：:！]")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、是要]|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、])")
_SHORT_HEADING = 34
_ASCII_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_MARK = re.compile(rf"(?<=[{_HAN}”》）〓])([,;:?!])|([,;:?!])(?=[{_HAN}“《（])")

_IMPRINT = re.compile(
    r"(责编|编辑|撰稿|审核|校对|来源|记者|通讯员|展开全文|关注.{0,8}新动态|标签|评论|下载APP|我要报料|视频精选|精选推荐|要闻$|版权所有|许可证|备\d{6,}号|"
    r"公网安备|举报电话|联合主办|订阅号|扫一扫|分享到|上一条|下一条)"
)
_STAMP = re.compile(r"^[\s\d:年月日/.\-]+$")
_FOOT = re.compile(r"^(上一篇|下一篇|相关阅读|相关链接|相关新闻|热门推荐|延伸阅读)")
_CUT_SHORT = re.compile(r"(\.{3}|…+)$")

IMPRINT = Text("编者、来源、版权等说明", "imprint, source, copyright")
STAMP = Text("只有日期时间", "only a date or time")
TEASER = Text("其他文章的摘要", "a teaser of another article")
NO_SENTENCE = Text("不成句，也不是标题（广告、导航等）", "no sentence and no heading: advertising, navigation")


class PolicyLine(NamedTuple):
    """One line of the source: its number (1-based), the readable text, and why it is set aside (None: it is read)."""

    line: int
    text: str
    aside: Text | None
    heading: bool


def policy_lines(text: str) -> tuple[PolicyLine, ...]:
    """Return every line of a text that is not blank, readable, in order."""
    return tuple(_told_apart([(number, readable(raw)) for number, raw in enumerate(text.splitlines(), 1) if raw.strip()]))


def readable(raw: str) -> str:
    """Return one line in simplified characters, without phonetic residue, with Chinese marks; lost characters are shown as 〓."""
    text = _BROKEN_RESIDUE.sub(LOST, _RESIDUE.sub(_without_sound, _restored(raw)))
    text = _MARK.sub(lambda mark: _ASCII_MARKS[mark[1] or mark[2]], simplified(text))
    return re.sub(rf"[ \t]+(?=[{_HAN}])|(?<=[{_HAN}])[ \t]+", "", text).strip()


def _without_sound(found: re.Match[str]) -> str:
    """Return nothing for the sound of the character before, and the brackets as they were for anything else."""
    latin = unicodedata.normalize("NFD", found[1])
    sound = all(letter.islower() or unicodedata.combining(letter) for letter in latin) and latin.isascii() is (latin == found[1])
    return "" if sound and re.search("[aeiou\u00fc]", latin) else found[0]


def _restored(raw: str) -> str:
    """Return the line with runs put right that were read one byte off: a lost byte before a GBK run shifts all characters after it."""
    place = 0
    while found := _SHIFTED.search(raw, place):
        start, most = found.end(), min(len(raw), found.end() + _LONGEST_SHIFT)
        fits = ((end, right) for end in range(most, start + 1, -1) if (right := _shifted(raw[start:end])))
        end, right = next(fits, (start, ""))
        if right:
            raw = raw[: found.start()] + LOST + right + raw[end:]
        place = found.start() + 1
    return raw


def _shifted(run: str) -> str:
    """Return what a run says that was read one byte off; nothing when it was not."""
    try:
        octets = ("！" + run[1:]).encode("gbk")[1:]
    except UnicodeEncodeError:
        return ""
    try:
        right = octets.decode("gbk")
    except UnicodeDecodeError as error:
        if error.start != len(octets) - 1:  # its last character has lost its second byte
            return ""
        right = octets[:-1].decode("gbk") + LOST
    return right if right[0] in "”」』》）" else ""


def _told_apart(lines: list[tuple[int, str]]) -> Iterator[PolicyLine]:
    foot = False
    for number, text in lines:
        foot = foot or bool(_FOOT.search(text))
        aside = TEASER if foot or _CUT_SHORT.search(text) else _aside(text)
        heading = aside is None and _is_heading(text)
        if aside is None and not heading and not _PROSE.search(text):
            aside = NO_SENTENCE
        yield PolicyLine(number, text, aside, heading)


def _aside(text: str) -> Text | None:
    if _STAMP.fullmatch(text):
        return STAMP
    short = len(re.sub(r"\W", "", text)) < 2 * _SHORT_HEADING
    if short and _IMPRINT.search(text) and not re.search("[。；]", text):
        return IMPRINT
    words = re.split(r"[，,\s]", text)
    if len(words) > 2 and not re.search("[。；：“”、]", text) and max(map(len, words)) < 16 and not _NUMBERED.match(text):
        return NO_SENTENCE
    return None


def _is_heading(text: str) -> bool:
    return (
        len(text) <= _SHORT_HEADING
        and not re.search("[。；]$", text)
        and bool(_NUMBERED.match(text) or len(text) >= 8)
        and "，" not in text[:-1]
    )
