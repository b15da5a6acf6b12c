"""Explains by a server's clock that was wrong in those days: all other mails that passed the same host tell.

In one mail, a stamp is compared with its two neighbours (the relay below and above it; Date below the first). Only what
both neighbours force counts: a stamp earlier than both was made by a clock that is behind by at least the smaller
difference, one later than both by a clock that is ahead. Delays between relays cannot look like that. With the error
taken off, what was observed must vanish, else another fault is left.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby
from statistics import median_low
from sys import intern
from typing import NamedTuple

import msgspec

from forensics.checks._facts import DAY, HOUR, MINUTE, clock, settled, span
from forensics.examples.cases import Case, explained, observation, silent
from forensics.examples.times import DAY as DATE
from forensics.examples.times import ticks
from forensics.model.rules import BenignState, Context, Observation, State
from forensics.model.sentences import Value, says

CAUSE = "clock_skew"

_HOSTS_STEADY = says(
    "note.hosts_steady",
    one="{n} other mails passed the same two servers within half a day, and their stamps are in order.",
)
_HOST_SKEW = says(
    "note.host_skew",
    one=(
        "{k} of {n} other mails that passed {host} around {month} show its clock wrong in the same direction and "
        "by as much, about {median}."
    ),
)

MONTH = 30 * DAY
WINDOWS = ((MONTH, 0), (MONTH // 2, MONTH // 2), (0, MONTH))
"""A month before, around and after the mail: a clock goes wrong one day, and is set right on another."""
LEAST_MAILS, LEAST_DAYS = 5, 3
"""Other mails, and days on which they passed, in one window, that make a wrong clock of the host's."""
NEAR_MAILS, NEAR = 3, 12 * HOUR
"""Other mails that took the same step within half a day, in order, exclude a wrong clock."""

# Stamps of one host that follow each other are one step: its neighbours are those of the step. Hosts that no
# observation names are compared with nothing, and others only with what passed within a month.
QUERY = """
WITH named AS MATERIALIZED (
    SELECT DISTINCT item, unnest([keys->>'host', keys->>'upper', keys->>'lower']) AS host
    FROM (SELECT sha256, observation->'$.keys' AS keys FROM observations) JOIN flat.items USING (sha256)),
seen AS (
    SELECT item FROM flat.items JOIN observations USING (sha256)
    WHERE rule IN ('mail.trace_reversal', 'mail.date_after_first_trace')),
asked AS (SELECT DISTINCT "by" FROM flat.hops SEMI JOIN seen USING (item) WHERE "by" IN (SELECT host FROM named)),
timed AS (
    SELECT item, place, "by" AS host, h.instant AS "at", lag("by") OVER way IS DISTINCT FROM "by" AS first
    FROM flat.hops h SEMI JOIN (SELECT DISTINCT item FROM flat.hops SEMI JOIN asked USING ("by")) USING (item)
    WHERE h.instant IS NOT NULL AND "by" NOT IN ('localhost', '')
    WINDOW way AS (PARTITION BY item ORDER BY place)),
numbered AS MATERIALIZED (
    SELECT *, count(*) FILTER (first) OVER (PARTITION BY item ORDER BY place) AS step FROM timed),
steps AS (
    SELECT item, step, any_value(host) AS host, arg_min("at", place) AS newest, arg_max("at", place) AS oldest
    FROM numbered GROUP BY item, step),
beside AS (
    SELECT item, step, coalesce(lead(host) OVER way, '') AS below_host, lead(newest) OVER way AS older,
           lag(oldest) OVER way AS above
    FROM steps WINDOW way AS (PARTITION BY item ORDER BY step)),
stamps AS MATERIALIZED (
    SELECT item, host, "at", below_host, coalesce(older, instant) AS below, above,
           coalesce(above, below) // 25920000000000 AS month
    FROM numbered JOIN beside USING (item, step) JOIN flat.mails USING (item) WHERE host IN (FROM asked)),
months AS (
    SELECT DISTINCT host, unnest([month - 1, month, month + 1]) AS month FROM stamps SEMI JOIN named USING (item, host))
SELECT sha256, host, "at", below_host, below, above
FROM stamps SEMI JOIN months USING (host, month) JOIN flat.items USING (item)
ORDER BY host, coalesce(above, below), "at", item, below_host, below, above
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One stamp of one mail with its neighbours' times; by host, and by the time that the neighbours force."""

    sha256: str
    host: str
    at: int
    below_host: str
    """Empty below the first server: that clock is the sender's."""
    below: int | None
    above: int | None


