"""A draft of a plan, from a policy text: headings in their levels, measures and claims, each with the line and words it comes from.

Nothing here is decided: a person confirms every line. What the text does not say (numerator, denominator, owner, day) is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from junheng.actions.language.capability import capabilities, spoken_of
from junheng.actions.language.deadlines import Deadline, coverage_words, deadlines, year_of
from junheng.actions.language.policy_text import PolicyLine, policy_lines
from junheng.actions.language.quantities import Quantity, quantities

MEASURE, CLAIM = "measure", "claim"

_SENTENCE = re.compile(r"[^。！？]+[。！？]?")
_CLAUSE = re.compile(r"[^，；：]+[，；：]?")
_NAMED_BY = re.compile(
    r"(?:实施|开展)“?(?P<name>[^，。；“”]{2,24}?)”?(?P<kind>行动|工程|计划)|以(?:实施)?“?(?P<as>[^，。；“”]{2,24}?)”?(?P<by>行动)”?为"
)
_OPENING = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、是要]|\d{1,2}[.．、]|[（(][一二三四五六七八九十]{1,3}[)）])[^。]{2,40}[。]?")
_LEVELS = (r"[一二三四五六七八九十]{1,3}[、是要]", r"[（(][一二三四五六七八九十]{1,3}[)）]", r"\d{1,2}[.．、]")
_DONE = re.compile(r"过去的一年|去年|建成投用|已|取得了|经验成为|被.{1,12}推广|新增学位|提升；|得到改善|全面落实，")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftMeasure:
    """One thing the text promises or claims: where it stands, its words, and what was found in them."""

    line: int
    words: str  # the clause or clauses, as the readable text has them
    kind: str  # measure, or claim: something the text says is done
    under: tuple[str, ...]  # headings above it
    capabilities: tuple[str, ...]
    numbers: tuple[Quantity, ...]
    deadlines: tuple[Deadline, ...]
    coverage: tuple[str, ...]

    @property
    def machines(self) -> tuple[str, ...]:
        """Return the kinds of machine that could serve it, those named first coming first: a proposal for its binding."""
        return tuple(dict.fromkeys(kind for one in self.capabilities for kind in capabilities()[one].kinds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was read: all lines with what was set aside, the year, the named actions, and the measures in the order of the text."""

    lines: tuple[PolicyLine, ...]
    year: int | None
    actions: tuple[str, ...]
    measures: tuple[DraftMeasure, ...]
    numbers: tuple[tuple[int, Quantity], ...] = field(default=())  # (line, number) of everything that was read

    @property
    def aside(self) -> tuple[PolicyLine, ...]:
        """Return the lines that are not read as policy, with the reason."""
        return tuple(line for line in self.lines if line.aside)


def draft(text: str) -> Draft:
    """Return the draft of a policy text. Deterministic; nothing is looked up outside the text and the shipped words."""
    lines = policy_lines(text)
    year = year_of("".join(line.text for line in lines))
    read = [line for line in lines if line.aside is None]
    measures: list[DraftMeasure] = []
    above: dict[int, str] = {}
    for line in read:
        level, title = _heading(line)
        if title:
            above = {key: value for key, value in above.items() if key < level} | {level: title}
        measures += _measures(line, tuple(above[key] for key in sorted(above)), year)
    numbers = tuple((line.line, number) for line in read for number in quantities(line.text))
    actions = dict.fromkeys(_name(found) for line in read for found in _NAMED_BY.finditer(line.text))
    return Draft(lines=lines, year=year, actions=tuple(actions), measures=tuple(measures), numbers=numbers)


def _name(found: re.Match[str]) -> str:
    return f"{found['name'] or found['as']}{found['kind'] or found['by']}".lstrip("“")


def _heading(line: PolicyLine) -> tuple[int, str]:
    """Return the level and the words of a line's own heading: the whole line, or its numbered first sentence; 0 and nothing else."""
    opening = _OPENING.match(line.text)
    if not line.heading and not opening:
        return 0, ""
    words = (opening[0] if opening else line.text).rstrip("。，")
    level = next((number for number, pattern in enumerate(_LEVELS, 1) if re.match(pattern, words)), 1)
    return level, words


def _measures(line: PolicyLine, above: tuple[str, ...], year: int | None) -> Iterator[DraftMeasure]:
    for sentence in (found[0] for found in _SENTENCE.finditer(line.text)):
        spans = [(found.start(), found.end()) for found in _CLAUSE.finditer(sentence)]
        spoken: list[list[str]] = [[] for _ in spans]
        for at, capability in spoken_of(sentence, spans):
            if capability not in spoken[at]:
                spoken[at].append(capability)
        for first, last in _joined(spoken):
            words = sentence[spans[first][0] : spans[last][1]].rstrip("，；：。")
            yield DraftMeasure(
                line=line.line,
                words=words,
                kind=CLAIM if _DONE.search(words) else MEASURE,
                under=above,
                capabilities=tuple(dict.fromkeys(one for at in range(first, last + 1) for one in spoken[at])),
                numbers=quantities(words),
                deadlines=deadlines(words, year) or deadlines(sentence, year),
                coverage=coverage_words(words),
            )


def _joined(spoken: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Return runs of clauses that make one measure: neighbours that speak of the same; clauses that speak of nothing stay out."""
    at = 0
    while at < len(spoken):
        last = at
        while spoken[at] and last + 1 < len(spoken) and spoken[last + 1] and set(spoken[last + 1]) == set(spoken[at]):
            last += 1
        if spoken[at]:
            yield at, last
        at = last + 1
