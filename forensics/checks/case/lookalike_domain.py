"""A rare domain of a sender looks like one that this archive's people write from every day."""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, counts, settled
from forensics.checks._likeness import Known, written
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.knowledge.suffixes import organization
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.lookalike_domain",
    version=2,
    title="Domain that looks like a correspondent's",
    subject=Subject.MESSAGE,
    needs=MessageHas.FROM,
    bins=(
        Bin("same_look"),
        Bin("mixed_scripts"),
        Bin("one_letter", ceiling=Strength.MODERATE),
        Bin("added_word", ceiling=Strength.MODERATE),
        Bin("other_ending", ceiling=Strength.WEAK),
    ),
    group="identity",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.STRONG,
    benign=("own_other_domain", "unsolicited"),
    settle=settle.MAILBOX_OWNER,
    references=("UTS #39 4", "kb:I-05", "kb:I-06", "kb:O-47"),
)

_SAID = {
    "same_look": says(
        "rule.case.lookalike_domain.same_look",
        one=(
            "{domain}, in {field}, stands in {rare} mail(s) of this archive and looks like {known}, which stands "
            "in {n}."
        ),
    ),
    "mixed_scripts": says(
        "rule.case.lookalike_domain.mixed_scripts",
        one="{domain}, in {field}, has letters of another script and looks like {known}, which appears in {n} mails.",
    ),
    "one_letter": says(
        "rule.case.lookalike_domain.one_letter",
        one=(
            "{domain}, in {field}, stands in {rare} mail(s) of this archive and is one letter, or one swap of "
            "letters, away from {known}, which stands in {n}."
        ),
    ),
    "added_word": says(
        "rule.case.lookalike_domain.added_word",
        one=(
            "{domain}, in {field}, stands in {rare} mail(s) of this archive and holds the name of {known}, which "
            "stands in {n}."
        ),
    ),
    "other_ending": says(
        "rule.case.lookalike_domain.other_ending",
        one=(
            "{domain}, in {field}, stands in {rare} mail(s) of this archive and has the name of {known}, which "
            "stands in {n}, under another ending."
        ),
    ),
}
_SENT_BY_KNOWN = says("note.sent_by_known", one="Its trace names {server}, a server of {known}.")

ROWS_NEEDED = {"messages": 2}

# Of whoever sends, signs or is to be answered: a reader's address is typed by hand, and slips are no disguise. A signer
# stands where its signature does. Every field counts for how well a domain is known.
QUERY = """
WITH named AS (
    SELECT item, "domain" FROM flat.parties WHERE "domain" <> ''
    UNION ALL
    SELECT item, "domain" FROM flat.signatures SEMI JOIN flat.mails USING (item)
    WHERE kind = 'dkim' AND "domain" <> ''),
counted AS MATERIALIZED (SELECT "domain", count(DISTINCT item) AS n FROM named GROUP BY "domain"),
rare AS MATERIALIZED (SELECT * FROM counted WHERE n <= 3),
signed AS (SELECT sha256, index, "domain", b FROM signatures WHERE kind = 'dkim' AND b.start IS NOT NULL),
senders AS (
    SELECT item, field, "domain", shown, written, place FROM flat.parties SEMI JOIN rare USING ("domain")
    WHERE written.start IS NOT NULL
      AND field IN ('from', 'sender', 'reply-to', 'return-path', 'resent-from', 'resent-sender')
    UNION ALL
    SELECT item, 'dkim-signature', s."domain", w."domain", w.b, s.index
    FROM flat.signatures s SEMI JOIN rare USING ("domain") JOIN flat.items USING (item)
    JOIN signed w USING (sha256, index) WHERE s.kind = 'dkim' AND s.start IS NOT NULL),
placed AS MATERIALIZED (
    SELECT DISTINCT ON ("domain", item) * FROM senders ORDER BY "domain", item, field, place),
traces AS (
    SELECT item, list_concat(list("by" ORDER BY place), list("from" ORDER BY place)) AS servers
    FROM flat.hops SEMI JOIN placed USING (item) GROUP BY item)
SELECT "domain", n, sha256, field, shown, written, location, coalesce(servers, []) AS servers
FROM placed JOIN rare USING ("domain") JOIN flat.items USING (item) LEFT JOIN traces USING (item)
UNION ALL SELECT "domain", n, '', '', '', NULL, NULL, [] FROM counted WHERE n >= 20
ORDER BY ALL
"""

