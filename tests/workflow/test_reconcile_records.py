"""Missing lines become records once; the data close them; excuses hold to their day; names are for the office in charge."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from junheng.errors import DataError
from junheng.present.cli import run_roster
from junheng.present.cli.terminal import Terminal
from junheng.present.roster_documents import write_board
from junheng.store.batch import Batch
from junheng.store.database import open_database
from junheng.store.entry import Actor, Purpose
from junheng.workflow.ledgers import Doer, ledger_record, move_ledger_record
from junheng.workflow.match_records import decisions_of, keep_decisions
from junheng.workflow.reconcile import roster_ids, roster_standing
from junheng.workflow.reconcile_board import place_for_names, roster_board
from junheng.workflow.reconcile_questions import decide_question, roster_questions
from junheng.workflow.reconcile_records import excuse_line, roster_history, run_rosters
from junheng.workflow.this_week import this_week
from tests.qinghe import QINGHE

OFFICE = Doer("周立新", "基础教育科")
GREAT = ("全覆盖", "零拒绝", "应助尽助")


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of Qinghe's tables and lists with an empty record and its keys elsewhere."""
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("JUNHENG_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "qinghe"
    folder.mkdir()
    shutil.copy(QINGHE / "junheng.toml", folder)
    (folder / "2025").mkdir()
    for table in ("schools", "campuses", "districts"):
        shutil.copy(QINGHE / "2025" / f"{table}.csv", folder / "2025")
    shutil.copytree(QINGHE / "rosters", folder / "rosters")
    return folder


def run(folder: Path, name: str, when: datetime) -> tuple[int, int, int, int]:
    one = run_rosters(folder, [name], OFFICE, when)[0]
    return one.opened, one.closed, one.again, one.batch


def cover(folder: Path, school: str, garden: str) -> str:
    """Add a line to the list of gardens; return the list as it was."""
    path = folder / "rosters" / "lists" / "五园认定.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + f"{school},{garden},通过,2027-06-30,吴敏\n", encoding="utf-8")
    return before


def test_a_second_run_writes_nothing_and_what_is_covered_is_closed_by_the_data(own: Path) -> None:
    assert run(own, "five_gardens", at(1, 20))[:3] == (5, 0, 0)
    assert run(own, "five_gardens", at(1, 20)) == (0, 0, 0, 0)  # no batch: a re-run is no act
    first = roster_board(own, ["five_gardens"], day=date(2026, 1, 20)).results[0].lines[0]
    assert first.record.startswith("缺项-2026-")
    before = cover(own, first.subject, first.shown[0])
    assert run(own, "five_gardens", at(2, 1))[:3] == (0, 1, 0)
    record = ledger_record(own, "missing_line", first.record, at=at(2, 1))
    assert [step.label.zh for step in record.steps][-1] == "数据核实销号"
    (own / "rosters" / "lists" / "五园认定.csv").write_text(before, encoding="utf-8")
    assert run(own, "five_gardens", at(2, 5))[:3] == (0, 0, 1)  # missing once more: the same record, its history kept
    assert len(ledger_record(own, "missing_line", first.record, at=at(2, 5)).steps) == 3
    assert [(one.missing, one.opened, one.closed) for one in roster_history(own, "five_gardens")] == [(5, 5, 0), (4, 0, 1), (5, 1, 0)]
    week = this_week(own, at=at(5, 1))
    assert dict(week.counts)["overdue"] == 5


def test_an_excuse_holds_and_then_lapses(own: Path) -> None:
    run(own, "migrant_children", at(1, 20))
    with open_database(own) as database:
        key = database.entries("missing_line")[0].key
    with pytest.raises(DataError, match="2026-01-01"):
        excuse_line(own, "migrant_children", key, "迟", date(2026, 1, 1), OFFICE, at(1, 21))
    assert excuse_line(own, "migrant_children", key, "已转回原籍，待回执", date(2026, 3, 1), OFFICE, at(1, 21)).zh == "有说明暂免"
    with open_database(own) as database:
        standing = roster_standing(own, "migrant_children", day=date(2026, 2, 1), database=database)
        assert (standing.missing, standing.excused, standing.complete) == (1, 1, False)
        later = roster_standing(own, "migrant_children", day=date(2026, 3, 2), database=database)
        assert (later.missing, later.excused) == (2, 0)
    run(own, "migrant_children", at(3, 2))
    assert ledger_record(own, "missing_line", key, at=at(3, 2)).state.zh == "未落实"


def test_who_said_that_it_is_done_does_not_close_it_by_running_the_comparison(own: Path) -> None:
    run(own, "five_gardens", at(1, 20))
    first = roster_board(own, ["five_gardens"], day=date(2026, 1, 20)).results[0].lines[0]
    move_ledger_record(own, "missing_line", first.record, "claim", {"measure": "已认定"}, OFFICE, at=at(1, 25))
    cover(own, first.subject, first.shown[0])
    refused = run_rosters(own, ["five_gardens"], OFFICE, at(2, 1))[0]
    assert refused.closed == 0
    assert "coverage.record_refused" in {one.rule for one in refused.standing.findings}
    assert run_rosters(own, ["five_gardens"], Doer("吴敏", "办公室"), at(2, 2))[0].closed == 1


def test_an_interrupted_batch_leaves_nothing_behind_and_the_next_run_does_it_all(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    put = Batch.put

    def failing(batch: Batch, entry: object) -> None:
        calls.append(entry)
        if len(calls) == 3:
            raise KeyboardInterrupt
        put(batch, entry)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(Batch, "put", failing)
    with pytest.raises(KeyboardInterrupt):
        run_rosters(own, ["five_gardens"], OFFICE, at(1, 20))
    monkeypatch.undo()
    monkeypatch.setenv("JUNHENG_KEYS", str(own.parent / "keys"))
    with open_database(own) as database:
        assert database.kinds() == {}
    assert run(own, "five_gardens", at(1, 20))[0] == 5


def test_names_are_sealed_and_only_the_office_in_charge_sees_them_which_is_noted(own: Path, tmp_path: Path) -> None:
    run(own, "left_behind_visits", at(1, 20))
    hidden = roster_board(own, ["left_behind_visits"], day=date(2026, 1, 20)).results[0]
    assert (hidden.lines, hidden.hidden) == ((), True)
    for doer, purpose in ((Doer("甲", "安全科"), "看看"), (OFFICE, "")):
        with pytest.raises(DataError, match="基础教育科"):
            roster_board(own, ["left_behind_visits"], day=date(2026, 1, 20), doer=doer, purpose=purpose)
    seen = roster_board(own, ["left_behind_visits"], day=date(2026, 1, 20), doer=OFFICE, purpose="安排走访")
    names = [line.shown[1] for line in seen.results[0].lines]
    assert len(names) == 4
    raw = (own / "records" / "record.db").read_bytes()
    assert not [name for name in names if name.encode() in raw]
    with open_database(own) as database:
        assert "unmask" in {one.verb for one in database.history("roster", "left_behind_visits")}
    with pytest.raises(DataError):
        place_for_names(own, own / "out")
    written = write_board(seen, tmp_path / "private")
    assert [path.suffix for path in written] == [".xlsx"]


def test_the_register_of_children_holds_every_line_and_what_shows_it(own: Path, tmp_path: Path) -> None:
    day = date(2026, 3, 11)
    assert roster_board(own, ["school_age_enrolled"], day=day).results[0].register == ()
    board = roster_board(own, ["school_age_enrolled"], day=day, doer=OFFICE, purpose="季度核查")
    result = board.results[0]
    assert len(result.register) == result.standing.should
    shown = [line.detail.zh for line in result.register if line.standing == "verified"]
    assert len(shown) == result.covered == len(set(shown)), "each child is shown by a row of his own"
    roll = (own / "rosters" / "lists" / "学籍名册.csv").read_text(encoding="utf-8").splitlines()
    on_roll = {f"见学籍名册第{number}行": row for number, row in enumerate(roll, start=1)}
    told = [(line.shown[0], on_roll[line.detail.zh]) for line in result.register if line.detail.zh in on_roll]
    assert sum(name in row for name, row in told) > 0.9 * len(told) > 100, "nearly all have the same name there; the rest are homophones"
    assert {line.detail.zh for line in result.register if line.standing == "missing"} == {""}
    (book,) = write_board(board, tmp_path / "out")
    assert load_workbook(book).sheetnames[-1] == "适龄儿童少年台账"


def test_no_presenter_says_the_great_words_while_something_is_missing(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import zipfile

    names = ["left_behind_visits", "five_gardens", "alliances", "party_leadership"]
    asked = run_roster.Asked(names, False, "", "", "", tmp_path / "out", date(2026, 1, 20))
    assert run_roster.shown(Terminal(), own, asked) == 0
    texts = [capsys.readouterr().out]
    for path in sorted((tmp_path / "out").iterdir()):
        if path.suffix not in (".xlsx", ".docx"):
            texts.append(path.read_text(encoding="utf-8"))
        else:
            with zipfile.ZipFile(path) as parts:
                texts += [parts.read(name).decode("utf-8", "ignore") for name in parts.namelist() if name.endswith(".xml")]
    assert len(texts) > 10
    assert not [word for text in texts for word in GREAT if word in text]


def test_the_great_words_reach_the_page_when_the_list_is_empty(own: Path, tmp_path: Path) -> None:
    lists = own / "rosters" / "lists"
    townships = [line.split(",")[1] for line in (own / "2025" / "districts.csv").read_text(encoding="utf-8").splitlines()[1:]]
    rows = [f"{name},清河县第一小学,清教发〔2023〕12号" for name in townships]
    (lists / "教联体名单.csv").write_text("\n".join(["乡镇,牵头学校,批复文号", *rows]) + "\n", encoding="utf-8")
    board = roster_board(own, ["alliances"], day=date(2026, 1, 20))
    assert board.complete == 1
    write_board(board, tmp_path / "out")
    assert "教联体全覆盖" in (tmp_path / "out" / "rosters.html").read_text(encoding="utf-8")


def test_decisions_of_pairs_are_kept_by_a_keyed_tag_and_used_again(own: Path) -> None:
    import polars as pl

    pairs = pl.DataFrame({"left_id": ["l1", "l2"], "right_id": ["r1", "r2"]})
    with open_database(own) as database:
        lines = [("l1", "r1", "same", "王五", "2026-01-20", "核对了户口簿")]
        assert keep_decisions(database, lines, Actor("王五", "基础教育科"), "人工判定", at(1, 20)) > 0
        decided = decisions_of(database)(pairs)
        assert decided is not None
        assert decided.select("left_id", "right_id", "decision").rows() == [("l1", "r1", "same")]
        keep_decisions(database, [("l1", "r1", "open", "王五", "2026-01-21", "看错了")], Actor("王五", "基础教育科"), "撤回", at(1, 21))
        again = decisions_of(database)(pairs)
        assert again is not None
        assert again["decision"].to_list() == ["open"]
        entry = database.entries("match_decision")[0]
        assert "l1" not in entry.key
        whole = database.history("match_decision", entry.key, Purpose(actor=Actor("赵六", "督导室"), reason="复核", at=at(1, 22)))
        assert [one.person for one in whole] == ["王五", "王五"]


def test_a_plan_can_ask_for_titles_and_standings() -> None:
    assert roster_ids(QINGHE)["alliances"].zh == "教联体与强镇学校"
    standing = roster_standing(QINGHE, "alliances", day=date(2026, 1, 20))
    assert (standing.should, standing.verified, standing.claimed, standing.missing) == (12, 10, 1, 1)


def test_a_pair_in_doubt_is_decided_once_and_holds_in_later_runs(own: Path) -> None:
    """Two valid ID numbers and one name: nobody but a person can say. No placement list but the federation's is looked at."""
    weights, checks = [2 ** (17 - place) % 11 for place in range(17)], "10X98765432"
    path = own / "rosters" / "lists" / "残疾儿童少年名册.csv"
    lines = path.read_bytes().decode("gb18030").split("\r\n")
    name, number, *rest = lines[2].split(",")
    other = f"{number[:15]}{(int(number[15]) + 3) % 10}{number[16]}"
    other += checks[sum(int(digit) * weight for digit, weight in zip(other, weights, strict=True)) % 11] + number[18:]
    lines[2] = ",".join((name, other, *rest))
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    asked = roster_questions(own, "disabled_children", day=date(2026, 1, 20))
    assert [(one.line, one.other) for one in asked] == [(3, 2)]
    assert roster_standing(own, "disabled_children", day=date(2026, 1, 20)).undecided == 1
    assert decide_question(own, "disabled_children", asked[0].pair, "same", OFFICE, "核对了残疾人证", at(1, 20)) == ()
    with open_database(own) as database:
        later = roster_standing(own, "disabled_children", day=date(2026, 3, 20), database=database)
    assert (later.undecided, later.verified) == (0, 11)


def test_lines_say_how_much_is_lacking_or_too_much_and_where() -> None:
    result = roster_board(QINGHE, ["living_subsidy"], day=date(2026, 1, 20)).results[0]
    assert {line.detail.zh for line in result.lines if line.standing == "over"} == {"应58,125，实116,250，多58,125"}
    assert {line.detail.zh.partition("，差")[2] for line in result.lines if line.standing == "short"} == {"1,000"}
    assert [line.subject != "" for line in result.wrong] == [True]
    assert [label.zh for label, _ in result.standing.amounts] == ["应（元）", "实（元）", "差（元）", "多（元）"]
