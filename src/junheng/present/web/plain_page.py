"""A page without script: one HTML file in one language, its styles inside, nothing loaded from elsewhere."""

from __future__ import annotations

from junheng.present.web.page import hash_of
from junheng.present.web.template import asset, ready, render
from junheng.workflow import Text

_POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'"
_SHARED = asset("week.css", "ledger_assets")


def plain_page(lang: str, template: str, style: str = "", **values: object) -> str:
    """Return the page of a template that extends plain.html. style: what the page adds to the style that all share."""
    whole = _SHARED + style

    def say(zh: str, en: str) -> str:
        return Text(zh, en).of(lang)

    return render(lang, template, say=say, policy=_POLICY.format(style=hash_of(whole)), style=ready(whole), **values)
