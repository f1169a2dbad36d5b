"""Deadline phrases and words of coverage: 年底前, 尽快, 力争“十四五”期间, 每天, 三年行动 … and 全覆盖, 零拒绝, 应助尽助, 每个.

A phrase becomes a day, a period or a recurrence where the text says enough, with the phrase kept beside it; else somebody must fix it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from junheng.documents import package_files, parse_csv

_NUMERALS = {numeral: value for value, numeral in enumerate("一二三四五六七八九十", 1)}
_OPENING = 600  # characters in which a document says of which year it speaks
_MONTH_DAYS = {4: 30, 6: 30, 9: 30, 11: 30, 2: 28}


class Deadline(NamedTuple):
    """What a phrase says about time: kind day, period, recurrence or open; first and last day; an RRULE for what comes back."""

    phrase: str
    kind: str
    first: date | None = None
    last: date | None = None
    recurrence: str = ""

    @property
    def settled(self) -> bool:
        """Return whether the phrase says when; otherwise a person must say so and sign for it."""
        return self.kind != "open"


Reader = Callable[[re.Match[str], int | None], Deadline]  # what was found, and the year of the document


def deadlines(sentence: str, year: int | None) -> tuple[Deadline, ...]:
    """Return the deadline phrases of a sentence in order; year: of which the document speaks, None when it is not known."""
    found: list[tuple[int, int, Deadline]] = []
    for pattern, read in _READERS.items():
        for place in re.finditer(pattern, sentence):
            if not any(start <= place.start() < end for start, end, _ in found):
                found.append((place.start(), place.end(), read(place, year)))
    return tuple(deadline for _, _, deadline in sorted(found, key=lambda each: each[0]))


def year_of(text: str) -> int | None:
    """Return the year of which a document speaks: the one named most often in its first sentences, the first of equals; or None."""
    years = re.findall(r"(?<!\d)(20\d\d)(?=年|-\d|/\d|·)", text[:_OPENING])
    return int(max(years, key=lambda one: (years.count(one), -years.index(one)))) if years else None


COVERAGE = re.compile(
    r"全覆盖|零拒绝|应[助收保查改落]尽[助收保查改落]|不让一[个名][^，。；]{0,12}|不漏一[人户校]|一校一[品策特案]牌?特?色?|一支部一特色|每[个名所][^，。；、]{1,8}(?=都|至少|均|在校)|"
    r"人人|格中有人|网中有格|100\s*[%％]|全面建立|无一|清零|100％"
)


def coverage_words(sentence: str) -> tuple[str, ...]:
    """Return the words that claim that nobody is left out, in order."""
    return tuple(dict.fromkeys(found[0] for found in COVERAGE.finditer(sentence)))


# ── readers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _year(words: re.Match[str], year: int | None) -> Deadline:
    own = int(words["year"]) if words["year"] else year
    if own is None:
        return Deadline(words[0], "open")
    return Deadline(words[0], "period", date(own, 1, 1), date(own, 12, 31))


def _year_end(words: re.Match[str], year: int | None) -> Deadline:
    own = int(words["year"]) if words["year"] else year
    return Deadline(words[0], "open") if own is None else Deadline(words[0], "day", None, date(own, 12, 31))


def _month_end(words: re.Match[str], year: int | None) -> Deadline:
    own = int(words["year"]) if words["year"] else year
    month = int(words["month"])
    if own is None or not 1 <= month <= 12:
        return Deadline(words[0], "open")
    day = int(words["day"]) if words["day"] else _MONTH_DAYS.get(month, 31)
    try:
        return Deadline(words[0], "day", None, date(own, month, day))
    except ValueError:
        return Deadline(words[0], "open")


def _span(words: re.Match[str], _year_named: int | None) -> Deadline:
    first, last = sorted((int(words["from"]), int(words["to"])))
    return Deadline(words[0], "period", date(first, 1, 1), date(last, 12, 31))


def _plan_period(words: re.Match[str], _year_named: int | None) -> Deadline:
    period = _periods().get(words["plan"])
    return Deadline(words[0], "period", *period) if period else Deadline(words[0], "open")


def _years_long(words: re.Match[str], _year_named: int | None) -> Deadline:
    """Leave a plan of some years open: its length is said, its first year mostly is not."""
    return Deadline(words[0], "open")


def _open(words: re.Match[str], _year_named: int | None) -> Deadline:
    return Deadline(words[0], "open")


def _again(rule: str) -> Reader:
    return lambda words, _year_named: Deadline(words[0], "recurrence", None, None, rule)


_READERS: Mapping[str, Reader] = {
    r"(?:从)?(?P<from>20\d\d)年?(?:[至到~～—-]+)(?P<to>20\d\d)年": _span,
    r"(?:力争|争取)?[“”]?(?P<plan>十[三四五]五)[“”]?(?:期间|末|时期)": _plan_period,
    r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|底)(?:之?前|以前)": _month_end,
    r"(?:(?P<year>20\d\d)年)?(?:今年)?年底(?:之?前)?": _year_end,
    r"(?:假期|节假日|寒暑假)[^，。；]{0,6}每[日天]|每[日天](?=[^，。；]{0,4}假期)": _again("FREQ=DAILY;X-DAYS=HOLIDAY"),
    r"每[天日](?!都)": _again("FREQ=DAILY"),
    r"每周": _again("FREQ=WEEKLY"),
    r"每月": _again("FREQ=MONTHLY"),
    r"每季度?": _again("FREQ=MONTHLY;INTERVAL=3"),
    r"每学期": _again("X-FREQ=TERM"),
    r"每年(?:定期)?": _again("FREQ=YEARLY"),
    r"(?P<years>[一二两三四五六七八九十])年(?:行动|计划|攻坚)|(?P<since>[一二三四五])周年": _years_long,
    r"尽快|尽早|早日|近期|适时": _open,
    r"常态化|持续|长期|逐步(?=消除|实现|建立)": _open,
    r"今年|本年度|(?P<year>20\d\d)年(?=[^至到~～月\d])": _year,
}


@cache
def _periods() -> Mapping[str, tuple[date, date]]:
    (file,) = package_files("junheng.actions", "cn/periods.csv")
    rows = (row.values for row in parse_csv(file.text, file.name))
    return {row["phrase"]: (date.fromisoformat(row["first"]), date.fromisoformat(row["last"])) for row in rows}
