"""Reference pages are Markdown that cannot break: no cell ends its row early."""

from junheng.present.reference import markdown
from junheng.workflow import Text
from junheng.workflow.views import ReferencePage, Section


def test_a_bar_in_a_cell_does_not_end_it():
    section = Section(title=Text("甲", "A"), text=Text("", ""), columns=(Text("列", "Column"),), rows=(("a|b\nc",),))
    page = ReferencePage(name="x", title=Text("页", "Page"), text=Text("说明", "About"), sections=(section,))
    text = markdown(page)
    assert "| a\\|b c |" in text
    assert text.startswith("# 页 Page\n")
    assert "| --- |" in text
