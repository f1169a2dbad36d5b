"""The command docs: the reference pages, generated from the data and from the commands themselves."""

from __future__ import annotations

from pathlib import Path

from junheng.present.cli.terminal import DONE, FOUND_ERRORS, Terminal
from junheng.present.reference import markdown
from junheng.workflow import Text
from junheng.workflow.reference import reference_pages
from junheng.workflow.views import ReferencePage


def docs(terminal: Terminal, commands: ReferencePage, out: Path, check_only: bool) -> int:
    """Write the pages, or with `check_only` name those that are missing, stale or left over and return 1."""
    texts = {f"{page.name}.md": markdown(page) for page in (*reference_pages(), commands)}
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted(out.glob("*.md"))}
    stale = [name for name in texts if found.get(name) != texts[name]]
    left_over = [name for name in found if name not in texts]
    if check_only:
        for name in [*stale, *left_over]:
            terminal.say(Text(f"{out / name} 不是最新，请运行 junheng docs", f"{out / name} is not current: run junheng docs"))
        return FOUND_ERRORS if stale or left_over else DONE
    out.mkdir(parents=True, exist_ok=True)
    for name in left_over:
        (out / name).unlink()
    for name in stale:
        (out / name).write_text(texts[name], encoding="utf-8", newline="\n")
    terminal.say(Text(f"{out}：{len(texts)} 页，更新 {len(stale)} 页", f"{out}: {len(texts)} pages, {len(stale)} updated"))
    return DONE
