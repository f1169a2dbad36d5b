"""What a brief says of villages and catchments: a village that goes, or stays; a school that gives villages or takes them, or must not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.planning.planners.path_to_pass.zone_map import zones
from junheng.planning.planners.path_to_pass.zone_rules import Must
from junheng.planning.planners.path_to_pass.zones import WHY, Borders, Way, schools_of
from junheng.planning.proposal import Brief, Pin

VILLAGE = "villages.village"
GIVES, TAKES = "give_pupils", "take_pupils"
WORDS = {GIVES: Text("划出村居", "gives villages"), TAKES: Text("划入村居", "takes villages")}
_STAGES = ("primary", "junior")


def is_of_zones(pin: Pin) -> bool:
    """Return whether a pin speaks of catchments, not of measures."""
    return pin.what[0] == VILLAGE or pin.to in WORDS


def of_measures(brief: Brief) -> Brief:
    """Return a brief with the pins and forbids of measures only."""
    pins, forbids = (tuple(pin for pin in each if not is_of_zones(pin)) for each in (brief.pins, brief.forbids))
    return replace(brief, pins=pins, forbids=forbids)


def refuse_without_moves(brief: Brief) -> None:
    """Raise DataError for what is said of catchments while they stay."""
    found = [_refused("planning.zone_pin_without_moves", pin) for pin in (*brief.pins, *brief.forbids) if is_of_zones(pin)]
    if found:
        raise DataError(found)


def _refused(rule: str, pin: Pin, why: Text | str = "") -> Finding:
    return finding(rule, Place(column=pin.what[0], key=(pin.what[1],)), pin.to, why=why)


def as_pinned(county: County, brief: Brief, found: Borders) -> tuple[tuple[Way, ...], tuple[Must, ...]]:
    """Return the ways that a brief leaves open, and what must be. Raises DataError for what cannot be."""
    of = _Pinned(county, found)
    left = tuple(way for way in found.ways if not any(of.is_stopped(way, pin) for pin in brief.forbids))
    left = tuple(way for way in left if not any(of.is_kept(way, pin) for pin in brief.pins))
    musts = [of.must(pin, found.ways, pinned=True) for pin in brief.pins if is_of_zones(pin)]
    musts += [of.must(pin, found.ways, pinned=False) for pin in brief.forbids if pin.what[0] == VILLAGE]
    wrong = [each for each in musts if isinstance(each, Finding)]
    wrong += list(_twice(of, brief.pins))
    wrong = wrong or [_shut(each.pin) for each in musts if isinstance(each, Must) and not any(way.key in each.ways for way in left)]
    if wrong:
        raise DataError(wrong)
    return left, tuple(each for each in musts if isinstance(each, Must))


def _shut(pin: Pin) -> Finding:
    """Return that everything which could do what a pin says is forbidden, or pinned to stay."""
    return finding("planning.pin_against_forbid", Place(column=pin.what[0], key=(pin.what[1],)), pin.to)


def is_done(county: County, pin: Pin, chosen: Sequence[Way]) -> bool:
    """Return whether ways do what a pin says."""
    of = _Pinned(county, Borders(ways=(), stays=()))
    if pin.what[0] == VILLAGE:
        stages = of.stages(pin)
        went = {way.stage: way.zone for way in chosen if way.village == pin.what[1]}
        return any(pin.to in of.schools[stage].get(went.get(stage, of.zone[stage].get(pin.what[1], "")), ()) for stage in stages)
    return any(_touches(way, pin) for way in chosen)


class _Pinned:
    def __init__(self, county: County, found: Borders) -> None:
        self.zone = {stage: zones(county, stage) for stage in _STAGES}
        self.schools = {stage: schools_of(county, stage) for stage in _STAGES}
        self.stays = {(one.village, one.stage): one.why for one in found.stays if one.village}
        self.closed = {(one.zone, one.stage): one.why for one in found.stays if not one.village}

    def stages(self, pin: Pin) -> tuple[str, ...]:
        """Return the stages in which the school of a village's pin has a catchment."""
        return tuple(stage for stage in _STAGES if any(pin.to in schools for schools in self.schools[stage].values()))

    def _is_home(self, pin: Pin, stage: str) -> bool:
        """Return whether a village belongs to the school of its pin today."""
        return pin.to in self.schools[stage].get(self.zone[stage].get(pin.what[1], ""), ())

    def is_stopped(self, way: Way, pin: Pin) -> bool:
        """Return whether what is forbidden stops a way."""
        if pin.what[0] == VILLAGE:
            return way.village == pin.what[1] and pin.to in way.takes
        return pin.to in WORDS and _touches(way, pin)

    def is_kept(self, way: Way, pin: Pin) -> bool:
        """Return whether a pin keeps the village of a way where it is."""
        return pin.what[0] == VILLAGE and way.village == pin.what[1] and pin.to in way.gives

    def must(self, pin: Pin, ways: Sequence[Way], *, pinned: bool) -> Must | Finding | None:
        """Return what must be, why it cannot be, or None where nothing need be done."""
        if pin.what[0] == VILLAGE:
            at_home = any(self._is_home(pin, stage) for stage in self.stages(pin))
            if at_home == pinned:
                return None  # it is pinned to where it is, or must not go where it is not: ways are stopped, nothing need be done
            fits: Callable[[Way], bool] = (lambda way: pin.to in way.takes) if pinned else (lambda way: pin.to in way.gives)
            ways = [way for way in ways if way.village == pin.what[1] and fits(way)]
        else:
            ways = [way for way in ways if _touches(way, pin)]
        if not ways:
            return _refused("planning.pin_of_village_that_stays", pin, why=self._why(pin))
        return Must(rule=_rule(pin, pinned=pinned), pin=pin, ways=tuple(way.key for way in ways))

    def _why(self, pin: Pin) -> Text:
        """Return why what is pinned cannot be."""
        if pin.what[0] == VILLAGE:
            for stage in self.stages(pin):
                here = self.zone[stage].get(pin.what[1], "")
                there = [zone for zone, schools in self.schools[stage].items() if pin.to in schools]
                known = [self.stays.get((pin.what[1], stage)), *(self.closed.get((zone, stage)) for zone in (here, *there))]
                for why in known:
                    if why:
                        return WHY[why]
            return Text("两个学区在该村居处不相邻", "the two catchments do not meet at this village")
        for stage in _STAGES:
            for zone, schools in self.schools[stage].items():
                if pin.what[1] in schools and self.closed.get((zone, stage)):
                    return WHY[self.closed[zone, stage]]
        return Text("该校学区边界上没有可以改划的村居", "no village at its border may go")


def _touches(way: Way, pin: Pin) -> bool:
    return pin.what[1] in (way.gives if pin.to == GIVES else way.takes)


def _rule(pin: Pin, *, pinned: bool) -> Text:
    if pin.to in WORDS:
        word = WORDS[pin.to]
        return Text(f"指定：{pin.what[1]}{word.zh}", f"pinned: {pin.what[1]} {word.en}")
    if pinned:
        return Text(f"指定：{pin.what[1]}改划至{pin.to}", f"pinned: {pin.what[1]} goes to {pin.to}")
    return Text(f"禁止：{pin.what[1]}留在{pin.to}", f"forbidden: {pin.what[1]} stays with {pin.to}")


def _twice(of: _Pinned, pins: Sequence[Pin]) -> Iterator[Finding]:
    """Yield the villages that are pinned to two schools of a stage."""
    seen: dict[tuple[str, str], str] = {}
    for pin in pins:
        for stage in of.stages(pin) if pin.what[0] == VILLAGE else ():
            first = seen.setdefault((pin.what[1], stage), pin.to)
            if first != pin.to:
                yield finding("planning.pinned_twice", Place(column=VILLAGE, key=(pin.what[1],)), f"{first}, {pin.to}")
