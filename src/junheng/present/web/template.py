"""Templates and assets of the page: the only module that touches jinja2. Every value is escaped unless it is Markup.

A text that differs between the languages carries the other one in `data-o` (attributes in `data-o-<attribute>`), so that the page's
switch only exchanges the two.
"""

from __future__ import annotations

from importlib.resources import files

import jinja2
from markupsafe import Markup, escape

from junheng.workflow import Text

Ready = Markup  # text that needs no escaping


def asset(name: str, folder: str = "assets") -> str:
    """Return the text of one of the pages' own style sheets or scripts."""
    return files("junheng.present.web").joinpath(folder, name).read_text(encoding="utf-8")


def ready(text: str) -> Markup:
    """Mark text as ready to stand in the page: SVG of charts.py, our own style and script, JSON without "<".

    ValueError when it could end the style or script element it stands in.
    """
    if "</s" in text.replace("</svg>", "").lower():
        raise ValueError("text that is to stand inside a style or script element holds an end tag")
    return Markup(text)  # noqa: S704


def render(lang: str, template: str, **values: object) -> str:
    """Return a page in `lang` with the values its template names; an unknown name raises."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("junheng.present.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = Words(lang)
    environment.globals.update(t=words.span, ta=words.attribute, to=words.content, lang=lang)
    return environment.get_template(template).render(**values)


class Words:
    """How a template writes a text that the switch can exchange. Each function takes a Text, or the Chinese and the English."""

    def __init__(self, lang: str) -> None:
        """Keep the language in which the page opens."""
        self.lang, self.other = ("en", "zh") if lang == "en" else ("zh", "en")

    def span(self, zh: Text | str, en: str | None = None) -> Markup:
        """Return the text as an element of its own, or bare where both languages are alike."""
        text = _text(zh, en)
        if text.zh == text.en:
            return escape(text.zh)
        return Markup('<span data-o="{}">{}</span>').format(text.of(self.other), text.of(self.lang))

    def content(self, zh: Text | str, en: str | None = None) -> Markup:
        """Return ` data-o="…">text` to end the opening tag of an element that holds nothing but the text."""
        text = _text(zh, en)
        if text.zh == text.en:
            return Markup(">{}").format(text.zh)
        return Markup(' data-o="{}">{}').format(text.of(self.other), text.of(self.lang))

    def attribute(self, name: str, zh: Text | str, en: str | None = None) -> Markup:
        """Return an attribute, e.g. a title, in both languages."""
        text = _text(zh, en)
        if text.zh == text.en:
            return Markup('{}="{}"').format(name, text.zh)
        return Markup('{}="{}" data-o-{}="{}"').format(name, text.of(self.lang), name, text.of(self.other))


def _text(zh: Text | str, en: str | None) -> Text:
    return zh if isinstance(zh, Text) else Text(zh, zh if en is None else en)