class _Sample(msgspec.Struct, frozen=True, gc=False):
    """A stamp as it is compared: of a host that served a whole archive there are as many as it has mails."""

    sha256: str
    host: str
    below_host: str
    at: int
    low: int | None
    """How much later the stamp is than its neighbour below; ``None`` without one."""
    high: int | None
    """How much later it is than its neighbour above."""
    true: int
    """Time by the neighbours' clocks."""
    skew: int
    """How far the host's clock is ahead, at least; negative where it is behind."""


class _Asked(NamedTuple):
    """An observation that speaks of a host's stamps in an item."""

    place: int
    rule: str
    step: tuple[str | None, str | None]
    """The host that the mail came to, and the one that it came from."""


class _Settled(NamedTuple):
    """What one stamp shows of an observation."""

    host: str
    at: int
    state: BenignState


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Compare the item's own forced difference with those of other mails through the host within a month."""
    asked = _asked(observations)
    judged: dict[int, _Settled] = {}
    excluded: dict[int, _Settled] = {}
    for _, passed in groupby(rows, key=_host):
        for sample, near in _within_a_month(filter(None, map(_sample, passed)), asked):
            for place, rule, step in asked[sample.sha256, sample.host]:
                asks = _accounts(sample, rule) and _comes_first(sample, judged.get(place))
                if asks and (state := _judge(sample, near)):
                    judged[place] = _Settled(sample.host, sample.at, state)
                asks = (sample.host, sample.below_host) == step and _comes_first(sample, excluded.get(place))
                if asks and (state := _exclude(sample, near)):
                    excluded[place] = _Settled(sample.host, sample.at, state)
    for index in sorted({*judged, *excluded}):
        yield index, (judged.get(index) or excluded[index]).state


def _comes_first(sample: _Sample, found: _Settled | None) -> bool:
    """Whether a stamp is of the first host in order that settles the cause, and its first one in the mail."""
    return found is None or (sample.host == found.host and sample.at < found.at)


def _asked(observations: Sequence[Observation]) -> dict[tuple[str, str], list[_Asked]]:
    """Return by item and host the observations that speak of the host's stamps in the item."""
    asked: dict[tuple[str, str], list[_Asked]] = {}
    for index, seen in enumerate(observations):
        one = _Asked(index, intern(seen.rule), (seen.keys.get("upper"), seen.keys.get("lower")))
        for host in sorted({seen.keys.get(name, "") for name in ("host", "upper", "lower")} - {""}):
            asked.setdefault((seen.subjects[0].sha256, host), []).append(one)
    return asked


def _host(row: Row) -> str:
    return row.host


def _within_a_month(
    passed: Iterable[_Sample], asked: Container[tuple[str, str]]
) -> Iterator[tuple[_Sample, Sequence[_Sample]]]:
    """Yield the samples that are asked about, each with those of its host within a month on either side, by time.

    A server may have stamped all mails of an archive: no more of them are held than that.
    """
    near: list[_Sample] = []
    waiting: deque[_Sample] = deque()
    for sample in passed:
        while waiting and waiting[0].true + MONTH < sample.true:
            yield waiting.popleft(), near
        near.append(sample)
        if (sample.sha256, sample.host) in asked:
            waiting.append(sample)
        if near[0].true + 3 * MONTH < sample.true:
            oldest = waiting[0] if waiting else sample
            del near[: bisect_left(near, oldest.true - MONTH, key=_true)]
    for sample in waiting:
        yield sample, near


def _sample(row: Row) -> _Sample | None:
    low = None if row.below is None else row.at - row.below
    high = None if row.above is None else row.at - row.above
    true = row.above if row.above is not None else row.below
    if true is None or (not row.below_host and high is None):
        return None
    skew = 0
    if low is not None and high is not None:
        skew = min(low, high) if low > 0 and high > 0 else max(low, high) if low < 0 and high < 0 else 0
    elif high is not None:
        skew = max(high, 0)
    elif low is not None:
        skew = min(low, 0)
    return _Sample(row.sha256, intern(row.host), intern(row.below_host), row.at, low, high, true, skew)


def _true(sample: _Sample) -> int:
    return sample.true


def _others(sample: _Sample, passed: Sequence[_Sample], before: int, after: int) -> list[_Sample]:
    """Return the other mails' stamps in a window; copies of one mail carry one stamp and are no second witness."""
    start = bisect_left(passed, sample.true - before, key=_true)
    end = bisect_right(passed, sample.true + after, key=_true)
    found = {other.at: other for other in passed[start:end] if other.sha256 != sample.sha256}
    found.pop(sample.at, None)
    return list(found.values())


