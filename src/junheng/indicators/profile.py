"""Profiles: which indicators show one thing from several sides. A file names them by sections; nothing is weighed, added up or ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

from junheng.documents import Document, PackageFile, finding, package_files, parse_yaml_into
from junheng.errors import Finding, StandardsError, Text
from junheng.indicators.indicator import Catalogue
from junheng.indicators.indicator_file import shipped_catalogue

_REQUIRED = ("title", "about", "serves", "of", "sections")
_KEYS = (*_REQUIRED, "stages", "alike")
_OF = ("school", "county")


@dataclass(frozen=True, slots=True)
class ProfileSection:
    """One side from which a profile looks."""

    title: Text
    indicators: tuple[str, ...]
    sampled: bool = False  # its figures rest on a sample: a change may be chance


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile. stages: the only ones that are shown, () for all. alike: the parameter from which two schools are alike, "" for none."""

    id: str
    title: Text
    about: Text
    of: str  # school or county
    sections: tuple[ProfileSection, ...]
    stages: tuple[str, ...] = ()
    alike: str = ""

    @property
    def indicators(self) -> tuple[str, ...]:
        """Return all indicators in order."""
        return tuple(name for section in self.sections for name in section.indicators)


@cache
def shipped_profiles() -> Mapping[str, Profile]:
    """Return the profiles that ship with the package, by id."""
    return read_profiles(package_files("junheng.indicators", "profiles/*.yaml"), shipped_catalogue())


def read_profiles(files: Iterable[PackageFile], catalogue: Catalogue) -> Mapping[str, Profile]:
    """Return the profiles of `files`. Raises StandardsError with every finding: a key or an indicator that there is not."""
    findings: list[Finding] = []
    found: dict[str, Profile] = {}
    for file in files:
        document = parse_yaml_into(file, findings)
        if document is None:
            continue
        problems = list(_faults(document, catalogue))
        findings += problems
        if not problems:
            name = file.name.rpartition("/")[2].removesuffix(".yaml")
            found[name] = _profile(name, document.data)
    if findings:
        raise StandardsError(findings)
    return found


def _faults(document: Document, catalogue: Catalogue) -> Iterable[Finding]:
    data = document.data if isinstance(document.data, dict) else {}
    wrong = [(key, ()) for key in _REQUIRED if key not in data] + [(key, (key,)) for key in data if key not in _KEYS]
    yield from (finding("indicators.profile_key", document.place(*at), str(key), keys="、".join(_KEYS)) for key, at in wrong)
    if data.get("of") not in _OF:
        yield finding("indicators.profile_of", document.place("of"), str(data.get("of")))
    names = [name for section in data.get("sections") or () for name in section.get("indicators", ())]
    for name in names:
        per = catalogue[name].per if name in catalogue else None
        if per is None or ("school" in per) != (data.get("of") == "school"):
            level = "、".join(per or ()) or "全县"
            found = Text(str(name), str(name)) if per is None else Text(f"{name}按{level}计", f"{name} per {list(per)}")
            yield finding("indicators.profile_indicator", document.place("sections"), found)


def _profile(name: str, data: Mapping[str, Any]) -> Profile:
    sections = tuple(ProfileSection(Text(**one["title"]), tuple(one["indicators"]), bool(one.get("sampled"))) for one in data["sections"])
    stages, alike = tuple(data.get("stages", ())), data.get("alike", "")
    return Profile(name, Text(**data["title"]), Text(**data["about"]), data["of"], sections, stages, alike)


_TWO_SIDED_95 = Fraction(196, 100)  # standard errors


def may_be_chance(share: Fraction, of: int, share_before: Fraction, of_before: int) -> bool:
    """Return whether two sampled shares (0 to 1) differ by no more than samples of these sizes do in 95 of 100 cases."""
    error = share * (1 - share) / of + share_before * (1 - share_before) / of_before
    return (share - share_before) ** 2 <= _TWO_SIDED_95**2 * error


def alike(shares: Mapping[str, Sequence[Fraction]]) -> tuple[tuple[str, str, Fraction], ...]:
    """Return how alike each two schools are: what their shares have in common, 100 when they are the same; in the order of codes.

    shares: of each school, in per cent, over the same fields. A school whose shares are not all known is in no pair.
    """
    return tuple(
        (one, other, sum((min(pair) for pair in zip(shares[one], shares[other], strict=True)), Fraction(0)))
        for one, other in combinations(sorted(shares), 2)
    )
