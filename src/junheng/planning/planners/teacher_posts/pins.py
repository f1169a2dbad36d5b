"""Posts that are decided beforehand, of a school or of a subject at a school, and what cannot be about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.planning.proposal import Brief, Pin

Ints = NDArray[np.int64]

SCHOOL, SUBJECT = "posts.school", "posts.school/subject"
_KEEP, _FEWER, _MORE = "keep", "fewer", "more"


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is decided about some posts: exactly so many, no fewer, no more; by the number of a school or of an item."""

    exact: dict[int, int] = field(default_factory=dict)
    no_fewer: dict[int, int] = field(default_factory=dict)  # than there are today
    no_more: dict[int, int] = field(default_factory=dict)


class Pins(NamedTuple):
    """What the brief decides of schools and of items."""

    schools: Fixed
    items: Fixed


class Today(NamedTuple):
    """Schools and items as they stand."""

    schools: dict[str, int]  # code -> number
    posts: Ints  # (schools,)
    items: dict[tuple[int, str], int]  # school and subject -> number
    item_posts: Ints  # (items,)
    total: int


def read_pins(brief: Brief, today: Today) -> tuple[Pins, tuple[Finding, ...]]:
    """Return what the brief pins and forbids, and everything about it that cannot be."""
    findings: list[Finding] = []
    made = Pins(Fixed(), Fixed())
    for is_pin, pins in ((True, brief.pins), (False, brief.forbids)):
        for pin in pins:
            of = _number(pin, today)
            if of is None:
                findings.append(finding("planning.pin_of_no_posts", _place(pin), pin.what[1]))
            elif (pin.to in (_FEWER, _MORE)) is is_pin:
                findings.append(finding("planning.posts_pin_word", _place(pin), pin.to))
            else:
                fixed, posts = (made.schools, today.posts) if pin.what[0] == SCHOOL else (made.items, today.item_posts)
                _fix(fixed, of, pin.to, int(posts[of]))
    return made, (*findings, *_at_odds(made, today))


def _number(pin: Pin, today: Today) -> int | None:
    code, _, subject = pin.what[1].partition("/")
    school = today.schools.get(code)
    if school is None or pin.what[0] == SCHOOL:
        return school
    return today.items.get((school, subject))


def _fix(fixed: Fixed, of: int, word: str, today: int) -> None:
    if word == _FEWER:
        fixed.no_fewer[of] = today
    elif word == _MORE:
        fixed.no_more[of] = today
    else:
        fixed.exact[of] = today if word == _KEEP else int(word)


def _place(pin: Pin) -> Place:
    return Place(table="posts", key=(pin.what[1],))


def _at_odds(pins: Pins, today: Today) -> Iterator[Finding]:
    """Yield pins that contradict each other whatever else holds; what only other rules forbid the program says."""
    codes = list(today.schools)
    subject_of = {k: (school, subject) for (school, subject), k in today.items.items()}
    for fixed, key in ((pins.schools, codes.__getitem__), (pins.items, lambda k: f"{codes[subject_of[k][0]]}/{subject_of[k][1]}")):
        for of, posts in fixed.exact.items():
            least, most = fixed.no_fewer.get(of, posts), fixed.no_more.get(of, posts)
            if not least <= posts <= most:
                found = Text(f"指定{posts}名，现有{max(least, most)}名", f"{posts} pinned, {max(least, most)} today")
                yield finding("planning.posts_pin_against_forbid", Place(table="posts", key=(key(of),)), found)
    yield from _sums(pins, today, codes)


def _sums(pins: Pins, today: Today, codes: list[str]) -> Iterator[Finding]:
    by_school: dict[int, list[int]] = {}
    for (school, _), k in today.items.items():
        by_school.setdefault(school, []).append(k)
    for school, posts in pins.schools.exact.items():
        subjects = [pins.items.exact.get(k) for k in by_school[school]]
        known = [each for each in subjects if each is not None]
        if sum(known) > posts or (len(known) == len(subjects) and sum(known) != posts):
            found = Text(f"全校{posts}名，各学科指定合计{sum(known)}名", f"{posts} of the school, {sum(known)} of its subjects")
            yield finding("planning.posts_pins_beyond", Place(table="posts", key=(codes[school],)), found)
    whole = sum(pins.schools.exact.values())
    if whole > today.total:
        found = Text(f"指定合计{whole}名，总数{today.total}名", f"{whole} pinned in all, the total is {today.total}")
        yield finding("planning.posts_pins_beyond", Place(table="posts"), found)