def _judge(sample: _Sample, passed: Sequence[_Sample]) -> BenignState | None:
    if abs(sample.skew) < MINUTE:
        return None
    for before, after in WINDOWS:
        others = _others(sample, passed, before, after)
        alike = [other for other in others if _alike(sample, other)]
        days = len({other.true // DAY for other in alike})
        if len(alike) >= LEAST_MAILS and days >= LEAST_DAYS and 2 * len(alike) >= len(others):
            middle = span(median_low([other.skew for other in alike]))
            values: dict[str, Value] = {
                "k": len(alike),
                "n": len(others),
                "host": sample.host,
            }
            return settled(CAUSE, State.EXPLAINS, _HOST_SKEW(month=clock(sample.true)[:7], median=middle, **values))
    return None


def _accounts(sample: _Sample, rule: str) -> bool:
    """Whether a stamp whose clock is set right stands in order with its neighbours, as far as the rule looks."""
    low, high, doubt = sample.low, sample.high, _doubt(sample)
    if rule == "mail.date_before_first_trace":
        return low is not None and not sample.below_host and low - sample.skew <= DAY
    if rule not in ("mail.trace_reversal", "mail.date_after_first_trace"):
        return False
    if sample.skew < 0:
        return low is None or low - sample.skew >= -doubt
    return high is None or high - sample.skew <= doubt


def _doubt(sample: _Sample) -> int:
    return max(5 * MINUTE, abs(sample.skew) // 4)


def _alike(sample: _Sample, other: _Sample) -> bool:
    """Whether two stamps are off in the same direction and by about as much."""
    return abs(other.skew - sample.skew) <= _doubt(sample) and other.skew * sample.skew > 0


def _exclude(sample: _Sample, passed: Sequence[_Sample]) -> BenignState | None:
    """Exclude the cause where other mails took the same step within hours, in order."""
    below = sample.below_host
    near = [other for other in _others(sample, passed, NEAR, NEAR) if other.below_host == below]
    if len(near) >= NEAR_MAILS and all(other.low is not None and other.low > -MINUTE for other in near):
        return settled(CAUSE, State.EXCLUDED, _HOSTS_STEADY(n=len(near)))
    return None


def _passed(skews: Sequence[str], *, below: str = "10:00:00") -> tuple[Row, ...]:
    made = []
    for number, at in enumerate(skews, 1):
        day = f"{DATE[:-2]}{number:02}"
        fields = {"at": f"{day}T{at}Z", "below": f"{day}T{below}Z", "above": f"{day}T10:00:20Z"}
        times = {name: ticks(text) for name, text in fields.items()}
        made.append(Row(sha256=f"{number:064}", host="mx.example", below_host="a.example", **times))
    return tuple(made)


def cases() -> Iterator[Case]:
    """Cases of one host: seven mails a day apart, the first of them in question."""
    seen = (observation(sha256=f"{1:064}", keys={"lower": "a.example", "upper": "mx.example"}),)
    behind = _passed(("09:50:00", "09:50:10", "09:49:00", "09:51:00", "09:50:30", "09:50:20", "09:50:00"))
    yield explained(behind, "six other mails show the host ten minutes behind", by=CAUSE, observations=seen)
    mended = _passed((*["09:50:00"] * 7, *["10:00:10"] * 14))
    last = (observation(sha256=f"{7:064}", keys={"lower": "a.example", "upper": "mx.example"}),)
    yield explained(mended, "the host was set right the day after, for good", by=CAUSE, observations=last)
    alone = _passed(("09:50:00", *["10:00:10"] * 6))
    yield silent(alone, "six other mails show the host's clock right", observations=seen)
    few = _passed(("09:50:00", "09:50:10", "09:49:00"))
    yield silent(few, "two other mails are no habit", observations=seen)
    other = _passed(("08:00:00", *["09:50:00"] * 6))
    yield silent(other, "the others differ by another amount", observations=seen)
    ahead = [msgspec.structs.replace(row, below_host="") for row in _passed(["10:02:20"] * 8, below="09:59:00")]
    late = (observation("mail.date_before_first_trace", sha256=f"{1:064}", keys={"host": "mx.example"}),)
    kept = (msgspec.structs.replace(ahead[0], below=ahead[0].at - 40 * DAY), *ahead[1:])
    yield silent(kept, "two minutes ahead do not make forty days", observations=late)
    days = tuple([msgspec.structs.replace(row, at=row.at + 3 * DAY) for row in ahead])
    yield explained(days, "seven other mails show the host three days ahead", by=CAUSE, observations=late)
    twice = (msgspec.structs.replace(behind[0], below=behind[0].at + 3 * HOUR), *behind[1:])
    yield silent(twice, "ten minutes behind do not make three hours", observations=seen)
