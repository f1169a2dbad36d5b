"""Starting an authority's folder."""

from pathlib import Path

import pytest

from junheng.errors import DataError
from junheng.workflow.start import new_authority


@pytest.mark.parametrize("code", ["62072", "999999", "6207251", "qinghe", ""])
def test_a_code_that_no_county_can_have_is_refused_with_the_forms_that_are_known(tmp_path: Path, code: str) -> None:
    folder = tmp_path / "folder"
    with pytest.raises(DataError) as refusal:
        new_authority(folder, code, "某县", 2025)
    (finding,) = refusal.value.findings
    assert finding.rule == "workflow.bad_code"
    assert "620725" in finding.expected.zh
    assert "67000" in finding.expected.en
    assert not folder.exists()


@pytest.mark.parametrize("code", ["620725", "110101", "67000"])
def test_a_code_of_the_mainland_or_of_taiwan_is_taken(tmp_path: Path, code: str) -> None:
    assert new_authority(tmp_path / code, code, "某县", 2025)
