"""Plans of blocks that go whole to one of the picked sites: made by regret, then bettered by moves, exchanges and other sites."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FAR = 1e300
_FLAT, _MUCH = 1e-9, 1e12
_LOOKS, _DEARER, _WHOLE = 64, 10.0, 9007199254740992.0


@compiled
def _two_best(way: Floats, weight: int, medians: Ints, left: Ints, i: int) -> tuple[float, float, int]:
    """Return the least cost of a block, the second least, and where the least is, among the sites with room for it."""
    first, second, at = _FAR, _FAR, -1
    for k in range(medians.shape[0]):
        if left[k] >= weight:
            cost = way[medians[k], i]
            if cost < first:
                first, second, at = cost, first, k
            elif cost < second:
                second = cost
    return first, second, at


@compiled
def _assign(way: Floats, weight: Ints, room: Ints, medians: Ints, goes: Ints, left: Ints) -> bool:
    """Send each block somewhere, the one first that would lose most by waiting; return whether all found places."""
    left[:] = room[medians]
    goes[:] = -1
    for _ in range(weight.shape[0]):
        most, who, to = -1.0, -1, -1
        for i in range(weight.shape[0]):
            if goes[i] >= 0:
                continue
            first, second, at = _two_best(way, weight[i], medians, left, i)
            if at < 0:
                return False
            regret = min(second - first, _MUCH) * (1.0 + weight[i] / room[medians[at]])
            if regret > most:
                most, who, to = regret, i, at
        goes[who] = to
        left[to] -= weight[who]
    return True


@compiled
def _moved(way: Floats, weight: Ints, medians: Ints, goes: Ints, left: Ints) -> bool:
    """Move single blocks to nearer sites with room; return whether that helped."""
    better = False
    for i in range(weight.shape[0]):
        for k in range(medians.shape[0]):
            if left[k] >= weight[i] and way[medians[k], i] < way[medians[goes[i]], i] - _FLAT:
                left[goes[i]] += weight[i]
                left[k] -= weight[i]
                goes[i] = k
                better = True
    return better


@compiled
def _exchanged(way: Floats, weight: Ints, medians: Ints, goes: Ints, left: Ints) -> bool:
    """Exchange blocks of two sites; return whether that helped."""
    better = False
    for i in range(weight.shape[0]):
        for h in range(i):
            a, b = goes[i], goes[h]
            more = weight[i] - weight[h]
            if a == b or left[b] < more or left[a] < -more:
                continue
            if way[medians[a], i] + way[medians[b], h] - way[medians[b], i] - way[medians[a], h] > _FLAT:
                goes[i], goes[h] = b, a
                left[a] += more
                left[b] -= more
                better = True
    return better


@compiled
def _cost(way: Floats, goes: Ints, k: int) -> float:
    """Return what a group costs at a site; way: (blocks,) to it."""
    total = 0.0
    for i in range(goes.shape[0]):
        if goes[i] == k:
            total += way[i]
    return total


@compiled
def _centred(way: Floats, room: Ints, medians: Ints, goes: Ints, left: Ints, stay: int) -> bool:
    """Move each site, but the first that stay, to where its group has the shortest ways; return whether that helped."""
    better = False
    for k in range(stay, medians.shape[0]):
        used, now = room[medians[k]] - left[k], _cost(way[medians[k]], goes, k)
        for j in range(way.shape[0]):
            if room[j] < used or (medians == j).any():
                continue
            cost = _cost(way[j], goes, k)
            if cost < now - _FLAT:
                medians[k], left[k], now, better = j, room[j] - used, cost, True
    return better


@compiled
def _mend(way: Floats, weight: Ints, room: Ints, medians: Ints, goes: Ints, left: Ints, stay: int) -> float:
    """Move and exchange blocks, and move sites within their group, as long as that helps; return the cost."""
    better = True
    while better:
        better = _moved(way, weight, medians, goes, left)
        better = _exchanged(way, weight, medians, goes, left) or better
        better = _centred(way, room, medians, goes, left, stay) or better
    total = 0.0
    for i in range(weight.shape[0]):
        total += way[medians[goes[i]], i]
    return total


@compiled
def _shaken(medians: Ints, sites: int, many: int, stay: int, state: np.uint64) -> np.uint64:
    """Exchange some sites, but not the first that stay, for others by chance; return the next state of chance (xorshift)."""
    for _ in range(many):
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        k, j = stay + int(state % np.uint64(medians.shape[0] - stay)), int((state >> np.uint64(20)) % np.uint64(sites))
        if not (medians == j).any():
            medians[k] = j
    return state


@compiled
def improve(way: Floats, weight: Ints, room: Ints, medians: Ints, goes: Ints, stay: int, tries: int, seed: int) -> float:
    """Make a plan of these sites better, exchanging sites by chance; return its cost, _FAR where none was found.

    medians: (p,) sites, becomes the best, the first `stay` of them unchanged; goes: (blocks,) becomes the place in `medians` of each block.
    Deterministic for a seed.
    """
    left, best = np.zeros(medians.shape[0], np.int64), _FAR
    if _assign(way, weight, room, medians, goes, left):
        best = _mend(way, weight, room, medians, goes, left, stay)
    state = np.uint64(seed * 2654435761 + 88172645463325252)
    trial, sent = medians.copy(), goes.copy()
    for turn in range(tries if stay < medians.shape[0] else 0):
        trial[:] = medians
        state = _shaken(trial, way.shape[0], 1 + turn % 3, stay, state)
        if not _assign(way, weight, room, trial, sent, left):
            continue
        cost = _mend(way, weight, room, trial, sent, left, stay)
        if cost < best - _FLAT:
            best = cost
            medians[:] = trial
            goes[:] = sent
    return best


@compiled
def _drawn(state: np.uint64) -> np.uint64:
    """Return the next state of chance (xorshift)."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state


