"""The measures: what one of each changes, what it costs (the county's price, or a marked assumption), and how many a school can take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from junheng.documents import package_files, parse_yaml
from junheng.errors import Text
from junheng.model import units
from junheng.model.change import Change, SetValue
from junheng.model.county import County
from junheng.planning.measure_names import Priced, own_prices, priced
from junheng.standards.rulebook import Rulebook

Row = dict[str, Any]
Tables = dict[str, dict[tuple[Any, ...], Row]]  # table -> key -> row

ARTS = ("pe", "music", "fine_art", "arts")  # columns of staff_subjects that an ordinary teacher does not come from
_WHOLE = ("staff", "staff_subjects", "staff_ages", "staff_titles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Priced):
    """One kind of measure; amounts are counted in portions of `grain` units."""

    id: str
    title: Text
    kind: str  # move | add
    per: str  # stage | school
    unit: str
    least: int  # portions, where it is done at all
    most: int | None
    takes: tuple[str, ...]  # columns from which a school gives
    share_of: str
    share: Decimal
    room: Mapping[str, Any]
    changes: Mapping[str, int]
    sets: Mapping[str, Any]

    @property
    def unit_words(self) -> Text:
        """Return its unit in words."""
        known = units().get(self.unit)
        return known.label if known else Text(self.unit, self.unit)

    def switched(self) -> bool:
        """Return whether it has a cost or a size below which it is not done."""
        return bool(self.fixed_yuan) or self.least > 1


def read_measures(county: County, rules: Rulebook) -> tuple[Measure, ...]:
    """Return every measure, with the county's own prices in place of the assumed ones."""
    files = package_files(__package__ or "", "measures.yaml")
    data = parse_yaml(files[0].text, files[0].name).data
    own = own_prices(county)
    return tuple(priced(_measure(key, each, rules), own.get(key)) for key, each in data.items())


def _measure(key: str, data: Mapping[str, Any], rules: Rulebook) -> Measure:
    return Measure(
        id=key,
        title=Text(**data["title"]),
        kind=data["kind"],
        per=data["per"],
        grain=int(data["grain"]),
        unit=data["unit"],
        yuan=Decimal(str(data["yuan"])),
        fixed_yuan=Decimal(str(data.get("fixed_yuan", 0))),
        least=int(data.get("least", 1)),
        most=data.get("most"),
        lead_years=int(data["lead_years"]),
        takes=tuple(data.get("takes", ())),
        share_of=data.get("share_of", ""),
        share=Decimal(str(data.get("share", 0))),
        room=data.get("room", {}),
        changes=data["changes"],
        sets={name: _said(value, rules) for name, value in data.get("sets", {}).items()},
        assumed=True,
        source="",
    )


def _said(value: Any, rules: Rulebook) -> Any:
    """Return a value, or that of the parameter it names in braces."""
    return rules.standing(value[1:-1]).value if isinstance(value, str) and value.startswith("{") else value


def tables_of(county: County) -> Tables:
    """Return the tables that measures touch, by key, as rows that can be changed."""
    made: Tables = {}
    for name in (*_WHOLE, "premises", "equipment"):
        keys = ["school", "stage"] if name in _WHOLE else ["school"]
        made[name] = {tuple(row[key] for key in keys): dict(row) for row in county.tables[name].iter_rows(named=True)}
    return made


def changed(tables: Tables, measure: Measure, target: tuple[str, ...], portions: int) -> Iterator[Change]:
    """Change the rows of one school (and stage) and yield the changes; negative portions where teachers leave.

    A cell that is not known stays so; of a row that is not there nothing changes. Of `table.*` the column of most teachers changes.
    """
    for where, each in measure.changes.items():
        table, column = where.split(".")
        key = target if table in _WHOLE else target[:1]
        row = tables[table].get(key)
        name = column if row is None or column != "*" else _largest(table, row)
        if row is None or name is None or (row[name] is None and name != "leased_sports_area_m2" and name != "visiting_pe_arts"):
            continue
        row[name] = (row[name] or 0) + each * portions
        yield SetValue(table, key, name, row[name])
    for where, value in measure.sets.items():
        table, column = where.split(".")
        row = tables[table].get(target[:1])
        if row is not None and not row[column]:
            row[column] = value
            yield SetValue(table, target[:1], column, value)


def _largest(table: str, row: Row) -> str | None:
    counted = [(value, name) for name, value in row.items() if isinstance(value, int) and not (table == "staff_subjects" and name in ARTS)]
    return max(counted)[1] if counted else None


def stock(tables: Tables, where: str, target: tuple[str, ...]) -> int:
    """Return how many a school has of a column; 0 where it is not known, since what is not known cannot be given away."""
    table, column = where.split(".")
    row = tables[table].get(target if table in _WHOLE else target[:1])
    return int(row[column]) if row is not None and row[column] is not None else 0


def room(tables: Tables, measure: Measure, target: tuple[str, ...]) -> int:
    """Return how many portions the site of a school leaves room for; 0 where site or buildings are not known."""
    row = tables["premises"].get(target[:1])
    columns = [measure.room["of"], *measure.room["less"]]
    values = [None if row is None else row[each.split(".")[1]] for each in columns]
    if any(value is None for value in values):
        return 0
    of, *less = (Decimal(value) for value in values if value is not None)
    free = of * Decimal(str(measure.room["times"])) - sum(less)
    return max(0, int(free * Decimal(str(measure.room["share"])) // measure.grain))
