"""Small shelves for the tests: one list of documents, one parameter, one framework, and what a change of one line does to them."""

from datetime import date

from junheng.documents import PackageFile
from junheng.errors import Finding, StandardsError
from junheng.standards import Library, Rulebook, read_library

SOURCES = """\
paper-2017:
  title: {zh: 某办法, en: Some measures}
  number: 教督〔2017〕6号
  issuer: {zh: 教育部, en: Ministry of Education}
  issued: 2017-04-19
  in_force: 2017-04-19
  seen: {zh: 副本, en: a copy}
"""
CLASS_SIZE = """\
title: {zh: 班额上限, en: Largest class allowed}
jurisdiction: cn
unit: pupils/class
by: stage
holds_when: value <= limit
reviewed: null
values:
  primary:
    2017-04-19: {value: 45, source: paper-2017#assurance-5, confidence: O S3}
  junior:
    2017-04-19: {value: 50, source: paper-2017#assurance-5, confidence: O S3}
"""
SIZE = """\
title: {zh: 学校规模上限, en: Largest school allowed}
jurisdiction: cn
unit: pupils/school
holds_when: value <= limit
reviewed: null
values:
  all:
    2017-04-19: {value: 2000, source: paper-2017#assurance-4, confidence: O S3}
    2012-01-01: {value: 2500, source: paper-2017#assurance-4, confidence: M}
concessions:
  built_early:
    title: {zh: 早建成的学校, en: Schools built early}
    when: built_year <= 2010
    values: {all: 2400}
    since: 2019-10-01
    until: 2022-09-30
    duty: {zh: 须有规划, en: A plan is required}
    source: paper-2017#concession
    confidence: O* S3
"""
FRAMEWORK = """\
title: {zh: 均衡, en: Balance}
jurisdiction: cn
source: paper-2017
confidence: O S3
reviewed: null
in_force: {since: 2017-04-19, until: null}
parts:
  assurance:
    title: {zh: 保障, en: Assurance}
    each: []
    requirements:
      - number: "1"
        title: {zh: 布局合理, en: Well placed}
        evidence: true
      - number: "2"
        title: {zh: 班额, en: Class size}
        each: [school, stage]
        stages: [primary, junior]
        indicator: class_size.largest
        at_most: class_size.maximum
vetoes:
  - id: falsification
    title: {zh: 弄虚作假, en: Falsification}
"""
FILES = {
    "sources.yaml": SOURCES,
    "class_size/maximum.yaml": CLASS_SIZE,
    "school_size/maximum.yaml": SIZE,
    "frameworks/balance.yaml": FRAMEWORK,
}


def shelf(jurisdiction: str = "cn", above: tuple[Library, ...] = (), **changed: str) -> Library:
    """Return the shelf with some files replaced; a name's dots stand for slashes."""
    return read_library(package(changed), jurisdiction, above)


def package(changed: dict[str, str]) -> list[PackageFile]:
    """Return the files, some replaced or added."""
    return [PackageFile(name, text) for name, text in (FILES | changed).items()]


def refused(changed: dict[str, str], jurisdiction: str = "cn", above: tuple[Library, ...] = ()) -> list[Finding]:
    """Return the findings with which a shelf is refused; a shelf that is read after all fails the test."""
    try:
        read_library(package(changed), jurisdiction, above)
    except StandardsError as error:
        return list(error.findings)
    raise AssertionError("the shelf was read although it should have been refused")


def rules(year: int = 2025, *shelves: Library) -> Rulebook:
    """Return the rules of 1 September of a year."""
    return Rulebook(shelves or (shelf(),), date(year, 9, 1))
