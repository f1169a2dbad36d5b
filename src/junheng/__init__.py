"""junheng 均衡: what a county promised its schools, measured, foreseen, proposed, followed and written down.

The public door: `junheng.assess(folder)` and the few other names of `__all__`; each loads its own module when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from junheng.errors import DataError, Finding, JunhengError
    from junheng.model import AddRow, County, RemoveRow, SetValue, apply, diff
    from junheng.store import read_county, write_county
    from junheng.workflow.assess import assess
    from junheng.workflow.compare import compare
    from junheng.workflow.explain import explain
    from junheng.workflow.foresee import foresee
    from junheng.workflow.importing import import_returns

__version__ = "0.1.0"

_DOOR = {
    "junheng.errors": ("DataError", "Finding", "JunhengError"),
    "junheng.model": ("AddRow", "County", "RemoveRow", "SetValue", "apply", "diff"),
    "junheng.store": ("read_county", "write_county"),
    "junheng.workflow.assess": ("assess",),
    "junheng.workflow.compare": ("compare",),
    "junheng.workflow.explain": ("explain",),
    "junheng.workflow.foresee": ("foresee",),
    "junheng.workflow.importing": ("import_returns",),
}
_HOME = {name: module for module, names in _DOOR.items() for name in names}

__all__ = [
    "AddRow",
    "County",
    "DataError",
    "Finding",
    "JunhengError",
    "RemoveRow",
    "SetValue",
    "apply",
    "assess",
    "compare",
    "diff",
    "explain",
    "foresee",
    "import_returns",
    "read_county",
    "write_county",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'junheng' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
