"""What schools of Qinghe are like beyond the statutory returns: fitness, answers, courses, entry and exit, platforms, where money goes.

All of it is drawn by school from the pupils that the schools have; nothing else of the county depends on it. What is planted:
南湾乡九年制学校 leaves every fifth pupil untested; 红柳镇初级中学 is better in fitness and worse in sleep than before; 第一中学 and
第二中学 offer nearly the same courses; 第六中学 takes weaker entrants and brings them further than the county does.
"""

from making.draw import between, draw, whole
from making.roster import Row, Site

COMPULSORY = ("primary", "junior")
FITNESS = {"primary": (0.965, 0.52), "junior": (0.93, 0.41), "senior": (0.915, 0.33)}  # passed, good or better
ANSWERS = {"primary": (0.84, 0.91, 0.88), "junior": (0.71, 0.82, 0.74)}  # slept, homework in time, like learning
REACHED = {"primary": 0.83, "junior": 0.76}
NEARLY_THE_SAME = ("清河县第一中学", "清河县第二中学")  # what courses they offer
UNTESTED = "南湾乡九年制学校"
FITTER_AND_TIRED = "红柳镇初级中学"
FIELDS = ("science", "humanities", "sport", "arts", "academic", "career")
BANDS = {"a": 0.94, "b": 0.78, "c": 0.52, "d": 0.27, "e": 0.09}  # of the county's leavers, by band of entry: at the mark at exit
ENTRY = {"清河县第一中学": (0.34, 0.30, 0.20, 0.11, 0.05), "清河县第六中学": (0.06, 0.14, 0.28, 0.30, 0.22)}
ENTRY_ELSEWHERE = (0.12, 0.20, 0.26, 0.24, 0.18)
FURTHER = {"清河县第六中学": 0.07}
PURPOSES = {"teaching": 17, "learning": 14, "management": 16, "evaluation": 9, "testing": 8}  # days a month, about
SPENDING = {  # of two budget years
    "teachers": (462_180_000, 441_350_000),
    "equipment": (31_460_000, 27_020_000),
    "buildings": (58_900_000, 61_400_000),
    "running": (74_350_000, 70_880_000),
    "aid": (22_140_000, 21_690_000),
    "other": (9_070_000, 8_610_000),
}


def tables(year: int, enrolment: list[Row], schools: list[Row], sites: dict[str, Site], county: str) -> dict[str, list[Row]]:
    """Return the tables of one school year; what is new comes with 2025, and of the year before only what a change is read from."""
    pupils: dict[tuple[str, str], int] = {}
    main = {code: site.campus_of if site.is_campus(year) else code for code, site in sites.items()}
    for row in enrolment:
        key = (main[str(row["school"])], str(row["stage"]))
        pupils[key] = pupils.get(key, 0) + int(str(row["pupils"]))
    names = {str(row["school"]): str(row["name"]) for row in schools}
    kinds = {str(row["school"]): str(row["kind"]) for row in schools}
    held = {key: count for key, count in pupils.items() if key[0] in names and count >= 20}
    found = {
        "fitness": [_fitness(school, stage, count, names[school], year) for (school, stage), count in held.items() if stage in FITNESS],
        "school_answers": [
            _answers(school, stage, count, names[school], year) for (school, stage), count in held.items() if stage in ANSWERS
        ],
    }
    if year < 2025:
        return found
    senior = {school: count for (school, stage), count in held.items() if stage == "senior" and kinds[school] != "vocational"}
    found["courses"] = [row for school, count in senior.items() for row in _courses(school, names[school], count)]
    found["outcomes"] = [row for school, count in senior.items() for row in _outcomes(school, names[school], count // 3)]
    found["platform_days"] = [row for school in names for row in _platform(school)]
    found["spending"] = [
        {"county": county, "purpose": purpose, "yuan": now, "yuan_before": before} for purpose, (now, before) in SPENDING.items()
    ]
    return found


def _fitness(school: str, stage: str, pupils: int, name: str, year: int) -> Row:
    passed, good = FITNESS[stage]
    later = 0.004 if year == 2025 else 0.0
    more = 0.06 if name == FITTER_AND_TIRED and year == 2025 else 0.0
    excused = whole(pupils * between(0.0, 0.012, school, stage, year, "excused"))
    due = pupils - excused
    share = 0.8 if name == UNTESTED and year == 2025 else between(0.985, 1.0, school, stage, year, "tested")
    tested = min(due, whole(due * share))
    well = min(tested, whole(tested * min(0.995, passed + later + more / 3 + between(-0.03, 0.03, school, stage, "passed"))))
    best = min(well, whole(tested * (good + later + more + between(-0.08, 0.08, school, stage, "good"))))
    return {"school": school, "stage": stage, "due": due, "excused": excused, "tested": tested, "good": best, "passed": well}


def _answers(school: str, stage: str, pupils: int, name: str, year: int) -> Row:
    answers = whole(min(pupils, 60 + pupils * 0.15))
    tired = 0.12 if name == FITTER_AND_TIRED and year == 2025 else 0.0

    def of(count: int, share: float, *what: object) -> int:
        return min(count, whole(count * min(1.0, max(0.0, share + between(-0.07, 0.07, school, stage, *what)))))

    slept, in_time, liking = ANSWERS[stage]
    sampled = min(answers, 30)
    supported = min(sampled, whole(sampled * between(0.12, 0.5, school, "supported")))
    reached = of(sampled, REACHED[stage], year, "reached")
    helped = min(reached, supported, whole(supported * (reached / sampled if sampled else 0) * between(0.82, 1.02, school, "helped")))
    reached = max(reached, helped)
    return {
        "school": school,
        "stage": stage,
        "answers": answers,
        "slept": of(answers, slept - tired, year, "slept"),
        "in_time": of(answers, in_time, year, "in_time"),
        "liking": of(answers, liking, year, "liking"),
        "sampled": sampled,
        "reached": reached,
        "supported": supported,
        "supported_reached": helped,
    }


_LIKE_FIRST = (0.28, 0.22, 0.12, 0.10, 0.24, 0.04)


def _courses(school: str, name: str, pupils: int) -> list[Row]:
    near = name in NEARLY_THE_SAME
    weights = [share * between(0.96, 1.04, school, field) for share, field in zip(_LIKE_FIRST, FIELDS, strict=True)]
    if not near:
        weights = [0.05 + draw(school, field) ** 2 for field in FIELDS]
    rows = []
    for field, weight in zip(FIELDS, weights, strict=True):
        choices = whole(pupils * 1.4 * weight / sum(weights))
        courses = whole(choices / 38, least=1)
        rows.append({"school": school, "field": field, "courses": courses, "choices": choices, "teachers": whole(courses * 0.7, least=1)})
    return rows


def _outcomes(school: str, name: str, leavers: int) -> list[Row]:
    shares = ENTRY.get(name, ENTRY_ELSEWHERE)
    rows = []
    for (band, reached), share in zip(BANDS.items(), shares, strict=True):
        pupils = whole(leavers * share)
        rate = min(0.99, max(0.0, reached + FURTHER.get(name, 0.0) + between(-0.02, 0.02, school, band)))
        rows.append({"school": school, "band": band, "pupils": pupils, "reached": min(pupils, whole(pupils * rate))})
    return rows


def _platform(school: str) -> list[Row]:
    return [
        {"school": school, "purpose": purpose, "days": min(31, whole(days * between(0.55, 1.35, school, purpose)))}
        for purpose, days in PURPOSES.items()
    ]
