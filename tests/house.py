"""The rules of the house that no linter states: each a function over source text that returns what breaks it.

Functions take text, not files, so that test_house.py can show each of them failing on a seeded defect.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeGuard

LINES = 400
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "managers"}

DATA_TYPES = {"polars", "numpy"}  # what every package may name: tables are frames of the one, measures arrays of the other
MAY_CALCULATE = {  # how a number is written, where a mark is drawn
    "wording.py",
    "wording_foresight.py",
    "charts.py",
    *(f"charts_{kind}.py" for kind in ("axis", "beside", "fan", "levels", "need", "places", "programme", "pyramid")),
}
OPENS_FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "touch"}
MOVES_FRAMES = re.compile(r"(read|scan|write|sink)_(csv|parquet|json|ndjson|excel|ipc|database|delta|avro)")
CORE = ("model", "standards", "indicators", "projection", "matching", "planning", "admissions", "coverage", "ledgers", "actions")

FILE_ENDINGS = (".csv", ".yaml", ".py", ".md", ".json", ".html", ".sql", ".toml", ".xlsx", ".parquet")

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_NUMBER = re.compile(r"(?<![\w.])[\d.]+")
_MEASURING = {"sum", "round", "divmod", "pow"}
_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError|except( Exception)?: *$|# *type: *ignore *$", re.MULTILINE)

# written so that this file does not hold what it looks for
_HOSTS = ("py{}pi.org", "python{}hosted.org", "registry.np{}mjs.org", "deb.deb{}ian.org", "proxy.gol{}ang.org", "crates{}.io")
_MIRRORS = ("mirrors.al{}iyun", "tuna.tsing{}hua", "mirrors.ten{}cent", "npm{}mirror.com", "mirrors.ust{}c")
_FOLDERS = (r"/wo{}rk/", r"/ro{}ot/", r"/opt/py{}pi", r"/tmp/{}[a-z]/", r"/ho{}me/\w+/", r"/Us{}ers/\w+/", r"[A-Z]:\\{}Users\\")
_TOOLS = ("cl{}aude", "anth{}ropic", "chat{}gpt", "open{}ai", "co{}pilot", r"farm-{}\w+", "issues sh{}ow")


def _any(words: Iterable[str]) -> str:
    return "|".join(word.replace("{}", "") for word in words)


_OUTSIDE = (
    ("a package registry", re.compile(_any(_HOSTS + _MIRRORS).replace(".", r"\."))),
    ("a developer's folder", re.compile(rf"(?<![\w.<>-])({_any(_FOLDERS)})")),
    ("a tool of the workplace", re.compile(rf"(?i)\b({_any(_TOOLS)})\b")),
)


@cache
def parsed(text: str) -> ast.Module:
    """Return the tree of a source, read as the oldest Python reads it: once, however many rules ask."""
    return ast.parse(text, feature_version=(3, 11))


@cache
def nodes(text: str) -> tuple[ast.AST, ...]:
    """Return every node of a source."""
    return tuple(ast.walk(parsed(text)))


def of_a_newer_python(text: str) -> list[str]:
    """Return what the oldest Python cannot read in a source."""
    try:
        parsed(text)
    except SyntaxError as error:
        return [f"line {error.lineno}: {error.msg}"]
    return []


def too_long(text: str) -> list[str]:
    """Return a line when the file is longer than a sitting."""
    count = len(text.splitlines())
    return [f"{count} lines; at most {LINES}. Split it by idea."] if count > LINES else []


def says_nothing(path: str) -> list[str]:
    """Return the parts of a module's path that name no idea."""
    parts = path.removesuffix(".py").split("/")
    return [f"{part} is no name for a room" for part in parts if part.strip("_") in NAMES_THAT_SAY_NOTHING]


def undocumented(text: str) -> list[str]:
    """Return the module, public classes and public functions without a docstring."""
    tree = parsed(text)
    found = [] if ast.get_docstring(tree) else ["the module has no docstring"]
    return found + [f"line {node.lineno}: {node.name} has no docstring" for node in _public(tree) if not ast.get_docstring(node)]


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def arithmetic(text: str) -> list[str]:
    """Return the places where a presenter computes. Joining text, lists or paths is no computing."""
    joined = {name for node in nodes(text) for name in _joinable(node)}
    return [f"line {node.lineno}: {ast.unparse(node)}" for node in nodes(text) if _computes(node, joined)]


def _joinable(node: ast.AST) -> list[str]:
    """Return the name that a node declares as a path, a text or a list."""
    match node:
        case ast.arg(name, annotation) | ast.AnnAssign(ast.Name(name), annotation) if annotation:
            return [name] if re.match(r"(Path|list|str)\b", ast.unparse(annotation)) else []
        case ast.Assign([ast.Name(name)], value) if _joins(value, set()):
            return [name]
    return []


