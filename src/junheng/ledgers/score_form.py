"""A scoring form as data: who scores what, on which scale, with which weights and proof. Read from one YAML file.

A form that appraises by what is held (`held_only`) has no raters: each item says where its value comes from, and one that would ask for new
paper is refused. A form that is scored may not ask for what the County holds. Both are the burden account of ledgers, for scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from junheng.documents import Document, PackageFile, package_files, parse_yaml_into
from junheng.errors import Finding, StandardsError, Text
from junheng.ledgers.kind_rules import held_columns
from junheng.model import schema
from junheng.standards.section import Section

HELD = ("verdict", "ledger", "roster", "score")  # where a value may come from that nobody is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Where the value of an item comes from: a verdict of a framework, a count of a ledger or roster, another form's result.

    points: verdict -> score, for verdicts; cuts: (at most this count, score) in order, for counts; the last for more than all.
    """

    kind: str
    target: str
    indicator: str = ""
    points: Mapping[str, float]
    cuts: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is scored."""

    name: str
    label: Text
    weight: float
    group: str = ""  # its part of the form
    says: Text | None = None  # what is looked at
    proof: bool = False  # a score counts only with its proof named
    optional: bool = False  # may not apply
    unit: str = ""  # of the form's own units, the one that it is asked of; all when empty
    held: Held | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade: what it is called and from which result on it holds."""

    name: str
    label: Text
    at_least: float


@dataclass(frozen=True, slots=True)
class Role:
    """Who scores: raters of one sort, and whether their scores make the result or stand beside it."""

    name: str
    label: Text
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreForm:
    """One form."""

    name: str
    title: Text
    about: Text
    file: str
    source: str
    serves: tuple[str, ...]
    minutes: int  # of a rater's time for one sheet
    about_table: str  # "schools", or "" when the form names its units
    units: Mapping[str, Text]
    thing: Text | None  # what is looked at within a unit (a class, a lesson), None: the unit as a whole
    by: Mapping[str, Text]  # subjects by which things are told apart
    least_things: int  # from how many things on a unit has a result of its own
    layout: str  # "wide": a row a sheet, items as columns; "long": a row an item
    levels: Mapping[float, Text]  # a scale with words, or …
    least: float
    most: float
    step: float  # … with numbers; 0 with words
    roles: Mapping[str, Role]
    groups: Mapping[str, Text]  # parts of the form
    items: Mapping[str, Item]
    marks: Mapping[str, Text]  # yes or no, beside the scores
    grades: tuple[Grade, ...]  # the highest first
    change: float  # percent by which the what-if changes each weight
    agreed: tuple[date, str, str] | None  # when, by whom and by which minutes the weights were agreed
    sample: tuple[str, int] | None  # a table of the County and how many of its rows are drawn for each unit
    held_only: bool
    public: bool  # its items may be put up, in words
    days_for_appeal: int

    @property
    def ends(self) -> tuple[float, float]:
        """Return the least and the largest score."""
        return self.least, self.most

    def fits(self, value: float) -> bool:
        """Return whether a score is on the scale."""
        if self.levels:
            return value in self.levels
        return self.least <= value <= self.most and round((value - self.least) / self.step, 6).is_integer()

    def asked_of(self, unit: str) -> tuple[str, ...]:
        """Return the items that are asked of a unit."""
        return tuple(name for name, item in self.items.items() if item.unit in ("", unit))


_REQUIRED = ("title", "about", "source", "serves", "minutes", "units", "scale", "items", "grades", "what_if")
_OPTIONAL = (
    "thing",
    "by",
    "least_things",
    "layout",
    "raters",
    "marks",
    "weights",
    "sample",
    "held_only",
    "public",
    "days_for_appeal",
    "groups",
)


