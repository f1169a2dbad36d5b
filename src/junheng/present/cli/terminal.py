"""What every command shares: language, JSON or tables, progress bars, findings, exit codes. The only module that touches rich."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from junheng.present.plain import plain
from junheng.workflow import Finding, Text

DONE, FOUND_ERRORS, WRONG_CALL, COULD_NOT = 0, 1, 2, 3

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
_SEVERITY = {"error": Text("错误", "error"), "warning": Text("提醒", "warning"), "note": Text("说明", "note")}
_MOST_FINDINGS = 40


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command prints: tables for people on standard output, or JSON for programs; progress on standard error."""

    lang: str = "zh"
    as_json: bool = False
    out: Console = field(default_factory=lambda: Console(highlight=False))
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    def say(self, text: Text) -> None:
        """Print one sentence; nothing in JSON mode."""
        if not self.as_json:
            self.out.print(escape(text.of(self.lang)), soft_wrap=True)

    def title(self, text: Text) -> None:
        """Print a heading; nothing in JSON mode."""
        if not self.as_json:
            self.out.print(Panel.fit(f"[bold]{escape(text.of(self.lang))}[/bold]"))

    def data(self, value: object) -> None:
        """Print a view as JSON; nothing for people, who have had their tables."""
        if self.as_json:
            sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")

    def table(self, heading: Text, columns: Sequence[Text], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
        """Print a table; `right` are the numbers of the columns set flush right. Nothing in JSON mode."""
        if self.as_json:
            return
        table = Table(title=escape(heading.of(self.lang)), title_justify="left", title_style="bold", header_style="bold")
        for number, column in enumerate(columns):
            table.add_column(column.of(self.lang), justify="right" if number in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        self.out.print(table)

    def findings(self, findings: Sequence[Finding], most: int = _MOST_FINDINGS) -> None:
        """Print findings, errors first, at most `most` of them with the number left out."""
        if self.as_json:
            return
        order = list(_COLOURS)
        for finding in sorted(findings, key=lambda one: order.index(one.severity))[:most]:
            mark = f"[{_COLOURS[finding.severity]}]{_SEVERITY[finding.severity].of(self.lang)}[/]"
            self.out.print(f"{mark} {escape(finding.sentence(self.lang))}", soft_wrap=True)
        left_out = len(findings[most:])
        if left_out:
            self.say(
                Text(
                    f"……另有{left_out}条，用 --json 或报告工作簿查看全部。", f"… and {left_out} more: see --json or the report's workbook."
                )
            )

    @contextmanager
    def progress(self) -> Iterator[Callable[[Text, int, int], None]]:
        """Yield a function (step, done, total) that draws a progress bar on standard error while work goes on."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.err, transient=True) as bars:
            tasks: dict[str, object] = {}

            def step(text: Text, done: int, total: int) -> None:
                words = escape(text.of(self.lang))
                task = tasks.setdefault(words, bars.add_task(words, total=total)) if words not in tasks else tasks[words]
                bars.update(task, completed=done, total=total)  # type: ignore[arg-type]

            yield step


def exit_code(findings: Sequence[Finding]) -> int:
    """Return the exit code for what was found: 1 when there is an error among the findings, else 0."""
    return FOUND_ERRORS if any(finding.severity == "error" for finding in findings) else DONE
