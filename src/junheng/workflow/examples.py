"""The examples that stand beside the source: a fictitious county and a real city."""

from __future__ import annotations

import shutil
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text

EXAMPLES = ("qinghe", "tainan")
_MADE = ".made-by-demo"  # only a folder with this file in it is ever thrown away
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.py", "making", "source")


def examples_folder() -> Path:
    """Return the folder `examples` of the checkout that this package runs from, or of the working directory.

    Raises StoreError without one.
    """
    candidates = (Path(__file__).resolve().parents[3] / "examples", Path.cwd() / "examples")
    found = next((folder for folder in candidates if all((folder / name).is_dir() for name in EXAMPLES)), None)
    if found is None:
        raise StoreError(finding("workflow.no_examples", Place(file=candidates[-1].as_posix()), Text("没有", "none")))
    return found


def copy_example(name: str, folder: Path) -> None:
    """Put a fresh copy of an example into `folder`, in the place of one that was put there before.

    Raises StoreError, and leaves everything as it is, when the folder holds anything else, or when there is no example to copy.
    """
    source = examples_folder() / name
    if folder.exists() and not (folder / _MADE).exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise StoreError(finding("workflow.not_an_example", Place(file=folder.as_posix()), Text("已有的文件", "files that were there")))
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MADE).touch()
    shutil.copytree(source, folder, ignore=_LEFT_OUT, dirs_exist_ok=True)
