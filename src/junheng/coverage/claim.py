"""What a text may say of a roster: the great words only when the list of exceptions is empty."""

from __future__ import annotations

from junheng.coverage.reconcile import Counts, Reconciliation
from junheng.errors import Text

_PARTS = (
    ("missing", Text("缺{}", "{} missing")),
    ("short", Text("不足{}", "{} short")),
    ("undecided", Text("待人工判断{}", "{} to be decided")),
    ("untold", Text("无法判断{}", "{} that cannot be told")),
    ("excused", Text("有说明暂免{}", "{} excused")),
    ("claimed", Text("已报未核实{}", "{} claimed and not verified")),
    ("doubled", Text("重复{}", "{} doubled")),
    ("wrong", Text("不应列入{}", "{} for nobody on the list")),
    ("over", Text("多发{}", "{} paid too much")),
)


def sentence(result: Reconciliation) -> Text:
    """Return what may be said: the claim of the rule when it is true, else how many of how many and what is lacking."""
    counts, roster = result.counts, result.roster
    if not counts.should:
        return Text("应办名单为空，不能下结论", "the should list is empty: nothing can be said")
    if result.complete:
        of = roster.of
        return Text(f"{counts.should}{of.zh}全部核实，{roster.claim.zh}", f"all {counts.should} {of.en} are verified: {roster.claim.en}")
    lacks = lacking(counts)
    return Text(
        f"应办{counts.should}{roster.of.zh}，已核实{counts.verified}，{lacks.zh}",
        f"of {counts.should} {roster.of.en}, {counts.verified} are verified; {lacks.en}",
    )


def lacking(counts: Counts) -> Text:
    """Return every kind of exception with its number."""
    found = [(getattr(counts, name), words) for name, words in _PARTS if getattr(counts, name)]
    zh = "，".join(words.zh.format(count) for count, words in found)
    return Text(zh, ", ".join(words.en.format(count) for count, words in found))
