"""The one wrapper of numba: functions compiled at their first call, and kept on disk where there is a place for it.

Where no folder can be written (a read-only installation without a home), the function is compiled anew by every process.
A kept function is looked up by its own file only: compiled functions call compiled functions of the same file, no others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Return the function as machine code for the types it is called with; it behaves the same, sums in the order written."""
    try:
        return cast("Function", numba.njit(cache=True)(function))
    except RuntimeError:  # numba found no folder to keep it in
        return cast("Function", numba.njit(function))
