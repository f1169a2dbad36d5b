import pytest

from tests.standards.made import SOURCES, refused, shelf


def test_a_document_says_what_it_is_and_what_of_that_is_remembered():
    text = SOURCES + "  remembered: [issued]\n"
    source = shelf(**{"sources.yaml": text}).sources["paper-2017"]
    assert (source.number, source.issuer.zh, str(source.issued), source.remembered) == (
        "教督〔2017〕6号",
        "教育部",
        "2017-04-19",
        ("issued",),
    )


def test_a_number_that_is_not_known_is_left_empty():
    source = shelf(**{"sources.yaml": SOURCES.replace("教督〔2017〕6号", "null").replace("issued: 2017-04-19", "issued: null")}).sources[
        "paper-2017"
    ]
    assert (source.number, source.issued) == ("", None)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("  issued: 2017-04-19\n", ""), "standards.missing_key"),
        (("  seen: {zh: 副本, en: a copy}\n", ""), "standards.missing_key"),
        (("issued: 2017-04-19", "issued: spring"), "standards.not_a_date"),
        (("  number:", "  nummer:"), "standards.unknown_key"),
        (("seen: {zh: 副本, en: a copy}", "seen: {zh: 副本, en: a copy}\n  remembered: [isued]"), "standards.unknown_key"),
        (("seen: {zh: 副本, en: a copy}", "seen: {zh: 副本, en: a copy}\n  remembered: {issued: true}"), "standards.not_a_list"),
    ],
)
def test_a_document_that_lacks_something_is_refused(change, rule):
    findings = refused({"sources.yaml": SOURCES.replace(change[0], change[1], 1)})
    assert rule in [item.rule for item in findings if item.place.file == "sources.yaml"]
