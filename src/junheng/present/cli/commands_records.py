"""Commands that look after the record: backup, restore, verify, migrate, undo, keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from junheng.present.cli.commands import Argument, By, Exit, Folder, Json, Lang, OfficeName, Option, Purpose, Today, app, group
from junheng.present.cli.terminal import Terminal

records_app = group("records", "记录库：备份、恢复、核对、撤销、换密钥。 / The record: backup, restore, verify, undo, keys.")

Target = Annotated[Path, Argument(help="备份所在文件夹，如U盘 / where backups lie, such as a USB disk")]


@records_app.command("status")
def records_status(folder: Folder, lang: Lang = "zh", as_json: Json = False) -> None:
    """记录库现状、最近批次和校验码。 / How the record stands, its last batches, its check code."""
    from junheng.present.cli import run_records

    raise Exit(run_records.status(Terminal(lang, as_json), folder))


@records_app.command("verify")
def records_verify(
    folder: Folder,
    today: Today = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """核对记录、审计链、锚点和佐证材料。 / Check the record, its chain, anchors and evidence."""
    from junheng.present.cli import run_records

    raise Exit(run_records.verify(Terminal(lang, as_json), folder, today))


@app.command("backup")  # what is done every week has a short name, too
@records_app.command("backup")
def records_backup(
    folder: Folder,
    target: Target,
    office: OfficeName = "",
    keep: Annotated[int, Option("--keep", min=0, help="保留最近几次，0为全部 / how many stay; 0 for all")] = 0,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """备份到另一处，并当场核对。 / Back up to another place, and check the backup."""
    from junheng.present.cli import run_records

    raise Exit(run_records.backup(Terminal(lang, as_json), folder, target, office, keep))


@records_app.command("backups")
def records_backups(target: Target, lang: Lang = "zh", as_json: Json = False) -> None:
    """列出并核对一处的全部备份。 / List and check all backups of a place."""
    from junheng.present.cli import run_records

    raise Exit(run_records.backups(Terminal(lang, as_json), target))


@records_app.command("drill")
def records_drill(target: Target, by: By = "", office: OfficeName = "", lang: Lang = "zh", as_json: Json = False) -> None:
    """恢复演练：恢复到临时处并核对，不动现有记录。 / Restore drill: into a place that is thrown away."""
    from junheng.present.cli import run_records

    raise Exit(run_records.drill(Terminal(lang, as_json), target, run_records.Who(by, office, "恢复演练")))


@records_app.command("restore")
def records_restore(
    folder: Folder,
    target: Target,
    by: By,
    office: OfficeName,
    purpose: Purpose,
    over: Annotated[int, Option("--over", help="确认放弃的最后一条变更序号 / last change that is knowingly given up")] = -1,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """用备份恢复记录库。 / Restore the record from a backup."""
    from junheng.present.cli import run_records

    raise Exit(run_records.restore(Terminal(lang, as_json), folder, target, run_records.Who(by, office, purpose), over))


@records_app.command("migrate")
def records_migrate(folder: Folder, lang: Lang = "zh", as_json: Json = False) -> None:
    """把旧版记录库升级到本程序的结构。 / Bring the tables of an older record up to date."""
    from junheng.present.cli import run_records

    raise Exit(run_records.migrate(Terminal(lang, as_json), folder))


@records_app.command("undo")
def records_undo(
    folder: Folder,
    batch: Annotated[int, Argument(help="批次号 / number of the batch")],
    by: By,
    office: OfficeName,
    purpose: Purpose,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """撤销一批变更（另记一批）。 / Put back what a batch changed, in a batch of its own."""
    from junheng.present.cli import run_records

    raise Exit(run_records.undo(Terminal(lang, as_json), folder, batch, run_records.Who(by, office, purpose)))


@records_app.command("rekey")
def records_rekey(folder: Folder, by: By, office: OfficeName, purpose: Purpose, lang: Lang = "zh", as_json: Json = False) -> None:
    """更换密钥，重新密封全部敏感字段。 / Change the keys and seal everything anew."""
    from junheng.present.cli import run_records

    raise Exit(run_records.rekey(Terminal(lang, as_json), folder, run_records.Who(by, office, purpose)))


@records_app.command("anchor")
def records_anchor(folder: Folder, by: By, office: OfficeName, lang: Lang = "zh", as_json: Json = False) -> None:
    """补写锚点，并打印值班表用的校验码。 / Write the anchor again and print the code for the duty sheet."""
    from junheng.present.cli import run_records

    raise Exit(run_records.anchor(Terminal(lang, as_json), folder, run_records.Who(by, office, "留存校验码")))


@records_app.command("purge")
def records_purge(
    folder: Folder,
    by: By,
    office: OfficeName,
    purpose: Purpose = "保存期满",
    really: Annotated[bool, Option("--really", help="确认清除；不加只列出 / take them out; without it they are only listed")] = False,
    of_year: Annotated[
        int | None, Option("--year", help="销毁这一年的密钥（先清除到期记录） / destroy the keys of this year, after what is due is out")
    ] = None,
    carry_over: Annotated[
        bool, Option("--carry-over", help="仍在用的改用今年的密钥 / seal what still stands anew, as of this year")
    ] = False,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """清除保存期满的记录；--year 销毁一年的密钥。 / Take out records past their term; --year destroys a year's keys."""
    from junheng.present.cli import run_records

    who = run_records.Who(by, office, purpose)
    if of_year is not None:
        raise Exit(run_records.purge_year(Terminal(lang, as_json), folder, of_year, who, really=really, carry_over=carry_over))
    raise Exit(run_records.purge(Terminal(lang, as_json), folder, who, really))
