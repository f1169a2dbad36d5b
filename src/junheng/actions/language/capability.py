"""What counties' own documents ask for: about 120 capabilities, each with the words by which a text speaks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from junheng.actions.language.cut import edges
from junheng.documents import package_files, parse_csv
from junheng.errors import Text

_SHORT = 2  # a word so short counts only where a word of the language begins: 作业 is not in 操作业务


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing a document asks for: the kinds of machine that serve it, and its words; all words of a group must be in one sentence."""

    id: str
    title: Text
    kinds: tuple[str, ...]
    texts: tuple[str, ...]  # the documents in which it was seen
    words: tuple[tuple[str, ...], ...]


@cache
def capabilities() -> Mapping[str, Capability]:
    """Return every capability by its id, in order."""
    (file,) = package_files("junheng.actions", "cn/capabilities.csv")
    found = {}
    for row in (row.values for row in parse_csv(file.text, file.name)):
        words = tuple(tuple(group.split("+")) if group != "1+6+n" else ("1+6+N",) for group in row["words"].split())
        title = Text(row["title_zh"], row["title_en"])
        found[row["capability"]] = Capability(row["capability"], title, tuple(row["kinds"].split()), tuple(row["texts"].split()), words)
    return found


def spoken_of(sentence: str, clauses: Sequence[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """Return (clause, capability) for everything that a sentence speaks of; the clause is the one in which its first word stands."""
    plain = sentence.translate(_NO_QUOTES)
    cut: frozenset[int] | None = None
    for capability in capabilities().values():
        for group in capability.words:
            if not all(word in plain for word in group):
                continue
            place = plain.find(group[0])
            if len(group) == 1 and len(group[0]) <= _SHORT:
                cut = cut if cut is not None else edges(plain)
                place = next((at for at in _places(plain, group[0]) if at in cut), -1)
            at = next((number for number, (start, end) in enumerate(clauses) if start <= place < end), None)
            if at is not None:
                yield at, capability.id


_NO_QUOTES = {ord(mark): "\u200b" for mark in "“”‘’「」《》"}


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
