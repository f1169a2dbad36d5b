"""Documentation is kept true: generated pages are current, every command is documented, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from junheng.present.cli.commands_page import commands_page
from junheng.present.reference import markdown
from junheng.workflow.reference import reference_pages

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def stale(folder: Path) -> set[str]:
    """Return the names of generated pages that are missing, not current, or left over."""
    wanted = {f"{page.name}.md": markdown(page) for page in (*reference_pages(), commands_page())}
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return {name for name in {*wanted, *found} if wanted.get(name) != found.get(name)}


def broken_links(file: Path) -> set[str]:
    """Return the relative links of a Markdown file that lead nowhere."""
    links = LINK.findall(file.read_text(encoding="utf-8"))
    return {link for link in links if "://" not in link and not link.startswith("mailto:") and not (file.parent / link).exists()}


def test_the_reference_pages_are_current(root):
    assert stale(root / "docs/reference") == set(), "run: python3 run.py junheng docs"


def test_a_changed_page_is_seen(tmp_path, root):
    for path in (root / "docs/reference").glob("*.md"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "tables.md").write_text("edited by hand", encoding="utf-8")
    (tmp_path / "left-over.md").write_text("", encoding="utf-8")
    assert stale(tmp_path) == {"tables.md", "left-over.md"}


def test_every_command_is_documented():
    sections = commands_page().sections
    names = {section.title.zh.strip("`").removeprefix("junheng ") for section in sections}
    assert names >= {"new", "templates", "import", "check", "assess", "compare", "explain", "report", "demo", "docs"}
    assert names >= {"standards list", "standards show", "standards stale"}
    assert all(section.text.zh for section in sections)
    assert all(row[2] for section in sections for row in section.rows if row[0] != "`--json`")


def test_links_between_pages_lead_somewhere(root):
    pages = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("examples/**/*.md"), *root.glob("benchmarks/*.md")]
    broken = {f"{page.relative_to(root)}: {link}" for page in pages for link in broken_links(page)}
    assert broken == set()


def test_a_link_to_nowhere_is_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[here](page.md) [gone](gone.md) [out](https://example.org/x)", encoding="utf-8")
    assert broken_links(page) == {"gone.md"}


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_front_pages_name_the_two_commands_and_show_the_result(root, name):
    text = (root / name).read_text(encoding="utf-8")
    assert "python3 run.py demo" in text
    assert "python3 run.py test" in text
    assert "docs/images/dashboard.png" in text
