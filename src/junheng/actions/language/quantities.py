"""Numbers of a policy text: digits with their unit, Chinese numerals in set phrases, sums such as 1+6+N, and lists that can be counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from junheng.documents import package_files, parse_csv

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "双": 2, "十": 10, "百": 100}
_NUMERAL = "[一二两三四五六七八九十]"
_NUMBER = re.compile(
    r"(?<![\d.+])(?P<low>\d[\d,]*(?:\.\d+)?)(?:[~～—-](?P<high>\d[\d,]*(?:\.\d+)?))?"
    r"(?P<unit>%|％|‰|万元|亿元|元|万平方米|平方米|公里|小时|分钟|周年|学时|课时|个|所|名|人|次|项|天|日|月|年|首|套|间|类|条|级|位|门|支|场|组|校|园)?"
    r"(?P<bound>以上|以下|左右|以内)?"
)
_SUM = re.compile(r"\d+(?:\+(?:\d+|[NnＮ]))+")
_QUOTED = re.compile(rf"[“‘「](?P<phrase>(?:双|{_NUMERAL})[^”’」，。；]{{1,7}})[”’」]")
_PARTS = re.compile(rf"(?P<count>双十|双|{_NUMERAL}+)(?P<what>[^一二两三四五六七八九十双“”]{{1,4}})")
_PLAIN = re.compile(
    rf"(?P<count>双十|{_NUMERAL}+)(?P<what>个|大(?=行动|工程|任务|体系)|年(?=行动|计划|攻坚)|周年|级(?=培训)|位一体|项|条|主联动|校{_NUMERAL}园)"
)
_LIST = re.compile(r"[^、，。；：（）《》]{1,24}(?:、[^、，。；：（）《》]{1,24})+")
_AFTER = 8  # characters after a number that say what is counted
_DATED = {"年", "月", "日"}
_LAST_OF_A_LIST = re.compile(r"[和与及](?=[^和与及]{2,24}$)")


class Quantity(NamedTuple):
    """A number as the text says it: lowest and highest value, unit as written, the words, and what kind of number it is."""

    low: Decimal
    high: Decimal
    unit: str
    words: str
    kind: str  # number, share, phrase, sum, list
    bound: str = ""  # 以上 … as written


def quantities(sentence: str) -> tuple[Quantity, ...]:
    """Return the numbers of a sentence in their order; years and days of the calendar are left to the deadlines."""
    found = [*_set_phrases(sentence), *_sums(sentence), *_quoted(sentence), *_plain(sentence), *_numbers(sentence), *_lists(sentence)]
    places = sorted(dict.fromkeys(found), key=lambda each: (sentence.find(each.words), each.kind))
    return tuple(places)


@cache
def _table() -> tuple[tuple[str, Decimal, str], ...]:
    (file,) = package_files("junheng.actions", "cn/set_phrases.csv")
    return tuple((row.values["phrase"], Decimal(row.values["value"]), row.values["unit_zh"]) for row in parse_csv(file.text, file.name))


def _set_phrases(sentence: str) -> Iterator[Quantity]:
    for phrase, value, unit in _table():
        if phrase in sentence:
            yield Quantity(value, value, unit, phrase, "phrase")


def _sums(sentence: str) -> Iterator[Quantity]:
    for found in _SUM.finditer(sentence):
        for part in found[0].split("+"):
            if part.isdigit():
                yield Quantity(Decimal(part), Decimal(part), "", found[0], "sum")


def _quoted(sentence: str) -> Iterator[Quantity]:
    for quoted in _QUOTED.finditer(sentence):
        for part in _PARTS.finditer(quoted["phrase"]):
            yield from _counted(part, quoted["phrase"])


def _plain(sentence: str) -> Iterator[Quantity]:
    for found in _PLAIN.finditer(sentence):
        yield from _counted(found, sentence[found.start() : found.end() + 4])
        inner = re.search(rf"(?<=校){_NUMERAL}(?=园)", found["what"])
        if inner:
            value = Decimal(_DIGITS[inner[0]])
            yield Quantity(value, value, "园", found[0], "phrase")


def _counted(found: re.Match[str], words: str) -> Iterator[Quantity]:
    if found["count"] == "双十":
        yield Quantity(Decimal(2), Decimal(2), "组", words, "phrase")
    value = Decimal(_value(found["count"].removeprefix("双") or "双"))
    yield Quantity(value, value, found["what"], words, "phrase")


def _value(numeral: str) -> int:
    """Return what a Chinese numeral under one hundred says."""
    tens, _, ones = numeral.rpartition("十")
    if "十" not in numeral:
        return _DIGITS[numeral[-1]]
    return (_DIGITS[tens[-1]] if tens else 1) * 10 + (_DIGITS[ones[-1]] if ones else 0)


def _numbers(sentence: str) -> Iterator[Quantity]:
    for found in _NUMBER.finditer(sentence):
        unit = found["unit"] or ""
        if unit in _DATED or sentence[found.end() : found.end() + 1] in ("+", "年", "月"):
            continue
        low = Decimal(found["low"].replace(",", ""))
        high = Decimal((found["high"] or found["low"]).replace(",", ""))
        yield Quantity(
            low, high, unit, _with_what(sentence, found), "share" if unit in ("%", "％", "‰") else "number", found["bound"] or ""
        )


def _with_what(sentence: str, found: re.Match[str]) -> str:
    """Return the number with the words after it, up to the next mark."""
    return found[0] + re.split(r"[，。；：、“”（）]", sentence[found.end() : found.end() + _AFTER], maxsplit=1)[0]


def _lists(sentence: str) -> Iterator[Quantity]:
    """Return how many things a list names: parts between 、, and the last one after 和."""
    for found in _LIST.finditer(sentence):
        parts = found[0].split("、")
        count = Decimal(len(parts) + bool(_LAST_OF_A_LIST.search(parts[-1])))
        yield Quantity(count, count, "", found[0], "list")
    for pair in re.finditer(r"([^、，。；：和]{3,14})和([^、，。；：和]{3,14})", sentence):
        if "、" not in pair[0]:
            yield Quantity(Decimal(2), Decimal(2), "", pair[0], "list")
