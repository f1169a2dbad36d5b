"""Qinghe, judged once for all tests of the workflow."""

from pathlib import Path

import pytest

from junheng.workflow.assess import assess
from junheng.workflow.views import Assessment


@pytest.fixture(scope="session")
def qinghe(root: Path) -> Assessment:
    """Return the judged example county, 2025."""
    return assess(root / "examples/qinghe", 2025)
