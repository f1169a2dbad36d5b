"""A peer of benchmarks/matching.py, run by another interpreter: Splink by its own tutorial, or recordlinkage; tells its time as JSON.

python matching_peer.py {splink,recordlinkage} {county,febrl} FOLDER

Reads register.parquet and the other lists of the folder, writes <list>.pairs.parquet (left, right: rows).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd
import polars as pl

CERTAIN = 0.95


def splink_comparisons(task: str) -> tuple[list[object], list[object], list[object]]:
    """Return comparisons, blocks and training blocks as the tutorials of Splink choose them."""
    import splink.comparison_library as cl
    from splink import block_on

    if task == "febrl":
        return (
            [
                cl.NameComparison("given_name"),
                cl.NameComparison("surname"),
                cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
                cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
                cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
                cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
            ],
            [
                block_on("given_name", "surname"),
                block_on("date_of_birth"),
                block_on("soc_sec_id"),
                block_on("state", "address_1"),
                block_on("street_number", "address_1"),
                block_on("postcode"),
            ],
            [block_on("date_of_birth"), block_on("postcode")],
        )
    return (
        [
            cl.NameComparison("name"),
            cl.DateOfBirthComparison("birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("id_number", [1, 2]),
            cl.ExactMatch("guardian").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("phone", [1]),
            cl.ExactMatch("school"),
        ],
        [
            block_on("id_number"),
            block_on("name", "birth"),
            block_on("name", "guardian"),
            block_on("name", "phone"),
            block_on("birth", "phone"),
        ],
        [block_on("id_number"), block_on("name", "birth")],
    )


def splink(task: str, left: pl.DataFrame, rights: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Link each list as the tutorial does: prior by certain rules, u by sampling, m by EM; one answer for each line, the likeliest."""
    from splink import DuckDBAPI, Linker, SettingsCreator

    found = {}
    for name, right in rights.items():
        comparisons, blocks, training = splink_comparisons(task)
        api = DuckDBAPI(":memory:")
        tables = [api.register(frame.to_arrow(), dataset_display_name=side) for side, frame in (("a", left), ("b", right))]
        settings = SettingsCreator("link_only", comparisons, blocks, unique_id_column_name="row", retain_matching_columns=False)
        linker = Linker(tables, settings, log_level=None)
        certain = blocks[2:3] + blocks[0:1] if task == "febrl" else blocks[:2]
        linker.training.estimate_probability_two_random_records_match(certain, recall=0.9)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for block in training:
            linker.training.estimate_parameters_using_expectation_maximisation(block)
        pairs = pl.from_arrow(linker.inference.predict(threshold_match_probability=CERTAIN, warning_mode="never").as_pyarrow_table())
        best = pairs.sort("match_weight", descending=True).unique("row_r", keep="first", maintain_order=True)
        found[name] = best.select(pl.col("row_l").cast(pl.Int64).alias("left"), pl.col("row_r").cast(pl.Int64).alias("right"))
    return found


def recordlinkage(task: str, left: pl.DataFrame, rights: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:  # noqa: C901 - as its manual writes it
    """Link each list with blocks, comparisons and the unsupervised ECM classifier of recordlinkage."""
    import recordlinkage as rl

    plain = left.to_pandas().set_index("row")
    found = {}
    for name, right in rights.items():
        other = right.to_pandas().set_index("row")
        index, compare = rl.Index(), rl.Compare()
        if task == "febrl":
            for keys in (["given_name"], ["surname"], ["date_of_birth"], ["soc_sec_id"]):
                index.block(keys)
            for key in ("given_name", "surname", "address_1"):
                compare.string(key, key, method="jarowinkler", threshold=0.85, label=key)
            for key in ("date_of_birth", "soc_sec_id", "postcode", "suburb", "state"):
                compare.exact(key, key, label=key)
        else:
            shared = [key for key in ("id_number", "birth", "guardian", "phone", "school") if other[key].notna().any()]
            for keys in (["id_number"], ["name", "birth"], ["name", "guardian"], ["birth", "phone"]):
                if all(key == "name" or key in shared for key in keys):
                    index.block(keys)
            compare.string("name", "name", method="jarowinkler", threshold=0.85, label="name")
            for key in shared:
                compare.exact(key, key, label=key)
        pairs = index.index(plain, other)
        vectors = compare.compute(pairs, plain, other)
        classifier = rl.ECMClassifier(binarize=0.5)
        same = classifier.fit_predict(vectors)
        score = vectors.sum(axis=1).loc[same]
        frame = pd.DataFrame({"left": same.get_level_values(0), "right": same.get_level_values(1), "score": score.to_numpy()})
        best = frame.sort_values("score", ascending=False).drop_duplicates("right")
        found[name] = pl.from_pandas(best[["left", "right"]]).cast(pl.Int64)
    return found


def main() -> None:
    """Read, link, write, tell."""
    peer, task, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    left = pl.read_parquet(folder / "register.parquet")
    rights = {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet")) if path.stem != "register"}
    began, used = time.perf_counter(), time.process_time()
    found = {"splink": splink, "recordlinkage": recordlinkage}[peer](task, left, rights)
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    for name, pairs in found.items():
        pairs.write_parquet(folder / f"{name}.pairs.parquet")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "megabytes": megabytes}))


if __name__ == "__main__":
    main()
