"""A mail was handed in from a network where none of its sender's other mails came from."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_row, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
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
    id="case.submission_address",
    version=2,
    title="Submitted from another network than the sender's other mails",
    subject=Subject.MESSAGE,
    needs=MessageHas.FROM | MessageHas.TRACE_TIME_1,
    bins=(Bin("new_network"),),
    group="submission",
    compare_with="sender",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.WEAK,
    benign=("other_device", "other_way", "shared_account", "unsolicited"),
    settle=settle.SENDING_SERVER,
    references=("RFC 5321 4.4", "kb:X-10", "kb:O-32", "kb:O-40", "kb:O-53"),
)

_SAID = says(
    "rule.case.submission_address",
    one=(
        "The mail was submitted from {network}; the {n} other mails of {sender} came from {networks} other "
        "networks, mostly {usual}."
    ),
)

LEAST = 20
"""Other mails of the sender whose oldest trace field names an address or a host."""

ROWS_NEEDED = {"messages": 2}

# The network is the first two numbers of the public address in the oldest trace field, else the organization of the
# host named there. It says something where at most one in twenty of the sender's other mails brought a network of its
# own. Copies of one mail count once.
QUERY = r"""
WITH mails AS MATERIALIZED (
    SELECT item, sender, "from" AS given,
           CASE WHEN message_id = '' THEN ' ' || item ELSE message_id END AS one
    FROM flat.mails JOIN flat.hops h USING (item)
    SEMI JOIN (SELECT sender FROM flat.mails GROUP BY sender HAVING count(*) > 20) USING (sender)
    WHERE h.place = hops AND sender <> ''),
addressed AS (
    SELECT given, regexp_extract(given, '(?:^|[^0-9.])((?:[0-9]{1,3}\.){3}[0-9]{1,3})(?:[^0-9.]|$)', 1) AS address,
           regexp_extract(lower(given), '^[a-z0-9.-]*') AS host FROM (SELECT DISTINCT given FROM mails)),
given AS (
    SELECT given, CASE
        WHEN address <> '' AND NOT regexp_matches(
            address, '^(?:0|10|127|22[4-9]|2[3-5][0-9]|169\.254|192\.168|172\.(?:1[6-9]|2[0-9]|3[01]))\.')
        THEN regexp_extract(address, '^[0-9]+\.[0-9]+')
        WHEN regexp_matches(host, '[a-z]\.') AND NOT starts_with(host, 'localhost') THEN organization
        ELSE '' END AS network
    FROM addressed LEFT JOIN flat.organizations ON "name" = host),
networks AS MATERIALIZED (SELECT item, sender, one, network FROM mails JOIN given USING (given) WHERE network <> ''),
counts AS (SELECT sender, network, count(DISTINCT one) AS n FROM networks GROUP BY ALL),
senders AS (
    SELECT sender, sum(n)::BIGINT AS n, count(*) AS networks, count(*) FILTER (n = 1) AS single,
           arg_max(network, (n, network)) AS usual
    FROM counts GROUP BY ALL)
SELECT sha256, w.sender, w.network, s.usual, (s.networks - 1)::BIGINT AS networks, (s.n - 1)::BIGINT AS n, m.date,
       o."time" AS stamp, location
FROM networks w JOIN counts c USING (sender, network) JOIN senders s USING (sender)
JOIN flat.mails m USING (item) JOIN flat.items USING (item)
LEFT JOIN flat.stamps o ON o.item = w.item AND o.kind = 'hop' AND o.index = m.hops - 1
WHERE c.n = 1 AND s.n > 20 AND (s.single - 1) * 20 <= s.n - 1 ORDER BY sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail from a network that no other mail of the sender came from."""

    sha256: str
    sender: str
    network: str
    usual: str
    """The commonest among the sender's mails."""
    networks: int
    """Networks of the sender's other mails."""
    n: int
    date: TimeRow | None
    stamp: TimeRow | None
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each mail whose oldest trace field can be quoted."""
    for row in rows:
        place = (Role.SUSPECT, row.sha256, row.location)
        cited = [("Received, oldest", row.stamp), ("Date", row.date)]
        evidence = tuple([cite_row(label, stamp, *place) for label, stamp in cited if stamp is not None])
        if not evidence or row.n < LEAST:
            continue
        values = {"sender": row.sender[:120], "network": row.network[:80], "usual": row.usual[:80]}
        counted = counts(
            RULE,
            "other mails of the sender, and how many of them came from this network",
            {"sender": row.sender, "network": row.network},
            n=row.n,
            k=0,
        )
        yield Observation(
            sentence=_SAID(**values, n=str(row.n), networks=str(row.networks)),
            bin="new_network",
            evidence=evidence,
            suspect=evidence[0].locator.path,
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(counted,),
        )


def cases() -> Iterator[Case]:
    """Cases of a sender with many mails, and with few."""

    def row(n: int) -> Row:
        return Row(
            sha256="0" * 64,
            sender="anna@example.org",
            network="203.0",
            usual="192.0",
            networks=2,
            n=n,
            date=time_row("2017-03-06T10:00:00+01:00", path="header:Date[0]"),
            stamp=time_row("2017-03-06T09:00:03+00:00", path="header:Received[2]"),
            location=location(),
        )

    yield fires((row(160),), "one mail from elsewhere", bin="new_network")
    yield silent((row(12),), "too few mails to know their networks")
