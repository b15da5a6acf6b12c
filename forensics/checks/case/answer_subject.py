"""An answer carries another subject than the mail that it answers, and others of the thread carry that mail's.

Programs copy the subject of what they answer behind ``Re:``. Who begins a new subject is answered under it; nobody
answers under the old one again, which the answer before them no longer had.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, settled
from forensics.checks._subjects import bare_subject, framed, is_answer, letters, replies_sql
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
    id="case.answer_subject",
    version=1,
    title="An answer under another subject than what it answers",
    subject=Subject.MESSAGE,
    needs=MessageHas.REFERENCES,
    bins=(
        # People correct a word of a subject, or name the part of a matter that they answer.
        Bin("reworded", ceiling=Strength.WEAK),
        Bin("answer"),
        Bin("between"),
    ),
    group="subject",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("new_subject", "tagged_subject", "broken_client"),
    accuses=("subject", "in-reply-to"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6.5", "kb:X-03", "kb:O-25"),
)

_SAID = {
    "answer": says(
        "rule.case.answer_subject",
        one=(
            'The mail is an answer under the subject "{subject}". The mail that it says it answers carries "{other}", '
            "as another mail of that thread does."
        ),
    ),
    "between": says(
        "rule.case.answer_subject.between",
        one=(
            'The subject of the mail is "{subject}", but both the mail that it says it answers and an answer to it '
            'carry "{other}".'
        ),
    ),
}
_ANSWERED_SO = says(
    "note.answered_under_new_subject",
    one="An answer to the mail carries its subject: the mail had it when that was written.",
)

MOST = 5
"""Mails of a kind around one that are looked at."""

ROWS_NEEDED = {"messages": 3}

# What most pairs have in common is dropped here: the last letters of one subject stand in the other. A mail that names
# any mail of its own subject, in whatever field, belongs to that.
QUERY = rf"""
WITH single AS (
    SELECT min(item) AS parent, message_id AS id FROM flat.mails WHERE message_id <> ''
    GROUP BY message_id HAVING count(*) = 1),
named_by AS MATERIALIZED (
    SELECT l.item, s.parent, bool_or(l.reply) AS reply FROM flat.links l JOIN single s USING (id)
    WHERE l.item <> s.parent GROUP BY ALL),
pairs AS (SELECT item, parent FROM named_by WHERE reply),
said AS MATERIALIZED (
    SELECT item, regexp_replace(lower(subject), '[^\p{{L}}\p{{N}}]+', '', 'g') AS said,
           {replies_sql("subject")} AS marked
    FROM flat.mails SEMI JOIN (SELECT item FROM named_by UNION SELECT parent FROM named_by) USING (item)
    WHERE subject <> ''),
compared AS MATERIALIZED (
    SELECT p.item, parent, r.marked,
           contains(r.said, right(o.said, 24)) OR contains(o.said, right(r.said, 24)) AS agrees
    FROM pairs p JOIN said r USING (item) JOIN said o ON o.item = parent),
apart AS MATERIALIZED (
    SELECT item, parent, marked FROM compared ANTI JOIN (SELECT item FROM compared WHERE agrees) USING (item)),
agreeing AS MATERIALIZED (
    SELECT item, parent FROM compared WHERE marked AND agrees
    QUALIFY row_number() OVER (PARTITION BY parent ORDER BY item) <= {MOST}),
around AS (
    SELECT a.item, a.parent, c.item AS other, CASE WHEN c.agrees THEN 'same' ELSE 'below' END AS kind
    FROM apart a JOIN compared c ON c.parent = a.item JOIN said w ON w.item = c.item JOIN said o ON o.item = a.parent
    WHERE c.marked AND (c.agrees OR contains(w.said, right(o.said, 24)))
    UNION ALL
    SELECT a.item, a.parent, c.item, 'beside' FROM apart a JOIN agreeing c ON c.parent = a.parent WHERE a.marked
    UNION ALL
    SELECT a.item, a.parent, c.parent, 'above' FROM apart a JOIN compared c ON c.item = a.parent
    WHERE a.marked AND c.agrees),
told AS MATERIALIZED (SELECT item FROM around GROUP BY item HAVING bool_or(kind <> 'same')),
at_home AS (
    SELECT n.item FROM told JOIN named_by n USING (item) JOIN said r USING (item) JOIN said o ON o.item = n.parent
    WHERE contains(o.said, right(r.said, 24)) OR contains(r.said, right(o.said, 24))),
kept AS MATERIALIZED (
    SELECT * FROM around SEMI JOIN told USING (item) ANTI JOIN at_home USING (item)
    QUALIFY row_number() OVER (PARTITION BY item, parent, kind ORDER BY other) <= {MOST})
SELECT i.sha256, i.location, r.sender, m.subject, pi.sha256 AS parent_sha256, pi.location AS parent_location,
       pm.subject AS parent_subject, kind, oi.sha256 AS other_sha256, oi.location AS other_location,
       f.sender AS other_sender, om.subject AS other_subject
