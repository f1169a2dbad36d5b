"""The committed reference pages are those that the program would write now (test_docs checks the files; this one the content)."""

from junheng.model import schema
from junheng.workflow.reference import reference_pages

PAGES = {page.name: page for page in reference_pages()}


def test_every_table_column_indicator_and_finding_has_its_line():
    from junheng.documents import catalogue
    from junheng.indicators import shipped_catalogue
    from junheng.projection.assumptions import kinds
    from junheng.projection.assumptions_file import shipped_assumptions

    text = {name: "\n".join(" ".join(row) for section in page.sections for row in section.rows) for name, page in PAGES.items()}
    for table in schema().tables.values():
        assert all(f"`{column.name}`" in text["tables"] for column in table.columns)
    assert all(f"`{name}`" in text["indicators"] for name in shipped_catalogue())
    assert all(f"`{rule}`" in text["findings"] for rule in catalogue())
    assert all(f"`{kind}`" in text["assumptions"] for kind in kinds())
    assert all(f"`{one.source}`" in text["assumptions"] for each in shipped_assumptions().values() for one in each.items.values())


def test_every_row_is_as_wide_as_its_head():
    for page in PAGES.values():
        for section in page.sections:
            assert all(len(row) == len(section.columns) for row in section.rows), (page.name, section.title.zh)
