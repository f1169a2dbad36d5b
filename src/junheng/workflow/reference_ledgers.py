"""The reference page of the ledgers: which kind serves which row of what counties ask for, and the burden account of every field."""

from __future__ import annotations

from junheng.errors import Text
from junheng.ledgers import Kind, rows, shipped
from junheng.model import units
from junheng.workflow.views import ReferencePage, Section


def ledgers_page() -> ReferencePage:
    """Return the page of the kinds that ship."""
    kinds = shipped().kinds.values()
    text = Text(
        "每种台账是一个文件（`ledgers/cn/*.yaml`），县里可在自己的 `ledgers/` 中写同名文件替换。"
        "每个字段写明谁需要、哪条规则用到：没有规则用到的、数据表里已有的，读入时就会被拒绝。",
        "A kind of record is a file (`ledgers/cn/*.yaml`); an authority replaces one by a file of the same name in its folder `ledgers/`. "
        "Each field says who needs it and which rule reads it; one that no rule reads, or that the tables hold already, is refused.",
    )
    return ReferencePage(
        name="ledgers", title=Text("台账", "Ledgers"), text=text, sections=(_serving(), _burden(), *(_kind(kind) for kind in kinds))
    )


def _serving() -> Section:
    kinds = shipped().kinds.values()
    found = tuple(
        (
            one.row,
            one.title.zh,
            one.title.en,
            " ".join(one.machines),
            ", ".join(f"`{kind.id}` {kind.title.zh}" for kind in kinds if one.row in kind.serves),
        )
        for one in rows()
    )
    columns = (Text("行", "Row"), Text("事项", "Chinese"), Text("英文", "English"), Text("方式", "Machine"), Text("台账", "Kind"))
    text = Text(
        "县级文件中要靠台账、预警、排期、评分或调查来做的事，各由哪种台账承担。",
        "What counties' documents ask of a ledger (led), an alert, a schedule (sched), scores or a survey (surv), and what serves it.",
    )
    return Section(title=Text("哪种台账承担哪件事", "Which kind serves what"), text=text, columns=columns, rows=found)


def _burden() -> Section:
    found = tuple(
        (f"`{kind.id}`", kind.title.zh, str(len(kind.fields)), str(_required(kind)), str(kind.minutes), str(len(kind.serves)))
        for kind in shipped().kinds.values()
    )
    columns = (
        Text("编号", "Id"),
        Text("台账", "Kind"),
        Text("字段", "Fields"),
        Text("必填", "Required"),
        Text("填写分钟", "Minutes"),
        Text("承担事项", "Rows"),
    )
    text = Text("每登记一条要填多少、用多少分钟（估计）。", "What one record costs to fill in, in minutes (estimated).")
    return Section(title=Text("减负账", "Burden account"), text=text, columns=columns, rows=found)


def _required(kind: Kind) -> int:
    return sum(field.required for field in kind.fields.values())


def _kind(kind: Kind) -> Section:
    found = tuple(
        (
            f"`{name}`",
            f"{field.label.zh} {field.label.en}",
            f"{field.type}{' → ' + field.link if field.link else ''}",
            units()[field.unit].label.zh if field.unit else "",
            field.level,
            "是 yes" if field.required else "",
            f"{field.needed_by.zh} {field.needed_by.en}",
            ", ".join(field.used_by),
        )
        for name, field in kind.fields.items()
    )
    columns = (
        Text("字段", "Field"),
        Text("名称", "Label"),
        Text("类型", "Type"),
        Text("单位", "Unit"),
        Text("密级", "Class"),
        Text("必填", "Required"),
        Text("谁需要", "Needed by"),
        Text("哪条规则用到", "Read by"),
    )
    return Section(title=Text(f"`{kind.id}` {kind.title.zh}", kind.title.en), text=kind.about, columns=columns, rows=found)
