"""Make the example county Qinghe: two full school years, ten light ones before them, and returns as schools would send them.

Run from a checkout: `python examples/qinghe/generate.py`. It needs nothing but the seeds in `source/` and gives the same bytes every time.
The county is fictitious; README.md says what is planted in it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from making import (
    answers,
    catchments,
    facts,
    groups,
    history,
    inspectors,
    ledgers,
    people,
    people_lists,
    places,
    places_planned,
    plants,
    programme,
    resources,
    returns,
    rosters,
    school_life,
    scores,
    siblings,
    staff,
    teachers,
)
from making.roster import Row, Site, Unit, band_rows, class_rows, enrolment_rows, read, sit, units_2024, units_2025
from making.shapes import shape
from making.ways import tables as ways

from junheng.model import County, county, schema
from junheng.store.folder import write_county

HERE = Path(__file__).resolve().parent
YEARS = (2024, 2025)


class Making:
    """Everything that is decided once and holds for both years."""

    def __init__(self) -> None:
        """Decide who lives where, who goes to which school, and what the schools have."""
        source = HERE / "source"
        self.sites = read(source / "roster.csv")
        self.code = plants.codes(self.sites)
        census = people.census(source / "census2020_620725.csv")
        self.ages = {year: people.aged(census, year) for year in (*range(people.CENSUS_YEAR, YEARS[0]), *YEARS)}
        self.ages |= {year: history.ages_before(census, year) for year in range(history.YEARS[0], people.CENSUS_YEAR)}
        children = {age: sum(self.ages[2025][sex][age] for sex in people.SEXES) for age in range(3, 19)}
        units = units_2025(self.sites, children, plants.grade_sizes(self.code))
        came_from = {self.code[plants.NEW_SCHOOL]: tuple(self.code[name] for name in plants.ITS_PUPILS_CAME_FROM)}
        self.units = {2025: units, 2024: units_2024(units, self.sites, children, came_from)}
        sit(units, plants.class_counts(self.code, units))
        sit(self.units[2024], {})
        self.sites_units: dict[str, list[Unit]] = {}  # the units of 2025: rooms and places are older than the pupils in them
        for unit in units:
            self.sites_units.setdefault(unit.code, []).append(unit)
        self._teams_and_holdings(units)
        districts = places.read_districts(source / "districts.csv")
        self.shape = shape()
        group = places.divide(self.shape, districts)
        self.districts = places.district_rows(self.shape, group, districts)
        self.villages, self.cells = places.villages(self.shape, group, districts, self.sites)
        self.stand = places.stand(self.sites, self.villages, self.cells, self.shape)
        self.old_sites = self.sites | history.sites_of_old(self.sites)
        gone = {code: site for code, site in self.old_sites.items() if code not in self.sites}
        self.stand |= places.stand(gone, self.villages, self.cells, self.shape)

    def _teams_and_holdings(self, units: list[Unit]) -> None:
        weak = {code: plants.weaknesses(site) for code, site in self.sites.items()}
        self.teams = {(unit.code, unit.stage): staff.team(unit, self.sites[unit.code], weak[unit.code]) for unit in units}
        self.held = {code: resources.holding(self.sites[code], its, weak[code]) for code, its in self.sites_units.items()}
        plants.plant_teams(self.code, self.teams)
        plants.plant_holdings(self.code, self.held)
        plants.plant_spread(self.sites, units, self.held)


def of_year(made: Making, year: int) -> County:
    """Return the county in one school year."""
    units, by_site = _open(made, year)
    main = {code: site.campus_of if site.is_campus(year) else code for code, site in made.sites.items()}
    tables = _school_tables(made, year, units, by_site)
    _take_out_missing(made, year, tables)
    tables["posts"] = facts.post_rows(units, tables["staff"], made.sites, main)
    tables["finance"] = _finance(made, year, units, main, tables["enrolment"])
    tables |= _area_tables(made, year)
    if year == YEARS[-1]:
        tables |= ways(made.shape, made.villages, made.cells)
        tables |= inspectors.tables(HERE / "source")
        tables |= _register(made, tables)
        tables |= catchments.tables(HERE / "source", units, made.sites, made.stand)
        tables["village_groups"] = groups.rows(tables["village_population"])
        tables["village_siblings"] = siblings.rows(tables["village_groups"], tables["catchment_villages"], tables["catchments"])
    teachers = sum(int(str(row["established"])) for row in tables["staff"] if row["stage"] in {"primary", "junior"})
    tables["county_facts"] = [facts.county_row(year, tables["enrolment"], tables["posts"], tables["population"], teachers, made.sites)]
    tables["stage_facts"] = facts.stage_rows(tables["enrolment"], tables["population"], made.sites)
    tables["monitoring"] = facts.monitoring_rows(year)
    tables["evidence"] = facts.given(HERE / "source" / "evidence.csv", year)
    tables["vetoes"] = [{**row, "day": f"{year}{str(row['day'])[4:]}"} for row in facts.given(HERE / "source" / "vetoes.csv", year)]
    tables |= programme.tables(HERE / "source", year, made.code, made.villages)
    tables |= school_life.tables(year, tables["enrolment"], tables["schools"], made.sites, facts.COUNTY)
    tables |= places_planned.tables(HERE / "source", units, made.sites, tables["villages"])
    return county(facts.COUNTY, year, {name: _frame(name, rows) for name, rows in tables.items()})


def _register(made: Making, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    counts = {name: tables[name] for name in ("staff", "staff_subjects", "staff_ages", "staff_titles")}
    plan = teachers.lesson_plan(HERE / "source" / "lesson_plan.csv")
    return teachers.tables(counts, made.sites, made.villages) | {"lesson_plan": plan}


def _open(made: Making, year: int) -> tuple[list[Unit], dict[str, list[Unit]]]:
    """Return the units of the schools that are open in the year, and the same by site."""
    units = [unit for unit in made.units[year] if made.sites[unit.code].exists(year)]
    by_site: dict[str, list[Unit]] = {}
    for unit in units:
        by_site.setdefault(unit.code, []).append(unit)
    return units, by_site


def _school_tables(made: Making, year: int, units: list[Unit], by_site: dict[str, list[Unit]]) -> dict[str, list[Row]]:
    sites = made.sites
    present = {code: sites[code] for code in by_site}
    tables: dict[str, list[Row]] = {
        "schools": [_school(made, site, year) for site in present.values() if not site.is_campus(year)],
        "campuses": [_campus(made, site) for site in present.values() if site.is_campus(year)],
        "enrolment": enrolment_rows(units, sites),
        "classes": class_rows(units, sites),
        "class_sizes": band_rows(units, sites),
        "places": [row for code in by_site for row in resources.place_rows(sites[code], made.sites_units[code])],
        "premises": [resources.premises_row(sites[code], made.held[code], its, year) for code, its in by_site.items()],
        "special_rooms": [
            {"school": code, "room": room, "use": use, "area_m2": area, "built_year": min(built, year)}
            for code in by_site
            for room, use, area, built in made.held[code].rooms
        ],
        "equipment": [resources.equipment_row(sites[code], made.held[code], year) for code in by_site],
    }
    teams = [(unit, sites[unit.code], _team(made, unit, year)) for unit in units]
    tables["staff"] = [staff.staff_row(*item) for item in teams]
    tables["staff_subjects"] = [staff.subject_row(unit, its) for unit, _, its in teams]
    tables["staff_ages"] = [staff.age_row(*item) for item in teams]
    for row in tables["equipment"]:
        if year == 2025 and row["school"] == made.code[plants.BOOKS_OF_THE_WORKED_EXAMPLE]:
            row["books"] = 23_226
    tables["staff_titles"] = [staff.title_row(unit, its) for unit, _, its in teams]
    return tables


def _team(made: Making, unit: Unit, year: int) -> staff.Team:
    its = made.teams[unit.code, unit.stage]
    fewer = staff.earlier(its, unit.code) if year == 2024 and its.above is None else 0
    return staff.Team(**{**vars(its), "teachers": its.teachers - fewer})


def _take_out_missing(made: Making, year: int, tables: dict[str, list[Row]]) -> None:
    """Take out the returns that were not sent in 2025."""
    for name, missing in (("premises", plants.NO_PREMISES), ("equipment", plants.NO_EQUIPMENT)) if year == 2025 else ():
        gone = {made.code[school] for school in missing}
        tables[name] = [row for row in tables[name] if row["school"] not in gone]


def _finance(made: Making, year: int, units: list[Unit], main: dict[str, str], enrolment: list[Row]) -> list[Row]:
    its: dict[str, list[Unit]] = {}
    for unit in units:
        its.setdefault(main[unit.code], []).append(unit)
    boarders: dict[str, int] = {}
    for row in enrolment:
        school = main[str(row["school"])]
        boarders[school] = boarders.get(school, 0) + int(str(row["boarders"]))
    return [resources.finance_row(made.sites[code], held, boarders[code], made.held[code], year) for code, held in its.items()]


def _school(made: Making, site: Site, year: int) -> Row:
    village, lon, lat = made.stand[site.code]
    kindergarten = site.kind == "kindergarten"
    township = next(str(row["name"]) for row in made.districts if row["district"] == site.district)
    lane = next(v.name for v in made.villages if v.code == village)
    return {
        "school": site.code,
        "name": site.name_2024 if year <= 2024 and site.name_2024 else site.name,
        "kind": site.kind,
        "founder": site.founder,
        "ownership": "private" if site.private else "public",
        "inclusive": site.inclusive == "yes" if kindergarten and site.private else None,
        "estate_kindergarten": site.estate == "yes" if kindergarten else None,
        "urban_rural": site.urban_rural,
        "district": site.district,
        "village": village,
        "address": f"清河县{township}{lane}",
        "built_year": site.built_year,
        "boarding": site.boarding == "yes",
        "parent": site.parent or None,
        "lon": lon,
        "lat": lat,
        "coordinates": "wgs84",
    }


def _campus(made: Making, site: Site) -> Row:
    village, lon, lat = made.stand[site.code]
    row: Row = {"campus": site.code, "school": site.campus_of, "name": site.name, "counted": site.counted == "yes"}
    return row | {"village": village, "lon": lon, "lat": lat}


def _area_tables(made: Making, year: int) -> dict[str, list[Row]]:
    rows = people.by_village(made.ages[year], made.villages)
    persons = _persons(rows)
    return {
        "population": people.county_population(rows, facts.COUNTY),
        "districts": made.districts,
        "villages": places.village_rows(made.shape, made.villages, made.cells, persons),
        "village_population": rows,
        "adjacency": places.adjacency_rows(made.shape, made.villages, made.cells),
        "births": people.births(rows, made.villages, year),
    }


def light_years(made: Making) -> Iterator[County]:
    """Yield the county in the years before 2024, latest first: schools, enrolment, places, births and population only."""
    children = {year: {age: sum(ages[sex][age] for sex in people.SEXES) for age in range(3, 20)} for year, ages in made.ages.items()}
    full = {name: [row for row in rows if row["calendar_year"] <= 2024] for name, rows in _births(made).items()}
    stated = [row for code, its in made.sites_units.items() for row in resources.place_rows(made.sites[code], its)]
    units = made.units[YEARS[0]]
    for year in reversed(history.YEARS):
        units = history.units_before(units, made.old_sites, year, children)
        rows = people.by_village(made.ages[year], made.villages)
        codes = dict.fromkeys(unit.code for unit in units)
        sites = [made.old_sites[code] for code in codes]
        tables = {
            "schools": [_school(made, site, year) for site in sites if not site.is_campus(year)],
            "campuses": [_campus(made, site) for site in sites if site.is_campus(year)],
            "enrolment": history.enrolment(enrolment_rows(units, made.old_sites)),
            "places": history.place_rows(units, stated),
            "population": people.county_population(rows, facts.COUNTY),
            "districts": [{name: row[name] for name in ("district", "name")} for row in made.districts],
            "villages": history.village_rows(places.village_rows(made.shape, made.villages, made.cells, _persons(rows))),
            "births": history.birth_rows(full["latest"], full["before"], year),
            "school_changes": history.change_rows(year),
        }
        yield county(facts.COUNTY, year, {name: _frame(name, rows) for name, rows in tables.items() if rows})


def _births(made: Making) -> dict[str, list[Row]]:
    """Return births by village: those of the latest year's table, and before it those of the first light year."""
    latest, first = YEARS[-1], history.YEARS[0] + 1
    return {
        "latest": people.births(people.by_village(made.ages[latest], made.villages), made.villages, latest),
        "before": [
            row
            for row in people.births(people.by_village(made.ages[first], made.villages), made.villages, first, history.FIRST_BIRTHS)
            if int(str(row["calendar_year"])) < first
        ],
    }


