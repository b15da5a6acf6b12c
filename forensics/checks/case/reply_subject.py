"""The answers to a mail carry another subject than the mail.

Programs copy the subject of what they answer behind ``Re:``. People change it, but seldom, and two who answer one mail
never change it to the same.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located
from forensics.checks._subjects import bare_subject, framed, is_answer, letters
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
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
    id="case.reply_subject",
    version=1,
    title="Answers carry another subject than the mail",
    subject=Subject.MESSAGE,
    needs=MessageHas.REFERENCES,
    bins=(Bin("one"), Bin("two")),
    group="subject",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("new_subject", "tagged_subject"),
    accuses=("subject",),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6.5", "kb:X-03", "kb:O-25"),
)

_SAID = says(
    "rule.case.reply_subject",
    one='The subject of the mail is "{subject}", but the answer to it carries "{answer}".',
    many='The subject of the mail is "{subject}", but the answers of {n} people to it carry "{answer}".',
)

ROWS_NEEDED = {"messages": 2}

# What most pairs have in common is dropped here: the last letters of the mail's subject stand in the answer's.
QUERY = r"""
WITH single AS (
    SELECT min(item) AS parent, message_id AS id FROM flat.mails WHERE message_id <> ''
    GROUP BY message_id HAVING count(*) = 1),
pairs AS MATERIALIZED (
    SELECT DISTINCT l.item, s.parent FROM flat.links l JOIN single s USING (id) WHERE l.reply AND l.item <> s.parent),
compared AS MATERIALIZED (
    SELECT item, parent, contains(regexp_replace(lower(r.subject), '[^\p{L}\p{N}]+', '', 'g'),
        right(regexp_replace(lower(p.subject), '[^\p{L}\p{N}]+', '', 'g'), 24)) AS agrees
    FROM pairs JOIN flat.mails r USING (item) JOIN flat.mails p ON p.item = parent WHERE p.subject <> ''),
odd AS MATERIALIZED (
    SELECT item, parent FROM compared ANTI JOIN (SELECT parent FROM compared WHERE agrees) USING (parent))
SELECT i.sha256, r.sender, i.location, m.subject, pi.sha256 AS parent_sha256, pi.location AS parent_location,
       pm.subject AS parent_subject
FROM odd JOIN flat.items i USING (item) JOIN flat.items pi ON pi.item = parent JOIN flat.mails r USING (item)
JOIN messages m ON m.sha256 = i.sha256 JOIN messages pm ON pm.sha256 = pi.sha256
ORDER BY pi.sha256, r.date.instant, i.sha256
"""
MOST = 20
"""Answers named for one mail."""
CUT = 40
"""Letters of a subject that a program may have cut at the end of a line."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to a mail none of whose answers has the end of its subject."""

    sha256: str
    sender: str
    """In lower case."""
    location: Location
    subject: LocatedRow
    parent_sha256: str
    parent_location: Location
    parent_subject: LocatedRow


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take the answers to one mail together; one says of neither who changed the subject, two of the mail."""
    for _, found in groupby(rows, key=lambda row: row.parent_sha256):
        replies = list(found)
        answers = [row for row in replies if is_answer(row.subject.value)]
        if not answers or len({letters(row.subject.value) for row in answers}) > 1:
            continue
        subject, answer = replies[0].parent_subject.value, answers[0].subject.value
        if letters(subject) and letters(answer) and not _is_renamed(subject, [row.subject.value for row in replies]):
            yield _observation(list({row.sender: row for row in reversed(answers)}.values())[::-1])


def _is_renamed(subject: str, answers: list[str]) -> bool:
    """Whether an answer has the mail's subject with tags or cut, or says what it was."""
    own, bare = letters(subject), bare_subject(subject)
    for answer in answers:
        other = letters(answer)
        if own in other or (len(other) >= CUT and own.startswith(other)):
            return True
        if "was:" in answer.lower() or framed([bare, bare_subject(answer)]):
            return True
    return False


def _observation(answers: list[Row]) -> Observation:
    first, several = answers[0], len(answers) > 1
    mail, others = (Role.SUSPECT, Role.WITNESS) if several else (Role.EITHER, Role.EITHER)
    own = cite_located("Subject", first.parent_subject, mail, first.parent_sha256, first.parent_location)
    cited = [
        cite_located("Subject of an answer", row.subject, others, row.sha256, row.location) for row in answers[:MOST]
    ]
    return Observation(
        sentence=_SAID(
            len(answers), subject=first.parent_subject.value[:200], answer=bare_subject(first.subject.value)[:200]
        ),
        bin="two" if several else "one",
        evidence=(own, *cited),
        suspect="header:Subject[0]",
        subjects=(
            SubjectRef(role=mail, sha256=first.parent_sha256, location=first.parent_location),
            *[SubjectRef(role=others, sha256=row.sha256, location=row.location) for row in answers[:MOST]],
        ),
    )


def _row(subject: str, sender: str = "bo@example.org") -> Row:
    return Row(
        sha256=(sender + subject).encode().hex().ljust(64, "0")[:64],
        sender=sender,
        location=location("leak/2.eml"),
        subject=located_row(subject, "header:Subject[0]", start=90),
        parent_sha256="0" * 64,
        parent_location=location("leak/1.eml"),
        parent_subject=located_row("Minutes of the board", "header:Subject[0]", start=40),
    )


def cases() -> Iterator[Case]:
    """Cases of what people, programs and lists do to subjects."""
    yield fires((_row("Re: Budget of the board meeting"),), "an answer with another subject", bin="one")
    two = (_row("Re: Transfer to the fund"), _row("AW: [board] Transfer to the fund", "cy@example.org"))
    yield fires(two, "two people answered with the same other subject", bin="two")
    again = (_row("Re: Transfer to the fund"), _row("Re: Transfer  to the fund"))
    yield fires(again, "two answers of one person", bin="one")
    yield silent((_row("Transfer to the fund"),), "no answer: a new subject in the same thread")
    yield silent((_row("Fwd: Transfer to the fund"),), "passed on")
    yield silent((_row("Re: [board] Minutes of the Board!"),), "tags and signs")
    yield silent((_row("Re: Budget (was: Minutes of the board)"),), "the answer says what it was")
    yield silent((_row("Re: Minutes of the board {urgent}"),), "words in brackets")
    yield fires((_row("Re: Minutes"),), "an answer with the beginning alone", bin="one")
    apart = (_row("Re: Transfer to the fund"), _row("Re: Lunch", "cy@example.org"))
    yield silent(apart, "two people changed it in two ways")
