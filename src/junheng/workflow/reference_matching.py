"""The reference page on rules of matching: columns, degrees with the weights that ship, thresholds and guards."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.errors import Text
from junheng.matching import MatchRule, shipped_model, shipped_rules
from junheng.workflow.views import ReferencePage, Section

_NONE = Text("", "")


def matching_page() -> ReferencePage:
    """Return the page, a few sections for each rule."""
    text = Text(
        "比对名单的规则。权重（比特）随软件附带，由虚构名单训练；实际比对时按所给名单重新得出。",
        "Rules by which lists are matched. The weights (bits) that ship were trained on invented lists; a comparison learns its own.",
    )
    sections = tuple(section for rule in shipped_rules().values() for section in _sections(rule))
    return ReferencePage(name="matching", title=Text("名单比对规则", "Rules of matching"), text=text, sections=sections)


def _sections(rule: MatchRule) -> Iterator[Section]:
    rows = tuple((f"`{one.name}`", f"{one.title.zh} {one.title.en}", one.kind, "、".join(one.headings)) for one in rule.columns)
    heads = (Text("列", "Column"), Text("名称", "Label"), Text("种类", "Kind"), Text("认识的表头", "Headings"))
    yield Section(title=Text(f"{rule.id} · {rule.title.zh}", rule.title.en), text=rule.question, columns=heads, rows=rows)
    degrees = Text(f"{rule.id} · 程度与权重", "Degrees and weights")
    yield Section(title=degrees, text=_thresholds(rule), columns=_DEGREES, rows=_degrees(rule))
    guards = tuple((f"`{one.id}`", one.at_most, f"{one.title.zh} / {one.title.en}") for one in rule.guards)
    columns = (Text("把关", "Guard"), Text("至多", "At most"), Text("情形", "Case"))
    yield Section(title=Text(f"{rule.id} · 把关", "Guards"), text=_NONE, columns=columns, rows=guards)


_DEGREES = (Text("字段", "Field"), Text("程度", "Degree"), Text("说明", "Meaning"), Text("权重", "Weight"))


def _degrees(rule: MatchRule) -> tuple[tuple[str, ...], ...]:
    model = shipped_model(rule)
    return tuple(
        (
            f"`{one.field}`",
            degree,
            f"{one.word(degree).zh} / {one.word(degree).en}",
            f"{model.weights[one.field][degree].bits:+.1f}" if model else "",
        )
        for one in rule.compare
        for degree in reversed(one.ids)
    )


def _thresholds(rule: MatchRule) -> Text:
    same, ask, ahead = f"{rule.same_probability:g}", f"{rule.ask_probability:g}", f"{rule.ahead_by:g}"
    return Text(
        f"概率不低于{same}且领先其他行{ahead}比特以上为同一人；不低于{ask}为待判。",
        f"Same from a probability of {same} with a lead of {ahead} bits over any other line; asked about from {ask}.",
    )
