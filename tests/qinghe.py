"""The fictitious county's files as plain rows, and the seven indicators in fractions: nothing here reads the code under test."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QINGHE = ROOT / "examples" / "qinghe"
CODE = "629921"
YEARS = (2024, 2025)
ITEMS = ("above_degree", "backbone", "pe_arts", "teaching", "sports", "equipment", "multimedia")
LIMIT = {  # the seven resource indicators, from the document: per 100 pupils, or per pupil
    "primary": dict(zip(ITEMS, map(Fraction, ("4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3")), strict=True)),
    "junior": dict(zip(ITEMS, map(Fraction, ("5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4")), strict=True)),
}
SHARE = {"primary": Fraction(1), "junior": Fraction("1.1"), "senior": Fraction("1.32")}
SHARE_COMPLETE = {"junior": Fraction(1), "senior": Fraction("1.2")}


@cache
def rows(table: str, year: int = 2025) -> list[dict[str, str]]:
    with (QINGHE / str(year) / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def schools(year: int = 2025) -> dict[str, dict[str, str]]:
    return {row["school"]: row for row in rows("schools", year)}


def school(name: str, year: int = 2025) -> str:
    (code,) = [code for code, row in schools(year).items() if row["name"] == name]
    return code


def judged_as(site: str, year: int = 2025) -> str:
    """A campus that is not judged apart counts with its school."""
    merged = {row["campus"]: row["school"] for row in rows("campuses", year) if row["counted"] == "false"}
    return merged.get(site, site)


@cache
def pupils(year: int = 2025) -> Counter[tuple[str, str]]:
    count: Counter[tuple[str, str]] = Counter()
    for row in rows("enrolment", year):
        count[judged_as(row["school"], year), row["stage"]] += int(row["pupils"])
    return count


@cache
def held(year: int = 2025) -> dict[str, dict[str, Fraction | None]]:
    """What each school has; None when a row of it was not sent."""
    total: dict[str, dict[str, Fraction | None]] = defaultdict(dict)
    sites = {row["school"] for row in rows("enrolment", year)}
    for table in ("premises", "equipment"):
        sent = {row["school"]: row for row in rows(table, year)}
        columns = next(iter(sent.values())).keys() - {"school"}
        for site in sites:
            whole = total[judged_as(site, year)]
            for column in columns:
                before = whole.get(column, Fraction(0))
                missing = before is None or site not in sent
                whole[column] = None if missing else before + Fraction(sent[site].get(column) or 0)
    return total


@cache
def teachers(year: int = 2025) -> dict[tuple[str, str], Counter[str]]:
    count: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for table in ("staff", "staff_subjects"):
        for row in rows(table, year):
            its = count[judged_as(row["school"], year), row["stage"]]
            its.update({column: int(value or 0) for column, value in row.items() if column not in {"school", "stage"}})
    return count


def resource(site: str, item: str) -> Fraction | None:
    its = held()[site]
    plus, minus = {
        "teaching": (("teaching_area_m2",), ("indoor_sports_area_m2",)),
        "sports": (("sports_ground_area_m2", "indoor_sports_area_m2"), ()),
        "equipment": (("teaching_equipment_yuan",), ()),
        "multimedia": (("multimedia_rooms",), ()),
    }[item]
    parts = [its[name] for name in (*plus, *minus)]
    if None in parts:
        return None
    return sum(its[name] for name in plus) - sum(its[name] for name in minus)


def indicator(site: str, stage: str, item: str) -> Fraction | None:
    """The value per pupil (or per 100) of one school and stage; what an all-through school shares is split by weight."""
    number = pupils()[site, stage]
    its = teachers()[site, stage]
    people = {
        "above_degree": its["doctors"] + its["masters"] + its["bachelors"] + (its["colleges"] if stage == "primary" else 0),
        "backbone": its["backbone"],
        "pe_arts": its["pe"] + its["music"] + its["fine_art"] + its["arts"],
    }
    if item in people:
        return Fraction(100 * people[item], number)
    total = resource(site, item)
    weights = SHARE_COMPLETE if schools().get(site, {}).get("kind") == "complete_secondary" else SHARE
    weighted = sum(weight * pupils()[site, other] for other, weight in weights.items())
    per_pupil = None if total is None else weights[stage] * total / weighted
    return per_pupil if item != "multimedia" or per_pupil is None else 100 * per_pupil


def ratio(site: str, stage: str, item: str) -> Fraction:
    value = indicator(site, stage, item)
    assert value is not None
    return value / LIMIT[stage][item]


def judged(stage: str) -> Iterator[str]:
    """The schools to which the seven indicators apply."""
    for (site, its), number in pupils().items():
        kind = schools().get(site, {}).get("kind")
        if its == stage and kind not in {"special", "vocational"} and not (kind == "teaching_point" and number < 50):
            yield site


def squared_variation(stage: str, item: str) -> Fraction:
    """The square of the coefficient of variation, weighted by pupils: exact, so that a limit can be compared exactly."""
    values = [(pupils()[site, stage], indicator(site, stage, item)) for site in judged(stage)]
    everyone = sum(number for number, _ in values)
    mean = sum(number * value for number, value in values) / everyone
    return sum(number * (value - mean) ** 2 for number, value in values) / everyone / mean**2
