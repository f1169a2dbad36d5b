"""What is wrong with a proposal of posts, looked up in the County that it makes: totals, floors and shares are counted again."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.errors import Text
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.teacher_posts.question import Question, ask
from junheng.planning.proposal import Proposal
from junheng.standards.rulebook import Rulebook


def faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]:
    """Return every fault of a proposal for this county; none for one that may be believed (its bound apart)."""
    if not county.tables["schools"].height:
        return ()
    question = ask(county, rules, proposal.brief, declaration)
    after = apply(county, proposal.changes)
    posts: dict[str, int] = dict(after.tables["posts"].select("school", "approved").iter_rows())
    found, total, moved = [], 0, 0
    bounds = zip(question.codes, question.least().tolist(), question.most().tolist(), question.today.tolist(), strict=True)
    for code, least, most, today in bounds:
        has = posts[code]
        total, moved = total + has, moved + abs(has - today)
        if not least <= has <= most:
            found.append(Text(f"{code}有{has}名，应为{least}至{most}名", f"{code} has {has}, not {least} to {most}"))
    if total != question.total:
        found.append(Text(f"合计{total}名，应为{question.total}名", f"{total} in all, not {question.total}"))
    found += _apart(question, posts)
    found += _pins(question, proposal, posts)
    found += [] if found else _sums(proposal, moved)
    return tuple(found)


def _apart(question: Question, posts: dict[str, int]) -> Iterator[Text]:
    """Look whether posts stay in their part, and whether no school comes to more than is due, or more than today where that is more."""
    sums = dict.fromkeys(range(len(question.parts.totals)), 0)
    for code, part, due, today, floor in zip(
        question.codes, question.parts.of.tolist(), question.due.tolist(), question.today.tolist(), question.floor.tolist(), strict=True
    ):
        sums[part] += posts[code]
        if posts[code] > max(due, today, floor):
            yield Text(f"{code}有{posts[code]}名，超过应配{due:.0f}名", f"{code} has {posts[code]}, more than the {due:.0f} due")
    for part, total in enumerate(question.parts.totals.tolist()):
        name = question.parts.names[part]
        if sums[part] != total:
            yield Text(f"{name.zh}合计{sums[part]}名，应为{total}名", f"{name.en}: {sums[part]} in all, not {total}")


def _pins(question: Question, proposal: Proposal, posts: dict[str, int]) -> Iterator[Text]:
    """Look whether what the brief decides holds: of schools in the County, of subjects in what the proposal tells."""
    subjects = dict(enumerate(proposal.tables["subjects"]["after"].to_list()))
    held = {i: posts[code] for i, code in enumerate(question.codes)}
    for fixed, has in ((question.pins.schools, held), (question.pins.items, subjects)):
        for of, wanted in fixed.exact.items():
            if has[of] != wanted:
                yield Text(f"指定{wanted}名，实为{has[of]}名", f"{wanted} pinned, {has[of]} in the plan")
        wrong = [of for of, least in fixed.no_fewer.items() if has[of] < least] + [
            of for of, most in fixed.no_more.items() if has[of] > most
        ]
        if wrong:
            yield Text("禁止增减的岗位有变动", "posts changed that may not")


def _sums(proposal: Proposal, moved: int) -> Iterator[Text]:
    if abs(sum(part.amount for part in proposal.amounts[:2]) - moved) > 1e-6:
        yield Text(f"学校变动合计应为{moved}", f"schools change by {moved}")
    if abs(sum(part.amount * part.weight for part in proposal.amounts) - proposal.objective) > 1e-6 * max(1.0, proposal.objective):
        yield Text("目标值与各部分之和不符", "the objective is not the sum of its parts")
    if proposal.bound > proposal.objective + 1e-6:
        yield Text("下界高于目标值", "the bound lies above the objective")
