"""A mail's winmail.dat, which is that mail once more as its program kept it, says otherwise than the mail around it.

Exchange and Outlook write both from one message when it leaves. Its older attributes have local times without zone, and
an attMessageID that is a key of the program, no id of mail: only Message-IDs are compared.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, LOCAL, MINUTE, bin_of, cite_located, cite_row, settled, shown, span
from forensics.checks._facts import whole_hours as in_hours
from forensics.checks._subjects import bare_subject, letters, tagged
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import DAY as SENT_ON
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
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
    id="case.tnef_differs",
    version=1,
    title="A mail's winmail.dat says otherwise",
    subject=Subject.MESSAGE,
    needs=MessageHas.ATTACHMENT,
    bins=(
        Bin("message_id"),
        Bin("subject"),
        Bin("sender"),
        Bin("date>1d", ("date>2min",)),
        Bin("date_whole_hours"),
        Bin("date>2min"),
    ),
    group="store",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.WEAK,
    benign=("other_mails_file", "tagged_subject", "rewritten_on_way", "from_rewritten", "resent", "delayed_sending"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("[MS-OXTNEF] 2.1.3", "kb:C-08"),
)

_SAID = {
    "message_id": says(
        "rule.case.tnef_differs.message_id",
        one="The mail has the Message-ID {outer}; its winmail.dat, {inner}.",
    ),
    "subject": says(
        "rule.case.tnef_differs.subject",
        one="The mail has the subject “{outer}”; its winmail.dat, “{inner}”.",
    ),
    "sender": says(
        "rule.case.tnef_differs.sender",
        one="The mail is from {outer}; its winmail.dat, from {inner}.",
    ),
    "date": says(
        "rule.case.tnef_differs.date",
        one="The mail has the date {outer}; its winmail.dat, {inner}: at least {apart} apart.",
    ),
}
_TAGGED = says("note.tag_around_subject", one="One of the subjects stands whole in the other, with a tag beside it.")
_BINS = ((DAY, "date>1d"), (2 * MINUTE, "date>2min"))

ROWS_NEEDED = {"messages": 2}

QUERY = """
WITH pairs AS (
    SELECT message_sha256 AS sha256, sha256 AS inner_sha256, arg_min(location, location_text) AS inner_location
    FROM occurrences WHERE restates AND message_sha256 <> '' GROUP BY ALL),
said AS MATERIALIZED (
    SELECT DISTINCT sha256, subject, message_id, "date", from_address,
           [lower(p.address) FOR p IN parties
            IF p.field IN ('from', 'sender', 'resent-from', 'return-path')] AS senders,
           mailboxes[list_position([p.field FOR p IN parties], 'from')] AS sender
    FROM messages WHERE sha256 IN (SELECT sha256 FROM pairs UNION SELECT inner_sha256 FROM pairs))
SELECT p.sha256, f.location, inner_sha256, inner_location, o.subject, i.subject AS inner_subject, o.message_id,
       i.message_id AS inner_message_id, o."date", i."date" AS inner_date, o.senders, o.sender,
       lower(i.from_address) AS inner_from, i.sender AS inner_sender
FROM pairs p JOIN said o USING (sha256) JOIN said i ON i.sha256 = inner_sha256
JOIN flat.items f ON f.sha256 = p.sha256
ORDER BY p.sha256, inner_sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A mail and a winmail.dat in it."""

    sha256: str
    location: Location
    inner_sha256: str
    inner_location: Location
    subject: LocatedRow
    inner_subject: LocatedRow
    message_id: LocatedRow
    inner_message_id: LocatedRow
    date: TimeRow | None
    inner_date: TimeRow | None
    senders: list[str]
    """Addresses that the mail gives as those of who sent it, lower case."""
    sender: LocatedRow | None
    inner_from: str
    inner_sender: LocatedRow | None


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Compare what both say; under another Message-ID it is another mail's, and what else differs says no more."""
    for row in rows:
        outer, inner = row.message_id.value.strip(" <>"), row.inner_message_id.value.strip(" <>")
        if "@" in outer and "@" in inner and outer != inner:
            yield _two(row, "message_id", row.message_id, row.inner_message_id)
            continue
        if _another_subject(row.subject.value, row.inner_subject.value):
            yield _two(row, "subject", row.subject, row.inner_subject, _tagged(row))
        if "@" in row.inner_from and row.sender and row.inner_sender and row.inner_from not in row.senders:
            yield _two(row, "sender", row.sender, row.inner_sender)
        yield from _dates(row)


def _another_subject(outer: str, inner: str) -> bool:
    """Whether two subjects have other letters, as far as both were decoded."""
    if "\ufffd" in outer + inner or "??" in outer + inner:
        return False
    mine, yours = letters(outer), letters(inner)
    return bool(mine and yours) and mine != yours


def _tagged(row: Row) -> tuple[BenignState, ...]:
    subjects = {bare_subject(row.subject.value), bare_subject(row.inner_subject.value)}
    return (settled("tagged_subject", State.EXPLAINS, _TAGGED()),) if tagged(subjects) else ()