def _computes(node: ast.AST, joined: set[str]) -> TypeGuard[ast.stmt | ast.expr]:
    match node:
        case ast.BinOp(left, op, right):
            return isinstance(op, _ARITHMETIC) and not (_joins(left, joined) or _joins(right, joined))
        case ast.AugAssign(target, op, value):
            return isinstance(op, _ARITHMETIC) and not (_joins(target, joined) or _joins(value, joined))
        case ast.Call(ast.Name(name)):
            return name in _MEASURING
    return False


def _joins(node: ast.expr, joined: set[str]) -> bool:
    """Return whether an operand is text, a list or a path, so that + and / join it."""
    match node:
        case ast.JoinedStr() | ast.List() | ast.ListComp():
            return True
        case ast.Constant(value):
            return isinstance(value, str)
        case ast.Name(name):
            return name in joined
        case ast.BinOp(left, _, right):
            return _joins(left, joined) or _joins(right, joined)
    return False


def opens_files(text: str) -> list[str]:
    """Return the calls by which a module of the core would open, read or write a file."""
    calls = (node for node in nodes(text) if isinstance(node, ast.Call))
    named = ((call, call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")) for call in calls)
    return [f"line {call.lineno}: {name}" for call, name in named if name in OPENS_FILES or (MOVES_FRAMES.fullmatch(name) and call.args)]


def imports(text: str) -> set[str]:
    """Return the names of all modules that a source imports, wherever it does so."""
    found: set[str] = set()
    for node in nodes(text):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def third_party(text: str) -> set[str]:
    """Return the third-party libraries that a source imports, by their first name."""
    return {name.partition(".")[0] for name in imports(text)} - sys.stdlib_module_names - {"junheng"}


def wrapped_twice(sources: Mapping[str, str]) -> list[str]:
    """Return the libraries that more than one file imports: a library that changes should change one file."""
    wrappers: dict[str, list[str]] = defaultdict(list)
    for path, text in sources.items():
        for library in third_party(text) - DATA_TYPES:
            wrappers[library].append(path)
    return [f"{library} is imported by {', '.join(sorted(paths))}" for library, paths in sorted(wrappers.items()) if len(paths) > 1]


def beyond_the_workflow(text: str) -> list[str]:
    """Return what a presenter imports from the house besides the workflow and other presenters."""
    ours = (name for name in imports(text) if name.partition(".")[0] == "junheng")
    return sorted(name for name in ours if not re.match(r"junheng\.(workflow|present)(\.|$)", name))


def regulation_numbers(text: str, numbers: Iterable[str]) -> list[str]:
    """Return the constants of a source, numbers and texts, that hold a number which an authority decides.

    Docstrings and comments may speak of one.
    """
    decided = frozenset(numbers)
    spoken = {id(node.value) for node in nodes(text) if isinstance(node, ast.Expr)}
    constants = (node for node in nodes(text) if isinstance(node, ast.Constant) and id(node) not in spoken)
    return [f"line {node.lineno}: {node.value}" for node in constants if not decided.isdisjoint(_NUMBER.findall(str(node.value)))]


def fractions(data: Any) -> set[str]:
    """Return every number with a fraction below the `value`s of a parsed standards file."""
    found: set[str] = set()
    if isinstance(data, dict):
        for key, value in data.items():
            found |= {str(value)} if key == "value" and not isinstance(value, dict | list) else fractions(value)
    elif isinstance(data, list):
        found = set().union(*map(fractions, data)) if data else found
    return {number for number in found if re.fullmatch(r"\d+\.\d*[1-9]\d*", number)}


def rules_named(text: str, rooms: Iterable[str]) -> set[str]:
    """Return the text constants of a source that read as the id of a finding rule of one of the rooms."""
    rule = re.compile(rf"({'|'.join(sorted(rooms))})\.[a-z][a-z0-9_]*")
    constants = (node.value for node in nodes(text) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {word for word in constants if rule.fullmatch(word) and not word.endswith(FILE_ENDINGS)}


def rules_at_odds(used: set[str], known: set[str]) -> list[str]:
    """Return the finding rules that are used and not written, and those that are written and not used.

    A used name that ends in an underscore stands for every rule that begins so: the head of an f-string.
    """
    heads = {name for name in used if name.endswith("_")}
    covered = {rule for rule in known if rule in used or rule.startswith(tuple(heads))}
    missing = {name for name in used - heads if name not in known} | {head for head in heads if not any(r.startswith(head) for r in known)}
    return [f"{rule} has no sentence" for rule in sorted(missing)] + [f"{rule} is never found" for rule in sorted(known - covered)]


def unfinished(text: str) -> list[str]:
    """Return the marks of work that was left: stubs, to-dos, errors caught and dropped, types waved through."""
    return [match.group().strip() for match in _UNFINISHED.finditer(text)]


def from_outside(text: str) -> list[str]:
    """Return what a tracked file must not name: a registry's host, a developer's folder, a tool of the workplace."""
    return [f"{what}: {match.group()}" for what, pattern in _OUTSIDE for match in pattern.finditer(text)]
