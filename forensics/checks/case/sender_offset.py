"""Date carries an offset that its sender does not use at that time; with the usual one it would fit the server."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, MINUTE, cite_row, clock, counts, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import ticks, time_row
from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.sender_offset",
    version=1,
    title="Offset that its sender did not use at that time",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.DATE_OFFSET | MessageHas.FROM,
    bins=(Bin("usual_one_fits"), Bin("unlike_neighbours")),
    group="date",
    compare_with="sender",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("wrong_offset", "sender_clock", "other_device", "date_set_by_tool", "shared_account", "unsolicited"),
    accuses=("date",),
    as_delivered=True,
    settle=settle.SENDING_SERVER,
    references=("RFC 5322 3.3", "kb:D-06", "kb:D-07", "kb:O-18"),
)

_SAID = {
    "usual_one_fits": says(
        "rule.case.sender_offset.usual_one_fits",
        one=(
            "Date carries the offset {offset} and is {off} from the first server's stamp ({stamped} UTC). All "
            "{n} mails of its sender within 45 days carry {usual}; with that, Date would agree with the server."
        ),
    ),
    "unlike_neighbours": says(
        "rule.case.sender_offset.unlike_neighbours",
        one=(
            "Date carries the offset {offset} and is {off} from the first server's stamp ({stamped} UTC). All "
            "{n} mails of its sender within 45 days carry {usual}."
        ),
    ),
    "unlike_neighbours.alone": says(
        "rule.case.sender_offset.unlike_neighbours.alone",
        one=(
            "Date carries the offset {offset}; all {n} mails of its sender within 45 days carry {usual}. No "
            "server stamped this one."
        ),
    ),
}

ROWS_NEEDED = {"messages": 2}

QUERY = """
WITH dated AS (
    SELECT item, sender, offset_s, instant FROM flat.mails
    WHERE instant IS NOT NULL AND offset_s IS NOT NULL AND sender <> ''),
several AS (SELECT sender FROM dated GROUP BY sender HAVING min(offset_s) < max(offset_s)),
mixed AS MATERIALIZED (FROM dated SEMI JOIN several USING (sender)),
oldest AS (
    SELECT item, arg_max(instant, place) AS stood FROM flat.hops SEMI JOIN mixed USING (item)
    WHERE instant IS NOT NULL GROUP BY item),
mails AS MATERIALIZED (
    SELECT item, sender, offset_s, coalesce(stood, instant) AS stood FROM mixed LEFT JOIN oldest USING (item)),
alone AS (
    SELECT * FROM mails WINDOW alike AS (PARTITION BY sender, offset_s ORDER BY stood)
    QUALIFY coalesce(stood - lag(stood) OVER alike > 38880000000000, true)
        AND coalesce(lead(stood) OVER alike - stood > 38880000000000, true)),
odd AS MATERIALIZED (
    SELECT a.item, a.sender, a.stood,
           list({'sha256': sha256, 'stood': o.stood, 'offset_s': o.offset_s} ORDER BY o.stood, o.item) AS others
    FROM alone a JOIN mails o ON o.sender = a.sender AND o.item <> a.item
        AND o.stood BETWEEN a.stood - 38880000000000 AND a.stood + 38880000000000
    JOIN flat.items i ON i.item = o.item
    GROUP BY ALL HAVING count(*) > 1),
stamps AS (
    SELECT item, arg_max("time", index) AS stamp FROM flat.stamps SEMI JOIN odd USING (item)
    WHERE kind = 'hop' AND "time".instant IS NOT NULL GROUP BY item)
