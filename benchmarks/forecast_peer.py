"""A general forecaster as a peer: statsforecast's AutoETS and AutoARIMA, each series by itself, in an interpreter of their own.

Run as a program it reads series as JSON from its input and writes quantiles to its output; it imports nothing of the house.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def peer_quantiles(python: Path | None, arima: int) -> Callable[[Floats, int], dict[str, Floats]]:
    """Return a function from history (T, N, G) and horizon to quantiles (5, H, N, G) of each peer; says so when there is none.

    arima: the most series of one origin for which an ARIMA is searched, a third of a second long for each.
    """
    if python is None or subprocess.run([python, "-c", "import statsforecast"], capture_output=True, check=False).returncode:
        print("statsforecast: not installed (give --peer an interpreter that has it)")
        return lambda _history, _horizon: {}

    def ask(history: Floats, horizon: int) -> dict[str, Floats]:
        years, units, grades = history.shape
        series = np.moveaxis(history, 0, -1).reshape(-1, years)
        question = json.dumps({"series": np.where(np.isnan(series), None, series).tolist(), "horizon": horizon, "arima": arima})
        run = subprocess.run([python, __file__], input=question, capture_output=True, text=True, check=True)
        answer = json.loads(run.stdout)
        return {name: np.array(values, float).reshape(units, grades, 5, horizon).transpose(2, 3, 0, 1) for name, values in answer.items()}

    return ask


def answer() -> None:
    """Read the question, forecast every series by every model, and write the answer."""
    import warnings

    from statsforecast.models import AutoARIMA, AutoETS

    warnings.filterwarnings("ignore")
    question = json.load(sys.stdin)
    models = {"AutoETS": AutoETS} | ({"AutoARIMA": AutoARIMA} if len(question["series"]) <= question["arima"] else {})
    answers = {name: [one(model, series, question["horizon"]) for series in question["series"]] for name, model in models.items()}
    json.dump(answers, sys.stdout)


def one(model: type, series: list[float | None], horizon: int) -> list[list[float]]:
    """Return the five quantiles of one series' forecast; a gap is bridged, and years before a school opened or after it closed left out."""
    values = np.array([np.nan if value is None else value for value in series], float)
    values = np.interp(np.arange(len(values)), np.flatnonzero(np.isfinite(values)), values[np.isfinite(values)])
    begun = np.flatnonzero(values > 0)
    if not begun.size or values[-1] == 0:
        return [[0.0] * horizon] * 5
    values = values[begun[0] :]
    try:
        found = model(season_length=1).forecast(y=values, h=horizon, level=[50, 80])
        bands = [found["lo-80"], found["lo-50"], found["mean"], found["hi-50"], found["hi-80"]]
    except (ValueError, RuntimeError, ArithmeticError, IndexError, np.linalg.LinAlgError):
        bands = [np.full(horizon, values[-1])] * 5  # too short for the model: the last value
    bands = [np.where(np.isfinite(band), band, values[-1]) for band in bands]
    return [np.maximum(band, 0).tolist() for band in bands]


if __name__ == "__main__":
    answer()
