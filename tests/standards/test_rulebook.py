from datetime import date
from decimal import Decimal

import pytest

from junheng.documents import PackageFile
from junheng.errors import StandardsError
from junheng.standards import Rulebook, read_library
from tests.standards.made import CLASS_SIZE, FRAMEWORK, SIZE, rules, shelf


def test_a_number_is_read_with_the_unit_the_reader_expects():
    assert rules().number("class_size.maximum", unit="pupils/class", stage="primary") == Decimal(45)
    assert rules().number("school_size.maximum", unit="pupils/school") == Decimal(2000)


def test_reading_in_another_unit_fails_loudly():
    with pytest.raises(StandardsError) as refusal:
        rules().number("class_size.maximum", unit="pupils", stage="primary")
    assert str(refusal.value).startswith("class_size.maximum: found pupils; expected pupils/class, in which the standard is written.")


def test_asking_before_the_first_value_says_where_found_expected_and_what_to_do():
    with pytest.raises(StandardsError) as refusal:
        rules(2010).number("class_size.maximum", unit="pupils/class", stage="primary")
    assert str(refusal.value) == (
        "class_size.maximum: found no value for primary on 2010-09-01; expected a day from 2017-04-19 on: the earliest known value is "
        "45 pupils/class (paper-2017#assurance-5). Add the earlier value with its source, or assess a later year."
    )
    assert "2010-09-01尚无primary数值" in refusal.value.findings[0].sentence("zh")


def test_a_past_year_is_judged_by_the_rules_of_that_year():
    assert rules(2016).number("school_size.maximum", unit="pupils/school") == 2500
    assert rules(2017).number("school_size.maximum", unit="pupils/school") == 2000
    assert Rulebook((shelf(),), date(2017, 4, 18)).standing("school_size.maximum").value == 2500
    assert Rulebook((shelf(),), date(2017, 4, 19)).standing("school_size.maximum").value == 2000


def test_the_newest_value_holds_until_it_is_superseded():
    assert rules(2199).standing("school_size.maximum").since == date(2017, 4, 19)


def test_a_standing_carries_document_confidence_and_review():
    standing = rules().standing("class_size.maximum", "junior")
    assert (standing.value, standing.confidence, standing.reviewed, standing.jurisdiction) == (50, "O S3", None, "cn")
    assert standing.document.number == "教督〔2017〕6号"


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda book: book.number("class_size.maximun", unit="pupils/class", stage="primary"), "class_size.maximum"),
        (lambda book: book.number("class_size.maximum", unit="pupils/class", kind="primary"), "chosen by stage"),
        (lambda book: book.number("class_size.maximum", unit="pupils/class"), "chosen by stage"),
        (lambda book: book.number("school_size.maximum", unit="pupils/school", stage="primary"), "chosen by none"),
        (lambda book: book.standing("class_size.maximum", "senior"), "one of primary, junior"),
        (lambda book: book.standings("nothing"), "a known standard"),
        (lambda book: book.concessions("nothing"), "a known standard"),
        (lambda book: book.framework("nothing"), "one of balance"),
    ],
)
def test_a_question_that_has_no_answer_says_what_could_be_asked(ask, expected):
    with pytest.raises(StandardsError, match=expected):
        ask(rules())


def test_a_concession_counts_until_its_last_day_and_stays_known_as_expired():
    def held(day):
        book = Rulebook((shelf(),), day)
        return len(book.concessions("school_size.maximum")), len(book.expired_concessions("school_size.maximum"))

    assert held(date(2019, 9, 30)) == (0, 0)
    assert held(date(2019, 10, 1)) == (1, 0)
    assert held(date(2022, 9, 30)) == (1, 0)
    assert held(date(2022, 10, 1)) == (0, 1)


def test_a_concession_that_eases_what_is_counted_has_the_ordinary_limit():
    text = SIZE.replace("values: {all: 2400}", "indicator: school_size.pupils_without_boarders")
    (found,) = rules(2020, shelf(**{"school_size/maximum.yaml": text})).concessions("school_size.maximum", "all")
    assert (found.value, found.indicator) == (2000, "school_size.pupils_without_boarders")
    assert not rules(2020, shelf()).concessions("class_size.maximum", "primary")


def test_a_framework_before_its_first_day_is_refused_with_that_day():
    with pytest.raises(StandardsError, match="from 2017-04-19 on"):
        rules(2016).framework("balance")
    assert not rules(2016).frameworks


def test_a_stale_value_is_a_note_and_holds_all_the_same():
    text = CLASS_SIZE.replace("confidence: O S3}", "confidence: O S3, check_again: 2024-01-01}", 1)
    book = rules(2025, shelf(**{"class_size/maximum.yaml": text}))
    (note,) = book.findings
    assert (note.rule, note.severity, note.place.row) == ("standards.stale", "note", 8)
    assert book.stale(date(2023, 12, 31)) == ()
    assert book.number("class_size.maximum", unit="pupils/class", stage="primary") == 45


def test_shelves_of_two_places_are_refused():
    elsewhere = read_library([], "cn-41")
    with pytest.raises(StandardsError, match="cn-21"):
        Rulebook((shelf(), read_library([], "cn-21"), elsewhere), date(2025, 9, 1))


def test_the_digest_names_the_files_and_the_day():
    assert rules(2025).digest == rules(2025).digest
    assert len({rules(2025).digest, rules(2024).digest, rules(2025, shelf(), read_library([], "cn-21")).digest}) == 3


def test_a_narrower_framework_replaces_the_wider_one_of_the_same_id():
    local = FRAMEWORK.replace("jurisdiction: cn", "jurisdiction: cn-21")
    province = read_library([PackageFile("frameworks/balance.yaml", local)], "cn-21", (shelf(),))
    assert rules(2025, shelf(), province).framework("balance").jurisdiction == "cn-21"