SELECT sha256, o.sender, o.stood, o.others, date, location, stamp
FROM odd o JOIN flat.mails USING (item) JOIN flat.items USING (item) LEFT JOIN stamps USING (item)
ORDER BY o.sender, o.stood, sha256
"""

NEAR = 45 * DAY
LEAST, LEAST_ALONE = 2, 5
"""Mails of the sender within 45 days: where a server agrees with them, and where nothing does; the latter on both sides
of the mail where the difference may be that of summer time."""
MOST_OFFSETS = 3
"""Offsets within 45 days beyond which a sender has no usual ones: a traveller, or spam under borrowed names."""
_BEFORE, _AFTER = 15 * MINUTE, 5 * MINUTE
"""How long before and after its Date a mail is handed to a server, as a rule (knowledge base D-11)."""
_ZONES = 25 * MINUTE


class Other(msgspec.Struct, frozen=True):
    """A mail of the sender within 45 days."""

    sha256: str
    stood: int
    """Server time; the claimed one where there is none."""
    offset_s: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose offset none of its sender's mails within 45 days has, at least two of them."""

    sha256: str
    sender: str
    stood: int
    others: list[Other]
    date: TimeRow
    stamp: TimeRow | None
    """The oldest server's, if any has an instant."""
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Hold each mail's offset against those of its sender's mails within 45 days."""
    for row in rows:
        usual = {one.offset_s for one in row.others}
        if len(row.others) >= LEAST and len(usual) <= MOST_OFFSETS and _unlike(row, usual):
            yield from _observe(row, usual, row.others)


def _unlike(row: Row, usual: set[int]) -> bool:
    own = row.date.offset_s or 0
    if own in usual:
        return False
    if not any(abs(own - one) == 3600 for one in usual):
        return True
    # Summer time begins and ends: only a mail with many on both sides is odd.
    before = sum((one.stood, one.sha256) < (row.stood, row.sha256) for one in row.others)
    return before >= LEAST_ALONE and len(row.others) - before >= LEAST_ALONE


def _observe(row: Row, usual: set[int], near: Sequence[Other]) -> Iterator[Observation]:
    off, fits = 0, False
    if row.stamp is not None:
        stamped = row.stamp.instant or 0
        off = (row.date.instant or 0) - stamped
        if abs(off) <= _ZONES:
            return  # a clock that is right in another zone: the sender was there
        delays = [stamped - (row.date.wall or 0) + one * TICKS_PER_SECOND for one in usual]
        fits = any(-_AFTER <= delay <= _BEFORE for delay in delays)
    if fits or len(near) >= LEAST_ALONE:
        yield _observation(row, usual, near, "usual_one_fits" if fits else "unlike_neighbours", off)


def _observation(row: Row, usual: set[int], near: Sequence[Other], name: str, off: int) -> Observation:
    offsets = ", ".join([_offset(one) for one in sorted(usual)])
    values = {"offset": _offset(row.date.offset_s or 0), "usual": offsets, "n": str(len(near)), "off": span(off)}
    evidence = [cite_row("Date", row.date, Role.SUSPECT, row.sha256, row.location)]
    if row.stamp is not None:
        values |= {"stamped": clock(row.stamp.instant or 0)}
        evidence.append(cite_row("Received, oldest", row.stamp, Role.WITNESS, row.sha256, row.location))
    aggregate = counts(
        RULE,
        "mails of the sender within 45 days, all with other offsets",
        {"sender": row.sender, "offsets": offsets},
        n=len(near),
        sample=tuple([one.sha256 for one in near[:5]]),
    )
    said = _SAID[name if row.stamp is not None else f"{name}.alone"]
    return Observation(
        sentence=said(**values),
        bin=name,
        evidence=tuple(evidence),
        suspect=row.date.path,
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(aggregate,),
    )


def _offset(seconds: int) -> str:
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"{sign}{minutes // 60:02}{minutes % 60:02}"


def _mail(date: str, stamped: str, *, days: Sequence[int] = (1, 2, 3, 4, 5, 7, 8, 9, 10, 11)) -> tuple[Row, ...]:
    """A mail of the sixth of February among mails at ten in the morning of Berlin's winter."""
    others = [Other(f"{day:064}", ticks(f"2017-02-{day:02}T09:01:00+00:00"), 3600) for day in days]
    row = Row(
        sha256="0" * 64,
        sender="anna@example.org",
        stood=ticks(stamped or date),
        others=others,
        date=time_row(date, path="header:Date[0]"),
        stamp=time_row(stamped, path="header:Received[1]") if stamped else None,
        location=location(),
    )
    return (row,)


def cases() -> Iterator[Case]:
    """Cases on both sides of each condition."""
    stamped = "2017-02-06T09:01:00+00:00"
    yield fires(_mail("2017-02-06T10:00:00-05:00", stamped), "another zone, the same wall clock", bin="usual_one_fits")
    yield fires(_mail("2017-02-06T10:00:00+02:00", stamped), "summer time in winter", bin="usual_one_fits")
    yield fires(_mail("2017-02-06T10:00:00-05:00", ""), "no server to ask", bin="unlike_neighbours")
    wrong = _mail("2017-02-06T17:30:00-05:00", stamped)
    yield fires(wrong, "a clock that fits in no zone", bin="unlike_neighbours")
    yield silent(_mail("2017-02-06T04:00:00-05:00", stamped), "on a journey: the clock is right in its zone")
    yield silent(_mail("2017-02-06T10:00:00-05:00", "", days=(1, 2, 9)), "too few mails to know a habit")
    yield silent(_mail("2017-02-06T10:00:00+02:00", stamped, days=(1, 2, 3)), "the first mail of summer time, perhaps")
    yield silent(_mail("2017-02-06T10:00:00+01:00", stamped), "the usual offset")
