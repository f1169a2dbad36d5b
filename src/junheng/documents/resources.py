"""Files that ship with the package: standards, schema, indicators, forms, texts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple


class PackageFile(NamedTuple):
    """A shipped text file: its name below the package (with slashes) and its text."""

    name: str
    text: str


def package_path(package: str, name: str = "") -> Path:
    """Return the path of a shipped file or folder, for engines and fonts that need one.

    junheng is installed unpacked (zip-safe is off), so a resource always has a path.
    """
    root = Path(str(files(package)))
    return root / name if name else root


def package_files(package: str, pattern: str) -> list[PackageFile]:
    """Return the shipped files of `package` that match a glob such as "cn/**/*.yaml", sorted by name."""
    root = package_path(package)
    return [
        PackageFile(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(root.glob(pattern))
        if path.is_file()
    ]
