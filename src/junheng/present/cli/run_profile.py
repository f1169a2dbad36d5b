"""The commands about what schools are like: profile, progress, inspectors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command, exit_code
from junheng.present.profile_documents import (
    ALIKE,
    CHANCE,
    INSPECTOR_COLUMNS,
    NO_RANK,
    alike_words,
    inspector_note,
    inspector_rows,
    write_inspectors,
    write_profile,
    write_progress,
)
from junheng.present.wording import school_year
from junheng.workflow import Text
from junheng.workflow import profiles as work
from junheng.workflow.entry_to_exit import progress_page
from junheng.workflow.inspector_sheet import inspector_sheet
from junheng.workflow.records import Acting
from junheng.workflow.views.profiles import ProfilePage

_MOST = 60
_PARTS = (  # columns of the sheet of inspectors that stand side by side
    (Text("到校", "Visits"), (0, 3, 4, 5, 6)),
    (Text("督导记录", "Reports"), (0, 7, 8, 9, 10, 11, 12)),
    (Text("问题整改", "Findings"), (0, 13, 14, 15)),
)
_RIGHT = (1, 2, 3, 4, 5, 6)
_FIGURES = {True: (4, 5), False: (2, 3)}  # places of the figures: with school and stage before them, and without


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for what is restricted, and why."""

    person: str
    office: str
    purpose: str


def profile(terminal: Terminal, folder: Path, name: str, school: str, year: int | None, out: Path | None) -> int:
    """Print a profile and write it where asked; without a name, list the profiles."""
    if not name:
        return _names(terminal, folder)
    page = work.profile(folder, name, year=year, school=school)
    label = school_year(page.year)
    terminal.title(Text(f"{page.name.zh} {label.zh} · {page.title.zh}", f"{page.name.en} {label.en} · {page.title.en}"))
    terminal.say(page.about)
    _lines(terminal, page)
    _pairs(terminal, page)
    terminal.findings(page.findings)
    if out is not None:
        write_profile(page, out, terminal.lang)
        terminal.say(Text(f"已写入 {out}", f"Written: {out}"))
    terminal.data(page)
    return exit_code(page.findings)


def _names(terminal: Terminal, folder: Path) -> int:
    names = work.profile_names()
    lang = terminal.lang
    columns = (Text("编号", "Id"), Text("画像", "Profile"), Text("内容", "About"))
    terminal.table(
        Text("可以看的画像", "Profiles"), columns, [(one.id, one.title.of(lang), one.about.of(lang)) for one in names], whole=(0, 1)
    )
    terminal.next((command("profile", folder, names[0].id), Text("看其中一个", "see one of them")))
    terminal.data({"profiles": names})
    return DONE


def _lines(terminal: Terminal, page: ProfilePage) -> None:
    lang = terminal.lang
    of_school = page.of == "school"
    columns = [Text("学校", "School"), Text("学段", "Stage")] if of_school else []
    columns += [Text("方面", "Side"), Text("指标", "Indicator"), Text("上年", "Before"), Text("本年", "Now"), Text("变化", "Change")]
    rows = [
        (
            *((one.name, one.stage.of(lang)) if of_school else ()),
            one.section.of(lang),
            one.title.of(lang),
            one.before,
            f"{one.now}{one.unit.of(lang)}" if one.now else one.reason.of(lang),
            f"{one.change} {CHANCE.of(lang)}" if one.chance and one.change else one.change,
        )
        for one in page.lines[:_MOST]
    ]
    terminal.table(Text("", ""), columns, rows, right=_FIGURES[of_school], whole=_FIGURES[of_school])
    if page.lines[_MOST:]:
        count = len(page.lines)
        terminal.say(
            Text(f"……共{count}行，用 --school 看一所，或 --out 写出全部。", f"… {count} rows in all: --school for one, --out for all.")
        )
    terminal.say(NO_RANK)


def _pairs(terminal: Terminal, page: ProfilePage) -> None:
    if not page.pairs:
        return
    columns = (Text("学校", "School"), Text("学校", "School"), Text("相同部分%", "In common %"), Text("", ""))
    rows = [(one.one_name, one.other_name, one.shown, ALIKE.of(terminal.lang) if one.alike else "") for one in page.pairs]
    terminal.table(Text("两校相近程度", "How alike two schools are"), columns, rows, right=(2,))
    terminal.say(alike_words(page))


def progress(terminal: Terminal, folder: Path, out: Path, asking: Asking, year: int | None) -> int:
    """Write the restricted report; print that it was written, and no school."""
    acting = Acting(asking.person, asking.office, asking.purpose, datetime.now(UTC).astimezone())
    page = progress_page(folder, out, actor=acting.actor, reason=acting.purpose, at=acting.at, year=year)
    write_progress(page, out, acting.at.date(), terminal.lang)
    count = len(page.lines)
    terminal.findings(page.findings)
    terminal.say(
        Text(
            f"{count}所学校的入口到出口情况已写入 {out}，谁看、为什么已记入审计。限定范围使用，不得公开，不得排名。",
            f"{count} schools: written to {out}; who asked and why stands in the audit. Restricted: not for the public, no ranking.",
        )
    )
    terminal.data({"schools": count, "written": out})
    return exit_code(page.findings)


def inspectors(terminal: Terminal, folder: Path, today: date | None, out: Path | None) -> int:
    """Print what each inspector did, by number of appointment, and write it where asked."""
    page = inspector_sheet(folder, today)
    terminal.title(Text(f"{page.name.zh} · 优秀督学候选人工作情况表", f"{page.name.en} · What each inspector did"))
    rows = [tuple(map(str, row)) for row in inspector_rows(page)]
    for title, places in _PARTS:
        columns = [INSPECTOR_COLUMNS[place][0] for place in places]
        terminal.table(title, columns, [tuple(row[place] for place in places) for row in rows], right=_RIGHT, whole=(0,))
    terminal.say(inspector_note(page))
    terminal.findings(page.findings)
    if out is not None:
        write_inspectors(page, out, terminal.lang)
        terminal.say(Text(f"已写入 {out}", f"Written: {out}"))
    terminal.data(page)
    return exit_code(page.findings)
