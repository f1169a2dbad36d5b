"""Plans of an authority: one folder for each proposal, and what became of it.

plans/2025-zones/brief.yaml    what was asked (store.plan_brief)
plans/2025-zones/steps.csv     the steps, and those of the alternatives (store.plan_steps)
plans/2025-zones/answer.yaml   cost, proven bound, parts, prices, what the alternatives are
plans/2025-zones/tables/*.csv  what the planner worked out beside; certificate/*.csv what proves the bound
plans/2025-zones/plan.yaml     once it is adopted: who, when, by which document
plans/2025-zones/log.csv       what happened to it, a line each, never rewritten
plans/2025-zones/before/       once it is written into the tables: those as they were (store.plans_applied)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

import polars as pl

from junheng.documents import finding, parse_csv, parse_yaml, write_csv, write_yaml
from junheng.errors import DataError, Finding, Place, StoreError, Text
from junheng.model import County
from junheng.planning.proposal import Alternative, Certificate, Inputs, Price, Proposal, Step
from junheng.planning.solve.answers import Amount
from junheng.store import plan_brief, plan_steps
from junheng.store.atomic import current, replaced, write_file
from junheng.store.plan_brief import Asked

ROOM = "plans"
ANSWER, PLAN, LOG = "answer.yaml", "plan.yaml", "log.csv"
_ANSWER = ("objective", "bound", "unit", "amounts", "prices", "alternatives", "certificate")
_LOG = ("day", "what", "person", "office", "document", "digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """Who adopted a plan, when, and by which document; `digest` identifies the brief and steps that were adopted."""

    day: date
    person: str
    office: str
    document: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A proposal as it is kept."""

    name: str  # of the folder
    year: int
    proposal: Proposal
    adopted: Adoption | None


def plan_names(folder: Path) -> list[str]:
    """Return the names of the plans that an authority's folder holds."""
    room = folder / ROOM
    return sorted(path.name for path in room.iterdir() if (path / plan_brief.FILE).is_file()) if room.is_dir() else []


def write_plan(folder: Path, name: str, year: int, proposal: Proposal, day: date, *, what: str = "proposed", document: str = "") -> Path:
    """Write a proposal as plans/<name>, as a whole or not at all, with a line in its log; return its folder.

    what, document: of that line. Raises StoreError for a plan that is adopted: it is not written over.
    """
    room, place = folder / ROOM, current(folder / ROOM, name)
    if (place / PLAN).is_file():
        raise StoreError(finding("store.plan_adopted", Place(file=f"{ROOM}/{name}"), name))
    log = (place / LOG).read_text(encoding="utf-8") if (place / LOG).is_file() else write_csv(_LOG, [])
    asked = Asked(proposal.brief, year, proposal.inputs)
    texts = {plan_brief.FILE: plan_brief.write_brief(asked), plan_steps.FILE: _steps(proposal), ANSWER: write_yaml(_answer(proposal))}
    identity = _identity(texts)
    room.mkdir(parents=True, exist_ok=True)
    with replaced(room, name) as out:
        for file, text in texts.items():
            (out / file).write_text(text, encoding="utf-8", newline="")
        (out / LOG).write_text(log + _line(day, what, "", "", document, identity), encoding="utf-8", newline="")
        _write_tables(out / "tables", proposal.tables)
        _write_tables(out / "certificate", proposal.certificate.tables if proposal.certificate else {})
    return room / name


def _steps(proposal: Proposal) -> str:
    return plan_steps.write_steps((proposal.steps, *(other.steps for other in proposal.alternatives)))


