"""From a County and a brief to the numbers: which schools help, which are helped, what they lack and can spare, ways between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.pairing.strength import Standing, missed_items, standings
from junheng.planning.proposal import Brief
from junheng.planning.teaching import beside, sites
from junheng.planning.travel import school_points, travel
from junheng.standards.rulebook import Rulebook

PARTNERS, FAR = "assumed.pairing.partners.maximum", "assumed.pairing.travel.maximum"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """w schools to be helped, l that help, s subjects."""

    weak: tuple[str, ...]
    leads: tuple[str, ...]
    names: dict[str, str]
    km: Floats  # (w, l)
    can: NDArray[np.bool_]  # (w, l) there is a way and it is not forbidden
    far: NDArray[np.bool_]  # (w, l) farther than the brief allows
    must: NDArray[np.bool_]  # (w, l) pinned
    lacking: Floats  # (w, s) teachers
    spare: Floats  # (l, s)
    today: tuple[str, ...]  # (w,) lead, "" for none
    partners: int
    balance: float
    help: float
    change: float
    standing: Mapping[str, Standing] = field(default_factory=dict)  # of every school of the stage

    @property
    def need(self) -> Floats:
        """Return what each school lacks in all: (w,)."""
        return np.asarray(self.lacking.sum(axis=1))

    @property
    def cost(self) -> Floats:
        """Return way and change of each pair: (w, l)."""
        known = np.array([code != "" for code in self.today])
        other = np.array(self.today, dtype=object)[:, None] != np.array(self.leads, dtype=object)[None]
        return np.asarray(np.where(np.isfinite(self.km), self.km, 0.0) + self.change * (known[:, None] & other))


def ask(county: County, rules: Rulebook, brief: Brief, declaration: Declaration) -> Question | None:
    """Return the question; None where there is nobody to help or to be helped. Raises DataError for pins that cannot be."""

    def said(name: str, parameter: str = "") -> float:
        given = float(declaration.value(brief, name))
        return given if given or not parameter else float(rules.standing(parameter).value)

    stage = str(declaration.value(brief, "stage"))
    schools, lacking, spare = _strength(county, rules, stage)
    standing = standings(schools, lacking.sum(axis=1), missed_items(county, rules, stage), str(declaration.value(brief, "weak")))
    schools = schools.with_columns(pl.Series("strong", [standing[code].strong for code in schools["main"]], dtype=pl.Boolean))
    today: dict[str, str] = dict(county.tables["school_links"].select("school", "lead").iter_rows())
    partners = int(said("partners", PARTNERS))
    leads = _leads(schools, today, int(said("leads")), int(rules.standing(PARTNERS).value))
    weak = [code for code, is_strong in schools.select("main", "strong").iter_rows() if not is_strong and code not in leads]
    if not leads or not weak:
        return None
    findings = list(_pins(brief, weak, leads))
    if findings:
        raise DataError(findings)
    place = {code: k for k, code in enumerate(schools["main"].to_list())}
    km = travel(county, rules, school_points(county, weak), school_points(county, leads), mode="drive", barriers=False).way / 1000
    must, can, far = np.zeros(km.shape, dtype=np.bool_), np.isfinite(km), km > said("farthest", FAR)
    for pin in brief.pins:
        must[weak.index(pin.what[1]), leads.index(pin.to)] = can[weak.index(pin.what[1]), leads.index(pin.to)] = True
    for pin in brief.forbids:
        can[weak.index(pin.what[1]), leads.index(pin.to)] = False
    return Question(
        weak=tuple(weak),
        leads=tuple(leads),
        names={code: name or code for code, name in county.tables["schools"].select("school", "name").iter_rows()},
        km=np.round(km, 1),
        can=can,
        far=far & ~must,
        must=must,
        lacking=lacking[[place[code] for code in weak]],
        spare=spare[[place[code] for code in leads]],
        today=tuple(today.get(code, "") for code in weak),
        partners=partners,
        balance=said("balance"),
        help=said("help"),
        change=said("change"),
        standing=standing,
    )


def _strength(county: County, rules: Rulebook, stage: str) -> tuple[pl.DataFrame, Floats, Floats]:
    """Return public schools of a stage in code order (main, backbone, teachers), what they lack and can spare by subject: (n, s) each."""
    public = sites(county).filter(~pl.col("private")).select("school", "main")
    of = county.tables["staff"].filter(pl.col("stage") == stage).join(public, on="school")
    schools = of.group_by("main").agg(pl.col("backbone").sum(), pl.col("teachers").sum()).filter(pl.col("teachers") > 0).sort("main")
    both = beside(county, rules).filter(pl.col("stage") == stage).join(public, on="school")
    gaps = both.group_by("main", "subject").agg(pl.col("gap").sum())
    subjects = sorted(gaps["subject"].unique().to_list())
    row, column = ({code: k for k, code in enumerate(each)} for each in (schools["main"].to_list(), subjects))
    gap = np.zeros((len(row), len(column)))
    for main, subject, value in gaps.iter_rows():
        if main in row:
            gap[row[main], column[subject]] = round(value, 2)
    return schools, np.maximum(-gap, 0.0), np.maximum(gap, 0.0)


def _leads(schools: pl.DataFrame, today: dict[str, str], asked: int, partners: int) -> list[str]:
    """Return who leads: today's; else of the strong those with most backbone teachers, as many as are asked for or needed.

    partners: how many schools one is assumed to help, whatever the brief says, so that a wider limit never means fewer leads.
    """
    known = set(schools["main"].to_list())
    held = sorted({lead for lead in today.values() if lead in known})
    if held and not asked:
        return held
    strong = schools.filter(pl.col("strong")).sort(["backbone", "main"], descending=[True, False])["main"].to_list()
    weak = schools.height - len(strong)
    many = asked or max(1, -(-2 * weak // max(1, partners)))
    return sorted(strong[:many])


def _pins(brief: Brief, weak: list[str], leads: list[str]) -> Iterator[Finding]:
    for pin in (*brief.pins, *brief.forbids):
        if pin.what[1] not in weak or pin.to not in leads:
            yield finding("planning.pin_of_no_pair", Place(table="schools", key=(pin.what[1],)), f"{pin.what[1]} → {pin.to}")
