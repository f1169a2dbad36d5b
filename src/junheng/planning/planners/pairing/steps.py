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
        why = _why(question, lead, (i, j), helped)
        zh = f"相距{question.km[i, j]:.1f}公里；缺{question.need[i]:.1f}名学科教师，对方富余学科可帮{helped:.1f}名；{why.zh}"
        en = f"{question.km[i, j]:.1f} km apart; {question.need[i]:.1f} teachers lacking, {helped:.1f} that the other can spare; {why.en}"
        title = Text(f"{question.names[to]}带{question.names[code]}", f"{question.names[to]} helps {question.names[code]}")
        yield Step(title=title, reason=Text(f"{zh}。", f"{en}."), changes=tuple(changes))


def _why(question: Question, lead: Ints, pair: tuple[int, int], helped: float) -> Text:
    """Return why a school has this lead: the nearest, the one that helps most, or for what the nearer ones are left."""
    i, j = pair
    open_to = np.flatnonzero(question.can[i] & ~question.far[i])
    name = question.names[question.leads[j]]
    if question.must[i, j]:
        return Text("任务书指定", "as the brief says")
    nearer = [int(k) for k in open_to if question.km[i, k] < question.km[i, j]]
    if not nearer:
        return Text(f"{name}是最近的牵头学校", f"{name} is the nearest lead")
    nearest = question.names[question.leads[min(nearer, key=lambda k: float(question.km[i, k]))]]
    if helped > max(float(np.minimum(question.lacking[i], question.spare[k]).sum()) for k in nearer):
        return Text(f"比更近的{nearest}更能对口帮上", f"it can help more in the subjects than {nearest}, which is nearer")
    full = [k for k in nearer if int((lead == k).sum()) >= question.partners]
    if len(full) == len(nearer):
        return Text(f"更近的{nearest}已带满{question.partners}所", f"{nearest} is nearer and helps {question.partners} already")
    loads = np.bincount(lead, weights=question.need, minlength=len(question.leads))
    if all(loads[k] + question.need[i] > loads.max() for k in nearer if k not in full):
        return Text(f"归更近的{nearest}会使各组缺额差距更大", f"{nearest} is nearer, but the groups would be less even")
    return Text(
        f"虽有更近的{nearest}，这样分各组路程、对口和负担合计最省",
        f"{nearest} is nearer, but so all groups together come to least in ways, help and load",
    )


def headline(question: Question, lead: Ints) -> Text:
    """Return how many leads help how many schools, the ways, and how many get another lead."""
    ways = question.km[np.arange(len(lead)), lead]
    changed = sum(today != question.leads[int(j)] for today, j in zip(question.today, lead, strict=True))
    return Text(
        f"{len(question.leads)}所学校牵头、带{len(question.weak)}所，平均相距{ways.mean():.1f}公里，其中新结对或换牵头{changed}所",
        f"{len(question.leads)} schools lead {len(question.weak)}, {ways.mean():.1f} km apart on average; {changed} get a new lead",
    )
