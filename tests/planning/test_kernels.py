"""Compiled code is kept where it can be, does without a place for it, and stands in one room."""

from __future__ import annotations

from pathlib import Path

import pytest

from junheng.planning.kernels import compiled as wrapper
from junheng.planning.kernels import median, siting, transport
from junheng.planning.kernels.compiled import compiled
from tests import house

PLANNING = Path(wrapper.__file__).parent.parent
SOURCES = {path.relative_to(PLANNING).as_posix(): path.read_text(encoding="utf-8") for path in PLANNING.rglob("*.py")}


def test_a_function_without_a_place_to_be_kept_is_compiled_all_the_same() -> None:
    room: dict[str, object] = {}
    exec(compile("def twice(x):\n    return 2 * x", "<nowhere>", "exec"), room)
    with pytest.raises(RuntimeError, match="cannot cache"):
        wrapper.numba.njit(cache=True)(room["twice"])
    assert compiled(room["twice"])(21) == 42  # type: ignore[type-var, operator]  # it is the function made above


def test_what_is_compiled_is_kept_on_disk() -> None:
    for kernel in (transport.transport, median.ascend, median.exchange, siting.ascend):
        assert kernel.stats.cache_path  # type: ignore[attr-defined]  # numba's dispatcher


def test_kernels_call_no_kernels_of_other_files() -> None:
    kernels = {path: text for path, text in SOURCES.items() if path.startswith("kernels/")}
    beyond = {
        path: house.imports(text) - {"junheng.planning.kernels.compiled", "__future__", "numpy", "numpy.typing", "typing"}
        for path, text in kernels.items()
    }
    assert {path: names for path, names in beyond.items() if names and not path.endswith(("compiled.py", "__init__.py"))} == {}


def test_kernels_order_by_argsort_only() -> None:
    # sort() and argsort of one kind of array keep inner functions of the same names, numbered by the process that compiled them: two files
    # kept by different processes then call each other's, and crash
    kernels = {path: text for path, text in SOURCES.items() if path.startswith("kernels/")}
    assert [path for path, text in kernels.items() if ".sort()" in text or "np.sort(" in text] == []


@pytest.mark.parametrize(("library", "room"), [("numba", "kernels/"), ("highspy", "solve/"), ("scipy", "sparse.py")])
def test_each_library_stands_in_its_room(library: str, room: str) -> None:
    assert [path for path, text in SOURCES.items() if library in house.third_party(text) and not path.startswith(room)] == []
