"""An authority's own Word form, filled in: {{ names }} of fields stand where values go. The only module that touches docxtpl.

A form may name fields and nothing else: a form with any other expression is refused before anything of it is run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

from docxtpl import DocxTemplate

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text

_MARK = re.compile(r"\{([{%#])(.*?)[}%#]\}", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_NAME = re.compile(r"\s*[a-z_]+\s*")


def fill_form(form: Path, values: Mapping[str, str], out: Path) -> None:
    """Write the form with its fields filled to `out`. Raises StoreError when it cannot be read or names what there is not."""
    place = Place(file=form.name)
    try:
        document = DocxTemplate(str(form))
        document.init_docx()
        unknown = _unknown(document.patch_xml(document.get_xml()), values)
        if unknown:
            raise StoreError(finding("store.form_unread", place, Text("、".join(unknown), ", ".join(unknown)), known=", ".join(values)))
        document.render(dict(values), autoescape=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        document.save(str(out))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise StoreError(finding("store.form_unread", place, str(error), known=", ".join(values))) from error


def _unknown(xml: str, values: Mapping[str, str]) -> list[str]:
    """Return the marks of a form that are no plain name of a field."""
    marks = [(sign, _TAG.sub("", inner)) for sign, inner in _MARK.findall(xml)]
    return sorted({inner.strip() for sign, inner in marks if sign != "{" or not _NAME.fullmatch(inner) or inner.strip() not in values})
