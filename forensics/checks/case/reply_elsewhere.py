"""Answers to a few mails of a sender would go where no other field of the archive points, or to a correspondent."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, clock, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import DAY, ticks
from forensics.knowledge.suffixes import organization
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
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
    id="case.reply_elsewhere",
    version=5,
    title="Replies would go to somebody else",
    subject=Subject.MESSAGE,
    needs=MessageHas.FROM,
    bins=(
        Bin("new_house"),
        Bin("unanswered"),
        # Who writes from two computers may give each its own address for answers.
        Bin("other_setup", ceiling=Strength.WEAK),
        Bin("new_address", ceiling=Strength.WEAK),
        Bin("other_person"),
    ),
    group="identity",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.MODERATE,
    benign=("on_behalf", "private_address", "other_device", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6.2", "kb:I-03", "kb:I-04", "kb:O-50"),
)

_SAID = {
    "new_house": says(
        "rule.case.reply_elsewhere.new_house",
        one="Answers would go to {address}, a domain that no other field of the archive names; {sender} has {others} "
        "other mails here, none with that Reply-To.",
        many="Answers to {n} mails of {sender}, the first of {since}, would go to {address}, a domain that no other "
        "field of the archive names; the sender's other {others} mails have no such Reply-To.",
    ),
    "unanswered": says(
        "rule.case.reply_elsewhere.unanswered",
        one="Answers would go to {address}, a domain that no other field of the archive names: none of the {sent} "
        "mails here that others sent to {sender} went there.",
        many="Answers to {n} mails of {sender}, the first of {since}, would go to {address}, a domain that no other "
        "field of the archive names: none of the {sent} mails here that others sent to the sender went there.",
    ),
    "other_setup": says(
        "rule.case.reply_elsewhere.other_setup",
        one="Answers would go to {address}, a domain that no other field of the archive names; {sender} has {others} "
        "other mails here, none with that Reply-To. Of its program, the host in its Message-ID and its first server, "
        "{apart} appear in none of them.",
        many="Answers to {n} mails of {sender}, the first of {since}, would go to {address}, a domain that no other "
        "field of the archive names; the sender's other {others} mails have no such Reply-To. Of their program, the "
        "host in their Message-ID and their first server, {apart} appear in none of those.",
    ),
    "new_address": says(
        "rule.case.reply_elsewhere.new_address",
        one="Answers would go to {address}, an address that no other field of the archive names; {sender} has {others} "
        "other mails here, none with that Reply-To.",
        many="Answers to {n} mails of {sender}, the first of {since}, would go to {address}, an address that no other "
        "field of the archive names; the sender's other {others} mails have no such Reply-To.",
    ),
    "other_person": says(
        "rule.case.reply_elsewhere.other_person",
        one="Answers would go to {address}, another correspondent ({written} mails); {sender} has {others} other mails "
        "here, none with that Reply-To.",
        many="Answers to {n} mails of {sender}, the first of {since}, would go to {address}, another correspondent "
        "({written} mails); the sender's other {others} mails have no such Reply-To.",
    ),
}

LEAST, APART, SENT = 3, 2, 3
"""Mails of the sender without that Reply-To, traits that part two computers, mails of others to the sender."""

ROWS_NEEDED = {"messages": 2}

# A sender without an address is nobody. An address is new where it stands in no field but Reply-To, whoever wrote the
# mails: one hand may have changed those of several senders. Less than half of a sender's mails are no habit; where
# a correspondent would get the answers (an assistant, a colleague), a fifth. However often it stands, a Reply-To to
# which nobody ever wrote is no habit of a sender to whom others sent three mails. A sender more than a tenth of whose
# mails brought an address of their own is a list or a service that writes for many; so is a list that puts itself
# into From. A trait is apart where the mails
# with that Reply-To have no value of the others', who have at most a third as many values as they are.
QUERY = """
WITH mails AS (
    SELECT item, sender, client, message_id, first_hop, coalesce(instant, wall, arrived) AS stood
    FROM flat.mails WHERE sender <> '' AND replace(sender, '@', '.') <> lower(coalesce(list_id, ''))),
senders AS (SELECT sender, count(*) AS n FROM mails GROUP BY sender),
answered AS MATERIALIZED (
    SELECT item, place, sender, stood, address, "domain" FROM flat.parties JOIN mails USING (item)
    WHERE field = 'reply-to' AND shown IS NOT NULL AND "domain" <> '' AND address <> sender),
uses AS (
    SELECT sender, address, "domain", count(DISTINCT item) AS k, min(stood) AS since FROM answered GROUP BY ALL),
many AS (
    SELECT sender FROM uses JOIN senders USING (sender) WHERE k = 1 GROUP BY sender, n
    HAVING count(*) > 3 AND (count(*) - 1) * 10 > n),
sent AS (
    SELECT p.address AS sender, count(DISTINCT item) AS sent
    FROM flat.parties p JOIN flat.mails m USING (item)
    WHERE field IN ('to', 'cc') AND p.address IN (SELECT sender FROM uses) AND m.sender <> p.address
    GROUP BY p.address),
few AS MATERIALIZED (
    SELECT u.*, s.n, u.k * 2 < s.n AND s.n - u.k >= 3 AS seldom, coalesce(sent, 0) AS sent
    FROM uses u JOIN senders s USING (sender) LEFT JOIN sent USING (sender) ANTI JOIN many USING (sender)
    WHERE seldom OR sent >= 3),
named AS MATERIALIZED (
    SELECT DISTINCT address, "domain" FROM flat.parties SEMI JOIN few USING ("domain") WHERE field <> 'reply-to'),
kinds AS (
    SELECT f.*, coalesce(o.n, 0) AS written, EXISTS (FROM named a WHERE a.address = f.address) AS known,
           EXISTS (FROM named a WHERE a."domain" = f."domain") AS organization
    FROM few f LEFT JOIN senders o ON o.sender = f.address),
