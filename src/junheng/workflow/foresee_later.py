"""What came after: children of entry age as one would have foreseen them at the origin, held against births counted since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from junheng.errors import Text
from junheng.projection.assumptions import Assumptions
from junheng.projection.births import Births
from junheng.projection.counted import counted_births
from junheng.projection.entrants import population_path
from junheng.projection.forecast import LEVELS
from junheng.projection.population import PopulationPath, alive_at
from junheng.projection.villages import villages
from junheng.store import years as held_years
from junheng.workflow.foresee_forecast import known_by
from junheng.workflow.foresee_inputs import Inputs
from junheng.workflow.foresee_series import band, whole
from junheng.workflow.judged import stage_label
from junheng.workflow.views.foresight import Later, LaterLine


def later(inputs: Inputs, scenario: Assumptions, *, horizon: int, draws: int, seed: int) -> Later | None:
    """Return the check of what was foreseen against births counted after the origin, None where none were.

    Births count from every year of the folder, the later ones too. The forecast checked is not the one printed, which may know some of
    them, but one of the same method that sees nothing of after the origin. Children that births imply have survived and not moved.
    """
    counties = (*inputs.counties, *(inputs.office.county(year) for year in held_years(inputs.office.folder) if year > inputs.year))
    if not any((county.tables["births"]["calendar_year"] > inputs.year).any() for county in counties):
        return None
    ages = {counted.grades[0][0]: round(scenario.number("entry_age", counted.grades[0][0])) for counted in inputs.rolls}
    then = known_by(scenario, inputs.year)
    until = inputs.year + horizon
    path, _ = population_path(
        inputs.counties, then, until=until, draws=draws, seed=seed, ages=tuple(ages.values()), births_until=inputs.year
    )
    if path is None or not len(path.draws):
        return None
    births, _ = counted_births(counties, villages(counties, path.start.zones))
    if births is None:
        return None
    lines = tuple(_lines(path, births, ages, scenario, inputs.year))
    return Later(sentence=_sentence(lines, inputs.year), lines=lines) if lines else None


def _lines(path: PopulationPath, births: Births, ages: Mapping[str, int], scenario: Assumptions, origin: int) -> Iterator[LaterLine]:
    for stage, age in ages.items():
        alive = alive_at(scenario, age)
        for step, year in enumerate(path.years):
            last = year - age  # the calendar year in which the youngest of them were born, until August
            came = births.cohort(last - 1) * alive  # (Z,)
            if last <= origin or np.isnan(came).any():
                continue
            drawn = path.drawn(age)[:, step].astype(np.float64)  # (D, Z)
            quantiles = np.quantile(drawn.sum(axis=1), LEVELS)
            quantiles[2] = path.middle[step, :, age].sum()
            foreseen, total = band(quantiles), float(came.sum())
            low, high = np.quantile(drawn, (LEVELS[0], LEVELS[-1]), axis=0)
            yield LaterLine(
                stage=stage,
                stage_label=stage_label(stage),
                age=age,
                year=year,
                foreseen=foreseen,
                born=total,
                born_shown=whole(total),
                whole=bool((births.counted((last - 1,))[..., 1] == 1).all() and (births.counted((last,))[..., 0] == 1).all()),
                error_shown=_signed(foreseen.middle / total - 1.0) if total > 0 else "",
                inside=foreseen.low80 <= total <= foreseen.high80,
                zones_inside=int(((low <= came) & (came <= high)).sum()),
                zones=len(came),
            )


def _signed(share: float) -> str:
    return f"{share * 100:+.1f}%".replace("-", "−")


def _sentence(lines: tuple[LaterLine, ...], origin: int) -> Text:
    inside, many = sum(one.inside for one in lines), len(lines)
    worst = max(lines, key=lambda one: abs(one.foreseen.middle - one.born))
    return Text(
        f"只用{origin}年及以前所知推算的适龄儿童，与以后登记的出生数相比：{many}个学段年份中{inside}个落在80%区间内；"
        f"相差最多的是{worst.year}年{worst.age}岁，当时推算{worst.foreseen.shown}人，按出生数是{worst.born_shown}人（{worst.error_shown}）。"
        "按出生数推算的人数计存活、不计迁移。",
        f"Children foreseen with nothing known of after {origin}, against births registered since: {inside} of {many} stages and years lie "
        f"within the 80 % band; farthest off is age {worst.age} in {worst.year}: {worst.foreseen.shown} foreseen, "
        f"{worst.born_shown} by births ({worst.error_shown}). Births are carried on by survival, without migration.",
    )
