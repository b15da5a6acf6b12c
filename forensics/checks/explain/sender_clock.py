"""Explains by the sender's clock: the other mails of the same sender and program tell, whichever rule noticed.

With the clock's error taken off, an observation that rests on Date must vanish, else another fault is left.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from forensics.checks._clocks import DOUBT, SERVED, Clocks, Row
from forensics.checks._facts import DAY, MINUTE
from forensics.examples.cases import Case, explained, observation, silent
from forensics.examples.times import DAY as DATE
from forensics.examples.times import ticks
from forensics.model.rules import BenignState, Context, Observation
from forensics.model.time_kinds import TimeKind

CAUSE = "sender_clock"

_LEAST: Mapping[str, tuple[int, bool]] = {
    "mail.date_after_first_trace": (DOUBT, False),
    "mail.date_before_first_trace": (DAY, False),
    "mail.message_id_time": (25 * MINUTE, True),
    "mail.boundary_time": (25 * MINUTE, True),
    "mail.content_id_time": (DAY, False),
    "mail.attachment_date": (DAY, False),
    "mail.thread_index_time": (DAY, False),
    "mail.signing_time": (25 * MINUTE, True),
    "mail.seal_time": (25 * MINUTE, True),
    "case.sender_offset": (25 * MINUTE, True),
    "case.one_wrong_time": (25 * MINUTE, False),
}
"""Rules that hold Date against a time of the same mail: the difference that they let pass, and whether either way."""

# Senders whose mails are off five times, with what answers them and what they answer.
QUERY = f"""
WITH mails AS (
    SELECT item, message_id, sender, lower(regexp_extract(client, '^[A-Za-z!-]*')) AS program, instant AS "at", wall
    FROM flat.mails WHERE instant IS NOT NULL),
apart AS MATERIALIZED (
    SELECT DISTINCT item FROM flat.hops h JOIN flat.mails m USING (item)
    WHERE abs(m.instant - h.instant) > 6000000000 AND sender <> ''),
clocks AS (
    SELECT sender, program FROM mails JOIN ({SERVED.format(of="apart")}) USING (item)
    WHERE abs("at" - served) > 6000000000 GROUP BY ALL HAVING count(*) >= 5),
wrong AS MATERIALIZED (SELECT item, message_id FROM mails SEMI JOIN clocks USING (sender, program)),
beside AS MATERIALIZED (
    SELECT l.item FROM flat.links l JOIN wrong w ON w.message_id = l.id WHERE reply OR last
    UNION SELECT m.item FROM flat.links l SEMI JOIN wrong USING (item) JOIN mails m ON m.message_id = l.id
    WHERE reply OR last
    UNION SELECT item FROM wrong)
SELECT sha256, sender, program, "at", wall, served
FROM beside JOIN mails USING (item) JOIN flat.items USING (item)
LEFT JOIN ({SERVED.format(of="beside")}) USING (item)
ORDER BY sender, program, served, sha256
"""


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Take the clock's known error off Date, and settle the cause where what was observed is then gone."""
    clocks = Clocks(rows)
    for index, seen in enumerate(observations):
        rule = seen.rule
        first = seen.subjects[0].sha256
        if rule == "case.reply_before_parent":
            state = _of_thread(seen, clocks)
        elif (error := clocks.error(first, {first})) is None:
            state = None
        else:
            apart = _apart(seen, clocks.mails[first], context)
            least, both = (5 * MINUTE, False) if rule == "mail.trace_reversal" else _LEAST.get(rule, (0, False))
            state = error.state if apart is not None and _gone(apart, error.ahead, least, both=both) else None
        if state is not None:
            yield index, state


def _gone(apart: int, ahead: int, least: int, *, both: bool) -> bool:
    """Whether a difference from Date vanishes once Date's clock is set right."""
    left = apart - ahead if apart > 0 else ahead - apart
    return apart * ahead > 0 and left <= least and (not both or left >= -least)


