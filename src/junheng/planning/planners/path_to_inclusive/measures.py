"""The measures as actions: what one portion of each does at one kindergarten, what it costs, and how many portions there can be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from junheng.documents import package_files, parse_yaml
from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.measure_names import Priced, own_prices, priced
from junheng.planning.planners.path_to_inclusive.gardens import Garden
from junheng.planning.planners.path_to_inclusive.outlook import evened

INCLUSIVE, PUBLIC, OPEN, BUILD_CLASS = (
    "kindergarten_inclusive",
    "kindergarten_public",
    "kindergarten_open_class",
    "kindergarten_build_class",
)
DIVIDE, EVEN, MOVE, CERTIFY, PAY = (
    "kindergarten_divide",
    "kindergarten_even",
    "kindergarten_move",
    "kindergarten_certify",
    "kindergarten_pay",
)
TEACHER, ENROL, CARER, BOOKS = "kindergarten_teacher", "kindergarten_enrol", "kindergarten_carer", "kindergarten_books"
NEW, NEW_CLASS = "kindergarten_new", "kindergarten_new_class"
_AT_A_NEW_ONE = (NEW, NEW_CLASS, ENROL, TEACHER, CARER, MOVE, BOOKS)  # its rooms and ground come with its classes
WITH_A_MOVE = ("certified", "established", "colleges")  # what a teacher who moves takes along
ITEM_OF_CLASSES, ITEM_OF_TEACHERS = "preschool.class_size_share", "preschool.pupils_per_teacher"
ITEM_OF_CERTIFICATES, ITEM_OF_PAY = "preschool.certificates_share", "preschool.pay_ratio"
ENROLLED, COVERED, IN_PUBLIC, ESTATES = (
    f"preschool.{name}" for name in ("enrolment_rate", "inclusive_share", "public_share", "estate_share")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Priced):
    """One kind of measure."""

    id: str
    title: Text
    kind: str
    unit: str
    most: int
    least: int  # portions, where any are done
    room: Mapping[str, Any]
    adds: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One measure at one kindergarten."""

    measure: Measure
    garden: int  # place in the list; -1: of the county
    most: int  # portions
    yuan: Decimal  # of a portion
    fixed: Decimal = Decimal(0)
    adds: Mapping[str, float] = field(default_factory=dict)  # of the kindergarten's quantities, by a portion
    items: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # of numerator and denominator of the county's items
    grade: str = ""
    group: str = ""  # at most one portion of all actions of a group at a kindergarten
    lead: int | None = None  # school years until it is done, where the site knows
    source: str = ""  # what the price rests on, where it is the site's: of_the_programme | of_the_plot

    @property
    def lead_years(self) -> int:
        """Return the school years from the decision until it is done."""
        return self.measure.lead_years if self.lead is None else self.lead


def read_measures(county: County) -> tuple[Measure, ...]:
    """Return the measures, with the county's own prices in place of the assumed ones."""
    files = package_files(__package__ or "", "measures.yaml")
    own = own_prices(county)
    return tuple(priced(_measure(key, each), own.get(key)) for key, each in parse_yaml(files[0].text, files[0].name).data.items())


