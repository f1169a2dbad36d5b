"""Townships, villages and where the schools stand."""

import csv
import json
import math
from pathlib import Path

from making.draw import between, draw
from making.people import Village, village_list
from making.roster import Row, Site
from making.shapes import Point, Shape, area_km2, degrees, length_m, outlines

# Two-character names: a place word and a ground word; no village is named after a real one on purpose.
FIRST = "上下东西南北前后大小新老高长红白青黄金银"
SECOND = {
    "629921101": "柳渠营滩", "629921102": "杨庙屯坊", "629921103": "桥坝墩磨", "629921104": "沙井闸城", "629921105": "泉寺崖源",
    "629921106": "坝湖湾墩", "629921200": "沟树岔坡", "629921201": "羊嘴根梁", "629921202": "湾沿塬台", "629921203": "岭坡顶洼",
}  # fmt: skip
REAL_PLACES = {"长沙村", "金沙村", "金湖村"}  # a city and counties of these names exist
COMMUNITIES = "文昌东关西关南关北关钟楼河滨安居锦绣翠湖福临新园长青光明和平团结胜利建设友好兴盛永宁康宁平安幸福泰和清源瑞泉丰收"


def divide(shape: Shape, districts: list[dict[str, str]]) -> list[int]:
    """Return the township of each cell: townships grow from their seats, the one furthest behind its size first."""
    near: dict[int, list[int]] = {i: [] for i in range(len(shape.points))}
    for a, b in shape.borders:
        if b >= 0:
            near[a].append(b)
            near[b].append(a)
    seats = [(float(d["east_km"]), float(d["north_km"])) for d in districts]
    group = [-1] * len(shape.points)
    for number, seat in enumerate(seats):
        free = [i for i in near if group[i] < 0]
        group[min(free, key=lambda i: math.dist(shape.points[i], seat))] = number
    while -1 in group:
        behind = sorted(range(len(seats)), key=lambda k: group.count(k) / int(districts[k]["villages"]))
        for number in behind:
            edge = {j for i in near if group[i] == number for j in near[i] if group[j] < 0}
            if edge:
                group[min(edge, key=lambda j: (math.dist(shape.points[j], seats[number]), j))] = number
                break
    return group


def district_rows(shape: Shape, group: list[int], districts: list[dict[str, str]]) -> list[Row]:
    """Return the rows of `districts` with their outlines."""
    rings = outlines(shape, group)
    return [{"district": d["district"], "name": d["name"], "geometry": _geojson(rings[k])} for k, d in enumerate(districts)]


def villages(shape: Shape, group: list[int], districts: list[dict[str, str]], sites: dict[str, Site]) -> tuple[list[Village], list[int]]:
    """Return the villages with code, name and weights, and the cell of each; the seat of a township comes first.

    Villages in which the roster places a school carry the name it gives; the others are named by draw.
    """
    names: list[tuple[str, str, str]] = []
    cells: list[int] = []
    seen = {site.place for site in sites.values()} | REAL_PLACES
    for number, district in enumerate(districts):
        seat = float(district["east_km"]), float(district["north_km"])
        its = sorted((i for i in range(len(group)) if group[i] == number), key=lambda i: math.dist(shape.points[i], seat))
        placed = _placed(district["district"], len(its), sites)
        for order, cell in enumerate(its):
            code = f"{district['district']}{order + 1 if order == 0 or district['spread'] == 'urban' else 199 + order:03d}"
            names.append((code, placed.get(order) or _name(district, order, seen), district["district"]))
            cells.append(cell)
    children = {d["district"]: float(d["children"]) for d in districts}
    return village_list(names, children, {d["district"]: d["spread"] for d in districts}), cells


def _placed(district: str, count: int, sites: dict[str, Site]) -> dict[int, str]:
    """Return the villages with a school by their order from the seat: spread evenly from near to far."""
    wanted = list(dict.fromkeys(site.place for site in sites.values() if site.district == district and site.place.endswith("村")))
    return {1 + int((k + 0.5) * (count - 1) / len(wanted)): name for k, name in enumerate(wanted)}


