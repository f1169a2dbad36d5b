"""A county's own standards, indicators and frameworks: the files of the documentation run, and a mistake in any of them is a finding."""

import copy
import re
import shutil
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
import yaml

from junheng.documents import parse_yaml, write_yaml
from junheng.errors import DataError, JunhengError, StandardsError
from junheng.workflow.assess import assess
from junheng.workflow.office import Office

PAGES = ("docs/how-to/own-standards-indicators-frameworks.md", "docs/zh/own-rules.md")
SOURCES, STANDARD = "standards/sources.yaml", "standards/library/books/minimum.yaml"
INDICATORS, FRAMEWORK = "indicators/library.yaml", "frameworks/library-2025.yaml"
NUMERATOR = "sum(stage_weight * books)"


def written(page):
    """Return the files that a page tells the reader to write; the first line of each is its path."""
    blocks = re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", page, re.DOTALL)
    return {name: f"# {name}\n{text}" for name, text in blocks}


@pytest.fixture(scope="module")
def files(root):
    return written((root / PAGES[0]).read_text(encoding="utf-8"))


@pytest.fixture
def county(root, files, tmp_path):
    """Return a copy of the example county with the files of the page."""
    for name in ("2024", "2025"):
        shutil.copytree(root / "examples/qinghe" / name, tmp_path / name)
    toml = (root / "examples/qinghe/junheng.toml").read_text(encoding="utf-8")
    named = re.search(r"```toml\n(.*?)```", (root / PAGES[0]).read_text(encoding="utf-8"), re.DOTALL)
    assert named
    (tmp_path / "junheng.toml").write_text(re.sub(r"(?m)^frameworks = .*$", named[1].strip(), toml), encoding="utf-8")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def refused(county, name, old, new):
    """Return (rule, line, findings) after one change in one file; the line is that of the change."""
    text = (county / name).read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    (county / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StandardsError) as caught:
        assess(county, 2025)
    for one in caught.value.findings:
        assert one.place.file
        assert one.sentence("zh")
        assert one.remedy.zh
        assert one.remedy.en
    return {(one.rule, one.place.file, one.place.row) for one in caught.value.findings}


def line_of(files, name, words):
    return next(number for number, line in enumerate(files[name].splitlines(), start=1) if words in line)


# ── the documentation ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_pages_hold_the_same_files(root, files):
    assert list(files) == [SOURCES, STANDARD, INDICATORS, FRAMEWORK]
    assert written((root / PAGES[1]).read_text(encoding="utf-8")) == files


def test_the_files_of_the_page_run_and_give_what_it_says(county):
    judged = assess(county, 2025)
    assert (judged.framework, judged.title.zh) == ("library-2025", "清河县中小学图书馆建设")
    assert Counter(unit.verdict for unit in judged.units if unit.judged) == {"met": 46, "missed": 22, "not_decided": 1}
    assert {(spread.stage, spread.cv.shown, spread.verdict) for spread in judged.spreads} == {
        ("primary", "0.176", "met"),
        ("junior", "", "no_data"),
    }
    trail = judged.explanations["library.books_per_pupil/primary/2162990124"]
    assert (trail.figure.shown, trail.figure.exact) == ("23.7", "4739 ÷ 200 = 23.695")
    assert trail.limit.source.title.zh == "清河县中小学图书馆建设办法"
    assert {cell.table for cell in trail.cells} >= {"equipment", "enrolment"}


@pytest.mark.parametrize(("page", "lang"), [(PAGES[0], "en"), (PAGES[1], "zh")])
def test_the_page_shows_the_sentence_that_a_mistake_gets(root, county, page, lang):
    text = (county / INDICATORS).read_text(encoding="utf-8")
    (county / INDICATORS).write_text(text.replace("* books)", "* boks)", 1), encoding="utf-8")
    with pytest.raises(StandardsError) as caught:
        assess(county, 2025)
    assert caught.value.findings[0].sentence(lang) in (root / page).read_text(encoding="utf-8")


def test_schools_behind_a_coefficient_are_shown_even_where_they_are_not_judged_by_it(county):
    text = (county / FRAMEWORK).read_text(encoding="utf-8")
    start, end = text.index("  books:"), text.index("  spread:")
    (county / FRAMEWORK).write_text(text[:start] + text[end:], encoding="utf-8")
    (primary,) = (spread for spread in assess(county, 2025).spreads if spread.stage == "primary")
    assert len(primary.points) > 30
    assert sum(point.share for point in primary.points) == pytest.approx(1)


# ── mistakes ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

