"""The rules of the house hold for every file; and each rule is shown to fail on a seeded defect."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from junheng.documents import catalogue, package_files, parse_yaml
from tests import house

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "junheng"


def tracked() -> list[Path]:
    """Return the files that git has or would have; in a bundle, which has no git, what lies there."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]
    made = {".venv", "wheels", "__pycache__", "out", "dist", "build"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not {*path.relative_to(ROOT).parts} & made and "_cache" not in str(path)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


TRACKED = tracked()
SOURCES = {name(path): read(path) for path in TRACKED if path.suffix == ".py"}
HOUSE = {path: text for path, text in SOURCES.items() if path.startswith("src/junheng/")}
PRESENTERS = {path: text for path, text in HOUSE.items() if path.startswith("src/junheng/present/")}
WITHOUT_CHARTS = {path: text for path, text in PRESENTERS.items() if path.split("/")[-1] not in house.MAY_CALCULATE}
CORE = {
    path: text for path, text in HOUSE.items() if path.split("/")[2] in house.CORE and not path.startswith("src/junheng/indicators/engine_")
}


def broken(rule: Callable[[str], list[str]], sources: dict[str, str]) -> list[str]:
    return [f"{path}: {line}" for path, text in sources.items() for line in rule(text)]


# -- the files --------------------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_a_sitting() -> None:
    assert broken(house.too_long, SOURCES) == []
    assert house.too_long("\n" * 401)


def test_every_room_has_a_name_that_says_something() -> None:
    assert [line for path in SOURCES for line in house.says_nothing(path)] == []
    assert house.says_nothing("src/junheng/model/utils.py")
    assert house.says_nothing("src/junheng/core/__init__.py")


def test_every_module_and_public_function_is_documented() -> None:
    assert broken(house.undocumented, HOUSE) == []
    assert len(house.undocumented("def assess(): ...\nclass _Hidden: ...")) == 2


def test_nothing_is_left_unfinished() -> None:
    assert broken(house.unfinished, HOUSE) == []
    for defect in ("x = 1  # TO" + "DO later", "try:\n    f()\nexcept Exception:\n    pass", "f(1)  # type: ignore\n"):
        assert house.unfinished(defect), defect


def test_no_file_names_a_registry_a_developers_folder_or_a_tool_of_the_workplace() -> None:
    texts = {name(path): path.read_text(encoding="utf-8", errors="ignore") for path in TRACKED}
    assert broken(house.from_outside, texts) == []
    for defect in ("https://py" + "pi.org/simple", "open('/wo" + "rk/data.csv')", "see /ho" + "me/li/notes", "asked Cl" + "aude"):
        assert house.from_outside(defect), defect
    assert not house.from_outside("homework/2025, a network/path, https://example.org/root/page")


# -- who may do what --------------------------------------------------------------------------------------------------


def test_presenters_do_no_arithmetic() -> None:
    assert broken(house.arithmetic, WITHOUT_CHARTS) == []
    for defect in ("share = met / all", "total += figure.value", "mean = sum(values)", "shown = round(value, 2)", "gap = limit - value"):
        assert house.arithmetic(defect), defect
    joining = (
        *("page = folder / 'index.html'", "line = 'a' + name", "rows += [head]", "kind: int | None = None"),
        *("def f(out: Path): out / name / 'x'", "lines = []\nlines += section(x)", "cells: list[str] = find()\ncells += more()"),
    )
    assert not house.arithmetic("\n".join(joining))


def test_presenters_see_only_the_workflow() -> None:
    assert broken(house.beyond_the_workflow, PRESENTERS) == []
    assert house.beyond_the_workflow("from junheng.store import folder\nimport junheng.workflow") == ["junheng.store"]


def test_the_core_opens_no_files() -> None:
    assert broken(house.opens_files, CORE) == []
    for defect in ("open('x')", "path.read_text()", "pl.read_csv(name)", "frame.write_parquet(name)", "pl.scan_parquet(name)"):
        assert house.opens_files(defect), defect


def test_each_library_is_wrapped_in_one_file() -> None:
    assert house.wrapped_twice(HOUSE) == []
    both = "import polars, csv"
    twice = {"a.py": "import duckdb", "b.py": "def f():\n    from duckdb import sql", "c.py": both, "d.py": both}
    assert house.wrapped_twice(twice) == ["duckdb is imported by a.py, b.py"]


packages_distributions = cache(metadata.packages_distributions)

OF_AN_EXTRA = ("/engine_spark", "/cp_sat_child")  # what needs an extra, and is imported only where it is asked for, or by nobody


def test_every_library_in_use_is_declared() -> None:
    settings = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in settings["dependencies"]}
    optional = {canonicalize_name(Requirement(line).name) for lines in settings["optional-dependencies"].values() for line in lines}
    sellers = packages_distributions()

    def undeclared(path: str, text: str) -> list[str]:
        allowed = declared | (optional if any(part in path for part in OF_AN_EXTRA) else set())
        libraries = house.third_party(text) - ({"pyspark"} if "/engine_spark" in path else set())
        return [f"{path}: {library}" for library in libraries if not {*map(canonicalize_name, sellers.get(library, []))} & allowed]

    assert [line for path, text in HOUSE.items() for line in undeclared(path, text)] == []
    assert undeclared("src/junheng/model/x.py", "import pytest") == ["src/junheng/model/x.py: pytest"]
    assert undeclared("src/junheng/planning/solve/x.py", "import ortools") == ["src/junheng/planning/solve/x.py: ortools"]
    assert not [path for path, text in HOUSE.items() if re.search(r"import\b.*\bcp_sat_child|\bcp_sat_child import", text)]


