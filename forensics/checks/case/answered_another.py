"""A mail says that it answers one mail, and quotes another: that one's sender and time, under that one's subject.

Programs take the id that they answer, the line above the quote and the subject from one mail. Who puts an answer under
another mail, or gives a mail another id, changes one of the three.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._answered import MAILS_QUOTED
from forensics.checks._facts import cite_located, cite_row, shown
from forensics.checks._quoted import same_sender
from forensics.checks._subjects import bare_subject, framed, is_answer, letters
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow
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
from forensics.model.sentences import Sentence, says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="case.answered_another",
    version=1,
    title="Answers one mail and quotes another",
    subject=Subject.MESSAGE,
    needs=MessageHas.REFERENCES | MessageHas.QUOTED_TIME,
    bins=(Bin("other"), Bin("absent"), Bin("absent,two_people", ("absent",))),
    group="thread",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_copy_answered", "another_quoted", "broken_client"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6.4", "kb:X-03", "kb:X-05", "kb:O-49"),
)

_SAID = {
    "other": says(
        "rule.case.answered_another",
        one=(
            'The mail says that it answers "{named}" of {namer}. It quotes a mail of {sender} of {date}, and has the '
            'subject of that one: "{subject}".'
        ),
    ),
    "absent": says(
        "rule.case.answered_another.absent",
        one=(
            "The mail quotes the mail of {sender} of {date} and has its subject, but says that it answers {id}, an id "
            "that no mail here has; that one has {own}."
        ),
        many=(
            "The mails of {n} people quote the mail of {sender} of {date} and have its subject, but say that they "
            "answer {id}, an id that no mail here has; that one has {own}."
        ),
    ),
}

ROWS_NEEDED = {"messages": 2, "quoted_mails": 1}

QUERY = f"""
WITH {MAILS_QUOTED},
sought AS MATERIALIZED (
    SELECT item FROM found UNION SELECT other FROM found UNION SELECT parent FROM found WHERE parent IS NOT NULL),
items AS MATERIALIZED (SELECT item, sha256, location FROM flat.items SEMI JOIN sought USING (item)),
mails AS MATERIALIZED (SELECT item, sender, date, written_id, subject FROM flat.mails SEMI JOIN sought USING (item)),
names AS MATERIALIZED (
    SELECT item, min("name") AS "name" FROM flat.parties SEMI JOIN sought USING (item) WHERE field = 'from'
    GROUP BY item),
subjects AS MATERIALIZED (SELECT sha256, subject FROM messages SEMI JOIN items USING (sha256)),
quoted AS MATERIALIZED (
    SELECT sha256, "index", written, date, "name", address FROM quoted_mails SEMI JOIN items USING (sha256))
SELECT i.sha256, i.location, r.sender, m.subject, f.id, q.written, q.date AS "time", q."name", q.address,
       xi.sha256 AS other_sha256, xi.location AS other_location, x.sender AS other_sender, x.date AS other_date,
       x.written_id AS other_id, x.subject AS other_subject,
       coalesce(xn."name", '') AS other_name,
       coalesce(pi.sha256, '') AS parent_sha256, coalesce(pi.location, i.location) AS parent_location,
       coalesce(p.sender, '') AS parent_sender, coalesce(pm.subject, m.subject) AS parent_subject,
       coalesce(pn."name", '') AS parent_name
FROM found f JOIN items i USING (item) JOIN mails r USING (item) JOIN subjects m ON m.sha256 = i.sha256
JOIN quoted q ON q.sha256 = i.sha256 AND q."index" = f.place
JOIN items xi ON xi.item = f.other JOIN mails x ON x.item = f.other LEFT JOIN names xn ON xn.item = f.other
LEFT JOIN items pi ON pi.item = f.parent LEFT JOIN mails p ON p.item = f.parent
LEFT JOIN subjects pm ON pm.sha256 = pi.sha256 LEFT JOIN names pn ON pn.item = f.parent
ORDER BY i.sha256, f.place, xi.sha256
"""
MOST = 20
"""Answers named for one mail."""
_PART = re.compile(r"(?<!\d)\d{1,4}/\d{1,4}(?=[^\[\]]{0,30}\])")
"""Which mail of a series it is: all of them may have one subject, and one minute."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, the line above what it quotes, and a mail that this line may be about."""

    sha256: str
    location: Location
    sender: str
    subject: LocatedRow
    id: str
    """That it says it answers."""
    written: LocatedRow
    time: TimeRow
    name: str
    """As quoted."""
    address: str
    other_sha256: str
    other_location: Location
    other_sender: str
    other_name: str
    other_date: TimeRow
    other_id: LocatedRow
    other_subject: str
    parent_sha256: str
    """Of the mail with the id; empty: none is here."""
    parent_location: Location
    parent_sender: str
    parent_name: str
    parent_subject: LocatedRow


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report an answer whose quoted line is about one mail alone; those that name one absent id together."""
    absent: dict[tuple[str, str], dict[str, Row]] = {}
    for _, found in groupby(rows, key=lambda row: row.sha256):
        first = _quoted(list(found))
        if first is None:
            continue
        if not first.parent_sha256:
            absent.setdefault((first.other_sha256, first.id), {}).setdefault(first.sender, first)
        elif _is_elsewhere(first):
            yield _observation([first])
    for answers in absent.values():
        yield _observation(list(answers.values()))


def _quoted(rows: Sequence[Row]) -> Row | None:
    """Return the row of the one mail that the first quoted line is about."""
    place = rows[0].written.start
    alike = [
        row
        for row in rows
        if row.written.start == place
        and is_answer(row.subject.value)
        and _PART.findall(row.subject.value) == _PART.findall(row.other_subject)
        and same_sender(row.name, row.address, row.other_name, row.other_sender)
    ]
    return alike[0] if len({row.other_sha256 for row in alike}) == 1 else None


def _is_elsewhere(row: Row) -> bool:
    """Whether the mail that is named is of somebody else, with a subject that has nothing of the answer's."""
    if same_sender(row.name, row.address, row.parent_name, row.parent_sender) or "was:" in row.subject.value.lower():
        return False
    own, other = letters(row.subject.value), letters(row.parent_subject.value)
    bare = [bare_subject(row.subject.value), bare_subject(row.parent_subject.value)]
    return own not in other and other not in own and not framed(bare)