IN_INDICATORS = [
    ("* books", "* boks", "unknown_column"),
    ("unit: books/pupil", "unit: book/pupil", "unknown_unit"),
    ("unit: books/pupil", "unit: m2/pupil", "unit_mismatch"),
    ("from: resources", "from: resource", "unknown_relation"),
    ("of: library.books_per_pupil", "of: library.book_per_pupil", "unknown_indicator"),
    ("source: qinghe-library-2025#3", "source: qinghe-libary-2025#3", "unknown_source"),
    ("  better: higher\n", "  beter: higher\n", "unknown_key"),
    ("per: [school, stage]", "per: [school, class]", "bad_per"),
    ("decimals: 1", "decimals: many", "bad_decimals"),
    ("weighted_cv", "weighted_cf", "bad_statistic"),
    ("weighted_cv", "ratio", "missing_key"),
    (NUMERATOR, "stage_weight * books", "not_an_aggregate"),
    (NUMERATOR, "sum(books / pupils)", "division"),
    (NUMERATOR, "sum(coalesce(books, 0))", "coalesce_to_literal"),
    (NUMERATOR, "sum(case when books is null then 0 else books end)", "coalesce_to_literal"),
    (NUMERATOR, "sum({library.books.minimun} * pupils)", "unknown_limit"),
    (NUMERATOR, "2017-04-19", "sql_syntax"),
]


@pytest.mark.parametrize(("old", "new", "rule"), IN_INDICATORS, ids=[f"{rule}-{at}" for at, (_, _, rule) in enumerate(IN_INDICATORS)])
def test_a_mistake_in_an_indicator_is_found_with_its_line(county, files, old, new, rule):
    found = refused(county, INDICATORS, old, new)
    assert {(name, file) for name, file, _ in found} == {(f"indicators.{rule}", INDICATORS)}
    if rule not in ("missing_key", "unit_mismatch", "unknown_indicator"):  # those stand at the indicator as a whole, or at its unit
        assert {line for _, _, line in found} == {line_of(files, INDICATORS, old.strip())}


ESCAPES = {
    "a subquery": "sum((select count(*) from returned_schools))",
    "a subquery under in": "sum(case when school in (select school from returned_schools) then books end)",
    "a file": "sum(books) + (select count(*) from read_csv('/etc/passwd'))",
    "a file function": "sum(read_text('/etc/passwd'))",
    "a glob": "count(glob('/*'))",
    "the environment": "max(getenv('HOME'))",
    "a setting": "max(current_setting('home_directory'))",
    "a union": "sum(books) from resources union all select 1",
    "another statement": "sum(books); attach '/tmp/other.db'",
    "another table's column": "sum(returned_staff.teachers)",
    "a quoted name": 'sum("books from resources; drop table x; --")',
    "a window": "sum(books) over ()",
    "a lambda": "sum(list_transform([1], x -> x))",
    "a cast to a type": "sum(cast(books as integer))",
    "a star": "count(*) filter (where exists (select 1))",
    "a random number": "sum(random())",
    "the clock": "sum(books) + epoch(now())",
    "a limit that is no name": "sum({books); select 1; --})",
}


REFUSALS = {"subquery", "forbidden_function", "forbidden_syntax", "sql_syntax", "unknown_column", "unknown_limit"}


@pytest.mark.parametrize("formula", ESCAPES.values(), ids=ESCAPES)
def test_an_indicator_cannot_read_anything_but_its_table(county, files, formula):
    found = refused(county, INDICATORS, NUMERATOR, f"'{formula.replace(chr(39), chr(39) * 2)}'")
    assert {line for _, _, line in found} == {line_of(files, INDICATORS, NUMERATOR)}
    assert {name.removeprefix("indicators.") for name, _, _ in found} <= REFUSALS


def test_the_groups_of_a_ratio_are_coded_words_and_no_sql(county):
    text = (county / INDICATORS).read_text(encoding="utf-8").replace("weighted_cv", "ratio")
    ratio = "between: {column: area, over: rural, under: city}"
    (county / INDICATORS).write_text(f"{text}  {ratio}\n", encoding="utf-8")
    assess(county, 2025)
    for odd in ("\"rural' or true or area = '\"", '""', "[rural]", "5"):
        (county / INDICATORS).write_text(f"{text}  {ratio.replace('rural', odd)}\n", encoding="utf-8")
        with pytest.raises(StandardsError) as caught:
            assess(county, 2025)
        assert [one.rule for one in caught.value.findings] == ["indicators.bad_between"]


IN_STANDARDS = [
    (STANDARD, "unit: books/pupil\n", "", "standards.missing_key"),
    (STANDARD, "unit: books/pupil", "unit: book/pupil", "standards.unknown_unit"),
    (STANDARD, ", source: qinghe-library-2025#4", "", "standards.missing_key"),
    (STANDARD, "source: qinghe-library-2025#4", "source: qinghe-libary-2025#4", "standards.unknown_source"),
    (STANDARD, "2025-09-01: {value: 25", "now: {value: 25", "standards.not_a_date"),
    (STANDARD, "value: 25,", "value: twenty-five,", "standards.not_a_number"),
    (STANDARD, "  primary:", "  primery:", "standards.unknown_selector"),
    (STANDARD, "jurisdiction: cn-629921", "jurisdiction: cn", "standards.another_jurisdiction"),
    (STANDARD, "value >= limit", "value <= limit", "standards.comparator_contradiction"),
    (FRAMEWORK, "at_least: library.books.minimum", "at_least: library.books.minimun", "standards.unknown_parameter"),
    (FRAMEWORK, "indicator: library.books_per_pupil\n", "indicator: library.book_per_pupil\n", "indicators.unknown_indicator"),
    (FRAMEWORK, "at_least: library.books.minimum", "at_least: conditions.teaching_area.minimum", "indicators.requirement_unit"),
    (FRAMEWORK, "    each: [school, stage]", "    each: [school]", "indicators.requirement_grain"),
    (FRAMEWORK, "at_least: library.books.minimum", "", "standards.requirement_is_incomplete"),
    (SOURCES, "  issued: 2025-03-10", "  issued: last spring", "standards.not_a_date"),
]


