"""Records to test on: SQLite always, and a throw-away PostgreSQL cluster where its server is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from junheng.store.database import Database, open_database
from junheng.store.entry import Actor, Entry

ACTOR = Actor("罗文静", "督导室")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_NUMBERS = count()


def at(minutes: int = 0) -> datetime:
    """Return a time so many minutes after the first one."""
    return START + timedelta(minutes=minutes)


def visit(key: str, **values: str | int) -> Entry:
    """Return a small record."""
    return Entry(kind="visit", key=key, state="open", values=values)


def pupil(key: str, name: str, number: str) -> Entry:
    """Return a record with a name and an ID number, both sealed, found by the number."""
    levels = {"name": "L3", "id": "L3", "school": "L2"}
    return Entry(kind="pupil", key=key, values={"name": name, "id": number, "school": "21"}, levels=levels, lookups=("id",))


def server_program(name: str) -> str:
    """Return a program of the PostgreSQL server, "" when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else shutil.which(name) or ""


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """Return the folder of the socket of a cluster that lives as long as the tests; no port is opened."""
    initdb, postgres = server_program("initdb"), server_program("pg_ctl")
    root = os.name == "posix" and os.geteuid() == 0
    if not initdb or not postgres or (root and not shutil.which("setpriv")):
        message = "needs a PostgreSQL server (and setpriv, when run as root)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    folder = Path(tempfile.mkdtemp(prefix="junheng-pg-"))
    if root:
        shutil.chown(folder, "postgres")
    other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if root else []

    def run(*words: str) -> None:
        subprocess.run(
            [*other, *words], check=True, capture_output=True, text=True, cwd=folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        )

    run(initdb, "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    run(postgres, "-D", f"{folder}/data", "-o", options, "-l", f"{folder}/log", "-w", "start")
    try:
        yield str(folder)
    finally:
        run(postgres, "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(cluster: str) -> Callable[[], str]:
    """Return a maker of empty databases of the cluster, by URL."""
    import psycopg

    def made() -> str:
        name = f"t{os.getpid()}_{next(_NUMBERS)}"
        with psycopg.connect(f"host={cluster} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql:///{name}?host={cluster}&user=postgres"

    return made


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in memory where there is one: a kill and a simulated cut do not depend on the disk, which is slow."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else tmp_path))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return an authority's folder whose record is on each of the systems in turn."""
    folder = tmp_path / "county"
    folder.mkdir()
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")()
        (folder / "junheng.toml").write_text(f'code = "430399"\nname = "试县"\nrecords.url = "{url}"\n', encoding="utf-8")
    return folder


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Return a folder for keys, outside the authority's."""
    return tmp_path / "keys"


@pytest.fixture
def database(where: Path, keys: Path) -> Iterator[Database]:
    """Return an empty record."""
    with open_database(where, keys) as opened:
        yield opened


@pytest.fixture
def record(tmp_path: Path, keys: Path) -> Iterator[Database]:
    """Return an empty record on SQLite."""
    with open_database(tmp_path / "county", keys) as opened:
        yield opened


def filled(database: Database, batches: int = 4, each: int = 5) -> None:
    """Write some batches: new entries, changed ones, a removed one, sealed ones, one undone."""
    for number in range(batches):
        with database.batch(actor=ACTOR, purpose=f"第{number}批", at=at(number)) as batch:
            for n in range(each):
                batch.put(visit(f"v{n}", round=number, note=f"n{number}-{n}"))
            batch.put(pupil(f"p{number}", f"欧阳{number}", f"43030220150101{number:04}"))
    with database.batch(actor=ACTOR, purpose="登记有误", at=at(batches)) as batch:
        batch.remove("visit", "v0")
    database.undo(batches + 1, actor=ACTOR, purpose="撤销", at=at(batches + 1))


def system_python() -> str:
    """Return a Python whose own SQLite reads the record, without the project's packages."""
    return sys.executable
