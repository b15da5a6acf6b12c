"""Copies of one text to different readers differ in nothing but signs, spaces, links or letters that look alike."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, counts, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
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
    id="case.marked_copies",
    version=2,
    title="Copies that differ for each reader",
    subject=Subject.MESSAGE,
    needs=MessageHas.FROM | MessageHas.MESSAGE_ID,
    bins=(Bin("all_differ"), Bin("some_differ")),
    group="marks",
    compare_with="sender",
    proposition=Proposition.HIDDEN_MARK,
    ceiling=Strength.WEAK,
    benign=("newsletter_links", "resent", "converted_text", "unsolicited"),
    accuses=("body",),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:I-11", "kb:I-12", "kb:X-07"),
)

_SAID = says(
    "rule.case.marked_copies",
    one=(
        "{sender} sent “{subject}” to {n} different groups of readers in {kinds} versions with identical "
        "letters: they differ in punctuation, spaces, links, invisible characters or letters that look alike."
    ),
)
_LINKS_DIFFER = says(
    "note.links_differ",
    one=(
        "The words are the same; only links or fetched images differ: newsletters and invitations give each "
        "reader their own links."
    ),
)
_WHITE_SPACE = says(
    "note.white_space",
    one=(
        "The words and links are the same; only white space, line endings, character encoding or page markup "
        "differ. Programs change these in transit, and people send a text again; no three or more individual "
        "readers each have a version of their own."
    ),
)

MOST = 20
"""Copies named for one text."""
LEAST_READERS = 3
"""Single readers, each with white space of their own: two versions may be two ways, and a group names no reader."""

ROWS_NEEDED = {"messages": 2}

# Letters count, with the subject and the sender; readers are those of To, Cc and Delivered-To.
QUERY = """
WITH letters AS (
    SELECT letters_sha256 FROM flat.mails WHERE letters_sha256 <> '' AND sender <> '' AND NOT stored
    GROUP BY ALL HAVING min(body_sha256) < max(body_sha256)),
alike AS MATERIALIZED (
    SELECT item, sender, body_sha256, sender || ' ' || subject || ' ' || letters_sha256 AS text
    FROM flat.mails SEMI JOIN letters USING (letters_sha256) WHERE sender <> '' AND NOT stored),
addressed AS (
    SELECT item, list_sort(list(DISTINCT address)) AS readers
    FROM flat.parties SEMI JOIN alike USING (item) WHERE field IN ('to', 'cc', 'delivered-to') GROUP BY item),
texts AS MATERIALIZED (SELECT alike.*, coalesce(readers, []) AS readers FROM alike LEFT JOIN addressed USING (item)),
several AS (
    SELECT text FROM texts GROUP BY text
    HAVING count(DISTINCT body_sha256) > 1 AND count(DISTINCT readers) > 1),
copies AS MATERIALIZED (FROM texts SEMI JOIN several USING (text) JOIN flat.items USING (item)),
sought AS (SELECT unnest(list(sha256)) AS sha256 FROM copies),
read AS MATERIALIZED (
    SELECT sha256, subject, [t.words FOR t IN texts] AS words, [t.links FOR t IN texts] AS links, files_sha256 AS files
    FROM messages SEMI JOIN sought USING (sha256))
SELECT text, sha256, sender, subject, body_sha256, readers, words, links, files, location
FROM copies JOIN read USING (sha256)
ORDER BY text, sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One copy of a text of which another reader got other bytes."""

    text: str
    sha256: str
    sender: str
    subject: LocatedRow
    body_sha256: str
    readers: tuple[str, ...]
    words: tuple[str, ...]
    links: tuple[str, ...]
    """Of each of its texts; none in cases that keep no texts."""
    files: str
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report a text once: whoever got it got one version, and others another."""
    for _, found in groupby(rows, key=lambda row: row.text):
        copies = list(found)
        versions: dict[str, set[str]] = {}
        for copy in copies:
            for reader in copy.readers or ("",):
                versions.setdefault(reader, set()).add(copy.body_sha256)
        if any(len(one) > 1 for one in versions.values()):
            continue  # the same reader got two versions: no mark of readers
        groups = {copy.readers: copy.body_sha256 for copy in copies}
        if len(set(groups.values())) > 1:
            yield _observation(copies, len(groups), len(set(groups.values())))