@pytest.mark.parametrize(("name", "old", "new", "rule"), IN_STANDARDS, ids=[f"{at}-{case[3]}" for at, case in enumerate(IN_STANDARDS)])
def test_a_mistake_in_a_standard_or_framework_is_found_with_its_line(county, name, old, new, rule):
    found = refused(county, name, old, new)
    assert rule in {one for one, _, _ in found}
    assert {file for _, file, _ in found} == {name}
    assert all(line for _, _, line in found)


def test_a_framework_that_the_folder_names_and_does_not_hold_is_found(county):
    (county / FRAMEWORK).rename(county / "frameworks/library-2026.yaml")
    with pytest.raises(StandardsError) as caught:
        assess(county, 2025)
    (one,) = caught.value.findings
    assert one.rule == "standards.no_such_framework"
    assert "library-2026" in one.expected.en


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_a_link_leads_out_of_the_folder_is_refused(county, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "library.yaml"
    (county / INDICATORS).rename(elsewhere)
    (county / INDICATORS).symlink_to(elsewhere)
    with pytest.raises(DataError) as caught:
        assess(county, 2025)
    assert [(one.rule, one.place.file) for one in caught.value.findings] == [("store.file_elsewhere", INDICATORS)]


@pytest.mark.parametrize("name", ["library.yml", "library.YAML", "library.yaml.txt"])
def test_a_file_that_would_be_passed_over_is_named(county, name):
    (county / INDICATORS).rename(county / "indicators" / name)
    with pytest.raises(DataError) as caught:
        assess(county, 2025)
    assert [(one.rule, one.place.file) for one in caught.value.findings] == [("store.not_named_yaml", f"indicators/{name}")]


def test_a_document_beside_the_rules_is_no_mistake(county):
    (county / "standards/清教发〔2025〕3号.pdf").write_bytes(b"%PDF-1.7")
    assert assess(county, 2025).framework == "library-2025"


def test_the_own_rules_are_put_under_the_code_of_the_folder(root):
    office = Office(root / "examples/tainan")
    assert [shelf.jurisdiction for shelf in office.shelves] == ["cn", "cn-67000"]
    assert office.catalogue["published.site_area"].jurisdiction == "cn-67000"


# ── anything in the place of anything ─────────────────────────────────────────────────────────────────────────────────────────────────

TAKEN_OUT = object()
ODD = (TAKEN_OUT, None, "", [], {}, "x", 5, Decimal("0.5"), True, date(2020, 1, 1), [None], [[]], {"a": {"b": None}}, [{"a": 1}])


class Quick(yaml.CSafeDumper):
    """Writes the two thousand files of the test; how a file looks is the business of write_yaml."""

    def ignore_aliases(self, data):
        return True


Quick.add_representer(Decimal, lambda writer, value: writer.represent_scalar("tag:yaml.org,2002:float", format(value, "f")))


def paths(data, path=()):
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in below:
        yield (*path, key)
        yield from paths(value, (*path, key))


def changed(data, path, odd):
    other = copy.deepcopy(data)
    at = other
    for step in path[:-1]:
        at = at[step]
    if odd is TAKEN_OUT:
        del at[path[-1]]
    else:
        at[path[-1]] = odd
    return yaml.dump(other, Dumper=Quick, allow_unicode=True, sort_keys=False)


def found_in(county, name, text):
    """Return what is found when the folder's rules are read with this text in one file; nothing when they can be used."""
    (county / name).write_text(text, encoding="utf-8")
    office = Office(county)
    try:
        assert office.shelves[-1].frameworks.keys() | office.catalogue.keys()
    except JunhengError as error:
        return error.findings
    return ()


@pytest.mark.parametrize("name", [INDICATORS, FRAMEWORK, STANDARD, SOURCES])
def test_whatever_stands_in_place_of_any_value_is_read_or_refused_with_findings(county, files, name):
    data = parse_yaml(files[name], name).data
    if name == INDICATORS:
        between = {"column": "area", "over": "rural", "under": "city"}
        data["library.ratio"] = {**data["library.books_per_pupil.cv"], "statistic": "ratio", "between": between}
        data["library.skip"] = {**data["library.books_per_pupil"], "filter": "books is not null", "missing": ["books"]}
    assert not found_in(county, name, write_yaml(data))
    refusals = [(path, one) for path in paths(data) for odd in ODD for one in found_in(county, name, changed(data, path, odd))]
    assert len(refusals) > 60
    for path, one in refusals:
        assert one.place.file, (path, one.rule)
        assert one.place.row, (path, one.rule)
        assert one.sentence("zh")
        assert one.sentence("en")
