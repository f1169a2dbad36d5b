"""Wrong calls and refusals: answered in words, in the reader's language, with the exit code that scripts rely on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from junheng.present.cli import terminal
from junheng.present.cli.commands_page import commands_page
from tests.present.cli.conftest import Call

WRONG_CALLS = {
    "no folder": (["assess"], "缺少 FOLDER", "FOLDER is missing"),
    "no such command": (["judge"], "没有 judge 这个命令", "There is no command judge"),
    "a misspelt option": (["assess", ".", "--yeer", "2025"], "是否指 --year？", "Did you mean --year?"),
    "a year in words": (["assess", ".", "--year", "今年"], "应为整数", "expected a whole number"),
    "a year of two digits": (["assess", ".", "--year", "25"], "超出范围", "out of range"),
    "a day that is none": (["standards", "show", "x", "--day", "2025-13-01"], "应为日期，如2025-09-01", "a date such as 2025-09-01"),
    "a word for a day": (["standards", "show", "x", "--day", "yesterday"], "应为日期，如2025-09-01", "a date such as 2025-09-01"),
    "one word too many": (["check", ".", "2025"], "多出了参数：2025", "Unexpected: 2025"),
    "an option without its value": (["assess", ".", "--year"], "--year 后面缺少内容", "--year needs a value"),
    "an unknown example": (
        ["demo", "--only", "beijing"],
        "发现'beijing'，应为'qinghe', 'tainan'之一",
        "expected one of 'qinghe', 'tainan'",
    ),
    "an unknown language": (["assess", ".", "--lang", "fr"], "发现'fr'，应为'zh', 'en'之一", None),
}


@pytest.mark.parametrize("case", WRONG_CALLS)
def test_a_wrong_call_says_what_is_wrong_and_where_to_look(call: Call, case: str) -> None:
    words, zh, en = WRONG_CALLS[case]
    answer = call(*words)
    assert answer.code == 2
    assert answer.out == ""
    assert zh in answer.text
    assert "--help" in answer.err
    if en:
        english = call(*words, "--lang", "en") if case != "an option without its value" else call("assess", ".", "--lang", "en", "--year")
        assert english.code == 2
        assert en in english.text


def test_a_wrong_call_is_json_where_json_is_asked_for(call: Call) -> None:
    answer = call("assess", "--json")
    assert answer.code == 2
    assert answer.err == ""
    assert answer.json["usage"]["en"] == "FOLDER is missing."


def test_without_a_command_it_shows_the_commands(call: Call) -> None:
    answer = call()
    assert answer.code == 2
    assert "assess" in answer.out
    assert call("--help").code == 0


@pytest.mark.parametrize("command", ["templates", "import", "check", "assess", "compare", "report"])
def test_a_folder_that_is_no_authority_is_answered(call: Call, tmp_path: Path, command: str) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        answer = call(command, folder)
        assert answer.code == 3
        assert "没有junheng.toml" in answer.err
        assert "请先用 junheng new 建立" in answer.err
        assert answer.out == ""
        (found,) = call(command, folder, "--json").json["findings"]
        assert found["rule"] == "store.no_authority"


@pytest.mark.parametrize("command", ["templates", "check", "assess", "compare", "report"])
def test_an_authority_without_data_is_told_to_import(call: Call, new_county: Path, command: str) -> None:
    answer = call(command, new_county)
    assert answer.code == 3
    assert "请先运行 junheng import 读入报表" in answer.err


def test_an_unknown_year_names_those_that_are_held(call: Call, county: Path) -> None:
    for command in ("check", "assess", "report"):
        answer = call(command, county, "--year", "2019", "--lang", "en")
        assert answer.code == 3
        assert "found 2019" in answer.err
        assert "2025" in answer.err


def test_an_unknown_framework_names_those_that_exist(call: Call, county: Path) -> None:
    answer = call("assess", county, "--framework", "nope")
    assert answer.code == 3
    assert "quality-balance-2017" in answer.err


def test_an_unknown_figure_names_figures(call: Call, county: Path) -> None:
    answer = call("explain", county, "conditions.teaching_area/primary/999")
    assert answer.code == 3
    assert "conditions.teaching_area/primary/2162000001" in answer.err
    assert "如：-" not in call("explain", county, "?").err


def test_an_unknown_standard_names_the_nearest(call: Call) -> None:
    answer = call("standards", "show", "class_size.maxim")
    assert answer.code == 3
    assert "class_size.maximum" in answer.err


def test_a_file_where_a_folder_should_be_is_answered(call: Call, county: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    calls = (["report", county, "--out", taken], ["templates", county, "--out", taken], ["docs", "--out", taken / "x"])
    for words in (*calls, ["new", taken, "--code", "620725", "--name", "某县"], ["demo", "--only", "qinghe", "--out", taken]):
        answer = call(*words)
        assert answer.code == 3, words
        assert "taken" in answer.err
        assert "请检查路径、权限" in answer.err
    assert taken.read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_answered(call: Call, county: Path) -> None:
    county.chmod(0o500)
    answer = call("templates", county)
    county.chmod(0o700)
    assert answer.code == 3
    assert "没有权限" in answer.err


def test_what_the_system_refuses_is_told_in_both_languages(call: Call, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied", "/data/某县")

    monkeypatch.setattr("junheng.present.cli.run_import.check_year", refuse)
    assert "/data/某县：发现没有权限" in call("check", county).text
    assert "/data/某县: found Permission denied" in call("check", county, "--lang", "en").text
    assert call("check", county, "--json").json["findings"][0]["rule"] == "workflow.system_refused"


def test_a_fault_of_the_program_is_one_line_and_its_trace_on_demand(call: Call, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_words: object, **_more: object) -> None:
        raise KeyError("stage")

    monkeypatch.setattr("junheng.present.cli.run_import.check_year", fail)
    answer = call("check", county)
    assert answer.code == 3
    assert "KeyError: 'stage'" in answer.err
    assert "test_calls.py" in answer.err
    assert "不是您的操作有误" in answer.err
    assert call("check", county, "--json").json["findings"][0]["rule"] == "workflow.program_failed"
    monkeypatch.setenv("JUNHENG_TRACE", "1")
    with pytest.raises(KeyError):
        call("check", county)


def test_an_interrupted_call_says_so(call: Call, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("junheng.present.cli.run_import.check_year", interrupt)
    answer = call("check", county)
    assert answer.code == 130
    assert "已中断" in answer.err


def test_an_output_that_cannot_be_written_is_no_traceback(root: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "PYTHONUTF8": "1"}
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "junheng", "standards", "list", "--json"]
        answer = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", env=environment, check=False)
    assert answer.returncode == 3
    assert "磁盘已满" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_commands_that_are_shown_can_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUNHENG_CALLED_AS", raising=False)
    assert terminal.command("import", Path("某 县")) == 'junheng import "某 县"'
    monkeypatch.setenv("JUNHENG_CALLED_AS", "python3 run.py junheng")
    assert terminal.command("check", "某县") == "python3 run.py junheng check 某县"


def test_the_exit_codes_are_documented() -> None:
    text = commands_page().text
    for code in (terminal.DONE, terminal.FOUND_ERRORS, terminal.WRONG_CALL, terminal.COULD_NOT, terminal.INTERRUPTED):
        assert f"{code} " in text.zh
        assert f"{code} " in text.en