def _apart(seen: Observation, mail: Row, context: Context) -> int | None:
    """Return by how much Date, or the stamp of the sender's own computer, is later than what it was held against."""
    if seen.rule == "mail.date_after_as_of":
        return mail.at - context.as_of
    if len(seen.evidence) < 2:
        return None
    own, other = seen.evidence[:2]
    if seen.rule == "mail.trace_reversal":
        return other.instant - own.instant if other.instant is not None and own.instant is not None else None
    if seen.rule not in _LEAST or own.kind is not TimeKind.DATE:
        return None
    if other.instant is not None:
        return mail.at - other.instant
    return mail.wall - other.wall if mail.wall is not None and other.wall is not None else None


def _of_thread(seen: Observation, clocks: Clocks) -> BenignState | None:
    """Settle a reply before its parent: the parent's clock may be ahead, or each reply's behind."""
    dated = [fact.sha256 for fact in seen.evidence if fact.kind is TimeKind.DATE]
    if any(sha256 not in clocks.mails for sha256 in dated):
        return None
    left_out = set(dated)
    parent, *replies = dated
    found = [clocks.error(parent, left_out), *[clocks.error(reply, left_out) for reply in replies]]
    ahead = found[0].ahead if found[0] is not None and found[0].ahead > 0 else 0
    sent = clocks.mails[parent].at - ahead
    for reply, error in zip(replies, found[1:], strict=True):
        behind = error.ahead if error is not None and error.ahead < 0 else 0
        if sent - (clocks.mails[reply].at - behind) > DOUBT:
            return None
    named = found[0] if ahead else next((one for one in found[1:] if one is not None and one.ahead < 0), None)
    return None if named is None else named.state


def _mail(number: int, sent: str, served: str, *, sender: str = "anna@example.org", days: int = 1) -> Row:
    """One mail of a day in March and after."""
    day = ticks(f"{DATE}T00:00:00Z") + number * days * DAY
    at, had = [ticks(f"{DATE}T{clock}Z") - ticks(f"{DATE}T00:00:00Z") + day for clock in (sent, served)]
    return Row(sha256=f"{number:064}", sender=sender, program="mutt", at=at, wall=at, served=had)


def _late(of: Row) -> Observation:
    """An observation of a mail's Date and its server's stamp."""
    seen = observation("mail.date_after_first_trace", sha256=of.sha256)
    server = msgspec.structs.replace(seen.evidence[0], kind=TimeKind.HOP, instant=of.served, wall=of.served)
    return msgspec.structs.replace(seen, evidence=(seen.evidence[0], server))


def _thread(parent: int, reply: int) -> Observation:
    seen = observation("case.reply_before_parent", sha256=f"{parent:064}")
    evidence = [msgspec.structs.replace(seen.evidence[0], sha256=f"{one:064}") for one in (parent, reply)]
    return msgspec.structs.replace(seen, evidence=tuple(evidence))


def cases() -> Iterator[Case]:
    """Cases of one sender's mails, the first of them in question."""
    ahead = [_mail(number, "22:00:00", "10:00:04") for number in range(1, 8)]
    yield explained(tuple(ahead), "half a day ahead on seven days", by=CAUSE, observations=(_late(ahead[0]),))
    reply = _mail(1, "11:00:00", "11:00:05", sender="bo@example.net")
    answered = (*ahead, msgspec.structs.replace(reply, sha256=f"{50:064}"))
    yield explained(answered, "a reply before a mail by that clock", by=CAUSE, observations=(_thread(1, 50),))
    few = tuple(ahead[:5])
    yield silent(few, "four other mails are too few", observations=(_late(ahead[0]),))
    right = (ahead[0], *[_mail(number, "10:00:00", "10:00:04") for number in range(2, 9)])
    yield silent(right, "the other mails show the clock right", observations=(_late(ahead[0]),))
    other = (ahead[0], *[_mail(number, "12:00:00", "10:00:04") for number in range(2, 9)])
    yield silent(other, "the others are off by another amount", observations=(_late(ahead[0]),))
    two = [_mail(number, "22:00:00" if number % 4 == 1 else "10:00:00", "10:00:04") for number in range(1, 80)]
    yield explained(
        tuple(two), "every fourth mail, of two months: a second computer", by=CAUSE, observations=(_late(ahead[0]),)
    )
    sparse = [*ahead[:6], *[_mail(number, "10:00:00", "10:00:04") for number in range(7, 20)]]
    yield silent(tuple(sparse), "six of nineteen, within a week", observations=(_late(ahead[0]),))
