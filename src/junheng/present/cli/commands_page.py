"""The reference page of the commands, made from the commands themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from junheng.present.cli.commands import leaves
from junheng.workflow import Text
from junheng.workflow.views import ReferencePage, Section


def commands_page() -> ReferencePage:
    """Return the reference page of the commands, from the commands themselves."""
    sections = tuple(_command_section(name, command) for name, command in leaves())
    text = Text(
        "每个命令的参数。退出码：0 完成；1 已完成，但数据有错误；2 用法有误；3 未能完成；130 被中断。达标与否不影响退出码。"
        "结果在标准输出，进度和出错说明在标准错误；加 `--json` 时标准输出只有 JSON，出错时其中是 `findings` 或 `usage`。",
        "The parameters of each command. Exit codes: 0 done; 1 done, with errors in the data; 2 wrong call; 3 could not be done; "
        "130 interrupted. A verdict does not change the exit code. Results go to standard output, progress and errors to standard error; "
        "with `--json` standard output holds JSON only, in case of an error with `findings` or `usage`.",
    )
    return ReferencePage(name="commands", title=Text("命令", "Commands"), text=text, sections=sections)


def _command_section(name: str, command: Any) -> Section:
    columns = (Text("参数", "Parameter"), Text("默认", "Default"), Text("说明", "Meaning"))
    rows = tuple(
        ("`" + (", ".join(one.opts) if one.param_type_name == "option" else one.name.upper()) + "`", _default(one.default), one.help or "")
        for one in command.params
        if one.name != "help"
    )
    return Section(title=Text(f"`{name}`", f"`{name}`"), text=Text(command.help or "", ""), columns=columns, rows=rows)


def _default(value: object) -> str:
    return "" if value in (None, "", False) or callable(value) or not isinstance(value, str | int | Path) else f"`{value}`"
