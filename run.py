#!/usr/bin/env python3
"""Start junheng with nothing but Python 3.11 or newer: no other tool, on Linux, macOS and Windows.

    python3 run.py demo                 install what is needed on the first start, then run the whole job on the examples
    python3 run.py junheng ARGUMENTS    the junheng command
    python3 run.py test [--spark] ...   the tests (pytest arguments follow); --spark: the Spark lane, needs Java 17
    python3 run.py check                the static checks: ruff, mypy, import-linter
    python3 run.py bundle [DIR] [--core] [--for PLATFORM] [--python 3.12]
                                        a folder with source and wheels, for a machine without network
    python3 run.py lock [--upgrade]     write requirements/*.txt anew from pyproject.toml (maintainers)

The environment is .venv beside this file (or the folder that JUNHENG_VENV names). Installed is exactly what the hash locks
in requirements/ say, by uv, or by plain pip where uv cannot run (JUNHENG_INSTALLER=pip asks for that). A folder `wheels`
beside this file, as `bundle` writes it, replaces the network. A mirror set for pip is used by both.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  the reader of this message has an older Python
    found = sys.version.split()[0]
    sys.exit("junheng 需要 Python 3.11 或更高版本，当前是 " + found + "。/ junheng needs Python 3.11 or newer; this is " + found + ".")

import argparse
import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("JUNHENG_VENV") or ROOT / ".venv").absolute()
LOCKS = ROOT / "requirements"
WHEELS = ROOT / "wheels"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

LEVELS = ("core", "dev", "spark")  # each holds everything of the one before it, at the same versions
EXTRA = {"core": [], "dev": ["--group", "dev"], "spark": ["--group", "dev", "--extra", "spark"]}
PLAIN = ["--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"]  # a lock that names no host

# name -> (the platform as uv calls it, as pip calls it)
PLATFORMS = {
    "linux-x86_64": ("x86_64-manylinux_2_28", ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64"]),
    "linux-arm64": ("aarch64-manylinux_2_28", ["manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux_2_17_aarch64"]),
    "windows-x86_64": ("x86_64-pc-windows-msvc", ["win_amd64"]),
    "macos-arm64": ("aarch64-apple-darwin", ["macosx_14_0_arm64"]),
}


def say(zh: str, en: str) -> None:
    """Print one line of progress, on the error stream so that results can be piped."""
    print(f"{zh} / {en}", file=sys.stderr, flush=True)


def stop(zh: str, en: str) -> SystemExit:
    """Return the exit that explains itself."""
    return SystemExit(f"{zh}\n{en}")


# -- the environment ---------------------------------------------------------------------------------------------------


def stamp(level: str) -> Path:
    """Return the file that says which lock of this level is installed."""
    return VENV / f"junheng-{level}.stamp"


def digest(level: str) -> str:
    """Return the identity of what should be installed: the locks, the interpreter and the source's place."""
    parts = [(LOCKS / f"{name}.txt").read_bytes() for name in ("uv", level)]
    parts += [sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def ready(level: str) -> bool:
    """Return whether the environment already holds this level."""
    return PYTHON.exists() and stamp(level).exists() and stamp(level).read_text() == digest(level)


def install(level: str) -> None:
    """Bring the environment up to a level; does nothing when it is there already."""
    if ready(level):
        return
    say(f"正在准备运行环境 {VENV}（只在首次启动或依赖变化时）…", "preparing the environment (first start, or a changed lock) …")
    make_venv()
    for step in LEVELS[: LEVELS.index(level) + 1]:
        if not ready(step):
            install_lock(step)
            write_path_file()
            stamp(step).write_text(digest(step))


def make_venv() -> None:
    """Make the virtual environment, or keep the one there is when it belongs to this very Python and works."""
    if environment_version() == platform.python_version() and run([PYTHON, "-m", "pip", "--version"], quiet=True):
        return
    if VENV.exists() and any(VENV.iterdir()) and not (VENV / "pyvenv.cfg").exists():
        raise stop(
            f"{VENV} 不是虚拟环境，不会清空它。",
            f"{VENV} is no virtual environment and will not be emptied. Set JUNHENG_VENV to another folder.",
        )
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    except (OSError, subprocess.CalledProcessError) as error:
        raise stop(
            f"无法建立虚拟环境 {VENV}：{error}",
            "The environment could not be made. Debian and Ubuntu: install python3-venv. Folder not writable: set JUNHENG_VENV.",
        ) from error


def environment_version() -> str:
    """Return the Python version with which the environment was made, or nothing."""
    settings = VENV / "pyvenv.cfg"
    found = re.search(r"^version\s*=\s*(\S+)", settings.read_text(encoding="utf-8"), re.MULTILINE) if settings.exists() else None
    return found.group(1) if found and PYTHON.exists() else ""


def write_path_file() -> None:
    """Let the environment see src/: as a relative path where possible, so that its letters need no encoding."""
    target = Path(subprocess.check_output([PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True).strip())
    try:
        source = os.path.relpath(ROOT / "src", target)
    except ValueError:  # two drives of Windows
        source = str(ROOT / "src")
    (target / "junheng-source.pth").write_text(source + "\n")


def install_lock(level: str) -> None:
    """Install one lock with uv; where that fails, with pip, which may also build from (hashed) source."""
    lock = LOCKS / f"{level}.txt"
    build = ["--no-build-isolation"] if level == "spark" else []  # pyspark is source only; setuptools is in the dev lock
    common: list[str | Path] = ["install", "--require-hashes", "--no-deps", *offline(), *build, "-r", lock]
    if have_uv():
        wheels = [] if build else ["--only-binary", ":all:"]
        if run([PYTHON, "-m", "uv", "pip", *common, "--python", PYTHON, "--quiet", *wheels], env=like_pip()):
            return
        say("uv 未能完成，改用 pip（较慢）…", "uv did not manage; trying pip (slower) …")
    if not run([PYTHON, "-m", "pip", *common, "--quiet", "--disable-pip-version-check"]):
        raise stop(advice_zh(), advice_en())


def have_uv() -> bool:
    """Install the pinned uv; return whether it runs here."""
    if os.environ.get("JUNHENG_INSTALLER") == "pip":
        return False
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    there = run([*pip, "--require-hashes", *offline(), "-r", LOCKS / "uv.txt"])
    return there and run([PYTHON, "-m", "uv", "--version"], quiet=True)


def offline() -> list[str | Path]:
    """Return the installers' options for a bundle: its own wheels and no index."""
    return ["--no-index", "--find-links", WHEELS] if WHEELS.is_dir() else []


def like_pip() -> dict[str, str]:
    """Return uv's settings so that it goes where pip goes: the system's certificates, and the mirror that is set for pip alone."""
    settings = {"UV_SYSTEM_CERTS": os.environ.get("UV_SYSTEM_CERTS", "1")}
    if not any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        listing = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
        for url in re.findall(r"\.index-url='([^']+)'", listing):
            settings["UV_DEFAULT_INDEX"] = url
    return settings


def advice_zh() -> str:
    """Return what to do when nothing could be installed, in Chinese."""
    if WHEELS.is_dir():
        return f"wheels 文件夹与本机不符：它是为 {bundle_target()} 准备的，本机是 {this_platform()}、Python {this_python()}。"
    return "依赖未能安装。请检查网络，或设置 PIP_INDEX_URL 使用镜像；没有网络的机器请在另一台机器上运行 python3 run.py bundle。"


def advice_en() -> str:
    """Return what to do when nothing could be installed, in English."""
    if WHEELS.is_dir():
        return f"The wheels do not fit: they are for {bundle_target()}; this machine is {this_platform()} with Python {this_python()}."
    return "The packages could not be installed. Check the network or set PIP_INDEX_URL to a mirror; without one, see `run.py bundle`."


def run(command: list[str | Path], *, quiet: bool = False, env: dict[str, str] | None = None) -> bool:
    """Run a command in the project folder; return whether it succeeded."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, stdout=output, stderr=output, check=False).returncode == 0


def become(command: list[str]) -> int:
    """Run Python in the environment, from the caller's folder; return its exit code (on POSIX: never come back)."""
    os.environ["PYTHONUTF8"] = "1"  # files are UTF-8 on Windows, too
    if os.name != "nt":
        sys.stderr.flush()
        os.execv(PYTHON, [str(PYTHON), *command])  # the same process: signals and the exit code are its own
    return subprocess.run([PYTHON, *command], check=False).returncode


# -- the commands ------------------------------------------------------------------------------------------------------


def demo(rest: list[str]) -> int:
    """Run the whole job on the examples."""
    return junheng(["demo", *rest])


def junheng(rest: list[str]) -> int:
    """Run the junheng command."""
    install("core")
    os.environ.setdefault("JUNHENG_CALLED_AS", f"{'py' if os.name == 'nt' else 'python3'} {sys.argv[0]} junheng")
    return become(["-m", "junheng", *rest])


def test(rest: list[str]) -> int:
    """Run pytest; `--spark` chooses the tests that need Spark, else all the others run."""
    spark = "--spark" in rest
    install("spark" if spark else "dev")
    os.chdir(ROOT)
    return become(["-m", "pytest", "-m", "spark" if spark else "not spark", *(word for word in rest if word != "--spark")])


def check(_rest: list[str]) -> int:
    """Run every static check, all of them even when one fails."""
    install("dev")
    steps = {
        "ruff": ["-m", "ruff", "check", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "."],
        "mypy": ["-m", "mypy"],
        "mypy run.py": ["-m", "mypy", "run.py"],
        "import-linter": ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    }
    failed = ", ".join(name for name, step in steps.items() if not run([PYTHON, *step]))
    if failed:
        say(f"未通过：{failed}", f"failed: {failed}")
    return 1 if failed else 0


def lock(rest: list[str]) -> int:
    """Resolve pyproject.toml into the hash locks; known pins stay unless `--upgrade` or `--upgrade-package NAME` is given."""
    make_venv()
    if not have_uv():
        raise stop("需要 uv。", "The locks are made with uv, which does not run here.")
    uv: list[str | Path] = [PYTHON, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11", *PLAIN, *rest]
    everything = LOCKS / "spark.txt"
    plans: list[list[str | Path]] = [
        [LOCKS / "uv.in", "-o", LOCKS / "uv.txt"],
        ["pyproject.toml", *EXTRA["spark"], "-o", everything],
        ["pyproject.toml", *EXTRA["dev"], "-c", everything, "-o", LOCKS / "dev.txt"],
        ["pyproject.toml", *EXTRA["core"], "-c", everything, "-o", LOCKS / "core.txt"],
    ]
    return 0 if all(run([*uv, *plan], env=like_pip()) for plan in plans) else 1


# -- the bundle --------------------------------------------------------------------------------------------------------


def bundle(rest: list[str]) -> int:
    """Write a folder with the source and the wheels, so that the same commands work without a network."""
    parser = argparse.ArgumentParser(prog="run.py bundle", description=bundle.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist" / "junheng-bundle")
    parser.add_argument("--core", action="store_true", help="only what demo and junheng need, without test and check")
    platforms = sorted({*PLATFORMS, this_platform()})
    parser.add_argument("--for", dest="platform", choices=platforms, default=this_platform(), help="default: this machine's")
    parser.add_argument("--python", default=this_python(), help="the other machine's Python, as 3.12; default: this one")
    wanted = parser.parse_args(rest)
    if wanted.folder.exists() and any(wanted.folder.iterdir()):
        raise stop(f"{wanted.folder} 不是空文件夹。", f"{wanted.folder} is not empty; choose another folder.")
    make_venv()
    if not have_uv():
        raise stop("需要 uv。", "A bundle is made with uv, which does not run here.")
    copy_source(wanted.folder)
    wheels = wanted.folder.absolute() / "wheels"
    for name in ("uv", "core" if wanted.core else "dev"):
        if not download(name, wheels, wanted.platform, wanted.python):
            raise stop(advice_zh(), advice_en())
    (wheels / "TARGET").write_text(f"{wanted.platform}, Python {wanted.python}{', core' if wanted.core else ''}\n", encoding="utf-8")
    size = sum(file.stat().st_size for file in wheels.iterdir()) // 1_000_000
    say(f"已写入 {wanted.folder}（{size} MB 依赖包）", f"written: {wanted.folder} ({size} MB of wheels)")
    return 0


def download(name: str, wheels: Path, target: str, python: str) -> bool:
    """Fetch the wheels of one lock, checked against its hashes, for a platform that need not be this one."""
    pip: list[str | Path] = [PYTHON, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--dest", wheels, "--no-deps"]
    pip += ["--require-hashes", "--only-binary", ":all:"]
    if (target, python) == (this_platform(), this_python()):
        return run([*pip, "-r", LOCKS / f"{name}.txt"])
    uv_name, tags = PLATFORMS[target]
    with tempfile.TemporaryDirectory() as folder:
        # pip reads markers for the machine it runs on; so uv first writes the lock out for the machine that is meant
        plain = Path(folder) / "lock.txt"
        uv: list[str | Path] = [PYTHON, "-m", "uv", "pip", "compile", LOCKS / f"{name}.txt", "-o", plain, "--no-deps", *PLAIN]
        written = run([*uv, "--python-platform", uv_name, "--python-version", python], env=like_pip())
        meant = ["--implementation", "cp", "--python-version", python, *(word for tag in tags for word in ("--platform", tag))]
        return written and run([*pip, *meant, "-r", plain])


def copy_source(folder: Path) -> None:
    """Copy the tracked files; without git, everything but environments, caches and results."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False) if (ROOT / ".git").exists() else None
    if listing and listing.returncode == 0:
        for name in filter(None, listing.stdout.decode().split("\0")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    else:
        passing = (".venv*", ".git", "__pycache__", "*_cache", ".hypothesis", "wheels", "dist", "build", "out", "*.egg-info")
        skip = shutil.ignore_patterns(*passing)
        shutil.copytree(ROOT, folder, ignore=skip, dirs_exist_ok=True)


def this_platform() -> str:
    """Return this machine's platform as the bundle names it."""
    system = {"Darwin": "macos"}.get(platform.system(), platform.system().lower())
    machine = platform.machine().lower()
    return f"{system}-{ {'amd64': 'x86_64', 'aarch64': 'arm64'}.get(machine, machine) }"


def this_python() -> str:
    """Return this Python's version as wheels count it, e.g. 3.11."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def bundle_target() -> str:
    """Return what the wheels beside this file were made for."""
    note = WHEELS / "TARGET"
    return note.read_text(encoding="utf-8").strip() if note.exists() else "?"


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "junheng": junheng,
    "test": test,
    "check": check,
    "bundle": bundle,
    "lock": lock,
}


def main(words: list[str]) -> int:
    """Run the command that the words name; without one, print how to use this file."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that cannot show Chinese must not stop the work
    if not words or words[0] not in COMMANDS:
        print(__doc__)
        return 0 if words in (["-h"], ["--help"], ["help"]) else 2
    return COMMANDS[words[0]](words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
