"""The reference page on rosters: what each compares with what, how lines meet, who answers, and the rows of the list that it serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from junheng.coverage import Roster, Source, shipped
from junheng.errors import Text
from junheng.workflow.reconcile_views import RHYTHM
from junheng.workflow.views import ReferencePage, Section

_SORTS: Mapping[str, Text] = {
    "table": Text("表", "table"),
    "ledger": Text("台账", "ledger"),
    "list": Text("名单", "list"),
    "roster": Text("比对", "roster"),
}
_COLUMNS = (
    Text("哪一边", "Side"),
    Text("来源", "Source"),
    Text("条件", "Condition"),
    Text("核实", "Proof"),
    Text("列（表头）", "Columns (headings)"),
)


def rosters_page() -> ReferencePage:
    """Return the page, a section for each roster."""
    text = Text(
        "随软件附带的名单比对。名单放在 rosters/lists，文件名就是名单名；县里在 rosters/ 放同名文件可以替换。",
        "The rosters that ship. Lists lie in rosters/lists under their names; a file of the same name in rosters/ takes a roster's place.",
    )
    sections = (_all(), *(section for one in shipped().rosters.values() for section in _sections(one)))
    return ReferencePage(name="rosters", title=Text("名单比对", "Rosters"), text=text, sections=sections)


def _all() -> Section:
    columns = (Text("名称", "Id"), Text("比对", "Roster"), Text("承办", "Office"), Text("频次", "Rhythm"), Text("期限（天）", "Days"))
    more = (Text("姓名级别", "Level of names"), Text("服务", "Serves"))
    rows = tuple(
        (
            f"`{one.id}`",
            f"{one.title.zh} / {one.title.en}",
            one.owner,
            RHYTHM[one.rhythm].zh,
            str(one.due_days),
            one.names,
            " ".join(one.serves),
        )
        for one in shipped().rosters.values()
    )
    return Section(title=Text("总表", "All"), text=Text("", ""), columns=(*columns, *more), rows=rows)


def _sections(roster: Roster) -> Iterator[Section]:
    met = f"规则{roster.rule}" if roster.rule else "、".join(roster.keys)
    en = f"rule {roster.rule}" if roster.rule else ", ".join(roster.keys)
    text = Text(
        f"{roster.about.zh}。对人（对行）依据：{met}。{_least(roster).zh}", f"{roster.about.en}. Lines meet by {en}. {_least(roster).en}"
    )
    rows = [("应办 should", *_source(roster.should))]
    rows += [("已办 did", *_source(source)) for source in roster.did]
    yield Section(title=Text(f"{roster.id} · {roster.title.zh}", roster.title.en), text=text, columns=_COLUMNS, rows=tuple(rows))


def _source(source: Source) -> tuple[str, str, str, str]:
    proof = "全部 all" if source.proven else _shown(source.verified or {})
    columns = "；".join(f"{name}（{'、'.join(one.headings)}）" for name, one in source.columns.items() if one.headings)
    return (f"{_SORTS[source.sort].zh} {source.name}", _shown(source.where), proof, columns)


def _shown(test: Mapping[str, object]) -> str:
    return "；".join(f"{name}: {_plain(value)}" for name, value in test.items())


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "，".join(f"{word} {_plain(one)}" for word, one in value.items())
    return "、".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _least(roster: Roster) -> Text:
    least = roster.least
    if least.standard:
        return Text(f"至少达到标准{least.standard}。", f"At least the standard {least.standard}.")
    if least.total or least.per or least.amount != 1:
        what = least.total or "次"
        return Text(f"至少{least.amount}（{what}）。", f"At least {least.amount} ({least.total or 'times'}).")
    return Text("", "")
