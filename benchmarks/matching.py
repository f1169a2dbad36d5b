"""Lists matched without labels, beside Splink by its own tutorial and recordlinkage; one run, the truth kept apart.

python benchmarks/matching.py [--pupils 100000] [--seed 1] [--data DIR] [--peers PYTHON] [--only ours splink recordlinkage]

Always: an invented county of pupils and four departments' lists with errors. --data: a folder with febrl_dataset4a.parquet and 4b (FEBRL 4,
recordlinkage, BSD-3-Clause). --peers: an interpreter with splink, recordlinkage and pandas; each peer runs in a process of its own on the
same lists and is stopped after --patience seconds. Peers get the lists with names, days and numbers already made comparable.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import measure
import numpy as np
import polars as pl

DAY = date(2026, 11, 22)
TARGETS = {"precision": 0.9995, "recall": 0.995, "queue": 0.01, "seconds": 15.0, "megabytes": 1500.0, "febrl": 0.99}
PEER = Path(__file__).with_name("matching_peer.py")


@dataclass
class Score:
    """What was right: pairs taken for the same, how many of these truly are, how many there are, lines asked about, lines."""

    said: int = 0
    right: int = 0
    true: int = 0
    asked: int = 0
    lines: int = 0

    @property
    def precision(self) -> float:
        """Return the share of pairs that are right."""
        return self.right / max(self.said, 1)

    @property
    def recall(self) -> float:
        """Return the share of true pairs that were found."""
        return self.right / max(self.true, 1)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)

    def words(self) -> str:
        """Return all of it in one line."""
        return (
            f"precision {self.precision:.5f} recall {self.recall:.5f} F1 {self.f1:.5f} asked {self.asked / max(self.lines, 1):.2%} of lines"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pupils", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--peers")
    parser.add_argument("--only", nargs="*", default=["ours", "splink", "recordlinkage"])
    parser.add_argument("--patience", type=float, default=600)
    asked = parser.parse_args()
    print(measure.machine())
    county(asked)
    if asked.data:
        febrl(asked)


def county(asked: argparse.Namespace) -> None:
    """Match the four lists with the register."""
    from matching_county import invented_county

    made = invented_county(asked.pupils, asked.seed)
    began, used = time.perf_counter(), time.process_time()
    score, frames = ours(made)
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    print(
        f"ours, {asked.pupils:,} pupils, {score.lines:,} lines of four lists: {seconds:.1f} s, processor {processor:.1f} s; {score.words()}"
    )
    print(measure.verdict("precision of automatic decisions", score.precision, TARGETS["precision"], at_most=False, unit=""))
    print(measure.verdict("recall of automatic decisions", score.recall, TARGETS["recall"], at_most=False, unit=""))
    print(measure.verdict("share of lines in the queue", score.asked / score.lines, TARGETS["queue"], unit=""))
    print(measure.verdict("whole run with training", seconds, TARGETS["seconds"], unit="s"))
    print(
        measure.verdict(
            "peak memory, the making of the county included",
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            TARGETS["megabytes"],
            unit="MB",
        )
    )
    for peer in asked.only:
        if asked.peers and peer != "ours":
            county_peer(asked, peer, frames, made.truth)


def ours(made: object) -> tuple[Score, dict[str, pl.DataFrame]]:
    """Return our score over the four lists, and the keys of every list for the peers."""
    from junheng.matching import link, match_rule, normalise, train

    rule = match_rule("pupils")
    left = normalise(made.register, rule)  # type: ignore[attr-defined]  # an InventedCounty
    rights = {name: normalise(frame, rule) for name, frame in made.lists.items()}  # type: ignore[attr-defined]  # likewise
    model = train(left.frame, pl.concat([one.frame for one in rights.values()]), rule, DAY)
    score = Score()
    for name, right in rights.items():
        links = link(left, right, rule, model)
        truth = made.truth[name]  # type: ignore[attr-defined]  # likewise
        same = links.of("same")
        add(score, same["left"].to_numpy(), same["right"].to_numpy(), truth)
        score.asked += links.of("ask")["right"].n_unique()
    return score, {"register": left.frame, **{name: one.frame for name, one in rights.items()}}


def add(score: Score, left: np.ndarray, right: np.ndarray, truth: np.ndarray) -> None:
    """Add the pairs of one list."""
    score.said += len(left)
    score.right += int((truth[right] == left).sum())
    score.true += int((truth >= 0).sum())
    score.lines += len(truth)


def county_peer(asked: argparse.Namespace, peer: str, frames: dict[str, pl.DataFrame], truth: dict[str, np.ndarray]) -> None:
    """Run a peer on the same keys."""
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in frames.items():
            frame.write_parquet(Path(folder) / f"{name}.parquet")
        told = run_peer(asked, peer, "county", Path(folder))
        if told is None:
            print(f"{peer}: no answer in {asked.patience:.0f} s")
            return
        score = Score()
        for name, lines in truth.items():
            pairs = pl.read_parquet(Path(folder) / f"{name}.pairs.parquet")
            add(score, pairs["left"].to_numpy(), pairs["right"].to_numpy(), lines)
    print(f"{peer}: {told['seconds']:.1f} s, processor {told['processor']:.1f} s, {told['megabytes']:.0f} MB; {score.words()}")


def febrl(asked: argparse.Namespace) -> None:
    """Match FEBRL 4 by the rule beside this file."""
    from junheng.documents.resources import PackageFile
    from junheng.matching import link, normalise, read_rule, train

    path = Path(__file__).with_name("matching_febrl.yaml")
    rule = read_rule(PackageFile(path.name, path.read_text(encoding="utf-8")))
    one, other = (pl.read_parquet(asked.data / f"febrl_dataset4{letter}.parquet") for letter in "ab")
    persons = [frame["rec_id"].str.extract(r"rec-(\d+)").cast(pl.Int64) for frame in (one, other)]
    row = {person: index for index, person in enumerate(persons[0].to_list())}
    truth = np.array([row[person] for person in persons[1].to_list()])
    began, used = time.perf_counter(), time.process_time()
    left, right = normalise(one, rule), normalise(other, rule)
    links = link(left, right, rule, train(left.frame, right.frame, rule, DAY))
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    score, same = Score(), links.of("same")
    add(score, same["left"].to_numpy(), same["right"].to_numpy(), truth)
    score.asked = links.of("ask")["right"].n_unique()
    print(f"ours, FEBRL 4: {seconds:.1f} s, processor {processor:.1f} s; {score.words()}")
    print(measure.verdict("F1 on FEBRL 4", score.f1, TARGETS["febrl"], at_most=False, unit=""))
    for peer in asked.only:
        if asked.peers and peer != "ours":
            with tempfile.TemporaryDirectory() as folder:
                for name, frame in (("register", one), ("other", other)):
                    frame.with_row_index("row").write_parquet(Path(folder) / f"{name}.parquet")
                told = run_peer(asked, peer, "febrl", Path(folder))
                if told is None:
                    print(f"{peer}, FEBRL 4: no answer in {asked.patience:.0f} s")
                    continue
                pairs, theirs = pl.read_parquet(Path(folder) / "other.pairs.parquet"), Score()
                add(theirs, pairs["left"].to_numpy(), pairs["right"].to_numpy(), truth)
                print(f"{peer}, FEBRL 4: {told['seconds']:.1f} s, processor {told['processor']:.1f} s; {theirs.words()}")


def run_peer(asked: argparse.Namespace, peer: str, task: str, folder: Path) -> dict[str, float] | None:
    """Return what a peer tells of itself, or None when it ran out of patience."""
    command = [asked.peers, str(PEER), peer, task, str(folder)]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=asked.patience)
    except subprocess.TimeoutExpired:
        return None
    except subprocess.CalledProcessError as error:
        raise SystemExit(error.stderr[-2000:]) from error
    answer: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    main()
