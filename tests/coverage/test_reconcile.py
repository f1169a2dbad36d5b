"""Should minus did on lists small enough for paper; what cannot be told is not missing; great words only for an empty list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from junheng.coverage import EXCUSED, LINKS, Reconciliation, Roster, Side, Source, reconcile, sentence
from junheng.coverage.roster import Amounts, Due, Least, Outside
from junheng.errors import Place, Text

TODAY = date(2026, 1, 20)
WORD = Text("", "")
GREAT = ("全覆盖", "零拒绝", "应助尽助", "100")


def source(**more: object) -> Source:
    return Source(**{"sort": "list", "name": "名单", "title": WORD, "columns": {}, "where": {}, "each": {}, **more})


def roster(**more: object) -> Roster:
    plain = {
        "id": "r",
        "title": WORD,
        "about": WORD,
        "of": Text("名", "children"),
        "claim": Text("零拒绝、全覆盖", "nobody is refused"),
        "owner": "科",
        "due_days": 15,
        "rhythm": "termly",
        "names": "L1",
        "serves": (),
        "should": source(),
        "did": (source(proven=True),),
        "keys": ("k",),
        "least": Least(),
        "given": {},
    }
    return Roster(**{**plain, **more})


def side(**columns: list[object]) -> Side:
    frame = pl.DataFrame(columns)
    return Side(frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64)), Place(file="f.csv"))


def run(should: Side, did: Side, rule: Roster | None = None, **more: object) -> Reconciliation:
    return reconcile(should, [did], rule or roster(), today=TODAY, **more)


def standings(made: Reconciliation) -> dict[str | None, str]:
    return dict(made.lines.select("line", "standing").iter_rows())


def test_what_was_not_done_is_missing_and_the_rest_is_verified() -> None:
    made = run(side(k=["a", "b", "c"]), side(k=["a", "c", "x"]))
    assert standings(made) == {"a": "verified", "b": "missing", "c": "verified"}
    assert (made.counts.should, made.counts.open, made.complete) == (3, 1, False)


def test_said_and_proven_are_two_things() -> None:
    rule = roster(did=(source(verified={"by": {"filled": True}}),))
    made = run(side(k=["a", "b"]), side(k=["a", "b"], by=["x", None]), rule)
    assert standings(made) == {"a": "verified", "b": "claimed"}
    assert not made.complete


def test_a_line_without_key_cannot_be_told_and_is_not_missing() -> None:
    made = run(side(k=["a", None]), side(k=["a"]))
    assert (made.counts.untold, made.counts.missing) == (1, 0)
    assert {one.rule for one in made.findings} == {"coverage.line_without_key"}


def test_two_people_with_one_id_are_to_be_decided_and_a_line_written_twice_is_one() -> None:
    made = run(side(k=["a", "a", "b", "b"], name=["x", "y", "z", "z"]), side(k=["a", "b"]))
    assert (made.counts.should, made.counts.undecided, made.counts.verified) == (3, 2, 1)
    assert {one.rule for one in made.findings} == {"coverage.key_twice"}


def test_an_empty_should_list_concludes_nothing() -> None:
    made = run(side(k=[]).__class__(pl.DataFrame(schema={"row": pl.Int64(), "k": pl.String()}), Place()), side(k=["a"]))
    assert not made.complete
    assert "全覆盖" not in sentence(made).zh
    assert {one.rule for one in made.findings} == {"coverage.nobody_listed"}


def test_a_link_that_is_asked_about_is_neither_missing_nor_covered() -> None:
    links = pl.DataFrame([(0, 0, 0, "ask"), (1, 0, 1, "same")], schema=LINKS, orient="row")
    made = run(side(k=["a", "b"]), side(k=["A", "b"]), links=links, identities=pl.Series(["a", "b"]))
    assert standings(made) == {"a": "undecided", "b": "verified"}


@pytest.mark.parametrize(("until", "standing"), [(date(2026, 1, 20), "excused"), (date(2026, 1, 19), "missing"), (None, "excused")])
def test_an_excuse_holds_to_its_day(until: date | None, standing: str) -> None:
    excused = pl.DataFrame([("b", "缓学", until)], schema=EXCUSED, orient="row")
    made = run(side(k=["a", "b"]), side(k=["a"]), excused=excused)
    assert standings(made)["b"] == standing


def test_so_many_times_within_a_period() -> None:
    rule = roster(least=Least(amount=Decimal(2), day="d"))
    did = side(k=["a", "a", "b", "b"], d=[date(2025, 10, 1), date(2025, 11, 1), date(2025, 10, 1), date(2025, 4, 1)])
    made = run(side(k=["a", "b", "c"]), did, rule, window=(date(2025, 9, 1), date(2026, 1, 30)))
    assert standings(made) == {"a": "verified", "b": "short", "c": "missing"}


def test_amounts_due_paid_twice_short_and_for_nobody() -> None:
    # a: 500 due, 500 paid. b: paid twice. c: 400 of 500. x is on no list, d has left.
    rule = roster(
        should=source(where={"status": ["在校"]}),
        amounts=Amounts(unit="yuan", due=(Due(when={}, column="granted"),), paid="yuan", label=WORD),
        once=(),
        wrong=True,
        outside=(Outside(id="left", when={"status": {"not": ["在校"]}}, title=WORD),),
    )
    should = side(k=["a", "b", "c", "d"], status=["在校", "在校", "在校", "转出"], granted=[500.0] * 4)
    made = run(should, side(k=["a", "b", "b", "c", "d", "x"], yuan=[500.0, 500.0, 500.0, 400.0, 500.0, 500.0]), rule)
    assert standings(made) == {"a": "verified", "b": "verified", "c": "short"}
    assert made.doubled.select("row", "did_row").rows() == [(1, 2)]
    assert dict(made.wrong.select("did_row", "why").iter_rows()) == {4: "left", 5: ""}
    assert made.counts.over == 1


def test_an_amount_that_is_not_known_cannot_be_told() -> None:
    rule = roster(amounts=Amounts(unit="yuan", due=(Due(when={}, standard="no.such"),), paid="yuan", label=WORD))
    made = run(side(k=["a"]), side(k=["a"], yuan=[5.0]), rule)
    assert standings(made) == {"a": "untold"}


def test_what_is_new_and_what_was_closed_since_the_last_run() -> None:
    made = run(side(k=["a", "b"]), side(k=["a"]), previous={"a": "missing", "b": "verified"})
    assert (made.appeared, made.closed) == (("b",), ("a",))


FAULTS = {
    "missing": ({"k": ["a", "b"]}, {"k": ["a"]}),
    "no key": ({"k": ["a", None]}, {"k": ["a"]}),
    "one ID, two people": ({"k": ["a", "a"], "name": ["x", "y"]}, {"k": ["a"]}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_great_words_are_said_only_when_the_list_is_empty(fault: str) -> None:
    should, did = FAULTS[fault]
    said = sentence(run(side(**should), side(**did)))
    assert not any(word in said.zh for word in GREAT)
    assert "nobody is refused" not in said.en


def test_the_great_words_are_said_when_the_list_is_empty() -> None:
    made = run(side(k=["a", "b"]), side(k=["b", "a"]))
    assert made.complete
    assert sentence(made).zh == "2名全部核实，零拒绝、全覆盖"


@pytest.mark.parametrize("more", [{"excused": pl.DataFrame([("b", "病", None)], schema=EXCUSED, orient="row")}, {}])
def test_excused_claimed_doubled_and_wrong_lines_are_exceptions_too(more: dict[str, object]) -> None:
    rule = roster() if more else roster(once=(), wrong=True)
    did = side(k=["a"]) if more else side(k=["a", "b", "b", "x"])
    made = run(side(k=["a", "b"]), did, rule, **more)
    assert made.counts.open == 0
    assert not made.complete
