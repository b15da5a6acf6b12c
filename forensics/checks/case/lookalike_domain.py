"""A rare domain of a sender looks like one that this archive's people write from every day."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

import msgspec
from rapidfuzz.distance import OSA

from forensics.checks._domains import house, within
from forensics.checks._facts import cite_bytes, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.knowledge.confusables import skeleton
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
    id="case.lookalike_domain",
    version=1,
    title="Domain that looks like a correspondent's",
    subject=Subject.MESSAGE,
    needs=Has.FROM,
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
    settle="settle.mailbox_owner",
    references=("UTS #39 4", "kb:I-05", "kb:I-06", "kb:O-47"),
)

# Of whoever sends, signs or is to be answered; a signer's place is its signature's.
QUERY = """
WITH mails AS (SELECT sha256, parties FROM messages),
named AS (
    SELECT sha256, p.field AS field, lower(p.domain) AS domain, p.address AS shown, p.raw AS raw, p.start AS start
    FROM (SELECT sha256, unnest(parties) AS p FROM mails) WHERE p.domain <> ''
    UNION ALL
    SELECT sha256, 'dkim-signature', lower(domain), domain, value, value_start
    FROM signatures SEMI JOIN mails USING (sha256)
    WHERE kind = 'dkim' AND domain <> ''),
counted AS (SELECT domain, count(DISTINCT sha256) AS n FROM named GROUP BY domain),
placed AS (
    SELECT DISTINCT ON (n.domain, n.sha256) n.*, c.n AS n FROM named n JOIN counted c USING (domain)
    WHERE c.n <= 3 AND n.start IS NOT NULL ORDER BY n.domain, n.sha256, n.field)
SELECT domain, n, sha256, field, shown, raw, start, p.location
FROM placed JOIN (SELECT sha256, arg_min(location, location_text) AS location FROM occurrences GROUP BY sha256) p
    USING (sha256)
UNION ALL SELECT domain, n, '', '', '', ''::BLOB, NULL, NULL FROM counted WHERE n >= 20
ORDER BY ALL
"""

RARE, KNOWN = 3, 20
"""Mails: of a domain that is looked at, of one that it could be taken for (as in the query)."""
LEAST_LETTERS, LEAST_WORD = 6, 7
"""Of a name whose neighbours of one letter are few, and of one that is no common word."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A rare domain on one mail, or, without a mail, a known one."""

    domain: str
    n: int
    sha256: str
    field: str
    shown: str
    raw: bytes
    start: int | None
    location: Location | None


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Hold every rare domain against all known ones."""
    rare: list[tuple[Row, Location]] = []
    known: dict[str, int] = {}
    for row in rows:
        if row.location is not None:
            rare.append((row, row.location))
        else:
            name = house(row.domain)
            known[name] = max(known.get(name, 0), row.n)
    looks = {domain: skeleton(domain) for domain in known}
    for row, at in rare:
        found = _likeness(_written(row.domain), known, looks)
        if found is not None:
            yield _observation(row, at, found[0], found[1], known[found[1]])


def _likeness(domain: str, known: dict[str, int], looks: dict[str, str]) -> tuple[str, str] | None:
    """Return the bin and the known domain that a domain could be taken for."""
    own = house(domain)
    if own in known:
        return None
    look = skeleton(own)
    name, _, ending = own.partition(".")
    for other in known:
        if looks[other] == look:
            return ("same_look" if own.isascii() else "mixed_scripts"), other
        word, _, other_ending = other.partition(".")
        if len(word) >= LEAST_LETTERS and ending == other_ending and OSA.distance(name, word, score_cutoff=1) == 1:
            return "one_letter", other
        if len(word) >= LEAST_WORD and name != word and (_has_word(name, word) or within(domain, f"{other}.{own}")):
            return "added_word", other
        if len(word) >= LEAST_WORD and name == word:
            return "other_ending", other
    return None


def _has_word(name: str, word: str) -> bool:
    return f"-{skeleton(word)}-" in f"-{skeleton(name)}-"


def _written(domain: str) -> str:
    """A domain with its ``xn--`` labels as people see them."""
    labels = []
    for label in domain.split("."):
        if label.startswith("xn--"):
            with suppress(UnicodeError):
                label = label[4:].encode("ascii").decode("punycode")
        labels.append(label)
    return ".".join(labels)


def _observation(row: Row, at: Location, name: str, other: str, n: int) -> Observation:
    values = {"domain": _written(row.domain)[:200], "known": other, "n": str(n), "field": row.field, "rare": str(row.n)}
    path = f"header:{row.field}[0]"
    return Observation(
        sentence=Sentence(f"rule.{RULE.id}.{name}", values),
        bin=name,
        evidence=(cite_bytes(path, row.field, row.shown, row.raw, row.start or 0, Role.SUSPECT, row.sha256, at),),
        suspect=path,
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=at),),
        aggregates=(counts(RULE, "mails with the known domain", {"domain": other}, n=n),),
    )


def _known(domain: str, n: int = 200) -> Row:
    return Row(domain=domain, n=n, sha256="", field="", shown="", raw=b"", start=None, location=None)


def _rare(domain: str) -> Row:
    return Row(
        domain=domain,
        n=1,
        sha256="0" * 64,
        field="from",
        shown=f"anna@{domain}",
        raw=f"anna@{domain}".encode(),
        start=6,
        location=location(),
    )


def cases() -> Iterator[Case]:
    """Cases of each likeness."""
    known = _known("elan-garrigue.example")
    yield fires((known, _rare("e1an-garrigue.example")), "a digit in the place of a letter", bin="same_look")
    yield fires((known, _rare("xn--lan-garrigue-rck.example")), "a Cyrillic letter", bin="mixed_scripts")
    yield fires((known, _rare("elan-garigue.example")), "a letter left out", bin="one_letter")
    yield fires((known, _rare("mail-elan-garrigue.example")), "a word before it", bin="added_word")
    yield fires((known, _rare("elan-garrigue.example.login.test")), "as the left part of another", bin="added_word")
    yield fires((known, _rare("elan-garrigue.test")), "another ending", bin="other_ending")
    yield silent((known, _rare("mail.elan-garrigue.example")), "a host of the same house")
    yield silent((known, _rare("garrigue.example")), "another name")
