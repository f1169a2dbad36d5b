"""From a County and a brief to the numbers: posts due and approved of every school, split over subjects, and the districts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.teacher_posts.parts import ALL, Parts, level, parted
from junheng.planning.planners.teacher_posts.pins import Fixed, Pins, Today, read_pins
from junheng.planning.proposal import Brief
from junheng.planning.solve import Solved, Variables
from junheng.planning.teaching import beside, sites
from junheng.planning.teaching_posts import posts_due
from junheng.planning.teaching_second import who_can
from junheng.standards.rulebook import Rulebook

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Schools in code order; an item is a school's subject, or the posts of stages without a lesson plan ("")."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    district: Ints  # (schools,)
    due: Floats  # (schools,)
    floor: Ints  # (schools,)
    today: Ints  # (schools,) approved
    total: int
    school_of: Ints  # (items,)
    subject: tuple[str, ...]  # (items,)
    item_due: Floats  # (items,)
    item_today: Ints  # (items,) what is approved, split by the teachers held
    band: float
    lacking: float
    pins: Pins = field(default_factory=lambda: Pins(Fixed(), Fixed()))
    bounds: tuple[Ints, Ints] | None = None  # (schools,) each: fewest and most posts, in place of those that the band gives
    able: Mapping[tuple[int, str, str], int] = field(default_factory=dict)  # school, subject, second subject: teachers who have both
    apart: Parts | None = None  # between which schools posts may be passed on; None: between all
    levels: tuple[str, ...] = ()  # (schools,) of parts.LEVELS

    @property
    def parts(self) -> Parts:
        """Return the schools between which posts may be passed on."""
        return self.apart or Parts(np.zeros(len(self.codes), dtype=np.int64), (ALL,), np.array([self.total]))

    @property
    def even(self) -> Floats:
        """Return the share of what is due that the posts of each school's part cover: (schools,)."""
        parts = self.parts
        return np.asarray((parts.totals / np.bincount(parts.of, weights=self.due, minlength=len(parts.totals)))[parts.of])

    def even_least(self) -> float:
        """Return the highest lowest coverage in whole posts: posts are given one by one to whoever of the part is covered least."""
        return min(self._even_least(part) for part in range(len(self.parts.totals)))

    def _even_least(self, part: int) -> float:
        due, total = self.due[self.parts.of == part], int(self.parts.totals[part])
        low, high = 0.0, max(2.0, 2 * total / float(due.sum()))
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if np.ceil(middle * due - 1e-9).sum() <= total else (low, middle)
        return low

    def whole(self) -> Ints:
        """Return the posts beyond which no school is brought: all that are due, or what it has today where that is more: (schools,)."""
        return np.maximum(np.maximum(np.ceil(self.due - 1e-9).astype(np.int64), self.today), self.floor)

    def least(self) -> Ints:
        """Return the fewest posts that the band and the floor leave each school."""
        if self.bounds is not None:
            return self.bounds[0]
        even = np.floor(np.minimum(1.0, self.even * (1 - self.band)) * self.due + 1e-9).astype(np.int64)
        return np.maximum(even, self.floor)

    def most(self) -> Ints:
        """Return the most posts that the band allows each school, and never more than `whole`.

        Where a part has more posts than are due, those beyond stay at the schools that have them.
        """
        if self.bounds is not None:
            return self.bounds[1]
        even = np.maximum(np.ceil(self.even * (1 + self.band) * self.due - 1e-9).astype(np.int64), self.floor)
        return np.where(self.even > 1, self.whole(), np.minimum(even, self.whole()))

    def gets(self, _answer: Solved) -> Variables:
        """Return the variables of the items: the first of the program."""
        return Variables(np.arange(len(self.school_of)))


