"""What is wrong with a proposal of groups, looked up in the County that it makes: pairs, numbers, ways and the sum are counted again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from junheng.errors import Text
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.pairing.question import Question, ask
from junheng.planning.proposal import Proposal
from junheng.standards.rulebook import Rulebook


def faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]:
    """Return every fault of a proposal for this county; none for one that may be believed (its bound apart)."""
    question = ask(county, rules, proposal.brief, declaration) if county.tables["schools"].height else None
    if question is None:
        return () if not proposal.steps else (Text("没有要帮扶的学校", "nobody is to be helped"),)
    after = apply(county, proposal.changes).tables["school_links"]
    links: dict[str, str] = dict(after.select("school", "lead").iter_rows())
    found = list(_broken(question, links))
    twice = sorted(set(after.filter(after["school"].is_duplicated())["school"]) & set(question.weak))
    found += [Text(f"{question.names[code]}有两所牵头学校", f"{question.names[code]} is helped by two") for code in twice]
    if not found:
        total = _sum(question, [question.leads.index(links[code]) for code in question.weak])
        if abs(total - proposal.objective) > 1e-4 * max(1.0, abs(total)):
            found.append(Text(f"目标值应为{total:.2f}", f"the objective is {total:.2f}"))
    if proposal.bound > proposal.objective + 1e-6:
        found.append(Text("下界高于目标值", "the bound lies above the objective"))
    return tuple(found)


def _broken(question: Question, links: dict[str, str]) -> Iterator[Text]:
    many = dict.fromkeys(question.leads, 0)
    for i, code in enumerate(question.weak):
        lead = links.get(code)
        if lead not in many:
            yield Text(f"{question.names[code]}没有牵头学校", f"{question.names[code]} is helped by nobody")
            continue
        many[lead] += 1
        j = question.leads.index(lead)
        if not question.can[i, j] or question.far[i, j]:
            yield Text(f"{question.names[code]}的牵头学校过远或被禁止", f"the lead of {question.names[code]} is too far or forbidden")
        if question.must[i].any() and not question.must[i, question.leads.index(lead)]:
            yield Text(f"{question.names[code]}没有按指定结对", f"a pin of {question.names[code]} is broken")
    for lead, count in many.items():
        if not 1 <= count <= question.partners:
            yield Text(f"{question.names[lead]}带{count}所", f"{question.names[lead]} helps {count}")


def _sum(question: Question, lead: list[int]) -> float:
    total, load = 0.0, [0.0] * len(question.leads)
    lacking = np.zeros(question.spare.shape)
    for i, j in enumerate(lead):
        total += float(question.cost[i, j])
        load[j] += float(question.lacking[i].sum())
        lacking[j] += question.lacking[i]
    return total + question.balance * (max(load) - min(load)) + question.help * float(np.maximum(0.0, lacking - question.spare).sum())
