import pytest

from junheng.documents import PackageFile
from junheng.errors import StandardsError
from junheng.standards import is_within, read_library, shipped, shipped_jurisdictions
from tests.standards.made import CLASS_SIZE, FRAMEWORK, SOURCES, package, refused, shelf


def test_the_path_is_the_id_whether_or_not_the_folder_of_the_shelf_is_part_of_it():
    files = [PackageFile("standards/" + name, text) for name, text in (("sources.yaml", SOURCES), ("class_size/maximum.yaml", CLASS_SIZE))]
    assert list(read_library(files, "cn").parameters) == ["class_size.maximum"]
    files = [PackageFile("cn/" + name, text) for name, text in (("sources.yaml", SOURCES), ("class_size/maximum.yaml", CLASS_SIZE))]
    assert list(read_library(files, "cn").parameters) == ["class_size.maximum"]


def test_a_path_that_is_no_identifier_is_refused():
    assert "standards.path_is_not_a_name" in [item.rule for item in refused({"Class Size/maximum.yaml": CLASS_SIZE})]


def test_text_that_is_no_yaml_is_refused_beside_the_other_findings():
    findings = refused(
        {"class_size/maximum.yaml": "title: {zh: 甲\n", "frameworks/balance.yaml": FRAMEWORK.replace("paper-2017", "paper", 1)}
    )
    assert {item.place.file for item in findings} >= {"class_size/maximum.yaml", "frameworks/balance.yaml"}


def test_a_jurisdiction_is_a_country_or_a_part_of_it():
    assert is_within("cn-2101", "cn-21")
    assert is_within("cn-210102", "cn")
    assert is_within("cn", "cn")
    assert not is_within("cn-2101", "cn-41")
    assert not is_within("cn", "cn-21")
    with pytest.raises(StandardsError, match="Correct the code"):
        read_library([], "liaoning")


def test_a_county_cites_documents_and_names_parameters_of_the_shelves_above():
    local = CLASS_SIZE.replace("jurisdiction: cn", "jurisdiction: cn-21").replace("value: 45", "value: 40")
    framework = FRAMEWORK.replace("jurisdiction: cn", "jurisdiction: cn-21")
    library = read_library(
        [PackageFile("class_size/maximum.yaml", local), PackageFile("frameworks/ours.yaml", framework)], "cn-21", (shelf(),)
    )
    assert library.frameworks["ours"].parameters == ("class_size.maximum",)
    assert "paper-2017" in library.sources
    alone = [PackageFile("frameworks/ours.yaml", framework), PackageFile("sources.yaml", SOURCES)]
    with pytest.raises(StandardsError, match=r"class_size\.maximum"):
        read_library(alone, "cn-21")


def test_an_empty_shelf_is_a_shelf():
    assert not read_library([], "cn-21").parameters


def test_the_digest_changes_with_any_file_and_not_with_their_order():
    assert read_library(reversed(package({})), "cn").digest == shelf().digest
    assert shelf(**{"class_size/maximum.yaml": CLASS_SIZE.replace("45", "46")}).digest != shelf().digest


def test_asking_for_a_shelf_that_does_not_ship_names_those_that_do():
    with pytest.raises(StandardsError, match="cn-21"):
        shipped("cn-99")
    assert shipped_jurisdictions()[0] == "cn"
