"""The commands that look after the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from junheng.present.cli.terminal import DONE, Terminal, command, exit_code
from junheng.workflow import Text, retention
from junheng.workflow import records as work
from junheng.workflow.views.records import BackupView, RecordSoundness, RecordState


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, as the options say."""

    person: str
    office: str
    purpose: str

    @property
    def acting(self) -> work.Acting:
        """Return the act, now."""
        return work.Acting(self.person, self.office, self.purpose, datetime.now(UTC).astimezone())


def status(terminal: Terminal, folder: Path) -> int:
    """Print how the record stands."""
    return _state(terminal, work.record_state(folder))


def _state(terminal: Terminal, state: RecordState) -> int:
    terminal.title(Text(f"记录库 {state.place}", f"The record {state.place}"))
    columns = (Text("类别", "Kind"), Text("条数", "Entries"))
    terminal.table(Text("现有记录", "Entries"), columns, [(kind, str(count)) for kind, count in state.kinds.items()], right=(1,))
    heads = (Text("批", "Batch"), Text("时间", "At"), Text("科室", "Office"), Text("条数", "Changes"), Text("事由", "Purpose"))
    rows = [
        (str(one.number), one.at, one.office, str(one.changes), f"{one.purpose}{_undone(terminal, one.undone)}") for one in state.batches
    ]
    terminal.table(Text("最近批次", "Last batches"), heads, rows, right=(0, 3), whole=(1,))
    terminal.heading(Text("校验码（请抄入值班表或打印留存）", "Check code, for the duty sheet"))
    terminal.say(state.head)
    terminal.say(Text(f"密钥文件：{state.keys}（请另存一份在保险柜）", f"Key file: {state.keys} (keep a copy in a safe)"))
    terminal.data(state)
    return DONE


def _undone(terminal: Terminal, undone: bool) -> str:
    return Text("（已撤销）", " (undone)").of(terminal.lang) if undone else ""


def verify(terminal: Terminal, folder: Path, today: date | None) -> int:
    """Print whether the record is sound."""
    return _sound(terminal, work.verify_record(folder, today or datetime.now(UTC).astimezone().date()))


def _sound(terminal: Terminal, seen: RecordSoundness) -> int:
    counts = Text(
        f"核对了{seen.changes}条变更、{seen.entries}条记录、{seen.files}份材料。",
        f"Checked {seen.changes} changes, {seen.entries} entries, {seen.files} files.",
    )
    terminal.say(counts)
    for note in seen.notes:
        terminal.say(note)
    terminal.findings(seen.findings)
    if not seen.findings:
        terminal.say(Text(f"完好。校验码 {seen.head}", f"Sound. Check code {seen.head}"))
    terminal.data(seen)
    return exit_code(seen.findings)


def backup(terminal: Terminal, folder: Path, target: Path, office: str, keep: int) -> int:
    """Make a backup and print it."""
    made = work.back_up(folder, target, Who("-", office, "备份").acting, keep)
    code = _backups(terminal, [made])
    terminal.next((command("records", "drill", made.folder), Text("恢复演练", "try to restore it")))
    terminal.say(Text("备份不含密钥：密钥文件请另存他处。", "The keys are not in it: keep the key file in another place."))
    terminal.data(made)
    return code


def backups(terminal: Terminal, target: Path) -> int:
    """Print the backups of a place."""
    found = work.backups(target)
    code = _backups(terminal, found)
    terminal.data(found)
    return code


def _backups(terminal: Terminal, found: Sequence[BackupView]) -> int:
    named = (("备份", "Backup"), ("时间", "At"), ("变更", "Changes"), ("记录", "Entries"), ("材料", "Files"), ("核对", "Check"))
    columns = [Text(*name) for name in named]
    good, bad = Text("完好", "sound"), Text("有问题", "damaged")
    rows = [
        (one.folder, one.at, str(one.changes), str(one.entries), str(one.files), (bad if one.findings else good).of(terminal.lang))
        for one in found
    ]
    terminal.table(Text("备份", "Backups"), columns, rows, right=(2, 3, 4), whole=(5,))
    findings = [finding for one in found for finding in one.findings]
    terminal.findings(findings)
    return exit_code(findings)


def drill(terminal: Terminal, target: Path, who: Who) -> int:
    """Restore a backup into a place that is thrown away, and print whether it is sound."""
    seen = work.restore_drill(target, Who(who.person or "-", who.office or "-", who.purpose).acting)
    terminal.say(
        Text("已恢复到临时处并打开，现有记录未动。", "Restored to a place thrown away, and opened; the record in use was not touched.")
    )
    return _sound(terminal, seen)


def restore(terminal: Terminal, folder: Path, target: Path, who: Who, over: int) -> int:
    """Restore the record and print how it stands."""
    return _state(terminal, work.restore_record(folder, target, who.acting, over))