def _measure(key: str, data: Mapping[str, Any]) -> Measure:
    return Measure(
        id=key,
        title=Text(**data["title"]),
        kind=data["kind"],
        unit=data["unit"],
        grain=int(data["grain"]),
        yuan=Decimal(str(data["yuan"])),
        fixed_yuan=Decimal(str(data.get("fixed_yuan", 0))),
        lead_years=int(data["lead_years"]),
        most=int(data.get("most", 1000)),
        least=int(data.get("least", 1)),
        room=data.get("room", {}),
        adds={name: float(value) for name, value in data.get("adds", {}).items()},
        assumed=True,
        source="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What actions keep to beside the standard."""

    class_size: Mapping[str, int]  # by grade
    size: int  # children of a kindergarten
    leave: Decimal  # a share of a kindergarten's teachers
    most: Mapping[tuple[str, str], Decimal]  # of site_limits, by measure and school
    years: int = 0  # until it is judged: what takes longer is no measure; 0: whatever it takes


def actions(measures: tuple[Measure, ...], gardens: tuple[Garden, ...], limits: Limits) -> tuple[Action, ...]:
    """Return every action there is, in a fixed order."""
    made: list[Action] = []
    for measure in measures:
        if measure.kind == "county":
            if not limits.years or measure.lead_years <= limits.years:
                pay = {ITEM_OF_PAY: (measure.grain, 0)}
                made.append(Action(measure=measure, garden=-1, most=measure.most, yuan=measure.yuan, items=pay))
            continue
        for place, garden in enumerate(gardens):
            if garden.has["pupils"] is None:
                continue
            for action in _at(measure, place, garden, limits):
                own = limits.most.get((measure.id, garden.school))
                most = action.most if own is None else min(action.most, int(own // measure.grain))
                if most > 0 and (not limits.years or action.lead_years <= limits.years):
                    made.append(replace(action, most=most))
    return tuple(_with_room(made, limits.class_size["k1"]))


def _with_room(made: list[Action], size: int) -> Iterator[Action]:
    """Yield actions, of children who come no more than can sit in the classes that can be opened there."""
    classes: dict[int, int] = {}
    for each in made:
        if each.measure.id in (OPEN, BUILD_CLASS, NEW_CLASS):
            classes[each.garden] = classes.get(each.garden, 0) + each.most
    for each in made:
        most = min(each.most, classes.get(each.garden, 0) * size) if each.measure.id == ENROL else each.most
        if most:
            yield replace(each, most=most)


def _at(measure: Measure, place: int, garden: Garden, limits: Limits) -> Iterator[Action]:
    if garden.site is not None and measure.id not in _AT_A_NEW_ONE:
        return
    if measure.kind == "new":
        yield from _built(measure, place, garden, limits)
    elif measure.kind == "own":
        yield from _owned(measure, place, garden)
    elif measure.id in (OPEN, BUILD_CLASS, ENROL):
        yield from _opened(measure, place, garden, limits)
    elif measure.kind == "class":
        yield from _regrouped(measure, place, garden, limits)
    elif measure.kind == "staff":
        yield from _staffed(measure, place, garden, limits)
    else:
        most = measure.most if not measure.room else _room(measure, garden)
        yield Action(measure=measure, garden=place, most=most, yuan=measure.yuan, fixed=measure.fixed_yuan, adds=measure.adds)


def _built(measure: Measure, place: int, garden: Garden, limits: Limits) -> Iterator[Action]:
    """Yield the beginning of a new kindergarten, with its head, and its classes with their rooms and ground."""
    site = garden.site
    if site is None:
        return
    source = {"project": "of_the_programme", "plot": "of_the_plot", "village": ""}[site.kind]
    if measure.id == NEW:
        yuan = measure.fixed_yuan if site.fixed is None else Decimal(site.fixed)
        head = {"staff": 1.0, "heads": 1.0, "certified_heads": 1.0}
        said = source if site.fixed is not None else ""
        certified = {ITEM_OF_CERTIFICATES: (1.0, 1.0)}
        yield Action(measure=measure, garden=place, most=1, yuan=yuan, adds=head, items=certified, lead=site.lead, source=said)
        return
    most = min(measure.most, site.classes, limits.size // limits.class_size["k1"])
    yuan = measure.yuan if site.yuan is None else site.yuan
    adds, items = {"classes": 1.0, **measure.adds}, {ITEM_OF_CLASSES: (1.0, 1.0)}
    said = source if site.yuan is not None else ""
    yield Action(measure=measure, garden=place, most=most, yuan=yuan, adds=adds, items=items, lead=site.lead, source=said)


def _owned(measure: Measure, place: int, garden: Garden) -> Iterator[Action]:
    if garden.is_public or (measure.id == INCLUSIVE and garden.is_inclusive):
        return
    pupils = garden.known("pupils")
    items = {IN_PUBLIC: (pupils, 0.0)} if measure.id == PUBLIC else {}
    if not garden.is_inclusive:
        items |= {COVERED: (pupils, 0.0)} | ({ESTATES: (1.0, 0.0)} if garden.is_estate else {})
    yuan = measure.yuan * int(pupils) + measure.fixed_yuan
    yield Action(measure=measure, garden=place, most=1, yuan=yuan, items=items, group="own")


def _opened(measure: Measure, place: int, garden: Garden, limits: Limits) -> Iterator[Action]:
    room = max(0, limits.size - int(garden.known("pupils")))
    if not garden.is_public or garden.has["classes"] is None or not room:
        return
    if measure.id == ENROL:
        children = {ENROLLED: (1, 0), COVERED: (1, 1), IN_PUBLIC: (1, 1), ITEM_OF_TEACHERS: (1, 0)}
        if garden.site is not None:
            room = min(room, garden.site.classes * limits.class_size["k1"])
            room = room if garden.site.at_home is None else min(room, garden.site.at_home)
        yield Action(measure=measure, garden=place, most=room, yuan=measure.yuan, adds={"pupils": 1.0}, items=children)
        return
    adds = {"classes": 1.0, "rooms": -1.0}
    for name, value in measure.adds.items():
        adds[name] = adds.get(name, 0.0) + value
    most = min(measure.most, -(-room // limits.class_size["k1"]))
    most = min(most, int(garden.known("rooms"))) if measure.id == OPEN else most
    if measure.room:
        most = min(most, int(_free(measure, garden) // measure.adds["floor"]))
    yield Action(measure=measure, garden=place, most=most, yuan=measure.yuan, adds=adds, items={ITEM_OF_CLASSES: (1, 1)})


def _regrouped(measure: Measure, place: int, garden: Garden, limits: Limits) -> Iterator[Action]:
    for grade, classes in garden.grades.items():
        limit = limits.class_size.get(grade)
        good = sum(pupils <= (limit or 0) for _, pupils in classes)
        if limit is None or good == len(classes):
            continue
        free = min(measure.most, int(garden.known("rooms")))  # a class more needs a room that is not used
        for more in [0] if measure.id == EVEN else range(1, free + 1):
            sizes = evened(sum(pupils for _, pupils in classes), len(classes) + more)
            gain = sum(size <= limit for size in sizes) - good
            if gain > 0:
                adds = {"classes": float(more), "rooms": -float(more)} if more else {}
                items = {ITEM_OF_CLASSES: (float(gain), float(more))}
                group = f"classes {grade}"
                yield Action(
                    measure=measure,
                    garden=place,
                    most=1,
                    yuan=measure.yuan * more,
                    adds=adds,
                    items=items,
                    grade=f"{grade}+{more}",
                    group=group,
                )


def _staffed(measure: Measure, place: int, garden: Garden, limits: Limits) -> Iterator[Action]:
    if garden.has["teachers"] is None:
        return
    if measure.id == CERTIFY:
        lacking = garden.known("teachers") - garden.known("certified") + garden.known("heads") - garden.known("certified_heads")
        yield Action(measure=measure, garden=place, most=int(lacking), yuan=measure.yuan, items={ITEM_OF_CERTIFICATES: (1, 0)})
    elif measure.id == MOVE:
        if garden.is_public:
            yield Action(measure=measure, garden=place, most=measure.most, yuan=measure.yuan, adds=measure.adds)
            stock = [int(each) for name in WITH_A_MOVE if (each := garden.has[name]) is not None]
            gives = min([math.floor(Decimal(garden.known("teachers")) * limits.leave), *stock])
            less = {name: -value for name, value in measure.adds.items()}
            yield Action(measure=measure, garden=place, most=gives, yuan=Decimal(0), adds=less, grade="out")
    else:
        hired = {ITEM_OF_TEACHERS: (0.0, 1.0), ITEM_OF_CERTIFICATES: (1.0, 1.0)} if measure.id == TEACHER else {}
        yield Action(measure=measure, garden=place, most=measure.most, yuan=measure.yuan, adds=measure.adds, items=hired)


def _room(measure: Measure, garden: Garden) -> int:
    return min(measure.most, int(_free(measure, garden) // measure.grain))


def _free(measure: Measure, garden: Garden) -> float:
    """Return the m² that a site leaves room for; 0 where site or rooms are not known."""
    names = [measure.room["of"], *measure.room["less"]]
    if any(garden.has.get(name) is None for name in names):
        return 0.0
    free = garden.known(names[0]) * float(measure.room["times"]) - sum(garden.known(name) for name in names[1:])
    return max(0.0, free * float(measure.room["share"]))