def _dates(row: Row) -> Iterator[Observation]:
    """Compare instants; a local reading is as many hours off as its writer's zone, which nothing names."""
    outer, inner = row.date, row.inner_date
    if outer is None or inner is None or outer.instant is None:
        return
    name = ""
    if inner.instant is not None:
        apart = abs(outer.instant - inner.instant)
        name = "date_whole_hours" if in_hours(apart) else bin_of(apart, _BINS)
    elif inner.wall is not None:
        apart = abs(outer.instant - inner.wall)
        if apart > LOCAL + DAY:
            apart, name = apart - LOCAL, "date>1d"
        else:
            rest = apart % (HOUR // 4)
            apart = min(rest, HOUR // 4 - rest) if apart <= LOCAL + MINUTE else apart - LOCAL
            name = bin_of(apart, _BINS)
    if name:
        yield Observation(
            sentence=_SAID["date"](outer=shown(outer), inner=shown(inner), apart=span(apart)),
            bin=name,
            evidence=(
                cite_row("Date", outer, Role.EITHER, row.sha256, row.location),
                cite_row("in winmail.dat", inner, Role.EITHER, row.inner_sha256, row.inner_location),
            ),
            suspect=outer.path,
            subjects=_subjects(row),
        )


def _two(
    row: Row, name: str, outer: LocatedRow, inner: LocatedRow, benign: tuple[BenignState, ...] = ()
) -> Observation:
    return Observation(
        sentence=_SAID[name](outer=outer.value[:200], inner=inner.value[:200]),
        bin=name,
        evidence=tuple(_evidence(row, outer, inner)),
        suspect=outer.path,
        subjects=_subjects(row),
        benign=benign,
    )


def _evidence(row: Row, outer: LocatedRow, inner: LocatedRow) -> Iterator[Evidence]:
    yield cite_located("in the mail", outer, Role.EITHER, row.sha256, row.location, value=outer.value[:300])
    place = row.inner_sha256, row.inner_location
    yield cite_located("in winmail.dat", inner, Role.EITHER, *place, value=inner.value[:300])


def _subjects(row: Row) -> tuple[SubjectRef, ...]:
    # What it holds is no further mail of the case: the mail itself is judged.
    return (SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),)


def cases() -> Iterator[Case]:
    """Cases of each thing that both say."""

    def row(inner_date: str = f"{SENT_ON}T10:00:00+00:00", **changed: object) -> Row:
        identifier, subject = "1@example.org", "Minutes"
        found = Row(
            sha256="0" * 64,
            location=location("leak/1.eml"),
            inner_sha256="1" * 64,
            inner_location=location("leak/1.eml"),
            subject=located_row(subject, "header:Subject[0]"),
            inner_subject=located_row(subject, "mapi:0x0037001F"),
            message_id=located_row(identifier, "header:Message-ID[0]"),
            inner_message_id=located_row(f"<{identifier}>", "mapi:0x1035001F"),
            date=time_row(f"{SENT_ON}T11:00:00+01:00", path="header:Date[0]"),
            inner_date=time_row(inner_date, path="mapi:0x00390040"),
            senders=["anna@example.org"],
            sender=located_row("anna@example.org", "header:From[0]"),
            inner_from="anna@example.org",
            inner_sender=located_row("anna@example.org", "mapi:0x5D01001F"),
        )
        return msgspec.structs.replace(found, **changed)

    def said(value: str) -> LocatedRow:
        return located_row(value, "mapi:0x0037001F")

    yield silent((row(),), "both say the same")
    another = row(inner_message_id=said("2@example.org"), inner_subject=said("Agenda"))
    yield fires((another,), "another Message-ID: all else may differ then", bin="message_id")
    yield silent((row(inner_message_id=said("D1EC61BD002377428FA157C64988836E")),), "a key, no Message-ID")
    yield fires((row(inner_subject=said("Payments")),), "another subject", bin="subject")
    tag = row(subject=located_row("[EXTERNAL] RE: Minutes of March: a draft", "header:Subject[0]"))
    silent_tag = msgspec.structs.replace(tag, inner_subject=said("Re: Minutes of March: a draft"))
    yield silent((silent_tag,), "a tag in brackets before the mark of a reply")
    gateway = row(subject=located_row("*** External *** Minutes", "header:Subject[0]"))
    yield explained((gateway,), "a gateway's words before it", by="tagged_subject")
    yield fires((row(inner_from="zoe@example.net", inner_sender=said("zoe@example.net")),), "another", bin="sender")
    yield silent((row(inner_from="/o=example/cn=anna"),), "a name of the directory in place of an address")
    yield fires((row(f"{SENT_ON}T10:07:00+00:00"),), "seven minutes later", bin="date>2min")
    yield fires((row("2016-03-06T10:07:00+00:00"),), "a year earlier", bin="date>1d")
    yield fires(
        (row(f"{SENT_ON}T12:00:00+00:00"),), "two hours: a zone that its writer mistook", bin="date_whole_hours"
    )
    yield silent((row(f"{SENT_ON}T18:00:01"),), "a local time, eight hours ahead")
    yield fires((row(f"{SENT_ON}T18:07:00"),), "a local time, seven minutes beside any zone", bin="date>2min")
    yield fires((row("2017-02-06T18:00:00"),), "a local time of another month", bin="date>1d")
