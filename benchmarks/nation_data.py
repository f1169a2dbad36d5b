"""A nation in Parquet, one folder a table with a county column: fictitious, seeded, the same content every time.

The shape is that of the returns a county sends: pupils by grade and sex, one row a class, staff by stage, premises and money by school.
20 schools of a fixed mix have 24 stages, so that 250,000 school-stages are 208,340 schools. The girls of every hundredth school are at a
campus that is not judged apart. 2 values in 1,000 are missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import duckdb

from junheng.indicators.engine_duckdb import in_schema
from junheng.model import schema

KINDS = (
    *["primary"] * 8,
    "teaching_point",
    *["junior"] * 3,
    *["nine_year"] * 3,
    "complete_secondary",
    "senior",
    *["kindergarten"] * 2,
    "special",
)
STAGES_OF_KIND = {
    "kindergarten": ("preschool",),
    "primary": ("primary",),
    "teaching_point": ("primary",),
    "junior": ("junior",),
    "nine_year": ("primary", "junior"),
    "complete_secondary": ("junior", "senior"),
    "senior": ("senior",),
    "special": ("special",),
}
GRADES = {
    "preschool": ("k1", "k2", "k3"),
    "primary": tuple("123456"),
    "junior": tuple("789"),
    "senior": ("10", "11", "12"),
    "special": ("all",),
}
DONE = "complete"


class Size(NamedTuple):
    """How large a nation is asked for."""

    counties: int
    school_stages: int

    @property
    def schools(self) -> int:
        """Return the number of schools with that many stages, the mix of kinds being complete."""
        stages = sum(len(STAGES_OF_KIND[kind]) for kind in KINDS)
        return -(-self.school_stages // stages) * len(KINDS)


def nation(folder: Path, size: Size) -> Path:
    """Return the folder of the nation's tables, written now unless it is there."""
    place = folder / f"nation-{size.counties}-{size.school_stages}"
    if not (place / DONE).exists():
        place.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect()
        try:
            _seeds(connection, size)
            for table, query in _tables().items():
                (place / table).mkdir(exist_ok=True)
                query = f"select {in_schema(table, {name: name for name in connection.sql(query).columns})} from ({query})"
                connection.execute(f"copy ({query}) to '{place / table / 'part-0.parquet'}' (format parquet, compression zstd)")
        finally:
            connection.close()
        (place / DONE).write_text("", encoding="utf-8")
    return place


