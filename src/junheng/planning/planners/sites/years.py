"""New schools over several years: which, and from which year on. A candidate in a year of opening is a course; courses are chosen.

What courses save is submodular as what sites save is: in every year the schools that are open are those of the courses chosen that have
begun. So the search of `growing` finds the best set of courses; no more than `most_in` may begin in a year, a site has one course.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from junheng.planning.planners.sites.growing import Growing, Sites
from junheng.planning.planners.sites.question import Floats, Ints, Question
from junheng.planning.solve import Watch


class OverYears(Growing):
    """The search over courses: a course is its site and, in steps of the number of candidates, its year."""

    def __init__(self, question: Question, gap: float, tables: int, most: float, watch: Watch) -> None:
        """Lay out as `Growing` does; a table of courses is one of sites for every year."""
        super().__init__(question, gap, max(tables // question.years, 1), most, watch)
        self.each = [question.at(year) for year in range(question.years)]
        self.dear = max(self.dear, 1)

    def site(self, course: int) -> tuple[int, int]:
        """Return the candidate and the year, counted from the first, of a course."""
        return course % len(self.question.candidates), course // len(self.question.candidates)

    def _all(self) -> Ints:
        asked, many = self.question, len(self.question.candidates)
        since = asked.since or (0,) * many
        later = bool(asked.running and any(asked.running)) or asked.least > 0 or min(asked.most_in, default=asked.count) < asked.count
        last = [asked.years - 1 if later else since[site] for site in range(many)]
        courses = [
            site + many * year for site in asked.open_to().tolist() for year in range(since[site], min(last[site], asked.years - 1) + 1)
        ]
        return np.array(sorted(courses), dtype=np.int64)

    def _start(self) -> Sites:
        """Begin with what is pinned, as early as may be."""
        begun: Counter[int] = Counter()
        start, many = [], len(self.question.candidates)
        for site in self.question.must:
            first = self.question.since[site] if self.question.since else 0
            year = next((year for year in range(first, self.question.years) if begun[year] < self._most(year)), None)
            if year is None:
                continue
            begun[year] += 1
            start.append(site + many * year)
        return tuple(sorted(start))

    def _most(self, year: int) -> int:
        return self.question.most_in[year] if self.question.most_in else self.question.count

    def _rest(self, new: Sites, free: Ints) -> Ints:
        """Return the courses of other sites, in years in which more may open."""
        many = len(self.question.candidates)
        begun = Counter(self.site(one)[1] for one in new)
        full = [year for year in range(self.question.years) if begun[year] >= self._most(year)]
        taken = [self.site(one)[0] for one in new]
        kept: Ints = free[~np.isin(free % many, taken) & ~np.isin(free // many, full)]
        return kept

    def _promise(self, free: Ints, gain: Floats, missing: int) -> float:
        """Return what courses gain at most: one of each site, no more in a year than may open."""
        sites, begun, total = set[int](), Counter[int](), 0.0
        for course, more in zip(free.tolist(), gain.tolist(), strict=True):
            site, year = self.site(course)
            if site in sites or begun[year] >= self._most(year):
                continue
            sites.add(site)
            begun[year] += 1
            total += more
            if len(sites) == missing:
                break
        return total

    def _table(self, new: Sites) -> tuple[float, Floats]:
        if new in self.known:
            return self.known[new]
        self.left -= 1
        asked, many = self.question, len(self.question.candidates)
        own = float(sum(asked.own(*self.site(one)) for one in new))
        without, beside = zip(*(self._of_year(year, new) for year in range(asked.years)), strict=True)
        total = np.empty(many * asked.years)
        for year in range(asked.years):
            begun = np.sum(beside[year:], axis=0) + sum(without[:year])
            total[many * year : many * (year + 1)] = begun + own + np.array([asked.own(site, year) for site in range(many)])
        return self._known(new, sum(without) + own, total)

    def _of_year(self, year: int, new: Sites) -> tuple[float, Floats]:
        """Return what a year comes to with the courses that have begun, and with each site beside, what sites cost left aside."""
        asked = self.each[year]
        told = self._beside(asked, self.begun(year, new), np.zeros(len(asked.candidates)))
        return told.without, told.total

    def begun(self, year: int, new: Sites) -> Sites:
        """Return the candidates that are open in a year."""
        return tuple(sorted(site for site, start in map(self.site, new) if start <= year))

    def _lacks(self, new: Sites) -> bool:
        """Return whether somebody has no place in some year."""
        return any(self._lacks_in(asked, self.begun(year, new)) for year, asked in enumerate(self.each))
