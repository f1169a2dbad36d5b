"""Steps of groups: each school that gets another lead, with the reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from junheng.errors import Text
from junheng.model.change import AddRow, Change, RemoveRow
from junheng.model.county import County
from junheng.planning.planners.pairing.question import Ints, Question
from junheng.planning.proposal import Step


def steps(question: Question, lead: Ints, county: County) -> Iterator[Step]:
    """Yield one step for each school whose lead changes. lead: (w,) the number of each school's lead."""
    held: dict[str, list[str]] = {}
    for school, other in county.tables["school_links"].select("school", "lead").iter_rows():
        held.setdefault(school, []).append(other)
    for i, code in enumerate(question.weak):
        j = int(lead[i])
        to = question.leads[j]
        before = held.get(code, [])
        if before == [to]:
            continue
        changes: list[Change] = [RemoveRow("school_links", (code, other)) for other in before if other != to]
        if to not in before:
            changes.append(AddRow("school_links", {"school": code, "lead": to, "since": county.year + 1}))
        helped = float(np.minimum(question.lacking[i], question.spare[j]).sum())
        zh = f"相距{question.km[i, j]:.1f}公里；缺{question.need[i]:.1f}名学科教师，对方富余学科可帮{helped:.1f}名"
        en = f"{question.km[i, j]:.1f} km apart; {question.need[i]:.1f} teachers lacking, {helped:.1f} in subjects that the other can spare"
        title = Text(f"{question.names[to]}带{question.names[code]}", f"{question.names[to]} helps {question.names[code]}")
        yield Step(title=title, reason=Text(f"{zh}。", f"{en}."), changes=tuple(changes))
