"""The command plan read."""

from __future__ import annotations

from pathlib import Path

from junheng.present.cli.terminal import Terminal, command, exit_code
from junheng.workflow import Text
from junheng.workflow.plan_reading import plan_read


def read(terminal: Terminal, file: Path, out: Path | None) -> int:
    """Read a policy text, write the draft, and print what was found and what was set aside."""
    made = plan_read(file, out)
    terminal.title(Text(f"{made.file}：计划草稿", f"{made.file}: draft of a plan"))
    if made.actions:
        names = "、".join(made.actions)
        terminal.say(Text(f"文中的行动：{names}。", f"Actions named: {names}."))
    columns = (Text("行", "Line"), Text("编号", "Id"), Text("原文", "Words"), Text("期限", "Due"), Text("拟绑定", "Binding"))
    rows = [(str(one.line), one.id or "（已）", one.words, one.due, one.bound or "—") for one in made.lines]
    heading = Text("逐条核对（“已”为文中说已完成的）", "To be confirmed; without an id: what the text says is done")
    terminal.table(heading, columns, rows, right=(0,), whole=(0, 1))
    aside = [(str(line), words, why.of(terminal.lang)) for line, words, why in made.aside]
    terminal.table(
        Text("没有读作措施的行", "Lines set aside"), (Text("行", "Line"), Text("文字", "Words"), Text("原因", "Why")), aside, right=(0,)
    )
    terminal.each_finding(made.findings)
    count = len([one for one in made.lines if one.id])
    terminal.say(
        Text(
            f"{count}条措施，{made.questions}个问题待人回答；已写入 {made.written}",
            f"{count} measures, {made.questions} open questions; written: {made.written}",
        )
    )
    terminal.next((command("plan", "check", "FOLDER", "--plans", made.written), Text("核对草稿", "check the draft")))
    terminal.data(made)
    return exit_code(made.findings)