def _persons(rows: list[Row]) -> dict[str, int]:
    persons: dict[str, int] = {}
    for row in rows:
        persons[str(row["village"])] = persons.get(str(row["village"]), 0) + int(str(row["persons"]))
    return persons


def _frame(name: str, rows: list[Row]) -> pl.DataFrame:
    """Return the rows as text columns: the schema's types are given by the County."""
    columns = [column for column in schema().tables[name].names if any(column in row for row in rows)]
    unknown = {column for row in rows for column in row} - set(schema().tables[name].names)
    if unknown:
        raise KeyError(f"{name}: {unknown}")
    return pl.DataFrame({column: [_text(row.get(column)) for row in rows] for column in columns}, schema=dict.fromkeys(columns, pl.String))


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def main(folder: Path) -> None:
    """Write all years and the returns into the folder."""
    made = Making()
    for past in light_years(made):
        write_county(folder, past)
    for year in YEARS:
        write_county(folder, of_year(made, year))
    complete = _school_tables(made, 2025, *_open(made, 2025))  # schools fill in their returns themselves, before anything is lost
    returns.write(folder / "returns" / "2025", complete, made.code)
    people_lists.write_lists(folder / "lists")
    teachers.write_names(folder / "lists", _register(made, complete)["teachers"])
    ledgers.write_lists(folder / "ledgers" / "lists", HERE / "source" / "ledgers", made.sites)
    scores.write_scores(folder / "ledgers" / "scores", made.sites, complete["classes"])
    answers.write_answers(folder / "ledgers" / "answers", made.sites, complete["classes"], complete["enrolment"])
    rosters.write_rosters(folder / "rosters", folder, made.sites)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