def _write_tables(out: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    for name, frame in tables.items():
        out.mkdir(exist_ok=True)
        (out / f"{name}.csv").write_text(write_csv(frame.columns, frame.iter_rows()), encoding="utf-8", newline="")


def _identity(texts: Mapping[str, str]) -> str:
    whole = "\0".join(texts[file] for file in (plan_brief.FILE, plan_steps.FILE))
    return hashlib.sha256(whole.encode()).hexdigest()


def _line(day: date, what: str, person: str, office: str, document: str, identity: str) -> str:
    return write_csv(_LOG, [(day, what, person, office, document, identity)]).partition("\n")[2]


def read_plan(place: Path, county: County | None = None) -> Plan:
    """Return a plan of one folder. The same values that were written come back; result tables are for readers and do not.

    Raises StoreError when there is no plan, DataError with every finding of its files; pins are looked up in `county`.
    """
    folder = current(place.parent, place.name)
    lacking = [file for file in (plan_brief.FILE, plan_steps.FILE, ANSWER) if not (folder / file).is_file()]
    if lacking:
        raise StoreError(
            finding("store.no_plan", Place(file=place.as_posix()), Text(f"没有{'、'.join(lacking)}", f"no {', '.join(lacking)}"))
        )
    texts = {file: _text(folder / file, f"{place.name}/{file}") for file in (plan_brief.FILE, plan_steps.FILE, ANSWER)}
    asked = plan_brief.read_brief(texts[plan_brief.FILE], f"{place.name}/{plan_brief.FILE}", county)
    steps = plan_steps.read_steps(texts[plan_steps.FILE], f"{place.name}/{plan_steps.FILE}")
    answer = parse_yaml(texts[ANSWER], f"{place.name}/{ANSWER}")
    if not isinstance(answer.data, dict) or set(answer.data) != set(_ANSWER):
        raise DataError(finding("store.plan_answer", answer.place(), Text("缺项或多项", "other keys"), keys=", ".join(_ANSWER)))
    adopted = _adoption(folder, f"{place.name}/{PLAN}", _identity(texts))
    return Plan(name=place.name, year=asked.year, proposal=_proposal(asked, steps, answer.data), adopted=adopted)


def read_asked(place: Path, county: County | None = None) -> Asked:
    """Return the brief of a folder that may have no answer yet. Raises StoreError or DataError."""
    path = place / plan_brief.FILE if place.is_dir() else place
    if not path.is_file():
        raise StoreError(finding("store.no_plan", Place(file=place.as_posix()), Text("没有brief.yaml", "no brief.yaml")))
    return plan_brief.read_brief(_text(path, path.name), path.name, county)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(finding("store.not_utf8", Place(file=name), Text("其他编码", "another encoding"))) from error


def _adoption(folder: Path, file: str, identity: str) -> Adoption | None:
    """Return the adoption of a plan. Raises DataError when its brief or steps were changed since."""
    if not (folder / PLAN).is_file():
        return None
    data = parse_yaml(_text(folder / PLAN, file), file).data["adopted"]
    if data["digest"] != identity:
        raise DataError(finding("store.plan_changed_since", Place(file=file), identity[:12], day=data["day"]))
    return Adoption(**data)


def adopt(place: Path, day: date, person: str, office: str, document: str = "") -> Adoption:
    """Mark the plan of a folder as adopted: plan.yaml and a line of log.csv.

    Raises StoreError when it already is, or was made on a later day.
    """
    plan = read_plan(place)
    if plan.adopted:
        raise StoreError(finding("store.plan_adopted", Place(file=place.as_posix()), str(plan.adopted.day)))
    made_on = max((row["day"] for row in log_of(place)), default="")  # days as 2026-03-01, in their order
    if str(day) < made_on:
        raise StoreError(finding("store.plan_day", Place(file=place.as_posix()), str(day), day=made_on))
    identity = _identity({file: _text(place / file, file) for file in (plan_brief.FILE, plan_steps.FILE)})
    made = Adoption(day=day, person=person, office=office, document=document, digest=identity)
    steps = [
        {"step": number, "title": step.title.zh, "year": step.year or plan.year} for number, step in enumerate(plan.proposal.steps, start=1)
    ]
    fields = {name: getattr(made, name) for name in ("day", "person", "office", "document", "digest")}
    log_line(place, day, "adopted", person, office, made)
    write_file(place / PLAN, write_yaml({"adopted": fields, "steps": steps}).encode())
    return made


def log_line(place: Path, day: date, what: str, person: str, office: str, adoption: Adoption) -> None:
    """Add a line to the log of a plan: what was done with it when it was adopted or after."""
    log = _text(place / LOG, LOG) if (place / LOG).is_file() else write_csv(_LOG, [])
    write_file(place / LOG, (log + _line(day, what, person, office, adoption.document, adoption.digest)).encode())


def log_of(place: Path) -> list[dict[str, str]]:
    """Return the log of a plan, oldest first."""
    path = place / LOG
    return [row.values for row in parse_csv(_text(path, LOG), LOG)] if path.is_file() else []


def stale(plan: Plan, now: Inputs) -> list[Finding]:
    """Return a finding for each input that is no longer what the plan was worked out from."""
    words = {
        "county": Text("数据已改动", "the tables have changed"),
        "standards": Text("标准已改动", "the standards have changed"),
        "code": Text("规划程序已更新", "the planner has changed"),
    }
    place = Place(file=f"{plan.name}/{plan_brief.FILE}")
    before = plan.proposal.inputs
    return [finding("store.plan_stale", place, words[name]) for name in words if getattr(before, name) != getattr(now, name)]


# -- answer.yaml ------------------------------------------------------------------------------------------------------


def _answer(proposal: Proposal) -> dict[str, Any]:
    proof = proposal.certificate
    return {
        "objective": float(proposal.objective),
        "bound": float(proposal.bound) if isfinite(proposal.bound) else None,
        "unit": proposal.unit,
        "amounts": _amounts(proposal.amounts),
        "prices": [{**one._asdict(), "rule": one.rule._asdict()} for one in proposal.prices],
        "alternatives": [
            {
                "title": one.title._asdict(),
                "reason": one.reason._asdict(),
                "objective": float(one.objective),
                "bound": float(one.bound) if isfinite(one.bound) else None,
                "amounts": _amounts(one.amounts),
            }
            for one in proposal.alternatives
        ],
        "certificate": {"how": proof.how._asdict(), "numbers": {name: float(value) for name, value in proof.numbers.items()}}
        if proof
        else None,
    }


def _amounts(amounts: tuple[Amount, ...]) -> list[dict[str, Any]]:
    return [{"title": one.title._asdict(), "amount": float(one.amount), "unit": one.unit, "weight": float(one.weight)} for one in amounts]


def _proposal(asked: Asked, steps: list[tuple[Step, ...]], data: Mapping[str, Any]) -> Proposal:
    others, proof = data["alternatives"], data["certificate"]
    of = [*steps, *(() for _ in range(len(others) + 1 - len(steps)))]
    return Proposal(
        brief=asked.brief,
        steps=of[0],
        **_numbers(data),
        unit=data["unit"],
        inputs=asked.inputs or Inputs(county="", standards="", code=""),
        prices=tuple(
            Price(**{**one, "rule": Text(**one["rule"]), "saves": float(one["saves"]), "by": float(one["by"])}) for one in data["prices"]
        ),
        alternatives=tuple(
            Alternative(title=Text(**one["title"]), reason=Text(**one["reason"]), steps=its, **_numbers(one))
            for one, its in zip(others, of[1:], strict=True)
        ),
        certificate=Certificate(how=Text(**proof["how"]), numbers={name: float(value) for name, value in proof["numbers"].items()})
        if proof
        else None,
    )


def _numbers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return objective, bound and parts of a proposal or an alternative."""
    amounts = tuple(Amount(Text(**one["title"]), float(one["amount"]), one["unit"], float(one["weight"])) for one in data["amounts"])
    bound = float("-inf") if data["bound"] is None else float(data["bound"])
    return {"objective": float(data["objective"]), "bound": bound, "amounts": amounts}