FROM kept JOIN flat.items i USING (item) JOIN flat.mails r USING (item) JOIN messages m ON m.sha256 = i.sha256
JOIN flat.items pi ON pi.item = parent JOIN messages pm ON pm.sha256 = pi.sha256
JOIN flat.items oi ON oi.item = other JOIN flat.mails f ON f.item = other JOIN messages om ON om.sha256 = oi.sha256
ORDER BY i.sha256, pi.sha256, kind, oi.sha256
"""
ENDING = 24
"""Letters at the end of a subject that are enough to know it by."""
LEAST_LETTERS = 4
"""Of a word that two subjects share, if one was made of the other."""
_WORD = re.compile(r"[^\W_]+")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A mail with another subject than the one that it answers, and a mail beside them."""

    sha256: str
    location: Location
    sender: str
    """In lower case."""
    subject: LocatedRow
    parent_sha256: str
    parent_location: Location
    parent_subject: LocatedRow
    kind: str
    """What the third mail is: ``below`` an answer to the mail that has the older subject, ``same`` one that has the
    mail's, ``beside`` another answer to what the mail answers, ``above`` what that answers."""
    other_sha256: str
    other_location: Location
    other_sender: str
    other_subject: LocatedRow


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report a mail once; that people answered under its subject explains it."""
    for _, found in groupby(rows, key=lambda row: row.sha256):
        around = list(found)
        first = around[0]
        subject, other = first.subject.value, first.parent_subject.value
        if _alike(subject, other) or _is_renamed(subject, other):
            continue
        held = [row for row in around if row.parent_sha256 == first.parent_sha256]
        old = [row for row in held if row.kind != "same" and _carries(row.other_subject.value, other, subject)]
        same = [row for row in held if row.kind == "same" and row.other_sender != row.sender]
        below = [row for row in old if row.kind == "below" and is_answer(row.other_subject.value)]
        beside = [row for row in old if row.kind != "below"] if is_answer(subject) else []
        if told := below or beside:
            name = "reworded" if _words(subject) & _words(other) else "between" if below else "answer"
            yield _observation(name, told[0], taken=bool(same))


def _alike(one: str, other: str) -> bool:
    """Whether two subjects are the same, or one is a part of the other; one without letters says nothing."""
    a, b = letters(one), letters(other)
    return a in b or b in a or a[-ENDING:] in b or b[-ENDING:] in a


def _words(subject: str) -> set[str]:
    return {word for word in _WORD.findall(bare_subject(subject)) if len(word) >= LEAST_LETTERS}


def _carries(third: str, other: str, subject: str) -> bool:
    """Whether a third subject is the other one, and not the mail's."""
    return bool(letters(third)) and _alike(third, other) and not _alike(third, subject)


def _is_renamed(subject: str, other: str) -> bool:
    return "was:" in subject.lower() or framed([bare_subject(subject), bare_subject(other)])


def _observation(name: str, row: Row, *, taken: bool) -> Observation:
    place = (Role.WITNESS, row.parent_sha256, row.parent_location)
    third = (Role.WITNESS, row.other_sha256, row.other_location)
    label = "Subject of an answer to it" if row.kind == "below" else "Subject of another mail of the thread"
    causes: tuple[BenignState, ...] = (settled("new_subject", State.EXPLAINS, _ANSWERED_SO()),) if taken else ()
    return Observation(
        sentence=_SAID["between" if row.kind == "below" else "answer"](
            subject=row.subject.value[:200], other=bare_subject(row.parent_subject.value)[:200]
        ),
        bin=name,
        evidence=(
            cite_located("Subject", row.subject, Role.SUSPECT, row.sha256, row.location),
            cite_located("Subject of what it answers", row.parent_subject, *place),
            cite_located(label, row.other_subject, *third),
        ),
        suspect="header:Subject[0]",
        subjects=(
            SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),
            SubjectRef(role=Role.WITNESS, sha256=row.parent_sha256, location=row.parent_location),
            SubjectRef(role=Role.WITNESS, sha256=row.other_sha256, location=row.other_location),
        ),
        benign=causes,
    )


def _row(subject: str, kind: str, other: str = "Re: Minutes of the board", sender: str = "cy@example.org") -> Row:
    return Row(
        sha256="1" * 64,
        location=location("leak/2.eml"),
        sender="bo@example.org",
        subject=located_row(subject, "header:Subject[0]", start=90),
        parent_sha256="0" * 64,
        parent_location=location("leak/1.eml"),
        parent_subject=located_row("Minutes of the board", "header:Subject[0]", start=40),
        kind=kind,
        other_sha256="2" * 64,
        other_location=location("leak/3.eml"),
        other_sender=sender,
        other_subject=located_row(other, "header:Subject[0]", start=60),
    )


def cases() -> Iterator[Case]:
    """Cases of what people, programs and lists do to subjects."""
    draft = "Re: draft for the minister"
    yield fires((_row(draft, "beside"),), "another answer has the mail's subject", bin="answer")
    yield fires((_row(draft, "above"),), "so has what that mail answers", bin="answer")
    yield fires((_row(draft, "below"),), "its own answer has the older subject", bin="between")
    yield fires((_row("Draft for the minister", "below"),), "without a mark, between two", bin="between")
    new = _row(draft, "same", draft)
    yield explained((_row(draft, "beside"), new), "people answered under the new subject", by="new_subject")
    minutes = _row("Re: Minutes of the committee", "beside")
    yield fires((minutes,), "a word is shared: one was made of the other", bin="reworded")
    own = _row(draft, "same", draft, "bo@example.org")
    yield fires((_row(draft, "beside"), own), "its own sender went on under it", bin="answer")
    yield silent((_row("Draft for the minister", "beside"),), "no answer: a new subject in the same thread")
    yield silent((_row("Re: [board] Minutes of the Board!", "beside"),), "tags and signs")
    yield silent((_row("Re: Lunch (was: Minutes of the board)", "below"),), "it says what it was")
    yield silent((_row(draft, "below", "Re: Lunch"),), "the third mail has a subject of its own")
    yield silent((_row(draft, "same", draft),), "nothing but answers under the new subject")
