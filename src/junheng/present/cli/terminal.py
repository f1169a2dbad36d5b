"""What every command shares: language, JSON or tables, progress bars, exit codes. The only module that touches rich."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from junheng.present.cli.grouping import Cause, causes
from junheng.present.plain import plain
from junheng.present.wording import SEVERITIES
from junheng.workflow import Finding, Text

DONE, FOUND_ERRORS, WRONG_CALL, COULD_NOT, INTERRUPTED = 0, 1, 2, 3, 130

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
_MOST_CAUSES = 20


def program() -> str:
    """Return how the reader calls this program: run.py says so, else it is the installed command."""
    return os.environ.get("JUNHENG_CALLED_AS") or "junheng"


def command(*words: str | Path) -> str:
    """Return a command line that can be copied: words with blanks stand in quotes."""
    return " ".join([program(), *(f'"{word}"' if " " in str(word) else str(word) for word in words)])


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
            self.out.print(f"\n[bold reverse] {escape(text.of(self.lang))} [/]")

    def heading(self, text: Text) -> None:
        """Print the heading of a section; nothing in JSON mode."""
        if not self.as_json:
            self.out.print(f"\n[bold]{escape(text.of(self.lang))}[/]")

    def next(self, *steps: tuple[str, Text]) -> None:
        """Print what to do next: commands, each with what it is for."""
        if self.as_json:
            return
        self.out.print(f"\n[bold]{Text('下一步', 'Next').of(self.lang)}[/]")
        for line, purpose in steps:
            self.out.print(f"  [green]{escape(line)}[/]  {escape(purpose.of(self.lang))}", soft_wrap=True)

    def data(self, value: object) -> None:
        """Print a view as JSON; nothing for people, who have had their tables."""
        if self.as_json:
            sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")

    def table(
        self,
        heading: Text,
        columns: Sequence[Text],
        rows: Sequence[Sequence[str]],
        right: Sequence[int] = (),
        whole: Sequence[int] = (),
    ) -> None:
        """Print a table; columns of the numbers `right` are set flush right, those of `right` and `whole` are never folded.

        Nothing in JSON mode, and nothing for a table without rows.
        """
        if self.as_json or not rows:
            return
        if heading.zh:
            self.heading(heading)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1))
        for number, column in enumerate(columns):
            folds = number not in (*right, *whole)
            table.add_column(column.of(self.lang), justify="right" if number in right else "left", overflow="fold", no_wrap=not folds)
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        self.out.print(table)

    def lines(self, rows: Sequence[Sequence[str]], widths: Sequence[int | None]) -> None:
        """Print rows of cells without a head, in columns of fixed widths; None takes what is left. Nothing in JSON mode."""
        if self.as_json:
            return
        grid = Table.grid(padding=(0, 1))
        for width in widths:
            grid.add_column(width=width, overflow="fold")
        for row in rows:
            grid.add_row(*(escape(cell) for cell in row))
        self.out.print(grid)

    def findings(self, findings: Sequence[Finding], most: int = _MOST_CAUSES) -> None:
        """Print findings, errors first and one line a cause, at most `most` causes; nothing in JSON mode."""
        if self.as_json:
            return
        found = causes(findings)
        for cause in found[:most]:
            self._cause(cause)
        left_out = len(found[most:])
        if left_out:
            self.say(Text(f"……另有{left_out}类，用 check 命令查看。", f"… and {left_out} more causes: see the command check."))

    def each_finding(self, findings: Sequence[Finding]) -> None:
        """Print every finding on its own line, errors first; nothing in JSON mode."""
        if self.as_json:
            return
        for cause in causes(findings):
            for finding in cause.findings:
                self.out.print(self._line(finding), soft_wrap=True)

    def _cause(self, cause: Cause) -> None:
        first, *others = cause.findings
        self.out.print(self._line(first), soft_wrap=True)
        if others:
            count = len(others)
            named = cause.others
            says = Text(f"  同类还有{count}处：{named.zh}", f"  the same in {count} more places: {named.en}")
            self.out.print(f"[dim]{escape(says.of(self.lang))}[/]", soft_wrap=True)

    def _line(self, finding: Finding) -> str:
        return f"[{_COLOURS[finding.severity]}]{SEVERITIES[finding.severity].of(self.lang)}[/] {escape(finding.sentence(self.lang))}"

    def failed(self, findings: Sequence[Finding]) -> int:
        """Say why the work could not be done, on standard error or as JSON with the one key `findings`; return the exit code."""
        if self.as_json:
            self.data({"findings": findings})
        else:
            there = Terminal(self.lang, out=self.err)
            there.each_finding(findings)
        return COULD_NOT

    def interrupted(self) -> None:
        """Say that the work was interrupted and what that means."""
        text = Text("已中断。各文件要么完整写好，要么没有改动。", "Interrupted. Each file is whole or as it was before.")
        Terminal(self.lang, out=self.err).say(text)

    def wrong_call(self, message: Text, usage: str) -> int:
        """Say what is wrong with the call, on standard error or as JSON with the one key `usage`; return the exit code."""
        if self.as_json:
            self.data({"usage": message})
            return WRONG_CALL
        there = Terminal(self.lang, out=self.err)
        there.say(Text(f"用法有误：{message.zh}", f"Wrong call: {message.en}"))
        there.say(Text(f"查看用法：{usage}", f"See {usage}"))
        return WRONG_CALL

    @contextmanager
    def progress(self) -> Iterator[Callable[[Text, int, int], None]]:
        """Yield a function (step, done, total) that draws one progress bar on standard error while work goes on, if a person sees it."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.err, transient=True, disable=not self.err.is_terminal) as bars:
            task = bars.add_task("", total=None)

            def step(text: Text, done: int, total: int) -> None:
                bars.update(task, description=escape(text.of(self.lang)), completed=done, total=total)

            yield step


def exit_code(findings: Sequence[Finding]) -> int:
    """Return the exit code for what was found: 1 when there is an error among the findings, else 0."""
    return FOUND_ERRORS if any(finding.severity == "error" for finding in findings) else DONE


def counts_in_words(counts: Mapping[str, int]) -> Text:
    """Return how many findings there are of each severity, in words."""
    zh = "，".join(f"{SEVERITIES[severity].zh}{count}条" for severity, count in counts.items())
    en = ", ".join(f"{SEVERITIES[severity].en.lower()}: {count}" for severity, count in counts.items())
    return Text(zh, en)