def read_form(document: Document, name: str, findings: list[Finding]) -> ScoreForm:
    """Return the form of a file; what is wrong is added to `findings`."""
    top = Section(document, (), findings)
    top.keys(_REQUIRED, _OPTIONAL)
    levels, least, most, step = _scale(top.below("scale"))
    table, units = _units(top)
    held_only = top.data.get("held_only") is True
    form = ScoreForm(
        name=name,
        title=top.text("title"),
        about=top.text("about"),
        file=document.file,
        source=top.string("source"),
        serves=top.names("serves"),
        minutes=int(_number(top, "minutes")),
        about_table=table,
        units=units,
        thing=top.text_or_none("thing"),
        by=_texts(top, "by"),
        least_things=int(_number(top, "least_things")),
        layout=top.one_of("layout", ("wide", "long"), "ledgers.unknown_layout") or "wide",
        levels=levels,
        least=least,
        most=most,
        step=step,
        roles={key: Role(key, one.text("label"), one.data.get("counts") is not False) for key, one in _each(top, "raters")},
        items={key: _item(one, key) for key, one in _each(top, "items")},
        groups=_texts(top, "groups"),
        marks=_texts(top, "marks"),
        grades=tuple(sorted((_grade(one, key) for key, one in _each(top, "grades")), key=lambda one: -one.at_least)),
        change=_number(top.below("what_if"), "change"),
        agreed=_agreed(top),
        sample=_sample(top),
        held_only=held_only,
        public=top.data.get("public") is True,
        days_for_appeal=int(_number(top, "days_for_appeal")),
    )
    _check(form, top)
    return form


def _each(top: Section, key: str) -> list[tuple[str, Section]]:
    below = top.below(key) if key in top.data else None
    return [(str(name), below.below(str(name))) for name in below.data] if below else []


def _texts(top: Section, key: str) -> dict[str, Text]:
    below = top.below(key) if key in top.data else None
    return {str(name): below.text(str(name)) for name in below.data} if below else {}


def _number(section: Section, key: str) -> float:
    value = section.number(key)
    if value is None:
        return 0.0
    if value < 0:
        section.refuse("ledgers.not_a_count", (key,), str(value))
    return float(value)


def _scale(section: Section) -> tuple[dict[float, Text], float, float, float]:
    section.keys((), ("levels", "least", "most", "step"))
    if "levels" not in section.data:
        least, most, step = _number(section, "least"), _number(section, "most"), _number(section, "step")
        if not 0 <= least < most or step <= 0:
            section.refuse("ledgers.not_a_scale_of_scores", (), f"{least:g} … {most:g}, {step:g}")
        return {}, least, max(most, least + 1), step or 1.0
    below = section.below("levels")
    words: dict[float, Text] = {}
    for key in below.data:
        if str(key).replace(".", "", 1).isdecimal():
            words[float(str(key))] = below.text(str(key))
        else:
            below.refuse("standards.not_a_number", (str(key),), str(key))
    if len(words) < 2:
        section.refuse("ledgers.not_a_scale_of_scores", ("levels",), Text(f"{len(words)}级", f"{len(words)} levels"))
        return {}, 0.0, 1.0, 1.0
    return words, min(words), max(words), 0.0


def _units(top: Section) -> tuple[str, dict[str, Text]]:
    value = top.data.get("units")
    if isinstance(value, str):
        if value != "schools":
            top.refuse("ledgers.unknown_link", ("units",), value, known="schools", close="schools")
        return value, {}
    return "", _texts(top, "units")


def _item(section: Section, name: str) -> Item:
    section.keys(("label", "weight"), ("group", "says", "proof", "optional", "unit", "held", "source"))
    return Item(
        name=name,
        label=section.text("label"),
        weight=_number(section, "weight"),
        group=section.string("group"),
        says=section.text_or_none("says"),
        proof=section.data.get("proof") is True,
        optional=section.data.get("optional") is True,
        unit=section.string("unit"),
        held=_held(section.below("held")) if "held" in section.data else None,
        source=section.string("source"),
    )