traits AS (
    SELECT item, sender, unnest([
        {'kind': 'program', 'value': lower(regexp_extract(client, '^[A-Za-z!-]*'))},
        {'kind': 'id', 'value': lower(split_part(message_id, '@', 2))},
        {'kind': 'server', 'value': first_hop}]) AS trait
    FROM mails SEMI JOIN few USING (sender)),
used AS (
    SELECT f.sender, f.address, t.trait.kind AS kind, t.trait.value AS value, count(a.item) AS k,
           count(*) - count(a.item) AS n
    FROM few f JOIN traits t USING (sender)
    LEFT JOIN (SELECT DISTINCT item, address FROM answered) a ON a.item = t.item AND a.address = f.address
    GROUP BY ALL),
parted AS (
    SELECT sender, address, kind FROM used GROUP BY ALL
    HAVING count(*) FILTER (k > 0 AND n > 0) = 0 AND count(*) FILTER (n > 0) * 3 <= sum(n)),
setups AS (SELECT sender, address, count(*) AS n FROM parted GROUP BY ALL),
odd AS MATERIALIZED (
    SELECT a.item, place, sender, f.n AS mails, f.k, f.since, f.organization, f.written, coalesce(s.n, 0) AS apart,
           f.seldom, f.sent
    FROM answered a JOIN kinds f USING (sender, address) LEFT JOIN setups s USING (sender, address)
    WHERE CASE WHEN f.seldom THEN NOT f.known OR (f.written >= 3 AND (f.k = 1 OR f.k * 5 <= f.n))
               ELSE NOT f.organization END)
SELECT sha256, sender, shown AS address, p.written AS mailbox, mails, k, since, organization, odd.written, apart,
       seldom, sent, location
FROM odd JOIN flat.items USING (item) JOIN flat.parties p USING (item, place)
ORDER BY sha256, p.shown, p.written.start
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A Reply-To of few of its sender's mails that stands nowhere else, a correspondent's, or one nobody wrote to."""

    sha256: str
    sender: str
    address: str
    mailbox: LocatedRow
    mails: int
    """Mails of the sender."""
    k: int
    """Of them, those with this Reply-To."""
    since: int | None
    """Instant of the first of them."""
    organization: bool
    """Whether the Reply-To's domain stands in another field."""
    written: int
    """Mails from the Reply-To's address."""
    apart: int
    """Traits (program, host of the id, first server) of the mails with it that no other mail has."""
    seldom: bool
    """Whether less than half of the sender's mails have it, and at least three do not."""
    sent: int
    """Mails of others to the sender."""
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report what is not of the sender's own organization; the mails that answer to one address are one cluster."""
    for row in rows:
        if organization(row.address.rpartition("@")[2]) != organization(row.sender.rpartition("@")[2]) and (
            row.mails - row.k >= LEAST if row.seldom else row.sent >= SENT
        ):
            yield _observation(row, _bin(row))


def _bin(row: Row) -> str:
    if row.written or not row.seldom:
        return "other_person" if row.seldom else "unanswered"
    if row.organization:
        return "new_address"
    return "other_setup" if row.apart >= APART else "new_house"


def _observation(row: Row, name: str) -> Observation:
    others = row.mails - row.k
    values = {"address": row.address, "sender": row.sender, "others": str(others), "written": str(row.written)}
    values |= {"since": clock(row.since)[:10] if row.since else "?", "apart": str(row.apart), "sent": str(row.sent)}
    cited = cite_located("Reply-To", row.mailbox, Role.SUSPECT, row.sha256, row.location)
    counted = counts(
        RULE,
        "mails of the sender, and how many of them have that Reply-To",
        {"sender": row.sender, "address": row.address},
        n=row.mails,
        k=row.k,
    )
    return Observation(
        sentence=_SAID[name](row.k, **values),
        bin=name,
        evidence=(cited,),
        suspect="header:Reply-To[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counted,),
        cluster=f"{row.sender}, {row.address.lower()}" if row.k > 1 else "",
    )


def _row(address: str, **changed: object) -> Row:
    row = Row(
        sha256="0" * 64,
        sender="anna@example.org",
        address=address,
        mailbox=located_row(address, "header:Reply-To[0]", start=80),
        mails=31,
        k=1,
        since=ticks(f"{DAY}T10:00:00+00:00"),
        organization=False,
        written=0,
        apart=0,
        seldom=True,
        sent=0,
        location=location(),
    )
    return msgspec.structs.replace(row, **changed)


def cases() -> Iterator[Case]:
    """Cases of each kind of address."""
    yield fires((_row("anna@office.example.net"),), "another organization, once", bin="new_house")
    yield fires((_row("anna@office.example.net", k=3),), "another organization, in three of 31 mails", bin="new_house")
    home = _row("anna@home.example.net", k=3, apart=2)
    yield fires((home,), "three mails by another program and server", bin="other_setup")
    many = _row("anna.r@example.com", organization=True)
    yield fires((many,), "a new address of an organization of many", bin="new_address")
    eva = _row("eva@example.net", organization=True, written=40)
    yield fires((eva,), "a correspondent's address", bin="other_person")
    yield silent((_row("anna@desk.example.org"),), "a host of the sender's organization")
    yield silent((_row("anna@office.example.net", k=2, mails=4, seldom=False),), "two of four mails")
    drop = _row("anna@office.example.net", k=2, mails=2, seldom=False, sent=3)
    yield fires((drop,), "in all of the sender's mails, and three others wrote to the sender", bin="unanswered")
    yield silent((_row("anna@office.example.net", k=2, mails=2, seldom=False, sent=2),), "few wrote to the sender")