RARE, KNOWN = 3, 20
"""Mails: of a domain that is looked at, of one that it could be taken for (as in the query)."""
_NAMED = re.compile(r"[a-z0-9-]{1,63}+(?:\.[a-z0-9-]{1,63}+){1,8}+")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A rare domain on one mail, or, without a mail, a known one."""

    domain: str
    n: int
    sha256: str
    field: str
    shown: str
    written: LocatedRow | None
    location: Location | None
    servers: list[str]
    """Of its trace, as each names itself and is named by the next."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Hold every rare domain against all known ones."""
    rare: list[tuple[Row, Location]] = []
    known: dict[str, int] = {}
    for row in rows:
        if row.location is not None:
            rare.append((row, row.location))
        else:
            name = organization(row.domain)
            known[name] = max(known.get(name, 0), row.n)
    likeness = Known(known)
    for row, at in rare:
        found = likeness.find(written(row.domain))
        if found is not None:
            yield _observation(row, at, found[0], found[1], known[found[1]])


def _observation(row: Row, at: Location, name: str, other: str, n: int) -> Observation:
    values = {"domain": written(row.domain)[:200], "known": other, "n": str(n), "field": row.field, "rare": str(row.n)}
    path, where = f"header:{row.field}[0]", (Role.SUSPECT, row.sha256, at)
    cited = cite_located(row.field, row.written, *where, value=row.shown, path=path) if row.written else None
    return Observation(
        sentence=_SAID[name](**values),
        bin=name,
        evidence=(cited,) if cited is not None else (),
        suspect=path,
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=at),),
        aggregates=(counts(RULE, "mails with the known domain", {"domain": other}, n=n),),
        benign=tuple(_causes(row, name, other)),
    )


def _causes(row: Row, name: str, other: str) -> Iterator[BenignState]:
    """Firms send for their branches in other countries; a name that only looks alike is no firm's second one."""
    if name == "other_ending" and (server := _server_of(row.servers, other)):
        yield settled("own_other_domain", State.EXPLAINS, _SENT_BY_KNOWN(server=server, known=other))


def _server_of(servers: Sequence[str], owner: str) -> str:
    """Return the first host of an owner that a trace names; empty if there is none."""
    named = (found[0] for one in servers for found in _NAMED.finditer(one.lower()))
    return next((host for host in named if organization(host) == owner), "")


def _known(domain: str, n: int = 200) -> Row:
    return Row(domain=domain, n=n, sha256="", field="", shown="", written=None, location=None, servers=[])


def _rare(domain: str, *servers: str) -> Row:
    return Row(
        domain=domain,
        n=1,
        sha256="0" * 64,
        field="from",
        shown=f"anna@{domain}",
        written=located_row(f"anna@{domain}", "header:From[0]", start=6),
        location=location(),
        servers=list(servers),
    )


def cases() -> Iterator[Case]:
    """Cases of each likeness."""
    known = _known("elan-garrigue.example")
    yield fires((known, _rare("e1an-garrigue.example")), "a digit in the place of a letter", bin="same_look")
    yield fires((known, _rare("xn--lan-garrigue-rck.example")), "a Cyrillic letter", bin="mixed_scripts")
    yield fires((known, _rare("elan-garigue.example")), "a letter left out", bin="one_letter")
    yield fires((_known("garrigue.test"), _rare("xn--garrgue-bza.test")), "an accent is a letter", bin="one_letter")
    yield fires((known, _rare("mail-elan-garrigue.example")), "a word before it", bin="added_word")
    yield fires((known, _rare("elan-garrigue.example.login.test")), "as the left part of another", bin="added_word")
    yield fires((known, _rare("elan-garrigue.test")), "another ending", bin="other_ending")
    sent = ("mx.example.net", "out.elan-garrigue.example (out.elan-garrigue.example [192.0.2.1])")
    yield explained((known, _rare("elan-garrigue.test", *sent)), "by way of the firm's server", by="own_other_domain")
    yield fires((known, _rare("elan-garrigue-support.test", *sent)), "a made-up trace is no excuse", bin="added_word")
    hosted = _known("elan-garrigue.github.io")
    yield fires((hosted, _rare("e1an-garrigue.github.io")), "another customer of one hoster", bin="same_look")
    yield fires((known, _rare("secure-e1an-garrigue.test")), "a digit and a word", bin="added_word")
    yield silent((known, _rare("mail.elan-garrigue.example")), "a host of the same organization")
    yield silent((_known("williams.test"), _rare("service.williams-sonoma.test")), "one name in another owner's")
    yield silent((_known("example.com"), _rare("aquila.el-example.org")), "a word of another name")
    yield silent((_known("webmail-services.test"), _rare("webmail-services.example")), "no name, only common words")
    yield silent((_known("mailout21.test"), _rare("mailout24.test")), "two of a series")
    yield silent((known, _rare("garrigue.example")), "another name")
