"""The command compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command
from junheng.present.wording import NOTHING, SIGNS, TURNS, VERDICTS
from junheng.workflow import Text
from junheng.workflow.compare import compare as side_by_side
from junheng.workflow.views import Compared, Comparison

_MOST_ROWS = 40
_LISTED = ("lost", "gained", "unknown")  # the losses first


def compare(terminal: Terminal, folder: Path, other: Path, year: int | None, before: int | None, framework: str | None) -> int:
    """Print two assessments side by side: another year of the same authority, or another authority."""
    with terminal.progress() as step:
        comparison = side_by_side(folder, other, year, before, framework, progress=step)
    show_comparison(terminal, comparison)
    terminal.next((command("report", folder), Text("写出本年全部材料", "write this year's documents")))
    terminal.data(comparison)
    return DONE


def show_comparison(terminal: Terminal, comparison: Comparison) -> None:
    """Print how many verdicts turned, and those that did: losses first; what exists on one side only is counted and named."""
    before, after = comparison.before, comparison.after
    terminal.title(Text(f"{before.zh} → {after.zh}", f"{before.en} → {after.en}"))
    groups = {turn: [row for row in comparison.rows if row.turn == turn] for turn in TURNS}
    counts = [(TURNS[turn], len(rows)) for turn, rows in groups.items() if rows]
    terminal.say(
        Text("，".join(f"{word.zh}{count}项" for word, count in counts), ", ".join(f"{word.en}: {count}" for word, count in counts))
    )
    for turn in _LISTED:
        _rows(terminal, TURNS[turn], groups[turn])
    for turn in ("new", "gone"):
        places = list(dict.fromkeys(row.place for row in groups[turn]))
        if places:
            word = TURNS[turn]
            zh, en = "、".join(place.zh for place in places), ", ".join(place.en for place in places)
            terminal.say(Text(f"\n{word.zh}：{zh}", f"\n{word.en}: {en}"))
    _signs(terminal, [row for turn in _LISTED for row in groups[turn]])
    for note in comparison.notes:
        terminal.say(note)


def _rows(terminal: Terminal, heading: Text, rows: Sequence[Compared]) -> None:
    lang = terminal.lang
    cells = [
        (
            row.place.of(lang),
            row.label.of(lang),
            row.before.shown if row.before else "",
            row.after.shown if row.after else "",
            row.change,
            f"{_sign(row.before_verdict)} → {_sign(row.after_verdict)}",
        )
        for row in rows[:_MOST_ROWS]
    ]
    columns = (
        Text("对象", "Place"),
        Text("指标", "Indicator"),
        Text("前", "Before"),
        Text("后", "After"),
        Text("变化", "Change"),
        Text("结论", "Verdict"),
    )
    terminal.table(heading, columns, cells, right=(2, 3, 4), whole=(5,))
    count = len(rows)
    if rows[_MOST_ROWS:]:
        terminal.say(Text(f"……共{count}项，用 --json 查看全部。", f"… {count} in all: see --json."))


def _sign(verdict: str | None) -> str:
    return SIGNS[verdict] if verdict else " "


def _signs(terminal: Terminal, rows: Sequence[Compared]) -> None:
    used = dict.fromkeys(verdict for row in rows for verdict in (row.before_verdict, row.after_verdict) if verdict)
    words = [(SIGNS[verdict], VERDICTS.get(verdict, NOTHING)) for verdict in used]
    if words:
        zh, en = "　".join(f"{sign} {word.zh}" for sign, word in words), "  ".join(f"{sign} {word.en}" for sign, word in words)
        terminal.say(Text(f"\n{zh}", f"\n{en}"))
