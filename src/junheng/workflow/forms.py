"""The statutory forms 表Ⅰ–Ⅵ of a judged county, as sheets: their titles, notes and rounding come from form_texts/<framework>.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.documents import package_files, parse_yaml
from junheng.errors import Text
from junheng.workflow.views import Cell, Heading, Item, Part, Sheet, Spread, Unit

_HIT = ("met", "met_by_concession")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the forms are filled from."""

    name: Text
    year: int
    facts: Sequence[tuple[Text, int | float | None]]  # of the county, for 表Ⅰ
    units: Sequence[Unit]
    spreads: Sequence[Spread]
    parts: Mapping[str, Part]


def forms(framework: str, judged: Judged) -> tuple[Sheet, ...]:
    """Return the forms of a framework in their order; () for a framework without known forms."""
    files = [file for file in package_files("junheng.workflow", "form_texts/*.yaml") if file.name == f"form_texts/{framework}.yaml"]
    if not files:
        return ()
    maker = _Maker(parse_yaml(files[0].text, files[0].name).data, judged)
    return (
        maker.basics(),
        maker.counts(),
        maker.schools(),
        maker.spread(),
        maker.items("assurance", "assurance"),
        maker.items("quality", "quality"),
        maker.items("recognition", "recognition"),
    )


class _Maker:
    def __init__(self, texts: dict[str, Any], judged: Judged) -> None:
        self.texts = texts
        self.judged = judged
        self.decimals: dict[str, int] = texts["decimals"]

    def _sheet(
        self,
        form: str,
        headings: Sequence[Sequence[Heading]],
        rows: Sequence[Sequence[Cell]],
        widths: Sequence[int],
        notes: Sequence[str] = (),
    ) -> Sheet:
        text = self.texts["forms"][form]
        name, year = self.judged.name, self.judged.year
        return Sheet(
            id=f"form-{form}",
            name=Text(text["name"], text["name"]),
            title=Text(**text["title"]),
            subtitle=Text(f"县（市、区）：{name.zh}　　统计时点：{year}年9月1日", f"County: {name.en}; counted on 1 September {year}"),
            headings=tuple(tuple(row) for row in headings),
            rows=tuple(tuple(row) for row in rows),
            widths=tuple(widths),
            notes=tuple(Text(**self.texts["notes"][note]) for note in (*notes, "missing", "layout")),
        )

    def basics(self) -> Sheet:
        """表Ⅰ: one row of county facts."""
        facts = self.judged.facts
        heads = [_head("县（市、区）", "County"), *(Heading(text=label) for label, _ in facts)]
        row = [Cell(value=self.judged.name.zh), *(Cell(value=value, decimals=self.decimals["count"]) for _, value in facts)]
        return self._sheet("basics", [heads], [row], [16, *(10 for _ in facts)])

    def counts(self) -> Sheet:
        """表Ⅱ-1: by stage and indicator, how many schools meet it, lie between floor and standard, miss it, or have no data."""
        heads = [
            _head("学段", "Stage"),
            _head("指标", "Indicator"),
            _head("学校数", "Schools"),
            _head("达标校数", "Met"),
            _head("不低于85%校数", "At or above 85 %"),
            _head("低于85%校数", "Below 85 %"),
            _head("无数据校数", "No data"),
            _head("达标率（%）", "Share met (%)"),
        ]
        rows = [self._counted(items) for items in _by_requirement(self.judged.units).values()]
        return self._sheet("counts", [heads], rows, [8, 36, 9, 9, 14, 12, 10, 11], ("rounding",))

    def _counted(self, items: Sequence[Item]) -> list[Cell]:
        total = len(items)
        hit = sum(item.verdict in _HIT for item in items)
        near = sum(item.verdict == "near" for item in items)
        unknown = sum(item.verdict == "no_data" for item in items)
        share = None if unknown else hit / total * 100
        numbers = [Cell(value=number, decimals=0) for number in (total, hit, near, total - hit - near - unknown, unknown)]
        return [Cell(value=items[0].stage_label.zh), Cell(value=items[0].title.zh), *numbers, self._percent(share)]

    def _percent(self, value: float | None) -> Cell:
        return Cell(value=value, decimals=self.decimals["percent"])

    def schools(self) -> Sheet:
        """表Ⅱ-2: one row a school and stage, with the seven values and which of them are met."""
        judged = [unit for unit in self.judged.units if unit.judged]
        titles = [item.title for item in judged[0].items] if judged else []
        first = [
            _head("学校标识码", "School", down=2),
            _head("学校名称", "Name", down=2),
            _head("举办者", "Founder", down=2),
            _head("办学类型", "Kind", down=2),
            _head("学段", "Stage", down=2),
            _head("在校生数", "Pupils", down=2),
            _head("资源配置指标", "Resource indicators", across=max(len(titles), 1)),
            _head("达标项", "Met", down=2),
            _head("不低于85%项", "At or above 85 %", down=2),
            _head("达标项数", "Items met", down=2),
            _head("是否达标", "Verdict", down=2),
        ]
        second = [Heading(text=Text(f"{number}. {title.zh}", f"{number}. {title.en}")) for number, title in enumerate(titles, 1)]
        rows = [self._school(unit) for unit in judged]
        widths = [13, 26, 7, 14, 7, 9, *(12 for _ in titles), 13, 12, 9, 10]
        return self._sheet("schools", [first, second or [_head("", "")]], rows, widths, ("rounding",))

    def _school(self, unit: Unit) -> list[Cell]:
        met = "".join(item.number for item in unit.items if item.verdict in _HIT)
        near = "".join(item.number for item in unit.items if item.verdict == "near")
        verdict = {"met": "达标", "missed": "未达标", "not_decided": "尚不能判定"}[unit.verdict]
        values = [
            Cell(value=item.figure.value if item.figure else None, decimals=self.decimals["mean"], verdict=item.verdict)
            for item in unit.items
        ]
        return [
            Cell(value=unit.school, text=True),
            Cell(value=unit.name),
            Cell(value=unit.founder),
            Cell(value=unit.kind.zh),
            Cell(value=unit.stage_label.zh),
            Cell(value=unit.pupils, decimals=0),
            *values,
            Cell(value=met, text=True),
            Cell(value=near, text=True),
            Cell(value=unit.met, decimals=0),
            Cell(value=verdict),
        ]

    def spread(self) -> Sheet:
        """表Ⅲ: mean and coefficient by indicator, one block a stage, with the plain mean of the coefficients at its foot."""
        heads = [
            _head("学段", "Stage"),
            _head("指标", "Indicator"),
            _head("全县均值", "County mean"),
            _head("差异系数", "Coefficient"),
            _head("限值", "Limit"),
            _head("是否达标", "Verdict"),
        ]
        rows: list[list[Cell]] = []
        for label in dict.fromkeys(spread.stage_label for spread in self.judged.spreads):
            block = [spread for spread in self.judged.spreads if spread.stage_label == label]
            rows += [self._spread(spread) for spread in block]
            known = [spread.cv.value for spread in block if spread.cv.value is not None]
            mean = sum(known) / len(known) if len(known) == len(block) else None
            rows.append(
                [
                    Cell(value=label.zh),
                    Cell(value="综合"),
                    Cell(value=None),
                    Cell(value=mean, decimals=self.decimals["cv"]),
                    Cell(value=None),
                    Cell(value=None),
                ]
            )
        return self._sheet("spread", [heads], rows, [8, 40, 12, 12, 9, 12], ("rounding", "average"))

    def _spread(self, spread: Spread) -> list[Cell]:
        verdict = {"met": "达标", "missed": "未达标"}.get(spread.verdict, "无数据")
        return [
            Cell(value=spread.stage_label.zh),
            Cell(value=spread.title.zh),
            Cell(value=spread.mean.value, decimals=self.decimals["mean"]),
            Cell(value=spread.cv.value, decimals=self.decimals["cv"], verdict=spread.verdict),
            Cell(value=spread.limit.value if spread.limit else None, decimals=2),
            Cell(value=verdict),
        ]

    def items(self, form: str, part: str) -> Sheet:
        """表Ⅳ, 表Ⅴ and 表Ⅵ: the items of one part with value, limit, verdict and document."""
        heads = [
            _head("序号", "No."),
            _head("内容", "Item"),
            _head("学段", "Stage"),
            _head("实际值", "Value"),
            _head("标准", "Standard"),
            _head("单位", "Unit"),
            _head("是否达标", "Verdict"),
            _head("未达标学校", "Schools that miss it"),
            _head("佐证材料", "Evidence"),
        ]
        found = self.judged.parts.get(part)
        rows = [self._item(item) for item in found.items] if found else []
        return self._sheet(form, [heads], rows, [6, 44, 8, 10, 10, 9, 12, 30, 30], ("rounding",))

    def _item(self, item: Item) -> list[Cell]:
        unit = item.figure.unit.zh if item.figure else ""
        word = {"met": "达标", "met_by_concession": "放宽达标", "near": "未达标", "partly": "基本合格", "missed": "未达标"}
        word |= {"no_data": "无数据", "needs_evidence": "待佐证", "not_applicable": "不适用"}
        return [
            Cell(value=item.number, text=True),
            Cell(value=item.title.zh),
            Cell(value=item.stage_label.zh),
            self._value(item, unit),
            Cell(value=item.limit.shown if item.limit else "", text=True),
            Cell(value=unit),
            Cell(value=word[item.verdict]),
            Cell(value="、".join(item.failing)),
            Cell(value=item.evidence.document if item.evidence else ""),
        ]

    def _value(self, item: Item, unit: str) -> Cell:
        """Return an item's value: a percentage as the form rounds it, a count of schools as it is said, the rest at its own precision."""
        shown = item.figure.shown if item.figure else ""
        if item.figure is None or "/" in shown:
            return Cell(value=shown or None, verdict=item.verdict)
        decimals = self.decimals["percent"] if unit == "%" else len(shown.partition(".")[2])
        return Cell(value=item.figure.value, decimals=decimals, verdict=item.verdict)


def _head(zh: str, en: str, across: int = 1, down: int = 1) -> Heading:
    return Heading(text=Text(zh, en), across=across, down=down)


def _by_requirement(units: Sequence[Unit]) -> dict[tuple[str, str], list[Item]]:
    """Return the items of the judged units by stage and requirement, in the order in which they first appear by stage."""
    found: dict[tuple[str, str], list[Item]] = {}
    for unit in sorted((unit for unit in units if unit.judged), key=lambda unit: unit.stage != "primary"):
        for item in unit.items:
            found.setdefault((unit.stage, item.requirement), []).append(item)
    return found
