"""Two mails with different content carry the same Message-ID, which a program gives once."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec
from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._constants import MOST, constant_id
from forensics.checks._copies import TEXTS, different, one_body
from forensics.checks._facts import DAY, cite_located, settled
from forensics.checks._reasons import NO_LIST, ONE_LIST
from forensics.checks._returned import WHOLE
from forensics.checks._subjects import bare_subject, framed, tagged
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rules import (
    Aggregate,
    BenignState,
    Bin,
    Context,
    Evidence,
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
    id="case.message_id_reuse",
    version=3,
    title="One Message-ID on different mails",
    subject=Subject.MESSAGE,
    needs=MessageHas.MESSAGE_ID,
    bins=(Bin("other_subject"), Bin("other_body")),
    group="copies",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("list_copy", "tagged_subject", "resent", "resaved", "broken_client", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6.4", "kb:X-07", "kb:O-41"),
)

_SAID = {
    "other_subject": says(
        "rule.case.message_id_reuse.other_subject",
        one='{count} different mails carry the Message-ID {id}, under different subjects: "{subject}" and "{other}".',
    ),
    "one_body": says(
        "rule.case.message_id_reuse.one_body",
        one=(
            '{count} mails with the same text carry the Message-ID {id}, under different subjects: "{subject}" '
            'and "{other}".'
        ),
    ),
    "tagged": says(
        "rule.case.message_id_reuse.tagged",
        one=(
            "{count} mails carry the Message-ID {id}, with different bodies, under subjects that are the same "
            'except for a tag: "{subject}" and "{other}".'
        ),
    ),
    "other_body": says(
        "rule.case.message_id_reuse.other_body",
        one='{count} mails carry the Message-ID {id} and the subject "{subject}", with different bodies.',
    ),
}
_NO_TAG = says("note.no_tag", one="The subjects differ in more than words added before or after one of them.")
_LISTS_DIFFER = says(
    "note.lists_differ",
    one=(
        "The copies came by different routes, directly and through lists, and lists add text to bodies. Whether "
        "they differ in more than such text was not tested."
    ),
)
_ONE_BODY = says(
    "note.one_body",
    one="The bodies have the same text, and the subjects are the same except for words added before or after.",
)

ROWS_NEEDED = {"messages": 2}

QUERY = f"""
WITH {WHOLE},
repeated AS (SELECT message_id FROM flat.mails WHERE message_id <> '' GROUP BY ALL HAVING count(*) > 1),
found AS MATERIALIZED (
    SELECT sha256, location, written_id, message_id, body_sha256, list_id, sender, instant, arrived
    FROM flat.mails SEMI JOIN repeated USING (message_id) SEMI JOIN whole USING (item) JOIN flat.items USING (item)
    QUALIFY count(*) OVER (PARTITION BY message_id) > 1),
sought AS (SELECT unnest(list(sha256)) AS sha256 FROM found),
read AS MATERIALIZED (SELECT sha256, subject, {TEXTS} FROM messages SEMI JOIN sought USING (sha256))
SELECT written_id AS message_id, sha256, subject, body_sha256, list_id, sender, instant AS dated, arrived, texts, files,
       location
FROM found f JOIN read USING (sha256)
ORDER BY f.message_id, sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose identifier another mail carries too."""

    message_id: LocatedRow
    sha256: str
    subject: LocatedRow
    body_sha256: str
    list_id: str
    sender: str
    dated: int | None
    arrived: int | None
    texts: tuple[str, ...]
    files: str
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Part the mails of one identifier by subject and content; copies that differ in neither are not even named."""
    for identifier, found in groupby(rows, key=lambda row: row.message_id.value):
        copies = different(found)
        if len(copies) > 1:
            yield _observation(identifier, copies)


def _observation(identifier: str, copies: list[Row]) -> Observation:
    subjects = {bare_subject(copy.subject.value) for copy in copies}
    name, wording = _bin(copies, subjects)
    values = {"id": identifier[:200], "count": str(len(copies)), "subject": copies[0].subject.value[:120]}
    other = next(
        (copy for copy in copies if bare_subject(copy.subject.value) != bare_subject(copies[0].subject.value)),
        copies[1],
    )
    return Observation(
        sentence=_SAID[wording](**values, other=other.subject.value[:120]),
        bin=name,
        evidence=tuple([fact for copy in copies[:MOST] for fact in _evidence(copy, alike=len(subjects) == 1)]),
        suspect="header:Message-ID[0]",
        subjects=tuple([SubjectRef(role=Role.EITHER, sha256=c.sha256, location=c.location) for c in copies[:MOST]]),
        aggregates=() if wording == "one_body" else (_bodies(identifier, copies),),
        benign=tuple(_causes(identifier, copies, name)),
    )


def _bin(copies: list[Row], subjects: set[str]) -> tuple[str, str]:
    """Return the bin and the sentence: over two bodies a tagged subject is no other one."""
    if len(subjects) == 1:
        return "other_body", "other_body"
    if one_body(copies):
        return "other_subject", "one_body"
    return ("other_body", "tagged") if framed(subjects) else ("other_subject", "other_subject")


