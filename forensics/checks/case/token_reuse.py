"""Two different mails carry one queue id, signature or network id: a server makes each of these once."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks._facts import cite_bytes, settled
from forensics.checks._groups import joined
from forensics.checks._subjects import bare_subject
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.model.locations import Location
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Evidence,
    Has,
    Observation,
    Proposition,
    Role,
    Rule,
    Sentence,
    State,
    Strength,
    Subject,
    SubjectRef,
)

RULE = Rule(
    id="case.token_reuse",
    version=2,
    title="A server's id or signature on two different mails",
    subject=Subject.MESSAGE,
    needs=Has.TRACE_TIME_1,
    bins=(
        Bin("other_message"),
        Bin("other_subject"),
        Bin("other_body"),
        # Google and ZMailer gave one id to two patches of a series in one second: 3 pairs in 33,000 genuine mails.
        Bin("one_queue_id", ceiling=Strength.WEAK),
    ),
    group="copies",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.STRONG,
    benign=("list_copy", "id_by_chance", "resent", "resaved", "broken_client", "unsolicited"),
    settle="settle.relays",
    references=("RFC 5321 4.4", "RFC 6376 3.5", "kb:X-11", "kb:X-17", "kb:O-31", "kb:O-41", "kb:O-46"),
)

# A queue id counts with its host and its stamp: Postfix gives short ids again after months, sendmail 8.9 every day.
# What is only digits and dots is a version (Exchange) or a number that starts again.
QUERY = r"""
WITH whole AS (SELECT DISTINCT sha256 FROM occurrences WHERE status = 'parsed'),
hops AS (
    SELECT sha256, unnest(hops) AS hop, generate_subscripts(hops, 1) AS place
    FROM messages SEMI JOIN whole USING (sha256)),
tokens AS (
    SELECT sha256, 'queue id' AS kind, lower(hop."by") || ' ' || hop.id || ' ' || hop.instant AS token,
           encode(hop.id) AS raw, hop.id_start AS start, 'header:Received[' || (place - 1) || ']/id' AS path
    FROM hops WHERE hop.id_start > 0 AND hop.instant IS NOT NULL AND NOT regexp_full_match(hop.id, '[0-9.]+|.{1,5}')
    UNION ALL
    SELECT sha256, 'signature', hex(signature), value, value_start, 'header:DKIM-Signature[' || index || ']/b'
    FROM signatures SEMI JOIN whole USING (sha256) WHERE kind = 'dkim' AND octet_length(value) > 9 AND value_start > 0
    UNION ALL
    SELECT sha256, 'network id', hex(made.raw), made.raw, made.start, made.path
    FROM (SELECT sha256, unnest(timestamps) AS made FROM messages SEMI JOIN whole USING (sha256))
    WHERE made.path LIKE 'header:X-MS-Exch%-Message-Id[%'),
shared AS (SELECT token FROM tokens GROUP BY token HAVING count(DISTINCT sha256) > 1),
named AS (
    SELECT DISTINCT ON (token, sha256) * FROM tokens SEMI JOIN shared USING (token) ORDER BY token, sha256, path),
ways AS (
    SELECT sha256, string_agg("by" || ' ' || id || ' ' || instant, '|' ORDER BY place) AS way
    FROM (SELECT sha256, place, unnest(hop) FROM hops SEMI JOIN named USING (sha256)) GROUP BY sha256)
SELECT t.kind, t.token, t.raw, t.start, t.path, m.sha256, m.message_id, m.subject, m.body_sha256, m.list_id,
       coalesce(w.way, '') AS way, p.location
