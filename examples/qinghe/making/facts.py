"""The figures of the county as a whole, added up from its schools wherever the schools hold them."""

import csv
from pathlib import Path

from making.draw import whole
from making.roster import Row, Site, Unit

COUNTY = "629921"  # no county: 6299 is no prefecture of Gansu, and no code of the national list begins with it

MONITORING = {  # the last measured round of each subject: level and variation between schools
    ("primary", "chinese"): (3, "0.112"),
    ("primary", "mathematics"): (3, "0.128"),
    ("primary", "science"): (3, "0.134"),
    ("primary", "pe"): (3, "0.096"),
    ("primary", "arts"): (3, "0.141"),
    ("primary", "morality"): (4, "0.082"),
    ("junior", "chinese"): (3, "0.118"),
    ("junior", "mathematics"): (3, "0.15"),  # exactly the limit, and the rule asks for less
    ("junior", "science"): (3, "0.139"),
    ("junior", "pe"): (3, "0.104"),
    ("junior", "arts"): (3, "0.137"),
    ("junior", "morality"): (3, "0.091"),
}


def county_row(year: int, enrolment: list[Row], posts: list[Row], population: list[Row], teachers: int, sites: dict[str, Site]) -> Row:
    """Return the row of `county_facts`; stocks of the schools are sums, surveys and flows are given."""
    last = year == 2025
    migrant, disabled, grade9 = _migrant(enrolment, sites), _mainstream(enrolment), _sum(enrolment, "pupils", stage="junior", grade="9")
    eligible = whole(teachers * 0.46)
    exchanged = whole(eligible * (0.1135 if last else 0.104))
    moved_in, moved_out, dead = (31, 46, 2) if last else (28, 52, 1)
    plan = 1240 if last else 1180
    allocated = whole(plan * (0.56 if last else 0.52))
    disabled_children = whole(disabled / 0.972)
    return {
        "county": COUNTY,
        "residents": _sum(population, "persons", basis="resident"),
        "registered": _sum(population, "persons", basis="registered"),
        "approved_posts": _sum(posts, "approved"),
        "held_posts": _sum(posts, "held"),
        "teacher_mean_pay_yuan": 98_420 if last else 95_760,
        "civil_servant_mean_pay_yuan": 96_850 if last else 94_900,
        "exchange_eligible": eligible,
        "exchanged": exchanged,
        "exchanged_backbone": -(-exchanged * 22 // 100),
        "disabled_children": disabled_children,
        "disabled_enrolled": disabled,
        "migrant_children": migrant["all"],
        "migrant_public": migrant["public"],
        "migrant_purchased": whole((migrant["all"] - migrant["public"]) * 0.45),
        "senior_plan": plan,
        "senior_allocated": allocated,
        "senior_allocated_rural": whole(allocated * 0.47),
        "grade9_pupils": grade9,
        "grade9_transferred_in": moved_in,
        "grade9_transferred_out": moved_out,
        "grade7_pupils_then": whole((grade9 - moved_in + moved_out) / 0.987) + dead,
        "grade7_deaths": dead,
        "survey_answers": 486 if last else 472,
        "survey_satisfied": 449 if last else 428,
        "survey_parents": 268 if last else 251,
        "children_3_5": sum(_sum(population, "persons", basis="resident", age=age) for age in (3, 4, 5)),
        "preschool_answers": 318 if last else 306,
        "preschool_satisfied": 289 if last else 274,
        "preschool_established_pay_yuan": 91_300 if last else 88_900,
        "preschool_contracted_pay_yuan": 69_800 if last else 65_200,
        "preschool_accidents": 0,
        "preschool_misconduct": 0,
        "public_funds_quota_primary_yuan": 720,
        "public_funds_quota_junior_yuan": 940,
        "public_funds_quota_special_yuan": 8600,
        "basic_balance_year": 2018,
    }


def _sum(rows: list[Row], column: str, **where: object) -> int:
    return sum(int(str(row[column])) for row in rows if all(row[name] == value for name, value in where.items()))


def _migrant(enrolment: list[Row], sites: dict[str, Site]) -> dict[str, int]:
    """Return migrant workers' children of compulsory age, all and those in public schools."""
    its = [row for row in enrolment if row["stage"] in {"primary", "junior"}]
    public = [row for row in its if not sites[str(row["school"])].private]
    return {"all": _sum(its, "migrant"), "public": _sum(public, "migrant")}


def _mainstream(enrolment: list[Row]) -> int:
    """Return disabled pupils of compulsory age: in the special school and in mainstream classes."""
    return sum(_sum(enrolment, "disabled", stage=stage) for stage in ("primary", "junior", "special"))


def stage_rows(enrolment: list[Row], population: list[Row], sites: dict[str, Site]) -> list[Row]:
    """Return the rows of `stage_facts`: town day schools' first grades, and the children of the age."""
    rows: list[Row] = []
    for stage, ages, grade, near in (
        ("preschool", (3, 4, 5), "", 1.0),
        ("primary", range(6, 12), "1", 1.0),
        ("junior", (12, 13, 14), "7", 0.972),
        ("senior", (15, 16, 17), "", 1.0),
    ):
        row: Row = {"county": COUNTY, "stage": stage}
        row["school_age"] = sum(_sum(population, "persons", basis="resident", age=age) for age in ages)
        if grade:
            day = [r for r in enrolment if r["grade"] == grade and r["stage"] == stage and _town_day(sites[str(r["school"])])]
            row["zoned_due"] = _sum(day, "pupils")
            row["zoned_near"] = whole(_sum(day, "pupils") * near)
        rows.append(row)
    return rows


def _town_day(site: Site) -> bool:
    return site.area == "town" and not site.private and site.boarding == "no"


def monitoring_rows(year: int) -> list[Row]:
    """Return the rows of `monitoring`; the earlier round varied a little more between schools."""
    more = 0 if year == 2025 else 6
    return [
        {
            "county": COUNTY,
            "stage": stage,
            "subject": subject,
            "level": level,
            "between_schools": f"0.{int(float(between) * 1000 + 0.5) + more:03d}",
        }
        for (stage, subject), (level, between) in MONITORING.items()
    ]


def post_rows(units: list[Unit], staff: list[Row], sites: dict[str, Site], main: dict[str, str]) -> list[Row]:
    """Return the rows of `posts`: approved by pupils (and never less than a small school's classes need), held by the established staff.

    main: the school to which a site belongs. Private schools have no posts.
    """
    ratio = {"preschool": 11.5, "primary": 18.0, "junior": 13.0, "senior": 12.5, "special": 3.2}
    needed: dict[str, float] = {}
    held: dict[str, int] = {}
    for unit, row in zip(units, staff, strict=True):
        school = main[unit.code]
        if sites[school].private:
            continue
        per_class = 0.9 if unit.stage == "preschool" else 1.2 if sites[school].kind == "teaching_point" else 1.9
        needed[school] = needed.get(school, 0.0) + max(unit.total / ratio[unit.stage], per_class * unit.class_count)
        others = int(str(row["staff"])) - int(str(row["teachers"])) - int(str(row["carers"]))
        held[school] = held.get(school, 0) + int(str(row["established"])) + (0 if unit.stage == "preschool" else whole(others * 0.7))
    return [{"school": school, "approved": max(whole(n), held[school]), "held": held[school]} for school, n in needed.items()]


def given(file: Path, year: int) -> list[Row]:
    """Return the rows of a given table: those known by the year, without the column first_year."""
    rows = csv.DictReader(file.open(encoding="utf-8"))
    return [{k: v or None for k, v in row.items() if k != "first_year"} for row in rows if int(row.get("first_year") or 0) <= year]
