"""Answers to the mail would go to a house that stands nowhere else in the archive, or to another correspondent."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks._domains import house
from forensics.checks._facts import cite_bytes, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.model.locations import Location
from forensics.model.rules import (
    Bin,
    Context,
    Has,
    Observation,
    Proposition,
    Role,
    Rule,
    Sentence,
    Strength,
    Subject,
    SubjectRef,
)

RULE = Rule(
    id="case.reply_elsewhere",
    version=1,
    title="Answers that would go to somebody else",
    subject=Subject.MESSAGE,
    needs=Has.FROM,
    bins=(Bin("new_house"), Bin("other_person")),
    group="identity",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.MODERATE,
    benign=("on_behalf", "private_address", "unsolicited"),
    settle="settle.correspondents_copy",
    references=("RFC 5322 3.6.2", "kb:I-03", "kb:I-04", "kb:O-50"),
)

QUERY = """
WITH mails AS (
    SELECT sha256, lower(from_address) AS sender, parties FROM messages),
named AS (SELECT sha256, sender, unnest(parties) AS p FROM mails),
domains AS (SELECT lower(p.domain) AS domain, count(DISTINCT sha256) AS n FROM named GROUP BY 1),
senders AS (SELECT sender, count(*) AS n FROM mails GROUP BY sender),
answered AS (
    SELECT sender, lower(p.address) AS address, count(DISTINCT sha256) AS n
    FROM named WHERE p.field = 'reply-to' GROUP BY ALL)
SELECT n.sha256, n.sender, n.p.address AS address, n.p.raw AS raw, n.p.start AS start, s.n AS mails,
       d.n AS named, coalesce(o.n, 0) AS written, l.location
FROM named n JOIN domains d ON d.domain = lower(n.p.domain) JOIN senders s USING (sender)
LEFT JOIN senders o ON o.sender = lower(n.p.address)
JOIN answered a ON (a.sender, a.address) = (n.sender, lower(n.p.address))
JOIN (SELECT sha256, arg_min(location, location_text) AS location FROM occurrences GROUP BY sha256) l USING (sha256)
WHERE n.p.field = 'reply-to' AND n.p.start IS NOT NULL AND s.n >= 4 AND a.n = 1 AND lower(n.p.address) <> n.sender
  AND (d.n = 1 OR o.n >= 3)
ORDER BY n.sha256, address
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A Reply-To that its sender, with at least three other mails, has once.

    It is of a domain that stands in this mail only, or of an address that wrote at least three mails itself.
    """

    sha256: str
    sender: str
    address: str
    raw: bytes
    start: int
    mails: int
    named: int
    """Mails in which the Reply-To's domain stands."""
    written: int
    """Mails from the Reply-To's address."""
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report what is not of the sender's own house."""
    for row in rows:
        if house(row.address.rpartition("@")[2]) != house(row.sender.rpartition("@")[2]):
            yield _observation(row, "new_house" if row.named == 1 else "other_person")


def _observation(row: Row, name: str) -> Observation:
    others = row.mails - 1
    values = {"address": row.address, "sender": row.sender, "n": str(others), "written": str(row.written)}
    path = "header:Reply-To[0]"
    cited = cite_bytes(path, "Reply-To", row.address, row.raw, row.start, Role.SUSPECT, row.sha256, row.location)
    return Observation(
        sentence=Sentence(f"rule.{RULE.id}.{name}", values),
        bin=name,
        evidence=(cited,),
        suspect=path,
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(
            counts(
                RULE, "other mails of the sender, none of which has that Reply-To", {"sender": row.sender}, n=others
            ),
        ),
    )


def _row(address: str, named: int = 1, written: int = 0) -> Row:
    return Row(
        sha256="0" * 64,
        sender="anna@example.org",
        address=address,
        raw=address.encode(),
        start=80,
        mails=31,
        named=named,
        written=written,
        location=location(),
    )


def cases() -> Iterator[Case]:
    """Cases of both kinds of address."""
    yield fires((_row("anna@office.example.net"),), "another house, once", bin="new_house")
    yield fires((_row("eva@example.net", 60, 40),), "another correspondent's address", bin="other_person")
    yield silent((_row("anna@desk.example.org"),), "a host of the sender's house")
