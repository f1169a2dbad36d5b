"""From the words of a call to a brief: options as name=value, pins as column=code:to, limits; mistakes are findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model import County
from junheng.planning.declaration import Declaration, Option, codes_named
from junheng.planning.proposal import Brief, Pin, Value
from junheng.planning.solve.engine import Limits
from junheng.store.plans import read_asked
from junheng.workflow.propose_words import Names, number
from junheng.workflow.views.proposals import Line

_OFFICE = Limits(gap=0.005, seconds=120.0)  # an officer gains little by waiting longer; --gap and --limit-seconds ask for more
_TRUE, _FALSE = ("true", "yes", "是", "1"), ("false", "no", "否", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an officer asks, as the call says it."""

    planner: str = ""  # may be left out where `brief` names a file
    year: int | None = None
    options: Sequence[str] = ()  # "zones=8", "pupils_within=20%"
    pins: Sequence[str] = ()  # "schools.school=2162000001:2162000002"
    forbids: Sequence[str] = ()
    seed: int | None = None
    gap_percent: float | None = None
    seconds: float | None = None
    work: int | None = None  # nodes of the search
    brief: Path | None = None  # brief.yaml, or the folder of a plan, to start from
    prices: bool = False  # also what each rule costs that the planner says can give way


def brief_of(asked: Asked, declaration: Declaration, start: Brief | None) -> Brief:
    """Return the brief; what the call says goes before the file. Raises DataError with every word that is not understood."""
    findings: list[Finding] = []
    options = dict(start.options) if start else {}
    for word in asked.options:
        name, equals, text = word.partition("=")
        if not equals:
            findings.append(finding("workflow.option_form", Place(), word))
            continue
        options[name] = _value(text, declaration.options.get(name))
    pins = [*(start.pins if start else ()), *_pins(asked.pins, findings)]
    forbids = [*(start.forbids if start else ()), *_pins(asked.forbids, findings)]
    if findings:
        raise DataError(findings)
    return Brief(
        planner=declaration.name,
        options=options,
        pins=tuple(dict.fromkeys(pins)),
        forbids=tuple(dict.fromkeys(forbids)),
        limits=_limits(asked, start.limits if start else declaration.limits or _OFFICE),
        seed=asked.seed if asked.seed is not None else (start.seed if start else 0),
    )


def started_from(asked: Asked) -> tuple[Brief | None, int | None]:
    """Return the brief that the call starts from and its school year. Raises StoreError or DataError."""
    if asked.brief is None:
        return None, None
    read = read_asked(asked.brief)
    return read.brief, read.year


def pin_of(word: str) -> Pin:
    """Return a pin written as column=code:to. Raises DataError."""
    findings: list[Finding] = []
    pins = list(_pins((word,), findings))
    if findings:
        raise DataError(findings)
    return pins[0]


def _pins(words: Sequence[str], findings: list[Finding]) -> Iterator[Pin]:
    for word in words:
        column, equals, rest = word.partition("=")
        code, colon, to = rest.partition(":")
        if equals and colon and code and to:
            yield Pin((column.strip(), code.strip()), to.strip())
        else:
            findings.append(finding("workflow.pin_form", Place(), word))


def _value(text: str, option: Option | None) -> Value:
    """Return a value in the type of the option's default; a unit behind it is passed over; what does not fit stays text."""
    text = text.strip()
    if option is None or isinstance(option.default, str):
        return _choice(text, option)
    if isinstance(option.default, bool):
        return True if text.lower() in _TRUE else False if text.lower() in _FALSE else text
    for unit in (option.unit, "公里" if option.unit == "km" else ""):
        text = text.removesuffix(unit).strip() if unit and unit != "1" else text
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return text
    if not exact.is_finite():
        return text
    return int(exact) if isinstance(option.default, int) and exact == int(exact) else exact


def _choice(text: str, option: Option | None) -> str:
    """Return the word of a choice that is said by its label (小学), or the text as it is."""
    choices = option.choices if option else {}
    said = (word for word, label in choices.items() if text in label or text in (label.zh.partition("（")[0], label.zh.partition("(")[0]))
    return text if text in choices else next(said, text)


def with_codes(brief: Brief, declaration: Declaration, county: County) -> Brief:
    """Return the brief with codes where pins or what is forbidden say names that one code alone has; the rest stays as it is said."""
    pins, forbids = (tuple(pin_with_codes(pin, declaration, county) for pin in pins) for pins in (brief.pins, brief.forbids))
    return replace(brief, pins=pins, forbids=forbids)


def pin_with_codes(pin: Pin, declaration: Declaration, county: County) -> Pin:
    """Return a pin with codes where it says names that one code alone has."""
    column, what = pin.what
    if column not in declaration.pins:
        return pin
    return Pin((column, _code(what, column, county)), _code(pin.to, declaration.pins[column], county))


def _code(word: str, column: str, county: County) -> str:
    named = codes_named(county, column, word)
    return named[0][0] if len(named) == 1 else word


def _limits(asked: Asked, start: Limits) -> Limits:
    return Limits(
        gap=start.gap if asked.gap_percent is None else asked.gap_percent / 100,
        slack=start.slack,
        seconds=start.seconds if asked.seconds is None else asked.seconds,
        nodes=start.nodes if asked.work is None else asked.work,
        iterations=start.iterations,
        threads=start.threads,
    )


def asked_lines(brief: Brief, declaration: Declaration, names: Names, words: Mapping[str, Text] = {}) -> Iterator[Line]:
    """Yield what was asked: every option, those left at their default too, then pins, forbids, limits and seed.

    words: what a plan calls codes that the county has no name for, beside the words of the planner.
    """
    words = {**declaration.words, **words}
    for name, option in declaration.options.items():
        yield Line(option.title, _shown(brief, name, option, declaration, words))
    for pins, zh, en in ((brief.pins, "指定", "Pinned"), (brief.forbids, "禁止", "Forbidden")):
        for pin in pins:
            what, to = names.arranged(*pin.what, words), names.pinned(pin.to, words)
            yield Line(Text(zh, en), Text(f"{what.zh} → {to.zh}", f"{what.en} → {to.en}"))
    yield Line(Text("允许的差距", "Gap allowed"), Text(*[f"{number(100 * brief.limits.gap)} %"] * 2))
    for limit, label, unit in (
        (brief.limits.seconds, Text("时间上限", "Time limit"), Text("秒", "s")),
        (brief.limits.nodes, Text("工作量上限", "Work limit"), Text("个节点", "nodes")),
    ):
        if limit is not None:
            yield Line(label, Text(f"{number(limit)} {unit.zh}", f"{number(limit)} {unit.en}"))
    yield Line(Text("随机种子", "Seed"), Text(str(brief.seed), str(brief.seed)))


def _shown(brief: Brief, name: str, option: Option, declaration: Declaration, words: Mapping[str, Text]) -> Text:
    value = declaration.value(brief, name)
    usual = Text("", "") if name in brief.options and value != option.default else Text("（默认）", " (default)")
    if isinstance(value, bool):
        said = Text("是", "yes") if value else Text("否", "no")
    elif isinstance(value, str):
        said = option.choices.get(value) or words.get(value, Text(value, value)) if value else Text("未指定", "none")
    elif not value and option.assumed:
        said = Text("按标准", "as the standard says")
    else:
        unit = declaration.unit(option.unit) if option.unit != "1" else Text("", "")
        shown = str(value) if option.unit == "year" else number(value)  # no thousands in a year
        said = Text(f"{shown} {unit.zh}".strip(), f"{shown} {unit.en}".strip())
    return Text(f"{said.zh}{usual.zh}", f"{said.en}{usual.en}")
