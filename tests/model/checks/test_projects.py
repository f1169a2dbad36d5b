"""Projects and their steps: what contradicts itself is found, and what is merely unknown is not."""

from __future__ import annotations

from datetime import date

from tests.model.made import POINT, PRIMARY, found, made, school

BUILD = {"project": "P1", "name": "新建", "kind": "build"}


def step(name: str, actual: date | None, planned: date | None = None) -> dict[str, object]:
    return {"project": "P1", "step": name, "actual": actual, "planned": planned}


def test_a_school_in_use_before_it_was_accepted_is_a_warning() -> None:
    steps = [step("accepted", date(2025, 10, 1)), step("in_use", date(2025, 9, 1))]
    (one,) = found(made(projects=[BUILD], project_steps=steps), "steps_out_of_order")
    assert (one.severity, one.found.zh) == ("warning", "投用2025-09-01，验收2025-10-01")


def test_steps_on_one_day_or_without_a_date_are_in_order() -> None:
    steps = [step("accepted", date(2025, 9, 1)), step("in_use", date(2025, 9, 1)), step("started", None, date(2026, 1, 1))]
    assert found(made(projects=[BUILD], project_steps=steps), "steps_out_of_order") == []


def test_a_day_given_twice_must_be_one_day() -> None:
    project = {**BUILD, "approved": date(2024, 5, 1), "started": date(2024, 9, 1)}
    steps = [step("initiated", date(2024, 5, 2)), step("started", date(2024, 9, 1))]
    (one,) = found(made(projects=[project], project_steps=steps), "step_given_twice")
    assert one.place.key == ("P1", "initiated")


def test_a_step_of_no_project_is_found() -> None:
    assert len(found(made(projects=[BUILD], project_steps=[{"project": "P2", "step": "started"}]), "unknown_reference")) == 1


def test_a_contract_does_not_end_before_it_begins() -> None:
    bought = {**BUILD, "kind": "purchase", "in_use": date(2025, 9, 1), "until": date(2025, 8, 31)}
    assert len(found(made(projects=[bought]), "contract_ends_before_it_begins")) == 1
    open_end = {**bought, "until": None}
    assert found(made(projects=[open_end]), "contract_ends_before_it_begins") == []


def test_a_merger_says_into_which_school() -> None:
    def change(kind: str, successor: str | None) -> dict[str, object]:
        return {"school": POINT, "kind": kind, "year": 2026, "successor": successor}

    for wrong in (change("merge", None), change("merge", POINT), change("recode", None)):
        assert len(found(made(schools=[school()], school_changes=[wrong]), "change_without_successor")) == 1
    for right in (change("merge", PRIMARY), change("close", None), change("open", None)):
        assert found(made(schools=[school()], school_changes=[right]), "change_without_successor") == []