FROM named t
JOIN messages m USING (sha256) LEFT JOIN ways w USING (sha256)
JOIN (SELECT sha256, arg_min(location, location_text) AS location FROM occurrences GROUP BY sha256) p USING (sha256)
ORDER BY t.token, m.sha256
"""

MOST = 20
"""Mails named for one group; more of them are a program's constant, not copies."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One token on one mail that another mail carries too."""

    kind: str
    """``queue id``, ``signature`` or ``network id``."""
    token: str
    raw: bytes
    start: int
    path: str
    sha256: str
    message_id: str
    subject: str
    body_sha256: str
    list_id: str
    way: str
    """Hosts, ids and stamps of all trace fields, newest first."""
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Join mails that share a token, and report the groups that hold different mails."""
    for group in joined(rows):
        mails: dict[tuple[str, str], Row] = {}
        for row in group:
            mails.setdefault((bare_subject(row.subject), row.body_sha256), row)
        name = _bin(mails, group)
        if name:
            yield _observation(name, list(mails.values())[:MOST], len(mails), group)


def _bin(mails: dict[tuple[str, str], Row], group: list[Row]) -> str:
    """How different the mails of a group are; a list's footer is no difference, one delivery has one text."""
    ways = {row.way for row in mails.values()}
    name = "other_body" if len(mails) > 1 and len(ways) == 1 and "" not in ways else ""
    if len({subject for subject, _ in mails}) > 1:
        name = "other_subject"
    if len({row.message_id for row in mails.values()}) > 1:
        name = "other_message"
    by_queue = len({row.token for row in group}) == 1 and group[0].kind == "queue id"
    return "one_queue_id" if name and by_queue and len(ways) > 1 and all("|" in way for way in ways) else name


def _observation(name: str, copies: list[Row], count: int, group: list[Row]) -> Observation:
    first, shown = copies[0], {row.sha256 for row in copies}
    values = {
        "kinds": ", ".join(sorted({row.kind for row in group})),
        "count": str(count),
        "tokens": str(len({row.token for row in group})),
    }
    values |= {"id": _text(first), "subject": first.subject[:120], "other": copies[1].subject[:120]}
    return Observation(
        sentence=Sentence(f"rule.{RULE.id}.{name}", values),
        bin=name,
        evidence=tuple([_cite(row) for row in group if row.sha256 in shown][: 2 * MOST]),
        suspect=first.path,
        subjects=tuple([SubjectRef(role=Role.EITHER, sha256=c.sha256, location=c.location) for c in copies]),
        benign=tuple(_causes(name, copies, count)),
    )


def _causes(name: str, copies: list[Row], count: int) -> Iterator[BenignState]:
    if count > MOST:
        yield settled("broken_client", State.EXPLAINS, "constant_token", count=count)
    if name != "one_queue_id":
        yield settled("id_by_chance", State.EXCLUDED, "more_than_one_id")
    if len({copy.list_id for copy in copies}) == 1:
        yield settled("list_copy", State.EXCLUDED, "one_list" if copies[0].list_id else "no_list")


def _text(row: Row) -> str:
    return row.raw.decode("utf-8", "replace")


def _cite(row: Row) -> Evidence:
    return cite_bytes(row.path, row.kind, _text(row), row.raw, row.start, Role.EITHER, row.sha256, row.location)


def _row(number: int, subject: str = "Minutes", body: str = "b", identifier: str = "1", way: str = "a") -> Row:
    return Row(
        kind="queue id",
        token="mx.example 4XyZ12 1",
        raw=b"4XyZ12",
        start=40,
        path="header:Received[0]/id",
        sha256=f"{number:064}",
        message_id=f"{identifier}@example.org",
        subject=subject,
        body_sha256=body,
        list_id="",
        way=way,
        location=location(f"leak/{number}.eml"),
    )


def cases() -> Iterator[Case]:
    """Cases of one token on several mails."""
    yield fires((_row(1), _row(2, "Invoice", "c", "2")), "one queue id, two mails", bin="other_message")
    yield fires((_row(1), _row(2, "Invoice", "c")), "the Message-ID was kept too", bin="other_subject")
    yield fires((_row(1), _row(2, body="c")), "one delivery with two texts", bin="other_body")
    one = (_row(1, way="a 4XyZ12 1|b 77 1"), _row(2, "Invoice", "c", "2", "a 4XyZ12 1|b 78 1"))
    yield fires(one, "one queue id of several", bin="one_queue_id")
    yield silent((_row(1), _row(2)), "two copies of one mail")
    yield silent((_row(1), _row(2, "[board] Minutes", "c", way="x")), "a direct copy and the list's, with its footer")
    many = tuple([_row(number, "Hello", str(number)) for number in range(30)])
    yield explained(many, "a server that gives every mail one id", by="broken_client")