@compiled
def _lacking(more: Ints, price: Floats, dear: float, j: int, by: int) -> float:
    """Return what places left empty at a school, or lacking, cost when it takes `by` more pupils."""
    over = more[j] + by
    return float(dear * over if over > 0 else -price[j] * over)


@compiled
def _partner(pair_block: Ints, pair_school: Ints, trial: Ints, here: np.int64, there: np.int64, first: np.int64) -> np.int64:
    """Return a block at one school that may go to another, looking from a pair on; -1 where none is seen soon."""
    for look in range(_LOOKS):
        q = (first + look) % pair_block.shape[0]
        if pair_school[q] == there and trial[pair_block[q]] == here:
            return np.int64(pair_block[q])
    return np.int64(-1)


@compiled
def _total(extra: Floats, goes: Ints, more: Ints, price: Floats) -> float:
    """Return what a lawful plan costs above divided blocks."""
    total = 0.0
    for i in range(goes.shape[0]):
        total += extra[i, goes[i]]
    for j in range(more.shape[0]):
        total -= price[j] * more[j]
    return total


@compiled
def anneal(
    extra: Floats,
    weight: Ints,
    more: Ints,
    price: Floats,
    pair_block: Ints,
    pair_school: Ints,
    goes: Ints,
    proposals: int,
    hot: float,
    cold: float,
    seed: int,
) -> float:
    """Better a plan by moves and exchanges that chance proposes, dearer ones too while it is hot; return its cost, _FAR without a plan.

    extra: (blocks, schools) what a block costs there above the least at the prices of places; more: (schools,) pupils at the start less
    places; price: (schools,) of a place left empty; pair_block, pair_school: the pairs worth a try; goes: (blocks,) any start, becomes the
    best lawful plan seen. A school may be overfull on the way, the more dearly the later. Deterministic for a seed.
    """
    pairs, state = np.uint64(pair_block.shape[0]), np.uint64(seed * 2654435761 + 88172645463325252)
    trial, best, heat, dear, over = goes.copy(), _FAR, hot, price.max() + 1.0, 0
    cooling, rising = (cold / hot) ** (1.0 / proposals), _DEARER ** (1.0 / proposals)
    for j in range(more.shape[0]):
        over += max(more[j], 0)
    for turn in range(proposals):
        heat, dear, state = heat * cooling, dear * rising, _drawn(state)
        pair = np.int64(state % pairs)
        i, b = pair_block[pair], pair_school[pair]
        a, state = trial[i], _drawn(state)
        h = (
            _partner(pair_block, pair_school, trial, b, a, np.int64((state >> np.uint64(12)) % pairs))
            if state & np.uint64(1024)
            else np.int64(-1)
        )
        w, change = weight[i] - (weight[h] if h >= 0 else 0), extra[i, b] - extra[i, a] + (extra[h, a] - extra[h, b] if h >= 0 else 0.0)
        change += _lacking(more, price, dear, a, -w) + _lacking(more, price, dear, b, w)
        change -= _lacking(more, price, dear, a, 0) + _lacking(more, price, dear, b, 0)
        state = _drawn(state)
        if a == b or (change > 0.0 and float(state >> np.uint64(11)) / _WHOLE >= np.exp(-change / heat)):
            continue
        over += max(more[a] - w, 0) + max(more[b] + w, 0) - max(more[a], 0) - max(more[b], 0)
        more[a] -= w
        more[b] += w
        trial[i] = b
        if h >= 0:
            trial[h] = a
        if over == 0 and turn >= proposals // 4:
            total = _total(extra, trial, more, price)
            if total < best - _FLAT:
                best = total
                goes[:] = trial
    return best