def _held(section: Section) -> Held:
    ways = [key for key in HELD if key in section.data]
    section.keys((), (*HELD, "indicator", "points", "cuts"))
    if len(ways) != 1:
        section.refuse("ledgers.held_not_said", (), "、".join(ways) or Text("没有", "none of them"), known=", ".join(HELD))
        return Held(kind="", target="", points={})
    points = section.below("points") if "points" in section.data else None
    cuts = section.sections("cuts")
    return Held(
        kind=ways[0],
        target=section.string(ways[0]),
        indicator=section.string("indicator"),
        points={str(key): _number(points, str(key)) for key in points.data} if points else {},
        cuts=tuple((_number(one, "at_most") if "at_most" in one.data else float("inf"), _number(one, "score")) for one in cuts),
    )


def _grade(section: Section, name: str) -> Grade:
    section.keys(("label", "at_least"))
    return Grade(name, section.text("label"), _number(section, "at_least"))


def _agreed(top: Section) -> tuple[date, str, str] | None:
    """Return when the weights were agreed; null as long as nobody has."""
    if top.data.get("weights") is None:
        return None
    section = top.below("weights")
    section.keys(("agreed", "by", "minutes"))
    day = section.needed_day("agreed")
    return (day, section.string("by"), section.label("minutes")) if day else None


def _sample(top: Section) -> tuple[str, int] | None:
    if "sample" not in top.data:
        return None
    section = top.below("sample")
    section.keys(("table", "each"))
    table = section.one_of("table", ["classes"], "ledgers.unknown_type")
    return table, int(_number(section, "each"))


def _check(form: ScoreForm, top: Section) -> None:
    """Add what a well-formed file still gets wrong: weights of nothing, grades that leave a gap, nobody who scores."""
    for item in form.items.values():
        _check_item(form, item, top)
    if form.items and not sum(item.weight for item in form.items.values()):
        top.refuse("ledgers.no_weights", ("items",), "0")
    if form.change >= 100:
        top.refuse("ledgers.change_too_large", ("what_if", "change"), f"{form.change:g}")
    if form.grades and form.grades[-1].at_least > form.least:
        top.refuse("ledgers.grades_leave_a_gap", ("grades", form.grades[-1].name), f"{form.grades[-1].at_least:g}", least=f"{form.least:g}")
    if not form.held_only and not any(role.counts for role in form.roles.values()):
        top.refuse("ledgers.nobody_scores", ("raters",), Text("没有", "none"))


def _check_item(form: ScoreForm, item: Item, top: Section) -> None:
    """Add what would cost paper for nothing, and what names a unit or a part that there is not."""
    columns = held_columns(form.about_table) if form.about_table in schema().tables else {}
    known = next((columns[word] for word in (item.name, item.label.zh) if word in columns), "")
    if item.held is None and form.held_only:
        top.refuse("ledgers.item_asks_paper", ("items", item.name), item.label, known="、".join(HELD))
    elif item.held is None and known:
        top.refuse("ledgers.field_held", ("items", item.name), item.label, column=known)
    if item.unit and item.unit not in form.units:
        top.refuse("ledgers.no_such_value", ("items", item.name, "unit"), item.unit, known="、".join(form.units))
    if item.group and item.group not in form.groups:
        top.refuse("ledgers.no_such_value", ("items", item.name, "group"), item.group, known="、".join(form.groups))


@cache
def _files() -> tuple[PackageFile, ...]:
    return tuple(package_files("junheng.ledgers", "score_forms/*.yaml"))


def read_forms(own: Iterable[PackageFile] = ()) -> Mapping[str, ScoreForm]:
    """Return the forms by name: an authority's files ledgers/score_forms/*.yaml over those that ship.

    Raises StandardsError with every finding of every file.
    """
    findings: list[Finding] = []
    found = {}
    for file in (*_files(), *own):
        name = file.name.rpartition("/")[2].removesuffix(".yaml")
        document = parse_yaml_into(file, findings)
        if document:
            found[name] = read_form(document, name, findings)
    if any(one.severity == "error" for one in findings):
        raise StandardsError(findings)
    return found
