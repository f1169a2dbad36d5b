"""Why two lines were taken for the same, or not: field by field, the degree, its weight and how the weights add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from junheng.errors import Text
from junheng.matching.rule import MISSING, MatchRule

REASONS: Mapping[str, Text] = {
    "weight": Text("按权重合计", "by the sum of the weights"),
    "rival": Text("另有一行同样可能", "another line is as likely"),
    "better": Text("其中一行另有更相符的一行", "one of the lines fits another one better"),
    "decided": Text("人工已判定", "decided by a person"),
}
OUTCOMES: Mapping[str, Text] = {
    "same": Text("同一人", "same"),
    "ask": Text("待人工判断", "to be decided"),
    "different": Text("不同的人", "different"),
}


class Reason(NamedTuple):
    """One field of a pair: how alike the two sides are, and by how many bits that speaks for one person (against it: below 0)."""

    field: str
    title: Text
    degree: str
    words: Text
    bits: float


class Explanation(NamedTuple):
    """A pair: its outcome and why, the reasons from the weightiest on, what was known before, and the sum. All weights in bits."""

    outcome: Text
    because: Text
    reasons: tuple[Reason, ...]
    before: float
    weight: float


def explain(pair: Mapping[str, Any], rule: MatchRule) -> Explanation:
    """Return the explanation of a row of `Links.pairs`."""
    reasons = []
    for comparison in rule.compare:
        number = pair[f"degree_{comparison.field}"]
        degree = MISSING if number < 0 else comparison.ids[number]
        title = next((column.title for column in rule.columns if column.name == comparison.field), Text(comparison.field, comparison.field))
        reasons.append(Reason(comparison.field, title, degree, comparison.word(degree), float(pair[f"bits_{comparison.field}"] or 0)))
    reasons.sort(key=lambda reason: -abs(reason.bits))
    before = float(pair["weight"]) - sum(reason.bits for reason in reasons)
    return Explanation(OUTCOMES[pair["outcome"]], because(pair["because"], rule), tuple(reasons), before, float(pair["weight"]))


def because(word: str, rule: MatchRule) -> Text:
    """Return why a pair has its outcome, in words: the rule's own for a guard."""
    return next((guard.title for guard in rule.guards if guard.id == word), REASONS.get(word, Text(word, word)))


def in_words(explanation: Explanation, lang: str) -> str:
    """Return the reasons as one line, such as 姓名相同 +15.7；身份证号错一位 +13.4."""
    parts = [(reason.title.of(lang), reason.words.of(lang), reason.bits) for reason in explanation.reasons if reason.degree != MISSING]
    if lang == "en":
        return "; ".join(f"{title} {words} {bits:+.1f}" for title, words, bits in parts)
    return "；".join(f"{title}{words} {bits:+.1f}" for title, words, bits in parts)