def migrate(terminal: Terminal, folder: Path) -> int:
    """Bring the tables up to date and print the steps."""
    done = work.migrate_record(folder)
    steps = ", ".join(done.steps)
    if done.steps:
        terminal.say(
            Text(f"已升级：{steps}；升级前的记录库留在 {done.kept}。", f"Done: {steps}; the record as it was is kept at {done.kept}.")
        )
        terminal.say(Text("请另存一份密钥文件：里面新增了各年的密钥。", "Keep a new copy of the key file: it holds keys of years now."))
    else:
        terminal.say(Text("已是最新结构。", "The tables are up to date."))
    terminal.data(done)
    return DONE


def undo(terminal: Terminal, folder: Path, batch: int, who: Who) -> int:
    """Undo a batch and print the number of the new one."""
    number = work.undo_batch(folder, batch, who.acting)
    terminal.say(Text(f"第{batch}批已撤销，记为第{number}批。", f"Batch {batch} is undone, by batch {number}."))
    terminal.data({"batch": number})
    return DONE


def rekey(terminal: Terminal, folder: Path, who: Who) -> int:
    """Change the keys and print what to keep."""
    count, path = work.change_record_keys(folder, who.acting)
    terminal.say(Text(f"已重新密封{count}条记录。", f"{count} entries are sealed anew."))
    terminal.say(Text(f"请把新的密钥文件另存一份：{path}", f"Keep a copy of the new key file: {path}"))
    terminal.data({"entries": count, "keys": path})
    return DONE


def anchor(terminal: Terminal, folder: Path, who: Who) -> int:
    """Write the anchor again and print it."""
    head = work.anchor_record(folder, who.acting)
    terminal.say(head)
    terminal.data({"head": head})
    return DONE


def purge(terminal: Terminal, folder: Path, who: Who, really: bool) -> int:
    """Print what has been kept long enough, and take it out when told."""
    made = retention.purge(folder, who.acting, really=really)
    columns = (Text("台账", "Kind"), Text("保存年限", "Years"), Text("已到期", "Due"), Text("最早办结", "Oldest end"))
    rows = [(one.title.of(terminal.lang), str(one.years), str(one.records), one.oldest.isoformat()) for one in made.lines]
    terminal.table(Text("办结后超过保存年限的记录", "Records past their term"), columns, rows, right=(1, 2), whole=(3,))
    if made.batch:
        done = Text(f"已清除{made.records}条，记为第{made.batch}批。", f"{made.records} taken out, by batch {made.batch}.")
        terminal.say(done)
        terminal.say(Text("审计中留有清除前的内容，敏感字段仍加密。", "The audit keeps what they said, sealed fields still sealed."))
    elif made.records:
        terminal.say(Text("以上只是列出，没有清除；确认后加 --really。", "This is only a list; add --really to take them out."))
    else:
        terminal.say(Text("没有到期的记录。", "Nothing is due."))
    terminal.data(made)
    return DONE


def purge_year(terminal: Terminal, folder: Path, year: int, who: Who, *, really: bool, carry_over: bool) -> int:
    """Print the years of keys, and destroy one when told."""
    made = retention.purge_year(folder, year, who.acting, carry_over=carry_over) if really else retention.key_years(folder, who.acting)
    columns = (Text("年份", "Year"), Text("仍在用的记录", "Entries that stand"), Text("其中", "Of them"), Text("情况", "Standing"))
    gone, held = Text("已销毁", "destroyed"), Text("保存", "kept")
    rows = [
        (
            str(one.year),
            str(one.entries),
            "、".join(f"{title.of(terminal.lang)}{count}" for title, count in one.standing),
            (gone if one.lost else held).of(terminal.lang),
        )
        for one in made.years
    ]
    terminal.table(Text("各年密封的内容", "What was sealed, by year"), columns, rows, right=(1,), whole=(0, 3))
    if made.destroyed:
        terminal.say(
            Text(
                f"{year}年的密钥已销毁，另有{made.carried}条改用今年的密钥；该年已清除的内容在审计和备份中都不能再读。",
                f"The keys of {year} are destroyed; {made.carried} entries were carried over. What was taken out is read nowhere any more.",
            )
        )
        terminal.say(
            Text(
                f"请用新的密钥文件替换保险柜里的旧件：{made.keys}；旧件不销毁，该年等于没有销毁。",
                f"Replace the copy in the safe by the new key file: {made.keys}. As long as an old copy lies there, nothing is destroyed.",
            )
        )
    else:
        terminal.say(Text(f"以上只是列出；确认销毁{year}年的密钥加 --really。", f"This is only a list; add --really to destroy {year}."))
    terminal.data(made)
    return DONE
