"""A wrong call, in the reader's language: what was found, what was expected, and where to look it up."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from junheng.present.cli.terminal import WRONG_CALL, Terminal, program
from junheng.workflow import Text

# what typer says, in both languages; a message that is not known here is passed on as it is
_KNOWN: tuple[tuple[str, str, str], ...] = (
    (r"not a date", "应为日期，如2025-09-01", "expected a date such as 2025-09-01"),
    (r"(?:Value error, )?(.+) is not one of (.+?)\.?", r"发现{0}，应为{1}之一", r"found {0}, expected one of {1}"),
    (r".*valid integer.*", "应为整数", "expected a whole number"),
    (r".*(?:greater|less) than or equal to (\d+)", r"超出范围（界限{0}）", r"out of range (the bound is {0})"),
    (r"path '(.+)' is not readable\.?", r"没有权限读取 {0}", r"{0} cannot be read"),
    (r"No such command '(.+)'\.", r"没有 {0} 这个命令。", r"There is no command {0}."),
    (r"Got unexpected extra argument.*? \((.+)\)", r"多出了参数：{0}", r"Unexpected: {0}"),
    (r"Option '(.+)' requires an argument\.", r"{0} 后面缺少内容。", r"{0} needs a value."),
)


def terminal_of(words: list[str]) -> Terminal:
    """Return the terminal for a call whose options could not be read yet."""
    english = "--lang=en" in words or "en" in [second for first, second in pairwise(words) if first == "--lang"]
    named = english or any(word.startswith("--lang") for word in words)
    chosen = "en" if english or (not named and os.environ.get("JUNHENG_LANG") == "en") else "zh"
    return Terminal(chosen, as_json="--json" in words)


def explained(terminal: Terminal, error: Any) -> int:
    """Say what is wrong with a call; a call without any command has had its help already. Return the exit code."""
    context = getattr(error, "ctx", None)
    usage = f"{context.command_path if context else program()} --help"
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        terminal.out.print(error.message)
        return WRONG_CALL
    words = _WORDS.get(kind, _as_it_is)
    return terminal.wrong_call(words(error), usage)


def _parameter(error: Any) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", "") or "")
    return " / ".join(parameter.opts) if parameter.param_type_name == "option" else str(parameter.name).upper()


def _missing(error: Any) -> Text:
    return Text(f"缺少 {_parameter(error)}。", f"{_parameter(error)} is missing.")


def _bad(error: Any) -> Text:
    said = _as_it_is(error)
    return Text(f"{_parameter(error)}：{said.zh}。", f"{_parameter(error)}: {said.en}.")


def _no_option(error: Any) -> Text:
    near = "、".join(error.possibilities or ())
    hint = Text(f"是否指 {near}？", f" Did you mean {near}?") if near else Text("", "")
    return Text(f"没有 {error.option_name} 这个选项。{hint.zh}", f"There is no option {error.option_name}.{hint.en}")


def _as_it_is(error: Any) -> Text:
    for pattern, zh, en in _KNOWN:
        found = re.fullmatch(pattern, error.message)
        if found:
            return Text(zh.format(*found.groups()), en.format(*found.groups()))
    return Text(error.message, error.message)


_WORDS: Mapping[str, Callable[[Any], Text]] = {"MissingParameter": _missing, "BadParameter": _bad, "NoSuchOption": _no_option}


def close_quietly() -> None:
    """Let the interpreter end without a word although nobody reads its output any more."""
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open until the process ends
