"""The examples that stand beside the source: a fictitious county and a real city."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = ("qinghe", "tainan")


def examples_folder() -> Path | None:
    """Return the folder `examples` of the checkout that this package runs from, or of the working directory; None without one."""
    candidates = (Path(__file__).resolve().parents[3] / "examples", Path.cwd() / "examples")
    return next((folder for folder in candidates if all((folder / name).is_dir() for name in EXAMPLES)), None)
