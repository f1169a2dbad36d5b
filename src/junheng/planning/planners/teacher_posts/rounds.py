"""The plan as the policy runs it: subjects change inside a school first, then schools of one district pass posts on, then districts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model import allowed
from junheng.model.change import Change, SetValue
from junheng.planning.planners.teacher_posts.question import Ints, Question
from junheng.planning.proposal import Step

INSIDE, DISTRICT, COUNTY = (
    Text("第一轮校内", "round 1, within schools"),
    Text("第二轮学区", "round 2, within districts"),
    Text("第三轮县域", "round 3, between districts"),
)
_NOBODY = -1  # posts that are new, or that the county takes back


class Pass(NamedTuple):
    """Posts that one school passes on to another; -1: the county itself."""

    round: Text
    giver: int
    taker: int
    posts: int


class Turn(NamedTuple):
    """Posts of one subject that become posts of another inside a school."""

    school: int
    before: str
    after: str
    posts: int
    able: int = 0  # of them, those that somebody there can fill who has the new subject as the second one


def _matched(gives: list[list[int]], takes: list[list[int]]) -> Iterator[tuple[int, int, int]]:
    """Yield who gives how many to whom, in the order given; what is left stays in the lists of [who, posts]."""
    while gives and takes:
        posts = min(gives[0][1], takes[0][1])
        yield gives[0][0], takes[0][0], posts
        for side in (gives, takes):
            side[0][1] -= posts
            if not side[0][1]:
                side.pop(0)


def passes(question: Question, after: Ints) -> tuple[Pass, ...]:
    """Return the posts passed on between schools: as many as can be inside of districts, then the rest."""
    net, found = (after - question.today).tolist(), []
    parts: dict[int, tuple[list[list[int]], list[list[int]]]] = {}
    for district, part in sorted(set(zip(question.district.tolist(), question.parts.of.tolist(), strict=True))):
        members = [i for i in np.flatnonzero((question.district == district) & (question.parts.of == part)).tolist() if net[i]]
        gives, takes = ([[i, abs(net[i])] for i in members if net[i] * sign > 0] for sign in (-1, 1))
        found += [Pass(DISTRICT, *one) for one in _matched(gives, takes)]
        left = parts.setdefault(part, ([], []))
        left[0].extend(gives)
        left[1].extend(takes)
    for _, left in sorted(parts.items()):
        found += [Pass(COUNTY, *one) for one in _matched(*left)]
        found += [Pass(COUNTY, i, _NOBODY, posts) for i, posts in left[0]] + [Pass(COUNTY, _NOBODY, i, posts) for i, posts in left[1]]
    return tuple(found)


def turns(question: Question, items: Ints) -> tuple[Turn, ...]:
    """Return the posts that change their subject inside of schools."""
    change, found = (items - question.item_today).tolist(), []
    for school in range(len(question.codes)):
        members = [k for k in np.flatnonzero(question.school_of == school).tolist() if change[k]]
        gives, takes = ([[k, abs(change[k])] for k in members if change[k] * sign > 0] for sign in (-1, 1))
        for before, after, posts in _by_second(question, school, gives, takes):
            found.append(Turn(school, question.subject[before], question.subject[after], posts, posts))
        for before, after, posts in _matched(gives, takes):
            found.append(Turn(school, question.subject[before], question.subject[after], posts))
    return tuple(found)


def _by_second(question: Question, school: int, gives: list[list[int]], takes: list[list[int]]) -> Iterator[tuple[int, int, int]]:
    """Yield first what those with a second subject can take over; what is left stays in the lists of [item, posts]."""
    for give in gives:
        for take in takes:
            able = question.able.get((school, question.subject[give[0]], question.subject[take[0]]), 0)
            posts = min(give[1], take[1], able)
            if posts:
                give[1], take[1] = give[1] - posts, take[1] - posts
                yield give[0], take[0], posts
    for side in (gives, takes):
        side[:] = [one for one in side if one[1]]


def steps(question: Question, after: Ints) -> tuple[Step, ...]:
    """Return one step for each passing on of posts, the second round before the third."""
    return tuple(_steps(question, passes(question, after)))


def _steps(question: Question, going: tuple[Pass, ...]) -> Iterator[Step]:
    posts = question.today.copy()
    for one in going:
        changes: list[Change] = []
        told = []
        for school, sign in ((one.giver, -1), (one.taker, 1)):
            if school == _NOBODY:
                continue
            before = int(posts[school])
            posts[school] += sign * one.posts
            changes.append(SetValue("posts", (question.codes[school],), "approved", int(posts[school])))
            told.append(_covered(question, school, before, int(posts[school])))
        zh, en = "；".join(each.zh for each in told), "; ".join(each.en for each in told)
        of = one.giver if one.taker == _NOBODY else one.taker
        mean, part = f"{question.even[of]:.0%}", question.parts.names[int(question.parts.of[of])]
        yield Step(
            title=_title(question, one),
            reason=Text(f"{zh}；{part.zh}平均{mean}。", f"{en}; {mean} is the mean of {part.en}."),
            changes=tuple(changes),
            teachers=one.posts,
        )


def _title(question: Question, one: Pass) -> Text:
    if one.taker == _NOBODY:
        name = question.names[one.giver]
        return Text(f"{one.round.zh}：{name}交回编制{one.posts}名", f"{one.round.en}: {name} gives {one.posts} post(s) back")
    name = question.names[one.taker]
    if one.giver == _NOBODY:
        return Text(f"{one.round.zh}：{name}新增编制{one.posts}名", f"{one.round.en}: {name} gets {one.posts} new post(s)")
    giver = question.names[one.giver]
    return Text(f"{one.round.zh}：{giver}调剂编制{one.posts}名给{name}", f"{one.round.en}: {giver} passes {one.posts} post(s) to {name}")


def _covered(question: Question, school: int, before: int, after: int) -> Text:
    due, name = float(question.due[school]), question.names[school]
    return Text(
        f"{name}应配{due:.0f}名，{before}→{after}名，满足程度由{before / due:.0%}到{after / due:.0%}",
        f"{name}: {due:.0f} due, {before} to {after}, covered {before / due:.0%} to {after / due:.0%}",
    )


def inside(question: Question, items: Ints) -> pl.DataFrame:
    """Return the first round: school, from, to, posts; a subject whose posts come from or go to another school stands in round 2 or 3."""
    labels = allowed("subject")
    rows = [
        (
            question.codes[one.school],
            *(labels[name].zh if name in labels else "其他岗位" for name in (one.before, one.after)),
            one.posts,
            one.able,
        )
        for one in turns(question, items)
    ]
    types = {"school": pl.String, "from": pl.String, "to": pl.String, "posts": pl.Int64, "able": pl.Int64}
    return pl.DataFrame(rows, schema=types, orient="row")


def rounds(question: Question, items: Ints, after: Ints) -> pl.DataFrame:
    """Return how many posts move in each of the three rounds."""
    going = passes(question, after)
    rows = [
        (INSIDE.zh, sum(one.posts for one in turns(question, items)), "同一学校内学科岗位之间"),
        (DISTRICT.zh, _sum(going, DISTRICT), "同一学区（督学责任区或乡镇）学校之间"),
        (COUNTY.zh, _sum(going, COUNTY), "学区之间，及县里新增或收回"),
    ]
    return pl.DataFrame(rows, schema={"round": pl.String, "posts": pl.Int64, "meaning": pl.String}, orient="row")


def _sum(going: tuple[Pass, ...], of: Text) -> int:
    return sum(one.posts for one in going if one.round == of)