def _observation(copies: list[Row], readers: int, kinds: int) -> Observation:
    first = copies[0]
    values = {
        "sender": first.sender[:120],
        "subject": first.subject.value[:120],
        "n": str(readers),
        "kinds": str(kinds),
    }
    named = [copy for copy in copies[:MOST] if copy.subject.start is not None]
    return Observation(
        sentence=_SAID(**values),
        bin="all_differ" if kinds == readers else "some_differ",
        evidence=tuple(
            [
                cite_located(
                    "Subject",
                    copy.subject,
                    Role.EQUAL,
                    copy.sha256,
                    copy.location,
                    value=copy.subject.value[:200],
                )
                for copy in named
            ]
        ),
        suspect="body",
        subjects=tuple([SubjectRef(role=Role.EITHER, sha256=c.sha256, location=c.location) for c in copies[:MOST]]),
        aggregates=(
            counts(
                RULE, "groups of readers, and different bodies among them", {"sender": first.sender}, n=readers, k=kinds
            ),
        ),
        benign=tuple(_causes(copies, kinds)),
    )


def _causes(copies: list[Row], kinds: int) -> Iterator[BenignState]:
    """Say where links alone differ, or how a text is written: programs wrap lines anew, people send a text again."""
    texts = {(copy.words, copy.files) for copy in copies}
    if len(texts) > 1 or () in {copy.words for copy in copies}:
        return
    if len({copy.links for copy in copies}) > 1:
        yield settled("newsletter_links", State.EXPLAINS, _LINKS_DIFFER())
    elif kinds < LEAST_READERS or any(len(copy.readers) > 1 for copy in copies):
        yield settled("converted_text", State.EXPLAINS, _WHITE_SPACE())


def cases() -> Iterator[Case]:
    """Cases of copies for two and three readers."""

    def row(number: int, reader: str, body: str, words: str = "", links: str = "") -> Row:
        return Row(
            text="anna@example.org Minutes abc",
            sha256=f"{number:064}",
            sender="anna@example.org",
            subject=located_row("Minutes", "header:Subject[0]", raw=b"Subject: Minutes\r\n"),
            body_sha256=body * 64,
            readers=tuple([f"{one}@example.org" for one in reader.split()]),
            words=(words or body,),
            links=(links,),
            files="",
            location=location(f"leak/{number}.eml"),
        )

    two = (row(1, "ben", "1"), row(2, "eva", "2"))
    yield fires(two, "two readers, two versions", bin="all_differ")
    yield fires((*two, row(3, "max", "2")), "three readers, two versions", bin="some_differ")
    yield silent((row(1, "ben", "1"), row(2, "ben", "2"), row(3, "eva", "1")), "one reader got both")
    yield silent((row(1, "ben", "1"), row(2, "ben eva", "2")), "one reader got both, once beside another")
    yield silent((row(1, "", "1"), row(2, "", "2"), row(3, "eva", "1")), "copies that name no reader")
    links = (row(1, "ben", "1", "w", "/1"), row(2, "eva", "2", "w", "/2"), row(3, "max", "3", "w", "/3"))
    yield explained(links, "a link for each reader", by="newsletter_links")
    wrapped = (row(1, "ben", "1", "w"), row(2, "eva", "2", "w"))
    yield explained(wrapped, "two versions that differ in white space", by="converted_text")
    groups = (row(1, "ben ian", "1", "w"), row(2, "eva", "2", "w"), row(3, "max", "3", "w"))
    yield explained(groups, "a group among the readers, white space alone", by="converted_text")
    spaces = (*wrapped, row(3, "max", "3", "w"))
    yield fires(spaces, "three readers, each with white space of their own", bin="all_differ")