CARRIED = {"pyarrow": "DuckDB reads polars frames and writes Parquet through it"}


def test_no_library_is_carried_for_nothing() -> None:
    settings = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    named = " ".join(HOUSE.values())
    modules: dict[str, set[str]] = {}
    for module, sellers in packages_distributions().items():
        for seller in sellers:
            modules.setdefault(canonicalize_name(seller), set()).add(module)
    wanted = {canonicalize_name(Requirement(line).name) for line in settings["dependencies"]} - CARRIED.keys()
    assert {name for name in wanted if not any(re.search(rf"\b{module}\b", named) for module in modules[name])} == set()


# -- data, not code ---------------------------------------------------------------------------------------------------

EVERYBODYS = {"0.5"}  # a half is also how alike two names must be for a hint, and where a number is rounded
KNOWN_TO_BE_DECIDED = {"0.45", "0.85", "3.57", "4.505", "5.3", "10.2", "2.3", "2.4", "1.32"}


def test_no_number_of_a_regulation_stands_in_python() -> None:
    shipped = [parse_yaml(file.text, file.name).data for file in package_files("junheng.standards", "cn/**/*.yaml")]
    numbers = KNOWN_TO_BE_DECIDED.union(*map(house.fractions, shipped))
    # a presenter's measures on paper (a line of 1.5 points) are its own, so the plainer numbers are not looked for there
    others = {path: text for path, text in HOUSE.items() if path not in PRESENTERS}
    assert broken(lambda text: house.regulation_numbers(text, numbers - EVERYBODYS), others) == []
    assert broken(lambda text: house.regulation_numbers(text, KNOWN_TO_BE_DECIDED), WITHOUT_CHARTS) == []
    assert house.regulation_numbers("near = 0.85", numbers)
    assert house.regulation_numbers("near = Decimal('0.85')", numbers)
    assert house.regulation_numbers("sql = f'{met} >= 0.85 * {all}'", numbers)
    assert not house.regulation_numbers("x = 10.85 + 0.851", numbers)
    assert not house.regulation_numbers('"""Say 0.85."""  # 0.85', numbers)
    assert house.fractions({"values": {"primary": {"2017-04-19": {"value": "4.5"}}, "junior": [{"value": 50}]}}) == {"4.5"}


def test_every_finding_has_its_sentence_and_every_sentence_its_finding() -> None:
    known = set(catalogue())
    files = (path for path in TRACKED if path.is_relative_to(PACKAGE) and path.suffix in {".csv", ".yaml"})
    data = "\n".join(read(path) for path in files if path.parent.name != "findings")
    rooms = {rule.partition(".")[0] for rule in known} | {path.split("/")[2] for path in HOUSE if path.count("/") > 2}
    in_code = set().union(*(house.rules_named(text, rooms) for text in HOUSE.values()))
    in_data = known & set(re.findall(r"[\w.]+", data))
    assert house.rules_at_odds(in_code | in_data, known) == []
    assert house.rules_at_odds({"model.a", "model.b"}, {"model.b", "model.c"}) == ["model.a has no sentence", "model.c is never found"]
    assert house.rules_at_odds({"model.bad_"}, {"model.bad_key"}) == []
    assert house.rules_at_odds({"model.bad_"}, {"model.c"}) == ["model.bad_ has no sentence", "model.c is never found"]
    source = "finding('model.unknown_column', p)\nx = 'schools.school'\ny = 'standards.yaml'"
    assert house.rules_named(source, {"model", "standards"}) == {"model.unknown_column"}


# -- the order of the house -------------------------------------------------------------------------------------------