def _name(district: dict[str, str], order: int, seen: set[str]) -> str:
    if district["spread"] == "urban":
        pairs = map("".join, zip(COMMUNITIES[::2], COMMUNITIES[1::2], strict=True))
        name = next(f"{pair}社区" for pair in pairs if f"{pair}社区" not in seen)
        seen.add(name)
        return name
    if order == 0:
        return f"{district['name'][:2]}社区"
    ground = SECOND[district["district"]]
    for attempt in range(1000):
        first = FIRST[int(draw("first", district["district"], order, attempt) * len(FIRST))]
        name = f"{first}{ground[(order + attempt) % len(ground)]}村"
        if name not in seen and name[0] != name[1]:
            seen.add(name)
            return name
    raise ValueError(district["district"])


def village_rows(shape: Shape, its: list[Village], cells: list[int], persons: dict[str, int]) -> list[Row]:
    """Return the rows of `villages`."""
    rows: list[Row] = []
    for village, cell in zip(its, cells, strict=True):
        lon, lat = degrees(shape.points[cell])
        households = round(persons[village.code] / (2.52 * between(0.95, 1.06, "households", village.code)))
        row: Row = {"village": village.code, "name": village.name, "district": village.district, "households": households}
        row |= {"lon": lon, "lat": lat, "area_km2": round(area_km2(shape.rings[cell]), 4), "geometry": _geojson([shape.rings[cell]])}
        rows.append(row)
    return rows


def adjacency_rows(shape: Shape, its: list[Village], cells: list[int]) -> list[Row]:
    """Return each neighbouring pair once (the smaller code first) with the length of its border."""
    code = {cell: village.code for village, cell in zip(its, cells, strict=True)}
    rows: list[Row] = []
    for (a, b), line in shape.borders.items():
        if b >= 0:
            first, second = sorted((code[a], code[b]))
            rows.append({"village_a": first, "village_b": second, "shared_m": round(length_m(line), 1)})
    return rows


def _geojson(rings: list[list[Point]]) -> str:
    """Return a GeoJSON polygon (WGS 84, outer ring counter-clockwise), or a multipolygon when there are several rings."""
    closed = [[list(degrees(point)) for point in [*ring, ring[0]]] for ring in rings]
    shape = (
        {"type": "Polygon", "coordinates": closed}
        if len(closed) == 1
        else {"type": "MultiPolygon", "coordinates": [[ring] for ring in closed]}
    )
    return json.dumps(shape, separators=(",", ":"))


def stand(sites: dict[str, Site], its: list[Village], cells: list[int], shape: Shape) -> dict[str, tuple[str, float, float]]:
    """Return for each school or campus its village, longitude and latitude.

    Schools of the county seat stand in its communities in turn; elsewhere a school stands in the village that the roster names,
    at the township's seat, or next to it.
    """
    by_district: dict[str, list[int]] = {}
    for i, village in enumerate(its):
        by_district.setdefault(village.district, []).append(i)
    named = {village.name: i for i, village in enumerate(its)}
    turn: dict[str, int] = {}
    result = {}
    for code, site in sites.items():
        own = by_district[site.district]
        if site.seat:
            index = turn.get(site.district, 0)
            turn[site.district] = index + 1
            chosen = own[index * 5 % len(own)]
        else:
            chosen = named.get(site.place) or own[1 if site.place == "outer" else 0]
        result[code] = (its[chosen].code, *_near_point(shape, cells[chosen], code))
    return result


def _near_point(shape: Shape, cell: int, code: str) -> tuple[float, float]:
    """Return a place well inside the cell: part of the way from its middle to one of its corners."""
    ring = shape.rings[cell]
    corner = ring[int(draw("corner", code) * len(ring))]
    middle = shape.points[cell]
    part = between(0.12, 0.45, "part", code)
    return degrees((middle[0] + (corner[0] - middle[0]) * part, middle[1] + (corner[1] - middle[1]) * part))


def read_districts(file: Path) -> list[dict[str, str]]:
    """Return the townships: code, name, number of villages, seat, share of the county's people."""
    return list(csv.DictReader(file.open(encoding="utf-8")))