def _bodies(identifier: str, copies: list[Row]) -> Aggregate:
    """Say how many bodies there are: digests over decoded parts, which no range of the mail holds."""
    digests = sorted({copy.body_sha256 for copy in copies})
    return Aggregate(
        role=Role.EITHER,
        label="different bodies among these mails, by SHA-256 after decoding",
        query=f"{RULE.id}#body_sha256",
        parameters={"message_id": identifier[:200], "body_sha256": " ".join(digests[:MOST])},
        n=len(copies),
        k=len(digests),
        sample=tuple([copy.sha256 for copy in copies[:5]]),
    )


def _causes(identifier: str, copies: list[Row], name: str) -> Iterator[BenignState]:
    lists = {copy.list_id for copy in copies}
    if len(lists) == 1:
        yield settled("list_copy", State.EXCLUDED, ONE_LIST() if "" not in lists else NO_LIST())
    elif name == "other_body" and len(lists) == len(copies):
        yield settled("list_copy", State.EXPLAINS, _LISTS_DIFFER())
    subjects = {bare_subject(copy.subject.value) for copy in copies}
    if not tagged(subjects):
        yield settled("tagged_subject", State.EXCLUDED, _NO_TAG())
    elif len(subjects) > 1 and one_body(copies):
        yield settled("tagged_subject", State.EXPLAINS, _ONE_BODY())
    if said := constant_id(identifier, [(copy.sender, copy.dated, copy.arrived) for copy in copies]):
        yield settled("broken_client", State.EXPLAINS, said(count=len(copies)))


def _evidence(row: Row, *, alike: bool) -> Iterator[Evidence]:
    where, role = (row.sha256, row.location), Role.EQUAL if alike else Role.EITHER
    if row.message_id.start is not None:
        yield cite_located("Message-ID", row.message_id, Role.EQUAL, *where, value=row.message_id.value[:200])
    if row.subject.start is not None:
        yield cite_located("Subject", row.subject, role, *where, value=row.subject.value[:200])


def _row(number: int, subject: str = "Minutes", body: str = "b", list_id: str = "", *texts: str) -> Row:
    identifier = "20170307.4711@example.org"
    return Row(
        message_id=_field("Message-ID", identifier),
        sha256=f"{number:064}",
        subject=_field("Subject", subject, 29),
        body_sha256=body,
        list_id=list_id,
        sender="anna@example.org",
        dated=9000 * DAY,
        arrived=None,
        texts=texts,
        files="",
        location=location(f"leak/{number}.eml"),
    )


def _field(name: str, value: str, start: int = 0) -> LocatedRow:
    return located_row(value, f"header:{name}[0]", raw=f"{name}: {value}\r\n".encode(), start=start)


def _jobs(count: int, identifier: str = "20170307.4711@example.org") -> tuple[Row, ...]:
    """Mails of one sender, of a day each."""
    mails = enumerate([_row(number, f"Job {number}", str(number)) for number in range(count)], start=9000)
    return tuple([replace(one, message_id=_field("Message-ID", identifier), dated=day * DAY) for day, one in mails])


def cases() -> Iterator[Case]:
    """Cases of copies, lawful and not."""
    yield fires((_row(1), _row(2, "Invoice")), "another subject over one text", bin="other_subject")
    yield fires((_row(1), _row(2, body="c")), "one subject, two bodies", bin="other_body")
    yield fires((_row(1), _row(2, "EXTERNAL: Minutes", "c")), "a tag, and two bodies", bin="other_body")
    yield fires(
        (_row(1, "A", "b", "", "p", "h"), _row(2, "A", "c", "", "p", "i")), "one text, two pages", bin="other_body"
    )
    yield silent((_row(1), _row(2)), "the sent and the received copy: same subject and body")
    yield silent((_row(1, "A", "b", "", "p"), _row(2, "A", "c", "", "p")), "one text in two charsets")
    yield silent((_row(1, "A", "b", "", "p", "h"), _row(2, "A", "c", "", "p")), "a copy without its page")
    yield silent((_row(1), _row(2, "[board] Minutes", list_id="board.example")), "a list's tag in the subject")
    yield explained((_row(1), _row(2, "***SPAM*** Minutes")), "a filter's tag", by="tagged_subject")
    copies = _row(1), _row(2, body="c", list_id="board.example")
    yield explained(copies, "a direct copy and the list's, with its footer", by="list_copy")
    many = tuple([_row(number, body=str(number)) for number in range(30)])
    yield explained(many, "a program that gives every mail one identifier", by="broken_client")
    yield explained(_jobs(3), "a device that gives its mails one identifier", by="broken_client")
    yield explained(_jobs(2, "systemmessage"), "a word for an identifier", by="broken_client")
    yield fires(_jobs(2), "two may be a mail and its change", bin="other_subject")
