import pytest

from junheng.documents import PackageFile
from junheng.errors import StandardsError
from junheng.standards import Library, read_library
from tests.standards.made import CLASS_SIZE, SIZE, SOURCES, rules, shelf

LOCAL_SOURCES = SOURCES.replace("paper-2017", "county-2024").replace("某办法", "本县规定")


def local(name: str, text: str, jurisdiction: str = "cn-21") -> Library:
    """Return a narrower shelf with one parameter that cites a document of its own."""
    text = text.replace("jurisdiction: cn", f"jurisdiction: {jurisdiction}").replace("paper-2017", "county-2024")
    return read_library([PackageFile("sources.yaml", LOCAL_SOURCES), PackageFile(name, text)], jurisdiction, (shelf(),))


def size_of(value: int, jurisdiction: str = "cn-21") -> Library:
    return local("class_size/maximum.yaml", CLASS_SIZE.replace("value: 45", f"value: {value}"), jurisdiction)


def test_county_lies_over_city_over_province_over_nation():
    book = rules(2025, shelf(), size_of(44), size_of(43, "cn-2101"), size_of(42, "cn-210102"))
    standing = book.standing("class_size.maximum", "primary")
    assert (standing.value, standing.jurisdiction, standing.document.key) == (42, "cn-210102", "county-2024")
    assert book.findings == ()


def test_where_the_narrower_shelf_says_nothing_the_wider_one_holds():
    only_primary = CLASS_SIZE[: CLASS_SIZE.index("  junior:")].replace("value: 45", "value: 40")
    standings = rules(2025, shelf(), local("class_size/maximum.yaml", only_primary)).standings("class_size.maximum")
    assert {selector: (item.value, item.jurisdiction) for selector, item in standings.items()} == {
        "primary": (40, "cn-21"),
        "junior": (50, "cn"),
    }


def test_before_the_first_local_value_the_wider_one_holds():
    later = CLASS_SIZE.replace("2017-04-19", "2024-01-01").replace("value: 45", "value: 40")
    library = local("class_size/maximum.yaml", later)
    assert rules(2023, shelf(), library).number("class_size.maximum", unit="pupils/class", stage="primary") == 45
    assert rules(2024, shelf(), library).number("class_size.maximum", unit="pupils/class", stage="primary") == 40


def test_a_laxer_overlay_is_a_warning_that_names_both_values_and_documents():
    (warning,) = rules(2025, shelf(), size_of(48)).findings
    assert (warning.rule, warning.severity, warning.place.row) == ("standards.overlay_laxer", "warning", 8)
    sentence = warning.sentence("en")
    for word in ("48 pupils/class", "cn-21", "county-2024#assurance-5", "45 pupils/class", "paper-2017#assurance-5"):
        assert word in sentence
    assert "48人/班" in warning.sentence("zh")


def test_a_minimum_is_laxer_when_it_is_lower():
    least = CLASS_SIZE.replace("value <= limit", "value >= limit")
    nation = shelf(**{"class_size/minimum.yaml": least})
    stricter = local("class_size/minimum.yaml", least.replace("value: 45", "value: 46"))
    laxer = local("class_size/minimum.yaml", least.replace("value: 45", "value: 44"))
    assert rules(2025, nation, stricter).findings == ()
    assert [item.rule for item in rules(2025, nation, laxer).findings] == ["standards.overlay_laxer"]


def test_a_definition_that_differs_is_a_note():
    weights = CLASS_SIZE.replace("value <= limit", "value = limit")
    nation = shelf(**{"split/weight.yaml": weights})
    (note,) = rules(2025, nation, local("split/weight.yaml", weights.replace("value: 45", "value: 44"))).findings
    assert (note.rule, note.severity) == ("standards.overlay_differs", "note")


@pytest.mark.parametrize(
    "change",
    [("unit: pupils/class", "unit: pupils"), ("value <= limit", "value < limit"), ("by: stage", "by: kind")],
)
def test_an_overlay_may_change_nothing_but_values(change):
    with pytest.raises(StandardsError, match="may change values only"):
        rules(2025, shelf(), local("class_size/maximum.yaml", CLASS_SIZE.replace(*change)))


def test_an_overlay_must_cite_a_document_and_say_its_own_jurisdiction():
    with pytest.raises(StandardsError, match="paper-2017"):
        read_library([PackageFile("class_size/maximum.yaml", CLASS_SIZE.replace("cn", "cn-21", 1))], "cn-21")
    with pytest.raises(StandardsError, match="cn-21, the shelf on which the file lies"):
        read_library([PackageFile("class_size/maximum.yaml", CLASS_SIZE)], "cn-21", (shelf(),))


def test_a_county_that_prolongs_an_ended_concession_is_warned_and_has_its_way():
    longer = local("school_size/maximum.yaml", SIZE.replace("until: 2022-09-30", "until: 2027-09-30"))
    book = rules(2025, shelf(), longer)
    (held,) = book.concessions("school_size.maximum")
    assert (str(held.until), held.jurisdiction) == ("2027-09-30", "cn-21")
    assert book.expired_concessions("school_size.maximum") == ()
    (warning,) = book.findings
    assert (warning.rule, warning.severity) == ("standards.overlay_eases", "warning")
    assert "2022-09-30" in warning.sentence("en")
    assert "2027-09-30" in warning.sentence("en")