def ask(county: County, rules: Rulebook, brief: Brief, declaration: Declaration) -> Question:
    """Return the question. Raises DataError where no school has approved posts and posts due, or pins cannot be."""
    due = posts_due(county, rules)
    unknown = due.filter(pl.col("due").is_null())["main"].unique().to_list()  # a school with a stage of unknown ratio keeps its posts
    summed = due.group_by("main").agg(
        pl.col("due").sum(), pl.col("by_classes").sum().alias("floor"), pl.col("stage").unique().alias("stages")
    ).filter(pl.col("due") > 0)  # fmt: skip
    where = (
        county.tables["schools"].select("school", "name", "kind", "district").join(county.tables["zone_schools"], on="school", how="left")
    )
    joined = (
        county.tables["posts"].drop_nulls("approved").join(summed.filter(~pl.col("main").is_in(unknown)), left_on="school", right_on="main")
        .join(where, on="school").sort("school")
    )  # fmt: skip
    if not joined.height:
        raise DataError(finding("planning.no_approved_posts", Place(table="posts", column="approved"), Text("没有核定编制", "none")))
    schools = {code: i for i, code in enumerate(joined["school"].to_list())}
    school_of, subject, item_due, item_today = _items(county, rules, joined, schools)
    given = int(declaration.value(brief, "total"))
    today = joined["approved"].to_numpy().astype(np.int64)
    zones = joined.select(pl.coalesce("zone", "district").fill_null("").alias("of"))["of"]
    items = {(i, name): k for k, (i, name) in enumerate(zip(school_of.tolist(), subject, strict=True))}
    pins, findings = read_pins(brief, Today(schools, today, items, item_today, given or int(today.sum())))
    if findings:
        raise DataError(findings)
    levels = tuple(level(kind, set(stages)) for kind, stages in joined.select("kind", "stages").iter_rows())
    whole = joined["due"].to_numpy().astype(np.float64)
    floor = np.maximum(joined["floor"].to_numpy().astype(np.int64), int(declaration.value(brief, "least")))
    return Question(
        codes=tuple(schools),
        names=tuple(name or code for code, name in joined.select("school", "name").iter_rows()),
        district=zones.rank("dense").to_numpy().astype(np.int64) - 1,
        due=whole,
        floor=floor,
        today=today,
        total=given or int(today.sum()),
        school_of=school_of,
        subject=subject,
        item_due=item_due,
        item_today=item_today,
        band=float(declaration.value(brief, "band")) / 100,
        lacking=float(declaration.value(brief, "lacking")),
        pins=pins,
        able=_able(county, schools),
        apart=parted(levels, str(declaration.value(brief, "crossing")), today, whole, given or int(today.sum())),
        levels=levels,
    )


def _able(county: County, schools: dict[str, int]) -> dict[tuple[int, str, str], int]:
    """Return how many teachers of a school could teach another subject than theirs, by both subjects."""
    main, found = dict(sites(county).select("school", "main").iter_rows()), Counter[tuple[int, str, str]]()
    for school, _, first, second, many in who_can(county).iter_rows():
        if main.get(school) in schools:
            found[schools[main[school]], first, second] += many
    return dict(found)


def _items(county: County, rules: Rulebook, joined: pl.DataFrame, schools: dict[str, int]) -> tuple[Ints, tuple[str, ...], Floats, Ints]:
    """Split posts over subjects: those due by need, those approved by who is held; a school without a lesson plan is one item."""
    main = dict(sites(county).select("school", "main").iter_rows())
    both: dict[tuple[int, str], list[float]] = {}
    for school, subject, needed, held in beside(county, rules).select("school", "subject", "need", "held").iter_rows():
        i = schools.get(main.get(school, ""))
        if i is not None:
            cell = both.setdefault((i, subject), [0.0, 0.0])
            cell[0], cell[1] = cell[0] + needed, cell[1] + held
    split = {i for i, _ in both}
    both |= {(i, ""): [1.0, 1.0] for i in schools.values() if i not in split}
    items = sorted(both)
    school_of = np.array([i for i, _ in items], dtype=np.int64)
    need, held = np.array([both[item] for item in items]).T
    due, approved = joined["due"].to_numpy().astype(np.float64), joined["approved"].to_numpy().astype(np.int64)
    count = len(schools)
    whole = np.bincount(school_of, weights=need, minlength=count)
    item_due = due[school_of] * need / np.where(whole > 0, whole, 1)[school_of]
    item_today = np.zeros(len(items), dtype=np.int64)
    for i in range(count):
        of = np.flatnonzero(school_of == i)
        weight = held[of] if held[of].sum() else np.ones(len(of))
        exact = approved[i] * weight / weight.sum()
        item_today[of] = np.floor(exact)
        rest = int(approved[i] - item_today[of].sum())
        item_today[of[np.argsort(-(exact - np.floor(exact)), kind="stable")[:rest]]] += 1
    return school_of, tuple(subject for _, subject in items), item_due, item_today
