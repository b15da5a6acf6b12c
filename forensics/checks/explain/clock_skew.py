"""Was a server's clock wrong in those days? All other mails that passed the same host tell.

In one mail, a stamp is compared with its two neighbours (the relay below and above it; Date below the first). Only what
both neighbours force counts: a stamp earlier than both was made by a clock that is behind by at least the smaller
difference, one later than both by a clock that is ahead. Delays between relays cannot look like that.
"""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median_low

import msgspec

from forensics.checks._facts import DAY, HOUR, MINUTE, clock, settled, span
from forensics.examples import DAY as DATE
from forensics.examples import Case, explained, observation, silent, ticks
from forensics.model.rules import BenignState, Context, Observation, State

CAUSE = "clock_skew"

MONTH = 30 * DAY
LEAST_MAILS, LEAST_DAYS = 5, 3
"""Other mails of the month, and days on which they passed, that make a wrong clock of the host's."""
NEAR_MAILS, NEAR = 3, 12 * HOUR
"""Other mails within half a day with a right clock exclude a wrong one."""

QUERY = """
WITH timed AS (
    SELECT sha256, date.instant AS sent, list_filter(hops, lambda hop: hop.instant IS NOT NULL) AS hops
    FROM (SELECT DISTINCT ON (sha256) * FROM messages ORDER BY sha256)),
places AS (SELECT sha256, sent, hops, unnest(range(1, len(hops) + 1)) AS i FROM timed),
stamps AS (
    SELECT sha256, lower(hops[i].by) AS host, hops[i].instant AS "at", i = len(hops) AS "first",
           CASE WHEN i < len(hops) THEN hops[i + 1].instant ELSE sent END AS below,
           CASE WHEN i > 1 THEN hops[i - 1].instant END AS above
    FROM places WHERE hops[i].by <> '')
SELECT sha256, host, "at", "first", below, above FROM stamps
WHERE host IN (SELECT host FROM stamps WHERE sha256 IN (
    SELECT sha256 FROM observations WHERE rule IN ('mail.trace_reversal', 'mail.date_after_first_trace')))
ORDER BY host, "at", sha256, below, above
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One stamp of one mail with its neighbours' times."""

    sha256: str
    host: str
    at: int
    first: bool
    """The first server: the clock below it is the sender's."""
    below: int | None
    above: int | None


class _Sample(msgspec.Struct, frozen=True):
    sha256: str
    host: str
    at: int
    true: int
    """Time by the neighbours' clocks."""
    skew: int
    """How far the host's clock is ahead, at least; negative where it is behind."""


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Compare the item's own forced difference with those of other mails through the host in the same month."""
    months: dict[tuple[str, int], list[_Sample]] = {}
    own: dict[str, list[_Sample]] = {}
    wanted = {subject.sha256 for seen in observations for subject in seen.subjects}
    for row in rows:
        sample = _sample(row)
        if sample is None:
            continue
        months.setdefault((sample.host, sample.true // MONTH), []).append(sample)
        if sample.sha256 in wanted:
            own.setdefault(sample.sha256, []).append(sample)
    for index, seen in enumerate(observations):
        hosts = {seen.sentence.values.get(name, "").lower() for name in ("host", "upper", "lower")}
        mine = [sample for sample in own.get(seen.subjects[0].sha256, ()) if sample.host in hosts]
        state = _judge(mine, months)
        if state is not None:
            yield index, state


def _sample(row: Row) -> _Sample | None:
    low = None if row.below is None else row.at - row.below
    high = None if row.above is None else row.at - row.above
    true = row.above if row.above is not None else row.below
    if true is None or (row.first and high is None):
        return None
    skew = 0
    if low is not None and high is not None:
        skew = min(low, high) if low > 0 and high > 0 else max(low, high) if low < 0 and high < 0 else 0
    elif high is not None:
        skew = max(high, 0)
    elif low is not None:
        skew = min(low, 0)
    return _Sample(row.sha256, row.host, row.at, true, skew)


def _judge(mine: Sequence[_Sample], months: dict[tuple[str, int], list[_Sample]]) -> BenignState | None:
    steady = bool(mine)
    for sample in mine:
        # Copies of one mail carry one stamp: they are no second witness.
        month = {
            other.at: other
            for other in months[sample.host, sample.true // MONTH]
            if other.sha256 != sample.sha256 and other.at != sample.at
        }
        others = list(month.values())
        near = [other for other in others if abs(other.true - sample.true) <= NEAR]
        steady = steady and len(near) >= NEAR_MAILS and all(abs(other.skew) < MINUTE for other in near)
        if abs(sample.skew) < MINUTE or not others:
            continue
        alike = [other for other in others if abs(other.skew - sample.skew) <= max(5 * MINUTE, abs(sample.skew) // 4)]
        middle = median_low([other.skew for other in others])
        days = len({other.true // DAY for other in alike})
        if len(alike) < LEAST_MAILS or days < LEAST_DAYS or 2 * len(alike) < len(others) or middle * sample.skew <= 0:
            continue
        values = {"k": len(alike), "n": len(others), "host": sample.host, "median": span(middle)}
        return settled(CAUSE, State.EXPLAINS, "host_skew", month=clock(sample.true)[:7], **values)
    return settled(CAUSE, State.EXCLUDED, "hosts_steady") if steady else None


def _passed(skews: Sequence[str]) -> tuple[Row, ...]:
    made = []
    for number, at in enumerate(skews, 1):
        day = f"{DATE[:-2]}{number:02}"
        fields = {"at": f"{day}T{at}Z", "below": f"{day}T10:00:00Z", "above": f"{day}T10:00:20Z"}
        times = {name: ticks(text) for name, text in fields.items()}
        made.append(Row(sha256=f"{number:064}", host="mx.example", first=False, **times))
    return tuple(made)


def cases() -> Iterator[Case]:
    """Cases of one host: seven mails a day apart, the first of them in question."""
    seen = (observation(sha256=f"{1:064}", values={"lower": "a.example", "upper": "mx.example"}),)
    behind = _passed(("09:50:00", "09:50:10", "09:49:00", "09:51:00", "09:50:30", "09:50:20", "09:50:00"))
    yield explained(behind, "six other mails show the host ten minutes behind", by=CAUSE, observations=seen)
    alone = _passed(("09:50:00", *["10:00:10"] * 6))
    yield silent(alone, "six other mails show the host's clock right", observations=seen)
    few = _passed(("09:50:00", "09:50:10", "09:49:00"))
    yield silent(few, "two other mails are no habit", observations=seen)
    other = _passed(("08:00:00", *["09:50:00"] * 6))
    yield silent(other, "the others differ by another amount", observations=seen)
