"""Other ways to be even: every school as even as can be, the least covered one as high as can be, or as little moved as can be."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.planning.planners.teacher_posts.model import solved
from junheng.planning.planners.teacher_posts.question import Floats, Ints, Question
from junheng.planning.planners.teacher_posts.rounds import steps
from junheng.planning.proposal import Alternative, Brief
from junheng.planning.solve import Impossible, Solved, Unproven, Watch

_MINUS = "\N{MINUS SIGN}"
TODAY, THIS = Text("现状", "today"), Text("本方案", "this plan")
_WIDE = 1e6  # a band in which every school is


class Beside(NamedTuple):
    """A plan beside the one proposed: by what it was found, and the posts of schools."""

    alternative: Alternative
    after: Ints


def box(question: Question) -> tuple[Ints, Ints]:
    """Return the fewest and the most posts of each school that band, floor and pins allow: (schools,) each."""
    least, most, pins = question.least().copy(), question.most().copy(), question.pins
    for of, posts in pins.schools.exact.items():
        least[of], most[of] = max(least[of], posts), min(most[of], posts)
    for of, posts in pins.schools.no_fewer.items():
        least[of] = max(least[of], posts)
    for of, posts in pins.schools.no_more.items():
        most[of] = min(most[of], posts)
    needed = np.zeros(len(question.codes), dtype=np.int64)
    for k in set(pins.items.exact) | set(pins.items.no_fewer):
        needed[question.school_of[k]] += max(pins.items.exact.get(k, 0), pins.items.no_fewer.get(k, 0))
    return np.maximum(least, needed), most


def most_even(question: Question) -> Ints | None:
    """Return the posts of schools that are lexicographically most even: the least covered is as high as can be, then the next.

    Posts are given one by one to whoever is covered least, which is the best for one total and a range for each school. None where the
    ranges do not hold the total.
    """
    least, most = box(question)
    after, parts = least.copy(), question.parts
    for part, total in enumerate(parts.totals.tolist()):
        of = np.flatnonzero(parts.of == part)
        rest = int(total - least[of].sum())
        if rest < 0 or rest > int((most - least)[of].sum()) or (least > most)[of].any():
            return None
        _give(after, rest, (of.tolist(), most, question.due))
    return after


def _give(after: Ints, rest: int, to: tuple[list[int], Ints, Floats]) -> None:
    """Give posts one by one to whoever is covered least. to: the schools, and of all schools the most posts and those due."""
    of, most, due = to
    heap = [(after[i] / due[i], i) for i in of if after[i] < most[i]]
    heapq.heapify(heap)
    for _ in range(rest):
        _, i = heapq.heappop(heap)
        after[i] += 1
        if after[i] < most[i]:
            heapq.heappush(heap, (after[i] / due[i], i))


def besides(question: Question, first: Ints, brief: Brief, watch: Watch) -> tuple[Beside, ...]:
    """Return plans that are even in another way, each counted as the brief counts. first: posts of the plan proposed."""
    return tuple(_besides(question, first, brief, watch)) if brief.beside else ()


def _besides(question: Question, first: Ints, brief: Brief, watch: Watch) -> Iterator[Beside]:
    seen = {first.tobytes()}
    for title, why, asked in _asked(question):
        answer = solved(asked, brief.limits, brief.seed, watch)
        if isinstance(answer, Impossible | Unproven):
            continue
        after = posts_of(asked, answer)
        if after.tobytes() in seen:
            continue
        seen.add(after.tobytes())
        made = Alternative(
            title=title,
            reason=_reason(question, why, first, after),
            steps=steps(question, after),
            objective=answer.objective,
            bound=answer.bound,
            amounts=answer.amounts,
        )
        yield Beside(made, after)


def _asked(question: Question) -> Iterator[tuple[Text, Text, Question]]:
    even, (_, most) = most_even(question), box(question)
    if even is not None:
        lowest = np.full(len(question.parts.totals), np.inf)
        np.minimum.at(lowest, question.parts.of, even / question.due)
        high = np.maximum(box(question)[0], np.minimum(np.ceil(lowest[question.parts.of] * question.due - 1e-9).astype(np.int64), most))
        yield (
            Text("最低的尽量高、变动最少", "the least covered as high as can be"),
            Text("满足程度最低的学校尽量高，其余少变动", "the least covered school is as high as can be, the rest moves little"),
            replace(question, bounds=(high, most)),
        )
        yield (
            Text("逐校最均匀", "as even as can be, school by school"),
            Text("先抬高最低的，再抬高次低的，直到全部", "the least covered first, then the next, and so on"),
            replace(question, bounds=(even, even)),
        )
    yield (
        Text("变动最少、只守下限", "least disturbance, floors only"),
        Text("不设均衡偏差", "without a band of evenness"),
        replace(question, band=_WIDE),
    )


def posts_of(question: Question, answer: Solved) -> Ints:
    """Return the posts of schools in an answer."""
    items = np.rint(answer.of(question.gets(answer)))
    return np.asarray(np.bincount(question.school_of, weights=items, minlength=len(question.codes)).astype(np.int64))


def _moved(question: Question, after: Ints) -> int:
    return int(np.maximum(after - question.today, 0).sum())


def _reason(question: Question, why: Text, first: Ints, after: Ints) -> Text:
    """Return what a plan costs and gains in evenness beside the one proposed."""
    more = _moved(question, after) - _moved(question, first)
    low, was = (100 * float((posts / question.due).min()) for posts in (after, first))
    apart, before = (100 * spread(question, posts) for posts in (after, first))
    zh = f"{why.zh}：学校间调剂{more:+,d}名，最低满足程度{low:.1f}%（本方案{was:.1f}%），差异系数{apart:.1f}%（本方案{before:.1f}%）。"
    en = f"{why.en}: {more:+,d} posts between schools, lowest coverage {low:.1f} % ({was:.1f}), variation {apart:.1f} % ({before:.1f})."
    return Text(*(told.replace("-", _MINUS) for told in (zh, en)))


def spread(question: Question, after: Ints) -> float:
    """Return the coefficient of variation of coverage between schools, weighed by what is due."""
    share, weight = after / question.due, question.due / question.due.sum()
    mean = float((weight * share).sum())
    return float(np.sqrt((weight * (share - mean) ** 2).sum()) / mean) if mean else 0.0


def evenness(question: Question, first: Ints, others: tuple[Beside, ...]) -> pl.DataFrame:
    """Return what each way to be even costs: plan, posts between schools, lowest and highest coverage, variation."""
    plans = [
        (TODAY.zh, question.today),
        (THIS.zh, first),
        *((one.alternative.title.zh, one.after) for one in others),
    ]
    rows = []
    for name, after in plans:
        share = 100 * after / question.due
        ends = (round(float(share.min()), 1), round(float(share.max()), 1))
        rows.append((name, _moved(question, after), *ends, round(100 * spread(question, after), 1)))
    types = {"plan": pl.String, "moved": pl.Int64, "lowest": pl.Float64, "highest": pl.Float64, "variation": pl.Float64}
    return pl.DataFrame(rows, schema=types, orient="row")