DEFECTS = {
    "a lower room imports a higher one": ("model/county.py", "import junheng.store"),
    "a room that the contract does not know": ("gossip/__init__.py", ""),
    "two neighbours import each other": ("model/county.py", "import junheng.model.change"),
    "a presenter looks past the workflow": ("present/page.py", "import junheng.store"),
    "the core reads YAML by itself": ("standards/library.py", "import yaml"),
    "the core opens a database": ("indicators/trail.py", "import sqlite3"),
    "a kernel asks a solver": ("planning/kernels/transport.py", "import junheng.planning.solve"),
}


def small_house(folder: Path) -> None:
    """Write a house of empty rooms under the real contract."""
    (folder / ".importlinter").write_text(read(ROOT / ".importlinter"), encoding="utf-8")
    late = ("matching", "coverage", "ledgers", "actions")
    rooms = ("errors", "documents", "model", "standards", "indicators", "projection", "planning", *late, "store", "workflow", "present")
    for room in ("", *rooms):
        (folder / "junheng" / room).mkdir(parents=True, exist_ok=True)
        (folder / "junheng" / room / "__init__.py").touch()
    (folder / "junheng" / "model" / "change.py").write_text("import junheng.model.county\n", encoding="utf-8")
    (folder / "junheng" / "model" / "county.py").touch()
    for room in ("solve", "kernels", "sparse"):
        (folder / "junheng" / "planning" / room).mkdir()
        (folder / "junheng" / "planning" / room / "__init__.py").touch()


def lint(folder: Path) -> int:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(folder), "PATH": ""}, capture_output=True, check=False).returncode


def test_an_orderly_house_keeps_the_contract(tmp_path: Path) -> None:
    small_house(tmp_path)
    assert lint(tmp_path) == 0


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_contract_is_broken_when(defect: str, tmp_path: Path) -> None:
    small_house(tmp_path)
    path, text = DEFECTS[defect]
    (tmp_path / "junheng" / path).parent.mkdir(exist_ok=True)
    (tmp_path / "junheng" / path).write_text(text + "\n", encoding="utf-8")
    assert lint(tmp_path) == 1


def test_the_contract_follows_the_design() -> None:
    settings = configparser.ConfigParser()
    settings.read_string(read(ROOT / ".importlinter"))
    layers = re.findall(r"\w+", settings["importlinter:contract:order"]["layers"])
    assert layers == [
        *("__main__", "present", "workflow", "store", "access", "actions", "ledgers", "coverage", "admissions", "planning"),
        *("projection", "matching", "indicators", "standards", "model", "documents", "errors"),
    ]
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    guarded = set(re.findall(r"junheng\.(\w+)", settings["importlinter:contract:no_files"]["source_modules"]))
    assert guarded == rooms & set(house.CORE)
    hidden = set(re.findall(r"junheng\.(\w+)", settings["importlinter:contract:presenters"]["forbidden_modules"]))
    assert hidden == (rooms | {"errors"}) - {"present", "workflow"}


# -- what is installed ------------------------------------------------------------------------------------------------


def pins(level: str) -> dict[str, set[str]]:
    """Return the versions that a lock holds, by package."""
    found: dict[str, set[str]] = {}
    for line in re.findall(r"^[^\s#-].*==.*", read(ROOT / "requirements" / f"{level}.txt"), re.MULTILINE):
        package, version = re.match(r"([\w.-]+)==([^\s;]+)", line).groups()  # type: ignore[union-attr]  # every such line has both
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def test_the_locks_hold_what_the_project_asks_for() -> None:
    settings = tomllib.loads(read(ROOT / "pyproject.toml"))
    core = settings["project"]["dependencies"]
    dev = core + settings["dependency-groups"]["dev"]
    asked = {"core": core, "dev": dev, "spark": dev + settings["project"]["optional-dependencies"]["spark"]}
    for level, lines in asked.items():
        held = pins(level)
        for wanted in map(Requirement, lines):
            versions = held.get(canonicalize_name(wanted.name), set())
            assert versions, f"{level}.txt lacks {wanted}"
            assert all(wanted.specifier.contains(version) for version in versions), f"{level}.txt: {wanted}"


def test_the_locks_agree_and_name_no_host() -> None:
    core, dev, spark = pins("core"), pins("dev"), pins("spark")
    assert core.items() <= dev.items() <= spark.items()
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "--hash=sha256:" in read(path)
        assert "//" not in read(path), f"{path.name} names a host or a folder"


def test_the_house_is_parsed_as_the_oldest_python_reads_it() -> None:
    assert broken(house.of_a_newer_python, SOURCES) == []
    assert house.of_a_newer_python("type Newer = int")
