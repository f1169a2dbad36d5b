"""Every finding of the import has its sentences, and every sentence is used."""

from __future__ import annotations

import re
from pathlib import Path

from junheng.documents import catalogue
from junheng.store import returns


def test_every_rule_is_in_the_catalogue_and_every_rule_of_the_catalogue_is_used():
    folder = Path(str(returns.__file__)).parent
    used = {
        rule for path in folder.parent.rglob("*.py") for rule in re.findall(r'"(returns\.[a-z_0-9]+)"', path.read_text(encoding="utf-8"))
    }
    known = {rule for rule in catalogue() if rule.startswith("returns.")}
    assert used == known