def _seeds(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    """Make what every table is drawn from: counties, schools with a kind, stages with pupils, grades."""
    kinds = ", ".join(f"({index}, '{kind}')" for index, kind in enumerate(KINDS))
    stages = ", ".join(f"('{kind}', '{stage}')" for kind, found in STAGES_OF_KIND.items() for stage in found)
    grades = ", ".join(f"('{stage}', '{grade}')" for stage, found in GRADES.items() for grade in found)
    connection.execute("""
        create macro draw(name, i, n) as cast(hash(name || '/' || i) % n as bigint);
        create macro sent(name, i, x) as case when hash('missing/' || name || '/' || i) % 1000 >= 2 then x end;
        create macro area(x) as cast(x as decimal(18, 4));
    """)
    connection.execute(f"create table kinds as select * from (values {kinds}) as k (nth, kind)")
    connection.execute(f"create table stages_of as select * from (values {stages}) as k (kind, stage)")
    connection.execute(f"create table grades_of as select * from (values {grades}) as k (stage, grade)")
    connection.execute(f"create table counties as select range as c, printf('%06d', 110000 + range) as county from range({size.counties})")
    connection.execute(f"""
        create table school as
        select r.range as i, c.county, printf('%010d', 2100000000 + r.range) as school, k.kind,
          case when k.kind = 'teaching_point' then 20 + draw('size', r.range, 60) else 120 + draw('size', r.range, 800) end as size
        from range({size.schools}) as r
        join kinds as k on k.nth = r.range % {len(KINDS)}
        join counties as c on c.c = r.range * {size.counties} // {size.schools}
        order by i
    """)
    connection.execute("""
        create table unit as
        select s.*, t.stage, s.i || t.stage as key, s.size // count(*) over (partition by s.i) as pupils
        from school as s join stages_of as t on t.kind = s.kind order by s.i, t.stage
    """)


def _number(name: str, expression: str, key: str = "key") -> str:
    return f"sent('{name}', {key}, cast({expression} as bigint)) as {name}"


def _amount(name: str, expression: str, key: str = "i") -> str:
    return f"sent('{name}', {key}, area({expression})) as {name}"


def _share(name: str, least: int, spread: int, per: int) -> str:
    """Return a number that grows with the pupils: least to least + spread in `per` of them."""
    return _number(name, f"pupils * ({least} + draw('{name}', key, {spread})) // {per}")


def _tables() -> dict[str, str]:
    return {**_places(), **_people(), **_things(), **_county()}


NO_PLACE = "cast(null as decimal(9, 6)) as lon, cast(null as decimal(9, 6)) as lat"
GRADES_OF_STAGE = "(select count(*) from grades_of as n where n.stage = u.stage)"


def _places() -> dict[str, str]:
    return {
        "schools": f"""
            select county, school, '学校' || i as name, kind, '7' as founder,
              case when i % 9 = 0 then 'private' else 'public' end as ownership,
              i % 3 = 0 as inclusive, i % 5 = 0 as estate_kindergarten,
              ['111', '112', '121', '122', '123', '210', '220'][1 + draw('area', i, 7)] as urban_rural,
              county || '100' as district, county || '100001' as village, '' as address,
              sent('built', i, 1950 + draw('built', i, 75)) as built_year, i % 4 = 0 as boarding,
              cast(null as varchar) as parent, {NO_PLACE}, 'wgs84' as coordinates
            from school""",
        "campuses": f"""
            select county, 'C' || school as campus, school, '校区' || i as name, false as counted,
              cast(null as varchar) as village, {NO_PLACE}
            from school where i % 100 = 0""",
        "places": f"select county, school, stage, {_number('places', 'pupils + 40')}, {_number('rooms', 'pupils // 40 + 2')} from unit",
    }


STAFF = {  # least and spread, in 1,000 pupils
    "staff": (60, 40),
    "teachers": (50, 40),
    "established": (45, 35),
    "contracted": (3, 8),
    "doctors": (0, 1),
    "masters": (2, 5),
    "bachelors": (38, 30),
    "colleges": (5, 9),
    "below_college": (0, 2),
    "backbone": (8, 9),
    "certified": (48, 40),
    "trained": (50, 40),
    "part_time": (0, 3),
    "visiting": (0, 3),
    "visiting_pe_arts": (0, 3),
    "carers": (0, 9),
}


def _people() -> dict[str, str]:
    staff = ", ".join(_share(name, least, spread, 1000) for name, (least, spread) in STAFF.items())

    def few(table: str, least: int, spread: int) -> str:
        names = [name for name in schema().tables[table].names if name not in ("school", "stage")]
        return f"select county, school, stage, {', '.join(_share(name, least, spread, 1000) for name in names)} from unit"

    return {
        "enrolment": f"""
            select county, case when i % 100 = 0 and sex = 'female' then 'C' || school else school end as school, u.stage, grade, sex,
              sent('pupils', key || grade || sex, n + draw(sex, key || grade, 5)) as pupils,
              n // 9 as boarders, n // 7 as migrant, n // 8 as left_behind, n // 99 as disabled
            from unit as u join grades_of as g on g.stage = u.stage, (values ('female'), ('male')) as x (sex),
              lateral (select u.pupils // {GRADES_OF_STAGE} // 2 + 1 as n)
            order by county, school, u.stage, grade, sex""",
        "classes": f"""
            select county, school, u.stage, grade || '-' || c.range as class, grade,
              sent('class', key || grade || c.range, 25 + draw('class', key || grade || c.range, 24)) as pupils
            from unit as u join grades_of as g on g.stage = u.stage, range(1 + u.pupils // {GRADES_OF_STAGE} // 40) as c
            where u.stage <> 'senior' order by county, school, u.stage, grade, class""",
        "class_sizes": """
            select county, school, u.stage, grade, '46-50' as band, cast(1 + u.pupils // 150 as bigint) as classes
            from unit as u join grades_of as g on g.stage = u.stage where u.stage = 'senior'""",
        "staff": f"select county, school, stage, {staff}, cast(1 as bigint) as heads, cast(1 as bigint) as certified_heads from unit",
        "staff_subjects": few("staff_subjects", 1, 6),
        "staff_ages": few("staff_ages", 2, 12),
        "staff_titles": few("staff_titles", 4, 20),
        "posts": f"""
            select county, school, {_number("approved", "size // 14 + 2", "i")}, {_number("held", "size // 15 + 1", "i")} from school""",
    }


AREAS = {  # square metres to a pupil, at least; at most twice as many
    "site_area_m2": 20,
    "floor_area_m2": 9,
    "teaching_area_m2": 5,
    "indoor_sports_area_m2": 1,
    "sports_ground_area_m2": 8,
    "outdoor_area_m2": 3,
    "activity_area_m2": 2,
}
MONEY = {  # yuan to a pupil, at least; at most twice as many
    "public_funds_yuan": 700,
    "public_funds_final_yuan": 690,
    "training_yuan": 40,
    "training_final_yuan": 39,
    "capital_yuan": 99,
    "current_yuan": 900,
}


def _things() -> dict[str, str]:
    areas = ", ".join(_amount(name, f"size * ({per}00 + draw('{name}', i, {per}00)) / 100.0") for name, per in AREAS.items())
    more = ("rebuilt_sports_area_m2", "leased_sports_area_m2")
    rare = ", ".join(f"area(case when i % 11 = 0 then size / 4.0 else 0 end) as {name}" for name in more)
    yuan = ", ".join(_amount(name, f"size * ({per} + draw('{name}', i, {per}))") for name, per in MONEY.items())
    return {
        "premises": f"""
            select county, school, {areas}, {rare}, {_number("multimedia_rooms", "size // 45 + draw('rooms', i, 8)", "i")},
              {_number("classrooms", "size // 35 + 3", "i")}, cast(2001 as bigint) as in_use_since
            from school""",
        "special_rooms": """
            select county, school, use || r.range as room, use,
              sent('room', i || use || r.range, area(60 + draw('room', i || use || r.range, 60))) as area_m2,
              cast(2000 + i % 25 as bigint) as built_year
            from school, (values ('music'), ('art'), ('science'), ('library')) as u (use), range(1 + school.size // 500) as r
            where kind <> 'kindergarten'""",
        "equipment": f"""
            select county, school, {_amount("teaching_equipment_yuan", "size * (1700 + draw('equipment', i, 1800))")},
              {_number("books", "size * (15 + draw('books', i, 30))", "i")}, {_number("computers", "size // 9", "i")},
              {_amount("toy_value_yuan", "size * 80")}
            from school""",
        "finance": f"select county, school, {yuan} from school",
    }


def _county() -> dict[str, str]:
    columns = [column for column in schema().tables["county_facts"].columns if column.name not in ("county", "basic_balance_year")]
    facts = [
        _amount(c.name, f"80000 + draw('{c.name}', c, 20000)", "c") if c.type == "decimal" else _number(c.name, _fact(c.name), "c")
        for c in columns
    ]
    return {
        "county_facts": f"select county, {', '.join(facts)}, 2015 + draw('year', c, 8) as basic_balance_year from counties",
        "stage_facts": """
            select county, stage, 2000 + draw('due', c, 900) as zoned_due, 1900 + draw('near', c, 900) as zoned_near,
              9000 + draw('age', c, 99) as school_age
            from counties, (values ('primary'), ('junior')) as s (stage)""",
        "monitoring": """
            select county, stage, subject, 2 + draw('level' || subject, c, 4) as level,
              area(draw('between' || subject, c, 200) / 1000.0) as between_schools
            from counties, (values ('primary'), ('junior')) as s (stage),
              (values ('chinese'), ('mathematics'), ('science'), ('pe'), ('arts'), ('morality')) as b (subject)""",
    }


def _fact(name: str) -> str:
    return f"900 + draw('{name}', c, 100)"