def _observation(answers: Sequence[Row]) -> Observation:
    """Who changed one id has not changed those that others wrote down; where one did, either may be wrong."""
    first, several, is_absent = answers[0], len(answers) > 1, not answers[0].parent_sha256
    answer, other = Role.SUSPECT, Role.WITNESS
    if is_absent:
        answer, other = (Role.WITNESS, Role.SUSPECT) if several else (Role.EITHER, Role.EITHER)
    subjects = [SubjectRef(role=answer, sha256=row.sha256, location=row.location) for row in answers[:MOST]]
    quoted = SubjectRef(role=other, sha256=first.other_sha256, location=first.other_location)
    subjects = [quoted, *subjects] if several else [*subjects, quoted]
    evidence = [cite_located("quoted as", row.written, answer, row.sha256, row.location) for row in answers[:MOST]]
    place = (other, first.other_sha256, first.other_location)
    evidence += [cite_row("Date", first.other_date, *place), cite_located("Message-ID", first.other_id, *place)]
    if not is_absent:
        witness = (Role.WITNESS, first.parent_sha256, first.parent_location)
        subjects.append(SubjectRef(role=Role.WITNESS, sha256=first.parent_sha256, location=first.parent_location))
        evidence.append(cite_located("Subject of what it names", first.parent_subject, *witness))
    return Observation(
        sentence=_sentence(answers),
        bin=("absent,two_people" if several else "absent") if is_absent else "other",
        evidence=tuple(evidence),
        suspect="header:Message-ID[0]" if several else "header:In-Reply-To[0]",
        subjects=tuple(subjects),
    )


def _sentence(answers: Sequence[Row]) -> Sentence:
    first = answers[0]
    sender, date = first.other_sender[:120], shown(first.other_date)
    if first.parent_sha256:
        named, subject = first.parent_subject.value[:200], bare_subject(first.subject.value)[:200]
        return _SAID["other"](named=named, namer=first.parent_sender[:120], sender=sender, date=date, subject=subject)
    return _SAID["absent"](len(answers), sender=sender, date=date, id=first.id[:200], own=first.other_id.value[:200])


def _row(*, here: bool = True, sender: str = "cy@example.org", named: str = "Lunch", namer: str = "Di Low") -> Row:
    return Row(
        sha256=sender.encode().hex().ljust(64, "0"),
        location=location("leak/2.eml"),
        sender=sender,
        subject=located_row("Re: Minutes of the board", "header:Subject[0]", start=90),
        id="<9@example.org>",
        written=located_row("On Mon, Mar 06, 2017 at 10:00:00AM +0000, Anna Roe wrote:", "part:1", start=300),
        time=time_row("2017-03-06T10:00:00+00:00", path="part:1/quoted", kind=TimeKind.QUOTED),
        name="Anna Roe",
        address="",
        other_sha256="0" * 64,
        other_location=location("leak/1.eml"),
        other_sender="anna@example.org",
        other_name="Anna Roe",
        other_date=time_row("2017-03-06T10:00:00+00:00", path="header:Date[0]"),
        other_id=located_row("<1@example.org>", "header:Message-ID[0]", start=20),
        other_subject="Minutes of the board",
        parent_sha256="2" * 64 if here else "",
        parent_location=location("leak/3.eml"),
        parent_sender="di@example.org",
        parent_name=namer,
        parent_subject=located_row(named, "header:Subject[0]", start=40),
    )


def cases() -> Iterator[Case]:
    """Cases of who answers what; what is near in time and above in the thread is found in the query."""
    yield fires((_row(),), "it names a mail of somebody else under another subject", bin="other")
    yield fires((_row(here=False),), "it names an id that is not here", bin="absent")
    two = (_row(here=False), _row(here=False, sender="eve@example.org"))
    yield fires(two, "two people name the same absent id", bin="absent,two_people")
    again = msgspec.structs.replace(_row(here=False), sha256="3" * 64)
    yield fires((_row(here=False), again), "two answers of one person", bin="absent")
    yield silent((_row(named="[board] Minutes of the board"),), "what it names has the subject too")
    yield silent((_row(namer="Anna Roe"),), "another mail of the sender is quoted")
    fresh = msgspec.structs.replace(_row(), subject=located_row("Minutes of the board", "header:Subject[0]", start=9))
    yield silent((fresh,), "no answer")
    both = msgspec.structs.replace(_row(), other_sha256="4" * 64)
    yield silent((_row(), both), "two mails of the sender have that time")
    part = msgspec.structs.replace(_row(here=False), other_subject="[PATCH 2/2] Minutes of the board")
    yield silent((part,), "another mail of a series under one subject")
    passed = msgspec.structs.replace(_row(), name="Bo Lee")
    yield silent((passed,), "the line names somebody else than the mail of that time is from")
