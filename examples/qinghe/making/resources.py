"""What the schools of Qinghe have: buildings, rooms, equipment, money, posts and places.

The levels below are those around which the invented schools lie. They are not standards: those are read from the library.
"""

from dataclasses import dataclass, field

from making.draw import between, draw, whole
from making.roster import Row, Site, Unit

# per pupil of the stage (rooms: per 100 pupils)
LEVEL = {
    "teaching": {"primary": 4.5, "junior": 5.8, "senior": 6.2, "special": 14.0},
    "sports": {"primary": 7.5, "junior": 10.2, "senior": 10.0, "special": 12.0},
    "equipment": {"primary": 2000.0, "junior": 2500.0, "senior": 3200.0, "special": 9000.0},
    "multimedia": {"primary": 2.3, "junior": 2.4, "senior": 2.2, "special": 8.0},
}
SHARING = {"primary": 1.0, "junior": 1.1, "senior": 1.32, "special": 1.0, "preschool": 1.0}  # in a school of several stages
SHARING_COMPLETE = {"junior": 1.0, "senior": 1.2}
FUNDS = {"preschool": 620.0, "primary": 720.0, "junior": 940.0, "senior": 1150.0, "special": 8600.0}
PER_BOARDER = 300
PER_CLASSROOM = 50  # m²
SMALLEST = 50  # pupils: below, a site has only small special rooms
# least and most of the usual ratio to the level, by the number of pupils of the site
USUAL = {
    "teaching": ((100, 1.7, 3.2), (260, 1.35, 2.3), (700, 1.15, 1.7), (99_999, 1.02, 1.28)),
    "sports": ((100, 1.9, 4.2), (260, 1.5, 2.9), (700, 1.15, 1.9), (99_999, 1.01, 1.18)),
    "equipment": ((100, 1.6, 3.4), (260, 1.3, 2.4), (700, 1.1, 1.7), (99_999, 1.02, 1.35)),
    "multimedia": ((100, 1.8, 3.0), (260, 1.3, 2.1), (700, 1.1, 1.5), (99_999, 1.01, 1.12)),
}


@dataclass
class Holding:
    """What one site has, before it is written to tables; plants set these."""

    pupils: float  # weighted by stage as the stages share the site
    count: int
    teaching: float = 0  # without indoor sports
    indoor: float = 0
    ground: float = 0
    equipment: float = 0
    multimedia: int = 0
    rooms: list[tuple[str, str, float, int]] = field(default_factory=list)  # name, use, m², year
    funds: float | None = None
    training_share: float | None = None
    factor: dict[str, float] = field(default_factory=dict)


def sharing(site: Site) -> dict[str, float]:
    """Return how the stages of a site share what it has."""
    return SHARING_COMPLETE if site.kind == "complete_secondary" else SHARING


def holding(site: Site, units: list[Unit], weak: frozenset[str]) -> Holding:
    """Return the usual holding of a site: more per pupil where there are fewer; a `weak` quantity lies a little below the level."""
    share = sharing(site)
    pupils = sum(share[unit.stage] * unit.total for unit in units)
    count = sum(unit.total for unit in units)
    held = Holding(pupils, count)
    stages = [unit.stage for unit in units]
    if stages == ["preschool"]:
        return held
    for quantity, level in LEVEL.items():
        target = max(level[stage] / share[stage] for stage in stages)
        held.factor[quantity] = _ratio(site, quantity, count, weak) * target
    held.indoor = float(whole(held.pupils * 0.35)) if count > 900 and draw("hall", site.code) < 0.75 else 0.0
    held.teaching = float(whole(held.factor["teaching"] * pupils))
    held.ground = max(0.0, whole(held.factor["sports"] * pupils) - held.indoor)
    held.equipment = 100.0 * whole(held.factor["equipment"] * pupils / 100)
    held.multimedia = _multimedia(held, weak)
    held.rooms = _rooms(site, held, sum(unit.class_count for unit in units))
    return held


def _ratio(site: Site, quantity: str, count: int, weak: frozenset[str]) -> float:
    if quantity in weak:
        return between(0.88, 0.985, "ratio", site.code, quantity)
    low, high = next((low, high) for most, low, high in USUAL[quantity] if count < most)
    return between(low, high, "ratio", site.code, quantity)


