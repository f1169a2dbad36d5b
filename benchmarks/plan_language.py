"""How much of five counties' documents is understood: rows found, drafts that are real, numbers found, beside what a person listed.

python benchmarks/plan_language.py --data DIR    # DIR holds capabilities.md and seeds/*.txt

A row of capabilities.md is found in a document of its seed column when a drafted measure of that document speaks of it. A drafted
measure is real when a row that it speaks of has that document in its seed column. Rows that a seed has only in a teaser of another
article are left out: teasers are set aside. Rows, words and rules were made with these five documents in view: this is how well they
are covered, not how well a sixth will be.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import measure

from junheng.actions.language import Draft, capabilities, draft

ROWS, REAL = Decimal("0.9"), Decimal("0.85")
SEEDS = ("000", "001", "002", "003", "004")
_ROW = re.compile(r"^\| ([A-L]\d\d) \| ([^|]+) \|")
_TEASER = re.compile(r"\d{3} \(\*teaser\*\)")
# the numbers of section 3 of capabilities.md: document, value, a word of the phrase or list in which it must be found
NUMBERS: tuple[tuple[str, str, str], ...] = (
    ("002", "10", "十大行动"), ("003", "1", "统领"), ("003", "2", "体系"), ("003", "4", "大行动"), ("001", "3", "三年行动"),
    ("003", "2", "双十条"), ("003", "10", "双十条"), ("002", "4", "大反思"), ("002", "10", "十条"), ("003", "7", "普及普惠"),
    ("003", "85", "85%"), ("001", "5", "五园"), ("003", "5940", "5940"), ("003", "3", "三校"), ("003", "3", "三园"),
    ("003", "2", "塘坝幼儿园"), ("003", "2", "金福小学"), ("003", "2", "梓潼小学"), ("003", "1", "高职院校|1~2|1～2"), ("000", "5", "五级"),
    ("001", "5", "五级"), ("001", "6", "六位一体"), ("001", "3", "片区"), ("001", "3", "小学教研"), ("002", "4", "人文高中"),
    ("001", "8", "8个"), ("001", "1", "1个"), ("003", "6", "备讲改辅考研"), ("001", "14", "14个"), ("001", "1", "1+6+N"),
    ("001", "6", "1+6+N"), ("001", "0", "零拒绝"), ("001", "2", "两免一补"), ("001", "1", "两免一补"), ("001", "5", "5+2"),
    ("001", "2", "5+2"), ("003", "4", "四主联动"), ("000", "3", "三周年"), ("000", "1", "1小时"), ("003", "1", "1项"),
    ("003", "4", "四位一体"), ("003", "3", "服务劳动"), ("001", "2", "2分钟"), ("000", "100", "100首"), ("002", "3", "三防"),
    ("002", "5", "教学管评测"), ("003", "5", "防溺水"), ("001", "6", "民主生活会"), ("001", "5", "五学"),
)  # fmt: skip
PHRASES: tuple[tuple[str, str], ...] = (
    ("001", "全覆盖"), ("001", "零拒绝"), ("001", "应助尽助"), ("001", "不让一个"), ("002", "全覆盖"), ("003", "全覆盖"),
    ("004", "全覆盖"), ("000", "一校一品"), ("001", "一校一品"), ("003", "一校一品"), ("004", "一校一品"), ("003", "格中有人"),
    ("003", "每个孩子"),
)  # fmt: skip
TIMES: tuple[tuple[str, str], ...] = (
    ("003", "年底前"), ("004", "尽快"), ("003", "十四五"), ("000", "今年"), ("002", "今年"), ("003", "2023年"),
    ("002", "2023年至2025年"), ("001", "三年行动"), ("000", "三周年"), ("000", "每天"), ("003", "假期每日"), ("001", "常态化"),
    ("002", "常态化"),
)  # fmt: skip


def main() -> None:
    """Read the five documents and print what was found beside the targets; what was missed is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with capabilities.md and seeds/")
    folder = parser.parse_args().data
    drafts = {seed: draft(next(folder.glob(f"seeds/{seed}_*.txt")).read_text("utf-8")) for seed in SEEDS}
    listed = seed_column((folder / "capabilities.md").read_text("utf-8"))
    rows(drafts, listed)
    real(drafts, listed)
    numbers(drafts)


def seed_column(text: str) -> dict[str, tuple[str, ...]]:
    """Return the documents in which each row was seen."""
    found = {}
    for row in filter(None, map(_ROW.match, text.splitlines())):
        column = _TEASER.sub("", row[2])
        found[row[1]] = SEEDS if "–" in column else tuple(re.findall(r"\d{3}", column))
    assert set(found) == set(capabilities())
    return found


def rows(drafts: Mapping[str, Draft], listed: Mapping[str, tuple[str, ...]]) -> None:
    """Print how many rows are found in every document that has them."""
    pairs = [(row, seed) for row, seeds in listed.items() for seed in seeds]
    missed = [(row, seed) for row, seed in pairs if not any(row in one.capabilities for one in drafts[seed].measures)]
    print(
        measure.verdict("rows found as a measure", 1 - len(missed) / len(pairs), float(ROWS), at_most=False)
        + f"  of {len(pairs)} (row, document)"
    )
    print("  missed:", " ".join(f"{row}/{seed}" for row, seed in missed))


def real(drafts: Mapping[str, Draft], listed: Mapping[str, tuple[str, ...]]) -> None:
    """Print how many drafted measures speak of a row that the document has."""
    all_of = [(seed, one) for seed, each in drafts.items() for one in each.measures]
    wrong = [(seed, one) for seed, one in all_of if not any(seed in listed[row] for row in one.capabilities)]
    print(
        measure.verdict("drafted measures that are real", 1 - len(wrong) / len(all_of), float(REAL), at_most=False) + f"  of {len(all_of)}"
    )
    for seed, one in wrong:
        print(f"  {seed}:{one.line} {' '.join(one.capabilities)}  {one.words[:48]}")


def numbers(drafts: Mapping[str, Draft]) -> None:
    """Print which numbers, words of coverage and deadlines are not found."""
    lost = [one for one in NUMBERS if not any(_same(number, one) for _, number in drafts[one[0]].numbers)]
    print(measure.verdict("numbers of section 3 not found", len(lost), 0) + f"  of {len(NUMBERS)}: {lost}")
    claims = [one for one in PHRASES if not any(one[1] in word for each in drafts[one[0]].measures for word in each.coverage)]
    print(measure.verdict("words of coverage not found", len(claims), 0) + f"  of {len(PHRASES)}: {claims}")
    times = [one for one in TIMES if not any(one[1] in when.phrase for each in drafts[one[0]].measures for when in each.deadlines)]
    print(measure.verdict("deadline phrases not found", len(times), 0) + f"  of {len(TIMES)}: {times}")


def _same(number: object, wanted: tuple[str, str, str]) -> bool:
    low, high, words = (getattr(number, name) for name in ("low", "high", "words"))
    return Decimal(wanted[1]) in (low, high) and any(word in words for word in wanted[2].split("|"))


if __name__ == "__main__":
    main()
