"""Which zone each village of each year belongs to, through recodings and mergers: by code, then by name, then by its township."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from junheng.documents import finding, package_files, parse_csv
from junheng.errors import Finding, Place, Text
from junheng.model import County
from junheng.projection.assumptions import PACKAGE

_LINKS: Mapping[str, pl.DataType] = {"year": pl.Int64(), "village": pl.String(), "zone": pl.Int64(), "share": pl.Float64()}
_ROW = tuple[str, str, str]  # village, canonical name, township


@dataclass(frozen=True, slots=True, eq=False)
class Villages:
    """The zones of an area and the villages of each known year in them."""

    zones: tuple[str, ...]
    links: pl.DataFrame  # year, village, zone (index), share: a village whose zone is only known by township is shared out
    findings: tuple[Finding, ...]


def villages(counties: Sequence[County], zones: Sequence[str] | None = None) -> Villages:
    """Return the zone of every village of every year.

    zones: codes of townships, of villages (those of the latest year), of counties (where age groups list several), or the county's
    own; townships where villages have them, else counties, else the county when None. One rule for all years: a village has the
    zone of its code; where the code was given to another village or is gone, that of the village of the same name in the same
    township; else it is shared equally by the villages of its township that are new, or by all of them. A village of no zone, or of
    two townships in one year, is a finding.
    """
    ordered = sorted(counties, key=lambda county: county.year)
    wanted = tuple(zones) if zones is not None else usual_zones(ordered)
    findings: list[Finding] = []
    links: list[tuple[int, str, int, float]] = []
    for county in ordered:
        rows = list(_rows(county, findings))
        placed = _by_village(rows, wanted, ordered) if _are_villages(ordered, wanted) else _by_area(county, rows, wanted)
        links += [(county.year, village, zone, 1.0 / len(where)) for village, where in placed.items() for zone in where]
        findings += _told(county, rows, placed)
    return Villages(wanted, pl.DataFrame(links, schema=_LINKS, orient="row"), tuple(findings))


def usual_zones(counties: Sequence[County]) -> tuple[str, ...]:
    """Return the townships of the latest year with villages, else the counties that the age groups list, else the county itself."""
    for county in sorted(counties, key=lambda one: -one.year):
        townships = county.tables["villages"]["district"].drop_nulls().unique().sort().to_list()
        listed = county.tables["age_groups"]["county"].unique().sort().to_list()
        if townships or len(listed) > 1:
            return tuple(townships or [code for code in listed if code != county.code])
    return (counties[0].code,)


def canonical(name: str) -> str:
    """Return a place's name without blanks, brackets and the variant characters in which offices differ (name_variants.csv)."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(_variants().get(letter, letter) for letter in plain if not letter.isspace() and letter not in "[]")


@cache
def _variants() -> Mapping[str, str]:
    file = package_files(PACKAGE, "name_variants.csv")[0]
    return {row.values["written"]: row.values["read_as"] for row in parse_csv(file.text, file.name)}


def _rows(county: County, findings: list[Finding]) -> Iterator[_ROW]:
    """Return the villages of a year, each once; one that stands in two townships is told and stays in the first."""
    seen: dict[str, str] = {}
    frame = county.tables["villages"].select("village", "name", "district").sort("village", "district", nulls_last=True)
    for village, name, district in frame.iter_rows():
        if village not in seen:
            seen[village] = district or ""
            yield village, canonical(name or ""), district or ""
        elif seen[village] != (district or ""):
            found = Text(f"{seen[village]}和{district}", f"{seen[village]} and {district}")
            place = Place(table="villages", column="district", key=(village,), name=name or "")
            findings.append(finding("projection.village_in_two_towns", place, found, year=county.year))


def _are_villages(counties: Sequence[County], zones: Sequence[str]) -> bool:
    return any(set(zones) & set(county.tables["villages"]["village"]) for county in counties)


def _by_area(county: County, rows: Sequence[_ROW], zones: Sequence[str]) -> dict[str, list[int]]:
    """Place villages in townships by code or by the township's name, or all of them in the county."""
    place = {zone: number for number, zone in enumerate(zones)}
    named = dict(county.tables["districts"].select("district", "name").iter_rows())
    names = {canonical(named[zone]): place[zone] for zone in zones if zone in named}
    whole = place.get(county.code)
    placed: dict[str, list[int]] = {}
    for village, _, district in rows:
        zone = place.get(district, names.get(canonical(named.get(district) or ""), whole))
        placed[village] = [] if zone is None else [zone]
    return placed


def _by_village(rows: Sequence[_ROW], zones: Sequence[str], counties: Sequence[County]) -> dict[str, list[int]]:
    """Place the villages of one year among those of the latest year."""
    place = {zone: number for number, zone in enumerate(zones)}
    latest = next(county for county in reversed(counties) if set(zones) & set(county.tables["villages"]["village"]))
    now = [row for row in _rows(latest, []) if row[0] in place]
    by_name = {(district, name): place[village] for village, name, district in now}
    name_of = {village: (district, name) for village, name, district in now}
    placed: dict[str, list[int]] = {}
    for village, name, district in rows:
        same_name = by_name.get((district, name))
        if village in place and (name_of[village] == (district, name) or same_name is None):
            placed[village] = [place[village]]
        else:
            placed[village] = [] if same_name is None else [same_name]
    taken = {zone for where in placed.values() for zone in where}
    return {village: placed[village] or _in_township(district, now, place, taken) for village, _, district in rows}


def _in_township(district: str, now: Sequence[_ROW], place: Mapping[str, int], taken: set[int]) -> list[int]:
    every = [place[village] for village, _, its in now if its == district]
    return [zone for zone in every if zone not in taken] or every


def _told(county: County, rows: Sequence[_ROW], placed: Mapping[str, Sequence[int]]) -> Iterator[Finding]:
    shared = [village for village, _, _ in rows if len(placed[village]) > 1]
    lost = [village for village, _, _ in rows if not placed[village]]
    for rule, codes in (("projection.village_only_by_township", shared), ("projection.village_without_zone", lost)):
        if codes:
            place = Place(table="villages", column="village", key=(codes[0],))
            yield finding(
                rule, place, Text(f"{county.year}年{len(codes)}个村居", f"{len(codes)} village(s) of {county.year}"), count=len(codes)
            )