def _multimedia(held: Holding, weak: frozenset[str]) -> int:
    exact = held.factor["multimedia"] * held.pupils / 100
    rooms = int(exact) if "multimedia" in weak else int(-(-exact // 1))
    return max(rooms, 1)


def _rooms(site: Site, held: Holding, classes: int) -> list[tuple[str, str, float, int]]:
    """Return special rooms: music and art for every twelve classes; then, where there is room, science, computers and others."""
    sets = -(-classes // 12)
    year = max(int(site.built_year), 2012 + int(10 * draw("rooms", site.code)))
    if held.count < SMALLEST:
        size = float(min(54, whole(0.18 * held.teaching)))
        return [("音乐教室1", "music", size, year), ("美术教室1", "art", size, year)]
    result = []
    for number in range(1, sets + 1):
        result.append((f"音乐教室{number}", "music", float(whole(between(96, 112, "music", site.code, number))), year))
        result.append((f"美术教室{number}", "art", float(whole(between(90, 104, "art", site.code, number))), year))
    free = held.teaching - PER_CLASSROOM * classes - sum(area for _, _, area, _ in result)
    wanted = [("图书阅览室", "library", float(whole(between(60, 200, "library", site.code))), year)]
    wanted += [
        ("计算机教室1", "computer", 96.0, year),
        ("心理辅导室", "psychology", float(whole(between(24, 40, "calm", site.code))), year),
    ]
    wanted += [(f"科学实验室{n}", "science", float(whole(between(88, 104, "lab", site.code, n))), year) for n in range(1, sets + 1)]
    for room in wanted:
        if room[2] <= free:
            result.append(room)
            free -= room[2]
    return result


def premises_row(site: Site, held: Holding, units: list[Unit], year: int) -> Row:
    """Return the row of `premises`."""
    classes = sum(unit.class_count for unit in units)
    if site.kind == "kindergarten":
        return _kindergarten(site, held, classes)
    teaching = held.teaching + held.indoor
    floor = teaching * between(1.28, 1.5, "floor", site.code) + (5.5 * held.count if site.boarding == "yes" else 0)
    return {
        "school": site.code,
        "site_area_m2": whole(held.ground * 1.35 + floor * between(0.9, 1.5, "site", site.code)),
        "floor_area_m2": whole(floor),
        "teaching_area_m2": teaching,
        "indoor_sports_area_m2": held.indoor,
        "sports_ground_area_m2": held.ground,
        "multimedia_rooms": held.multimedia if year == 2025 else max(1, held.multimedia - whole(0.08 * held.multimedia)),
        "classrooms": classes + whole(classes * between(0, 0.15, "spare", site.code)),
        "in_use_since": site.built_year,
    }


def _kindergarten(site: Site, held: Holding, classes: int) -> Row:
    old_private = site.private and int(site.built_year) < 2015
    low = 0.94 if old_private and draw("tight", site.code) < 0.35 else 1.03
    many = held.count
    return {
        "school": site.code,
        "site_area_m2": whole(many * between(12, 17, "site", site.code)),
        "floor_area_m2": whole(many * 10.44 * between(low, low + 0.4, "floor", site.code)),
        "sports_ground_area_m2": whole(many * 2.1),
        "outdoor_area_m2": whole(many * 4 * between(low, low + 0.8, "outdoor", site.code)),
        "activity_area_m2": whole(many * 8.17 * between(low, low + 0.25, "activity", site.code)),
        "multimedia_rooms": classes,
        "classrooms": classes,
        "in_use_since": site.built_year,
    }


def equipment_row(site: Site, held: Holding, year: int) -> Row:
    """Return the row of `equipment`; a year earlier there was a little less."""
    grown = 1.0 if year == 2025 else between(0.90, 0.97, "grown", site.code)
    if site.kind == "kindergarten":
        books = whole(held.count * between(4.2, 9.5, "books", site.code) * grown)
        value = 100 * whole(held.count * between(3.5, 8.5, "toys", site.code) * grown)
        return {
            "school": site.code,
            "teaching_equipment_yuan": 100 * whole(held.count * 6.2 * grown),
            "books": books,
            "computers": whole(held.count / 22),
            "toy_value_yuan": value,
        }
    per_pupil = 34 if site.row["senior"] else 31 if site.row["junior"] else 24
    return {
        "school": site.code,
        "teaching_equipment_yuan": held.equipment if year == 2025 else 100 * whole(held.equipment * grown / 100),
        "books": whole(held.count * per_pupil * between(0.9, 1.5, "books", site.code) * grown),
        "computers": whole(held.pupils / between(6.5, 9.5, "computers", site.code) * grown, 2),
    }


def finance_row(site: Site, units: list[Unit], boarders: int, held: Holding, year: int) -> Row:
    """Return the row of `finance`: a school with fewer than 100 pupils is funded as if it had 100."""
    count = sum(unit.total for unit in units)
    funds = sum(FUNDS[unit.stage] * unit.total for unit in units) + PER_BOARDER * boarders
    if site.kind not in {"kindergarten", "special"} and 0 < count < 100:
        funds *= 100 / count
    funds = 100 * whole(funds * between(1.002, 1.05, "funds", site.code) * (1 if year == 2025 else 0.985 if count >= 100 else 1.0) / 100)
    if held.funds is not None and year == 2025:
        funds = held.funds
    share = held.training_share if held.training_share and year == 2025 else between(0.0505, 0.066, "training", site.code, year)
    training = 10 * whole(funds * share / 10)
    spent = between(0.972, 1.0, "spent", site.code, year)
    staff_cost = count * between(11_500, 15_500, "staff cost", site.code)
    return {
        "school": site.code,
        "public_funds_yuan": funds,
        "public_funds_final_yuan": whole(funds * spent),
        "training_yuan": training,
        "training_final_yuan": whole(training * between(0.97, 1.0, "trained", site.code, year)),
        "capital_yuan": 1000 * whole(count * between(0, 0.9, "capital", site.code, year)),
        "current_yuan": whole(staff_cost + funds * spent),
    }


def place_rows(site: Site, units: list[Unit]) -> list[Row]:
    """Return the rows of `places`: capacity by stage and the rooms it stands on."""
    size = {"preschool": 30, "primary": 45, "junior": 50, "senior": 55, "special": 12}
    rows: list[Row] = []
    for unit in units:
        rooms = unit.class_count + whole(unit.class_count * between(0, 0.16, "rooms", site.code, unit.stage))
        per_room = 30 if site.kind == "teaching_point" else size[unit.stage]
        rows.append({"school": site.code, "stage": unit.stage, "places": rooms * per_room, "rooms": rooms})
    return rows
