"""An assessment as one JSON file, for programs: the fields of the views, dates as ISO text, texts in both languages."""

from __future__ import annotations

import json
from pathlib import Path

from junheng.present.plain import plain
from junheng.workflow.views import Assessment


def write_json(assessment: Assessment, path: Path) -> None:
    """Write everything the assessment holds to `path`, in a stable order."""
    path.write_text(json.dumps(plain(assessment), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
