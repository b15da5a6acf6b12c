"""Two mails with different content carry the same Message-ID, which a program gives once."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks._facts import cite_field, settled
from forensics.checks._subjects import bare_subject
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.model.locations import Location
from forensics.model.rules import (
    Aggregate,
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
    id="case.message_id_reuse",
    version=2,
    title="One Message-ID on different mails",
    subject=Subject.MESSAGE,
    needs=Has.MESSAGE_ID,
    bins=(Bin("other_subject"), Bin("other_body")),
    group="copies",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("list_copy", "resent", "resaved", "broken_client", "unsolicited"),
    settle="settle.correspondents_copy",
    references=("RFC 5322 3.6.4", "kb:X-07", "kb:O-41"),
)

MOST = 20
"""Different mails named for one identifier; more of them are one program's constant, not copies."""

# A mail that was cut off or damaged on the way to us is no other version of a mail: only wholly read ones are compared.
QUERY = """
WITH whole AS (SELECT DISTINCT sha256 FROM occurrences WHERE status = 'parsed')
SELECT m.message_id, m.sha256, m.subject, m.body_sha256, m.list_id, m.message_id_raw, m.message_id_start,
       m.subject_raw, m.subject_start, o.location
FROM (SELECT * FROM messages SEMI JOIN whole USING (sha256)) m
JOIN (SELECT sha256, arg_min(location, location_text) AS location FROM occurrences GROUP BY sha256) o USING (sha256)
WHERE m.message_id IN (
    SELECT message_id FROM messages SEMI JOIN whole USING (sha256)
    WHERE message_id <> '' GROUP BY message_id HAVING count(DISTINCT sha256) > 1)
ORDER BY m.message_id, m.sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose identifier another mail carries too."""

    message_id: str
    sha256: str
    subject: str
    body_sha256: str
    list_id: str
    message_id_raw: bytes
    message_id_start: int | None
    subject_raw: bytes
    subject_start: int | None
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Part the mails of one identifier by subject and body; copies that differ in neither are not even named."""
    for identifier, found in groupby(rows, key=lambda row: row.message_id):
        kinds: dict[tuple[str, str], Row] = {}
        for row in found:
            kinds.setdefault((bare_subject(row.subject), row.body_sha256), row)
        if len(kinds) > 1:
            yield _observation(identifier, kinds)


def _observation(identifier: str, kinds: dict[tuple[str, str], Row]) -> Observation:
    copies = list(kinds.values())
    subjects = {subject for subject, _ in kinds}
    name = "other_subject" if len(subjects) > 1 else "other_body"
    values = {"id": identifier[:200], "count": str(len(copies)), "subject": copies[0].subject[:120]}
    return Observation(
        sentence=Sentence(f"rule.{RULE.id}.{name}", values | {"other": copies[1].subject[:120]}),
        bin=name,
        evidence=tuple([fact for copy in copies[:MOST] for fact in _evidence(copy)]),
        suspect="header:Message-ID[0]",
        subjects=tuple([SubjectRef(role=Role.EITHER, sha256=c.sha256, location=c.location) for c in copies[:MOST]]),
        aggregates=(_bodies(identifier, copies),),
        benign=tuple(_causes(copies, name)),
    )


def _bodies(identifier: str, copies: list[Row]) -> Aggregate:
    """Say how many bodies there are: digests over decoded parts, which no range of the mail holds."""
    digests = sorted({copy.body_sha256 for copy in copies})
    return Aggregate(
        role=Role.EITHER,
        label="different bodies among these mails, by SHA-256 once decoded",
        query=f"{RULE.id}#body_sha256",
        parameters={"message_id": identifier[:200], "body_sha256": " ".join(digests[:MOST])},
        n=len(copies),
        k=len(digests),
        sample=tuple([copy.sha256 for copy in copies[:5]]),
    )


def _causes(copies: list[Row], name: str) -> Iterator[BenignState]:
    lists = {copy.list_id for copy in copies}
    if len(lists) == 1:
        yield settled("list_copy", State.EXCLUDED, "one_list" if "" not in lists else "no_list")
    elif name == "other_body" and len(lists) == len(copies):
        yield settled("list_copy", State.EXPLAINS, "lists_differ")
    if len(copies) > MOST:
        yield settled("broken_client", State.EXPLAINS, "constant_id", count=len(copies))


def _evidence(row: Row) -> Iterator[Evidence]:
    fields = (
        ("Message-ID", row.message_id, row.message_id_raw, row.message_id_start),
        ("Subject", row.subject, row.subject_raw, row.subject_start),
    )
    for label, value, raw, start in fields:
        if start is not None:
            yield cite_field(label, value[:200], raw, start, Role.EITHER, row.sha256, row.location)


def _row(number: int, subject: str = "Minutes", body: str = "b", list_id: str = "") -> Row:
    return Row(
        message_id="1@example.org",
        sha256=f"{number:064}",
        subject=subject,
        body_sha256=body,
        list_id=list_id,
        message_id_raw=b"Message-ID: <1@example.org>\r\n",
        message_id_start=0,
        subject_raw=f"Subject: {subject}\r\n".encode(),
        subject_start=29,
        location=location(f"leak/{number}.eml"),
    )


def cases() -> Iterator[Case]:
    """Cases of copies, lawful and not."""
    yield fires((_row(1), _row(2, "Invoice")), "two subjects", bin="other_subject")
    yield fires((_row(1), _row(2, body="c")), "one subject, two bodies", bin="other_body")
    yield silent((_row(1), _row(2)), "the sent and the received copy: same subject and body")
    yield silent((_row(1), _row(2, "[board] Minutes", list_id="board.example")), "a list's tag in the subject")
    copies = (_row(1), _row(2, body="c", list_id="board.example"))
    yield explained(copies, "a direct copy and the list's, with its footer", by="list_copy")
    many = tuple([_row(number, body=str(number)) for number in range(30)])
    yield explained(many, "a program that gives every mail one identifier", by="broken_client")
