"""Copies of one text to different readers differ in nothing but signs, spaces, links or letters that look alike."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks._facts import cite_field, counts
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
    id="case.marked_copies",
    version=1,
    title="Copies that differ for each reader",
    subject=Subject.MESSAGE,
    needs=Has.FROM | Has.MESSAGE_ID,
    bins=(Bin("all_differ"), Bin("some_differ")),
    group="marks",
    compare_with="sender",
    proposition=Proposition.HIDDEN_MARK,
    ceiling=Strength.WEAK,
    benign=("newsletter_links", "resent", "converted_text", "unsolicited"),
    settle="settle.correspondents_copy",
    references=("kb:I-11", "kb:I-12", "kb:X-07"),
)

MOST = 20
"""Copies named for one text."""

# Letters count, with the subject and the sender; readers are those of To, Cc and Delivered-To.
QUERY = """
WITH texts AS (
    SELECT sha256, lower(from_address) || ' ' || subject || ' ' || letters_sha256 AS text,
           lower(from_address) AS sender, subject, body_sha256, message_id, message_id_raw, message_id_start,
           array_to_string(list_sort(list_distinct(
               [lower(p.address) FOR p IN parties IF p.field IN ('to', 'cc', 'delivered-to')])), ' ') AS readers
    FROM messages WHERE letters_sha256 <> '' AND from_address <> ''),
several AS (
    SELECT text FROM texts GROUP BY text
    HAVING count(DISTINCT body_sha256) > 1 AND count(DISTINCT readers) > 1)
SELECT t.text, t.sha256, t.sender, t.subject, t.body_sha256, t.readers, t.message_id, t.message_id_raw,
       t.message_id_start, p.location
FROM texts t SEMI JOIN several USING (text)
JOIN (SELECT sha256, arg_min(location, location_text) AS location FROM occurrences GROUP BY sha256) p USING (sha256)
ORDER BY t.text, t.sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One copy of a text of which another reader got other bytes."""

    text: str
    sha256: str
    sender: str
    subject: str
    body_sha256: str
    readers: str
    message_id: str
    message_id_raw: bytes
    message_id_start: int | None
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report a text once: the copies for one reader are the same, and those of two readers are not."""
    for _, found in groupby(rows, key=lambda row: row.text):
        copies = list(found)
        bodies: dict[str, set[str]] = {}
        for copy in copies:
            bodies.setdefault(copy.readers, set()).add(copy.body_sha256)
        if any(len(one) > 1 for one in bodies.values()):
            continue  # the same reader got two versions: no mark of readers
        kinds = {next(iter(one)) for one in bodies.values()}
        if len(kinds) > 1:
            yield _observation(copies, len(bodies), len(kinds))


def _observation(copies: list[Row], readers: int, kinds: int) -> Observation:
    first = copies[0]
    values = {"sender": first.sender[:120], "subject": first.subject[:120], "n": str(readers), "kinds": str(kinds)}
    named = [copy for copy in copies[:MOST] if copy.message_id_start is not None]
    return Observation(
        sentence=Sentence(f"rule.{RULE.id}", values),
        bin="all_differ" if kinds == readers else "some_differ",
        evidence=tuple(
            [
                cite_field(
                    "Message-ID",
                    copy.message_id[:200],
                    copy.message_id_raw,
                    copy.message_id_start or 0,
                    Role.EITHER,
                    copy.sha256,
                    copy.location,
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
        compare=first.sender,
    )


def cases() -> Iterator[Case]:
    """Cases of copies for two and three readers."""

    def row(number: int, reader: str, body: str) -> Row:
        return Row(
            text="anna@example.org Minutes abc",
            sha256=f"{number:064}",
            sender="anna@example.org",
            subject="Minutes",
            body_sha256=body * 64,
            readers=f"{reader}@example.org",
            message_id=f"{number}@example.org",
            message_id_raw=f"Message-ID: <{number}@example.org>\r\n".encode(),
            message_id_start=0,
            location=location(f"leak/{number}.eml"),
        )

    two = (row(1, "ben", "1"), row(2, "eva", "2"))
    yield fires(two, "two readers, two versions", bin="all_differ")
    yield fires((*two, row(3, "max", "2")), "three readers, two versions", bin="some_differ")
    yield silent((row(1, "ben", "1"), row(2, "ben", "2"), row(3, "eva", "1")), "one reader got both")
